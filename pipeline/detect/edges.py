"""One box measured against many at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.geometry import Box


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """The edges of many boxes, each an array of shape (n,), to measure one box against all."""

    left: NDArray[np.float64]
    top: NDArray[np.float64]
    right: NDArray[np.float64]
    bottom: NDArray[np.float64]

    @classmethod
    def of(cls, boxes: Sequence[Box]) -> "Edges":
        """Of boxes, in their order."""
        corners = [(b.left, b.top, b.right, b.bottom) for b in boxes]
        return cls(*np.array(corners, np.float64).reshape(-1, 4).T)

    def where(self, chosen: NDArray[np.bool_]) -> "Edges":
        """Of the chosen boxes alone."""
        return Edges(*(e[chosen] for e in (self.left, self.top, self.right, self.bottom)))

    @property
    def height(self) -> NDArray[np.float64]:
        return self.bottom - self.top

    @property
    def middle(self) -> NDArray[np.float64]:
        """Half-way between top and bottom."""
        return (self.top + self.bottom) / 2

    def shared_height(self, box: Box) -> NDArray[np.float64]:
        """Height shared with a box; negative is the gap between them."""
        shared: NDArray[np.float64] = np.minimum(self.bottom, box.bottom)
        shared -= np.maximum(self.top, box.top)
        return shared

    def shared_area(self, box: Box) -> NDArray[np.float64]:
        """Area shared with a box."""
        width = np.minimum(self.right, box.right) - np.maximum(self.left, box.left)
        area: NDArray[np.float64] = np.maximum(0, width) * np.maximum(0, self.shared_height(box))
        return area
