"""What the store has of one output folder: its scans, runs, issues, pages and questions."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select, update

from newspage.store.article_index import ArticleIndex
from newspage.store.article_rows import outdate_articles
from newspage.store.connection import (
    lock_table,
    order_by_code_point,
    take_next_number,
    upsert_rows,
)
from newspage.store.database import Store
from newspage.store.error_estimates import ErrorEstimates
from newspage.store.leases import LeaseTable, WaitingPage, add_waiting_pages, forget_waiting
from newspage.store.listed_pages import write_scans
from newspage.store.page_catalogue import PageCatalogue
from newspage.store.pages import PageTable
from newspage.store.questions import OutputQuestions
from newspage.store.queue import QuestionQueue
from newspage.store.reading_progress import ReadingProgress
from newspage.store.scan_hashes import ScanFinder
from newspage.store.scan_rows import make_scan_row, select_scans
from newspage.store.state import RunRow, ScanKey, ScanRow, ScanStatus
from newspage.store.tables import ISSUES, RUNS, SCANS


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
        self.leases = LeaseTable(whole.database, name)
        self.articles = ArticleIndex(whole.database, name)
        self.catalogue = PageCatalogue(whole.database, name)
        self.finder = ScanFinder(whole.database, name)
        self.errors = ErrorEstimates(whole.database, name)
        self.decisions = whole.decisions
        self.snapshots = whole.snapshots
        self.teaching = whole.teaching
        self._database = whole.database

    @contextmanager
    def hold_writing(self) -> Iterator[None]:
        """Be the only one, on all machines, who writes files of the output folder.

        A store in a file has no such lock: see `Database.hold_lock`.
        """
        with self._database.hold_lock(f"write {self.name}"):
            yield

    def list_scans(self) -> dict[ScanKey, ScanRow]:
        """Return the row of every scan ever read into the output folder."""
        with self._database.reading() as connection:
            rows = connection.execute(select_scans(connection).where(SCANS.c.output == self.name))
            return {scan.key: scan for scan in map(make_scan_row, rows)}

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
                select_scans(connection).where(
                    SCANS.c.output == self.name,
                    SCANS.c.path == key.path,
                    SCANS.c.frame == key.frame,
                )
            ).one_or_none()
        return make_scan_row(row) if row else None

    def begin_run(self, version: str) -> int:
        """Note that a run begins. Returns its number."""
        with self._database.transaction() as connection:
            lock_table(connection, RUNS)
            number = take_next_number(connection, RUNS.c.id)
            connection.execute(
                insert(RUNS).values(id=number, output=self.name, version=version, started=_now())
            )
        return number

    def expect_scans(
        self,
        scans: Collection[ScanRow],
        issues: Iterable[str],
        waiting: Sequence[WaitingPage] = (),
        again: Collection[ScanKey] = (),
    ) -> set[ScanKey]:
        """Note that some scans are to be read, and that some issues will change.

        From here on their earlier results count as unfinished; issues of waiting pages are to be
        joined, be they known or not.

        Args:
            scans: What becomes of the rows of the scans.
            issues: Names of the issues.
            waiting: The pages, for whoever will read them.
            again: Those of them that are to be read although they are done.

        Returns:
            The pages that are to be read: all of those waiting but those done meanwhile.
        """
        with self._database.transaction() as connection:
            left = {page.key for page in add_waiting_pages(connection, self.name, waiting, again)}
            done = {page.key for page in waiting} - left
            write_scans(connection, self.name, (row for row in scans if row.key not in done))
            if waiting:
                # Whoever reads them need not be here when all are done: somebody will see this.
                unjoined = [_issue_to_columns(self.name, name, "") for name in issues if name]
                upsert_rows(connection, ISSUES, unjoined)
            else:
                changed = ISSUES.c.name.in_(list(issues))
                unjoin = update(ISSUES).where(ISSUES.c.output == self.name, changed)
                connection.execute(unjoin.values(fingerprint=""))
        return left

    def put_scan(self, row: ScanRow) -> None:
        """Note what became of a scan, which then waits to be read no more."""
        with self._database.transaction() as connection:
            forget_waiting(connection, self.name, row.key)
            write_scans(connection, self.name, [row])

    def put_publication(self, row: ScanRow) -> None:
        """Note that a page belongs to another paper, date or page number than before.

        Its articles are to be put into the article index again.
        """
        with self._database.transaction() as connection:
            write_scans(connection, self.name, [row])
            outdate_articles(connection, self.name, row.key)

    def list_issues(self) -> dict[str, str]:
        """Fingerprints of the issues whose articles were joined, by name; empty: not any more."""
        with self._database.reading() as connection:
            rows = connection.execute(select(ISSUES).where(ISSUES.c.output == self.name)).all()
        return {name: fingerprint for _, name, fingerprint in rows}

    def has_issue(self, name: str) -> bool:
        """Tell whether there is an issue of a name."""
        found = select(ISSUES.c.name).where(ISSUES.c.output == self.name, ISSUES.c.name == name)
        with self._database.reading() as connection:
            return connection.execute(found).first() is not None

    def put_issue(self, name: str, fingerprint: str) -> None:
        """Note that the articles of an issue are joined."""
        with self._database.transaction() as connection:
            upsert_rows(connection, ISSUES, [_issue_to_columns(self.name, name, fingerprint)])

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


def _issue_to_columns(output: str, name: str, fingerprint: str) -> dict[str, object]:
    """Return the row of an issue."""
    return {"output": output, "name": name, "fingerprint": fingerprint}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
