"""A PostgreSQL database for tests: one that is there already, or a server of our own."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

VARIABLE = "NEWSPAGE_TEST_POSTGRES"
"""Address of a database that tests may empty."""
REQUIRED = "NEWSPAGE_TEST_POSTGRES_REQUIRED"
"""If set, to go without a database is a failure."""


@contextmanager
def database(options: str = "") -> Iterator[str]:
    """The address of an empty database; skips the test where there can be none.

    `options` are for a server of our own.
    """
    address = os.environ.get(VARIABLE, "")
    if address:
        yield emptied(address)
        return
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        _go_without(f"no PostgreSQL is installed, and {VARIABLE} names no database")
    if os.geteuid() == 0 and (not shutil.which("runuser") or not _has_user("postgres")):
        _go_without("PostgreSQL does not run as root, and there is no user postgres")
    with _server(programs[-1].parent, options) as address:
        yield address


def own_server() -> bool:
    """Whether a test gets a server of its own, whose processes it may kill."""
    programs = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return not os.environ.get(VARIABLE) and any(programs)


def _go_without(why: str) -> NoReturn:
    """Skip the test, or fail it where it must not be skipped."""
    if os.environ.get(REQUIRED):
        pytest.fail(why)
    pytest.skip(why)


@contextmanager
def _server(programs: Path, more: str = "") -> Iterator[str]:
    """A server of our own, in a temporary folder, that is gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="newspage-postgres-"))
    data = home / "data"
    port = _free_port()
    try:
        if os.geteuid() == 0:
            shutil.chown(home, "postgres")
        _run(programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off {more}"
        _run(programs / "pg_ctl", "-D", data, "-w", "-l", home / "log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(program: Path, *arguments: object) -> None:
    """Run a program of the server, as its user where we are root."""
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    command = [*as_user, str(program), *map(str, arguments)]
    # Into a file: a server that is started holds on to a pipe, whose end would never come.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            command, check=False, stdout=subprocess.DEVNULL, stderr=said, text=True, cwd="/"
        )
        said.seek(0)
        assert done.returncode == 0, said.read()


def emptied(address: str) -> str:
    """The address, everything of earlier tests gone from it."""
    engine = create_engine(make_url(address).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return address


def _has_user(name: str) -> bool:
    import pwd

    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
