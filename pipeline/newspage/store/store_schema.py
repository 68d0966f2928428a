"""The ordered steps that bring an older store up to date.

A migration is never edited once released: a change is a further one at the end. Each runs in one
transaction together with the mark that it ran. The types are those that SQLite and PostgreSQL
both know.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from newspage.errors import ExitCode, NewspageError


@dataclass(frozen=True, slots=True)
class DialectStatement:
    """A statement that one kind of database alone understands."""

    dialect: str
    statement: str


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

_NEVER_CHANGED = "decisions are never changed nor deleted"

_SECOND = (
    """CREATE TABLE decisions (
        seq BIGINT NOT NULL PRIMARY KEY, uid VARCHAR NOT NULL UNIQUE, at VARCHAR NOT NULL,
        reviewer VARCHAR NOT NULL, act VARCHAR NOT NULL, sha256 VARCHAR NOT NULL,
        frame INTEGER NOT NULL, file VARCHAR NOT NULL, rule VARCHAR NOT NULL, question BIGINT,
        undoes VARCHAR NOT NULL, batch VARCHAR NOT NULL, payload VARCHAR NOT NULL)""",
    "CREATE INDEX decisions_scan ON decisions (sha256, frame, seq)",
    "CREATE INDEX decisions_undoes ON decisions (undoes)",
    "CREATE INDEX decisions_question ON decisions (question, seq)",
    "CREATE INDEX decisions_batch ON decisions (batch)",
    "CREATE INDEX decisions_reviewer ON decisions (reviewer, seq)",
    DialectStatement(
        "sqlite",
        f"""CREATE TRIGGER decisions_update BEFORE UPDATE ON decisions
        BEGIN SELECT RAISE(ABORT, '{_NEVER_CHANGED}'); END""",
    ),
    DialectStatement(
        "sqlite",
        f"""CREATE TRIGGER decisions_delete BEFORE DELETE ON decisions
        BEGIN SELECT RAISE(ABORT, '{_NEVER_CHANGED}'); END""",
    ),
    DialectStatement(
        "postgresql",
        f"""CREATE FUNCTION newspage_never_changed() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{_NEVER_CHANGED}'; END $$""",
    ),
    DialectStatement(
        "postgresql",
        """CREATE TRIGGER decisions_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON decisions
        FOR EACH STATEMENT EXECUTE FUNCTION newspage_never_changed()""",
    ),
    """CREATE TABLE questions (
        id BIGINT NOT NULL PRIMARY KEY, output VARCHAR NOT NULL, path VARCHAR NOT NULL,
        frame INTEGER NOT NULL, stem VARCHAR NOT NULL, paper VARCHAR NOT NULL,
        correction VARCHAR NOT NULL, article VARCHAR NOT NULL, rule VARCHAR NOT NULL,
        original VARCHAR NOT NULL, proposed VARCHAR NOT NULL, pattern VARCHAR NOT NULL,
        confidence DOUBLE PRECISION NOT NULL, evidence VARCHAR NOT NULL, anchor VARCHAR NOT NULL,
        context VARCHAR NOT NULL, strip VARCHAR NOT NULL, vertical INTEGER NOT NULL,
        asked INTEGER NOT NULL, applied INTEGER NOT NULL, held INTEGER NOT NULL,
        status VARCHAR NOT NULL, text VARCHAR NOT NULL, reviewer VARCHAR NOT NULL,
        version INTEGER NOT NULL)""",
    "CREATE INDEX questions_page ON questions (output, path, frame)",
    "CREATE INDEX questions_stem ON questions (output, stem)",
    "CREATE INDEX questions_pattern ON questions (output, pattern)",
    """CREATE INDEX questions_open ON questions (output, asked, status, pattern, rule, stem,
        confidence)""",
    """CREATE TABLE pages (
        output VARCHAR NOT NULL, path VARCHAR NOT NULL, frame INTEGER NOT NULL,
        stem VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, paper VARCHAR NOT NULL,
        mark BIGINT NOT NULL, PRIMARY KEY (output, path, frame))""",
    "CREATE INDEX pages_scan ON pages (sha256, frame)",
    """CREATE TABLE outcomes (
        output VARCHAR NOT NULL, path VARCHAR NOT NULL, frame INTEGER NOT NULL,
        uid VARCHAR NOT NULL, state VARCHAR NOT NULL, reason VARCHAR NOT NULL,
        PRIMARY KEY (output, path, frame, uid))""",
    "CREATE INDEX outcomes_uid ON outcomes (output, uid)",
    """CREATE TABLE snapshots (
        sha256 VARCHAR NOT NULL, frame INTEGER NOT NULL, file VARCHAR NOT NULL,
        publication VARCHAR NOT NULL, lines VARCHAR NOT NULL, PRIMARY KEY (sha256, frame))""",
    "CREATE INDEX snapshots_file ON snapshots (file)",
    "CREATE INDEX snapshots_publication ON snapshots (publication)",
    """CREATE TABLE sketches (
        mark BIGINT NOT NULL, sha256 VARCHAR NOT NULL, frame INTEGER NOT NULL,
        PRIMARY KEY (mark, sha256, frame))""",
    "CREATE INDEX sketches_scan ON sketches (sha256, frame)",
    """CREATE TABLE copies (
        sha256 VARCHAR NOT NULL, frame INTEGER NOT NULL, of_sha256 VARCHAR NOT NULL,
        of_frame INTEGER NOT NULL, matrix VARCHAR NOT NULL,
        PRIMARY KEY (sha256, frame, of_sha256, of_frame))""",
    "CREATE INDEX copies_of ON copies (of_sha256, of_frame)",
    """CREATE TABLE pins (
        rule VARCHAR NOT NULL PRIMARY KEY, standing VARCHAR NOT NULL, reviewer VARCHAR NOT NULL,
        at VARCHAR NOT NULL)""",
    """CREATE TABLE suggestions (
        name VARCHAR NOT NULL PRIMARY KEY, state VARCHAR NOT NULL, support INTEGER NOT NULL,
        reviewer VARCHAR NOT NULL, at VARCHAR NOT NULL)""",
)

