"""The way to a database, SQLite or PostgreSQL, one transaction at a time."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Engine, Table, create_engine, event, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from newspage.errors import MissingDependencyError
from newspage.store import schema
from newspage.store.schema import StoreError, migrate, store_version

Value = TypeVar("Value")

_MIGRATING = 0x6E657773
"""Of the lock under which a PostgreSQL store is brought up to date."""


class Database:
    """A database with the tables of this version.

    Raises StoreError where it cannot be used, MissingDependencyError where its driver is missing.
    """

    def __init__(self, where: Path | str) -> None:
        self.name = str(where) if isinstance(where, Path) else _shown(where)
        self._server = not isinstance(where, Path)
        self._engine = _server(where) if isinstance(where, str) else _file(where)
        self._reader = self._engine.execution_options(reading=True)
        try:
            self._migrate()
        except StoreError as error:
            self.close()
            message = error.message.removeprefix(f"{self.name}: ")
            raise StoreError(f"{self.name}: {message}", error.remedy) from None

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """What happens inside happens whole or not at all, and is on the disk at the end."""
        with self._named(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of the database, which waits for no writer."""
        with self._named(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Trouble of the database as an error for people."""
        try:
            yield
        except DBAPIError as error:
            remedy = (
                "See that the server runs and that its address, user and password are right."
                if self._server
                else "See that its disk has space and that you may write there; if the file is "
                "damaged, move it away and run again."
            )
            problem = str(error.orig).strip()
            raise StoreError(
                f"{self.name}: the store cannot be used ({problem}).", remedy
            ) from error

    def _migrate(self) -> None:
        done = False
        while not done:
            with self.transaction() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATING})"))
                migrate(connection)
                done = store_version(connection) == len(schema.MIGRATIONS)


def lock(connection: Connection, table: Table) -> None:
    """Nobody else writes to a table until the transaction ends.

    A transaction that writes to SQLite has the whole database to itself anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {table.name} IN EXCLUSIVE MODE"))


def next_number(connection: Connection, column: Column[int]) -> int:
    """One more than the highest number of a column; its table must be locked."""
    return 1 + int(connection.execute(select(func.max(column))).scalar() or 0)


def upsert(connection: Connection, table: Table, rows: Iterable[Mapping[str, object]]) -> None:
    """Put rows in place of those with the same key."""
    values = [dict(row) for row in rows]
    if not values:
        return
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement: Any = insert(table)
    changed = {c.name: statement.excluded[c.name] for c in table.columns if not c.primary_key}
    keys = list(table.primary_key)
    statement = (
        statement.on_conflict_do_update(index_elements=keys, set_=changed)
        if changed
        else statement.on_conflict_do_nothing(index_elements=keys)
    )
    connection.execute(statement, values)


def batches(values: Iterable[Value], size: int = 500) -> Iterator[list[Value]]:
    """The values, so many at a time: a statement takes only so many parameters."""
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some


def _file(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        # Python's driver would not put a CREATE TABLE into a transaction: we say BEGIN ourselves.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        # A decision that was acknowledged survives a power cut as well.
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _server(address: str) -> Engine:
    try:
        url = make_url(address)
        if url.get_backend_name() != "postgresql":
            raise ArgumentError(address)
        return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    except (ArgumentError, ValueError) as error:
        raise StoreError(
            f"{_shown(address)}: is no address of a PostgreSQL database.",
            "Write it as postgresql+psycopg://USER:PASSWORD@HOST/DATABASE, or give a path.",
        ) from error
    except ModuleNotFoundError as error:
        raise MissingDependencyError(
            "A store on a PostgreSQL server needs the package psycopg.",
            "Install it: pip install 'newspage[postgres]'",
        ) from error


def _shown(address: str) -> str:
    """The address without its password."""
    try:
        return make_url(address).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return address.rsplit("@", maxsplit=1)[-1]
