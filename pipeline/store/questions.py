"""Every proposal that was ever asked about, with an id that stays while its place and change do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import msgspec
from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    case,
    distinct,
    func,
    insert,
    or_,
    select,
    update,
)

from pipeline.decision import PRECEDENT, Anchor, Decision
from pipeline.geometry import Box
from pipeline.store.connection import Database, batches, lock, next_number
from pipeline.store.decisions import append
from pipeline.store.tables import DECISIONS, QUESTIONS

_ENCODER = msgspec.json.Encoder()
_ANCHOR = msgspec.json.Decoder(Anchor)
_EVIDENCE = msgspec.json.Decoder(dict[str, float | str])
_BOX = msgspec.json.Decoder(Box | None)

Q = QUESTIONS.c
DECIDED = ("accepted", "rejected", "edited")


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A proposal, as it was last asked and as it stands."""

    id: int
    """0: not in the store yet."""
    output: str
    path: str
    frame: int
    stem: str
    paper: str
    correction: str
    """Its id in the page's record."""
    article: str
    """Title of the article."""
    rule: str
    original: str
    proposed: str
    pattern: str
    confidence: float
    evidence: Mapping[str, float | str]
    anchor: Anchor
    strip: Box | None
    """What to cut out of the scan to see it."""
    vertical: bool
    asked: bool
    """Whether the page, as last read, still proposes it."""
    applied: bool
    """Whether policy would apply it without a person."""
    held: bool
    """Whether it is only proposed all the same, since its detector is not trusted."""
    status: str
    text: str = ""
    reviewer: str = ""
    version: int = 0

    @property
    def undecided(self) -> str:
        """The status that it has without a decision."""
        return "applied" if self.applied and not self.held else "proposed"


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Questions of one pattern."""

    pattern: str
    rule: str
    original: str
    proposed: str
    count: int
    pages: int
    confidence: float
    first: int
    accepted: int = 0
    rejected: int = 0


class Wanted(Protocol):
    """Which questions; what is empty means all."""

    @property
    def rule(self) -> str: ...
    @property
    def stem(self) -> str: ...
    @property
    def paper(self) -> str: ...
    @property
    def pattern(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def least(self) -> float: ...
    @property
    def most(self) -> float: ...


class Questions:
    """The table of questions. Raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, numbers: Iterable[int]) -> dict[int, QuestionRow]:
        """Questions by id; unknown ones are left out."""
        found: dict[int, QuestionRow] = {}
        with self._database.reading() as connection:
            for some in batches(numbers):
                rows = connection.execute(select(QUESTIONS).where(Q.id.in_(some)))
                found |= {row.id: _row(row) for row in rows}
        return found

    def of_page(self, output: str, path: str, frame: int) -> list[QuestionRow]:
        """All that was ever asked of a page, by id."""
        return self._where(Q.output == output, Q.path == path, Q.frame == frame)

    def of_stem(self, output: str, stem: str) -> list[QuestionRow]:
        """What is asked of a page now, by id."""
        return self._where(Q.output == output, Q.stem == stem, Q.asked == 1)

    def register(
        self,
        new: Sequence[QuestionRow],
        known: Sequence[QuestionRow],
        said: Sequence[tuple[int, Decision]] = (),
    ) -> list[QuestionRow]:
        """Keep new questions with decisions on them (by their place in `new`); renew known ones.

        Of known ones what was decided is left as it stands. Returns the new ones with their ids.
        """
        with self._database.transaction() as connection:
            lock(connection, QUESTIONS)
            first = next_number(connection, Q.id)
            rows = [replace(row, id=first + i) for i, row in enumerate(new)]
            if rows:
                connection.execute(insert(QUESTIONS), [_columns(row) for row in rows])
            for row in known:
                values = {k: v for k, v in _columns(row).items() if k not in _DECIDED_COLUMNS}
                connection.execute(update(QUESTIONS).where(Q.id == row.id).values(**values))
            if said:
                lock(connection, DECISIONS)
                append(connection, [(decision, rows[i].id) for i, decision in said])
        return rows

    def groups(
        self, output: str, which: Wanted, sort: str, offset: int, limit: int
    ) -> tuple[list[GroupRow], int]:
        """A stretch of the patterns, and how many there are."""
        count, mean = func.count(), func.avg(Q.confidence)
        order: dict[str, Sequence[Any]] = {
            "value": (func.sum(Q.confidence).desc(),),
            "confidence": (mean.desc(),),
            "rule": (func.min(Q.rule), count.desc()),
            "page": (func.min(Q.stem),),
            "count": (count.desc(),),
        }
        grouped = (
            select(Q.pattern, count, func.count(distinct(Q.stem)), mean, func.min(Q.id))
            .where(*_conditions(output, which))
            .group_by(Q.pattern)
        )
        with self._database.reading() as connection:
            rows = connection.execute(
                grouped.order_by(*order[sort], Q.pattern).offset(offset).limit(limit)
            ).all()
            total = connection.execute(
                select(func.count(distinct(Q.pattern))).where(*_conditions(output, which))
            ).scalar_one()
            firsts = {row[4]: row for row in rows}
            texts: dict[int, Row[Any]] = {}
            for some in batches(firsts):
                found = connection.execute(
                    select(Q.id, Q.rule, Q.original, Q.proposed).where(Q.id.in_(some))
                )
                texts |= {row.id: row for row in found}
            decided: dict[str, tuple[int, int]] = {}
            for names in batches(row.pattern for row in rows):
                decided |= {
                    row[0]: (row[1] or 0, row[2] or 0)
                    for row in connection.execute(
                        select(
                            Q.pattern,
                            func.sum(case((Q.status == "accepted", 1), else_=0)),
                            func.sum(case((Q.status == "rejected", 1), else_=0)),
                        )
                        .where(
                            Q.output == output,
                            Q.pattern.in_(names),
                            Q.status.in_(DECIDED),
                            Q.reviewer != PRECEDENT,
                        )
                        .group_by(Q.pattern)
                    )
                }
        return [
            GroupRow(
                pattern,
                texts[first].rule,
                texts[first].original,
                texts[first].proposed,
                number,
                pages,
                float(confidence),
                first,
                *decided.get(pattern, (0, 0)),
            )
            for pattern, number, pages, confidence, first in rows
        ], total

    def stretch(
        self, output: str, which: Wanted, sort: str, offset: int, limit: int
    ) -> tuple[list[QuestionRow], int]:
        """A stretch of the questions, and how many there are."""
        alike = func.sum(Q.confidence).over(partition_by=Q.pattern).desc()
        number = func.count().over(partition_by=Q.pattern).desc()
        order: dict[str, Sequence[Any]] = {
            "value": (alike, Q.pattern, Q.confidence.desc()),
            "confidence": (Q.confidence.desc(),),
            "rule": (Q.rule, Q.pattern, Q.confidence.desc()),
            "page": (Q.stem,),
            "count": (number, Q.pattern, Q.confidence.desc()),
        }
        conditions = _conditions(output, which)
        with self._database.reading() as connection:
            numbers = list(
                connection.execute(
                    select(Q.id)
                    .where(*conditions)
                    .order_by(*order[sort], Q.id)
                    .offset(offset)
                    .limit(limit)
                ).scalars()
            )
            total = connection.execute(
                select(func.count()).select_from(QUESTIONS).where(*conditions)
            ).scalar_one()
        rows = self.get(numbers)
        return [rows[n] for n in numbers if n in rows], total

    def alike(self, output: str, pattern: str) -> int:
        """How many open questions have a pattern."""
        with self._database.reading() as connection:
            return connection.execute(
                select(func.count())
                .select_from(QUESTIONS)
                .where(
                    Q.output == output,
                    Q.pattern == pattern,
                    Q.asked == 1,
                    Q.status == "proposed",
                )
            ).scalar_one()

    def by_stem(self, output: str) -> dict[str, tuple[int, int, int]]:
        """Of each page how many questions there are, open and decided ones."""
        return {
            str(stem): (count, opened, decided)
            for stem, count, opened, decided, _ in self._counts(output, Q.stem)
        }

    def by_rule(self, output: str) -> dict[str, int]:
        """Of each rule how many questions are open."""
        return {str(rule): opened for rule, _, opened, _, _ in self._counts(output, Q.rule)}

    def totals(self, output: str) -> tuple[int, int, int, int]:
        """How many questions there are, open ones, decided ones, those decided by precedent."""
        rows = self._counts(output, Q.output)
        return rows[0][1:] if rows else (0, 0, 0, 0)

    def _counts(
        self, output: str, by: ColumnElement[str]
    ) -> Sequence[tuple[str, int, int, int, int]]:
        def number(condition: ColumnElement[bool]) -> ColumnElement[int]:
            return func.sum(case((condition, 1), else_=0))

        with self._database.reading() as connection:
            rows = connection.execute(
                select(
                    by,
                    func.count(),
                    number(Q.status == "proposed"),
                    number(Q.status.in_(DECIDED)),
                    number(and_(Q.status.in_(DECIDED), Q.reviewer == PRECEDENT)),
                )
                .where(Q.output == output, Q.asked == 1)
                .group_by(by)
            ).all()
        return [(key, *map(int, counts)) for key, *counts in rows]  # type: ignore[misc]

    def _where(self, *conditions: ColumnElement[bool]) -> list[QuestionRow]:
        with self._database.reading() as connection:
            rows = connection.execute(select(QUESTIONS).where(*conditions).order_by(Q.id)).all()
        return [_row(row) for row in rows]


