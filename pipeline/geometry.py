"""Boxes, polygons and transforms: pure functions, no type of the pipeline above them.

Every coordinate is in pixels, x to the right, y down, origin in the top-left corner.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""An array of shape (n, 2): x, y of each point."""

Polygon = tuple[tuple[float, float], ...]
"""Corners in order around the shape."""


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle; `right` and `bottom` lie outside it, as in slices."""

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (self.left <= self.right and self.top <= self.bottom):
            raise ValueError(f"a box inside out: {self}")

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def center(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def polygon(self) -> Polygon:
        """The four corners, clockwise from the top left."""
        return (
            (self.left, self.top),
            (self.right, self.top),
            (self.right, self.bottom),
            (self.left, self.bottom),
        )

    def intersection(self, other: "Box") -> "Box | None":
        """The shared rectangle, or None where they share no area."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Box(left, top, right, bottom) if left < right and top < bottom else None

    def contains(self, other: "Box", slack: float = 0.0) -> bool:
        """Whether `other` lies inside this box, `slack` pixels of overhang allowed."""
        return (
            self.left - slack <= other.left
            and self.top - slack <= other.top
            and self.right + slack >= other.right
            and self.bottom + slack >= other.bottom
        )

    def grown(self, x: float, y: float | None = None) -> "Box":
        """This box with `x` pixels more at left and right, `y` (or `x`) at top and bottom."""
        y = x if y is None else y
        return Box(self.left - x, self.top - y, self.right + x, self.bottom + y)

    def clipped(self, width: float, height: float) -> "Box":
        """This box cut to an image of the given size (empty at the border if outside it)."""
        left, right = (min(max(v, 0.0), width) for v in (self.left, self.right))
        top, bottom = (min(max(v, 0.0), height) for v in (self.top, self.bottom))
        return Box(left, top, right, bottom)

    def moved(self, dx: float, dy: float) -> "Box":
        return Box(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all of them. Raises ValueError on none."""
    boxes = list(boxes)
    return Box(
        min(b.left for b in boxes),
        min(b.top for b in boxes),
        max(b.right for b in boxes),
        max(b.bottom for b in boxes),
    )


def bounds(points: Sequence[tuple[float, float]] | Points) -> Box:
    """The upright box around some points."""
    a = np.asarray(points, dtype=np.float64)
    return Box(
        float(a[:, 0].min()), float(a[:, 1].min()), float(a[:, 0].max()), float(a[:, 1].max())
    )


def overlap_1d(a0: float, a1: float, b0: float, b1: float) -> float:
    """Length shared by two intervals; negative is the gap between them."""
    return min(a1, b1) - max(a0, b0)


class Step(Protocol):
    """One part of the way from the working image back to the scan."""

    def __call__(self, points: Points) -> Points: ...


@dataclass(frozen=True, slots=True, eq=False)
class Affine:
    """Points times a 2 x 3 matrix: rotation, scale, shear, shift."""

    matrix: NDArray[np.float64]

    def __call__(self, points: Points) -> Points:
        linear: Points = points @ self.matrix[:, :2].T
        return linear + self.matrix[:, 2]


@dataclass(frozen=True, slots=True, eq=False)
class Warp:
    """A displacement known at the knots of a regular grid, bilinear between them.

    `dx` and `dy` have shape (rows, columns); the knot (r, c) lies at (c * cell, r * cell).
    Points outside the grid take the displacement of its border.
    """

    cell: float
    dx: NDArray[np.float64]
    dy: NDArray[np.float64]

    def __call__(self, points: Points) -> Points:
        rows, columns = self.dx.shape
        c = np.clip(points[:, 0] / self.cell, 0, columns - 1)
        r = np.clip(points[:, 1] / self.cell, 0, rows - 1)
        c0 = np.minimum(c.astype(np.intp), max(columns - 2, 0))
        r0 = np.minimum(r.astype(np.intp), max(rows - 2, 0))
        c1, r1 = np.minimum(c0 + 1, columns - 1), np.minimum(r0 + 1, rows - 1)
        fc, fr = c - c0, r - r0
        shift = [
            (1 - fr) * ((1 - fc) * d[r0, c0] + fc * d[r0, c1])
            + fr * ((1 - fc) * d[r1, c0] + fc * d[r1, c1])
            for d in (self.dx, self.dy)
        ]
        moved: Points = points + np.stack(shift, axis=1)
        return moved


@dataclass(frozen=True, slots=True, eq=False)
class Transform:
    """The way from the working image back to the scan: steps applied one after the other."""

    steps: tuple[Step, ...] = ()

    def __call__(self, points: Points) -> Points:
        for step in self.steps:
            points = step(points)
        return points

    def before(self, step: Step) -> "Transform":
        """A new image was made from the working image; `step` maps its points back to that."""
        return Transform((step, *self.steps))

    def polygon(self, polygon: Polygon) -> Polygon:
        mapped = self(np.asarray(polygon, dtype=np.float64))
        return tuple((float(x), float(y)) for x, y in mapped)

    def box(self, box: Box) -> Box:
        """The upright box around the mapped corners."""
        return bounds(self.polygon(box.polygon))
