"""How far the reading of an output folder is: counts that indexes alone answer."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import msgspec
from sqlalchemy import ColumnElement, func, select

from newspage.store.connection import Database
from newspage.store.state import PageFigures, ScanStatus
from newspage.store.tables import SCANS

C = SCANS.c
_FIGURES = msgspec.json.Decoder(PageFigures)


@dataclass(frozen=True, slots=True)
class FailureCount:
    """Pages that failed for one reason."""

    code: str
    """Of the error; empty where an older newspage noted it."""
    pages: int
    path: str
    """The scan of one of them."""
    frame: int


class ReadingProgress:
    """Counts of the pages of one output folder. Raises StoreError."""

    def __init__(self, database: Database, output: str) -> None:
        self._database = database
        self._output = output

    def count_states(self) -> dict[ScanStatus, int]:
        """Return how many pages are in each state; those that none is in are 0."""
        counted = select(C.status, func.count()).where(C.output == self._output).group_by(C.status)
        with self._database.reading() as connection:
            found = {status: int(count) for status, count in connection.execute(counted)}
        return {status: found.get(status.value, 0) for status in ScanStatus}

    def count_failures(self) -> list[FailureCount]:
        """Return the pages that failed by reason, most frequent first, each with an example."""
        failed = self._in_state(ScanStatus.FAILED)
        counted = (
            select(C.code, func.count(), func.max(C.finished))
            .where(*failed)
            .group_by(C.code)
            .order_by(func.count().desc(), C.code)
        )
        counts = []
        with self._database.reading() as connection:
            for code, count, latest in connection.execute(counted).all():
                one = select(C.path, C.frame).where(*failed, C.code == code, C.finished == latest)
                path, frame = connection.execute(one.limit(1)).one()
                counts.append(FailureCount(code, int(count), path, frame))
        return counts

    def find_latest(self) -> int:
        """Return when the last page was read, in seconds since 1970; 0 where that is not known."""
        latest = select(func.max(C.finished)).where(*self._in_state(ScanStatus.DONE), C.code == "")
        with self._database.reading() as connection:
            return int(connection.execute(latest).scalar() or 0)

    def count_finished(self, start: int, end: int, step: int) -> Sequence[int]:
        """Return how many pages were read in each step of a time.

        Args:
            start: Of the first step, in seconds since 1970.
            end: Of the last step.
            step: Length of a step, in seconds.
        """
        whole = (C.finished - start) // step
        counted = (
            select(whole, func.count())
            .where(
                *self._in_state(ScanStatus.DONE),
                C.code == "",
                C.finished >= start,
                C.finished < end,
            )
            .group_by(whole)
        )
        counts = [0] * (-(-(end - start) // step))
        with self._database.reading() as connection:
            for place, count in connection.execute(counted):
                counts[int(place)] += int(count)
        return counts

    def list_latest_figures(self, limit: int) -> list[PageFigures]:
        """Return the figures of the pages that were read last, at most so many."""
        found = (
            select(C.figures)
            .where(*self._in_state(ScanStatus.DONE), C.code == "")
            .order_by(C.finished.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            texts = list(connection.execute(found).scalars())
        figures = []
        for text in texts:
            with suppress(ValueError, TypeError):
                figures.append(_FIGURES.decode(text))
        return figures

    def _in_state(self, status: ScanStatus) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """Return the conditions for the pages that are in a state."""
        return C.output == self._output, C.status == status.value
