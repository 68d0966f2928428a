"""Keep what the decisions in a store teach, learnt anew only after further decisions."""

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
    """The lessons, tallies and trust that follow from all decisions of people so far."""

    lessons: tuple[Lesson, ...]
    tallies: dict[str, AnswerTally]
    standings: dict[str, DetectorTrust]
    """The trust in each rule that people decided on or pinned."""


@dataclass
class LearningCache:
    """Learns from the decisions in a store, and keeps the result. Raises StoreError."""

    store: Store
    config: ReviewConfig
    _last: tuple[object, ...] = ()
    _learnt: LearnedRules = field(default_factory=lambda: LearnedRules((), {}, {}))
    _precedents: Precedents | None = None

    def load_learned(self) -> LearnedRules:
        """Return what the decisions teach by now; learns anew if there are further ones or pins."""
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
        """Return the policy that a QuestionRegistry asks about new questions, always up to date."""
        return DecisionPolicy(self.find_precedents, self.is_demoted)

    def find_precedents(self, questions: Sequence[NewQuestion]) -> Sequence[Decision]:
        """Return the decisions by precedent on new questions; none for those to be asked."""
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
        """Tell whether a correction that policy would apply is only to be proposed.

        As of the last call of `find_precedents`, which QuestionRegistry makes first for each page.
        """
        learnt = self._learnt if self._last else self.load_learned()
        trust = learnt.standings.get(question.rule)
        return trust is not None and trust.level == "demoted"


def _now() -> str:
    """Return the time, ISO 8601 in UTC with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
