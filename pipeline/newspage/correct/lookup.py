"""Look-up of the entries of a large dictionary in a text, exactly and nearly, in milliseconds.

To compare every entry at every place of a page would be too slow. Exact matches go through the
first two characters; near ones through shared trigrams held in sorted arrays, so that the cost
follows the number of shared trigrams and not the size of the dictionary (benchmarks/lookup.py).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

MIN_NEAR = 5
"""Characters of the shortest entry that is looked up nearly. Judgement: one character off, a
shorter one is another word."""
SHARED = 0.25
"""Share of an entry's trigrams that must stand in the text before the two are compared.
Judgement."""

Ints = NDArray[np.int64]
"""Places, entry numbers or trigrams, one dimension."""


@dataclass(frozen=True, slots=True)
class PhraseMatch:
    """Characters [start, end) of a text that are an entry, or nearly so."""

    start: int
    end: int
    entry: int
    """Index of the entry."""
    distance: int = 0
    """Levenshtein distance between the two."""


class PhraseIndex:
    """An index of dictionary entries for exact and near look-up. Immutable."""

    def __init__(self, entries: Sequence[str]) -> None:
        """Build the index; matches name entries by their number in `entries`."""
        self.entries = tuple(entries)
        self._number = {e: i for i, e in enumerate(self.entries)}
        self._lengths = _lengths_by_prefix(self.entries)
        self._keys, self._owners, self._offsets = _trigram_table(self.entries)

    def find_exact(self, text: str) -> list[PhraseMatch]:
        """Return every place where an entry stands in the text, longest first at each place."""
        found = []
        for i in range(len(text) - 1):
            for length in self._lengths.get(text[i : i + 2], ()):
                number = self._number.get(text[i : i + length])
                if number is not None and i + length <= len(text):
                    found.append(PhraseMatch(i, i + length, number))
        return found

    def find_near(self, text: str, similarity: float) -> list[PhraseMatch]:
        """Return stretches of the text that resemble an entry and are not equal to it, by place.

        `similarity` is one minus the Levenshtein distance over the entry's length, 0 to 1. Both
        ends of a stretch are those of the entry.
        """
        found = set()
        for number, start in self._find_candidates(text):
            match = _align_entry(text, start, number, self.entries[number])
            if match and 0 < match.distance <= (1 - similarity) * len(self.entries[number]):
                found.add(match)
        return sorted(found, key=lambda m: (m.start, m.end, m.distance, m.entry))

    def _find_candidates(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield entry and supposed start of each stretch that shares enough trigrams with it.

        Hits of one entry are counted in cells of eight starts, so that a few characters lost or
        added between them do no harm.
        """
        hits, owners, starts = self._match_trigrams(text)
        if not len(hits):
            return
        lengths = np.array([len(e) for e in self.entries], np.int64)
        cell = (starts + len(text)) // 8
        # Two grids, half a cell apart: hits on both sides of an edge share a cell of the other.
        for shift in (0, 4):
            cell = (starts + len(text) + shift) // 8
            key = owners * (1 << 40) + cell
            _, first, count = np.unique(key, return_index=True, return_counts=True)
            need = np.maximum(1, SHARED * (lengths[owners[first]] - 2))
            for i in first[count >= need]:
                yield int(owners[i]), int(starts[i])

    def _match_trigrams(self, text: str) -> tuple[Ints, Ints, Ints]:
        """Return for each shared trigram its place in the text, the entry and that entry's start.

        Three arrays of equal length.
        """
        grams = _trigrams(text)
        low = np.searchsorted(self._keys, grams, "left")
        high = np.searchsorted(self._keys, grams, "right")
        counts = high - low
        places = np.repeat(np.arange(len(grams)), counts)
        rank = np.arange(len(places)) - np.repeat(np.cumsum(counts) - counts, counts)
        rows = np.repeat(low, counts) + rank
        return places, self._owners[rows], places - self._offsets[rows]


def _lengths_by_prefix(entries: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Return the lengths of the entries that begin with two characters, longest first."""
    lengths: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        lengths[entry[:2]].add(len(entry))
    return {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}


def _code_points(text: str) -> Ints:
    """Return the code points of a text, lone surrogates included."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)


def _trigrams(text: str) -> Ints:
    """Return one number for each three characters in a row, 21 bits a character."""
    c = _code_points(text)
    if len(c) < 3:
        return np.zeros(0, np.int64)
    return (c[:-2] << 42) | (c[1:-1] << 21) | c[2:]


def _trigram_table(entries: Sequence[str]) -> tuple[Ints, Ints, Ints]:
    """Return all trigrams of the longer entries, sorted, with the entry and the offset of each.

    Three arrays of equal length.
    """
    long = [i for i, e in enumerate(entries) if len(e) >= MIN_NEAR]
    lengths = np.array([len(entries[i]) for i in long], np.int64)
    grams = _trigrams("".join(entries[i] for i in long))
    starts = np.cumsum(lengths) - lengths
    places = np.concatenate(
        [np.arange(s, s + n - 2) for s, n in zip(starts, lengths, strict=True)]
        or [np.zeros(0, np.int64)]
    )
    owners = np.repeat(np.array(long, np.int64), np.maximum(lengths - 2, 0))
    offsets = places - np.repeat(starts, np.maximum(lengths - 2, 0))
    keys = grams[places]
    order = np.argsort(keys, kind="stable")
    return keys[order], owners[order], offsets[order]


def _align_entry(text: str, start: int, number: int, entry: str) -> PhraseMatch | None:
    """Return the nearest stretch around `start` that begins and ends as the entry does.

    Each end is looked for within two characters of its place, or a quarter of the entry if that is
    more (judgement). None where no stretch has both ends.
    """
    slack = max(2, len(entry) // 4)
    heads = _find_character(text, entry[0], start - slack, start + slack + 1)
    tail = start + len(entry) - 1
    tails = _find_character(text, entry[-1], tail - slack, tail + slack + 1)
    best = None
    for head in heads:
        for end in tails:
            if end > head:
                distance = Levenshtein.distance(entry, text[head : end + 1])
                if best is None or distance < best.distance:
                    best = PhraseMatch(head, end + 1, number, distance)
    return best


def _find_character(text: str, character: str, low: int, high: int) -> list[int]:
    """Return the offsets of a character in [low, high)."""
    low = max(0, low)
    return [low + i for i, c in enumerate(text[low : max(low, high)]) if c == character]
