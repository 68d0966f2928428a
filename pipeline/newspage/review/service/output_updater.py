"""Output files follow decisions, a moment later and out of the way of who decides."""

from collections.abc import Iterable
from threading import Condition, Thread
from time import monotonic

from newspage.errors import NewspageError
from newspage.output.issue_files import rejoin_issues
from newspage.output.page_writer import PageWriter
from newspage.store import PageState, ScanKey, Store
from newspage.workspace import Workspace

_QUIET = 0.7
"""Seconds without a change after which the articles of issues are joined again."""
_AGAIN = 2.0
"""Seconds until what failed is tried again."""


class OutputUpdater:
    """Writes the pages on which something was decided, in a thread of its own."""

    def __init__(self, place: Workspace, store: Store, keeper: PageWriter) -> None:
        self._place = place
        self._store = store
        self._keeper = keeper
        self._change = Condition()
        keeper.recover_interrupted()
        self._due = {page.key: page for page in keeper.list_outdated()}
        self._writing: list[ScanKey] = []
        self._unjoined = True
        self._last = monotonic()
        self._closing = False
        self.trouble = ""
        """Why pages cannot be written just now; empty where they can."""
        self._thread = Thread(target=self._work, name="newspage-follower", daemon=True)
        self._thread.start()

    def schedule_pages(self, pages: Iterable[PageState]) -> None:
        """Something was decided on some pages."""
        with self._change:
            self._due |= {page.key: page for page in pages}
            self._last = monotonic()
            self._change.notify_all()

    def flush_page(self, page: PageState | None = None) -> None:
        """Wait until a page, or every one, is written. Raises what stands in the way."""
        while True:
            with self._change:
                waiting = self._take(page)
                if waiting is None:
                    if not (page.key in self._writing if page else self._writing):
                        return
                    self._change.wait()
                    continue
            self._write(waiting)

    def schedule_relinking(self, pages: Iterable[PageState]) -> None:
        """Something was decided on how some pages go on elsewhere: have their issues say so now.

        While a run is on, it does so at its end.
        """
        pages = list(pages)
        self.schedule_pages(pages)
        for page in pages:
            self.flush_page(page)
        self._join()

    def register_page(self, stem: str) -> None:
        """Register a page of an older version now, if there is one of that name."""
        for row in self._keeper.list_unregistered():
            if row.stem == stem:
                self._keeper.register_existing(row)

    def close(self) -> None:
        """Write what is due, join what is to be joined, and stop."""
        with self._change:
            self._closing = True
            self._change.notify_all()
        self._thread.join()
        if not self.trouble:
            self.flush_page()
            self._join()

    def _take(self, page: PageState | None = None) -> PageState | None:
        """A page that is due (that page), taken over by the caller, who must write it."""
        key = page.key if page else next(iter(self._due), None)
        taken = self._due.pop(key, None) if key else None
        if taken is not None:
            self._writing.append(taken.key)
        return taken

    def _adopt(self) -> None:
        """Register pages of an older version; there may be thousands, once."""
        for row in self._keeper.list_unregistered():
            if self._closing:
                return
            self._keeper.register_existing(row)

    def _work(self) -> None:
        try:
            self._adopt()
        except NewspageError as error:
            self.trouble = str(error)
        while True:
            with self._change:
                while not self._due and not self._closing:
                    rest = self._last + _QUIET - monotonic()
                    if self._unjoined and rest <= 0:
                        break
                    self._change.wait(max(0.01, rest) if self._unjoined else None)
                if self._closing:
                    return
                page = self._take()
            try:
                if page is None:
                    self._join()
                else:
                    self._write(page)
                self.trouble = ""
            except NewspageError as error:
                self.trouble = str(error)
                with self._change:
                    if not self._closing:
                        self._change.wait(_AGAIN)

    def _write(self, page: PageState) -> None:
        changed = failed = False
        try:
            changed = self._keeper.rewrite_page(page)
        except BaseException:
            failed = True
            raise
        finally:
            with self._change:
                self._writing.remove(page.key)
                if failed:
                    self._due.setdefault(page.key, page)
                self._unjoined |= changed
                self._last = monotonic()
                self._change.notify_all()

    def _join(self) -> None:
        """Join the issues that lost a page's text; a run that is on does so itself at its end."""
        self._unjoined = False
        for failure in rejoin_issues(self._place, self._store, self._keeper.formats):
            raise failure
