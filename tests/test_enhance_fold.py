"""A scan of two facing pages is cut in the fold, and nothing else ever is."""

import numpy as np
import pytest

from newspage.config import EnhanceConfig
from newspage.enhance import split_fold
from newspage.geometry import make_scaling
from newspage.model import GrayImage, PageImage
from tests.sheets import Sheet, draw, page_of

CONFIG = EnhanceConfig()
LEFT = draw(Sheet(rows=30, seed=1))
RIGHT = draw(Sheet(rows=30, seed=2))


def spread(gap_em: float = 0.0) -> GrayImage:
    """Two pages side by side; each has three em of margin, and `gap_em` lies between."""
    gap = np.full((LEFT.shape[0], round(24 * gap_em)), 255, np.uint8)
    return np.hstack((LEFT, gap, RIGHT))


def test_facing_pages_are_parted_in_the_gutter() -> None:
    """Left to right; together they are the scan, and each knows its place on it."""
    scan = spread()
    left, right = split_fold(page_of(scan), CONFIG)
    np.testing.assert_array_equal(np.hstack((left.pixels, right.pixels)), scan)
    assert abs(left.width - LEFT.shape[1]) < 24
    corner = np.array([[0.0, 0.0]])
    np.testing.assert_array_equal(left.to_scan(corner), corner)
    np.testing.assert_array_equal(right.to_scan(corner), [[left.width, 0.0]])


def test_the_way_to_the_scan_goes_on() -> None:
    """What was done to the image before it was cut is not forgotten."""
    page = page_of(spread())
    halved = PageImage(page.scan, page.pixels, page.to_scan.before(make_scaling(2.0)))
    left, right = split_fold(halved, CONFIG)
    np.testing.assert_array_equal(
        right.to_scan(np.array([[1.0, 3.0]])), [[2.0 * (left.width + 1), 6.0]]
    )


@pytest.mark.parametrize("width", [3, 9])
def test_the_line_of_the_fold_does_not_hide_it(width: int) -> None:
    """A dark line in the middle of the gutter is the fold itself."""
    scan = spread()
    middle = LEFT.shape[1]
    scan[:, middle - width // 2 : middle - width // 2 + width] = 40
    assert len(split_fold(page_of(scan), CONFIG)) == 2


def test_a_headline_across_the_middle_makes_it_one_page() -> None:
    """So does a rule: nothing may cross a fold."""
    headed, ruled = spread(), spread()
    middle = LEFT.shape[1]
    title = draw(Sheet(em=48, columns=1, column_em=10, rows=1))[144:200, 144:624]
    headed[10:66, middle - 240 : middle + 240] = title
    ruled[20:24, 60:-60] = 20
    assert len(split_fold(page_of(headed), CONFIG)) == 1
    assert len(split_fold(page_of(ruled), CONFIG)) == 1


def test_columns_are_no_pages() -> None:
    """The gap between two columns is as wide as those between the others."""
    for columns in (4, 6):
        page = draw(Sheet(columns=columns, column_em=20, rows=30))
        assert len(split_fold(page_of(page), CONFIG)) == 1


def test_a_page_higher_than_wide_is_one() -> None:
    """Two facing pages are wider than high."""
    page = draw(Sheet(columns=2, column_em=14, rows=60))
    assert len(split_fold(page_of(page), CONFIG)) == 1


@pytest.mark.parametrize("pixels", [np.full((300, 900), 255, np.uint8), np.zeros((1, 1), np.uint8)])
def test_a_page_without_text_is_one(pixels: GrayImage) -> None:
    """There is nothing to part."""
    page = page_of(pixels)
    assert split_fold(page, CONFIG) == (page,)


def test_splitting_can_be_switched_off() -> None:
    """Then the scan stays whole."""
    page = page_of(spread())
    assert split_fold(page, EnhanceConfig(split=False)) == (page,)
