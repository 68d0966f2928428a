"""Counts of character n-grams, packed into numbers so that numpy can sort and look them up.

A character is a number of 15 bits, an n-gram of up to four characters one of 60. Traditional
characters count as their simplified ones, one by one, so that places in a text stay the same. All
that is no Han character is a boundary.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from newspage.chinese import map_to_simplified

Keys = NDArray[np.uint64]
Weights = NDArray[np.float64]

ORDER = 4
"""Characters of the longest n-grams. On subtitles a fourth character makes each character .07 nats
likelier, a third one .54; a fifth would not fit the number."""
BITS = np.uint64(15)
"""Bits of a character."""
BOUNDARY = 1
"""Number of all that is no Han character: marks, digits, Latin letters, ends of texts."""
_BASIC, _EXTENSION = (0x4E00, 0xA000), (0x3400, 0x4DC0)
"""Unicode's basic block of ideographs, and its extension A: first code point, and the one behind
the last."""
CLASSES = 2 + _BASIC[1] - _BASIC[0] + _EXTENSION[1] - _EXTENSION[0]
"""Numbers that characters can have: one unused, the boundary, the two blocks."""


def number_characters(text: str) -> Keys:
    """Return the number of each character of a text, one for each."""
    folded = text.translate(_map_forms())
    points = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.int64)
    numbers = np.full(len(points), BOUNDARY, np.int64)
    at = 2
    for first, end in (_BASIC, _EXTENSION):
        inside = (points >= first) & (points < end)
        numbers[inside] = points[inside] - first + at
        at += end - first
    return numbers.astype(np.uint64)


@cache
def _map_forms() -> Mapping[int, str]:
    """Return the simplified form of each traditional character, where it has a number."""
    return {
        point: form
        for point, form in map_to_simplified().items()
        if any(first <= ord(form) < end for first, end in (_BASIC, _EXTENSION))
    }


def name_character(number: int) -> str:
    """Return the character of a number; empty for the boundary."""
    at = 2
    for first, end in (_BASIC, _EXTENSION):
        if at <= number < at + end - first:
            return chr(number - at + first)
        at += end - first
    return ""


def pack_windows(numbers: Keys, size: int) -> Keys:
    """Return the n-gram of `size` characters that begins at each place of the last axis."""
    places = numbers.shape[-1] - size + 1
    keys = np.zeros((*numbers.shape[:-1], max(0, places)), np.uint64)
    for offset in range(size if places > 0 else 0):
        keys = keys << BITS | numbers[..., offset : offset + places]
    return keys


@dataclass(frozen=True)
class NgramCounts:
    """Counts of n-grams; they may be fractions. For each size from 1 on keys, sorted, and counts.

    Immutable: adding makes new ones.
    """

    sizes: tuple[tuple[Keys, Weights], ...]

    @classmethod
    def sum_up(cls, parts: Iterable[tuple[int, Keys, Weights]]) -> "NgramCounts":
        """Return the counts of n-grams given in any order, several times or once.

        Args:
            parts: The size of some n-grams, their keys and what each of them counts.
        """
        gathered: list[list[tuple[Keys, Weights]]] = [[] for _ in range(ORDER)]
        for size, keys, weights in parts:
            gathered[size - 1].append((keys, weights))
        return cls(tuple(_sum_pairs(pairs) for pairs in gathered))

    def add(self, other: "NgramCounts", weight: float = 1.0) -> "NgramCounts":
        """Return the sum of both; the counts of `other` are multiplied by `weight`."""
        return NgramCounts.sum_up(
            (size, keys, weights * factor)
            for counts, factor in ((self, 1.0), (other, weight))
            for size, (keys, weights) in enumerate(counts.sizes, 1)
        )

    @property
    def total(self) -> float:
        """Return the count of all characters."""
        return float(self.sizes[0][1].sum())


def _sum_pairs(pairs: Sequence[tuple[Keys, Weights]]) -> tuple[Keys, Weights]:
    """Return keys sorted, each once, and the sums of their counts."""
    if not pairs:
        return np.zeros(0, np.uint64), np.zeros(0, np.float64)
    keys = np.concatenate([keys for keys, _ in pairs])
    weights = np.concatenate([weights for _, weights in pairs])
    found, places = np.unique(keys, return_inverse=True)
    return found, np.bincount(places, weights, len(found)).astype(np.float64)


def list_windows(
    numbers: Keys, certainty: Weights | None = None
) -> list[tuple[int, Keys, Weights]]:
    """Return the n-grams of a text that hold no boundary, of each size.

    The base model knows nothing of marks. Were those of an archive counted, a character that was
    seen before a full stop there would be likelier before every full stop than one that was not.

    Args:
        numbers: The characters of the text, by `number_characters`.
        certainty: How sure each of them is, 0 to 1; an n-gram counts what its least sure character
            does. None: all count 1.
    """
    sure = np.ones(len(numbers)) if certainty is None else certainty
    found = []
    for size in range(1, min(ORDER, len(numbers)) + 1):
        places = len(numbers) - size + 1
        inner = np.ones(places, bool)
        for offset in range(size):
            inner &= numbers[offset : offset + places] != BOUNDARY
        weights = np.min([sure[o : o + places] for o in range(size)], axis=0)
        found.append((size, pack_windows(numbers, size)[inner], weights[inner]))
    return found
