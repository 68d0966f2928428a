"""What people decided: written once, never changed, in the order in which it was said."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    update,
)

from newspage.decision import Act, Decision
from newspage.store.connection import Database, lock_table, split_into_batches, take_next_number
from newspage.store.soundness import find_flaw
from newspage.store.store_schema import StoreError
from newspage.store.tables import COPIES, DECISIONS, QUESTIONS

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Decision)

ScanId = tuple[str, int]
"""SHA-256 of a scan's file and number of the page in it."""


class ConflictError(Exception):
    """Somebody else was faster: what was to be changed is no longer what it was."""


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """What becomes of a question, if it still has the version that was seen."""

    question: int
    version: int
    status: str
    text: str
    reviewer: str


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """A decision as it stands in the store."""

    seq: int
    decision: Decision
    question: int | None
    undone: bool


def encode_decision(decision: Decision) -> bytes:
    """A decision as one line of JSON, without the line's end."""
    return _ENCODER.encode(decision)


def decode_decision(line: str | bytes) -> Decision:
    """The decision in a line of JSON. Raises ValueError, which says where it is wrong."""
    return _DECODER.decode(line)


class DecisionTable:
    """The table of decisions. Raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: tuple[int, str] | None = None
        """Number and name of the last decision that was kept from here."""

    def append_decisions(
        self,
        said: Sequence[tuple[Decision, int | None]],
        changes: Sequence[QuestionChange] = (),
        last: tuple[ScanId, int] | None = None,
    ) -> int:
        """Keep decisions, each with its question, and change questions: all or nothing.

        Returns the number of the last one. Raises ConflictError where a question has another
        version by now, or where a decision on the scan in `last` is later than the one named there;
        StoreError for a decision that could not be given to another store.
        """
        _check(decision for decision, _ in said)
        with self._database.transaction() as connection:
            lock_table(connection, DECISIONS)
            self._check_kept()
            if last is not None and _last(connection, last[0]) != last[1]:
                raise ConflictError
            seq = append_decisions(connection, said)
            for change in changes:
                _swap(connection, change)
        if said:
            self._kept = seq, said[-1][0].uid
        return seq

    def _check_kept(self) -> None:
        """Raise StoreGoneError where somebody wrote an earlier store over the file meanwhile."""
        if self._kept is None or not self._database.was_touched():
            return
        seq, uid = self._kept
        with self._database.reading_anew() as connection:
            found = connection.execute(select(DECISIONS.c.uid).where(DECISIONS.c.seq == seq))
            if found.scalar() != uid:
                self._database.give_up()

    def import_decisions(self, decisions: Iterable[Decision]) -> int:
        """Keep decisions of another store, known ones left out; how many were new."""
        decisions = list(decisions)
        _check(decisions)
        with self._database.transaction() as connection:
            lock_table(connection, DECISIONS)
            fresh: dict[str, Decision] = {}
            for some in split_into_batches(decisions):
                found = {d.uid: d for d in some}
                known = connection.execute(
                    select(DECISIONS.c.uid).where(DECISIONS.c.uid.in_(found))
                ).scalars()
                for uid in known:
                    del found[uid]
                fresh |= found
            append_decisions(connection, [(decision, None) for decision in fresh.values()])
        return len(fresh)

    def list_all(self) -> Iterator[Decision]:
        """All decisions, the earliest first."""
        with self._database.reading() as connection:
            payloads = connection.execute(select(DECISIONS.c.payload).order_by(DECISIONS.c.seq))
            yield from map(decode_stored, payloads.scalars())

    def list_from(self, number: int) -> list[tuple[int, Decision]]:
        """Return decisions with their numbers, in order: that of a number, and all later ones."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(DECISIONS.c.seq, DECISIONS.c.payload)
                .where(DECISIONS.c.seq >= number)
                .order_by(DECISIONS.c.seq)
            )
            return [(int(seq), decode_stored(payload)) for seq, payload in rows]

    def of_scans(self, scans: Iterable[ScanId]) -> tuple[list[Decision], int]:
        """The decisions on some scans, in order, and the number of the last of them (or 0)."""
        wanted = [_on(scan) for scan in scans]
        with self._database.reading() as connection:
            rows = connection.execute(
                select(DECISIONS.c.seq, DECISIONS.c.payload)
                .where(or_(false(), *wanted))
                .order_by(DECISIONS.c.seq)
            ).all()
        return [decode_stored(payload) for _, payload in rows], rows[-1].seq if rows else 0

    def on_two_places(self) -> list[Decision]:
        """The decisions that have a target as well, and what takes such back, in order."""
        with self._database.reading() as connection:
            found = connection.execute(
                select(DECISIONS.c.payload)
                .where(DECISIONS.c.target_sha256 > "")
                .order_by(DECISIONS.c.seq)
            )
            return [decode_stored(payload) for payload in found.scalars()]

    def links_since(self, scans: Iterable[ScanId], seq: int) -> bool:
        """Tell whether decisions with a target were made on some scans after number `seq`."""
        wanted = [_on(scan) for scan in scans]
        with self._database.reading() as connection:
            found = connection.execute(
                select(DECISIONS.c.seq)
                .where(DECISIONS.c.seq > seq, DECISIONS.c.target_sha256 != "", or_(*wanted))
                .limit(1)
            ).scalar()
        return found is not None

    def last_of(self, scan: ScanId) -> int:
        """The number of the last decision on a scan (or on what it is a copy of); 0 for none."""
        with self._database.reading() as connection:
            return _last(connection, scan)

    def list_batch(self, uid: str) -> list[StoredDecision]:
        """A decision that stands, and all that stand of its batch; empty where there is none."""
        with self._database.reading() as connection:
            found = connection.execute(
                select(DECISIONS.c.batch).where(DECISIONS.c.uid == uid)
            ).one_or_none()
            if found is None:
                return []
            same = DECISIONS.c.batch == found.batch if found.batch else DECISIONS.c.uid == uid
            rows = connection.execute(
                _said().where(same, is_in_force()).order_by(DECISIONS.c.seq)
            ).all()
        return [_of(row) for row in rows]

    def sent_as(self, key: str) -> list[StoredDecision]:
        """Return what was decided under the key of a request, in order; empty where nothing was."""
        with self._database.reading() as connection:
            rows = connection.execute(
                _said()
                .where(or_(DECISIONS.c.uid == key, DECISIONS.c.batch == key))
                .order_by(DECISIONS.c.seq)
            ).all()
        return [_of(row) for row in rows]

    def find_latest(self, reviewer: str) -> str:
        """The uid of a person's latest decision that stands; empty where there is none."""
        with self._database.reading() as connection:
            found = connection.execute(
                select(DECISIONS.c.uid)
                .where(DECISIONS.c.reviewer == reviewer, is_in_force())
                .order_by(DECISIONS.c.seq.desc())
                .limit(1)
            ).scalar()
        return found or ""

    def on_question(self, question: int) -> list[StoredDecision]:
        """Everything said on a question, the latest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                _said().where(DECISIONS.c.question == question).order_by(DECISIONS.c.seq.desc())
            ).all()
        return [_of(row) for row in rows]

    def list_history(
        self, scans: Sequence[ScanId] | None, reviewer: str, offset: int, limit: int
    ) -> tuple[list[StoredDecision], int]:
        """A stretch of what was said, the latest first, and how much there is in all.

        `scans` None: on all of them; `reviewer` empty: by anybody.
        """
        conditions: list[ColumnElement[bool]] = []
        if scans is not None:
            conditions.append(or_(false(), *(_on(scan) for scan in scans)))
        if reviewer:
            conditions.append(DECISIONS.c.reviewer == reviewer)
        with self._database.reading() as connection:
            rows = connection.execute(
                _said()
                .where(*conditions)
                .order_by(DECISIONS.c.seq.desc())
                .offset(offset)
                .limit(limit)
            ).all()
            count = connection.execute(
                select(func.count()).select_from(DECISIONS).where(*conditions)
            ).scalar_one()
        return [_of(row) for row in rows], count


def _check(decisions: Iterable[Decision]) -> None:
    for decision in decisions:
        if flaw := find_flaw(decision):
            raise StoreError("decision-unfit", uid=decision.uid, flaw=flaw)


def append_decisions(connection: Connection, said: Sequence[tuple[Decision, int | None]]) -> int:
    """Put decisions after all others; the number of the last one. The table must be locked."""
    seq = take_next_number(connection, DECISIONS.c.seq)
    rows = [decision_to_columns(seq + i, *one) for i, one in enumerate(said)]
    if rows:
        connection.execute(insert(DECISIONS), rows)
    return seq + len(rows) - 1


def _swap(connection: Connection, change: QuestionChange) -> None:
    done = connection.execute(
        update(QUESTIONS)
        .where(QUESTIONS.c.id == change.question, QUESTIONS.c.version == change.version)
        .values(
            status=change.status,
            text=change.text,
            reviewer=change.reviewer,
            version=QUESTIONS.c.version + 1,
        )
    )
    if done.rowcount != 1:
        raise ConflictError


def _last(connection: Connection, scan: ScanId) -> int:
    copied = select(COPIES.c.of_sha256, COPIES.c.of_frame).where(
        COPIES.c.sha256 == scan[0], COPIES.c.frame == scan[1]
    )
    scans = [scan, *((row.of_sha256, row.of_frame) for row in connection.execute(copied))]
    found = connection.execute(
        select(func.max(DECISIONS.c.seq)).where(or_(*(_on(s) for s in scans)))
    ).scalar()
    return int(found or 0)


def list_scans_of(decision: Decision) -> tuple[ScanId, ...]:
    """The scan that a decision is on; both, where it is on two."""
    anchors = (decision.anchor, decision.target)
    return tuple(dict.fromkeys((a.sha256, a.frame) for a in anchors if a is not None))


def _on(scan: ScanId) -> ColumnElement[bool]:
    """Tell whether a decision is on a scan, with its place or with its target."""
    sha256, frame = scan
    return or_(
        and_(DECISIONS.c.sha256 == sha256, DECISIONS.c.frame == frame),
        and_(DECISIONS.c.target_sha256 == sha256, DECISIONS.c.target_frame == frame),
    )


def _undone() -> ColumnElement[bool]:
    later = DECISIONS.alias("later")
    return exists().where(later.c.act == Act.UNDO.value, later.c.undoes == DECISIONS.c.uid)


def is_in_force() -> ColumnElement[bool]:
    """Tell whether a decision stands: it takes nothing back, and was not taken back itself."""
    return and_(DECISIONS.c.act != Act.UNDO.value, ~_undone())


def _said() -> Select[Any]:
    return select(
        DECISIONS.c.seq, DECISIONS.c.payload, DECISIONS.c.question, _undone().label("undone")
    )


def _of(row: Row[Any]) -> StoredDecision:
    return StoredDecision(row.seq, decode_stored(row.payload), row.question, bool(row.undone))


def decode_stored(payload: str) -> Decision:
    """Return a decision as it lies in the store. Raises StoreError where it is damaged."""
    try:
        return decode_decision(payload)
    except ValueError as error:
        raise StoreError("stored-decision-damaged") from error


def decision_to_columns(seq: int, decision: Decision, question: int | None) -> dict[str, object]:
    """Return the row of the table that holds a decision, with its number and its question."""
    return {
        "seq": seq,
        "uid": decision.uid,
        "at": decision.at,
        "reviewer": decision.reviewer,
        "act": decision.act.value,
        "sha256": decision.anchor.sha256,
        "frame": decision.anchor.frame,
        "file": decision.file,
        "rule": decision.rule,
        "question": question,
        "undoes": decision.undoes,
        "batch": decision.batch,
        "payload": encode_decision(decision).decode(),
        "target_sha256": decision.target.sha256 if decision.target else "",
        "target_frame": decision.target.frame if decision.target else 0,
    }
