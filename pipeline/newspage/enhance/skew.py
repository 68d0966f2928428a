"""Measures by how much a page lies askew."""

import numpy as np

from newspage.enhance.ink_maps import Ink
from newspage.enhance.slopes import Floats, SlopeTiles, find_parabola_vertex, measure_tile_slopes

_COARSE_DEGREES = 0.25
_FINE_DEGREES = 0.05
_FINE_REACH = 0.6
_LEAST_RISE = 1.5
"""The best angle must bring this much more into phase than the median one."""
_POWER = 2
"""Tiles all of whose lines agree count more than those of mixed contents."""


def measure_skew(ink: Ink, em: float, most: float) -> float:
    """Return the degrees a page is turned clockwise, at most `most` either way; 0 where nothing tells.

    `em` is that of the ink map. Rows and columns of ink vote together: lines of text, printed
    rules and column edges, whichever the page has, in its own place each. Columns whose lines
    stand at different heights do not disturb each other, as every tile is judged by itself.
    """
    coarse = np.arange(-most, most + _COARSE_DEGREES / 2, _COARSE_DEGREES, dtype=np.float64)
    agreement, votes = _votes(ink, em, coarse)
    if agreement.max() < _LEAST_RISE * np.median(agreement):
        return 0.0
    fine = coarse[votes.argmax()] + np.arange(-_FINE_REACH, _FINE_REACH + 1e-9, _FINE_DEGREES)
    _, votes = _votes(ink, em, fine)
    best = int(np.clip(votes.argmax(), 1, fine.size - 2))
    return float(
        fine[best] + _FINE_DEGREES * find_parabola_vertex(*votes[best - 1 : best + 2, None])[0]
    )


def _votes(ink: Ink, em: float, degrees: Floats) -> tuple[Floats, Floats]:
    """How well each angle brings the ink of both directions into phase, plainly and sharply."""
    slopes = np.tan(np.radians(degrees))
    rows = measure_tile_slopes(ink, em, slopes)
    columns = measure_tile_slopes(np.ascontiguousarray(ink.T), em, -slopes[::-1])
    plain, sharp = (_mean(rows, p) + _mean(columns, p)[::-1] for p in (1, _POWER))
    return plain, sharp


def measure_sharpness(ink: Ink, em: float) -> float:
    """Return how straight the lines of an ink map run along its rows, from 0 to 1."""
    return float(_mean(measure_tile_slopes(ink, em, np.zeros(1)), 1)[0])


def _mean(tiles: SlopeTiles, power: int) -> Floats:
    """Mean of the tiles' coherence at each slope; those with more ink count more."""
    weights = np.sqrt(tiles.energy)
    mean: Floats = weights @ tiles.coherence**power / max(weights.sum(), 1e-9)
    return mean
