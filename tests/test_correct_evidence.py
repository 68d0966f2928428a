"""What the pixels say, and what is made of it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.config import CorrectConfig
from newspage.correct.detector_table import load_rules
from newspage.correct.detectors.compared import DISPLACED
from newspage.correct.detectors.dates import DATE
from newspage.correct.detectors.echo import ECHO
from newspage.correct.detectors.lookalike import LOOK_ALIKE
from newspage.correct.detectors.person_names import NAME
from newspage.correct.detectors.phrase import PHRASE
from newspage.correct.detectors.width import WIDTH
from newspage.correct.detectors.wording import WORDING
from newspage.correct.evidence import (
    PRINTED,
    LatticeScorer,
    LineIndex,
    add_image_evidence,
    score_replacement,
)
from newspage.correct.policy import decide_corrections, resolve_overlaps
from newspage.correct.proposal import Proposal, trim_proposal
from newspage.correct.rule import Rule
from newspage.correct.score import (
    choose_status,
    estimate_probability,
    log_odds_from_probability,
    probability_from_log_odds,
)
from newspage.correction_evidence import Evidence
from newspage.edits.flat_text import FlatText, TextPart
from newspage.lattice import Lattice
from newspage.model import Char, CorrectionStatus, RegionKind, TextLine
from tests.correct_fakes import characters_of, line, lines_of, read_text_of, witness_of

PRINT = ["各级领导干部要带头实干兴邦，", "不图虚名不务虚功。"]
CHARACTERS = characters_of(*PRINT, "于快乐")


def said(proposal: Proposal, print_: list[str] = PRINT) -> float | None:
    """What the lines that print some paragraphs say to a proposal about them."""
    lines = lines_of(print_, CHARACTERS, 6)
    text = read_text_of(print_, lines, 6)
    (asked,) = add_image_evidence(text, [proposal], witness_of(lines, CHARACTERS))
    return asked.evidence.image_log_odds


@pytest.mark.parametrize(
    ("start", "end", "proposed"),
    [(10, 11, "于"), (3, 5, ""), (4, 4, "快乐"), (4, 8, "快乐"), (0, 13, "")],
    ids=["another character", "less", "more", "over a line's end", "whole lines"],
)
def test_what_is_printed_is_defended(start: int, end: int, proposed: str) -> None:
    """Any change of what the lines show costs nats, wherever the lines end."""
    odds = said(Proposal(WORDING, start, end, proposed))
    assert odds is not None
    assert odds < -4


def test_what_is_printed_wins_over_another_text() -> None:
    """Asked the other way round, what was read is likelier than anything else."""
    lines = lines_of(PRINT, CHARACTERS, 6)
    place = LineIndex(read_text_of(PRINT, lines, 6))
    odds = score_replacement(place, 10, 11, "于", witness_of(lines, CHARACTERS))
    assert odds is not None
    assert odds > 4


def doubtful(line: TextLine) -> TextLine:
    """A line whose lattice keeps unlikely classes that are not so very unlikely."""
    assert line.lattice is not None
    log_probs = line.lattice.log_probs.copy()
    log_probs[:, 1:] = -6
    return replace(line, lattice=replace(line.lattice, log_probs=log_probs))


def with_classes(line: TextLine, also: frozenset[int]) -> Lattice:
    """Its lattice with further classes of a probability of e to the -9."""
    old = line.lattice
    assert old is not None
    new = np.tile(np.array(sorted(also), np.int32), (len(old.classes), 1))
    inside = np.array([[c in row for c in sorted(also)] for row in old.classes.tolist()])
    log_probs = np.where(inside, -30, -9).astype(np.float16)
    return Lattice(
        np.concatenate([old.classes, new], axis=1),
        np.concatenate([old.log_probs, log_probs], axis=1),
        old.positions,
    )


def test_a_line_is_read_again_where_its_lattice_leaves_out_what_decides() -> None:
    """What is known of a character counts instead of the most that it could be."""
    lines = {name: doubtful(x) for name, x in lines_of(PRINT, CHARACTERS, 6).items()}
    place = LineIndex(read_text_of(PRINT, lines, 6))
    asked: list[tuple[str, frozenset[int]]] = []

    def reread(seen: TextLine, also: frozenset[int]) -> Lattice | None:
        asked.append((seen.id, also))
        return with_classes(seen, also)

    blind = witness_of(lines, CHARACTERS)
    seeing = LatticeScorer(lines, blind.letters, reread)
    at_most = score_replacement(place, 10, 11, "于", blind)
    known = score_replacement(place, 10, 11, "于", seeing)
    assert score_replacement(place, 10, 11, "于", seeing) == known
    assert at_most == pytest.approx(6.0, abs=0.5)
    assert known == pytest.approx(9.0, abs=0.5)
    assert [name for name, _ in asked] == ["l1"]
    assert CHARACTERS.index("于") in asked[0][1]


def test_a_line_that_was_read_lightly_is_judged_by_the_full_network() -> None:
    """It is read again once, and what the light network considered does not count any more."""
    full = lines_of(PRINT, CHARACTERS, 6)
    seen = {n: replace(doubtful(x), read_lightly=True) for n, x in full.items()}
    place = LineIndex(read_text_of(PRINT, seen, 6))
    asked: list[tuple[str, frozenset[int]]] = []

    def reread(line: TextLine, also: frozenset[int]) -> Lattice | None:
        asked.append((line.id, also))
        return full[line.id].lattice

    letters = witness_of(full, CHARACTERS).letters
    scorer = LatticeScorer(seen, letters, reread)
    in_full = LatticeScorer(full, letters, None)
    for other in "于乐":
        odds = score_replacement(place, 10, 11, other, scorer)
        assert odds == score_replacement(place, 10, 11, other, in_full)
        assert odds != score_replacement(place, 10, 11, other, witness_of(seen, CHARACTERS))
    assert asked[0] == ("l1", frozenset())
    assert asked.count(asked[0]) == 1
    unread = LatticeScorer(seen, letters, lambda line, also: None)
    assert score_replacement(place, 10, 11, "于", unread) is not None


def test_a_question_about_sure_characters_is_answered() -> None:
    """What is read without doubt is printed so, strange or not."""
    assert said(Proposal(WORDING, 2, 4, PRINT[0][2:4])) == PRINTED


def test_characters_without_a_line_have_no_witness() -> None:
    """Text from a file alone gets no pixels."""
    text = FlatText(
        "t", "实干", (TextPart(0, 2, RegionKind.BODY),), (Char("实", "", 0), Char("干", "", 1))
    )
    (asked,) = add_image_evidence(text, [Proposal(WORDING, 0, 1, "于")], witness_of({}, CHARACTERS))
    assert not asked.evidence.image_asked


def test_characters_of_one_shape_are_not_put_to_the_pixels() -> None:
    """日 and 曰 print alike; asking would only hear the reader's habit."""
    characters = characters_of("任公日：惡", "曰")
    lines = {"l0": line("l0", "任公日：惡", characters)}
    text = read_text_of(["任公日：惡"], lines)
    (asked,) = add_image_evidence(
        text, [Proposal(LOOK_ALIKE, 2, 3, "曰")], witness_of(lines, characters)
    )
    assert not asked.evidence.image_asked


