"""Bring the article index of an output folder in step with the records that lie there."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from newspage.errors import InputError
from newspage.expected_errors import estimate_page_errors
from newspage.model import PageRecord
from newspage.output.page_files import RECORD_SUFFIX
from newspage.record import read_record
from newspage.search import list_article_rows
from newspage.store import IndexedText, OutputStore, PageArticles, PageState, ScanKey
from newspage.workspace import Workspace, hold_write_lock


@dataclass(frozen=True, slots=True)
class IndexChange:
    """What became of a page when the index was brought in step."""

    stem: str
    outcome: str
    """kept | indexed | removed"""


class ArticleIndexer:
    """Makes the rows of pages for the article index. Raises StoreError."""

    def __init__(self, place: Workspace, store: OutputStore) -> None:
        self._place = place
        self._store = store

    def make_articles(self, state: PageState, record: PageRecord) -> PageArticles:
        """Return the texts of a page for the index, and how good they are, from its record."""
        scan = self._store.find_scan(state.key)
        publication = scan.publication if scan else None
        rows = list_article_rows(record, state.key, state.stem, publication)
        return PageArticles(rows, _hash_rows(rows), estimate_page_errors(record).page)

    def index_waiting(self, limit: int) -> bool:
        """Index some pages that are not in the index as this version makes it.

        Returns whether there may be more. A page whose record is missing or damaged has no texts
        until it is written again.
        """
        waiting = self._store.articles.list_waiting(limit)
        for state in waiting:
            with hold_write_lock(self._place):
                page = self._read_page(state) or PageArticles((), "")
                self._store.articles.put_page(state.key, page)
        return len(waiting) == limit

    def bring_in_step(self, anew: bool = False) -> Iterator[IndexChange]:
        """Yield each page of the output folder after its record was compared with the index.

        Pages whose record changed behind the back of newspage are indexed again, and the texts of
        those whose record is gone are taken out. `anew`: all are indexed again, and the index
        emptied first.
        """
        if anew:
            self._store.articles.clear()
        known = self._store.articles.list_digests()
        pages = self._store.pages.list_pages()
        yield from self._remove(known.keys() - pages.keys())
        for key, state in pages.items():
            if outcome := self._compare(state, known.get(key)):
                yield IndexChange(state.stem, outcome)

    def _compare(self, state: PageState, known: str | None) -> str:
        """Index a page again where its texts have not the hash that is known; return what was done.

        Empty where there is no record, nor anything in the index that this version made.
        """
        with hold_write_lock(self._place):
            page = self._read_page(state)
            if page is not None and page.digest == known:
                return "kept"
            if page is not None:
                self._store.articles.put_page(state.key, page)
                return "indexed"
            # It counts as indexed, without texts: else it would wait for ever.
            self._store.articles.put_page(state.key, PageArticles((), ""))
            return "removed" if known else ""

    def _remove(self, keys: Iterable[ScanKey]) -> Iterator[IndexChange]:
        """Take pages out of the index that the store does not know any more."""
        for key in sorted(keys):
            self._store.articles.forget_pages([key])
            yield IndexChange(key.path, "removed")

    def _read_page(self, state: PageState) -> PageArticles | None:
        """Return the texts of a page from its record; None where that cannot be read."""
        try:
            record = read_record(self._place.output / f"{state.stem}{RECORD_SUFFIX}")
        except InputError:
            return None
        return self.make_articles(state, record)


def _hash_rows(rows: Iterable[IndexedText]) -> str:
    """Return a hash that changes with what a page has in the index."""
    return hashlib.sha256(msgspec.json.encode(list(rows))).hexdigest()
