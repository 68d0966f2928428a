"""Finds the white space between columns in the ink itself.

Columns set close together are found as one stretch of text; then no edge of another line tells
where one ends and the next begins, but the white space that runs down between them does. Gutters
made of maximal white rectangles are the idea of Breuel, Two Geometric Algorithms for Layout
Analysis, DAS 2002; here they are found by a morphological opening.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from newspage.detect.ink_masks import Mask, open_mask, shrink_to_em
from newspage.geometry import Box

# Figures without a name below are judgement, in em unless they are shares of a row's height.

GRID = 10
"""Steps to the em at which white space is measured. Judgement: finer than the narrowest gutter."""
SHAPES = ((0.42, 6.0), (0.8, 3.2))
"""Width and height, in em, of the white rectangles a gutter is made of. Blanks behind commas
align by chance over a few rows, so the narrower, the higher. Judgement, like the figures below."""
FLANKED = ((0.8, 2.3), (0.0, 3.5))
"""Least width of a gutter, and least height of the text at both its sides, in em. Judgement: a
narrower gutter needs more text beside it."""

NARROW = 0.8
"""White space narrower than so many em may be that between characters set on a grid. Judgement."""


@dataclass(frozen=True, slots=True)
class WhiteRun:
    """A run of white space down a page."""

    middle: float
    top: float
    """Where it begins; minus infinity beyond some lines."""
    bottom: float
    flanked: float
    """How high text stands at both of its sides, in em."""


@dataclass(frozen=True, slots=True)
class Gutters:
    """The white rectangles of a page, and the ink they stand in, at a coarse scale."""

    white: Mask
    ink: Mask
    step: float
    em: float

    def find_through(self, start: float, end: float, row: Box) -> WhiteRun | None:
        """Return the gutter through the gap of a row from `start` to `end`; None without one."""
        top, bottom = row.top + 0.15 * row.height, row.bottom - 0.15 * row.height
        y0, y1 = int(top / self.step), max(int(top / self.step) + 1, int(bottom / self.step))
        x0, x1 = int(start / self.step), int(np.ceil(end / self.step)) + 1
        free = np.asarray(self.white[y0:y1, x0:x1].all(axis=0))
        run = _longest(free)
        if run is None or (run[1] - run[0]) * self.step < 0.35 * self.em:
            return None
        rows = max(1.0, row.height / self.em)
        if (run[1] - run[0]) / GRID < NARROW * rows and self._is_grid(row, y0, y1):
            return None
        white = self._flanked(x0 + run[0], x0 + run[1], y0, y1)
        wide = (run[1] - run[0]) / GRID / rows
        needed = next(height for width, height in FLANKED if wide >= width)
        return white if white.flanked >= needed * rows else None

    def _is_grid(self, row: Box, y0: int, y1: int) -> bool:
        """Tell whether white space runs down between many characters: they are set on a grid."""
        x0, x1 = int(row.left / self.step), int(row.right / self.step)
        free = self.white[y0:y1, x0:x1].all(axis=0).astype(np.int8)
        runs = int((np.diff(free) == 1).sum())
        return runs > 1 + (x1 - x0) / (7 * GRID)

    def _flanked(self, x0: int, x1: int, y0: int, y1: int) -> WhiteRun:
        """Return the white run through a gap, and how much text stands at both sides of it."""
        reach = 14 * GRID
        top, bottom = max(0, y0 - reach), min(y1 + reach, self.white.shape[0])
        middle = (x0 + x1) // 2
        inside = _run_through(self.white[top:bottom, middle], (y0 + y1) // 2 - top)
        level = slice(top + inside[0], top + inside[1])
        side = int(3.2 * GRID)
        left = self.ink[level, max(0, x0 - side) : x0 + 1].any(axis=1)
        right = self.ink[level, x1 - 1 : x1 + side].any(axis=1)
        ends = (top + inside[0], top + inside[1])
        return WhiteRun(
            middle * self.step,
            ends[0] * self.step if inside[0] else -np.inf,
            ends[1] * self.step if ends[1] < bottom else np.inf,
            float((left & right).sum()) / GRID,
        )


def find_gutters(ink: Mask, em: float) -> Gutters:
    """Find the white space between the columns of a page; `ink` is without rules."""
    reach = max(1, round(em / GRID))
    # One pixel of noise does not close a gutter, a stroke does.
    grown = cv2.blur(ink * np.uint8(255), (reach, reach))
    small, step = shrink_to_em(np.asarray(grown, dtype=np.uint8), em, GRID)
    inked = (small > 40).astype(np.uint8)
    white = np.zeros_like(inked)
    for w, h in SHAPES:
        white |= open_mask(1 - inked, round(w * GRID), round(h * GRID))
    return Gutters(white, inked, step, em)


def _longest(free: NDArray[np.bool_]) -> tuple[int, int] | None:
    """Return start and end of the longest run of true values; None without any."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], free.astype(np.int8), [0]))))
    if edges.size == 0:
        return None
    starts, ends = edges[::2], edges[1::2]
    best = int(np.argmax(ends - starts))
    return int(starts[best]), int(ends[best])


def _run_through(white: Mask, at: int) -> tuple[int, int]:
    """Return start and end of the run of white that holds the index `at`."""
    closed = np.flatnonzero(white == 0)
    before, after = closed[closed < at], closed[closed > at]
    return (
        int(before[-1]) + 1 if before.size else 0,
        int(after[0]) if after.size else int(white.size),
    )
