"""Write what came of the pages that were read, and note it in the store, for runs and workers."""

import time
from collections.abc import Callable
from dataclasses import replace

from newspage.batch.events import EventSource, PageBegun, PageDone, PageFailed
from newspage.batch.lease_keeper import LeaseKeeper
from newspage.batch.plan import PageSource
from newspage.batch.reading_jobs import ReadingJob, describe_job
from newspage.batch.run_events import RunListener, RunOutcome, ScanFailure
from newspage.batch.tasks import ReadResult, ReadTask, TaskFailure
from newspage.errors import InputError, NewspageError
from newspage.files import remove_files
from newspage.formats import FormatError
from newspage.issues import make_issue_name
from newspage.output import PageWriter, ReadPage
from newspage.store import (
    MOST_ATTEMPTS,
    FailureReason,
    Lease,
    OutputStore,
    PageFigures,
    ScanKey,
    ScanRow,
    ScanStatus,
)
from newspage.workspace import Workspace


class PageFinisher:
    """Writer of what comes of claimed pages.

    What is read of a page counts only where its lease is still held; a worker that comes too late
    writes nothing.
    """

    def __init__(
        self,
        place: Workspace,
        store: OutputStore,
        writer: PageWriter,
        listener: RunListener,
        make_refusal: Callable[[PageSource], str],
        events: EventSource | None = None,
        outcome: RunOutcome | None = None,
    ) -> None:
        """Take over the tools of a run or a worker.

        Args:
            place: Folders and store.
            store: The part of the store that is about the output folder.
            writer: Of the files of pages.
            listener: Receiver of progress and failures.
            make_refusal: Returns the fingerprint of a page that is refused under the settings.
            events: Teller of events, to other programs say.
            outcome: What is added to; None: a new one.
        """
        self.events = events or EventSource((), time.monotonic())
        self.outcome = outcome or RunOutcome()
        self.stems: list[str] = []
        """Names of the pages that were read."""
        self.was_last = False
        """True where no page was left when the last one was finished here."""
        self._place = place
        self._store = store
        self._writer = writer
        self.listener = listener
        self._make_refusal = make_refusal

    def finish_page(
        self, job: ReadingJob, lease: Lease, keeper: LeaseKeeper, result: ReadResult | TaskFailure
    ) -> bool:
        """Write the result of a page, or note its failure.

        Returns False where the page was ours no more, so that what came of it here is dropped.

        Args:
            job: The page.
            lease: By which it is held.
            keeper: Who holds it.
            result: What came of reading it.
        """
        assert isinstance(result.task, ReadTask)
        if isinstance(result, ReadResult):
            try:
                return self._keep(job, lease, keeper, result)
            except FormatError as error:
                return self._give_up(lease, keeper, self._make_failed_row(job.source, error))
        lasting = self._make_refusal(job.source) if result.lasting else ""
        row = self._make_failed_row(job.source, result.named_error, lasting)
        return self._give_up(lease, keeper, row, result.trace)

    def report_begun(self, task: ReadTask) -> None:
        """Tell that a page was given to a reader."""
        self.events.tell(PageBegun(page=task.stem, file=task.key.path))

    def _keep(self, job: ReadingJob, lease: Lease, keeper: LeaseKeeper, done: ReadResult) -> bool:
        """Write the files of a page that was read, and note it as done, if it is still ours."""
        source = job.source
        before = self._store.find_scan(source.key)
        page = ReadPage(source.key, source.stem, source.publication, done.record, done.lattices)
        refusals = self._writer.write_new(page, lambda: keeper.confirm_lease(lease))
        if refusals is None:
            self._report_late(source)
            return False
        if before and before.figures and before.stem != source.stem:
            remove_files(
                [
                    self._place.output / (before.stem + suffix)
                    for suffix in self._writer.formats.all_suffixes
                ]
            )
        row = self.make_row(source, ScanStatus.DONE, job.fingerprint, figures=done.figures)
        if not keeper.finish_page(lease, row):
            self._undo(job)
            return False
        self.was_last = not self._store.leases.has_any_left()
        self.stems.append(source.stem)
        self.outcome.done += 1
        self.outcome.again += bool(before and before.figures)
        self.outcome.figures.append(done.figures)
        self._report_done(source.key, source.stem, done.figures)
        for refusal in refusals:
            self.report_failure(ScanFailure.from_error(refusal, source.stem, source.key.path))
        return True

    def _report_done(self, key: ScanKey, stem: str, figures: PageFigures) -> None:
        """Tell that a page is done."""
        self.listener.report_page(stem, figures)
        event = PageDone(
            page=stem,
            file=key.path,
            seconds=figures.seconds,
            megapixels=figures.megapixels,
            articles=figures.articles,
            characters=figures.characters,
        )
        self.events.tell(event)

    def _undo(self, job: ReadingJob) -> None:
        """Have a page read again that was written although it was ours no more.

        That can be where locks do not hold: what others wrote or decided may have been overwritten.
        """
        source = job.source
        row = self.make_row(source, ScanStatus.PENDING)
        issues = {make_issue_name(source.publication)}
        # Whoever has it now goes on; where it is done, it waits once more.
        self._store.expect_scans([row], issues, [describe_job(job)], {source.key})
        self._report_late(source)

    def _report_late(self, source: PageSource) -> None:
        """Say that the result of a page is dropped."""
        self.listener.report_note(
            f"{source.stem}: another worker has taken this page over, since this one did not renew "
            "its lease in time; what was read here is dropped."
        )

    def _give_up(self, lease: Lease, keeper: LeaseKeeper, row: ScanRow, trace: str = "") -> bool:
        """Note that a page failed, unless somebody else has it by now."""
        if not keeper.finish_page(lease, row):
            return False
        self.was_last = not self._store.leases.has_any_left()
        self._report_failed_row(row, trace)
        return True

    def _report_failed_row(self, row: ScanRow, trace: str = "") -> None:
        """Count and report a page that failed, of which the store knows."""
        self._count_failure(
            ScanFailure(row.message, trace, reason=row.reason, page=row.stem, file=row.key.path)
        )

    def set_aside(self, sources: Callable[[Lease], PageSource | None]) -> None:
        """Set pages aside that took too many workers with them, and report them as failures.

        `sources` returns the page of a lease, where it is a page for this process.
        """
        for lease in self._store.leases.list_ruinous():
            source = sources(lease)
            if source is None:
                continue
            path = self._place.resolve_key(source.key.path)
            error = InputError("workers-lost", where=path, workers=MOST_ATTEMPTS)
            row = self._make_failed_row(source, error, self._make_refusal(source))
            if self._store.leases.set_aside(lease, row, error.code):
                self._report_failed_row(row)

    def report_elsewhere(self, key: ScanKey) -> None:
        """Report what became of a page that another worker had."""
        row = self._store.find_scan(key)
        if row and row.status is ScanStatus.DONE and row.figures:
            self.stems.append(row.stem)
            self.outcome.done += 1
            self.outcome.elsewhere += 1
            self.outcome.figures.append(row.figures)
            self._report_done(row.key, row.stem, row.figures)
        elif row and row.status is ScanStatus.FAILED:
            self._report_failed_row(row)

    def report_failure(self, failure: ScanFailure) -> None:
        """Note, count and report a failure."""
        if failure.row:
            self._store.put_scan(failure.row)
        self._count_failure(failure)

    def _count_failure(self, failure: ScanFailure) -> None:
        """Count and report a failure."""
        self.outcome.failed += 1
        self.outcome.failures.append(failure.message)
        self.listener.report_failure(failure.message, failure.trace)
        code = failure.reason.code if failure.reason else ""
        event = PageFailed(page=failure.page, file=failure.file, code=code, message=failure.message)
        self.events.tell(event)

    def _make_failed_row(
        self, source: PageSource, error: NewspageError, fingerprint: str = ""
    ) -> ScanRow:
        """Make the row of a page that failed, with the reason in no language."""
        row = self.make_row(source, ScanStatus.FAILED, fingerprint, str(error))
        return replace(row, reason=FailureReason.from_error(error))

    def make_row(
        self,
        source: PageSource,
        status: ScanStatus,
        fingerprint: str = "",
        message: str = "",
        figures: PageFigures | None = None,
    ) -> ScanRow:
        """Make the store's row of a page; figures of earlier outputs stay while those are there.

        So does their name, as long as the page is not done under another.
        """
        before = self._store.find_scan(source.key) if figures is None else None
        return make_scan_row(before, source, status, fingerprint, message, figures)


def make_scan_row(
    before: ScanRow | None,
    source: PageSource,
    status: ScanStatus,
    fingerprint: str = "",
    message: str = "",
    figures: PageFigures | None = None,
) -> ScanRow:
    """Make the store's row of a page.

    Args:
        before: Its row so far.
        source: The page.
        status: How far it is.
        fingerprint: How it was read, or refused; empty: not at all.
        message: Why it failed.
        figures: Of the page as it was just read; None: those of earlier outputs stay.
    """
    figures = figures or (before.figures if before else None)
    keeps = before is not None and before.figures and status is not ScanStatus.DONE
    stem = before.stem if before is not None and keeps else source.stem
    finished = 0 if status is ScanStatus.PENDING else int(time.time())
    return ScanRow(
        source.key,
        stem,
        status,
        fingerprint,
        message,
        source.publication,
        figures,
        finished=finished,
    )
