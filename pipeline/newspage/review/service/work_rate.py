"""Time spent on deciding, and decisions by day."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Lock

from newspage.decision import PRECEDENT, Act, Decision
from newspage.decisions import DecisionFeed
from newspage.store import Store

_PAUSE = 120.0
"""Seconds; a longer gap between two decisions is a break. Judgement, not measured."""
_FIRST = 10.0
"""Seconds counted for the first decision after a break. Judgement, not measured."""
_QUARTER = 900
"""Seconds of a quarter of an hour."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class WorkLog:
    """The moments at which people decided, as far as their decisions stand.

    Thread-safe. Raises StoreError.
    """

    def __init__(self, store: Store) -> None:
        self._feed = DecisionFeed(store)
        self._standing: dict[str, float] = {}
        """By uid."""
        self._undone: set[str] = set()
        self._lock = Lock()

    def list_moments(self) -> list[float]:
        """Return the moments in order, in seconds since 1970."""
        with self._lock:
            further = self._feed.read_further()
            if further.anew:
                self._standing, self._undone = {}, set()
            for decision in further.decisions:
                self._add(decision)
            return sorted(self._standing.values())

    def _add(self, decision: Decision) -> None:
        if decision.act is Act.UNDO:
            # In an import it may come before what it takes back.
            self._undone.add(decision.undoes)
            self._standing.pop(decision.undoes, None)
        elif decision.reviewer != PRECEDENT and decision.uid not in self._undone:
            self._standing[decision.uid] = datetime.fromisoformat(decision.at).timestamp()


def count_seconds_at_work(moments: Sequence[float]) -> float:
    """Return the seconds spent on deciding, from the moments of decisions (seconds, in order)."""
    if not moments:
        return 0.0
    gaps = (later - earlier for earlier, later in pairwise(moments))
    return _FIRST + sum(gap if gap <= _PAUSE else _FIRST for gap in gaps)


def count_by_day(moments: Sequence[float]) -> tuple[tuple[str, int], ...]:
    """Return the number of decisions on each day, by the calendar of this machine.

    `moments`: when they were made, in seconds since 1970.
    """
    # To tell the day of a moment takes a while: it is told once for all of a quarter of an hour, by
    # which all local times differ from UTC.
    quarters = Counter(int(moment // _QUARTER) for moment in moments)
    days: Counter[str] = Counter()
    for quarter, count in quarters.items():
        day = (_EPOCH + timedelta(seconds=quarter * _QUARTER)).astimezone().date()
        days[day.isoformat()] += count
    return tuple(sorted(days.items()))
