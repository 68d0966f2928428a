"""What to cut out of a scan so that a person sees what a question is about."""

from collections.abc import Sequence

from newspage.decide.places import Glyphs
from newspage.geometry import Box, union
from newspage.model import Char, TextLine

_ALONG = 9.0
"""Ems of the line to be seen before and after the place."""
_ACROSS = 0.4
"""Ems of paper to be seen beside the line."""


def line_of(chars: Sequence[Char], glyphs: Glyphs) -> TextLine | None:
    """The line that the first character with a glyph is in."""
    return next((glyphs.lines[c.line] for c in chars if glyphs.box(c) is not None), None)


def strip_of(boxes: Sequence[Box], line: TextLine, glyphs: Glyphs) -> Box | None:
    """The part of a line around some glyphs; of those in other lines only what is near is seen."""
    if not boxes:
        return None
    em = line.size or min(line.box.width, line.box.height)
    near = [b for b in boxes if line.box.grown(2 * em).contains(b)] or [boxes[0]]
    place = union(near)
    along = (0.0, _ALONG * em) if line.vertical else (_ALONG * em, 0.0)
    seen = place.grown(*along).intersection(union([line.box, place])) or place
    cut = union([seen, place]).grown(_ACROSS * em)
    return cut.clipped(glyphs.scan.width, glyphs.scan.height)
