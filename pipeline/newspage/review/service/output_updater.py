"""Updating of output files after decisions, a moment later and in a thread of its own."""

from collections.abc import Iterable
from contextlib import suppress
from threading import Condition, Thread
from time import monotonic

from newspage.errors import NewspageError
from newspage.output import PageWriter, rejoin_issues
from newspage.store import OutputStore, PageState, ScanKey
from newspage.workspace import Workspace

_QUIET = 0.7
"""Seconds without a change before issues are joined again: one join for answers in a row.

Judgement, not measured."""
_AGAIN = 2.0
"""Seconds until a failed write is tried again. Judgement, not measured."""
_INDEXED_AT_ONCE = 5
"""Pages of an older version that are put into the article index before decisions are looked for
again. Judgement: a fraction of a second."""


class OutputUpdater:
    """Writes the pages on which something was decided, in a thread of its own.

    Issues are joined again once no page has changed for a moment.
    """

    def __init__(self, place: Workspace, store: OutputStore, writer: PageWriter) -> None:
        self._place = place
        self._store = store
        self._writer = writer
        self._change = Condition()
        writer.recover_interrupted()
        self._due = {page.key: page for page in writer.list_outdated()}
        self._writing: list[ScanKey] = []
        self._unjoined = self._unindexed = True
        self._last = monotonic()
        self._closing = False
        self._thread = Thread(target=self._work, name="newspage-follower", daemon=True)
        self._thread.start()

    def schedule_pages(self, pages: Iterable[PageState]) -> None:
        """Have pages written anew because something was decided on them."""
        with self._change:
            self._due |= {page.key: page for page in pages}
            self._last = monotonic()
            self._change.notify_all()

    def flush_page(self, page: PageState | None = None) -> None:
        """Wait until a page (None: every one) is written, by this thread where none writes it.

        Raises the error that keeps it from being written.
        """
        while True:
            with self._change:
                waiting = self._take_due(page)
                if waiting is None:
                    if not (page.key in self._writing if page else self._writing):
                        return
                    self._change.wait()
                    continue
            self._write(waiting)

    def schedule_relinking(self, pages: Iterable[PageState]) -> None:
        """Write pages anew whose links to others were decided on, and join their issues again.

        While a run is on, the run joins them at its end.
        """
        pages = list(pages)
        self.schedule_pages(pages)
        for page in pages:
            self.flush_page(page)
        self._join()

    def register_page(self, stem: str) -> None:
        """Register a page that an older version read, if there is one of that name."""
        for row in self._writer.list_unregistered():
            if row.stem == stem:
                self._writer.register_existing(row)

    def close(self) -> None:
        """Write the pages that are due, join the issues, and stop the thread.

        Raises the error that keeps them from being written: whoever stops is told of it.
        """
        with self._change:
            self._closing = True
            self._change.notify_all()
        self._thread.join()
        self.flush_page()
        self._join()

    def _take_due(self, page: PageState | None = None) -> PageState | None:
        """Take a page that is due (None: any) off the list; the caller must write it.

        The lock must be held. Returns None where none is due.
        """
        key = page.key if page else next(iter(self._due), None)
        taken = self._due.pop(key, None) if key else None
        if taken is not None:
            self._writing.append(taken.key)
        return taken

    def _register_old_pages(self) -> None:
        """Register the pages that an older version read; there may be thousands, once."""
        for row in self._writer.list_unregistered():
            if self._closing:
                return
            self._writer.register_existing(row)

    def _work(self) -> None:
        """Write pages and join issues until closed; after a failure try again in a while."""
        with suppress(NewspageError):  # the next start tries again
            self._register_old_pages()
        while True:
            with self._change:
                while not self._due and not self._closing:
                    rest = self._last + _QUIET - monotonic()
                    if self._unindexed or (self._unjoined and rest <= 0):
                        break
                    self._change.wait(max(0.01, rest) if self._unjoined else None)
                if self._closing:
                    return
                page = self._take_due()
            try:
                if page is not None:
                    self._write(page)
                elif self._unjoined and self._last + _QUIET <= monotonic():
                    self._join()
                else:
                    self._unindexed = self._writer.index_waiting(_INDEXED_AT_ONCE)
            except NewspageError:
                with self._change:
                    if not self._closing:
                        self._change.wait(_AGAIN)

    def _write(self, page: PageState) -> None:
        """Write a page; where that fails it is due again."""
        changed = failed = False
        try:
            changed = self._writer.rewrite_page(page)
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
        """Join the issues whose pages have changed; a run that is on does so itself at its end."""
        self._unjoined = False
        for failure in rejoin_issues(self._place, self._store, self._writer.formats):
            raise failure
