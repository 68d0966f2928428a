"""The archive as it is walked through: what there is, what is new, what needs a person."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from newspage.issues import make_issue_name
from newspage.model import Publication
from newspage.review.service.issue_calendar import MonthSheet, make_calendar
from newspage.review.service.issue_shelf import ISSUES
from newspage.review.service.request_errors import UnknownError
from newspage.review.service.view_rows import encode_scan_key
from newspage.store import (
    ListedPage,
    OutputStore,
    PageFilter,
    PageSort,
    PageSums,
    ScanKey,
    ShelvedPages,
)

_SHOWN = 6
"""Pages that the front page shows of each kind. Judgement: a row on a wide screen."""
_MOST_IN_ISSUE = 500
"""Pages of an issue that are shown. Judgement: no issue has more."""
_FIRST_WORDS = 24
"""Characters by which an article without a headline is listed. Judgement."""


@dataclass(frozen=True, slots=True)
class PageCard:
    """A page as a picture with a few words."""

    stem: str
    scan: str
    """Key of the scan's pictures; empty where the page was never read."""
    status: str
    paper: str
    date: str
    page: str
    open: int
    unplaced: int
    signed: int
    expected: float | None = None
    """Share of its characters that is expected to be wrong, 0 to 1; None: not told here."""


@dataclass(frozen=True, slots=True)
class FrontView:
    """What the archive holds, and what there is to do."""

    sums: PageSums
    papers: tuple[ShelvedPages, ...]
    worst: tuple[PageCard, ...]
    """Pages with the most open questions, the most first."""
    worn: tuple[PageCard, ...]
    """Pages of which most is expected to be wrong, the worst first."""
    latest: tuple[PageCard, ...]
    """Pages that were read last, the last first."""
    waiting: int
    """Pages that an older version read and no list shows yet."""


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper, its years, and the calendar of one of them."""

    shelf: ShelvedPages
    years: tuple[ShelvedPages, ...]
    undated: PageSums
    """Of the pages whose date is not known."""
    year: str
    months: tuple[MonthSheet, ...]
    gaps: int
    """Issues of the year that are missing."""


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article in the contents of an issue."""

    stem: str
    article: str
    title: str


@dataclass(frozen=True, slots=True)
class IssueView:
    """An issue: its pages and what is printed on each."""

    paper: str
    date: str
    place: str
    """Its place among the manifests of IIIF; empty where it has none."""
    sums: PageSums
    pages: tuple[tuple[PageCard, tuple[ListedArticle, ...]], ...]
    missing: tuple[int, ...]
    """Numbers of pages between others that are not there."""
    before: str
    after: str
    """Days of the issues before and after it; empty at the ends."""


