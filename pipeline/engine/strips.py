"""Strips of text as a recognition network wants them: one height, batched by width."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model import GrayImage

HEIGHT = 48
"""Height of the network's input in pixels."""
STEP = 8
"""Pixels of the network's input that one step looks at."""
PADDING = 127
"""Gray of the fill right of a strip: zero after normalisation, as in training."""
WIDTH_UNIT = 32
"""Batches are padded to a multiple of this, so that few different shapes occur."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Strips of similar width set side by side in one array."""

    members: tuple[int, ...]
    """Index of each strip in the sequence that was given."""
    widths: tuple[int, ...]
    """Width of each in pixels, without padding."""
    pixels: NDArray[np.uint8]
    """Shape (strips, 1, HEIGHT, width)."""


def to_height(strip: GrayImage) -> GrayImage:
    """A strip scaled to HEIGHT: smooth where it grows, averaged where it shrinks."""
    height, width = strip.shape
    if height == 0 or width == 0:
        return np.full((HEIGHT, STEP), 255, np.uint8)
    target = max(STEP, round(width * HEIGHT / height))
    method = cv2.INTER_CUBIC if height < HEIGHT else cv2.INTER_AREA
    scaled: GrayImage = cv2.resize(strip, (target, HEIGHT), interpolation=method)
    return scaled


def batches(strips: Sequence[GrayImage], area: int) -> Iterator[Batch]:
    """Strips of height HEIGHT in batches of at most `area` columns, widest first."""
    order = sorted(range(len(strips)), key=lambda i: -strips[i].shape[1])
    while order:
        width = -(-strips[order[0]].shape[1] // WIDTH_UNIT) * WIDTH_UNIT
        count = max(1, area // width)
        members, order = order[:count], order[count:]
        yield _batch(members, [strips[i] for i in members], width)


def _batch(members: Sequence[int], strips: Sequence[GrayImage], width: int) -> Batch:
    pixels = np.full((len(strips), 1, HEIGHT, width), PADDING, np.uint8)
    for row, strip in zip(pixels, strips, strict=True):
        row[0, :, : strip.shape[1]] = strip
    return Batch(tuple(members), tuple(s.shape[1] for s in strips), pixels)
