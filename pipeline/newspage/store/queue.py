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


@dataclass(frozen=True, slots=True)
class GroupStretch:
    """Some of the patterns of the questions that fit a filter."""

    rows: list[GroupRow]
    patterns: int
    """Of all questions that fit."""
    questions: int
    """All that fit."""


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


@dataclass(frozen=True, slots=True)
class _Share:
    """The part of a pattern's questions that is in a stretch."""

    pattern: str
    offset: int
    """Questions of the pattern that come before the stretch."""
    count: int
    """All questions of the pattern."""


_MEAN = func.avg(Q.confidence)
_NUMBER: ColumnElement[int] = func.count()
_ALL_COUNTED: ColumnElement[int] = func.sum(func.count()).over()
"""Of questions by pattern: how many there are of all patterns."""

_BY_VALUE: Sequence[Any] = (func.sum(Q.confidence).desc(), Q.pattern)
"""Many alike that are well supported come first."""
_BY_COUNT: Sequence[Any] = (func.count().desc(), Q.pattern)

_GROUP_ORDERS: dict[str, Sequence[Any]] = {
    "value": _BY_VALUE,
    "confidence": (_MEAN.desc(), Q.pattern),
    "rule": (func.min(Q.rule), func.count().desc(), Q.pattern),
    "page": (func.min(Q.stem), Q.pattern),
    "count": _BY_COUNT,
}

_PATTERN_ORDERS: dict[str, Sequence[Any]] = {"value": _BY_VALUE, "count": _BY_COUNT}
"""Orders of questions in which all of a pattern stand together, by what they have together."""

_QUESTION_ORDERS: dict[str, Sequence[Any]] = {
    "confidence": (Q.confidence.desc(), Q.id),
    "rule": (Q.rule, Q.pattern, Q.confidence.desc(), Q.id),
    "page": (Q.stem, Q.id),
}


class QuestionQueue:
    """The questions of one output folder as people go through them. Raises StoreError."""

    def __init__(self, database: Database, output: str) -> None:
        self._database = database
        self._output = output

    def list_groups(self, which: QueueFilter, sort: str, offset: int, limit: int) -> GroupStretch:
        """Return a stretch of the patterns, and how many patterns and questions there are.

        Args:
            which: Of which questions.
            sort: value | confidence | rule | page | count.
            offset: Patterns before the stretch.
            limit: Patterns in the stretch at most.
        """
        conditions = _conditions(self._output, which)
        grouped = (
            select(
                Q.pattern,
                func.count(),
                func.count(distinct(Q.stem)),
                _MEAN,
                func.min(Q.id),
                func.count().over().label("patterns"),
                _ALL_COUNTED.label("questions"),
            )
            .where(*conditions)
            .group_by(Q.pattern)
            .order_by(*_GROUP_ORDERS[sort])
        )
        with self._database.reading() as connection:
            rows = connection.execute(grouped.offset(offset).limit(limit)).all()
            if not rows:
                patterns = _count(connection, conditions, func.count(distinct(Q.pattern)))
                return GroupStretch([], patterns, _count(connection, conditions))
            texts = _texts(connection, [row[4] for row in rows])
            decided = _decided(connection, self._output, [row.pattern for row in rows])
        groups = [
            GroupRow(
                pattern,
                *texts[first],
                count,
                pages,
                float(mean),
                first,
                *decided.get(pattern, (0, 0)),
            )
            for pattern, count, pages, mean, first, *_ in rows
        ]
        return GroupStretch(groups, rows[0].patterns, int(rows[0].questions))

    def list_stretch(
        self, which: QueueFilter, sort: str, offset: int, limit: int
    ) -> tuple[list[QuestionRow], int]:
        """Return a stretch of the questions, and how many questions there are.

        Args:
            which: Which questions.
            sort: value | confidence | rule | page | count.
            offset: Questions before the stretch.
            limit: Questions in the stretch at most.
        """
        conditions = _conditions(self._output, which)
        rows: dict[int, QuestionRow] = {}
        with self._database.reading() as connection:
            if sort in _PATTERN_ORDERS:
                order = _PATTERN_ORDERS[sort]
                shares, total = _find_shares(connection, conditions, order, offset, limit)
                numbers = _list_ids_of_shares(connection, conditions, shares, limit)
            else:
                wanted = select(Q.id).where(*conditions).order_by(*_QUESTION_ORDERS[sort])
                numbers = list(connection.execute(wanted.offset(offset).limit(limit)).scalars())
                total = _count(connection, conditions)
            for some in split_into_batches(numbers):
                found = connection.execute(select(QUESTIONS).where(Q.id.in_(some)))
                rows |= {row.id: question_from_row(row) for row in found}
        return [rows[n] for n in numbers if n in rows], total


def _count(
    connection: Connection,
    conditions: Sequence[ColumnElement[bool]],
    what: ColumnElement[int] = _NUMBER,
) -> int:
    """Return how many questions there are, or what is counted of them instead."""
    counted = select(what).select_from(QUESTIONS).where(*conditions)
    return connection.execute(counted).scalar_one()


def _find_shares(
    connection: Connection,
    conditions: Sequence[ColumnElement[bool]],
    order: Sequence[Any],
    offset: int,
    limit: int,
) -> tuple[list[_Share], int]:
    """Return the patterns, in order, that have questions in a stretch, and count all questions."""
    counted = (
        select(
            Q.pattern,
            func.count().label("count"),
            func.sum(func.count()).over(order_by=order, rows=(None, 0)).label("upto"),
            _ALL_COUNTED.label("questions"),
        )
        .where(*conditions)
        .group_by(Q.pattern)
        .subquery()
    )
    c = counted.c
    found = connection.execute(
        select(c.pattern, c.count, c.upto, c.questions)
        .where(c.upto > offset, c.upto - c.count < offset + limit)
        .order_by(c.upto)
    ).all()
    if not found:
        return [], _count(connection, conditions)
    shares = [
        _Share(pattern, max(0, offset - (int(upto) - count)), count)
        for pattern, count, upto, _ in found
    ]
    return shares, int(found[0].questions)


def _list_ids_of_shares(
    connection: Connection,
    conditions: Sequence[ColumnElement[bool]],
    shares: Sequence[_Share],
    limit: int,
) -> list[int]:
    """Return the ids of a stretch: pattern by pattern, in each the surest question first.

    Only of the first and the last pattern there can be more questions than the stretch holds: they
    are asked for alone, those between together.
    """
    order = (Q.confidence.desc(), Q.id)
    numbers: list[int] = []

    def take(share: _Share) -> None:
        wanted = select(Q.id).where(*conditions, Q.pattern == share.pattern).order_by(*order)
        left = limit - len(numbers)
        numbers.extend(connection.execute(wanted.offset(share.offset).limit(left)).scalars())

    if shares:
        take(shares[0])
    between: dict[str, list[int]] = {share.pattern: [] for share in shares[1:-1]}
    for names in split_into_batches(between):
        wanted = select(Q.pattern, Q.id).where(*conditions, Q.pattern.in_(names)).order_by(*order)
        for pattern, number in connection.execute(wanted):
            between[pattern].append(number)
    for some in between.values():
        numbers += some
    if len(shares) > 1:
        take(shares[-1])
    return numbers


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
                # Both there are: so the index finds the patterns.
                Q.asked.in_((0, 1)),
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
