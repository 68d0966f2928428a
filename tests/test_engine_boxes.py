"""From a map of text to the outlines of lines."""

import cv2
import numpy as np
import pytest

from newspage.engine import FoundLine
from newspage.engine.boxes import SHRINK, BoxRules, add_huge_lines, extract_lines
from newspage.engine.tiles import TextMap
from newspage.geometry import Box, bound_points

RULES = BoxRules()


def empty(width: int = 600, height: int = 400) -> TextMap:
    """A map without text."""
    return np.zeros((height, width), np.uint8)


def found(left: float, top: float, right: float, bottom: float) -> FoundLine:
    """A line found in a box."""
    return FoundLine(Box(left, top, right, bottom).polygon, 0.9)


def test_a_core_is_grown_back() -> None:
    """By area times the ratio over perimeter on each side, as the detector was trained."""
    text_map = empty()
    text_map[100:111, 50:251] = 250
    (line,) = extract_lines(text_map, RULES)
    box = bound_points(line.polygon)
    grow = 200 * 10 * RULES.unclip / (200 + 10) / 2
    assert box.left == pytest.approx(50 - grow, abs=1)
    assert box.bottom == pytest.approx(110 + grow, abs=1)
    assert line.score == pytest.approx(250 / 255, abs=0.02)


def test_faint_and_tiny_spots_are_no_lines() -> None:
    """A spot needs a mean probability and a size."""
    text_map = empty()
    text_map[50:60, 50:200] = 100
    text_map[200:202, 50:200] = 255
    assert extract_lines(text_map, RULES) == []


def test_a_turned_line_keeps_its_slant() -> None:
    """Corners come clockwise from the top left."""
    text_map = empty()
    corners = cv2.boxPoints(((300, 200), (300, 14), 8))
    cv2.fillConvexPoly(text_map, corners.astype(np.int32), 255)
    (line,) = extract_lines(text_map, RULES)
    (ax, ay), (bx, by), _, (_, dy) = line.polygon
    assert np.degrees(np.arctan2(by - ay, bx - ax)) == pytest.approx(8, abs=0.7)
    assert dy > ay


def test_lines_that_touch_at_a_weak_place_are_parted() -> None:
    """Two columns joined by a faint bridge are two lines, and one column stays one."""
    text_map = empty()
    for x in (100, 130, 160):
        text_map[50:350, x : x + 14] = 255
    text_map[330:345, 100:174] = np.maximum(text_map[330:345, 100:174], 100)
    assert len(extract_lines(text_map, RULES)) == 3


def test_a_weak_place_inside_a_line_does_not_part_it() -> None:
    """What lies behind each other on one line stays together."""
    text_map = empty()
    text_map[100:114, 50:500] = 255
    text_map[100:114, 260:285] = 100
    assert len(extract_lines(text_map, RULES)) == 1


def test_a_huge_line_takes_the_place_of_its_fragments() -> None:
    """At full size only strokes of its glyphs were found."""
    fragments = [found(10, 10, 60, 90), found(80, 120, 200, 170), found(500, 700, 900, 730)]
    huge = found(0, 0, 800 / SHRINK, 200 / SHRINK)
    lines = add_huge_lines(fragments, [huge])
    assert fragments[2] in lines
    assert fragments[0] not in lines
    assert max(bound_points(line.polygon).width for line in lines) == pytest.approx(800)


def test_a_huge_line_leaves_the_print_in_its_outline() -> None:
    """The date below a masthead is longer than any stroke of it, however it was outlined."""
    date = found(40, 170, 700, 200)
    stroke = found(40, 40, 110, 70)
    huge = found(0, 0, 800 / SHRINK, 200 / SHRINK)
    lines = add_huge_lines([stroke, date], [huge])
    assert date in lines
    assert stroke not in lines
    assert len(lines) == 2


def test_a_lump_of_small_lines_is_no_huge_line() -> None:
    """From afar a block of body text looks like one thick line."""
    small = [found(0, 40 * i, 800, 40 * i + 30) for i in range(5)]
    assert add_huge_lines(small, [found(0, 0, 800 / SHRINK, 200 / SHRINK)]) == small


def test_what_was_found_whole_at_full_size_stays() -> None:
    """Full size knows the edges better."""
    whole = [found(4, 4, 796, 196)]
    assert add_huge_lines(whole, [found(0, 0, 800 / SHRINK, 200 / SHRINK)]) == whole
