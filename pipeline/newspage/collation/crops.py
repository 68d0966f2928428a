"""Strips of the scan for corrections: the line with the characters in question."""

from collections.abc import Iterable, Mapping

from newspage.edits.flat_text import FlatText
from newspage.geometry import Box, union_boxes
from newspage.model import Char, Correction, GrayImage, TextLine

REACH = 6
"""Characters shown on both sides of those in question."""
MAX_WIDTH, MAX_HEIGHT = 1200, 400
"""Pixels of a crop at most: it fits a window, and a report with many stays loadable."""


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
        box = locate_correction(text, correction, lines)
        if box is not None:
            found[correction.id] = _png(pixels, box)
    return {k: v for k, v in found.items() if v}


def locate_correction(
    text: FlatText, correction: Correction, lines: Mapping[str, TextLine]
) -> Box | None:
    """Return the box around a correction and its neighbours on the line that has most of it.

    In pixels of the scan; None where no character around it was found there.
    """
    start, end = correction.span
    around = text.chars[max(0, start - REACH) : end + REACH]
    inside = [c.line for c in text.chars[max(0, start - 1) : end + 1] if c.line]
    if not inside:
        return None
    near = [c.line for c in text.chars[max(0, start - 2) : end + 3] if c.line in inside]
    name = max(dict.fromkeys(inside), key=near.count)
    boxes = [b for c in around if c.line == name and (b := _box(c, lines)) is not None]
    if boxes:
        return union_boxes(boxes)
    return lines[name].box if name in lines else None


def _box(char: Char, lines: Mapping[str, TextLine]) -> Box | None:
    """Return the box of a character's glyph; None where it has none."""
    line = lines.get(char.line)
    if line is None or not 0 <= char.glyph < len(line.glyphs):
        return None
    return line.glyphs[char.glyph].box


def _png(pixels: GrayImage, box: Box) -> bytes:
    """Return a cut of the scan with a margin as PNG, made smaller where it is too large."""
    import cv2

    margin = max(4.0, min(box.width, box.height) / 4)
    cut = box.grown(margin).clipped(pixels.shape[1], pixels.shape[0])
    strip = pixels[int(cut.top) : int(cut.bottom) + 1, int(cut.left) : int(cut.right) + 1]
    if not strip.size:
        return b""
    scale = min(1.0, MAX_WIDTH / strip.shape[1], MAX_HEIGHT / strip.shape[0])
    if scale < 1:
        strip = cv2.resize(strip, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".png", strip)
    return bytes(data) if done else b""
