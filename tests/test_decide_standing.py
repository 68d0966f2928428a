"""How far detectors can be trusted."""

import pytest

from newspage.decision import PRECEDENT, Act
from newspage.decisions.detector_trust import (
    AnswerTally,
    TrustBounds,
    estimate_precision,
    judge_all_trust,
    judge_trust,
    tally_answers,
)
from tests.teaching import lessons_of, said

BOUNDS = TrustBounds(0.98, 0.5)


def test_the_posterior() -> None:
    """Without decisions it is uniform; n successes alone have the 5 % quantile 0.05^(1/(n+1))."""
    assert estimate_precision(AnswerTally()) == pytest.approx((0.5, 0.05, 0.95))
    assert estimate_precision(AnswerTally(99))[1] == pytest.approx(0.05 ** (1 / 100))
    mean, low, high = estimate_precision(AnswerTally(30, 8, 2))
    assert mean == pytest.approx(31 / 42)
    assert low < mean < high


@pytest.mark.parametrize(
    ("tally", "level"),
    [
        (AnswerTally(), "asks"),
        (AnswerTally(147), "asks"),
        (AnswerTally(148), "trusted"),
        (AnswerTally(148, 1), "asks"),
        (AnswerTally(1, 1), "asks"),
        (AnswerTally(0, 4), "demoted"),
        (AnswerTally(0, 0, 4), "demoted"),
        (AnswerTally(10, 30), "demoted"),
    ],
)
def test_the_level(tally: AnswerTally, level: str) -> None:
    """Trusted and demoted take evidence; an edit counts as a failure."""
    assert judge_trust("look-alike", tally, BOUNDS).level == level


def test_cautious_rules_are_trusted_by_pin_only() -> None:
    """Being right so far is not enough where the page cannot tell."""
    assert judge_trust("name", AnswerTally(1000), BOUNDS).level == "asks"
    assert judge_trust("name", AnswerTally(0, 9), BOUNDS).level == "demoted"
    assert judge_trust("name", AnswerTally(0, 9), BOUNDS, "trusted").level == "trusted"


def test_a_pin_overrides() -> None:
    """Also of a rule that nobody has decided on."""
    found = judge_all_trust({"a": AnswerTally(0, 50)}, BOUNDS, {"a": "asks", "b": "demoted"})
    assert {rule: one.level for rule, one in found.items()} == {"a": "asks", "b": "demoted"}


def test_tallies() -> None:
    """One answer a place; precedents and changes by hand are none."""
    decisions = [
        said("甲[乙]丙", "丁"),
        said("甲[乙]丙", "丁"),
        said("甲[乙]丙", "丁", Act.REJECT),
        said("甲[乙]丙", "丁", Act.EDIT, text="戊"),
        said("甲[乙]丙", "丁", reviewer=PRECEDENT),
        said("甲[乙]丙", "", Act.WRITE, rule="", text="戊"),
    ]
    assert tally_answers(lessons_of(decisions)) == {"look-alike": AnswerTally(2, 1, 1)}


def test_where_nothing_was_proposed_nothing_counts() -> None:
    """A detector that only asks somebody to look was neither right nor wrong."""
    decisions = [said("甲[乙]丙", "乙"), said("甲[乙]丙", "乙", Act.REJECT), said("甲[乙]丙", "丁")]
    assert tally_answers(lessons_of(decisions)) == {"look-alike": AnswerTally(1)}
