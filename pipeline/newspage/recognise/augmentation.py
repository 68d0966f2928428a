"""Reads doubtful lines again in altered images: softened, sharpened, with thinner strokes.

Worn and noisy print is read better softened, thick microfilm strokes sharpened or thinned; which
of them a line needs is told by how sure the recogniser is of what it then reads. Measured on lines
made worse in many ways, the surest of three looks has a quarter fewer errors than the plain one.
"""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from newspage.engine import Engine, Reading
from newspage.model import GrayImage

SURE = 0.95
"""Mean confidence from which a line is not looked at again. Judgement: surer lines have few
errors."""

Look = Callable[[GrayImage], GrayImage]
"""A change of the pixels of a strip that moves nothing in it."""


def read_with_augmentation(
    strips: Sequence[GrayImage], looks: Sequence[Look], engine: Engine
) -> list[Reading]:
    """Read each strip, plain and altered, and keep the reading of which the engine is surest.

    Only strips of which it is not sure at first sight are looked at again, once with each look.
    """
    readings = engine.read_lines(strips)
    doubtful = [i for i, reading in enumerate(readings) if mean_confidence(reading) < SURE]
    again = [look(strips[i]) for look in looks for i in doubtful]
    for place, reading in enumerate(engine.read_lines(again)):
        i = doubtful[place % len(doubtful)]
        if mean_confidence(reading) > mean_confidence(readings[i]):
            readings[i] = reading
    return readings


def mean_confidence(reading: Reading) -> float:
    """Return the mean confidence of the glyphs; 0 without any."""
    return float(reading.confidences.mean()) if len(reading.text) else 0.0


def make_blur(share: float) -> Look:
    """Make a look that blurs by a Gaussian whose deviation is `share` of the strip's height."""

    def soften(strip: GrayImage) -> GrayImage:
        """Blur a strip in proportion to its height."""
        soft: GrayImage = cv2.GaussianBlur(strip, (0, 0), max(0.3, share * strip.shape[0]))
        return soft

    return soften


def sharpen_strip(strip: GrayImage) -> GrayImage:
    """Return the strip twice as large, with the contrast of edges raised (unsharp masking)."""
    large = cv2.resize(strip, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    sharp = large + 0.7 * (large - cv2.GaussianBlur(large, (0, 0), 2))
    return np.asarray(np.clip(sharp, 0, 255), np.uint8)


def thin_strokes(strip: GrayImage) -> GrayImage:
    """Return the strip at full contrast with its greys lightened, which makes strokes thinner."""
    if not strip.size:
        return strip
    ink, paper = np.percentile(strip, (2, 90))
    contrast = np.clip((strip - ink) / max(30.0, paper - ink), 0, 1)
    return np.asarray(255 * contrast**0.7, np.uint8)
