"""The results of a search as CSV."""

import csv
import io
from collections.abc import Iterable, Iterator

from newspage.search.article_search import SearchHit
from newspage.spreadsheet_cells import disarm_cell

_COLUMNS = (
    "paper", "date", "page", "kind", "title", "before", "hit", "after", "hits", "scan",
    "article", "start", "end",
)  # fmt: skip
"""One row an article. `before`, `hit` and `after` are the first hit in its context; `scan` is the
name of the page and `article` the id on it; `start` and `end` are the hit's characters there."""
_AROUND = 30
"""Characters of context on either side."""


def render_results(hits: Iterable[SearchHit]) -> Iterator[bytes]:
    """Yield the results as CSV, line by line; UTF-8 with a BOM for Excel.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    yield "\ufeff".encode() + _write_row(_COLUMNS)
    for hit in hits:
        yield _write_row(_list_cells(hit))


def _list_cells(hit: SearchHit) -> Iterator[object]:
    """Yield the cells of an article that was found."""
    row = hit.row
    start, end = hit.spans[0] if hit.spans else (0, 0)
    yield from (row.paper, row.date, row.page, row.kind, row.title)
    pieces = ((max(0, start - _AROUND), start), (start, end), (end, end + _AROUND))
    yield from (row.text[a:b].replace("\n", " ") for a, b in pieces)
    yield from (len(hit.spans), row.stem, row.article, start, end)


def _write_row(cells: Iterable[object]) -> bytes:
    out = io.StringIO(newline="")
    safe = [disarm_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    csv.writer(out).writerow(safe)
    return out.getvalue().encode()
