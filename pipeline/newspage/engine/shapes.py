"""Keeps the shapes that networks on a GPU are given few: there, each new one is expensive."""

from bisect import bisect_left
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newspage.engine.strip_batches import BATCH_COLUMNS, PADDING, WIDTH_UNIT

_WIDTHS = (64, 96, 160, 224, 320, 416, 544, 704, 928, 1216, 1600, 2112, 2784, 3648, 4800, 6400)
"""Widths that batches of strips are filled up to: each third wider than the one before."""


class SessionPerShape:
    """A network on a GPU, with a session for each shape of what it is given.

    Whenever the shape changes, a session of ONNX Runtime chooses anew how to compute each of its
    layers, which takes a second: a hundred times as long as computing them. A session takes some
    300 MB of the GPU's memory.
    """

    def __init__(self, runner: Any) -> None:
        """Start with PaddleOCR's `runner`; others are made after it as they are needed."""
        self._first = runner
        self._runners: dict[tuple[int, ...], Any] = {}

    def __call__(self, x: list[NDArray[np.float32]]) -> Any:
        shape = x[0].shape
        if shape not in self._runners:
            self._runners[shape] = self._another() if self._runners else self._first
        return self._runners[shape](x=x)

    def _another(self) -> Any:
        """Make another runner of the same network, with a session of its own."""
        first = self._first
        runner = type(first)(first.model_dir, first.model_file_prefix, first._config)
        runner.session.disable_fallback()
        return runner


def pad_batch(batch: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pad a batch of strips with blank strips and blank ends, so that few shapes occur."""
    count, height, width = batch.shape
    place = bisect_left(_WIDTHS, width)
    if place == len(_WIDTHS):
        return batch
    narrowest = (_WIDTHS[place - 1] if place else 0) + WIDTH_UNIT
    rows = max(count, BATCH_COLUMNS // narrowest)
    filled = np.full((rows, height, _WIDTHS[place]), PADDING, np.uint8)
    filled[:count, :, :width] = batch
    return filled
