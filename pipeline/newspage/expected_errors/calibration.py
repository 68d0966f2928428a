"""Turn the confidences of a line's characters into probabilities that they are wrong.

The table is `calibration.json`: for horizontal and for vertical lines a curve that only rises, from
the doubt of a character to how often characters of that doubt were wrong on generated pages.
`python -m benchmarks.expected_errors fit` makes it anew; docs/expected-errors.md has the figures.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

CALIBRATION = Path(__file__).with_name("calibration.json")
"""The file of the curves."""
LEAST_DOUBT = 5e-4
"""Doubt that a character has at least: records keep confidences to a thousandth."""

Doubts = NDArray[np.float64]
"""Doubts of characters, each 0 to 1."""


@dataclass(frozen=True, slots=True)
class ErrorCurve:
    """How often characters of a doubt are wrong, in lines of one direction."""

    line_weight: float
    """Weight of the line's doubt beside the character's own, 0 to 1: see `measure_doubts`."""
    doubts: tuple[float, ...]
    """Rising, each over 0; between two of them the curve is straight over the logarithm."""
    shares: tuple[float, ...]
    """The share of wrong characters at each, 0 to 1; never falling."""

    def find_probabilities(self, confidences: Sequence[float]) -> Doubts:
        """Return for each character of a line the probability that it is wrong, 0 to 1.

        `confidences` are those of all its characters, each 0 to 1.
        """
        doubts = measure_doubts(confidences, self.line_weight)
        found: Doubts = np.interp(np.log(doubts), np.log(self.doubts), self.shares)
        return found


def measure_doubts(confidences: Sequence[float], line_weight: float) -> Doubts:
    """Return the doubt of each character of a line, its own and that of the line in one.

    It is their weighted geometric mean. In a line of which the recogniser was unsure, characters
    that it was sure of are wrong more often as well.

    Args:
        confidences: Of all characters of the line, each 0 to 1.
        line_weight: The weight of the line's mean doubt, 0 to 1; the character's own has the rest.
    """
    own = np.clip(1.0 - np.asarray(confidences, np.float64), LEAST_DOUBT, 1.0)
    if not own.size:
        return own
    line = max(LEAST_DOUBT, float(1.0 - np.clip(confidences, 0.0, 1.0).mean()))
    mixed: Doubts = np.exp((1.0 - line_weight) * np.log(own) + line_weight * np.log(line))
    return mixed


@cache
def load_curves() -> tuple[ErrorCurve, ErrorCurve]:
    """Return the curves of horizontal and of vertical lines."""
    told = json.loads(CALIBRATION.read_text("utf-8"))
    horizontal, vertical = (
        ErrorCurve(
            told[direction]["line_weight"],
            tuple(told[direction]["doubts"]),
            tuple(told[direction]["shares"]),
        )
        for direction in ("horizontal", "vertical")
    )
    return horizontal, vertical


@cache
def name_calibration() -> str:
    """Return a name of the curves that changes with them, 12 hexadecimal digits.

    What was counted by other ones is counted anew.
    """
    return hashlib.sha256(repr(load_curves()).encode()).hexdigest()[:12]
