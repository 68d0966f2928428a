"""Mastheads, folios and captions."""

from collections.abc import Sequence

import pytest

from pipeline.geometry import Box
from pipeline.layout.furniture import is_caption, masthead_lines
from pipeline.layout.stacks import Stack
from pipeline.layout.view import Row
from pipeline.model import Detection, Direction, Separator, TextLine
from tests.drawings import EM, PITCH, line_at


def line(text: str, left: float, top: float, size: float = EM) -> TextLine:
    """A horizontal line named by its text."""
    box = Box(left, top, left + size * len(text), top + size)
    return line_at(text, text, box, Direction.HORIZONTAL, size)


BODY = [
    line("城里人家种树修桥开渠办学" + c * 30, 0, 300 + PITCH * i) for i, c in enumerate("的" * 60)
]


def head(lines: Sequence[TextLine], *rules: Separator) -> set[str]:
    """What of the lines above the text belongs to the masthead."""
    everything = [*lines, *BODY]
    return {x.text for x in masthead_lines(Detection((), rules), everything, EM)}


RULE = Separator(Box(0, 120, 900, 122), vertical=False)


@pytest.mark.parametrize(
    "text", ["2012年3月4日", "星期三", "国内统一刊号CN11-0001", "第三百期", "责任编辑：陈山水"]
)
def test_some_lines_say_that_they_are_masthead(text: str) -> None:
    """Dates, numbers of issues, editors; with a rule below them or not."""
    assert head([line(text, 0, 0)]) == {text}
    assert head([line(text, 0, 0)], RULE) == {text}


def test_the_name_of_the_paper_is_part_of_it() -> None:
    """What stands beside the date above a rule across the page."""
    assert head([line("山城报", 0, 0, 60), line("星期三", 400, 0)], RULE) == {"山城报", "星期三"}


def test_a_headline_below_the_rule_is_not() -> None:
    """Nor without a rule."""
    assert head([line("山城大修水渠", 0, 160, 40), line("星期三", 0, 0)], RULE) == {"星期三"}
    assert head([line("山城大修水渠", 0, 160, 40)]) == set()


@pytest.mark.parametrize("text", ["（上接第一版）", "（下转第三版）", "上接第2版"])
def test_lines_that_send_to_another_page_are_not(text: str) -> None:
    """Though they name a page, and stand above or below everything."""
    assert head([line(text, 0, 0)]) == set()
    assert head([line(text, 0, 300 + PITCH * 62)]) == set()


def test_a_page_number_at_the_foot_is_furniture() -> None:
    """And so is one at the top."""
    assert head([line("第三版", 400, 300 + PITCH * 64)]) == {"第三版"}
    assert head([line("A3", 400, 0)]) == {"A3"}


def test_a_date_in_the_text_is_text() -> None:
    """However much it looks like that of the paper."""
    assert not {x.text for x in masthead_lines(Detection(()), BODY, EM)}


def stack(top: float, rows: int = 1) -> Stack:
    """Rows of text 200 pixels wide, from the left edge."""
    lines = [line("城里人家种树修桥开渠", 0, top + PITCH * i) for i in range(rows)]
    return Stack(tuple(Row(x, x.box) for x in lines))


PICTURE = Box(0, 0, 240, 200)


@pytest.mark.parametrize(
    ("rows", "top", "caption"),
    [(1, 205, True), (2, 205, True), (1, 300, False), (20, 205, False), (1, -60, False)],
)
def test_what_stands_close_below_a_picture_is_its_caption(
    rows: int, top: float, caption: bool
) -> None:
    """A few rows; a whole column is not."""
    found = stack(top, rows)
    assert is_caption(found, found.box, [PICTURE], EM) is caption


def test_what_is_wider_than_the_picture_is_no_caption() -> None:
    """It is the text below."""
    found = stack(205)
    assert not is_caption(found, found.box, [Box(0, 0, 100, 200)], EM)
    assert not is_caption(found, found.box, [], EM)
