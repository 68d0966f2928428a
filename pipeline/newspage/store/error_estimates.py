"""How many characters of the pages of an output folder are expected to be wrong."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Table, and_, func, literal_column, select

from newspage.expected_errors import ExpectedErrors, name_calibration
from newspage.store.connection import Database, split_into_batches
from newspage.store.tables import INDEXED_PAGES, LISTED_PAGES, PAGES

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
        i, signed = INDEXED_PAGES.c, func.coalesce(LISTED_PAGES.c.signed, 0)
        worst = (
            self._select(i.wrong >= NOTICEABLE, signed == 0)
            # As the index has it: SQLAlchemy would write a division by a number that is no integer.
            .order_by(i.wrong.op("/")(i.characters).desc(), PAGES.c.stem)
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
        return (
            select(PAGES.c.stem, i.characters, i.wrong)
            .select_from(INDEXED_PAGES)
            .join(PAGES, _is_same_page(PAGES))
            # Pages that an older version read may be in no list yet.
            .outerjoin(LISTED_PAGES, _is_same_page(LISTED_PAGES))
            .where(
                i.output == self._output,
                i.calibration == name_calibration(),
                # Not as a parameter: the index is of these rows alone.
                i.characters > literal_column("0"),
                *conditions,
            )
        )


def _is_same_page(table: Table) -> ColumnElement[bool]:
    """Return the condition that a row is of the page that a row of the index is of."""
    i = INDEXED_PAGES.c
    return and_(table.c.output == i.output, table.c.path == i.path, table.c.frame == i.frame)
