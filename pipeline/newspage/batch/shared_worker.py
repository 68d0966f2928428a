"""Read pages that wait in the store, beside any number of other workers, until told to stop."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from newspage.batch.adapter_use import require_adapters
from newspage.batch.budget import RunBudget
from newspage.batch.claimed_reading import ClaimedReading
from newspage.batch.folder import ReaderBackend
from newspage.batch.lease_keeper import LeaseKeeper, make_claimant
from newspage.batch.light_use import require_light_network
from newspage.batch.pace import learn_pace
from newspage.batch.page_finisher import PageFinisher
from newspage.batch.plan import PageSource
from newspage.batch.reading_jobs import JobMaker, ReadingJob
from newspage.batch.run_events import RunListener, RunOutcome, ScanFailure
from newspage.batch.workers import PoolPlan, WorkerPool
from newspage.correct import load_detectors
from newspage.errors import NewspageError
from newspage.files import require_writable
from newspage.output import (
    PageWriter,
    choose_output_formats,
    join_issues,
    make_page_writer,
    require_known,
    write_index,
)
from newspage.settings import Settings
from newspage.store import Claimant, Lease, OutputStore, Store, StoreError
from newspage.workspace import BusyError, Workspace, hold_run_lock

_STEP = 0.5
"""Seconds after which a worker that waits hears that it is to stop. Judgement."""
_RETRY_SECONDS = 5.0
_PATIENCE = 300.0
"""Seconds for which a server that does not answer is asked again, where no page was done meanwhile.
Judgement: to start anew, or to hand over to another, takes a server less."""


@dataclass(frozen=True, slots=True)
class WorkerRequest:
    """Output folder and settings of a worker."""

    output: Path
    settings: Settings
    pool: PoolPlan
    wait: bool = False
    """Wait for more pages where none are left."""
    budget: float = 0.0
    """Seconds after which it is to have ended, pages being read included; 0: whenever it is done.
    It ends with the first page that would end after them."""
    joins: bool = True
    """Join the issues and write the index when the last page is done; False: somebody waits for
    that."""


@dataclass(slots=True)
class StopRequest:
    """Whether a worker was told to stop, and until when it may finish what it has."""

    grace: float = 20.0
    """Seconds. Judgement: less than the 30 that Kubernetes and Slurm leave before they kill."""
    _until: float | None = None

    def ask(self) -> None:
        """Have the worker begin no further page. To be called by a handler of signals as well."""
        if self._until is None:
            self._until = time.monotonic() + self.grace

    @property
    def asked(self) -> bool:
        """Tell whether it was told to stop."""
        return self._until is not None

    @property
    def is_over(self) -> bool:
        """Tell whether the time is up for pages that are being read."""
        return self._until is not None and time.monotonic() >= self._until

    def pause(self, seconds: float) -> None:
        """Wait, but no longer than until it was told to stop."""
        until = time.monotonic() + seconds
        while not self.asked and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _STEP))


def run_worker(
    request: WorkerRequest, backend: ReaderBackend, listener: RunListener, stop: StopRequest
) -> RunOutcome:
    """Read pages that wait, until none is left or the worker is told to stop.

    Pages that other workers have count as left: should one be lost, this one takes its page over.
    Whoever finishes the last page joins the issues and writes the index, as a run does.

    Args:
        request: Output folder and settings; the same as those by which the pages were found.
        backend: Maker of the readers.
        listener: Receiver of progress and failures.
        stop: Asked again and again.

    Returns:
        What was read and failed here.

    Raises:
        InputError: Nothing was ever found for the output folder, and the worker is not to wait;
            or the settings name an adapter that there is not.
        UsageError: The pages were found by another version, or with other settings; or an installed
            package adds a detector that cannot be loaded.
        ConfigError: The settings name a format that there is not, or an adapter of another network.
        OutputError: The output folder cannot be written.
        StoreError: The store cannot be read or written; on a server, not for some minutes.
        MissingDependencyError: No engine starts, or the light network is asked for and not there.
    """
    place = Workspace.for_output(request.output, request.settings.config.run)
    choose_output_formats(request.settings)
    require_adapters(request.settings)
    require_light_network(request.settings)
    load_detectors()
    require_writable(request.output)
    outcome = RunOutcome()
    done, since = -1, time.monotonic()
    end = since + request.budget if request.budget else 0.0
    claimant = make_claimant(request.settings.config.run.lease_seconds)
    while True:
        if end:
            request = replace(request, budget=max(0.001, end - time.monotonic()))
        try:
            _work(place, request, backend, listener, stop, outcome, claimant)
        except StoreError as error:
            if outcome.done != done:
                done, since = outcome.done, time.monotonic()
            lasting = isinstance(place.store, Path) or time.monotonic() - since > _PATIENCE
            if lasting or stop.asked:
                raise
            listener.report_note(f"{error} Trying again.")
            stop.pause(_RETRY_SECONDS)
        else:
            return outcome


def _work(
    place: Workspace,
    request: WorkerRequest,
    backend: ReaderBackend,
    listener: RunListener,
    stop: StopRequest,
    outcome: RunOutcome,
    claimant: Claimant,
) -> None:
    """Read pages as `run_worker` does, as long as the store is there; add to the outcome."""
    config = request.settings.config
    with Store(place.store) as whole:
        store = OutputStore(whole, place.name)
        if not request.wait:
            require_known(place, store)
        # What it had when the server went away was not lost with it.
        store.leases.give_back(claimant)
        plan = request.pool
        if request.budget:
            plan = replace(plan, budget=RunBudget(request.budget, learn_pace(store)))
        with (
            LeaseKeeper(store, claimant) as keeper,
            WorkerPool(backend.make_reader, config.engine, plan) as pool,
        ):
            writer = make_page_writer(place, store, request.settings)
            jobs = JobMaker(place, request.settings, backend.identity)
            refusal = jobs.fingerprints.of_refusal
            finisher = PageFinisher(place, store, writer, listener, refusal, outcome=outcome)
            close = _Closing(place, store, writer, finisher).close if request.joins else None
            supply = WaitingPages(store, keeper, finisher, jobs, stop, close, request.wait)
            listener.report_start(store.leases.count_leases().left, 0)
            reading = ClaimedReading(supply, pool, keeper, finisher, stop.pause)
            for _ in reading.read_pages():
                if stop.is_over:
                    break


class WaitingPages:
    """Whatever pages wait in the store."""

    def __init__(
        self,
        store: OutputStore,
        keeper: LeaseKeeper,
        finisher: PageFinisher,
        jobs: JobMaker,
        stop: StopRequest,
        close: Callable[[], object] | None,
        wait: bool,
    ) -> None:
        """`close` is called whenever none is left; then more are waited for, or not."""
        self._over = False
        self._store = store
        self._keeper = keeper
        self._finisher = finisher
        self._jobs = jobs
        self._stop = stop
        self._close = close
        self._wait = wait

    def claim_jobs(self, most: int) -> list[tuple[ReadingJob, Lease]]:
        """Claim any pages, those of lost workers too. Raises UsageError."""
        if self._stop.asked or self._over:
            return []
        leases = self._keeper.claim_pages(most)
        if not leases:
            self._finisher.set_aside(_describe_source)
        return [(self._jobs.restore_job(lease.page), lease) for lease in leases]

    def has_more(self) -> bool:
        """Tell whether there is anything to wait for."""
        if self._stop.asked or self._over:
            return False
        if self._store.leases.has_any_left():
            return True
        if self._close:
            self._close()
        return self._wait and not self._stop.asked

    def note_lost(self, job: ReadingJob) -> None:
        """Do nothing: whoever has it now will see to it."""

    def note_withheld(self, job: ReadingJob) -> None:
        """Claim no more: pages would end after the budget."""
        self._over = True


def _describe_source(lease: Lease) -> PageSource:
    """Return the page of a lease as a run knows it."""
    page = lease.page
    return PageSource(page.key, page.stem, page.sha256, page.publication)


class _Closing:
    """What is done when all pages are read, by one of the workers."""

    def __init__(
        self,
        place: Workspace,
        store: OutputStore,
        writer: PageWriter,
        finisher: PageFinisher,
    ) -> None:
        self._place = place
        self._store = store
        self._writer = writer
        self._finisher = finisher
        self._looked = False

    def close(self) -> None:
        """Join the issues and write the index, unless somebody else does, or there is no need."""
        if not (self._finisher.was_last or self._finds_unjoined()):
            return
        try:
            with hold_run_lock(self._place):
                self._join()
        except BusyError:
            # Another worker, or a run, does so now.
            return
        self._finisher.was_last = False

    def _finds_unjoined(self) -> bool:
        """Tell, once, whether an earlier worker was lost before it joined the issues."""
        first, self._looked = not self._looked, True
        return first and "" in self._store.list_issues().values()

    def _join(self) -> None:
        """Do at the end of the work what a run does at its beginning and at its end."""
        rows = self._store.list_scans()
        for error in self._writer.catch_up(rows):
            self._fail(error)
        self._finisher.outcome.issues += join_issues(
            self._place,
            self._store,
            rows.values(),
            self._writer.formats,
            self._finisher.listener.report_note,
            self._fail,
        )
        write_index(self._place, rows)

    def _fail(self, error: NewspageError) -> None:
        """Report what cannot be written."""
        self._finisher.report_failure(ScanFailure.from_error(error))
