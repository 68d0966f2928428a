"""The store: the tables that are for all output folders together."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import select

from newspage.store.connection import Database, upsert_rows
from newspage.store.decisions import DecisionTable
from newspage.store.pin_table import TeachingTable
from newspage.store.questions import QuestionTable
from newspage.store.snapshots import SnapshotTable
from newspage.store.state import FileFacts
from newspage.store.tables import FILES, SCANS


class Store:
    """The store of one folder of scans, with any number of output folders: see `OutputStore`.

    Every method is one transaction. All of them raise StoreError where the store cannot be used.
    """

    def __init__(self, where: Path | str, read_only: bool = False) -> None:
        """`where` is the path of a file, or the address of a PostgreSQL database.

        With `read_only` the file may also lie where nothing can be written.
        """
        self.database = Database(where, read_only)
        self.decisions = DecisionTable(self.database)
        self.questions = QuestionTable(self.database)
        self.snapshots = SnapshotTable(self.database)
        self.teaching = TeachingTable(self.database)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database; a file then holds everything that was kept."""
        self.database.close()

    def move_log_when_quiet(self) -> None:
        """See to it that a moment after every change the file alone holds everything.

        For whoever has the store open for long: what was kept is safe without that, but in the
        file beside it (-wal), which people do not copy.
        """
        self.database.move_log_when_quiet()

    def list_files(self) -> dict[str, FileFacts]:
        """Return the remembered facts of files, by path."""
        with self.database.reading() as connection:
            rows = connection.execute(select(FILES)).all()
        return {path: FileFacts(*facts) for path, *facts in rows}

    def remember_files(self, files: Mapping[str, FileFacts]) -> None:
        """Remember the content of files."""
        with self.database.transaction() as connection:
            upsert_rows(
                connection,
                FILES,
                ({"path": path, **_columns(facts)} for path, facts in files.items()),
            )

    def outputs(self) -> list[str]:
        """All output folders into which pages were ever read, by name."""
        with self.database.reading() as connection:
            found = connection.execute(select(SCANS.c.output).distinct().order_by(SCANS.c.output))
            return list(found.scalars())


def _columns(facts: FileFacts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in FileFacts.__dataclass_fields__}
