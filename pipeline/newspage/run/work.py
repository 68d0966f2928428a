"""What goes to a worker and what comes back: small values that cross a process border."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from newspage.config import Config, EngineConfig, IngestConfig
from newspage.model import PageRecord, Scan
from newspage.store import Figures, ScanKey


@dataclass(frozen=True, slots=True)
class Look:
    """A file whose pages are to be counted and whose content is to be fingerprinted."""

    path: Path
    config: IngestConfig


@dataclass(frozen=True, slots=True)
class Task:
    """One page of one file, to be read."""

    scan: Scan
    key: ScanKey
    """What the store calls it."""
    stem: str
    """Name of its outputs below the output folder."""
    output: Path
    config: Config

    @property
    def path(self) -> Path:
        return self.scan.path


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file holds."""

    look: Look
    scans: tuple[Scan, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """A scan was read."""

    task: Task
    files: Mapping[str, bytes]
    """What is to be written, by suffix, like ".json"."""
    figures: Figures


@dataclass(frozen=True, slots=True)
class Failed:
    """A scan could not be read, or a file not looked at."""

    task: Look | Task
    message: str
    """What is wrong and what to do."""
    trace: str = ""
    """Where it happened, for whom the message does not help."""


ReadScan = Callable[[Scan, Config], PageRecord]
"""Reads one scan. Raises what it likes."""

MakeReader = Callable[[EngineConfig, int], ReadScan]
"""Makes such a function in the worker, with an engine of its own and so many threads."""
