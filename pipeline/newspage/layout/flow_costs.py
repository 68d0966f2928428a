"""The cost of letting the text of a block follow a headline or another block.

A cost is a plain number without a unit, in the scale of `TransitionCosts`. The values are a
judgement, balanced against each other on the project's sample pages. A block's `lane` is its box
as wide as its column.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from newspage.geometry import Box, measure_overlap_1d
from newspage.layout.headline import Headline
from newspage.layout.surrounded_heads import surrounds
from newspage.layout.text_blocks import TextBlock
from newspage.layout.view import (
    has_column_rule_between,
    has_rule_between,
    measure_share_x,
    measure_share_y,
)
from newspage.layout.zone_context import NEVER, WIDEST_ARTICLE, ZoneContext, is_separated

FARTHEST = 60
"""Em. Text goes on in a column at most so far away. Judgement: enough to pass a wide picture."""
NEVER_FIRST = "、，。；："
"""Marks that no text begins with: one at the start of a row belongs to the row before."""
NEXT_TIER = 0.8
"""Cost of text that breaks off at the end of a tier and goes on where the next one begins, which is
far up on old pages."""
AROUND = -1.0
"""Cost of text around a headline as its beginning."""
NEXT_TO_FRAME = 5.0
"""Em from a headline in a frame to its text outside, at most. Judgement."""


@dataclass(frozen=True, slots=True)
class TransitionCosts:
    """Costs of what an arc implies: 0 is neutral, about 3 a strong objection."""

    orphan_indented: float = 3.2
    """A block that begins a paragraph has no predecessor at all."""
    orphan_open: float = 5.5
    """A block that begins inside a sentence has no predecessor."""
    cut_sentence: float = 2.2
    """Text breaks off inside a sentence and the next block begins a paragraph."""
    lost_beginning: float = 2.6
    """A paragraph has ended and the next block begins without indent."""
    goes_on: float = -1.2
    """Text breaks off inside a sentence and the next block begins without indent."""
    adjacent: float = -1.6
    """A block stands directly below another: a subheading or a misread row tore them apart."""
    open_end: float = 2.0
    """Text breaks off inside a sentence and nothing follows."""
    rule: float = 2.6
    """A horizontal rule stands between a block and the one below it."""
    column_rule: float = 0.15
    """A vertical rule stands between neighbouring columns."""
    bare_head: float = 1.0
    """A headline has no text."""
    label: float = 1.5
    """Text without a headline of its own stands under the heading of a column of short pieces."""
    other_head: float = 3.5
    """The next block stands under another headline."""
    same_head: float = -0.8
    """Both blocks stand under the same headline."""
    initial: float = 3.0
    """The next block begins with a drop cap or under a byline, as articles do."""
    two_marks: float = 3.0
    """One text ends with a mark, and the next begins with one."""
    other_type: float = 2.5
    """The type of the next block is of another size."""

    def cost_orphan(self, block: TextBlock) -> float:
        """Return the cost of a block without a predecessor."""
        return self.orphan_indented if block.begins_anew else self.orphan_open


def cost_from_head(
    zone: ZoneContext, h: int, block: TextBlock, owner: int | None, costs: TransitionCosts
) -> float:
    """Return the cost of a block as the beginning of the text of a headline.

    Args:
        zone: The headlines and blocks of the zone.
        h: Index of the headline.
        block: The block.
        owner: Index of the headline the block stands under; None where it stands under none.
        costs: The scale of costs.

    Returns:
        The cost, lower for a better match; `NEVER` where the arc is impossible.
    """
    head, em = zone.heads[h], zone.em
    if surrounds(block, head):
        return AROUND
    cost = 0.0 if block.begins_anew or head.jump else 1.0
    if _is_walled_off(zone, head, block):
        return NEVER
    if head.foreign:
        return cost + _beside_head(zone, h, block)
    if owner != h:
        below = block.box.top - head.box.bottom
        if _goes_over(zone, head, block):
            return cost + 0.8
        if measure_share_x(head.box, block.box) < 0.5 or not -0.5 * em < below < 4 * em:
            return NEVER
        cost += costs.other_head
    cost += 1.6 * min(_earlier_columns(zone, h, block), 3)
    above = sum(
        measure_share_x(s.box, block.box) > 0.4
        and head.box.bottom - em <= s.box.top
        and s.box.bottom <= block.box.top + em
        for s in zone.bodies
        if s is not block
    )
    distance = max(0.0, block.box.top - head.box.bottom) / em
    return cost + 3.0 * above + min(0.08 * distance, 2.0)


def _is_walled_off(zone: ZoneContext, head: Headline, block: TextBlock) -> bool:
    """Tell whether a frame stands around a headline, and a block outside is not right beside it.

    A boxed headline stands close to its text; what is farther off is not that of an advertisement.
    """
    box, em = head.box, zone.em
    close = block.box.intersection(box.grown(NEXT_TO_FRAME * em)) is not None
    return not close and any(
        w.contains(box, em) and not w.contains(block.box, em) for w in zone.around.walls
    )


def _earlier_columns(zone: ZoneContext, h: int, block: TextBlock) -> int:
    """Return how many blocks of a headline stand left of one; its text begins in the first column.

    Of an article with the headline in its corner, columns under it stand before those beside it.
    """
    em, head, left = zone.em, zone.heads[h], zone.spans[h][0]
    beside = block.box.top < head.box.bottom
    lowest = (head.box.bottom if beside else block.box.top) + 3 * em
    return sum(
        s is not block
        and (beside or measure_share_y(s.box, block.box) > 0.2)
        and s.box.right <= block.box.left + em
        and s.box.left >= min(head.box.left, block.box.left) - WIDEST_ARTICLE * em
        and s.box.left >= left - em
        and head.box.bottom - em <= s.box.top < lowest
        and not is_separated(zone, head.box, s.box)
        for s in zone.bodies
    )


def _goes_over(zone: ZoneContext, head: Headline, block: TextBlock) -> bool:
    """Tell whether a headline ends a column and its text begins at the top of the next."""
    em = zone.em
    box, lane = head.box, block.lane
    if not head.title or box.width > 1.15 * lane.width or zone.top_of(block) < lane.top - 1:
        return False
    if lane.top >= box.top or not -em < lane.left - box.right < 0.5 * lane.width + 3 * em:
        return False
    return not any(
        measure_share_x(s.lane, box) > 0.4 and -em < s.lane.top - box.bottom < 6 * em
        for s in zone.bodies
    )


def _beside_head(zone: ZoneContext, h: int, block: TextBlock) -> float:
    """Return the cost of a block as the beginning of the text of a headline set across.

    Such a headline stands before its text, behind it or in its midst; the text begins in the
    column right of it, or in the first of the columns left of it.
    """
    em, head = zone.em, zone.heads[h]
    below = (block.box.top - head.box.bottom) / em
    if measure_share_x(head.box, block.box) > 0.5:
        return 0.5 + 0.1 * max(0.0, below) if -0.5 < below < 3 else NEVER
    band = zone.bands[h]
    if block not in band:
        return NEVER
    late = 0.05 * max(0.0, block.box.top - head.box.top) / em
    if block.box.center[0] > head.box.center[0]:
        gap = (block.box.left - head.box.right) / em
        nearer = any(head.box.right - em < s.box.left < block.box.left - em for s in band)
        return NEVER if gap > 6 or nearer else 0.3 + 0.1 * max(0.0, gap) + late
    run = _run_left(head, band, em)
    first = bool(run) and block.box.left <= min(s.box.left for s in run) + 2 * em and block in run
    return 0.5 + late if first else NEVER


def _run_left(head: Headline, band: Sequence[TextBlock], em: float) -> list[TextBlock]:
    """Return the columns left of a headline, one beside the other without a wide gap.

    The one that begins with a drop cap is the first of its article.
    """
    run: list[TextBlock] = []
    edge = head.box.left
    for block in sorted(band, key=lambda s: -s.box.right):
        if block.box.center[0] < head.box.center[0] and edge - block.box.right < 5 * em:
            run.append(block)
            edge = min(edge, block.box.left)
            if block.begins_with_initial:
                break
    return run


def is_open_ended(block: TextBlock) -> bool:
    """Tell whether the text breaks off inside a sentence, at the end of a full row."""
    return not block.ends_sentence and not block.ends_short


def _leads_on(before: TextBlock, after: TextBlock) -> bool:
    """Tell whether one text breaks off without a mark, at the end of a row, and another goes on."""
    return is_open_ended(before) and before.text[-1] not in NEVER_FIRST and not after.begins_anew


def _continuity(before: TextBlock, after: TextBlock, costs: TransitionCosts) -> float:
    """Return the cost of a transition by the text alone: sentences, drop caps and bylines."""
    begins = after.begins_with_initial or after.begins_signed
    twice = before.text[-1] in NEVER_FIRST and after.text[0] in NEVER_FIRST
    cost = _by_sentences(before, after, costs) + (costs.initial if begins else 0)
    return cost + (costs.two_marks if twice else 0)


def _by_sentences(before: TextBlock, after: TextBlock, costs: TransitionCosts) -> float:
    """Return the cost of a transition by how the first text ends and the second begins."""
    indented = after.begins_indented
    if before.ends_short:
        return -0.2 if indented else costs.lost_beginning
    if before.ends_sentence:
        return 0.0
    return costs.cut_sentence if indented else costs.goes_on


def cost_from_block(
    zone: ZoneContext,
    before: TextBlock,
    after: TextBlock,
    owner: int | None,
    next_owner: int | None,
    costs: TransitionCosts,
) -> float:
    """Return the cost of one block following another.

    An arc that costs more than none at all is never taken, so its cost is not computed further.

    Args:
        zone: The headlines and blocks of the zone.
        before: The block whose text would go on.
        after: The block in which it would.
        owner: Index of the headline that `before` stands under; None where it stands under none.
        next_owner: The same for `after`.
        costs: The scale of costs.

    Returns:
        The cost, lower for a better match; `NEVER` where the arc is impossible.
    """
    em = zone.em
    a, b = before.lane, after.lane
    below = (b.top - a.bottom) / em
    if below > FARTHEST or b.right < a.left:
        return NEVER
    if (
        measure_share_x(a, b) >= 0.4
        and -0.8 < below < 1.3
        and not has_rule_between(zone.around.rules, a, b)
    ):
        return costs.adjacent + _downwards(zone, before, after, below, costs)
    cost = _continuity(before, after, costs)
    ratio = max(before.size, after.size) / min(before.size, after.size)
    cost += costs.other_type * min(1.0, max(0.0, (ratio - 1.25) / 0.5))
    if next_owner is not None and next_owner == owner:
        cost += costs.same_head
    elif next_owner is not None:
        cost += costs.other_head
    if measure_share_x(a, b) >= 0.4 and below > -0.8:
        return cost + _downwards(zone, before, after, below, costs)
    if b.left >= a.left + 2 * em and b.right > a.right and below < 0:
        most = costs.cost_orphan(after) + (costs.open_end if is_open_ended(before) else 0.0)
        cost += _sidewards(zone, before, after, owner, next_owner, costs)
        return cost + _in_the_way(zone, before, after, costs) if cost <= most else NEVER
    return NEVER


def _downwards(
    zone: ZoneContext, before: TextBlock, after: TextBlock, below: float, costs: TransitionCosts
) -> float:
    """Return the cost of going on further down the same column, `below` em away."""
    a, b = before.lane, after.lane
    if any(
        a.bottom - 5 <= o.center[1] <= b.top + 5 and o not in (a, b)
        for o in zone.lane_fellows[after]
    ):
        return NEVER
    if _continuity(before, after, costs) <= 0:
        below -= _pictured(zone, a, b) / zone.em
    cost = 0.2 + min(0.12 * max(0.0, below), 2.5)
    if has_rule_between(zone.around.rules, a, b):
        cost += costs.rule
    return cost


def _pictured(zone: ZoneContext, a: Box, b: Box) -> float:
    """Return how many pixels of the way down a column are covered by pictures."""
    return sum(
        measure_overlap_1d(o.top, o.bottom, a.bottom, b.top)
        for o in zone.around.obstacles
        if o not in zone.around.walls
        and measure_share_x(o, b) > 0.5
        and a.bottom < o.center[1] < b.top
    )


def _sidewards(
    zone: ZoneContext,
    before: TextBlock,
    after: TextBlock,
    owner: int | None,
    next_owner: int | None,
    costs: TransitionCosts,
) -> float:
    """Return the cost of going on at the top of a column further right, by where both stand."""
    a, b = before.lane, after.lane
    gap = (b.left - a.right) / zone.em
    if gap > FARTHEST:
        return NEVER
    cost = 0.3 + 0.2 * max(0.0, gap - 2.0)
    if has_column_rule_between(zone.around.rules, a, b):
        cost += costs.column_rule
    return cost + _unlevel(zone, before, after, owner, next_owner)


def _in_the_way(
    zone: ZoneContext, before: TextBlock, after: TextBlock, costs: TransitionCosts
) -> float:
    """Return the cost of what the text would have to pass over on its way to another column.

    Blocks that stand higher than the column that is left do not count, unless the way leads there.
    """
    upwards = after.lane.bottom < zone.top_of(before)
    top = zone.flush_top(before)
    above = sum(upwards or s.box.bottom > top for s in zone.close_above[after])
    cost = 1.5 * min(above, 2) + 2.0 * _skipped(zone, before, after)
    return cost + (costs.rule if _crossed(zone, before, after) else 0.0)


def _skipped(zone: ZoneContext, before: TextBlock, after: TextBlock) -> int:
    """Return the number of blocks that stand between two columns, three at most."""
    a, b, em = before.lane, after.lane, zone.em
    top, bottom = min(a.top, b.top), max(a.bottom, b.top + em)
    between = (
        s
        for s in zone.select_within(a.right - em, b.left + em)
        if s not in (before, after)
        and measure_overlap_1d(s.box.top, s.box.bottom, top, bottom) > em
    )
    return sum(1 for _ in islice(between, 3))


def _unlevel(
    zone: ZoneContext,
    before: TextBlock,
    after: TextBlock,
    owner: int | None,
    next_owner: int | None,
) -> float:
    """Return the cost of a column that begins higher or lower than the one that is left.

    Under the same headline it may begin as high as the headline does.
    """
    em, a, b = zone.em, before.lane, after.lane
    top = zone.top_of(before)
    if owner != next_owner and abs(zone.strip_top(before) - b.top) < 3 * em:
        top = min(top, b.top + em)
    if owner == next_owner and zone.column_of(after).bottom > top:
        top = min(top, b.top + em if owner is None else zone.heads[owner].box.top)
    lower = (b.top - top) / em
    cost = min(0.25 * (-1 - lower), 6.0) if lower < -1 else 0.0
    if cost > NEXT_TIER and _leads_on(before, after) and zone.is_next_tier(before, after):
        cost = NEXT_TIER
    return cost + (0.4 + min(0.06 * lower, 1.5) if lower > 4 and b.top > a.top + 3 * em else 0.0)


def _crossed(zone: ZoneContext, before: TextBlock, after: TextBlock) -> bool:
    """Tell whether a horizontal rule above the next column separates it from the one that is left.

    Where the block that is left reaches down past the rule's height, the rule only closes the
    next column off from above and does not count. A rule that runs over both columns, below the
    first block and above the second, does.
    """
    a, b = before.box, after.box
    left, right = a.center[0], b.center[0]
    return any(
        not r.vertical
        and r.box.left <= left
        and r.box.right >= right
        and min(a.bottom, b.bottom) - 0.5 * zone.em
        <= r.box.center[1]
        <= max(a.top, b.top) + 0.5 * zone.em
        for r in zone.around.rules
    )
