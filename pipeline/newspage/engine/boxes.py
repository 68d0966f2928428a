"""Makes the outlines of lines from a map of text probability.

Liao et al., Real-time Scene Text Detection with Differentiable Binarization, AAAI 2020: the map
shows the shrunken core of each line; what is above a threshold is outlined and grown back by area
times a ratio over perimeter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from newspage.engine.protocol import FoundLine
from newspage.engine.tiles import TextMap
from newspage.geometry import Points, Polygon

# Figures without a name below are judgement: shares of a line's length, thickness or area.

Contour = NDArray[np.int32]
"""Shape (points, 1, 2)."""

PARTING = (0.5, 0.7, 0.85)
"""Probabilities at which a component that is no single line is tried to be split. Judgement:
lines run together at weak places."""
COMPACT = 0.85
"""Share of the rectangle around it that the core of a line fills. Judgement: more than any L or
T."""
SMALLEST = 3.0
"""Shorter side, in pixels, of the smallest core kept. Judgement: as in DB's own post-processing."""
HUGE = 128.0
"""Thickness in pixels from which lines are looked for in a smaller image: at full size the
detector sees only strokes of their glyphs."""
SHRINK = 4
"""How many times smaller that image is: it brings type of 128 to 500 pixels to 32 to 125."""
LINE_SHAPED = 2.5
"""Length over thickness from which something is a line and no fragment of a glyph. Judgement:
more than two characters."""


@dataclass(frozen=True, slots=True)
class BoxRules:
    """Thresholds at which a component of the map counts as a line, as in EngineConfig."""

    map_threshold: float = 0.3
    line_threshold: float = 0.5
    unclip: float = 1.6


def extract_lines(text_map: TextMap, rules: BoxRules) -> list[FoundLine]:
    """Return the lines in a map as rectangles (turned ones too), in no special order."""
    binary = (text_map > rules.map_threshold * 255).astype(np.uint8)
    cores = [c for contour in _contours(binary) for c in _split_core(text_map, contour, PARTING)]
    return [line for core in cores if (line := _line_of_core(text_map, core, rules))]


def add_huge_lines(fine: list[FoundLine], small: list[FoundLine]) -> list[FoundLine]:
    """Return the lines found at full size, with the huge ones among those found at reduced size.

    A huge line takes the place of the fragments that were found of it at full size, not of a line
    of print that its outline takes in. Where it only lumps lines of smaller print together, it is
    dropped.

    Args:
        fine: The lines found at full size.
        small: The lines found in the image SHRINK times smaller, in its pixels; only those thicker
            than HUGE on the full image count.
    """
    huge = [h for line in small if _thickness(h := _enlarged(line)) > HUGE]
    for line in huge:
        if not _is_known_better([f for f in fine if _share_inside(f, line) > 0.25], line):
            fragments = {
                f for f in fine if _share_inside(f, line) >= 0.5 and not _is_print(f, line)
            }
            fine = [f for f in fine if f not in fragments] + [line]
    return fine


def _contours(binary: NDArray[np.uint8], offset: tuple[int, int] = (0, 0)) -> list[Contour]:
    """Return the outer contours of a binary map; `offset` is added to their points."""
    found, _ = cv2.findContours(binary, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=offset)
    return [np.asarray(contour, np.int32) for contour in found]


def _split_core(text_map: TextMap, contour: Contour, levels: Sequence[float]) -> list[Contour]:
    """Return a component, or the lines it consists of where they only run together at weak places.

    Parts one behind the other on one line stay together, as far as no line beside it clings on.
    """
    whole = _rectangle_area(contour)
    if not levels or cv2.contourArea(contour) > COMPACT * whole:
        return [contour]
    left, top, width, height = cv2.boundingRect(contour)
    inside = np.zeros((height, width), np.uint8)
    cv2.drawContours(inside, [contour], 0, 1, -1, offset=(-left, -top))
    window = text_map[top : top + height, left : left + width]
    strong = np.where(window > levels[0] * 255, inside, 0).astype(np.uint8)
    parts = [c for c in _contours(strong, (left, top)) if _thickness_of(c) >= SMALLEST]
    if any(_beside(a, b) for a, b in combinations(parts, 2)):
        return [p for part in parts for p in _split_core(text_map, part, levels[1:])]
    return _split_core(text_map, contour, levels[1:])


