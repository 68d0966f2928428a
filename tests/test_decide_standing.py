"""How far detectors can be trusted."""

import pytest

from newspage.decide.lessons import lessons_of
from newspage.decide.standing import Bounds, Tally, posterior, standing, standings, tallies
from newspage.decision import PRECEDENT, Act
from tests.teaching import said

BOUNDS = Bounds(0.98, 0.5)


def test_the_posterior() -> None:
    """Without decisions it is uniform; n successes alone have the 5 % quantile 0.05^(1/(n+1))."""
    assert posterior(Tally()) == pytest.approx((0.5, 0.05, 0.95))
    assert posterior(Tally(99))[1] == pytest.approx(0.05 ** (1 / 100))
    mean, low, high = posterior(Tally(30, 8, 2))
    assert mean == pytest.approx(31 / 42)
    assert low < mean < high


@pytest.mark.parametrize(
    ("tally", "level"),
    [
        (Tally(), "asks"),
        (Tally(147), "asks"),
        (Tally(148), "trusted"),
        (Tally(148, 1), "asks"),
        (Tally(1, 1), "asks"),
        (Tally(0, 4), "demoted"),
        (Tally(0, 0, 4), "demoted"),
        (Tally(10, 30), "demoted"),
    ],
)
def test_the_level(tally: Tally, level: str) -> None:
    """Trusted and demoted take evidence; an edit counts as a failure."""
    assert standing("look-alike", tally, BOUNDS).level == level


def test_cautious_rules_are_trusted_by_pin_only() -> None:
    """Being right so far is not enough where the page cannot tell."""
    assert standing("name", Tally(1000), BOUNDS).level == "asks"
    assert standing("name", Tally(0, 9), BOUNDS).level == "demoted"
    assert standing("name", Tally(0, 9), BOUNDS, "trusted").level == "trusted"


def test_a_pin_overrides() -> None:
    """Also of a rule that nobody has decided on."""
    found = standings({"a": Tally(0, 50)}, BOUNDS, {"a": "asks", "b": "demoted"})
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
    assert tallies(lessons_of(decisions)) == {"look-alike": Tally(2, 1, 1)}


def test_where_nothing_was_proposed_nothing_counts() -> None:
    """A detector that only asks somebody to look was neither right nor wrong."""
    decisions = [said("甲[乙]丙", "乙"), said("甲[乙]丙", "乙", Act.REJECT), said("甲[乙]丙", "丁")]
    assert tallies(lessons_of(decisions)) == {"look-alike": Tally(1)}
