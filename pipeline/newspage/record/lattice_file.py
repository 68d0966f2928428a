"""The lattices of a page as a file (format "newspage-lattices/1"), and back.

An xz stream of one line of JSON (`_Header`) and behind it arrays, little-endian, one after the
other: the boxes of the lines (float64, four each); of each lattice, those of lines first, then
those of lines that were read again, the number of its steps (uint32) and of the classes of each
step (uint16; 0: the line has none); all classes (uint16, uint32 for alphabets of more than 65,536);
all log-probabilities (float16). A file is believed only with the record that it was written with.
"""

import hashlib
import lzma
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from newspage.errors import InputError
from newspage.geometry import Box
from newspage.lattice import Lattice, PageLattices
from newspage.model import PageReading, TextLine
from newspage.record.provenance import pack_chars
from newspage.record.record_schema import FormatHeader

LATTICES_FORMAT = "newspage-lattices/1"
"""Format and version, the first key of the header."""
MOST_BYTES = 32_000_000
"""Bytes of a file; a larger one is refused unread. A page of 2,600 characters takes 0.14 MB."""
MOST_UNPACKED = 64_000_000
"""Bytes that a file may unpack to; the same page takes 0.4 MB."""
_MOST_MEMORY = 64 * 2**20
"""Bytes that unpacking may take besides; files written here take 9 MB."""
_MOST_NAMED = 4_000_000
"""Bytes of the header; an alphabet of 18,710 characters takes 0.1 MB."""
_MOST_STEPS = 100_000
"""Steps of one line; the longest line of the sample pages has 124."""
_GREATEST = 0.1
"""Greatest log-probability; rounding takes those of certain classes a little above 0."""


class LatticesError(InputError):
    """A file of lattices that is missing, damaged, or of another reading than the record."""


class _UnfitError(Exception):
    """Contents that no file of lattices can have; says what is wrong with them."""


class _Again(msgspec.Struct, frozen=True, array_like=True):
    """A line that was read again: its index in `lines`, and the classes that were asked for."""

    line: int
    classes: list[int]


@dataclass(frozen=True, slots=True)
class ReadingConditions:
    """What decided how a page was read, beside its scan; how it was corrected is no part of it."""

    stages: Mapping[str, Mapping[str, Any]]
    """The settings that count for what is read: by stage, then by name."""
    version: str
    """Of newspage."""
    engine: str
    """Everything about the engine that could change what it reads."""


class _Header(msgspec.Struct, frozen=True):
    """What the file is about, and the names of what its arrays hold."""

    format: str
    scan: str
    """The sha256 of the scan's file."""
    frame: int
    reading: str
    """The digest of the reading, as `digest_reading` makes it."""
    conditions: ReadingConditions
    characters: list[str]
    lines: list[str]
    again: list[_Again]


@dataclass(frozen=True, slots=True)
class KeptLattices:
    """The lattices of a page, and under what conditions it was read."""

    lattices: PageLattices
    conditions: ReadingConditions


def encode_lattices(reading: PageReading, conditions: ReadingConditions) -> bytes:
    """Encode the lattices of a page that was just read; the same page always gives the same bytes.

    Args:
        reading: The page; it must have lattices.
        conditions: Settings, version and engine that it was read with.
    """
    kept = reading.lattices
    if kept is None:
        raise ValueError("the lattices of this page were not kept")
    names = list(kept.boxes)
    places = {name: i for i, name in enumerate(names)}
    again = sorted(kept.again, key=lambda key: (places[key[0]], sorted(key[1])))
    header = _Header(
        LATTICES_FORMAT,
        reading.page.scan.sha256,
        reading.page.scan.frame,
        digest_reading(reading),
        conditions,
        list(kept.characters),
        names,
        [_Again(places[name], sorted(also)) for name, also in again],
    )
    found = [kept.lines.get(name) for name in names] + [kept.again[key] for key in again]
    boxes = [(b.left, b.top, b.right, b.bottom) for b in kept.boxes.values()]
    lattices = [lattice for lattice in found if lattice is not None]
    arrays = (
        np.array(boxes, "<f8"),
        np.array([len(x.classes) if x else 0 for x in found], "<u4"),
        np.array([x.classes.shape[1] if x else 0 for x in found], "<u2"),
        _chain([x.classes for x in lattices], _kind_of_classes(len(kept.characters))),
        _chain([x.log_probs for x in lattices], "<f2"),
    )
    payload = [msgspec.json.encode(header), b"\n", *(array.tobytes() for array in arrays)]
    return lzma.compress(b"".join(payload), preset=6)


