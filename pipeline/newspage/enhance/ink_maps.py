"""Measures grey levels, and makes ink maps: copies of a page small enough to measure on."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from newspage.model import GrayImage

Ink = GrayImage
"""Share of ink in each pixel of a small copy of the page, 0 none to 255 all."""

_LEVELS_SIDE = 1500
"""Pixels a side that are looked at for grey levels, about. Judgement: enough for a stable
histogram."""
_LEAST_CONTRAST = 12.0
"""Grey levels between ink and its surroundings below which it is only noise. Judgement: grain of
paper stays below."""
_INK_SHARE = 0.2
"""Share of the page's contrast by which ink is darker than its surroundings. Judgement: faint
print has more, show-through mostly less."""

_DARK_SHARE = 0.5
"""Share of the contrast by which a neighbourhood darker than paper is no text on paper.
Judgement: half, which close print does not reach."""


@dataclass(frozen=True, slots=True)
class GrayLevels:
    """Grey levels of a page: its paper and its darkest ink."""

    paper: float
    ink: float

    @property
    def contrast(self) -> float:
        """Return the difference between paper and ink in grey levels, at least 1."""
        return max(self.paper - self.ink, 1.0)


def measure_levels(pixels: GrayImage) -> GrayLevels:
    """Return the grey levels of a whole page; see `estimate_levels`."""
    return estimate_levels(sample_pixels(pixels))


def sample_pixels(pixels: GrayImage) -> GrayImage:
    """Return some of the pixels, evenly spread, none of them blended with its neighbours."""
    step = max(1, max(pixels.shape) // _LEVELS_SIDE)
    return pixels[::step, ::step]


def estimate_levels(values: NDArray[np.uint8]) -> GrayLevels:
    """Return the levels of paper and ink among grey values.

    Paper is the commonest value of the brighter half; 1% of the values are darker than ink.
    """
    counts = cv2.calcHist([np.ascontiguousarray(values)], [0], None, [256], [0, 256]).ravel()
    smooth, below = np.convolve(counts, np.ones(9), "same"), np.cumsum(counts)
    middle = int(np.searchsorted(below, 0.5 * values.size))
    paper = middle + int(np.argmax(smooth[middle:]))
    ink = int(np.searchsorted(below, 0.01 * values.size))
    return GrayLevels(float(paper), float(min(ink, paper)))


def binarise_locally(pixels: GrayImage, levels: GrayLevels, window: int) -> GrayImage:
    """Return a mask: 255 where a pixel is clearly darker than the mean around it, else 0.

    The mean is that of a square of `window` pixels. Where it is dark itself (photos, black panels)
    nothing counts: grain is no ink.
    """
    mean = cv2.blur(pixels, (window | 1, window | 1))
    threshold = max(_LEAST_CONTRAST, _INK_SHARE * levels.contrast)
    darker = cv2.subtract(mean, pixels)
    mask: GrayImage = cv2.threshold(darker, threshold, 255, cv2.THRESH_BINARY, dst=darker)[1]
    mask[mean < levels.paper - _DARK_SHARE * levels.contrast] = 0
    return mask


def make_ink_map(pixels: GrayImage, em: float, em_small: float) -> tuple[Ink, float]:
    """Make the ink map of a page, scaled so that an em of `em` pixels becomes `em_small`.

    Ink is darkness as it is, without any threshold: the soft edges of a stroke that slopes a little
    are what tells its slope.

    Returns:
        The map, and its size relative to the page, at most 1.
    """
    factor = min(1.0, em_small / em)
    levels = measure_levels(pixels)
    share = (levels.paper - np.arange(256)) / levels.contrast
    curve = np.clip(255 * share, 0, 255).astype(np.uint8)
    ink = shrink_image(np.asarray(cv2.LUT(pixels, curve)), factor)
    side = 2 * round(em * factor) | 1
    ink[cv2.blur(ink, (side, side)) > 255 * _DARK_SHARE] = 0
    return ink, factor


def shrink_image(pixels: GrayImage, factor: float) -> GrayImage:
    """Return a copy `factor` times as large, for a factor of at most 1."""
    size = tuple(max(8, round(n * factor)) for n in pixels.shape[::-1])
    small: GrayImage = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return small
