"""Every proposal that was ever asked about, with an id that stays while its place and change do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, case, func, insert, select, update

from newspage.decision import PRECEDENT, Decision
from newspage.store.connection import Database, lock_table, split_into_batches, take_next_number
from newspage.store.decisions import append_decisions
from newspage.store.question_rows import (
    DECIDED,
    QuestionRow,
    question_from_row,
    question_to_columns,
)
from newspage.store.tables import DECISIONS, QUESTIONS

Q = QUESTIONS.c

_DECIDED_COLUMNS = ("id", "status", "text", "reviewer", "version")
"""What only decisions change."""

_LARGEST = 2**63 - 1
"""Number that databases take for a BIGINT."""


@dataclass(frozen=True, slots=True)
class QuestionCounts:
    """How some questions stand."""

    questions: int = 0
    open: int = 0
    decided: int = 0
    spared: int = 0
    """Of those decided, by precedent."""
    applied: int = 0
    """Made without a person, and not looked at."""

    def __add__(self, other: "QuestionCounts") -> "QuestionCounts":
        return QuestionCounts(
            self.questions + other.questions,
            self.open + other.open,
            self.decided + other.decided,
            self.spared + other.spared,
            self.applied + other.applied,
        )


class QuestionTable:
    """The questions of all output folders, known by their ids. Raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_questions(self, numbers: Iterable[int]) -> dict[int, QuestionRow]:
        """Questions by id; unknown ones, and what can be no id, are left out."""
        found: dict[int, QuestionRow] = {}
        numbers = (number for number in numbers if 0 < number <= _LARGEST)
        with self._database.reading() as connection:
            for some in split_into_batches(numbers):
                rows = connection.execute(select(QUESTIONS).where(Q.id.in_(some)))
                found |= {row.id: question_from_row(row) for row in rows}
        return found

    def register_questions(
        self,
        new: Sequence[QuestionRow],
        known: Sequence[QuestionRow],
        said: Sequence[tuple[int, Decision]] = (),
    ) -> list[QuestionRow]:
        """Keep new questions with decisions on them (by their place in `new`); renew known ones.

        Of known ones what was decided is left as it stands. Returns the new ones with their ids.
        """
        with self._database.transaction() as connection:
            lock_table(connection, QUESTIONS)
            first = take_next_number(connection, Q.id)
            rows = [replace(row, id=first + i) for i, row in enumerate(new)]
            if rows:
                connection.execute(insert(QUESTIONS), [question_to_columns(row) for row in rows])
            for row in known:
                values = {
                    k: v for k, v in question_to_columns(row).items() if k not in _DECIDED_COLUMNS
                }
                connection.execute(update(QUESTIONS).where(Q.id == row.id).values(**values))
            if said:
                lock_table(connection, DECISIONS)
                append_decisions(connection, [(decision, rows[i].id) for i, decision in said])
        return rows

    def accepted_confidences(self, but: str) -> dict[str, list[float]]:
        """Of each rule how sure the proposals were that people accepted, those of one left out."""
        found: dict[str, list[float]] = {}
        with self._database.reading() as connection:
            rows = connection.execute(
                select(Q.rule, Q.confidence).where(
                    Q.status == "accepted", Q.reviewer != but, Q.proposed != Q.original
                )
            )
            for rule, confidence in rows:
                found.setdefault(rule, []).append(float(confidence))
        return found


class OutputQuestions(QuestionTable):
    """The questions of one output folder; those of any by their ids. Raises StoreError."""

    def __init__(self, database: Database, output: str) -> None:
        super().__init__(database)
        self._output = output

    def of_page(self, path: str, frame: int) -> list[QuestionRow]:
        """All that was ever asked of a page, by id."""
        return self._where(Q.output == self._output, Q.path == path, Q.frame == frame)

    def of_stem(self, stem: str) -> list[QuestionRow]:
        """Return the questions that are asked of a page now, by id."""
        return self._where(Q.output == self._output, Q.stem == stem, Q.asked == 1)

    def count_alike(self, pattern: str) -> int:
        """Count the open questions of a pattern."""
        with self._database.reading() as connection:
            return connection.execute(
                select(func.count())
                .select_from(QUESTIONS)
                .where(
                    Q.output == self._output,
                    Q.pattern == pattern,
                    Q.asked == 1,
                    Q.status == "proposed",
                )
            ).scalar_one()

    def counts_by_stem(self, stems: Iterable[str]) -> dict[str, QuestionCounts]:
        """Return how the questions of some pages stand; pages without questions are left out."""
        counts: dict[str, QuestionCounts] = {}
        with self._database.reading() as connection:
            for some in split_into_batches(stems):
                rows = connection.execute(
                    select(
                        Q.stem,
                        func.count(),
                        _count_where(Q.status == "proposed"),
                        _count_where(Q.status.in_(DECIDED)),
                        _count_where(and_(Q.status.in_(DECIDED), Q.reviewer == PRECEDENT)),
                        _count_where(Q.status == "applied"),
                    )
                    .where(Q.output == self._output, Q.stem.in_(some), Q.asked == 1)
                    .group_by(Q.stem)
                )
                counts |= {stem: QuestionCounts(*map(int, n)) for stem, *n in rows}
        return counts

    def count_by_rule(self) -> dict[str, QuestionCounts]:
        """Return of each rule how its questions stand; rules that ask nothing are left out."""
        # First by pattern, as they lie in an index: the questions of a pattern are of one rule. To
        # sort them all by rule takes SQLite as long again.
        patterns = (
            select(
                func.min(Q.rule).label("rule"),
                Q.status,
                func.count().label("number"),
                _count_where(Q.reviewer == PRECEDENT).label("by_precedent"),
            )
            .where(Q.output == self._output, Q.asked == 1)
            .group_by(Q.status, Q.pattern)
            .subquery()
        )
        c = patterns.c
        by_rule = select(c.rule, c.status, func.sum(c.number), func.sum(c.by_precedent)).group_by(
            c.rule, c.status
        )
        with self._database.reading() as connection:
            rows = connection.execute(by_rule).all()
        counts: dict[str, QuestionCounts] = {}
        for rule, status, number, by_precedent in rows:
            spared = int(by_precedent) if status in DECIDED else 0
            found = _make_counts({status: int(number)}, spared)
            counts[rule] = counts.get(rule, QuestionCounts()) + found
        return counts

    def count_states(self) -> QuestionCounts:
        """Count the questions of the output folder by their state."""
        asked = (Q.output == self._output, Q.asked == 1)
        by_status = select(Q.status, func.count()).where(*asked).group_by(Q.status)
        spared = (
            select(func.count())
            .select_from(QUESTIONS)
            .where(*asked, Q.status.in_(DECIDED), Q.reviewer == PRECEDENT)
        )
        with self._database.reading() as connection:
            counts = {row[0]: int(row[1]) for row in connection.execute(by_status)}
            by_precedent = connection.execute(spared).scalar_one()
        return _make_counts(counts, by_precedent)

    def _where(self, *conditions: ColumnElement[bool]) -> list[QuestionRow]:
        with self._database.reading() as connection:
            rows = connection.execute(select(QUESTIONS).where(*conditions).order_by(Q.id)).all()
        return [question_from_row(row) for row in rows]


def _make_counts(by_status: Mapping[str, int], spared: int) -> QuestionCounts:
    """Return the counts of questions of which it is known how many have each status."""
    return QuestionCounts(
        sum(by_status.values()),
        by_status.get("proposed", 0),
        sum(by_status.get(status, 0) for status in DECIDED),
        spared,
        by_status.get("applied", 0),
    )


def _count_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
