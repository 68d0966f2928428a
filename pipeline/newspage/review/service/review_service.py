"""The review service: everything a person can ask and decide about one output folder."""

from collections.abc import Sequence
from pathlib import Path

from newspage.decision import LINKS
from newspage.decisions import LEVELS
from newspage.errors import InputError, TextLanguage
from newspage.expected_errors import ExpectedErrors
from newspage.model import PageRecord
from newspage.output import SuggestedLine, make_page_writer, read_suggested_lines
from newspage.review.service.answers import AnswerRecorder, format_now
from newspage.review.service.archive_view import ArchiveView
from newspage.review.service.article_finder import ArticleFinder
from newspage.review.service.character_places import CharacterGatherer
from newspage.review.service.continuations import ContinuationFinder
from newspage.review.service.decision_history import DecisionHistory
from newspage.review.service.detector_overview import DetectorOverview
from newspage.review.service.hand_edits import EditRecorder
from newspage.review.service.issue_search import IssueSearch, SearchRequest
from newspage.review.service.issue_shelf import IssueShelf, ShelvedIssue
from newspage.review.service.output_updater import OutputUpdater
from newspage.review.service.page_edits import PageEdit, Signature
from newspage.review.service.page_view import StoredPageFacts, make_page_view
from newspage.review.service.question_view import make_question_view
from newspage.review.service.reading_room import ReadingRoom
from newspage.review.service.reading_view import ReadingView, make_reading_view
from newspage.review.service.record_cache import RecordCache
from newspage.review.service.request_errors import (
    MissingScanError,
    ReadOnlyError,
    RequestError,
    StaleError,
    UnknownError,
)
from newspage.review.service.structure_desk import StructureDesk
from newspage.review.service.typed_lines import LineToType, show_line
from newspage.review.service.view_rows import (
    PageFacts,
    decode_scan_key,
    hash_values,
    make_group,
    make_history_entry,
    make_page_row,
    make_question,
)
from newspage.review.service.views import (
    Answer,
    FilterCounts,
    GroupList,
    HistoryEntry,
    PageRow,
    PageView,
    QuestionFilter,
    QuestionSummary,
    QuestionView,
    Receipt,
    ReviewProgress,
    RuleStanding,
    Sort,
    Suggestion,
)
from newspage.review.service.work_rate import WorkLog, count_by_day, count_seconds_at_work
from newspage.search import ArticleSearch
from newspage.settings import Settings
from newspage.store import (
    ListedPage,
    OutputStore,
    PageFilter,
    PageSort,
    PageState,
    PinRow,
    QuestionCounts,
    ScanStatus,
    Store,
    list_scans_of,
)
from newspage.workspace import Workspace

__all__ = ["ReviewService", "StaleError", "UnknownError"]


