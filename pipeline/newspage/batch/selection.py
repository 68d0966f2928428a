"""Select scans of a run by name, age, earlier failure or completeness."""

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newspage.errors import UsageError
from newspage.settings import matches_pattern

_DURATION = re.compile(r"(\d{1,6})\s*([smhdw])")
"""A number and a unit, like 90m or 3d; six digits are more than any archive is old."""
_PART = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)([smhdw])")
_LONGEST = 1e9
"""Seconds that a duration may have: 30 years."""
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


Still = Mapping[str, tuple[int, int]]
"""Files that are complete: path, size, and time of the last change in nanoseconds."""


@dataclass(frozen=True, slots=True)
class PageSelection:
    """Conditions that narrow a run; all of them must hold."""

    since: float | None = None
    """Only files that came or changed since then (seconds since 1970)."""
    only: tuple[str, ...] = ()
    """Only scans that one of these patterns matches, of a name, a folder, or the whole path."""
    failed: bool = False
    """Only scans that failed before."""
    still: Still | None = None
    """Only these files, and only as they were then."""

    def matches_name(self, path: str, failed: Collection[str]) -> bool:
        """Tell whether a scan is selected, by its path in the store and those of failed scans."""
        if self.failed and path not in failed:
            return False
        return not self.only or any(matches_pattern(pattern, path) for pattern in self.only)

    def accepts_file(self, path: Path, stat: os.stat_result) -> bool:
        """Tell whether a file is selected, by its size and times in the file system.

        A copy often keeps the time of its original: then its entry tells when it came.
        """
        if self.still is not None and self.still.get(str(path)) != (stat.st_size, stat.st_mtime_ns):
            return False
        return self.since is None or max(stat.st_mtime, stat.st_ctime) >= self.since


def parse_moment(text: str, now: datetime) -> float:
    """Parse a date, a time or a duration before `now` into seconds since 1970. Raises UsageError.

    A time without a zone is in that of `now`.
    """
    if found := _DURATION.fullmatch(text.strip().lower()):
        seconds = int(found[1]) * _SECONDS[found[2]]
        try:
            return (now.astimezone(UTC) - timedelta(seconds=seconds)).timestamp()
        except OverflowError:
            return 0.0
    try:
        then = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError("moment-unclear", text=text) from None
    return (then if then.tzinfo else then.replace(tzinfo=now.tzinfo)).timestamp()


def parse_duration(text: str) -> float:
    """Return the seconds in a duration like 90s, 30m, 8h, 1h30m or 2d. Raises UsageError."""
    plain = text.strip().lower().replace(" ", "")
    parts = _PART.findall(plain)
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in parts)
    if "".join(number + unit for number, unit in parts) != plain or not 0 < seconds < _LONGEST:
        raise UsageError("duration-unclear", text=text)
    return seconds
