"""Recording of answers to questions, and of decisions that take others back."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from newspage.decision import LONGEST_TEXT, Act, Decision, clean_typed_text, is_own_name
from newspage.review.service.request_errors import (
    NothingProposedError,
    RequestError,
    StaleError,
    UnknownError,
)
from newspage.review.service.view_rows import hash_question_text
from newspage.review.service.views import Answer, Receipt
from newspage.store import ConflictError, OutputStore, QuestionChange, QuestionRow, StoredDecision

_STATUS = {Act.ACCEPT: "accepted", Act.REJECT: "rejected", Act.EDIT: "edited"}
_TRIES = 4
"""Attempts at an undo while others change the same questions. Judgement, not measured."""


def format_now() -> str:
    """Return the present moment as decisions carry it: ISO 8601, UTC, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def make_uid() -> str:
    """Return an identifier that no other store has: 32 hexadecimal digits."""
    return uuid.uuid4().hex


def accept_typed_text(text: str) -> str:
    """Return a typed text as a decision keeps it. Raises RequestError where it is too long."""
    return check_text_length(clean_typed_text(text))


def check_text_length(text: str) -> str:
    """Return the text, if one decision can hold it. Raises RequestError where it is too long."""
    if len(text) > LONGEST_TEXT:
        raise RequestError("text-too-long")
    return text


def check_reviewer_name(reviewer: str) -> str:
    """Return the name, if a person may decide under it. Raises RequestError for newspage's own."""
    if is_own_name(reviewer):
        raise RequestError("name-reserved")
    return reviewer


