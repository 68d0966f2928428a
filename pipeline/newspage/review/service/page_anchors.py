"""Anchors of boxes on a page, as edits by hand make them."""

from newspage.decision import Anchor
from newspage.geometry import Box
from newspage.model import PageRecord

_KNOWN_BY = 24
"""Characters of a region, an article or lines that their anchor keeps, to find them again after a
new run and for people to read. Judgement, not measured."""


def anchor_boxes(record: PageRecord, boxes: tuple[Box, ...], text: str) -> Anchor:
    """Return the anchor of some boxes of a page, with the beginning of their text."""
    scan = record.page.scan
    return Anchor(scan.sha256, scan.frame, scan.width, scan.height, boxes, text[:_KNOWN_BY])
