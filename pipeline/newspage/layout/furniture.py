"""Text of the page outside the articles: masthead, folio, imprint and captions."""

from collections.abc import Sequence

from newspage.chinese import CAPTION, FOLIO, JUMP_FROM, JUMP_TO, MASTHEAD
from newspage.geometry import Box, measure_overlap_1d, turn_box, union_boxes
from newspage.layout.predicted_regions import (
    CAPTION_CHARACTERS,
    CAPTION_ROWS,
    select_predicted_furniture,
)
from newspage.layout.text_blocks import TextBlock
from newspage.model import AreaKind, Detection, TextLine

HEAD_BAND = 0.17
"""Share of the printed height, from the top, that the masthead stands in. Judgement."""
BARE_BAND = 0.1
"""Share of the printed height. Lines above a rule across the page that is so far up are masthead
whatever they say. Judgement."""
FOOT_BAND = 0.04
"""Share of the printed height, from the bottom, that the imprint stands in. Judgement."""
MARGIN_RULE, MARGIN = 0.5, 5.0
"""Share of the printed height of a rule down the side of the page, at least, and em of what stands
outside it, at most. Judgement: the margins of two folds of 1939 are 3 to 4 em wide."""
SPECKS = 4
"""Characters. Shorter lines in a margin may be dirt. Judgement."""
SMALL = 0.9
"""Times the size of the body. Smaller type is no running text. Judgement."""
SPARSE = 0.05
"""Share of the page. Lines that cover less of it cannot hold an article. Judgement."""
RUNNING = 3
"""Pairs of rows of one width, one below the other, that running text has at least. Judgement."""


def find_masthead_lines(
    detection: Detection, lines: Sequence[TextLine], em: float
) -> list[TextLine]:
    """Return the lines of the masthead, of running titles and of imprints at the foot.

    Above a rule that runs across the page everything is masthead if a line there says so (a date,
    an issue number, names of editors) or the rule is far up, and no running text stands there;
    without such a rule, just the lines that say so.

    Args:
        detection: Separators of the page, and the furniture that a layout model saw.
        lines: All lines of the page.
        em: Size of the body type in pixels.
    """
    page = union_boxes(line.box for line in lines)
    top = page.top + HEAD_BAND * page.height
    rules = [
        r.box.center[1]
        for r in detection.separators
        if not r.vertical and r.box.width > 0.55 * page.width and r.box.center[1] < top
    ]
    speaking = [line for line in lines if line.box.bottom < top and _speaks(line)]
    band: list[TextLine] = []
    last = page.top
    for height in sorted(rules):
        above = [line for line in lines if line.box.center[1] < height]
        if _is_running_text([line for line in above if line.box.center[1] > last], em):
            break
        last = height
        said = any(line in above for line in speaking)
        if (
            above
            and (said or height < page.top + BARE_BAND * page.height)
            and _is_sparse(above, page)
        ):
            band = above
    foot = page.bottom - FOOT_BAND * page.height
    alone = [
        line
        for line in (*speaking, *(o for o in lines if o.box.top > foot and _speaks(o)))
        if line not in band and _stands_alone(line, lines, em)
    ]
    folios = [line for line in lines if _is_folio(line, page) and _stands_alone(line, lines, em)]
    seen = select_predicted_furniture(
        detection.select_predicted(AreaKind.FURNITURE),
        lines,
        (page.top + BARE_BAND * page.height, foot),
        em,
    )
    return list(dict.fromkeys((*band, *alone, *folios, *seen)))


def find_margin_lines(detection: Detection, lines: Sequence[TextLine], em: float) -> list[TextLine]:
    """Return the lines that stand outside the rule that runs down a side of the page.

    Old papers print slogans and prices in their margins, a line thick. A rule that runs down the
    page between two articles has running text on both sides.
    """
    page = union_boxes(line.box for line in lines)
    sides = [
        r.box.center[0]
        for r in detection.separators
        if r.vertical and r.box.height > MARGIN_RULE * page.height
    ]
    found: list[TextLine] = []
    for x in sides:
        for beyond in (
            [line for line in lines if line.box.right <= x + 0.5 * em],
            [line for line in lines if line.box.left >= x - 0.5 * em],
        ):
            # Specks outside the print say nothing of how wide the margin is.
            text = [line.box for line in beyond if len(line.text) >= SPECKS]
            thin = not text or union_boxes(text).width < MARGIN * em
            if thin and not _is_running_text(beyond, em):
                found += beyond
    return list(dict.fromkeys(found))


