"""Articles and regions set right by hand: nothing is lost, and the text follows."""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from newspage.decision import Act, Decision
from newspage.decisions import DecisionState, list_questions, merge_decisions
from newspage.geometry import Box
from newspage.model import (
    ArticleRecord,
    Char,
    Chars,
    Furniture,
    PageRecord,
    Paragraph,
    Region,
    RegionKind,
)
from tests.decided_pages import (
    Ask,
    article_anchor,
    asking,
    chars_of,
    decision,
    line_at,
    page_of,
    pages,
    read_otherwise,
    region_anchor,
    strings,
    structural_on,
)


@st.composite
def rearranged(draw: st.DrawFn) -> tuple[PageRecord, list[Decision]]:
    """A page without corrections, and changes of its structure."""
    record = read_otherwise(draw(pages()), corrections=())
    found = [draw(structural_on(record)) for _ in range(draw(st.integers(1, 3)))]
    return record, [one for one in found if one]


@given(rearranged())
@settings(max_examples=150, deadline=None)
def test_no_character_is_lost(page: tuple[PageRecord, list[Decision]]) -> None:
    """All that was in articles is in articles, every region once in the reading order."""
    record, said = page
    after = merge_decisions(record, said).record
    before = Counter("".join(strings(record)).replace("\n", ""))
    assert Counter("".join(strings(after)).replace("\n", "")) == before
    assert sorted(after.page.reading_order) == sorted(record.page.reading_order)
    owners = {r.id: r.article for r in after.page.regions}
    for article in after.articles:
        assert all(owners[name] == article.id for name in article.regions)
    assert sum(len(a.regions) for a in after.articles) == len(after.page.regions)


PAGE = page_of(
    [
        ("甲题", [["一二三四五六", "七八九十，"], ["东南西北。¶", "天地玄黄"]]),
        ("", [["日月盈昃。"]]),
    ]
)


def region(record: PageRecord, name: str) -> Region:
    """A region by its id."""
    return next(r for r in record.page.regions if r.id == name)


def assign(name: str, after: str | None, record: PageRecord = PAGE) -> Decision:
    """A region goes behind another."""
    target = region_anchor(record, region(record, after)) if after else None
    return decision(Act.ASSIGN, region_anchor(record, region(record, name)), target=target)


def order(article: ArticleRecord, before: ArticleRecord | None) -> Decision:
    """An article goes before another."""
    target = article_anchor(PAGE, before) if before else None
    return decision(Act.ORDER, article_anchor(PAGE, article), target=target)


def test_a_region_goes_into_another_article() -> None:
    """Its text goes on where the sentence before it is open, else it begins a paragraph."""
    after = merge_decisions(PAGE, [assign("r3", "r1")]).record
    assert strings(after) == ["甲题\n一二三四五六七八九十，日月盈昃。\n东南西北。\n天地玄黄"]
    assert [a.regions for a in after.articles] == [("r0", "r1", "r3", "r2")]
    assert after.page.reading_order == ("r0", "r1", "r3", "r2")
    assert [(j.before, j.after, j.joined) for j in after.joins] == [
        ("l1-1", "l3-0", True),
        ("l3-0", "l2-0", False),
    ]


def test_a_region_becomes_an_article() -> None:
    """Behind the one it was in."""
    after = merge_decisions(PAGE, [assign("r2", None)]).record
    assert [(a.id, a.regions) for a in after.articles] == [
        ("a1", ("r0", "r1")),
        ("a3", ("r2",)),
        ("a2", ("r3",)),
    ]
    assert strings(after)[1] == "东南西北。\n天地玄黄"


def test_a_headline_becomes_text_or_stays_one() -> None:
    """It is a paragraph in the middle of an article; by itself it is a headline still."""
    inside = merge_decisions(PAGE, [assign("r0", "r3")]).record
    assert strings(inside) == ["一二三四五六七八九十，东南西北。\n天地玄黄", "日月盈昃。\n甲题"]
    assert region(inside, "r0").kind is RegionKind.BODY
    alone = merge_decisions(PAGE, [assign("r0", None)]).record
    assert ["".join(c.text for c in a.title) for a in alone.articles] == ["", "甲题", ""]


def test_furniture_becomes_text() -> None:
    """A caption that is part of the story after all."""
    line = line_at("l9", "图中说明", 20.0, 3000.0)
    caption = Region(
        "r9", RegionKind.CAPTION, line.box, (line,), line.direction, None, line.box.polygon
    )
    page = replace(
        PAGE.page,
        regions=(*PAGE.page.regions, caption),
        reading_order=(*PAGE.page.reading_order, "r9"),
    )
    furniture = (Furniture(RegionKind.CAPTION, "r9", chars_of(line)),)
    record = read_otherwise(PAGE, page=page, furniture=furniture)
    after = merge_decisions(record, [assign("r9", "r3", record)]).record
    assert strings(after)[1] == "日月盈昃。\n图中说明"
    assert after.furniture == ()
    assert region(after, "r9").article == "a2"
    assert merge_decisions(after, []).record == record


