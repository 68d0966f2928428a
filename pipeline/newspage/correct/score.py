"""The probability that a proposal is right, from its evidence, and the status that follows."""

import math

from newspage.config import CorrectConfig
from newspage.correct.evidence_weights import DOUBTED, EvidenceWeights
from newspage.correct.proposal import Proposal, ProposalOrigin
from newspage.model import CorrectionStatus

UNORDERED = 0.6
"""Highest probability of a proposal where the order of the lines is not certain. Judgement: a
person is asked."""
DOUBTFUL = 0.6
"""Highest probability of a difference that perhaps runs into its neighbours. Judgement: a person is
asked."""
AGAINST = 0.1
"""Belief under which the words contradict an insertion or a deletion so much that the pixels alone
do not carry it: the reading may be of another place. Judgement."""
UNKNOWN = 0.5
"""Belief where the words say nothing."""
LIMIT = 30.0
"""Log-odds of the pixels, either way, beyond which they count no more. Judgement."""


def estimate_probability(proposal: Proposal) -> float:
    """Return the probability that a proposal is right, 0 to 1, from all of its evidence.

    Without the image that is the belief of its detector. A confidence of the recogniser below 0.01
    counts as 0.01.
    """
    evidence = proposal.evidence
    belief = UNKNOWN if evidence.belief is None else evidence.belief
    weights = _choose_weights(proposal)
    if evidence.image_log_odds is None or weights is None:
        return belief
    pixels = max(-LIMIT, min(LIMIT, evidence.image_log_odds))
    confidence = 1.0 if evidence.read_confidence is None else evidence.read_confidence
    chance = probability_from_log_odds(
        weights.bias
        + weights.belief * log_odds_from_probability(belief)
        + weights.pixels * pixels
        + weights.gain * (evidence.word_gain or 0.0)
        + weights.read * math.log(max(0.01, confidence))
        + weights.rare * (evidence.rarity or 0.0)
    )
    if evidence.doubt:
        chance = min(chance, DOUBTFUL)
    if not evidence.order_unknown:
        return chance
    # Where a line may have been overlooked the words have to speak for it, too.
    return min(chance, UNORDERED if proposal.proposed or belief >= 0.5 else belief / 2)


def _choose_weights(proposal: Proposal) -> EvidenceWeights | None:
    """Return the weights that were measured on proposals of this kind.

    None where the belief includes the evidence of the image already.
    """
    if proposal.origin is ProposalOrigin.LATTICE:
        return DOUBTED
    compared = proposal.origin is ProposalOrigin.COMPARISON
    return proposal.rule.weights_compared if compared else proposal.rule.weights


def choose_status(
    proposal: Proposal, probability: float, config: CorrectConfig
) -> CorrectionStatus | None:
    """Return the status of a proposal: applied, proposed, or None where it is dropped.

    `probability` is that of `estimate_probability`; the thresholds are those of `config`, with or
    without a scan.
    """
    seen = proposal.evidence.image_asked
    apply = config.apply_with_scan if seen else config.apply_without_scan
    propose = config.propose_with_scan if seen else config.propose_without_scan
    if probability < propose:
        return None
    safe = probability >= apply and (seen or not proposal.rule.cautious)
    safe = safe and not _words_contradict(proposal)
    wanted = config.apply == "all" or (config.apply == "safe" and safe)
    return CorrectionStatus.APPLIED if wanted else CorrectionStatus.PROPOSED


def _words_contradict(proposal: Proposal) -> bool:
    """Tell whether the words contradict a text that is longer or shorter than the present one."""
    as_long = len(proposal.proposed) == proposal.end - proposal.start
    if as_long or proposal.group or proposal.origin is not ProposalOrigin.COMPARISON:
        return False
    belief = proposal.evidence.belief
    return belief is not None and belief < AGAINST


def probability_from_log_odds(x: float) -> float:
    """Return the probability of natural log-odds."""
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def log_odds_from_probability(p: float) -> float:
    """Return the natural log-odds of a probability, at most 13.8 either way."""
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))
