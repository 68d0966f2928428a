"""The tables of the store, as SQLAlchemy knows them; `schema` says how they come to be."""

from sqlalchemy import BigInteger, Column, Double, Integer, MetaData, String, Table

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
    Column("code", String),
    Column("fields", String),
    Column("finished", BigInteger),
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
DECISIONS = Table(
    "decisions",
    METADATA,
    Column("seq", BigInteger, primary_key=True),
    Column("uid", String),
    Column("at", String),
    Column("reviewer", String),
    Column("act", String),
    Column("sha256", String),
    Column("frame", Integer),
    Column("file", String),
    Column("rule", String),
    Column("question", BigInteger),
    Column("undoes", String),
    Column("batch", String),
    Column("payload", String),
    Column("target_sha256", String),
    Column("target_frame", Integer),
)
QUESTIONS = Table(
    "questions",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("output", String),
    Column("path", String),
    Column("frame", Integer),
    Column("stem", String),
    Column("paper", String),
    Column("correction", String),
    Column("article", String),
    Column("rule", String),
    Column("original", String),
    Column("proposed", String),
    Column("pattern", String),
    Column("confidence", Double),
    Column("evidence", String),
    Column("anchor", String),
    Column("context", String),
    Column("strip", String),
    Column("vertical", Integer),
    Column("asked", Integer),
    Column("applied", Integer),
    Column("held", Integer),
    Column("status", String),
    Column("text", String),
    Column("reviewer", String),
    Column("version", Integer),
)
PAGES = Table(
    "pages",
    METADATA,
    Column("output", String, primary_key=True),
    Column("path", String, primary_key=True),
    Column("frame", Integer, primary_key=True),
    Column("stem", String),
    Column("sha256", String),
    Column("paper", String),
    Column("mark", BigInteger),
)
OUTCOMES = Table(
    "outcomes",
    METADATA,
    Column("output", String, primary_key=True),
    Column("path", String, primary_key=True),
    Column("frame", Integer, primary_key=True),
    Column("uid", String, primary_key=True),
    Column("state", String),
    Column("reason", String),
)
SNAPSHOTS = Table(
    "snapshots",
    METADATA,
    Column("sha256", String, primary_key=True),
    Column("frame", Integer, primary_key=True),
    Column("file", String),
    Column("publication", String),
    Column("lines", String),
)
SKETCHES = Table(
    "sketches",
    METADATA,
    Column("mark", BigInteger, primary_key=True),
    Column("sha256", String, primary_key=True),
    Column("frame", Integer, primary_key=True),
)
COPIES = Table(
    "copies",
    METADATA,
    Column("sha256", String, primary_key=True),
    Column("frame", Integer, primary_key=True),
    Column("of_sha256", String, primary_key=True),
    Column("of_frame", Integer, primary_key=True),
    Column("matrix", String),
)
PINS = Table(
    "pins",
    METADATA,
    Column("rule", String, primary_key=True),
    Column("standing", String),
    Column("reviewer", String),
    Column("at", String),
)
SUGGESTIONS = Table(
    "suggestions",
    METADATA,
    Column("name", String, primary_key=True),
    Column("state", String),
    Column("support", Integer),
    Column("reviewer", String),
    Column("at", String),
)
