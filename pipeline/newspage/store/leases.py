"""The pages of an output folder that wait to be read, and who has which of them.

A worker claims a page and holds it by a lease that ends by itself: whoever lives renews it. The
lease of a worker that died ends, and the page is claimed again. A page has a row here from when it
is found until it is done; one that was set aside keeps its row, with the reason.
"""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    delete,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    update,
)

from newspage.model import Publication
from newspage.store.connection import (
    Database,
    lock_table,
    read_clock,
    split_into_batches,
    upsert_rows,
)
from newspage.store.listed_pages import write_scans
from newspage.store.scan_rows import encode_publication, parse_publication_text
from newspage.store.state import ScanKey, ScanRow, ScanStatus
from newspage.store.tables import LEASES, SCANS

L = LEASES.c

MOST_ATTEMPTS = 3
"""Workers that may be lost with a page before it is set aside. Judgement: one may be switched off,
two is chance, and a page that took three took each with it."""


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A page that is to be read, with all that a worker on another machine has to know of it."""

    key: ScanKey
    stem: str
    """Name of its outputs below the output folder."""
    fingerprint: str
    """Of content, settings, version and engine, as whoever found it would read it."""
    version: str
    """The newspage of whoever found it."""
    sha256: str
    width: int
    height: int
    frames: int = 1
    """Pages in the file."""
    dpi: float | None = None
    publication: Publication | None = None


@dataclass(frozen=True, slots=True)
class Claimant:
    """A worker that claims pages."""

    name: str
    """Its own, which no other process ever had or will have."""
    host: str
    """Where it is, for people."""
    seconds: float
    """For which a lease lasts from when it was last renewed."""
    is_run: bool = False
    """True for a run, which has the output folder for itself but for workers."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A page that a worker holds."""

    page: WaitingPage
    worker: str
    attempt: int
    """Number of the worker that has the page: those before were lost with it."""


@dataclass(frozen=True, slots=True)
class LeaseCounts:
    """How far the reading of an output folder is."""

    waiting: int = 0
    """Pages that nobody has, those of lost workers too."""
    held: int = 0
    workers: int = 0
    """Workers that hold them."""
    aside: tuple[tuple[str, int], ...] = ()
    """Codes of the reasons for which pages were set aside, each with their number."""

    @property
    def left(self) -> int:
        """Return how many pages are still to be done, whoever has them."""
        return self.waiting + self.held


