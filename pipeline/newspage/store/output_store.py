"""What the store has of one output folder: its scans, runs, issues, pages and questions."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from sqlalchemy import (
    Connection,
    LargeBinary,
    Row,
    Select,
    cast,
    delete,
    func,
    insert,
    select,
    update,
)

from newspage.model import Publication
from newspage.store.connection import (
    lock_table,
    order_by_code_point,
    take_next_number,
    upsert_rows,
)
from newspage.store.database import Store
from newspage.store.pages import PageTable
from newspage.store.questions import OutputQuestions
from newspage.store.queue import QuestionQueue
from newspage.store.reading_progress import ReadingProgress
from newspage.store.state import FailureReason, PageFigures, RunRow, ScanKey, ScanRow, ScanStatus
from newspage.store.tables import ISSUES, RUNS, SCANS

DAMAGED = "What the store knew of this page is damaged; the next run reads it again."

_FIGURES = msgspec.json.Decoder(PageFigures)
_FIELDS = msgspec.json.Decoder(dict[str, str | int | float])
_KEYS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_STATUSES = {status.value: status for status in ScanStatus}
_SHOWS = msgspec.json.Decoder(tuple[str, str | None, str | None])


class OutputStore:
    """The part of a store that is about one output folder, and the decisions, which are for all.

    Every method is one transaction. All of them raise StoreError where the store cannot be used.
    """

    def __init__(self, whole: Store, name: str) -> None:
        """`name` is that of the output folder in the store (`Workspace.name`)."""
        self.whole = whole
        """The store that this is a part of; whoever opened it closes it."""
        self.name = name
        self.questions = OutputQuestions(whole.database, name)
        self.queue = QuestionQueue(whole.database, name)
        self.pages = PageTable(whole.database, name)
        self.progress = ReadingProgress(whole.database, name)
        self.decisions = whole.decisions
        self.snapshots = whole.snapshots
        self.teaching = whole.teaching
        self._database = whole.database

    def list_scans(self) -> dict[ScanKey, ScanRow]:
        """Return the row of every scan ever read into the output folder."""
        with self._database.reading() as connection:
            rows = connection.execute(_scans(connection).where(SCANS.c.output == self.name))
            return {scan.key: scan for scan in map(_scan, rows)}

    def list_scan_stretch(self, find: str, offset: int, limit: int) -> tuple[list[ScanRow], int]:
        """Return a stretch of the scans by stem (in order of code points), and how many there are.

        Args:
            find: What the stem holds, in letters of any case; empty: anything.
            offset: Scans before the stretch.
            limit: Scans in the stretch at most.
        """
        conditions = [SCANS.c.output == self.name]
        if find:
            held = func.lower(SCANS.c.stem).contains(find.lower(), autoescape=True)
            conditions.append(held)
        with self._database.reading() as connection:
            rows = connection.execute(
                _scans(connection)
                .where(*conditions)
                .order_by(order_by_code_point(connection, SCANS.c.stem), SCANS.c.path)
                .offset(offset)
                .limit(limit)
            ).all()
            count = select(func.count()).select_from(SCANS).where(*conditions)
            return list(map(_scan, rows)), connection.execute(count).scalar_one()

    def find_neighbours(self, stem: str) -> tuple[str, str]:
        """Return the stems of the pages before and after one of those read; empty: none there."""
        done = [SCANS.c.output == self.name, SCANS.c.status == ScanStatus.DONE.value]
        with self._database.reading() as connection:
            column = order_by_code_point(connection, SCANS.c.stem)
            wanted = select(SCANS.c.stem).where(*done).limit(1)
            found = (
                wanted.where(column == stem),
                wanted.where(column < stem).order_by(column.desc()),
                wanted.where(column > stem).order_by(column),
            )
            here, before, after = (connection.execute(one).scalar() or "" for one in found)
        return (before, after) if here else ("", "")

    def has_scans(self) -> bool:
        """Tell whether anything was ever read into the output folder, or tried."""
        found = select(SCANS.c.frame).where(SCANS.c.output == self.name).limit(1)
        with self._database.reading() as connection:
            return connection.execute(found).first() is not None

    def find_scan(self, key: ScanKey) -> ScanRow | None:
        """Return the row of one scan."""
        with self._database.reading() as connection:
            row = connection.execute(
                _scans(connection).where(
                    SCANS.c.output == self.name,
                    SCANS.c.path == key.path,
                    SCANS.c.frame == key.frame,
                )
            ).one_or_none()
        return _scan(row) if row else None

    def begin_run(self, version: str) -> int:
        """Note that a run begins. Returns its number."""
        with self._database.transaction() as connection:
            lock_table(connection, RUNS)
            number = take_next_number(connection, RUNS.c.id)
            connection.execute(
                insert(RUNS).values(id=number, output=self.name, version=version, started=_now())
            )
        return number

    def expect_scans(self, scans: Iterable[ScanRow], issues: Iterable[str]) -> None:
        """Note that some scans are about to be read, and that some issues will change.

        From here on their earlier results count as unfinished.
        """
        with self._database.transaction() as connection:
            upsert_rows(connection, SCANS, (scan_to_columns(self.name, row) for row in scans))
            for name in issues:
                connection.execute(
                    update(ISSUES)
                    .where(ISSUES.c.output == self.name, ISSUES.c.name == name)
                    .values(fingerprint="")
                )

    def put_scan(self, row: ScanRow) -> None:
        """Note what became of a scan."""
        with self._database.transaction() as connection:
            upsert_rows(connection, SCANS, [scan_to_columns(self.name, row)])

    def list_issues(self) -> dict[str, str]:
        """Fingerprints of the issues whose articles were joined, by name; empty: not any more."""
        with self._database.reading() as connection:
            rows = connection.execute(select(ISSUES).where(ISSUES.c.output == self.name)).all()
        return {name: fingerprint for _, name, fingerprint in rows}

    def put_issue(self, name: str, fingerprint: str) -> None:
        """Note that the articles of an issue are joined."""
        with self._database.transaction() as connection:
            upsert_rows(
                connection,
                ISSUES,
                [{"output": self.name, "name": name, "fingerprint": fingerprint}],
            )

    def forget_issue(self, name: str) -> None:
        """Forget an issue that is none any more."""
        with self._database.transaction() as connection:
            connection.execute(
                delete(ISSUES).where(ISSUES.c.output == self.name, ISSUES.c.name == name)
            )

    def end_run(self, run: int, outcome: str, done: int, skipped: int, failed: int) -> None:
        """Note how a run ended."""
        with self._database.transaction() as connection:
            connection.execute(
                update(RUNS)
                .where(RUNS.c.id == run)
                .values(finished=_now(), outcome=outcome, done=done, skipped=skipped, failed=failed)
            )

    def list_runs(self) -> list[RunRow]:
        """All runs into the output folder, the latest first."""
        columns = [RUNS.c[name] for name in RunRow.__dataclass_fields__]
        with self._database.reading() as connection:
            rows = connection.execute(
                select(*columns).where(RUNS.c.output == self.name).order_by(RUNS.c.id.desc())
            ).all()
        return [RunRow(*row) for row in rows]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def scan_to_columns(output: str, row: ScanRow) -> dict[str, object]:
    """Return the row of the table that holds what became of a scan."""
    known = row.publication
    day = known.date.isoformat() if known and known.date else None
    return {
        "output": output,
        "path": row.key.path,
        "frame": row.key.frame,
        "stem": row.stem,
        "fingerprint": row.fingerprint,
        "status": row.status.value,
        "message": row.message,
        "publication": json.dumps([known.paper, day, known.page]) if known else "",
        "figures": json.dumps(asdict(row.figures)) if row.figures else "",
        "code": row.reason.code if row.reason else "",
        "fields": json.dumps(dict(row.reason.fields)) if row.reason else "",
        "finished": row.finished,
    }


def _scans(connection: Connection) -> Select[Any]:
    """Everything of scans. A damaged file may hold what is no text: it is looked at as it lies."""
    raw = {
        column.name: cast(column, LargeBinary).label(column.name)
        if column in (SCANS.c.publication, SCANS.c.figures) and connection.dialect.name == "sqlite"
        else column
        for column in SCANS.c
    }
    return select(*raw.values())


def _scan(row: Row[Any]) -> ScanRow:
    """What became of a scan; where that is damaged, its page is to be read again."""
    _, path, frame, stem, fingerprint, state, message, shows, facts, *ended = tuple(row)
    code, fields, finished = ended
    damaged = False
    publication, figures, status = None, None, ScanStatus.PENDING
    try:
        status = _STATUSES[state]
        publication = _publication(shows) if shows else None
        figures = _decode_figures(facts) if facts else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        # Its name is kept for what figures tell: that there are outputs.
        damaged, figures = True, PageFigures(problems=(DAMAGED,))
    return ScanRow(
        ScanKey(path, frame),
        stem,
        status,
        "" if damaged else fingerprint,
        DAMAGED if damaged else message,
        publication,
        figures,
        _decode_reason(code, fields) if code and not damaged else None,
        finished,
    )


def _decode_reason(code: str, fields: str) -> FailureReason:
    """Return why a page failed; without values where those are damaged."""
    try:
        return FailureReason(code, tuple(_FIELDS.decode(fields).items()))
    except (ValueError, TypeError):
        return FailureReason(code)


def _decode_figures(data: bytes | str) -> PageFigures:
    """Return the figures of a page. Raises ValueError for a damaged key as well as a value."""
    if _KEYS.decode(data).keys() - PageFigures.__dataclass_fields__.keys():
        raise ValueError("a figure has an unknown name")
    return _FIGURES.decode(data)


def _publication(data: bytes | str) -> Publication:
    paper, day, page = _SHOWS.decode(data)
    return Publication(paper, date.fromisoformat(day) if day else None, page)
