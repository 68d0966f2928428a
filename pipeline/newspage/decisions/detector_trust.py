"""Judge how far each detector can be trusted, from the answers to its proposals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from newspage.correct import is_cautious_rule
from newspage.decision import Act
from newspage.decisions.lessons import Lesson

Level = Literal["asks", "trusted", "demoted"]
"""`asks`: its proposals are decided one by one; `trusted`: sure ones are accepted by precedent;
`demoted`: nothing of it is applied without being asked."""

LEVELS: tuple[Level, ...] = ("asks", "trusted", "demoted")
"""The same as values."""

_LOW, _HIGH = 0.05, 0.95
"""Quantiles of the precision that levels are judged by: the central 90 % lies between them."""


@dataclass(frozen=True, slots=True)
class TrustBounds:
    """The bounds of precision, 0 to 1, at which the level of a detector changes."""

    trust: float
    """Trusted where the 5 % quantile of its precision is at least this."""
    demote: float
    """Demoted where the 95 % quantile is at most this."""


@dataclass(frozen=True, slots=True)
class AnswerTally:
    """The number of answers of each kind to the proposals of one detector."""

    accepted: int = 0
    rejected: int = 0
    edited: int = 0

    @property
    def wrong(self) -> int:
        """Return the number of proposals that were not what belongs there."""
        return self.rejected + self.edited

    @property
    def decided(self) -> int:
        """Return the number of proposals that were answered."""
        return self.accepted + self.wrong


@dataclass(frozen=True, slots=True)
class DetectorTrust:
    """The precision of a detector as estimated from a tally, and its level."""

    mean: float
    low: float
    high: float
    """Bounds of the central 90 % of the precision."""
    level: Level
    reason: str
    why: str
    """Key of the reason in _REASONS, for texts in other languages."""


def tally_answers(lessons: Iterable[Lesson]) -> dict[str, AnswerTally]:
    """Count the answers to what each rule proposed, by rule; a lesson is one answer at one place.

    A question that proposed nothing can be neither right nor wrong: it does not count.
    """
    counts: dict[str, dict[Act | None, int]] = {}
    for lesson in lessons:
        if not lesson.proposes:
            continue
        of_rule = counts.setdefault(lesson.rule, {})
        of_rule[lesson.act] = of_rule.get(lesson.act, 0) + 1
    return {
        rule: AnswerTally(c.get(Act.ACCEPT, 0), c.get(Act.REJECT, 0), c.get(Act.EDIT, 0))
        for rule, c in counts.items()
    }


_REASONS = {
    "pinned": "pinned",
    "cautious": "right so far, but about things outside the page: only a pin makes it trusted",
    "trusted": "right in at least {low:.1%}, and {bounds.trust:.1%} is enough",
    "demoted": "right in at most {high:.1%}, and up to {bounds.demote:.1%} is too little",
    "between": "right in {low:.1%} to {high:.1%}",
    "undecided": "nobody has decided",
}
"""Reasons for a level in words, to be filled in with the figures."""


def judge_trust(
    rule: str, tally: AnswerTally, bounds: TrustBounds, pinned: str = ""
) -> DetectorTrust:
    """Judge the level of a rule from the answers to its proposals; a pin overrides them.

    Args:
        rule: the detector's name.
        tally: the answers to its proposals.
        bounds: precisions at which the level changes.
        pinned: level that a person has set; anything that is no level counts as none.
    """
    mean, low, high = estimate_precision(tally)
    level: Level = "asks"
    why = "between" if tally.decided else "undecided"
    if pinned in LEVELS:
        level, why = pinned, "pinned"
    elif low >= bounds.trust and is_cautious_rule(rule):
        why = "cautious"
    elif low >= bounds.trust:
        level = why = "trusted"
    elif high <= bounds.demote:
        level = why = "demoted"
    reason = _REASONS[why].format(low=low, high=high, bounds=bounds)
    return DetectorTrust(mean, low, high, level, reason, why)


def judge_all_trust(
    tallied: Mapping[str, AnswerTally], bounds: TrustBounds, pins: Mapping[str, str]
) -> dict[str, DetectorTrust]:
    """Judge the level of each rule that people decided on or pinned."""
    return {
        rule: judge_trust(rule, tallied.get(rule, AnswerTally()), bounds, pins.get(rule, ""))
        for rule in sorted({*tallied, *pins})
    }


def estimate_precision(tally: AnswerTally) -> tuple[float, float, float]:
    """Return mean, 5 % and 95 % quantile of the precision of a detector.

    It has a Beta posterior over a uniform prior: accepted proposals are successes, rejected and
    edited ones failures.
    """
    from scipy.special import betaincinv

    a, b = tally.accepted + 1, tally.wrong + 1
    return a / (a + b), float(betaincinv(a, b, _LOW)), float(betaincinv(a, b, _HIGH))
