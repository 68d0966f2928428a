"""Finds lines that hold nothing but the beginnings of other lines that run across them.

Where lines are set wide, a text detector sees the first characters of several rows as a column. The
rows are then extended to their ends, and the same ink would be read twice.
"""

from collections.abc import Sequence

from newspage.geometry import Box

FEWEST = 3
"""Number of lines across that make a line their duplicate. Judgement: two may cross it by
chance."""
DOUBLE = 0.8
"""Share of a duplicate that the lines across it cover. Judgement: nearly all, edges are rough."""
KNOWN = 0.5
"""Share of a line across up to which it may itself be covered. Judgement: half, so that of two
lines at most one counts as the duplicate."""
THROUGH = 0.6
"""Share of the thickness of both lines that they have in common where they cross. Judgement:
more than half, which the touching outlines of neighbours have not."""


def find_duplicate_lines(horizontal: Sequence[Box], vertical: Sequence[Box]) -> set[Box]:
    """Return the lines of either direction that repeat parts of several lines of the other one.

    A line is such a duplicate where lines across it cover it whole, each with a small part of
    itself. Where both directions are covered whole, neither is a duplicate.
    """
    crossed: dict[Box, list[Box]] = {b: [] for b in (*horizontal, *vertical)}
    for row in horizontal:
        for column in vertical:
            if _cross(row, column):
                crossed[row].append(column)
                crossed[column].append(row)
    # Those that cross one line do not overlap much themselves.
    held = {b: sum(b.share_inside(o) for o in others) for b, others in crossed.items()}
    return {
        b
        for b, others in crossed.items()
        if len(others) >= FEWEST and held[b] > DOUBLE and all(held[o] < KNOWN for o in others)
    }


def _cross(horizontal: Box, vertical: Box) -> bool:
    """Tell whether a horizontal and a vertical line cross through most of their thickness."""
    shared = horizontal.intersection(vertical)
    if shared is None:
        return False
    return shared.height > THROUGH * horizontal.height and shared.width > THROUGH * vertical.width
