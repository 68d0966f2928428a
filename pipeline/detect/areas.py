"""Pictures and dark panels: areas of the page that are not white paper with ink lines on it."""

from collections.abc import Sequence

import cv2
import numpy as np

from pipeline.detect.ink import Mask, blocks, closed
from pipeline.geometry import Box
from pipeline.model import GrayImage

SCALE = 6
"""Areas are looked for at this many pixels an em."""


def find_panels(pixels: GrayImage, em: float) -> tuple[Box, ...]:
    """Upright dark areas with room for a line of text, found by their darkness at low resolution.

    Large headlines are dark as well, but not evenly so: of a panel, seven tenths are ground.
    """
    small, step = _shrunk(pixels, em)
    dark = (small < 0.55 * _paper(small)).astype(np.uint8)
    solid = blocks(closed(dark, SCALE, SCALE), 3 * SCALE, round(1.2 * SCALE))
    found = _rectangles(solid, step, fill=0.75, smallest=(4 * SCALE, round(1.5 * SCALE)))
    return tuple(f for f in found if _share(dark, f, step) >= 0.7)


def find_pictures(pixels: GrayImage, em: float, panels: Sequence[Box]) -> tuple[Box, ...]:
    """Areas that stay grey when every stroke thinner than an em is taken away; panels left out."""
    small, step = _shrunk(pixels, em)
    bare = cv2.dilate(small, cv2.getStructuringElement(cv2.MORPH_RECT, (SCALE, SCALE)))
    paper = np.minimum(_paper(small), cv2.GaussianBlur(bare, (0, 0), 40 * SCALE))
    grey = (bare < 0.86 * paper).astype(np.uint8)
    solid = blocks(closed(grey, SCALE, SCALE), 2 * SCALE, 2 * SCALE)
    found = _rectangles(solid, step, fill=0.55, smallest=(4 * SCALE, 4 * SCALE))
    return tuple(f for f in found if not any(_mostly_inside(f, p) for p in panels))


def _shrunk(pixels: GrayImage, em: float) -> tuple[GrayImage, float]:
    step = max(1.0, em / SCALE)
    size = (max(1, round(pixels.shape[1] / step)), max(1, round(pixels.shape[0] / step)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8), step


def _paper(small: GrayImage) -> float:
    return float(np.percentile(small, 80))


def _rectangles(
    mask: Mask, step: float, fill: float, smallest: tuple[int, int]
) -> tuple[Box, ...]:
    """Boxes of the components that fill their box by `fill` at least."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    boxes = []
    for x, y, w, h, area in stats[1:count].tolist():
        if w >= smallest[0] and h >= smallest[1] and area >= fill * w * h:
            boxes.append(Box(x * step, y * step, (x + w) * step, (y + h) * step))
    return tuple(boxes)


def _share(mask: Mask, box: Box, step: float) -> float:
    """The part of a box that the mask covers; the box is `step` times larger than the mask."""
    left, top, right, bottom = (round(v / step) for v in (box.left, box.top, box.right, box.bottom))
    return float(mask[top:bottom, left:right].mean())


def _mostly_inside(inner: Box, outer: Box) -> bool:
    shared = inner.intersection(outer)
    return shared is not None and shared.area >= 0.6 * inner.area
