"""What goes to a worker and what comes back: small values that cross a process border."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from newspage.config import Config, EngineConfig, IngestConfig
from newspage.model import GrayImage, PageRecord, Scan
from newspage.store import PageFigures, ScanKey


@dataclass(frozen=True, slots=True)
class LookTask:
    """A file whose pages are to be counted and whose content is to be fingerprinted."""

    path: Path
    config: IngestConfig
    seconds: float = 0.0
    """Limit; 0: none."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Why files of some content were refused before, by their checksums."""


@dataclass(frozen=True, slots=True)
class LoadTask:
    """One page of one file, to be decoded and no more."""

    scan: Scan
    config: IngestConfig
    seconds: float = 0.0
    """Limit; 0: none."""

    @property
    def path(self) -> Path:
        return self.scan.path


@dataclass(frozen=True, slots=True)
class ReadTask:
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
class LookResult:
    """What a file holds."""

    look: LookTask
    scans: tuple[Scan, ...]

    @property
    def path(self) -> Path:
        return self.look.path


@dataclass(frozen=True, slots=True)
class LoadResult:
    """The pixels of a page."""

    pixels: GrayImage


@dataclass(frozen=True, slots=True)
class ReadResult:
    """A scan was read."""

    task: ReadTask
    files: Mapping[str, bytes]
    """What is to be written, by suffix, like ".json"."""
    figures: PageFigures


@dataclass(frozen=True, slots=True)
class TaskFailure:
    """A scan could not be read, or a file not looked at."""

    task: LookTask | LoadTask | ReadTask
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


Result = LookResult | ReadResult | TaskFailure

ReadScan = Callable[[Scan, Config], PageRecord]
"""Reads one scan. Raises what it likes."""

MakeReader = Callable[[EngineConfig, int], ReadScan]
"""Makes such a function in the worker, with an engine of its own and so many threads."""
