"""The structure of pages by hand: shown, changed, and where articles can go on elsewhere."""

from collections.abc import Callable

from newspage.decision import Decision
from newspage.decisions import DecisionState, merge_decisions
from newspage.model import PageRecord
from newspage.output import PageWriter
from newspage.review.service.answers import check_reviewer_name, format_now, make_uid
from newspage.review.service.continuations import ContinuationFinder
from newspage.review.service.output_updater import OutputUpdater
from newspage.review.service.page_edits import Signature
from newspage.review.service.request_errors import (
    ReadOnlyError,
    RequestError,
    StaleError,
    UnknownError,
)
from newspage.review.service.structure_edits import StructureEdit, anchor_structure_edit
from newspage.review.service.structure_view import (
    StructureView,
    hash_structure,
    make_structure_view,
)
from newspage.review.service.views import ContinuationChoice, Receipt
from newspage.store import ConflictError, OutputStore, PageState

_TRIES = 5
"""Attempts while others decide on the same page. Judgement, not measured."""

CurrentPage = Callable[[str], tuple[PageState, PageRecord]]
"""Returns state and record of a page by its stem, decisions included. Raises UnknownError."""


class StructureDesk:
    """Shows and changes the structure of pages. Raises StoreError."""

    def __init__(
        self,
        store: OutputStore,
        page: CurrentPage,
        continuations: ContinuationFinder,
        writing: tuple[PageWriter, OutputUpdater] | None,
    ) -> None:
        """Keep what the desk works with; without `writing` it is for looking only."""
        self._store = store
        self._page = page
        self._continuations = continuations
        self._writing = writing

    def show_structure(self, stem: str) -> StructureView:
        """Return the structure of a page, decisions included. Raises UnknownError."""
        return make_structure_view(self._page(stem)[1])

    def list_jump_choices(
        self, stem: str, article: str, leaving: bool
    ) -> tuple[ContinuationChoice, ...]:
        """Return the articles of the issue in which an article can go on, or come from.

        Raises UnknownError where there is no such page or article.
        """
        state, record = self._page(stem)
        found = next((a for a in record.articles if a.id == article), None)
        if found is None:
            raise UnknownError("article-unknown")
        return self._continuations.list_choices(state, record, found, leaving)

    def record_structure(self, edit: StructureEdit, by: Signature) -> Receipt:
        """Record an edit of a page's structure as a decision.

        Returns:
            A receipt; its `seen` is the hash of the structure as it is now.

        Raises:
            StaleError: the structure has changed since the person saw it.
            UnknownError: there is no such page or line.
            RequestError: the edit changes nothing, or cannot be made.
            ReadOnlyError: nothing can be decided here.
        """
        if self._writing is None:
            raise ReadOnlyError("read-only")
        writer, updater = self._writing
        if by.key and (known := self._store.decisions.sent_as(by.key)):
            return self._receipt(edit.stem, known[0].decision)
        for _ in range(_TRIES):
            state, record = self._page(edit.stem)
            decision = _make_decision(edit, state, record, by)
            _check_possible(record, writer.decisions_on(state)[0], decision)
            try:
                self._store.decisions.append_decisions(
                    [(decision, None)], last=(state.scan, state.mark)
                )
            except ConflictError:
                continue
            updater.schedule_pages(self._store.pages.list_showing([state.scan]))
            return self._receipt(edit.stem, decision)
        raise StaleError("changed-meanwhile")

    def _receipt(self, stem: str, decision: Decision) -> Receipt:
        """Return the receipt of a decision, with the hash of the structure as it is now."""
        record = self._page(stem)[1]
        return Receipt(decision.uid, None, decision.act.value, hash_structure(record))


def _make_decision(
    edit: StructureEdit, state: PageState, record: PageRecord, by: Signature
) -> Decision:
    """Return the decision that an edit is. Raises what forbids it."""
    change = anchor_structure_edit(edit, record)
    return Decision(
        uid=by.key or make_uid(),
        at=format_now(),
        reviewer=check_reviewer_name(by.reviewer),
        act=change.act,
        anchor=change.anchor,
        file=state.key.path,
        text=change.text,
        target=change.target,
        seen=edit.seen,
    )


def _check_possible(record: PageRecord, before: list[Decision], decision: Decision) -> None:
    """Raise RequestError where a decision cannot be carried out on a page, or changes nothing.

    `before` are the decisions that were made on the page so far.
    """
    merged = merge_decisions(record, [*before, decision])
    outcome = next(o for o in merged.outcomes if o.decision.uid == decision.uid)
    if outcome.state is DecisionState.LOST:
        raise RequestError("structure-unfit", reason=outcome.reason)
    if hash_structure(merged.record) == hash_structure(record):
        raise RequestError("change-empty")
