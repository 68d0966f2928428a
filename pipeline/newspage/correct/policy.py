"""Choice of corrections among proposals: each weighed, overlaps resolved, the rest numbered."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence

from newspage.config import CorrectConfig
from newspage.correct.proposal import Proposal, trim_proposal
from newspage.correct.score import choose_status, estimate_probability
from newspage.edits import FlatText, record_removed
from newspage.model import Correction, CorrectionStatus

Weighed = tuple[Proposal, float, CorrectionStatus]
"""A proposal, the probability that it is right, and the status it would have."""


def decide_corrections(
    text: FlatText, proposals: Iterable[Proposal], config: CorrectConfig
) -> tuple[Correction, ...]:
    """Return the corrections of a text, by place, none overlapping another."""
    weighed = [
        w
        for p in proposals
        if (w := _weigh_proposal(text.string, trim_proposal(text.string, p), config))
    ]
    kept = sorted(resolve_overlaps(weighed), key=lambda w: (w[0].start, w[0].end))
    return tuple(_make_correction(text, number, *w) for number, w in enumerate(kept, 1))


def resolve_overlaps(weighed: Iterable[Weighed]) -> list[Weighed]:
    """Return the best of those that overlap; members of a group stay or go together.

    A change of content goes before one of a minor rule, an applied change before a proposed one,
    a likelier one before one less likely, a longer one before a shorter one.
    """
    groups: dict[object, list[Weighed]] = defaultdict(list)
    for number, w in enumerate(weighed):
        groups[w[0].group or number].append(w)
    kept: list[Weighed] = []
    spans: list[tuple[int, int]] = []
    for group in sorted(groups.values(), key=lambda g: _sort_key(g[0])):
        if all(_overlaps_none(w[0], spans) for w in group):
            kept += group
            for w in group:
                insort(spans, (w[0].start, w[0].end))
    return kept


def _overlaps_none(proposal: Proposal, spans: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a proposal overlaps none of the spans, which are sorted and disjoint."""
    at = bisect_left(spans, (proposal.start, proposal.end))
    for start, end in spans[max(0, at - 2) : at + 1]:
        same = (start, end) == (proposal.start, proposal.end)
        if same or (start < proposal.end and proposal.start < end):
            return False
    return True


def _sort_key(weighed: Weighed) -> tuple[bool, bool, float, int]:
    """Return the key that sorts the proposal to prefer first."""
    proposal, chance, status = weighed
    length = proposal.end - proposal.start + len(proposal.proposed)
    return proposal.rule.minor, status is not CorrectionStatus.APPLIED, -chance, -length


def _weigh_proposal(string: str, proposal: Proposal, config: CorrectConfig) -> Weighed | None:
    """Return a proposal with probability and status; None where it is dropped."""
    chance = estimate_probability(proposal)
    status = choose_status(proposal, chance, config)
    if (
        status is CorrectionStatus.APPLIED
        and string[proposal.start : proposal.end] == proposal.proposed
    ):
        # A question has nothing to apply.
        status = CorrectionStatus.PROPOSED
    return (proposal, chance, status) if status else None


def _make_correction(
    text: FlatText, number: int, proposal: Proposal, chance: float, status: CorrectionStatus
) -> Correction:
    """Return the correction that a weighed proposal becomes."""
    span = (proposal.start, proposal.end)
    correction = Correction(
        id=f"{text.id}-{number}",
        rule=proposal.rule.name,
        article=text.id,
        span=span,
        original=text.string[slice(*span)],
        proposed=proposal.proposed,
        confidence=round(chance, 4),
        status=status,
        evidence=proposal.evidence,
        group=proposal.group,
    )
    return record_removed(correction, text.chars) if text.chars else correction
