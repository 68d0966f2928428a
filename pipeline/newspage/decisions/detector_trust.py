"""How far each detector can be trusted, from what people said of its proposals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from newspage.decision import Act
from newspage.decisions.lessons import Lesson

Level = Literal["asks", "trusted", "demoted"]

LEVELS: tuple[Level, ...] = ("asks", "trusted", "demoted")

CAUTIOUS = frozenset({"date", "name", "displaced", "wording"})
"""Rules about the world outside the page: figures alone never make them trusted, a pin does."""

_LOW, _HIGH = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class TrustBounds:
    """How far a detector must have come."""

    trust: float
    """Trusted from this lower bound of its precision on."""
    demote: float
    """Demoted up to this upper bound."""


@dataclass(frozen=True, slots=True)
class AnswerTally:
    """What people said of the proposals of one detector."""

    accepted: int = 0
    rejected: int = 0
    edited: int = 0

    @property
    def wrong(self) -> int:
        """Proposals that were not what belongs there."""
        return self.rejected + self.edited

    @property
    def decided(self) -> int:
        return self.accepted + self.wrong


@dataclass(frozen=True, slots=True)
class DetectorTrust:
    """What follows from a tally."""

    mean: float
    low: float
    high: float
    """Bounds of the central 90 % of the precision."""
    level: Level
    reason: str
    why: str
    """The reason in a word: a key of _REASONS."""


def tally_answers(lessons: Iterable[Lesson]) -> dict[str, AnswerTally]:
    """What people said of what each rule proposed, one answer a place.

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


def judge_trust(
    rule: str, tally: AnswerTally, bounds: TrustBounds, pinned: str = ""
) -> DetectorTrust:
    """How far a rule can be trusted; a pin overrides the figures.

    The precision has a Beta posterior over a uniform prior: accepted proposals are successes,
    rejected and edited ones failures.
    """
    mean, low, high = estimate_precision(tally)
    level: Level = "asks"
    why = "between" if tally.decided else "undecided"
    if pinned in LEVELS:
        level, why = pinned, "pinned"
    elif low >= bounds.trust and rule in CAUTIOUS:
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
    """The standing of each rule that people decided on or pinned."""
    return {
        rule: judge_trust(rule, tallied.get(rule, AnswerTally()), bounds, pins.get(rule, ""))
        for rule in sorted({*tallied, *pins})
    }


def estimate_precision(tally: AnswerTally) -> tuple[float, float, float]:
    """Mean, 5 % and 95 % quantile of the precision."""
    from scipy.special import betaincinv

    a, b = tally.accepted + 1, tally.wrong + 1
    return a / (a + b), float(betaincinv(a, b, _LOW)), float(betaincinv(a, b, _HIGH))
