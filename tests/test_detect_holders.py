"""A photo or a block of print that was found as a line is none."""

import math

from newspage.detect.holders import drop_holders, measure_least_holder
from newspage.geometry import Box, union_boxes
from tests.prints import EM, column, sheet

ROWS = column(sheet(), 50, 60, 12, 8)


def test_what_holds_lines_is_no_line() -> None:
    """However large it is; the lines stay, in their order."""
    photo = Box(20, 40, 900, 700)
    assert drop_holders([ROWS[0], photo, *ROWS[1:]], EM) == ROWS


def test_one_line_inside_makes_no_holder() -> None:
    """Type of a masthead can reach over a line below it."""
    masthead = Box(20, 60, 900, 60 + 8 * EM)
    line = Box(50, masthead.bottom - 1.1 * EM, 450, masthead.bottom)
    assert drop_holders([masthead, line], EM) == [masthead, line]


def test_pieces_of_a_line_make_no_holder_of_it() -> None:
    """They are as thick as it is, or short, or thinner than any line."""
    whole = union_boxes(ROWS[:1])
    halves = [Box(50, 62, 180, 82), Box(190, 62, 330, 82)]
    head = Box(50, 60, 50 + 12 * EM, 60 + 3 * EM)
    short = [Box(60 + 3 * EM * i, 70, 60 + 3 * EM * i + 1.5 * EM, 70 + EM) for i in range(4)]
    strokes = [Box(60, 70 + 20 * i, 160, 78 + 20 * i) for i in range(3)]
    for boxes in ([whole, *halves], [head, *short], [head, *strokes]):
        assert drop_holders(boxes, EM) == boxes


def test_nothing_holds_what_is_no_line() -> None:
    """A character, or a stroke."""
    assert measure_least_holder(Box(0, 0, EM, EM), EM) == math.inf
    assert measure_least_holder(Box(0, 0, 8 * EM, 0.3 * EM), EM) == math.inf
    assert measure_least_holder(ROWS[0], EM) < 3 * EM
