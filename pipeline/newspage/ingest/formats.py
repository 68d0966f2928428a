"""Recognise the format of a file by its bytes, and refuse files that are too large or no scans."""

import hashlib
import stat
from enum import StrEnum
from pathlib import Path

from newspage.config import IngestConfig
from newspage.errors import InputError, RefusedError


class ScanFormat(StrEnum):
    """A file format that is read, by the name Pillow has for it."""

    PNG = "PNG"
    JPEG = "JPEG"
    TIFF = "TIFF"
    JPEG2000 = "JPEG2000"
    WEBP = "WEBP"
    BMP = "BMP"
    PDF = "PDF"


_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", ScanFormat.PNG),
    (b"\xff\xd8\xff", ScanFormat.JPEG),
    (b"II*\x00", ScanFormat.TIFF),
    (b"MM\x00*", ScanFormat.TIFF),
    (b"II+\x00", ScanFormat.TIFF),
    (b"MM\x00+", ScanFormat.TIFF),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", ScanFormat.JPEG2000),
    (b"\xff\x4f\xff\x51", ScanFormat.JPEG2000),
    (b"BM", ScanFormat.BMP),
)
"""First bytes of the formats that are read: PNG, JPEG, TIFF and BigTIFF in both byte orders, JPEG
2000 as a file and as a bare codestream, BMP. `_by_magic` knows WebP and PDF."""
_FOREIGN = (
    (b"GIF8", "a GIF picture"),
    (b"8BPS", "a Photoshop file"),
    (b"AT&TFORM", "a DjVu file"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{\\rtf", "a text document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
)
"""First bytes of formats that people mistake for scans, and the words for them in the message."""
_HEAD_BYTES = 1024
"""Bytes read to tell the format; the PDF header may stand anywhere in the first 1,024."""
_FEWEST_PIXELS = 64
"""Pixels of the smallest page, width times height. Judgement: fewer hold not even one character."""


def recognise_format(path: Path, config: IngestConfig) -> ScanFormat:
    """Recognise the format of a file by its first bytes; its name does not count.

    Raises InputError for a file that cannot be read or is no scan, RefusedError for one that is
    larger than `config.max_file_megabytes`.
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InputError("scan-path-is-folder", path=path)
        if not stat.S_ISREG(status.st_mode):
            raise InputError("scan-not-ordinary", path=path)
        _check_size(path, status.st_size, config)
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise make_unreadable_error(path, error) from error
    found = _by_magic(head)
    if found is None:
        raise InputError("scan-foreign", path=path, kind=_guess(head))
    return found


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hex, reading it in pieces. Raises InputError."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise make_unreadable_error(path, error) from error


def check_pixels(path: Path, width: int, height: int, config: IngestConfig) -> None:
    """Refuse a picture by its announced width and height in pixels, before any of it is decoded.

    Raises RefusedError.
    """
    most = config.max_megapixels
    if width * height / 1e6 > most:
        raise RefusedError(
            "scan-too-many-pixels", path=path, width=width, height=height, allowed=most
        )
    longest = config.max_side
    if max(width, height) > longest:
        raise RefusedError(
            "scan-side-too-long", path=path, width=width, height=height, allowed=longest
        )


def check_worth(path: Path, width: int, height: int) -> None:
    """Refuse a page that has too few pixels for any text. Raises InputError."""
    if width * height < _FEWEST_PIXELS:
        raise InputError("scan-too-small", path=path, width=width, height=height)


def check_pages(path: Path, pages: int, config: IngestConfig) -> None:
    """Refuse a file of too many pages. Raises RefusedError."""
    if pages > config.max_pages:
        raise RefusedError("scan-too-many-pages", path=path, allowed=config.max_pages)


def make_unreadable_error(path: Path, error: OSError) -> InputError:
    """Make the error for a file that the system does not let us read."""
    if isinstance(error, PermissionError):
        return InputError("scan-forbidden", path=path)
    if isinstance(error, FileNotFoundError):
        return InputError("scan-vanished", path=path)
    reason = error.strerror or str(error) or type(error).__name__
    return InputError("scan-unreadable", path=path, reason=reason)


def _check_size(path: Path, size: int, config: IngestConfig) -> None:
    """Refuse a file of 0 bytes, or of more than the settings allow."""
    if size == 0:
        raise InputError("scan-empty", path=path)
    allowed = config.max_file_megabytes
    if size > allowed * 1e6:
        raise RefusedError("scan-file-too-large", path=path, megabytes=size / 1e6, allowed=allowed)


def _by_magic(head: bytes) -> ScanFormat | None:
    """Return the format that the first bytes of a file announce, or None."""
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return ScanFormat.WEBP
    return ScanFormat.PDF if b"%PDF-" in head else None


def _guess(head: bytes) -> str:
    """Name the kind of a file that is no scan, in the words of a person."""
    for magic, name in _FOREIGN:
        if head.startswith(magic):
            return name
    if head[4:8] == b"ftyp":
        return "an HEIC or AVIF picture or a film"
    if not head.strip(b"\0"):
        return "nothing but zeros"
    if head.lstrip()[:5].lower() in (b"<html", b"<!doc"):
        return "a web page"
    for encoding in ("utf-8", "gb18030"):
        # The last character may be cut in two.
        text = head.decode(encoding, errors="ignore")
        if len(text.encode(encoding)) >= len(head) - 3 and "\0" not in text:
            return "a text file"
    return "of an unknown kind"
