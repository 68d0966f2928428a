"""Figures of a run in Prometheus' text format, in a file that node_exporter's collector reads."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from newspage.batch.events import (
    PageBegun,
    PageDone,
    PageFailed,
    PagesFound,
    RunBegun,
    RunEnded,
    RunEvent,
)
from newspage.files import write_files

_PAUSE = 5.0
"""Seconds between two writings. Judgement: Prometheus asks every 15 to 60 seconds."""
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@dataclass(slots=True)
class _Figures:
    """Figures of a run so far."""

    output: str = ""
    version: str = ""
    begun: float = 0.0
    """When it began, in seconds since 1970; so also below."""
    ended: float = 0.0
    to_read: int = 0
    already_read: int = 0
    left: int = 0
    reading: set[tuple[str, str]] = field(default_factory=set)
    """Page and file of those that are being read."""
    done: int = 0
    seconds: float = 0.0
    megapixels: float = 0.0
    characters: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    """By code."""


class MetricsFile:
    """Keeps a file of figures up to date while a run goes on. Raises OutputError."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._figures = _Figures()
        self._written = -_PAUSE

    def note_event(self, event: RunEvent) -> None:
        """Count an event; the file follows within seconds, and at once when the run ends."""
        figures = self._figures
        match event:
            case RunBegun():
                figures.output, figures.version = event.output, event.version
                figures.begun = time.time()
            case PagesFound():
                figures.to_read += event.to_read
                figures.already_read += event.already_read
            case PageBegun():
                figures.reading.add((event.page, event.file))
            case PageDone():
                figures.reading.discard((event.page, event.file))
                figures.done += 1
                figures.seconds += event.seconds
                figures.megapixels += event.megapixels
                figures.characters += event.characters
            case PageFailed():
                figures.reading.discard((event.page, event.file))
                figures.failures[event.code or "other"] += 1
            case RunEnded():
                figures.reading.clear()
                figures.ended, figures.left = time.time(), event.left
        if isinstance(event, RunEnded) or self._clock() - self._written >= _PAUSE:
            self._written = self._clock()
            text = "".join(_write_lines(figures))
            write_files(self._path.parent, {self._path.name: text.encode()})


def _write_lines(figures: _Figures) -> Iterator[str]:
    """Yield the lines of the file."""
    where = {"output": figures.output}
    gauges: tuple[tuple[str, str, Mapping[str, str], float], ...] = (
        ("run_info", "The run; its value is always 1.", {"version": figures.version}, 1),
        ("run_begun_seconds", "When the run began, in seconds since 1970.", {}, figures.begun),
        ("run_ended_seconds", "When it ended; 0 while it goes on.", {}, figures.ended),
        ("pages_to_read", "Pages that the run has found to read.", {}, figures.to_read),
        ("pages_already_read", "Pages that needed no reading.", {}, figures.already_read),
        ("pages_reading", "Pages that are being read.", {}, len(figures.reading)),
        ("pages_left", "Pages and files left by the budget.", {}, figures.left),
    )
    for name, words, labels, value in gauges:
        yield from _write_metric(name, "gauge", words, [({**where, **labels}, value)])
    counters = (
        ("pages_read", "Pages read.", figures.done),
        ("reading_seconds", "Seconds of workers that reading pages took.", figures.seconds),
        ("megapixels_read", "Megapixels of the pages read.", figures.megapixels),
        ("characters_read", "Characters of the pages read.", figures.characters),
    )
    for name, words, value in counters:
        yield from _write_metric(f"{name}_total", "counter", words, [(where, value)])
    failed = [({**where, "code": code}, count) for code, count in sorted(figures.failures.items())]
    words = "Pages and files that failed, by the code of the error."
    yield from _write_metric("pages_failed_total", "counter", words, failed)


def _write_metric(
    name: str, kind: str, words: str, samples: Sequence[tuple[Mapping[str, str], float]]
) -> Iterator[str]:
    """Yield the lines of one metric: what it is, and a line for each of its label sets."""
    yield f"# HELP newspage_{name} {words}\n# TYPE newspage_{name} {kind}\n"
    for labels, value in samples:
        said = ",".join(f'{key}="{text.translate(_ESCAPES)}"' for key, text in labels.items())
        yield f"newspage_{name}{{{said}}} {value!r}\n"
