"""The shell around the straight line: find what is to be done, have it read, write what comes.

Whatever happens at whatever moment, running again continues: a scan counts as unfinished from
before its first file is written until after its last, and every file is written whole. What a run
writes does not depend on when it was interrupted.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from newspage.batch.plan import PageSource
from newspage.batch.selection import PageSelection
from newspage.batch.survey import ReadingJob, ScanFailure, ScanSurvey, ScanSurveyor, name_in_message
from newspage.batch.tasks import LookResult, LookTask, MakeReader, ReadResult, ReadTask, TaskFailure
from newspage.batch.workers import PoolPlan, WorkerPool
from newspage.files import list_files_below, remove_files, require_writable
from newspage.issues import make_issue_name
from newspage.output.holdings import require_apart
from newspage.output.index_file import write_index
from newspage.output.issue_files import join_issues
from newspage.output.page_files import SUFFIXES
from newspage.output.page_writer import PageWriter, ReadPage, make_page_writer
from newspage.settings import Settings
from newspage.store import (
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
"""Answers of looks are gathered for so long."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a run is asked for."""

    paths: tuple[Path, ...]
    output: Path
    settings: Settings
    pool: PoolPlan
    force: bool = False
    """Read what is finished as well."""
    selection: PageSelection = field(default_factory=PageSelection)


@dataclass(frozen=True, slots=True)
class ReaderBackend:
    """What reads the pages."""

    make_reader: MakeReader
    identity: str
    """Everything about the engine that could change what it reads."""


class RunListener(Protocol):
    """Told of a run while it goes on."""

    def report_looking(self, files: int) -> None:
        """So many files are new or changed and are looked into."""

    def report_start(self, pages: int, skipped: int) -> None:
        """So many more pages will be read, or have failed; so many more need no reading."""

    def report_page(self, name: str, figures: PageFigures) -> None:
        """A scan was read."""

    def report_failure(self, message: str, trace: str) -> None:
        """A scan could not be read: which, what is wrong, what to do."""

    def report_note(self, message: str) -> None:
        """Something to know, but no failure."""


@dataclass(slots=True)
class RunOutcome:
    """What a run has done."""

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
    """What failed, and why."""
    asked: QuestionCounts = field(default_factory=QuestionCounts)
    """Corrections of the pages read in this run, and what became of them."""
    lost: int = 0
    """Decisions that have no place in the output folder, whenever they lost it."""


def run_folder(request: RunRequest, backend: ReaderBackend, listener: RunListener) -> RunOutcome:
    """Read all scans of some folders that are new or changed since the last run.

    Scans that cannot be read are told to the listener and counted. Raises UsageError, OutputError,
    StoreError and MissingDependencyError for what stops the whole run.
    """
    place = Workspace.for_output(request.output, request.settings.config.run)
    require_apart(place, request.paths)
    require_writable(request.output)
    with (
        hold_run_lock(place),
        Store(place.store) as store,
        WorkerPool(backend.make_reader, request.settings.config.engine, request.pool) as crew,
    ):
        keeper = make_page_writer(place, store, request.settings)
        keeper.catch_up()
        surveyor = ScanSurveyor(place, store, request.settings, backend.identity, request.selection)
        survey = surveyor.survey_scans(request.paths, request.force)
        return _Run(place, store, keeper, listener, surveyor).do(survey, crew)


