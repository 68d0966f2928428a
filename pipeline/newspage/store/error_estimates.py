"""How many characters of the pages of an output folder are expected to be wrong."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, select

from newspage.expected_errors import ExpectedErrors, name_calibration
from newspage.store.connection import Database, split_into_batches
from newspage.store.pages import select_signed
from newspage.store.tables import INDEXED_PAGES, PAGES

NOTICEABLE = 1.0
"""Wrong characters that a page is expected to have at least, to be one that needs a person.
Judgement: with fewer it is as likely as not that there is nothing to find."""


@dataclass(frozen=True, slots=True)
class EstimatedPage:
    """A page, and how many of its characters are expected to be wrong."""

    stem: str
    errors: ExpectedErrors


class ErrorEstimates:
    """The expected errors of the pages of one output folder. Raises StoreError.

    They are counted from the records when pages are written or indexed, so that no list needs to
    open a record. Pages that were not yet counted by this version's calibration are left out.
    """

    def __init__(self, database: Database, output: str) -> None:
        self._database = database
        self._output = output

    def find_errors(self, stems: Collection[str]) -> dict[str, ExpectedErrors]:
        """Return the expected errors of some pages; those of which nothing is told are left out."""
        found: dict[str, ExpectedErrors] = {}
        with self._database.reading() as connection:
            for some in split_into_batches(stems):
                for row in connection.execute(self._select(PAGES.c.stem.in_(some))):
                    found[row.stem] = ExpectedErrors(row.characters, row.wrong)
        return found

    def list_worst(self, limit: int) -> list[EstimatedPage]:
        """Return the pages that need a person first: the largest share of wrong characters first.

        Pages that somebody has proofread are left out, and those with nearly nothing to find.
        """
        i = INDEXED_PAGES.c
        signed = select_signed(self._output).subquery()
        worst = (
            self._select(i.wrong >= NOTICEABLE, PAGES.c.stem.not_in(select(signed.c.stem)))
            .order_by((i.wrong / i.characters).desc(), PAGES.c.stem)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [
                EstimatedPage(row.stem, ExpectedErrors(row.characters, row.wrong))
                for row in connection.execute(worst)
            ]

    def _select(self, *conditions: ColumnElement[bool]) -> Select[tuple[str, int, float]]:
        """Return a query for name, characters and wrong ones of pages of which that is told."""
        i = INDEXED_PAGES.c
        same = and_(i.output == PAGES.c.output, i.path == PAGES.c.path, i.frame == PAGES.c.frame)
        return (
            select(PAGES.c.stem, i.characters, i.wrong)
            .select_from(PAGES)
            .join(INDEXED_PAGES, same)
            .where(
                PAGES.c.output == self._output,
                i.calibration == name_calibration(),
                i.characters > 0,
                *conditions,
            )
        )
