"""Read the pages that a process has claimed: as many at a time as it has readers for."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from newspage.batch.lease_keeper import LeaseKeeper
from newspage.batch.page_finisher import PageFinisher
from newspage.batch.plan import PageSource
from newspage.batch.reading_jobs import ReadingJob
from newspage.batch.tasks import (
    LookResult,
    LookTask,
    PageTaken,
    ReadResult,
    ReadTask,
    TaskFailure,
)
from newspage.batch.workers import WorkerPool
from newspage.store import Lease, OutputStore, ScanKey

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 5.0
"""Seconds after which it is looked again whether a page can be claimed, where none could. They grow
from the first to the longest. Judgement: a thousand workers that wait do not keep a server busy."""
_CHUNK = 200
"""Pages that are asked for together: a statement takes only so many parameters."""


class PageSupply(Protocol):
    """Giver of pages to read."""

    def claim_jobs(self, most: int) -> list[tuple[ReadingJob, Lease]]:
        """Claim pages, `most` at most."""

    def has_more(self) -> bool:
        """Tell whether there is anything left to do, be it that others have it."""

    def note_lost(self, job: ReadingJob) -> None:
        """Note that a page was taken over by somebody else while it was read here."""

    def note_withheld(self, job: ReadingJob) -> None:
        """Note that a page is not to be begun here any more, and was given back."""


class ClaimedReading:
    """Reading of claimed pages by a pool of workers; looks into files go on beside it."""

    def __init__(
        self,
        supply: PageSupply,
        pool: WorkerPool,
        keeper: LeaseKeeper,
        finisher: PageFinisher,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        """`pause` waits so many seconds, or less."""
        self._supply = supply
        self._pool = pool
        self._keeper = keeper
        self._finisher = finisher
        self._pause = pause
        self._reading: dict[ScanKey, tuple[ReadingJob, Lease]] = {}
        self._next_try = 0.0
        self._patience = _FIRST_PAUSE

    def read_pages(self) -> Iterator[list[LookResult | TaskFailure]]:
        """Read pages until none is left or the time is over.

        Yields answers of looks; an empty list now and then.
        """
        while True:
            self._claim_more()
            for results in self._pool.results():
                answers: list[LookResult | TaskFailure] = []
                for result in results:
                    if isinstance(result, PageTaken):
                        self._finisher.report_begun(result.task)
                    elif isinstance(result, LookResult) or isinstance(result.task, LookTask):
                        answers.append(result)
                    else:
                        self._finish(result)
                self._give_back_withheld()
                yield answers
                self._claim_more()
            if self._pool.is_over or not self._supply.has_more():
                return
            yield []
            self._pause(min(self._patience, max(0.0, self._next_try - time.monotonic())))

    def _claim_more(self) -> None:
        """Claim pages for the readers that are free; not too often where there are none."""
        room = self._pool.count_room()
        if room <= 0 or time.monotonic() < self._next_try:
            return
        claimed = self._supply.claim_jobs(room)
        if claimed:
            self._next_try, self._patience = 0.0, _FIRST_PAUSE
        else:
            self._next_try = time.monotonic() + self._patience
            self._patience = min(2 * self._patience, _LONGEST_PAUSE)
        self._reading |= {job.source.key: (job, lease) for job, lease in claimed}
        self._pool.submit([job.task for job, _ in claimed])

    def expect_more(self) -> None:
        """Note that there are pages to claim that were not there before."""
        self._next_try = 0.0

    def _finish(self, result: ReadResult | TaskFailure) -> None:
        """Write the result of a page, or note its failure."""
        assert isinstance(result.task, ReadTask)
        job, lease = self._reading.pop(result.task.key)
        if not self._finisher.finish_page(job, lease, self._keeper, result):
            self._supply.note_lost(job)

    def _give_back_withheld(self) -> None:
        """Let others have the pages that would end after the budget."""
        for task in self._pool.take_withheld():
            job, lease = self._reading.pop(task.key)
            self._keeper.give_back(lease)
            self._supply.note_withheld(job)


class OwnPages:
    """The pages of one run, which workers elsewhere may take as well."""

    def __init__(self, store: OutputStore, keeper: LeaseKeeper, finisher: PageFinisher) -> None:
        self._store = store
        self._keeper = keeper
        self._finisher = finisher
        self._jobs: dict[ScanKey, ReadingJob] = {}
        """Those that are left and not claimed here."""
        self._fresh: deque[ScanKey] = deque()
        """Those that were not asked for yet."""
        self._asked: list[ScanKey] = []
        """Those that are being asked for."""
        self._elsewhere: list[ScanKey] = []
        """Those that another worker had."""
        self._withheld: list[ScanKey] = []
        """Those that were given back, since they would have ended after the budget."""

    def add_jobs(self, jobs: Iterable[ReadingJob]) -> None:
        """Add pages that wait in the store."""
        for job in jobs:
            self._jobs[job.source.key] = job
            self._fresh.append(job.source.key)

    def claim_jobs(self, most: int) -> list[tuple[ReadingJob, Lease]]:
        """Claim pages of this run, in order; report those that others have done meanwhile."""
        claimed: list[tuple[ReadingJob, Lease]] = []
        while len(claimed) < most and (self._asked or self._fresh):
            while self._fresh and len(self._asked) < _CHUNK:
                self._asked.append(self._fresh.popleft())
            claimed += self._claim(most - len(claimed), self._asked)
            self._asked = [key for key in self._asked if key in self._jobs]
            if len(claimed) < most:
                self._elsewhere += self._asked
                self._asked = []
        if len(claimed) < most and self._elsewhere:
            claimed += self._claim_elsewhere(most - len(claimed))
        return claimed

    def has_more(self) -> bool:
        """Tell whether pages of this run are left, be it that others have them."""
        return bool(self._jobs)

    def note_lost(self, job: ReadingJob) -> None:
        """Wait for a page as for all that others have."""
        self._jobs[job.source.key] = job
        self._elsewhere.append(job.source.key)

    def note_withheld(self, job: ReadingJob) -> None:
        """Leave a page to workers, or to the next run."""
        self._withheld.append(job.source.key)

    def count_left(self) -> int:
        """Return how many pages are left at the end; report those that others have done."""
        keys = [*self._jobs, *self._withheld]
        left = self._store.leases.list_left(keys)
        for key in keys:
            if key not in left:
                self._finisher.report_elsewhere(key)
        return len(left)

    def _claim(self, most: int, keys: Sequence[ScanKey]) -> list[tuple[ReadingJob, Lease]]:
        """Claim some of some pages, which then are not among those that are left."""
        leases = self._keeper.claim_pages(most, keys)
        return [(self._jobs.pop(lease.page.key), lease) for lease in leases]

    def _claim_elsewhere(self, most: int) -> list[tuple[ReadingJob, Lease]]:
        """Claim pages of workers that were lost; report the pages that others have done."""
        self._finisher.set_aside(self._find_own)
        claimed: list[tuple[ReadingJob, Lease]] = []
        for start in range(0, len(self._elsewhere), _CHUNK):
            keys = self._elsewhere[start : start + _CHUNK]
            if len(claimed) < most:
                claimed += self._claim(most - len(claimed), keys)
            left = self._store.leases.list_left(keys)
            for key in keys:
                if key in self._jobs and key not in left:
                    del self._jobs[key]
                    self._finisher.report_elsewhere(key)
        self._elsewhere = [key for key in self._elsewhere if key in self._jobs]
        return claimed

    def _find_own(self, lease: Lease) -> PageSource | None:
        """Return the page of a lease, and take it for done, if it is one of this run."""
        job = self._jobs.pop(lease.page.key, None)
        return job.source if job else None