class LeaseTable:
    """The waiting pages of one output folder. Raises StoreError.

    Times are those of the database, so that no worker's clock counts.
    """

    def __init__(
        self, database: Database, output: str, clock: Callable[[], float] | None = None
    ) -> None:
        """`clock` takes the place of the database's: seconds."""
        self._database = database
        self._output = output
        self._clock = clock

    def claim_pages(
        self, claimant: Claimant, most: int, among: Sequence[ScanKey] | None = None
    ) -> list[Lease]:
        """Claim pages that wait: first those that nobody had yet, then those of lost workers.

        Args:
            claimant: The worker.
            most: Number of pages at most.
            among: Only these, at most 500; None: any.
        """
        leases: list[Lease] = []
        with self._database.transaction() as connection:
            now = self._now(connection)
            lost = and_(_has_ended(now), L.attempt < MOST_ATTEMPTS)
            for condition in (L.until == 0, lost):
                if len(leases) < most:
                    wanted = and_(condition, self._is_among(among))
                    leases += self._take(connection, claimant, wanted, most - len(leases), now)
        return leases

    def renew_leases(self, claimant: Claimant) -> dict[ScanKey, int]:
        """Renew all leases of a worker. Returns the pages that it still has, with their attempt."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                self._renewal(claimant, self._now(connection)).returning(L.path, L.frame, L.attempt)
            )
            return {ScanKey(path, frame): attempt for path, frame, attempt in rows}

    def confirm_lease(self, lease: Lease, claimant: Claimant) -> bool:
        """Renew one lease; tell whether the worker still had it."""
        with self._database.transaction() as connection:
            renewed = connection.execute(
                self._renewal(claimant, self._now(connection)).where(*_is_of(lease))
            )
            return renewed.rowcount > 0

    def finish_page(self, lease: Lease, row: ScanRow) -> bool:
        """Note what became of a page and end its lease, both or neither.

        Returns whether the worker still had the page; else nothing is noted.
        """
        with self._database.transaction() as connection:
            ended = connection.execute(
                delete(LEASES).where(L.output == self._output, *_is_of(lease))
            )
            if not ended.rowcount:
                return False
            write_scans(connection, self._output, [row])
        return True

    def give_back(self, claimant: Claimant, lease: Lease | None = None) -> None:
        """Let others have the pages of a worker, or one; that it had them does not count."""
        self._free_pages(*((L.worker == claimant.name,) if lease is None else _is_of(lease)))

    def end_leases_of_runs(self) -> None:
        """End the leases of runs; to be called by the one that holds the output folder alone.

        They count for nothing: a page can end the process that reads it, which its run sees, but
        not the run. Somebody killed that, be it three times.
        """
        self._free_pages(L.is_run == 1)

    def _free_pages(self, *which: ColumnElement[bool]) -> None:
        """Have pages wait as if they had not been claimed the last time."""
        with self._database.transaction() as connection:
            connection.execute(
                update(LEASES)
                .where(L.output == self._output, *which)
                .values(worker="", host="", is_run=0, since=0, until=0, attempt=L.attempt - 1)
            )

    def list_ruinous(self) -> list[Lease]:
        """Return the pages with which as many workers were lost as may be."""
        with self._database.reading() as connection:
            now = self._now(connection)
            rows = connection.execute(
                select(LEASES)
                .where(L.output == self._output, L.reason == "", _has_ended(now))
                .where(L.attempt >= MOST_ATTEMPTS)
                .order_by(L.path, L.frame)
            ).all()
        return [Lease(_page(row), row.worker, row.attempt) for row in rows]

    def set_aside(self, lease: Lease, row: ScanRow, reason: str) -> bool:
        """Set a page aside, and note it as failed. Returns False where somebody has it.

        Args:
            lease: The one that ended.
            row: What becomes of the page.
            reason: Code of the error that says why.
        """
        with self._database.transaction() as connection:
            aside = connection.execute(
                update(LEASES)
                .where(L.output == self._output, *_is_of(lease), L.reason == "")
                .where(_has_ended(self._now(connection)))
                .values(reason=reason, worker="", host="", is_run=0, since=0, until=0)
            )
            if not aside.rowcount:
                return False
            write_scans(connection, self._output, [row])
        return True

    def list_waiting(self) -> set[ScanKey]:
        """Return the pages that nobody has, those of lost workers too."""
        with self._database.reading() as connection:
            now = self._now(connection)
            rows = connection.execute(
                select(L.path, L.frame).where(
                    L.output == self._output, L.reason == "", or_(L.until == 0, _has_ended(now))
                )
            )
            return {ScanKey(path, frame) for path, frame in rows}

    def list_held(self) -> set[ScanKey]:
        """Return the pages that workers have, those of lost workers too."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(L.path, L.frame).where(L.output == self._output, L.reason == "", L.until > 0)
            )
            return {ScanKey(path, frame) for path, frame in rows}

    def list_left(self, keys: Sequence[ScanKey]) -> set[ScanKey]:
        """Return those of some pages that are still to be done, whoever has them."""
        found: set[ScanKey] = set()
        with self._database.reading() as connection:
            for some in split_into_batches(keys):
                rows = connection.execute(
                    select(L.path, L.frame).where(
                        L.output == self._output, L.reason == "", self._is_among(some)
                    )
                )
                found |= {ScanKey(path, frame) for path, frame in rows}
        return found

    def has_any_left(self) -> bool:
        """Tell whether any page is still to be done, whoever has it."""
        wanted = select(L.frame).where(L.output == self._output, L.reason == "").limit(1)
        with self._database.reading() as connection:
            return connection.execute(wanted).first() is not None

    def count_leases(self) -> LeaseCounts:
        """Count the pages that wait, are held, and were set aside."""
        with self._database.reading() as connection:
            is_held = and_(L.until > 0, ~_has_ended(self._now(connection)))
            held = case((is_held, 1), else_=0)
            holder = case((is_held, L.worker), else_=None)
            rows = connection.execute(
                select(L.reason, func.count(), func.sum(held), func.count(holder.distinct()))
                .where(L.output == self._output)
                .group_by(L.reason)
                .order_by(L.reason)
            ).all()
        aside = tuple((reason, count) for reason, count, _, _ in rows if reason)
        for reason, count, held_now, workers in rows:
            if not reason:
                return LeaseCounts(count - held_now, held_now, workers, aside)
        return LeaseCounts(aside=aside)

    def _now(self, connection: Connection) -> ColumnElement[float]:
        """Return the seconds of the clock that leases are measured by."""
        return literal(self._clock()) if self._clock else read_clock(connection)

    def _renewal(self, claimant: Claimant, now: ColumnElement[float]) -> Any:
        """Return the statement that renews the leases of a worker."""
        return (
            update(LEASES)
            .where(L.output == self._output, L.worker == claimant.name)
            .values(since=now, until=now + claimant.seconds)
        )

    def _is_among(self, keys: Sequence[ScanKey] | None) -> ColumnElement[bool]:
        """Tell whether a row is of one of some pages."""
        if keys is None:
            return true()
        if not keys:
            return false()
        return tuple_(L.path, L.frame).in_([(key.path, key.frame) for key in keys])

    def _take(
        self,
        connection: Connection,
        claimant: Claimant,
        condition: ColumnElement[bool],
        most: int,
        now: ColumnElement[float],
    ) -> list[Lease]:
        """Claim some pages that meet a condition; those that others are just claiming are left."""
        # FOR UPDATE SKIP LOCKED; a transaction that writes to SQLite has it all to itself anyway.
        chosen = (
            _select_first(self._output, condition, most).with_for_update(skip_locked=True)
        ).cte("chosen")
        rows = connection.execute(
            update(LEASES)
            .where(L.output == self._output)
            .where(tuple_(L.path, L.frame).in_(select(chosen.c.path, chosen.c.frame)))
            .values(
                worker=claimant.name,
                host=claimant.host,
                is_run=int(claimant.is_run),
                since=now,
                until=now + claimant.seconds,
                attempt=L.attempt + 1,
            )
            .returning(*LEASES.c)
        ).all()
        leases = [Lease(_page(row), row.worker, row.attempt) for row in rows]
        return sorted(leases, key=lambda lease: lease.page.key)