class AnswerRecorder:
    """Puts answers into the store, each only if the person saw the text that is there now."""

    def __init__(self, store: OutputStore) -> None:
        self._store = store

    def record_answers(
        self, answers: Sequence[Answer], reviewer: str, key: str = ""
    ) -> tuple[tuple[Receipt, ...], list[QuestionRow]]:
        """Record answers, all of them or none.

        Answers that come a second time under the same key are acknowledged, not recorded again.

        Args:
            answers: At most one to each question.
            reviewer: Name of the person who decides.
            key: Identifier of the request, 32 hexadecimal digits; empty: none.

        Returns:
            A receipt for each answer, and the questions as they were before.

        Raises:
            StaleError: A question has changed since the person saw it.
            UnknownError: There is no such question here.
            NothingProposedError: The question that is accepted proposes nothing.
            RequestError: A text is too long, or the name is newspage's own.
        """
        rows = self._store.questions.load_questions({answer.question for answer in answers})
        if key and (known := self._store.decisions.sent_as(key)):
            return self._receipts_again(known), list(rows.values())
        uids = uids_for(key, len(answers))
        batch = uids[0] if len(answers) > 1 else ""
        said: list[tuple[Decision, int | None]] = []
        changes: list[QuestionChange] = []
        receipts: list[Receipt] = []
        for answer, uid in zip(answers, uids, strict=True):
            row = rows.get(answer.question)
            if row is None or row.output != self._store.name or not row.asked:
                raise UnknownError("question-unknown")
            if hash_question_text(row) != answer.seen:
                raise StaleError("changed-meanwhile")
            if answer.act == "accept" and not row.proposes:
                raise NothingProposedError("nothing-proposed")
            decision = _decision(answer, row, reviewer, uid, batch)
            after = replace(
                row,
                status=_STATUS[decision.act],
                text=decision.text,
                reviewer=reviewer,
                version=row.version + 1,
            )
            said.append((decision, row.id))
            changes.append(QuestionChange(row.id, row.version, after.status, after.text, reviewer))
            receipts.append(Receipt(decision.uid, row.id, after.status, hash_question_text(after)))
        try:
            self._store.decisions.append_decisions(said, changes)
        except ConflictError:
            raise StaleError("changed-meanwhile") from None
        return tuple(receipts), list(rows.values())

    def take_back(
        self, reviewer: str, uid: str, key: str = ""
    ) -> tuple[tuple[Receipt, ...], list[Decision]]:
        """Undo a decision and the rest of its batch.

        A request that comes again under the same key is acknowledged and takes nothing more back.

        Args:
            reviewer: Name of the person who takes back.
            uid: The decision; empty: the reviewer's latest that is in force.
            key: Identifier of the request, 32 hexadecimal digits; empty: none.

        Returns:
            The receipts, and the decisions that were undone.

        Raises:
            UnknownError: No such decision is in force.
            StaleError: Others kept changing the same questions.
        """
        if key and (known := self._store.decisions.sent_as(key)):
            return self._receipts_again(known), [one.decision for one in known]
        for _ in range(_TRIES):
            wanted = uid or self._store.decisions.find_latest(reviewer)
            undone = self._store.decisions.list_batch(wanted) if wanted else []
            if not undone:
                raise UnknownError("decision-unknown")
            try:
                return self._undo(undone, reviewer, key), [one.decision for one in undone]
            except ConflictError:
                continue
        raise StaleError("changed-meanwhile")

    def _receipts_again(self, known: Sequence[StoredDecision]) -> tuple[Receipt, ...]:
        """Return receipts of decisions that are in the store, as their questions are now."""
        rows = self._store.questions.load_questions({one.question for one in known if one.question})
        return tuple(_receipt(one.decision, rows.get(one.question or 0)) for one in known)

    def _undo(
        self, undone: Sequence[StoredDecision], reviewer: str, key: str
    ) -> tuple[Receipt, ...]:
        """Record an undo for each decision. Raises ConflictError where others were faster."""
        uids = uids_for(key, len(undone))
        batch = uids[0] if len(undone) > 1 else ""
        numbers = {one.question for one in undone if one.question is not None}
        rows = self._store.questions.load_questions(numbers)
        gone = {one.decision.uid for one in undone}
        after = {number: self._without(row, gone) for number, row in rows.items()}
        said: list[tuple[Decision, int | None]] = [
            (_undoing(one.decision, reviewer, uid, batch), one.question)
            for one, uid in zip(undone, uids, strict=True)
        ]
        changes = [
            QuestionChange(n, rows[n].version, row.status, row.text, row.reviewer)
            for n, row in after.items()
        ]
        self._store.decisions.append_decisions(said, changes)
        return tuple(_receipt(decision, after.get(number or 0)) for decision, number in said)

    def _without(self, row: QuestionRow, gone: set[str]) -> QuestionRow:
        """Return a question as it is once some decisions (by uid) are taken back."""
        for said in self._store.decisions.on_question(row.id):
            decision = said.decision
            if decision.act in _STATUS and not said.undone and decision.uid not in gone:
                return replace(
                    row,
                    status=_STATUS[decision.act],
                    text=decision.text,
                    reviewer=decision.reviewer,
                    version=row.version + 1,
                )
        return replace(row, status=row.undecided, text="", reviewer="", version=row.version + 1)


def uids_for(key: str, count: int) -> list[str]:
    """Return identifiers for decisions made together; the key of their request is the first."""
    return [key or make_uid(), *(make_uid() for _ in range(count - 1))][:count]


def _decision(answer: Answer, row: QuestionRow, reviewer: str, uid: str, batch: str) -> Decision:
    """Return the decision that an answer to a question is."""
    act = Act(answer.act)
    return Decision(
        uid=uid,
        at=format_now(),
        reviewer=check_reviewer_name(reviewer),
        act=act,
        anchor=row.anchor,
        file=row.path,
        rule=row.rule,
        proposed=row.proposed,
        text=accept_typed_text(answer.text) if act is Act.EDIT else "",
        seen=answer.seen,
        batch=batch,
    )


def _undoing(decision: Decision, reviewer: str, uid: str, batch: str) -> Decision:
    """Return the decision that takes another one back."""
    return replace(
        decision,
        uid=uid,
        at=format_now(),
        reviewer=check_reviewer_name(reviewer),
        act=Act.UNDO,
        undoes=decision.uid,
        batch=batch,
        seen="",
        reason="",
    )


def _receipt(decision: Decision, row: QuestionRow | None) -> Receipt:
    """Return the receipt of a decision; one without a question (None) can only be an undo."""
    if row is None:
        return Receipt(decision.uid, None, "undone", "")
    return Receipt(decision.uid, row.id, row.status, hash_question_text(row))
