"""What people said of proposals, one lesson a place: all that is learnt rests on these."""

from collections.abc import Iterable
from dataclasses import dataclass

from newspage.decision import PRECEDENT, Act, Anchor, Decision

ANSWERS = (Act.ACCEPT, Act.REJECT, Act.EDIT)


@dataclass(frozen=True, slots=True)
class Lesson:
    """The last word of people on one proposal at one place."""

    act: Act | None
    """What they said. None: a precedent was taken back, and nothing was said instead."""
    decision: Decision

    @property
    def rule(self) -> str:
        return self.decision.rule

    @property
    def original(self) -> str:
        return self.decision.anchor.text

    @property
    def proposed(self) -> str:
        return self.decision.proposed

    @property
    def proposes(self) -> bool:
        """Whether a change was proposed; else somebody was only asked to look."""
        return self.proposed != self.original

    def read_neighbours(self, reach: int = 1) -> tuple[str, str]:
        """So many characters on either side; fewer at the ends of an article."""
        return read_neighbours(self.decision.anchor, reach)


def read_neighbours(anchor: Anchor, reach: int = 1) -> tuple[str, str]:
    """So many characters on either side of a place, as read."""
    return anchor.before[-reach:], anchor.after[:reach]


def collect_lessons(decisions: Iterable[Decision]) -> tuple[Lesson, ...]:
    """What people's answers teach: the latest that stands at each place, in order.

    `decisions` are in the order in which they were made. Precedents teach nothing, unless somebody
    took one back.
    """
    decisions = tuple(decisions)
    undone = {d.undoes for d in decisions if d.act is Act.UNDO}
    found: dict[object, Lesson] = {}
    for d in decisions:
        if d.act not in ANSWERS or not d.rule:
            continue
        key = _key(d)
        if d.reviewer == PRECEDENT:
            if d.uid in undone and key not in found:
                found[key] = Lesson(None, d)
        elif d.uid not in undone:
            found.pop(key, None)
            found[key] = Lesson(d.act, d)
    return tuple(found.values())


def _key(decision: Decision) -> tuple[object, ...]:
    anchor = decision.anchor
    place: object = anchor.boxes or (anchor.before, anchor.after)
    return anchor.sha256, anchor.frame, place, decision.rule, anchor.text, decision.proposed
