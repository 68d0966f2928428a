"""Compute the area of a scan that shows a person what a question is about."""

from collections.abc import Sequence

from newspage.decisions.glyph_index import GlyphIndex
from newspage.geometry import Box, union_boxes
from newspage.model import Char, TextLine

_ALONG = 9.0
"""Ems of the line that are shown before and after the place. Judgement: it tells how the line
reads."""
_ACROSS = 0.4
"""Ems of paper that are shown around it. Judgement: no glyph is cut at the edge."""


def find_line_of(chars: Sequence[Char], glyphs: GlyphIndex) -> TextLine | None:
    """Return the line of the first character that has a glyph; None without one."""
    return next((glyphs.lines[c.line] for c in chars if glyphs.find_box(c) is not None), None)


def frame_glyphs_in_line(boxes: Sequence[Box], line: TextLine, glyphs: GlyphIndex) -> Box | None:
    """Return the part of a line around some glyphs, pixels of the scan; None without glyphs.

    Boxes more than two ems outside the line, as of glyphs in another column, are left out.
    """
    if not boxes:
        return None
    em = line.size or min(line.box.width, line.box.height)
    near = [b for b in boxes if line.box.grown(2 * em).contains(b)] or [boxes[0]]
    place = union_boxes(near)
    along = (0.0, _ALONG * em) if line.vertical else (_ALONG * em, 0.0)
    seen = place.grown(*along).intersection(union_boxes([line.box, place])) or place
    cut = union_boxes([seen, place]).grown(_ACROSS * em)
    return cut.clipped(glyphs.scan.width, glyphs.scan.height)
