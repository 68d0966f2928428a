"""Rows that stand one below the other in a column: the smallest blocks of a layout."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from newspage.chinese import looks_like_byline, looks_like_name
from newspage.geometry import Box, union_boxes
from newspage.layout.view import Row, has_rule_between, measure_share_x, measure_share_y
from newspage.model import Separator

SAME_SIZE = 1.17
"""Ratio of the sizes of two rows, both measured by the pitch. Above it they are of different type.
Judgement."""
SIMILAR_SIZE = 1.3
"""The same where one of the sizes is only the thickness of the row."""
SIMILAR_SIZE_SHORT, SIMILAR_SIZE_SHORT_BELOW = 1.5, 1.7
"""The same where the upper row has few characters (see `FEW`), and where the lower one has."""
FEW = 6
"""Characters. A row of no more tells its size and its middle hardly at all. Judgement."""
FARTHEST_INDENT = 3.4
"""Em. The first row of a paragraph is set in by at most so much; two em are usual. Judgement."""
NEXT = 0.5
"""Em from the middle of a row to that of the next, at least. Judgement: lines as found are up to
twice as thick as their type, so that boxes of rows that follow each other overlap by half."""
CLOSE = 1.15
"""Em. Rows of one column stand at most so far apart. Judgement."""
LOOSER = 0.5
"""Em. And at most so much further apart than rows of the page mostly do. Judgement."""
ENOUGH = 4
"""Rows that tell the edges of their column. Of fewer the outermost row counts. Judgement."""
COLUMN_REACH = 25
"""Em. A block takes the edges of its column from one so near, at most. Judgement."""
ENDS_SHORT = 1.3
"""Em. A row that stops so far before the right edge is the last of its paragraph: further than a
mark that did not fit would leave it. Judgement."""
SHORT = 0.7
"""Share of the column's width. A row that fills less of it is a short one. Judgement."""
INDENT = 0.9
"""Em. A row that begins further in by more begins a paragraph. Judgement: an indent is one em or
more."""


