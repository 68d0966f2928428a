"""The enhancement as a whole: nothing is done without need, and every pixel stays traceable."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newspage.config import EnhanceConfig
from newspage.enhance import enhance_page, measure_em
from newspage.enhance.resample import resample_image
from newspage.geometry import (
    Points,
    Transform,
    TransformStep,
    make_quarter_turns,
    make_rotation,
    make_scaling,
    make_shift,
)
from newspage.model import GrayImage, PageImage
from tests.sheets import Sheet, draw, page_of, seen_through, smooth_warp, speckled

CONFIG = EnhanceConfig()
SHEET = Sheet()
FLAT = draw(SHEET)
MIDDLE = (FLAT.shape[1] / 2, FLAT.shape[0] / 2)


def marks(width: int, height: int, em: float) -> Points:
    """Places in the margins and between the columns where nothing is printed."""
    left, gap = 1.5 * em, (3 + 14 + 1.5) * em
    across = (left, gap, gap + 17 * em, width - 1.5 * em)
    return np.array([(x, y) for x in across for y in np.linspace(2 * em, height - 2 * em, 7)])


def marked(pixels: GrayImage, places: Points, radius: int) -> GrayImage:
    """A copy with a black disc at each place (given by pixel edges)."""
    copy = pixels.copy()
    for x, y in places:
        centre = (round((x - 0.5) * 16), round((y - 0.5) * 16))
        cv2.circle(copy, centre, radius * 16, 0, cv2.FILLED, cv2.LINE_AA, 4)
    return copy


def disc_at(pixels: GrayImage, place: Points, reach: int) -> Points:
    """Centre of the darkness within `reach` of a place, by pixel edges."""
    x0, y0 = (round(float(v)) - reach for v in place)
    window = 255.0 - pixels[y0 : y0 + 2 * reach, x0 : x0 + 2 * reach]
    window = np.where(window > 60, window, 0)
    y, x = np.mgrid[0 : window.shape[0], 0 : window.shape[1]] + 0.5
    total = window.sum()
    assert total > 0, "no mark where the transform says that there is one"
    return np.array([x0 + (x * window).sum() / total, y0 + (y * window).sum() / total])


def assert_traceable(scan: GrayImage, image: PageImage, places: Points, radius: int) -> None:
    """Marks made on the scan are found in the working image where `to_scan` says, within 1 px."""
    scale = np.abs(np.diff(image.to_scan.inverse()(np.array([[0.0, 0], [100, 0]])), axis=0)).max()
    reach = round(2.2 * radius * scale / 100) + 2
    for place in places:
        (expected,) = image.to_scan.inverse()(place[None])
        found = disc_at(image.pixels, expected, reach)
        assert np.abs(found - expected).max() < 1, (place, expected, found)
        np.testing.assert_allclose(image.to_scan(expected[None])[0], place, atol=1e-3)


BENT = smooth_warp(FLAT.shape[1], FLAT.shape[0], 0.03, seed=4)
CASES: dict[str, TransformStep] = {
    "skew": make_rotation(1.7, MIDDLE),
    "skew the other way": make_rotation(-4.5, MIDDLE),
    "bent": BENT,
    "bent and askew": Transform((make_rotation(1.2, MIDDLE), BENT)),
}


@pytest.mark.parametrize("name", CASES)
def test_every_pixel_of_a_straightened_page_is_traceable(name: str) -> None:
    """A point of the working image maps to the pixel of the scan that shows it."""
    bent: TransformStep = CASES[name]
    places = bent(marks(FLAT.shape[1], FLAT.shape[0], SHEET.em))
    inside = (places > 12).all(axis=1) & (places < np.array(FLAT.shape[::-1]) - 12).all(axis=1)
    scan = marked(seen_through(FLAT, bent), places[inside], 5)
    done = enhance_page(page_of(scan), CONFIG)
    assert done.report.skew != 0 or done.report.flattened
    assert inside.sum() > 20
    assert_traceable(scan, done.image, places[inside], 5)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_every_pixel_of_a_turned_page_is_traceable(turn: int) -> None:
    """Quarter turns lose no pixel and are walked back exactly, skew on top of them included."""
    config = replace(CONFIG, turn=str(turn))  # type: ignore[arg-type]
    places = marks(FLAT.shape[1], FLAT.shape[0], SHEET.em)
    upright = marked(FLAT, places, 5)
    scan = np.ascontiguousarray(np.rot90(upright, turn // 90))
    done = enhance_page(page_of(scan), config)
    assert done.report.turned == turn
    np.testing.assert_array_equal(done.image.pixels, upright)
    back = make_quarter_turns(-(turn // 90), FLAT.shape[1], FLAT.shape[0])
    assert_traceable(scan, done.image, back(places), 5)


@pytest.mark.parametrize(("factor", "scaled"), [(9 / 24, "up"), (4.0, "down")])
def test_every_pixel_of_a_rescaled_page_is_traceable(factor: float, scaled: str) -> None:
    """Tiny print is enlarged, huge print made smaller, and coordinates follow."""
    interpolation = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    scan = cv2.resize(FLAT, None, fx=factor, fy=factor, interpolation=interpolation)
    places = marks(FLAT.shape[1], FLAT.shape[0], SHEET.em) * factor
    radius = max(3, round(5 * factor))
    scan = marked(scan, places, radius)
    done = enhance_page(page_of(scan), CONFIG)
    assert (done.report.scale > 1) == (scaled == "up")
    assert CONFIG.min_em <= measure_em(done.image.pixels) <= CONFIG.max_em
    assert_traceable(scan, done.image, places, radius)


@pytest.mark.parametrize("vertical", [False, True])
def test_a_flat_clean_page_is_left_alone(vertical: bool) -> None:
    """Not a pixel changes where no measurement asks for it."""
    page = page_of(draw(replace(SHEET, vertical=vertical)))
    done = enhance_page(page, CONFIG)
    assert done.image.pixels is page.pixels
    assert done.image.to_scan.steps == ()
    assert abs(done.report.em - SHEET.em) < 0.12 * SHEET.em
    assert done.report.bend < CONFIG.min_bend


@pytest.mark.parametrize("shape", [(1, 1), (3, 700), (40, 40), (900, 5), (400, 600)])
@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_page_without_text_comes_back_as_it_was(shape: tuple[int, int], level: int) -> None:
    """Blank pages, black pages and slivers are no trouble."""
    page = page_of(np.full(shape, level, np.uint8))
    done = enhance_page(page, CONFIG)
    assert done.image.pixels is page.pixels
    assert done.report.em == 0


def test_noise_comes_back_whatever_it_is_taken_for() -> None:
    """A picture of nothing but grain is no trouble either."""
    page = page_of(speckled(np.full((500, 700), 128, np.uint8), 40))
    assert enhance_page(page, CONFIG).image.pixels.size > 0


@pytest.mark.parametrize("rows", [1, 2, 4])
def test_a_sliver_of_text_is_no_trouble(rows: int) -> None:
    """Scans of a few lines have no room for tiles, and are handled all the same."""
    strip = draw(Sheet(rows=rows, column_em=20))[60 : 80 + rows * 36]
    done = enhance_page(page_of(strip), CONFIG)
    assert abs(done.image.height - strip.shape[0]) < 40


def test_everything_can_be_switched_off() -> None:
    """A page that needs everything comes back untouched if the settings say so."""
    scan = seen_through(FLAT, make_rotation(3, MIDDLE), paper=10)
    off = EnhanceConfig(
        borders=False, turn="0", deskew=False, dewarp=False, light=False,
        show_through=False, rescale=False, split=False,
    )  # fmt: skip
    page = page_of(scan)
    assert enhance_page(page, off).image.pixels is page.pixels


def test_the_report_says_what_was_done() -> None:
    """Every measurement appears as text, for the page record."""
    scan = seen_through(FLAT, make_rotation(2, MIDDLE))
    report = enhance_page(page_of(scan), CONFIG).report
    details = report.list_details()
    assert abs(report.skew - 2) < 0.05
    assert details["skew"] == f"{report.skew:.2f}"
    assert details["turned"] == "0"
    assert all(isinstance(v, str) for v in details.values())


small = st.floats(-8, 8)
steps = st.one_of(
    st.builds(make_rotation, st.floats(-180, 180), st.just((80.0, 80.0))),
    st.builds(make_shift, small, small),
    st.builds(make_scaling, st.floats(0.7, 1.5)),
    st.builds(smooth_warp, st.just(160), st.just(160), st.floats(0, 0.05), st.integers(0, 99)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(steps, min_size=1, max_size=3), st.floats(40, 120), st.floats(40, 120))
def test_resampling_puts_each_point_where_the_way_back_says(
    way: list[TransformStep], x: float, y: float
) -> None:
    """A mark of the source is found in the result at the inverse of the way to the source."""
    to_source = Transform(tuple(way))
    place = np.array([[x, y]])
    source = marked(np.full((160, 160), 255, np.uint8), place, 4)
    (expected,) = to_source.inverse()(place)
    if not ((expected > 20) & (expected < 140)).all():
        return
    result = resample_image(source, to_source, (160, 160))
    assert np.abs(disc_at(result, expected, 12) - expected).max() < 0.5
