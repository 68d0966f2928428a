"""Decisions folded into pages: nothing is lost, nothing is left behind, and any re-run is met."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newspage.decision import BREAK, Act, Decision
from newspage.decisions import (
    DecisionState,
    list_questions,
    merge_decisions,
    read_texts_before_corrections,
    without_decisions,
)
from newspage.decisions.active_decisions import select_active
from newspage.decisions.glyph_index import GlyphIndex
from newspage.model import CorrectionStatus, PageRecord
from newspage.record import decode_record, encode_record
from tests.decided_pages import (
    Ask,
    asking,
    decision,
    decisions_on,
    jittered,
    page_of,
    pages,
    seen_again,
    strings,
    structural_on,
    undoing,
)


@st.composite
def decided(draw: st.DrawFn, structure: bool = True) -> tuple[PageRecord, list[Decision]]:
    """A page and decisions on it."""
    record = draw(pages())
    return record, draw(decisions_on(record, structure))


@given(decided())
@settings(max_examples=150, deadline=None)
def test_folding_is_exact(page: tuple[PageRecord, list[Decision]]) -> None:
    """Again gives the same; without decisions the machine's record is back, byte for byte."""
    record, said = page
    folded = merge_decisions(record, said).record
    assert merge_decisions(record, ()).record is record
    assert folded.reading == record.reading
    assert merge_decisions(folded, said).record == folded
    assert encode_record(merge_decisions(folded, ()).record) == encode_record(record)
    assert encode_record(
        merge_decisions(folded, [*said, *map(undoing, said)]).record
    ) == encode_record(record)
    read = decode_record(encode_record(folded))
    assert encode_record(read) == encode_record(folded)
    assert encode_record(without_decisions(read)) == encode_record(record)


@given(decided())
@settings(max_examples=150, deadline=None)
def test_nothing_is_dropped(page: tuple[PageRecord, list[Decision]]) -> None:
    """Of every decision in force it is said what became of it."""
    record, said = page
    outcomes = merge_decisions(record, said).outcomes
    assert [o.decision for o in outcomes] == list(select_active(said))
    assert all(bool(o.reason) == (o.state is DecisionState.LOST) for o in outcomes)


@given(decided(structure=False))
@settings(max_examples=150, deadline=None)
def test_on_the_page_it_was_made_on_none_is_lost(
    page: tuple[PageRecord, list[Decision]],
) -> None:
    """Every decision on text finds its place, or gives way to a later one."""
    record, said = page
    assert merge_decisions(record, said).lost == ()


@st.composite
def rearranged(draw: st.DrawFn) -> tuple[PageRecord, list[Decision]]:
    """A page and one decision on its structure."""
    record = draw(pages())
    found = draw(structural_on(record))
    return record, [found] if found else []


@given(decided(structure=False) | rearranged(), st.integers(0, 99), st.sampled_from([0, 4]))
@settings(max_examples=150, deadline=None)
def test_any_decision_survives_a_rerun(
    page: tuple[PageRecord, list[Decision]], seed: int, cut: int
) -> None:
    """Boxes some pixels off, other ids, lines cut otherwise: the same text, none lost anew."""
    record, said = page
    again = seen_again(record, jittered(3.0, seed), cut)
    expected, found = merge_decisions(record, said), merge_decisions(again, said)
    assert strings(found.record) == strings(expected.record)
    assert [o.state for o in found.outcomes] == [o.state for o in expected.outcomes]


@given(decided())
@settings(max_examples=100, deadline=None)
def test_every_character_keeps_its_origin(page: tuple[PageRecord, list[Decision]]) -> None:
    """A character of the folded text is a glyph of the page or from a correction that stands."""
    record, said = page
    folded = merge_decisions(record, said).record
    glyphs = GlyphIndex.from_page(folded.page)
    standing = {
        c.id
        for c in folded.corrections
        if c.status
        in (CorrectionStatus.APPLIED, CorrectionStatus.ACCEPTED, CorrectionStatus.EDITED)
    }
    for text in read_texts_before_corrections(folded, said).values():
        assert all(c.text == BREAK or glyphs.find_box(c) for c in text.chars)
    for article in folded.articles:
        for char in (*article.title, *(c for p in article.paragraphs for c in p.chars)):
            assert char.correction in standing if char.correction else glyphs.find_box(char)


