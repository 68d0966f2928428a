"""Draw the regions, lines and order found on a page over its scan, for debugging by eye.

Regions are filled by kind and numbered in reading order, lines outlined; articles differ by the
colour of their edge and of the arrows that go from region to region.
"""

import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from newspage.counting import count_in_words
from newspage.geometry import Box, Polygon
from newspage.model import (
    ArticleRecord,
    GrayImage,
    PageLayout,
    PageRecord,
    Region,
    RegionKind,
    TextLine,
)

Color = tuple[int, int, int]

_KINDS: Mapping[RegionKind, Color] = {
    RegionKind.KICKER: (245, 124, 0),
    RegionKind.TITLE: (211, 47, 47),
    RegionKind.DECK: (233, 98, 140),
    RegionKind.BYLINE: (123, 66, 180),
    RegionKind.BODY: (33, 118, 210),
    RegionKind.JUMP: (0, 150, 136),
    RegionKind.CAPTION: (104, 159, 56),
    RegionKind.MASTHEAD: (84, 110, 122),
    RegionKind.FOLIO: (120, 144, 156),
    RegionKind.ADVERTISEMENT: (198, 160, 0),
    RegionKind.TABLE: (141, 90, 60),
    RegionKind.OTHER: (117, 117, 117),
}
"""Colours of regions by kind."""
_ARTICLES: tuple[Color, ...] = (
    (21, 101, 192),
    (198, 40, 40),
    (46, 125, 50),
    (142, 36, 170),
    (239, 108, 0),
    (0, 131, 143),
    (109, 76, 65),
    (57, 73, 171),
    (158, 157, 36),
    (194, 24, 91),
)
"""Colours of articles, in turn."""
_FURNITURE: Color = (144, 144, 144)
_UNPLACED: Color = (255, 0, 200)
_RULE: Color = (0, 172, 120)
_PICTURE: Color = (104, 159, 56)
_INK: Color = (40, 44, 52)

_PALER = 0.45
"""Share by which the scan is bleached. Judgement: print stays legible, the colours stand out."""

_COMPRESSION = 3
"""Level of PNG: a broadsheet page takes 0.3 s and 5.0 MB; at the highest level 5.5 s and 4.6 MB."""


