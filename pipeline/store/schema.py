"""The tables, and the ordered steps that bring an older store up to date.

A migration is never edited once released: a change is a further one at the end. Each runs in one
transaction together with the mark that it ran. The types are those that SQLite and PostgreSQL
both know.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    text,
)

from pipeline.errors import ExitCode, NewspageError

METADATA = MetaData()

FILES = Table(
    "files",
    METADATA,
    Column("path", String, primary_key=True),
    Column("size", BigInteger),
    Column("mtime_ns", BigInteger),
    Column("inode", BigInteger),
    Column("sha256", String),
    Column("frames", Integer),
)
SCANS = Table(
    "scans",
    METADATA,
    Column("output", String, primary_key=True),
    Column("path", String, primary_key=True),
    Column("frame", Integer, primary_key=True),
    Column("stem", String),
    Column("fingerprint", String),
    Column("status", String),
    Column("message", String),
    Column("publication", String),
    Column("figures", String),
)
ISSUES = Table(
    "issues",
    METADATA,
    Column("output", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("fingerprint", String),
)
RUNS = Table(
    "runs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("output", String),
    Column("version", String),
    Column("started", String),
    Column("finished", String),
    Column("outcome", String),
    Column("done", Integer),
    Column("skipped", Integer),
    Column("failed", Integer),
)

_FIRST = (
    """CREATE TABLE files (
        path VARCHAR NOT NULL PRIMARY KEY, size BIGINT NOT NULL, mtime_ns BIGINT NOT NULL,
        inode BIGINT NOT NULL, sha256 VARCHAR NOT NULL, frames INTEGER NOT NULL)""",
    """CREATE TABLE scans (
        output VARCHAR NOT NULL, path VARCHAR NOT NULL, frame INTEGER NOT NULL,
        stem VARCHAR NOT NULL, fingerprint VARCHAR NOT NULL, status VARCHAR NOT NULL,
        message VARCHAR NOT NULL, publication VARCHAR NOT NULL, figures VARCHAR NOT NULL,
        PRIMARY KEY (output, path, frame))""",
    """CREATE TABLE issues (
        output VARCHAR NOT NULL, name VARCHAR NOT NULL, fingerprint VARCHAR NOT NULL,
        PRIMARY KEY (output, name))""",
    """CREATE TABLE runs (
        id INTEGER NOT NULL PRIMARY KEY, output VARCHAR NOT NULL, version VARCHAR NOT NULL,
        started VARCHAR NOT NULL, finished VARCHAR, outcome VARCHAR,
        done INTEGER, skipped INTEGER, failed INTEGER)""",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST,)
"""Statements of each version, oldest first; the store of version n has had the first n."""


class StoreError(NewspageError):
    """The store cannot be used."""

    exit_code = ExitCode.OUTPUT


def migrate(connection: Connection) -> None:
    """Run the next missing migration, if there is one, in the connection's transaction.

    Raises StoreError on a store that a newer newspage has changed.
    """
    version = store_version(connection)
    if version > len(MIGRATIONS):
        raise StoreError(
            f"the store has version {version}; this newspage knows versions up to "
            f"{len(MIGRATIONS)}.",
            "Use the newspage that last opened it, or a newer one.",
        )
    if version < len(MIGRATIONS):
        for statement in MIGRATIONS[version]:
            connection.execute(text(statement))
        connection.execute(
            text("INSERT INTO newspage_migrations (version) VALUES (:version)"),
            {"version": version + 1},
        )


def store_version(connection: Connection) -> int:
    """How many migrations the store has had; its table of marks is made where it is missing."""
    connection.execute(
        text(
            "CREATE TABLE IF NOT EXISTS newspage_migrations (version INTEGER NOT NULL PRIMARY KEY)"
        )
    )
    found = connection.execute(text("SELECT MAX(version) FROM newspage_migrations")).scalar()
    return int(found or 0)