class _Run:
    """A run that knows what it has to do."""

    def __init__(
        self,
        place: Workspace,
        store: Store,
        keeper: PageWriter,
        listener: RunListener,
        surveyor: ScanSurveyor,
    ) -> None:
        self._place = place
        self._store = store
        self._keeper = keeper
        self._listener = listener
        self._surveyor = surveyor
        self._rows = surveyor.rows
        self._outcome = RunOutcome()
        self._stems: list[str] = []
        self._jobs: dict[ScanKey, ReadingJob] = {}
        self._finished: list[PageSource] = []

    def do(self, survey: ScanSurvey, crew: WorkerPool) -> RunOutcome:
        """Read what is to be read, join what goes over several pages, and sum it up."""
        outcome = self._outcome
        outcome.passed_over = survey.passed_over
        if survey.looks:
            self._listener.report_looking(len(survey.looks))
        run = self._store.begin_run(self._place.name, __version__)
        try:
            self._read(survey, crew)
            self._note_publications(self._finished)
            outcome.issues = join_issues(
                self._place,
                self._store,
                frozenset(list_files_below(self._place.output)),
                self._listener.report_note,
                lambda error: self._fail(ScanFailure(str(error))),
            )
        except BaseException:
            # On a full disk, say, not even that can be noted; what happened first is what counts.
            with suppress(StoreError):
                self._end(run, "interrupted")
            raise
        self._end(run, "complete")
        self._count()
        write_index(self._place, self._store)
        return outcome

    def _count(self) -> None:
        """What came of the corrections of the pages that were read."""
        counts = self._store.questions.counts_by_stem(self._place.name, self._stems)
        for stem in self._stems:
            self._outcome.asked += counts.get(stem, QuestionCounts())
        self._outcome.lost = len(self._store.pages.list_lost(self._place.name))

    def _end(self, run: int, how: str) -> None:
        outcome = self._outcome
        self._store.end_run(run, how, outcome.done, outcome.skipped, outcome.failed)

    def _read(self, survey: ScanSurvey, crew: WorkerPool) -> None:
        """Look into files and read their pages, as soon as each is known."""
        crew.submit(survey.looks)
        crew.submit(self._take(survey))
        looking, answers, taken = len(survey.looks), list[LookResult | TaskFailure](), 0.0
        for results in crew.results():
            for result in results:
                if isinstance(result, LookResult) or isinstance(result.task, LookTask):
                    answers.append(result)
                    looking -= 1
                else:
                    self._finish(result)
            # Each time is a transaction: not for every file of a hundred thousand.
            if answers and (not looking or time.monotonic() - taken > _TAKE_SECONDS):
                crew.submit(self._take(self._surveyor.sort_answers(answers)))
                answers, taken = [], time.monotonic()

    def _take(self, survey: ScanSurvey) -> list[ReadTask]:
        """Note what was found, and that its pages are unfinished from here on."""
        for note in survey.notes:
            self._listener.report_note(note)
        self._listener.report_start(len(survey.jobs) + len(survey.failures), len(survey.finished))
        for failure in survey.failures:
            self._fail(failure)
        self._outcome.skipped += len(survey.finished)
        self._finished += survey.finished
        self._jobs |= {job.source.key: job for job in survey.jobs}
        pending = [self._row(job, ScanStatus.PENDING) for job in survey.jobs]
        before = (self._rows.get(row.key) for row in pending)
        issues = {make_issue_name(row.publication) for row in (*before, *pending) if row}
        if pending:
            self._store.expect_scans(self._place.name, pending, issues)
        return [job.task for job in survey.jobs]

    def _finish(self, result: ReadResult | TaskFailure) -> None:
        """Keep what came of a page."""
        assert isinstance(result.task, ReadTask)
        job = self._jobs.pop(result.task.key)
        if isinstance(result, ReadResult):
            self._keep(job, result)
            return
        message = name_in_message(result.path, result.message)
        fingerprint = self._surveyor.refusal(job.source) if result.lasting else ""
        row = self._row(job, ScanStatus.FAILED, fingerprint, message)
        self._fail(ScanFailure(message, result.trace, row))

    def _keep(self, job: ReadingJob, done: ReadResult) -> None:
        """Write what a scan gave and note it."""
        source = job.source
        self._keeper.write_new(ReadPage(source.key, source.stem, source.publication, done.files))
        before = self._rows.get(source.key)
        if before and before.figures and before.stem != source.stem:
            remove_files([self._place.output / (before.stem + suffix) for suffix in SUFFIXES])
        row = self._row(job, ScanStatus.DONE, fingerprint=job.fingerprint, figures=done.figures)
        self._store.put_scan(self._place.name, row)
        self._stems.append(source.stem)
        self._outcome.done += 1
        self._outcome.again += bool(before and before.figures)
        self._outcome.figures.append(done.figures)
        self._listener.report_page(source.stem, done.figures)

    def _note_publications(self, finished: Sequence[PageSource]) -> None:
        """Pages that are taken for another issue than before, by other settings, say."""
        for source in finished:
            row = self._rows[source.key]
            if row.publication != source.publication:
                row = replace(row, publication=source.publication)
                self._store.put_scan(self._place.name, row)

    def _row(
        self,
        job: ReadingJob,
        status: ScanStatus,
        fingerprint: str = "",
        message: str = "",
        figures: PageFigures | None = None,
    ) -> ScanRow:
        """What the store is to know; figures of earlier outputs stay while those are there."""
        source = job.source
        before = self._rows.get(source.key)
        figures = figures or (before.figures if before else None)
        return ScanRow(
            source.key, source.stem, status, fingerprint, message, source.publication, figures
        )

    def _fail(self, failure: ScanFailure) -> None:
        if failure.row:
            self._store.put_scan(self._place.name, failure.row)
        self._outcome.failed += 1
        self._outcome.failures.append(failure.message)
        self._listener.report_failure(failure.message, failure.trace)
