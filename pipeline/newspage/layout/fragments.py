"""Lines of running text that were found in two pieces, put together again.

A blank behind a mark is easily taken for the white space between columns. The rows above and below
decide: where one of them runs across the gap and none ends or begins there, there is no column.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from newspage.geometry import union_boxes
from newspage.lattice import Lattice
from newspage.layout.view import Row, measure_share_x, measure_share_y
from newspage.model import TextLine

WIDEST = 1.7
"""Em. A gap inside a line is narrower: a blank behind a mark is about one em wide. Judgement."""
NEAR = 1.6
"""Em from the middle of a line to that of the row next above or below, at most. Judgement."""


def join_fragments(rows: Sequence[Row], body: float) -> list[Row]:
    """Return the rows with pieces of the same line joined.

    Args:
        rows: Rows of one zone, in the turned page.
        body: Size of the body type in pixels.
    """
    out = sorted(rows, key=lambda r: r.box.left)
    text = [r for r in out if not r.foreign and r.size < 1.35 * body]
    for left in text:
        if not any(r is left for r in out):
            continue
        right = _next_piece(left, text, body)
        if right is not None and any(r is right for r in out):
            whole = join_rows(left, right)
            out = [whole if r is left else r for r in out if r is not right]
    return out


def _next_piece(left: Row, rows: Sequence[Row], body: float) -> Row | None:
    """Return the row that goes on where another one ends, inside the same column, or None."""
    beside = [
        r
        for r in rows
        if r is not left
        and -0.3 * body < r.box.left - left.box.right < WIDEST * body
        and measure_share_y(left.box, r.box) > 0.6
        and max(left.thickness, r.thickness) < 1.4 * min(left.thickness, r.thickness)
    ]
    right = min(beside, key=lambda r: r.box.left, default=None)
    if right is None:
        return None
    height = left.box.center[1]
    around = [
        r
        for r in rows
        if r not in (left, right)
        and 0.4 * body < abs(r.box.center[1] - height) < 2 * NEAR * body
        and measure_share_x(r.box, union_boxes((left.box, right.box))) > 0.3
    ]
    near = [r for r in around if abs(r.box.center[1] - height) < NEAR * body]
    middle = (left.box.right + right.box.left) / 2
    ending = [r for r in near if abs(r.box.right - middle) < 1.2 * body]
    beginning = [r for r in near if abs(r.box.left - middle) < 1.2 * body]
    if beginning or len(ending) > 1:
        return None
    if any(_crosses(r, left, right, body) for r in near):
        return right
    return right if near and _is_between_full_rows(left, right, around, body) else None


def _crosses(row: Row, left: Row, right: Row, body: float) -> bool:
    """Tell whether a row runs across the gap between two pieces."""
    begins = row.box.left < max(left.box.right - body, left.box.left + 0.5 * body)
    return begins and row.box.right > min(right.box.left + body, right.box.right - 0.5 * body)


def _is_between_full_rows(left: Row, right: Row, around: Sequence[Row], body: float) -> bool:
    """Tell whether a row farther off crosses the gap, and no row near it begins at the gap.

    The last row of a paragraph stands beside the gap without saying anything.
    """
    column = [r for r in around if abs(r.box.left - left.box.left) < 3 * body]
    middle = (left.box.right + right.box.left) / 2
    begins_there = any(abs(r.box.left - middle) < 1.2 * body for r in around)
    return not begins_there and any(_crosses(r, left, right, body) for r in column)


def join_rows(first: Row, second: Row) -> Row:
    """Return one row of two pieces that follow each other."""
    box = union_boxes((first.box, second.box))
    a, b = first.line, second.line
    line: TextLine = replace(
        a,
        box=union_boxes((a.box, b.box)),
        polygon=(),
        size=a.size or b.size,
        glyphs=a.glyphs + b.glyphs,
        lattice=concatenate_lattices(first, second),
    )
    return Row(line, box, first.foreign)


def concatenate_lattices(first: Row, second: Row) -> Lattice | None:
    """Return the lattice of the whole line; None where that of a piece is not known.

    Positions become shares of the length of the whole row.
    """
    a, b = first.line.lattice, second.line.lattice
    if a is None or b is None or a.classes.shape[1] != b.classes.shape[1]:
        return None
    start, length = first.box.left, second.box.right - first.box.left
    shares = [
        ((row.box.left - start) + lattice.positions * row.box.width) / length
        for row, lattice in ((first, a), (second, b))
    ]
    return Lattice(
        np.concatenate((a.classes, b.classes)),
        np.concatenate((a.log_probs, b.log_probs)),
        np.concatenate(shares).astype(np.float32),
    )
