"""Makes the binary image of the ink, on which all geometry is measured."""

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from newspage.geometry import Box
from newspage.model import GrayImage

Mask = NDArray[np.uint8]
"""Shape (height, width): 1 where the thing is, 0 elsewhere."""


def make_ink_mask(pixels: GrayImage, em: float, panels: Sequence[Box] = ()) -> Mask:
    """Return a mask of the pixels clearly darker than the paper around them.

    The paper is the mean over a square of three em around a pixel; pixels darker than it by a tenth
    of the grey range count. Faint show-through from the reverse stays below that, worn print above.
    Inside `panels`, the pixels clearly lighter than their surroundings count instead.
    """
    ink = _darker(pixels, em)
    for panel in panels:
        x0, y0, x1, y1 = (
            max(0, int(v)) for v in (panel.left, panel.top, panel.right, panel.bottom)
        )
        ink[y0:y1, x0:x1] = _darker(np.asarray(255 - pixels[y0:y1, x0:x1], dtype=np.uint8), em)
    return ink


def _darker(pixels: GrayImage, em: float) -> Mask:
    """Return a mask of the pixels 26 grey levels, a tenth of the range, below those around."""
    block = int(3 * em) | 1
    around = cv2.blur(pixels, (block, block), borderType=cv2.BORDER_REPLICATE)
    level = np.clip(around.astype(np.int16) - 26, 0, 255).astype(np.uint8)
    return np.asarray(pixels < level, dtype=np.uint8)


def erase_boxes(ink: Mask, boxes: Iterable[Box]) -> Mask:
    """Return the ink without what lies in some boxes, or within a pixel of them."""
    bare = ink.copy()
    for box in (b.grown(1) for b in boxes):
        x0, y0 = max(0, int(box.left)), max(0, int(box.top))
        bare[y0 : int(box.bottom) + 1, x0 : int(box.right) + 1] = 0
    return bare


def shrink_to_em(pixels: GrayImage, em: float, scale: int) -> tuple[GrayImage, float]:
    """Return an image at `scale` pixels an em, never enlarged, and how many times smaller it is."""
    step = max(1.0, em / scale)
    size = (max(1, round(pixels.shape[1] / step)), max(1, round(pixels.shape[0] / step)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8), step


def transpose_mask(mask: Mask) -> Mask:
    """Return the mask with rows for columns, in one piece of memory, unlike a view of it."""
    return np.asarray(cv2.transpose(mask), dtype=np.uint8)


def open_mask(mask: Mask, x: int, y: int) -> Mask:
    """Return the mask opened by an upright rectangle of x by y pixels.

    Both are made odd so that nothing shifts.
    """
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (max(1, x) | 1, max(1, y) | 1))
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel), dtype=np.uint8)


def close_mask(mask: Mask, x: int, y: int) -> Mask:
    """Return the mask closed by an upright rectangle of x by y pixels.

    Both are made odd so that nothing shifts.
    """
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (max(1, x) | 1, max(1, y) | 1))
    padded = cv2.copyMakeBorder(mask, y, y, x, x, cv2.BORDER_CONSTANT, value=0)
    out = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, kernel)
    return np.asarray(out[y : y + mask.shape[0], x : x + mask.shape[1]], dtype=np.uint8)
