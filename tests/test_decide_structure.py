"""Articles and regions set right by hand: nothing is lost, and the text follows."""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from newspage.decision import AFTER, BEFORE, Act, Anchor, Decision
from newspage.decisions import DecisionState, list_questions, merge_decisions
from newspage.edits import HEADS
from newspage.geometry import Box
from newspage.model import (
    FURNITURE_KINDS,
    ArticleRecord,
    Char,
    Chars,
    Furniture,
    PageRecord,
    Paragraph,
    Region,
    RegionKind,
)
from newspage.record import encode_record
from tests.decided_pages import (
    Ask,
    article_anchor,
    asking,
    chars_of,
    decision,
    line_at,
    lines_anchor,
    lines_of,
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
    found = [draw(structural_on(record)) for _ in range(draw(st.integers(1, 5)))]
    return record, [one for one in found if one]


def printed(record: PageRecord) -> Counter[str]:
    """How often each character stands in the articles and in the furniture, blanks aside."""
    texts = [*strings(record), *(piece.text for piece in record.furniture)]
    return Counter("".join("".join(texts).split()))


@given(rearranged())
@settings(max_examples=200, deadline=None)
def test_no_character_is_lost(page: tuple[PageRecord, list[Decision]]) -> None:
    """Every character and line is where one was, and layout and text agree on whose it is."""
    record, said = page
    after = merge_decisions(record, said).record
    assert printed(after) == printed(record)
    lines = Counter(line.id for region in after.page.regions for line in region.lines)
    assert lines == Counter(line.id for region in record.page.regions for line in region.lines)
    owners = {r.id: r.article for r in after.page.regions}
    assert sorted(after.page.reading_order) == sorted(owners)
    for article in after.articles:
        own = tuple(name for name in after.page.reading_order if owners[name] == article.id)
        assert article.regions == own
        assert article.regions
    furniture = {piece.region: piece.kind for piece in after.furniture}
    for found in after.page.regions:
        assert bool(found.article) or found.kind in FURNITURE_KINDS
        assert furniture.get(found.id) == (found.kind if found.kind in FURNITURE_KINDS else None)
        heads = [
            "".join(c.text for c in getattr(a, found.kind.value))
            for a in after.articles
            if a.id == found.article and found.kind in HEADS
        ]
        assert all(line.text in "".join(heads) for line in found.lines if heads)


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


def lines_at(*names: str, record: PageRecord = PAGE) -> Anchor:
    """The place of some lines, by their ids."""
    found = {line.id: line for r in record.page.regions for line in r.lines}
    return lines_anchor(record, [found[name] for name in names])


def whole(number: int, record: PageRecord = PAGE) -> Anchor:
    """The place of an article."""
    return lines_anchor(record, lines_of(record, record.articles[number]))


def after_all(*said: Decision, record: PageRecord = PAGE) -> PageRecord:
    """The page with decisions in it, all of which were carried out."""
    merged = merge_decisions(record, said)
    assert [o.state for o in merged.outcomes] == [DecisionState.PLACED] * len(said)
    return merged.record


def test_a_line_becomes_a_byline() -> None:
    """It gets a region of its own; the sentence around it goes on."""
    after = after_all(decision(Act.KIND, lines_at("l1-1"), text="byline"))
    assert strings(after) == ["甲题\n七八九十，\n一二三四五六东南西北。\n天地玄黄", "日月盈昃。"]
    assert [(r.kind.value, len(r.lines)) for r in after.page.regions][:3] == [
        ("title", 1),
        ("body", 1),
        ("byline", 1),
    ]
    assert encode_record(merge_decisions(after, []).record) == encode_record(PAGE)


def test_two_lines_become_one_headline() -> None:
    """Whose kind is that of a headline already there joins it, in the order of reading."""
    after = after_all(decision(Act.KIND, lines_at("l1-0"), text="title"))
    assert strings(after)[0] == "甲题一二三四五六\n七八九十，东南西北。\n天地玄黄"
    fused = after_all(decision(Act.FUSE, lines_at("l1-0"), target=lines_at("l0-0")))
    assert strings(fused) == strings(after)
    assert [line.id for line in region(fused, "r0").lines] == ["l0-0", "l1-0"]


def test_text_becomes_an_advertisement_and_text_again() -> None:
    """Printed line by line as furniture; as text it is an article of its own."""
    notice = decision(Act.KIND, lines_at("l2-0", "l2-1"), text="advertisement")
    after = after_all(notice)
    assert [f.text for f in after.furniture] == ["东南西北。\n天地玄黄"]
    assert strings(after) == ["甲题\n一二三四五六七八九十，", "日月盈昃。"]
    assert region(after, "r2").article is None
    again = after_all(notice, decision(Act.KIND, lines_at("l2-0"), text="title"))
    assert strings(again)[1] == "东南西北。"
    assert [f.text for f in again.furniture] == ["天地玄黄"]
    assert [a.regions for a in again.articles] == [("r0", "r1"), ("r2",), ("r3",)]


def test_a_note_on_a_jump_says_where_it_goes_on() -> None:
    """Its page counts as soon as it is one, and no more once it is none."""
    page = page_of([("甲", [["东南西北，"], ["下转", "第三版"]]), ("乙", [["天地玄黄"]])])
    printed = lines_at("l2-0", "l2-1", record=page)
    note = decision(Act.KIND, printed, text="jump")
    after = after_all(note, record=page)
    assert [a.continues for a in after.articles] == ["3", None]
    assert [f.text for f in after.furniture] == ["下转\n第三版"]
    split = decision(Act.SPLIT, lines_at("l1-0", record=page))
    assert [a.continues for a in after_all(note, split, record=page).articles] == [None, "3", None]
    back = decision(Act.KIND, printed, text="body")
    after = after_all(note, back, record=page)
    assert [a.continues for a in after.articles] == [None, None]
    assert strings(after) == ["甲\n东南西北，\n下转第三版", "乙\n天地玄黄"]


def test_articles_are_merged() -> None:
    """The open sentence goes on; a second headline becomes a paragraph, a first one stays one."""
    page = page_of([("", [["东南西北，"]]), ("", [["日月盈昃。"]]), ("丙", [["天地玄黄"]])])
    one = decision(Act.MERGE, whole(1, page), target=whole(0, page))
    assert strings(after_all(one, record=page)) == ["东南西北，日月盈昃。", "丙\n天地玄黄"]
    two = decision(Act.MERGE, whole(2, page), target=whole(0, page))
    after = after_all(one, two, record=page)
    assert strings(after) == ["丙\n东南西北，日月盈昃。\n天地玄黄"]
    assert after.page.reading_order == ("r2", "r0", "r1", "r3")
    titled = decision(Act.MERGE, whole(0), target=whole(1))
    assert strings(after_all(titled))[0].startswith("甲题\n日月盈昃。\n一二三四五六")


def test_an_article_is_split_in_the_middle_of_a_region() -> None:
    """From a line on, right behind what is left, with the headlines that follow."""
    after = after_all(decision(Act.SPLIT, lines_at("l2-1")))
    assert strings(after) == ["甲题\n一二三四五六七八九十，东南西北。", "天地玄黄", "日月盈昃。"]
    assert [len(a.regions) for a in after.articles] == [3, 1, 1]
    merged = after_all(
        decision(Act.MERGE, whole(1), target=whole(0)), decision(Act.SPLIT, lines_at("l3-0"))
    )
    assert strings(merged) == strings(PAGE)


def test_lines_are_put_elsewhere() -> None:
    """Before or after others, in another article or in their own."""
    first = decision(Act.PLACE, lines_at("l2-0", "l2-1"), target=lines_at("l1-0"), text=BEFORE)
    after = after_all(first)
    assert strings(after)[0] == "甲题\n东南西北。\n天地玄黄一二三四五六七八九十，"
    assert after.articles[0].regions == ("r0", "r2", "r1")
    inside = decision(Act.PLACE, lines_at("l3-0"), target=lines_at("l1-0"), text=AFTER)
    assert strings(after_all(inside)) == [
        "甲题\n一二三四五六日月盈昃。\n七八九十，东南西北。\n天地玄黄"
    ]
    head = decision(Act.PLACE, lines_at("l0-0"), target=lines_at("l2-1"), text=AFTER)
    after = after_all(head)
    assert strings(after) == strings(PAGE)
    assert after.page.reading_order == ("r1", "r2", "r0", "r3")


def test_regions_are_cut_and_put_together() -> None:
    """The text stays as it is."""
    cut = decision(Act.CUT, lines_at("l2-1"))
    after = after_all(cut)
    assert strings(after) == strings(PAGE)
    assert [len(r.lines) for r in after.page.regions] == [1, 2, 1, 1, 1]
    fuse = decision(Act.FUSE, lines_at("l2-1"), target=lines_at("l2-0"))
    assert [len(r.lines) for r in after_all(cut, fuse).page.regions] == [1, 2, 2, 1]
    assert strings(after_all(cut, fuse)) == strings(PAGE)


def test_what_is_not_there_any_more_is_lost_and_kept() -> None:
    """Every act on a place where no line is, and on one that is its own neighbour."""
    nowhere = replace(lines_at("l1-0"), boxes=(Box(3900, 3900, 3990, 3990),))
    there = lines_at("l1-0")
    for said in (
        decision(Act.KIND, nowhere, text="title"),
        decision(Act.SPLIT, nowhere),
        decision(Act.MERGE, nowhere, target=whole(0)),
        decision(Act.PLACE, there, target=nowhere, text=AFTER),
        decision(Act.PLACE, there, target=there, text=AFTER),
    ):
        merged = merge_decisions(PAGE, [said])
        assert [(o.state, bool(o.reason)) for o in merged.outcomes] == [(DecisionState.LOST, True)]
        assert merged.record == PAGE


def test_what_is_so_by_itself_is_fulfilled() -> None:
    """As where a later version reads the page as somebody had set it right."""
    there = lines_at("l1-0")
    for said in (
        decision(Act.KIND, there, text="body"),
        decision(Act.SPLIT, lines_at("l3-0")),
        decision(Act.CUT, there),
        decision(Act.MERGE, whole(0), target=whole(0)),
        decision(Act.FUSE, lines_at("l1-1"), target=there),
    ):
        merged = merge_decisions(PAGE, [said])
        assert [o.state for o in merged.outcomes] == [DecisionState.FULFILLED]
        assert merged.record == PAGE
