"""The way to a database, SQLite or PostgreSQL, one transaction at a time."""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Double,
    Engine,
    Table,
    create_engine,
    event,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool, Pool, QueuePool

from newspage.errors import MissingDependencyError
from newspage.store import store_schema
from newspage.store.quiet import QuietTask
from newspage.store.sqlite_file import SqliteFile, move_log
from newspage.store.store_schema import (
    StoreError,
    StoreGoneError,
    check_version,
    read_store_version,
    run_next_migration,
)

Value = TypeVar("Value")

_RESTART_SECONDS = 60.0
"""Seconds for which a server that answered before is waited for. Judgement: PostgreSQL restarts in
a few, and after a crash first reads its log."""
_RETRY_SECONDS = 0.25
_JIT_OFF = "SET jit = off"
_LOSE_WITH_HOLDER = """SELECT
    set_config('tcp_keepalives_idle', '30', false),
    set_config('tcp_keepalives_interval', '10', false),
    set_config('tcp_keepalives_count', '3', false),
    CASE WHEN current_setting('server_version_num')::int >= 140000
        THEN set_config('idle_session_timeout', '90s', false) END"""
"""A machine that is gone is noticed after a minute, one that is stopped after one and a half (from
PostgreSQL 14 on). Judgement: to write the files of a page takes seconds at most."""

_MIGRATING = 0x6E657773
"""Of the lock under which a PostgreSQL store is brought up to date."""


class Database:
    """A database with the tables of this version.

    Raises StoreError where it cannot be used, MissingDependencyError where its driver is missing.
    """

    def __init__(self, where: Path | str, read_only: bool = False, migrate: bool = True) -> None:
        """Open it.

        Args:
            where: A file, or the address of a PostgreSQL database.
            read_only: A file may lie where nothing can be written.
            migrate: Bring its tables up to date now; otherwise `building` does.
        """
        self.name = str(where) if isinstance(where, Path) else display_address(where)
        self._file = SqliteFile(where, read_only) if isinstance(where, Path) else None
        self._engine = _engine_of(self._file) if self._file else _server(str(where))
        self._reader = self._engine.execution_options(reading=True)
        self._quiet = QuietTask(self.move_log)
        try:
            if migrate:
                self._migrate()
        except StoreGoneError:
            self.close()
            raise
        except StoreError as error:
            self.close()
            raise StoreError.restate(error, where=self.name) from None

    def close(self) -> None:
        """Let go of the database; a file then holds everything, unless others have it open."""
        self._quiet.stop()
        with suppress(StoreError):
            self.move_log()
        self._engine.dispose()
        if self._file is not None:
            self._file.close()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Make all that happens inside whole or undone, and on the disk at the end.

        Raises StoreGoneError where the file was taken away, be it at the last moment.
        """
        self._check()
        with self._named(), self._engine.begin() as connection:
            yield connection
        self._check()
        self._quiet.put_off()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of the database, which waits for no writer."""
        self._check()
        with self._named(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def reading_unchanged(self) -> Iterator[Connection]:
        """One state of the database for as long as it is read, however many statements that takes.

        Of a server's database `reading` sees with every statement what is there by then.
        """
        self._check()
        reader = self._reader
        if self._file is None:
            reader = reader.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with self._named(), reader.begin() as connection:
            yield connection

    @contextmanager
    def building(self) -> Iterator[Connection]:
        """One transaction in which missing tables are made and may be filled."""
        with self.transaction() as connection:
            while not _take_step(connection):
                continue
            yield connection

    @contextmanager
    def reading_anew(self) -> Iterator[Connection]:
        """The database as it lies on the disk, whatever connections remember of it."""
        engine = self._engine if self._file is None else _engine_of(self._file, NullPool)
        with self._named(), engine.execution_options(reading=True).begin() as connection:
            yield connection

    @contextmanager
    def hold_lock(self, name: str) -> Iterator[None]:
        """Hold a lock of a name while the block runs, on all machines; others wait for it.

        A file has none: all who use it are on one machine, which has locks of its own. A holder
        whose machine is gone, or who is stopped for long, loses it, and learns so at the end of the
        block. Raises StoreError.
        """
        if self._file is not None:
            yield
            return
        number = int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
        with self._named(), self._engine.connect() as connection:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text(_LOSE_WITH_HOLDER))
            connection.execute(select(func.pg_advisory_lock(number)))
            try:
                yield
            except BaseException:
                # Whatever was amiss is the error to report; the lock goes with the connection.
                connection.invalidate()
                raise
            connection.execute(select(func.pg_advisory_unlock(number)))
            connection.execute(text("RESET ALL"))
            connection.execute(text(_JIT_OFF))

    def was_touched(self) -> bool:
        """Tell whether the file itself has changed since this was last asked."""
        return self._file is not None and self._file.was_touched()

    def give_up(self) -> None:
        """Use the file no more, since another was written over it. Raises StoreGoneError."""
        if self._file is not None:
            self._file.give_up()

    def move_log(self) -> None:
        """Have everything in the file itself, so that a copy of it holds all that was kept.

        Does nothing on a server, and for as long as others use the log.
        """
        if self._file is None or not self._file.writable:
            return
        self._check()
        try:
            with closing(self._engine.raw_connection()) as connection:
                move_log(cast("sqlite3.Connection", connection.driver_connection))
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise self._trouble(error) from error

    def move_log_when_quiet(self) -> None:
        """Do so from now on a moment after every change, until the database is closed."""
        self._quiet.start()

    def _check(self) -> None:
        if self._file is not None:
            self._file.check()

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Trouble of the database as an error for people."""
        try:
            yield
        except DBAPIError as error:
            raise self._trouble(error.orig) from error
        except UnicodeDecodeError as error:
            # SQLite quotes a damaged schema in its message, and Python cannot read that.
            raise self._trouble(error) from error

    def _trouble(self, error: BaseException | None) -> StoreError:
        """Trouble of the driver, and what to do about it."""
        reason = str(error).strip()
        if self._file is None:
            return StoreError("store-server-unusable", where=self.name, reason=reason)
        if isinstance(error, UnicodeDecodeError) or (
            isinstance(error, sqlite3.DatabaseError) and _is_damage(error)
        ):
            return StoreError("store-damaged", where=self.name, reason=reason)
        return StoreError("store-unusable", where=self.name, reason=reason)

    def _migrate(self) -> None:
        if self._file is not None and not self._file.writable:
            with self.reading() as connection:
                if not self._file.copied:
                    check_version(connection)
                    return
        done = False
        while not done:
            with self.transaction() as connection:
                done = _take_step(connection)


def _take_step(connection: Connection) -> bool:
    """Run the next missing migration, alone on a server; tell whether it was the last."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATING})"))
    run_next_migration(connection)
    return read_store_version(connection) == len(store_schema.MIGRATIONS)


