"""A copy of a store as it is at one moment, made while others work on it."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from newspage.errors import UsageError
from newspage.files import make_output_error
from newspage.store.connection import display_address
from newspage.store.sqlite_file import save_copy
from newspage.store.store_schema import StoreError


def back_up(store: Path | str, target: Path) -> int:
    """Write a whole copy of a store into a new file; the number of decisions in it.

    Raises UsageError where the file is there already or the store is on a server, StoreError where
    the store cannot be read, OutputError where the file cannot be written.
    """
    if isinstance(store, str):
        address = display_address(store).replace("postgresql+psycopg:", "postgresql:")
        raise UsageError(
            "store-on-server", store=display_address(store), target=target, address=address
        )
    if target.exists():
        raise UsageError("backup-in-the-way", path=target)
    aside = target.with_name(f".{target.name}.part")
    try:
        forget_file(aside)
        with aside.open("xb"):
            # Whoever cannot write there learns it as with any other file.
            pass
        save_copy(store, aside)
        count = _decisions_in(aside)
        finish_file(aside, target)
    except OSError as error:
        raise make_output_error(target, error) from error
    except sqlite3.Error as error:
        raise StoreError("backup-failed", store=store, path=target, reason=str(error)) from error
    finally:
        forget_file(aside)
    return count


def _decisions_in(path: Path) -> int:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return int(connection.execute("SELECT COUNT(*) FROM decisions").fetchone()[0])
    finally:
        connection.close()


def _force_to_disk(path: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def finish_file(aside: Path, target: Path) -> None:
    """Give a store that was written aside its name, for good. Raises OSError."""
    _force_to_disk(aside)
    aside.rename(target)
    _force_to_disk(target.absolute().parent)


def forget_file(aside: Path) -> None:
    """Remove a store that was written aside, and what lies beside it, where it still is."""
    for name in (aside.name, f"{aside.name}-journal", f"{aside.name}-wal", f"{aside.name}-shm"):
        with suppress(OSError):
            aside.with_name(name).unlink(missing_ok=True)
