"""Find pages by how the checksum of their scan begins."""

from sqlalchemy import ColumnElement, and_, select

from newspage.store.connection import Database
from newspage.store.decisions import ScanId
from newspage.store.tables import COPIES, PAGES


class ScanFinder:
    """The scans that the pages of an output folder show. Raises StoreError."""

    def __init__(self, database: Database, output: str) -> None:
        self._database = database
        self._output = output

    def find_scans(self, start: str, frame: int) -> list[tuple[ScanId, str]]:
        """Return scans whose checksum begins in some way, each with the name of a page showing it.

        A page that shows a copy of such a scan is named, too, behind those that show it itself.
        """
        shown = select(PAGES.c.sha256, PAGES.c.frame, PAGES.c.stem).where(
            _begins_with(PAGES.c.sha256, start),
            PAGES.c.frame == frame,
            PAGES.c.output == self._output,
        )
        copied = (
            select(COPIES.c.of_sha256, COPIES.c.of_frame, PAGES.c.stem)
            .join(PAGES, and_(PAGES.c.sha256 == COPIES.c.sha256, PAGES.c.frame == COPIES.c.frame))
            .where(
                _begins_with(COPIES.c.of_sha256, start),
                COPIES.c.of_frame == frame,
                PAGES.c.output == self._output,
            )
        )
        with self._database.reading() as connection:
            rows = [
                row for one in (shown, copied) for row in connection.execute(one.order_by("stem"))
            ]
        return [((sha256, number), stem) for sha256, number, stem in rows]


def _begins_with(column: ColumnElement[str], start: str) -> ColumnElement[bool]:
    """Tell whether a checksum begins with hexadecimal digits, so that an index answers it."""
    return and_(column >= start, column < start + "g")
