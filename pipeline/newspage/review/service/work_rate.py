"""How far the work is, and how fast it goes."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

_PAUSE = 120.0
"""Seconds; a longer gap between two decisions is no work."""
_FIRST = 10.0
"""Seconds that the first decision after a pause is taken to have cost."""


def count_seconds_at_work(times: Sequence[str]) -> float:
    """Time in which somebody was deciding, from when decisions were made (ISO 8601, in order)."""
    if not times:
        return 0.0
    moments = [datetime.fromisoformat(t).timestamp() for t in times]
    gaps = [b - a for a, b in pairwise(moments)]
    return _FIRST + sum(gap if gap <= _PAUSE else _FIRST for gap in gaps)


def count_by_day(times: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Count decisions by day, as the calendar of this machine has it."""
    days = (datetime.fromisoformat(t).astimezone().date().isoformat() for t in times)
    return tuple(sorted(Counter(days).items()))