_THIRD = (
    "ALTER TABLE decisions ADD COLUMN target_sha256 VARCHAR NOT NULL DEFAULT ''",
    "ALTER TABLE decisions ADD COLUMN target_frame INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX decisions_target ON decisions (target_sha256, target_frame, seq)",
)
"""Decisions that are on two scans."""

_FOURTH = (
    "DROP INDEX questions_open",
    "DROP INDEX questions_pattern",
    "DROP INDEX questions_stem",
    # Everything that lists and counts of questions ask for, so that the wide rows themselves are
    # read only for the stretch that is shown.
    DialectStatement(
        "sqlite",
        """CREATE INDEX questions_queue ON questions (output, asked, status, pattern, confidence,
            id, rule, stem, reviewer, paper, context, proposed)""",
    ),
    # PostgreSQL refuses rows that have over 2,700 bytes of an index: no texts of any length.
    DialectStatement(
        "postgresql",
        """CREATE INDEX questions_queue ON questions (output, asked, status, pattern, confidence,
            id, rule, stem)""",
    ),
    "CREATE INDEX questions_stem ON questions (output, stem, asked, status)",
    "CREATE INDEX decisions_act ON decisions (act, sha256, frame, seq)",
    "CREATE INDEX outcomes_state ON outcomes (output, state, uid)",
    "CREATE INDEX pages_stem ON pages (output, stem)",
    DialectStatement("sqlite", "CREATE INDEX scans_stem ON scans (output, stem)"),
    DialectStatement("postgresql", 'CREATE INDEX scans_stem ON scans (output, stem COLLATE "C")'),
)
"""Indexes for a hundred thousand questions on ten thousand pages."""

_FIFTH = (
    # With whom it was answered by and its newspaper, so that no list or count of questions needs
    # the wide rows, but for those that look for a text. No name of a person has over 200
    # characters.
    DialectStatement("postgresql", "DROP INDEX questions_queue"),
    DialectStatement(
        "postgresql",
        """CREATE INDEX questions_queue ON questions (output, asked, status, pattern, confidence,
            id, rule, stem, reviewer, paper)""",
    ),
    # An index alone answers only for rows of which the server has noted since their last change
    # that everybody sees them. By itself it does so after a fifth of them has changed: by then the
    # queue took 167 ms instead of 68 (100,000 questions).
    DialectStatement(
        "postgresql",
        """ALTER TABLE questions SET (autovacuum_vacuum_scale_factor = 0.02,
            autovacuum_analyze_scale_factor = 0.02)""",
    ),
)
"""What PostgreSQL needs to answer as quickly as SQLite."""

