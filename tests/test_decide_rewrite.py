"""Changes by hand: what is written in the clean text is what stands there afterwards."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newspage.decision import Act, Decision
from newspage.decisions import merge_decisions, read_texts_before_corrections
from newspage.decisions.rewrite import find_text_between, rewrite_span, write_between_lines
from newspage.edits.flat_text import flatten_article
from newspage.model import PageRecord, Paragraph
from tests.decided_pages import (
    Ask,
    asking,
    decision,
    decisions_on,
    page_of,
    pages,
    read_otherwise,
    strings,
    words,
)


def written(
    record: PageRecord, said: list[Decision], article: str, span: tuple[int, int], text: str
) -> Decision:
    """The decision of who writes a text over characters of a page as it stands."""
    found = next(a for a in record.articles if a.id == article)
    change = rewrite_span(
        record, read_texts_before_corrections(record, said)[article], found, span, text
    )
    return decision(Act.WRITE, change.anchor, text=change.text, rule="hand")


@st.composite
def edited(draw: st.DrawFn) -> tuple[PageRecord, list[Decision], list[tuple[int, int, str]]]:
    """A page, decisions on it, and what somebody writes one after the other."""
    record = draw(pages())
    said = draw(decisions_on(record, structure=False))
    places = st.tuples(st.integers(0, 60), st.integers(0, 5), st.just("") | words)
    return record, said, draw(st.lists(places, min_size=1, max_size=4))


@given(edited())
@settings(max_examples=200, deadline=None)
def test_what_is_written_stands(
    page: tuple[PageRecord, list[Decision], list[tuple[int, int, str]]],
) -> None:
    """Whatever was decided before: the text is the one of before with just this change in it."""
    machine, said, changes = page
    for at, length, new in changes:
        record = merge_decisions(machine, said).record
        articles = [a for a in record.articles if flatten_article(a).string]
        if not articles:
            return
        article = articles[at % len(articles)]
        text = flatten_article(article).string
        start = at % (len(text) + 1)
        end = min(len(text), start + length)
        if text[start:end] == new or "\n" in text[start:end]:
            continue
        said = [*said, written(record, said, article.id, (start, end), new)]
        after = merge_decisions(machine, said)
        assert after.outcomes[-1].state == "placed"
        found = next(flatten_article(a).string for a in after.record.articles if a.id == article.id)
        # A part of which nothing is left goes with its break.
        assert _parts(found) == _parts(text[:start] + new + text[end:])


def _parts(text: str) -> list[str]:
    return [part for part in text.split("\n") if part]


PAGE = page_of([("题目", [["一二三四五六七八", "九十¶", "甲乙丙丁"], ["戊己庚辛"]])])


def test_corrections_that_are_touched_are_taken_in_whole() -> None:
    """So that the change holds, whatever becomes of them."""
    record = asking(PAGE, [Ask(0, 4, 7, "贰叁肆", True)])
    assert strings(record)[0].startswith("题目\n一贰叁肆五")
    said = written(record, [], "a1", (5, 6), "参")
    assert (said.anchor.text, said.text) == ("二三四", "贰参肆")
    assert strings(merge_decisions(record, [said]).record)[0].startswith("题目\n一贰参肆五")


def test_the_same_can_be_put_in_twice() -> None:
    """Behind one character, each time as a change of that character."""
    once = written(PAGE, [], "a1", (3, 4), "一，")
    twice = written(merge_decisions(PAGE, [once]).record, [once], "a1", (3, 4), "一，")
    assert strings(merge_decisions(PAGE, [once, twice]).record)[0].startswith("题目\n一，，二")


def test_only_what_differs_is_decided() -> None:
    """What stays as it was is no part of the decision."""
    said = written(PAGE, [], "a1", (3, 9), "一二三肆五六")
    assert (said.anchor.text, said.text) == ("四", "肆")
    said = written(PAGE, [], "a1", (3, 5), "一，二")
    assert (said.anchor.text, said.text) == ("", "，")


def test_a_paragraph_goes_with_its_break() -> None:
    """The last one with the break before it, others with the one behind."""
    last = merge_decisions(PAGE, [written(PAGE, [], "a1", (14, 22), "")]).record
    assert strings(last) == ["题目\n一二三四五六七八九十"]
    first = merge_decisions(PAGE, [written(PAGE, [], "a1", (3, 13), "")]).record
    assert strings(first) == ["题目\n甲乙丙丁戊己庚辛"]


@pytest.mark.parametrize(
    ("before", "after", "stands"),
    [("l1-1", "l1-2", "\n"), ("l1-2", "l2-0", ""), ("l1-2", "l1-1", None), ("l1-0", "l9", None)],
)
def test_between_two_lines(before: str, after: str, stands: str | None) -> None:
    """What was read between the end of the one and the beginning of the other, if they follow."""
    anchor = find_text_between(PAGE, read_texts_before_corrections(PAGE, ())["a1"], before, after)
    assert (anchor.text if anchor else None) == stands


def test_latin_lines_are_joined_and_parted_by_hand() -> None:
    """The space goes where a paragraph begins, and comes where it goes on."""
    page = page_of([("A", [["the old¶", "hall was new"]])])
    said: list[Decision] = []
    for joined, stands in ((True, ["the old hall was new"]), (False, ["the old", "hall was new"])):
        record = merge_decisions(page, said).record
        anchor = find_text_between(
            record, read_texts_before_corrections(page, said)["a1"], "l1-0", "l1-1"
        )
        assert anchor is not None
        text = write_between_lines(anchor, joined)
        said = [decision(Act.WRITE, anchor, text=text, rule="join")]
        after = merge_decisions(page, said).record
        assert [p.text for p in after.articles[0].paragraphs] == stands


def test_a_printed_space_is_no_end_of_a_paragraph() -> None:
    """What is read between two lines of one paragraph is the space that parts them."""
    page = page_of([("A", [["the old", "hall was new"]])])
    first = page.articles[0].paragraphs[0].chars
    spaced = (*first[:7], replace(first[6], text=" "), *first[7:])
    article = replace(page.articles[0], paragraphs=(Paragraph(spaced),))
    page = read_otherwise(page, articles=(article,))
    anchor = find_text_between(page, read_texts_before_corrections(page, ())["a1"], "l1-0", "l1-1")
    assert anchor is not None
    assert (anchor.text, write_between_lines(anchor, True)) == (" ", " ")
    said = [decision(Act.WRITE, anchor, text=write_between_lines(anchor, False), rule="join")]
    parted = merge_decisions(page, said).record.articles[0]
    assert [p.text for p in parted.paragraphs] == ["the old", "hall was new"]
