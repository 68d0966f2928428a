"""Detectors as entries: which rule, which function, when it runs, what it finds and leaves."""

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
    """Proposes to remove breaks. The text is read on over them from here on."""
    MARKS = auto()
    """Proposes marks in place of others. What is likely is read so from here on."""
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
    finds: tuple[tuple[str, str], ...] = ()
    """Texts with the fault, each with what belongs in its place. In the phase `LINES` each line of
    the first is a printed line, and a character that is another one in the second was read in
    doubt."""
    leaves: tuple[str, ...] = ()
    """Texts about which nothing may be proposed, though they look as if they had the fault."""
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
