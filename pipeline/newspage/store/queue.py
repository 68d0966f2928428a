"""The queue of questions in stretches: filtered, sorted, and by pattern."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, and_, case, distinct, func, or_, select

from newspage.decision import PRECEDENT
from newspage.store.connection import Database, split_into_batches
from newspage.store.question_rows import DECIDED, QuestionRow, question_from_row
from newspage.store.questions import Q
from newspage.store.tables import QUESTIONS


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


class QueueFilter(Protocol):
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


_MEAN = func.avg(Q.confidence)

_GROUP_ORDERS: dict[str, Sequence[Any]] = {
    "value": (func.sum(Q.confidence).desc(),),
    "confidence": (_MEAN.desc(),),
    "rule": (func.min(Q.rule), func.count().desc()),
    "page": (func.min(Q.stem),),
    "count": (func.count().desc(),),
}
"""By value: many alike that are well supported come first."""

_QUESTION_ORDERS: dict[str, Sequence[Any]] = {
    "value": (
        func.sum(Q.confidence).over(partition_by=Q.pattern).desc(),
        Q.pattern,
        Q.confidence.desc(),
    ),
    "confidence": (Q.confidence.desc(),),
    "rule": (Q.rule, Q.pattern, Q.confidence.desc()),
    "page": (Q.stem,),
    "count": (
        func.count().over(partition_by=Q.pattern).desc(),
        Q.pattern,
        Q.confidence.desc(),
    ),
}


class QuestionQueue:
    """The table of questions as people go through it. Raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_groups(
        self, output: str, which: QueueFilter, sort: str, offset: int, limit: int
    ) -> tuple[list[GroupRow], int]:
        """A stretch of the patterns, and how many there are."""
        conditions = _conditions(output, which)
        grouped = (
            select(Q.pattern, func.count(), func.count(distinct(Q.stem)), _MEAN, func.min(Q.id))
            .where(*conditions)
            .group_by(Q.pattern)
            .order_by(*_GROUP_ORDERS[sort], Q.pattern)
        )
        number = select(func.count(distinct(Q.pattern))).where(*conditions)
        with self._database.reading() as connection:
            rows = connection.execute(grouped.offset(offset).limit(limit)).all()
            total = connection.execute(number).scalar_one()
            texts = _texts(connection, [row[4] for row in rows])
            decided = _decided(connection, output, [row.pattern for row in rows])
        return [
            GroupRow(
                pattern,
                *texts[first],
                count,
                pages,
                float(mean),
                first,
                *decided.get(pattern, (0, 0)),
            )
            for pattern, count, pages, mean, first in rows
        ], total

    def count(self, output: str, which: QueueFilter) -> int:
        """Return how many questions there are."""
        number = select(func.count()).select_from(QUESTIONS).where(*_conditions(output, which))
        with self._database.reading() as connection:
            return connection.execute(number).scalar_one()

    def list_stretch(
        self, output: str, which: QueueFilter, sort: str, offset: int, limit: int
    ) -> tuple[list[QuestionRow], int]:
        """A stretch of the questions, and how many there are."""
        conditions = _conditions(output, which)
        wanted = select(Q.id).where(*conditions).order_by(*_QUESTION_ORDERS[sort], Q.id)
        number = select(func.count()).select_from(QUESTIONS).where(*conditions)
        rows: dict[int, QuestionRow] = {}
        with self._database.reading() as connection:
            numbers = list(connection.execute(wanted.offset(offset).limit(limit)).scalars())
            total = connection.execute(number).scalar_one()
            for some in split_into_batches(numbers):
                found = connection.execute(select(QUESTIONS).where(Q.id.in_(some)))
                rows |= {row.id: question_from_row(row) for row in found}
        return [rows[n] for n in numbers if n in rows], total


def _texts(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[str, str, str]]:
    """Of some questions rule, original and proposal."""
    texts: dict[int, tuple[str, str, str]] = {}
    for some in split_into_batches(numbers):
        found = connection.execute(
            select(Q.id, Q.rule, Q.original, Q.proposed).where(Q.id.in_(some))
        )
        texts |= {row.id: (row.rule, row.original, row.proposed) for row in found}
    return texts


def _decided(
    connection: Connection, output: str, patterns: Sequence[str]
) -> dict[str, tuple[int, int]]:
    """Of some patterns how often people have accepted and rejected them."""
    decided: dict[str, tuple[int, int]] = {}
    accepted = func.sum(case((Q.status == "accepted", 1), else_=0))
    rejected = func.sum(case((Q.status == "rejected", 1), else_=0))
    for names in split_into_batches(patterns):
        rows = connection.execute(
            select(Q.pattern, accepted, rejected)
            .where(
                Q.output == output,
                Q.pattern.in_(names),
                Q.status.in_(DECIDED),
                Q.reviewer != PRECEDENT,
            )
            .group_by(Q.pattern)
        )
        decided |= {row[0]: (int(row[1]), int(row[2])) for row in rows}
    return decided


def _conditions(output: str, which: QueueFilter) -> list[ColumnElement[bool]]:
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
