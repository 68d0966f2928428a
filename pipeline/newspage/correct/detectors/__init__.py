"""One small module a class of fault; each `detect` is a pure function from a case to proposals."""

from collections.abc import Callable, Iterator

from newspage.correct.case import Case
from newspage.correct.detectors import (
    classical,
    dates,
    echo,
    latin,
    lists,
    lookalike,
    marks,
    names,
    passage,
    phrase,
    script,
    width,
    wording,
)
from newspage.correct.proposal import Proposal

Detector = Callable[[Case], Iterator[Proposal]]

DETECTORS: tuple[Detector, ...] = (
    phrase.detect,
    lists.detect,
    echo.detect,
    passage.detect,
    latin.detect,
    classical.detect,
    lookalike.detect,
    names.detect,
    dates.detect,
    marks.detect,
    wording.detect,
    script.detect,
    width.detect,
)
"""Detectors that need the text alone. `flow` and `dots` run before them, `hyphens` needs lines."""
