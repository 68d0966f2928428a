"""How the reading of scans goes, as the review page shows it."""

import time
from dataclasses import dataclass
from datetime import datetime

from newspage.errors import TextLanguage
from newspage.store import OutputStore, Throughput, measure_throughput


@dataclass(frozen=True, slots=True)
class ReadingStep:
    """Pages that were read in a stretch of time."""

    start: str
    """Month, day, hour and minute, by the clock of this machine."""
    pages: int
    share: float
    """Of the most that were read in one stretch."""


@dataclass(frozen=True, slots=True)
class ReadingFailure:
    """Pages that failed for one reason."""

    code: str
    pages: int
    message: str
    """About one of them, in the language asked for."""


@dataclass(frozen=True, slots=True)
class ReadingView:
    """How far scans are read, and how fast that goes."""

    done: int
    failed: int
    pending: int
    pages_an_hour: float
    """0: not known."""
    minutes_left: float
    """0: nothing is left, or the speed is not known."""
    step_minutes: int
    steps: tuple[ReadingStep, ...]
    failures: tuple[ReadingFailure, ...]


def make_reading_view(store: OutputStore, language: TextLanguage) -> ReadingView:
    """Return how the reading of an output folder goes. Raises StoreError."""
    speed = measure_throughput(store, int(time.time()))
    return ReadingView(
        done=speed.done,
        failed=speed.failed,
        pending=speed.pending,
        pages_an_hour=speed.pages_an_hour,
        minutes_left=speed.seconds_left / 60,
        step_minutes=speed.step // 60,
        steps=tuple(_make_steps(speed)),
        failures=tuple(
            ReadingFailure(one.code, one.pages, one.describe(language)) for one in speed.failures
        ),
    )


def _make_steps(speed: Throughput) -> list[ReadingStep]:
    """Return the stretches of the plot, the earliest first."""
    most = max(speed.counts, default=0) or 1
    return [
        ReadingStep(
            datetime.fromtimestamp(speed.start + number * speed.step).strftime("%m-%d %H:%M"),
            count,
            count / most,
        )
        for number, count in enumerate(speed.counts)
    ]
