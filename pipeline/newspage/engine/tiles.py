"""Covers an image of any size with overlapping tiles and blends what is computed on them.

Blending happens on the map of probabilities, before any line is outlined: no line is cut by a
seam, and none can be found twice.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from newspage.model import GrayImage

TILE = 1280
"""Longest side of a tile in pixels: bounds the memory a detector takes. In smaller tiles it sees
less around a line, and runs more lines of neighbouring columns together."""
OVERLAP = 192
"""Pixels that neighbouring tiles share at least: what a detector needs to see around a glyph."""
STRIDE = 32
"""Sides of a tile are multiples of this: the detector halves its input five times."""
WHITE = 255
"""Grey of what a tile shows beyond the image."""

TextMap = NDArray[np.uint8]
"""Probability of text at each pixel, times 255."""
TileMap = NDArray[np.float32]
"""Probability of text at each pixel of a tile."""
Detector = Callable[[Iterable[GrayImage]], Iterable[TileMap]]
"""Maps of tiles, in the order of the tiles."""


@dataclass(frozen=True, slots=True, eq=False)
class TileCut:
    """One row or column of tiles."""

    start: int
    size: int
    weights: NDArray[np.float32]
    """Shape (size,): its share of the blend at each pixel; the shares of all cuts add up to 1."""


def compute_text_map(image: GrayImage, detect: Detector) -> TextMap:
    """Compute the map of text probability of a whole image, tile by tile."""
    height, width = image.shape
    places = [(r, c) for r in plan_cuts(height) for c in plan_cuts(width)]
    whole = np.zeros((height, width), np.uint8)
    for (row, column), tile in zip(places, detect(_tiles(image, places)), strict=True):
        _blend(whole, tile, row, column)
    return whole


def plan_cuts(length: int, tile: int = TILE, overlap: int = OVERLAP) -> list[TileCut]:
    """Return equal stretches of at most `tile` pixels that cover `length`.

    Neighbours share `overlap` pixels or more. The last stretch may reach beyond the image by less
    than STRIDE.
    """
    count = 1 if length <= tile else -(-(length - overlap) // (tile - overlap))
    size = _round_up(-(-(length + (count - 1) * overlap) // count))
    last = max(0, length - size)
    starts = [round(i * last / max(1, count - 1)) for i in range(count)]
    ramps = [_ramp(i, starts, size) for i in range(count)]
    total = np.zeros(last + size, np.float32)
    for start, ramp in zip(starts, ramps, strict=True):
        total[start : start + size] += ramp
    return [TileCut(s, size, r / total[s : s + size]) for s, r in zip(starts, ramps, strict=True)]


def _round_up(length: int) -> int:
    """Return a length rounded up to a multiple of STRIDE."""
    return max(STRIDE, -(-length // STRIDE) * STRIDE)


def _ramp(index: int, starts: list[int], size: int) -> NDArray[np.float32]:
    """Return weights that fall towards a neighbour and stay 1 at the border of the image."""
    ramp = np.ones(size, np.float32)
    if index > 0:
        shared = starts[index - 1] + size - starts[index]
        ramp[:shared] = np.arange(1, shared + 1) / (shared + 1)
    if index + 1 < len(starts):
        shared = starts[index] + size - starts[index + 1]
        falling = np.arange(shared, 0, -1) / (shared + 1)
        ramp[size - shared :] = np.minimum(ramp[size - shared :], falling)
    return ramp


def _tiles(image: GrayImage, places: Iterable[tuple[TileCut, TileCut]]) -> Iterator[GrayImage]:
    """Yield the tiles of an image, white where they reach beyond it."""
    for row, column in places:
        part = image[row.start : row.start + row.size, column.start : column.start + column.size]
        if part.shape == (row.size, column.size):
            yield part
            continue
        tile = np.full((row.size, column.size), WHITE, np.uint8)
        tile[: part.shape[0], : part.shape[1]] = part
        yield tile


def _blend(whole: TextMap, tile: TileMap, row: TileCut, column: TileCut) -> None:
    """Add a tile's share to the map of the whole image, in place."""
    window = whole[row.start : row.start + row.size, column.start : column.start + column.size]
    height, width = window.shape
    share = row.weights[:height, None] * column.weights[None, :width]
    # Shares are rounded: only a saturating sum never overflows where all tiles are certain.
    cv2.add(window, np.rint(tile[:height, :width] * share * 255).astype(np.uint8), dst=window)
