"""What happens in a run, as values: for logs and for figures of other programs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec


def format_moment() -> str:
    """Return the time now as ISO 8601 in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class RunBegun(msgspec.Struct, frozen=True, tag_field="event", tag="run-begun", kw_only=True):
    """A run has the output folder and begins to look for scans."""

    at: str = msgspec.field(default_factory=format_moment)
    version: str
    output: str


class PagesFound(msgspec.Struct, frozen=True, tag_field="event", tag="pages-found", kw_only=True):
    """Further pages are known: at first, and whenever files were looked into."""

    at: str = msgspec.field(default_factory=format_moment)
    to_read: int
    """Pages to be read, those among them counted that failed before they could be."""
    already_read: int


class PageBegun(msgspec.Struct, frozen=True, tag_field="event", tag="page-begun", kw_only=True):
    """A worker was given a page."""

    at: str = msgspec.field(default_factory=format_moment)
    page: str
    """Name of its outputs below the output folder."""
    file: str


class PageDone(msgspec.Struct, frozen=True, tag_field="event", tag="page-done", kw_only=True):
    """A page was read and its files are written."""

    at: str = msgspec.field(default_factory=format_moment)
    page: str
    file: str
    seconds: float
    """That reading it took, writing not counted."""
    megapixels: float
    articles: int
    characters: int


class PageFailed(msgspec.Struct, frozen=True, tag_field="event", tag="page-failed", kw_only=True):
    """A page could not be read, or a file not be looked into."""

    at: str = msgspec.field(default_factory=format_moment)
    page: str
    """Empty where it is not known, or several are concerned."""
    file: str
    code: str
    """Of the error (`docs/errors.md`); empty where it has none."""
    message: str


class RunEnded(msgspec.Struct, frozen=True, tag_field="event", tag="run-ended", kw_only=True):
    """A run has ended."""

    at: str = msgspec.field(default_factory=format_moment)
    how: str
    """complete | budget | interrupted | enqueued (its pages wait for workers)"""
    done: int
    already_read: int
    failed: int
    left: int
    """Pages and files that the budget left."""
    seconds: float


RunEvent = RunBegun | PagesFound | PageBegun | PageDone | PageFailed | RunEnded
RunObserver = Callable[[RunEvent], None]
"""Is told every event of a run, in order, in the process of the run."""


@dataclass(frozen=True, slots=True)
class EventSource:
    """A run as the source of its events."""

    observers: tuple[RunObserver, ...]
    begun: float
    """When the run began, by the monotonic clock."""

    def tell(self, event: RunEvent) -> None:
        """Tell all observers of an event."""
        for observer in self.observers:
            observer(event)
