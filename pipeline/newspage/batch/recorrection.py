"""Weigh the corrections of pages again that were read before, without reading them again.

A page counts as unfinished from before its questions are registered until after its last file is
written, as in a run: whatever ends this, the same command, or a run, goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from newspage.batch.plan import fingerprint_corrected
from newspage.correct import DetectorError, load_detectors
from newspage.errors import InputError, NewspageError
from newspage.formats import FormatError
from newspage.model import PageRecord
from newspage.output import (
    LATTICES_SUFFIX,
    RECORD_SUFFIX,
    PageWriter,
    join_issues,
    make_page_writer,
    require_holdings,
    require_unread,
    summarise_page,
    write_index,
)
from newspage.page import weigh_again
from newspage.record import LatticesError, RecordError, read_lattices, read_record
from newspage.settings import Settings
from newspage.store import OutputStore, PageFigures, QuestionCounts, ScanRow, ScanStatus, Store
from newspage.workspace import Workspace, hold_run_lock


class RecorrectionListener(Protocol):
    """Receiver of events while pages are corrected again."""

    def report_start(self, pages: int) -> None:
        """Report how many pages will be corrected again."""

    def report_page(self, name: str, changed: bool) -> None:
        """Report that a page was dealt with, and whether its files are others now."""

    def report_left(self, message: str) -> None:
        """Report that something was left as it is: what, why, and what to do."""

    def report_note(self, message: str) -> None:
        """Report a note that is no failure."""


@dataclass(slots=True)
class RecorrectionOutcome:
    """Counts of pages that were corrected again, added up while it goes on."""

    changed: int = 0
    unchanged: int = 0
    left: list[str] = field(default_factory=list)
    """Messages on what was left as it is."""
    issues: tuple[str, ...] = ()
    """Names of the issues whose articles were joined anew."""
    asked: QuestionCounts = field(default_factory=QuestionCounts)
    """Corrections of the pages, and what became of them."""
    lost: int = 0
    """Decisions that have no place in the output folder, whenever they lost it."""


def recorrect_pages(
    place: Workspace, settings: Settings, paths: Sequence[Path], listener: RecorrectionListener
) -> RecorrectionOutcome:
    """Correct pages again with the dictionaries and settings of today, from records and lattices.

    Pages without lattices, or whose record or lattices cannot be used, stay as they are.

    Args:
        place: The output folder and its store.
        settings: Those of today; only those of the correction pass count.
        paths: Page records of the output folder, and folders in it; none: all of its pages.
        listener: Receiver of progress.

    Raises:
        InputError: Nothing was read into the output folder, or a path is no page of it.
        DictionaryError: A dictionary has lines that cannot be used.
        UsageError: An installed package adds a detector that cannot be loaded.
        BusyError: A run has the output folder, or workers have pages of it.
        OutputError: The output folder cannot be written.
        StoreError: The store cannot be read or written.
    """
    with Store(place.store) as whole:
        store = OutputStore(whole, place.name)
        require_holdings(place, store)
        load_detectors()  # refused before anything is done
        with hold_run_lock(place):
            require_unread(place, store)
            return _Recorrection(place, store, settings, listener).do(paths)


def select_pages(place: Workspace, store: OutputStore, paths: Sequence[Path]) -> list[ScanRow]:
    """Return the pages that were read among some paths, or all, in the order of their names.

    Raises InputError for a path that is no page of the output folder and no folder of pages.
    """
    rows = sorted(
        (row for row in store.list_scans().values() if row.figures),
        key=lambda row: row.stem,
    )
    chosen: set[str] = set()
    for path in paths:
        wanted = _name_below(place.output, path)
        found = {
            row.stem
            for row in rows
            if wanted in (".", row.stem + RECORD_SUFFIX) or row.stem.startswith(wanted + "/")
        }
        if not found:
            raise InputError("path-holds-no-page", path=path, output=place.output)
        chosen |= found
    return [row for row in rows if row.stem in chosen] if paths else rows


def _name_below(output: Path, path: Path) -> str:
    """Return the name of a path below the output folder; empty where it lies elsewhere."""
    folder, inside = output.resolve(), path.resolve()
    return inside.relative_to(folder).as_posix() if inside.is_relative_to(folder) else ""


class _Recorrection:
    """State of one pass over pages that were read before."""

    def __init__(
        self,
        place: Workspace,
        store: OutputStore,
        settings: Settings,
        listener: RecorrectionListener,
    ) -> None:
        self._place = place
        self._store = store
        self._settings = settings
        self._listener = listener
        self._writer: PageWriter = make_page_writer(place, store, settings)
        self._outcome = RecorrectionOutcome()

    def do(self, paths: Sequence[Path]) -> RecorrectionOutcome:
        """Correct pages again, join articles over several pages, and return the outcome."""
        rows = select_pages(self._place, self._store, paths)
        for error in self._writer.catch_up(self._store.list_scans()):
            self._leave(error)
        self._listener.report_start(len(rows))
        for row in rows:
            changed = False
            try:
                changed = self._correct(row)
                self._outcome.changed += changed
                self._outcome.unchanged += not changed
            except (RecordError, LatticesError, DetectorError, FormatError) as error:
                self._leave(error)
            self._listener.report_page(row.stem, changed)
        self._finish([row.stem for row in rows])
        return self._outcome

    def _leave(self, error: NewspageError) -> None:
        """Note and report what was left as it is, once."""
        if str(error) not in self._outcome.left:
            self._outcome.left.append(str(error))
            self._listener.report_left(str(error))

    def _correct(self, row: ScanRow) -> bool:
        """Correct a page again; return whether its corrections, or what they rest on, changed."""
        path = self._place.output / row.stem
        record = read_record(path.with_name(path.name + RECORD_SUFFIX))
        kept = read_lattices(path.with_name(path.name + LATTICES_SUFFIX), record.reading)
        config = self._place.with_learned(self._settings.for_path(row.key.path)).correct
        try:
            weighed = weigh_again(record, kept.lattices, config)
        except DetectorError as error:
            raise DetectorError.restate(error, where=path) from error
        done = replace(row, figures=_count_again(row, weighed))
        if row.status is not ScanStatus.FAILED:
            fingerprint = fingerprint_corrected(record.page.scan, kept.conditions, config)
            done = replace(done, status=ScanStatus.DONE, fingerprint=fingerprint)
        same = (weighed.reading, weighed.steps) == (record.reading, record.steps)
        written = not same or row.status is ScanStatus.PENDING
        if written:
            self._write(row, weighed)
        if written or done != row:
            self._store.put_scan(done)
        return not same

    def _write(self, row: ScanRow, weighed: PageRecord) -> None:
        """Write a page, which counts as unfinished until the store is told otherwise."""
        pending = replace(row, status=ScanStatus.PENDING, fingerprint="")
        self._store.expect_scans([pending], ())
        try:
            refusals = self._writer.replace_corrections(row, weighed)
        except FormatError as error:
            failed = replace(pending, status=ScanStatus.FAILED, message=str(error))
            self._store.put_scan(failed)
            raise
        for refusal in refusals:
            self._leave(refusal)

    def _finish(self, stems: Sequence[str]) -> None:
        """Join the issues whose pages have changed, and count what became of the corrections."""
        place, store = self._place, self._store
        scans = store.list_scans()
        self._outcome.issues = join_issues(
            place,
            store,
            scans.values(),
            self._writer.formats,
            self._listener.report_note,
            self._leave,
        )
        write_index(place, scans)
        for counts in store.questions.counts_by_stem(stems).values():
            self._outcome.asked += counts
        self._outcome.lost = len(store.pages.list_lost())


def _count_again(row: ScanRow, weighed: PageRecord) -> PageFigures:
    """Return the figures of a page with other corrections; how long it took stays."""
    before = row.figures or PageFigures()
    return replace(summarise_page(weighed), seconds=before.seconds, steps=before.steps)
