"""Collect lessons from decisions: the last answer of people to each proposal at each place."""

from collections.abc import Iterable
from dataclasses import dataclass

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


def collect_lessons(decisions: Iterable[Decision]) -> tuple[Lesson, ...]:
    """Return the latest answer that holds at each place, in order.

    `decisions` are in the order in which they were made. Decisions by precedent teach nothing,
    unless a person took one back.
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
    """Return what answers to one proposal at one place have in common."""
    anchor = decision.anchor
    place: object = anchor.boxes or (anchor.before, anchor.after)
    return anchor.sha256, anchor.frame, place, decision.rule, anchor.text, decision.proposed
