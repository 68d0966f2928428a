"""Write the files of pages: what the machine read, with what people decided merged in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from newspage.decision import Decision
from newspage.decisions import (
    CopyFinder,
    DecisionPolicy,
    LearningCache,
    MergedPage,
    QuestionRegistry,
    merge_decisions,
    project_decision,
)
from newspage.errors import InputError, NewspageError
from newspage.files import list_cut_short, remove_files
from newspage.formats import FormatError
from newspage.issues import make_issue_name
from newspage.model import CorrectionStatus, PageReading, PageRecord, Publication
from newspage.output.article_indexer import ArticleIndexer
from newspage.output.output_lock import hold_output
from newspage.output.page_files import (
    LATTICES_SUFFIX,
    RECORD_SUFFIX,
    OutputFormats,
    choose_output_formats,
    find_stale_files,
    write_page_files,
)
from newspage.record import decode_record, read_record
from newspage.settings import Settings
from newspage.store import (
    OutcomeRow,
    OutputStore,
    PageState,
    QuestionRow,
    QuestionUpdate,
    ScanKey,
    ScanRow,
    ScanStatus,
)
from newspage.workspace import ISSUES_NAME, Workspace, clear_leftovers


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page that was just read, before decisions are merged into it."""

    key: ScanKey
    stem: str
    publication: Publication | None
    record: bytes
    """Its record, as the machine alone would have it."""
    lattices: bytes = b""
    """The lattices of its lines; empty: they are not kept, and those of earlier readings go."""


def make_page_writer(place: Workspace, store: OutputStore, settings: Settings) -> "PageWriter":
    """Return the page writer of a workspace, as runs and the review service use it.

    Raises ConfigError and UsageError where the formats of the settings are not to be had.
    """
    policy = LearningCache(store.whole, settings.config.review).make_policy()
    return PageWriter(place, store, policy, choose_output_formats(settings))


