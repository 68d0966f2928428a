"""What the store knows, as values."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from newspage.errors import NewspageError, TextLanguage, restore_error
from newspage.model import Publication


class ScanStatus(StrEnum):
    """How far a scan has come."""

    PENDING = "pending"
    """Begun by a run that has not come to it, or did not survive."""
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FailureReason:
    """Why a page failed, in no language: the code of an error, and the values its words name."""

    code: str
    fields: tuple[tuple[str, str | int | float], ...] = ()

    @classmethod
    def from_error(cls, error: NewspageError) -> "FailureReason":
        """Return the reason that an error gives."""
        values = (
            (name, str(value) if isinstance(value, Path) else value)
            for name, value in error.fields.items()
        )
        return cls(error.code, tuple(values))

    def describe(self, language: TextLanguage) -> str:
        """Return the reason in words; the code alone where its values are damaged."""
        try:
            return restore_error(self.code, dict(self.fields)).describe(language)
        except (LookupError, ValueError, TypeError, AttributeError):
            return self.code


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file's content, remembered under what the file system says of it."""

    size: int
    """Bytes."""
    mtime_ns: int
    inode: int
    sha256: str
    frames: int
    """Pages in the file."""

    def same_file(self, size: int, mtime_ns: int, inode: int) -> bool:
        """Tell whether the file system says that nothing has changed."""
        return (self.size, self.mtime_ns, self.inode) == (size, mtime_ns, inode)


@dataclass(frozen=True, slots=True, order=True)
class ScanKey:
    """One page of one file, read into one output folder."""

    path: str
    frame: int = 0


@dataclass(frozen=True, slots=True)
class PageFigures:
    """What people ask about a page that was read."""

    articles: int = 0
    characters: int = 0
    lines_placed: int = 0
    lines_unplaced: int = 0
    seconds: float = 0.0
    steps: tuple[tuple[str, float], ...] = ()
    """Seconds by step."""
    problems: tuple[str, ...] = ()
    dictionaries: str = ""
    """What tells the dictionaries the page was corrected with from others; empty: not known."""
    megapixels: float = 0.0
    """Size of the scan; 0: not known."""
    adapter: str = ""
    """Name of the adapter that the page was to be read with; empty: none."""
    adapter_used: bool = False
    """Whether it was, as it fits the page's type better than the network alone."""


DAMAGED = "What the store knew of this page is damaged; the next run reads it again."


@dataclass(frozen=True, slots=True)
class ScanRow:
    """What became of a scan."""

    key: ScanKey
    stem: str
    """Name of its outputs below the output folder."""
    status: ScanStatus
    fingerprint: str = ""
    """Of content, settings, version and engine: equal means there is nothing to do."""
    message: str = ""
    """Why it failed, in English."""
    publication: Publication | None = None
    figures: PageFigures | None = None
    """Of the last time it was read; None where there are no outputs."""
    reason: FailureReason | None = None
    """Why it failed; None where it did not, or an older newspage noted it."""
    finished: int = 0
    """When it was read or failed, in seconds since 1970; 0: not known."""

    @property
    def is_damaged(self) -> bool:
        """Tell whether what the store knew of it is damaged, so that its page is read again."""
        return self.message == DAMAGED

    def describe_failure(self, language: TextLanguage) -> str:
        """Return in a language why it failed; in English where nothing else is known."""
        return self.reason.describe(language) if self.reason else self.message


@dataclass(frozen=True, slots=True)
class RunRow:
    """One `newspage run`. Times are ISO 8601 in UTC; an unfinished run has no `finished`."""

    id: int
    version: str
    started: str
    finished: str | None = None
    outcome: str | None = None
    done: int | None = None
    skipped: int | None = None
    failed: int | None = None
    output: str = field(default="", compare=False)
