"""Cut a page into tiles of several sizes, as files that answer requests of the IIIF Image API 3.

Every request that a viewer may make by `info.json` has its file, with the name that the API gives
it (level 0). A picture is in memory once, and each size is made from the one before.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PIL import Image

from newspage.formats.document import PackageFile
from newspage.formats.json_text import encode_json

TILE = 1024
"""Side of a tile, pixels. Judgement: a window of a viewer shows four to eight of them, and a
broadsheet page (3071 x 4292) has 27 files; with 512 it would have 80."""
_SMALLEST = 400
"""Longer side, pixels, from which no smaller size is made: that one serves as thumbnail, and is
between half of it and all of it."""
_QUALITY = 85
"""Of tiles, as JPEG counts it; the same as in PDF."""
_FOLDER = "images"


@dataclass(frozen=True, slots=True)
class ImageSizes:
    """The sizes and tiles in which a picture is offered."""

    width: int
    height: int

    @property
    def factors(self) -> tuple[int, ...]:
        """Return by how much the picture is made smaller: 1, 2, 4 and so on."""
        found = [1]
        while max(self.measure_level(found[-1])) > _SMALLEST:
            found.append(2 * found[-1])
        return tuple(found)

    def measure_level(self, factor: int) -> tuple[int, int]:
        """Return width and height of the picture made smaller by a factor."""
        return -(-self.width // factor), -(-self.height // factor)

    def list_tiles(self, factor: int) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
        """Yield the tiles of a size: path by the Image API; left, top, right, bottom there."""
        width, height = self.measure_level(factor)
        for top in range(0, height, TILE):
            for left in range(0, width, TILE):
                right, bottom = min(left + TILE, width), min(top + TILE, height)
                size = self._name_size(right - left, bottom - top)
                region = "full"
                if (left, top, right, bottom) != (0, 0, width, height):
                    x, y = left * factor, top * factor
                    across = min(right * factor, self.width) - x
                    down = min(bottom * factor, self.height) - y
                    region = f"{x},{y},{across},{down}"
                yield f"{region}/{size}/0/default.jpg", (left, top, right, bottom)

    def list_whole(self) -> tuple[tuple[int, int], ...]:
        """Return the sizes in which the whole picture is one tile, smallest first.

        OpenSeadragon takes a list that is as long as that of the factors, or shorter by one, for
        the sizes of all levels: the largest size, of several tiles, may not be in it.
        """
        sizes = (self.measure_level(factor) for factor in reversed(self.factors))
        return tuple(size for size in sizes if max(size) <= TILE)

    def locate_whole(self, size: tuple[int, int]) -> str:
        """Return the path of the whole picture in its own size or one of `list_whole`."""
        return f"full/{self._name_size(*size)}/0/default.jpg"

    def _name_size(self, width: int, height: int) -> str:
        """Return a size as the Image API writes it."""
        return "max" if (width, height) == (self.width, self.height) else f"{width},{height}"


def name_image(number: int) -> str:
    """Return the folder of a page's picture in a package."""
    return f"{_FOLDER}/{number:05d}"


def pack_image(number: int, picture: Image.Image, address: str) -> Iterator[PackageFile]:
    """Yield the files of a page's picture, `info.json` last; it is made smaller step by step.

    Args:
        number: The number of the page in the package.
        picture: Its pixels, gray or in colour.
        address: The address of the folder of the picture.
    """
    folder, sizes = name_image(number), ImageSizes(*picture.size)
    if max(picture.size) > TILE:
        yield PackageFile(f"{folder}/{sizes.locate_whole(picture.size)}", _encode_jpeg(picture))
    for factor in sizes.factors:
        picture = picture.reduce(2) if factor > 1 else picture
        for path, box in sizes.list_tiles(factor):
            yield PackageFile(f"{folder}/{path}", _encode_jpeg(picture.crop(box)))
    information = encode_json(describe_image(sizes, address))
    yield PackageFile(f"{folder}/info.json", (information,))


def describe_image(sizes: ImageSizes, address: str) -> dict[str, Any]:
    """Return what the Image API says of a picture at an address."""
    return {
        "@context": "http://iiif.io/api/image/3/context.json",
        "id": address,
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level0",
        "width": sizes.width,
        "height": sizes.height,
        "sizes": [{"width": width, "height": height} for width, height in sizes.list_whole()],
        "tiles": [{"width": TILE, "height": TILE, "scaleFactors": list(sizes.factors)}],
    }


def _encode_jpeg(picture: Image.Image) -> tuple[bytes]:
    """Return a picture as JPEG, in one piece."""
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=_QUALITY)
    return (data.getvalue(),)
