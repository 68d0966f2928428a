"""Turn decisions on a text into claims: a span of the text as read is to become other text."""

from collections.abc import Sequence
from dataclasses import dataclass

from newspage.correct import BY_HAND, BY_JOINING, BY_TYPING
from newspage.decision import Act, Decision
from newspage.decisions.anchor_finder import AnchorFinder, TextSpan
from newspage.decisions.glyph_index import compare_anchors
from newspage.decisions.machine_questions import MachineQuestion
from newspage.edits import FlatText
from newspage.model import Correction, CorrectionStatus

HAND, JOIN, TYPED = BY_HAND.name, BY_JOINING.name, BY_TYPING.name
"""Names of the rules of corrections that people make where nothing was proposed."""

STATUS = {
    Act.ACCEPT: CorrectionStatus.ACCEPTED,
    Act.REJECT: CorrectionStatus.REJECTED,
    Act.EDIT: CorrectionStatus.EDITED,
    Act.WRITE: CorrectionStatus.EDITED,
}
"""Status that a correction has after each act on it; these acts are the decisions on text."""


@dataclass(frozen=True, slots=True)
class DecisionClaim:
    """A decision with the span that it is about, and the text that is wanted there."""

    decision: Decision
    spot: TextSpan
    wanted: str
    correction: Correction | None = None
    """The machine's correction that the decision answers; None where it answers none."""

    @property
    def changes(self) -> bool:
        """Tell whether the claim makes the text differ from what was read."""
        return self.decision.act is not Act.REJECT or self.correction is None


@dataclass(frozen=True, slots=True)
class FulfilledDecision:
    """The result for a decision whose wanted text is read there already."""


@dataclass(frozen=True, slots=True)
class UnplacedDecision:
    """The result for a decision whose place was not found, or where something else is read now."""

    reason: str


def find_claim(
    decision: Decision, finder: AnchorFinder, asked: Sequence[MachineQuestion]
) -> DecisionClaim | FulfilledDecision | UnplacedDecision:
    """Find what a decision on a text claims on this page.

    Args:
        decision: one of ACCEPT, REJECT, EDIT or WRITE.
        finder: the texts of the page as read.
        asked: the machine's corrections of the page, as questions.
    """
    if decision.act is not Act.WRITE:
        found = _answered(decision, asked)
        if found is not None:
            number = [t.id for t in finder.texts].index(found.article)
            wanted = decision.text if decision.act is Act.EDIT else found.proposed
            return DecisionClaim(decision, TextSpan(number, found.span), wanted, found)
    return _by_place(decision, finder)


def _answered(decision: Decision, asked: Sequence[MachineQuestion]) -> Correction | None:
    """Return the machine's correction that a decision answers; None if it is no longer proposed."""
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
    """Find the claim of a decision by its anchor, where it answers no correction of the machine."""
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
    if decision.rule == TYPED:
        # The whole line was typed from the scan, whatever was read of it.
        return DecisionClaim(decision, now, wanted)
    if rejects and read == decision.proposed:
        return DecisionClaim(decision, now, anchor.text)
    if not rejects and read == wanted:
        return FulfilledDecision()
    return UnplacedDecision(
        f"“{_short(read)}” is read there now instead of “{_short(anchor.text)}”"
    )


def _short(text: str) -> str:
    """Shorten a text to at most 24 characters for a message, breaks made visible."""
    text = text.replace("\n", "¶")
    return text if len(text) <= 24 else f"{text[:11]}…{text[-11:]}"


def settle_claims(
    claims: Sequence[DecisionClaim], texts: Sequence[FlatText]
) -> tuple[list[DecisionClaim], list[DecisionClaim]]:
    """Keep the last of claims that collide.

    Args:
        claims: in order of precedence, the strongest last.
        texts: the texts that the spans are in.

    Returns:
        The claims that hold, in order of place; and those that a later one has replaced.
    """
    kept: list[DecisionClaim] = []
    replaced: list[DecisionClaim] = []
    for claim in claims:
        end = len(texts[claim.spot.text].string)
        against = [other for other in kept if changes_collide(claim.spot, other.spot, end)]
        replaced += against
        kept = [*(other for other in kept if other not in against), claim]
    return sorted(kept, key=lambda c: (c.spot.text, c.spot.span)), replaced


def changes_collide(one: TextSpan, two: TextSpan, end: int) -> bool:
    """Tell whether two changes of a text of length `end` cannot both be made.

    They collide where they overlap or are at the same place. At the two ends of the text an
    insertion also collides with a change of the character beside it: there is no character beyond
    that the insertion could be attached to instead.
    """
    if one.text != two.text:
        return False
    (a, b), (c, d) = one.span, two.span
    at_edge = (a == b or c == d) and (a == c == 0 or b == d == end)
    return (a, b) == (c, d) or (a < d and c < b) or at_edge
