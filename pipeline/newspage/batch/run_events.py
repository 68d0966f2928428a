"""What a run tells while it goes on, and what has come of it."""

from dataclasses import dataclass, field
from typing import Protocol

from newspage.errors import NewspageError
from newspage.store import FailureReason, PageFigures, QuestionCounts, ScanRow


@dataclass(frozen=True, slots=True)
class ScanFailure:
    """A file or page that cannot be read."""

    message: str
    """Which file, what is wrong, what to do."""
    trace: str = ""
    row: ScanRow | None = None
    """What the store is to know of it, where it is a file with the name of a scan."""
    reason: FailureReason | None = None
    """The same as the message in no language, where an error says it."""
    page: str = ""
    """Name of its outputs; empty where it is not known, or several are concerned; so also below."""
    file: str = ""
    """What the store calls the file."""

    @classmethod
    def from_error(cls, error: NewspageError, page: str = "", file: str = "") -> "ScanFailure":
        """Return the failure that an error tells of."""
        reason = FailureReason.from_error(error)
        return cls(str(error), reason=reason, page=page, file=file)


class RunListener(Protocol):
    """Receiver of events of a run while it goes on."""

    def report_looking(self, files: int) -> None:
        """Report that so many files are new or changed and are looked into."""

    def report_start(self, pages: int, skipped: int) -> None:
        """Report that more pages will be read or have failed, and that more need no reading."""

    def report_page(self, name: str, figures: PageFigures) -> None:
        """Report that a scan was read."""

    def report_failure(self, message: str, trace: str) -> None:
        """Report that a scan could not be read: which one, what is wrong, what to do."""

    def report_note(self, message: str) -> None:
        """Report a note that is no failure."""


@dataclass(slots=True)
class RunOutcome:
    """Counts and messages of a run, added up while it goes on."""

    skipped: int = 0
    failed: int = 0
    done: int = 0
    again: int = 0
    """Of those done, pages that had been read before."""
    elsewhere: int = 0
    """Of those done, pages that other workers read."""
    waiting: int = 0
    """Pages that were to be read, by this run or others."""
    passed_over: int = 0
    """Files that the selection left out."""
    figures: list[PageFigures] = field(default_factory=list)
    """Of the pages read in this run."""
    issues: tuple[str, ...] = ()
    """Names of the issues whose articles were joined anew."""
    failures: list[str] = field(default_factory=list)
    """Message of each failure."""
    asked: QuestionCounts = field(default_factory=QuestionCounts)
    """Corrections of the pages read in this run, and what became of them."""
    lost: int = 0
    """Decisions that have no place in the output folder, whenever they lost it."""
    left_pages: int = 0
    """Pages that were not begun, since they would have ended after the budget."""
    left_files: int = 0
    """Files that were not looked into when the budget was spent."""

    @property
    def left(self) -> int:
        """Return how many pages and files the budget left."""
        return self.left_pages + self.left_files
