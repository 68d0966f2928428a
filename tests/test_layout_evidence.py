"""What the surroundings of a row or a column tell: display type, pieces of lines, white valleys."""

from dataclasses import replace

import pytest

from benchmarks.pages.ideal import detection_of, scan_of
from benchmarks.pages.sheet import Fit, Role, SetLine, Sheet, Type
from newspage.chinese.sentences import LABEL
from newspage.config import LayoutConfig
from newspage.geometry import Box
from newspage.layout import arrange_page
from newspage.layout.display import mark_display_rows
from newspage.layout.fragments import join_fragments
from newspage.layout.view import Row
from newspage.model import Direction, TextLine
from tests.drawings import EM, drawn, line_at


def row(text: str, left: float, top: float, right: float, height: float) -> Row:
    """A horizontal row."""
    box = Box(left, top, right, top + height)
    return Row(line_at(text, text, box, Direction.HORIZONTAL, height), box)


def test_the_last_characters_of_a_headline_are_display_type() -> None:
    """They are as thick as the row above them, though too few to tell their pitch."""
    head = row("今春首场双选会提供岗位", 0, 0, 11 * 1.5 * EM, 1.6 * EM)
    last = row("八千", 0, 2 * EM, 2 * 1.2 * EM, 1.6 * EM)
    assert [r.is_display(EM) for r in mark_display_rows([head, last], EM)] == [True, True]
    assert [r.is_display(EM) for r in mark_display_rows([last], EM)] == [False]


def test_a_thick_row_inside_a_column_is_running_text() -> None:
    """On a warped page a line is found thicker than it is; its pitch is that of the row above."""
    plain = row("风起于青萍之末浪成于微澜", 0, 0, 12 * EM, 1.1 * EM)
    thick = row("风起于青萍之末浪成于微澜", 0, 1.2 * EM, 12 * EM, 1.9 * EM)
    assert thick.is_display(EM)
    assert not mark_display_rows([plain, thick], EM)[1].is_display(EM)


def test_a_headline_in_the_type_of_the_text_is_told_by_the_byline_under_it() -> None:
    """It stands in the middle at the top of its column; inside a column the same rows are text."""
    head = row("云埠大桥封闭", 4 * EM, 0, 10 * EM, EM)
    byline = row("本报记者 戚一鸣", 3.5 * EM, 1.3 * EM, 10.5 * EM, EM)
    text = [row("风起于青萍之末浪成于微", 0, k * 1.4 * EM, 14 * EM, EM) for k in range(2, 7)]
    column = [head, byline, *text]
    assert [r.text for r in mark_display_rows(column, EM) if r.is_display(EM)] == [head.text]
    above = row("风起于青萍之末浪成于微", 0, -1.4 * EM, 14 * EM, EM)
    assert not any(r.is_display(EM) for r in mark_display_rows([above, *column], EM))
    apart = row(above.text, 0, -2.2 * EM, 14 * EM, EM)
    assert [r.text for r in mark_display_rows([apart, *column], EM) if r.is_display(EM)] == [
        head.text
    ]


def test_a_row_that_ends_with_a_stop_is_no_headline() -> None:
    """The last characters of a sentence at the top of a column, thick as a page of black and white
    makes them: where they are too few to tell their size, the full stop does.
    """
    last, head = (row(text, 0, 0, 3 * EM, 1.7 * EM) for text in ("花。”", "花开了"))
    assert last.is_display(EM)
    assert [r.is_display(EM) for r in mark_display_rows([last], EM)] == [False]
    assert [r.is_display(EM) for r in mark_display_rows([head], EM)] == [True]


