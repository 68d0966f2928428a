"""Every proposal that was ever asked about, with an id that stays while its place and change do."""

from collections.abc import Iterable, Sequence
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
    """The table of questions. Raises StoreError."""

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

    def of_page(self, output: str, path: str, frame: int) -> list[QuestionRow]:
        """All that was ever asked of a page, by id."""
        return self._where(Q.output == output, Q.path == path, Q.frame == frame)

    def of_stem(self, output: str, stem: str) -> list[QuestionRow]:
        """What is asked of a page now, by id."""
        return self._where(Q.output == output, Q.stem == stem, Q.asked == 1)

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

    def count_alike(self, output: str, pattern: str) -> int:
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
        counts = self.counts_by_stem(output).items()
        return {stem: (c.questions, c.open, c.decided) for stem, c in counts}

    def counts_by_stem(self, output: str) -> dict[str, QuestionCounts]:
        """How the questions of each page stand."""
        return dict(self._counts(output, Q.stem))

    def by_rule(self, output: str) -> dict[str, int]:
        """Of each rule how many questions are open."""
        return {rule: counts.open for rule, counts in self._counts(output, Q.rule)}

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

    def count_totals(self, output: str) -> tuple[int, int, int, int]:
        """How many questions there are, open ones, decided ones, those decided by precedent."""
        counts = self.count_states(output)
        return counts.questions, counts.open, counts.decided, counts.spared

    def count_states(self, output: str) -> QuestionCounts:
        """How all questions stand."""
        return next((counts for _, counts in self._counts(output, Q.output)), QuestionCounts())

    def _counts(self, output: str, by: ColumnElement[str]) -> list[tuple[str, QuestionCounts]]:
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
                    number(Q.status == "applied"),
                )
                .where(Q.output == output, Q.asked == 1)
                .group_by(by)
            ).all()
        return [(str(key), QuestionCounts(*map(int, counts))) for key, *counts in rows]

    def _where(self, *conditions: ColumnElement[bool]) -> list[QuestionRow]:
        with self._database.reading() as connection:
            rows = connection.execute(select(QUESTIONS).where(*conditions).order_by(Q.id)).all()
        return [question_from_row(row) for row in rows]
