"""The headlines and text blocks of a zone, and what stands between them.

A block stands under a headline, in a column of blocks; rules and other headlines separate them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from newspage.geometry import Box, measure_overlap_1d, union_boxes
from newspage.layout.headline import Headline, HeadlineContext, measure_free_width
from newspage.layout.surrounded_heads import surrounds
from newspage.layout.text_blocks import TextBlock
from newspage.layout.view import has_column_rule_between, has_rule_between, measure_share_x

WIDEST_ARTICLE = 40
"""Em from a headline to the farthest column of its article at most. Judgement."""
NEXT_TIER = 3.0
"""Em between the lines of two tiers at most. Judgement: the widest gutters have two."""
BETWEEN = 0.9
"""Share of a headline that lies between two things it stands between, at least. Judgement."""
NEVER = 1e6
"""Cost of an arc that is forbidden: more than all other costs of a page together."""


@dataclass(frozen=True, eq=False)
class ZoneContext:
    """The headlines and text blocks of a zone, with what is measured on them together.

    All boxes are in pixels of the turned page.
    """

    heads: tuple[Headline, ...]
    bodies: tuple[TextBlock, ...]
    around: HeadlineContext

    @property
    def em(self) -> float:
        """Return the size of the body type in pixels."""
        return self.around.body

    def top_of(self, block: TextBlock) -> float:
        """Return the top of the column a block stands in, rules and headlines not crossed."""
        return self._runs[block].top

    def flush_top(self, block: TextBlock) -> float:
        """Return the top of a block's column as far up as its blocks are of one width.

        The columns of one article are of one width.
        """
        while (above := self._above[block]) and self._is_flush(above.lane, block.lane):
            block = above
        return block.lane.top

    def _is_flush(self, a: Box, b: Box) -> bool:
        """Tell whether two boxes begin or end at the same place along the rows."""
        return min(abs(a.left - b.left), abs(a.right - b.right)) < 1.2 * self.em

    def strip_top(self, block: TextBlock) -> float:
        """Return the top of a block's column, headlines crossed, as of a column of short pieces."""
        return self._strips[block]

    def column_of(self, block: TextBlock) -> Box:
        """Return the box of all blocks in a block's column, rules and headlines not crossed."""
        return self._columns[block]

    @cached_property
    def owner_of(self) -> dict[TextBlock, int | None]:
        """Return for every block the index of the headline it stands under, or None.

        A block that stands under none itself belongs to the headline of the block above it.
        """
        owners: dict[TextBlock, int | None] = {}
        for block, above in self._above.items():
            own = _owner(self, block)
            owners[block] = owners[above] if own is None and above else own
        return owners

    @cached_property
    def _above(self) -> dict[TextBlock, TextBlock | None]:
        """Return for every block, from the top down, the one it goes on below in its column."""
        above: dict[TextBlock, TextBlock | None] = {}
        for block in sorted(self.bodies, key=lambda s: s.box.top):
            over = [o for o in above if self._continues(o.lane, block.lane)]
            above[block] = max(over, key=lambda o: o.lane.bottom, default=None)
        return above

    @cached_property
    def _runs(self) -> dict[TextBlock, Box]:
        """Return for every block the box of its column from the top down to it."""
        runs: dict[TextBlock, Box] = {}
        for block, above in self._above.items():
            runs[block] = union_boxes((runs[above], block.lane)) if above else block.lane
        return runs

    @cached_property
    def _strips(self) -> dict[TextBlock, float]:
        """Return for every block the top of its column, headlines crossed."""
        heads = [h.box for h in self.heads if not (h.foreign or h.label)]
        boxes = sorted((*heads, *(s.lane for s in self.bodies)), key=lambda b: b.top)
        tops: dict[Box, float] = {}
        for box in boxes:
            over = [o for o in tops if self._follows(o, box)]
            tops[box] = min((tops[o] for o in over), default=box.top)
        return {s: tops[s.lane] for s in self.bodies}

    def _follows(self, upper: Box, lower: Box) -> bool:
        """Tell whether a box stands below another one in the same column, a headline or not."""
        return (
            -self.em < lower.top - upper.bottom < 3 * self.em
            and measure_share_x(upper, lower) > 0.5
            and upper.width < 1.5 * lower.width
            and not has_rule_between(self.around.rules, upper, lower)
        )

    @cached_property
    def _columns(self) -> dict[TextBlock, Box]:
        """Return for every block the box of its column, from top to bottom."""
        columns: dict[TextBlock, Box] = {}
        for block in sorted(self.bodies, key=lambda s: -s.box.top):
            under = [o for o in columns if self._continues(block.lane, o.lane)]
            highest = min(under, key=lambda o: o.lane.top, default=None)
            run = self._runs[block]
            bottom = columns[highest].bottom if highest else run.bottom
            columns[block] = Box(run.left, run.top, run.right, max(run.bottom, bottom))
        return columns

    @cached_property
    def spans(self) -> tuple[tuple[float, float], ...]:
        """Return for every headline the left and right end of the white space around it."""
        return tuple(
            measure_free_width(h, [o for o in self.heads if o is not h], self.bodies, self.around)
            for h in self.heads
        )

    @cached_property
    def lane_fellows(self) -> dict[TextBlock, list[Box]]:
        """Return for every block the headlines and other blocks that stand above or below it."""
        boxes = [*(s.lane for s in self.bodies), *(h.box for h in self.heads)]
        return {s: [o for o in boxes if measure_share_x(o, s.lane) > 0.3] for s in self.bodies}

    @cached_property
    def close_above(self) -> dict[TextBlock, list[TextBlock]]:
        """Return for every block those that stand close above it, no rule between."""
        return {s: [o for o in self.bodies if self._is_close_above(o, s)] for s in self.bodies}

    def _is_close_above(self, other: TextBlock, block: TextBlock) -> bool:
        """Tell whether a block stands close above another, no rule between."""
        box, lane = other.box, block.lane
        return (
            other is not block
            and box.bottom <= lane.top + 0.5 * self.em
            and lane.top - box.bottom < 3 * self.em
            and measure_share_x(box, lane) > 0.4
            and not has_rule_between(self.around.rules, box, lane)
        )

    def is_next_tier(self, before: TextBlock, after: TextBlock) -> bool:
        """Tell whether a block ends its tier, and another one begins the next tier.

        Tiers that run on past each other have no rule across them from one to the other, and the
        text that fills one goes on where the next begins, however far up that is.
        """
        a, b = before.lane, after.lane
        if b.left - a.right > NEXT_TIER * self.em:
            return False
        if any(
            not r.vertical
            and b.top + 0.5 * self.em < r.box.center[1] < a.bottom - 0.5 * self.em
            and max(measure_share_x(r.box, a), measure_share_x(r.box, b)) > 0.6
            for r in self.around.rules
        ):
            return False
        rules = self.around.rules
        above = (o for o in self.lane_fellows[after] if o.center[1] < b.top)
        below = (o for o in self.lane_fellows[before] if o.center[1] > a.bottom)
        return all(has_rule_between(rules, o, b) for o in above) and all(
            has_rule_between(rules, a, o) for o in below
        )

    @cached_property
    def _by_left(self) -> tuple[list[float], list[TextBlock]]:
        """Return the left edges of all blocks in order, and the blocks in the same order."""
        ordered = sorted(self.bodies, key=lambda s: s.box.left)
        return [s.box.left for s in ordered], ordered

    def select_within(self, left: float, right: float) -> Iterator[TextBlock]:
        """Yield the blocks that lie wholly between two places along the rows."""
        lefts, ordered = self._by_left
        for block in ordered[bisect_left(lefts, left) : bisect_right(lefts, right)]:
            if block.box.right <= right:
                yield block

    @cached_property
    def bands(self) -> dict[int, list[TextBlock]]:
        """Return for each headline set across the columns beside it that have no headline."""
        tops = [s for s in self.bodies if not s.foreign and self.top_of(s) >= s.box.top - 1]
        free = [s for s in tops if self.owner_of[s] is None]
        return {
            h: [s for s in free if side_by_side(head.box, self.column_of(s))]
            for h, head in enumerate(self.heads)
            if head.foreign
        }

    def _continues(self, upper: Box, lower: Box) -> bool:
        """Tell whether a box goes on directly below another in the same column, no rule between."""
        return (
            -self.em < lower.top - upper.bottom < 1.4 * self.em
            and measure_share_x(upper, lower) > 0.5
            and upper.top < lower.top
            and not has_rule_between(self.around.rules, upper, lower)
        )


