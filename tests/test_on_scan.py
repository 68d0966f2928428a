"""From the working image to the scan: every place of a record is one of the scan."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.geometry import (
    Box,
    Transform,
    Warp,
    make_quarter_turns,
    make_rotation,
    make_scaling,
    make_shift,
)
from newspage.model import PageImage, PageLayout, Scan, Separator
from newspage.page import scan_coordinates as module
from newspage.page.scan_coordinates import map_to_scan
from tests.fakes import line_of, record_of

SCAN = Scan(Path("a.png"), "", 400, 300)


def page(text: str = "正文在这里", title: str = "题") -> PageLayout:
    """A page with two regions, a rule, a frame, a picture and an unplaced line."""
    return replace(
        record_of(SCAN, text, title).page,
        separators=(Separator(Box(100, 10, 101, 90), vertical=True),),
        frames=(Box(110, 10, 160, 90),),
        pictures=(Box(170, 10, 240, 90),),
        unplaced=(line_of("迷", "l9", 150.0),),
    )


def all_boxes(found: PageLayout) -> list[Box]:
    """Every box of a page."""
    lines = [*(line for region in found.regions for line in region.lines), *found.unplaced]
    return [
        *(region.box for region in found.regions),
        *(line.box for line in lines),
        *(glyph.box for line in lines for glyph in line.glyphs),
        *(s.box for s in found.separators),
        *found.frames,
        *found.pictures,
    ]


def test_without_a_way_nothing_moves() -> None:
    """Working image and scan are the same."""
    found = map_to_scan(page(), Transform())
    assert all_boxes(found) == all_boxes(page())
    assert found.reading_order == page().reading_order


def test_every_box_goes_the_same_way() -> None:
    """Regions, lines, glyphs, rules, frames and pictures; the em grows along."""
    found = map_to_scan(page(), Transform((make_scaling(1.25), make_shift(10, 20))))
    moved = [
        Box(
            round(1.25 * b.left + 10, 1),
            round(1.25 * b.top + 20, 1),
            round(1.25 * b.right + 10, 1),
            round(1.25 * b.bottom + 20, 1),
        )
        for b in all_boxes(page())
    ]
    assert all_boxes(found) == moved
    assert found.unplaced[0].size == 12.5
    assert found.separators[0].vertical


def test_a_turned_page_turns_its_rules() -> None:
    """What stands upright on the page lies on a scan that is on its side."""
    found = map_to_scan(page(), Transform((make_quarter_turns(1, 300, 400),)))
    assert not found.separators[0].vertical
    assert found.separators[0].box.width > found.separators[0].box.height


def test_a_skewed_line_keeps_its_outline() -> None:
    """The polygon is the turned rectangle, the box the upright one around it."""
    found = map_to_scan(page(), Transform((make_rotation(3.0), make_shift(20, 0))))
    line = found.regions[1].lines[0]
    assert len(line.polygon) == 4
    assert line.box.height > 11
    ys = [y for _, y in line.polygon]
    assert line.polygon[1][1] > line.polygon[0][1]
    assert (line.box.top, line.box.bottom) == (min(ys), max(ys))


def test_a_curved_line_gets_more_corners() -> None:
    """Only its long edges are bent, and only those are drawn finer."""
    knots = np.zeros((5, 5))
    knots[:, 2] = 20.0
    wave = Warp(25.0, np.zeros((5, 5)), knots)
    found = map_to_scan(page("正文在这里排成一行"), Transform((wave,)))
    line = found.regions[1].lines[0]
    assert 4 < len(line.polygon) <= 4 * module._PIECES
    assert line.box.bottom > 45


@given(st.floats(-40, 40), st.floats(0.5, 2.0), st.floats(-300, 300), st.floats(-300, 300))
def test_every_place_lies_on_the_scan(angle: float, scale: float, dx: float, dy: float) -> None:
    """However the page was turned, scaled and shifted."""
    way = Transform((make_rotation(angle), make_scaling(scale), make_shift(dx, dy)))
    found = map_to_scan(page(), way)
    for box in all_boxes(found):
        assert 0 <= box.left <= box.right <= SCAN.width
        assert 0 <= box.top <= box.bottom <= SCAN.height


def test_lines_stay_in_their_regions() -> None:
    """Text, order and identifiers are not touched."""
    before, after = page(), map_to_scan(page(), Transform((make_shift(1, 1),)))
    assert [r.id for r in after.regions] == [r.id for r in before.regions]
    assert [r.text for r in after.regions] == [r.text for r in before.regions]
    assert [x.text for x in after.unplaced] == [x.text for x in before.unplaced]


def test_a_page_with_nothing() -> None:
    """Has nothing afterwards."""
    empty = PageLayout(SCAN, (), ())
    assert map_to_scan(empty, Transform()) == empty


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_the_turn_is_known(turns: int) -> None:
    """In degrees clockwise from the upright page to its scan."""
    back = make_quarter_turns(turns, 300, 300)
    image = PageImage(SCAN, np.zeros((300, 300), np.uint8), Transform((back,)))
    assert module.measure_rotation(image) % 360 == pytest.approx(90 * turns % 360)
