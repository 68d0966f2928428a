"""Stretches that hold several lines are cut into them."""

import numpy as np
import pytest

from newspage.detect.ink_masks import make_ink_mask
from newspage.detect.merged_lines import Wanted, split_merged_lines
from newspage.geometry import Box, turn_box_back, union_boxes
from newspage.model import GrayImage
from tests.prints import EM, PITCH, column, meets, overlap, sheet, text


def cut(page: GrayImage, boxes: list[Box], wanted: Wanted = "auto") -> list[Box]:
    """What becomes of stretches found on a page."""
    return split_merged_lines(boxes, make_ink_mask(page, EM), EM, wanted)


def standing(page: GrayImage, boxes: list[Box]) -> tuple[GrayImage, list[Box]]:
    """The page turned a quarter clockwise, so that rows become columns."""
    turned = np.ascontiguousarray(np.rot90(page, -1))
    return turned, [turn_box_back(b, turned.shape[1]) for b in boxes]


def wide_set(page: GrayImage, y: int) -> Box:
    """A row of ten characters, `PITCH` from one to the next."""
    return union_boxes([text(page, 50 + PITCH * i, y, 1) for i in range(10)])


@pytest.mark.parametrize("down", [False, True], ids=["horizontal", "vertical"])
def test_a_block_found_as_one_stretch_becomes_its_lines(down: bool) -> None:
    """Lines are set farther apart than the characters in them."""
    page = sheet(1000, 1000)
    rows = column(page, 50, 60, 12, 8)
    if down:
        page, rows = standing(page, rows)
    assert meets(cut(page, [union_boxes(rows)]), rows)


def test_a_block_of_two_columns_becomes_the_lines_of_both() -> None:
    """The gutter is wider than what stands between lines."""
    page = sheet()
    left, right = column(page, 50, 60, 12, 8), column(page, 50 + 13 * EM, 75, 12, 8)
    assert meets(cut(page, [union_boxes((*left, *right))]), [*left, *right])


def test_what_was_found_besides_is_not_found_twice() -> None:
    """The first lines of the block are known."""
    page = sheet()
    rows = column(page, 50, 60, 12, 8)
    assert meets(cut(page, [*rows[:3], union_boxes(rows)]), rows)


def test_a_headline_stays_whole() -> None:
    """It is thick because its type is large; white space in a character parts no lines."""
    page = sheet()
    head = text(page, 50, 60, 6, em=3 * EM)
    spaced = [text(page, 50 + 5 * EM * i, 300, 1, em=3 * EM) for i in range(4)]
    boxes = [head, union_boxes(spaced)]
    assert cut(page, boxes) == boxes


def test_stretches_across_the_lines_are_resolved() -> None:
    """Where rows and columns were found over the same ink, the wider white space tells."""
    page = sheet()
    rows = column(page, 50, 60, 12, 8)
    block = union_boxes(rows)
    across = [
        Box(block.left + EM * i, block.top, block.left + EM * (i + 1), block.bottom)
        for i in (2, 5, 6)
    ]
    assert meets(cut(page, [rows[0], rows[3], *across, rows[7]]), rows)


def test_a_vertical_headline_beside_a_tangle_stays() -> None:
    """A column one character wide holds no rows."""
    page = sheet()
    rows = column(page, 50, 60, 12, 8)
    side = Box(50 + 13 * EM, 59, 50 + 14 * EM, 59 + 7 * PITCH)
    for i in range(7):
        text(page, int(side.left), 60 + PITCH * i, 1)
    found = cut(page, [union_boxes((*rows, side)), side])
    assert side in found
    assert len(found) == 9


def test_lines_that_only_touch_stay_as_they_are() -> None:
    """Boxes are a little thicker than lines."""
    page = sheet()
    rows = column(page, 50, 60, 12, 8)
    boxes = [b.grown(6) for b in rows]
    assert cut(page, boxes) == boxes


@pytest.mark.parametrize("down", [False, True], ids=["horizontal", "vertical"])
def test_white_does_not_overturn_what_was_found(down: bool) -> None:
    """Characters set wider apart than the lines: a few stretches across do not turn the block."""
    page = sheet(1000, 1000)
    rows = [wide_set(page, 60 + (EM + 2) * i) for i in range(12)]
    across = [Box(50 + PITCH * i, 59, 50 + PITCH * i + EM, rows[5].bottom) for i in (2, 5, 6)]
    if down:
        page, boxes = standing(page, [*rows, *across])
        rows, across = boxes[:12], boxes[12:]
    found = cut(page, [*rows, *across])
    assert all(any(overlap(f, row) > 0.7 for f in found) for row in rows)


def test_type_set_wide_is_cut_as_a_person_says() -> None:
    """The word of a person outweighs what was found."""
    page = sheet(1000, 1000)
    rows = [wide_set(page, 60 + (EM + 2) * i) for i in range(12)]
    across = [Box(50 + PITCH * i, 59, 50 + PITCH * i + EM, rows[-1].bottom) for i in range(10)]
    assert meets(cut(page, rows, "vertical"), across, 0.7)


def test_the_words_of_one_line_are_no_lines() -> None:
    """A thick stretch with wide gaps between its words holds nothing beside each other."""
    page = sheet()
    large = round(1.4 * EM)
    words = [text(page, 50 + 9 * large * i, 60, 8, em=large) for i in range(3)]
    line = union_boxes(words).grown(0, 0.25 * EM)
    assert cut(page, [line]) == [line]