def test_latin_words_are_parted_where_regions_meet() -> None:
    """A space at each new seam; none is left where a region went, nor at a paragraph's ends."""
    page = page_of([("A", [["the old"], ["of all the"]]), ("", [["hall was"]])])
    after = merge_decisions(page, [assign("r3", "r1", page)]).record
    assert strings(after) == ["A\nthe old hall was of all the"]
    first, *rest = page.articles
    spaced = replace(first, paragraphs=(Paragraph((*_with_space(first.paragraphs[0].chars, 7),)),))
    page = read_otherwise(page, articles=(spaced, *rest))
    assert strings(page)[0] == "A\nthe old of all the"
    after = merge_decisions(page, [assign("r1", None, page)]).record
    assert strings(after) == ["A\nof all the", "the old", "hall was"]


def _with_space(chars: Chars, at: int) -> Chars:
    """Characters with a space, which names the glyph before it."""
    return (*chars[:at], replace(chars[at - 1], text=" "), *chars[at:])


def test_the_lines_of_a_latin_caption_become_text() -> None:
    """Its line breaks are spaces."""
    lines = [
        line_at(f"l9-{i}", text, 20.0, 3000.0 + 36 * i) for i, text in enumerate(("in", "May"))
    ]
    box = lines[0].box
    caption = Region("r9", RegionKind.CAPTION, box, tuple(lines), lines[0].direction, None, ())
    page = replace(
        PAGE.page,
        regions=(*PAGE.page.regions, caption),
        reading_order=(*PAGE.page.reading_order, "r9"),
    )
    chars = (*chars_of(lines[0]), Char("\n", "l9-0", 1), *chars_of(lines[1]))
    record = read_otherwise(
        PAGE, page=page, furniture=(Furniture(RegionKind.CAPTION, "r9", chars),)
    )
    after = merge_decisions(record, [assign("r9", "r3", record)]).record
    assert strings(after)[1] == "日月盈昃。\nin May"


def test_a_jump_takes_its_page_along() -> None:
    """Where an article goes on is said by the line that moves."""
    line = line_at("l9", "下转第3版", 20.0, 3000.0)
    jump = Region("r9", RegionKind.JUMP, line.box, (line,), line.direction, "a1", line.box.polygon)
    page = replace(
        PAGE.page,
        regions=(*PAGE.page.regions, jump),
        reading_order=(*PAGE.page.reading_order, "r9"),
    )
    one, two = PAGE.articles
    articles = (replace(one, continues="3", regions=(*one.regions, "r9")), two)
    record = read_otherwise(PAGE, page=page, articles=articles)
    after = merge_decisions(record, [assign("r9", "r3", record)]).record
    assert [a.continues for a in after.articles] == [None, "3"]
    assert after.articles[1].regions == ("r3", "r9")


def test_articles_are_put_in_order() -> None:
    """With their regions in the reading order."""
    one, two = PAGE.articles
    after = merge_decisions(PAGE, [order(two, one)]).record
    assert [a.id for a in after.articles] == ["a2", "a1"]
    assert after.page.reading_order == ("r3", "r0", "r1", "r2")
    assert [a.id for a in merge_decisions(PAGE, [order(one, None)]).record.articles] == ["a2", "a1"]


def test_corrections_move_along() -> None:
    """What is proposed in a region that moves, and what was answered there, moves with it."""
    record = asking(PAGE, [Ask(0, 15, 16, "冬", True), Ask(0, 3, 4, "壹", False)])
    answer = list_questions(record.reading)[0]
    said = decision(Act.ACCEPT, answer.anchor, proposed="壹")
    after = merge_decisions(record, [assign("r2", "r3"), said]).record
    assert strings(after)[1] == "日月盈昃。\n东冬西北。\n天地玄黄"
    assert strings(after)[0].startswith("甲题\n壹二三四")
    assert {(c.article, c.span) for c in after.corrections} == {("a1", (3, 4)), ("a2", (7, 8))}


def test_what_cannot_be_followed_is_said() -> None:
    """No such region, article or neighbour."""
    nowhere = replace(region_anchor(PAGE, region(PAGE, "r1")), boxes=(Box(3900, 3900, 3990, 3990),))
    one = article_anchor(PAGE, PAGE.articles[0])
    for said in (
        decision(Act.ASSIGN, nowhere),
        decision(Act.ASSIGN, region_anchor(PAGE, region(PAGE, "r1")), target=nowhere),
        decision(Act.ORDER, nowhere),
        decision(Act.ORDER, one, target=nowhere),
        decision(Act.ORDER, one, target=one),
    ):
        folded = merge_decisions(PAGE, [said])
        assert [o.state for o in folded.outcomes] == [DecisionState.LOST]
        assert folded.record == PAGE
