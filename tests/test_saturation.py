"""The simulation of many workers agrees with what can be reckoned by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.saturation import PageCosts, simulate_workers

pytest.importorskip("simpy")


@settings(max_examples=20)
@given(
    workers=st.integers(1, 30),
    hold=st.floats(0.001, 1.0),
    server=st.floats(0.0, 0.1),
    reading=st.floats(1.0, 20.0),
)
def test_nobody_reads_more_than_there_is_room_for(
    workers: int, hold: float, server: float, reading: float
) -> None:
    """The lock, the server and the workers each set a limit, and the lowest is nearly reached."""
    seconds = 100.0
    costs = PageCosts(server, 0.0, hold, reading)
    found = simulate_workers(workers, costs, seconds, cores=1)
    # Nobody begins before its turn at the start, and a page in work at the end does not count.
    limits = [workers / (reading + hold + server), 1 / (hold + server / 3)]
    if server:
        limits.append(1 / server)
    assert found.pages <= 1.2 * min(limits) * seconds + workers
    assert found.locked <= seconds
    assert found.served <= seconds + workers * server


def test_a_lock_that_is_always_held() -> None:
    """Many workers read as many pages as go through the lock, and wait for it most of the time."""
    found = simulate_workers(100, PageCosts(0.0, 0.0, 0.5, 10.0), 1000.0)
    assert found.pages == pytest.approx(2000, rel=0.03)
    assert found.waited / found.pages == pytest.approx(100 / 2 - 10, rel=0.1)


def test_workers_that_do_not_meet() -> None:
    """One worker waits for nobody."""
    found = simulate_workers(1, PageCosts(0.0, 0.0, 0.5, 9.5), 10000.0)
    assert found.pages == pytest.approx(1000, rel=0.02)
    assert found.waited == 0