class ArchiveView:
    """Shows an output folder by paper and day. Thread-safe. Raises StoreError."""

    def __init__(self, store: OutputStore) -> None:
        self._store = store

    def show_front(self) -> FrontView:
        """Return what there is, what needs a person and what is new."""
        papers = self.list_papers()
        sums = sum((shelf.sums for shelf in papers), PageSums())
        return FrontView(
            sums,
            tuple(papers),
            self._list_cards(PageFilter(choice="open"), "open", _SHOWN),
            self._list_worn_pages(),
            self._list_cards(PageFilter(), "new", _SHOWN),
            self._store.catalogue.count_waiting(sums.pages),
        )

    def list_papers(self) -> list[ShelvedPages]:
        """Return the papers with their first and last days, and their counts."""
        return self._store.catalogue.sum_papers()

    def show_paper(self, paper: str, year: str = "") -> PaperView:
        """Return a paper and one of its years; without one, or for one it lacks, the last one.

        Raises UnknownError where there is no such paper.
        """
        catalogue = self._store.catalogue
        shelves = catalogue.sum_years(paper)
        years = [shelf for shelf in shelves if shelf.last]
        if not shelves:
            raise UnknownError("paper-unknown", paper=paper)
        chosen = (
            year if year in {shelf.last for shelf in years} else years[-1].last if years else ""
        )
        days = catalogue.sum_days(paper, f"{chosen}-01-01", f"{chosen}-12-31") if chosen else []
        whole = next(shelf for shelf in catalogue.sum_papers() if shelf.paper == paper)
        months = self._make_months(paper, chosen, days)
        cells = (day for month in months for week in month.weeks for day in week)
        return PaperView(
            whole,
            tuple(years),
            next((shelf.sums for shelf in shelves if not shelf.last), PageSums()),
            chosen,
            months,
            sum(day is not None and day.gap for day in cells),
        )

    def _make_months(
        self, paper: str, year: str, days: Sequence[ShelvedPages]
    ) -> tuple[MonthSheet, ...]:
        """Return the calendar of a year of a paper."""
        issues: dict[date, PageSums] = {}
        for shelf in days:
            with suppress(ValueError):  # no calendar has the day
                issues[date.fromisoformat(shelf.last)] = shelf.sums
        if not issues:
            return ()
        catalogue = self._store.catalogue
        _, first = catalogue.list_dates_beside(paper, "")
        last, _ = catalogue.list_dates_beside(paper, "9999-99-99")
        return make_calendar(int(year), issues, date.fromisoformat(first), date.fromisoformat(last))

    def show_issue(self, paper: str, day: str) -> IssueView:
        """Return the issue of a paper on a day. Raises UnknownError where there is none."""
        catalogue = self._store.catalogue
        shelves = catalogue.sum_days(paper, day, day) if day else []
        if not shelves:
            raise UnknownError("issue-of-day-unknown", paper=paper, day=day)
        which = PageFilter(paper=paper, first=day, last=day)
        rows, _ = catalogue.list_stretch(which, "date", 0, _MOST_IN_ISSUE)
        cards = self._make_cards(row for row in rows if row.date == day and row.paper == paper)
        titles = self._list_articles([row.key for row in rows])
        before, after = catalogue.list_dates_beside(paper, day)
        name = make_issue_name(Publication(paper, date.fromisoformat(day)))
        return IssueView(
            paper,
            day,
            f"{ISSUES}/{name}" if self._store.has_issue(name) else "",
            shelves[0].sums,
            tuple((card, tuple(titles.get(card.stem, ()))) for card in cards),
            find_missing_numbers([card.page for card in cards]),
            before,
            after,
        )

    def _list_articles(self, keys: Sequence[ScanKey]) -> dict[str, list[ListedArticle]]:
        """Return the articles of some pages by the pages' names."""
        found: dict[str, list[ListedArticle]] = {}
        for row in self._store.articles.list_titles(keys, _FIRST_WORDS):
            title = row.title or f"{row.text[:_FIRST_WORDS]}…"
            found.setdefault(row.stem, []).append(ListedArticle(row.stem, row.article, title))
        return found

    def _list_worn_pages(self) -> tuple[PageCard, ...]:
        """Return the pages that need to be proofread first, by what is expected to be wrong."""
        shares = {one.stem: one.errors.share for one in self._store.errors.list_worst(_SHOWN)}
        rows = self._store.catalogue.find_pages(list(shares))
        cards = self._make_cards(rows[stem] for stem in shares if stem in rows)
        return tuple(replace(card, expected=shares[card.stem]) for card in cards)

    def _list_cards(self, which: PageFilter, sort: PageSort, limit: int) -> tuple[PageCard, ...]:
        """Return the first pages of a list."""
        return self._make_cards(self._store.catalogue.list_stretch(which, sort, 0, limit)[0])

    def _make_cards(self, rows: Iterable[ListedPage]) -> tuple[PageCard, ...]:
        """Return pages as cards, each with the key of its scan."""
        rows = list(rows)
        scans = self._store.catalogue.list_scans([row.stem for row in rows])
        return tuple(
            PageCard(
                row.stem,
                encode_scan_key(scans[row.stem]) if row.stem in scans else "",
                row.status,
                row.paper,
                row.date,
                row.page,
                row.open,
                row.unplaced,
                row.signed,
            )
            for row in rows
        )


def find_missing_numbers(pages: Iterable[str]) -> tuple[int, ...]:
    """Return the numbers that pages skip from 1 to the last one, where all of them are numbers."""
    numbers = list(pages)
    if not all(number.isascii() and number.isdigit() and len(number) < 4 for number in numbers):
        return ()
    there = {int(number) for number in numbers}
    return tuple(number for number in range(1, max(there, default=0)) if number not in there)
