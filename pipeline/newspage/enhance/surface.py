"""Fits a smooth surface to scattered samples of its slope."""

from dataclasses import dataclass

import numpy as np

from newspage.enhance.slopes import Floats

_MOST_SPANS = 12
"""Greatest number of spline spans each way. Judgement: the normal equations stay small."""
_SMOOTHNESS = 0.002
"""Weight of the second differences, relative to the data. Judgement: outliers bend nothing."""
_RIDGE = 1e-5
"""Weight of the coefficients themselves, which fixes what no sample tells. Judgement: next to
none."""
_ROUNDS = 5
"""Number of reweighted fits. Judgement: weights have settled by then."""
_LEAST_SCALE = 0.0004
"""Slopes are not known better than this, however well they agree."""


@dataclass(frozen=True, slots=True, eq=False)
class SplineSurface:
    """A tensor product of cubic B-splines over a page of `width` by `height`."""

    width: float
    height: float
    coefficients: Floats
    """Shape (columns, rows): columns of the page first."""

    def evaluate_grid(self, x: Floats, y: Floats) -> Floats:
        """Return the surface at every pair of an `x` and a `y`, shape (y.size, x.size)."""
        columns, rows = self.coefficients.shape
        bx, by = evaluate_basis(x / self.width, columns), evaluate_basis(y / self.height, rows)
        result: Floats = by @ self.coefficients.T @ bx.T
        return result

    def evaluate_at(self, x: Floats, y: Floats) -> Floats:
        """Return the surface at the points (x, y), shape of x."""
        columns, rows = self.coefficients.shape
        bx, by = evaluate_basis(x / self.width, columns), evaluate_basis(y / self.height, rows)
        values: Floats = np.einsum("pi,ij,pj->p", bx, self.coefficients, by)
        return values


def evaluate_basis(t: Floats, count: int) -> Floats:
    """Return the values of `count` uniform cubic B-splines on 0 to 1, shape (t.size, count)."""
    spans = count - 3
    u = np.clip(t, 0, 1)[:, None] * spans - (np.arange(count) - 1)[None, :]
    a = np.abs(u)
    values: Floats = np.where(
        a < 1, 2 / 3 - a**2 + a**3 / 2, np.where(a < 2, (2 - a) ** 3 / 6, 0.0)
    )
    return values


def evaluate_basis_slope(t: Floats, count: int) -> Floats:
    """Return the derivatives of `evaluate_basis` by t, shape (t.size, count)."""
    spans = count - 3
    u = np.clip(t, 0, 1)[:, None] * spans - (np.arange(count) - 1)[None, :]
    a = np.abs(u)
    by_u = np.where(a < 1, -2 * a + 1.5 * a**2, np.where(a < 2, -((2 - a) ** 2) / 2, 0.0))
    slopes: Floats = by_u * np.sign(u) * spans
    return slopes


def fit_surface(
    x: Floats, y: Floats, slopes: Floats, trust: Floats, extent: tuple[float, float], span: float
) -> SplineSurface:
    """Fit the smoothest displacement d that has the slope given along x at each sample.

    A sample lies where its line was *seen*, (x, y); the surface is one over the page made flat,
    where that line runs at y - d. Samples that contradict their neighbours lose their weight (that
    of Cauchy). A displacement common to a whole row, which no slope along x can tell, is left out.

    Args:
        x: Places of the samples in pixels, shape (n,).
        y: The same downwards.
        slopes: Slope dy/dx of the lines at each sample.
        trust: Weight of each sample, above 0.
        extent: Width and height of the page in pixels.
        span: Distance in pixels within which the page cannot bend differently.
    """
    width, height = extent
    columns, rows = (3 + int(np.clip(round(n / span), 1, _MOST_SPANS)) for n in extent)
    penalty = _penalty(columns, rows)
    along = evaluate_basis_slope(x / width, columns) / width
    surface = SplineSurface(width, height, np.zeros((columns, rows)))
    residual = slopes - np.median(slopes)
    flat = y
    for _ in range(_ROUNDS):
        weights = trust * _agreement(residual, trust)
        down = evaluate_basis(flat / height, rows)
        design = np.einsum("pi,pj->pij", along, down).reshape(slopes.size, -1)
        normal = (design * weights[:, None]).T @ design
        stiff = max(np.trace(normal) / len(normal), 1e-12) * penalty
        solution = np.linalg.solve(normal + stiff, design.T @ (weights * slopes))
        surface = SplineSurface(width, height, solution.reshape(columns, rows))
        flat = y - surface.evaluate_at(x, flat)
        residual = slopes - design @ solution
    return surface


def _agreement(residual: Floats, trust: Floats) -> Floats:
    """Return Cauchy's weight of each sample, from its residual."""
    scale = max(_LEAST_SCALE, 1.5 * weighted_median(np.abs(residual), trust))
    return 1 / (1 + (residual / scale) ** 2)


def _penalty(columns: int, rows: int) -> Floats:
    """Return the matrix of the penalty on bends (second differences) and on size."""
    across, down = (np.diff(np.eye(n), 2, axis=0) for n in (columns, rows))
    bends = np.kron(across.T @ across, np.eye(rows)) + np.kron(np.eye(columns), down.T @ down)
    return _SMOOTHNESS * bends + _RIDGE * np.eye(columns * rows)


def weighted_median(values: Floats, weights: Floats) -> float:
    """Return the value with half of the weight on either side; 0 where there is no weight."""
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order[np.searchsorted(total, total[-1] / 2)]]) if total[-1] > 0 else 0.0
