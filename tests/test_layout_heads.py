"""Headlines and what belongs to them."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newspage.geometry import Box, union_boxes
from newspage.layout.headline import FoundHeadlines, HeadlineContext
from newspage.layout.headlines import find_headlines
from newspage.layout.text_blocks import TextBlock, align_to_columns, group_into_blocks
from newspage.layout.view import Row, TurnedView
from newspage.model import Direction
from tests.drawings import EM, Drawn, drawn, line_at
from tests.layout_rows import around, body, row_of


def headed(page: Drawn) -> FoundHeadlines:
    """What stands over the text of a horizontal page, and the text."""
    view = TurnedView(page.image.width, vertical=False)
    rows = [view.make_row(line) for line in page.detection.lines]
    rules = page.detection.separators
    stacks = align_to_columns(group_into_blocks(rows, rules, EM))
    zone = union_boxes(r.box for r in rows)
    return find_headlines(stacks, HeadlineContext(float(EM), rules, (), zone))


def parts(page: Drawn) -> list[dict[str, str]]:
    """The parts of every headline."""
    return [
        {
            kind: page.label(r.line for r in rows)
            for kind, rows in (
                ("kicker", head.kicker),
                ("title", head.title),
                ("deck", head.deck),
                ("byline", head.byline),
                ("jump", head.jump),
            )
            if rows
        }
        for head in headed(page).heads
    ]


TEXT = """
    aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbb。
"""


def test_text_has_no_headline() -> None:
    """Nothing in it is set larger."""
    assert parts(drawn(TEXT)) == []


@pytest.mark.parametrize(
    "byline", ["本报记者陈山水", "□本报记者陈山水", "（新华社北京电）", "特约撰稿人陈山水"]
)
def test_who_wrote_it_is_no_text(byline: str) -> None:
    """A line between headline and text."""
    page = drawn(f"<HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH>\n\n          {byline}\n{TEXT}")
    assert parts(page) == [{"title": "H", "byline": byline}]


def test_a_report_that_begins_with_its_source_is_text() -> None:
    """Its first row is full and goes on in the next."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHH>

            本报讯。城里人家种树
        aaaaaaaaaaaaaaaaaaaaaaaa
        aaaaaaaaaaaaaaaaaaaaaaaa
        aaaaaaaaaaaaaaaaaaaaaaaa
        aaaaaaaaaa。
        """
    )
    assert parts(page) == [{"title": "H"}]


def test_a_small_line_above_is_the_kicker() -> None:
    """Centred over the headline, close to it."""
    page = drawn("          iiiiiiiiiiiiiiii\n<HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH>\n\n" + TEXT)
    assert parts(page) == [{"kicker": "i", "title": "H"}]


def test_a_rule_keeps_a_line_away() -> None:
    """What stands above a rule is of another article."""
    page = drawn(
        f"""
{TEXT}
          iiiiiiiiiiiiiiii
--------------------------------------------------
<HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH>

{TEXT}"""
    )
    assert {"title": "H"} in parts(page)


def test_two_headlines_side_by_side_are_two() -> None:
    """With columns of their own."""
    page = drawn(
        f"<HHHHHHHHHHHHHHHH>           <KKKKKKKKKKKKKKKK>\n\n{TEXT}".replace("HH>   ", "HH>|  ")
    )
    assert sorted(p["title"] for p in parts(page)) == ["H", "K"]


def test_a_line_that_says_where_text_comes_from_stands_in_for_a_headline() -> None:
    """So that the text has a beginning."""
    page = drawn(f"（上接第三版）\n\n{TEXT}")
    assert parts(page) == [{"jump": "（上接第三版）"}]


def test_the_last_characters_of_a_headline_are_no_title_of_their_own() -> None:
    """They have no pitch to tell their size, and a thickness a little above that of the row."""
    boxes = (Box(100, 100, 345, 147), Box(176, 178, 288, 231))
    texts = ("市图书馆周末延", "时开放")
    rows = [
        Row(line_at(f"l{i}", text, box, Direction.HORIZONTAL, 40), box)
        for i, (text, box) in enumerate(zip(texts, boxes, strict=True))
    ]
    assert [r.measured for r in rows] == [True, False]
    around = HeadlineContext(29.0, (), (), Box(0, 0, 400, 400))
    (head,) = find_headlines(group_into_blocks(rows, (), 29.0), around).heads
    assert (head.kicker, head.title) == ((), tuple(rows))


def test_the_heading_of_a_column_takes_no_byline() -> None:
    """What stands below it is of the first piece in the column."""
    page = drawn(f"          <<简讯>>\n\n\n          陈山水\n{TEXT}")
    assert parts(page) == [{"title": "简讯"}]


@st.composite
def pages(draw: st.DrawFn) -> list[Row]:
    """Rows of all sizes and texts in any disorder, some across."""
    texts = ("本报记者陈山水", "上接第2版", "陈山水", "一", "城里人家种树修桥")
    out = []
    for i in range(draw(st.integers(1, 12))):
        text = draw(st.one_of(st.sampled_from(texts), st.text("城里人。", min_size=1, max_size=20)))
        left, top = draw(st.integers(0, 300)), draw(st.integers(0, 300))
        size, across = draw(st.sampled_from((20, 21, 26, 40, 60))), draw(st.booleans())
        long = size * len(text)
        box = Box(left, top, left + (size if across else long), top + (long if across else size))
        direction = Direction.VERTICAL if across else Direction.HORIZONTAL
        out.append(Row(line_at(f"l{i}", text, box, direction, size), box, across))
    return out


@settings(deadline=None)
@given(pages())
def test_no_row_is_lost(rows: list[Row]) -> None:
    """Each is part of one headline or of one stack of text."""
    stacks = align_to_columns(group_into_blocks(rows, (), EM))
    found = find_headlines(stacks, HeadlineContext(float(EM), (), (), Box(0, 0, 400, 400)))
    there = [r for h in found.heads for r in h.rows] + [r for s in found.bodies for r in s.rows]
    assert Counter(r.line.id for r in there) == Counter(r.line.id for r in rows)
    assert all(s.rows for s in found.bodies)
    assert all(h.rows for h in found.heads)


@pytest.mark.parametrize(("left", "head"), [(48, False), (20, True)])
def test_the_first_line_of_a_paragraph_is_no_headline(left: float, head: bool) -> None:
    """Blanks that fill it out to the edge of its column make it look large."""
    text = body(0, 130)
    wide = 12 * EM - left
    row = row_of("城里人家种树修", left, 100, 1.2 * EM)
    box = Box(left, row.box.top, left + wide, row.box.bottom) if not head else row.box
    first = TextBlock((Row(line_at("r", row.text, box, Direction.HORIZONTAL, EM), box),))
    found = find_headlines([first, text], around())
    assert bool(found.heads) is head
