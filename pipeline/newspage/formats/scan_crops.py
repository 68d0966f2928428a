"""Cut strips out of a scan around some characters of its text."""

from collections.abc import Mapping

from newspage.geometry import Box, union_boxes
from newspage.model import Char, Chars, GrayImage, TextLine

REACH = 6
"""Characters shown on both sides of those in question."""


def locate_span(
    chars: Chars, span: tuple[int, int], lines: Mapping[str, TextLine], reach: int = REACH
) -> Box | None:
    """Return the box around some characters and their neighbours, on the line that has most of it.

    In pixels of the scan; None where no character around it was found there.

    Args:
        chars: The characters of a text, one entry each.
        span: Start and end of those in question; nothing between them is a place between two.
        lines: The text lines of the page by their ids, in coordinates of the scan.
        reach: How many neighbours on each side are in the box.
    """
    start, end = span
    around = chars[max(0, start - reach) : end + reach]
    inside = [c.line for c in chars[max(0, start - 1) : end + 1] if c.line]
    if not inside:
        return None
    near = [c.line for c in chars[max(0, start - 2) : end + 3] if c.line in inside]
    name = max(dict.fromkeys(inside), key=near.count)
    boxes = [b for c in around if c.line == name and (b := box_glyph(c, lines)) is not None]
    if boxes:
        return union_boxes(boxes)
    return lines[name].box if name in lines else None


def box_glyph(char: Char, lines: Mapping[str, TextLine]) -> Box | None:
    """Return the box of a character's glyph; None where it has none."""
    line = lines.get(char.line)
    if line is None or not 0 <= char.glyph < len(line.glyphs):
        return None
    return line.glyphs[char.glyph].box


def cut_strip(pixels: GrayImage, box: Box, size: tuple[int, int]) -> tuple[GrayImage, Box, float]:
    """Return a cut of the scan with a margin, made smaller where it exceeds a width and a height.

    With it come the part of the scan that it shows and the scale; the cut is empty where the box
    lies outside the scan.
    """
    import cv2

    margin = max(4.0, min(box.width, box.height) / 4)
    cut = box.grown(margin).clipped(pixels.shape[1], pixels.shape[0])
    left, top = int(cut.left), int(cut.top)
    strip = pixels[top : int(cut.bottom) + 1, left : int(cut.right) + 1]
    shown = Box(left, top, left + strip.shape[1], top + strip.shape[0])
    if not strip.size:
        return strip, shown, 1.0
    scale = min(1.0, size[0] / strip.shape[1], size[1] / strip.shape[0])
    if scale < 1:
        sides = [max(1, round(side * scale)) for side in strip.shape[::-1]]
        strip = cv2.resize(strip, sides, interpolation=cv2.INTER_AREA)
    return strip, shown, scale
