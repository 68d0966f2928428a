"""Run over folders of scans: find the pages to read, have them read, write the results.

Whatever happens at whatever moment, running again continues: a scan counts as unfinished from
before its first file is written until after its last, and every file is written whole. What a run
writes does not depend on when it was interrupted. Pages that are to be read wait in the store,
where the run claims them one by one; workers may do so at the same time (`shared_worker`).
"""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from newspage.batch.adapter_use import AdapterNotes, require_adapters
from newspage.batch.budget import RunBudget
from newspage.batch.events import EventSource, PagesFound, RunBegun, RunEnded, RunObserver
from newspage.batch.followed_reading import FollowedReading
from newspage.batch.lease_keeper import LeaseKeeper, make_claimant
from newspage.batch.light_use import require_light_network
from newspage.batch.pace import learn_pace
from newspage.batch.page_finisher import PageFinisher, make_scan_row
from newspage.batch.plan import PageSource
from newspage.batch.reading_jobs import ReadingJob, describe_job
from newspage.batch.run_events import RunListener, RunOutcome, ScanFailure
from newspage.batch.run_reading import LeftReading, OwnReading, RunReading
from newspage.batch.selection import PageSelection
from newspage.batch.survey import ScanSurvey, ScanSurveyor
from newspage.batch.tasks import LookResult, MakeReader, TaskFailure
from newspage.batch.worker_crew import ClusterChoice, WorkerCrew, make_order, open_crew
from newspage.batch.workers import PoolPlan, WorkerPool
from newspage.correct import load_detectors
from newspage.counting import count_in_words
from newspage.errors import NewspageError
from newspage.files import require_writable
from newspage.issues import make_issue_name
from newspage.output import (
    PageWriter,
    choose_output_formats,
    join_issues,
    make_page_writer,
    require_apart,
    write_index,
)
from newspage.settings import Settings
from newspage.store import OutputStore, QuestionCounts, ScanStatus, Store
from newspage.version import __version__
from newspage.workspace import Workspace, hold_run_lock

