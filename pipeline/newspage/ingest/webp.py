"""Read the header of a WebP file without its decoder, which takes its memory on opening."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image

_ORIENTATION = 274
"""Number of the EXIF tag for the orientation."""
_MOST_CHUNKS = 64
"""Chunks that are looked at. Judgement: files have a handful; bounds the time of a hostile one."""
_EXIF_BYTES = 1_000_000
"""Bytes of the largest EXIF chunk that is read. Judgement: in JPEG files, EXIF ends at 64 KB."""
_LOSSLESS_MARK = 0x2F
"""First byte of a lossless picture."""


@dataclass(frozen=True, slots=True)
class WebpHeader:
    """Size, animation and orientation that a WebP file announces."""

    width: int
    """Pixels, as stored."""
    height: int
    animated: bool = False
    orientation: int = 1
    """As in EXIF, 1 to 8; 1 is upright."""


def read_webp_header(path: Path) -> WebpHeader:
    """Read the size and orientation that a WebP file announces.

    Raises OSError, and ValueError where it announces none.
    """
    width = height = 0
    animated, orientation = False, 1
    with path.open("rb") as file:
        for kind, size in _chunks(file):
            if kind == b"VP8X":
                flags, _, wide, high = struct.unpack("<B3s3s3s", file.read(10))
                width, height = (1 + int.from_bytes(n, "little") for n in (wide, high))
                animated = bool(flags & 0b10)
            elif kind in (b"VP8 ", b"VP8L") and not width:
                width, height = _picture_size(kind, file.read(10))
            elif kind == b"EXIF" and size <= _EXIF_BYTES:
                orientation = _orientation(file.read(size))
    if not (width and height):
        raise ValueError("its header is broken")
    return WebpHeader(width, height, animated, orientation)


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Yield kind and size of each chunk; while one is given out, the file stands at its content."""
    file.seek(12)
    for _ in range(_MOST_CHUNKS):
        head = file.read(8)
        if len(head) < 8:
            return
        size = int.from_bytes(head[4:], "little")
        after = file.tell() + size + size % 2
        yield head[:4], size
        file.seek(after)


def _picture_size(kind: bytes, head: bytes) -> tuple[int, int]:
    """Return width and height from the first ten bytes of a picture; zeros where it is broken."""
    if kind == b"VP8L":
        if len(head) < 5 or head[0] != _LOSSLESS_MARK:
            return 0, 0
        bits = int.from_bytes(head[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if len(head) < 10:
        return 0, 0
    width, height = struct.unpack("<HH", head[6:10])
    return width & 0x3FFF, height & 0x3FFF


def _orientation(exif: bytes) -> int:
    """Return the orientation in an EXIF chunk, 1 where it has none or is broken."""
    tags = Image.Exif()
    try:
        tags.load(exif.removeprefix(b"Exif\0\0"))
        value = tags.get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - broken metadata is none of our concern
        return 1
    return value if isinstance(value, int) else 1
