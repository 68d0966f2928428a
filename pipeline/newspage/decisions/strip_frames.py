"""What to cut out of a scan so that a person sees what a question is about."""

from collections.abc import Sequence

from newspage.decisions.glyph_index import GlyphIndex
from newspage.geometry import Box, union_boxes
from newspage.model import Char, TextLine

_ALONG = 9.0
"""Ems of the line to be seen before and after the place."""
_ACROSS = 0.4
"""Ems of paper to be seen beside the line."""


def find_line_of(chars: Sequence[Char], glyphs: GlyphIndex) -> TextLine | None:
    """The line that the first character with a glyph is in."""
    return next((glyphs.lines[c.line] for c in chars if glyphs.find_box(c) is not None), None)


def frame_glyphs(boxes: Sequence[Box], line: TextLine, glyphs: GlyphIndex) -> Box | None:
    """The part of a line around some glyphs; of those in other lines only what is near is seen."""
    if not boxes:
        return None
    em = line.size or min(line.box.width, line.box.height)
    near = [b for b in boxes if line.box.grown(2 * em).contains(b)] or [boxes[0]]
    place = union_boxes(near)
    along = (0.0, _ALONG * em) if line.vertical else (_ALONG * em, 0.0)
    seen = place.grown(*along).intersection(union_boxes([line.box, place])) or place
    cut = union_boxes([seen, place]).grown(_ACROSS * em)
    return cut.clipped(glyphs.scan.width, glyphs.scan.height)
