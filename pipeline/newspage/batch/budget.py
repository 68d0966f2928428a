"""The time that a run may take: no page is begun that would end after it."""

import time
from collections.abc import Callable

from newspage.batch.pace import ReadingPace
from newspage.batch.resource_limits import count_megapixels
from newspage.model import Scan


class RunBudget:
    """A time by which a run is to have ended, and the pace that tells what still fits."""

    def __init__(
        self, seconds: float, pace: ReadingPace, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`seconds` from now."""
        self._clock = clock
        self._end = clock() + seconds
        self.pace = pace

    @property
    def seconds_left(self) -> float:
        """Return the seconds until it is over, 0 at least."""
        return max(0.0, self._end - self._clock())

    @property
    def spent(self) -> bool:
        """Tell whether the time is over."""
        return self._clock() >= self._end

    def admits(self, scan: Scan) -> bool:
        """Tell whether a page that is begun now will have ended in time.

        It is taken to need the time below which three in four pages of its size stay.
        """
        needed = self.pace.estimate_page(count_megapixels(scan)).high
        return self._clock() + needed <= self._end
