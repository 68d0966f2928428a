"""What stands on the page beside the articles: masthead and folio, captions."""

from collections.abc import Sequence

from pipeline.geometry import Box, overlap_1d, union
from pipeline.layout.sighted import sighted_furniture
from pipeline.layout.stacks import Stack
from pipeline.model import AreaKind, Detection, TextLine
from pipeline.words import FOLIO, JUMP_FROM, JUMP_TO, MASTHEAD

HEAD_BAND = 0.17
"""The masthead stands in this part of the printed height, at the top."""
BARE_BAND = 0.1
"""What stands above a rule across the page and so far up is masthead whatever it says."""
FOOT_BAND = 0.04


def masthead_lines(detection: Detection, lines: Sequence[TextLine], em: float) -> list[TextLine]:
    """Lines of the masthead, of running titles and of imprints at the foot.

    Above the first rule that runs across the page everything is masthead if a line there says so (a
    date, an issue number, names of editors) or the rule is far up; without such a rule, just the
    lines that say so.
    """
    page = union(line.box for line in lines)
    top = page.top + HEAD_BAND * page.height
    rules = [
        r.box.center[1]
        for r in detection.separators
        if not r.vertical and r.box.width > 0.55 * page.width and r.box.center[1] < top
    ]
    speaking = [line for line in lines if line.box.bottom < top and _speaks(line)]
    band: list[TextLine] = []
    for height in sorted(rules):
        above = [line for line in lines if line.box.center[1] < height]
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
    seen = sighted_furniture(
        detection.sighted(AreaKind.FURNITURE), lines, (page.top + BARE_BAND * page.height, foot), em
    )
    return list(dict.fromkeys((*band, *alone, *folios, *seen)))


def _speaks(line: TextLine) -> bool:
    """Whether a line says that it belongs to the masthead; old ones run from right to left."""
    if JUMP_FROM.match(line.text) or JUMP_TO.match(line.text):
        return False
    return bool(MASTHEAD.search(line.text) or MASTHEAD.search(line.text[::-1]))


def _is_sparse(lines: Sequence[TextLine], page: Box) -> bool:
    """Whether lines fill so little of the page that no article can be among them."""
    return sum(line.box.area for line in lines) < 0.05 * page.area or len(lines) <= 8


def _stands_alone(line: TextLine, lines: Sequence[TextLine], em: float) -> bool:
    """Whether no line of running text stands directly above or below."""
    return not any(
        other is not line
        and overlap_1d(line.box.left, line.box.right, other.box.left, other.box.right)
        > 0.7 * line.box.width
        and -overlap_1d(line.box.top, line.box.bottom, other.box.top, other.box.bottom) < em
        and len(other.text) > 12
        for other in lines
    )


def _is_folio(line: TextLine, page: Box) -> bool:
    edge = min(line.box.top - page.top, page.bottom - line.box.bottom)
    return edge < 0.03 * page.height and bool(FOLIO.match(line.text))


def is_caption(stack: Stack, box: Box, pictures: Sequence[Box], em: float) -> bool:
    """Whether a stack that stands at `box` in the working image is the text of a picture."""
    if len(stack.rows) > 4 or len(stack.text) > 140 or stack.size > 1.25 * em:
        return False
    for picture in pictures:
        gap = box.top - picture.bottom
        inside = picture.left - 1.5 * em <= box.left and box.right <= picture.right + 1.5 * em
        if inside and -1.5 * em <= gap <= 1.5 * em:
            return True
    return False