_SIXTH = (
    "ALTER TABLE scans ADD COLUMN code VARCHAR NOT NULL DEFAULT ''",
    "ALTER TABLE scans ADD COLUMN fields VARCHAR NOT NULL DEFAULT ''",
    "ALTER TABLE scans ADD COLUMN finished BIGINT NOT NULL DEFAULT 0",
    "CREATE INDEX scans_progress ON scans (output, status, code, finished)",
)
"""Why pages failed, in no language, and when each was finished."""

_SEVENTH = (
    # Pages to be read are claimed by their state, in the order of their keys.
    """CREATE TABLE leases (
        output VARCHAR NOT NULL, path VARCHAR NOT NULL, frame INTEGER NOT NULL,
        stem VARCHAR NOT NULL, fingerprint VARCHAR NOT NULL, version VARCHAR NOT NULL,
        publication VARCHAR NOT NULL, scan VARCHAR NOT NULL, worker VARCHAR NOT NULL,
        host VARCHAR NOT NULL, is_run INTEGER NOT NULL, since DOUBLE PRECISION NOT NULL,
        until DOUBLE PRECISION NOT NULL, attempt INTEGER NOT NULL, reason VARCHAR NOT NULL,
        PRIMARY KEY (output, path, frame))""",
    "CREATE INDEX leases_state ON leases (output, reason, until, path, frame)",
    "CREATE INDEX leases_worker ON leases (output, worker)",
)
"""Pages that wait to be read, and who has them."""

_EIGHTH = (
    """CREATE TABLE articles (
        id INTEGER NOT NULL PRIMARY KEY, output VARCHAR NOT NULL, path VARCHAR NOT NULL,
        frame INTEGER NOT NULL, stem VARCHAR NOT NULL, number INTEGER NOT NULL,
        article VARCHAR NOT NULL, kind VARCHAR NOT NULL, paper VARCHAR NOT NULL,
        date VARCHAR NOT NULL, page VARCHAR NOT NULL, title VARCHAR NOT NULL,
        text VARCHAR NOT NULL, folded VARCHAR NOT NULL, head INTEGER NOT NULL)""",
    "CREATE INDEX articles_page ON articles (output, path, frame)",
    "CREATE INDEX articles_paper ON articles (output, paper)",
    """CREATE TABLE indexed_pages (
        output VARCHAR NOT NULL, path VARCHAR NOT NULL, frame INTEGER NOT NULL,
        scheme VARCHAR NOT NULL, digest VARCHAR NOT NULL, PRIMARY KEY (output, path, frame))""",
    # Only which articles have a token is kept, neither where in them nor the tokens as they came.
    DialectStatement(
        "sqlite",
        """CREATE VIRTUAL TABLE article_tokens USING fts5(
            tokens, content='', columnsize=0, detail=none, tokenize='ascii')""",
    ),
    DialectStatement(
        "postgresql",
        """CREATE TABLE article_tokens (
            id INTEGER NOT NULL PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
            tokens VARCHAR[] COLLATE "C" NOT NULL)""",
    ),
    DialectStatement(
        "postgresql",
        "CREATE INDEX article_tokens_held ON article_tokens USING gin (tokens)",
    ),
)
"""Articles for searching. Everything in it can be made anew from the records."""

_NINTH = (
    "ALTER TABLE indexed_pages ADD COLUMN calibration VARCHAR NOT NULL DEFAULT ''",
    "ALTER TABLE indexed_pages ADD COLUMN characters INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE indexed_pages ADD COLUMN wrong DOUBLE PRECISION NOT NULL DEFAULT 0",
    # The worst pages are found without sorting all of them.
    """CREATE INDEX indexed_share ON indexed_pages (output, (wrong / characters) DESC)
        WHERE characters > 0""",
)
"""How many characters of a page are expected to be wrong; made from the records, too."""