def test_a_sliver_of_a_rule_is_dirt() -> None:
    """It is read as a stroke, and stands in the way of no text; a thin character is none."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHHHHHHHH>

            aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbb。
        """
    )
    for width, dirt in ((2, True), (8, False)):
        box = Box(13.1 * EM, 4 * EM, 13.1 * EM + width, 5.5 * EM)
        sliver = line_at("sliver", "1", box, Direction.HORIZONTAL, EM)
        found = replace(page.detection, lines=(*page.detection.lines, sliver))
        unplaced = arrange_page(found, page.image, LayoutConfig()).unplaced
        assert (sliver.id in {line.id for line in unplaced}) is dirt


def test_pieces_of_a_line_are_joined_under_a_row_that_runs_across() -> None:
    """All glyphs of both are kept, in their order."""
    above = row("风起于青萍之末浪成于微澜", 0, 0, 12 * EM, EM)
    one, other = (
        row("船出海了", 0, 1.4 * EM, 4 * EM, EM),
        row("人回家", 5 * EM, 1.4 * EM, 8 * EM, EM),
    )
    assert sorted(r.text for r in join_fragments([above, one, other], EM)) == sorted(
        [above.text, "船出海了人回家"]
    )


def test_rows_of_two_columns_are_not_joined() -> None:
    """Where the rows above end and begin at the gap, it is the white space between columns."""
    rows = [row("船出海了", 0, k * 1.4 * EM, 4 * EM, EM) for k in range(3)]
    rows += [row("人回家了", 5 * EM, k * 1.4 * EM, 9 * EM, EM) for k in range(3)]
    assert len(join_fragments(rows, EM)) == 6


@pytest.mark.parametrize("vertical", [False, True], ids=["horizontal", "vertical"])
def test_white_space_across_columns_ends_an_article(vertical: bool) -> None:
    """Without rule or headline the text below a valley is no part of the article above it."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHHHHHHHH>

            aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbb。



            cccccccccccccccccccc  dddddddddddddddddddddddd
        cccccccccccccccccccccccc  dddddddddddddddddddddddd
        cccccccccccccccccccccccc  dddddddddd。
        """,
        vertical=vertical,
    )
    found = page.articles(arrange_page(page.detection, page.image, LayoutConfig()))
    assert found == [{"title": "H", "body": "ab"}, {"body": "cd"}]


def test_a_speck_is_kept_but_parts_no_text() -> None:
    """Dirt that was read as a character is among the unplaced."""
    page = drawn("aaaaaaaaaaaaaaaaaaaaaaaa\naaaaaaaaaaaaaaaaaaaaaaa。")
    speck: TextLine = line_at("speck", "一", Box(900, 900, 905, 905), Direction.HORIZONTAL, 5.0)
    found = page.detection.__class__((*page.detection.lines, speck))
    assert arrange_page(found, page.image, LayoutConfig()).unplaced == (speck,)


@pytest.mark.parametrize("text", ["簡訊", "一句话新闻", "本埠瑣聞", "各地简讯"])
def test_headings_of_short_pieces_are_known(text: str) -> None:
    """They name a column, not an article."""
    assert LABEL.match(text)


def test_a_headline_about_news_is_no_label() -> None:
    """Only the whole line counts."""
    assert not LABEL.match("记者节各地新闻工作者座谈")


def test_an_ideal_page_has_every_line_where_the_sheet_has_it() -> None:
    """A centred line stands in the middle of its room, a justified one fills it."""
    kind, room = Type(20.0, "x"), Box(0.0, 0.0, 200.0, 24.0)
    full = SetLine("一二三四五六七八", room, kind, Role.BODY, fit=Fit.JUSTIFY)
    middle = SetLine("一二", room.moved(0, 30), kind, Role.BODY, fit=Fit.CENTRE)
    sheet = Sheet("s", 200, 60, (full, middle), ())
    lines = detection_of(sheet, 20.0).lines
    assert [(x.box.left, x.box.right) for x in lines] == [(0, 200), (80, 120)]
    assert [x.text for x in lines] == [full.text, middle.text]
    assert (scan_of(sheet).width, scan_of(sheet).height) == (200, 60)
