"""Tells gaps between two columns from blanks within one, for a row of text."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newspage.detect.edges import BoxEdges
from newspage.detect.gutters import Gutters, WhiteRun
from newspage.detect.ink_masks import Mask
from newspage.geometry import Box
from newspage.model import Separator

# Figures without a name below are judgement: em of the body type, or numbers of lines.

BODY = 1.5
"""Height in em up to which a row is no headline. Judgement: body type varies by less."""
EXACT = 0.15
"""Distance in em within which the edges of columns far apart are in line. Judgement: a seventh
of a character, more than skew leaves over a page, less than any indent."""
PITCH = 1.9
"""Greatest distance in em, middle to middle, from one row of a column to the next. Judgement:
wide leading; with a line left out between them rows are farther apart."""
WITNESSES = 3
"""Number of edges of other lines needed at both sides of a gap to make it a gutter. Judgement:
two may be in line by chance."""


@dataclass(frozen=True, slots=True)
class InkField:
    """Surroundings that lines are measured against: ink without rules, the rules, the gutters."""

    ink: Mask
    rules: tuple[Separator, ...]
    em: float
    gutters: Gutters


def find_near_rows(box: Box, others: BoxEdges, height: float, em: float) -> BoxEdges:
    """Return the boxes a few rows above or below a box that are about as high as it.

    Args:
        box: The box whose surroundings are wanted.
        others: The boxes to choose from.
        height: Height in pixels that theirs is compared with: 0.6 to 1.6 times as high.
        em: Size of the body type in pixels; up to 8 em away is near.
    """
    share = others.height / height
    return others.select_boxes(
        (others.shared_height(box) > -8 * em) & (share > 0.6) & (share < 1.6)
    )


def is_column_gap(
    start: float, end: float, row: Box, near: BoxEdges, field: InkField, others: BoxEdges
) -> bool:
    """Tell whether a gap in a row lies between two columns.

    Args:
        start: Left end of the gap, in pixels of the page.
        end: Its right end.
        row: The row with the gap in it.
        near: The rows a little above and below; see `find_near_rows`.
        field: The ink, the rules and the gutters of the page.
        others: All boxes of the page, near or far.
    """
    if _is_gutter(start, end, near, max(field.em, 0.85 * row.height)):
        return True
    close = near.select_boxes(np.abs(near.middle - row.center[1]) < 3 * field.em)
    if (
        row.height < BODY * field.em
        and _goes_on_elsewhere(start, end, close, field.em, others)
        and not _is_of_a_column(row, (start + end) / 2, near, field)
    ):
        return True
    run = field.gutters.find_through(start, end, row)
    return run is not None and (run.flanked > 6 or not _closed(run, row, near, field.em))


def is_word_gap(a: Box, b: Box, near: BoxEdges, em: float) -> bool:
    """Tell whether a wide gap between two pieces is a blank within one justified line.

    It is one where the rows right above and right below run across it, and no row ends or begins
    there.

    Args:
        a: The piece left of the gap.
        b: The piece right of it.
        near: The rows a little above and below; see `find_near_rows`.
        em: Size of the body type in pixels.
    """
    start, end = a.right, b.left
    offsets = near.middle - (a.center[1] + b.center[1]) / 2
    other = np.abs(offsets) > 0.5 * em
    close = other & (np.abs(offsets) < PITCH * em)
    crossing = close & _crosses(near, (start + end) / 2, em)
    ending = (start - 0.5 * em < near.right) & (near.right < end + 0.2 * em)
    beginning = (start - 0.2 * em < near.left) & (near.left < end + 0.5 * em)
    around = other & (np.abs(offsets) < WITNESSES * PITCH * em)
    if (around & (ending | beginning)).any():
        return False
    return bool((crossing & (offsets < 0)).any() and (crossing & (offsets > 0)).any())


def _is_gutter(start: float, end: float, near: BoxEdges, em: float) -> bool:
    """Tell whether other lines end before the gap and begin behind it, and hardly one runs across.

    `em` is the larger of the body size and the row's own. Judgement: one line that crosses is
    outweighed by three that end or begin; a gap of almost an em needs one such line.
    """
    middle, slack = (start + end) / 2, 0.6 * em
    right = near.right
    ending = _count(
        (start - 1.6 * em <= right) & (right <= end + 0.2 * em) & (right < middle + slack)
    )
    beginning = _count(np.abs(near.left - end) <= slack)
    crossing = _count(_crosses(near, middle, em))
    fewer, more = sorted((ending, beginning))
    enough = fewer >= WITNESSES or (fewer >= 1 and more > WITNESSES and end - start > 0.75 * em)
    if end - start > 0.95 * em and more >= 1 and crossing == 0:
        return True
    return enough and crossing * 3 <= more


def _goes_on_elsewhere(
    start: float, end: float, close: BoxEdges, em: float, others: BoxEdges
) -> bool:
    """Tell whether lines farther up or down, beyond a picture perhaps, end and begin just at a gap.

    They do where text runs on below a picture for a row or two.
    """
    if end - start < 0.8 * em:
        return False
    ending = _count(np.abs(others.right - start) < EXACT * em)
    beginning = _count(np.abs(others.left - end) < EXACT * em)
    crossing = _count(_crosses(close, (start + end) / 2, em))
    return min(ending, beginning) >= 1 and ending + beginning >= WITNESSES and crossing <= 1


def _is_of_a_column(row: Box, middle: float, near: BoxEdges, field: InkField) -> bool:
    """Tell whether rows close above or below, of the same column, run across a gap in a row."""
    column = near.select_boxes(np.abs(near.left - row.left) < 3 * field.em)
    above, below = _rules_around(row, middle, field.rules)
    column = column.select_boxes((above < column.middle) & (column.middle < below))
    crosses = _crosses(column, middle, field.em)
    offsets = column.middle - row.center[1]
    found = 0
    for side in (-1, 1):
        reached = 0.0
        for k in np.argsort(side * offsets):
            offset = side * offsets[k]
            if offset > reached + PITCH * field.em:
                break
            if offset > 0:
                reached = offset
                found += bool(crosses[k])
    return found >= WITNESSES


def _rules_around(row: Box, x: float, rules: Sequence[Separator]) -> tuple[float, float]:
    """Return the heights of the nearest rules above and below a row that run across `x`."""
    heights = [r.box.center[1] for r in rules if not r.vertical and r.box.left <= x <= r.box.right]
    middle = row.center[1]
    above = max((y for y in heights if y < middle), default=-np.inf)
    return above, min((y for y in heights if y >= middle), default=np.inf)


def _count(flags: NDArray[np.bool_]) -> int:
    """Return how many flags are true."""
    return int(np.count_nonzero(flags))


def _crosses(others: BoxEdges, middle: float, reach: float) -> NDArray[np.bool_]:
    """Tell for each box whether it goes on by more than `reach` at both sides of `middle`."""
    return (others.left < middle - reach) & (others.right > middle + reach)


def _closed(run: WhiteRun, row: Box, near: BoxEdges, em: float) -> bool:
    """Tell whether a row of the same column runs across the white space where it ends.

    Then it is no gutter but a chance meeting of blanks in the rows of one column.
    """
    column = (np.abs(near.left - row.left) < 3 * em) & (np.abs(near.right - row.right) < 3 * em)
    at_its_end = np.minimum.reduce(
        [
            np.abs(near.bottom - run.top),
            np.abs(near.top - run.bottom),
            np.abs(near.middle - run.top),
            np.abs(near.middle - run.bottom),
        ]
    )
    across = _crosses(near, run.middle, 0.4 * em)
    return bool((column & across & (at_its_end < 0.8 * em)).any())
