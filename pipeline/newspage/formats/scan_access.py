"""Find the scan of a page for formats that hold it, where it is still the one that was read."""

from functools import lru_cache
from pathlib import Path

from newspage.errors import InputError
from newspage.formats.document import PageDocument


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


@lru_cache(maxsize=8)
def _hash_once(path: Path, size: int, time: int, node: int) -> str:
    """Return the checksum of a file; computed once for the pages of a file that stays as it is."""
    from newspage.ingest import hash_file

    return hash_file(path)
