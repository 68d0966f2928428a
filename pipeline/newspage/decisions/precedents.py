"""Answer new questions by precedent, like earlier decisions, each with its reason in words.

Above all this must do no harm. A question is asked where people have disagreed, where the scan
speaks against the answer, or where it is silent about a change that is right in one sentence and
wrong in the next. tests/test_second_batch.py holds on generated questions that nothing gets worse.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import median

from newspage.correct import is_cautious_rule
from newspage.decision import PRECEDENT, Act, Decision
from newspage.decisions.detector_trust import Level
from newspage.decisions.lessons import Lesson, read_neighbours
from newspage.decisions.machine_questions import NewQuestion

Pattern = tuple[str, str]
"""Text as read, and text proposed instead."""

SAYS = 2.0
"""Least log-odds (natural logarithm) from the pixels with which the scan speaks for or against an
answer. Judgement: 7 to 1."""
CONTEXTS = 3
"""A change of one character must have been right between so many different neighbours, to be taken
for right between any. Judgement."""
WIDE = 3
"""Characters on either side that must be the same where the scan does not speak for an answer.
Judgement: as much as the words that the change is in."""
_CAUTION = 2
"""Rules about the world outside the page need so many times the answers. Judgement."""


class ImageOpinion(Enum):
    """The evidence of the scan for or against an answer."""

    FOR = "for"
    SILENT = "silent"
    AGAINST = "against"
    ABSENT = "absent"
    """There is no evidence from pixels."""


@dataclass(frozen=True, slots=True)
class PrecedentReason:
    """The answer to a question by precedent, and why in words."""

    act: Act
    words: str


@dataclass(frozen=True, slots=True)
class TrustTable:
    """The level of each detector, and its accepted proposals."""

    levels: Mapping[str, Level]
    accepted: Mapping[str, Sequence[float]]
    """By rule, the confidences of the proposals that people accepted."""


@dataclass(frozen=True)
class Precedents:
    """Earlier answers by pattern, from which new questions are answered."""

    lessons: Mapping[Pattern, Sequence[Lesson]]
    trust: TrustTable
    count: int
    """Least number of like answers that are a precedent; 0: no question is answered."""

    @classmethod
    def from_lessons(cls, lessons: Iterable[Lesson], trust: TrustTable, count: int) -> "Precedents":
        """Group lessons by pattern; `count` is the least number of like answers."""
        grouped: dict[Pattern, list[Lesson]] = defaultdict(list)
        for lesson in lessons:
            grouped[lesson.original, lesson.proposed].append(lesson)
        return cls(grouped, trust, count)

    def answer_questions(
        self, questions: Sequence[NewQuestion], uid: Callable[[], str], at: str
    ) -> list[Decision]:
        """Return the decisions by precedent on new questions; those without one are to be asked.

        Args:
            questions: questions that were never asked before.
            uid: makes the id of each decision.
            at: the time of the decisions, ISO 8601 in UTC.
        """
        return [
            _decision(question, reason, uid(), at)
            for question in questions
            if (reason := self.find_reason(question)) is not None
        ]

    def find_reason(self, question: NewQuestion) -> PrecedentReason | None:
        """Return the answer to a question and its reason; None where it is to be asked."""
        if not self.count:
            return None
        alike = self.lessons.get((question.original, question.proposed), ())
        found = self._by_pattern(question, alike) or self._by_trust(question, alike)
        if found is None or (found.act is Act.ACCEPT and self._stands_anyway(question)):
            return None
        return found

    def _stands_anyway(self, question: NewQuestion) -> bool:
        """Tell whether policy makes the change without an answer, and asks nobody."""
        return question.applied and self.trust.levels.get(question.rule) != "demoted"

    def _by_pattern(self, question: NewQuestion, alike: Sequence[Lesson]) -> PrecedentReason | None:
        """Return the answer that was given to the same change before, if there are enough."""
        of_rule = [lesson for lesson in alike if lesson.rule == question.rule]
        for act in (Act.ACCEPT, Act.REJECT):
            says = pixels_of(question, act)
            if says is ImageOpinion.AGAINST or (
                is_cautious_rule(question.rule) and says is ImageOpinion.SILENT
            ):
                continue
            for lessons, why in (
                _between_the_same(question, act, of_rule, alike, says),
                _anywhere(question, act, of_rule, alike, says),
            ):
                if len(lessons) >= self._needed(question.rule):
                    return PrecedentReason(act, _in_words(question, act, lessons, why, says))
        return None

    def _needed(self, rule: str) -> int:
        """Return how many like answers a rule needs."""
        return self.count * (_CAUTION if is_cautious_rule(rule) else 1)

    def _by_trust(self, question: NewQuestion, alike: Sequence[Lesson]) -> PrecedentReason | None:
        """Accept a proposal of a trusted detector, if nobody was ever against this change.

        It must be as sure as the median of the accepted ones, and the scan must not be against it
        or silent.
        """
        known = self.trust.accepted.get(question.rule, ())
        if self.trust.levels.get(question.rule) != "trusted" or not known:
            return None
        if question.original == question.proposed or _others(alike, Act.ACCEPT):
            return None
        least = median(known)
        if question.confidence < least:
            return None
        if pixels_of(question, Act.ACCEPT) not in (ImageOpinion.FOR, ImageOpinion.ABSENT):
            return None
        return PrecedentReason(
            Act.ACCEPT,
            f"the detector {question.rule} is trusted, and this is as sure as what was accepted "
            f"({question.confidence:.2f}, median {least:.2f})",
        )


def pixels_of(question: NewQuestion, act: Act) -> ImageOpinion:
    """Judge what the scan says of accepting or rejecting a proposal.

    Against an answer that changes the text any log-odds below 0 count; against one that leaves it
    as it is, only those below -SAYS.
    """
    odds = question.evidence.image_log_odds
    if odds is None:
        return ImageOpinion.ABSENT
    odds = odds if act is Act.ACCEPT else -odds
    against = 0.0 if act is Act.ACCEPT or question.applied else -SAYS
    return (
        ImageOpinion.FOR
        if odds >= SAYS
        else ImageOpinion.AGAINST
        if odds < against
        else ImageOpinion.SILENT
    )


Found = tuple[Sequence[Lesson], str]
"""Lessons that speak for an answer, and in which way they are alike, in words."""

_NOTHING: Found = ((), "")


def _between_the_same(
    question: NewQuestion,
    act: Act,
    own: Sequence[Lesson],
    alike: Sequence[Lesson],
    says: ImageOpinion,
) -> Found:
    """Find like answers to the same change between the same characters.

    One character on either side is compared; WIDE where the scan does not speak for the answer,
    and then nobody may have answered the change otherwise anywhere.

    Args:
        question: the new question.
        act: the answer that is considered.
        own: lessons of the same rule and change.
        alike: lessons of the same change, by any rule.
        says: the evidence of the scan for the answer.
    """
    reach, here = 1, read_neighbours(question.anchor)
    if not any(here) or _others([one for one in alike if one.read_neighbours() == here], act):
        return _NOTHING
    if says is not ImageOpinion.FOR:
        if _others(alike, act):
            return _NOTHING
        reach = WIDE
        here = read_neighbours(question.anchor, reach)
    same = [lesson for lesson in own if lesson.read_neighbours(reach) == here]
    return same, f"between {here[0] or '^'} and {here[1] or '$'}".replace("\n", "¶")


def _anywhere(
    question: NewQuestion,
    act: Act,
    own: Sequence[Lesson],
    alike: Sequence[Lesson],
    says: ImageOpinion,
) -> Found:
    """Find like answers to the same change anywhere, if nobody has ever answered otherwise.

    A change of one character, or a deletion, must have been right in several contexts, and the scan
    must speak for it here. Arguments as for `_between_the_same`.
    """
    if _others(alike, act):
        return _NOTHING
    contexts = len({lesson.read_neighbours() for lesson in own})
    telling = len(question.original) >= 2 and question.proposed != ""
    if telling and says in (ImageOpinion.FOR, ImageOpinion.ABSENT):
        return own, "the same words"
    if contexts >= CONTEXTS and says is ImageOpinion.FOR:
        return own, f"in {contexts} different contexts"
    return _NOTHING


def _others(lessons: Iterable[Lesson], act: Act) -> bool:
    """Tell whether any lesson has another answer."""
    return any(lesson.act is not act for lesson in lessons)


_SAYS = {
    ImageOpinion.FOR: "the scan says so too",
    ImageOpinion.SILENT: "the scan does not decide",
    ImageOpinion.ABSENT: "the scan was not asked",
}


def _in_words(
    question: NewQuestion, act: Act, lessons: Sequence[Lesson], why: str, says: ImageOpinion
) -> str:
    """Say in words on which answers a precedent rests."""
    who = sorted({lesson.decision.reviewer for lesson in lessons})
    days = sorted({lesson.decision.at[:10] for lesson in lessons})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    more = f" and {len(who) - 3} more" if len(who) > 3 else ""
    said = "accepted" if act is Act.ACCEPT else "rejected"
    return (
        f"“{question.original}” → “{question.proposed}” was {said} {len(lessons)} times, {why} "
        f"({', '.join(who[:3])}{more}, {when}); {_SAYS[says]}"
    )


def _decision(question: NewQuestion, reason: PrecedentReason, uid: str, at: str) -> Decision:
    """Return the decision by precedent on a question."""
    return Decision(
        uid=uid,
        at=at,
        reviewer=PRECEDENT,
        act=reason.act,
        anchor=question.anchor,
        file=question.file,
        rule=question.rule,
        proposed=question.proposed,
        reason=reason.words,
    )
