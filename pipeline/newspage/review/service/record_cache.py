"""A cache of decoded page records."""

from collections import OrderedDict
from pathlib import Path
from threading import Lock

from newspage.model import PageRecord
from newspage.record import read_record

_KEPT = 24
"""Pages; a broadsheet takes some five megabytes, so all of them some 120."""


_Stamp = tuple[int, int, int]
"""Modification time in nanoseconds, bytes, inode."""


class RecordCache:
    """A cache of records by file; a file that was written anew is read anew. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Path, tuple[_Stamp, PageRecord]] = OrderedDict()

    def load_record(self, path: Path) -> PageRecord:
        """Return the record in a file. Raises RecordError."""
        stamp = _stamp(path)
        with self._lock:
            known = self._kept.get(path)
            if known and known[0] == stamp:
                self._kept.move_to_end(path)
                return known[1]
        record = read_record(path)
        if stamp is not None:
            with self._lock:
                self._kept[path] = stamp, record
                self._kept.move_to_end(path)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return record


def _stamp(path: Path) -> _Stamp | None:
    """Return time, size and inode of a file, by which a new version is told; None: no file."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
