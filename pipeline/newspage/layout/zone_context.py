"""What the articles of a zone are made of, and what stands between it.

A stack stands under a headline, in a column of stacks; rules and other headlines part them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from newspage.geometry import Box, measure_overlap_1d, union_boxes
from newspage.layout.headlines import Headline, HeadlineContext, measure_head_span
from newspage.layout.text_blocks import TextBlock
from newspage.layout.view import has_column_rule_between, has_rule_between, measure_share_x

NEVER = 1e6


@dataclass(frozen=True, eq=False)
class ZoneContext:
    """The blocks of a zone and what stands between them."""

    heads: tuple[Headline, ...]
    bodies: tuple[TextBlock, ...]
    around: HeadlineContext

    @property
    def em(self) -> float:
        return self.around.body

    def top_of(self, stack: TextBlock) -> float:
        """How high the column reaches that a stack stands in, rules and headlines not crossed."""
        return self._runs[stack].top

    def flush_top(self, stack: TextBlock) -> float:
        """The same, as far up as all stacks are of one measure: those of an article are."""
        while (above := self._above[stack]) and self._is_flush(above.lane, stack.lane):
            stack = above
        return stack.lane.top

    def _is_flush(self, a: Box, b: Box) -> bool:
        return min(abs(a.left - b.left), abs(a.right - b.right)) < 1.2 * self.em

    def strip_top(self, stack: TextBlock) -> float:
        """The same, headlines crossed: how high the column of short pieces one after the other."""
        return self._strips[stack]

    def column_of(self, stack: TextBlock) -> Box:
        """The lanes of all stacks in the column of a stack, rules and headlines not crossed."""
        return self._columns[stack]

    @cached_property
    def owner_of(self) -> dict[TextBlock, int | None]:
        """For every stack the headline it stands under, seen through the stacks above it.

        Where it stands under none itself it belongs to what the column above it belongs to.
        """
        owners: dict[TextBlock, int | None] = {}
        for stack, above in self._above.items():
            own = _owner(self, stack)
            owners[stack] = owners[above] if own is None and above else own
        return owners

    @cached_property
    def _above(self) -> dict[TextBlock, TextBlock | None]:
        """For every stack, from the top down, the one it goes on below in its column."""
        above: dict[TextBlock, TextBlock | None] = {}
        for stack in sorted(self.bodies, key=lambda s: s.box.top):
            over = [o for o in above if self._continues(o.lane, stack.lane)]
            above[stack] = max(over, key=lambda o: o.lane.bottom, default=None)
        return above

    @cached_property
    def _runs(self) -> dict[TextBlock, Box]:
        """For every stack its lane with those above it."""
        runs: dict[TextBlock, Box] = {}
        for stack, above in self._above.items():
            runs[stack] = union_boxes((runs[above], stack.lane)) if above else stack.lane
        return runs

    @cached_property
    def _strips(self) -> dict[TextBlock, float]:
        heads = [h.box for h in self.heads if not (h.foreign or h.label)]
        boxes = sorted((*heads, *(s.lane for s in self.bodies)), key=lambda b: b.top)
        tops: dict[Box, float] = {}
        for box in boxes:
            over = [o for o in tops if self._follows(o, box)]
            tops[box] = min((tops[o] for o in over), default=box.top)
        return {s: tops[s.lane] for s in self.bodies}

    def _follows(self, upper: Box, lower: Box) -> bool:
        """Whether a box stands below another one in the same column, a headline or not."""
        return (
            -self.em < lower.top - upper.bottom < 3 * self.em
            and measure_share_x(upper, lower) > 0.5
            and upper.width < 1.5 * lower.width
            and not has_rule_between(self.around.rules, upper, lower)
        )

    @cached_property
    def _columns(self) -> dict[TextBlock, Box]:
        """For every stack its run with the lanes below it."""
        columns: dict[TextBlock, Box] = {}
        for stack in sorted(self.bodies, key=lambda s: -s.box.top):
            under = [o for o in columns if self._continues(stack.lane, o.lane)]
            highest = min(under, key=lambda o: o.lane.top, default=None)
            run = self._runs[stack]
            bottom = columns[highest].bottom if highest else run.bottom
            columns[stack] = Box(run.left, run.top, run.right, max(run.bottom, bottom))
        return columns

    @cached_property
    def spans(self) -> tuple[tuple[float, float], ...]:
        """For every headline how far the white space around it reaches, left and right."""
        return tuple(
            measure_head_span(h, [o for o in self.heads if o is not h], self.bodies, self.around)
            for h in self.heads
        )

    @cached_property
    def lane_fellows(self) -> dict[TextBlock, list[Box]]:
        """For every stack the headlines and lanes of others that stand above or below it."""
        boxes = [*(s.lane for s in self.bodies), *(h.box for h in self.heads)]
        return {s: [o for o in boxes if measure_share_x(o, s.lane) > 0.3] for s in self.bodies}

    @cached_property
    def close_above(self) -> dict[TextBlock, list[TextBlock]]:
        """For every stack those that stand close above it, no rule between."""
        return {s: [o for o in self.bodies if self._is_close_above(o, s)] for s in self.bodies}

    def _is_close_above(self, other: TextBlock, stack: TextBlock) -> bool:
        box, lane = other.box, stack.lane
        return (
            other is not stack
            and box.bottom <= lane.top + 0.5 * self.em
            and lane.top - box.bottom < 3 * self.em
            and measure_share_x(box, lane) > 0.4
            and not has_rule_between(self.around.rules, box, lane)
        )

    @cached_property
    def _by_left(self) -> tuple[list[float], list[TextBlock]]:
        ordered = sorted(self.bodies, key=lambda s: s.box.left)
        return [s.box.left for s in ordered], ordered

    def select_within(self, left: float, right: float) -> Iterator[TextBlock]:
        """The stacks that stand wholly between two places along the rows."""
        lefts, ordered = self._by_left
        for stack in ordered[bisect_left(lefts, left) : bisect_right(lefts, right)]:
            if stack.box.right <= right:
                yield stack

    @cached_property
    def bands(self) -> dict[int, list[TextBlock]]:
        """For every headline set across the columns at its height that no headline stands over."""
        tops = [s for s in self.bodies if not s.foreign and self.top_of(s) >= s.box.top - 1]
        free = [s for s in tops if self.owner_of[s] is None]
        return {
            h: [s for s in free if side_by_side(head.box, self.column_of(s))]
            for h, head in enumerate(self.heads)
            if head.foreign
        }

    def _continues(self, upper: Box, lower: Box) -> bool:
        return (
            -self.em < lower.top - upper.bottom < 1.4 * self.em
            and measure_share_x(upper, lower) > 0.5
            and upper.top < lower.top
            and not has_rule_between(self.around.rules, upper, lower)
        )


def side_by_side(a: Box, b: Box) -> bool:
    """Whether two boxes stand side by side at the same height."""
    shared = measure_overlap_1d(a.top, a.bottom, b.top, b.bottom)
    return shared > 0.4 * min(a.height, b.height)


def _owner(ground: ZoneContext, stack: TextBlock) -> int | None:
    best, least = None, NEVER
    for h, head in enumerate(ground.heads):
        if head.foreign or head.box.center[1] > stack.box.top + 0.5 * ground.em:
            continue
        left, right = ground.spans[h]
        shared = measure_overlap_1d(left, right, stack.box.left, stack.box.right)
        if shared < 0.5 * stack.box.width:
            continue
        if is_separated(ground, head.box, stack.box):
            continue
        beside = max(
            0.0, -measure_overlap_1d(head.box.left, head.box.right, stack.box.left, stack.box.right)
        )
        distance = stack.box.top - head.box.bottom + 0.5 * beside
        distance += ground.em * _misfit(ground, h, stack)
        if distance < least:
            best, least = h, distance
    if best is not None and _begins_beside(ground, stack, ground.heads[best]):
        best, least = None, NEVER
    for h, head in enumerate(ground.heads):
        if _is_corner(ground, head, stack) and 0.3 * (stack.box.left - head.box.right) < least:
            best, least = h, 0.3 * (stack.box.left - head.box.right)
    return best


def _begins_beside(ground: ZoneContext, stack: TextBlock, above: Headline) -> bool:
    """Whether a headline set across begins just where a stack does, right before it.

    Then it is that of the stack, which a headline farther up only seems to stand over.
    """
    em, lane = ground.em, stack.lane
    return lane.top - above.box.bottom > 4 * em and any(
        h.foreign
        and abs(h.box.top - lane.top) < 1.5 * em
        and -em < lane.left - h.box.right < 3 * em
        and not has_column_rule_between(ground.around.rules, h.box, lane)
        for h in ground.heads
    )


FLUSH_MISFIT, NO_FIT = 2.0, 4.0
"""How much farther, in em, a headline counts as standing whose place does not suit the column."""


def _misfit(ground: ZoneContext, h: int, stack: TextBlock) -> float:
    """Whether a headline stands where it would if the column of a stack were part of its article.

    Headlines are centred over all their columns or flush with the first of them. In the first case
    a column as far on the other side has to be there.
    """
    em, head, lane = ground.em, ground.heads[h].box, stack.lane
    if measure_share_x(head, lane) > 0.3:
        return 0.0
    left, right = ground.spans[h]
    level = [
        s.lane
        for s in ground.bodies
        if left - em < s.lane.left
        and s.lane.right < right + em
        and -em < s.lane.top - head.bottom < 6 * em
    ]
    twice = 2 * head.center[0]
    flush = any(abs(o.left - head.left) < 0.5 * em for o in level)
    if lane.left > head.center[0]:
        centred = any(abs(twice - lane.right - o.left) < em for o in level)
        return 0.0 if centred else (FLUSH_MISFIT if flush else NO_FIT)
    centred = any(abs(twice - lane.left - o.right) < em for o in level)
    return 0.0 if centred and not flush else NO_FIT


def _is_corner(ground: ZoneContext, head: Headline, stack: TextBlock) -> bool:
    """Whether a headline stands in the corner of an article whose next columns begin as high as it.

    The stack has to be the top of its column, and no other headline may part it from this one; nor
    may a headline set across stand beside it, unless rules speak for the corner.
    """
    box = stack.lane
    if head.foreign or abs(box.top - head.box.top) > 1.2 * ground.em or box.left < head.box.right:
        return False
    close = [o.lane for o in ground.bodies if o is not stack and measure_share_x(o.lane, box) > 0.5]
    if any(-ground.em < box.top - o.bottom < 1.2 * ground.em for o in close):
        return False
    if box.left - head.box.right > 40 * ground.em:
        return False
    column = ground.column_of(stack)
    strip = Box(head.box.right, head.box.top, max(box.left, head.box.right), head.box.bottom)
    walled = any(r.vertical and strip.intersection(r.box) for r in ground.around.rules)
    if any(
        h.foreign
        and side_by_side(h.box, column)
        and (
            walled
            or not has_column_rule_between(
                ground.around.rules, *sorted((h.box, column), key=lambda x: x.left)
            )
        )
        for h in ground.heads
    ):
        return False
    return not any(
        h is not head and (s := strip.intersection(h.box)) is not None and s.area > 0
        for h in ground.heads
    )


def is_separated(ground: ZoneContext, upper: Box, lower: Box) -> bool:
    """Whether a rule or another headline stands between a headline and a stack below it."""
    column = Box(
        lower.left, min(upper.bottom, lower.top), lower.right, max(upper.bottom, lower.top)
    )
    if any(
        not r.vertical
        and column.top + 0.2 * ground.em < r.box.center[1] < column.bottom - 0.2 * ground.em
        and measure_overlap_1d(r.box.left, r.box.right, lower.left, lower.right) > 0.6 * lower.width
        for r in ground.around.rules
    ):
        return True
    walls = [h.box for h in ground.heads if h.box != upper] + list(ground.around.walls)
    return any(
        column.top - 0.5 * ground.em <= w.center[1] <= column.bottom
        and measure_share_x(w, lower) > 0.3
        for w in walls
    )
