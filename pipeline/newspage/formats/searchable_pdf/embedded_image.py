"""Define how the picture of a page is stored in a PDF file: encoded bytes and what they mean."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from newspage.formats.searchable_pdf.pdf_file import PdfName, PdfValue

_PIECE = 1 << 20
"""Bytes that are copied at a time."""

ByteSource = Path | bytes
"""A file, or the contents of one."""


@dataclass(frozen=True, slots=True)
class EmbeddedImage:
    """A picture as it is stored: stretches of a file, and how a reader decodes and turns them."""

    width: int
    """In pixels as stored, before it is turned."""
    height: int
    colours: str
    """DeviceGray or DeviceRGB; of a palette those of its entries."""
    bits: int
    """Of a sample."""
    encoding: str
    """The filter of PDF that decodes it."""
    source: ByteSource
    ranges: tuple[tuple[int, int], ...]
    """Offset and length of each stretch of the source, in order."""
    parameters: Mapping[str, PdfValue] = field(default_factory=dict)
    """Of the filter."""
    prefix: bytes = b""
    """Bytes that stand before the first stretch."""
    palette: bytes = b""
    """Three bytes for each entry; empty where there is no palette."""
    profile: bytes = b""
    """ICC profile of its colours; empty: sRGB."""
    orientation: int = 1
    """As in EXIF, 1 to 8; 1 is upright."""

    @property
    def length(self) -> int:
        """Return the number of bytes that are stored."""
        return len(self.prefix) + sum(length for _, length in self.ranges)

    def read_pieces(self) -> Iterator[bytes]:
        """Yield the bytes that are stored, a little at a time. Raises OSError."""
        if self.prefix:
            yield self.prefix
        with open_source(self.source) as file:
            for offset, length in self.ranges:
                file.seek(offset)
                left = length
                while left and (piece := file.read(min(left, _PIECE))):
                    yield piece
                    left -= len(piece)

    def list_entries(self, profile: PdfValue | None) -> Mapping[str, PdfValue]:
        """Return the entries of its stream's dictionary, without length.

        `profile` is the colour space that its profile makes, None without one.
        """
        colours = PdfName(self.colours) if profile is None else profile
        if self.palette:
            last = len(self.palette) // 3 - 1
            colours = [PdfName("Indexed"), colours, last, self.palette]
        entries: dict[str, PdfValue] = {
            "Type": PdfName("XObject"),
            "Subtype": PdfName("Image"),
            "Width": self.width,
            "Height": self.height,
            "ColorSpace": colours,
            "BitsPerComponent": self.bits,
            "Filter": PdfName(self.encoding),
        }
        if self.parameters:
            entries["DecodeParms"] = self.parameters
        return entries

    def place_upright(self, width: float, height: float) -> tuple[float, ...]:
        """Return the matrix that shows it upright on a page of some size in points."""
        (x0, y0), (x1, y1), (x2, y2) = (
            (x * width, (1 - y) * height)
            for x, y in (_show_point(u, v, self.orientation) for u, v in ((0, 1), (1, 1), (0, 0)))
        )
        return x1 - x0, y1 - y0, x2 - x0, y2 - y0, x0, y0


def _show_point(u: float, v: float, orientation: int) -> tuple[float, float]:
    """Return where a point of a stored picture is shown, as shares of width and height."""
    if orientation in (5, 6, 7, 8):
        u, v = v, u
    if orientation in (3, 4, 7, 8):
        v = 1 - v
    if orientation in (2, 3, 6, 7):
        u = 1 - u
    return u, v


def open_source(source: ByteSource) -> BinaryIO:
    """Open a file, or the contents of one, for reading. Raises OSError."""
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def measure_source(source: ByteSource) -> int:
    """Return the number of bytes of a file, or of its contents. Raises OSError."""
    return len(source) if isinstance(source, bytes) else source.stat().st_size
