"""New questions that earlier decisions answer, and those that they must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.decision import PRECEDENT, Act, Decision
from newspage.decisions import list_questions, merge_decisions
from newspage.model import CorrectionStatus
from tests.decided_pages import Ask, asking, page_of
from tests.teaching import AT, learnt, lessons_of, question, said, undo

SAME = [said("座落位[干]北京市", "于") for _ in range(3)]
SEVERAL = [said(c, "于") for c in ("位[干]北", "对[干]这", "生[干]河")]


def act_on(decisions: list[Decision], *arguments: object, **more: object) -> Act | None:
    """What is answered to a question, if anything is."""
    ground = learnt(decisions).find_reason(question(*arguments, **more))  # type: ignore[arg-type]
    return ground.act if ground else None


def test_the_same_neighbours() -> None:
    """Three alike answers answer a fourth; where the scan is silent, more around must be alike."""
    assert act_on(SAME, "它位[干]北方", "于") is Act.ACCEPT
    assert act_on(SAME, "它位[干]北方", "于", 0.5) is None
    assert act_on(SAME, "它位[干]北方", "于", None) is None
    assert act_on(SAME, "，座落位[干]北京市，", "于", 0.5) is Act.ACCEPT
    assert act_on(SAME, "，座落位[干]北京市，", "于", None) is Act.ACCEPT
    assert act_on(SAME[:2], "座落位[干]北京市", "于") is None


def test_one_character_needs_several_contexts() -> None:
    """Between other characters it counts only after three contexts, and if the scan shows it."""
    assert act_on(SAME, "树[干]上", "于") is None
    assert act_on(SEVERAL, "至[干]此", "于", 2.5) is Act.ACCEPT
    assert act_on(SEVERAL, "树[干]上", "于", 1.5) is None
    assert act_on(SEVERAL, "树[干]上", "于", None) is None


@pytest.mark.parametrize("pixels", [-0.1, -2.0, -20.0])
def test_the_scan_has_the_last_word(pixels: float) -> None:
    """Where the print says what is read, the question is asked, whatever the precedents."""
    assert act_on(SAME + SEVERAL, "位[干]北", "于", pixels) is None


@pytest.mark.parametrize("act", [Act.REJECT, Act.EDIT])
def test_disagreement_is_no_precedent(act: Act) -> None:
    """One other answer between these characters, and people are asked again."""
    other = said("位[干]北", "于", act, text="千" if act is Act.EDIT else "")
    assert act_on([*SAME, *SEVERAL, other], "位[干]北", "于") is None
    assert act_on([*SAME, *SEVERAL, other], "至[干]此", "于") is None


def test_disagreement_elsewhere() -> None:
    """Where a change was wrong elsewhere, the same neighbours and the scan must both be for it."""
    decisions = [*SAME, said("树[干]上", "于", Act.REJECT)]
    assert act_on(decisions, "位[干]北", "于", 3.0) is Act.ACCEPT
    assert act_on(decisions, "座落位[干]北京市", "于", 1.0) is None
    assert act_on(decisions, "座落位[干]北京市", "于", None) is None
    assert act_on(decisions, "树[干]上", "于", 3.0) is None


def test_rejected_patterns() -> None:
    """What was rejected three times is rejected, unless the scan shows it this time."""
    decisions = [said("树[干]上", "于", Act.REJECT) for _ in range(3)]
    assert act_on(decisions, "树[干]上", "于", 1.0) is Act.REJECT
    assert act_on(decisions, "树[干]上", "于", 2.5) is None
    assert act_on(decisions, "树[干]上", "于", 0.5, applied=True) is None
    assert act_on(decisions, "树[干]上", "于", -0.5, applied=True) is Act.REJECT


def test_words_speak_for_themselves() -> None:
    """A change of two characters needs no neighbours."""
    decisions = [said(f"{c}[己径]{c}", "已经") for c in "甲甲甲"]
    assert act_on(decisions, "乙[己径]丙", "已经", 3.0) is Act.ACCEPT
    assert act_on(decisions, "乙[己径]丙", "已经", None) is Act.ACCEPT
    assert act_on(decisions, "乙[己径]丙", "已经", 0.5) is None


@pytest.mark.parametrize("rule", ["name", "date", "displaced", "wording"])
def test_the_world_outside_needs_more(rule: str) -> None:
    """Twice as many, and a scan that was asked must be for it."""
    decisions = [said("怀[谨]说", "瑾", rule=rule) for _ in range(6)]
    assert act_on(decisions[:5], "怀[谨]说", "瑾", rule=rule) is None
    assert act_on(decisions, "怀[谨]说", "瑾", rule=rule) is Act.ACCEPT
    assert act_on(decisions, "怀[谨]说", "瑾", 1.0, rule=rule) is None


def test_precedents_teach_nothing() -> None:
    """Nor does what was taken back; a precedent that was taken back speaks against its pattern."""
    followed = [said("位[干]北", "于", reviewer=PRECEDENT) for _ in range(9)]
    assert act_on(followed, "位[干]北", "于") is None
    assert act_on([*SAME, undo(SAME[0])], "位[干]北", "于") is None
    assert act_on([*SAME, followed[0], undo(followed[0])], "位[干]北", "于") is None


def test_what_policy_applies_needs_no_answer() -> None:
    """Unless its detector is demoted."""
    assert act_on(SAME, "位[干]北", "于", applied=True) is None
    demoted = learnt(SAME, levels={"look-alike": "demoted"})
    ground = demoted.find_reason(question("位[干]北", "于", applied=True))
    assert ground is not None
    assert ground.act is Act.ACCEPT


def test_trusted_detectors() -> None:
    """As sure as what people accepted, nobody ever against the change, the scan for it."""
    known = learnt([], levels={"look-alike": "trusted"}, accepted={"look-alike": [0.7, 0.8, 0.9]})

    def accepted(pixels: float | None, confidence: float) -> bool:
        return (
            known.find_reason(question("甲[未]乙", "末", pixels, confidence=confidence)) is not None
        )

    assert accepted(3.0, 0.8)
    assert accepted(None, 0.8)
    assert not accepted(3.0, 0.79)
    assert not accepted(1.0, 0.95)
    against = learnt(
        [said("丙[未]丁", "末", Act.REJECT)],
        levels={"look-alike": "trusted"},
        accepted={"look-alike": [0.8]},
    )
    assert against.find_reason(question("甲[未]乙", "末")) is None


def test_the_answer_says_why() -> None:
    """Who, when, how often, and what the scan says; the place is that of the question."""
    asked = question("位[干]北", "于")
    (answer,) = learnt(SAME).answer_questions([asked, question("甲[乙]丙", "丁")], lambda: "u", AT)
    assert (answer.reviewer, answer.act, answer.anchor) == (PRECEDENT, Act.ACCEPT, asked.anchor)
    assert answer.reason == (
        "“干” → “于” was accepted 3 times, between 位 and 北 (ann, 2026-01-02); "
        "the scan says so too"
    )


def test_it_can_be_switched_off() -> None:
    """A count of 0 asks everything."""
    assert learnt(SAME, count=0).find_reason(question("位[干]北", "于")) is None


def test_the_last_word_at_a_place_counts() -> None:
    """A person who changes their mind has said one thing, not two."""
    first = said("位[干]北", "于")
    later = Decision("9" * 32, AT, "bob", Act.REJECT, first.anchor, "", first.rule, "于")
    (lesson,) = lessons_of([first, later])
    assert (lesson.act, lesson.decision.reviewer) == (Act.REJECT, "bob")
    (lesson,) = lessons_of([first, later, undo(later)])
    assert lesson.act is Act.ACCEPT


acts = st.sampled_from([Act.ACCEPT, Act.REJECT, Act.EDIT])


@given(st.lists(st.tuples(st.sampled_from("甲乙丙丁"), acts), max_size=20), st.floats(-9, 9))
def test_no_answer_against_the_scan(history: list[tuple[str, Act]], pixels: float) -> None:
    """Whatever people said, nothing is accepted that the scan leans against."""
    decisions = [said(f"{c}[干]{c}", "于", act) for c, act in history]
    found = learnt(decisions).find_reason(question("甲[干]甲", "于", pixels))
    if found is not None and found.act is Act.ACCEPT:
        assert pixels >= 0
        assert all(act is Act.ACCEPT for c, act in history if c == "甲")


def test_people_go_before_precedents() -> None:
    """What a person said of a place stands, also where the precedent came later."""
    record = asking(page_of([("题目", [["一二三四五六七八"]])]), [Ask(0, 5, 6, "卅", False)])
    place = list_questions(record.reading)[0].anchor
    person = Decision("1" * 32, AT, "ann", Act.REJECT, place, "", "look-alike", "卅")
    followed = Decision("2" * 32, AT, PRECEDENT, Act.ACCEPT, place, "", "look-alike", "卅")
    for order in ([person, followed], [followed, person]):
        assert (
            merge_decisions(record, order).record.corrections[0].status is CorrectionStatus.REJECTED
        )
