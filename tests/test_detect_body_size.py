"""The size of the body type is measured on the stretches found."""

import cv2
import numpy as np
import pytest

from newspage.detect.body_size import measure_body_em
from newspage.engine import FoundLine
from newspage.geometry import Box
from tests.prints import EM, found


def columns(pitch: float, thickness: float, count: int = 30) -> list[Box]:
    """Vertical lines beside each other."""
    return [Box(pitch * i, 0, pitch * i + thickness, 400) for i in range(count)]


def turned_about(line: FoundLine, degrees: float) -> FoundLine:
    """A stretch turned about its middle."""
    corners = np.asarray(line.polygon, np.float64)
    x, y = corners.mean(axis=0)
    matrix = cv2.getRotationMatrix2D((float(x), float(y)), degrees, 1)
    points = cv2.transform(corners[None], matrix)[0]
    return FoundLine(tuple((float(a), float(b)) for a, b in points), line.score)


def test_the_size_of_the_body_is_that_of_most_of_the_text() -> None:
    """Headlines and single marks count for little."""
    boxes = [Box(0, 30 * i, 400, 30 * i + 26) for i in range(10)]
    boxes += [Box(0, 400, 300, 480), *(Box(500, 20 * i, 510, 20 * i + 10) for i in range(20))]
    assert measure_body_em(found(boxes)) == pytest.approx(EM, rel=0.1)


@pytest.mark.parametrize("vertical", [False, True])
def test_outlines_of_close_lines_that_overlap_make_the_body_no_larger(vertical: bool) -> None:
    """Lines 26 pixels apart hold no type of 33, however thick they were outlined."""
    boxes = columns(26, 36)
    if not vertical:
        boxes = [Box(b.top, b.left, b.bottom, b.right) for b in boxes]
    assert measure_body_em(found(boxes)) == pytest.approx(EM, rel=0.06)


def test_a_line_found_twice_is_as_thick_as_it_is() -> None:
    """What covers most of another is no neighbour of it."""
    boxes = columns(40, 26)
    again = [b.moved(2, 1) for b in boxes]
    assert measure_body_em(found([*boxes, *again])) == measure_body_em(found(boxes))


def test_lines_that_slant_a_little_do_not_overlap() -> None:
    """The upright boxes around them do, the lines do not."""
    lines = found([Box(0, 30 * i, 900, 30 * i + 26) for i in range(20)])
    slanting = [turned_about(line, 1.5) for line in lines]
    assert measure_body_em(slanting) == pytest.approx(measure_body_em(lines), rel=0.01)