@dataclass(frozen=True, eq=False)
class TextBlock:
    """Rows of the same type in one column, from the top down; compared by identity.

    Boxes are in pixels of the turned page.
    """

    rows: tuple[Row, ...]
    column: tuple[float, float] | None = None
    """Left and right edge of the column it stands in, where its own rows are too few to tell."""

    @cached_property
    def box(self) -> Box:
        """Return the box around its rows."""
        return union_boxes(r.box for r in self.rows)

    @cached_property
    def type_box(self) -> Box:
        """Return the box around the type of its rows, see `Row.type_box`."""
        return union_boxes(r.type_box for r in self.rows)

    @cached_property
    def size(self) -> float:
        """Return the size of its type in pixels: the median of its rows."""
        return median(r.size for r in self.rows)

    @cached_property
    def foreign(self) -> bool:
        """Tell whether it is set across the direction of the text around it."""
        return self.rows[0].foreign

    @cached_property
    def text(self) -> str:
        """Return the text of all rows."""
        return "".join(r.text for r in self.rows)

    @cached_property
    def left(self) -> float:
        """Return where rows begin that are not indented: the third tenth of all beginnings.

        Fewer than four rows count with the leftmost.
        """
        if self.column:
            return min(self.column[0], self.box.left)
        starts = sorted(r.start for r in self.rows)
        return starts[0] if len(starts) < ENOUGH else starts[len(starts) * 3 // 10]

    @cached_property
    def right(self) -> float:
        """Return where full rows end: the eighth tenth of all ends.

        Fewer than four rows count with the rightmost.
        """
        if self.column:
            return max(self.column[1], self.box.right)
        ends = sorted(r.box.right for r in self.rows)
        return ends[-1] if len(ends) < ENOUGH else ends[len(ends) * 8 // 10]

    @cached_property
    def lane(self) -> Box:
        """Return its box, made as wide as its column."""
        box = self.box
        return Box(self.left, box.top, max(self.right, self.left), box.bottom)

    @cached_property
    def begins_indented(self) -> bool:
        """Tell whether its first row is indented."""
        return self.rows[0].start - self.left > INDENT * self.size

    @cached_property
    def begins_with_initial(self) -> bool:
        """Tell whether its first character is a drop cap, as that of an article is."""
        return self.rows[0].initial

    @cached_property
    def begins_signed(self) -> bool:
        """Tell whether a byline stands over its text: short, in the middle, a paragraph below."""
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
        """Tell whether it begins as a paragraph does: indented, or with a drop cap."""
        return self.begins_indented or self.begins_with_initial

    @cached_property
    def ends_short(self) -> bool:
        """Tell whether its last row stops well before the right edge."""
        return self.right - self.rows[-1].box.right > ENDS_SHORT * self.size

    @cached_property
    def ends_sentence(self) -> bool:
        """Tell whether its last row ends a sentence."""
        return self.rows[-1].ends_sentence


def group_into_blocks(
    rows: Sequence[Row], rules: Sequence[Separator], body: float
) -> list[TextBlock]:
    """Return the rows in blocks, every row in exactly one. `body`: size of the body type in pixels.

    A row continues the row above it where that is unambiguous: one row above two, or two above
    one, end the block.
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
    """Tell whether row i is the only one directly under the row above it."""
    nearest = min(rows[k].box.top for k in below[above])
    level = [k for k in below[above] if rows[k].box.top - nearest < 0.6 * rows[k].size]
    return level == [i]


def _farthest(rows: Sequence[Row]) -> float:
    """Return how many em rows of a column may stand apart, from how far they mostly do."""
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
    """Return the indices of the rows directly above row i that it may continue."""
    row = rows[i]
    near = [
        k
        for k in range(i)
        if row.box.top - rows[k].box.bottom <= max(limit, LOOSER) * row.size
        and row.box.center[1] - rows[k].box.center[1] > NEXT * row.size
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
    """Tell whether two rows are set in type of one size."""
    ratio = max(upper.size, lower.size) / min(upper.size, lower.size)
    if (
        upper.pitch
        and lower.pitch
        and max(upper.pitch, lower.pitch) < SAME_SIZE * min(upper.pitch, lower.pitch)
    ):
        # Ink that ran makes rows thicker, and their size with it; the pitch stays.
        return ratio < SIMILAR_SIZE_SHORT
    if upper.measured and lower.measured:
        return ratio < SAME_SIZE
    if len(lower.text) <= FEW:
        return ratio < SIMILAR_SIZE_SHORT_BELOW
    return ratio < (SIMILAR_SIZE_SHORT if len(upper.text) <= FEW else SIMILAR_SIZE)


def _few(upper: Row, lower: Row) -> bool:
    """Tell whether one of two rows has too few characters to tell its middle."""
    return min(len(upper.text), len(lower.text)) <= FEW


def _aligned(upper: Row, lower: Row) -> bool:
    """Tell whether two rows begin alike, an indent aside, or are centred on the same axis."""
    size = min(upper.size, lower.size)
    centred = abs(upper.box.center[0] - lower.box.center[0]) <= 0.8 * size
    return (centred and not _few(upper, lower)) or abs(
        upper.start - lower.start
    ) <= FARTHEST_INDENT * size


def align_to_columns(blocks: Sequence[TextBlock]) -> list[TextBlock]:
    """Return the blocks, those of a few rows with the edges of the column they are in."""
    full = [s for s in blocks if len(s.rows) >= ENOUGH and not s.foreign]
    return [s if len(s.rows) >= ENOUGH or s.foreign else _in_column(s, full) for s in blocks]


def _in_column(block: TextBlock, full: Sequence[TextBlock]) -> TextBlock:
    """Return a block with the edges of the nearest full block of its column, if there is one."""
    box = block.box
    around = [
        f
        for f in full
        if f.left - 0.7 * block.size <= box.left
        and box.right <= f.right + 0.7 * block.size
        and 1 / 1.4 < f.size / block.size < 1.4
    ]
    if not around:
        return block
    nearest = min(around, key=lambda f: max(f.box.top - box.bottom, box.top - f.box.bottom))
    if max(nearest.box.top - box.bottom, box.top - nearest.box.bottom) > COLUMN_REACH * block.size:
        return block
    return TextBlock(block.rows, (nearest.left, nearest.right))