def read_clock(connection: Connection) -> ColumnElement[float]:
    """Return the seconds of a clock that is the same for all who use a database, in SQL.

    On a server it is the server's. All who use a file are on one machine: theirs is a clock that
    counts from when the machine was started, which nobody can set.
    """
    if connection.dialect.name == "postgresql":
        return func.extract("epoch", func.statement_timestamp()).cast(Double)
    return func.newspage_clock()


def lock_table(connection: Connection, table: Table) -> None:
    """Nobody else writes to a table until the transaction ends.

    A transaction that writes to SQLite has the whole database to itself anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {table.name} IN EXCLUSIVE MODE"))


def take_next_number(connection: Connection, column: Column[int]) -> int:
    """One more than the highest number of a column; its table must be locked."""
    return 1 + int(connection.execute(select(func.max(column))).scalar() or 0)


def upsert_rows(connection: Connection, table: Table, rows: Iterable[Mapping[str, object]]) -> None:
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


def order_by_code_point(connection: Connection, column: ColumnElement[str]) -> ColumnElement[str]:
    """Return a column that is compared as Python compares texts, whatever the server's language."""
    return column.collate("C") if connection.dialect.name == "postgresql" else column


def split_into_batches(values: Iterable[Value], size: int = 500) -> Iterator[list[Value]]:
    """The values, so many at a time: a statement takes only so many parameters."""
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether the content of the file is to blame, not its place."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or "UTF-8" in str(error)


def _engine_of(file: SqliteFile, pool: type[Pool] = QueuePool) -> Engine:
    engine = create_engine("sqlite://", creator=file.connect, poolclass=pool)

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
        engine = create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    except (ArgumentError, ValueError) as error:
        raise StoreError("store-address-wrong", store=display_address(address)) from error
    except ModuleNotFoundError as error:
        raise MissingDependencyError("store-driver-missing") from error
    event.listen(engine, "connect", _plan_for_short_statements)
    event.listen(engine, "do_connect", _PatientConnector())
    return engine


class _PatientConnector:
    """Connects to a server, and waits where one that answered before is being restarted."""

    def __init__(self) -> None:
        self._answered = False

    def __call__(
        self, dialect: Dialect, record: object, arguments: Any, named: Any
    ) -> DBAPIConnection:
        """Return a new connection. Raises an error of the driver where the server stays away."""
        end = time.monotonic() + (_RESTART_SECONDS if self._answered else 0.0)
        while True:
            try:
                connection = dialect.connect(*arguments, **named)
            except dialect.loaded_dbapi.OperationalError:
                if time.monotonic() >= end:
                    raise
                time.sleep(_RETRY_SECONDS)
            else:
                self._answered = True
                return connection


def _plan_for_short_statements(connection: Any, record: object) -> None:
    """Have a server's new connection compile no statement to machine code before it answers.

    Compiling took 0.7 s of a statement of 0.72 s (`PageTable.list_lost`, PostgreSQL 15).
    """
    connection.execute(_JIT_OFF)
    connection.commit()


def display_address(address: str) -> str:
    """Return the address of a database without its password."""
    try:
        return make_url(address).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return address.rsplit("@", maxsplit=1)[-1]
