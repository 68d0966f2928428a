"""Render tables of a page as text: JSON lines and CSV."""

import csv
import io

import msgspec

from newspage.formats.document import PageDocument
from newspage.formats.table_rows import TableSchema
from newspage.spreadsheet_cells import disarm_cell


def render_jsonl(table: TableSchema, document: PageDocument) -> bytes:
    """Return one JSON object on a line for each row of a page; UTF-8."""
    encoder = msgspec.json.Encoder()
    return b"".join(encoder.encode(row) + b"\n" for row in table.list_rows(document))


def render_csv(table: TableSchema, document: PageDocument) -> bytes:
    """Return the rows of a page below a line of column names; UTF-8 with a BOM for Excel.

    A list is one cell, as JSON. A cell that a spreadsheet would take for a formula begins with an
    apostrophe.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(table.columns)
    for row in table.list_rows(document):
        writer.writerow([_write_cell(row[column]) for column in table.columns])
    return out.getvalue().encode("utf-8-sig")


def _write_cell(value: object) -> object:
    """Return a value as a cell that no spreadsheet takes for a formula."""
    if isinstance(value, list):
        return msgspec.json.encode(value).decode()
    return disarm_cell(value) if isinstance(value, str) else value
