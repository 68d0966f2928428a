"""Tells gains from chance: a paired bootstrap over lines.

Koehn, Statistical Significance Tests for Machine Translation Evaluation, EMNLP 2004.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 2000
"""Times that as many lines as there are are drawn anew."""


@dataclass(frozen=True, slots=True)
class PairedComparison:
    """The shares of wrong characters of two readings of the same lines."""

    before: float
    after: float
    better: float
    """Share of the draws in which the second reading has fewer wrong characters."""
    worse: float
    """Share of the draws in which it has more."""
    lines: int


def compare_errors(
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    characters: NDArray[np.float64],
    seed: int = 0,
) -> PairedComparison:
    """Compare the errors of two readings, line by line.

    Args:
        before: Wrong characters of each line in the first reading.
        after: The same in the second reading.
        characters: Number of characters of each line.
        seed: Of the draws.
    """
    total = max(1.0, float(characters.sum()))
    change = after - before
    random = np.random.default_rng(seed)
    count = len(change)
    sums = np.array(
        [change[random.integers(0, count, count)].sum() for _ in range(DRAWS if count else 0)]
    )
    shares = (float((sums < 0).mean()), float((sums > 0).mean())) if count else (0.0, 0.0)
    return PairedComparison(float(before.sum()) / total, float(after.sum()) / total, *shares, count)
