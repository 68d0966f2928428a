"""Strips of the scan for corrections: the line with the characters in question."""

from collections.abc import Iterable, Mapping

from newspage.edits import FlatText
from newspage.formats import cut_strip, locate_span
from newspage.geometry import Box
from newspage.model import Correction, GrayImage, TextLine

MAX_SIZE = 1200, 400
"""Width and height of a crop at most, pixels: it fits a window, and a report stays loadable."""


def cut_crops(
    text: FlatText,
    corrections: Iterable[Correction],
    lines: Mapping[str, TextLine],
    pixels: GrayImage,
) -> dict[str, bytes]:
    """Return a PNG for each correction whose place on the scan is known, by the correction's id.

    Args:
        text: The text of the corrections, its characters with their glyphs.
        corrections: The corrections; spans are offsets in `text`.
        lines: The text lines of the page by their ids, in coordinates of the scan.
        pixels: The pixels of the scan.
    """
    found = {}
    for correction in corrections:
        box = locate_span(text.chars, correction.span, lines)
        if box is not None:
            found[correction.id] = _png(pixels, box)
    return {k: v for k, v in found.items() if v}


def _png(pixels: GrayImage, box: Box) -> bytes:
    """Return a cut of the scan as PNG; empty where the box lies outside of it."""
    import cv2

    strip, _, _ = cut_strip(pixels, box, MAX_SIZE)
    if not strip.size:
        return b""
    done, data = cv2.imencode(".png", strip)
    return bytes(data) if done else b""