class ReviewService:
    """Shows and records decisions on one output folder. Thread-safe.

    Every method that decides commits before it returns; output files are written right afterwards.
    All methods raise StoreError where the store cannot be used; those that decide raise
    ReadOnlyError (a RequestError) where the service is for reading only.
    """

    def __init__(self, place: Workspace, settings: Settings, read_only: bool = False) -> None:
        self._place = place
        self._store = OutputStore(Store(place.store, read_only), place.name)
        self._records = RecordCache()
        self._answers = AnswerRecorder(self._store)
        self._history = DecisionHistory(self._store)
        self._learning = DetectorOverview(place, self._store, settings.config)
        self._continuations = ContinuationFinder(self._store, self._record)
        self.articles = ArticleFinder(self._store, self._record)
        self.archive = ArchiveView(self._store)
        self.reading = ReadingRoom(place, self._store, self._current, settings.config.ingest)
        self.characters = CharacterGatherer(self._store, self._current, self._write_due)
        self.issues = IssueShelf(place, self._store, settings.config)
        self._issue_search = IssueSearch(ArticleSearch(self._store.articles))
        self._work = WorkLog(self._store.whole)
        self.structure = StructureDesk(self._store, self._current, self._continuations, None)
        self._follower: OutputUpdater | None = None
        self._edits: EditRecorder | None = None
        if read_only:
            self._store.catalogue.list_all_waiting()
        else:
            self._store.whole.move_log_when_quiet()
            writer = make_page_writer(place, self._store, settings)
            self._follower = OutputUpdater(place, self._store, writer)
            self._edits = EditRecorder(
                self._store, writer, self._follower, self._current, self._continuations
            )
            writing = writer, self._follower
            self.structure = StructureDesk(self._store, self._current, self._continuations, writing)

    def close(self) -> None:
        """Write the output files that are due, and close the store."""
        try:
            if self._follower:
                self._follower.close()
        finally:
            self._store.whole.close()

    @property
    def folder(self) -> Path:
        """Return the absolute path of the output folder."""
        return self._place.output.absolute()

    @property
    def identity(self) -> str:
        """Return a short name that no other store and output folder has.

        Answers that wait in a browser carry it, so that they reach no other folder.
        """
        return hash_values(self._place.store, self._store.name)

    def show_progress(self) -> tuple[ReviewProgress, tuple[HistoryEntry, ...]]:
        """Return how much of the work is done and how fast it goes, and decisions without a place.

        The latter are as `list_lost` returns them.
        """
        lost = self.list_lost()
        return self._summarise_progress(len(lost)), lost

    def summarise_progress(self) -> ReviewProgress:
        """Return how much of the work is done, and how fast it goes."""
        return self._summarise_progress(len(self._store.pages.list_lost()))

    def _summarise_progress(self, lost: int) -> ReviewProgress:
        """Return the same, where `lost` decisions have no place any more."""
        store = self._store
        asked = store.questions.count_by_rule()
        counts = sum(asked.values(), QuestionCounts())
        pages = store.pages.count_progress()
        moments = self._work.list_moments()
        seconds = count_seconds_at_work(moments)
        return ReviewProgress(
            pages=pages.pages,
            signed=pages.signed,
            questions=counts.questions,
            open=counts.open,
            decided=counts.decided,
            by_precedent=counts.spared,
            lost=lost,
            pages_done=pages.done,
            decisions_an_hour=len(moments) * 3600 / seconds if seconds else 0.0,
            minutes_a_page=seconds / 60 / pages.touched if pages.touched else 0.0,
            by_rule=self._learning.list_rules(asked),
            by_day=count_by_day(moments),
            seconds=seconds,
        )

    def show_reading(self, language: TextLanguage = "en") -> ReadingView:
        """Return how far scans are read and how fast that goes, in a language."""
        return make_reading_view(self._store, language)

    def list_pages(
        self,
        which: PageFilter | None = None,
        sort: PageSort = "name",
        offset: int = 0,
        limit: int = 200,
        language: TextLanguage = "en",
    ) -> tuple[tuple[PageRow, ...], int]:
        """Return a stretch of the pages that fit a filter, and how many there are in all.

        Also those that could not be read, with why in a language.
        """
        store = self._store
        rows, total = store.catalogue.list_stretch(which or PageFilter(), sort, offset, limit)
        stems = [row.stem for row in rows]
        counts = store.questions.counts_by_stem(stems)
        lost = store.pages.count_lost(stems)
        errors = store.errors.find_errors(stems)
        scans = store.catalogue.list_scans(stems)
        return tuple(
            make_page_row(
                row,
                PageFacts(
                    counts.get(row.stem, QuestionCounts()),
                    lost.get(row.stem, 0),
                    scans.get(row.stem),
                    self._describe_failure(row, language),
                    errors.get(row.stem, ExpectedErrors()),
                ),
            )
            for row in rows
        ), total

    def _describe_failure(self, row: ListedPage, language: TextLanguage) -> str:
        """Return in a language why a page could not be read; empty where it could."""
        if row.status != ScanStatus.FAILED.value:
            return ""
        scan = self._store.find_scan(row.key)
        return scan.describe_failure(language) if scan else ""

    def list_groups(
        self, which: QuestionFilter, sort: Sort = "value", offset: int = 0, limit: int = 200
    ) -> GroupList:
        """Return a stretch of the groups that fit a filter, and counts of all questions."""
        found = self._store.queue.list_groups(which, sort, offset, limit)
        counts = self._store.questions.count_states()
        first = self._store.questions.load_questions(row.first for row in found.rows)
        return GroupList(
            tuple(make_group(row, first.get(row.first)) for row in found.rows),
            found.patterns,
            FilterCounts(
                found.questions,
                counts.questions,
                counts.open,
                counts.decided,
                counts.spared,
                self._store.pages.count(),
            ),
        )

    def list_questions(
        self, which: QuestionFilter, sort: Sort = "value", offset: int = 0, limit: int = 200
    ) -> tuple[tuple[QuestionSummary, ...], int]:
        """Return a stretch of the questions that fit a filter, and how many there are."""
        rows, total = self._store.queue.list_stretch(which, sort, offset, limit)
        return tuple(map(make_question, rows)), total

    def show_question(self, number: int, language: str = "en") -> QuestionView:
        """Return one question with its surroundings, by its id. Raises UnknownError."""
        row = self._store.questions.load_questions([number]).get(number)
        if row is None or row.output != self._store.name:
            raise UnknownError("question-unknown")
        history = [
            make_history_entry(said, row.stem) for said in self._store.decisions.on_question(number)
        ]
        alike = self._store.questions.count_alike(row.pattern)
        return make_question_view(row, self._record(row.stem), alike, history, language)

    def record_answers(
        self, answers: Sequence[Answer], reviewer: str, key: str = ""
    ) -> tuple[Receipt, ...]:
        """Record answers as one batch, all of them or none.

        `key` (32 hexadecimal digits), here and below, is made by whoever asks: what comes again
        under the same key is acknowledged, and decides nothing a second time. Raises StaleError,
        UnknownError, RequestError.
        """
        follower = self._require_updater()
        receipts, rows = self._answers.record_answers(answers, reviewer, key)
        scans = {(row.anchor.sha256, row.anchor.frame) for row in rows}
        follower.schedule_pages(self._store.pages.list_showing(scans))
        return receipts

    def undo_decision(self, reviewer: str, uid: str = "", key: str = "") -> tuple[Receipt, ...]:
        """Take back a decision and the rest of its batch.

        Without uid it is the reviewer's latest decision in force. Raises UnknownError where there
        is none.
        """
        follower = self._require_updater()
        receipts, undone = self._answers.take_back(reviewer, uid, key)
        scans = {scan for decision in undone for scan in list_scans_of(decision)}
        pages = self._store.pages.list_showing(scans)
        if any(decision.act in LINKS for decision in undone):
            follower.schedule_relinking(pages)
        else:
            follower.schedule_pages(pages)
        return receipts

    def show_page(self, stem: str) -> PageView:
        """Return a page for showing beside its scan, decisions included. Raises UnknownError."""
        state, record = self._current(stem)
        return make_page_view(stem, record, self._page_facts(state, record))

    def list_lines(self) -> tuple[SuggestedLine, ...]:
        """Return the lines that are suggested for typing, the most helpful first.

        Raises InputError where their list is damaged.
        """
        return read_suggested_lines(self._place.output)

    def show_line(self, number: int) -> LineToType:
        """Return one of these lines as it is now, by its number from 0.

        Raises UnknownError where there is no such line, or its page has it no more.
        """
        lines = self.list_lines()
        if not 0 <= number < len(lines):
            raise UnknownError("line-gone")
        return show_line(lines[number], self._current(lines[number].stem)[1])

    def record_edit(self, edit: PageEdit, by: Signature) -> Receipt:
        """Record an edit by hand: of text, a join, a link, the order of articles, a sign-off.

        Returns:
            A receipt; where the edit is of an article, its `seen` is the hash of that as it is now.

        Raises:
            StaleError: What is edited has changed since the person saw it.
            UnknownError: There is no such page, article, region, join or place.
            RequestError: The edit changes nothing, is too long, or makes no sense.
        """
        return self._edit_recorder.record_edit(edit, by)

    def list_history(
        self, stem: str = "", reviewer: str = "", offset: int = 0, limit: int = 200
    ) -> tuple[tuple[HistoryEntry, ...], int]:
        """Return a stretch of the decisions, the latest first, and their total number.

        An empty `stem` or `reviewer` means any. Raises UnknownError where there is no such page.
        """
        page = self._page(stem) if stem else None
        return self._history.list_stretch(page, reviewer, offset, limit)

    def list_lost(self) -> tuple[HistoryEntry, ...]:
        """Return decisions in force that no page has a place for any more."""
        return self._history.list_lost()

    def list_rules(self) -> tuple[RuleStanding, ...]:
        """Return the trust of each detector, by its name."""
        return self._learning.list_rules(self._store.questions.count_by_rule())

    def pin_rule(self, rule: str, standing: str, reviewer: str) -> None:
        """Trust a detector, demote it or have it ask, whatever the figures say; empty: unpin.

        It concerns proposals that are new. Raises RequestError for another standing, and for a
        detector that does not exist; a pin of such a detector can be taken out all the same.
        """
        self._require_updater()
        if standing not in ("", *LEVELS):
            raise RequestError("standing-unknown", standing=standing, known=", ".join(LEVELS))
        if standing and rule not in self._learning.known():
            raise RequestError("detector-unknown")
        self._store.teaching.put_pin(PinRow(rule, standing, reviewer, format_now()))

    def list_suggestions(self) -> tuple[Suggestion, ...]:
        """Return dictionary entries that decisions suggest, then those already adopted."""
        return self._learning.list_suggestions()

    def adopt_suggestion(self, key: str, reviewer: str) -> None:
        """Make a suggestion an entry of the learned dictionaries. Raises UnknownError."""
        self._require_updater()
        self._learning.adopt_suggestion(key, reviewer)

    def dismiss_suggestion(self, key: str, reviewer: str) -> None:
        """Record that a suggestion is not wanted. Raises UnknownError."""
        self._require_updater()
        self._learning.dismiss_suggestion(key, reviewer)

    def search_issue(self, issue: ShelvedIssue, request: SearchRequest) -> dict[str, object]:
        """Return a page of annotations, by the IIIF Search API 2. Raises UsageError."""
        return self._issue_search.search_issue(issue, request)

    def locate_scan(self, key: str) -> tuple[Path, int]:
        """Return file and frame of a scan by the key that views carry. Raises UnknownError."""
        wanted = decode_scan_key(key)
        missing: list[str] = []
        for page in self._store.pages.list_showing([wanted] if wanted else []):
            path = self._place.resolve_key(page.key.path)
            if page.scan == wanted and path.is_file():
                return path, page.key.frame
            missing.append(page.key.path)
        if missing:
            raise MissingScanError("scan-moved", path=missing[0])
        raise UnknownError("scan-unknown")

    def _require_updater(self) -> OutputUpdater:
        """Return the output updater. Raises ReadOnlyError where nothing can be decided."""
        if self._follower is None:
            raise ReadOnlyError("read-only")
        return self._follower

    @property
    def _edit_recorder(self) -> EditRecorder:
        """Return the recorder of edits. Raises ReadOnlyError where nothing can be decided."""
        self._require_updater()
        assert self._edits is not None
        return self._edits

    def _write_due(self) -> None:
        """Write all pages on which decisions are due."""
        if self._follower:
            self._follower.flush_page()

    def _current(self, stem: str) -> tuple[PageState, PageRecord]:
        """Return a page and its record, written anew first where decisions on it are due.

        Raises UnknownError.
        """
        state = self._page(stem)
        if self._follower:
            if self._store.decisions.last_of(state.scan) != state.mark:
                self._follower.schedule_pages([state])
            self._follower.flush_page(state)
            state = self._page(stem)
        record = self._record(stem)
        if record is None:
            raise UnknownError("page-record-unknown")
        return state, record

    def _page(self, stem: str) -> PageState:
        """Return the state of a page, registered first where an older version read it."""
        state = self._store.pages.find_named(stem)
        if state is None and self._follower:
            self._follower.register_page(stem)
            state = self._store.pages.find_named(stem)
        if state is None:
            raise UnknownError("page-unknown")
        return state

    def _record(self, stem: str) -> PageRecord | None:
        """Return the record of a page; None where it is missing or cannot be read."""
        try:
            return self._records.load_record(self._place.output / f"{stem}.json")
        except InputError:
            return None

    def _page_facts(self, state: PageState, record: PageRecord) -> StoredPageFacts:
        """Return what the store knows of a page, and its neighbours by name."""
        store = self._store
        before, after = store.find_neighbours(state.stem)
        joins = self._continuations.list_joins(state, record)
        return StoredPageFacts(
            store.questions.of_stem(state.stem),
            store.pages.list_signed([state.stem]).get(state.stem, []),
            self._history.list_lost_on(state),
            before,
            after,
            joins,
            self._continuations.list_loose_ends(state, record, joins),
        )
