"""Detectors, one module a class of fault: pure functions from an input to proposals.

The `belief` in a proposal's evidence is the probability that it is right, from the words alone.
Where nothing else is said, beliefs are judgements, and they count by the side of the thresholds of
`CorrectConfig` they lie on: from 0.99 a proposal is applied without a scan, from 0.3 it is shown to
a person. How far they hold on planted pages is in docs/correction.md.
"""

from collections.abc import Callable, Iterator

from newspage.correct.case import DetectorInput
from newspage.correct.detectors import (
    classical,
    dates,
    echo,
    latin,
    lists,
    lookalike,
    marks,
    passage,
    person_names,
    phrase,
    width,
    wording,
    wrong_script,
)
from newspage.correct.proposal import Proposal

Detector = Callable[[DetectorInput], Iterator[Proposal]]
"""A function that proposes corrections of one kind of fault."""

DETECTORS: tuple[Detector, ...] = (
    phrase.detect_damaged_phrases,
    lists.detect_list_faults,
    echo.detect_repetitions,
    passage.detect_repeated_passages,
    latin.detect_stray_latin,
    classical.detect_classical_yue,
    lookalike.detect_look_alikes,
    person_names.detect_wrong_names,
    dates.detect_wrong_dates,
    marks.detect_unpaired_marks,
    wording.detect_odd_wording,
    wrong_script.detect_wrong_script,
    width.detect_half_width_marks,
)
"""Detectors that need the text alone. `examine` runs `broken_flow`, `width` and `middle_dots`
before them; `doubtful` and `line_hyphens` need the lines of the page."""
