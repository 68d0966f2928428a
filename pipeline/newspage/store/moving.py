"""Move a store to another place: every table into an empty store, in a file or on a server."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Table, insert, inspect, select

from newspage.errors import UsageError
from newspage.files import make_output_error
from newspage.store.backup import finish_file, forget_file
from newspage.store.connection import Database, display_address, split_into_batches
from newspage.store.store_schema import StoreError
from newspage.store.tables import METADATA

_BATCH = 2000
"""Rows that are read and written together. Judgement: a few megabytes."""
_CHECKSUM_BITS = 256
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class MovedTable:
    """A table that was moved."""

    name: str
    rows: int
    checksum: str
    """Of its rows, in whatever order they come: equal in both places."""


class _RowSum:
    """Count and checksum of rows. It does not depend on their order, which databases choose."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, row: Sequence[object]) -> None:
        """Count a row."""
        self.rows += 1
        digest = hashlib.sha256(_encode(tuple(row))).digest()
        self._sum = (self._sum + int.from_bytes(digest)) % (1 << _CHECKSUM_BITS)

    @property
    def checksum(self) -> str:
        """Return the checksum in hexadecimal digits."""
        return f"{self._sum:064x}"


def move_store(
    source: Path | str, target: Path | str, report: Callable[[MovedTable], None]
) -> list[MovedTable]:
    """Copy every table of a store into an empty one, and compare both row by row.

    All of it is one transaction: whatever interrupts it, nothing is at the destination. The source
    is only read, as it is at one moment.

    Args:
        source: A file, or the address of a PostgreSQL database.
        target: A file that is not there yet, or the address of a database without rows of a store.
        report: Called with each table as soon as it is at the destination and compared.

    Returns:
        The tables.

    Raises:
        UsageError: The source is no file, or something is at the destination.
        StoreError: One of the two cannot be used, or they differ afterwards.
        OutputError: The file of the destination cannot be written.
    """
    if isinstance(source, Path) and not source.is_file():
        raise UsageError("store-missing", path=source)
    with (
        closing(Database(source, read_only=True)) as origin,
        origin.reading_unchanged() as reading,
    ):
        if isinstance(target, str):
            return _fill_database(reading, target, report)
        if target.exists():
            raise UsageError("store-in-the-way", store=target)
        aside = target.with_name(f".{target.name}.part")
        try:
            forget_file(aside)
            aside.parent.mkdir(parents=True, exist_ok=True)
            moved = _fill_database(reading, aside, report)
            finish_file(aside, target)
        except OSError as error:
            raise make_output_error(target, error) from error
        finally:
            forget_file(aside)
        return moved


def _fill_database(
    reading: Connection, target: Path | str, report: Callable[[MovedTable], None]
) -> list[MovedTable]:
    """Copy all tables into a database in one transaction, in which they are compared as well."""
    moved = []
    with closing(Database(target, migrate=False)) as database, database.building() as writing:
        _require_empty(writing, target)
        for table in METADATA.sorted_tables:
            moved.append(_move_table(reading, writing, table))
            report(moved[-1])
    return moved


def _require_empty(writing: Connection, target: Path | str) -> None:
    """Raise UsageError where a database has rows of a store."""
    there = set(inspect(writing).get_table_names())
    for table in METADATA.sorted_tables:
        if table.name in there and writing.execute(select(table).limit(1)).first() is not None:
            name = target if isinstance(target, Path) else display_address(target)
            raise UsageError("store-in-the-way", store=name)


def _move_table(reading: Connection, writing: Connection, table: Table) -> MovedTable:
    """Copy a table and read it back. Raises StoreError where that is not what was read before."""
    before, after = _RowSum(), _RowSum()
    names = [column.name for column in table.columns]
    for rows in split_into_batches(_stream_rows(reading, table), _BATCH):
        for row in rows:
            before.add(row)
        writing.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])
    for row in _stream_rows(writing, table):
        after.add(row)
    if (before.rows, before.checksum) != (after.rows, after.checksum):
        raise StoreError("store-move-differs", table=table.name)
    return MovedTable(table.name, before.rows, before.checksum)


def _stream_rows(connection: Connection, table: Table) -> Iterator[Sequence[object]]:
    """Yield the rows of a table; only a few are in memory at a time."""
    options = {"yield_per": _BATCH}
    with connection.execute(select(*table.columns), execution_options=options) as rows:
        yield from rows
