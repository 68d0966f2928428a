"""Run over folders of scans: find the pages to read, have them read, write the results.

Whatever happens at whatever moment, running again continues: a scan counts as unfinished from
before its first file is written until after its last, and every file is written whole. What a run
writes does not depend on when it was interrupted.
"""

import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from newspage.batch.budget import RunBudget
from newspage.batch.events import (
    EventSource,
    PageBegun,
    PageDone,
    PageFailed,
    PagesFound,
    RunBegun,
    RunEnded,
    RunObserver,
)
from newspage.batch.pace import ReadingPace
from newspage.batch.plan import PageSource
from newspage.batch.selection import PageSelection
from newspage.batch.survey import ReadingJob, ScanFailure, ScanSurvey, ScanSurveyor
from newspage.batch.tasks import (
    LookResult,
    LookTask,
    MakeReader,
    PageTaken,
    ReadResult,
    ReadTask,
    TaskFailure,
)
from newspage.batch.workers import PoolPlan, WorkerPool
from newspage.correct import load_detectors
from newspage.errors import NewspageError
from newspage.files import list_files_below, remove_files, require_writable
from newspage.formats import FormatError
from newspage.issues import make_issue_name
from newspage.output import (
    PageWriter,
    ReadPage,
    choose_page_formats,
    join_issues,
    make_page_writer,
    require_apart,
    write_index,
)
from newspage.settings import Settings
from newspage.store import (
    FailureReason,
    OutputStore,
    PageFigures,
    QuestionCounts,
    ScanKey,
    ScanRow,
    ScanStatus,
    Store,
    StoreError,
)
from newspage.version import __version__
from newspage.workspace import Workspace, hold_run_lock

_TAKE_SECONDS = 0.5
"""Seconds for which answers of looks are gathered. Judgement: few enough that pages start at once,
enough that a hundred thousand files do not take as many transactions."""
_MEASURED = 2000
"""Pages by whose times a budget is kept to at first, the latest. Judgement: those of a day."""


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


@dataclass(frozen=True, slots=True)
class ReaderBackend:
    """Maker of the functions that read pages, and the identity of their engine."""

    make_reader: MakeReader
    identity: str
    """Everything about the engine that could change what it reads."""


class RunListener(Protocol):
    """Receiver of events of a run while it goes on."""

    def report_looking(self, files: int) -> None:
        """Report that so many files are new or changed and are looked into."""

    def report_start(self, pages: int, skipped: int) -> None:
        """Report that more pages will be read or have failed, and that more need no reading."""

    def report_page(self, name: str, figures: PageFigures) -> None:
        """Report that a scan was read."""

    def report_failure(self, message: str, trace: str) -> None:
        """Report that a scan could not be read: which one, what is wrong, what to do."""

    def report_note(self, message: str) -> None:
        """Report a note that is no failure."""


