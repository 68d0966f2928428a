"""Measures by how much a page lies askew."""

import numpy as np

from newspage.enhance.ink_maps import Ink
from newspage.enhance.slopes import Floats, SlopeTiles, find_parabola_vertex, measure_tile_slopes

_COARSE_DEGREES = 0.25
"""Steps in degrees of the first search. Judgement: the peak of a page's lines is wider."""
_FINE_DEGREES = 0.05
"""Steps in degrees of the second search, between which a parabola is laid."""
_FINE_REACH = 0.6
"""Degrees on both sides of the best coarse angle that are searched again: more than two coarse
steps."""
_LEAST_RISE = 1.5
"""Factor by which the best angle must bring more into phase than the median one. Judgement:
pages without lines show no such peak."""
_POWER = 2
"""Exponent of the tiles' coherence: tiles all of whose lines agree count more than mixed ones."""


def measure_skew(ink: Ink, em: float, most: float) -> float:
    """Return the degrees that a page is turned clockwise; 0 where nothing tells.

    Rows and columns of ink vote together: lines of text, printed rules and column edges, whichever
    the page has, in its own place each. Columns whose lines stand at different heights do not
    disturb each other, as every tile is judged by itself.

    Args:
        ink: The ink map.
        em: Size of the body type in pixels of the map.
        most: Greatest angle looked for, either way, in degrees.
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
    """Return how well each angle brings ink into phase, with coherence plain and sharpened."""
    slopes = np.tan(np.radians(degrees))
    rows = measure_tile_slopes(ink, em, slopes)
    columns = measure_tile_slopes(np.ascontiguousarray(ink.T), em, -slopes[::-1])
    plain, sharp = (_mean(rows, p) + _mean(columns, p)[::-1] for p in (1, _POWER))
    return plain, sharp


def measure_sharpness(ink: Ink, em: float) -> float:
    """Return how straight the lines of an ink map run along its rows, from 0 to 1."""
    return float(_mean(measure_tile_slopes(ink, em, np.zeros(1)), 1)[0])


def _mean(tiles: SlopeTiles, power: int) -> Floats:
    """Return the mean of the tiles' coherence at each slope; those with more ink count more."""
    weights = np.sqrt(tiles.energy)
    mean: Floats = weights @ tiles.coherence**power / max(weights.sum(), 1e-9)
    return mean