def _kind_of_classes(alphabet: int) -> str:
    """Return the smallest type that holds the number of every class."""
    return "<u2" if alphabet <= 2**16 else "<u4"


def _chain(arrays: Sequence[NDArray[Any]], kind: str) -> NDArray[Any]:
    """Return all arrays flat, one after the other."""
    return np.concatenate([np.zeros(0, kind), *(a.astype(kind).ravel() for a in arrays)])


def digest_reading(reading: PageReading) -> str:
    """Return a digest of a page as read, equal before and after it lay in a record.

    It covers the scan, every line with its glyphs and their places, and the articles. What
    corrections and decisions made of the page is no part of it.
    """
    scan = reading.page.scan
    facts: list[object] = [scan.sha256, scan.frame]
    facts += [(line.id, line.direction.value, _glyph_facts(line)) for line in reading.page.lines]
    for article in reading.articles:
        texts = [pack_chars(c) for c in (*article.heads, *(p.chars for p in article.paragraphs))]
        facts.append((article.id, texts))
    return hashlib.sha256(msgspec.json.encode(facts)).hexdigest()


def _glyph_facts(line: TextLine) -> list[object]:
    """Return text and place of each glyph, rounded as the record rounds them."""
    boxes = ((g.text, g.box) for g in line.glyphs)
    return [
        (text, *(round(float(side), 1) for side in (b.left, b.top, b.right, b.bottom)))
        for text, b in boxes
    ]


