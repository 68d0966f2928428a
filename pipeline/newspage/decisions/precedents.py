"""New questions that earlier decisions answer, each with its reason in words.

The rule above all others is to do no harm: where people have disagreed, where the scan says
otherwise, or where it is silent about a change that is right in one sentence and wrong in the next,
the question is asked.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import median

from newspage.decision import PRECEDENT, Act, Decision
from newspage.decisions.detector_trust import CAUTIOUS, Level
from newspage.decisions.lessons import Lesson, read_neighbours
from newspage.decisions.machine_questions import NewQuestion

Pattern = tuple[str, str]
"""What is read and what is proposed instead."""

SAYS = 2.0
"""Log-odds (natural) from which on the pixels say something."""
CONTEXTS = 3
"""A change of one character must have been right between so many different neighbours, to be taken
for right between any."""
WIDE = 3
"""Characters on either side that must be the same where the scan does not speak for an answer."""
_CAUTION = 2
"""Rules about the world outside the page need so many times the support."""


class ImageOpinion(Enum):
    """What the scan says of an answer."""

    FOR = "for"
    SILENT = "silent"
    AGAINST = "against"
    ABSENT = "absent"
    """It was not asked."""


@dataclass(frozen=True, slots=True)
class PrecedentReason:
    """Why a question is answered."""

    act: Act
    words: str


@dataclass(frozen=True, slots=True)
class TrustTable:
    """What is known of detectors."""

    levels: Mapping[str, Level]
    accepted: Mapping[str, Sequence[float]]
    """Of each rule the confidence of the proposals that people accepted."""


@dataclass(frozen=True)
class Precedents:
    """What people said, ready to be asked about new questions."""

    lessons: Mapping[Pattern, Sequence[Lesson]]
    trust: TrustTable
    count: int
    """So many alike answers are a precedent; 0: none ever is."""

    @classmethod
    def from_lessons(cls, lessons: Iterable[Lesson], trust: TrustTable, count: int) -> "Precedents":
        """Precedents from lessons."""
        grouped: dict[Pattern, list[Lesson]] = defaultdict(list)
        for lesson in lessons:
            grouped[lesson.original, lesson.proposed].append(lesson)
        return cls(grouped, trust, count)

    def answer_questions(
        self, questions: Sequence[NewQuestion], uid: Callable[[], str], at: str
    ) -> list[Decision]:
        """The decisions that follow for new questions; those without are to be asked."""
        return [
            _decision(question, ground, uid(), at)
            for question in questions
            if (ground := self.find_reason(question)) is not None
        ]

    def find_reason(self, question: NewQuestion) -> PrecedentReason | None:
        """What answers a question, if anything does."""
        if not self.count:
            return None
        alike = self.lessons.get((question.original, question.proposed), ())
        found = self._by_pattern(question, alike) or self._by_trust(question, alike)
        if found is None or (found.act is Act.ACCEPT and self._stands_anyway(question)):
            return None
        return found

    def _stands_anyway(self, question: NewQuestion) -> bool:
        """Whether the change is made, and nobody asked, without an answer."""
        return question.applied and self.trust.levels.get(question.rule) != "demoted"

    def _by_pattern(self, question: NewQuestion, alike: Sequence[Lesson]) -> PrecedentReason | None:
        """The answer that was given to the same change before."""
        of_rule = [lesson for lesson in alike if lesson.rule == question.rule]
        for act in (Act.ACCEPT, Act.REJECT):
            says = pixels_of(question, act)
            if says is ImageOpinion.AGAINST or (
                question.rule in CAUTIOUS and says is ImageOpinion.SILENT
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
        return self.count * (_CAUTION if rule in CAUTIOUS else 1)

    def _by_trust(self, question: NewQuestion, alike: Sequence[Lesson]) -> PrecedentReason | None:
        """The benefit of a detector that has hardly ever been wrong (or that somebody pinned)."""
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
    """What the scan says of accepting or rejecting a proposal.

    It is against an answer that makes the text another one as soon as it leans the other way.
    """
    odds = question.evidence.get("pixels")
    if not isinstance(odds, int | float):
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
"""What speaks for an answer, and how it is alike."""

_NOTHING: Found = ((), "")


def _between_the_same(
    question: NewQuestion,
    act: Act,
    own: Sequence[Lesson],
    alike: Sequence[Lesson],
    says: ImageOpinion,
) -> Found:
    """The same change between the same characters: more of them where the scan is silent.

    Where people answered the change otherwise elsewhere, the scan must speak for the answer.
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
    """The same change wherever it was, if nobody has ever answered otherwise.

    A change that says little by itself must have been right in several contexts, and the scan
    must speak for it here.
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
    """Whether anybody said anything else."""
    return any(lesson.act is not act for lesson in lessons)


_SAYS = {
    ImageOpinion.FOR: "the scan says so too",
    ImageOpinion.SILENT: "the scan does not decide",
    ImageOpinion.ABSENT: "the scan was not asked",
}


def _in_words(
    question: NewQuestion, act: Act, lessons: Sequence[Lesson], why: str, says: ImageOpinion
) -> str:
    who = sorted({lesson.decision.reviewer for lesson in lessons})
    days = sorted({lesson.decision.at[:10] for lesson in lessons})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    more = f" and {len(who) - 3} more" if len(who) > 3 else ""
    said = "accepted" if act is Act.ACCEPT else "rejected"
    return (
        f"“{question.original}” → “{question.proposed}” was {said} {len(lessons)} times, {why} "
        f"({', '.join(who[:3])}{more}, {when}); {_SAYS[says]}"
    )


def _decision(question: NewQuestion, ground: PrecedentReason, uid: str, at: str) -> Decision:
    return Decision(
        uid=uid,
        at=at,
        reviewer=PRECEDENT,
        act=ground.act,
        anchor=question.anchor,
        file=question.file,
        rule=question.rule,
        proposed=question.proposed,
        reason=ground.words,
    )
