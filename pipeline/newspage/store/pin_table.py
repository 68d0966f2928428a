"""What people said of detectors and of suggested dictionary entries."""

from dataclasses import dataclass

from sqlalchemy import delete, select

from newspage.store.connection import Database, upsert_rows
from newspage.store.tables import PINS, SUGGESTIONS


@dataclass(frozen=True, slots=True)
class PinRow:
    """How far a detector is to be trusted, whatever the figures say."""

    rule: str
    standing: str
    reviewer: str
    at: str


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """What became of a suggested entry."""

    name: str
    state: str
    """adopted | dismissed"""
    support: int
    """How much spoke for it then."""
    reviewer: str
    at: str


class TeachingTable:
    """The tables of pins and of suggestions answered. Raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_pins(self) -> dict[str, PinRow]:
        """The detectors that somebody pinned."""
        with self._database.reading() as connection:
            rows = connection.execute(select(PINS)).all()
        return {row.rule: PinRow(*row) for row in rows}

    def put_pin(self, row: PinRow) -> None:
        """Pin a detector; an empty standing takes the pin out."""
        with self._database.transaction() as connection:
            connection.execute(delete(PINS).where(PINS.c.rule == row.rule))
            if row.standing:
                values = {n: getattr(row, n) for n in PinRow.__dataclass_fields__}
                upsert_rows(connection, PINS, [values])

    def list_suggestions(self) -> dict[str, SuggestionRow]:
        """The suggestions that somebody answered, by key."""
        with self._database.reading() as connection:
            rows = connection.execute(select(SUGGESTIONS)).all()
        return {row.name: SuggestionRow(*row) for row in rows}

    def answer_suggestion(self, row: SuggestionRow) -> None:
        """Note what somebody said of a suggestion."""
        values = {n: getattr(row, n) for n in SuggestionRow.__dataclass_fields__}
        with self._database.transaction() as connection:
            upsert_rows(connection, SUGGESTIONS, [values])