@dataclass(slots=True)
class RunOutcome:
    """Counts and messages of a run, added up while it goes on."""

    skipped: int = 0
    failed: int = 0
    done: int = 0
    again: int = 0
    """Of those done, pages that had been read before."""
    passed_over: int = 0
    """Files that the selection left out."""
    figures: list[PageFigures] = field(default_factory=list)
    """Of the pages read in this run."""
    issues: tuple[str, ...] = ()
    """Names of the issues whose articles were joined anew."""
    failures: list[str] = field(default_factory=list)
    """Message of each failure."""
    asked: QuestionCounts = field(default_factory=QuestionCounts)
    """Corrections of the pages read in this run, and what became of them."""
    lost: int = 0
    """Decisions that have no place in the output folder, whenever they lost it."""
    left_pages: int = 0
    """Pages that were not begun, since they would have ended after the budget."""
    left_files: int = 0
    """Files that were not looked into when the budget was spent."""

    @property
    def left(self) -> int:
        """Return how many pages and files the budget left."""
        return self.left_pages + self.left_files


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
        MissingDependencyError: No engine starts.
    """
    place = Workspace.for_output(request.output, request.settings.config.run)
    require_apart(place, request.paths)
    choose_page_formats(request.settings)  # refused before there is an output folder
    load_detectors()  # the same
    require_writable(request.output)
    begun = time.monotonic()
    with hold_run_lock(place), Store(place.store) as whole, ExitStack() as stack:
        store = OutputStore(whole, place.name)
        pool, engine = _limit_pool(request, store), request.settings.config.engine
        workers = stack.enter_context(WorkerPool(backend.make_reader, engine, pool))
        events = EventSource(request.observers, begun)
        events.tell(RunBegun(version=__version__, output=str(place.output)))
        writer = make_page_writer(place, store, request.settings)
        rows = store.list_scans()
        unwritten = writer.catch_up(rows)
        surveyor = ScanSurveyor(
            place, whole, rows, request.settings, backend.identity, request.selection
        )
        survey = surveyor.survey_scans(request.paths, request.force)
        survey.failures += [ScanFailure(str(error)) for error in unwritten]
        run = _Run(place, store, writer, listener, surveyor, pool.budget, events)
        return run.do(survey, workers)


def _limit_pool(request: RunRequest, store: OutputStore) -> PoolPlan:
    """Return the pool with the budget of the run, if it has one."""
    if not request.budget:
        return request.pool
    pace = ReadingPace(store.progress.list_latest_figures(_MEASURED))
    return replace(request.pool, budget=RunBudget(request.budget, pace))


class _Run:
    """State of one run: what is to be read, and what came of it so far."""

    def __init__(
        self,
        place: Workspace,
        store: OutputStore,
        writer: PageWriter,
        listener: RunListener,
        surveyor: ScanSurveyor,
        budget: RunBudget | None,
        events: EventSource,
    ) -> None:
        self._place = place
        self._store = store
        self._writer = writer
        self._listener = listener
        self._surveyor = surveyor
        self._budget = budget
        self._events = events
        self._rows = surveyor.rows
        self._outcome = RunOutcome()
        self._stems: list[str] = []
        self._jobs: dict[ScanKey, ReadingJob] = {}
        self._finished: list[PageSource] = []

    def do(self, survey: ScanSurvey, workers: WorkerPool) -> RunOutcome:
        """Read the pages of a survey, join articles over several pages, and return the outcome."""
        outcome = self._outcome
        outcome.passed_over = survey.passed_over
        if survey.looks:
            self._listener.report_looking(len(survey.looks))
        run = self._store.begin_run(__version__)
        try:
            self._read(survey, workers)
            self._note_publications(self._finished)
            rows = self._store.list_scans()
            outcome.issues = join_issues(
                self._place,
                self._store,
                rows.values(),
                self._writer.formats,
                frozenset(list_files_below(self._place.output)),
                self._listener.report_note,
                lambda error: self._fail(ScanFailure(str(error))),
            )
        except BaseException:
            # On a full disk, say, even this cannot be noted; the first error is the one to report.
            with suppress(StoreError):
                self._end(run, "interrupted")
            raise
        self._end(run, "budget" if outcome.left else "complete")
        self._count()
        write_index(self._place, rows)
        return outcome

    def _count(self) -> None:
        """Count the corrections of the pages that were read, and the decisions without a place."""
        counts = self._store.questions.counts_by_stem(self._stems)
        for stem in self._stems:
            self._outcome.asked += counts.get(stem, QuestionCounts())
        self._outcome.lost = len(self._store.pages.list_lost())

    def _end(self, run: int, how: str) -> None:
        """Note that the run ended, as "complete", "budget" or "interrupted"."""
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
        self._store.end_run(run, how, outcome.done, outcome.skipped, outcome.failed)

    def _read(self, survey: ScanSurvey, workers: WorkerPool) -> None:
        """Look into files and read their pages, as soon as each is known."""
        workers.submit(survey.looks)
        workers.submit(self._take(survey))
        looking, answers, taken = len(survey.looks), list[LookResult | TaskFailure](), 0.0
        for results in workers.results():
            for result in results:
                if isinstance(result, PageTaken):
                    task = result.task
                    self._events.tell(PageBegun(page=task.stem, file=task.key.path))
                elif isinstance(result, LookResult) or isinstance(result.task, LookTask):
                    answers.append(result)
                    looking -= 1
                else:
                    self._finish(result)
            # Each time is a transaction, and there may be a hundred thousand files.
            if answers and (not looking or time.monotonic() - taken > _TAKE_SECONDS):
                workers.submit(self._take(self._surveyor.sort_answers(answers)))
                answers, taken = [], time.monotonic()
        self._outcome.left_files = sum(isinstance(t, LookTask) for t in workers.withheld)
        self._outcome.left_pages = len(workers.withheld) - self._outcome.left_files

    def _take(self, survey: ScanSurvey) -> list[ReadTask]:
        """Note a survey's findings, and its pages as unfinished; return the tasks to read them."""
        for note in survey.notes:
            self._listener.report_note(note)
        to_read, finished = len(survey.jobs) + len(survey.failures), len(survey.finished)
        self._listener.report_start(to_read, finished)
        self._events.tell(PagesFound(to_read=to_read, already_read=finished))
        for failure in survey.failures:
            self._fail(failure)
        self._outcome.skipped += len(survey.finished)
        self._finished += survey.finished
        self._jobs |= {job.source.key: job for job in survey.jobs}
        pending = [self._row(job, ScanStatus.PENDING) for job in survey.jobs]
        before = (self._rows.get(row.key) for row in pending)
        issues = {make_issue_name(row.publication) for row in (*before, *pending) if row}
        if pending:
            self._store.expect_scans(pending, issues)
        return [job.task for job in survey.jobs]

    def _finish(self, result: ReadResult | TaskFailure) -> None:
        """Write the result of a page, or note its failure."""
        assert isinstance(result.task, ReadTask)
        job = self._jobs.pop(result.task.key)
        if isinstance(result, ReadResult):
            try:
                self._keep(job, result)
            except FormatError as error:
                self._fail(self._failure(job, error))
            return
        fingerprint = self._surveyor.refusal(job.source) if result.lasting else ""
        self._fail(self._failure(job, result.named_error, fingerprint, result.trace))

    def _failure(
        self, job: ReadingJob, error: NewspageError, fingerprint: str = "", trace: str = ""
    ) -> ScanFailure:
        """Return the failure of a page, with the row that the store is to have of it."""
        reason = FailureReason.from_error(error)
        row = self._row(job, ScanStatus.FAILED, fingerprint, str(error))
        return ScanFailure(str(error), trace, replace(row, reason=reason), reason)

    def _keep(self, job: ReadingJob, done: ReadResult) -> None:
        """Write the files of a page that was read, and note it as done."""
        source = job.source
        refusals = self._writer.write_new(
            ReadPage(source.key, source.stem, source.publication, done.record, done.lattices)
        )
        before = self._rows.get(source.key)
        if before and before.figures and before.stem != source.stem:
            remove_files(
                [
                    self._place.output / (before.stem + suffix)
                    for suffix in self._writer.formats.all_suffixes
                ]
            )
        row = self._row(job, ScanStatus.DONE, fingerprint=job.fingerprint, figures=done.figures)
        self._store.put_scan(row)
        self._stems.append(source.stem)
        self._outcome.done += 1
        self._outcome.again += bool(before and before.figures)
        self._outcome.figures.append(done.figures)
        self._listener.report_page(source.stem, done.figures)
        self._tell_done(source, done.figures)
        for refusal in refusals:
            self._fail(ScanFailure(str(refusal), reason=FailureReason.from_error(refusal)))

    def _tell_done(self, source: PageSource, figures: PageFigures) -> None:
        """Tell that a page is done; the budget learns how long it took."""
        if self._budget:
            self._budget.pace.add_page(figures)
        event = PageDone(
            page=source.stem,
            file=source.key.path,
            seconds=figures.seconds,
            megapixels=figures.megapixels,
            articles=figures.articles,
            characters=figures.characters,
        )
        self._events.tell(event)

    def _note_publications(self, finished: Sequence[PageSource]) -> None:
        """Note finished pages that belong to another issue than before, by other settings, say."""
        for source in finished:
            row = self._rows[source.key]
            if row.publication != source.publication:
                row = replace(row, publication=source.publication)
                self._store.put_scan(row)

    def _row(
        self,
        job: ReadingJob,
        status: ScanStatus,
        fingerprint: str = "",
        message: str = "",
        figures: PageFigures | None = None,
    ) -> ScanRow:
        """Make the store's row of a page; figures of earlier outputs stay while those are there."""
        source = job.source
        before = self._rows.get(source.key)
        figures = figures or (before.figures if before else None)
        return ScanRow(
            source.key,
            source.stem,
            status,
            fingerprint,
            message,
            source.publication,
            figures,
            finished=0 if status is ScanStatus.PENDING else int(time.time()),
        )

    def _fail(self, failure: ScanFailure) -> None:
        """Note, count and report a failure."""
        if failure.row:
            self._store.put_scan(failure.row)
        self._outcome.failed += 1
        self._outcome.failures.append(failure.message)
        self._listener.report_failure(failure.message, failure.trace)
        event = PageFailed(
            page=failure.row.stem if failure.row else "",
            file=failure.row.key.path if failure.row else "",
            code=failure.reason.code if failure.reason else "",
            message=failure.message,
        )
        self._events.tell(event)
