"""Rows of running text cut into paragraphs, and joined over the end of a column or block."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from statistics import median

from newspage.chinese import OPENING, stops_a_sentence
from newspage.geometry import Box, measure_overlap_1d, turn_box
from newspage.model import Char, Chars, Direction, Join, JoinKind, Region, TextLine
from newspage.spacing import find_space_between

INDENT = 0.8
"""Em. A row that begins further in by more begins a paragraph. Judgement: an indent is one em or
more."""
INDENT_OPENING = 1.3
"""The same for a row that begins with an opening mark, whose ink fills only half its cell."""
FARTHEST = 3.4
"""Em. Blocks whose edges are further apart are of different columns (text beside a picture).
Judgement."""
ENDS_SHORT = 1.3
"""Em. A row that stops so far before the right edge is the last of its paragraph. Judgement."""
WINDOW = 7
"""Rows above, and as many below, that tell where rows of a column begin and end: the edges of a
column are not straight on a warped page. Judgement."""


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A row of running text, measured in the turned page (see `newspage.layout.view`)."""

    line: TextLine
    box: Box
    region: int
    size: float
    left: float = 0.0
    """Where rows around it begin that are not indented, in pixels."""
    right: float = 0.0
    """Where full rows around it end, in pixels."""

    @property
    def indent(self) -> float:
        """Return how far in the row begins, in em."""
        return (self.box.left - self.left) / self.size

    @property
    def indented(self) -> bool:
        """Tell whether the row begins as far in as a paragraph does."""
        opening = self.line.text[:1] in OPENING
        return self.indent > (INDENT_OPENING if opening else INDENT)

    @property
    def short(self) -> bool:
        """Tell whether the row ends well before the right edge."""
        return self.right - self.box.right > ENDS_SHORT * self.size

    @property
    def ends_sentence(self) -> bool:
        """Tell whether the row ends with the end of a sentence."""
        return stops_a_sentence(self.line.text)


@dataclass(frozen=True, slots=True)
class ParagraphFlow:
    """Running text cut into paragraphs, and the joins between its regions."""

    paragraphs: tuple[Chars, ...]
    joins: tuple[Join, ...]


def collect_body_rows(regions: Sequence[Region]) -> list[BodyRow]:
    """Return all rows of the regions, each with the edges of its column at its height."""
    rows: list[BodyRow] = []
    for number, region in enumerate(regions):
        vertical = region.direction is Direction.VERTICAL
        for line in region.lines:
            box = turn_box(line.box, 0) if vertical else line.box
            rows.append(BodyRow(line, box, number, line.size or box.height))
    # Lines that were imported may have no extent.
    size = (median(r.size for r in rows) if rows else 0.0) or 1.0
    rows = [BodyRow(r.line, r.box, r.region, size) for r in rows]
    edges = {r.region: min(o.box.left for o in rows if o.region == r.region) for r in rows}
    return [
        _measured(r, [o for o in rows if abs(edges[o.region] - edges[r.region]) < FARTHEST * size])
        for r in rows
    ]


def _measured(row: BodyRow, rows: Sequence[BodyRow]) -> BodyRow:
    """Return the row with the edges of its column, taken from the rows around it."""
    column = [
        r
        for r in rows
        if measure_overlap_1d(r.box.left, r.box.right, row.box.left, row.box.right)
        > 0.5 * min(r.box.width, row.box.width)
    ] or [row]
    column.sort(key=lambda r: abs(r.box.center[1] - row.box.center[1]))
    near = column[: 2 * WINDOW + 1]
    lefts = sorted(r.box.left for r in near)
    rights = sorted(r.box.right for r in near)
    n = len(near)
    left = lefts[0] if n < 4 else lefts[n * 3 // 10]
    right = rights[-1] if n < 4 else rights[n * 7 // 10]
    return BodyRow(row.line, row.box, row.region, row.size, left, right)


def split_paragraphs(rows: Sequence[BodyRow], joins_before: int = 0) -> ParagraphFlow:
    """Cut rows in reading order into paragraphs, with a join for every change of column or block.

    A paragraph begins with an indent. In a text that indents nothing it begins where the row
    before stops short at the end of a sentence. Rows of Latin script meet with a space.
    Joins are numbered after the `joins_before` that the page already has.
    """
    indents = any(r.indented for r in rows)
    paragraphs: list[list[Char]] = []
    joins: list[Join] = []
    for i, row in enumerate(rows):
        before = rows[i - 1] if i else None
        begins = before is None or _begins(before, row, indents)
        if before is not None and before.region != row.region:
            join = _join(before, row, indents, joins_before + len(joins) + 1)
            joins.append(join)
            begins = not join.joined
        if begins:
            paragraphs.append([])
        printed = [Char(g.text, row.line.id, k) for k, g in enumerate(row.line.glyphs)]
        paragraphs[-1] += [*find_space_between(paragraphs[-1], printed), *printed]
    return ParagraphFlow(tuple(tuple(p) for p in paragraphs), tuple(joins))


def _begins(before: BodyRow, row: BodyRow, indents: bool) -> bool:
    """Tell whether a row begins a paragraph after another one of the same region."""
    if indents:
        return row.indented
    return before.short and before.ends_sentence


def _join(before: BodyRow, row: BodyRow, indents: bool, number: int) -> Join:
    """Decide whether the text of one region goes on in the next.

    An indent speaks against it, an unfinished sentence for it, a sentence that ends well before
    the edge of its column against it. The weights are log-odds, a judgement; the score of the
    join is the probability they come to.
    """
    stopped = before.short and before.ends_sentence
    score = 0.0
    if row.indented:
        score -= 3.0
    elif indents:
        score += 2.5
    score += -0.5 if before.ends_sentence else 1.5
    score -= 3.0 if stopped else 0.0
    probability = 1 / (1 + exp(-score))
    beside = row.box.left > before.box.right or row.box.right < before.box.left
    return Join(
        id=f"j{number}",
        kind=JoinKind.COLUMN if beside else JoinKind.BLOCK,
        before=before.line.id,
        after=row.line.id,
        score=round(probability, 3),
        joined=probability > 0.5,
        evidence={
            "indent_em": round(row.indent, 2),
            "ends_sentence": float(before.ends_sentence),
            "ends_short": float(before.short),
        },
    )
