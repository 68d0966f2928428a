"""Finds and covers what a scan shows beside the sheet: black margins, a grey bed, a film frame."""

import cv2
import numpy as np
from numpy.typing import NDArray

from newspage.enhance.ink_maps import GrayLevels
from newspage.enhance.paper import EM
from newspage.model import GrayImage

Mask = NDArray[np.bool_]

_DARKER = 0.22
"""Share of the page's contrast by which a bed is darker than paper. Judgement, like the figures
below: beds from light grey to black were wanted, shaded paper was not."""
_LEAST_STEPS = 30.0
"""The same in grey levels, for pages of little contrast."""
_LEAST_SIDE = 0.15
"""Share of one side of the scan that a bed runs along."""
_MOST_AREA = 0.6
"""Greatest share of the scan that a bed covers, and of a bed that a hole in it may have: what is
larger is the sheet."""
_MOST_HOLES = 0.05
"""Greatest share of a bed that its small holes may have; a panel has text in it."""
_MOST_SPREAD = 0.3
"""Greatest share of the contrast by which a bed's pixels may differ, from the 5th to the 97th in
a hundred."""
_LEAST_EDGE = 0.5
"""Least share of the way from bed to paper that is made within an em on either side of the edge."""


def find_scanner_bed(small: GrayImage, closed: GrayImage, levels: GrayLevels) -> Mask:
    """Return a mask of the scanner bed on a small copy of the page.

    A bed runs along a side of the scan, is even, ends sharply and has no holes. A photo that
    touches the side is not even, a shadow does not end sharply, and a black panel has text in it.

    Args:
        small: A copy of the page whose em is EM pixels.
        closed: That copy without print.
        levels: Grey levels of the page itself.
    """
    threshold = levels.paper - max(_LEAST_STEPS, _DARKER * levels.contrast)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (closed < threshold).astype(np.uint8)
    )
    bed = np.zeros(small.shape, bool)
    for label in range(1, count):
        if stats[label, cv2.CC_STAT_AREA] > _MOST_AREA * small.size:
            continue
        part = labels == label
        if _along_side(part) and _is_bed(part, small, closed, levels):
            bed |= part
    return bed


def grow_bed(bed: Mask, em: float = 0.5) -> Mask:
    """Return the mask of the bed grown by `em`, which takes in the blurred edge of the sheet."""
    side = 2 * round(em * EM) + 1
    wider: Mask = cv2.dilate(bed.astype(np.uint8), np.ones((side, side), np.uint8)).astype(bool)
    return wider


def cover_bed(pixels: GrayImage, bed: Mask, background: GrayImage) -> GrayImage:
    """Return a copy of the page with paper where the bed was.

    `bed` and `background` are small maps, with an em of EM pixels.
    """
    size = (pixels.shape[1], pixels.shape[0])
    mask = cv2.resize(bed.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    paper = cv2.resize(background, size, interpolation=cv2.INTER_LINEAR)
    covered: GrayImage = cv2.copyTo(paper, mask, pixels.copy())
    return covered


def _along_side(part: Mask) -> bool:
    """Tell whether a component runs along a side of the scan."""
    sides = (part[0], part[-1], part[:, 0], part[:, -1])
    return any(side.mean() >= _LEAST_SIDE for side in sides)


def _is_bed(part: Mask, small: GrayImage, closed: GrayImage, levels: GrayLevels) -> bool:
    """Tell whether a component is even, whole and sharply bounded, as a scanner bed is."""
    inner = cv2.erode(part.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    low, middle, high = np.percentile(small[inner if inner.any() else part], (5, 50, 97))
    even = high - low <= _MOST_SPREAD * levels.contrast
    return bool(even) and _whole(part) and _ends_sharply(part, closed, levels.paper - middle)


def _whole(part: Mask) -> bool:
    """Tell whether a component has no holes but small ones, or that of the sheet itself."""
    outlines, _ = cv2.findContours(part.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros(part.shape, np.uint8)
    cv2.drawContours(filled, outlines, -1, 1, cv2.FILLED)
    area = int(part.sum())
    # A bed all around the sheet has the sheet for its one great hole.
    holes = (filled.astype(bool) & ~part).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(holes)
    small_holes = sum(int(a) for a in stats[1:, cv2.CC_STAT_AREA] if a < _MOST_AREA * area)
    return small_holes <= _MOST_HOLES * area


def _ends_sharply(part: Mask, closed: GrayImage, drop: float) -> bool:
    """Tell whether paper begins within an em of a component, `drop` grey levels darker than it."""
    kernel = np.ones((2 * round(EM) + 1,) * 2, np.uint8)
    spread = cv2.dilate(part.astype(np.uint8), kernel).astype(bool)
    rim = spread & ~part
    if not rim.any():
        return False
    far = rim & ~grow_bed(part, 0.7)
    near = part & cv2.dilate(rim.astype(np.uint8), kernel).astype(bool)
    rise = float(np.median(closed[far])) - float(np.median(closed[near])) if far.any() else 0.0
    return rise >= _LEAST_EDGE * drop
