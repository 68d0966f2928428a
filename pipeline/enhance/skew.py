"""By how much a page lies askew."""

import numpy as np

from pipeline.enhance.ink import Ink
from pipeline.enhance.slopes import Floats, tile_slopes, vertex

_COARSE_DEGREES = 0.25
_FINE_DEGREES = 0.05
_FINE_REACH = 0.6
_LEAST_RISE = 1.25
"""The best angle must explain this much more than the median of all angles does."""


def measure_skew(ink: Ink, em: float, most: float) -> float:
    """Degrees the page is turned clockwise, at most `most` either way; 0 where nothing tells.

    `em` is that of the ink map. Rows and columns of ink vote together: lines of text, printed
    rules and column edges, whichever the page has, in its own place each. Columns whose lines
    stand at different heights do not disturb each other, as every tile is judged by itself.
    """
    coarse = np.arange(-most, most + _COARSE_DEGREES / 2, _COARSE_DEGREES, dtype=np.float64)
    votes = _votes(ink, em, coarse)
    if votes.max() < _LEAST_RISE * np.median(votes):
        return 0.0
    fine = coarse[votes.argmax()] + np.arange(-_FINE_REACH, _FINE_REACH + 1e-9, _FINE_DEGREES)
    votes = _votes(ink, em, fine)
    best = int(np.clip(votes.argmax(), 1, fine.size - 2))
    return float(fine[best] + _FINE_DEGREES * vertex(*votes[best - 1 : best + 2, None])[0])


def _votes(ink: Ink, em: float, degrees: Floats) -> Floats:
    """How well each angle brings the ink of both directions into phase."""
    slopes = np.tan(np.radians(degrees))
    rows = sharpness(ink, em, slopes)
    columns = sharpness(np.ascontiguousarray(ink.T), em, -slopes[::-1])[::-1]
    return rows + columns


def sharpness(ink: Ink, em: float, slopes: Floats) -> Floats:
    """Mean coherence of all tiles at each slope; tiles with more ink count more."""
    tiles = tile_slopes(ink, em, slopes)
    weights = np.sqrt(tiles.energy)
    mean: Floats = weights @ tiles.coherence / max(weights.sum(), 1e-9)
    return mean
