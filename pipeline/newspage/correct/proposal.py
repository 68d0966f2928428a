"""Proposals of detectors: a span, the text that may be meant there, and the evidence for it."""

from dataclasses import dataclass, field, replace
from enum import Enum

from newspage.correct.rule import Rule
from newspage.correction_evidence import Evidence


class ProposalOrigin(Enum):
    """How a proposal was found, which chooses the statistical model that weighs its evidence."""

    WORDS = "words"
    """The words make it likely: `Rule.weights`."""
    LATTICE = "lattice"
    """The lattice has another reading of a character: `DOUBTED`."""
    COMPARISON = "comparison"
    """A text differs there from its scan: `Rule.weights_compared`."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that may be right: characters [start, end) of a text become `proposed`.

    An empty span inserts, an empty `proposed` deletes. Where `proposed` equals the present text the
    proposal is a question: something is wrong here, but the right text is not known.
    """

    rule: Rule
    start: int
    end: int
    proposed: str
    evidence: Evidence = field(default_factory=Evidence)
    group: str = ""
    """Proposals of one group (the two ends of a move) stand and fall together."""
    origin: ProposalOrigin = ProposalOrigin.WORDS

    def __post_init__(self) -> None:
        """Refuse an impossible span. Raises ValueError."""
        if not 0 <= self.start <= self.end:
            raise ValueError(f"an impossible span: {self}")


def trim_proposal(string: str, proposal: Proposal) -> Proposal:
    """Return the proposal without the characters at its ends that it leaves as they are."""
    stands, wanted = string[proposal.start : proposal.end], proposal.proposed
    if stands == wanted:
        return proposal
    head = 0
    while head < min(len(stands), len(wanted)) and stands[head] == wanted[head]:
        head += 1
    tail = 0
    while tail < min(len(stands), len(wanted)) - head and stands[-1 - tail] == wanted[-1 - tail]:
        tail += 1
    return replace(
        proposal,
        start=proposal.start + head,
        end=proposal.end - tail,
        proposed=wanted[head : len(wanted) - tail],
    )
