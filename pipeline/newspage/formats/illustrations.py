"""Place the pictures of a page among its articles, and cut them out of its scan."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from newspage.formats.jpeg_picture import encode_jpeg
from newspage.formats.page_structure import match_captions
from newspage.geometry import Box
from newspage.model import GrayImage, PageRecord, Region

_LONGEST = 1600
"""Longer side of an illustration, pixels. Judgement: it fills a large screen."""
_QUALITY = 85
"""Of illustrations, as JPEG counts it."""


@dataclass(frozen=True, slots=True)
class Illustration:
    """A picture of a page, with its caption and the place where it belongs in the text."""

    number: int
    """On its page, from 1."""
    box: Box
    caption: str
    region: Region | None
    """The region of an article that stands nearest to it; None on a page without articles."""


def list_illustrations(record: PageRecord) -> tuple[Illustration, ...]:
    """Return the pictures of a page, each with the region of an article nearest to it.

    The nearest by the distance of the boxes; of several, the one that is read first.
    """
    captions = match_captions(record)
    texts = {item.region: item.text for item in record.furniture}
    order = {name: place for place, name in enumerate(record.page.reading_order)}
    known = {article.id for article in record.articles}
    regions = [region for region in record.page.regions if region.article in known]
    regions.sort(key=lambda region: order.get(region.id, len(order)))
    found = []
    for index, box in enumerate(record.page.pictures):
        own = (region.id for region in record.page.regions if captions.get(region.id) == index)
        caption = " ".join(texts[name] for name in own if name in texts)
        nearest = min(regions, key=lambda region: _measure_distance(region.box, box), default=None)
        found.append(Illustration(index + 1, box, caption, nearest))
    return tuple(found)


def _measure_distance(one: Box, other: Box) -> float:
    """Return the distance between the edges of two boxes in pixels; 0 where they overlap."""
    across = max(one.left - other.right, other.left - one.right, 0.0)
    down = max(one.top - other.bottom, other.top - one.bottom, 0.0)
    return math.hypot(across, down)


def cut_illustrations(pixels: GrayImage, record: PageRecord) -> Iterator[bytes | None]:
    """Yield the pictures of a page as JPEG, in order; None for one that lies outside the scan."""
    height, width = pixels.shape
    for box in record.page.pictures:
        inside = box.clipped(width, height)
        cut = pixels[
            int(inside.top) : math.ceil(inside.bottom), int(inside.left) : math.ceil(inside.right)
        ]
        yield encode_jpeg(cut, _LONGEST, _QUALITY) if cut.size else None
