"""The turned page, in which vertical text is laid out like horizontal text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.geometry import Box, turn_box, turn_box_back
from newspage.layout.view import (
    Row,
    TurnedView,
    choose_view,
    has_column_rule_between,
    has_rule_between,
    measure_share_x,
    measure_share_y,
)
from newspage.model import Direction, Separator, TextLine
from tests.drawings import line_at

NUMBERS = st.integers(-1000, 1000).map(float)
PLACES = st.builds(
    lambda x0, x1, y0, y1: Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)),
    *[NUMBERS] * 4,
)


@given(PLACES, st.integers(0, 2000))
def test_turning_back_undoes_turning(box: Box, width: int) -> None:
    """Both ways."""
    assert turn_box_back(turn_box(box, width), width) == box
    assert turn_box(turn_box_back(box, width), width) == box


@given(PLACES, PLACES)
def test_turning_keeps_what_overlaps(a: Box, b: Box) -> None:
    """And how much of it."""
    shared, there = a.intersection(b), turn_box(a, 500).intersection(turn_box(b, 500))
    assert there == (turn_box(shared, 500) if shared else None)


def test_columns_become_lines_from_the_top_down() -> None:
    """The column furthest right is the first line, its head the line's beginning."""
    first, second = turn_box(Box(80, 0, 100, 300), 100), turn_box(Box(50, 0, 70, 300), 100)
    assert first.bottom < second.top
    assert (first.left, first.right) == (0, 300)


def test_the_view_follows_most_of_the_text() -> None:
    """One headline across does not turn the page; who knows better may say so."""
    down = TextLine("a", Box(0, 0, 20, 300), Direction.VERTICAL)
    across = TextLine("b", Box(0, 0, 200, 40), Direction.HORIZONTAL)
    assert choose_view([down, across], 500).vertical
    assert not choose_view([across], 500).vertical
    assert not choose_view([down, across], 500, "horizontal").vertical
    assert choose_view([across], 500, "vertical").vertical


def test_rules_turn_with_the_page() -> None:
    """A rule between two columns of vertical text is one between two lines."""
    rules = TurnedView(100, vertical=True).turn_rules(
        [Separator(Box(50, 0, 51, 100), vertical=True)]
    )
    assert not rules[0].vertical
    assert rules[0].box.width == 100


def test_what_runs_across_is_foreign() -> None:
    """A vertical line on a horizontal page, a horizontal one on a vertical page."""
    down = TextLine("a", Box(0, 0, 20, 300), Direction.VERTICAL)
    across = TextLine("b", Box(0, 0, 200, 40), Direction.HORIZONTAL)
    assert TurnedView(500, vertical=False).make_row(down).foreign
    assert not TurnedView(500, vertical=False).make_row(across).foreign
    assert TurnedView(500, vertical=True).make_row(across).foreign
    assert not TurnedView(500, vertical=True).make_row(down).foreign


def test_spaced_type_is_no_larger_for_it() -> None:
    """Where characters are spaced out the thickness of the row tells their size, else the pitch."""
    close = line_at("a", "城里人家种树", Box(0, 0, 120, 22), Direction.HORIZONTAL, 0)
    spaced = line_at("b", "城里人家种树", Box(0, 0, 400, 22), Direction.HORIZONTAL, 0)
    assert Row(close, close.box).size == pytest.approx(20)
    assert Row(spaced, spaced.box).size == pytest.approx(0.88 * 22)
    assert not Row(spaced, spaced.box).measured


def test_large_type_is_display_type() -> None:
    """Twice the size of the body is, the body itself is not."""
    large = line_at("a", "城里人家种树", Box(0, 0, 240, 42), Direction.HORIZONTAL, 0)
    body = line_at("b", "城里人家种树", Box(0, 0, 120, 22), Direction.HORIZONTAL, 0)
    assert Row(large, large.box).is_display(20)
    assert not Row(body, body.box).is_display(20)


@given(PLACES, PLACES)
def test_shares_lie_between_none_and_all(a: Box, b: Box) -> None:
    """And do not ask which box comes first."""
    for share in (measure_share_x, measure_share_y):
        assert 0 <= share(a, b) <= 1
        assert share(a, b) == share(b, a)


UPPER, LOWER = Box(0, 0, 100, 20), Box(0, 60, 100, 80)


@pytest.mark.parametrize(
    ("rule", "parts"),
    [
        (Box(0, 40, 100, 41), True),
        (Box(-300, 40, 300, 41), True),
        (Box(0, 40, 20, 41), False),  # too short
        (Box(150, 40, 300, 41), False),  # beside them
        (Box(0, 90, 100, 91), False),  # below both
    ],
)
def test_a_rule_parts_what_it_stands_between(rule: Box, parts: bool) -> None:
    """Where it covers most of them."""
    found = (Separator(rule, vertical=False),)
    assert has_rule_between(found, UPPER, LOWER) is parts
    assert not has_rule_between((Separator(rule, vertical=True),), UPPER, LOWER)


def test_a_column_rule_stands_between_columns() -> None:
    """Not beside them, and not above them."""
    left, right = Box(0, 0, 100, 200), Box(130, 0, 230, 200)
    between = Separator(Box(115, 0, 116, 200), vertical=True)
    beside = Separator(Box(300, 0, 301, 200), vertical=True)
    above = Separator(Box(115, -300, 116, -10), vertical=True)
    assert has_column_rule_between((between,), left, right)
    assert not has_column_rule_between((beside, above), left, right)
