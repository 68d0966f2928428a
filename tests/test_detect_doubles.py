"""A column that is the beginnings of rows is no line; neither is a row across columns."""

from hypothesis import given
from hypothesis import strategies as st

from newspage.detect.duplicate_lines import find_duplicate_lines
from newspage.geometry import Box, turn_box

ROWS = [Box(100, y, 400, y + 30) for y in range(100, 400, 50)]
CLOSE = [Box(100, y, 400, y + 44) for y in range(100, 400, 50)]
COLUMN = Box(100, 95, 135, 385)
"""Their first characters."""


def test_the_beginnings_of_rows_are_no_column() -> None:
    """Six rows hold it whole, and go on far beyond it."""
    assert find_duplicate_lines(ROWS, [COLUMN]) == set()  # a third of it is the white between them
    assert find_duplicate_lines(CLOSE, [COLUMN]) == {COLUMN}


def test_the_same_goes_for_columns() -> None:
    """A page turned by a quarter."""
    standing = [turn_box(b, 500) for b in CLOSE]
    row = turn_box(COLUMN, 500)
    assert find_duplicate_lines([row], standing) == {row}


def test_two_whole_ways_to_see_an_area_are_left_alone() -> None:
    """Rows and columns that hold each other: which are lines is not told here."""
    columns = [Box(x, 95, x + 44, 395) for x in range(100, 400, 50)]
    assert find_duplicate_lines(CLOSE, columns) == set()


def test_a_headline_beside_rows_stays() -> None:
    """Rows that end in front of it, or two that touch it, are not enough."""
    headline = Box(420, 95, 470, 385)
    assert find_duplicate_lines(ROWS, [headline]) == set()
    two = [Box(100, 100, 400, 240), Box(100, 240, 400, 390)]
    assert find_duplicate_lines(two, [COLUMN]) == set()


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=8))
def test_lines_of_one_direction_are_never_doubles(corners: list[tuple[int, int]]) -> None:
    """However much they overlap."""
    rows = [Box(x, y, x + 200, y + 30) for x, y in corners]
    assert find_duplicate_lines(rows, []) == set()
    assert find_duplicate_lines([], [turn_box(b, 600) for b in rows]) == set()