def _is_parted(zone: ZoneContext, head: Headline, column: Box) -> bool:
    """Tell whether the headline of another article stands between one set across and a column."""
    left, right = sorted((head.box, column), key=lambda b: b.left)
    top, bottom = max(left.top, right.top), min(left.bottom, right.bottom)
    if right.left <= left.right or bottom <= top:
        return False
    between = Box(left.right, top, right.left, bottom)
    return any(
        not h.foreign and h.box.share_inside(between) > BETWEEN for h in zone.heads if h is not head
    )


def side_by_side(a: Box, b: Box) -> bool:
    """Tell whether two boxes stand side by side at the same height."""
    shared = measure_overlap_1d(a.top, a.bottom, b.top, b.bottom)
    return shared > 0.4 * min(a.height, b.height)


def _owner(zone: ZoneContext, block: TextBlock) -> int | None:
    """Return the index of the headline a block stands under, by its own place alone, or None.

    One that it surrounds; else the nearest headline above it, in whose span it stands; else one in
    the corner of its article.
    """
    for h, head in enumerate(zone.heads):
        if surrounds(block, head):
            return h
    best, least = None, NEVER
    for h, head in enumerate(zone.heads):
        if head.foreign or head.box.center[1] > block.box.top + 0.5 * zone.em:
            continue
        left, right = zone.spans[h]
        shared = measure_overlap_1d(left, right, block.box.left, block.box.right)
        if shared < 0.5 * block.box.width:
            continue
        if is_separated(zone, head.box, block.box):
            continue
        beside = max(
            0.0, -measure_overlap_1d(head.box.left, head.box.right, block.box.left, block.box.right)
        )
        distance = block.box.top - head.box.bottom + 0.5 * beside
        distance += zone.em * _misfit(zone, h, block)
        if distance < least:
            best, least = h, distance
    if best is not None and _begins_beside(zone, block, zone.heads[best]):
        best, least = None, NEVER
    for h, head in enumerate(zone.heads):
        if _is_corner(zone, head, block) and 0.3 * (block.box.left - head.box.right) < least:
            best, least = h, 0.3 * (block.box.left - head.box.right)
    return best


