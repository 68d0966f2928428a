"""Carry a JPEG file over into PDF as it is, where readers of PDF decode it as viewers do."""

from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image

from newspage.formats.searchable_pdf.embedded_image import (
    ByteSource,
    EmbeddedImage,
    measure_source,
    open_source,
)
from newspage.formats.searchable_pdf.pdf_file import PdfValue

_DECODABLE = (0xC0, 0xC1, 0xC2)
"""Markers of the kinds that PDF knows: baseline, extended and progressive, all coded by Huffman."""
_OTHER_KINDS = (0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)
"""Markers of the kinds that it does not: lossless, hierarchical, arithmetically coded."""
_BARE = (0x01, *range(0xD0, 0xD9))
"""Markers that no length follows."""
_SCAN = 0xDA
"""Marker of the coded pixels, before which the header ends."""
_RED_GREEN_BLUE = b"RGB"
"""Names of the components by which decoders know that a file without further marks is no YCbCr."""


@dataclass(frozen=True, slots=True)
class _FrameHeader:
    """The header of the coded frame."""

    kind: int
    bits: int
    height: int
    width: int
    components: bytes
    """The name of each, one byte."""


def carry_jpeg(source: ByteSource, picture: Image.Image) -> EmbeddedImage | None:
    """Return a JPEG file as it is; None where readers of PDF would not decode it, or differently.

    Those are files of 12 bits, of four inks, and of the rarer kinds of coding. `picture` is the
    file opened, for its marks. Raises OSError.
    """
    with open_source(source) as file:
        header = _read_frame_header(file)
    if header is None or header.kind not in _DECODABLE or header.bits != 8:
        return None
    if len(header.components) not in (1, 3):
        return None
    unmarked = not {"jfif", "adobe"} & picture.info.keys()
    parameters: dict[str, PdfValue] = {}
    if header.components == _RED_GREEN_BLUE and unmarked:
        parameters["ColorTransform"] = 0
    return EmbeddedImage(
        header.width,
        header.height,
        "DeviceGray" if len(header.components) == 1 else "DeviceRGB",
        8,
        "DCTDecode",
        source,
        ((0, measure_source(source)),),
        parameters,
    )


def _read_frame_header(file: BinaryIO) -> _FrameHeader | None:
    """Return the header of the frame; None where there is none before the coded pixels."""
    file.seek(2)
    while (marker := _next_marker(file)) not in (None, _SCAN):
        if marker in _BARE:
            continue
        length = int.from_bytes(file.read(2), "big")
        if length < 2:
            return None
        if marker not in (*_DECODABLE, *_OTHER_KINDS):
            file.seek(length - 2, 1)
            continue
        data = file.read(length - 2)
        if len(data) < 6 or len(data) < 6 + 3 * data[5]:
            return None
        height, width = (int.from_bytes(data[n : n + 2], "big") for n in (1, 3))
        return _FrameHeader(marker, data[0], height, width, data[6 : 6 + 3 * data[5] : 3])
    return None


def _next_marker(file: BinaryIO) -> int | None:
    """Return the next marker, any number of bytes FF before it; None at the end or on garbage."""
    if file.read(1) != b"\xff":
        return None
    while (byte := file.read(1)) == b"\xff":
        pass
    return byte[0] if byte else None
