"""Which block of text goes on in which: every block gets at most one predecessor.

Headlines and stacks are the nodes of a graph. An arc says that the text of a stack follows a
headline or another stack; its cost grows with what speaks against that: distance, rules and
headlines in between, a sentence that is cut off where a new paragraph begins. The cheapest set of
arcs that gives every stack one predecessor and every node one successor at most (a linear
assignment) are the articles: order first, grouping out of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import linear_sum_assignment

from pipeline.geometry import Box, overlap_1d, union
from pipeline.layout.heads import Head, Surroundings, span
from pipeline.layout.stacks import Stack
from pipeline.layout.view import column_rule_between, rule_between, share_x, share_y

NEVER = 1e6
FARTHEST = 60
"""Text goes on in a column at most so many em away."""


@dataclass(frozen=True, slots=True)
class Story:
    """A headline (or none) and the stacks of its text in reading order."""

    head: Head | None
    stacks: tuple[Stack, ...]

    @property
    def boxes(self) -> tuple[Box, ...]:
        head = (self.head.box,) if self.head else ()
        return head + tuple(s.box for s in self.stacks)


@dataclass(frozen=True, slots=True)
class Costs:
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
    """A stack stands directly below another: what tore them apart is a subheading or a misread row."""
    open_end: float = 2.0
    """Text breaks off inside a sentence and nothing follows."""
    rule: float = 2.6
    """A horizontal rule stands between a stack and the one below it."""
    column_rule: float = 0.15
    """A vertical rule stands between neighbouring columns."""
    bare_head: float = 1.0
    """A headline has no text."""
    other_head: float = 3.5
    """The next stack stands under another headline."""
    same_head: float = -0.8
    """Both stand under the same headline."""
    other_type: float = 2.5
    """The type is of another size."""


@dataclass(frozen=True, eq=False)
class Ground:
    """The blocks of a zone and what stands between them."""

    heads: tuple[Head, ...]
    bodies: tuple[Stack, ...]
    around: Surroundings

    @property
    def em(self) -> float:
        return self.around.body

    def top_of(self, stack: Stack) -> float:
        """How high the column reaches that a stack stands in, rules and headlines not crossed."""
        return self._runs[stack].top

    def column_of(self, stack: Stack) -> Box:
        """The lanes of all stacks in the column of a stack, rules and headlines not crossed."""
        return self._columns[stack]

    @cached_property
    def owner_of(self) -> dict[Stack, int | None]:
        """For every stack the headline it stands under, seen through the stacks above it."""
        return dict(zip(self.bodies, _owners(self), strict=True))

    @cached_property
    def _runs(self) -> dict[Stack, Box]:
        """For every stack its lane with those above it."""
        runs: dict[Stack, Box] = {}
        for stack in sorted(self.bodies, key=lambda s: s.box.top):
            lane = stack.lane
            over = [o for o in runs if self._continues(o.lane, lane)]
            lowest = max(over, key=lambda o: o.lane.bottom, default=None)
            runs[stack] = union((runs[lowest], lane)) if lowest else lane
        return runs

    @cached_property
    def _columns(self) -> dict[Stack, Box]:
        """For every stack its run with the lanes below it."""
        columns: dict[Stack, Box] = {}
        for stack in sorted(self.bodies, key=lambda s: -s.box.top):
            under = [o for o in columns if self._continues(stack.lane, o.lane)]
            highest = min(under, key=lambda o: o.lane.top, default=None)
            run = self._runs[stack]
            bottom = columns[highest].bottom if highest else run.bottom
            columns[stack] = Box(run.left, run.top, run.right, max(run.bottom, bottom))
        return columns

    def _continues(self, upper: Box, lower: Box) -> bool:
        return (
            -self.em < lower.top - upper.bottom < 2.5 * self.em
            and share_x(upper, lower) > 0.5
            and upper.top < lower.top
            and not rule_between(self.around.rules, upper, lower)
        )


def stories(ground: Ground, costs: Costs | None = None) -> list[Story]:
    """The articles of a zone: every headline and every stack in exactly one of them."""
    costs = costs or Costs()
    n_heads, n = len(ground.heads), len(ground.bodies)
    if n == 0:
        return [Story(h, ()) for h in ground.heads]
    owners = [ground.owner_of[s] for s in ground.bodies]
    table = np.full((n, n_heads + 2 * n), NEVER)
    for b, stack in enumerate(ground.bodies):
        for h in range(n_heads):
            table[b, h] = _from_head(ground, h, stack, owners[b], costs) - costs.bare_head
        for a, before in enumerate(ground.bodies):
            if a != b:
                table[b, n_heads + a] = _from_stack(ground, before, stack, owners[a], owners[b], costs)
                if _is_open(before):
                    table[b, n_heads + a] -= costs.open_end
        table[b, n_heads + n + b] = costs.orphan_indented if stack.begins_indented else costs.orphan_open
    rows, columns = linear_sum_assignment(table)
    before_of = {int(r): int(c) for r, c in zip(rows, columns, strict=True) if c < n_heads + n and table[r, c] < NEVER / 2}
    return _chains(ground, before_of)


def _chains(ground: Ground, before_of: dict[int, int]) -> list[Story]:
    n_heads = len(ground.heads)
    after = {before: b for b, before in before_of.items()}

    def follow(node: int) -> tuple[Stack, ...]:
        chain: list[int] = []
        while node in after and after[node] not in chain:
            chain.append(after[node])
            node = n_heads + after[node]
        return tuple(ground.bodies[b] for b in chain)

    told = [Story(head, follow(h)) for h, head in enumerate(ground.heads)]
    for b, stack in enumerate(ground.bodies):
        if b not in before_of:
            told.append(Story(None, (stack, *follow(n_heads + b))))
    placed = {s for story in told for s in story.stacks}
    return told + [Story(None, (s,)) for s in ground.bodies if s not in placed]


def _owners(ground: Ground) -> list[int | None]:
    """For every stack the headline it stands under, seen through the stacks above it."""
    spans = [
        span(h, [o for o in ground.heads if o is not h], ground.bodies, ground.around)
        for h in ground.heads
    ]
    return [_owner(ground, spans, s) for s in ground.bodies]


def _owner(ground: Ground, spans: Sequence[tuple[float, float]], stack: Stack) -> int | None:
    best, least = None, NEVER
    for h, head in enumerate(ground.heads):
        if head.foreign or head.box.center[1] > stack.box.top + 0.5 * ground.em:
            continue
        left, right = spans[h]
        shared = overlap_1d(left, right, stack.box.left, stack.box.right)
        if shared < 0.5 * stack.box.width:
            continue
        if _parted(ground, head.box, stack.box):
            continue
        beside = max(0.0, -overlap_1d(head.box.left, head.box.right, stack.box.left, stack.box.right))
        distance = stack.box.top - head.box.bottom + 0.5 * beside
        if distance < least:
            best, least = h, distance
    for h, head in enumerate(ground.heads):
        if _is_corner(ground, head, stack) and 0.3 * (stack.box.left - head.box.right) < least:
            best, least = h, 0.3 * (stack.box.left - head.box.right)
    return best


def _is_corner(ground: Ground, head: Head, stack: Stack) -> bool:
    """Whether a headline stands in the corner of an article whose next columns begin as high as it.

    The stack has to be the top of its column, and no other headline or column rule of the page may
    part it from the headline.
    """
    box = stack.lane
    if head.foreign or abs(box.top - head.box.top) > 1.2 * ground.em or box.left < head.box.right:
        return False
    close = [o.lane for o in ground.bodies if o is not stack and share_x(o.lane, box) > 0.5]
    if any(-ground.em < box.top - o.bottom < 1.2 * ground.em for o in close):
        return False
    if box.left - head.box.right > 40 * ground.em:
        return False
    strip = Box(head.box.right, head.box.top, max(box.left, head.box.right), head.box.bottom)
    return not any(
        h is not head and (s := strip.intersection(h.box)) is not None and s.area > 0 for h in ground.heads
    )


def _parted(ground: Ground, upper: Box, lower: Box) -> bool:
    """Whether a rule or another headline stands between a headline and a stack below it."""
    column = Box(lower.left, min(upper.bottom, lower.top), lower.right, max(upper.bottom, lower.top))
    if any(
        not r.vertical
        and column.top + 0.2 * ground.em < r.box.center[1] < column.bottom - 0.2 * ground.em
        and overlap_1d(r.box.left, r.box.right, lower.left, lower.right) > 0.6 * lower.width
        for r in ground.around.rules
    ):
        return True
    walls = [h.box for h in ground.heads if h.box != upper] + list(ground.around.obstacles)
    return any(
        column.top - 0.5 * ground.em <= w.center[1] <= column.bottom and share_x(w, lower) > 0.3 for w in walls
    )


def _from_head(ground: Ground, h: int, stack: Stack, owner: int | None, costs: Costs) -> float:
    head, em = ground.heads[h], ground.em
    cost = 0.0 if stack.begins_indented or head.jump else 1.0
    if head.foreign:
        return cost + _beside_head(ground, head, stack)
    if owner != h:
        below = stack.box.top - head.box.bottom
        if _goes_over(ground, head, stack):
            return cost + 0.8
        if share_x(head.box, stack.box) < 0.5 or not -0.5 * em < below < 4 * em:
            return NEVER
        cost += costs.other_head
    # The text begins in the first column under the headline.
    under = [
        s for s in ground.bodies
        if s is not stack and share_y(s.box, stack.box) > 0.2 and s.box.right <= stack.box.left + em
        and s.box.left >= min(head.box.left, stack.box.left) - 40 * em
    ]
    spanned = span(head, [o for o in ground.heads if o is not head], ground.bodies, ground.around)
    ahead = sum(
        s.box.left >= spanned[0] - em and s.box.top < stack.box.top + 3 * em and s.box.top >= head.box.bottom - em
        and not _parted(ground, head.box, s.box)
        for s in under
    )
    above = sum(
        share_x(s.box, stack.box) > 0.4 and head.box.bottom - em <= s.box.top and s.box.bottom <= stack.box.top + em
        for s in ground.bodies
        if s is not stack
    )
    distance = max(0.0, stack.box.top - head.box.bottom) / em
    return cost + 1.6 * min(ahead, 3) + 3.0 * above + min(0.08 * distance, 2.0)


def _goes_over(ground: Ground, head: Head, stack: Stack) -> bool:
    """Whether a headline stands at the foot of a column and its text at the top of the next."""
    em = ground.em
    box, lane = head.box, stack.lane
    if not head.title or box.width > 1.15 * lane.width or ground.top_of(stack) < lane.top - 1:
        return False
    beside = -em < lane.left - box.right < 0.5 * lane.width + 3 * em and lane.top < box.top
    below = any(
        share_x(s.lane, box) > 0.4 and -em < s.lane.top - box.bottom < 6 * em for s in ground.bodies
    )
    return beside and not below


def _beside_head(ground: Ground, head: Head, stack: Stack) -> float:
    """Cost of a stack as the beginning of the text of a headline set across.

    Such a headline stands before its text, behind it or in its midst; the text begins in the
    column right of it, or in the first of the columns left of it.
    """
    em = ground.em
    below = (stack.box.top - head.box.bottom) / em
    if share_x(head.box, stack.box) > 0.5:
        return 0.5 + 0.1 * max(0.0, below) if -0.5 < below < 3 else NEVER
    tops = [s for s in ground.bodies if ground.top_of(s) >= s.box.top - 1]
    free = [s for s in tops if not s.foreign and ground.owner_of[s] is None]
    band = [s for s in free if _level(head.box, ground.column_of(s))]
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


def _level(a: Box, b: Box) -> bool:
    """Whether two boxes stand side by side at the same height."""
    shared = overlap_1d(a.top, a.bottom, b.top, b.bottom)
    return shared > 0.4 * min(a.height, b.height)


def _run_left(head: Head, band: Sequence[Stack], em: float) -> list[Stack]:
    """The columns left of a headline, one beside the other without a wide gap."""
    run: list[Stack] = []
    edge = head.box.left
    for stack in sorted(band, key=lambda s: -s.box.right):
        if stack.box.center[0] < head.box.center[0] and edge - stack.box.right < 5 * em:
            run.append(stack)
            edge = min(edge, stack.box.left)
    return run


def _is_open(stack: Stack) -> bool:
    """Whether the text breaks off inside a sentence, at the end of a full row."""
    return not stack.ends_sentence and not stack.ends_short


def _continuity(before: Stack, after: Stack, costs: Costs) -> float:
    """What the text itself says about a transition."""
    indented = after.begins_indented
    if before.ends_short:
        return -0.2 if indented else costs.lost_beginning
    if before.ends_sentence:
        return 0.0
    return costs.cut_sentence if indented else costs.goes_on


def _from_stack(
    ground: Ground, before: Stack, after: Stack, owner: int | None, next_owner: int | None, costs: Costs
) -> float:
    em = ground.em
    a, b = before.lane, after.lane
    below = (b.top - a.bottom) / em
    if below > FARTHEST or b.right < a.left:
        return NEVER
    if share_x(a, b) >= 0.4 and -0.8 < below < 1.3 and not rule_between(ground.around.rules, a, b):
        return costs.adjacent + _downwards(ground, before, after, below, costs)
    cost = _continuity(before, after, costs)
    ratio = max(before.size, after.size) / min(before.size, after.size)
    cost += costs.other_type * min(1.0, max(0.0, (ratio - 1.25) / 0.5))
    if next_owner is not None and next_owner == owner:
        cost += costs.same_head
    elif next_owner is not None:
        cost += costs.other_head
    if share_x(a, b) >= 0.4 and below > -0.8:
        return cost + _downwards(ground, before, after, below, costs)
    if b.left >= a.left + 2 * em and b.right > a.right and below < 0:
        return cost + _sidewards(ground, before, after, owner, next_owner, costs)
    return NEVER


def _downwards(ground: Ground, before: Stack, after: Stack, below: float, costs: Costs) -> float:
    a, b = before.lane, after.lane
    between = [
        o for o in (*(s.lane for s in ground.bodies), *(h.box for h in ground.heads))
        if o not in (a, b) and a.bottom - 5 <= o.center[1] <= b.top + 5 and share_x(o, b) > 0.3
    ]
    if between:
        return NEVER
    cost = 0.2 + min(0.12 * max(0.0, below), 2.5)
    if rule_between(ground.around.rules, a, b):
        cost += costs.rule
    return cost


def _sidewards(
    ground: Ground, before: Stack, after: Stack, owner: int | None, next_owner: int | None, costs: Costs
) -> float:
    """Cost of going on at the top of a column further right."""
    em = ground.em
    a, b = before.lane, after.lane
    gap = (b.left - a.right) / em
    if gap > FARTHEST:
        return NEVER
    cost = 0.3 + 0.2 * max(0.0, gap - 2.0)
    above = [
        s for s in ground.bodies
        if s is not after and share_x(s.box, b) > 0.4 and s.box.bottom <= b.top + 0.5 * em
        and s.box.bottom > a.top and not rule_between(ground.around.rules, s.box, b)
        and (b.top - s.box.bottom) < 3 * em
    ]
    cost += 1.5 * min(len(above), 2)
    skipped = [
        s for s in ground.bodies
        if s not in (before, after) and a.right - em <= s.box.left and s.box.right <= b.left + em
        and overlap_1d(s.box.top, s.box.bottom, min(a.top, b.top), max(a.bottom, b.top + em)) > em
    ]
    cost += 2.0 * min(len(skipped), 3)
    if column_rule_between(ground.around.rules, a, b):
        cost += costs.column_rule
    # The next column begins about as high as the one that is left did, or as its headline.
    head_top = min((ground.heads[o].box.top for o in (owner, next_owner) if o is not None), default=b.top + em)
    top = min(ground.top_of(before), head_top if owner == next_owner else head_top + NEVER)
    lower = (b.top - top) / em
    cost += min(0.25 * (-1 - lower), 6.0) if lower < -1 else 0.0
    cost += 0.4 + min(0.06 * lower, 1.5) if lower > 4 and b.top > a.top + 3 * em else 0.0
    if _crossed(ground, before, after):
        cost += costs.rule
    return cost


def _crossed(ground: Ground, before: Stack, after: Stack) -> bool:
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
        and min(a.bottom, b.bottom) - 0.5 * ground.em <= r.box.center[1] <= max(a.top, b.top) + 0.5 * ground.em
        for r in ground.around.rules
    )