PAGE = page_of([("题目", [["一二三四五六七八", "九十¶", "甲乙丙丁"], ["戊己庚辛"]])])
"""As read: 题目¶一二三四五六七八九十¶甲乙丙丁戊己庚辛."""


def said_on(record: PageRecord, act: Act, text: str = "") -> Decision:
    """A decision on the first thing that a page proposes."""
    one = list_questions(record.reading)[0]
    return decision(act, one.anchor, proposed=one.correction.proposed, text=text)


@pytest.mark.parametrize("applied", [False, True])
@pytest.mark.parametrize(
    ("act", "status", "stands"),
    [
        (Act.ACCEPT, CorrectionStatus.ACCEPTED, "卅"),
        (Act.REJECT, CorrectionStatus.REJECTED, "三"),
        (Act.EDIT, CorrectionStatus.EDITED, "叁"),
    ],
)
def test_answers(applied: bool, act: Act, status: CorrectionStatus, stands: str) -> None:
    """An answer sets the status of the correction, and the text follows."""
    record = asking(PAGE, [Ask(0, 5, 6, "卅", applied)])
    text = "叁" if act is Act.EDIT else ""
    folded = merge_decisions(record, [said_on(record, act, text)])
    (correction,) = folded.record.corrections
    assert correction.status is status
    assert strings(folded.record) == [f"题目\n一二{stands}四五六七八九十\n甲乙丙丁戊己庚辛"]


def test_the_later_decision_wins() -> None:
    """Two on one place: the earlier is superseded, and stands again once the later is undone."""
    record = asking(PAGE, [Ask(0, 5, 6, "卅", False)])
    first, second = said_on(record, Act.ACCEPT), said_on(record, Act.EDIT, "叁")
    both = merge_decisions(record, [first, second])
    assert [o.state for o in both.outcomes] == [DecisionState.SUPERSEDED, DecisionState.PLACED]
    assert "二叁四" in strings(both.record)[0]
    assert "二卅四" in strings(merge_decisions(record, [first, second, undoing(second)]).record)[0]


def test_what_is_not_proposed_any_more_is_still_done() -> None:
    """An accepted change that the machine proposes no more becomes a correction of its own."""
    record = asking(PAGE, [Ask(0, 5, 6, "卅", False)])
    folded = merge_decisions(PAGE, [said_on(record, Act.ACCEPT)])
    assert "二卅四" in strings(folded.record)[0]
    assert [o.state for o in folded.outcomes] == [DecisionState.PLACED]
    (correction,) = folded.record.corrections
    assert (correction.status, correction.decided_by) == (CorrectionStatus.ACCEPTED, "ann")


def test_what_is_read_right_by_now_is_fulfilled() -> None:
    """Nothing is left to be done where the machine reads what was accepted."""
    record = asking(PAGE, [Ask(0, 5, 6, "卅", False)])
    better = page_of([("题目", [["一二卅四五六七八", "九十¶", "甲乙丙丁"], ["戊己庚辛"]])])
    accepted, rejected = said_on(record, Act.ACCEPT), said_on(record, Act.REJECT)
    assert [o.state for o in merge_decisions(better, [accepted]).outcomes] == [
        DecisionState.FULFILLED
    ]
    assert merge_decisions(better, [accepted]).record == better
    assert [o.state for o in merge_decisions(PAGE, [rejected]).outcomes] == [
        DecisionState.FULFILLED
    ]


def test_a_rejected_reading_does_not_come_back() -> None:
    """Who said that 三 is printed gets 三, though the machine reads what was proposed now."""
    record = asking(PAGE, [Ask(0, 5, 6, "卅", False)])
    worse = page_of([("题目", [["一二卅四五六七八", "九十¶", "甲乙丙丁"], ["戊己庚辛"]])])
    folded = merge_decisions(worse, [said_on(record, Act.REJECT)])
    assert strings(folded.record) == strings(PAGE)


def test_what_cannot_be_placed_is_said() -> None:
    """Another text at the place, or none at all: lost, with what stands there."""
    record = asking(PAGE, [Ask(0, 5, 6, "卅", False)])
    other = page_of([("题目", [["一二东四五六七八", "九十¶", "甲乙丙丁"], ["戊己庚辛"]])])
    (lost,) = merge_decisions(other, [said_on(record, Act.ACCEPT)]).lost
    assert "“东” is read there now instead of “三”" in lost.reason
    (lost,) = merge_decisions(page_of([]), [said_on(record, Act.ACCEPT)]).lost
    assert "nothing is read at its place" in lost.reason


