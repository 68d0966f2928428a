"""Mastheads, folios and captions."""

from collections.abc import Sequence

import pytest

from newspage.geometry import Box
from newspage.layout.furniture import find_captions, find_masthead_lines
from newspage.layout.text_blocks import TextBlock
from newspage.layout.view import Row
from newspage.model import Detection, Direction, Separator, TextLine
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
    return {x.text for x in find_masthead_lines(Detection((), rules), everything, EM)}


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


def test_an_article_between_two_rules_is_not() -> None:
    """However short its columns are, right below the running title."""
    below = Separator(Box(0, 40 + 5 * PITCH, 900, 42 + 5 * PITCH), vertical=False)
    rows = [
        line("城里人家种树修桥开渠" + c, 40 * EM * column, 40 + PITCH * row)
        for column in range(3)
        for row, c in enumerate("一二三四")
    ]
    above = Separator(Box(0, 30, 900, 32), vertical=False)
    assert head([line("2012年3月4日", 0, 0), *rows], above, below) == {"2012年3月4日"}


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
    assert not {x.text for x in find_masthead_lines(Detection(()), BODY, EM)}


def stack(top: float, rows: int = 1, left: float = 0, size: float = EM) -> TextBlock:
    """Rows of ten characters one below the other."""
    lines = [line("城里人家种树修桥开渠", left, top + PITCH * i, size) for i in range(rows)]
    return TextBlock(tuple(Row(x, x.box) for x in lines))


def below_pictures(*stacks: TextBlock, picture: Box) -> list[TextBlock]:
    """Those that are taken for captions."""
    return find_captions(stacks, [s.box for s in stacks], [picture], EM)


PICTURE = Box(0, 0, 12 * EM, 200)


@pytest.mark.parametrize(
    ("rows", "top", "caption"),
    [(1, 205, True), (2, 205, True), (1, 300, False), (20, 205, False), (1, -60, False)],
)
def test_what_stands_close_below_a_picture_is_its_caption(
    rows: int, top: float, caption: bool
) -> None:
    """A few rows; a whole column is not."""
    found = stack(top, rows)
    assert below_pictures(found, picture=PICTURE) == ([found] if caption else [])


def test_what_is_wider_than_the_picture_is_no_caption() -> None:
    """It is the text below."""
    found = stack(205)
    assert not below_pictures(found, picture=Box(0, 0, 5 * EM, 200))


def test_text_that_goes_on_in_two_columns_below_a_picture_is_no_caption() -> None:
    """With a caption in small type between them or without."""
    picture = Box(0, 0, 24 * EM, 200)
    left, right = stack(220, 2), stack(220, 2, left=12 * EM)
    assert below_pictures(left, right, picture=picture) == []
    caption = stack(203, size=0.75 * EM)
    assert below_pictures(caption, left, right, picture=picture) == [caption]


def test_text_that_goes_on_after_a_few_rows_is_no_caption() -> None:
    """What tore them apart does not make the first of them the text of the picture."""
    first, rest = stack(205, 3), stack(205 + 3 * PITCH, 12)
    assert below_pictures(first, rest, picture=PICTURE) == []
    apart = stack(205 + 3 * PITCH + 2 * EM, 12)
    assert below_pictures(first, apart, picture=PICTURE) == [first]


@pytest.mark.parametrize(
    ("text", "caption"),
    [
        ("城里人家在桥上检查吊杆。陈山水摄", True),
        ("图为城里人家种树。", True),
        ("城里人家种树，开渠。大家用手机拍摄", False),
        ("城里人家种树，修桥，开渠，办学。", False),
    ],
)
def test_a_text_may_say_itself_that_it_is_a_caption(text: str, caption: bool) -> None:
    """Also where the picture was not found: on worn scans some are not."""
    row = line(text, 0, 205)
    found = TextBlock((Row(row, row.box),))
    assert find_captions([found], [found.box], [], EM) == ([found] if caption else [])