def _begins_beside(zone: ZoneContext, block: TextBlock, above: Headline) -> bool:
    """Tell whether a headline set across begins just where a block does, right before it.

    Then it is that of the block, which a headline farther up only seems to stand over.
    """
    em, lane = zone.em, block.lane
    return lane.top - above.box.bottom > 4 * em and any(
        h.foreign
        and abs(h.box.top - lane.top) < 1.5 * em
        and -em < lane.left - h.box.right < 3 * em
        and not has_column_rule_between(zone.around.rules, h.box, lane)
        for h in zone.heads
    )


FLUSH_MISFIT, NO_FIT = 2.0, 4.0
"""Em that a headline counts as farther away whose place does not suit the column: flush with the
first column of the text below, or neither flush nor centred. Judgement."""


def _misfit(zone: ZoneContext, h: int, block: TextBlock) -> float:
    """Return how many em farther a headline counts as being, by how its place suits a column.

    A headline is centred over all columns of its article or flush with the first of them. Where
    it is centred, a column as far on the other side has to be there.
    """
    em, head, lane = zone.em, zone.heads[h].box, block.lane
    if measure_share_x(head, lane) > 0.3:
        return 0.0
    left, right = zone.spans[h]
    level = [
        s.lane
        for s in zone.bodies
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


def _is_corner(zone: ZoneContext, head: Headline, block: TextBlock) -> bool:
    """Tell whether a headline is the corner of an article whose next column begins as high.

    The block has to be the top of its column, and no other headline may stand between the two; nor
    may a headline set across stand beside it, unless rules speak for the corner.
    """
    box = block.lane
    if head.foreign or abs(box.top - head.box.top) > 1.2 * zone.em or box.left < head.box.right:
        return False
    close = [o.lane for o in zone.bodies if o is not block and measure_share_x(o.lane, box) > 0.5]
    if any(-zone.em < box.top - o.bottom < 1.2 * zone.em for o in close):
        return False
    if box.left - head.box.right > WIDEST_ARTICLE * zone.em:
        return False
    column = zone.column_of(block)
    strip = Box(head.box.right, head.box.top, max(box.left, head.box.right), head.box.bottom)
    walled = any(r.vertical and strip.intersection(r.box) for r in zone.around.rules)
    if any(
        h.foreign
        and side_by_side(h.box, column)
        and not _is_parted(zone, h, column)
        and (
            walled
            or not has_column_rule_between(
                zone.around.rules, *sorted((h.box, column), key=lambda x: x.left)
            )
        )
        for h in zone.heads
    ):
        return False
    return not any(
        h is not head and (s := strip.intersection(h.box)) is not None and s.area > 0
        for h in zone.heads
    )


def is_separated(zone: ZoneContext, upper: Box, lower: Box) -> bool:
    """Tell whether a rule or another headline stands between a headline and a block below it."""
    column = Box(
        lower.left, min(upper.bottom, lower.top), lower.right, max(upper.bottom, lower.top)
    )
    if any(
        not r.vertical
        and column.top + 0.2 * zone.em < r.box.center[1] < column.bottom - 0.2 * zone.em
        and measure_overlap_1d(r.box.left, r.box.right, lower.left, lower.right) > 0.6 * lower.width
        for r in zone.around.rules
    ):
        return True
    walls = [h.box for h in zone.heads if h.box != upper]
    # A frame around both parts nothing, such as the cell that rules around an article make.
    whole = union_boxes((upper, lower))
    walls += [w for w in zone.around.walls if not w.contains(whole, zone.em)]
    return any(
        column.top - 0.5 * zone.em <= w.center[1] <= column.bottom
        and measure_share_x(w, lower) > 0.3
        for w in walls
    )
