"""Decisions and new questions to learn from, made up."""

import itertools
from collections.abc import Iterable

from newspage.correction_evidence import Evidence
from newspage.decision import Act, Anchor, Decision
from newspage.decisions import NewQuestion, make_pattern_key
from newspage.decisions.detector_trust import Level
from newspage.decisions.lessons import Lesson, LessonCollector
from newspage.decisions.precedents import Precedents, TrustTable
from newspage.geometry import Box

NUMBERS = itertools.count(1)
AT = "2026-01-02T03:04:05.000Z"


def anchor(context: str, scan: str = "") -> Anchor:
    """A place of its own; the characters in question stand in brackets: `位[干]北`."""
    before, rest = context.split("[")
    text, after = rest.split("]")
    n = next(NUMBERS)
    box = Box(10.0 * n, 10, 10.0 * n + 9, 19)
    return Anchor(scan or f"{n:064x}", 0, 100_000, 100, (box,), text, before, after)


def said(
    context: str,
    proposed: str,
    act: Act = Act.ACCEPT,
    rule: str = "look-alike",
    reviewer: str = "ann",
    text: str = "",
) -> Decision:
    """An answer at a place of its own."""
    n = next(NUMBERS)
    place, file = anchor(context), f"p{n}.png"
    return Decision(f"{n:032x}", AT, reviewer, act, place, file, rule, proposed, text)


def undo(decision: Decision, reviewer: str = "ann") -> Decision:
    """Takes a decision back."""
    uid = f"{next(NUMBERS):032x}"
    return Decision(uid, AT, reviewer, Act.UNDO, decision.anchor, undoes=decision.uid)


def question(
    context: str,
    proposed: str,
    pixels: float | None = 4.0,
    rule: str = "look-alike",
    confidence: float = 0.9,
    applied: bool = False,
) -> NewQuestion:
    """A question at a place of its own."""
    place = anchor(context)
    evidence = Evidence(image_log_odds=pixels)
    pattern = make_pattern_key(rule, place.text, proposed)
    return NewQuestion(place, rule, proposed, confidence, evidence, pattern, applied, "q.png", "q")


def lessons_of(decisions: Iterable[Decision]) -> tuple[Lesson, ...]:
    """What decisions teach."""
    collector = LessonCollector()
    collector.add_decisions(decisions)
    return collector.list_lessons()


def learnt(
    decisions: list[Decision],
    count: int = 3,
    levels: dict[str, Level] | None = None,
    accepted: dict[str, list[float]] | None = None,
) -> Precedents:
    """The precedents that decisions make."""
    return Precedents.from_lessons(
        lessons_of(decisions), TrustTable(levels or {}, accepted or {}), count
    )
