"""The article index of an output folder: which articles hold some words, and how often."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    case,
    column,
    delete,
    func,
    literal,
    select,
    table,
    text,
)

from newspage.chinese import fold_text
from newspage.expected_errors import name_calibration
from newspage.store.article_rows import (
    SERVER_TOKENS,
    IndexedText,
    PageArticles,
    article_from_row,
    forget_articles,
    name_scheme,
    replace_articles,
)
from newspage.store.article_tokens import (
    ANY,
    list_date_tokens,
    list_phrase_tokens,
    make_facet,
)
from newspage.store.connection import Database, split_into_batches
from newspage.store.pages import PageState
from newspage.store.state import ScanKey
from newspage.store.tables import ARTICLES, INDEXED_PAGES, PAGES

_A = ARTICLES.c
_FILE_TOKENS = table("article_tokens", column("rowid"))


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """The articles that are searched; empty values filter nothing out."""

    paper: str = ""
    first: str = ""
    """The first date, ISO 8601."""
    last: str = ""
    kind: str = ""
    stems: tuple[str, ...] = ()
    """Names of pages."""


@dataclass(frozen=True, slots=True)
class ArticleMatch:
    """An article that holds all words, and how often it holds each."""

    id: int
    date: str
    stem: str
    number: int
    length: int
    """Characters of its folded text."""
    counts: tuple[int, ...]
    in_headline: int
    """How many of the words its headlines hold."""


@dataclass(frozen=True, slots=True)
class IndexedTitle:
    """An article as a table of contents has it."""

    stem: str
    article: str
    title: str
    """Its headline; empty where it has none."""
    text: str
    """How it begins."""


@dataclass(frozen=True, slots=True)
class IndexState:
    """How far the article index is."""

    articles: int
    pages: int
    """Pages in the index."""
    waiting: int
    """Pages of the output folder that are not in it, or not as this version makes it."""


class ArticleIndex:
    """The article index of one output folder. Raises StoreError."""

    def __init__(self, database: Database, output: str) -> None:
        self._database = database
        self._output = output

    def put_page(self, key: ScanKey, page: PageArticles) -> None:
        """Put the texts of a page in place of those that the index has of it."""
        with self._database.transaction() as connection:
            replace_articles(connection, self._output, key, page)

    def forget_pages(self, keys: Iterable[ScanKey]) -> None:
        """Take the texts of pages out of the index."""
        with self._database.transaction() as connection:
            for key in keys:
                forget_articles(connection, self._output, key)

    def clear(self) -> None:
        """Empty the index of the output folder."""
        with self._database.reading() as connection:
            alone = self._is_alone(connection)
        if not alone:
            self.forget_pages(self.list_digests())
            return
        with self._database.transaction() as connection:
            connection.execute(delete(INDEXED_PAGES))
            if connection.dialect.name == "sqlite":
                emptied = "INSERT INTO article_tokens (article_tokens) VALUES ('delete-all')"
                connection.execute(text(emptied))
            connection.execute(delete(ARTICLES))

    def list_digests(self) -> dict[ScanKey, str]:
        """Return of each page in the index the hash of its texts.

        Empty where it was made by another version, in another way.
        """
        i = INDEXED_PAGES.c
        current = and_(i.scheme == name_scheme(), i.calibration == name_calibration())
        digest = case((current, i.digest), else_="")
        with self._database.reading() as connection:
            rows = connection.execute(
                select(i.path, i.frame, digest).where(i.output == self._output)
            ).all()
        return {ScanKey(path, frame): found for path, frame, found in rows}

    def list_waiting(self, limit: int) -> list[PageState]:
        """Return some of the pages that are not in the index as this version makes it."""
        with self._database.reading() as connection:
            rows = connection.execute(
                self._waiting(PAGES).order_by(PAGES.c.path, PAGES.c.frame).limit(limit)
            ).all()
        return [
            PageState(ScanKey(r.path, r.frame), r.stem, r.sha256, r.paper, r.mark) for r in rows
        ]

    def read_state(self) -> IndexState:
        """Return how far the index is."""
        articles = select(func.count()).select_from(ARTICLES).where(_A.output == self._output)
        i = INDEXED_PAGES.c
        pages = select(func.count()).select_from(INDEXED_PAGES).where(i.output == self._output)
        with self._database.reading() as connection:
            counts = (
                connection.execute(one).scalar_one()
                for one in (articles, pages, self._waiting(func.count()))
            )
            return IndexState(*counts)

    def count_waiting(self) -> int:
        """Return how many pages are not in the index as this version makes it."""
        with self._database.reading() as connection:
            return int(connection.execute(self._waiting(func.count())).scalar_one())

    def list_papers(self) -> list[str]:
        """Return the names of the papers that have articles."""
        found = [""]
        with self._database.reading() as connection:
            # From one name to the next in an index: to list them all would read every article.
            while True:
                beyond = select(func.min(_A.paper)).where(
                    _A.output == self._output, _A.paper > found[-1]
                )
                paper = connection.execute(beyond).scalar()
                if paper is None:
                    return sorted(found[1:])
                found.append(paper)

    def find_articles(
        self, words: Sequence[str], wanted: ArticleFilter, limit: int | None = None
    ) -> list[ArticleMatch]:
        """Return articles that hold all of some words.

        Args:
            words: Folded words and phrases, at least one; `ANY` in one is any character.
            wanted: Which articles are searched.
            limit: The most articles. Where there are more, those come first that have all words
                in their headlines; which others are among them is left to the index.
        """
        with self._database.reading() as connection:
            search = _Search(connection, tuple(words), self._conditions(connection, wanted))
            found = search.list_matches(limit)
            if limit is not None and len(found) == limit:
                first = search.list_matches(limit, in_headline=True)
                found = list(dict.fromkeys([*first, *found]))[:limit]
        return found

    def load_articles(self, numbers: Iterable[int]) -> dict[int, IndexedText]:
        """Return articles by their ids; those that are gone meanwhile are left out."""
        found = {}
        with self._database.reading() as connection:
            for some in split_into_batches(numbers):
                rows = connection.execute(select(ARTICLES).where(_A.id.in_(some)))
                found.update({row.id: article_from_row(row) for row in rows})
        return found

    def list_titles(self, keys: Sequence[ScanKey], length: int) -> list[IndexedTitle]:
        """Return the articles of some pages, in reading order, with so many characters of each."""
        columns = [_A.stem, _A.article, _A.title, func.substr(_A.text, 1, length)]
        found: list[IndexedTitle] = []
        with self._database.reading() as connection:
            for key in keys:
                of_page = (_A.output == self._output, _A.path == key.path, _A.frame == key.frame)
                rows = select(*columns).where(*of_page, _A.kind == "article").order_by(_A.number)
                found += [IndexedTitle(*row) for row in connection.execute(rows)]
        return found

    def list_all(self) -> list[IndexedText]:
        """Return all articles of the index, by page and in reading order."""
        rows = select(ARTICLES).where(_A.output == self._output)
        with self._database.reading() as connection:
            found = connection.execute(rows.order_by(_A.path, _A.frame, _A.number)).all()
        return list(map(article_from_row, found))

    def _waiting(self, *columns: Any) -> Select[Any]:
        """Return a query for the pages that are not in the index as this version makes it."""
        i = INDEXED_PAGES.c
        same = and_(
            i.output == PAGES.c.output,
            i.path == PAGES.c.path,
            i.frame == PAGES.c.frame,
            i.scheme == name_scheme(),
            i.calibration == name_calibration(),
        )
        return (
            select(*columns)
            .select_from(PAGES)
            .outerjoin(INDEXED_PAGES, same)
            .where(PAGES.c.output == self._output, i.path.is_(None))
        )

    def _is_alone(self, connection: Connection) -> bool:
        """Tell whether the index holds this output folder only."""
        i = INDEXED_PAGES.c.output
        # One after the other: SQLite finds the end of an index at once, but not both of them.
        ends = {connection.execute(select(end(i))).scalar() for end in (func.min, func.max)}
        return ends <= {self._output, None}

    def _conditions(self, connection: Connection, wanted: ArticleFilter) -> "_Conditions":
        """Return what articles must be, as tokens and as columns."""
        needed = []
        some = []
        # As an expression, since by the plain column SQLite would go through all articles of the
        # output folder in place of those that have the tokens.
        columns: list[ColumnElement[bool]] = [_A.output.concat("") == self._output]
        if not self._is_alone(connection):
            needed.append(make_facet("output", self._output))
        if wanted.kind:
            needed.append(make_facet("kind", wanted.kind))
        if wanted.paper:
            needed.append(make_facet("paper", fold_text(wanted.paper)))
        if wanted.first or wanted.last:
            first, last = wanted.first or "0001-01-01", wanted.last or "9999-12-31"
            some.append(list_date_tokens(first, last))
        if wanted.stems:
            some.append(tuple(make_facet("stem", stem) for stem in wanted.stems))
            columns.append(_A.stem.in_(wanted.stems))
        return _Conditions(tuple(needed), tuple(some), tuple(columns))


@dataclass(frozen=True, slots=True)
class _Conditions:
    """What articles must be besides holding words."""

    needed: tuple[str, ...]
    """Tokens that they all have."""
    some: tuple[tuple[str, ...], ...]
    """Of each group of tokens they have at least one."""
    columns: tuple[ColumnElement[bool], ...]
    """What is asked of the columns, since tokens tell no capital letters from small ones."""


@dataclass(frozen=True, slots=True)
class _Search:
    """A search for words in one state of the database."""

    connection: Connection
    words: tuple[str, ...]
    conditions: _Conditions

    def list_matches(self, limit: int | None, in_headline: bool = False) -> list[ArticleMatch]:
        """Return articles, at most so many, that hold all words, be it in their headlines."""
        if any(not group for group in self.conditions.some):
            return []
        where = func.substr(_A.folded, 1, _A.head) if in_headline else _A.folded
        held = [self._holds(where, word) for word in self.words]
        head = func.substr(_A.folded, 1, _A.head)
        heads = [case((self._holds(head, word), 1), else_=0) for word in self.words]
        columns = [_A.id, _A.date, _A.stem, _A.number, func.length(_A.folded)]
        counts = [_count_word(word) for word in self.words]
        statement = (
            select(*columns, *counts, *heads)
            .select_from(self._source(in_headline))
            .where(*self._has_tokens(in_headline), *self.conditions.columns, *held)
            .limit(limit)
        )
        number = len(self.words)
        return [
            ArticleMatch(*row[:5], tuple(row[5:-number]), sum(row[-number:]))  # type: ignore[call-arg]
            for row in map(tuple, self.connection.execute(statement))
        ]

    def _source(self, in_headline: bool) -> Any:
        """Return the articles joined with their tokens."""
        if self._on_server:
            return ARTICLES.join(SERVER_TOKENS, SERVER_TOKENS.c.id == _A.id)
        return ARTICLES.join(_FILE_TOKENS, _FILE_TOKENS.c.rowid == _A.id)

    def _has_tokens(self, in_headline: bool) -> list[ColumnElement[bool]]:
        """Return the conditions on tokens."""
        of_words = (t for word in self.words for t in list_phrase_tokens(word, in_headline))
        needed = [*of_words, *self.conditions.needed]
        some = self.conditions.some
        if self._on_server:
            held = SERVER_TOKENS.c.tokens
            return [held.contains(needed), *(held.overlap(list(group)) for group in some)]
        groups = [f"({' OR '.join(map(_quote, group))})" for group in some]
        match = " AND ".join([*map(_quote, needed), *groups])
        return [text("article_tokens MATCH :tokens").bindparams(tokens=match)]  # type: ignore[list-item]

    def _holds(self, where: ColumnElement[str], word: str) -> ColumnElement[bool]:
        """Return the condition that a text holds a word."""
        if ANY in word:
            return where.like(f"%{word}%")
        if self._on_server:
            return func.strpos(where, word) > 0
        return func.instr(where, word) > 0

    @property
    def _on_server(self) -> bool:
        return self.connection.dialect.name == "postgresql"


def _quote(token: str) -> str:
    """Return a token as a string of FTS5's language; none has a quotation mark."""
    return f'"{token}"'


def _count_word(word: str) -> ColumnElement[int]:
    """Return how often a text holds a word; one with any character in it counts once."""
    if ANY in word:
        return literal(1)
    rest = func.length(func.replace(_A.folded, word, ""), type_=Integer)
    return (func.length(_A.folded, type_=Integer) - rest) // len(word)