def _speaks(line: TextLine) -> bool:
    """Tell whether a line's words are those of a masthead; old ones run from right to left."""
    if JUMP_FROM.match(line.text) or JUMP_TO.match(line.text):
        return False
    return bool(MASTHEAD.search(line.text) or MASTHEAD.search(line.text[::-1]))


def _is_sparse(lines: Sequence[TextLine], page: Box) -> bool:
    """Tell whether lines fill so little of the page that no article can be among them."""
    return sum(line.box.area for line in lines) < SPARSE * page.area or len(lines) <= 8


def _is_running_text(lines: Sequence[TextLine], em: float) -> bool:
    """Tell whether an article is among the lines: rows of one width, close under one another."""
    rows = [_flat(line) for line in lines if len(line.text) >= 8]
    continued = sum(
        abs(a.left - b.left) < 0.5 * em
        and abs(a.right - b.right) < 0.5 * em
        and 0.5 * em < b.top - a.top < 2.2 * em
        for a in rows
        for b in rows
    )
    return continued >= RUNNING


def _flat(line: TextLine) -> Box:
    """Return the box of a line as if it ran from left to right, the next one below it."""
    return turn_box(line.box, 0) if line.vertical else line.box


def _stands_alone(line: TextLine, lines: Sequence[TextLine], em: float) -> bool:
    """Tell whether no line of running text stands directly above or below."""
    return not any(
        other is not line
        and measure_overlap_1d(line.box.left, line.box.right, other.box.left, other.box.right)
        > 0.7 * line.box.width
        and -measure_overlap_1d(line.box.top, line.box.bottom, other.box.top, other.box.bottom) < em
        and len(other.text) > 12
        for other in lines
    )


def _is_folio(line: TextLine, page: Box) -> bool:
    """Tell whether a line at the top or bottom edge of the page is a page number."""
    edge = min(line.box.top - page.top, page.bottom - line.box.bottom)
    return edge < 0.03 * page.height and bool(FOLIO.match(line.text))


def find_captions(
    blocks: Sequence[TextBlock], places: Sequence[Box], pictures: Sequence[Box], em: float
) -> list[TextBlock]:
    """Return the blocks that are captions of pictures.

    Small type below a picture is. Type of the size of the text may be: running text goes on below
    a picture as well, in the columns that the picture interrupts.

    Args:
        blocks: Text blocks, in the turned page.
        places: The box of each block in the working image, in the same order.
        pictures: Pictures, in the working image.
        em: Size of the body type in pixels.
    """
    found = [block for block in blocks if _says_caption(block)]
    for picture in pictures:
        below = [
            (block, place)
            for block, place in zip(blocks, places, strict=True)
            if block not in found and _is_close_below(block, place, picture, em)
        ]
        small = [block for block, _ in below if block.size < SMALL * em]
        rest = [b for b in below if b[0] not in small]
        alone = not small and len(rest) == 1 and not _runs_on(rest[0][1], places, em)
        found += small + ([rest[0][0]] if alone else [])
    return found


def _says_caption(block: TextBlock) -> bool:
    """Tell whether a short block says itself that it is a caption: pictures are missed on scans."""
    short = len(block.rows) <= CAPTION_ROWS and len(block.text) <= CAPTION_CHARACTERS
    return short and bool(CAPTION.search(block.text))


def _is_close_below(block: TextBlock, place: Box, picture: Box, em: float) -> bool:
    """Tell whether a few rows stand directly below a picture, no wider than it is."""
    if (
        len(block.rows) > CAPTION_ROWS
        or len(block.text) > CAPTION_CHARACTERS
        or block.size > 1.25 * em
    ):
        return False
    inside = picture.left - 1.5 * em <= place.left and place.right <= picture.right + 1.5 * em
    return inside and -1.5 * em <= place.top - picture.bottom <= 1.5 * em


def _runs_on(place: Box, places: Sequence[Box], em: float) -> bool:
    """Tell whether more text of the same column follows as closely as its next row would."""
    return any(
        abs(o.left - place.left) < 2.5 * em
        and abs(o.right - place.right) < em
        and 0 < o.top - place.bottom < 0.9 * em
        for o in places
    )
