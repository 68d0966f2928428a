"""Headlines that text runs around: rows beside them begin behind them, those after them do not.

Short headlines of old papers stand at the start of the first rows of their text, along these or
across them. The text is one block around the headline, and belongs to it whatever is above.
"""

from collections.abc import Sequence

from newspage.chinese import OPENING
from newspage.geometry import union_boxes
from newspage.layout.headline import FoundHeadlines, Headline, HeadlineContext
from newspage.layout.text_blocks import TextBlock
from newspage.layout.view import has_column_rule_between, has_rule_between

BEHIND = 3.0
"""Em from a headline to the rows beside it, at most. Judgement."""
EDGE = 0.8
"""Em by which the edges of rows of one column differ, at most. Judgement."""
CROSSING = 0.25
"""Share of a row that lies in a headline, at least, if it runs through it. Judgement."""
BEFORE = 4
"""Rows of the text that stand before its headline, at most: none to three on two folds of 1939."""
SURROUNDED = 0.7
"""Share of a headline that lies in the box of the text around it, at least. Judgement."""


def surrounds(block: TextBlock, head: Headline) -> bool:
    """Tell whether a headline stands inside a block of text.

    One along the rows has no row of the text across it.
    """
    box = head.type_box
    if box.share_inside(block.box) <= SURROUNDED:
        return False
    return head.foreign or not any(r.type_box.share_inside(box) > CROSSING for r in block.rows)


def join_around_heads(found: FoundHeadlines, around: HeadlineContext) -> FoundHeadlines:
    """Return the headlines, and the blocks with those made one that stand around a headline."""
    bodies = list(found.bodies)
    for head in found.heads:
        if any(surrounds(b, head) for b in bodies):
            continue
        run = _around(head, bodies, around)
        if run:
            whole = TextBlock(tuple(r for b in run for r in b.rows), run[-1].column)
            at = bodies.index(run[-1])
            bodies[at] = whole
            bodies = [b for b in bodies if b not in run]
    return FoundHeadlines(found.heads, tuple(bodies))


def _around(
    head: Headline, bodies: Sequence[TextBlock], around: HeadlineContext
) -> list[TextBlock]:
    """Return the blocks around a headline in reading order; none where no text stands beside it."""
    beside = _beside(head, bodies, around)
    if not beside:
        return []
    whole = union_boxes((head.type_box, *(b.type_box for b in beside)))
    em = around.body
    below = [
        b
        for b in bodies
        if b not in beside
        and not b.foreign
        and -em < b.rows[0].type_box.top - whole.bottom < 1.3 * em
        and head.box.left - BEHIND * em < b.left < head.box.left + EDGE * em
        and abs(b.right - whole.right) < EDGE * em
        and not has_rule_between(around.rules, whole, b.box)
    ]
    if len(below) != 1:
        return []
    before = _before(whole.top, below[0], bodies, around)
    if head.foreign and not before and not _begins_text(beside[0]):
        # A headline across the middle of its article: the text began in an earlier column.
        return []
    return [*before, *beside, below[0]]


def _begins_text(block: TextBlock) -> bool:
    """Tell whether a block begins as the text of an article does."""
    return block.begins_anew or block.text[:1] in OPENING


def _beside(
    head: Headline, bodies: Sequence[TextBlock], around: HeadlineContext
) -> list[TextBlock]:
    """Return the blocks of text that stand right behind a headline, no higher or lower than it."""
    em, box = around.body, head.type_box
    beside = [
        b
        for b in bodies
        if not b.foreign
        and -0.5 * em < b.box.left - box.right < BEHIND * em
        and box.top - EDGE * em < b.rows[0].box.center[1]
        and b.rows[-1].box.center[1] < box.bottom + EDGE * em
        and not has_column_rule_between(around.rules, box, b.box)
    ]
    return sorted(beside, key=lambda b: b.box.center[1])


def _before(
    top: float, below: TextBlock, bodies: Sequence[TextBlock], around: HeadlineContext
) -> list[TextBlock]:
    """Return the first rows of the text around a headline, where some stand before it.

    They begin as the text of an article does.
    """
    em = around.body
    return [
        b
        for b in bodies
        if not b.foreign
        and len(b.rows) <= BEFORE
        and -em < top - b.rows[-1].type_box.bottom < 1.3 * em
        and abs(b.right - below.right) < EDGE * em
        and abs(b.left - below.left) < EDGE * em
        and _begins_text(b)
        and not has_rule_between(around.rules, b.box, below.box)
    ][:1]
