"""Estimate from headers how much memory decoding a page takes, before anything is decoded.

The figures are bytes a pixel, measured as the growth of the process over pictures of 48
megapixels: the decoder's picture, its buffers, and the gray pixels that are the result.
"""

from pathlib import Path

from PIL import Image

from newspage.config import IngestConfig
from newspage.errors import RefusedError

_GRAY = 1
"""Bytes a pixel of the result."""
_HELD = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2, "I;16N": 2}
"""Bytes a pixel that Pillow holds, by its mode."""
_HELD_OTHERS = 4
"""Bytes a pixel of every other mode: Pillow keeps colour, inks and fractions alike in four."""
_COEFFICIENTS = 2
"""Bytes a pixel and ink: a progressive JPEG file is held as coefficients until its last scan."""
WEBP = 9
"""Bytes a pixel in OpenCV: four of the lossless decoder, four of colour and opacity, one gray."""
WEBP_ANIMATED = 17
"""Bytes a pixel in Pillow: two canvases, the frame and the picture of four each, one of gray."""
_JPEG2000_SAMPLE = 5
"""Bytes for each sample of a tile: four of the decoder and one of its buffer."""
PDF_PAGE = 2
"""Bytes a pixel of the rendered page and its copy."""
PDF_PICTURE, PDF_JPEG2000 = 5, 15
"""Bytes a pixel that PDFium holds of a picture on the page, and of one in JPEG 2000; measured were
4.7 and 13.8."""
_WIDE_COLOUR = 12
"""Bytes a pixel in OpenCV on colours of 16 bits: strips of up to four samples, two of gray."""


def check_decoded(path: Path, needed: float, config: IngestConfig) -> None:
    """Refuse a page that takes too much memory while it is decoded; `needed` is in bytes.

    Raises RefusedError.
    """
    if needed > config.max_decoded_megabytes * 1e6:
        raise RefusedError(
            "scan-takes-too-much-memory",
            path=path,
            megabytes=needed / 1e6,
            allowed=config.max_decoded_megabytes,
        )


def estimate_decoding_bytes(picture: Image.Image) -> float:
    """Estimate the bytes that Pillow takes to decode an opened picture into gray pixels."""
    pixels = picture.width * picture.height
    inks = len(picture.getbands())
    if picture.format == "JPEG":
        # A colour file is decoded as gray, one of four inks is not.
        held = 1 if inks == 3 else _HELD.get(picture.mode, _HELD_OTHERS)
        coefficients = _COEFFICIENTS * inks if picture.info.get("progressive") else 0
        return pixels * (held + coefficients + _GRAY)
    return pixels * (_HELD.get(picture.mode, _HELD_OTHERS) + _GRAY)


def estimate_wide_colour_bytes(picture: Image.Image) -> float:
    """Estimate the bytes that OpenCV takes to decode a TIFF file of 16 bits a colour."""
    return picture.width * picture.height * _WIDE_COLOUR


def estimate_strip_bytes(picture: Image.Image, samples: int, bits: int, rows: int) -> float:
    """Estimate the bytes of the strip that a TIFF decoder unpacks at a time.

    Args:
        picture: The opened frame.
        samples: Samples a pixel.
        bits: Bits a sample.
        rows: Rows of a strip; more than the frame has count as all of it.
    """
    return min(rows, picture.height) * picture.width * samples * bits / 8


def estimate_jpeg2000_bytes(path: Path, picture: Image.Image) -> float:
    """Estimate the bytes that Pillow takes for a JPEG 2000 file, which it decodes tile by tile."""
    width, height, samples = _tile_size(path, picture)
    tile = min(width, picture.width) * min(height, picture.height)
    return estimate_decoding_bytes(picture) + tile * samples * _JPEG2000_SAMPLE


def _tile_size(path: Path, picture: Image.Image) -> tuple[int, int, int]:
    """Return width, height and samples of a tile; of the whole picture if no header is found."""
    with path.open("rb") as file:
        head = file.read(65536)
    at = head.find(b"\xff\x4f\xff\x51")
    size = head[at + 4 : at + 42]
    if at < 0 or len(size) < 38:
        return picture.width, picture.height, len(picture.getbands())
    width, height = (int.from_bytes(size[n : n + 4], "big") for n in (20, 24))
    return width, height, int.from_bytes(size[36:38], "big")
