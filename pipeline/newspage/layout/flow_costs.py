"""What it costs to let the text of a stack follow a headline or another stack."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from newspage.geometry import Box, measure_overlap_1d
from newspage.layout.headlines import Headline
from newspage.layout.text_blocks import TextBlock
from newspage.layout.view import (
    has_column_rule_between,
    has_rule_between,
    measure_share_x,
    measure_share_y,
)
from newspage.layout.zone_context import NEVER, ZoneContext, is_separated

FARTHEST = 60
"""Text goes on in a column at most so many em away."""


@dataclass(frozen=True, slots=True)
class TransitionCosts:
    """What an arc costs. An arc of cost 0 is neutral; about 3 is a strong objection."""

    orphan_indented: float = 3.2
    """A stack that begins a paragraph has no predecessor at all."""
    orphan_open: float = 5.5
    """A stack that begins inside a sentence has no predecessor."""
    cut_sentence: float = 2.2
    """Text breaks off inside a sentence and the next stack begins a paragraph."""
    lost_beginning: float = 2.6
    """A paragraph has ended and the next stack begins without indent."""
    goes_on: float = -1.2
    """Text breaks off inside a sentence and the next stack begins without indent."""
    adjacent: float = -1.6
    """A stack stands directly below another: a subheading or a misread row tore them apart."""
    open_end: float = 2.0
    """Text breaks off inside a sentence and nothing follows."""
    rule: float = 2.6
    """A horizontal rule stands between a stack and the one below it."""
    column_rule: float = 0.15
    """A vertical rule stands between neighbouring columns."""
    bare_head: float = 1.0
    """A headline has no text."""
    label: float = 1.5
    """Text without a headline of its own stands under the heading of a column of short pieces."""
    other_head: float = 3.5
    """The next stack stands under another headline."""
    same_head: float = -0.8
    """Both stand under the same headline."""
    initial: float = 3.0
    """The next stack begins with a drop cap, or under who wrote it, as articles do."""
    other_type: float = 2.5
    """The type is of another size."""

    def cost_orphan(self, stack: TextBlock) -> float:
        """Cost of a stack without a predecessor."""
        return self.orphan_indented if stack.begins_anew else self.orphan_open


def cost_from_head(
    ground: ZoneContext, h: int, stack: TextBlock, owner: int | None, costs: TransitionCosts
) -> float:
    """Cost of a stack as the beginning of the text of headline `h`; `owner`: the one above it."""
    head, em = ground.heads[h], ground.em
    cost = 0.0 if stack.begins_anew or head.jump else 1.0
    if head.foreign:
        return cost + _beside_head(ground, h, stack)
    if owner != h:
        below = stack.box.top - head.box.bottom
        if _goes_over(ground, head, stack):
            return cost + 0.8
        if measure_share_x(head.box, stack.box) < 0.5 or not -0.5 * em < below < 4 * em:
            return NEVER
        cost += costs.other_head
    cost += 1.6 * min(_earlier_columns(ground, h, stack), 3)
    above = sum(
        measure_share_x(s.box, stack.box) > 0.4
        and head.box.bottom - em <= s.box.top
        and s.box.bottom <= stack.box.top + em
        for s in ground.bodies
        if s is not stack
    )
    distance = max(0.0, stack.box.top - head.box.bottom) / em
    return cost + 3.0 * above + min(0.08 * distance, 2.0)


def _earlier_columns(ground: ZoneContext, h: int, stack: TextBlock) -> int:
    """How many stacks under a headline stand left of one; the text begins in the first column.

    Of an article with the headline in its corner, columns under it stand before those beside it.
    """
    em, head, left = ground.em, ground.heads[h], ground.spans[h][0]
    beside = stack.box.top < head.box.bottom
    lowest = (head.box.bottom if beside else stack.box.top) + 3 * em
    return sum(
        s is not stack
        and (beside or measure_share_y(s.box, stack.box) > 0.2)
        and s.box.right <= stack.box.left + em
        and s.box.left >= min(head.box.left, stack.box.left) - 40 * em
        and s.box.left >= left - em
        and head.box.bottom - em <= s.box.top < lowest
        and not is_separated(ground, head.box, s.box)
        for s in ground.bodies
    )


def _goes_over(ground: ZoneContext, head: Headline, stack: TextBlock) -> bool:
    """Whether a headline stands at the foot of a column and its text at the top of the next."""
    em = ground.em
    box, lane = head.box, stack.lane
    if not head.title or box.width > 1.15 * lane.width or ground.top_of(stack) < lane.top - 1:
        return False
    if lane.top >= box.top or not -em < lane.left - box.right < 0.5 * lane.width + 3 * em:
        return False
    return not any(
        measure_share_x(s.lane, box) > 0.4 and -em < s.lane.top - box.bottom < 6 * em
        for s in ground.bodies
    )


def _beside_head(ground: ZoneContext, h: int, stack: TextBlock) -> float:
    """Cost of a stack as the beginning of the text of a headline set across.

    Such a headline stands before its text, behind it or in its midst; the text begins in the
    column right of it, or in the first of the columns left of it.
    """
    em, head = ground.em, ground.heads[h]
    below = (stack.box.top - head.box.bottom) / em
    if measure_share_x(head.box, stack.box) > 0.5:
        return 0.5 + 0.1 * max(0.0, below) if -0.5 < below < 3 else NEVER
    band = ground.bands[h]
    if stack not in band:
        return NEVER
    late = 0.05 * max(0.0, stack.box.top - head.box.top) / em
    if stack.box.center[0] > head.box.center[0]:
        gap = (stack.box.left - head.box.right) / em
        nearer = any(head.box.right - em < s.box.left < stack.box.left - em for s in band)
        return NEVER if gap > 6 or nearer else 0.3 + 0.1 * max(0.0, gap) + late
    run = _run_left(head, band, em)
    first = bool(run) and stack.box.left <= min(s.box.left for s in run) + 2 * em and stack in run
    return 0.5 + late if first else NEVER


def _run_left(head: Headline, band: Sequence[TextBlock], em: float) -> list[TextBlock]:
    """The columns left of a headline, one beside the other without a wide gap.

    The one that begins with a drop cap is the first of its article.
    """
    run: list[TextBlock] = []
    edge = head.box.left
    for stack in sorted(band, key=lambda s: -s.box.right):
        if stack.box.center[0] < head.box.center[0] and edge - stack.box.right < 5 * em:
            run.append(stack)
            edge = min(edge, stack.box.left)
            if stack.begins_with_initial:
                break
    return run


def is_open_ended(stack: TextBlock) -> bool:
    """Whether the text breaks off inside a sentence, at the end of a full row."""
    return not stack.ends_sentence and not stack.ends_short


def _continuity(before: TextBlock, after: TextBlock, costs: TransitionCosts) -> float:
    """What the text itself says about a transition."""
    begins = after.begins_with_initial or after.begins_signed
    return _by_sentences(before, after, costs) + (costs.initial if begins else 0)


def _by_sentences(before: TextBlock, after: TextBlock, costs: TransitionCosts) -> float:
    indented = after.begins_indented
    if before.ends_short:
        return -0.2 if indented else costs.lost_beginning
    if before.ends_sentence:
        return 0.0
    return costs.cut_sentence if indented else costs.goes_on


def cost_from_block(
    ground: ZoneContext,
    before: TextBlock,
    after: TextBlock,
    owner: int | None,
    next_owner: int | None,
    costs: TransitionCosts,
) -> float:
    """Cost of one stack following another; the owners are the headlines they stand under.

    An arc that costs more than none at all is never taken, so its cost is not reckoned further.
    """
    em = ground.em
    a, b = before.lane, after.lane
    below = (b.top - a.bottom) / em
    if below > FARTHEST or b.right < a.left:
        return NEVER
    if (
        measure_share_x(a, b) >= 0.4
        and -0.8 < below < 1.3
        and not has_rule_between(ground.around.rules, a, b)
    ):
        return costs.adjacent + _downwards(ground, before, after, below, costs)
    cost = _continuity(before, after, costs)
    ratio = max(before.size, after.size) / min(before.size, after.size)
    cost += costs.other_type * min(1.0, max(0.0, (ratio - 1.25) / 0.5))
    if next_owner is not None and next_owner == owner:
        cost += costs.same_head
    elif next_owner is not None:
        cost += costs.other_head
    if measure_share_x(a, b) >= 0.4 and below > -0.8:
        return cost + _downwards(ground, before, after, below, costs)
    if b.left >= a.left + 2 * em and b.right > a.right and below < 0:
        most = costs.cost_orphan(after) + (costs.open_end if is_open_ended(before) else 0.0)
        cost += _sidewards(ground, before, after, owner, next_owner, costs)
        return cost + _in_the_way(ground, before, after, costs) if cost <= most else NEVER
    return NEVER


def _downwards(
    ground: ZoneContext, before: TextBlock, after: TextBlock, below: float, costs: TransitionCosts
) -> float:
    a, b = before.lane, after.lane
    if any(
        a.bottom - 5 <= o.center[1] <= b.top + 5 and o not in (a, b)
        for o in ground.lane_fellows[after]
    ):
        return NEVER
    if _continuity(before, after, costs) <= 0:
        below -= _pictured(ground, a, b) / ground.em
    cost = 0.2 + min(0.12 * max(0.0, below), 2.5)
    if has_rule_between(ground.around.rules, a, b):
        cost += costs.rule
    return cost


def _pictured(ground: ZoneContext, a: Box, b: Box) -> float:
    """How much of the way down a column is a picture that the text goes on below."""
    return sum(
        measure_overlap_1d(o.top, o.bottom, a.bottom, b.top)
        for o in ground.around.obstacles
        if o not in ground.around.walls
        and measure_share_x(o, b) > 0.5
        and a.bottom < o.center[1] < b.top
    )


def _sidewards(
    ground: ZoneContext,
    before: TextBlock,
    after: TextBlock,
    owner: int | None,
    next_owner: int | None,
    costs: TransitionCosts,
) -> float:
    """Cost of going on at the top of a column further right, by where both stand."""
    a, b = before.lane, after.lane
    gap = (b.left - a.right) / ground.em
    if gap > FARTHEST:
        return NEVER
    cost = 0.3 + 0.2 * max(0.0, gap - 2.0)
    if has_column_rule_between(ground.around.rules, a, b):
        cost += costs.column_rule
    return cost + _unlevel(ground, before, after, owner, next_owner)


def _in_the_way(
    ground: ZoneContext, before: TextBlock, after: TextBlock, costs: TransitionCosts
) -> float:
    """Cost of what the text would have to pass over on its way to another column.

    What stands higher than the column that is left is of no concern, unless the way leads there.
    """
    upwards = after.lane.bottom < ground.top_of(before)
    top = ground.flush_top(before)
    above = sum(upwards or s.box.bottom > top for s in ground.close_above[after])
    cost = 1.5 * min(above, 2) + 2.0 * _skipped(ground, before, after)
    return cost + (costs.rule if _crossed(ground, before, after) else 0.0)


def _skipped(ground: ZoneContext, before: TextBlock, after: TextBlock) -> int:
    """How many stacks stand between two columns, up to three."""
    a, b, em = before.lane, after.lane, ground.em
    top, bottom = min(a.top, b.top), max(a.bottom, b.top + em)
    between = (
        s
        for s in ground.select_within(a.right - em, b.left + em)
        if s not in (before, after)
        and measure_overlap_1d(s.box.top, s.box.bottom, top, bottom) > em
    )
    return sum(1 for _ in islice(between, 3))


def _unlevel(
    ground: ZoneContext,
    before: TextBlock,
    after: TextBlock,
    owner: int | None,
    next_owner: int | None,
) -> float:
    """Cost of a column that does not begin as high as the one that is left, or as its headline."""
    em, a, b = ground.em, before.lane, after.lane
    top = ground.top_of(before)
    if owner != next_owner and abs(ground.strip_top(before) - b.top) < 3 * em:
        top = min(top, b.top + em)
    if owner == next_owner and ground.column_of(after).bottom > top:
        top = min(top, b.top + em if owner is None else ground.heads[owner].box.top)
    lower = (b.top - top) / em
    cost = min(0.25 * (-1 - lower), 6.0) if lower < -1 else 0.0
    return cost + (0.4 + min(0.06 * lower, 1.5) if lower > 4 and b.top > a.top + 3 * em else 0.0)


def _crossed(ground: ZoneContext, before: TextBlock, after: TextBlock) -> bool:
    """Whether a horizontal rule above the next column keeps it apart from the one that is left.

    The stack that is left reaches down past the rule's height on its own side, so the rule only
    closes the next column off from above: no objection. But a rule that runs over both columns,
    below the first and above the second, is one.
    """
    a, b = before.box, after.box
    left, right = a.center[0], b.center[0]
    return any(
        not r.vertical
        and r.box.left <= left
        and r.box.right >= right
        and min(a.bottom, b.bottom) - 0.5 * ground.em
        <= r.box.center[1]
        <= max(a.top, b.top) + 0.5 * ground.em
        for r in ground.around.rules
    )
