"""Planes: one way of thinking for all directions of writing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.pages.plane import Area, Plane
from newspage.geometry import Box
from newspage.model import Direction

PAGE = Box(100, 200, 500, 1000)
SIZES = st.floats(min_value=0, max_value=200)


@pytest.mark.parametrize("direction", list(Direction))
@given(SIZES, SIZES, SIZES, SIZES)
def test_placing_and_finding_are_inverse(
    direction: Direction, along: float, across: float, length: float, depth: float
) -> None:
    """The logical area of the pixels of an area is that area."""
    plane = Plane(PAGE, direction)
    found = plane.area(plane.place(Area(along, across, length, depth)))
    assert (found.along, found.across) == pytest.approx((along, across))
    assert (found.length, found.depth) == pytest.approx((length, depth))


@pytest.mark.parametrize(
    ("direction", "box"),
    [
        (Direction.HORIZONTAL, Box(100, 200, 150, 220)),
        (Direction.HORIZONTAL_RTL, Box(450, 200, 500, 220)),
        (Direction.VERTICAL, Box(480, 200, 500, 250)),
    ],
)
def test_the_first_line_begins_where_reading_begins(direction: Direction, box: Box) -> None:
    """Left top, right top, or right top going down."""
    assert Plane(PAGE, direction).place(Area(0, 0, 50, 20)) == box


def test_crossing_keeps_the_rectangle() -> None:
    """The other direction of writing, in the same pixels, and back."""
    plane = Plane(PAGE, Direction.VERTICAL)
    assert plane.crossed() == Plane(PAGE, Direction.HORIZONTAL)
    assert plane.crossed(rightward=False).direction is Direction.HORIZONTAL_RTL
    assert plane.crossed().crossed() == plane


def test_a_plane_is_cut_in_two_without_loss() -> None:
    """What lies before a depth and what lies after it are the whole plane."""
    plane = Plane(PAGE, Direction.VERTICAL)
    first, rest = plane.to_depth(150), plane.from_across(150)
    assert first.depth + rest.depth == plane.depth
    assert first.box.left == rest.box.right
