"""Measure and decode PNG, JPEG, TIFF, JPEG 2000, WebP and BMP files."""

import math
import mmap
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, TiffImagePlugin

from newspage.config import IngestConfig
from newspage.errors import InputError, NewspageError
from newspage.ingest.formats import (
    ScanFormat,
    check_pages,
    check_pixels,
    make_unreadable_error,
)
from newspage.ingest.gray import colours_to_gray, convert_to_gray, reduce_to_8_bits, turn_upright
from newspage.ingest.memory import (
    WEBP,
    WEBP_ANIMATED,
    check_decoded,
    estimate_decoding_bytes,
    estimate_jpeg2000_bytes,
    estimate_strip_bytes,
    estimate_wide_colour_bytes,
)
from newspage.ingest.webp import WebpHeader, read_webp_header
from newspage.model import GrayImage

# Pillow's own guard has one limit for the whole process; `check_pixels` reads the settings.
Image.MAX_IMAGE_PIXELS = None

_ORIENTATION, _SUBFILE, _PHOTOMETRIC, _BITS, _SAMPLES, _ROWS = 274, 254, 262, 258, 277, 278
"""Numbers of the TIFF tags for orientation, kind of subfile, photometric interpretation, bits a
sample, samples a pixel and rows of a strip."""
_REDUCED_OR_MASK = 0b101
"""Bits of the subfile tag that mark a thumbnail or a transparency mask."""


@dataclass(frozen=True, slots=True)
class FrameSize:
    """Size in pixels of one page of a file, upright, and the resolution that the file claims."""

    width: int
    height: int
    dpi: float | None


def measure_frames(path: Path, kind: ScanFormat, config: IngestConfig) -> tuple[FrameSize, ...]:
    """Return the size of each page of a picture file, from its headers alone.

    Only a TIFF file has several; its thumbnails and masks are no pages. Raises InputError for a
    broken file, RefusedError for one over the limits.
    """
    _check_end(path, kind)
    if kind is ScanFormat.WEBP:
        header = _webp_header(path, config)
        turned = header.orientation in (5, 6, 7, 8)
        sides = (header.height, header.width) if turned else (header.width, header.height)
        return (FrameSize(*sides, None),)
    sizes = []
    with _opened(path, kind) as picture:
        for frame in _page_frames(picture, path, config):
            picture.seek(frame)
            width, height = _upright_size(picture)
            check_pixels(path, width, height, config)
            check_decoded(path, _needed(picture, path), config)
            sizes.append(FrameSize(width, height, believable_dpi(picture.info.get("dpi"))))
    return tuple(sizes)


def decode_frame(path: Path, kind: ScanFormat, frame: int, config: IngestConfig) -> GrayImage:
    """Decode one page (`frame` from 0) to upright gray pixels. Raises InputError, RefusedError."""
    if kind is ScanFormat.WEBP:
        return _read_webp(path, config)
    with open_frame(path, kind, frame, config) as picture:
        orientation = read_orientation(picture)
        if _better_by_opencv(picture):
            return turn_upright(_by_opencv(path, kind, picture.tell()), orientation)
        if kind is ScanFormat.JPEG:
            picture.draft("L", picture.size)
        white_is_zero = kind is ScanFormat.TIFF and _tag(picture, _PHOTOMETRIC, 1) == 0
        # Pillow turns a TIFF picture upright by itself.
        gray = convert_to_gray(_decoded(picture), white_is_zero)
        return gray if kind is ScanFormat.TIFF else turn_upright(gray, orientation)


@contextmanager
def open_frame(
    path: Path, kind: ScanFormat, frame: int, config: IngestConfig
) -> Iterator[Image.Image]:
    """Open one page (`frame` from 0) of a picture file, its pixels not decoded yet.

    Whatever a decoder raises while it is open becomes an InputError. Raises InputError for a broken
    file, RefusedError for one over the limits.
    """
    _check_end(path, kind)
    if kind is ScanFormat.WEBP:
        # Checked from the header, since opening it takes the memory.
        _webp_header(path, config)
    with _opened(path, kind) as picture:
        picture.seek(_page_frames(picture, path, config)[frame])
        check_pixels(path, *picture.size, config)
        check_decoded(path, _needed(picture, path), config)
        yield picture


def read_orientation(picture: Image.Image) -> int:
    """Return the EXIF orientation of an opened picture, 1 to 8; 1 where it says none."""
    if isinstance(picture, TiffImagePlugin.TiffImageFile):
        return _tag(picture, _ORIENTATION, 1)
    # In a PNG file the tag may stand behind the pixels; asking for it would decode them.
    if picture.format == ScanFormat.PNG and "exif" not in picture.info:
        return 1
    value = picture.getexif().get(_ORIENTATION, 1)
    return value if isinstance(value, int) else 1


def believable_dpi(dpi: object) -> float | None:
    """Return the vertical resolution a file claims, None unless it is 10 to 10,000 dpi."""
    if not isinstance(dpi, tuple) or len(dpi) != 2:
        return None
    try:
        value = float(dpi[1])
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return round(value, 2) if math.isfinite(value) and 10 <= value <= 10_000 else None


@contextmanager
def _opened(path: Path, kind: ScanFormat) -> Iterator[Image.Image]:
    """Open a picture, read its header, and turn every failure into an InputError."""
    with _decoding(path), warnings.catch_warnings():
        # Broken metadata does not matter as long as the pixels are there.
        warnings.simplefilter("ignore")
        # Given a path, Pillow maps raw TIFF pixels, with sides exchanged if they are turned.
        with path.open("rb") as file, Image.open(file, formats=(kind.value,)) as picture:
            yield picture


