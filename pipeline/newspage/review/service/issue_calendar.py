"""The days of a year on which a paper came out, and the gaps between them."""

import calendar
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from newspage.store import PageSums

_REGULAR = 0.5
"""Share of the same weekdays, between the first and the last issue of a year, from which a paper is
said to come out on that day of the week. Judgement."""
_LEAST = 4
"""Issues of a year from which that can be told. Judgement: a month of a weekly."""


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of a calendar."""

    date: str
    day: int
    sums: PageSums | None
    """Counts of the issue of that day; None where there is none."""
    gap: bool
    """Whether the paper came out, by all that is known, and the issue is not there."""


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """A month of a calendar."""

    month: int
    weeks: tuple[tuple[DayCell | None, ...], ...]
    """Seven days each, from Monday; None: a day of another month."""


def make_calendar(
    year: int, issues: Mapping[date, PageSums], first: date, last: date
) -> tuple[MonthSheet, ...]:
    """Return the months of a year with the issues that there are, and those that are missing.

    Args:
        year: The year.
        issues: Counts of the issues of that year by their day.
        first: Day of the first issue of the paper in any year.
        last: Day of its last one.
    """
    begin, end = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
    gaps = find_gaps(issues, begin, end)
    return tuple(
        MonthSheet(
            month,
            tuple(
                tuple(_make_cell(day, month, issues, gaps) for day in week)
                for week in calendar.Calendar().monthdatescalendar(year, month)
            ),
        )
        for month in range(1, 13)
    )


def find_gaps(issues: Iterable[date], begin: date, end: date) -> frozenset[date]:
    """Return the days between two, both included, on which an issue is missing.

    Those are days of the week on which the paper mostly comes out within that time.
    """
    there = {day for day in issues if begin <= day <= end}
    if len(there) < _LEAST:
        return frozenset()
    days = [begin + timedelta(days=number) for number in range((end - begin).days + 1)]
    every = Counter(day.weekday() for day in days)
    came = Counter(day.weekday() for day in there)
    regular = {weekday for weekday, n in came.items() if n >= _REGULAR * every[weekday]}
    return frozenset(day for day in days if day.weekday() in regular and day not in there)


def _make_cell(
    day: date, month: int, issues: Mapping[date, PageSums], gaps: frozenset[date]
) -> DayCell | None:
    """Return a day of a month; None for one of another month."""
    if day.month != month:
        return None
    return DayCell(day.isoformat(), day.day, issues.get(day), day in gaps)
