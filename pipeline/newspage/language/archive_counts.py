"""Counts of n-grams in the pages of an archive, so that no page is judged by its own errors.

A page counts once for each n-gram, as sure as its surest occurrence, and the page that is surest of
an n-gram does not count at all. What only one page has, a misreading say, is thus never learnt, and
whichever page is judged, the others alone speak. What people have confirmed counts in full.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from newspage.language.ngram_counts import ORDER, Keys, NgramCounts, Weights, list_windows

_PENDING = 4_000_000
"""n-grams of a size that are kept unsorted; they take 64 MB."""

Tallies = tuple[Keys, Weights, Weights]
"""n-grams, sorted; the sum over the pages of how sure each is, and the greatest of them."""


class ArchiveCounts:
    """Counts that grow page by page."""

    def __init__(self) -> None:
        self.characters = 0
        """Characters counted so far."""
        self._confirmed: list[NgramCounts] = []
        self._pending: list[list[Tallies]] = [[] for _ in range(ORDER)]

    def add_page(self, paragraphs: Sequence[tuple[Keys, Weights, NDArray[np.bool_]]]) -> None:
        """Count a page.

        Args:
            paragraphs: For each the characters, how sure each of them is (0 to 1), and whether
                people have confirmed it.
        """
        read = [window for numbers, sure, _ in paragraphs for window in list_windows(numbers, sure)]
        for size in range(1, ORDER + 1):
            some = [(keys, weights) for n, keys, weights in read if n == size]
            if some:
                self._add_ngrams(size, some)
        people = [
            (size, keys[weights > 0], weights[weights > 0])
            for numbers, _, confirmed in paragraphs
            if confirmed.any()
            for size, keys, weights in list_windows(numbers, confirmed.astype(np.float64))
        ]
        if people:
            self._confirmed.append(NgramCounts.sum_up(people))
        self.characters += sum(len(numbers) for numbers, _, _ in paragraphs)

    def sum_up(self) -> NgramCounts:
        """Return what the archive teaches."""
        parts = []
        for size, pending in enumerate(self._pending, 1):
            keys, sums, greatest = _merge_tallies(pending)
            weights = sums - greatest
            kept = weights > 0
            parts.append((size, keys[kept], weights[kept]))
        people = (
            (size, keys, weights)
            for counts in self._confirmed
            for size, (keys, weights) in enumerate(counts.sizes, 1)
        )
        return NgramCounts.sum_up([*parts, *people])

    def _add_ngrams(self, size: int, some: Sequence[tuple[Keys, Weights]]) -> None:
        """Add the n-grams of a page, each once."""
        keys = np.concatenate([keys for keys, _ in some])
        weights = np.concatenate([weights for _, weights in some])
        order = np.argsort(keys, kind="stable")
        found, starts = np.unique(keys[order], return_index=True)
        surest = np.maximum.reduceat(weights[order], starts)
        pending = self._pending[size - 1]
        pending.append((found, surest, surest))
        if len(pending) > 1 and sum(len(k) for k, _, _ in pending[1:]) > _PENDING:
            pending[:] = [_merge_tallies(pending)]


def _merge_tallies(pending: Sequence[Tallies]) -> Tallies:
    """Return tallies of several pages as one."""
    if not pending:
        return np.zeros(0, np.uint64), np.zeros(0), np.zeros(0)
    keys, sums, greatest = (np.concatenate([t[part] for t in pending]) for part in range(3))
    order = np.argsort(keys, kind="stable")
    found, starts = np.unique(keys[order], return_index=True)
    return (
        found,
        np.add.reduceat(sums[order], starts),
        np.maximum.reduceat(greatest[order], starts),
    )