@contextmanager
def _decoding(path: Path) -> Iterator[None]:
    """Turn every way in which a decoder fails into an InputError."""
    try:
        yield
    except NewspageError:
        raise
    except MemoryError as error:
        raise InputError("scan-exceeds-memory", path=path) from error
    except PermissionError as error:
        raise make_unreadable_error(path, error) from error
    # Decoders raise errors of any kind on a damaged file.
    except Exception as error:
        raise _make_damage_error(path, error) from error


def _needed(picture: Image.Image, path: Path) -> float:
    """Estimate the bytes that decoding the current frame takes."""
    if picture.format == ScanFormat.JPEG2000:
        return estimate_jpeg2000_bytes(path, picture)
    if picture.format != ScanFormat.TIFF:
        return estimate_decoding_bytes(picture)
    if _better_by_opencv(picture):
        return estimate_wide_colour_bytes(picture)
    samples, bits = _tag(picture, _SAMPLES, 1), _tag(picture, _BITS, 1)
    rows = _tag(picture, _ROWS, picture.height)
    return estimate_decoding_bytes(picture) + estimate_strip_bytes(picture, samples, bits, rows)


def _webp_header(path: Path, config: IngestConfig) -> WebpHeader:
    """Read the header of a WebP file and check it against the limits."""
    with _decoding(path):
        header = read_webp_header(path)
        check_pixels(path, header.width, header.height, config)
        each = WEBP_ANIMATED if header.animated else WEBP
        check_decoded(path, header.width * header.height * each, config)
        return header


def _read_webp(path: Path, config: IngestConfig) -> GrayImage:
    """Decode a WebP file to gray pixels, upright; of an animation its first picture."""
    header = _webp_header(path, config)
    if header.animated:
        with _opened(path, ScanFormat.WEBP) as picture:
            return turn_upright(convert_to_gray(_decoded(picture)), header.orientation)
    with _decoding(path):
        pixels = cv2.imread(str(path), cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION)
        if pixels is None:
            raise ValueError
        return turn_upright(colours_to_gray(pixels), header.orientation)


def _make_damage_error(path: Path, error: Exception) -> InputError:
    """Return the error for a file that a decoder gives up on, in the decoder's words."""
    text = " ".join(str(error).split())
    if "cannot identify" in text:
        return InputError("scan-header-broken", path=path)
    return InputError("scan-damaged", path=path, reason=text[:120] or type(error).__name__)


def _decoded(picture: Image.Image) -> Image.Image:
    """Decode the pixels of an opened picture and return it."""
    picture.load()
    return picture


def _page_frames(picture: Image.Image, path: Path, config: IngestConfig) -> list[int]:
    """Return the indices of the frames that are pages, in the order of the file."""
    if not isinstance(picture, TiffImagePlugin.TiffImageFile):
        return [0]
    frames: list[int] = []
    index = 0
    while True:
        try:
            picture.seek(index)
        except EOFError:
            break
        if not _tag(picture, _SUBFILE, 0) & _REDUCED_OR_MASK:
            frames.append(index)
        index += 1
        check_pages(path, index, config)
    return frames or [0]


def _tag(picture: Image.Image, tag: int, default: int) -> int:
    """Return the first value of a TIFF tag, or `default` where the picture has no such tag."""
    tags = getattr(picture, "tag_v2", {})
    value = tags.get(tag, default)
    return int(value[0] if isinstance(value, tuple) else value)


def _upright_size(picture: Image.Image) -> tuple[int, int]:
    """Return width and height as shown; Pillow has turned those of a TIFF picture already."""
    turned = picture.format != ScanFormat.TIFF and read_orientation(picture) in (5, 6, 7, 8)
    return (picture.height, picture.width) if turned else (picture.width, picture.height)


def _better_by_opencv(picture: Image.Image) -> bool:
    """Tell whether OpenCV needs less memory (colour PNG) or keeps more depth (16-bit colour)."""
    if picture.format == ScanFormat.PNG:
        return picture.mode == "RGB" and "transparency" not in picture.info
    if picture.format == ScanFormat.TIFF:
        return _tag(picture, _BITS, 8) == 16 and _tag(picture, _SAMPLES, 1) >= 3
    return False


def _by_opencv(path: Path, kind: ScanFormat, frame: int) -> GrayImage:
    """Decode a frame with OpenCV, as stored. Raises an empty ValueError for a broken file."""
    flags = cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH | cv2.IMREAD_IGNORE_ORIENTATION
    if kind is ScanFormat.TIFF:
        read, pictures = cv2.imreadmulti(str(path), start=frame, count=1, flags=flags)
        gray = pictures[0] if read and pictures else None
    else:
        gray = cv2.imread(str(path), flags)
    if gray is None:
        raise ValueError
    pixels: GrayImage = gray if gray.dtype == np.uint8 else reduce_to_8_bits(gray)
    return pixels


def _check_end(path: Path, kind: ScanFormat) -> None:
    """Refuse a JPEG or PNG file that lost its end, which decoders may fill with plain gray."""
    if kind not in (ScanFormat.JPEG, ScanFormat.PNG):
        return
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            whole = _jpeg_is_whole(data) if kind is ScanFormat.JPEG else data.rfind(b"IEND") >= 0
    except OSError as error:
        raise make_unreadable_error(path, error) from error
    if not whole:
        raise InputError("scan-cut-short", path=path)


def _jpeg_is_whole(data: mmap.mmap) -> bool:
    """Tell whether an end marker follows the last scan; in a scan FF never precedes D9 or DA."""
    start = data.rfind(b"\xff\xda")
    return start >= 0 and data.find(b"\xff\xd9", start) >= 0
