"""One box measured against many at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newspage.geometry import Box


@dataclass(frozen=True, slots=True, eq=False)
class BoxEdges:
    """The edges of many boxes, each an array of shape (n,), to measure one box against all."""

    left: NDArray[np.float64]
    top: NDArray[np.float64]
    right: NDArray[np.float64]
    bottom: NDArray[np.float64]

    @classmethod
    def from_boxes(cls, boxes: Sequence[Box]) -> "BoxEdges":
        """Return the edges of boxes, in their order."""
        corners = [(b.left, b.top, b.right, b.bottom) for b in boxes]
        return cls(*np.array(corners, np.float64).reshape(-1, 4).T)

    def select_boxes(self, chosen: NDArray[np.bool_]) -> "BoxEdges":
        """Return the edges of the chosen boxes alone; `chosen` has shape (n,)."""
        return BoxEdges(*(e[chosen] for e in (self.left, self.top, self.right, self.bottom)))

    @property
    def width(self) -> NDArray[np.float64]:
        """Return the width of each box."""
        return self.right - self.left

    @property
    def height(self) -> NDArray[np.float64]:
        """Return the height of each box."""
        return self.bottom - self.top

    @property
    def thickness(self) -> NDArray[np.float64]:
        """Return the shorter side of each box."""
        shorter: NDArray[np.float64] = np.minimum(self.width, self.height)
        return shorter

    @property
    def middle(self) -> NDArray[np.float64]:
        """Return the height half-way between top and bottom of each box."""
        return (self.top + self.bottom) / 2

    def shared_width(self, box: Box) -> NDArray[np.float64]:
        """Return the width that each box shares with `box`; negative is the gap between them."""
        return _shared(self.left, self.right, box.left, box.right)

    def shared_height(self, box: Box) -> NDArray[np.float64]:
        """Return the height that each box shares with `box`; negative is the gap between them."""
        return _shared(self.top, self.bottom, box.top, box.bottom)

    def shared_area(self, box: Box) -> NDArray[np.float64]:
        """Return the area that each box shares with `box`."""
        width, height = self.shared_width(box), self.shared_height(box)
        area: NDArray[np.float64] = np.maximum(0, width) * np.maximum(0, height)
        return area


def _shared(
    starts: NDArray[np.float64], ends: NDArray[np.float64], start: float, end: float
) -> NDArray[np.float64]:
    """Return the length that each interval shares with one; negative is the gap between them."""
    shared: NDArray[np.float64] = np.minimum(ends, end)
    shared -= np.maximum(starts, start)
    return shared
