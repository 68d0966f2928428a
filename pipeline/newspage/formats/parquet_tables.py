"""Write tables of any number of pages as Parquet: one file of articles, one of corrections.

Pages are taken one after the other, once; rows leave memory whenever a row group is full.
"""

import datetime
import io
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any, get_args, get_origin

from newspage.formats.document import PackageFile, PageDocument
from newspage.formats.table_rows import ARTICLES, CORRECTIONS, Row, TableSchema

if TYPE_CHECKING:
    import pyarrow

_GROUP_CHARACTERS = 4_000_000
"""Characters of text in a row group. Judgement: some 1,500 pages of 2,600 characters take 30 MB of
memory while they are collected, and readers are quick with groups of that size."""
_GROUP_ROWS = 50_000
"""Rows in a row group, of tables with little text."""
_PIECE = 1 << 20
"""Bytes that are handed on at once."""


def pack_tables(pages: Iterable[PageDocument]) -> Iterator[PackageFile]:
    """Yield the file of the articles of some pages, then that of their corrections."""
    with tempfile.TemporaryFile() as kept:
        corrections = _TableWriter(CORRECTIONS, kept)
        articles = _write_articles(pages, corrections)
        yield PackageFile(f"{ARTICLES.name}.parquet", articles)
        corrections.finish_table()
        kept.seek(0)
        yield PackageFile(f"{CORRECTIONS.name}.parquet", iter(lambda: kept.read(_PIECE), b""))


def _write_articles(pages: Iterable[PageDocument], corrections: "_TableWriter") -> Iterator[bytes]:
    """Yield the file of the articles in pieces, and write the corrections of each page aside."""
    sink = _PieceSink()
    articles = _TableWriter(ARTICLES, sink)
    for page in pages:
        articles.add_rows(ARTICLES.list_rows(page))
        corrections.add_rows(CORRECTIONS.list_rows(page))
        yield from sink.take_pieces()
    articles.finish_table()
    yield from sink.take_pieces()


class _PieceSink(io.RawIOBase):
    """A file that keeps what is written to it until it is taken away."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        return len(piece)

    def take_pieces(self) -> list[bytes]:
        """Return what was written since this was last asked for."""
        pieces, self._pieces = self._pieces, []
        return pieces


class _TableWriter:
    """Writer of a table, which collects rows until they fill a row group."""

    def __init__(self, table: TableSchema, sink: IO[bytes] | io.RawIOBase) -> None:
        import pyarrow
        from pyarrow import parquet

        fields = [(name, _arrow_type(kind)) for name, kind in table.columns.items()]
        self._schema = pyarrow.schema(fields)
        self._writer = parquet.ParquetWriter(sink, self._schema, compression="zstd")
        self._rows: list[Row] = []
        self._characters = 0

    def add_rows(self, rows: Iterable[Row]) -> None:
        """Add rows; those collected are written where they fill a row group."""
        for row in rows:
            self._rows.append(row)
            self._characters += sum(len(cell) for cell in row.values() if isinstance(cell, str))
            if len(self._rows) >= _GROUP_ROWS or self._characters >= _GROUP_CHARACTERS:
                self._write_group()

    def finish_table(self) -> None:
        """Write the rows that are left, and the end of the file."""
        if self._rows:
            self._write_group()
        self._writer.close()

    def _write_group(self) -> None:
        """Write the rows that were collected as one row group."""
        import pyarrow

        self._writer.write_table(pyarrow.Table.from_pylist(self._rows, schema=self._schema))
        self._rows, self._characters = [], 0


def _arrow_type(kind: Any) -> "pyarrow.DataType":
    """Return the type of a column in Arrow, from that in Python."""
    import pyarrow

    plain = {
        str: pyarrow.string(),
        int: pyarrow.int32(),
        float: pyarrow.float64(),
        float | None: pyarrow.float64(),
        bool: pyarrow.bool_(),
        datetime.date | None: pyarrow.date32(),
    }
    if kind in plain:
        return plain[kind]
    if get_origin(kind) is list:
        return pyarrow.list_(_arrow_type(get_args(kind)[0]))
    return pyarrow.struct([(name, _arrow_type(t)) for name, t in kind.__annotations__.items()])