def _beside(a: Contour, b: Contour) -> bool:
    """Tell whether two components are long and lie beside each other, not one behind the other."""
    boxes = np.array([cv2.boundingRect(a), cv2.boundingRect(b)])
    start, size = boxes[:, :2], boxes[:, 2:]
    shared = (start + size).min(axis=0) - start.max(axis=0)
    shorter = size.min(axis=0)
    return any(
        shorter[along] > LINE_SHAPED * shorter[1 - along]
        and shared[along] > 0.5 * shorter[along]
        and shared[1 - along] <= 0
        for along in (0, 1)
    )


def _rectangle_area(contour: Contour) -> float:
    """Return the area of the smallest rectangle around a contour, in pixels."""
    _, (width, height), _ = cv2.minAreaRect(contour)
    return float((width + 1) * (height + 1))


def _thickness_of(contour: Contour) -> float:
    """Return the shorter side of the smallest rectangle around a contour."""
    return float(min(cv2.minAreaRect(contour)[1]))


def _line_of_core(text_map: TextMap, core: Contour, rules: BoxRules) -> FoundLine | None:
    """Return the line whose shrunken core was found, grown back; None for a weak or tiny one."""
    center, (width, height), angle = cv2.minAreaRect(core)
    if min(width, height) < SMALLEST:
        return None
    score = _mean_inside(text_map, core)
    if score < rules.line_threshold:
        return None
    grow = width * height * rules.unclip / (width + height)
    corners = cv2.boxPoints((center, (width + grow, height + grow), angle))
    return FoundLine(_clockwise(corners.astype(np.float64)), score)


def _mean_inside(text_map: TextMap, contour: Contour) -> float:
    """Return the mean probability inside a contour."""
    left, top, width, height = cv2.boundingRect(contour)
    mask = np.zeros((height, width), np.uint8)
    cv2.drawContours(mask, [contour], 0, 1, -1, offset=(-left, -top))
    window = text_map[top : top + height, left : left + width]
    return float(cv2.mean(window, mask)[0]) / 255


def _clockwise(corners: Points) -> Polygon:
    """Return the corners clockwise from the one nearest to the top left."""
    center = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - center[1], corners[:, 0] - center[0])
    ordered = corners[np.argsort(angles)]
    first = int(np.argmin(ordered.sum(axis=1)))
    return tuple((float(x), float(y)) for x, y in np.roll(ordered, -first, axis=0))


def _sides(line: FoundLine) -> tuple[float, float]:
    """Return the lengths of the top and of the left side."""
    a, b, _, d = np.asarray(line.polygon)
    return float(np.hypot(*(b - a))), float(np.hypot(*(d - a)))


def _thickness(line: FoundLine) -> float:
    """Return the shorter of both sides."""
    return min(_sides(line))


def _enlarged(line: FoundLine) -> FoundLine:
    """Return a line of the small image in pixels of the full one."""
    return FoundLine(tuple((x * SHRINK, y * SHRINK) for x, y in line.polygon), line.score)


def _share_inside(part: FoundLine, line: FoundLine) -> float:
    """Return the share of a part's area that lies inside a line."""
    a, b = (np.asarray(x.polygon, np.float32) for x in (part, line))
    shared, _ = cv2.intersectConvexConvex(a, b)
    return float(shared) / max(1.0, float(cv2.contourArea(a)))


def _is_print(inside: FoundLine, line: FoundLine) -> bool:
    """Tell whether a stretch found inside a huge line is small print.

    A stroke is no longer than its type is high. At the huge lines of a real issue, 30 thin
    stretches are: rows and columns of text.
    """
    huge = _thickness(line)
    return _thickness(inside) < 0.5 * huge and max(_sides(inside)) > huge


def _is_known_better(inside: list[FoundLine], line: FoundLine) -> bool:
    """Tell whether stretches found at full size are the line itself, or lines of small print."""
    thickness, length = sorted(_sides(line))
    whole = [
        f for f in inside if max(_sides(f)) > 0.9 * length and _thickness(f) > 0.75 * thickness
    ]
    smaller = [
        f
        for f in inside
        if _thickness(f) < 0.6 * thickness and max(_sides(f)) > LINE_SHAPED * _thickness(f)
    ]
    return bool(whole) or len(smaller) > 1
