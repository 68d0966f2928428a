"""The ways in which the pages of a run are read: here, by a cluster, or by whoever comes later."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from newspage.batch.claimed_reading import ClaimedReading, OwnPages
from newspage.batch.lease_keeper import LeaseKeeper
from newspage.batch.page_finisher import PageFinisher
from newspage.batch.reading_jobs import ReadingJob
from newspage.batch.tasks import LookResult, TaskFailure
from newspage.batch.workers import WorkerPool
from newspage.store import OutputStore


class RunReading(Protocol):
    """Reading of the pages of a run; files are looked into by a pool beside it."""

    def add_jobs(self, jobs: Iterable[ReadingJob]) -> None:
        """Add pages that wait in the store."""

    def expect_more(self) -> None:
        """Note that there are pages to read that were not there before."""

    def read_pages(self) -> Iterator[list[LookResult | TaskFailure]]:
        """Go on until all pages are done or the time is over.

        Yields answers of looks; an empty list now and then.
        """

    def count_left(self) -> int:
        """Return how many pages are left at the end; report those that others have done."""


class OwnReading:
    """Reading of the pages of a run in processes of its own."""

    def __init__(
        self, store: OutputStore, pool: WorkerPool, keeper: LeaseKeeper, finisher: PageFinisher
    ) -> None:
        self._supply = OwnPages(store, keeper, finisher)
        self._reading = ClaimedReading(self._supply, pool, keeper, finisher)
        self.add_jobs = self._supply.add_jobs
        self.expect_more = self._reading.expect_more
        self.read_pages = self._reading.read_pages
        self.count_left = self._supply.count_left


class LeftReading:
    """Pages of a run that are left to workers: files are looked into, and no more."""

    def __init__(self, pool: WorkerPool) -> None:
        self._pool = pool

    def add_jobs(self, jobs: Iterable[ReadingJob]) -> None:
        """Do nothing: they wait in the store."""

    def expect_more(self) -> None:
        """Do nothing: workers find by themselves what waits."""

    def read_pages(self) -> Iterator[list[LookResult | TaskFailure]]:
        """Yield the answers of looks."""
        for results in self._pool.results():
            yield [one for one in results if isinstance(one, LookResult | TaskFailure)]

    def count_left(self) -> int:
        """Return 0: all of them are, and count as waiting."""
        return 0
