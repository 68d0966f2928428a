"""From evidence to the probability that a proposal is right, and from there to what is done."""

import math
from collections.abc import Mapping

from pipeline.config import CorrectConfig
from pipeline.correct.proposal import Proposal, Rule
from pipeline.model import Status

NEVER_APPLIED = frozenset({Rule.DATE, Rule.NAME, Rule.DISPLACED, Rule.WORDING})
"""What needs to be known about the world outside the page is left to a person, scan or not."""
UNORDERED = 0.9
"""Most that a proposal is believed where the order of the lines is not certain."""
LIMIT = 30.0
"""Log-odds of the pixels beyond this say no more than this."""


def probability(proposal: Proposal) -> float:
    """How surely a proposal is right, 0 to 1, from all of its evidence."""
    belief = number(proposal.evidence, "belief", 0.5)
    if "pixels" not in proposal.evidence:
        return belief
    pixels = max(-LIMIT, min(LIMIT, number(proposal.evidence, "pixels", 0.0)))
    chance = sigmoid(0.5 * logit(belief) + 0.8 * pixels - 2.0)
    return min(chance, UNORDERED) if "order" in proposal.evidence else chance


def decide(proposal: Proposal, probability: float, config: CorrectConfig) -> Status | None:
    """Applied, proposed, or None: dropped."""
    seen = "pixels" in proposal.evidence
    apply = config.apply_with_scan if seen else config.apply_without_scan
    propose = config.propose_with_scan if seen else config.propose_without_scan
    wanted = config.apply != "none" and (config.apply == "all" or probability >= apply)
    if wanted and may_apply(proposal, seen):
        return Status.APPLIED
    return Status.PROPOSED if probability >= propose else None


def may_apply(proposal: Proposal, seen: bool) -> bool:
    """Whether a change of this kind may ever be made without a person."""
    return seen or proposal.rule not in NEVER_APPLIED


def number(evidence: Mapping[str, float | str], key: str, default: float) -> float:
    """A numeric entry of the evidence."""
    value = evidence.get(key, default)
    return float(value) if isinstance(value, int | float) else default


def sigmoid(x: float) -> float:
    """The probability of some log-odds."""
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def logit(p: float) -> float:
    """The log-odds of a probability, kept finite."""
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))