def add_waiting_pages(
    connection: Connection,
    output: str,
    pages: Iterable[WaitingPage],
    again: Collection[ScanKey] = (),
) -> list[WaitingPage]:
    """Have pages wait to be read, unless they do. Returns those that are not done meanwhile.

    A page that waits or is held stays so, unless it would be read otherwise now, or was set aside.

    Args:
        connection: A transaction.
        output: Name of the output folder in the store.
        pages: The pages.
        again: Those that are to be read although they are done.
    """
    lock_table(connection, LEASES)
    left: list[WaitingPage] = []
    for some in split_into_batches(pages):
        keys = tuple_(SCANS.c.path, SCANS.c.frame).in_([(p.key.path, p.key.frame) for p in some])
        done = _fingerprints_of_done(connection, output, keys)
        todo = [p for p in some if p.key in again or done.get(p.key) != p.fingerprint]
        here = tuple_(L.path, L.frame).in_([(p.key.path, p.key.frame) for p in some])
        rows = connection.execute(
            select(L.path, L.frame, L.fingerprint, L.stem).where(
                L.output == output, L.reason == "", here
            )
        )
        known = {ScanKey(row.path, row.frame): (row.fingerprint, row.stem) for row in rows}
        new = [page for page in todo if known.get(page.key) != (page.fingerprint, page.stem)]
        upsert_rows(connection, LEASES, (_columns(output, page) for page in new))
        left += todo
    return left


def forget_waiting(connection: Connection, output: str, key: ScanKey) -> None:
    """Have a page wait no more: whoever holds it will find that out."""
    connection.execute(
        delete(LEASES).where(L.output == output, L.path == key.path, L.frame == key.frame)
    )


def _fingerprints_of_done(
    connection: Connection, output: str, keys: ColumnElement[bool]
) -> dict[ScanKey, str]:
    """Return how those of some pages were read that are done."""
    rows = connection.execute(
        select(SCANS.c.path, SCANS.c.frame, SCANS.c.fingerprint).where(
            SCANS.c.output == output, SCANS.c.status == ScanStatus.DONE.value, keys
        )
    )
    return {ScanKey(path, frame): fingerprint for path, frame, fingerprint in rows}


def _select_first(output: str, condition: ColumnElement[bool], most: int) -> Select[Any]:
    """Select the keys of the first pages that meet a condition and were not set aside."""
    return (
        select(L.path, L.frame)
        .where(L.output == output, L.reason == "", condition)
        .order_by(L.path, L.frame)
        .limit(most)
    )


def _has_ended(now: ColumnElement[float]) -> ColumnElement[bool]:
    """Tell whether a lease has ended.

    One that begins in the future was given before the clock was set back, or before the machine was
    started anew (the clock of SQLite counts from there): nobody knows when it would end.
    """
    return and_(L.until > 0, or_(L.until <= now, L.since > now))


def _is_of(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    """Tell whether a row is of a lease, and no later one."""
    key = lease.page.key
    return (
        L.path == key.path,
        L.frame == key.frame,
        L.worker == lease.worker,
        L.attempt == lease.attempt,
    )


def _columns(output: str, page: WaitingPage) -> dict[str, object]:
    """Return the row of a page that nobody has."""
    return {
        "output": output,
        "path": page.key.path,
        "frame": page.key.frame,
        "stem": page.stem,
        "fingerprint": page.fingerprint,
        "version": page.version,
        "publication": encode_publication(page.publication),
        "scan": json.dumps([page.sha256, page.width, page.height, page.frames, page.dpi]),
        "worker": "",
        "host": "",
        "is_run": 0,
        "since": 0,
        "until": 0,
        "attempt": 0,
        "reason": "",
    }


def _page(row: Row[Any]) -> WaitingPage:
    """Return the page of a row."""
    sha256, width, height, frames, dpi = json.loads(row.scan)
    return WaitingPage(
        ScanKey(row.path, row.frame),
        row.stem,
        row.fingerprint,
        row.version,
        sha256,
        width,
        height,
        frames,
        dpi,
        parse_publication_text(row.publication) if row.publication else None,
    )
