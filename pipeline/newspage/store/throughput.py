"""How fast an output folder is being read, and when the rest will have been."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from newspage.errors import TextLanguage
from newspage.store.output_store import OutputStore
from newspage.store.reading_progress import FailureCount
from newspage.store.state import FailureReason, ScanKey, ScanStatus

_STEPS = 48
_LENGTHS = (60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 24 * 3600)
"""Seconds of a step of the plot, of which the shortest is taken that shows all of a run."""
_RECENT = 3600
"""Seconds by whose pages the speed is told. Judgement: long enough for slow pages to even out."""


@dataclass(frozen=True, slots=True)
class FailedPages:
    """Pages that failed for one reason."""

    code: str
    pages: int
    example: FailureReason | None
    """Of one of them; None where an older newspage noted it in English alone."""
    message: str
    """In English."""

    def describe(self, language: TextLanguage) -> str:
        """Return in words why one of them failed."""
        return self.example.describe(language) if self.example else self.message


@dataclass(frozen=True, slots=True)
class Throughput:
    """Counts of an output folder, and its speed over the last hour in which pages were read."""

    done: int
    failed: int
    pending: int
    """Pages that a run has found and not read yet."""
    pages_an_hour: float
    """0: not known."""
    latest: int
    """When the last page was read, in seconds since 1970; 0: not known."""
    seconds_left: float
    """0: nothing is left, or the speed is not known."""
    start: int
    """Of the first step, in seconds since 1970; so also below."""
    step: int
    """Length of a step in seconds."""
    counts: Sequence[int]
    """Pages read in each step."""
    failures: tuple[FailedPages, ...]


def measure_throughput(store: OutputStore, now: int) -> Throughput:
    """Return how fast an output folder is being read. Raises StoreError.

    Args:
        store: Its store.
        now: Seconds since 1970.
    """
    states = store.progress.count_states()
    latest = store.progress.find_latest()
    pending = states[ScanStatus.PENDING]
    begun = max((parse_seconds(run.started) for run in store.list_runs()[:1]), default=0)
    step, start = _choose_steps(begun, latest)
    speed = _measure_speed(store, begun, latest, now if pending else latest)
    return Throughput(
        states[ScanStatus.DONE],
        states[ScanStatus.FAILED],
        pending,
        speed,
        latest,
        pending / speed * 3600 if speed else 0.0,
        start,
        step,
        store.progress.count_finished(start, start + _STEPS * step, step) if latest else [],
        tuple(_describe_failures(store, one) for one in store.progress.count_failures()),
    )


def parse_seconds(at: str) -> int:
    """Return a time in ISO 8601 as seconds since 1970."""
    return int(datetime.fromisoformat(at).timestamp())


def _choose_steps(begun: int, latest: int) -> tuple[int, int]:
    """Return length and start of the steps in which a run that began then is shown."""
    needed = max(0, latest - begun)
    step = next((some for some in _LENGTHS if some * (_STEPS - 1) >= needed), _LENGTHS[-1])
    return step, (latest // step + 1 - _STEPS) * step


def _measure_speed(store: OutputStore, begun: int, latest: int, until: int) -> float:
    """Return the pages an hour of the last run, over the last hour in which it read any."""
    end = min(until, latest + _RECENT)
    start = max(begun, end - _RECENT)
    if not latest or start >= end:
        return 0.0
    (count,) = store.progress.count_finished(start, end + 1, end + 1 - start)
    return count * 3600 / (end - start)


def _describe_failures(store: OutputStore, counted: FailureCount) -> FailedPages:
    """Return pages that failed for one reason with the words of one of them."""
    row = store.find_scan(ScanKey(counted.path, counted.frame))
    if row is None:
        return FailedPages(counted.code, counted.pages, None, counted.code)
    return FailedPages(counted.code, counted.pages, row.reason, row.message)
