"""How long pages take to read, from pages of a similar size that were read before."""

import math
import statistics
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass

from newspage.store import OutputStore, PageFigures

_ASSUMED = (0.5, 1.0, 3.0)
"""Seconds a megapixel (low, usual, high) as long as nothing is measured: 11 s for a page of 13
megapixels with OpenVINO and 32 s with PaddleOCR; half of the first on a processor of today."""
_ENOUGH = 5
"""Pages of a size from which on they alone tell how long such pages take. Judgement."""
_MEASURED = 2000
"""Pages of a store, the latest, that a pace is learnt from. Judgement: those of a day."""
_KEPT = 200
"""Pages of a size that are remembered, the latest: machines and settings change. Judgement."""


@dataclass(frozen=True, slots=True)
class Duration:
    """An estimated time in seconds, with a range that it is in more often than not."""

    low: float = 0.0
    usual: float = 0.0
    high: float = 0.0

    def __add__(self, other: "Duration") -> "Duration":
        return Duration(self.low + other.low, self.usual + other.usual, self.high + other.high)

    def scale(self, factor: float) -> "Duration":
        """Return so many times the duration."""
        return Duration(self.low * factor, self.usual * factor, self.high * factor)


class ReadingPace:
    """Seconds a megapixel by size of page: sizes are of one class within a factor of about 1.4."""

    def __init__(self, pages: Iterable[PageFigures] = ()) -> None:
        """`pages`: that were read before, the latest first."""
        self._rates: defaultdict[int, deque[float]] = defaultdict(lambda: deque(maxlen=_KEPT))
        self._everywhere: deque[float] = deque(maxlen=_KEPT)
        self.measured = 0
        """Pages that the pace was measured on."""
        for page in reversed(list(pages)):
            self.add_page(page)

    def add_page(self, page: PageFigures) -> None:
        """Learn how long a page took; one whose size is not known teaches nothing."""
        if page.megapixels > 0 and page.seconds > 0:
            rate = page.seconds / page.megapixels
            self._rates[_classify_size(page.megapixels)].append(rate)
            self._everywhere.append(rate)
            self.measured += 1

    def estimate_page(self, megapixels: float) -> Duration:
        """Return how long a page takes one worker: half of such pages are in the range."""
        alike = self._rates.get(_classify_size(megapixels), ())
        rates = alike if len(alike) >= _ENOUGH else self._everywhere
        low, usual, high = _ASSUMED
        if len(rates) >= _ENOUGH:
            low, usual, high = statistics.quantiles(rates, n=4, method="inclusive")
        elif rates:
            usual = statistics.median(rates)
            low, high = min(rates) / 2, max(rates) * 2
        return Duration(low, usual, high).scale(megapixels)


def learn_pace(store: OutputStore) -> ReadingPace:
    """Return the pace of the pages that were read last into an output folder. Raises StoreError."""
    return ReadingPace(store.progress.list_latest_figures(_MEASURED))


def _classify_size(megapixels: float) -> int:
    """Return a number that pages of similar size share."""
    return round(2 * math.log2(max(megapixels, 0.01)))
