"""The pages of an output folder as lists and calendars: sorted, filtered, summed up."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    literal_column,
    select,
    union_all,
)

from newspage.store.connection import Database, order_by_code_point
from newspage.store.decisions import ScanId
from newspage.store.listed_pages import ListedPage, note_questions, note_scans
from newspage.store.scan_rows import make_scan_row, select_scans
from newspage.store.store_schema import StoreError
from newspage.store.tables import LISTED_ISSUES, LISTED_PAGES, PAGES, SCANS

PageSort = Literal["name", "date", "open", "unplaced", "new"]
"""Order of pages; open, unplaced: most of them first; new: read last first."""
PageChoice = Literal["all", "open", "unsigned", "signed", "failed"]
"""Pages with open questions, those that nobody or somebody has proofread, and those not read."""
L, S = LISTED_PAGES.c, LISTED_ISSUES.c
_FEW = 20_000
"""Pages that are sorted when they are asked for, so that an index finds them by what they are; more
are gone through in order. Judgement: they take some 50 ms."""
_MOST_PAPERS = 100
"""Papers whose indexes are merged; a statement of SQLite has at most 500 parts."""
_AT_ONCE = 1000
"""Pages that are put into lists in one transaction. Measured: 150 ms; nobody else writes then."""
_BY_PAPER: dict[str, ColumnElement[Any]] = {
    "open": L.open,
    "unplaced": L.unplaced,
    "new": L.finished,
}
"""Columns that an index has within each paper, largest first."""


@dataclass(frozen=True, slots=True)
class PageFilter:
    """A choice of pages; an empty one means all."""

    find: str = ""
    """What the name holds, in letters of any case."""
    paper: str = ""
    first: str = ""
    """The first date, ISO 8601."""
    last: str = ""
    choice: PageChoice = "all"
    undated: bool = False
    """Only those whose date is not known."""


@dataclass(frozen=True, slots=True)
class PageSums:
    """Counts of some pages."""

    issues: int = 0
    pages: int = 0
    failed: int = 0
    open: int = 0
    """Open questions."""
    open_pages: int = 0
    """Pages that have any."""
    decided: int = 0
    """Questions that people or precedents have decided."""
    signed: int = 0
    """Pages that somebody has proofread."""

    def __add__(self, other: "PageSums") -> "PageSums":
        return PageSums(
            *(getattr(self, n) + getattr(other, n) for n in PageSums.__dataclass_fields__)
        )


@dataclass(frozen=True, slots=True)
class ShelvedPages:
    """Pages of one paper, of one of its years, or of one day, and their counts."""

    paper: str
    first: str
    """The first day with pages, ISO 8601; a year; empty where none is known."""
    last: str
    sums: PageSums


_SUMS = (
    func.count(),
    *(func.sum(S[name]) for name in ("pages", "failed", "open", "open_pages", "decided", "signed")),
)


class PageCatalogue:
    """The listed pages of one output folder. Raises StoreError."""

    def __init__(self, database: Database, output: str) -> None:
        self._database = database
        self._output = output

    def list_stretch(
        self, which: PageFilter, sort: PageSort, offset: int, limit: int
    ) -> tuple[list[ListedPage], int]:
        """Return a stretch of the pages that fit a filter, and how many fit.

        Args:
            which: The filter.
            sort: The order.
            offset: Pages before the stretch.
            limit: Pages in the stretch at most.
        """
        with self._database.reading() as connection:
            total = self._count_fitting(connection, which)
            if total <= offset:
                return [], total
            statement = self._choose_pages(connection, which, sort, total, offset + limit)
            rows = connection.execute(statement.offset(offset).limit(limit)).all()
        return [ListedPage(*row) for row in rows], total

    def find_pages(self, stems: Sequence[str]) -> dict[str, ListedPage]:
        """Return some pages by their names; those that no list shows are left out."""
        columns = [L[name] for name in ListedPage.__dataclass_fields__]
        named = select(*columns).where(L.output == self._output, L.stem.in_(stems))
        with self._database.reading() as connection:
            rows = [ListedPage(*row) for row in connection.execute(named)]
        return {row.stem: row for row in rows}

    def sum_papers(self) -> list[ShelvedPages]:
        """Return every paper with its first and last day; that without a name is the last one."""
        return self._sum_up(func.min(S.date), func.max(S.date), S.paper, S.output == self._output)

    def sum_years(self, paper: str) -> list[ShelvedPages]:
        """Return the years of a paper; pages without a date have the year that is empty."""
        year = func.substr(S.date, 1, 4)
        return self._sum_up(year, year, year, S.output == self._output, S.paper == paper)

    def sum_days(self, paper: str, first: str, last: str) -> list[ShelvedPages]:
        """Return the issues of a paper from one day to another, those days included."""
        within = (S.output == self._output, S.paper == paper, S.date >= first, S.date <= last)
        return self._sum_up(S.date, S.date, S.date, *within)

    def list_dates_beside(self, paper: str, date: str) -> tuple[str, str]:
        """Return the days of the issues before and after one; empty where there is none."""
        of_paper = (S.output == self._output, S.paper == paper, S.date > "")
        with self._database.reading() as connection:
            before = connection.execute(select(func.max(S.date)).where(*of_paper, S.date < date))
            after = connection.execute(select(func.min(S.date)).where(*of_paper, S.date > date))
            return before.scalar() or "", after.scalar() or ""

    def list_scans(self, stems: Sequence[str]) -> dict[str, ScanId]:
        """Return the scans that some pages show; those that were never read are left out."""
        p = PAGES.c
        shown = select(p.stem, p.sha256, p.frame).where(p.output == self._output, p.stem.in_(stems))
        with self._database.reading() as connection:
            return {stem: (sha256, frame) for stem, sha256, frame in connection.execute(shown)}

    def count_waiting(self, listed: int | None = None) -> int:
        """Return how many pages lists do not show yet, since an older version read them.

        `listed` is how many they do show, where that is known.
        """
        with self._database.reading() as connection:
            return self._count_waiting(connection, listed)

    def list_all_waiting(self) -> None:
        """Put all of those pages into the lists, as far as the store can be written."""
        with suppress(StoreError):
            while self.list_waiting():
                continue

    def list_waiting(self, limit: int = _AT_ONCE) -> bool:
        """Put some of those pages into the lists; return whether there may be more."""
        with self._database.transaction() as connection:
            if not self._count_waiting(connection):
                return False
            here = and_(
                L.output == SCANS.c.output, L.path == SCANS.c.path, L.frame == SCANS.c.frame
            )
            missing = (
                select_scans(connection)
                .outerjoin(LISTED_PAGES, here)
                .where(SCANS.c.output == self._output, L.path.is_(None))
                .limit(limit)
            )
            rows = list(map(make_scan_row, connection.execute(missing)))
            note_scans(connection, self._output, rows)
            note_questions(connection, self._output, [row.key for row in rows])
        return len(rows) == limit

    def _count_waiting(self, connection: Connection, listed: int | None = None) -> int:
        scans = select(func.count()).select_from(SCANS).where(SCANS.c.output == self._output)
        if listed is None:
            pages = select(func.sum(S.pages)).where(S.output == self._output)
            listed = int(connection.execute(pages).scalar() or 0)
        return int(connection.execute(scans).scalar_one()) - listed

    def _sum_up(
        self, first: Any, last: Any, group: ColumnElement[str], *where: ColumnElement[bool]
    ) -> list[ShelvedPages]:
        """Return the sums of issues by a column, in its order; an empty value comes last."""
        statement = (
            select(func.min(S.paper), first, last, *_SUMS)
            .where(*where)
            .group_by(group)
            .order_by(group)
        )
        with self._database.reading() as connection:
            rows = connection.execute(statement).all()
        found = [
            ShelvedPages(paper, start, end, PageSums(*map(int, sums)))
            for paper, start, end, *sums in rows
        ]
        return sorted(found, key=lambda one: not (one.paper or one.last))

    def _count_fitting(self, connection: Connection, which: PageFilter) -> int:
        """Return how many pages fit a filter: by the sums of issues, unless names are looked at."""
        if which.find:
            found = select(func.count()).select_from(LISTED_PAGES).where(*self._conditions(which))
            return int(connection.execute(found).scalar_one())
        column: ColumnElement[int] = {
            "all": S.pages,
            "open": S.open_pages,
            "unsigned": S.pages - S.signed,
            "signed": S.signed,
            "failed": S.failed,
        }[which.choice]
        within = _conditions_of_issues(S, self._output, which)
        return int(connection.execute(select(func.sum(column)).where(*within)).scalar() or 0)

    def _conditions(self, which: PageFilter, by_index: bool = True) -> list[ColumnElement[bool]]:
        """Return the conditions of a filter on pages.

        Without `by_index` no index finds pages by what they are: the order is to use another.
        """
        conditions = _conditions_of_issues(L, self._output, which)
        if which.choice != "all":
            # Word by word as the indexes have it, or they are not used.
            wanted = {
                "open": "open > 0",
                "unsigned": "signed = 0",
                "signed": "signed > 0",
                "failed": "status = 'failed'",
            }[which.choice]
            if not by_index:
                wanted = wanted.replace("open >", "open + 0 >")
            conditions.append(literal_column(f"listed_pages.{wanted}"))
        if which.find:
            held = func.lower(L.stem).contains(which.find.lower(), autoescape=True)
            conditions.append(held)
        return conditions

    def _choose_pages(
        self, connection: Connection, which: PageFilter, sort: PageSort, total: int, most: int
    ) -> Select[Any]:
        """Return a query for the pages of a filter in order.

        Args:
            connection: The database.
            which: The filter.
            sort: The order.
            total: How many pages fit.
            most: Pages that are needed at most.
        """
        stem = order_by_code_point(connection, L.stem)
        columns = [L[name] for name in ListedPage.__dataclass_fields__]
        pages = select(*columns).where(*self._conditions(which))
        few = total <= _FEW and which != PageFilter(find=which.find)
        if sort == "date":
            return pages.order_by(L.paper, L.date, L.place, stem)
        by_paper = sort in _BY_PAPER and not few
        papers = self._list_papers(connection, which)
        if (by_paper or (few and which.choice == "open")) and len(papers) <= _MOST_PAPERS:
            anywhere = self._conditions(replace(which, paper=""), few or sort == "open")
            return self._merge_papers(connection, anywhere, sort, papers, most)
        key = _BY_PAPER.get(sort)
        if key is not None:
            return pages.order_by((key + 0).desc(), stem)
        # Few are found by what they are, and then sorted; as an expression, since by the plain
        # column SQLite goes through all names.
        return pages.order_by(stem.concat("") if few and _is_narrow(which) else stem)

    def _list_papers(self, connection: Connection, which: PageFilter) -> list[str]:
        """Return the papers whose pages can fit a filter."""
        if which.paper:
            return [which.paper]
        papers = select(S.paper).where(S.output == self._output).distinct().limit(_MOST_PAPERS + 1)
        return list(connection.execute(papers).scalars())

    def _merge_papers(
        self,
        connection: Connection,
        anywhere: Sequence[ColumnElement[bool]],
        sort: PageSort,
        papers: Sequence[str],
        most: int,
    ) -> Select[Any]:
        """Return a query that takes the first pages of each paper, as an index has them.

        `anywhere` are the conditions on pages whatever their paper.
        """
        stem = order_by_code_point(connection, L.stem)
        columns = [L[name] for name in ListedPage.__dataclass_fields__]
        key = _BY_PAPER.get(sort)
        order = [stem.concat("")] if key is None else [key.desc(), stem]
        parts = [
            select(*columns)
            .where(L.paper == paper, *anywhere)
            .order_by(*order)
            .limit(most)
            .subquery()
            for paper in papers or [""]
        ]
        merged = union_all(*(part.select() for part in parts)).subquery()
        name = order_by_code_point(connection, merged.c.stem)
        largest = [] if key is None else [merged.c[key.name].desc()]
        return select(merged).order_by(*largest, name)


def _is_narrow(which: PageFilter) -> bool:
    """Tell whether a filter is of a paper or of days."""
    return bool(which.paper or which.first or which.last or which.undated)


def _conditions_of_issues(
    columns: Any, output: str, which: PageFilter
) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter that are on papers and days."""
    conditions: list[ColumnElement[bool]] = [columns.output == output]
    if which.paper:
        conditions.append(columns.paper == which.paper)
    if which.undated:
        conditions.append(columns.date == "")
    if which.first:
        conditions.append(columns.date >= which.first)
    if which.last:
        # A month or a year means all of its days.
        conditions += [columns.date <= f"{which.last}-99", columns.date > ""]
    return conditions
