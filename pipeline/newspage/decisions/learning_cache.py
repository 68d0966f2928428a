"""Keep what the decisions in a store teach, learnt anew only after further decisions."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock

from newspage.config import ReviewConfig
from newspage.decision import PRECEDENT, Decision
from newspage.decisions.decision_feed import DecisionFeed
from newspage.decisions.detector_trust import (
    AnswerTally,
    DetectorTrust,
    TrustBounds,
    judge_all_trust,
    tally_answers,
)
from newspage.decisions.lessons import Lesson, LessonCollector
from newspage.decisions.machine_questions import NewQuestion
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
    """Learns from the decisions in a store, and keeps the result. Thread-safe.

    Raises StoreError.
    """

    store: Store
    config: ReviewConfig
    _feed: DecisionFeed = field(init=False)
    _lessons: LessonCollector = field(default_factory=LessonCollector)
    _pins: dict[str, str] = field(default_factory=dict)
    _learnt: LearnedRules | None = None
    _precedents: tuple[LearnedRules, Precedents] | None = None
    """What they follow from, and they."""
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._feed = DecisionFeed(self.store)

    def load_learned(self) -> LearnedRules:
        """Return what the decisions teach by now; learns from further ones and from pins."""
        with self._lock:
            pins = {rule: pin.standing for rule, pin in self.store.teaching.list_pins().items()}
            further = self._feed.read_further()
            if further.anew:
                self._lessons = LessonCollector()
            self._lessons.add_decisions(further.decisions)
            # What precedents answer teaches nothing, and a run may add as many as it has questions.
            said = any(d.reviewer != PRECEDENT for d in further.decisions)
            learnt = self._learnt
            if learnt is None or further.anew or said or pins != self._pins:
                lessons = self._lessons.list_lessons()
                tallied = tally_answers(lessons)
                bounds = TrustBounds(self.config.trust, self.config.demote)
                learnt = LearnedRules(lessons, tallied, judge_all_trust(tallied, bounds, pins))
                self._learnt, self._pins = learnt, pins
            return learnt

    def make_policy(self) -> DecisionPolicy:
        """Return the policy that a QuestionRegistry asks about new questions, always up to date."""
        return DecisionPolicy(self.find_precedents, self.is_demoted)

    def find_precedents(self, questions: Sequence[NewQuestion]) -> Sequence[Decision]:
        """Return the decisions by precedent on new questions; none for those to be asked."""
        learnt = self.load_learned()
        if not learnt.lessons and not learnt.standings:
            return ()
        known = self._precedents
        if known is None or known[0] is not learnt:
            levels = {rule: one.level for rule, one in learnt.standings.items()}
            accepted = self.store.questions.accepted_confidences(PRECEDENT)
            trust = TrustTable(levels, accepted)
            known = self._precedents = (
                learnt,
                Precedents.from_lessons(learnt.lessons, trust, self.config.precedent_count),
            )
        return known[1].answer_questions(questions, lambda: uuid.uuid4().hex, _now())

    def is_demoted(self, question: NewQuestion) -> bool:
        """Tell whether a correction that policy would apply is only to be proposed.

        As of the last call of `find_precedents`, which QuestionRegistry makes first for each page.
        """
        learnt = self._learnt or self.load_learned()
        trust = learnt.standings.get(question.rule)
        return trust is not None and trust.level == "demoted"


def _now() -> str:
    """Return the time, ISO 8601 in UTC with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
