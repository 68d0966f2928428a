"""Follow the pages of a run that workers on a cluster read: what is done stands in the store."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from newspage.batch.budget import RunBudget
from newspage.batch.page_finisher import PageFinisher
from newspage.batch.plan import PageSource
from newspage.batch.reading_jobs import ReadingJob
from newspage.batch.tasks import LookResult, TaskFailure
from newspage.batch.worker_crew import WorkerCrew
from newspage.batch.workers import WorkerPool
from newspage.store import Lease, OutputStore, ScanKey

_EVERY = 1.0
"""Seconds after which the store is asked again. Judgement: a page takes ten and more."""
_SWEPT = 2000
"""Pages that are asked for each time, beside those that workers had the last time. Judgement: few
enough for a server to answer at once; of a million pages each is asked for every eight minutes."""


class FollowedReading:
    """The pages of one run that the workers of a crew read; looks into files go on beside it."""

    def __init__(
        self,
        store: OutputStore,
        pool: WorkerPool,
        finisher: PageFinisher,
        crew: WorkerCrew,
        budget: RunBudget | None = None,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        """`pool` looks into files. `pause` waits so many seconds."""
        self._store = store
        self._pool = pool
        self._finisher = finisher
        self._crew = crew
        self._budget = budget
        self._pause = pause
        self._jobs: dict[ScanKey, ReadingJob] = {}
        """Those that are left."""
        self._turns: deque[ScanKey] = deque()
        """The same and more, in the order in which they are asked for next."""
        self._held: set[ScanKey] = set()
        """Pages that workers had when it was last asked."""
        self._asked = 0.0

    def add_jobs(self, jobs: Iterable[ReadingJob]) -> None:
        """Add pages that wait in the store."""
        for job in jobs:
            self._jobs[job.source.key] = job
            self._turns.append(job.source.key)

    def expect_more(self) -> None:
        """Do nothing: workers find by themselves what waits."""

    def read_pages(self) -> Iterator[list[LookResult | TaskFailure]]:
        """Wait until the pages are done or the time is over, and report each.

        Yields answers of looks; an empty list now and then.
        """
        while True:
            for results in self._pool.results():
                yield [one for one in results if isinstance(one, LookResult | TaskFailure)]
                self._follow()
            self._follow()
            if not self._jobs or (self._pool.is_over and self._crew.is_idle):
                return
            yield []
            self._pause(_EVERY / 2)

    def count_left(self) -> int:
        """Return how many pages are left at the end; report those that are done."""
        self._report_done(list(self._jobs))
        return len(self._jobs)

    def _follow(self) -> None:
        """See to the workers, and report the pages that were done since the last time."""
        if not self._jobs or time.monotonic() - self._asked < _EVERY:
            return
        first = next(iter(self._jobs.values()))
        left = max(0.001, self._budget.seconds_left) if self._budget else 0.0
        for note in self._crew.look_after(first.task.path, left):
            self._finisher.listener.report_note(note)
        self._finisher.set_aside(self._find_own)
        held = self._store.leases.list_held()
        asked = [key for key in self._held - held if key in self._jobs]
        self._held = held
        for _ in range(min(_SWEPT, len(self._turns))):
            key = self._turns.popleft()
            if key in self._jobs:
                asked.append(key)
                self._turns.append(key)
        self._report_done(asked)
        self._asked = time.monotonic()

    def _report_done(self, keys: list[ScanKey]) -> None:
        """Report those of some pages that are not left any more."""
        left = self._store.leases.list_left(keys)
        for key in keys:
            if key not in left and self._jobs.pop(key, None) is not None:
                self._finisher.report_elsewhere(key)

    def _find_own(self, lease: Lease) -> PageSource | None:
        """Return the page of a lease, and take it for done, if it is one of this run."""
        job = self._jobs.pop(lease.page.key, None)
        return job.source if job else None
