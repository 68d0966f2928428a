"""The probability that a proposal is right, from its evidence, and the status that follows."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from newspage.config import CorrectConfig
from newspage.correct.proposal import Proposal, Rule
from newspage.model import CorrectionStatus

NEVER_APPLIED = frozenset({Rule.DATE, Rule.NAME, Rule.DISPLACED, Rule.WORDING})
"""Rules that need knowledge of the world outside the page. Without a scan they are left to a
person."""
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


@dataclass(frozen=True, slots=True)
class EvidenceWeights:
    """A logistic model: log-odds that a proposal is right, as a weighted sum of its evidence."""

    bias: float
    belief: float
    """Weight of the log-odds that the words alone give."""
    pixels: float
    """Weight of the natural log-odds that the image gives."""
    punctuation: float = 0.0
    """Added for a mark."""
    gain: float = 0.0
    """Weight of the nats by which the text gets likelier."""
    read: float = 0.0
    """Weight of the logarithm of the recogniser's confidence in its least sure glyph."""
    rare: float = 0.0
    """Weight of the nats by which the present character is rarer: a rare one is not read by
    chance."""


SEEN = EvidenceWeights(bias=-1.15, belief=1.07, pixels=0.51, read=5.46)
"""A difference of a text and its scan: 2,573 on 16 pages, clean and aged
(benchmarks/correction.py)."""
SEEN_MARKS = EvidenceWeights(bias=-1.59, belief=1.24, pixels=0.65, read=1.65)
"""The same for marks, of which recognisers are seldom sure: 587 differences on 27 such pages."""
ASKED = EvidenceWeights(bias=-3.5, belief=1.2, pixels=0.71, punctuation=-0.54)
"""A proposal of the words alone about a page that was just read, weighed with its image. Measured
on 1,322 differences of texts and their scans, 7 pages clean and aged (benchmarks/correction.py)."""
DOUBTED = EvidenceWeights(bias=0.0, belief=0.0, pixels=1.13, gain=0.43, rare=-0.33)
"""Another reading of a character in the lattice itself: 1,101 of them on 12 badly aged pages."""

HABIT = EvidenceWeights(bias=1.6, belief=1.0, pixels=0.5)
"""A simplified form that the recogniser writes by habit, at times in no doubt: 172 of them on two
traditional pages of our own, 56 on one of 1939, a third of those printed so."""


def estimate_probability(proposal: Proposal) -> float:
    """Return the probability that a proposal is right, 0 to 1, from all of its evidence.

    Without the image that is the belief of its detector. A confidence of the recogniser below 0.01
    counts as 0.01.
    """
    belief = read_number(proposal.evidence, "belief", 0.5)
    if "pixels" not in proposal.evidence or _includes_pixels(proposal):
        return belief
    weights = _choose_weights(proposal)
    pixels = max(-LIMIT, min(LIMIT, read_number(proposal.evidence, "pixels", 0.0)))
    chance = probability_from_log_odds(
        weights.bias
        + weights.belief * log_odds_from_probability(belief)
        + weights.pixels * pixels
        + weights.punctuation * (proposal.rule is Rule.PUNCTUATION)
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


def _choose_weights(proposal: Proposal) -> EvidenceWeights:
    """Return the weights that were measured on proposals of this kind."""
    if "rare" in proposal.evidence:
        return DOUBTED
    if "read" in proposal.evidence:
        return SEEN_MARKS if proposal.rule in (Rule.PUNCTUATION, Rule.MIDDLE_DOT) else SEEN
    return HABIT if proposal.rule is Rule.SCRIPT else ASKED


def _includes_pixels(proposal: Proposal) -> bool:
    """Tell whether the belief includes the evidence of the image already, as that of a dot does."""
    return proposal.rule is Rule.MIDDLE_DOT and "read" not in proposal.evidence


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
    safe = probability >= apply and (seen or proposal.rule not in NEVER_APPLIED)
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