class PageWriter:
    """Writer of the files of pages, so that every decision in the store is in them.

    Runs and the review service write pages through it alone: all that it does to a page happens
    under the write lock of the workspace. Raises StoreError and OutputError.
    """

    def __init__(
        self,
        place: Workspace,
        store: OutputStore,
        teaching: DecisionPolicy,
        formats: OutputFormats,
    ) -> None:
        self.formats = formats
        """Formats that every page is written in."""
        self._place = place
        self._store = store
        self._copies = CopyFinder(store)
        self._registry = QuestionRegistry(place, store, teaching)
        self._indexer = ArticleIndexer(place, store)

    def write_new(
        self, page: ReadPage, is_wanted: Callable[[], bool] = lambda: True
    ) -> tuple[InputError, ...] | None:
        """Write a page that was just read, and register what it proposes as questions.

        `is_wanted` is asked when nobody else writes any more; where it says no, nothing is written.

        Returns:
            Why there are no files in formats that hold the scan: it changed meanwhile. None where
            nothing was written.
        """
        record = decode_record(page.record, page.stem)
        with hold_output(self._place, self._store):
            if not is_wanted():
                return None
            state = self._enter(page.key, page.stem, page.publication, record.reading)
            merged, rows = self._merge(state, record)
            refusals = self._write(page.stem, merged.record, lattices=page.lattices)
            if not page.lattices:
                remove_files([self._path_of(page.stem, LATTICES_SUFFIX)])
            self._settle(state, merged, rows)
        return refusals

    def rewrite_page(self, state: PageState) -> bool:
        """Write the files of a page again if the decisions on it change its record.

        A page whose record is missing, cannot be read or is of another scan is left to the next
        run; so is its file in a format that holds the scan, where that is not there.

        Returns:
            Whether its issue must be joined again: the page's text has changed, or a link to
            another page was made or taken apart.
        """
        with hold_output(self._place, self._store):
            record = self._on_disk(state.stem)
            if record is None or record.page.scan.sha256 != state.sha256:
                return False
            merged, rows = self._merge(state, record)
            changed = merged.record != record
            unjoined = changed or self._links_since(state)
            if unjoined:
                self._unjoin(state.key)
            if changed:
                self._write(state.stem, merged.record)
            self._settle(state, merged, rows)
        return unjoined

    def _links_since(self, state: PageState) -> bool:
        """Tell whether links to other pages were decided since decisions were last merged."""
        scans = [state.scan, *self._copies.list_transforms(state.scan)]
        return self._store.decisions.links_since(scans, state.mark)

    def decisions_on(self, state: PageState) -> tuple[list[Decision], int]:
        """Return the decisions on a page in order, and the number of the last one.

        The anchors of those that were made on another scan of the page are projected onto the scan
        that the page shows now.
        """
        transforms = self._copies.list_transforms(state.scan)
        decisions, last = self._store.decisions.of_scans([state.scan, *transforms])
        return [project_decision(d, transforms, state.scan) for d in decisions], last

    def catch_up(self, rows: Mapping[ScanKey, ScanRow]) -> tuple[NewspageError, ...]:
        """Bring pages up to date that a killed process, or an older version, left outdated.

        `rows` are all scans that were ever read into the output folder. Returns why some cannot be
        written in a format of the settings.
        """
        self.recover_interrupted()
        for row in self._select_unregistered(rows):
            self.register_existing(row)
        failures: list[NewspageError] = []
        for state in self.list_outdated():
            try:
                self.rewrite_page(state)
            except FormatError as error:
                failures.append(error)
        self.index_all_waiting()
        return (*failures, *self._complete_formats(rows.values()))

    def index_waiting(self, limit: int = 50) -> bool:
        """Put some pages into lists and into the article index that are not there as they are now.

        Those are pages that an older version read, or that belong to another issue than before.
        Returns whether there may be more.
        """
        unlisted = self._store.catalogue.list_waiting()
        return unlisted or self._indexer.index_waiting(limit)

    def index_all_waiting(self) -> None:
        """Put all of these pages there; after an interruption the next call goes on."""
        while self.index_waiting():
            pass

    def _complete_formats(self, rows: Iterable[ScanRow]) -> tuple[NewspageError, ...]:
        """Write what pages lack in the formats of the settings, from their records.

        They lack files that somebody deleted, and formats that were added since. A page whose
        record is missing or cannot be read is left to the run. Returns why some pages cannot be
        written in a format.
        """
        failures: list[NewspageError] = []
        for row in rows:
            if row.figures and find_stale_files(self._place.output / row.stem, self.formats):
                try:
                    failures += self._complete(row.stem)
                except FormatError as error:
                    failures.append(error)
        return tuple(failures)

    def _complete(self, stem: str) -> tuple[InputError, ...]:
        """Write the files that a page lacks; return why there are none with the scan in them."""
        with hold_output(self._place, self._store):
            # Looked at again: somebody may just have written the page.
            stale = find_stale_files(self._place.output / stem, self.formats)
            record = self._on_disk(stem) if stale else None
            return self._write(stem, record, stale) if record is not None else ()

    def recover_interrupted(self) -> None:
        """Make the files of pages whole of which the writing was cut short.

        Of such a page some files may be new and others old: the first ones where the process was
        killed, any of them after a power cut, since renames reach the disk in any order. All are
        written again from its record. Decisions made meanwhile are merged in afterwards, as for any
        page.
        """
        with hold_output(self._place, self._store):
            for stem in sorted(set(map(self._stem_of, list_cut_short(self._place.output)))):
                record = self._on_disk(stem) if stem else None
                if record is not None:
                    self._write(stem, record)
            clear_leftovers(self._place)

    def _stem_of(self, path: Path) -> str:
        """Return the name of the page that a file belongs to; empty where it is none of a page."""
        output = self._place.output
        name = path.relative_to(output).as_posix()
        found = (s for s in self.formats.all_suffixes if name.endswith(s))
        suffix = max(found, key=len, default="")
        in_page = suffix and path.parent != output / ISSUES_NAME
        return name.removesuffix(suffix) if in_page else ""

    def list_outdated(self) -> list[PageState]:
        """Return the pages on which there are decisions that their files do not have yet."""
        return self._store.pages.list_outdated()

    def list_unregistered(self) -> list[ScanRow]:
        """Return the pages that were read by a version that kept no questions."""
        return self._select_unregistered(self._store.list_scans())

    def _select_unregistered(self, rows: Mapping[ScanKey, ScanRow]) -> list[ScanRow]:
        """Return those of some scans that were read and have no page in the store."""
        known = self._store.pages.list_pages()
        return [r for k, r in rows.items() if r.status is ScanStatus.DONE and k not in known]

    def register_existing(self, row: ScanRow) -> None:
        """Register a page and its questions from its record, and merge decisions into it.

        A page whose record cannot be read is left to the next run.
        """
        with hold_output(self._place, self._store):
            record = self._on_disk(row.stem)
            if record is not None:
                self._register(row, record, record)

    def replace_corrections(self, row: ScanRow, weighed: PageRecord) -> tuple[InputError, ...]:
        """Write a page with its corrections weighed anew, and register them as questions.

        Questions that are still asked keep their answers. Only the run that holds the output folder
        may call it: what was read must stay meanwhile.

        Args:
            row: The page as the store knows it.
            weighed: Its record with the new corrections; of the one on the disk all else is kept.

        Returns:
            Why there are no files in formats that hold the scan: it was moved or changed.

        Raises:
            RecordError: The record on the disk cannot be read.
            FormatError: A format of another package fails; no file is written then.
        """
        with hold_output(self._place, self._store):
            before = read_record(self._path_of(row.stem, RECORD_SUFFIX))
            reading = replace(before.reading, corrections=weighed.reading.corrections)
            record = replace(before, reading=reading, steps=weighed.steps)
            return self._register(row, before, record)

    def _register(
        self, row: ScanRow, before: PageRecord, record: PageRecord
    ) -> tuple[InputError, ...]:
        """Register a page and its questions, and write it where decisions make it another.

        The write lock must be held. Returns why there are no files in formats that hold the scan.

        Args:
            row: The page as the store knows it.
            before: Its record as it is on the disk.
            record: The record that decisions are merged into.
        """
        state = self._enter(row.key, row.stem, row.publication, record.reading)
        merged, rows = self._merge(state, record)
        refusals: tuple[InputError, ...] = ()
        if merged.record != before:
            if replace(merged.record, steps=before.steps) != before:
                self._unjoin(row.key)
            refusals = self._write(row.stem, merged.record)
        self._settle(state, merged, rows)
        return refusals

    def _enter(
        self, key: ScanKey, stem: str, publication: Publication | None, reading: PageReading
    ) -> PageState:
        """Store which scan a page shows, and register its proposals as questions."""
        paper = publication.paper if publication else ""
        state = PageState(key, stem, reading.page.scan.sha256, paper, 0)
        if not self._store.pages.list_showing([state.scan]):
            # Copies are sought for a scan that is new only. One that was read before has decisions
            # of its own, and those made since then on another scan of the page are not about it.
            self._copies.find_copies(state, publication, reading.page)
        known = self._store.questions.of_page(key.path, key.frame)
        known = self._copies.brought_over(state, known or self._registry.of_renamed(state))
        self._registry.register_questions(state, reading, known)
        self._store.pages.put_page(state)
        return state

    def _merge(
        self, state: PageState, record: PageRecord
    ) -> tuple[MergedPage, tuple[list[QuestionRow], int]]:
        """Merge all decisions on a page into its record.

        Returns:
            The merged page; and its questions with the number of the last decision (0: none).
        """
        rows = self._store.questions.of_page(state.key.path, state.key.frame)
        decisions, last = self.decisions_on(state)
        held = frozenset(row.correction for row in rows if row.held and row.asked)
        return merge_decisions(record, decisions, held), (rows, last)

    def _settle(
        self, state: PageState, merged: MergedPage, seen: tuple[list[QuestionRow], int]
    ) -> None:
        """Store the state of each question and decision, and up to which one the files go."""
        rows, last = seen
        corrections = {c.id: c for c in merged.record.corrections}
        settled = []
        for row in rows:
            c = corrections.get(row.correction) if row.asked else None
            if c is None:
                continue
            text = c.proposed if c.status is CorrectionStatus.EDITED else ""
            by = c.decided_by or c.overruled_by
            if (c.status.value, text, by) != (row.status, row.text, row.reviewer):
                settled.append(QuestionUpdate(row.id, row.version, c.status.value, text, by))
        outcomes = [OutcomeRow(o.decision.uid, o.state.value, o.reason) for o in merged.outcomes]
        if merged.outcomes:
            self._copies.remember_scan(state, merged.record.page)
        articles = self._indexer.make_articles(state, merged.record)
        self._store.pages.settle_page(replace(state, mark=last), outcomes, settled, articles)

    def _unjoin(self, key: ScanKey) -> None:
        """Mark the issue that a page is part of as to be joined again."""
        row = self._store.find_scan(key)
        name = make_issue_name(row.publication) if row else ""
        if name in self._store.list_issues():
            self._store.put_issue(name, "")

    def _on_disk(self, stem: str) -> PageRecord | None:
        """Return the record of a page in the output folder; None where it cannot be read."""
        try:
            return read_record(self._path_of(stem, RECORD_SUFFIX))
        except InputError:
            return None

    def _path_of(self, stem: str, suffix: str) -> Path:
        """Return the path of a file of a page."""
        return self._place.output / (stem + suffix)

    def _write(
        self, stem: str, record: PageRecord, suffixes: Sequence[str] = (), lattices: bytes = b""
    ) -> tuple[InputError, ...]:
        """Write the files of a page: those with some suffixes only, or all; and its lattices.

        Returns why there are none in formats that hold the scan: it was moved or changed.
        """
        path = self._place.output / stem
        return write_page_files(record, path, stem, self.formats, suffixes, lattices)
