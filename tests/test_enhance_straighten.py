"""Skew is told to a few hundredths of a degree, and bent pages come out flat."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from newspage.config import EnhanceConfig
from newspage.enhance import enhance_page
from newspage.enhance.dewarp import measure_bend
from newspage.enhance.ink_maps import make_ink_map
from newspage.enhance.resample import resample_image
from newspage.enhance.skew import measure_sharpness, measure_skew
from newspage.enhance.surface import (
    SplineSurface,
    evaluate_basis,
    evaluate_basis_slope,
    fit_surface,
)
from newspage.geometry import Warp, make_rotation
from newspage.model import GrayImage
from tests.sheets import Sheet, draw, page_of, seen_through, smooth_warp, speckled

SHEETS = {
    "horizontal": Sheet(columns=4),
    "vertical": Sheet(columns=4, vertical=True, seed=2),
    "one wide column": Sheet(columns=1, column_em=40),
}


def with_picture(page: GrayImage) -> GrayImage:
    """A page with a grainy picture, a slanted band in it, and printed rules."""
    page = page.copy()
    height, width = page.shape
    y, x = np.mgrid[0 : height // 3, 0 : width // 2]
    band = 110 + 60 * np.sin((x + 0.4 * y) / 30)
    page[height // 3 : height // 3 + height // 3, : width // 2] = speckled(
        band.astype(np.uint8), 15
    )
    page[40:43, 40 : width - 40] = 20
    return page


@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize("degrees", [-6.0, -2.3, -0.4, 0.0, 0.2, 1.7, 4.5])
def test_skew_is_found(name: str, degrees: float) -> None:
    """Neighbouring columns whose lines do not align, pictures and rules do not mislead."""
    # Optics blur what they scan; strokes drawn sharp on the pixel grid would favour 0 degrees.
    flat = cv2.GaussianBlur(with_picture(draw(SHEETS[name])), (0, 0), 0.8)
    scan = seen_through(flat, make_rotation(degrees, (flat.shape[1] / 2, flat.shape[0] / 2)))
    report = enhance_page(page_of(scan), EnhanceConfig(min_skew=0.0, dewarp=False)).report
    assert report.skew == pytest.approx(degrees, abs=0.08)


def test_texture_has_no_skew() -> None:
    """Grain without lines turns nothing."""
    noise = speckled(np.zeros((400, 300), np.uint8), 90)
    assert measure_skew(noise, 8.0, 5.0) == 0


@pytest.mark.parametrize("vertical", [False, True])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_bent_page_is_made_flat(vertical: bool, seed: int) -> None:
    """Lines that bent by some em run straight afterwards: within a tenth of an em."""
    sheet = Sheet(columns=4, rows=44, vertical=vertical)
    flat = draw(sheet)
    bend = smooth_warp(flat.shape[1], flat.shape[0], 0.025, seed)
    scan = seen_through(flat, bend)
    done = enhance_page(page_of(scan), EnhanceConfig())
    assert done.report.flattened
    before = crookedness(sheet, flat, bend)
    after = crookedness(sheet, flat, lambda p: done.image.to_scan.inverse()(bend(p)))
    assert after < 0.1
    assert after < 0.5 * before


def crookedness(sheet: Sheet, flat: GrayImage, seen: object) -> float:
    """How far, in em, the points of a line of a column stray from a straight line, on average.

    `seen` tells where a point of the flat page appears.
    """
    height, width = flat.shape
    across, down = (height, width) if sheet.vertical else (width, height)
    strays = []
    for start in np.linspace(0.1, 0.7, 4) * across:
        for level in np.linspace(0.1, 0.9, 12) * down:
            along = start + np.linspace(0, sheet.column_em * sheet.em, 15)
            pair = (np.full(15, level), along) if sheet.vertical else (along, np.full(15, level))
            points = seen(np.column_stack(pair))  # type: ignore[operator]
            x, y = points[:, ::-1].T if sheet.vertical else points.T
            strays.append(y - np.polyval(np.polyfit(x, y, 1), x))
            strays[-1] += (y[-1] - y[0]) * np.linspace(-0.5, 0.5, 15)
    return float(np.sqrt(np.mean(np.square(strays)))) / sheet.em


@pytest.mark.parametrize("name", SHEETS)
def test_a_flat_page_is_not_bent(name: str) -> None:
    """Making a flat page flat would only harm it."""
    ink, factor = make_ink_map(with_picture(draw(SHEETS[name])), 24, 8.0)
    bend = measure_bend(ink, 24 * factor, 0.15)
    assert bend.warps == ()
    assert bend.amplitude < 0.15


def test_a_bend_makes_its_page_sharper() -> None:
    """What `measure_bend` found leads from the flat page to the bent one."""
    flat = draw(Sheet(columns=4, rows=44))
    scan = seen_through(flat, smooth_warp(flat.shape[1], flat.shape[0], 0.025, 1))
    ink, factor = make_ink_map(scan, 24, 8.0)
    bend = measure_bend(ink, 24 * factor, 0.15)
    mended = resample_image(ink, bend.scale_bend(1.0), (ink.shape[1], ink.shape[0]), paper=0)
    assert measure_sharpness(mended, 8.0) > 1.01 * measure_sharpness(ink, 8.0)


def test_splines_add_up_to_one_and_slope_as_they_should() -> None:
    """The basis is a partition of unity, and its derivative that of its values."""
    t = np.linspace(0, 1, 201)
    np.testing.assert_allclose(evaluate_basis(t, 7).sum(axis=1), 1)
    numeric = np.gradient(evaluate_basis(t, 7), t, axis=0)
    np.testing.assert_allclose(evaluate_basis_slope(t, 7)[1:-1], numeric[1:-1], atol=0.15)


def test_a_surface_is_found_from_its_slopes_in_spite_of_outliers() -> None:
    """One sample in five may be nonsense."""
    rng = np.random.default_rng(0)
    coefficients = rng.normal(0, 3, (5, 6))
    true = SplineSurface(400, 600, coefficients)
    x, y = rng.uniform(0, 400, 900), rng.uniform(0, 600, 900)
    slopes = (true.evaluate_at(x + 0.5, y) - true.evaluate_at(x - 0.5, y)) + rng.normal(
        0, 1e-4, 900
    )
    slopes[::5] = rng.uniform(-0.05, 0.05, 180)
    seen = y + true.evaluate_at(x, y)
    found = fit_surface(x, seen, slopes, np.ones(900), (400.0, 600.0), 80.0)
    grid = tuple(np.linspace(40, end, 17, dtype=np.float64) for end in (360, 540))
    difference = found.evaluate_grid(grid[0], grid[1]) - true.evaluate_grid(grid[0], grid[1])
    difference -= difference.mean(axis=1, keepdims=True)
    assert np.abs(difference).max() < 0.35


def test_bends_scale_with_the_page() -> None:
    """A bend measured on a small copy holds for the page itself."""
    from newspage.enhance.dewarp import PageBend

    warp = Warp(8.0, np.full((3, 4), 1.0), np.full((3, 4), -2.0))
    way = replace(PageBend(), warps=(warp,)).scale_bend(3.0)
    np.testing.assert_allclose(way(np.array([[30.0, 30.0]])), [[33.0, 24.0]])
