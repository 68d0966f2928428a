"""Write the objects of a PDF file one after the other, so that a large file is never in memory.

Libraries for PDF keep every stream until the file is saved; here each is passed on at once, and
only the places of the objects are kept for the table at the end.
"""

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from newspage.errors import OutputError

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
"""First lines of the file; bytes over 127 in the second one mark it as binary."""
_LONGEST_OFFSET = 10
"""Digits of the place of an object in the table at the end of the file."""
_REGULAR = re.compile(r"[A-Za-z0-9_.+-]")
"""Characters that stand in a PDF name as they are."""


@dataclass(frozen=True, slots=True)
class PdfName:
    """A name of PDF, like the key or the type of a dictionary."""

    text: str


@dataclass(frozen=True, slots=True)
class PdfReference:
    """A reference to an object of the file, by its number."""

    number: int


PdfValue: TypeAlias = (
    float | str | bytes | PdfName | PdfReference | Sequence["PdfValue"] | Mapping[str, "PdfValue"]
)
"""A value in a PDF file: a number, or truth as a bool; text; bytes; a list; a dictionary."""


class PdfFile:
    """The objects of a PDF file, in the order in which they are added.

    Bytes collect until `take_bytes` fetches them; whoever writes the file takes them after each
    page. The same objects always give the same bytes.
    """

    def __init__(self) -> None:
        self._offsets: dict[int, int] = {}
        self._reserved = 0
        self._written = 0
        self._digest = hashlib.sha256()
        self._waiting: list[bytes] = []
        self._put(_HEADER)

    def reserve_object(self) -> PdfReference:
        """Return a reference to an object that is added later."""
        self._reserved += 1
        return PdfReference(self._reserved)

    def add_object(self, value: PdfValue, reference: PdfReference | None = None) -> PdfReference:
        """Add an object, at a reserved reference where one is given, and return its reference."""
        reference = reference or self.reserve_object()
        self._begin(reference)
        self._put(write_value(value) + b"\nendobj\n")
        return reference

    def add_stream(
        self,
        data: bytes,
        entries: Mapping[str, PdfValue] | None = None,
        compressed: bool = True,
    ) -> PdfReference:
        """Add a stream that is in memory.

        Args:
            data: Its contents.
            entries: Of its dictionary, without length and filter.
            compressed: Whether to compress it with Flate.

        Returns:
            Its reference.
        """
        entries = dict(entries or {})
        if compressed:
            data = zlib.compress(data, 9)
            entries["Filter"] = PdfName("FlateDecode")
        reference = self.reserve_object()
        for piece in self._stream(reference, entries, [data], len(data)):
            self._waiting.append(piece)
        return reference

    def pour_stream(
        self,
        reference: PdfReference,
        entries: Mapping[str, PdfValue],
        pieces: Iterable[bytes],
        length: int,
    ) -> Iterator[bytes]:
        """Add a stream that is not in memory, and yield all bytes up to its end.

        Args:
            reference: Where it goes.
            entries: Of its dictionary, without length.
            pieces: Its contents, encoded as `entries` say.
            length: Of all pieces together, in bytes.

        Raises:
            OutputError: The pieces have another length: their file was changed meanwhile.
        """
        # What waits comes before it.
        yield from self.take_bytes()
        yield from self._stream(reference, entries, pieces, length)

    def take_bytes(self) -> Iterator[bytes]:
        """Yield what was added since it was last called."""
        waiting, self._waiting = self._waiting, []
        yield from waiting

    def finish_file(self, root: PdfReference, info: PdfReference) -> Iterator[bytes]:
        """Yield what is left of the file, with the table of its objects.

        The file is identified by the checksum of its objects. Raises OutputError where it is too
        large for the table, from 10 GB on.

        Args:
            root: The catalogue.
            info: The dictionary with title and producer.
        """
        start = self._written
        if len(str(start)) > _LONGEST_OFFSET:
            raise OutputError("pdf-too-large")
        identity = self._digest.digest()[:16]
        rows = [f"{self._offsets[n]:010} 00000 n \n" for n in range(1, self._reserved + 1)]
        table = f"xref\n0 {len(rows) + 1}\n0000000000 65535 f \n{''.join(rows)}trailer\n"
        trailer: Mapping[str, PdfValue] = {
            "Size": len(rows) + 1,
            "Root": root,
            "Info": info,
            "ID": [identity, identity],
        }
        end = f"\nstartxref\n{start}\n%%EOF\n"
        self._put(table.encode() + write_value(trailer) + end.encode())
        yield from self.take_bytes()

    def _stream(
        self,
        reference: PdfReference,
        entries: Mapping[str, PdfValue],
        pieces: Iterable[bytes],
        length: int,
    ) -> Iterator[bytes]:
        """Yield the object of a stream, piece by piece."""
        self._begin(reference)
        yield from self.take_bytes()
        yield self._counted(write_value({**entries, "Length": length}) + b"\nstream\n")
        start = self._written
        for piece in pieces:
            yield self._counted(piece)
        if self._written - start != length:
            raise OutputError("pdf-source-changed")
        yield self._counted(b"\nendstream\nendobj\n")

    def _begin(self, reference: PdfReference) -> None:
        """Note where an object begins, and write its number."""
        self._offsets[reference.number] = self._written
        self._put(f"{reference.number} 0 obj\n".encode())

    def _put(self, data: bytes) -> None:
        """Append bytes to those that wait."""
        self._waiting.append(self._counted(data))

    def _counted(self, data: bytes) -> bytes:
        """Count bytes of the file, enter them into its checksum, and return them."""
        self._written += len(data)
        self._digest.update(data)
        return data


def write_value(value: PdfValue) -> bytes:
    """Return a value in the notation of PDF."""
    if isinstance(value, bool):
        return b"true" if value else b"false"
    if isinstance(value, int | float):
        return write_number(value).encode()
    if isinstance(value, PdfName):
        return _write_name(value.text)
    if isinstance(value, PdfReference):
        return f"{value.number} 0 R".encode()
    if isinstance(value, str):
        return _write_text(value)
    if isinstance(value, bytes):
        return b"<" + value.hex().encode() + b">"
    if isinstance(value, Mapping):
        items = (_write_name(key) + b" " + write_value(item) for key, item in value.items())
        return b"<< " + b" ".join(items) + b" >>"
    return b"[" + b" ".join(write_value(item) for item in value) + b"]"


def write_number(value: float) -> str:
    """Return a number without exponent, to a millionth, and without needless zeros."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _write_name(text: str) -> bytes:
    """Return a name; what is not regular in it is written as a number."""
    coded = (c if _REGULAR.fullmatch(c) else "".join(f"#{b:02x}" for b in c.encode()) for c in text)
    return b"/" + "".join(coded).encode()


def _write_text(text: str) -> bytes:
    """Return a text string: plain where it is ASCII, else UTF-16 with its byte order mark."""
    if text.isascii() and text.isprintable():
        return b"(" + re.sub(r"([\\()])", r"\\\1", text).encode() + b")"
    return b"<feff" + text.encode("utf-16-be").hex().encode() + b">"
