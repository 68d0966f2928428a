"""When people decided, for how long, and on which days of this machine's calendar."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newspage.decision import PRECEDENT, Decision
from newspage.review.service.work_rate import WorkLog, count_by_day, count_seconds_at_work
from newspage.store import Store
from tests.teaching import said, undo


def test_time_at_work() -> None:
    """Long gaps are pauses."""
    assert count_seconds_at_work([]) == 0
    assert count_seconds_at_work([6000.0]) == 10
    assert count_seconds_at_work([6000.0, 6060.0, 6540.0]) == 80


def test_moments_are_those_of_what_stands(tmp_path: Path) -> None:
    """Decisions of people that nobody took back, in the order of their times; later ones are added.

    An import brings earlier ones, and what takes back before what it takes back.
    """

    def at(seconds: int, **fields: str) -> Decision:
        made = said("位[干]北", "于", reviewer=fields.get("reviewer", "ann"))
        return replace(made, at=f"2026-01-01T00:00:{seconds:02}+00:00")

    with Store(tmp_path / "s.sqlite") as store:
        work, start = WorkLog(store), datetime(2026, 1, 1, tzinfo=UTC).timestamp()

        def found(*decisions: Decision) -> list[float]:
            if decisions:
                store.decisions.import_decisions(decisions)
            return [moment - start for moment in work.list_moments()]

        assert found() == []
        one, two, three = at(10), at(20), at(5)
        assert found(one, at(12, reviewer=PRECEDENT), two) == [10, 20]
        assert found() == [10, 20]
        assert found(undo(one), undo(three)) == [20]
        assert found(three, at(1)) == [1, 20]


@pytest.fixture(params=["UTC", "Asia/Shanghai", "Asia/Kathmandu", "America/New_York"])
def clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The clock of some place on earth."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system cannot change its time zone for one program")
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


TIMES = st.datetimes(datetime(2012, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TIMES, max_size=30))
def test_days_are_those_of_the_clock(clock: str, times: list[datetime]) -> None:
    """Each decision is counted on the day that the clock showed, as told for it alone."""
    days = Counter(moment.astimezone().date().isoformat() for moment in times)
    found = count_by_day([moment.timestamp() for moment in times])
    assert found == tuple(sorted(days.items()))
