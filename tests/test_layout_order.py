"""Reading order of the parts of a page."""

from hypothesis import given
from hypothesis import strategies as st

from newspage.geometry import Box
from newspage.layout.order import order_boxes

PLACES = st.builds(
    lambda left, top, width, height: Box(left, top, left + width, top + height),
    *(st.integers(0, 100), st.integers(0, 100), st.integers(0, 60), st.integers(0, 60)),
)


@given(st.lists(PLACES, max_size=12))
def test_every_part_is_read_once(boxes: list[Box]) -> None:
    """However the parts overlap."""
    assert sorted(order_boxes(boxes)) == list(range(len(boxes)))


@given(st.permutations(range(6)))
def test_a_column_is_read_from_the_top(order: list[int]) -> None:
    """Whatever the order in which its parts were found."""
    boxes = [Box(0, 10 * i, 50, 10 * i + 9) for i in order]
    assert [order[i] for i in order_boxes(boxes)] == list(range(6))


@given(st.permutations(range(6)))
def test_columns_are_read_from_the_left(order: list[int]) -> None:
    """Each to its foot before the next begins."""
    grid = [Box(60 * c, 10 * r, 60 * c + 50, 10 * r + 9) for c in range(2) for r in range(3)]
    boxes = [grid[i] for i in order]
    assert [order[i] for i in order_boxes(boxes)] == list(range(6))


def test_what_spans_the_columns_parts_them() -> None:
    """The columns above it come before those below it."""
    boxes = [
        Box(0, 60, 50, 100),  # below, left
        Box(60, 0, 110, 40),  # above, right
        Box(0, 45, 110, 55),  # across
        Box(60, 60, 110, 100),  # below, right
        Box(0, 0, 50, 40),  # above, left
    ]
    assert order_boxes(boxes) == [4, 1, 2, 0, 3]
