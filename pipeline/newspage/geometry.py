"""Boxes, polygons and transforms: pure functions, no type of the package above them.

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
        """Return x and y of the centre."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def polygon(self) -> Polygon:
        """Return the four corners, clockwise from the top left."""
        return (
            (self.left, self.top),
            (self.right, self.top),
            (self.right, self.bottom),
            (self.left, self.bottom),
        )

    def intersection(self, other: "Box") -> "Box | None":
        """Return the shared rectangle, or None where they share no area."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Box(left, top, right, bottom) if left < right and top < bottom else None

    def share_inside(self, other: "Box") -> float:
        """Return the share of this box's area that lies in another, 0 to 1."""
        shared = self.intersection(other)
        return 0.0 if shared is None else shared.area / self.area

    def contains(self, other: "Box", slack: float = 0.0) -> bool:
        """Tell whether `other` lies inside this box, `slack` pixels of overhang allowed."""
        return (
            self.left - slack <= other.left
            and self.top - slack <= other.top
            and self.right + slack >= other.right
            and self.bottom + slack >= other.bottom
        )

    def grown(self, x: float, y: float | None = None) -> "Box":
        """Return this box with `x` pixels more at left and right, `y` (or `x`) above and below."""
        y = x if y is None else y
        return Box(self.left - x, self.top - y, self.right + x, self.bottom + y)

    def clipped(self, width: float, height: float) -> "Box":
        """Return this box cut to an image of the given size (empty at the border if outside it)."""
        left, right = (min(max(v, 0.0), width) for v in (self.left, self.right))
        top, bottom = (min(max(v, 0.0), height) for v in (self.top, self.bottom))
        return Box(left, top, right, bottom)

    def moved(self, dx: float, dy: float) -> "Box":
        """Return this box, `dx` pixels further right and `dy` further down."""
        return Box(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)


