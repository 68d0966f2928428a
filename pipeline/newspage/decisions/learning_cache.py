"""What the decisions in a store teach, read anew only when people have said something more."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from newspage.config import ReviewConfig
from newspage.decision import PRECEDENT, Decision
from newspage.decisions import NewQuestion
from newspage.decisions.detector_trust import (
    AnswerTally,
    DetectorTrust,
    TrustBounds,
    judge_all_trust,
    tally_answers,
)
from newspage.decisions.lessons import Lesson, collect_lessons
from newspage.decisions.precedents import Precedents, TrustTable
from newspage.decisions.question_registry import DecisionPolicy
from newspage.store import Store


@dataclass(frozen=True, slots=True)
class LearnedRules:
    """What follows from everything that people have said so far."""

    lessons: tuple[Lesson, ...]
    tallies: dict[str, AnswerTally]
    standings: dict[str, DetectorTrust]
    """Of the rules that people decided on or pinned."""


@dataclass
class LearningCache:
    """Learns from a store. Raises StoreError."""

    store: Store
    config: ReviewConfig
    _last: tuple[object, ...] = ()
    _learnt: LearnedRules = field(default_factory=lambda: LearnedRules((), {}, {}))
    _precedents: Precedents | None = None

    def load_learned(self) -> LearnedRules:
        """What is known by now."""
        pins = {rule: pin.standing for rule, pin in self.store.teaching.list_pins().items()}
        last = (self.store.decisions.last_but(PRECEDENT), tuple(sorted(pins.items())))
        if last != self._last:
            lessons = collect_lessons(self.store.decisions.list_all())
            tallied = tally_answers(lessons)
            bounds = TrustBounds(self.config.trust, self.config.demote)
            self._learnt = LearnedRules(lessons, tallied, judge_all_trust(tallied, bounds, pins))
            self._precedents = None
            self._last = last
        return self._learnt

    def make_policy(self) -> DecisionPolicy:
        """What a registrar wants to know, always up to date."""
        return DecisionPolicy(self.find_precedents, self.is_demoted)

    def find_precedents(self, questions: Sequence[NewQuestion]) -> Sequence[Decision]:
        """The decisions that follow for new questions."""
        learnt = self.load_learned()
        if not learnt.lessons and not learnt.standings:
            return ()
        if self._precedents is None:
            levels = {rule: one.level for rule, one in learnt.standings.items()}
            accepted = self.store.questions.accepted_confidences(PRECEDENT)
            trust = TrustTable(levels, accepted)
            self._precedents = Precedents.from_lessons(
                learnt.lessons, trust, self.config.precedent_count
            )
        return self._precedents.answer_questions(questions, lambda: uuid.uuid4().hex, _now())

    def is_demoted(self, question: NewQuestion) -> bool:
        """Whether what policy would apply is only to be proposed.

        As of when precedents were last asked for, which a registrar does first for each page.
        """
        learnt = self._learnt if self._last else self.load_learned()
        standing = learnt.standings.get(question.rule)
        return standing is not None and standing.level == "demoted"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
