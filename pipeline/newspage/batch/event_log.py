"""A log of a run for programs: one JSON object a line, one line an event."""

from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from newspage.batch.events import RunEvent
from newspage.files import make_output_error


class EventLog:
    """Adds the events of a run to a file, each at once. Raises OutputError where that fails."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._encode = msgspec.json.Encoder().encode
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # A line is one write, so that several runs may add to one file.
            self._file = path.open("ab", buffering=0)
        except OSError as error:
            raise make_output_error(path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def note_event(self, event: RunEvent) -> None:
        """Add an event."""
        try:
            self._file.write(self._encode(event) + b"\n")
        except OSError as error:
            raise make_output_error(self._path, error) from error
