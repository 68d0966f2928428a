"""What the words of a line say about its role."""

import pytest

from newspage.chinese.sentences import (
    FOLIO,
    JUMP_FROM,
    JUMP_TO,
    MASTHEAD,
    ends_sentence,
    find_jump_page,
    looks_like_byline,
    looks_like_name,
)


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("下转第三版", "三"),
        ("（下转第三版）", "三"),
        ("下转3版", "3"),
        ("（下轉第十二頁）", "十二"),
        ("▲下转第16版", "16"),
        ("下转第二版▶", "二"),
    ],
)
def test_a_line_may_send_to_another_page(text: str, page: str) -> None:
    """In any of the forms that print has for it."""
    assert find_jump_page(JUMP_TO, text) == page
    assert find_jump_page(JUMP_FROM, text) is None


@pytest.mark.parametrize(
    ("text", "page"), [("上接第一版", "一"), ("（上接1版）", "1"), ("▲上接第二頁", "二")]
)
def test_a_line_may_come_from_another_page(text: str, page: str) -> None:
    """And names that page."""
    assert find_jump_page(JUMP_FROM, text) == page
    assert find_jump_page(JUMP_TO, text) is None


@pytest.mark.parametrize(
    "text", ["他们转第三个弯", "报纸第三版印出来了", "第三版", "上接天光，下接地气", ""]
)
def test_text_is_no_jump(text: str) -> None:
    """Though it has the words."""
    assert find_jump_page(JUMP_TO, text) is None
    assert find_jump_page(JUMP_FROM, text) is None


@pytest.mark.parametrize(
    "text",
    [
        "本报记者陈山水",
        "本报记者 陈山水 林田",
        "□本报记者陈山水",
        "本报特约评论员",
        "通讯员陈山水",
        "新华社北京三月四日电",
        "（本报讯）",
        "作者：陈山水",
        "文/陈山水",
    ],
)
def test_bylines(text: str) -> None:
    """Who wrote it, or where it came from."""
    assert looks_like_byline(text)


@pytest.mark.parametrize(
    "text",
    [
        "本报讯昨日上午，城里人家种树修桥",
        "记者昨日获悉，城里修桥。",
        "城里人家种树修桥",
        "新华社北京电今天城里人家种树。",
        "",
    ],
)
def test_a_report_is_no_byline(text: str) -> None:
    """Though it begins like one."""
    assert not looks_like_byline(text)


def test_names_are_short() -> None:
    """Two to five ideographs, and a mark beside them."""
    assert looks_like_name("陈山水")
    assert looks_like_name("□陈山水")
    assert not looks_like_name("陈")
    assert not looks_like_name("城里人家种树修桥")
    assert not looks_like_name("PAGE")


@pytest.mark.parametrize(
    "text", ["2012年3月4日", "民國二十八年四月二十三日", "星期日", "第三百期", "今日八版"]
)
def test_mastheads(text: str) -> None:
    """Dates and numbers of issues."""
    assert MASTHEAD.search(text)


@pytest.mark.parametrize(
    ("text", "folio"), [("3", True), ("A2", True), ("第三版", True), ("人", False)]
)
def test_folios(text: str, folio: bool) -> None:
    """Numbers of pages."""
    assert bool(FOLIO.match(text)) is folio


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("修桥。", True),
        ("修桥！”", True),
        ("修桥？）", True),
        ("修桥……", True),
        ("修桥。」", True),
        ("修桥，", False),
        ("修桥", False),
        ("修桥”", False),
        ("”", False),
        ("", False),
    ],
)
def test_sentences_end_with_their_mark(text: str, ends: bool) -> None:
    """Quotes and brackets behind it disregarded."""
    assert ends_sentence(text) is ends
