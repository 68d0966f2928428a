"""Answers to the corrections of a text: written, read, found again, and applied together."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.collation.answer_file import (
    FileAnswers,
    apply_answers,
    correction_keys,
    read_answers,
    share_answers,
    write_answers,
)
from newspage.edits.edit_script import apply_corrections
from newspage.errors import InputError
from newspage.model import Correction, CorrectionStatus

TEXT = "甲乙丙丁戊己庚辛壬癸" * 3


def correction(
    text: str, number: int, start: int, end: int, proposed: str, group: str = ""
) -> Correction:
    """A question about a stretch of a text."""
    return Correction(
        f"t-{number}", "character", "t", (start, end), text[start:end], proposed, 0.5,
        CorrectionStatus.PROPOSED, group=group,
    )  # fmt: skip


def said(text: str, corrections: list[Correction], *answers: str) -> FileAnswers:
    """Answers to the first corrections."""
    keys = correction_keys(text, corrections)
    given = FileAnswers({k: a for k, a in zip(keys, answers, strict=False) if a})
    return share_answers(text, corrections, given)


words = st.text(st.characters(categories=["L", "P", "Zs", "Zl", "Cc", "Cs", "So"]), max_size=12)
printed = st.text(st.characters(categories=["L", "P", "Zs", "So"]), max_size=12)


@given(
    text=st.text(st.sampled_from("甲乙\n\r]#[=\u2028\ud800 ab0"), min_size=8, max_size=60),
    changes=st.lists(words, min_size=1, max_size=4),
    edits=st.lists(st.sampled_from("ynN是否") | printed.map("={}".format), max_size=4),
    chinese=st.booleans(),
)
def test_what_is_written_is_read_again(
    text: str, changes: list[str], edits: list[str], chinese: bool
) -> None:
    """Every answer under its key, whatever the text and the answers are made of."""
    found = [correction(text, n, n, n + 1, new) for n, new in enumerate(changes)]
    answers = said(text, found, *(e.strip() for e in edits if "]" not in e))
    written = write_answers("t.txt", text, found, answers, "zh" if chinese else "en")
    again = read_answers(written, "t.answers.txt")
    assert again.said == answers.said
    assert write_answers("t.txt", text, found, again, "zh" if chinese else "en") == written
    assert len(set(correction_keys(text, found))) == len(found)


def test_places_that_look_alike_are_told_apart() -> None:
    """By their order, where as much of the text around them is the same."""
    text = "天地玄黄宇宙洪荒日月盈昃辰宿列张" * 9
    found = [correction(text, n, 34 + 16 * n, 35 + 16 * n, "冻") for n in range(4)]
    decided = apply_answers(text, found, said(text, found, "", "y"))
    assert [c.status for c in decided] == [
        CorrectionStatus.PROPOSED,
        CorrectionStatus.ACCEPTED,
        CorrectionStatus.PROPOSED,
        CorrectionStatus.PROPOSED,
    ]


@pytest.mark.parametrize("first", [True, False])
def test_what_is_moved_is_moved_at_both_ends(first: bool) -> None:
    """An answer to one end is one to the other: else words would be lost, or stand twice."""
    found = [correction(TEXT, 1, 2, 4, "", "move-1"), correction(TEXT, 2, 8, 8, "丙丁", "move-1")]
    found = [replace(c, status=CorrectionStatus.APPLIED) for c in found]
    yes, no = (
        apply_answers(TEXT, found, said(TEXT, found, *([a] if first else ["", a]))) for a in "yn"
    )
    assert apply_corrections(TEXT, yes).startswith("甲乙戊己庚辛丙丁壬癸")
    assert apply_corrections(TEXT, no) == TEXT
    both = said(TEXT, found, *(["n"] if first else ["", "n"]))
    assert write_answers("t.txt", TEXT, found, both, "en").count("\n[n] #") == 2
    for ends in (("y", "n"), ("=丙丁", "y")):
        with pytest.raises(InputError, match="both its ends"):
            said(TEXT, found, *ends)


def test_nothing_to_say_yes_to() -> None:
    """A question that proposes nothing stays one; what belongs there can be written."""
    found = [correction(TEXT, 1, 2, 3, "丙")]
    assert apply_answers(TEXT, found, said(TEXT, found, "y")) == found
    (edited,) = apply_answers(TEXT, found, said(TEXT, found, "=天"))
    assert apply_corrections(TEXT, [edited]).startswith("甲乙天丁")
    (left,) = apply_answers(TEXT, found, said(TEXT, found, "=丙"))
    assert left.status is CorrectionStatus.REJECTED


@pytest.mark.parametrize(
    "line",
    ["[y] 0123456789  甲", "[y #0123456789", "[perhaps] #0123456789", "[=a\x07b] #0123456789"],
)
def test_damaged_lines_are_named(line: str) -> None:
    """By number: what cannot be understood is never passed over in silence."""
    with pytest.raises(InputError, match="answers, line 2: "):
        read_answers(f"# remark\n{line}\n", "answers")


def test_two_answers_to_one_question() -> None:
    """The same twice is one; others contradict."""
    twice = "[y] #0123456789 a\n[{}] #0123456789 a\n"
    assert read_answers(twice.format("y"), "answers").said == {"0123456789": "y"}
    with pytest.raises(InputError, match="line 2: is answered otherwise"):
        read_answers(twice.format("n"), "answers")