def read_lattices(path: Path, reading: PageReading) -> KeptLattices:
    """Read the lattices of a page from a file. Raises LatticesError."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise LatticesError("lattices-too-large", path=path, most=MOST_BYTES // 1_000_000)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise LatticesError("lattices-missing", path=path) from error
    except OSError as error:
        reason = str(error.strerror)
        raise LatticesError("lattices-unreadable", path=path, reason=reason) from error
    return decode_lattices(data, reading, str(path))


def decode_lattices(data: bytes, reading: PageReading, name: str = "lattices") -> KeptLattices:
    """Decode the lattices of a page; nothing in them is believed unchecked.

    Args:
        data: What `encode_lattices` made.
        reading: The page as read, from its record.
        name: What messages call the data.

    Raises:
        LatticesError: They are damaged, of another version, or of another reading.
    """
    try:
        payload = _unpack(data)
        end = payload.find(b"\n", 0, _MOST_NAMED)
        if end < 0:
            raise _UnfitError("there is no line of JSON at its start")
        header = _parse_header(payload[:end], name)
        _require_same(header, reading, name)
        arrays = _ArrayReader(memoryview(payload)[end + 1 :])
        return KeptLattices(_parse_lattices(header, arrays), header.conditions)
    except (_UnfitError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise LatticesError("lattices-damaged", path=name, reason=str(error)) from error


def _unpack(data: bytes) -> bytes:
    """Return the contents of an xz stream, within limits of size and memory."""
    unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_MEMORY)
    try:
        payload = unpacker.decompress(data, max_length=MOST_UNPACKED + 1)
    except lzma.LZMAError as error:
        raise _UnfitError(str(error)) from error
    if len(payload) > MOST_UNPACKED:
        raise _UnfitError(f"it unpacks to more than {MOST_UNPACKED // 1_000_000} MB")
    if not unpacker.eof or unpacker.unused_data:
        raise _UnfitError("it is cut short, or something follows its end")
    return payload


def _parse_header(data: bytes, name: str) -> _Header:
    """Return the header of a file of lattices. Raises LatticesError for another version."""
    found = str(msgspec.json.decode(data, type=FormatHeader).format)
    family = LATTICES_FORMAT.partition("/")[0]
    if found.partition("/")[0] != family:
        raise _UnfitError(f"its format is {found!r}")
    if found != LATTICES_FORMAT:
        expected = LATTICES_FORMAT
        raise LatticesError("lattices-of-other-version", path=name, found=found, expected=expected)
    return msgspec.json.decode(data, type=_Header)


def _require_same(header: _Header, reading: PageReading, name: str) -> None:
    """Raise LatticesError where a file is about another scan, or another reading of it."""
    scan = reading.page.scan
    if (header.scan, header.frame) != (scan.sha256, scan.frame):
        raise LatticesError("lattices-of-other-scan", path=name)
    if header.reading != digest_reading(reading):
        raise LatticesError("lattices-of-other-reading", path=name)
    if sorted(header.lines) != sorted({line.id for line in reading.page.lines}):
        raise _UnfitError("its lines are not those of the record")


class _ArrayReader:
    """Takes arrays off the front of some bytes."""

    def __init__(self, data: memoryview) -> None:
        self._rest = data

    def take(self, kind: str, count: int) -> NDArray[Any]:
        """Return the next `count` values of a type. Raises _UnfitError where there are fewer."""
        size = count * np.dtype(kind).itemsize
        if size > len(self._rest):
            raise _UnfitError(f"{size:,} bytes are announced, {len(self._rest):,} are there")
        array = np.frombuffer(self._rest[:size], kind)
        self._rest = self._rest[size:]
        return array

    def finish(self) -> None:
        """Raise _UnfitError where something is left."""
        if len(self._rest):
            raise _UnfitError(f"{len(self._rest):,} bytes are left over")


def _parse_lattices(header: _Header, arrays: _ArrayReader) -> PageLattices:
    """Return the lattices in the arrays behind a header."""
    lines, again, alphabet = header.lines, header.again, len(header.characters)
    boxes = arrays.take("<f8", 4 * len(lines)).reshape(-1, 4)
    steps = arrays.take("<u4", len(lines) + len(again)).tolist()
    kept = arrays.take("<u2", len(lines) + len(again)).tolist()
    total = sum(s * k for s, k in zip(steps, kept, strict=True))
    classes = arrays.take(_kind_of_classes(alphabet), total)
    log_probs = arrays.take("<f2", total)
    arrays.finish()
    if any(s and not k for s, k in zip(steps, kept, strict=True)):
        raise _UnfitError("there are steps without classes")
    if max(steps, default=0) > _MOST_STEPS:
        raise _UnfitError("there is a line longer than any")
    if total and int(classes.max()) >= alphabet:
        raise _UnfitError("there is a class without a character")
    if not np.all(log_probs <= _GREATEST):
        raise _UnfitError("there is a probability that is none")
    for one in again:
        if not 0 <= one.line < len(lines) or not all(0 <= c < alphabet for c in one.classes):
            raise _UnfitError("there is a line or a class that was never there")
    found = list(_cut_lattices(steps, kept, classes, log_probs))
    own, others = found[: len(lines)], found[len(lines) :]
    return PageLattices(
        tuple(header.characters),
        {name: one for name, one in zip(lines, own, strict=True) if one is not None},
        {name: _make_box(sides) for name, sides in zip(lines, boxes.tolist(), strict=True)},
        {
            (lines[one.line], frozenset(one.classes)): lattice
            for one, lattice in zip(again, others, strict=True)
            if lattice is not None
        },
    )


def _cut_lattices(
    steps: Sequence[int],
    kept: Sequence[int],
    classes: NDArray[Any],
    log_probs: NDArray[np.float16],
) -> Iterator[Lattice | None]:
    """Yield the lattices that lie one after the other; None for a line without one.

    Where in its line a step looks is not kept: steps are taken to be spread evenly.
    """
    at = 0
    for count, width in zip(steps, kept, strict=True):
        end = at + count * width
        yield (
            Lattice(
                classes[at:end].reshape(count, width).astype(np.int32),
                log_probs[at:end].reshape(count, width).astype(np.float16),
                ((np.arange(count) + 0.5) / max(1, count)).astype(np.float32),
            )
            if width
            else None
        )
        at = end


def _make_box(sides: Sequence[float]) -> Box:
    """Return a box of its four sides. Raises _UnfitError where they are no sides of one."""
    left, top, right, bottom = sides
    if not np.all(np.isfinite(sides)) or left > right or top > bottom:
        raise _UnfitError("there is a line without a place")
    return Box(left, top, right, bottom)
