"""Measures how large the body text is, the commonest type on a page."""

from collections.abc import Sequence

import numpy as np

from newspage.detect.edges import BoxEdges
from newspage.engine import FoundLine
from newspage.geometry import Box

EM_OF_THICKNESS = 0.93
"""Em of the type as a share of the thickness of a stretch. Judgement: the box takes in a little
white."""
LINE_SHAPED = 1.6
"""Length over thickness from which the shape of a stretch shows its direction. Judgement: two
characters have it, one has not."""
BESIDE = 0.5
"""Least share of the shorter one's length that two stretches beside each other have in common.
Judgement: more than half, else they are diagonal to each other."""
APART = 0.5
"""Share of the thinner one's thickness below which the overlap of two stretches is that of
outlines. Judgement: above half, one of them repeats the other."""


def measure_body_em(found: Sequence[FoundLine]) -> float:
    """Return the size of the body type in pixels; `found` holds at least one stretch of text.

    It is the median thickness of the stretches, weighted by their lengths. Where lines are set
    close, their outlines overlap, and the distance between lines is measured instead. On vertical
    pages of 24 pixels an em and 26 to 28 from line to line, this gives 24 to 26; the thickness of
    the outlines would give 29 to 33.
    """
    boxes = [_upright(line) for line in found]
    horizontal = [b for b in boxes if b.width >= LINE_SHAPED * b.height]
    vertical = [_transposed(b) for b in boxes if b.height >= LINE_SHAPED * b.width]
    shapes = [(min(b.width, b.height), max(b.width, b.height)) for b in boxes if _is_compact(b)]
    for lines in (horizontal, vertical):
        edges = BoxEdges.from_boxes(lines)
        shapes += [(_own_height(line, edges), line.width) for line in lines]
    thickness, length = np.array(sorted(shapes)).T
    total = np.cumsum(length)
    return float(EM_OF_THICKNESS * thickness[np.searchsorted(total, total[-1] / 2)])


def _upright(line: FoundLine) -> Box:
    """Return the outline of a stretch turned about its middle to be horizontal or vertical."""
    corners = np.asarray(line.polygon, dtype=np.float64)
    sides = np.roll(corners, -1, axis=0) - corners
    lengths = np.hypot(*sides.T)
    first, second = lengths[[0, 2]].mean() / 2, lengths[[1, 3]].mean() / 2
    across, down = np.abs(sides[[0, 2]]).mean(axis=0)
    half_width, half_height = (first, second) if across >= down else (second, first)
    x, y = corners.mean(axis=0)
    return Box(x - half_width, y - half_height, x + half_width, y + half_height)


def _transposed(box: Box) -> Box:
    """Return a box with x and y exchanged."""
    return Box(box.top, box.left, box.bottom, box.right)


def _is_compact(box: Box) -> bool:
    """Tell whether the shape of a stretch does not show its direction."""
    return LINE_SHAPED * min(box.width, box.height) > max(box.width, box.height)


def _own_height(line: Box, lines: BoxEdges) -> float:
    """Return the height of a stretch up to the middle of its overlap with either neighbour."""
    shared = lines.shared_height(line)
    beside = lines.shared_width(line) > BESIDE * np.minimum(lines.width, line.width)
    beside &= (shared > 0) & (shared < APART * np.minimum(lines.height, line.height))
    above, below = (
        float(shared[beside & side].max(initial=0.0))
        for side in (lines.middle < line.center[1], lines.middle > line.center[1])
    )
    return line.height - (above + below) / 2
