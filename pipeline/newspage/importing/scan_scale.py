"""Turn the units of an imported file into pixels of its scan."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path

from newspage.geometry import Box, Polygon
from newspage.model import Scan
from newspage.source_markup import KeptElement, KeptMarkup
from newspage.sources import SourceError, SourceLine, SourcePage, SourceWord, parse_number

SAME_SHAPE = 0.02
"""Share by which the sides of a page may differ from those of its scan, one over the other: files
round to tenths of a millimetre, and programs cut a margin off. Judgement."""
_ACROSS = ("HPOS", "WIDTH", "HLENGTH", "RADIUS", "x")
_DOWN = ("VPOS", "HEIGHT", "VLENGTH", "y")
_POINTS = ("POINTS", "points", "BASELINE")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_PROPERTY = re.compile(
    r"\b(bbox|x_ascenders|x_descenders|x_size)((?:\s+-?[0-9]+(?:\.[0-9]+)?){1,4})|"
    r"\bbaseline\s+(\S+)\s+(-?[0-9.]+)"
)
"""Properties of hOCR that are lengths."""


@dataclass(frozen=True, slots=True)
class PageScale:
    """Pixels of a scan for one unit of a file, across and down the page."""

    x: float
    y: float
    width: int
    """Of the scan, in pixels."""
    height: int

    @property
    def is_plain(self) -> bool:
        """Tell whether the file is in pixels of the scan."""
        return self.x == self.y == 1.0

    def clip(self, box: Box) -> Box:
        """Return a box of the scan, cut to its edges and rounded to a tenth of a pixel."""
        inside = box.clipped(self.width, self.height)
        return Box(
            *(round(float(v), 1) for v in (inside.left, inside.top, inside.right, inside.bottom))
        )

    def place_box(self, box: Box) -> Box:
        """Return a box of the file on the scan."""
        return self.clip(self._scale_box(box))

    def place_polygon(self, polygon: Polygon) -> Polygon:
        """Return a polygon of the file on the scan, cut to its edges."""
        return tuple(
            (
                round(min(max(x * self.x, 0.0), float(self.width)), 1),
                round(min(max(y * self.y, 0.0), float(self.height)), 1),
            )
            for x, y in polygon
        )

    def map_center_to_scan(self, box: Box) -> tuple[float, float]:
        """Return the middle of a box of the file on the scan, or beside it."""
        x, y = box.center
        return x * self.x, y * self.y

    def place_line(self, line: SourceLine) -> SourceLine:
        """Return a line of the file in pixels of the scan, with its words and characters."""
        return replace(
            line,
            words=tuple(self._place_word(word) for word in line.words),
            box=self.place_box(line.box) if line.box else None,
            polygon=self.place_polygon(line.polygon),
            baseline=self.place_polygon(line.baseline),
            size=round(line.size * self.y, 1),
        )

    def scale_markup(self, kept: KeptMarkup) -> KeptMarkup:
        """Return kept markup with its places in pixels of the scan."""
        if self.is_plain:
            return kept
        elements = tuple(self._scale_element(element) for element in kept.elements)
        return KeptMarkup(self._scale_attributes(kept.attributes), elements)

    def _scale_box(self, box: Box) -> Box:
        """Return a box in pixels, wherever it is."""
        return Box(box.left * self.x, box.top * self.y, box.right * self.x, box.bottom * self.y)

    def _place_word(self, word: SourceWord) -> SourceWord:
        """Return a word in pixels of the scan."""
        glyphs = tuple(
            replace(g, box=self.place_box(g.box) if g.box else None) for g in word.glyphs
        )
        return replace(word, box=self.place_box(word.box) if word.box else None, glyphs=glyphs)

    def _scale_element(self, element: KeptElement) -> KeptElement:
        """Return a kept element with its places in pixels of the scan."""
        return replace(
            element,
            attributes=self._scale_attributes(element.attributes),
            children=tuple(self._scale_element(child) for child in element.children),
        )

    def _scale_attributes(self, attributes: Mapping[str, str]) -> dict[str, str]:
        """Return attributes with those that are places in pixels of the scan."""
        return {name: self._scale_value(name, value) for name, value in attributes.items()}

    def _scale_value(self, name: str, value: str) -> str:
        """Return the value of an attribute in pixels of the scan, if it is a place."""
        if name in _ACROSS or name in _DOWN:
            factor = self.x if name in _ACROSS else self.y
            return _NUMBER.sub(lambda found: _multiply(found[0], factor), value)
        if name in _POINTS:
            # A baseline of one number is its height on the page.
            sole = len(_NUMBER.findall(value)) == 1
            turns = cycle([self.y] if sole else [self.x, self.y])
            return _NUMBER.sub(lambda found: _multiply(found[0], next(turns)), value)
        if name == "title":
            return _PROPERTY.sub(self._scale_property, value)
        return value

    def _scale_property(self, found: re.Match[str]) -> str:
        """Return a property of hOCR in pixels of the scan."""
        if found[1] is None:
            return f"baseline {found[3]} {_multiply(found[4], self.y)}"
        factors = [self.x, self.y, self.x, self.y] if found[1] == "bbox" else [self.y] * 4
        numbers = zip(found[2].split(), factors, strict=False)
        return " ".join([found[1], *(_multiply(n, factor) for n, factor in numbers)])


def _multiply(length: str, factor: float) -> str:
    """Return a length of the file in pixels, to a tenth; as it is where it is an impossible one."""
    value = parse_number(length)
    if value is None:
        return length
    return f"{value * factor:.1f}".removesuffix(".0")


def find_scale(page: SourcePage, scan: Scan, dpi: float | None, path: Path) -> PageScale:
    """Return the scale of a page on its scan.

    A file in pixels is scaled by the size of its page; where it has none, its pixels are the
    scan's. For one in millimetres or inches `dpi` decides, else the size of its page where that
    has the shape of the scan, else the scan's own resolution.

    Args:
        page: The page.
        scan: Its scan.
        dpi: The resolution of the scan, where a person says it.
        path: The file, for messages.

    Raises:
        SourceError: The page has another shape than the scan, or nothing tells the scale.
    """
    per_inch = page.unit.value
    if dpi and per_inch:
        return PageScale(dpi / per_inch, dpi / per_inch, scan.width, scan.height)
    if page.width > 0 and page.height > 0:
        x, y = scan.width / page.width, scan.height / page.height
        if not per_inch and max(abs(scan.width - page.width), abs(scan.height - page.height)) <= 1:
            x = y = 1.0
        if abs(x / y - 1) <= SAME_SHAPE:
            return PageScale(x, y, scan.width, scan.height)
        if not (per_inch and scan.dpi):
            raise SourceError(
                "source-of-other-shape",
                path=path,
                page=f"{page.width:g} x {page.height:g}",
                scan=scan.path,
                size=f"{scan.width} x {scan.height}",
            )
    if not per_inch:
        return PageScale(1.0, 1.0, scan.width, scan.height)
    if not scan.dpi:
        raise SourceError("source-of-unknown-size", path=path, scan=scan.path)
    return PageScale(scan.dpi / per_inch, scan.dpi / per_inch, scan.width, scan.height)
