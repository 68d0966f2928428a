"""Carry the compressed pixels of a PNG file over into PDF, which knows the same compression."""

from collections.abc import Iterator
from typing import BinaryIO

from newspage.formats.searchable_pdf.embedded_image import ByteSource, EmbeddedImage, open_source
from newspage.formats.searchable_pdf.pdf_file import PdfValue

_GRAY, _RGB, _PALETTE = 0, 2, 3
"""Kinds of pixels without opacity."""
_PREDICTOR = 15
"""PDF's number for rows filtered as in PNG."""
_PALETTE_BYTES = 768
_FURTHEST = 1 << 31
"""Bytes of the largest chunk that PNG allows."""


def carry_png(source: ByteSource) -> EmbeddedImage | None:
    """Return the pixels of a PNG file as they are compressed.

    None where they are interlaced, have opacity, or 16 bits, which scanners use in part only.
    Raises OSError.
    """
    header, palette, ranges = b"", b"", []
    with open_source(source) as file:
        for kind, start, length in _chunks(file):
            if kind == b"IHDR":
                header = file.read(min(length, 13))
            elif kind == b"PLTE":
                palette = file.read(min(length, _PALETTE_BYTES))
            elif kind == b"tRNS":
                return None
            elif kind == b"IDAT":
                ranges.append((start, length))
    if len(header) < 13 or not ranges:
        return None
    width, height = (int.from_bytes(header[n : n + 4], "big") for n in (0, 4))
    bits, kind_of_pixels, interlaced = header[8], header[9], header[12]
    if bits > 8 or interlaced or kind_of_pixels not in (_GRAY, _RGB, _PALETTE):
        return None
    if (kind_of_pixels == _PALETTE) != bool(palette) and kind_of_pixels != _RGB:
        return None
    parameters: dict[str, PdfValue] = {
        "Predictor": _PREDICTOR,
        "Colors": 3 if kind_of_pixels == _RGB else 1,
        "BitsPerComponent": bits,
        "Columns": width,
    }
    return EmbeddedImage(
        width,
        height,
        "DeviceGray" if kind_of_pixels == _GRAY else "DeviceRGB",
        bits,
        "FlateDecode",
        source,
        tuple(ranges),
        parameters,
        palette=palette if kind_of_pixels == _PALETTE else b"",
    )


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, start and length of each chunk; meanwhile the file stands at its content."""
    start = 8
    while True:
        file.seek(start)
        head = file.read(8)
        length = int.from_bytes(head[:4], "big")
        if len(head) < 8 or length > _FURTHEST:
            return
        yield head[4:], start + 8, length
        start += 12 + length
