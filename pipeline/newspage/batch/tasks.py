"""Define the tasks of a worker and their results: small values that cross a process border."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from newspage.config import Config, EngineConfig, IngestConfig
from newspage.errors import InputError, NewspageError
from newspage.model import GrayImage, PageRecord, Scan
from newspage.record import ReadingConditions
from newspage.store import PageFigures, ScanKey
from newspage.terminal import escape_line


@dataclass(frozen=True, slots=True)
class LookTask:
    """A file whose pages are to be counted and whose content is to be fingerprinted."""

    path: Path
    config: IngestConfig
    seconds: float = 0.0
    """Most seconds that it may take; 0: no limit."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Reasons for which files were refused before, by the checksum of their content."""
    hashed: bool = True
    """Whether its content is fingerprinted, for which all of it is read."""


@dataclass(frozen=True, slots=True)
class LoadTask:
    """One page of one file, to be decoded and no more."""

    scan: Scan
    config: IngestConfig
    seconds: float = 0.0
    """Most seconds that it may take; 0: no limit."""

    @property
    def path(self) -> Path:
        """Return the path of the scan."""
        return self.scan.path


@dataclass(frozen=True, slots=True)
class ReadTask:
    """One page of one file, to be read."""

    scan: Scan
    key: ScanKey
    """Its key in the store."""
    stem: str
    """Name of its outputs below the output folder."""
    output: Path
    config: Config
    conditions: ReadingConditions | None = None
    """What decides how it is read, to be kept with its lattices; None: they are not kept."""

    @property
    def path(self) -> Path:
        """Return the path of the scan."""
        return self.scan.path


@dataclass(frozen=True, slots=True)
class Hashed:
    """The checksum of a file, sent before anything in it is parsed."""

    sha256: str


@dataclass(frozen=True, slots=True)
class LookResult:
    """The pages of a file."""

    look: LookTask
    scans: tuple[Scan, ...]

    @property
    def path(self) -> Path:
        """Return the path of the file."""
        return self.look.path


@dataclass(frozen=True, slots=True)
class LoadResult:
    """The pixels of a page."""

    pixels: GrayImage


@dataclass(frozen=True, slots=True)
class ReadResult:
    """The record and figures of a page that was read."""

    task: ReadTask
    record: bytes
    """As it is written; the files in other formats are made from it."""
    figures: PageFigures
    lattices: bytes = b""
    """As they are written; empty where they are not kept."""


@dataclass(frozen=True, slots=True)
class TaskFailure:
    """Failure of a task: a scan that could not be read, or a file that could not be opened."""

    task: LookTask | LoadTask | ReadTask
    error: NewspageError
    """What is wrong with the scan, and what to do; it may leave the name of the file out."""
    trace: str = ""
    """Traceback, for developers."""
    lasting: bool = False
    """True where the same would happen to the same file with the same settings."""
    sha256: str = ""
    """Of a file that was looked at, where it could be read so far."""

    @property
    def path(self) -> Path:
        """Return the path of the file of the task."""
        return self.task.path

    @property
    def message(self) -> str:
        """Return what is wrong with which file, and what to do."""
        return str(self.named_error)

    @property
    def named_error(self) -> NewspageError:
        """Return the error; one that does not begin with the name of the file, with it."""
        if str(self.error).startswith(escape_line(self.path)):
            return self.error
        return InputError.restate(self.error, where=self.path)


@dataclass(frozen=True, slots=True)
class PageTaken:
    """Word that a worker was given a page."""

    task: ReadTask


Result = LookResult | ReadResult | TaskFailure | PageTaken

ReadScan = Callable[[Scan, Config], PageRecord]
"""Reads one scan. May raise any exception."""

MakeReader = Callable[[EngineConfig, int], ReadScan]
"""Makes a `ReadScan` in the worker, with an engine of its own and that many threads."""
