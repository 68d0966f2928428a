"""Plans: applying them, taking them back, and refusing those that do not fit."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.edits.edit_script import (
    PlanError,
    apply_corrections,
    apply_to_chars,
    locate_in_clean_text,
    order_corrections,
    record_removed,
)
from newspage.model import Char, Correction, CorrectionStatus
from tests.correct_fakes import chars_of, correction, take_back, take_back_chars

TEXTS = st.text("自贸区创落地实的、。\n ,a", max_size=40)


@st.composite
def plans(draw: st.DrawFn) -> tuple[str, list[Correction]]:
    """A text and corrections of it that do not overlap, in no order, in any state."""
    text = draw(TEXTS)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    made = []
    for number, (start, end) in enumerate(zip(cuts[::2], cuts[1::2], strict=False)):
        proposed = draw(st.text("甲乙丙，\n", max_size=4))
        status = draw(st.sampled_from(CorrectionStatus))
        made.append(correction(number, (start, end), text[start:end], proposed, status))
    return text, draw(st.permutations(made))


@given(plans())
def test_undo_gives_the_text_of_before(case: tuple[str, list[Correction]]) -> None:
    """Applying a plan and taking it back is the identity, whatever the states of its members."""
    text, plan = case
    assert take_back(apply_corrections(text, plan), plan) == text


@given(plans())
def test_replaying_a_plan_gives_the_same_text(case: tuple[str, list[Correction]]) -> None:
    """A plan says everything about what it does, and its order in the list says nothing."""
    text, plan = case
    assert apply_corrections(text, list(reversed(plan))) == apply_corrections(text, plan)


@given(plans())
def test_undo_gives_back_every_glyph(case: tuple[str, list[Correction]]) -> None:
    """Characters come back with the glyphs they were read from; corrected ones name their cause."""
    text, plan = case
    chars = chars_of(text)
    plan = [record_removed(c, chars) for c in plan]
    clean = apply_to_chars(chars, plan)
    assert "".join(c.text for c in clean) == apply_corrections(text, plan)
    assert take_back_chars(clean, plan) == chars
    new = {c.correction for c in clean if c.correction}
    assert new <= {c.id for c in plan}


@given(plans())
def test_the_place_in_the_clean_text_is_known(case: tuple[str, list[Correction]]) -> None:
    """In the clean text a correction stands with its new words, or with its old ones."""
    text, plan = case
    clean = apply_corrections(text, plan)
    for c in plan:
        start, end = locate_in_clean_text(c, plan)
        stands = c.status in (
            CorrectionStatus.APPLIED,
            CorrectionStatus.ACCEPTED,
            CorrectionStatus.EDITED,
        )
        assert clean[start:end] == (c.proposed if stands else c.original)


def test_an_insertion_may_touch_a_change() -> None:
    """A comma can be put in where a replaced phrase ends."""
    plan = [correction(1, (0, 2), "甲乙", "丙"), correction(2, (2, 2), "", "，")]
    assert apply_corrections("甲乙丁", plan) == "丙，丁"
    assert take_back("丙，丁", plan) == "甲乙丁"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (((0, 2), "甲乙"), ((1, 3), "乙丙")),
        (((1, 1), ""), ((1, 1), "")),
        (((0, 3), "甲乙丙"), ((1, 1), "")),
    ],
)
def test_overlapping_plans_are_refused(
    first: tuple[tuple[int, int], str], second: tuple[tuple[int, int], str]
) -> None:
    """Two changes of one character, or two insertions at one place, have no order."""
    plan = [correction(1, *first, "x"), correction(2, *second, "y")]
    with pytest.raises(PlanError, match="overlap"):
        order_corrections(plan)


def test_a_plan_for_another_text_is_refused() -> None:
    """What stands at a span must be what the correction says stands there."""
    plan = [correction(1, (0, 2), "甲乙", "丙")]
    with pytest.raises(PlanError, match="expects"):
        apply_corrections("丁戊", plan)
    with pytest.raises(PlanError):
        apply_to_chars(chars_of("丁戊"), plan)


def test_new_characters_stand_beside_what_they_replace() -> None:
    """Each new character leads to the glyph in whose place it stands, extra ones to the last."""
    plan = [record_removed(correction(1, (1, 3), "乙丙", "子丑寅"), chars_of("甲乙丙丁"))]
    clean = apply_to_chars(chars_of("甲乙丙丁"), plan)
    assert [(c.glyph, c.correction) for c in clean] == [
        (0, ""), (1, "c1"), (2, "c1"), (2, "c1"), (3, ""),
    ]  # fmt: skip


def test_a_break_has_no_glyph() -> None:
    """A paragraph split by a correction stands on no glyph; an insertion at the start neither."""
    clean = apply_to_chars(chars_of("甲"), [correction(1, (0, 0), "", "\n乙")])
    assert clean == (Char("\n", "", -1), Char("乙", "", -1, "c1"), Char("甲", "l0", 0))


def test_only_standing_corrections_count() -> None:
    """Proposed and rejected ones leave the text alone."""
    c = correction(1, (0, 1), "甲", "乙", CorrectionStatus.PROPOSED)
    assert apply_corrections("甲", [c]) == "甲"
    assert apply_corrections("甲", [replace(c, status=CorrectionStatus.REJECTED)]) == "甲"
    assert apply_corrections("甲", [replace(c, status=CorrectionStatus.ACCEPTED)]) == "乙"
