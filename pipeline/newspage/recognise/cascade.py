"""Reads rows with a light network first, and again with the full one where that is not enough.

Rows are read again by falling doubt (`reading_doubt`). What the full network then reads otherwise
tells how far doubts are to be believed on this page: on one of characters that the light network
does not know, more differs than was expected, on a clean one less. It ends when so little is
expected to differ in the rows that are left that the page is as good as read in full. A page that
turns out to hold several characters which the light network does not know is read in full.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from newspage.engine import LightReader, Reading
from newspage.model import GrayImage
from newspage.recognise.reading_doubt import SAME_PRINT, estimate_doubt, group_same_prints

SAMPLE = 8
"""One row in so many is read lightly to see whether a page is worn."""
WORN = 0.6
"""Share of these rows to be read again from which all are read in full at once. Judgement: beyond
it little is saved, and more is read twice."""
DOUBTFUL = 0.05
"""Expected differences from which a row of the sample counts as one to be read again."""
LEVELS = (0.2, 0.1, 0.05, 0.03, 0.02, 0.01, 0.005, 0.0)
"""Expected differences in a row from which it is read again, one level after the other."""

UNKNOWN = 2, 5e-4
"""Characters unknown to the light network, in rows that were read again, and their share of those
of the page, beyond both of which all of it is read in full. They come in company: names, variants,
another script. Ordinary pages of the generator had up to 3 of them; on planted ones the doubts
alone passed over 6 of 782 differences."""

FullReader = Callable[[Sequence[GrayImage]], list[Reading]]
"""Reads strips with the full network."""


@dataclass(frozen=True, slots=True, eq=False)
class CascadeResult:
    """The readings of all rows, and which of them are the light network's."""

    readings: tuple[Reading, ...]
    lightly: tuple[bool, ...]


def read_in_cascade(
    strips: Sequence[GrayImage],
    heights: Sequence[float],
    light: LightReader,
    read_fully: FullReader,
    characters: Sequence[str],
    allowed: float,
) -> CascadeResult:
    """Read rows lightly, and in full those that are in doubt.

    Args:
        strips: The strips of the rows.
        heights: Thickness of each row on the page, in pixels.
        light: Reads at first sight.
        read_fully: Reads again.
        characters: The character of each class of the full network.
        allowed: Share of the characters that may be expected to differ from a full reading;
            infinite: nothing is read again.
    """
    if math.isinf(allowed):
        return CascadeResult(tuple(light.read_strips(strips)), (True,) * len(strips))
    cascade = _Cascade(strips, heights, light, group_same_prints(characters))
    sample = range(0, len(strips), SAMPLE)
    cascade.read_lightly(sample)
    if sample and float(np.mean(cascade.doubts[sample] > DOUBTFUL)) > WORN:
        return CascadeResult(tuple(read_fully(strips)), (False,) * len(strips))
    cascade.read_lightly([i for i in range(len(strips)) if i % SAMPLE])
    for level in LEVELS:
        if cascade.is_good_enough(allowed):
            break
        cascade.read_again(level, read_fully)
        if cascade.holds_unknown_characters():
            cascade.read_again(0.0, read_fully)
    return CascadeResult(
        tuple(cascade.readings[i] for i in range(len(strips))), tuple(cascade.lightly.tolist())
    )


class _Cascade:
    """The rows of a page while they are read."""

    def __init__(
        self,
        strips: Sequence[GrayImage],
        heights: Sequence[float],
        light: LightReader,
        prints: NDArray[np.int32],
    ) -> None:
        self.strips, self.heights, self.light, self.prints = strips, heights, light, prints
        self.readings: dict[int, Reading] = {}
        self.doubts = np.ones(len(strips))
        self.lightly = np.ones(len(strips), np.bool_)
        self.expected, self.found = 1.0, 1.0
        self.known, self.unknown = frozenset(light.engine.characters), 0

    def read_lightly(self, rows: Sequence[int]) -> None:
        """Read some rows with the light network, and estimate how doubtful that is."""
        readings = self.light.read_strips([self.strips[i] for i in rows])
        for i, reading in zip(rows, readings, strict=True):
            self.readings[i] = reading
            if reading.text:
                doubt = estimate_doubt(reading, self.strips[i], self.heights[i], self.prints)
                self.doubts[i] = doubt.expected

    def is_good_enough(self, allowed: float) -> bool:
        """Tell whether so few characters as are allowed are expected to differ from a full reading.

        Doubts are multiplied by what was found for each difference that was expected, with one of
        each at the start.
        """
        left = float(self.doubts[self.lightly].sum()) * self.found / self.expected
        return left <= allowed * self.count_characters()

    def holds_unknown_characters(self) -> bool:
        """Tell whether the page holds several characters that the light network does not know."""
        least, share = UNKNOWN
        return self.unknown > max(least, share * self.count_characters())

    def count_characters(self) -> int:
        """Count the characters that were read."""
        return sum(len(reading.text) for reading in self.readings.values())

    def read_again(self, level: float, read_fully: FullReader) -> None:
        """Read rows of which more than `level` differences are expected with the full network."""
        rows = np.flatnonzero(self.lightly & (self.doubts > level)).tolist()
        for i, reading in zip(rows, read_fully([self.strips[i] for i in rows]), strict=True):
            self.expected += self.doubts[i]
            self.found += count_differences(self.readings[i], reading)
            self.unknown += sum(character not in self.known for character in reading.text)
            self.readings[i] = reading
            self.lightly[i] = False


def count_differences(light: Reading, full: Reading) -> int:
    """Count the edits between two readings; marks that print the same count as one."""
    one, other = ("".join(r.text).strip().translate(SAME_PRINT) for r in (light, full))
    return int(Levenshtein.distance(one, other))
