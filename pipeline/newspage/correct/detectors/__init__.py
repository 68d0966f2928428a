"""Detectors, one module a class of fault: pure functions from an input to proposals.

Each module declares its rule and its entry in the table. The `belief` in a proposal's evidence is
the probability that it is right, from the words alone. Where nothing else is said, beliefs are
judgements, and they count by the side of the thresholds of `CorrectConfig` they lie on: from 0.99 a
proposal is applied without a scan, from 0.3 it is shown to a person. How far they hold on planted
pages is in docs/correction.md.
"""

from newspage.correct.detector import Detector
from newspage.correct.detectors import (
    broken_flow,
    classical,
    compared,
    dates,
    doubtful,
    echo,
    latin,
    line_hyphens,
    lists,
    lookalike,
    marks,
    middle_dots,
    passage,
    person_names,
    phrase,
    width,
    wording,
    wrong_script,
)
from newspage.correct.rule import Rule

DETECTORS: tuple[Detector, ...] = (
    broken_flow.DETECTOR,
    width.DETECTOR,
    middle_dots.DETECTOR,
    phrase.DETECTOR,
    lists.DOUBLED_TERMS,
    lists.CHANGED_ITEMS,
    echo.DETECTOR,
    passage.DETECTOR,
    latin.DETECTOR,
    classical.DETECTOR,
    lookalike.DETECTOR,
    person_names.DETECTOR,
    dates.DETECTOR,
    marks.DETECTOR,
    wording.DETECTOR,
    wrong_script.DETECTOR,
    width.BESIDE_WIDE_MARKS,
    doubtful.DETECTOR,
    line_hyphens.DETECTOR,
)
"""The detectors of newspage, in the order in which they run inside their phases. Of two proposals
for one place that are equally good that of the earlier one is taken."""

COMPARED: tuple[Rule, ...] = (compared.CHARACTER, compared.DISPLACED, compared.UNLIKELY)
"""Rules that only `newspage.collation` proposes for: it compares a text with its scan, or with a
language model."""