@given(st.floats(-40, 40), st.floats(-40, 40))
def test_more_evidence_means_more_belief(a: float, b: float) -> None:
    """The probability rises with the log-odds of the pixels."""
    low, high = sorted((a, b))
    chances = [
        estimate_probability(Proposal(WORDING, 0, 1, "x", Evidence(belief=0.5, image_log_odds=p)))
        for p in (low, high)
    ]
    assert chances[0] <= chances[1]


@given(st.floats(1e-5, 1 - 1e-5))
def test_log_odds_and_probability_are_inverse(p: float) -> None:
    """One undoes the other; the ends are finite."""
    assert probability_from_log_odds(log_odds_from_probability(p)) == pytest.approx(p)
    assert probability_from_log_odds(-1000) == 0.0


def test_policy_is_stricter_without_a_scan() -> None:
    """The same probability is applied with the scan and asked about without it."""
    config = CorrectConfig()
    alone = Proposal(PHRASE, 0, 1, "x", Evidence(belief=0.98))
    seen = Proposal(PHRASE, 0, 1, "x", Evidence(belief=0.98, image_log_odds=9.0))
    assert choose_status(alone, 0.98, config) is CorrectionStatus.PROPOSED
    assert choose_status(seen, 0.98, config) is CorrectionStatus.APPLIED
    assert choose_status(alone, 0.1, config) is None