@dataclass(frozen=True, slots=True)
class _Pen:
    """A drawing surface, with the scale from the scan to its own pixels."""

    draw: ImageDraw.ImageDraw
    scale: float
    """Pixels of the surface for each pixel of the scan."""
    unit: float
    """Width of a thin line, in pixels of the surface."""

    def box(self, box: Box) -> tuple[float, float, float, float]:
        """Return a box of the scan as left, top, right and bottom on the surface."""
        return tuple(v * self.scale for v in (box.left, box.top, box.right, box.bottom))  # type: ignore[return-value]

    def corners(self, polygon: Polygon) -> list[tuple[float, float]]:
        """Return the corners of a polygon of the scan on the surface."""
        return [(x * self.scale, y * self.scale) for x, y in polygon]

    def font(self, size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
        """Return the font in a size that counts in thin lines."""
        return ImageFont.load_default(size * self.unit)


def draw_page(pixels: GrayImage, record: PageRecord, height: int = 2200) -> bytes:
    """Draw everything found on a page over its scan, and return a PNG.

    Args:
        pixels: Gray pixels of the scan, on which the record's coordinates are.
        record: The page as it was read.
        height: Height of the picture in pixels, at most that of the scan; a legend stands to the
            right of it.
    """
    page = record.page
    height = min(height, page.scan.height)
    scale = 2 * height / page.scan.height
    size = (round(page.scan.width * scale), 2 * height)
    canvas = _paper(pixels, size)
    unit = max(1.5, height / 900)
    shade = Image.new("RGBA", size, (0, 0, 0, 0))
    _shade(page, _Pen(ImageDraw.Draw(shade), scale, unit))
    canvas.paste(shade, (0, 0), shade)
    pen = _Pen(ImageDraw.Draw(canvas), scale, unit)
    colors = _article_colors(page)
    _outlines(page, pen, colors)
    _arrows(page, pen, colors)
    _badges(page, pen, colors)
    whole = _with_legend(canvas, record, unit, colors)
    whole = whole.resize((whole.width // 2, whole.height // 2), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    whole.save(buffer, "PNG", compress_level=_COMPRESSION)
    return buffer.getvalue()


def _paper(pixels: GrayImage, size: tuple[int, int]) -> Image.Image:
    """Return the scan, bleached, in a size in pixels (width, height)."""
    scan = Image.fromarray(np.ascontiguousarray(pixels)).resize(size, Image.Resampling.BOX)
    return scan.point(lambda v: 255 - (255 - v) * (1 - _PALER)).convert("RGB")


def _ordered(page: PageLayout) -> list[Region]:
    """Return the regions of a page in reading order."""
    by_id = {region.id: region for region in page.regions}
    return [by_id[name] for name in page.reading_order]


def _article_colors(page: PageLayout) -> dict[str, Color]:
    """Choose a colour for each article, by its id, in reading order."""
    names = dict.fromkeys(r.article for r in _ordered(page) if r.article)
    return {name: _ARTICLES[i % len(_ARTICLES)] for i, name in enumerate(names)}


def _shade(page: PageLayout, pen: _Pen) -> None:
    """Fill regions translucently and hatch pictures."""
    for region in page.regions:
        outline = pen.corners(region.polygon or region.box.polygon)
        pen.draw.polygon(outline, fill=(*_KINDS[region.kind], 46))
    for picture in page.pictures:
        left, top, right, bottom = pen.box(picture)
        step = 12 * pen.unit
        reach = right - left + bottom - top
        for k in range(1, int(reach / step) + 1):
            d = k * step
            start = (left + min(d, right - left), top + max(0.0, d - (right - left)))
            end = (left + max(0.0, d - (bottom - top)), top + min(d, bottom - top))
            pen.draw.line([start, end], fill=(*_PICTURE, 110), width=round(pen.unit))
        pen.draw.rectangle((left, top, right, bottom), outline=(*_PICTURE, 255), width=3)


def _outlines(page: PageLayout, pen: _Pen, colors: Mapping[str, Color]) -> None:
    """Draw rules, frames, lines of text, and the edges of regions."""
    for rule in page.separators:
        outline = pen.corners(rule.polygon or rule.box.polygon)
        pen.draw.polygon(outline, outline=_RULE, width=round(pen.unit))
    for frame in page.frames:
        pen.draw.rectangle(pen.box(frame), outline=_RULE, width=round(2 * pen.unit))
    for region in page.regions:
        for line in region.lines:
            _line(line, pen, _lighter(_KINDS[region.kind]))
        edge = colors.get(region.article or "", _FURNITURE)
        outline = pen.corners(region.polygon or region.box.polygon)
        pen.draw.polygon(outline, outline=edge, width=round(2 * pen.unit))
    for line in page.unplaced:
        _line(line, pen, _UNPLACED)


def _line(line: TextLine, pen: _Pen, color: Color) -> None:
    """Outline a line of text."""
    outline = pen.corners(line.polygon or line.box.polygon)
    pen.draw.polygon(outline, outline=color, width=max(1, round(0.7 * pen.unit)))


def _lighter(color: Color) -> Color:
    """Return a colour mixed with a third of white, for lines inside a region of that colour."""
    r, g, b = (round(v + (255 - v) * 0.35) for v in color)
    return r, g, b


def _arrows(page: PageLayout, pen: _Pen, colors: Mapping[str, Color]) -> None:
    """Draw arrows from region to region: coloured in an article, thin and gray between articles."""
    ordered = _ordered(page)
    for one, two in pairwise(ordered):
        inside = one.article is not None and one.article == two.article
        color = colors[one.article] if inside and one.article else _FURNITURE
        width = (2.2 if inside else 1.0) * pen.unit
        _arrow(pen, one.box.center, two.box.center, color, width)


def _arrow(
    pen: _Pen, start: tuple[float, float], end: tuple[float, float], color: Color, width: float
) -> None:
    """Draw an arrow between two points of the scan; `width` is in pixels of the surface."""
    (x0, y0), (x1, y1) = ((x * pen.scale, y * pen.scale) for x, y in (start, end))
    angle, length = math.atan2(y1 - y0, x1 - x0), math.hypot(x1 - x0, y1 - y0)
    head = min(length / 2, 4 * width + 4 * pen.unit)
    neck = (x1 - head * math.cos(angle), y1 - head * math.sin(angle))
    pen.draw.line([(x0, y0), neck], fill=color, width=max(1, round(width)))
    sides = [
        (neck[0] + 0.5 * head * math.sin(angle) * s, neck[1] - 0.5 * head * math.cos(angle) * s)
        for s in (1, -1)
    ]
    pen.draw.polygon([(x1, y1), *sides], fill=color)
    dot = 1.4 * width
    pen.draw.ellipse((x0 - dot, y0 - dot, x0 + dot, y0 + dot), fill=color)


def _badges(page: PageLayout, pen: _Pen, colors: Mapping[str, Color]) -> None:
    """Write number and kind of each region on its top left corner."""
    font = pen.font(11)
    for number, region in enumerate(_ordered(page), 1):
        left, top, _, _ = pen.box(region.box)
        edge = colors.get(region.article or "", _FURNITURE)
        _badge(pen, (left, top), f"{number} {region.kind.value}", edge, font)


def _badge(
    pen: _Pen,
    corner: tuple[float, float],
    text: str,
    color: Color,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> None:
    """Write a text in a coloured box above a corner, in pixels of the surface."""
    left, top = corner
    x0, y0, x1, y1 = pen.draw.textbbox((0, 0), text, font=font)
    pad = 3 * pen.unit
    height = y1 - y0 + 2 * pad
    top = max(0.0, top - height)
    box = (left, top, left + x1 - x0 + 2 * pad, top + height)
    pen.draw.rounded_rectangle(box, radius=2 * pen.unit, fill=color)
    pen.draw.text((left + pad - x0, top + pad - y0), text, fill="white", font=font)


def _with_legend(
    canvas: Image.Image, record: PageRecord, unit: float, colors: Mapping[str, Color]
) -> Image.Image:
    """Return the drawing with a legend of its colours to the right of it."""
    width = round(250 * unit)
    whole = Image.new("RGB", (canvas.width + width, canvas.height), (250, 250, 248))
    whole.paste(canvas, (0, 0))
    pen = _Pen(ImageDraw.Draw(whole), 1.0, unit)
    pen.draw.line([(canvas.width, 0), (canvas.width, canvas.height)], fill=(200, 200, 200), width=2)
    left, y = canvas.width + 16 * unit, 20 * unit
    for heading, entries in _legend(record, colors):
        pen.draw.text((left, y), heading, fill=_INK, font=pen.font(15))
        y += 26 * unit
        for color, text in entries:
            pen.draw.rounded_rectangle(
                (left, y, left + 20 * unit, y + 12 * unit), radius=2 * unit, fill=color
            )
            pen.draw.text((left + 28 * unit, y - 1 * unit), text, fill=_INK, font=pen.font(12))
            y += 20 * unit
        y += 14 * unit
    return whole


def _legend(
    record: PageRecord, colors: Mapping[str, Color]
) -> Iterable[tuple[str, list[tuple[Color, str]]]]:
    """Yield the headings of the legend, each with its colours and their meanings."""
    page = record.page
    kinds = [k for k in RegionKind if any(r.kind is k for r in page.regions)]
    yield "Regions, filled", [(_KINDS[kind], kind.value) for kind in kinds]
    articles = [
        (colors[a.id], f"article {a.id}: {_length(a)}") for a in record.articles if a.id in colors
    ]
    yield "Articles, edges and arrows", [*articles, (_FURNITURE, "furniture, next article")]
    lines = sum(len(r.lines) for r in page.regions)
    rules = count_in_words(len(page.separators), "rule")
    others = [(_RULE, f"{rules}, {count_in_words(len(page.frames), 'frame')}")]
    if page.pictures:
        others.append((_PICTURE, count_in_words(len(page.pictures), "picture")))
    others.append(
        (_UNPLACED, f"{len(page.unplaced)} of {lines + len(page.unplaced)} lines unplaced")
    )
    yield "Also", others


def _length(article: ArticleRecord) -> str:
    """Return the length of an article's paragraphs in words for a person."""
    return count_in_words(sum(len(p.text) for p in article.paragraphs), "character")