def written(record: PageRecord, start: int, end: int, text: str) -> Decision:
    """A change by hand."""
    read = read_texts_before_corrections(record, ())["a1"]
    return decision(
        Act.WRITE, GlyphIndex.from_page(record.page).make_anchor(read, (start, end)), text=text
    )


@pytest.mark.parametrize("applied", [False, True])
def test_a_hand_goes_before_proposals(applied: bool) -> None:
    """What a person wrote stands; proposals that it overlaps are taken back and say why."""
    record = asking(PAGE, [Ask(0, 5, 6, "卅", applied), Ask(0, 8, 9, "陆", applied)])
    folded = merge_decisions(record, [written(record, 4, 6, "两叁")])
    assert "一两叁四" in strings(folded.record)[0]
    overruled, other = (c for c in folded.record.corrections if c.rule != "hand")
    assert (overruled.status, overruled.overruled_by) == (CorrectionStatus.REJECTED, "ann")
    assert other.status is (CorrectionStatus.APPLIED if applied else CorrectionStatus.PROPOSED)


def test_joins_are_taken_back_and_made() -> None:
    """A break is put between two lines, or taken out; the join says which."""
    parted = merge_decisions(PAGE, [written(PAGE, 18, 18, BREAK)])
    assert strings(parted.record) == ["题目\n一二三四五六七八九十\n甲乙丙丁\n戊己庚辛"]
    joined = merge_decisions(PAGE, [written(PAGE, 13, 14, "")])
    assert strings(joined.record) == ["题目\n一二三四五六七八九十甲乙丙丁戊己庚辛"]


def test_heads_stay_heads() -> None:
    """A break put into a headline makes a paragraph; one taken out behind it makes it longer."""
    broken = merge_decisions(PAGE, [written(PAGE, 1, 1, BREAK)]).record.articles[0]
    assert ["".join(c.text for c in broken.title), *(p.text for p in broken.paragraphs)][:2] == [
        "题",
        "目",
    ]
    longer = merge_decisions(PAGE, [written(PAGE, 2, 3, "")]).record.articles[0]
    assert "".join(c.text for c in longer.title) == "题目一二三四五六七八九十"
    assert [p.text for p in longer.paragraphs] == ["甲乙丙丁戊己庚辛"]


def test_held_corrections_are_only_proposed() -> None:
    """What policy would apply is taken out of the text where its detector is not trusted."""
    record = asking(PAGE, [Ask(0, 5, 6, "卅", True)])
    (name,) = [c.id for c in record.corrections]
    folded = merge_decisions(record, [], frozenset([name])).record
    assert folded.corrections[0].status is CorrectionStatus.PROPOSED
    assert strings(folded) == strings(PAGE)
    assert encode_record(merge_decisions(folded, []).record) == encode_record(record)


def test_a_deleted_paragraph_comes_back_whole() -> None:
    """A correction that left nothing of a paragraph is undone to the paragraph that it was."""
    record = asking(PAGE, [Ask(0, 14, 22, "", True), Ask(0, 1, 2, "木", False)])
    assert strings(record) == ["题目\n一二三四五六七八九十"]
    back = decision(Act.REJECT, list_questions(record.reading)[1].anchor, proposed="")
    assert strings(merge_decisions(record, [back]).record) == strings(PAGE)
    first = asking(PAGE, [Ask(0, 3, 13, "", True)])
    back = decision(Act.REJECT, list_questions(first.reading)[0].anchor, proposed="")
    assert strings(merge_decisions(first, [back]).record) == strings(PAGE)


def test_a_sign_off_has_no_place() -> None:
    """It is on the page as such, and changes nothing in it."""
    asked = list_questions(asking(PAGE, [Ask(0, 5, 6, "卅", True)]).reading)[0]
    anchor = replace(asked.anchor, boxes=(), text="")
    folded = merge_decisions(PAGE, [decision(Act.SIGN, anchor)])
    assert folded.record == PAGE
    assert [o.state for o in folded.outcomes] == [DecisionState.PLACED]
