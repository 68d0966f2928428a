"""Requests of the IIIF Image API 3, level 2: what they ask for, as pixels of a page.

Beyond that level a picture may be mirrored. None is enlarged: with `^` that is answered by 501.
"""

import math
import re
from dataclasses import dataclass
from typing import Literal

from newspage.review.service import BeyondError, RequestError

MOST_PIXELS = 16_000_000
"""Pixels of the largest picture that is made. Judgement: half a broadsheet at 300 dpi."""
_NUMBER = r"(\d{1,9}(?:\.\d{1,9})?)"
_BOX = re.compile(rf"(pct:)?{','.join([_NUMBER] * 4)}", re.ASCII)
_SIZE = re.compile(r"(!)?(\d{1,9})?,(\d{1,9})?", re.ASCII)
_PERCENT = re.compile(rf"pct:{_NUMBER}", re.ASCII)
_TURN = re.compile(rf"(!)?{_NUMBER}", re.ASCII)
_FORMATS: dict[str, Literal["jpg", "png"]] = {"jpg": "jpg", "png": "png"}
_QUALITIES = ("default", "gray")
"""Pages are shown in gray whatever their files hold."""


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """A picture that is asked for."""

    region: tuple[int, int, int, int]
    """Left, top, right, bottom in pixels of the page, inside it."""
    size: tuple[int, int]
    """Width and height to which the region is scaled, before it is turned."""
    mirrored: bool
    """Turned over, left to right, before it is turned."""
    turn: Literal[0, 90, 180, 270]
    """Degrees clockwise."""
    format: Literal["jpg", "png"]


def parse_image_request(parameters: str, width: int, height: int) -> ImageRequest:
    """Return what an address asks for: region/size/rotation/quality.format.

    Args:
        parameters: The end of the address, decoded.
        width: Pixels of the page.
        height: The same.

    Raises:
        RequestError: The address is none of the Image API, or beyond the page or what is made.
        BeyondError: The picture would have to be enlarged.
    """
    parts = parameters.split("/")
    quality, _, ending = parts[-1].rpartition(".")
    if len(parts) != 4 or quality not in _QUALITIES or ending not in _FORMATS:
        raise RequestError("image-request-unclear", request=parameters)
    region = _parse_region(parts[0], width, height)
    size = _parse_size(parts[1], region[2] - region[0], region[3] - region[1])
    mirrored, turn = _parse_turn(parts[2])
    return ImageRequest(region, size, mirrored, turn, _FORMATS[ending])


def fit_most(width: int, height: int) -> tuple[int, int]:
    """Return the largest size in which a region of a size is made."""
    scale = min(1.0, math.sqrt(MOST_PIXELS / (width * height)))
    return max(1, int(width * scale)), max(1, int(height * scale))


def _parse_region(text: str, width: int, height: int) -> tuple[int, int, int, int]:
    """Return a region as left, top, right, bottom; what lies outside the page is cut off."""
    if text == "full":
        return 0, 0, width, height
    if text == "square":
        side = min(width, height)
        left, top = (width - side) // 2, (height - side) // 2
        return left, top, left + side, top + side
    found = _BOX.fullmatch(text)
    if found is None:
        raise RequestError("image-request-unclear", request=text)
    x, y, across, down = (float(part) for part in found.groups()[1:])
    if found[1]:
        x, across = x * width / 100, across * width / 100
        y, down = y * height / 100, down * height / 100
    elif "." in text:
        raise RequestError("image-request-unclear", request=text)
    left, top = round(x), round(y)
    right, bottom = min(width, round(x + across)), min(height, round(y + down))
    if left >= right or top >= bottom:
        raise RequestError("image-request-outside", request=text)
    return left, top, right, bottom


def _parse_size(text: str, width: int, height: int) -> tuple[int, int]:
    """Return the size to which a region is scaled, by its width and height."""
    enlarging, asked = text.startswith("^"), text.removeprefix("^")
    if asked == "max":
        largest = fit_most(width, height)
        if enlarging and width * height < MOST_PIXELS:
            raise BeyondError("image-not-enlarged", request=text)
        return largest
    size = _measure_size(asked, width, height, enlarging)
    if size[0] > width or size[1] > height:
        if enlarging:
            raise BeyondError("image-not-enlarged", request=text)
        raise RequestError("image-request-outside", request=text)
    if min(size) < 1 or size[0] * size[1] > MOST_PIXELS:
        raise RequestError("image-request-outside", request=text)
    return size


def _measure_size(text: str, width: int, height: int, enlarging: bool) -> tuple[int, int]:
    """Return the width and height that a size means, be they larger than the region."""
    if found := _PERCENT.fullmatch(text):
        part = float(found[1]) / 100
        return round(width * part), round(height * part)
    found = _SIZE.fullmatch(text)
    if found is None or not (found[2] or found[3]) or (found[1] and not (found[2] and found[3])):
        raise RequestError("image-request-unclear", request=text)
    across, down = int(found[2] or 0), int(found[3] or 0)
    if found[1]:
        scale = min(across / width, down / height)
        if not enlarging:
            largest = fit_most(width, height)
            scale = min(scale, 1.0, largest[0] / width, largest[1] / height)
        # The smaller side of a long strip may come to less than half a pixel.
        return min(across, max(1, round(width * scale))), min(down, max(1, round(height * scale)))
    if not down:
        return across, max(1, round(height * across / width))
    if not across:
        return max(1, round(width * down / height)), down
    return across, down


def _parse_turn(text: str) -> tuple[bool, Literal[0, 90, 180, 270]]:
    """Return whether a picture is mirrored, and how far it is turned."""
    found = _TURN.fullmatch(text)
    turns: dict[float, Literal[0, 90, 180, 270]] = {0: 0, 90: 90, 180: 180, 270: 270, 360: 0}
    turn = turns.get(float(found[2])) if found else None
    if found is None or turn is None:
        raise RequestError("image-turn-unknown", request=text)
    return bool(found[1]), turn
