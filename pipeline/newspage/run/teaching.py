"""What the decisions in a store teach, read anew only when people have said something more."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from newspage.config import ReviewConfig
from newspage.decide import NewQuestion
from newspage.decide.lessons import Lesson, lessons_of
from newspage.decide.precedents import Precedents, Trust
from newspage.decide.standing import Bounds, Standing, Tally, standings, tallies
from newspage.decision import PRECEDENT, Decision
from newspage.run.registrar import Teaching
from newspage.store import Store


@dataclass(frozen=True, slots=True)
class Learnt:
    """What follows from everything that people have said so far."""

    lessons: tuple[Lesson, ...]
    tallies: dict[str, Tally]
    standings: dict[str, Standing]
    """Of the rules that people decided on or pinned."""


@dataclass
class Memory:
    """Learns from a store. Raises StoreError."""

    store: Store
    config: ReviewConfig
    _last: tuple[object, ...] = ()
    _learnt: Learnt = field(default_factory=lambda: Learnt((), {}, {}))
    _precedents: Precedents | None = None

    def learnt(self) -> Learnt:
        """What is known by now."""
        pins = {rule: pin.standing for rule, pin in self.store.teaching.pins().items()}
        last = (self.store.decisions.last_but(PRECEDENT), tuple(sorted(pins.items())))
        if last != self._last:
            lessons = lessons_of(self.store.decisions.every())
            tallied = tallies(lessons)
            bounds = Bounds(self.config.trust, self.config.demote)
            self._learnt = Learnt(lessons, tallied, standings(tallied, bounds, pins))
            self._precedents = None
            self._last = last
        return self._learnt

    def teaching(self) -> Teaching:
        """What a registrar wants to know, always up to date."""
        return Teaching(self.precedents, self.demoted)

    def precedents(self, questions: Sequence[NewQuestion]) -> Sequence[Decision]:
        """The decisions that follow for new questions."""
        learnt = self.learnt()
        if not learnt.lessons and not learnt.standings:
            return ()
        if self._precedents is None:
            levels = {rule: one.level for rule, one in learnt.standings.items()}
            accepted = self.store.questions.accepted_confidences(PRECEDENT)
            trust = Trust(levels, accepted)
            self._precedents = Precedents.of(learnt.lessons, trust, self.config.precedent_count)
        return self._precedents.answers(questions, lambda: uuid.uuid4().hex, _now())

    def demoted(self, question: NewQuestion) -> bool:
        """Whether what policy would apply is only to be proposed.

        As of when precedents were last asked for, which a registrar does first for each page.
        """
        learnt = self._learnt if self._last else self.learnt()
        standing = learnt.standings.get(question.rule)
        return standing is not None and standing.level == "demoted"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
