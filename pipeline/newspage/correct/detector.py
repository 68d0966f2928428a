"""Detectors as entries: which rule, which function, when it runs, examples for its tests."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto

from newspage.correct.case import DetectorInput
from newspage.correct.proposal import Proposal
from newspage.correct.rule import Rule

Detect = Callable[[DetectorInput], Iterable[Proposal]]
"""A function that proposes corrections of one kind of fault."""
Refine = Callable[[Proposal, DetectorInput], Proposal]
"""A function that weighs a proposal anew by the lines of a page that was just read."""


class Phase(Enum):
    """The time at which a detector runs; each phase reads what the ones before made certain."""

    BREAKS = auto()
    """Proposes to remove breaks. Later phases see the text without those."""
    MARKS = auto()
    """Proposes marks in place of others. Later phases see the text with the likely ones."""
    WORDS = auto()
    """Proposes anything, from the text alone."""
    LINES = auto()
    """Proposes anything, from the text as it was read and the lines it was read on; runs only on
    pages that were just read."""


@dataclass(frozen=True, slots=True)
class Detector:
    """One entry of the table of detectors. Raises TypeError where a part is of another kind."""

    rule: Rule
    detect: Detect
    examples: tuple[tuple[str, str], ...] = ()
    """Texts with the fault, each with its correction, for tests. In the phase `LINES` each line of
    the first is a printed line, and characters that the second has otherwise were read with low
    confidence."""
    counterexamples: tuple[str, ...] = ()
    """Texts that look as if they had the fault, and about which nothing may be proposed."""
    phase: Phase = Phase.WORDS
    refine: Refine | None = None
    """Weighs its proposals anew on a page that was just read; None leaves them as they are."""

    def __post_init__(self) -> None:
        parts: tuple[tuple[object, type], ...] = ((self.rule, Rule), (self.phase, Phase))
        for part, kind in parts:
            if not isinstance(part, kind):
                raise TypeError(f"{part!r} is no {kind.__name__}")
        functions: tuple[object, ...] = (self.detect, self.refine or self.detect)
        for function in functions:
            if not callable(function):
                raise TypeError(f"{function!r} is no function")
