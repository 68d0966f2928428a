"""曰 read as 日: both have one shape for a recogniser, and only the sentence tells them apart."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from newspage.correct.case import DetectorInput
from newspage.correct.detector import Detector
from newspage.correct.detectors.lookalike import LOOK_ALIKE
from newspage.correct.proposal import Proposal
from newspage.correction_evidence import Evidence

_SAYING = re.compile(r"(?<=[一-龥])日(?=：[「『“‘]?[一-龥])")
"""日 between two ideographs, an opening quotation mark allowed before the second."""
_EITHER = re.compile(r"[一再]則日")
"""一則曰…，再則曰: first one thing is said, then another."""
_COUNTED = re.compile(r"([一二三四五六])日(?=[一-龥])")
"""A counted point, 一曰."""
_INTRODUCED = frozenset("點点要者下條条項项事端則列法義义云")
"""Characters after which points are counted up."""
_NUMBERS = "一二三四五六"
"""Numbers of the points that are looked for."""
_INTRODUCTION = re.compile(r"([^，：、])[，：、]*$")
"""The last character before the marks that introduce points."""
_MOST_MARKS = 8
"""Marks between an introduction and the first point. Judgement: no print has more."""
_DAYS = frozenset("月初廿十卅")
"""Characters of dates: a number after them is that of a day."""
SAYING, EITHER, INTRODUCED, COUNTED = 0.992, 0.992, 0.992, 0.8
"""Beliefs for 曰 before speech, in 一則曰, in points with an introduction, in points without.
Judgement: all but the last are corrected from the text alone."""


def detect_classical_yue(case: DetectorInput) -> Iterator[Proposal]:
    """Propose 曰 where somebody speaks, in 一則曰…再則曰, and in counted points."""
    for block, string in case.text.bodies:
        for at, belief in _find_places(case, string):
            evidence = Evidence(belief=belief, compare_with="日曰")
            start = block.start + at
            yield Proposal(LOOK_ALIKE, start, start + 1, "曰", evidence)


def _find_places(case: DetectorInput, string: str) -> Iterator[tuple[int, float]]:
    """Yield the offsets where 曰 is meant, with the belief."""
    for found in _SAYING.finditer(string):
        word = string[found.start() - 1 : found.start() + 1]
        if case.traditional and word not in case.language:
            yield found.start(), SAYING
    eithers = list(_EITHER.finditer(string))
    if len(eithers) > 1:
        for found in eithers:
            yield found.end() - 1, EITHER
    yield from _find_counted_points(string)


def _find_counted_points(string: str) -> Iterator[tuple[int, float]]:
    """Yield the 日 of 一日…，二日…，三日…: points counted up from one, and no days of a month.

    Each with its offset and the belief.
    """
    points: dict[str, list[int]] = {number: [] for number in _NUMBERS}
    for found in _COUNTED.finditer(string):
        if _opens_clause(string, found.start()):
            points[found[1]].append(found.start())
    for first in points["一"]:
        series = [first]
        for number in _NUMBERS[1:]:
            following = bisect_right(points[number], series[-1])
            if following == len(points[number]):
                break
            series.append(points[number][following])
        if len(series) > 1:
            before = _INTRODUCTION.search(string, max(0, first - _MOST_MARKS), first)
            introduced = before is not None and before[1] in _INTRODUCED
            for at in series:
                yield at + 1, INTRODUCED if introduced else COUNTED


def _opens_clause(string: str, at: int) -> bool:
    """Tell whether a clause begins at a place, and no date goes on there."""
    before = string[at - 1] if at else ""
    return before in "，；：。、" or before in _INTRODUCED - _DAYS


DETECTOR = Detector(
    LOOK_ALIKE,
    detect_classical_yue,
    examples=(
        (
            "或問於任公曰：中國其果老大矣乎？任公日：惡，是何言也，是何言也！",
            "或問於任公曰：中國其果老大矣乎？任公曰：惡，是何言也，是何言也！",
        ),
    ),
    counterexamples=("本月一日晴，二日雨，三日大風，四日復晴，農人皆喜。",),
)
