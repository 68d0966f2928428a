"""Printed rules, frames and tables."""

from collections.abc import Sequence

import numpy as np
import pytest

from newspage.detect.ink_masks import make_ink_mask
from newspage.detect.rules import find_enclosures, find_rules
from newspage.geometry import Box
from newspage.model import GrayImage, Separator
from tests.prints import EM, PITCH, column, frame, meets, rule, sheet, text


def rules_of(page: GrayImage, found: Sequence[Box] = ()) -> tuple[Separator, ...]:
    """The rules of a page whose text was found where it is."""
    return find_rules(make_ink_mask(page, EM), EM, found)


def test_a_rule_between_columns() -> None:
    """From its one end to the other, and thin."""
    page = sheet()
    lines = column(page, 50, 60, 12, 18) + column(page, 400, 60, 12, 18)
    rule(page, 370, 50, 370, 700)
    (found,) = rules_of(page, lines)
    assert found.vertical
    assert found.box.top == pytest.approx(50, abs=4)
    assert found.box.bottom == pytest.approx(700, abs=4)
    assert found.box.center[0] == pytest.approx(370, abs=2)
    assert found.box.width < 8


def test_a_rule_across() -> None:
    """Above a headline, say."""
    page = sheet()
    rule(page, 40, 300, 900, 300, 3)
    (found,) = rules_of(page)
    assert not found.vertical
    assert (found.box.left, found.box.right) == pytest.approx((40, 900), abs=4)


def test_text_has_no_rules() -> None:
    """Not even where its strokes stand in a row, found or overlooked."""
    page = sheet()
    lines = [*column(page, 50, 60, 20, 16), text(page, 50, 650, 12, 2 * EM)]
    assert rules_of(page, lines) == ()


def test_a_slightly_slanted_rule_is_one_rule() -> None:
    """As skew and curved paper leave it."""
    page = sheet()
    rule(page, 40, 300, 900, 306)
    assert len(rules_of(page)) == 1


def test_a_worn_rule_is_one_rule() -> None:
    """Small breaks are bridged."""
    page = sheet()
    rule(page, 40, 300, 900, 300)
    for x in range(100, 900, 90):
        page[295:306, x : x + 5] = 245
    (found,) = rules_of(page)
    assert found.box.width > 840


def test_a_rule_goes_on_behind_text_found_across_it() -> None:
    """Where a line was drawn over the end of a rule by mistake."""
    page = sheet()
    rule(page, 40, 300, 500, 300)
    (found,) = rules_of(page, [Box(460, 280, 700, 320)])
    assert found.box.right == pytest.approx(500, abs=6)


def test_short_strokes_and_thick_bars_are_none() -> None:
    """A dash, and a black bar."""
    page = sheet()
    rule(page, 100, 100, 100 + 2 * EM, 100)
    page[300 : 300 + 3 * EM, 100:600] = 30
    assert rules_of(page) == ()


@pytest.mark.parametrize("turns", [0, 1])
def test_both_directions_are_alike(turns: int) -> None:
    """A page turned by a quarter has its rules turned."""
    page = sheet(900, 900)
    rule(page, 100, 300, 700, 300)
    rule(page, 300, 400, 300, 800)
    found = rules_of(np.ascontiguousarray(np.rot90(page, turns)))
    assert sorted(r.vertical for r in found) == [False, True]
    long = max(found, key=lambda r: max(r.box.width, r.box.height))
    assert long.vertical is bool(turns)


def enclosures(page: GrayImage) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
    """Frames and tables of a page."""
    closed = find_enclosures(rules_of(page), EM, (page.shape[1], page.shape[0]))
    return closed.frames, closed.tables


def test_four_rules_that_meet_are_a_frame() -> None:
    """Around an article."""
    page, box = sheet(), Box(200, 100, 700, 500)
    frame(page, box)
    frames, tables = enclosures(page)
    assert meets(frames, [box])
    assert tables == ()


def test_a_double_frame_is_one() -> None:
    """The outer one."""
    page, box = sheet(), Box(200, 100, 700, 500)
    frame(page, box)
    frame(page, box.grown(-10))
    assert meets(enclosures(page)[0], [box])


def test_an_open_frame_is_none() -> None:
    """One side is missing."""
    page = sheet()
    for x0, y0, x1, y1 in ((200, 100, 700, 100), (200, 100, 200, 500), (700, 100, 700, 500)):
        rule(page, x0, y0, x1, y1)
    assert enclosures(page) == ((), ())


def test_a_grid_of_rules_is_a_table() -> None:
    """And its cells are no frames."""
    page = sheet()
    for i in range(5):
        rule(page, 100, 100 + 50 * i, 700, 100 + 50 * i)
    for i in range(4):
        rule(page, 100 + 200 * i, 100, 100 + 200 * i, 300)
    frames, tables = enclosures(page)
    assert meets(tables, [Box(100, 100, 700, 300)])
    assert frames == ()


def test_no_rules_no_frames() -> None:
    """On a blank page."""
    assert enclosures(sheet()) == ((), ())


def test_rows_close_together_have_no_rules() -> None:
    """Their feet and heads stand in rows as well."""
    page = sheet()
    lines = [text(page, 50, 60 + (EM + 1) * i, 30) for i in range(20)]
    assert rules_of(page, lines) == ()
    assert len(lines) * (EM + 1) < 20 * PITCH