@pytest.mark.parametrize("rule", [DATE, NAME, WORDING], ids=lambda rule: rule.name)
def test_some_rules_never_apply_from_text_alone(rule: Rule) -> None:
    """What needs knowledge of the world waits for a person."""
    assert choose_status(Proposal(rule, 0, 1, "x", Evidence(belief=1.0)), 1.0, CorrectConfig()) is (
        CorrectionStatus.PROPOSED
    )


def test_apply_none_and_all() -> None:
    """None asks about everything; all applies whatever is proposed, but no question."""
    certain = Proposal(PHRASE, 0, 1, "x", Evidence(belief=0.999))
    doubtful = Proposal(DATE, 0, 1, "x", Evidence(belief=0.4))
    assert choose_status(certain, 0.999, CorrectConfig(apply="none")) is CorrectionStatus.PROPOSED
    assert choose_status(doubtful, 0.4, CorrectConfig(apply="all")) is CorrectionStatus.APPLIED
    text = FlatText("t", "体现在", (TextPart(0, 3, RegionKind.BODY),))
    question = Proposal(WORDING, 0, 3, "体现在", Evidence(belief=0.4))
    (made,) = decide_corrections(text, [question], CorrectConfig(apply="all"))
    assert made.status is CorrectionStatus.PROPOSED


def test_a_proposal_is_as_small_as_its_change() -> None:
    """What stays the same at its ends is no part of it; a question stays whole."""
    small = trim_proposal("学习习近平总书记思想", Proposal(PHRASE, 2, 10, "习近平新时代思想"))
    assert (small.start, small.end, small.proposed) == (5, 8, "新时代")
    question = Proposal(WORDING, 0, 2, "学习")
    assert trim_proposal("学习", question) == question


def test_the_better_of_two_that_overlap_is_kept() -> None:
    """Content goes before width, applied before proposed; members of a group stay together."""
    width = Proposal(WIDTH, 3, 4, "，")
    phrase = Proposal(PHRASE, 2, 6, "x")
    gone, come = (Proposal(DISPLACED, a, b, "", group="m") for a, b in ((5, 8), (20, 22)))
    weighed = [
        (width, 0.999, CorrectionStatus.APPLIED),
        (phrase, 0.995, CorrectionStatus.APPLIED),
        (gone, 0.99, CorrectionStatus.APPLIED),
        (come, 0.99, CorrectionStatus.APPLIED),
    ]
    assert [w[0] for w in resolve_overlaps(weighed)] == [phrase]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 12),
            st.integers(0, 4),
            st.floats(0.3, 1.0),
            st.sampled_from(list(load_rules().values())),
        ),
        max_size=12,
    )
)
def test_corrections_never_overlap(drawn: list[tuple[int, int, float, Rule]]) -> None:
    """Whatever is proposed, what comes out is a plan."""
    text = FlatText("t", "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳", (TextPart(0, 16, RegionKind.BODY),))
    proposals = [
        Proposal(rule, start, start + length, "木", Evidence(belief=belief))
        for start, length, belief, rule in drawn
    ]
    made = decide_corrections(text, proposals, CorrectConfig(apply="all"))
    from newspage.edits.edit_script import order_corrections

    assert order_corrections(made) == list(made)
    assert all(text.string[slice(*c.span)] == c.original for c in made)


def test_an_impossible_span_is_refused() -> None:
    """A proposal cannot end before it begins."""
    with pytest.raises(ValueError, match="impossible"):
        Proposal(ECHO, 3, 2, "")
