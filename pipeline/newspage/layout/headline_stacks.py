"""Stacks of display lines: the lines of one headline that stand apart or are set in differently.

Old papers set a headline as a stack of lines, each in type of its own size: one begins where the
column does, the next in the middle, the last ends where the column ends. What makes them one is the
white space they share: no text, rule or picture between them, and none beside one that reaches
under the other.
"""

from collections.abc import Sequence
from itertools import permutations

from newspage.chinese import looks_like_byline, looks_like_name
from newspage.geometry import Box, union_boxes
from newspage.layout.headline import (
    LONGEST_STANDING_OUT,
    MARKS,
    FoundHeadlines,
    Headline,
    HeadlineContext,
    measure_free_width,
)
from newspage.layout.headlines import compose_headline
from newspage.layout.text_blocks import TextBlock
from newspage.model import Separator

FARTHEST = 1.6
"""Times the larger type: two lines of one stack stand at most so far apart. On two folds of 1939
and on generated stacks they stand up to 0.9 apart. Judgement."""
PARTING = 0.75
"""Share of the longer line that a rule between two lines runs along, at least, if it parts them.
Judgement: rules beside a small line of a stack are as long as that line."""
SHORTEST, INSIDE = 3, 0.7
"""Characters of a small line inside a stack at least, and the share of it that lies inside."""
TOUCHING = 0.15
"""Share of a box that may lie in the white space of a stack: boxes as found are too large."""


def join_stacks(found: FoundHeadlines, around: HeadlineContext) -> FoundHeadlines:
    """Return the headlines, those joined that are parts of one stack, and the text that is left.

    A small line between two display lines is of their headline as well.
    """
    while (pair := _next_pair(found, around)) is not None:
        found = _joined(found, *pair, around)
    return found


def _joined(
    found: FoundHeadlines, upper: Headline, lower: Headline, around: HeadlineContext
) -> FoundHeadlines:
    """Return the headlines with two of them joined, and the lines between them."""
    whole = union_boxes((upper.type_box, lower.type_box))
    between = [b for b in found.bodies if _is_line_between(b, whole, around)]
    rows = (*upper.rows, *(r for b in between for r in b.rows), *lower.rows)
    joined = compose_headline(rows, around, lower.byline)
    heads = tuple(joined if h is upper else h for h in found.heads if h is not lower)
    return FoundHeadlines(heads, tuple(b for b in found.bodies if b not in between))


def _is_line_between(block: TextBlock, whole: Box, around: HeadlineContext) -> bool:
    """Tell whether a block is a single small line inside a stack, and reads like a headline."""
    return (
        len(block.rows) == 1
        and not block.foreign
        and SHORTEST <= len(block.text) <= LONGEST_STANDING_OUT
        and not any(mark in block.text for mark in MARKS)
        and block.type_box.share_inside(whole.grown(around.body)) > INSIDE
    )


def _next_pair(found: FoundHeadlines, around: HeadlineContext) -> tuple[Headline, Headline] | None:
    """Return two headlines that are parts of one stack, the upper one first; None without any."""
    for upper, lower in permutations(found.heads, 2):
        if _may_follow(upper, lower):
            others = [h for h in found.heads if h not in (upper, lower)]
            if _share_white_space(upper, lower, others, found.bodies, around):
                return upper, lower
    return None


def _may_follow(upper: Headline, lower: Headline) -> bool:
    """Tell whether a headline stands close enough below another that no byline ends."""
    if any(h.foreign or h.label or not h.title for h in (upper, lower)):
        return False
    # A few characters below a headline count as a byline whatever they are; a name ends it.
    if any(looks_like_byline(r.text) or looks_like_name(r.text) for r in upper.byline):
        return False
    gap = lower.type_box.top - upper.type_box.bottom
    size = max(upper.size, lower.size)
    return upper.box.center[1] < lower.box.center[1] and -0.5 * size < gap < FARTHEST * size


def _share_white_space(
    upper: Headline,
    lower: Headline,
    others: Sequence[Headline],
    bodies: Sequence[TextBlock],
    around: HeadlineContext,
) -> bool:
    """Tell whether nothing stands between two headlines, nor beside one so as to part them."""
    whole = union_boxes((upper.type_box, lower.type_box))
    if any(_crosses(rule, whole) or _parts(rule, upper, lower) for rule in around.rules):
        return False
    bodies = [b for b in bodies if not _is_line_between(b, whole, around)]
    boxes = [*(b.box for b in bodies), *(h.type_box for h in others)]
    boxes += [o for o in around.obstacles if not o.contains(whole, around.body)]
    if any(box.share_inside(whole) > TOUCHING for box in boxes):
        return False
    return _fits_beside(upper, lower, others, bodies, around) and _fits_beside(
        lower, upper, others, bodies, around
    )


def _parts(rule: Separator, upper: Headline, lower: Headline) -> bool:
    """Tell whether a rule between two headlines parts them.

    A rule shorter than the longer of both is an ornament of the shorter one.
    """
    wider = max(upper.box, lower.box, key=lambda b: b.width)
    box = rule.box
    shared = min(box.right, wider.right) - max(box.left, wider.left)
    return (
        not rule.vertical
        and upper.type_box.center[1] < box.center[1] < lower.type_box.center[1]
        and shared > PARTING * wider.width
    )


def _crosses(rule: Separator, whole: Box) -> bool:
    """Tell whether a vertical rule runs through a box."""
    box = rule.box
    inside = whole.left < box.center[0] < whole.right
    shared = min(box.bottom, whole.bottom) - max(box.top, whole.top)
    return rule.vertical and inside and shared > 0.3 * whole.height


def _fits_beside(
    head: Headline,
    other: Headline,
    others: Sequence[Headline],
    bodies: Sequence[TextBlock],
    around: HeadlineContext,
) -> bool:
    """Tell whether a headline stands in the white space at the level of another one."""
    left, right = measure_free_width(other, others, bodies, around)
    slack = around.body
    return left - slack <= head.type_box.left and head.type_box.right <= right + slack
