"""Rows that stand one below the other in a column: the smallest blocks of a layout."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from newspage.chinese.sentences import looks_like_byline, looks_like_name
from newspage.geometry import Box, union_boxes
from newspage.layout.view import Row, has_rule_between, measure_share_x, measure_share_y
from newspage.model import Separator

SAME_SIZE = 1.17
"""Rows whose sizes, both measured by the pitch, differ by more are of different type."""
SIMILAR_SIZE = 1.3
"""The same where one of the sizes is only the thickness of the row."""
FEW = 6
"""A row of so few characters tells its size hardly at all."""
FARTHEST_INDENT = 3.4
"""The first row of a paragraph is set in by so many em at most."""
CLOSE = 1.15
"""Rows of one column stand at most this many em apart."""
LOOSER = 0.5
"""And at most so many em further apart than rows of the page mostly do."""
SHORT = 0.7
"""A row that fills less of its column than this share is a short one."""
INDENT = 0.9
"""A row that begins this many em further in begins a paragraph."""


@dataclass(frozen=True, eq=False)
class TextBlock:
    """Rows of the same type in one column, from the top down; told apart by identity."""

    rows: tuple[Row, ...]
    column: tuple[float, float] | None = None
    """Left and right edge of the column it stands in, where its own rows are too few to tell."""

    @cached_property
    def box(self) -> Box:
        return union_boxes(r.box for r in self.rows)

    @cached_property
    def size(self) -> float:
        """Thickness of its rows in pixels."""
        return median(r.size for r in self.rows)

    @cached_property
    def foreign(self) -> bool:
        return self.rows[0].foreign

    @cached_property
    def text(self) -> str:
        return "".join(r.text for r in self.rows)

    @cached_property
    def left(self) -> float:
        """Where rows begin that are not indented."""
        if self.column:
            return min(self.column[0], self.box.left)
        starts = sorted(r.start for r in self.rows)
        return starts[0] if len(starts) < 4 else starts[len(starts) * 3 // 10]

    @cached_property
    def right(self) -> float:
        """Where full rows end."""
        if self.column:
            return max(self.column[1], self.box.right)
        ends = sorted(r.box.right for r in self.rows)
        return ends[-1] if len(ends) < 4 else ends[len(ends) * 8 // 10]

    @cached_property
    def lane(self) -> Box:
        """Its box, as wide as its column."""
        box = self.box
        return Box(self.left, box.top, max(self.right, self.left), box.bottom)

    @cached_property
    def begins_indented(self) -> bool:
        return self.rows[0].start - self.left > INDENT * self.size

    @cached_property
    def begins_with_initial(self) -> bool:
        """Whether its first character is a drop cap, as that of an article is."""
        return self.rows[0].initial

    @cached_property
    def begins_signed(self) -> bool:
        """Whether who wrote it stands over its text: short, in the middle, a paragraph below."""
        if len(self.rows) < 3:
            return False
        first, second = self.rows[0], self.rows[1]
        return (
            (looks_like_byline(first.text) or looks_like_name(first.text))
            and first.box.width < SHORT * self.lane.width
            and abs(first.box.center[0] - self.lane.center[0]) < self.size
            and second.start - self.left > INDENT * self.size
        )

    @property
    def begins_anew(self) -> bool:
        """Whether it begins as a paragraph does: indented, or with a drop cap."""
        return self.begins_indented or self.begins_with_initial

    @cached_property
    def ends_short(self) -> bool:
        """Its last row stops well before the right edge."""
        return self.right - self.rows[-1].box.right > 1.3 * self.size

    @cached_property
    def ends_sentence(self) -> bool:
        return self.rows[-1].ends_sentence


def group_into_blocks(
    rows: Sequence[Row], rules: Sequence[Separator], body: float
) -> list[TextBlock]:
    """Every row in exactly one stack. `body` is the size of the body type in pixels.

    A row continues the row above it where that is unambiguous: one row above two, or two above
    one, end the stack.
    """
    ordered = sorted(rows, key=lambda r: (r.box.top, r.box.left))
    limit = _farthest(ordered)
    above = {i: _above(i, ordered, rules, limit, body) for i in range(len(ordered))}
    below: dict[int, list[int]] = {}
    for i, candidates in above.items():
        for c in candidates:
            below.setdefault(c, []).append(i)
    follows = {
        i: c[0] for i, c in above.items() if len(c) == 1 and _nearest_below(i, c[0], below, ordered)
    }
    chains: dict[int, list[Row]] = {}
    home: dict[int, int] = {}
    for i in range(len(ordered)):
        home[i] = home[follows[i]] if i in follows else i
        chains.setdefault(home[i], []).append(ordered[i])
    return [TextBlock(tuple(c)) for c in chains.values()]


def _nearest_below(i: int, above: int, below: dict[int, list[int]], rows: Sequence[Row]) -> bool:
    """Whether row i is the only one directly under the row above it."""
    nearest = min(rows[k].box.top for k in below[above])
    level = [k for k in below[above] if rows[k].box.top - nearest < 0.6 * rows[k].size]
    return level == [i]


def _farthest(rows: Sequence[Row]) -> float:
    """How many em rows may stand apart, from how far they mostly do."""
    gaps = []
    for i, row in enumerate(rows):
        below = [
            (r.box.top - row.box.bottom) / row.size
            for r in rows[i + 1 : i + 40]
            if measure_share_x(r.box, row.box) >= 0.5 and r.box.top > row.box.center[1]
        ]
        if below and min(below) < CLOSE:
            gaps.append(min(below))
    return min(CLOSE, median(gaps) + LOOSER) if gaps else CLOSE


def _above(
    i: int, rows: Sequence[Row], rules: Sequence[Separator], limit: float, body: float
) -> list[int]:
    """The rows directly above row i that it may continue."""
    row = rows[i]
    near = [
        k
        for k in range(i)
        if -0.5 * row.size < row.box.top - rows[k].box.bottom <= max(limit, LOOSER) * row.size
        and rows[k].is_display(body) is row.is_display(body)
        and _same_type(rows[k], row)
        and measure_share_x(rows[k].box, row.box) >= 0.5
        and _aligned(rows[k], row)
        and not has_rule_between(rules, rows[k].box, row.box)
    ]
    # Of rows one above the other only the lowest is directly above.
    return [
        k
        for k in near
        if not any(
            m != k
            and measure_share_x(rows[m].box, rows[k].box) > 0.3
            and rows[m].box.center[1] > rows[k].box.center[1]
            and measure_share_y(rows[m].box, rows[k].box) < 0.6
            for m in near
        )
    ]


def _same_type(upper: Row, lower: Row) -> bool:
    """Whether two rows are set in type of one size."""
    ratio = max(upper.size, lower.size) / min(upper.size, lower.size)
    if upper.measured and lower.measured:
        return ratio < SAME_SIZE
    if len(lower.text) <= FEW:
        return ratio < 1.7
    return ratio < (1.5 if len(upper.text) <= FEW else SIMILAR_SIZE)


def _few(upper: Row, lower: Row) -> bool:
    return min(len(upper.text), len(lower.text)) <= FEW


def _aligned(upper: Row, lower: Row) -> bool:
    """Whether two rows begin alike, an indent aside, or are centred on the same axis."""
    size = min(upper.size, lower.size)
    centred = abs(upper.box.center[0] - lower.box.center[0]) <= 0.8 * size
    return (centred and not _few(upper, lower)) or abs(
        upper.start - lower.start
    ) <= FARTHEST_INDENT * size


def align_to_columns(stacks: Sequence[TextBlock]) -> list[TextBlock]:
    """Stacks of a few rows learn the edges of their column from the nearest stack that fills it."""
    full = [s for s in stacks if len(s.rows) >= 4 and not s.foreign]
    return [s if len(s.rows) >= 4 or s.foreign else _in_column(s, full) for s in stacks]


def _in_column(stack: TextBlock, full: Sequence[TextBlock]) -> TextBlock:
    box = stack.box
    around = [
        f
        for f in full
        if f.left - 0.7 * stack.size <= box.left
        and box.right <= f.right + 0.7 * stack.size
        and 1 / 1.4 < f.size / stack.size < 1.4
    ]
    if not around:
        return stack
    nearest = min(around, key=lambda f: max(f.box.top - box.bottom, box.top - f.box.bottom))
    if max(nearest.box.top - box.bottom, box.top - nearest.box.bottom) > 25 * stack.size:
        return stack
    return TextBlock(stack.rows, (nearest.left, nearest.right))
