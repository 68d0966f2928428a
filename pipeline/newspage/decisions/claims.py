"""What each decision on a text claims: these characters as read become those."""

from collections.abc import Sequence
from dataclasses import dataclass

from newspage.decision import Act, Decision
from newspage.decisions.anchor_finder import AnchorFinder, TextSpan
from newspage.decisions.glyph_index import compare_anchors
from newspage.decisions.machine_questions import MachineQuestion
from newspage.edits.flat_text import FlatText
from newspage.model import Correction, CorrectionStatus

HAND, JOIN = "hand", "join"
"""Rules of the corrections that people make where nothing was proposed."""

STATUS = {
    Act.ACCEPT: CorrectionStatus.ACCEPTED,
    Act.REJECT: CorrectionStatus.REJECTED,
    Act.EDIT: CorrectionStatus.EDITED,
    Act.WRITE: CorrectionStatus.EDITED,
}


@dataclass(frozen=True, slots=True)
class DecisionClaim:
    """A decision with the characters it is about."""

    decision: Decision
    spot: TextSpan
    wanted: str
    correction: Correction | None = None
    """The machine's, where the decision is on one."""

    @property
    def changes(self) -> bool:
        """Whether it makes the text another than it was read."""
        return self.decision.act is not Act.REJECT or self.correction is None


@dataclass(frozen=True, slots=True)
class FulfilledDecision:
    """What the decision wants stands there already."""


@dataclass(frozen=True, slots=True)
class UnplacedDecision:
    """The place was not found, or something else stands there."""

    reason: str


def find_claim(
    decision: Decision, finder: AnchorFinder, asked: Sequence[MachineQuestion]
) -> DecisionClaim | FulfilledDecision | UnplacedDecision:
    """What a decision on a text claims on this page."""
    if decision.act is not Act.WRITE:
        found = _answered(decision, asked)
        if found is not None:
            number = [t.id for t in finder.texts].index(found.article)
            wanted = decision.text if decision.act is Act.EDIT else found.proposed
            return DecisionClaim(decision, TextSpan(number, found.span), wanted, found)
    return _by_place(decision, finder)


def _answered(decision: Decision, asked: Sequence[MachineQuestion]) -> Correction | None:
    """The correction that a decision answers, if the machine still proposes it."""
    best: tuple[float, Correction] | None = None
    for one in asked:
        c = one.correction
        if (c.original, c.proposed) != (decision.anchor.text, decision.proposed):
            continue
        sure = compare_anchors(decision.anchor, one.anchor)
        if sure > 0 and (best is None or sure + (c.rule == decision.rule) > best[0]):
            best = sure + (c.rule == decision.rule), c
    return best[1] if best else None


def _by_place(
    decision: Decision, finder: AnchorFinder
) -> DecisionClaim | FulfilledDecision | UnplacedDecision:
    """The claim of a decision on something that the machine does not propose."""
    anchor = decision.anchor
    rejects = decision.act is Act.REJECT
    wanted = decision.proposed if decision.act is Act.ACCEPT else decision.text
    spot = finder.find_anchor(anchor)
    if spot is not None:
        if rejects or (wanted == anchor.text and decision.act is not Act.WRITE):
            return FulfilledDecision()
        return DecisionClaim(decision, spot, wanted)
    now = finder.find_text_at(anchor)
    if now is None:
        return UnplacedDecision("nothing is read at its place")
    read = finder.read_span(now)
    if rejects and read == decision.proposed:
        return DecisionClaim(decision, now, anchor.text)
    if not rejects and read == wanted:
        return FulfilledDecision()
    return UnplacedDecision(
        f"“{_short(read)}” is read there now instead of “{_short(anchor.text)}”"
    )


def _short(text: str) -> str:
    text = text.replace("\n", "¶")
    return text if len(text) <= 24 else f"{text[:11]}…{text[-11:]}"


def settle_claims(
    claims: Sequence[DecisionClaim], texts: Sequence[FlatText]
) -> tuple[list[DecisionClaim], list[DecisionClaim]]:
    """The claims that stand, in order of place, and those that a later one has replaced."""
    kept: list[DecisionClaim] = []
    replaced: list[DecisionClaim] = []
    for claim in claims:
        end = len(texts[claim.spot.text].string)
        against = [other for other in kept if changes_collide(claim.spot, other.spot, end)]
        replaced += against
        kept = [*(other for other in kept if other not in against), claim]
    return sorted(kept, key=lambda c: (c.spot.text, c.spot.span)), replaced


def changes_collide(one: TextSpan, two: TextSpan, end: int) -> bool:
    """Whether two changes cannot both be made in a text that ends at `end`.

    What is put in before the first or behind the last character goes with that character: there is
    nothing beyond it that a change could reach to.
    """
    if one.text != two.text:
        return False
    (a, b), (c, d) = one.span, two.span
    at_edge = (a == b or c == d) and (a == c == 0 or b == d == end)
    return (a, b) == (c, d) or (a < d and c < b) or at_edge
