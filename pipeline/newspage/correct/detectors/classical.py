"""曰 read as 日: the two are one shape to a reader, and only the sentence tells them apart."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from newspage.correct.case import DetectorInput
from newspage.correct.proposal import Proposal, Rule

_SAYING = re.compile(r"(?<=[一-龥])日(?=：[「『“‘]?[一-龥])")
_EITHER = re.compile(r"[一再]則日")
_COUNTED = re.compile(r"([一二三四五六])日(?=[一-龥])")
_INTRODUCED = frozenset("點点要者下條条項项事端則列法義义云")
"""Characters after which points are counted up."""
_NUMBERS = "一二三四五六"
_INTRODUCTION = re.compile(r"([^，：、])[，：、]*$")
_MOST_MARKS = 8
"""Marks between what introduces points and the first of them; more are no print."""
_DAYS = frozenset("月初廿十卅")
SAYING, EITHER, INTRODUCED, COUNTED = 0.992, 0.992, 0.992, 0.8


def detect_classical_yue(case: DetectorInput) -> Iterator[Proposal]:
    """曰 where somebody speaks, where one thing is said and then another, and in counted points."""
    for block, string in case.text.bodies:
        for at, belief in _places(case, string):
            evidence: dict[str, float | str] = {"belief": belief, "twin": "日曰"}
            start = block.start + at
            yield Proposal(Rule.LOOK_ALIKE, start, start + 1, "曰", evidence)


def _places(case: DetectorInput, string: str) -> Iterator[tuple[int, float]]:
    for found in _SAYING.finditer(string):
        word = string[found.start() - 1 : found.start() + 1]
        if case.traditional and word not in case.language:
            yield found.start(), SAYING
    eithers = list(_EITHER.finditer(string))
    if len(eithers) > 1:
        for found in eithers:
            yield found.end() - 1, EITHER
    yield from _counted(string)


def _counted(string: str) -> Iterator[tuple[int, float]]:
    """一日…，二日…，三日…: points counted up from one, and no days of a month among them."""
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
    before = string[at - 1] if at else ""
    return before in "，；：。、" or before in _INTRODUCED - _DAYS
