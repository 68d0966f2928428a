"""A store in a SQLite file: how it is opened, also where nothing can be written, and kept whole."""

import os
import shutil
import sqlite3
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from newspage.store.store_schema import MIGRATIONS, StoreGoneError

_PATIENCE = 30.0
"""Seconds for which one writer waits for another."""

_Identity = tuple[int, int]
_Stamp = tuple[int, int, int]


class SqliteFile:
    """A file that several connections are open to, and that somebody may take away meanwhile."""

    def __init__(self, path: Path, read_only: bool = False) -> None:
        """With `read_only` the file may lie where nothing can be written: then nothing is."""
        self.path = path
        self.writable = not read_only or _may_write(path)
        self._identity: _Identity | None = None
        self._stamp: _Stamp | None = None
        self._written_over = False
        self._copy: TemporaryDirectory[str] | None = None

    def connect(self) -> sqlite3.Connection:
        """Open one more connection to the file; the first one makes it where it is missing.

        Raises sqlite3.Error, StoreGoneError.
        """
        if not self.writable:
            return self._connect_to_read()
        connection = _opened(self.path, "mode=rw" if self._identity else "mode=rwc")
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            # A decision that was acknowledged survives a power cut as well.
            connection.execute("PRAGMA synchronous=FULL")
        except sqlite3.Error:
            connection.close()
            raise
        if self._identity is None:
            self._identity = _identity(self.path)
        return connection

    @property
    def copied(self) -> bool:
        """Tell whether it is read from a copy, which can be brought up to date."""
        return self._copy is not None

    def close(self) -> None:
        """Remove what was copied aside."""
        if self._copy is not None:
            self._copy.cleanup()
            self._copy = None

    def check(self) -> None:
        """Raise StoreGoneError where the file is not the one any more that was opened."""
        known = self._identity
        if self._written_over or (known is not None and _identity(self.path) != known):
            raise StoreGoneError("store-moved", store=self.path)

    def give_up(self) -> None:
        """Take the file for gone from now on: somebody wrote another over it."""
        self._written_over = True
        self.check()

    def was_touched(self) -> bool:
        """Tell whether the file has changed since this was last asked.

        That is so where somebody brought its log into it, and where it was written over.
        """
        before, self._stamp = self._stamp, _stamp(self.path)
        return before != self._stamp

    def _connect_to_read(self) -> sqlite3.Connection:
        """Open the file where nothing can be written beside it, not even the files of its log."""
        if self._copy is None:
            self._identity = self._identity or _identity(self.path)
            # Whoever has it open for writing has made those files already.
            for how in ("mode=ro", "mode=ro&immutable=1"):
                if how.endswith("immutable=1") and _has_log(self.path):
                    break
                if (connection := _current(self.path, how)) is not None:
                    return connection
            self._copy = _copied(self.path)
        return _opened(Path(self._copy.name) / self.path.name, "mode=rw")


def save_copy(source: Path, target: Path) -> None:
    """Write the store of one file into another, as it is at one moment, whoever works on it.

    The new file is whole in itself: it has no log beside it. Raises sqlite3.Error.
    """
    reading = SqliteFile(source, read_only=True)
    try:
        origin, copy = reading.connect(), _opened(target, "mode=rwc")
        try:
            origin.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            problems = [row[0] for row in copy.execute("PRAGMA integrity_check")]
            if problems != ["ok"]:
                raise sqlite3.DatabaseError(str(problems[0]))
        finally:
            origin.close()
            copy.close()
    finally:
        reading.close()


def move_log(connection: sqlite3.Connection) -> None:
    """Bring the log beside the file into it and empty the log, unless somebody is using it.

    Waits for nobody: what cannot be moved now stays in the log, where it is safe as well.
    """
    connection.execute("PRAGMA busy_timeout=0")
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.execute(f"PRAGMA busy_timeout={int(_PATIENCE * 1000)}")


def _opened(path: Path, how: str) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?{how}"
    # Python's driver would not put a CREATE TABLE into a transaction: we say BEGIN ourselves.
    connection = sqlite3.connect(
        address, uri=True, timeout=_PATIENCE, check_same_thread=False, isolation_level=None
    )
    # SQLite's own knows the letters of English alone.
    connection.create_function("lower", 1, _lower, deterministic=True)
    # It has no clock that nobody sets. This one is the same in all processes of a machine.
    connection.create_function("newspage_clock", 0, time.monotonic)
    return connection


def _lower(value: str | bytes | float | None) -> str | bytes | float | None:
    """Return a text in small letters; what a damaged file may hold instead stays as it is."""
    return value.lower() if isinstance(value, str) else value


def _current(path: Path, how: str) -> sqlite3.Connection | None:
    """A connection to a store of this version; None where it cannot be read like this."""
    connection = None
    try:
        connection = _opened(path, how)
        found = connection.execute("SELECT MAX(version) FROM newspage_migrations").fetchone()
        if found[0] is not None and found[0] >= len(MIGRATIONS):
            return connection
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        if isinstance(error, sqlite3.OperationalError):
            return None
        raise
    connection.close()
    return None


def _copied(path: Path) -> TemporaryDirectory[str]:
    """A folder with a copy of a store and its log, to bring it up to date there."""
    folder = TemporaryDirectory(prefix="newspage-store-")
    for name in (path.name, f"{path.name}-wal"):
        if path.with_name(name).is_file():
            shutil.copyfile(path.with_name(name), Path(folder.name) / name)
    return folder


def _has_log(path: Path) -> bool:
    log = path.with_name(f"{path.name}-wal")
    return log.is_file() and log.stat().st_size > 0


def _may_write(path: Path) -> bool:
    """Whether a file and what lies beside it can be written."""
    return os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK)


def _identity(path: Path) -> _Identity | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def _stamp(path: Path) -> _Stamp | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
