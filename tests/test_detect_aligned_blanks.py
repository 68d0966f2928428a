"""Gutters that show as blanks aligned over several rows."""

import pytest

from newspage.detect.aligned_blanks import find_aligned_blanks
from newspage.detect.ink_masks import make_ink_mask
from newspage.geometry import Box, union_boxes
from newspage.model import GrayImage
from tests.prints import EM, PITCH, column, comma, sheet, text

START = 50 + 12 * EM
"""Where the first column ends."""
GAP = round(0.6 * EM)


def found(page: GrayImage, rows: list[Box]) -> list[Box]:
    """The gutters between rows."""
    return find_aligned_blanks(rows, make_ink_mask(page, EM), EM)


def two_columns(rows: int) -> tuple[GrayImage, list[Box]]:
    """Two columns close to each other, found as rows over both of them."""
    page = sheet()
    left, right = (column(page, x, 60, 12, rows) for x in (50, START + GAP))
    return page, [union_boxes(pair) for pair in zip(left, right, strict=True)]


def commas(rows: int, blank: int) -> tuple[GrayImage, list[Box]]:
    """One column; in `blank` of its rows a comma stands below that of the row above."""
    page, boxes = sheet(), []
    for i in range(rows):
        y = 60 + PITCH * i
        if not 2 <= i < 2 + blank:
            boxes.append(text(page, 50, y, 20))
            continue
        text(page, 50, y, 10)
        comma(page, 50 + 10 * EM, y)
        boxes.append(union_boxes((Box(50, y - 1, 60, y), text(page, 50 + 11 * EM, y, 9))))
    return page, boxes


def test_a_narrow_gutter_is_where_all_rows_are_blank() -> None:
    """No edge of another stretch tells of it."""
    page, rows = two_columns(6)
    (gutter,) = found(page, rows)
    assert START - 6 <= gutter.left < START + GAP / 2 < gutter.right <= START + GAP + 6
    assert gutter.top <= rows[0].top
    assert gutter.bottom >= rows[-1].bottom


def test_two_rows_are_too_few() -> None:
    """They may be blank at the same place by chance."""
    assert found(*two_columns(2)) == []


@pytest.mark.parametrize("blank", [3, 4, 6])
def test_commas_below_each_other_are_no_gutter(blank: int) -> None:
    """The rows above and below run across, and marks stand before the blanks."""
    assert found(*commas(10, blank)) == []


def test_dirt_in_one_row_does_not_close_a_gutter() -> None:
    """A speck is as small as a mark."""
    page, rows = two_columns(8)
    page[int(rows[3].top) + 10 : int(rows[3].top) + 14, START + 6 : START + 9] = 30
    assert len(found(page, rows)) == 1


def test_marks_at_the_end_of_a_column_stay_with_it() -> None:
    """The blank before a mark that stands by itself is no gutter, the one behind it is."""
    page, rows = two_columns(6)
    for row in rows:
        page[int(row.top) : int(row.bottom), START - EM : START] = 245
        comma(page, START - EM // 2, int(row.top))
    assert all(gutter.left > START - EM // 2 for gutter in found(page, rows))