_DECIDED_COLUMNS = ("id", "status", "text", "reviewer", "version")


def _conditions(output: str, which: Wanted) -> list[ColumnElement[bool]]:
    states: dict[str, ColumnElement[bool]] = {
        "open": Q.status == "proposed",
        "applied": Q.status == "applied",
        "decided": and_(Q.status.in_(DECIDED), Q.reviewer != PRECEDENT),
        "precedent": and_(Q.status.in_(DECIDED), Q.reviewer == PRECEDENT),
    }
    conditions = [Q.output == output, Q.asked == 1]
    if which.state in states:
        conditions.append(states[which.state])
    for column, value in (
        (Q.rule, which.rule),
        (Q.stem, which.stem),
        (Q.paper, which.paper),
        (Q.pattern, which.pattern),
    ):
        if value:
            conditions.append(column == value)
    if which.text:
        conditions.append(
            or_(
                Q.context.contains(which.text, autoescape=True),
                Q.proposed.contains(which.text, autoescape=True),
            )
        )
    if which.least > 0:
        conditions.append(Q.confidence >= which.least)
    if which.most < 1:
        conditions.append(Q.confidence <= which.most)
    return conditions


def _row(row: Row[Any]) -> QuestionRow:
    return QuestionRow(
        row.id,
        row.output,
        row.path,
        row.frame,
        row.stem,
        row.paper,
        row.correction,
        row.article,
        row.rule,
        row.original,
        row.proposed,
        row.pattern,
        row.confidence,
        _EVIDENCE.decode(row.evidence),
        _ANCHOR.decode(row.anchor),
        _BOX.decode(row.strip),
        bool(row.vertical),
        bool(row.asked),
        bool(row.applied),
        bool(row.held),
        row.status,
        row.text,
        row.reviewer,
        row.version,
    )


def _columns(row: QuestionRow) -> dict[str, object]:
    anchor = row.anchor
    return {
        "id": row.id,
        "output": row.output,
        "path": row.path,
        "frame": row.frame,
        "stem": row.stem,
        "paper": row.paper,
        "correction": row.correction,
        "article": row.article,
        "rule": row.rule,
        "original": row.original,
        "proposed": row.proposed,
        "pattern": row.pattern,
        "confidence": row.confidence,
        "evidence": _ENCODER.encode(dict(row.evidence)).decode(),
        "anchor": _ENCODER.encode(anchor).decode(),
        "context": anchor.before + anchor.text + anchor.after,
        "strip": _ENCODER.encode(row.strip).decode(),
        "vertical": int(row.vertical),
        "asked": int(row.asked),
        "applied": int(row.applied),
        "held": int(row.held),
        "status": row.status,
        "text": row.text,
        "reviewer": row.reviewer,
        "version": row.version,
    }
