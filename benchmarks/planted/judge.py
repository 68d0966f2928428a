"""What a correction did to a text whose faults are known."""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from benchmarks.planted.defects import Planting
from newspage.model import Correction, CorrectionStatus

AROUND = 12
"""Characters around a correction that are compared with the truth."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One correction, judged."""

    correction: Correction
    right: bool
    """It brings the text nearer to the truth, or asks where something is wrong."""
    kinds: tuple[str, ...]
    """Kinds of the faults it touches."""
    named: bool
    """A proper name stands there in truth."""

    @property
    def applied(self) -> bool:
        return self.correction.status is CorrectionStatus.APPLIED


def judge(
    planting: Planting, corrections: Sequence[Correction], names: Sequence[str]
) -> Iterator[Verdict]:
    """A verdict for each correction that is one of content."""
    for correction in corrections:
        start, end = correction.span
        touched = _touched(planting, start, end)
        before, after, true = _windows(planting, correction)
        question = correction.original == correction.proposed
        nearer = _distance(after, true) < _distance(before, true)
        same = _distance(after, true) == _distance(before, true) == 0
        if same and not question:
            continue
        yield Verdict(
            correction,
            bool(touched) if question else nearer,
            tuple(planting.faults[i].kind for i in touched),
            any(n in true for n in names),
        )


def found(planting: Planting, corrections: Sequence[Correction]) -> list[bool]:
    """For each fault whether a correction touches it, or the other end of its move."""
    hit = set()
    for correction in corrections:
        hit.update(_touched(planting, *correction.span))
    return [i in hit or fault.partner in hit for i, fault in enumerate(planting.faults)]


def _touched(planting: Planting, start: int, end: int) -> list[int]:
    """The faults a span touches, or stands directly beside."""
    return [i for i, (a, b) in enumerate(planting.spans) if start <= b + 1 and a - 1 <= end]


def _windows(planting: Planting, correction: Correction) -> tuple[str, str, str]:
    """Old text, corrected text and true text around a correction."""
    start, end = correction.span
    low, high = max(0, start - AROUND), min(len(planting.old), end + AROUND)
    for a, b in planting.spans:
        if (a < high and low < b) or low <= a == b <= high:
            low, high = min(low, a), max(high, b)
    old = planting.old
    true = planting.true[_true(planting, low, False) : _true(planting, high, True)]
    after = old[low:start] + correction.proposed + old[end:high]
    return old[low:high], after, true


def _true(planting: Planting, offset: int, late: bool) -> int:
    """Where a place of the old text lies in the true one."""
    ends = [b for _, b in planting.spans]
    number = bisect_right(ends, offset)
    if not late and number and planting.spans[number - 1][1] == offset:
        # The window begins where a fault ends: that fault lies outside, unless it is empty.
        start, stop = planting.spans[number - 1]
        if start == stop:
            return planting.faults[number - 1].start
    if number == 0:
        return offset
    return planting.faults[number - 1].end + offset - planting.spans[number - 1][1]


def _distance(a: str, b: str) -> int:
    """Edits between two texts; the width of marks and blanks do not count, breaks do."""
    return Levenshtein.distance(_plain(a), _plain(b))


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).replace("\n\n", "\n")
    return folded.replace(" ", "").replace("\u3000", "")
