"""Wavy rules between articles."""

import cv2
import numpy as np
import pytest

from newspage.detect.ink_masks import make_ink_mask
from newspage.detect.ornaments import find_ornaments
from newspage.model import GrayImage, Separator
from tests.prints import EM, column, rule, sheet, text

WAVE = 0.35 * EM


def wave(page: GrayImage, start: int, end: int, at: int, *, thick: int = 2) -> None:
    """Draws a wavy rule across, WAVE pixels high to each side of its middle."""
    x = np.arange(start, end)
    y = at + 0.5 * WAVE * np.sin(x / (0.18 * EM))
    cv2.polylines(page, [np.stack([x, y], axis=1).astype(np.int32)], False, 0, thick)


def waves_of(page: GrayImage) -> tuple[Separator, ...]:
    """The wavy rules of a page."""
    return find_ornaments(make_ink_mask(page, EM), EM)


def test_a_wavy_rule_is_a_rule() -> None:
    """Across and, in a turned page, upright; from its one end to the other."""
    page = sheet()
    wave(page, 60, 900, 300)
    (found,) = waves_of(page)
    assert not found.vertical
    assert (found.box.left, found.box.right) == pytest.approx((60, 900), abs=4)
    assert found.box.center[1] == pytest.approx(300, abs=3)
    (found,) = waves_of(np.ascontiguousarray(page.T))
    assert found.vertical
    assert (found.box.top, found.box.bottom) == pytest.approx((60, 900), abs=4)


def test_a_wavy_rule_with_breaks_is_one_rule() -> None:
    """As worn type leaves it."""
    page = sheet()
    wave(page, 60, 300, 300)
    wave(page, 300 + EM // 2, 700, 300)
    (found,) = waves_of(page)
    assert (found.box.left, found.box.right) == pytest.approx((60, 700), abs=4)


def test_text_and_straight_rules_are_no_waves() -> None:
    """Nor is a short wavy line, which marks the title of a book."""
    page = sheet()
    column(page, 50, 60, 20, 16)
    text(page, 50, 650, 12, 2 * EM)
    rule(page, 40, 30, 900, 30)
    wave(page, 500, 500 + 5 * EM, 800)
    assert waves_of(page) == ()


def test_strokes_that_touch_are_no_wave() -> None:
    """A row of glyphs run together by blur meets a cut in several places."""
    page = sheet()
    for shift in (-4, 4):
        wave(page, 60, 900, 300 + shift)
    for x in range(60, 900, EM // 3):
        cv2.line(page, (x, 290), (x, 310), 0, 2)
    assert waves_of(page) == ()
