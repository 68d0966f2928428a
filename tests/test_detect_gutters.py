"""White space between columns, seen in the ink."""

import pytest

from newspage.detect.gutters import Gutters, WhiteRun, find_gutters
from newspage.detect.ink_masks import make_ink_mask
from newspage.geometry import Box, union_boxes
from newspage.model import GrayImage
from tests.prints import EM, PITCH, column, sheet, text

GAP = 50 + 12 * EM
"""Where the first column ends."""


def gutters(page: GrayImage) -> Gutters:
    """The white space of a page."""
    return find_gutters(make_ink_mask(page, EM), EM)


def columns(rows: int, wide: int = EM) -> tuple[GrayImage, Box]:
    """Two columns, and a row over both of them, in the middle."""
    page = sheet()
    left, right = column(page, 50, 60, 12, rows), column(page, GAP + wide, 60, 12, rows)
    return page, union_boxes((left[rows // 2], right[rows // 2]))


def test_white_space_between_columns_is_a_gutter() -> None:
    """Text stands at both sides of it, over many rows."""
    page, row = columns(16)
    run = gutters(page).find_through(GAP, GAP + EM, row)
    assert isinstance(run, WhiteRun)
    assert GAP <= run.middle <= GAP + EM
    assert run.top < row.top
    assert run.bottom > row.bottom
    assert run.flanked > 6


def test_a_few_rows_are_not_enough() -> None:
    """Blanks of two rows meet by chance."""
    page, row = columns(2)
    assert gutters(page).find_through(GAP, GAP + EM, row) is None


def test_the_gap_between_characters_is_none() -> None:
    """Nor is a gap that no white space runs through."""
    page = sheet()
    rows = column(page, 50, 60, 30, 16)
    assert gutters(page).find_through(50 + 10 * EM - 3, 50 + 10 * EM + 3, rows[8]) is None
    assert gutters(page).find_through(50 + 10 * EM, 50 + 12 * EM, rows[8]) is None


def test_characters_on_a_grid_have_no_gutters() -> None:
    """White space that runs down between all characters is that of the grid."""
    page = sheet()
    for i in range(16):
        for k in range(16):
            text(page, 50 + k * (EM + 12), 60 + PITCH * i, 1)
    row = Box(50, 60 + 8 * PITCH, 50 + 16 * (EM + 12), 60 + 8 * PITCH + EM)
    x = 50 + 8 * (EM + 12)
    assert gutters(page).find_through(x - 12, x, row) is None


@pytest.mark.parametrize("speck", [0, 1])
def test_a_speck_does_not_close_a_gutter(speck: int) -> None:
    """A single dark pixel is dirt."""
    page, row = columns(16)
    if speck:
        page[int(row.top) + 40, GAP + EM // 2] = 30
    assert gutters(page).find_through(GAP, GAP + EM, row) is not None


def test_margins_are_no_gutters() -> None:
    """Text stands at one side only."""
    page = sheet()
    rows = column(page, 50, 60, 12, 16)
    wide = Box(rows[8].left, rows[8].top, rows[8].right + 3 * EM, rows[8].bottom)
    assert gutters(page).find_through(GAP, GAP + 3 * EM, wide) is None
