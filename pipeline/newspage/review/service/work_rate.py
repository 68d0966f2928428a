"""Time spent on deciding, and decisions by day."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

_PAUSE = 120.0
"""Seconds; a longer gap between two decisions is a break. Judgement, not measured."""
_FIRST = 10.0
"""Seconds counted for the first decision after a break. Judgement, not measured."""


def count_seconds_at_work(times: Sequence[str]) -> float:
    """Return the seconds spent on deciding, from the times of decisions (ISO 8601, in order)."""
    if not times:
        return 0.0
    moments = [datetime.fromisoformat(t).timestamp() for t in times]
    gaps = [b - a for a, b in pairwise(moments)]
    return _FIRST + sum(gap if gap <= _PAUSE else _FIRST for gap in gaps)


def count_by_day(times: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Return the number of decisions on each day, by the calendar of this machine."""
    days = (datetime.fromisoformat(t).astimezone().date().isoformat() for t in times)
    return tuple(sorted(Counter(days).items()))