def union_boxes(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around all boxes. Raises ValueError where there are none."""
    boxes = list(boxes)
    return Box(
        min(b.left for b in boxes),
        min(b.top for b in boxes),
        max(b.right for b in boxes),
        max(b.bottom for b in boxes),
    )


def bound_points(points: Sequence[tuple[float, float]] | Points) -> Box:
    """Return the upright box around some points. Raises ValueError where there are none."""
    a = np.asarray(points, dtype=np.float64)
    return Box(
        float(a[:, 0].min()), float(a[:, 1].min()), float(a[:, 0].max()), float(a[:, 1].max())
    )


def measure_overlap_1d(a0: float, a1: float, b0: float, b1: float) -> float:
    """Return the length shared by the intervals [a0, a1] and [b0, b1]; negative is their gap."""
    return min(a1, b1) - max(a0, b0)


def turn_box(box: Box, width: float) -> Box:
    """Return a box after its image, `width` pixels wide, is turned a quarter counter-clockwise.

    A column of vertical text becomes a line from left to right, the next column the line below.
    """
    return Box(box.top, width - box.right, box.bottom, width - box.left)


def turn_box_back(box: Box, width: float) -> Box:
    """Return a box as it was before `turn_box`, given the same width."""
    return Box(width - box.bottom, box.left, width - box.top, box.right)


class TransformStep(Protocol):
    """One step of the mapping from the working image back to the scan."""

    def __call__(self, points: Points) -> Points: ...

    def inverse(self) -> "TransformStep":
        """Return the same step from the scan to the working image."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Affine:
    """An affine map, points times a 2 x 3 matrix: rotation, scale, shear, shift."""

    matrix: NDArray[np.float64]

    def __call__(self, points: Points) -> Points:
        linear: Points = points @ self.matrix[:, :2].T
        return linear + self.matrix[:, 2]

    def inverse(self) -> "Affine":
        """Return the inverse map.

        Raises numpy.linalg.LinAlgError where the matrix flattens the plane to a line.
        """
        linear = np.linalg.inv(self.matrix[:, :2])
        return Affine(np.column_stack((linear, -linear @ self.matrix[:, 2])))


def make_shift(dx: float, dy: float) -> Affine:
    """Return a map that moves every point by `dx` and `dy` pixels."""
    return Affine(np.array([[1.0, 0.0, dx], [0.0, 1.0, dy]]))


def make_scaling(x: float, y: float | None = None) -> Affine:
    """Return a map that multiplies coordinates by `x` and `y` (or `x`); the origin stays."""
    return Affine(np.array([[x, 0.0, 0.0], [0.0, x if y is None else y, 0.0]]))


def make_rotation(degrees: float, center: tuple[float, float] = (0.0, 0.0)) -> Affine:
    """Return a turn around `center`, clockwise as seen on the page (y points down)."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    x, y = center
    return Affine(np.array([[c, -s, x - c * x + s * y], [s, c, y - s * x - c * y]]))


def make_quarter_turns(turns: int, width: float, height: float) -> Affine:
    """Return the map of an image's points when it is turned clockwise by `turns` times 90 degrees.

    `width` and `height` are those of the image before it is turned.
    """
    matrices = (
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
        [[0.0, -1.0, height], [1.0, 0.0, 0.0]],
        [[-1.0, 0.0, width], [0.0, -1.0, height]],
        [[0.0, 1.0, 0.0], [-1.0, 0.0, width]],
    )
    return Affine(np.array(matrices[turns % 4]))


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
        return points + self.displacement(points)

    def displacement(self, points: Points) -> Points:
        """Return by how much each point is moved, of shape (n, 2)."""
        rows, columns = self.dx.shape
        c = np.clip(points[:, 0] / self.cell, 0, columns - 1)
        r = np.clip(points[:, 1] / self.cell, 0, rows - 1)
        c0 = np.minimum(c.astype(np.intp), max(columns - 2, 0))
        r0 = np.minimum(r.astype(np.intp), max(rows - 2, 0))
        c1, r1 = np.minimum(c0 + 1, columns - 1), np.minimum(r0 + 1, rows - 1)
        fc, fr = c - c0, r - r0
        moved = [
            (1 - fr) * ((1 - fc) * d[r0, c0] + fc * d[r0, c1])
            + fr * ((1 - fc) * d[r1, c0] + fc * d[r1, c1])
            for d in (self.dx, self.dy)
        ]
        return np.stack(moved, axis=1)

    def inverse(self) -> "Unwarp":
        """Return the way back, approximated by iteration."""
        return Unwarp(self)


@dataclass(frozen=True, slots=True, eq=False)
class Unwarp:
    """The inverse of a warp, found by fixed-point iteration.

    It converges where neighbouring knots are displaced alike: by less than half a cell of
    difference, which is far more than paper does. A warp that folds over itself has no inverse.
    """

    warp: Warp

    def __call__(self, points: Points) -> Points:
        found = points
        for _ in range(_UNWARP_ROUNDS):
            found = points - self.warp.displacement(found)
        return found

    def inverse(self) -> Warp:
        return self.warp


_UNWARP_ROUNDS = 40
"""Rounds of the iteration: each halves the error at least, and 40 halvings leave less than a
millionth of a pixel of any page's width."""


@dataclass(frozen=True, slots=True, eq=False)
class Transform:
    """The mapping from the working image back to the scan: steps applied one after the other.

    Coordinates are those of edges, not of pixel centres: pixel (0, 0) covers 0 to 1 both ways and
    its centre is (0.5, 0.5), in every image on the way. So doubling an image is a plain factor.
    """

    steps: tuple[TransformStep, ...] = ()

    def __call__(self, points: Points) -> Points:
        for step in self.steps:
            points = step(points)
        return points

    def before(self, step: TransformStep) -> "Transform":
        """Return the transform of a new image; `step` maps its points to the working image."""
        return Transform((step, *self.steps))

    def inverse(self) -> "Transform":
        """Return the mapping from the scan to the working image."""
        return Transform(tuple(step.inverse() for step in reversed(self.steps)))

    def polygon(self, polygon: Polygon) -> Polygon:
        """Return the polygon with every corner mapped."""
        mapped = self(np.asarray(polygon, dtype=np.float64))
        return tuple((float(x), float(y)) for x, y in mapped)

    def box(self, box: Box) -> Box:
        """Return the upright box around the mapped corners."""
        return bound_points(self.polygon(box.polygon))
