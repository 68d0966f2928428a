"""Make the addresses of what an export holds, by which IIIF names everything."""

import urllib.parse
from dataclasses import dataclass

from newspage.geometry import Box

MANIFEST = "manifest.json"
"""Name of the file of a package that viewers open."""


def join_address(base: str, place: str) -> str:
    """Return the address of a file or folder, by its path (`/` between folders) below a base."""
    quoted = urllib.parse.quote(place, errors="surrogatepass")
    return f"{base.rstrip('/')}/{quoted}"


@dataclass(frozen=True, slots=True)
class PackageAddress:
    """The address of a package, and the identifiers of what is in it."""

    root: str
    """Address of its folder, without a slash at the end."""

    def locate_file(self, name: str) -> str:
        """Return the address of a file or folder by its path in the package."""
        return join_address(self.root, name)

    @property
    def manifest(self) -> str:
        """Return the address of the manifest."""
        return self.locate_file(MANIFEST)

    def name_canvas(self, number: int) -> str:
        """Return the identifier of the canvas of a page, counted from 1; no file is there."""
        return f"{self.root}/canvas/{number}"

    def name_range(self, number: int) -> str:
        """Return the identifier of the range of an article, counted from 1; 0 holds them all."""
        return f"{self.root}/range/{number}"

    def name_lines(self, number: int) -> str:
        """Return the address of the annotations of a page's lines."""
        return self.locate_file(f"lines/{number:05d}.json")


def locate_canvas_box(canvas: str, box: Box, size: tuple[int, int]) -> str:
    """Return the identifier of a part of a canvas.

    Args:
        canvas: The identifier of the canvas.
        box: The part, in pixels of the canvas; whole pixels around it are taken, at least one.
        size: Width and height of the canvas.
    """
    left, width = _fit_interval(box.left, box.right, size[0])
    top, height = _fit_interval(box.top, box.bottom, size[1])
    return f"{canvas}#xywh={left},{top},{width},{height}"


def _fit_interval(start: float, end: float, most: int) -> tuple[int, int]:
    """Return the first pixel and the number of pixels of an interval, inside 0 to `most`."""
    first = min(max(0, int(start // 1)), most - 1)
    behind = min(max(first + 1, int(-(-end // 1))), most)
    return first, behind - first
