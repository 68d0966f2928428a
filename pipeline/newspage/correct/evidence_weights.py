"""Weights of the evidence for a proposal, and what each set of them was measured on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EvidenceWeights:
    """A logistic model: log-odds that a proposal is right, as a weighted sum of its evidence."""

    bias: float
    belief: float
    """Weight of the log-odds that the words alone give."""
    pixels: float
    """Weight of the natural log-odds that the image gives."""
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
ASKED = EvidenceWeights(bias=-3.5, belief=1.2, pixels=0.71)
"""A proposal of the words alone about a page that was just read, weighed with its image. Measured
on 1,322 differences of texts and their scans, 7 pages clean and aged (benchmarks/correction.py)."""
ASKED_MARKS = EvidenceWeights(bias=-4.04, belief=1.2, pixels=0.71)
"""The same for marks, from the same pages."""
DOUBTED = EvidenceWeights(bias=0.0, belief=0.0, pixels=1.13, gain=0.43, rare=-0.33)
"""Another reading of a character in the lattice itself: 1,101 of them on 12 badly aged pages."""
