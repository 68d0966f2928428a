"""Carry a JPEG 2000 file over into PDF as it is, within what the rules of PDF/A allow."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from newspage.formats.searchable_pdf.embedded_image import (
    ByteSource,
    EmbeddedImage,
    measure_source,
    open_source,
)

_CODESTREAM = b"\xff\x4f\xff\x51"
"""First bytes of a bare codestream: its start, then the sizes."""
_SIGNATURE = b"\0\0\0\x0cjP  \r\n\x87\n"
_FILE_TYPE = b"\0\0\0\x14ftypjp2 \0\0\0\0jp2 "
_GRAY, _RGB = 17, 16
"""Numbers of the colour spaces, gray and sRGB."""
_COLOURS = {_GRAY: (1, "DeviceGray"), _RGB: (3, "DeviceRGB")}
_MOST_BOXES = 64
"""Boxes that are looked at. Judgement: files have a handful; bounds the time of a hostile one."""
_HEADER_BYTES = 65_536
"""Bytes of the largest header that is looked at. Judgement: one without a profile has 45."""
_UNSUPPORTED = (b"pclr", b"cmap", b"cdef", b"bpcc")
"""Boxes of palettes, opacity and components of several depths."""


@dataclass(frozen=True, slots=True)
class _Codestream:
    """What the header of a codestream says."""

    width: int
    height: int
    depths: tuple[int, ...]
    """Bits of each component, less one; from 128 on with a sign."""


def carry_jpeg2000(source: ByteSource) -> EmbeddedImage | None:
    """Return a JPEG 2000 file as it is, a bare codestream with the header that PDF asks for.

    None where it has a palette, opacity, more than 8 bits, or colours other than gray and sRGB.
    Raises OSError.
    """
    with open_source(source) as file:
        found = _describe(file)
    if found is None:
        return None
    codestream, colours, prefix = found
    components, name = _COLOURS[colours]
    if codestream.depths != (7,) * components:
        return None
    ranges = ((0, measure_source(source)),)
    size = codestream.width, codestream.height
    return EmbeddedImage(*size, name, 8, "JPXDecode", source, ranges, prefix=prefix)


def _describe(file: BinaryIO) -> tuple[_Codestream, int, bytes] | None:
    """Return codestream, number of the colour space, and the header that the file lacks."""
    if file.read(4) == _CODESTREAM:
        codestream = _read_sizes(file)
        if codestream is None:
            return None
        colours = _GRAY if len(codestream.depths) == 1 else _RGB
        return codestream, colours, _make_header(codestream, colours)
    colours = 0
    for kind, length in _boxes(file, 0):
        if kind == b"jp2h":
            colours = _read_colours(file.read(min(length, _HEADER_BYTES)))
        elif kind == b"jp2c" and colours:
            codestream = _read_sizes(file) if file.read(4) == _CODESTREAM else None
            return (codestream, colours, b"") if codestream else None
    return None


def _boxes(file: BinaryIO, start: int) -> Iterator[tuple[bytes, int]]:
    """Yield kind and length of each box; while one is given out, the file stands at its content."""
    for _ in range(_MOST_BOXES):
        file.seek(start)
        head = file.read(8)
        if len(head) < 8:
            return
        length, kind, content = int.from_bytes(head[:4], "big"), head[4:], 8
        if length == 1:
            length, content = int.from_bytes(file.read(8), "big"), 16
        if length < content and length:
            return
        yield kind, length - content if length else _HEADER_BYTES
        if not length:
            return
        start += length


def _read_colours(header: bytes) -> int:
    """Return the number of the one colour space in a header box, 0 where PDF would not have it."""
    found, start = [], 0
    while start + 8 <= len(header):
        length = int.from_bytes(header[start : start + 4], "big")
        kind, content = header[start + 4 : start + 8], header[start + 8 : start + length]
        if length < 8 or kind in _UNSUPPORTED:
            return 0
        if kind == b"colr":
            found.append(int.from_bytes(content[3:7], "big") if content[:1] == b"\x01" else 0)
        start += length
    return found[0] if len(found) == 1 and found[0] in _COLOURS else 0


def _read_sizes(file: BinaryIO) -> _Codestream | None:
    """Return what a codestream says; the file stands behind its first four bytes."""
    data = file.read(int.from_bytes(file.read(2), "big") - 2)
    if len(data) < 36:
        return None
    right, bottom, left, top = (int.from_bytes(data[n : n + 4], "big") for n in (2, 6, 10, 14))
    components = int.from_bytes(data[34:36], "big")
    depths = tuple(data[36 : 36 + 3 * components : 3])
    if len(depths) != components or components not in (1, 3):
        return None
    return _Codestream(right - left, bottom - top, depths)


def _make_header(codestream: _Codestream, colours: int) -> bytes:
    """Return the boxes that make a file of a bare codestream, up to the codestream itself."""
    sizes = codestream.height.to_bytes(4, "big") + codestream.width.to_bytes(4, "big")
    components = len(codestream.depths).to_bytes(2, "big")
    image = _box(b"ihdr", sizes + components + bytes([codestream.depths[0], 7, 0, 0]))
    colour = _box(b"colr", b"\x01\0\0" + colours.to_bytes(4, "big"))
    return _SIGNATURE + _FILE_TYPE + _box(b"jp2h", image + colour) + b"\0\0\0\0jp2c"


def _box(kind: bytes, content: bytes) -> bytes:
    """Return a box."""
    return (8 + len(content)).to_bytes(4, "big") + kind + content
