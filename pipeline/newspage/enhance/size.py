"""How large the body text is printed: nothing else on a page is as common."""

import cv2
import numpy as np

from newspage.enhance.ink import binarise, measure_levels
from newspage.model import GrayImage

_HALVE_BEYOND = 6000
"""Pages longer than this hold no glyph that half the resolution would not show."""
_WINDOW = 51
_INK_PER_EM = 0.9
"""A full-width glyph's ink spans this much of its em, in all common typefaces."""
_SQUARE = 0.6
"""Two glyphs that touch are longer than this allows."""
_LARGEST = 300
_FEWEST = 30
"""Glyphs that must agree before the size is believed."""


def measure_em(pixels: GrayImage) -> float:
    """Size of the em of body text in pixels, whatever its direction; 0 where there is no text.

    Many Chinese characters hold one stroke group that spans them from side to side, so the
    longer sides of connected components, each weighted by its length, pile up at one value.
    """
    factor = 1
    while max(pixels.shape) / factor > _HALVE_BEYOND:
        factor *= 2
    if factor > 1:
        size = (pixels.shape[1] // factor, pixels.shape[0] // factor)
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return factor * _common_size(pixels) / _INK_PER_EM


def _common_size(pixels: GrayImage) -> float:
    mask = binarise(pixels, measure_levels(pixels), _WINDOW)
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    sides, areas = stats[1:, 2:4], stats[1:, 4]
    longer, shorter = sides.max(axis=1), sides.min(axis=1)
    glyphs = longer[(areas > 5) & (shorter > _SQUARE * longer) & (longer < _LARGEST)]
    counts = np.bincount(glyphs, minlength=_LARGEST + 1).astype(np.float64)
    weights = np.convolve(counts * np.arange(counts.size), (1, 2, 3, 2, 1), "same")
    best = int(weights.argmax())
    near = slice(max(best - 2, 0), best + 3)
    if counts[near].sum() < _FEWEST:
        return 0.0
    return float(np.average(np.arange(counts.size)[near], weights=counts[near]))
