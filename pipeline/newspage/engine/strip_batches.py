"""Prepares strips for a recogniser: scaled to one height, in batches of similar width."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from newspage.engine.models import HEIGHT
from newspage.model import GrayImage

BATCH_COLUMNS = 1600
"""Greatest sum of the widths of the strips of a batch, in pixels: bounds a recogniser's memory."""
NARROWEST = 16
"""Least width in pixels that a strip is scaled to: the recogniser halves it several times."""
WIDEST = 6400
"""Width in pixels, at the height HEIGHT, beyond which strips are read in parts: over two hundred
characters."""
WIDTH_UNIT = 32
"""Batches are padded to a multiple of so many pixels, so that few different shapes occur."""
PADDING = 127
"""Grey of the padding beside a strip: zero to the network, as in its training."""


@dataclass(frozen=True, slots=True, eq=False)
class StripBatch:
    """Strips of similar width, each filled up to the same width."""

    members: tuple[int, ...]
    """Index of each strip in the sequence that was given."""
    widths: tuple[int, ...]
    """Width of each in pixels before it was filled up."""
    pixels: NDArray[np.uint8]
    """Shape (strips, HEIGHT, width)."""


def scale_to_height(strip: GrayImage) -> GrayImage:
    """Return a strip scaled to HEIGHT: smooth where it grows, averaged where it shrinks."""
    height, width = strip.shape
    if height == 0 or width == 0:
        return np.full((HEIGHT, NARROWEST), 255, np.uint8)
    target = max(NARROWEST, round(width * HEIGHT / height))
    method = cv2.INTER_CUBIC if height < HEIGHT else cv2.INTER_AREA
    scaled: GrayImage = cv2.resize(strip, (target, HEIGHT), interpolation=method)
    return scaled


def cut_long_strip(strip: GrayImage, widest: int = WIDEST) -> list[int]:
    """Cut a long strip where there is least ink; return where its parts begin, the first at 0.

    `widest` is the greatest width of a part in pixels.
    """
    starts = [0]
    while strip.shape[1] - starts[-1] > widest:
        low, high = starts[-1] + widest // 2, starts[-1] + widest
        # Least contrast over the width of a thin gap, not in a single column of a glyph.
        ink = np.ptp(strip[:, low:high], axis=0).astype(np.float32)
        calm = np.convolve(ink, np.ones(9) / 9, mode="same")
        starts.append(low + int(np.argmin(calm)))
    return starts


def group_into_batches(
    strips: Sequence[GrayImage], columns: int = BATCH_COLUMNS
) -> Iterator[StripBatch]:
    """Group strips of height HEIGHT into batches, the widest first.

    `columns` bounds the sum of the padded widths in a batch, in pixels.
    """
    order = sorted(range(len(strips)), key=lambda i: -strips[i].shape[1])
    while order:
        width = -(-strips[order[0]].shape[1] // WIDTH_UNIT) * WIDTH_UNIT
        count = max(1, columns // width)
        members, order = order[:count], order[count:]
        yield _batch(members, [strips[i] for i in members], width)


def _batch(members: Sequence[int], strips: Sequence[GrayImage], width: int) -> StripBatch:
    """Return strips as one array, each padded to `width`."""
    pixels = np.full((len(strips), HEIGHT, width), PADDING, np.uint8)
    for row, strip in zip(pixels, strips, strict=True):
        row[:, : strip.shape[1]] = strip
    return StripBatch(tuple(members), tuple(s.shape[1] for s in strips), pixels)
