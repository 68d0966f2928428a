"""From a map of text probability to the outlines of lines.

Liao et al., Real-time Scene Text Detection with Differentiable Binarization, AAAI 2020: the map
shows the shrunken core of each line; what is above a threshold is outlined, and grown back by
area times ratio over perimeter.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine import FoundLine
from pipeline.geometry import Polygon

TextMap = NDArray[np.uint8]
"""Probability of text at each pixel, times 255."""


@dataclass(frozen=True, slots=True)
class BoxRules:
    """When a spot of the map counts as a line."""

    map_threshold: float = 0.3
    """Probability above which a pixel belongs to a line."""
    line_threshold: float = 0.5
    """Mean probability that a line must have."""
    unclip: float = 1.6
    """How far lines are grown back, in units of area over perimeter."""
    smallest: float = 3.0
    """Shorter side of the smallest spot kept, in pixels."""


def lines_of_map(text_map: TextMap, rules: BoxRules) -> list[FoundLine]:
    """The lines in a map, as rectangles (turned ones too), from top to bottom."""
    binary = (text_map > rules.map_threshold * 255).astype(np.uint8)
    contours, _ = cv2.findContours(binary, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = [line for c in contours if (line := _line_of_contour(text_map, c, rules))]
    return sorted(found, key=lambda line: (line.polygon[0][1], line.polygon[0][0]))


def _line_of_contour(
    text_map: TextMap, contour: NDArray[np.int32], rules: BoxRules
) -> FoundLine | None:
    (x, y), (width, height), angle = cv2.minAreaRect(contour)
    if min(width, height) < rules.smallest:
        return None
    score = _mean_inside(text_map, contour)
    if score < rules.line_threshold:
        return None
    grow = width * height * rules.unclip / (2 * (width + height))
    rectangle = ((x, y), (width + 2 * grow, height + 2 * grow), angle)
    return FoundLine(_clockwise(cv2.boxPoints(rectangle).astype(np.float64)), score)


def _mean_inside(text_map: TextMap, contour: NDArray[np.int32]) -> float:
    """Mean probability inside a contour."""
    left, top, width, height = cv2.boundingRect(contour)
    mask = np.zeros((height, width), np.uint8)
    cv2.drawContours(mask, [contour], 0, 1, -1, offset=(-left, -top))
    window = text_map[top : top + height, left : left + width]
    return float(cv2.mean(window, mask)[0]) / 255


def _clockwise(corners: NDArray[np.float64]) -> Polygon:
    """The corners clockwise from the one nearest to the top left."""
    center = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - center[1], corners[:, 0] - center[0])
    ordered = corners[np.argsort(angles)]
    first = int(np.argmin(ordered.sum(axis=1)))
    return tuple((float(x), float(y)) for x, y in np.roll(ordered, -first, axis=0))
