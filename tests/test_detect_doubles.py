"""A column that is the beginnings of rows is no line; neither is a row across columns."""

from hypothesis import given
from hypothesis import strategies as st

from newspage.detect.doubles import find_doubles
from newspage.geometry import Box, turned

ROWS = [Box(100, y, 400, y + 30) for y in range(100, 400, 50)]
CLOSE = [Box(100, y, 400, y + 44) for y in range(100, 400, 50)]
COLUMN = Box(100, 95, 135, 385)
"""Their first characters."""


def test_the_beginnings_of_rows_are_no_column() -> None:
    """Six rows hold it whole, and go on far beyond it."""
    assert find_doubles(ROWS, [COLUMN]) == set()  # a third of it is the white between them
    assert find_doubles(CLOSE, [COLUMN]) == {COLUMN}


def test_the_same_goes_for_columns() -> None:
    """A page turned by a quarter."""
    standing = [turned(b, 500) for b in CLOSE]
    row = turned(COLUMN, 500)
    assert find_doubles([row], standing) == {row}


def test_two_whole_ways_to_see_an_area_are_left_alone() -> None:
    """Rows and columns that hold each other: which are lines is not told here."""
    columns = [Box(x, 95, x + 44, 395) for x in range(100, 400, 50)]
    assert find_doubles(CLOSE, columns) == set()


def test_a_headline_beside_rows_stays() -> None:
    """Rows that end in front of it, or two that touch it, are not enough."""
    headline = Box(420, 95, 470, 385)
    assert find_doubles(ROWS, [headline]) == set()
    two = [Box(100, 100, 400, 240), Box(100, 240, 400, 390)]
    assert find_doubles(two, [COLUMN]) == set()


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=8))
def test_lines_of_one_direction_are_never_doubles(corners: list[tuple[int, int]]) -> None:
    """However much they overlap."""
    rows = [Box(x, y, x + 200, y + 30) for x, y in corners]
    assert find_doubles(rows, []) == set()
    assert find_doubles([], [turned(b, 600) for b in rows]) == set()
