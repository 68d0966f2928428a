"""Collect lessons from decisions: the last answer of people to each proposal at each place."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from operator import itemgetter

from newspage.decision import PRECEDENT, Act, Anchor, Decision

ANSWERS = (Act.ACCEPT, Act.REJECT, Act.EDIT)
"""Acts that answer a proposal."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """The last word of people on one proposal at one place."""

    act: Act | None
    """Their answer. None: they took a precedent back, and gave no answer instead."""
    decision: Decision

    @property
    def rule(self) -> str:
        """Return the name of the detector that asked."""
        return self.decision.rule

    @property
    def original(self) -> str:
        """Return what was read."""
        return self.decision.anchor.text

    @property
    def proposed(self) -> str:
        """Return what was proposed instead."""
        return self.decision.proposed

    @property
    def proposes(self) -> bool:
        """Tell whether a change was proposed; else a person was only asked to look."""
        return self.proposed != self.original

    def read_neighbours(self, reach: int = 1) -> tuple[str, str]:
        """Return up to `reach` characters before and after; fewer at the ends of an article."""
        return read_neighbours(self.decision.anchor, reach)


def read_neighbours(anchor: Anchor, reach: int = 1) -> tuple[str, str]:
    """Return up to `reach` characters before and after a place, as read."""
    return anchor.before[-reach:], anchor.after[:reach]


@dataclass(slots=True)
class _Answers:
    """Everything that was answered to one proposal at one place, numbered, in order."""

    said: list[tuple[int, Decision]] = field(default_factory=list)
    lesson: tuple[int, Lesson] | None = None
    """With the number of the decision that it rests on; None: nothing that was said holds."""

    def find_lesson(self, undone: Container[str]) -> tuple[int, Lesson] | None:
        """Return the last word of people, from all that was said and what was taken back."""
        found: tuple[int, Lesson] | None = None
        for number, decision in self.said:
            if decision.reviewer != PRECEDENT and decision.uid not in undone:
                found = number, Lesson(decision.act, decision)
            elif decision.reviewer == PRECEDENT and decision.uid in undone and found is None:
                found = number, Lesson(None, decision)
        return found


class LessonCollector:
    """Collect lessons from all decisions so far; what is decided later is added to them.

    Decisions by precedent teach nothing, unless a person took one back.
    """

    def __init__(self) -> None:
        self._places: dict[tuple[object, ...], _Answers] = {}
        self._by_uid: dict[str, _Answers] = {}
        self._undone: set[str] = set()
        self._count = 0

    def add_decisions(self, decisions: Iterable[Decision]) -> None:
        """Add decisions that were made after all others, in the order in which they were made."""
        changed: list[_Answers] = []
        for decision in decisions:
            self._count += 1
            if decision.act is Act.UNDO:
                self._undone.add(decision.undoes)
                if decision.undoes in self._by_uid:
                    changed.append(self._by_uid[decision.undoes])
            elif decision.act in ANSWERS and decision.rule:
                answers = self._places.setdefault(_key(decision), _Answers())
                answers.said.append((self._count, decision))
                self._by_uid[decision.uid] = answers
                changed.append(answers)
        for answers in changed:
            answers.lesson = answers.find_lesson(self._undone)

    def list_lessons(self) -> tuple[Lesson, ...]:
        """Return the latest answer that holds at each place, in order."""
        lessons = [one.lesson for one in self._places.values() if one.lesson is not None]
        return tuple(lesson for _, lesson in sorted(lessons, key=itemgetter(0)))


def _key(decision: Decision) -> tuple[object, ...]:
    """Return what answers to one proposal at one place have in common."""
    anchor = decision.anchor
    place: object = anchor.boxes or (anchor.before, anchor.after)
    return anchor.sha256, anchor.frame, place, decision.rule, anchor.text, decision.proposed
