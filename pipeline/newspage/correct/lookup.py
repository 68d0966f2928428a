"""Finding the entries of a large dictionary in a text, exactly and nearly, in milliseconds.

A full scan of a dictionary at every place of a page is the known trap. Exact matches go through
the first two characters; near ones through shared trigrams held in sorted arrays, so that the
cost follows the number of shared trigrams and not the size of the dictionary.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

MIN_NEAR = 5
"""Shorter entries are looked up exactly only: one character off is another word."""
SHARED = 0.25
"""Share of an entry's trigrams that must stand in the text before the two are compared."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PhraseMatch:
    """Characters [start, end) of the text are, or nearly are, an entry."""

    start: int
    end: int
    entry: int
    """Index of the entry."""
    distance: int = 0
    """Levenshtein distance between the two."""


class PhraseIndex:
    """Entries, ready to be found. Immutable."""

    def __init__(self, entries: Sequence[str]) -> None:
        self.entries = tuple(entries)
        self._number = {e: i for i, e in enumerate(self.entries)}
        self._lengths = _lengths_by_start(self.entries)
        self._keys, self._owners, self._offsets = _trigram_table(self.entries)

    def find_exact(self, text: str) -> list[PhraseMatch]:
        """Every entry that stands in the text, longest first at each place."""
        found = []
        for i in range(len(text) - 1):
            for length in self._lengths.get(text[i : i + 2], ()):
                number = self._number.get(text[i : i + length])
                if number is not None and i + length <= len(text):
                    found.append(PhraseMatch(i, i + length, number))
        return found

    def find_near(self, text: str, similarity: float) -> list[PhraseMatch]:
        """Stretches of the text that an entry resembles without standing there.

        `similarity` is one minus the distance over the entry's length; both ends of the stretch
        are those of the entry. Ordered by place.
        """
        found = set()
        for number, start in self._candidates(text):
            match = _align(text, start, number, self.entries[number])
            if match and 0 < match.distance <= (1 - similarity) * len(self.entries[number]):
                found.add(match)
        return sorted(found, key=lambda m: (m.start, m.end, m.distance, m.entry))

    def _candidates(self, text: str) -> Iterator[tuple[int, int]]:
        """Entry and supposed start of each stretch that shares enough trigrams with it."""
        hits, owners, starts = self._votes(text)
        if not len(hits):
            return
        lengths = np.array([len(e) for e in self.entries], np.int64)
        cell = (starts + len(text)) // 8
        # Two grids, half a cell apart: a stretch with a character too many falls into one of them.
        for shift in (0, 4):
            cell = (starts + len(text) + shift) // 8
            key = owners * (1 << 40) + cell
            _, first, count = np.unique(key, return_index=True, return_counts=True)
            need = np.maximum(1, SHARED * (lengths[owners[first]] - 2))
            for i in first[count >= need]:
                yield int(owners[i]), int(starts[i])

    def _votes(self, text: str) -> tuple[Ints, Ints, Ints]:
        """Place in the text, entry, and supposed start of that entry, for each shared trigram."""
        grams = _trigrams(text)
        low = np.searchsorted(self._keys, grams, "left")
        high = np.searchsorted(self._keys, grams, "right")
        counts = high - low
        places = np.repeat(np.arange(len(grams)), counts)
        rank = np.arange(len(places)) - np.repeat(np.cumsum(counts) - counts, counts)
        rows = np.repeat(low, counts) + rank
        return places, self._owners[rows], places - self._offsets[rows]


def _lengths_by_start(entries: Sequence[str]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        lengths[entry[:2]].add(len(entry))
    return {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}


def _code_points(text: str) -> Ints:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)


def _trigrams(text: str) -> Ints:
    """One number for each three characters in a row."""
    c = _code_points(text)
    if len(c) < 3:
        return np.zeros(0, np.int64)
    return (c[:-2] << 42) | (c[1:-1] << 21) | c[2:]


def _trigram_table(entries: Sequence[str]) -> tuple[Ints, Ints, Ints]:
    """All trigrams of the longer entries, sorted; the entry and the offset of each."""
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


def _align(text: str, start: int, number: int, entry: str) -> PhraseMatch | None:
    """The stretch around `start` that begins and ends as the entry does, nearest to it."""
    slack = max(2, len(entry) // 4)
    heads = _places(text, entry[0], start - slack, start + slack + 1)
    tail = start + len(entry) - 1
    tails = _places(text, entry[-1], tail - slack, tail + slack + 1)
    best = None
    for head in heads:
        for end in tails:
            if end > head:
                distance = Levenshtein.distance(entry, text[head : end + 1])
                if best is None or distance < best.distance:
                    best = PhraseMatch(head, end + 1, number, distance)
    return best


def _places(text: str, character: str, low: int, high: int) -> list[int]:
    low = max(0, low)
    return [low + i for i, c in enumerate(text[low : max(low, high)]) if c == character]
