"""Lines of pictures and ornaments, and lines that could not be read: none is of an article."""

import unicodedata
from collections.abc import Sequence

from newspage.geometry import Box
from newspage.layout.view import Row
from newspage.model import Detection, TextLine

ILLEGIBLE = 0.6
"""Mean confidence of glyphs. Text read with less is hardly what stands there: half of the patches
of pictures that were taken for lines on four old pages are read with less than .5; of 248 rows of
headlines on twenty pages 94 in 100 are read with more than .9, 2 in 100 with less than .75."""
LARGE = 1.65
"""Em. A line found thicker than this is set in larger type than the text. Judgement."""
LEGIBLE, LEGIBLE_LINES = 0.85, 5
"""Mean confidence of a line that reads well, and how many such lines make an area found as a
picture one of text. Judgement."""
SYMBOLS = 3
"""Characters that are neither letters nor marks, of a row of ornaments at least. Judgement."""
TOUCHING = 0.2
"""Share of its thickness that a picture covers of a line that touches it, at least. Judgement."""


def separate_drawn_lines(
    detection: Detection, lines: Sequence[TextLine], em: float
) -> tuple[list[TextLine], list[TextLine]]:
    """Split the lines into those of pictures and ornaments, and all others.

    Of a picture are the lines inside it, and those that touch it and are of large type or can't be
    read. A picture full of lines that read well is none.
    """
    drawn = [line for line in lines if _is_ornament(line)]
    for picture in detection.pictures:
        inside = [line for line in lines if line.box.share_inside(picture) > 0.8]
        legible = [line for line in inside if line.confidence > LEGIBLE and len(line.text) > 3]
        if len(legible) < LEGIBLE_LINES:
            drawn += [
                line
                for line in lines
                if line not in drawn and (line in inside or _sticks_to(line, picture, em))
            ]
    return drawn, [line for line in lines if line not in drawn]


def _is_ornament(line: TextLine) -> bool:
    """Tell whether a line is a row of arrows or stars, as old papers set between headlines."""
    symbols = sum(unicodedata.category(c).startswith("S") for c in line.text)
    return symbols >= SYMBOLS and 2 * symbols > len(line.text)


def is_illegible(rows: Sequence[Row]) -> bool:
    """Tell whether rows were read so badly, on the whole, that their text is a guess."""
    glyphs = [g.confidence for r in rows for g in r.line.glyphs]
    return sum(glyphs) < ILLEGIBLE * len(glyphs)


def _sticks_to(line: TextLine, picture: Box, em: float) -> bool:
    """Tell whether a line touches a picture and is of large type or can't be read."""
    shared = line.box.intersection(picture)
    if shared is None:
        return False
    thickness = line.box.width if line.vertical else line.box.height
    covered = shared.width if line.vertical else shared.height
    large = thickness > LARGE * em
    return covered > TOUCHING * thickness and (large or line.confidence < ILLEGIBLE)
