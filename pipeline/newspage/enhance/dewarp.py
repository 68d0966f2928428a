"""Makes curved pages flat, from how their lines slope.

Every tile's slope is a sample of the derivative of the displacement along the line. A smooth
surface (uniform cubic B-splines, penalised second differences: the P-splines of Eilers and Marx
1996) is fitted to the samples, robustly, and its values are the displacement. Rows of text give
the vertical displacement; rules, column edges and vertical lines give the horizontal one.
"""

from dataclasses import dataclass

import numpy as np

from newspage.enhance.ink_maps import Ink
from newspage.enhance.resample import resample_image
from newspage.enhance.skew import measure_sharpness
from newspage.enhance.slopes import Floats, measure_tile_slopes
from newspage.enhance.surface import fit_surface
from newspage.geometry import Transform, Warp

_SLOPES = np.arange(-40, 41, dtype=np.float64) * 0.001
"""Slopes tried, dy/dx, in steps of 0.001. Judgement: 0.04 is more than 2 degrees, steeper than
pages bend once they are deskewed."""
_SPAN_EM = 18.0
"""Distance in em within which a page does not bend differently. Judgement: about a tile of text."""
_CELL_EM = 2.5
"""Distance of the knots of a warp in em. Judgement: several to a span of the surface."""
_LEAST_CONTRAST = 0.05
"""Contrast from which a tile's slope is used (see `SlopeTiles.find_peaks`). Judgement: less is
noise."""
_FEWEST_TILES = 6
"""Number of tiles that a surface is fitted to at least. Judgement: fewer tell nothing of a page."""
_LEAST_GAIN = 1.01
"""Factor by which a page made flat must be sharper along its lines, or it stays as it is.
Judgement: 1%, as flat scans suffer from being resampled."""
_ROUNDS = 3
"""Number of times a strong bend is measured and undone at most. Judgement: the third changes
little."""
_ONCE = 0.6
"""Amplitude in em below which a bend is undone in one round. Judgement: less than a line's
height."""
_ALONG_WITH = 0.4
"""Share of the bearable displacement from which the weaker direction is undone with the
stronger. Judgement, as for straightening: the page is resampled in any case."""


@dataclass(frozen=True, slots=True, eq=False)
class PageBend:
    """The bend of a page, as the transform from the flat page to the bent one."""

    warps: tuple[Warp, ...] = ()
    """Applied one after the other, in pixels of the ink map; none for a flat page."""
    amplitude: float = 0.0
    """Displacement that one tile of text in twenty exceeds, in em: as measured, mended or not."""

    def scale_bend(self, factor: float) -> Transform:
        """Return the transform from flat to bent page, `factor` times as large as the map."""
        return Transform(
            tuple(Warp(w.cell * factor, w.dx * factor, w.dy * factor) for w in self.warps)
        )


def measure_bend(ink: Ink, em: float, least: float) -> PageBend:
    """Measure how the page of an ink map is bent, along and across its lines.

    Args:
        ink: The ink map.
        em: Size of the body type in pixels of the map.
        least: Displacement in em below which, both ways, the page counts as flat.

    Returns:
        The bend; without warps where the page is flat, or where undoing its bend makes the lines no
        sharper, since flat scans suffer from being made flat.
    """
    warps: tuple[Warp, ...] = ()
    worst, flat = 0.0, ink
    for _ in range(_ROUNDS):
        warp, amplitude = _measure(flat, em, least)
        worst = max(worst, amplitude)
        if warp is None:
            break
        warps = (warp, *warps)
        if amplitude < _ONCE:
            break
        flat = resample_image(ink, Transform(warps), (ink.shape[1], ink.shape[0]), paper=0)
    return PageBend(warps, worst)


def _measure(ink: Ink, em: float, least: float) -> tuple[Warp | None, float]:
    """Measure the page once: return the displacements worth undoing and the greater amplitude.

    The warp is None where neither direction is worth it.
    """
    upright = np.ascontiguousarray(ink.T)
    down, rise = _displacement(ink, em)
    across, lean = _displacement(upright, em)
    if max(rise, lean) < least:
        return None, max(rise, lean)
    # Once the page is resampled at all, smaller displacements are worth undoing too.
    worth = _ALONG_WITH * least
    keep_down = rise >= worth and _helps(ink, em, down)
    keep_across = lean >= worth and _helps(upright, em, across)
    if not (keep_down or keep_across):
        return None, max(rise, lean)
    return Warp(_CELL_EM * em, across.T * keep_across, down * keep_down), max(rise, lean)


def _displacement(ink: Ink, em: float) -> tuple[Floats, float]:
    """Return the vertical displacement at the knots, and its amplitude in em."""
    rows, columns = (np.arange(n, dtype=np.float64) * _CELL_EM * em for n in _knots(ink, em))
    tiles = measure_tile_slopes(ink, em, _SLOPES)
    slopes, _, contrast = tiles.find_peaks()
    # A best slope at the end of those tried is that of a picture's texture, not of text.
    telling = (contrast > _LEAST_CONTRAST) & (np.abs(slopes) < _SLOPES[-2])
    if telling.sum() < _FEWEST_TILES:
        return np.zeros((rows.size, columns.size)), 0.0
    x, y, trust = tiles.x[telling], tiles.y[telling], contrast[telling] ** 2
    height, width = ink.shape
    surface = fit_surface(x, y, slopes[telling], trust, (width, height), _SPAN_EM * em)
    down = surface.evaluate_grid(columns, rows)
    down -= down.mean(axis=1, keepdims=True)
    moved = np.abs(Warp(_CELL_EM * em, down, down).displacement(np.column_stack((x, y)))[:, 1])
    return down, float(np.percentile(moved, 95)) / em


def _helps(ink: Ink, em: float, down: Floats) -> bool:
    """Tell whether undoing the displacement makes the lines of an ink map sharper."""
    warp = Warp(_CELL_EM * em, np.zeros_like(down), down)
    flat = resample_image(ink, warp, (ink.shape[1], ink.shape[0]), paper=0)
    return measure_sharpness(flat, em) > _LEAST_GAIN * measure_sharpness(ink, em)


def _knots(ink: Ink, em: float) -> tuple[int, int]:
    """Return the numbers of rows and columns of knots that cover an ink map."""
    rows, columns = (int(np.ceil(n / (_CELL_EM * em))) + 1 for n in ink.shape)
    return rows, columns
