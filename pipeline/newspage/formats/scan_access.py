"""Find and read the scan of a page for formats that hold it, where it is still the one read."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from newspage.errors import InputError
from newspage.formats.document import PageDocument
from newspage.model import GrayImage

_PIECE = 1 << 20
"""Bytes of a scan read at once."""


class UnavailableScanError(InputError):
    """The scan of a page, which a format needs, was moved or changed since it was read."""


def require_scan_file(document: PageDocument) -> Path:
    """Return the file of a page's scan after comparing its checksum with that of the record.

    Raises UnavailableScanError where it is not known, not there, or no longer the same.
    """
    path, wanted = document.scan_file, document.record.page.scan.sha256
    if path is None:
        raise UnavailableScanError("page-scan-unknown", page=document.name)
    try:
        status = path.stat()
        found = _hash_once(path, status.st_size, status.st_mtime_ns, status.st_ino)
    except (OSError, InputError) as error:
        raise UnavailableScanError("page-scan-gone", page=document.name, path=path) from error
    if found != wanted:
        raise UnavailableScanError("page-scan-changed", page=document.name, path=path)
    return path


def read_scan_pieces(document: PageDocument) -> Iterator[bytes]:
    """Yield the bytes of the file of a page's scan, to be copied.

    They are compared with the checksum of the record while they are read, since a file may change
    after it was found. Raises UnavailableScanError, at the latest behind the last piece.
    """
    path = require_scan_file(document)
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                found.update(piece)
                yield piece
    except OSError as error:
        raise UnavailableScanError("page-scan-gone", page=document.name, path=path) from error
    if found.hexdigest() != document.record.page.scan.sha256:
        raise UnavailableScanError("page-scan-changed", page=document.name, path=path)


def read_scan_pixels(document: PageDocument) -> GrayImage:
    """Return the pixels of a page's scan, upright, on which the boxes of its record lie.

    Raises:
        UnavailableScanError: The scan is not there, or no longer the one that was read.
        InputError: It cannot be decoded.
    """
    from newspage.ingest import load_page

    path, scan = require_scan_file(document), document.record.page.scan
    pixels = load_page(replace(scan, path=path), document.limits).pixels
    if pixels.shape != (scan.height, scan.width):
        raise UnavailableScanError("page-scan-resized", page=document.name, path=path)
    return pixels


@lru_cache(maxsize=8)
def _hash_once(path: Path, size: int, time: int, node: int) -> str:
    """Return the checksum of a file; computed once for the pages of a file that stays as it is."""
    from newspage.ingest import hash_file

    return hash_file(path)
