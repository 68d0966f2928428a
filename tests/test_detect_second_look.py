"""A second look at ink that no line covers."""

import numpy as np

from newspage.detect.ink_masks import make_ink_mask
from newspage.detect.second_look import detect_again_by_area
from newspage.geometry import Box, bound_points
from newspage.model import GrayImage
from tests.prints import EM, PITCH, Finder, column, found, meets, sheet, text


def look(
    page: GrayImage, first: list[Box], finder: Finder, skip: tuple[Box, ...] = ()
) -> list[Box]:
    """The lines after the second look."""
    lines = detect_again_by_area(page, make_ink_mask(page, EM), found(first), EM, finder, skip)
    return [bound_points(f.polygon) for f in lines]


def test_nothing_lost_no_second_look() -> None:
    """Every character lies in a line."""
    page = sheet()
    rows = column(page, 50, 60, 12, 8)
    finder = Finder([])
    assert look(page, rows, finder) == rows
    assert finder.seen == []


def test_a_lost_paragraph_is_found() -> None:
    """In a picture of its own; its lines come back in pixels of the page."""
    page = sheet()
    rows, lost = column(page, 50, 60, 12, 8), column(page, 500, 300, 10, 3)
    finder = Finder([[]])
    look(page, rows, finder)
    (part,) = finder.seen
    assert part.shape[0] < page.shape[0]
    assert part.shape[1] < page.shape[1]
    left, top = lost[0].left, lost[0].top
    pad_x, pad_y = ((part < 128).any(axis=axis).argmax() for axis in (0, 1))
    answer = [b.moved(float(pad_x) - left - 3, float(pad_y) - top - 3) for b in lost]
    assert meets(look(page, rows, Finder([answer])), [*rows, *lost])


def test_its_surroundings_are_not_shown() -> None:
    """Lines that are known already do not stand beside it."""
    page = sheet()
    rows = column(page, 50, 60, 12, 8)
    column(page, 50 + 13 * EM, 60, 3, 8)
    finder = Finder([[]])
    look(page, rows, finder)
    (part,) = finder.seen
    ink = np.flatnonzero((part < 128).any(axis=0))
    assert ink[-1] - ink[0] <= 3 * EM


def test_dirt_and_pictures_get_no_second_look() -> None:
    """Specks are too small, pictures are no text."""
    page = sheet()
    rows = column(page, 50, 60, 12, 8)
    page[500:503, 600:603] = 30
    lost = text(page, 500, 300, 8)
    finder = Finder([])
    assert look(page, rows, finder, (lost.grown(10),)) == rows
    assert finder.seen == []


def test_a_torn_piece_is_given_up_for_the_whole() -> None:
    """The first look had a part of a character; the second sees the line."""
    page = sheet()
    row = text(page, 300, 300, 16)
    piece = Box(row.left + 0.5 * EM, row.top, row.left + EM, row.bottom)
    finder = Finder([[]])
    look(page, [piece], finder)
    (part,) = finder.seen
    whole = Box(0, 0, part.shape[1], part.shape[0])
    (line,) = look(page, [piece], Finder([[whole]]))
    assert line.width > 14 * EM


def test_what_is_known_is_not_found_again() -> None:
    """An answer that lies on a line of the first look adds nothing."""
    page = sheet()
    row = text(page, 300, 300, 16)
    lost = text(page, 300, 300 + EM + 4, 8)
    finder = Finder([[]])
    assert look(page, [row], finder) == [row]
    (part,) = finder.seen
    below = Box(0, part.shape[0] - lost.height, 8 * EM, part.shape[0])
    again = Box(0, 0, 8 * EM, 4)
    lines = look(page, [row], Finder([[again, below]]))
    assert len(lines) == 2
    assert lines[0] == row


def test_a_picture_taken_for_text_does_not_swallow_the_lines_in_it() -> None:
    """What the first look found there is no torn piece of it."""
    page = sheet()
    rows = column(page, 300, 300, 12, 2)
    text(page, 300, 300 + 2 * PITCH, 12)
    finder = Finder([[]])
    look(page, rows, finder)
    (part,) = finder.seen
    whole = Box(0, -2.5 * PITCH, part.shape[1], part.shape[0])
    assert look(page, rows, Finder([[whole]]))[:2] == rows
