"""Covers an image of any size with overlapping tiles and blends what is computed on them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STRIDE = 32
"""Sides of a tile are multiples of this: the detector halves its input five times."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One row or column of tiles."""

    start: int
    size: int
    weights: NDArray[np.float32]
    """Shape (size,): its share of the blend at each pixel; the shares of all cuts add up to 1."""


def cuts(length: int, tile: int, overlap: int) -> list[Cut]:
    """Equal stretches of at most `tile` pixels that cover `length`, sharing `overlap` or more.

    The last one may reach beyond the image: sides are multiples of STRIDE.
    """
    size = min(tile, round_up(length))
    count = 1 if length <= size else -(-(length - overlap) // (size - overlap))
    size = min(size, round_up(-(-(length + (count - 1) * overlap) // count)))
    starts = [round(i * (length - size) / max(1, count - 1)) for i in range(count)]
    starts = [max(0, s) for s in starts]
    ramps = [_ramp(i, starts, size) for i in range(count)]
    total = np.zeros(max(length, starts[-1] + size), np.float32)
    for start, ramp in zip(starts, ramps, strict=True):
        total[start : start + size] += ramp
    return [Cut(s, size, r / total[s : s + size]) for s, r in zip(starts, ramps, strict=True)]


def round_up(length: int) -> int:
    """The next multiple of STRIDE, at least one."""
    return max(STRIDE, -(-length // STRIDE) * STRIDE)


def _ramp(index: int, starts: list[int], size: int) -> NDArray[np.float32]:
    """Falls towards a neighbour and stays 1 at the border of the image."""
    ramp = np.ones(size, np.float32)
    if index > 0:
        shared = starts[index - 1] + size - starts[index]
        ramp[:shared] = (np.arange(shared) + 1) / (shared + 1)
    if index + 1 < len(starts):
        shared = starts[index] + size - starts[index + 1]
        ramp[size - shared :] = np.minimum(
            ramp[size - shared :], (np.arange(shared)[::-1] + 1) / (shared + 1)
        )
    return ramp
