"""Rows of the article index: written, replaced and taken out, with the tokens that find them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    and_,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from newspage.chinese import fold_text, hash_folding
from newspage.expected_errors import ExpectedErrors, name_calibration
from newspage.store.article_tokens import SCHEME, Facets, list_article_tokens
from newspage.store.connection import lock_table, take_next_number, upsert_rows
from newspage.store.state import ScanKey
from newspage.store.tables import ARTICLES, INDEXED_PAGES

SERVER_TOKENS = Table(
    "article_tokens",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("tokens", ARRAY(String)),
)
"""The tokens as PostgreSQL has them; SQLite has a virtual table of the same name."""


@dataclass(frozen=True, slots=True)
class IndexedText:
    """An article, or other text of a page, as it is searched and shown among results."""

    key: ScanKey
    stem: str
    number: int
    """Its place on the page, in reading order, from 0."""
    article: str
    """Id of the article, or of the region of other text."""
    kind: str
    """`article`, or the kind of the region of other text."""
    paper: str
    date: str
    """ISO 8601; empty where it is not known."""
    page: str
    title: str
    text: str
    """Headlines first, then paragraphs, parts joined by BREAK."""
    folded: str
    head: int
    """Characters of the folded text that are headlines."""


@dataclass(frozen=True, slots=True)
class PageArticles:
    """All texts of a page for the article index, and how good they are."""

    rows: Sequence[IndexedText]
    digest: str
    """Hash of the rows: a page with the same has the same texts."""
    errors: ExpectedErrors = field(default_factory=ExpectedErrors)
    """How many characters of the page are expected to be wrong."""


def name_scheme() -> str:
    """Return the name of how texts are folded and made into tokens now.

    Pages that were indexed in another way are indexed anew.
    """
    return f"{SCHEME}-{hash_folding()}"


def replace_articles(connection: Connection, output: str, key: ScanKey, page: PageArticles) -> None:
    """Put the texts of a page in place of those that the index has of it.

    Rows that are the same stay as they are.
    """
    mark = {"output": output, "path": key.path, "frame": key.frame}
    mark |= {"scheme": name_scheme(), "digest": page.digest}
    errors = {
        "calibration": name_calibration(),
        "characters": page.errors.characters,
        "wrong": page.errors.wrong,
    }
    i = INDEXED_PAGES.c
    same = [i[name] == value for name, value in mark.items()]
    if connection.execute(select(i.frame).where(*same)).first() is not None:
        # The texts are the same, but people may have confirmed some of them since.
        connection.execute(update(INDEXED_PAGES).where(*same).values(errors))
        return
    lock_table(connection, ARTICLES)
    before = connection.execute(select(ARTICLES).where(_of_page(output, key))).all()
    old = {article_from_row(row): row for row in before}
    wanted = set(page.rows)
    _remove_rows(connection, [row for known, row in old.items() if known not in wanted])
    insert_articles(connection, output, [row for row in page.rows if row not in old])
    upsert_rows(connection, INDEXED_PAGES, [mark | errors])


def outdate_articles(connection: Connection, output: str, key: ScanKey) -> None:
    """Note that what the index has of a page is out of date: it is indexed again.

    A page that is about to be written is outdated first, should that be cut short.
    """
    i = INDEXED_PAGES.c
    here = (i.output == output, i.path == key.path, i.frame == key.frame)
    connection.execute(update(INDEXED_PAGES).where(*here).values(scheme=""))


def forget_articles(connection: Connection, output: str, key: ScanKey) -> None:
    """Take the texts of a page out of the index."""
    before = connection.execute(select(ARTICLES).where(_of_page(output, key))).all()
    _remove_rows(connection, before)
    i = INDEXED_PAGES.c
    connection.execute(
        delete(INDEXED_PAGES).where(i.output == output, i.path == key.path, i.frame == key.frame)
    )


def insert_articles(connection: Connection, output: str, rows: Sequence[IndexedText]) -> None:
    """Add rows to the index; on a server its table must be locked."""
    if not rows:
        return
    first = take_next_number(connection, ARTICLES.c.id)
    numbered = list(enumerate(rows, first))
    columns = [_to_columns(output, row) | {"id": number} for number, row in numbered]
    connection.execute(insert(ARTICLES), columns)
    tokens = [(c["id"], _list_tokens(c)) for c in columns]
    if connection.dialect.name == "postgresql":
        held = [{"id": number, "tokens": sorted(some)} for number, some in tokens]
        connection.execute(insert(SERVER_TOKENS), held)
    else:
        joined = [{"id": number, "tokens": " ".join(some)} for number, some in tokens]
        statement = "INSERT INTO article_tokens (rowid, tokens) VALUES (:id, :tokens)"
        connection.execute(text(statement), joined)


def article_from_row(row: Row[Any]) -> IndexedText:
    """Return the article in a row of the table."""
    return IndexedText(
        ScanKey(row.path, row.frame),
        row.stem,
        row.number,
        row.article,
        row.kind,
        row.paper,
        row.date,
        row.page,
        row.title,
        row.text,
        row.folded,
        row.head,
    )


def _of_page(output: str, key: ScanKey) -> ColumnElement[bool]:
    a = ARTICLES.c
    return and_(a.output == output, a.path == key.path, a.frame == key.frame)


def _remove_rows(connection: Connection, rows: Iterable[Row[Any]]) -> None:
    """Delete rows; SQLite is told the tokens that each had, since it does not keep them."""
    known = [dict(row._mapping) for row in rows]
    if not known:
        return
    if connection.dialect.name == "sqlite":
        statement = text(
            "INSERT INTO article_tokens (article_tokens, rowid, tokens)"
            " VALUES ('delete', :id, :tokens)"
        )
        gone = [{"id": row["id"], "tokens": " ".join(_list_tokens(row))} for row in known]
        connection.execute(statement, gone)
    connection.execute(delete(ARTICLES).where(ARTICLES.c.id.in_([row["id"] for row in known])))


def _list_tokens(columns: Mapping[str, Any]) -> set[str]:
    """Return the tokens of an article by the columns of its row."""
    names = ("output", "stem", "kind", "date")
    facets = Facets(paper=fold_text(columns["paper"]), **{name: columns[name] for name in names})
    return list_article_tokens(columns["folded"], columns["head"], facets)


def _to_columns(output: str, row: IndexedText) -> dict[str, Any]:
    """Return the columns of an article, without its number."""
    return {
        "output": output,
        "path": row.key.path,
        "frame": row.key.frame,
        "stem": row.stem,
        "number": row.number,
        "article": row.article,
        "kind": row.kind,
        "paper": row.paper,
        "date": row.date,
        "page": row.page,
        "title": row.title,
        "text": row.text,
        "folded": row.folded,
        "head": row.head,
    }
