"""One small module a class of fault; each `detect` is a pure function from a case to proposals."""

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
    width.detect_wrong_width,
)
"""Detectors that need the text alone. `flow` and `dots` run before them, `hyphens` needs lines."""