_TAKE_SECONDS = 0.5
"""Seconds for which answers of looks are gathered. Judgement: few enough that pages start at once,
enough that a hundred thousand files do not take as many transactions."""
MANY_UNINDEXED = 200
"""Pages that are not in the article index from which a run says so. A sample page takes 25 ms."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """Scans, output folder and settings of a run."""

    paths: tuple[Path, ...]
    output: Path
    settings: Settings
    pool: PoolPlan
    force: bool = False
    """Read what is finished as well."""
    selection: PageSelection = field(default_factory=PageSelection)
    budget: float = 0.0
    """Seconds after which it is to have ended; 0: it ends when all is read."""
    observers: tuple[RunObserver, ...] = ()
    """They are told of every event."""
    elsewhere: bool = False
    """Read nothing: the pages wait for workers."""
    cluster: ClusterChoice | None = None
    """What reads the pages; None: processes of this run."""


@dataclass(frozen=True, slots=True)
class ReaderBackend:
    """Maker of the functions that read pages, and the identity of their engine."""

    make_reader: MakeReader
    identity: str
    """Everything about the engine that could change what it reads."""


def run_folder(request: RunRequest, backend: ReaderBackend, listener: RunListener) -> RunOutcome:
    """Read all scans of some folders that are new or changed since the last run.

    Scans that cannot be read are reported to the listener and counted.

    Args:
        request: Scans, output folder and settings.
        backend: Maker of the readers.
        listener: Receiver of progress and failures.

    Returns:
        What was read, skipped and failed.

    Raises:
        UsageError: The output folder holds scans that are asked for, or an installed package adds a
            detector that cannot be loaded.
        ConfigError: The settings name a format that there is not.
        OutputError: The output folder cannot be written.
        StoreError: The store cannot be read or written.
        MissingDependencyError: No engine starts, the light network is asked for and not there, or
            the cluster does not answer (any more).
        InputError: The settings name an adapter that there is not.
        ConfigError: They name one of another network.
    """
    run = request.settings.config.run
    place = Workspace.for_output(request.output, run)
    require_apart(place, request.paths)
    choose_output_formats(request.settings)  # refused before there is an output folder
    papers = require_adapters(request.settings)
    require_light_network(request.settings)
    load_detectors()  # the same
    require_writable(request.output)
    begun = time.monotonic()
    with hold_run_lock(place), Store(place.store) as whole:
        store = OutputStore(whole, place.name)
        store.leases.end_leases_of_runs()
        pool = _limit_pool(request, store)
        with (
            LeaseKeeper(store, make_claimant(run.lease_seconds, is_run=True)) as keeper,
            WorkerPool(backend.make_reader, request.settings.config.engine, pool) as workers,
            _open_crew(request, backend) as crew,
        ):
            events = EventSource(request.observers, begun)
            writer = make_page_writer(place, store, request.settings)
            # Asked before the rows are listed: workers change them only where pages wait for them.
            shared = store.leases.has_any_left()
            rows = store.list_scans()
            _note_indexing(store, listener)
            unwritten = writer.catch_up(rows)
            surveyor = ScanSurveyor(
                place, whole, rows, request.settings, backend.identity, request.selection
            )
            finisher = PageFinisher(place, store, writer, listener, surveyor.refusal, events)
            notes = AdapterNotes(request.settings, papers)
            reading: RunReading
            if request.elsewhere:
                reading = LeftReading(workers)
            elif crew:
                reading = FollowedReading(store, workers, finisher, crew, pool.budget)
            else:
                reading = OwnReading(store, workers, keeper, finisher)
            failures = [ScanFailure.from_error(error) for error in unwritten]
            this = _Run(request, store, writer, finisher, surveyor, notes, shared)
            return this.do(workers, reading, failures)


def _open_crew(
    request: RunRequest, backend: ReaderBackend
) -> AbstractContextManager[WorkerCrew | None]:
    """Return the workers of the cluster that reads the pages, if one does."""
    if request.cluster is None:
        return nullcontext()
    order = make_order(request.output, request.settings, request.cluster, backend.identity)
    return open_crew(request.cluster, order, request.pool.workers)


def _note_indexing(store: OutputStore, listener: RunListener) -> None:
    """Say where so many pages are not indexed that nothing seems to happen for a while."""
    waiting = store.articles.count_waiting()
    if waiting >= MANY_UNINDEXED:
        listener.report_note(
            f"{count_in_words(waiting, 'page')} of an earlier version are put into the search "
            "index before others are read. That can be stopped: the next run goes on."
        )


def _limit_pool(request: RunRequest, store: OutputStore) -> PoolPlan:
    """Return the pool with the budget of the run, if it has one."""
    if not request.budget:
        return request.pool
    return replace(request.pool, budget=RunBudget(request.budget, learn_pace(store)))


class _Run:
    """State of one run: what is to be read, and what came of it so far."""

    def __init__(
        self,
        request: RunRequest,
        store: OutputStore,
        writer: PageWriter,
        finisher: PageFinisher,
        surveyor: ScanSurveyor,
        adapters: AdapterNotes,
        shared: bool,
    ) -> None:
        """`shared`: workers may have changed rows since those of the surveyor were listed."""
        self._request = request
        self._place = surveyor.place
        self._store = store
        self._writer = writer
        self._finisher = finisher
        self._listener = finisher.listener
        self._surveyor = surveyor
        self._events = finisher.events
        self._adapters = adapters
        self._shared = shared
        self._rows = surveyor.rows
        self._outcome = finisher.outcome
        self._finished: list[PageSource] = []

    def do(
        self, pool: WorkerPool, reading: RunReading, failures: Sequence[ScanFailure]
    ) -> RunOutcome:
        """Find and read the pages, join articles over several pages, and return the outcome.

        `failures` are those that there were before.
        """
        outcome = self._outcome
        run = self._store.begin_run(__version__)
        try:
            self._events.tell(RunBegun(version=__version__, output=str(self._place.output)))
            survey = self._surveyor.survey_scans(self._request.paths, self._request.force)
            survey.failures += failures
            if self._shared:
                waiting = self._store.leases.list_waiting()
                survey.failures += self._surveyor.find_gone(waiting, self._request.paths)
            outcome.passed_over = survey.passed_over
            if survey.looks:
                self._listener.report_looking(len(survey.looks))
            self._read(survey, pool, reading)
            moved = self._note_publications(self._finished)
            counts = (outcome.waiting, outcome.done, outcome.failed, outcome.left, moved)
            changed = self._shared or any(counts)
            rows = self._store.list_scans() if changed else self._rows
            if not self._request.elsewhere:
                outcome.issues = join_issues(
                    self._place,
                    self._store,
                    rows.values(),
                    self._writer.formats,
                    self._listener.report_note,
                    lambda error: self._finisher.report_failure(ScanFailure.from_error(error)),
                )
            self._count()
            write_index(self._place, rows)
        except BaseException:
            # On a full disk, say, even this cannot be noted; the first error is the one to report.
            for note_end in (self._end, self._tell_end):
                with suppress(NewspageError):
                    note_end(run, "interrupted")
            raise
        how = "enqueued" if self._request.elsewhere else "budget" if outcome.left else "complete"
        self._end(run, how)
        self._tell_end(run, how)
        return outcome

    def _count(self) -> None:
        """Count the corrections of the pages that were read, and the decisions without a place."""
        stems = self._finisher.stems
        counts = self._store.questions.counts_by_stem(stems)
        for stem in stems:
            self._outcome.asked += counts.get(stem, QuestionCounts())
        self._outcome.lost = len(self._store.pages.list_lost())

    def _end(self, run: int, how: str) -> None:
        """Note in the store how the run ended."""
        outcome = self._outcome
        self._store.end_run(run, how, outcome.done, outcome.skipped, outcome.failed)

    def _tell_end(self, _run: int, how: str) -> None:
        """Tell other programs how the run ended."""
        outcome = self._outcome
        ended = RunEnded(
            how=how,
            done=outcome.done,
            already_read=outcome.skipped,
            failed=outcome.failed,
            left=outcome.left,
            seconds=round(time.monotonic() - self._events.begun, 3),
        )
        self._events.tell(ended)

    def _read(self, survey: ScanSurvey, pool: WorkerPool, reading: RunReading) -> None:
        """Look into files and have their pages read, as soon as each is known."""
        pool.submit(survey.looks)
        looking, answers, taken = len(survey.looks), list[LookResult | TaskFailure](), 0.0
        self._take(survey, reading)
        for heard in reading.read_pages():
            answers += heard
            looking -= len(heard)
            # Each time is a transaction, and there may be a hundred thousand files.
            if answers and (not looking or time.monotonic() - taken > _TAKE_SECONDS):
                self._take(self._surveyor.sort_answers(answers), reading)
                reading.expect_more()
                answers, taken = [], time.monotonic()
        if answers:  # the time was over before the other files were looked into
            self._take(self._surveyor.sort_answers(answers), reading)
        self._outcome.left_files = len(pool.withheld_looks)
        self._outcome.left_pages = reading.count_left()

    def _take(self, survey: ScanSurvey, reading: RunReading) -> None:
        """Note a survey's findings, and have its pages wait to be read."""
        sources = (job.source for job in survey.jobs)
        for note in (*survey.notes, *self._adapters.note_other_papers(sources)):
            self._listener.report_note(note)
        to_read, finished = len(survey.jobs) + len(survey.failures), len(survey.finished)
        self._listener.report_start(to_read, finished)
        self._events.tell(PagesFound(to_read=to_read, already_read=finished))
        for failure in survey.failures:
            self._finisher.report_failure(failure)
        self._outcome.skipped += len(survey.finished)
        self._finished += survey.finished
        reading.add_jobs(self._expect(survey.jobs))

    def _expect(self, jobs: Sequence[ReadingJob]) -> list[ReadingJob]:
        """Have pages wait in the store; report those that workers have done meanwhile."""
        if not jobs:
            return []
        before = {job.source.key: self._rows.get(job.source.key) for job in jobs}
        pending = [
            make_scan_row(before[job.source.key], job.source, ScanStatus.PENDING) for job in jobs
        ]
        issues = {make_issue_name(row.publication) for row in (*before.values(), *pending) if row}
        waiting = [describe_job(job) for job in jobs]
        # Those that were done when this run began are to be read again: as asked, or since their
        # files are gone or what the store knew of them is damaged. Those done only now were
        # read by a worker.
        again = {
            job.source.key
            for job in jobs
            if (row := before[job.source.key])
            and (
                row.is_damaged
                or (row.status, row.fingerprint) == (ScanStatus.DONE, job.fingerprint)
            )
        }
        left = self._store.expect_scans(pending, issues, waiting, again)
        for job in jobs:
            if job.source.key not in left:
                self._finisher.report_elsewhere(job.source.key)
        self._outcome.waiting += len(left)
        return [job for job in jobs if job.source.key in left]

    def _note_publications(self, finished: Sequence[PageSource]) -> int:
        """Note finished pages that belong to another issue than before; return how many there are.

        They do by other settings, say.
        """
        moved = 0
        for source in finished:
            row = self._rows[source.key]
            if row.publication != source.publication:
                self._store.put_publication(replace(row, publication=source.publication))
                moved += 1
        if moved:
            self._writer.index_all_waiting()
        return moved
