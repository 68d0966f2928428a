"""A column is cut between its glyphs."""

import numpy as np
import pytest

from newspage.engine import Reading
from newspage.model import GrayImage
from newspage.recognise.cells import (
    divide_into_cells,
    find_column_bounds,
    find_ink_sides,
    lay_column_down,
    set_in_row,
)
from tests.toy_engine import EM, PITCH, draw, reading_of


def column(text: str, width: int = EM + 8, pitch: int = PITCH) -> GrayImage:
    """A column cut out of its page, glyphs in its middle."""
    pixels = np.full((pitch * len(text) + 12, width), 240, np.uint8)
    for i, t in enumerate(text):
        if t != " ":
            draw(pixels, (width - EM) // 2, 6 + pitch * i, t)
    return pixels


NOTHING = reading_of([], [], [])


def turned(text: str) -> Reading:
    """What is read in such a column turned: all but the marks."""
    height = PITCH * len(text) + 12
    seen = [(i, t) for i, t in enumerate(text) if t not in "、 "]
    spans = [((6 + PITCH * i) / height, (6 + PITCH * i + EM) / height) for i, _ in seen]
    return reading_of([t for _, t in seen], spans, [0.9] * len(seen))


@pytest.mark.parametrize("text", ["甲乙丙丁", "甲、乙、丙", "甲甲  乙乙", "丁"])
def test_every_glyph_has_a_cell(text: str) -> None:
    """No cell's edge runs through a glyph, and blanks in the column are no cells."""
    cells, _ = divide_into_cells(column(text), turned(text))
    centers = [6 + PITCH * i + EM / 2 for i, t in enumerate(text) if t != " "]
    assert len(cells) == len(centers)
    for (top, bottom), center in zip(cells, centers, strict=True):
        assert top <= center - 4
        assert bottom >= center + 4


def test_what_was_read_helps_to_tell_the_pitch() -> None:
    """Two glyphs read at a distance of two ems: a mark stands between them, or nothing."""
    text = "甲 乙 丙 丁"
    _, pitch = divide_into_cells(column(text), turned(text))
    assert pitch == pytest.approx(PITCH, rel=0.15)


def test_neighbours_are_trimmed_off() -> None:
    """Ink of the columns beside, with a gap before it, is not the column's own."""
    pixels = column("甲乙丙", EM + 40)
    pixels[:, :8] = 40
    pixels[:, -8:] = 40
    left, right = find_ink_sides(pixels)
    assert 8 <= left <= 20
    assert right <= pixels.shape[1] - 8
    assert right - left >= EM - 8


def test_what_holds_parts_of_neighbours_is_narrowed() -> None:
    """A column half as wide as its box is found by its pitch."""
    left, right = column("甲乙丙", EM)[:, EM // 2 :], column("乙甲丁", EM)[:, : EM // 2]
    pixels = np.hstack([left, column("丁丙甲", EM + 12), right])
    found = find_column_bounds(pixels, PITCH)
    assert found is not None
    assert found[0] == pytest.approx(EM // 2 + 6, abs=10)
    assert find_column_bounds(column("甲乙丙"), PITCH) is None


def test_glyphs_are_set_from_left_to_right() -> None:
    """The first cell comes first, each at the place that is told."""
    pixels = column("甲丁乙")
    cells, pitch = divide_into_cells(pixels, NOTHING)
    reset = set_in_row(pixels, cells, pitch)
    assert len(reset.places) == 3
    for (start, end), (top, bottom) in zip(reset.places, cells, strict=True):
        width = reset.pixels.shape[1]
        set_ink = (reset.pixels[:, round(start * width) : round(end * width)] < 120).sum()
        assert set_ink == pytest.approx((pixels[top:bottom] < 120).sum(), rel=0.02)


def test_a_column_is_turned_counter_clockwise() -> None:
    """Its top becomes the left end."""
    pixels = column("甲  ")
    lying = lay_column_down(pixels)
    assert (lying[:, : lying.shape[1] // 3] < 120).any()
    assert not (lying[:, lying.shape[1] // 2 :] < 120).any()
