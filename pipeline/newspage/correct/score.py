"""The probability that a proposal is right, from its evidence, and the status that follows."""

import math
from collections.abc import Mapping

from newspage.config import CorrectConfig
from newspage.correct.evidence_weights import DOUBTED, EvidenceWeights
from newspage.correct.proposal import Proposal
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
LIMIT = 30.0
"""Log-odds of the pixels, either way, beyond which they count no more. Judgement."""


def estimate_probability(proposal: Proposal) -> float:
    """Return the probability that a proposal is right, 0 to 1, from all of its evidence.

    Without the image that is the belief of its detector. A confidence of the recogniser below 0.01
    counts as 0.01.
    """
    belief = read_number(proposal.evidence, "belief", 0.5)
    weights = _choose_weights(proposal)
    if "pixels" not in proposal.evidence or weights is None:
        return belief
    pixels = max(-LIMIT, min(LIMIT, read_number(proposal.evidence, "pixels", 0.0)))
    chance = probability_from_log_odds(
        weights.bias
        + weights.belief * log_odds_from_probability(belief)
        + weights.pixels * pixels
        + weights.gain * read_number(proposal.evidence, "gain", 0.0)
        + weights.read * math.log(max(0.01, read_number(proposal.evidence, "read", 1.0)))
        + weights.rare * read_number(proposal.evidence, "rare", 0.0)
    )
    if "doubt" in proposal.evidence:
        chance = min(chance, DOUBTFUL)
    if "order" not in proposal.evidence:
        return chance
    # Where a line may have been overlooked the words have to speak for it, too.
    return min(chance, UNORDERED if proposal.proposed or belief >= 0.5 else belief / 2)


def _choose_weights(proposal: Proposal) -> EvidenceWeights | None:
    """Return the weights that were measured on proposals of this kind.

    None where the belief includes the evidence of the image already.
    """
    if "rare" in proposal.evidence:
        return DOUBTED
    return proposal.rule.weights_compared if "read" in proposal.evidence else proposal.rule.weights


def choose_status(
    proposal: Proposal, probability: float, config: CorrectConfig
) -> CorrectionStatus | None:
    """Return the status of a proposal: applied, proposed, or None where it is dropped.

    `probability` is that of `estimate_probability`; the thresholds are those of `config`, with or
    without a scan.
    """
    seen = "pixels" in proposal.evidence
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
    if as_long or proposal.group or "read" not in proposal.evidence:
        return False
    return read_number(proposal.evidence, "belief", 0.5) < AGAINST


def read_number(evidence: Mapping[str, float | str], key: str, default: float) -> float:
    """Return a numeric entry of the evidence; `default` where it is missing or no number."""
    value = evidence.get(key, default)
    return float(value) if isinstance(value, int | float) else default


def probability_from_log_odds(x: float) -> float:
    """Return the probability of natural log-odds."""
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def log_odds_from_probability(p: float) -> float:
    """Return the natural log-odds of a probability, at most 13.8 either way."""
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))