_TENTH = (
    """CREATE TABLE listed_pages (
        output VARCHAR NOT NULL, path VARCHAR NOT NULL, frame INTEGER NOT NULL,
        stem VARCHAR NOT NULL, status VARCHAR NOT NULL, paper VARCHAR NOT NULL,
        date VARCHAR NOT NULL, page VARCHAR NOT NULL, place VARCHAR NOT NULL,
        characters INTEGER NOT NULL, unplaced INTEGER NOT NULL, finished BIGINT NOT NULL,
        open INTEGER NOT NULL, decided INTEGER NOT NULL, signed INTEGER NOT NULL,
        PRIMARY KEY (output, path, frame))""",
    DialectStatement("sqlite", "CREATE INDEX listed_stem ON listed_pages (output, stem)"),
    DialectStatement(
        "postgresql", 'CREATE INDEX listed_stem ON listed_pages (output, stem COLLATE "C")'
    ),
    # In an issue, and in a paper, by each column that lists are sorted by.
    "CREATE INDEX listed_issue ON listed_pages (output, paper, date, place, stem)",
    "CREATE INDEX listed_open ON listed_pages (output, paper, open DESC, stem)",
    "CREATE INDEX listed_unplaced ON listed_pages (output, paper, unplaced DESC, stem)",
    "CREATE INDEX listed_finished ON listed_pages (output, paper, finished DESC, stem)",
    # What few pages are is found without the many that are not.
    "CREATE INDEX listed_failed ON listed_pages (output, stem) WHERE status = 'failed'",
    "CREATE INDEX listed_signed ON listed_pages (output, stem) WHERE signed > 0",
    "CREATE INDEX listed_unsigned ON listed_pages (output, stem) WHERE signed = 0",
    """CREATE TABLE listed_issues (
        output VARCHAR NOT NULL, paper VARCHAR NOT NULL, date VARCHAR NOT NULL,
        pages INTEGER NOT NULL, failed INTEGER NOT NULL, open INTEGER NOT NULL,
        open_pages INTEGER NOT NULL, decided INTEGER NOT NULL, signed INTEGER NOT NULL,
        PRIMARY KEY (output, paper, date))""",
)
"""Pages as lists show them, with the sums of each issue. Everything in it can be made anew."""

MIGRATIONS: tuple[tuple[str | DialectStatement, ...], ...] = (
    _FIRST,
    _SECOND,
    _THIRD,
    _FOURTH,
    _FIFTH,
    _SIXTH,
    _SEVENTH,
    _EIGHTH,
    _NINTH,
    _TENTH,
)
"""Statements of each version, oldest first; the store of version n has had the first n."""


class StoreError(NewspageError):
    """The store cannot be used."""

    exit_code = ExitCode.OUTPUT


class StoreGoneError(StoreError):
    """The file of the store is not the one any more that was opened: nothing is kept in it."""


def run_next_migration(connection: Connection) -> None:
    """Run the next missing migration, if there is one, in the connection's transaction.

    Raises StoreError on a store that a newer newspage has changed.
    """
    read_store_version(connection)
    version = check_version(connection)
    if version < len(MIGRATIONS):
        for statement in MIGRATIONS[version]:
            if isinstance(statement, str):
                connection.execute(text(statement))
            elif statement.dialect == connection.dialect.name:
                connection.exec_driver_sql(statement.statement)
        connection.execute(
            text("INSERT INTO newspage_migrations (version) VALUES (:version)"),
            {"version": version + 1},
        )


def check_version(connection: Connection) -> int:
    """Return how many migrations a store has had. Raises StoreError where it is of a newer one."""
    found = connection.execute(text("SELECT MAX(version) FROM newspage_migrations")).scalar()
    version = int(found or 0)
    if version > len(MIGRATIONS):
        raise StoreError("store-of-newer-version", found=version, known=len(MIGRATIONS))
    return version


def read_store_version(connection: Connection) -> int:
    """Return the number of migrations of a store; make its table of marks where it is missing."""
    connection.execute(
        text(
            "CREATE TABLE IF NOT EXISTS newspage_migrations (version INTEGER NOT NULL PRIMARY KEY)"
        )
    )
    found = connection.execute(text("SELECT MAX(version) FROM newspage_migrations")).scalar()
    return int(found or 0)
