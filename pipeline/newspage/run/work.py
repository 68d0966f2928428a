"""What goes to a worker and what comes back: small values that cross a process border."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from newspage.config import Config, EngineConfig, IngestConfig
from newspage.model import GrayImage, PageRecord, Scan
from newspage.store import Figures, ScanKey


@dataclass(frozen=True, slots=True)
class Look:
    """A file whose pages are to be counted and whose content is to be fingerprinted."""

    path: Path
    config: IngestConfig
    seconds: float = 0.0
    """Limit; 0: none."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Why files of some content were refused before, by their checksums."""


@dataclass(frozen=True, slots=True)
class Load:
    """One page of one file, to be decoded and no more."""

    scan: Scan
    config: IngestConfig
    seconds: float = 0.0
    """Limit; 0: none."""

    @property
    def path(self) -> Path:
        return self.scan.path


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
class Hashed:
    """The checksum of a file, told before anything in it is looked at."""

    sha256: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file holds."""

    look: Look
    scans: tuple[Scan, ...]

    @property
    def path(self) -> Path:
        return self.look.path


@dataclass(frozen=True, slots=True)
class Loaded:
    """The pixels of a page."""

    pixels: GrayImage


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

    task: Look | Load | Task
    message: str
    """What is wrong and what to do."""
    trace: str = ""
    """Where it happened, for whom the message does not help."""
    lasting: bool = False
    """Whether the same would happen to the same file with the same settings."""
    sha256: str = ""
    """Of a file that was looked at, where it could be read so far."""

    @property
    def path(self) -> Path:
        return self.task.path


Result = Looked | Done | Failed

ReadScan = Callable[[Scan, Config], PageRecord]
"""Reads one scan. Raises what it likes."""

MakeReader = Callable[[EngineConfig, int], ReadScan]
"""Makes such a function in the worker, with an engine of its own and so many threads."""
