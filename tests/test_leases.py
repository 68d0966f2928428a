"""Pages that wait to be read: claimed by one worker at a time, done once, never lost."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from newspage.model import Publication
from newspage.store import (
    Claimant,
    Lease,
    LeaseCounts,
    OutputStore,
    ScanKey,
    ScanRow,
    ScanStatus,
    Store,
    StoreError,
    WaitingPage,
)
from newspage.store.leases import MOST_ATTEMPTS, LeaseTable
from tests import postgres

SECONDS = 60.0
KEYS = tuple(ScanKey(f"scans/p{i}.png", i % 2) for i in range(4))


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a store is to be."""
    if request.param == "sqlite":
        return tmp_path / "s.sqlite"
    return postgres.emptied(request.getfixturevalue("server"))


@pytest.fixture
def store(where: Path | str) -> Iterator[OutputStore]:
    """An empty store."""
    with Store(where) as whole:
        yield OutputStore(whole, "output")


def page_of(key: ScanKey, fingerprint: str = "f1") -> WaitingPage:
    """A page that is to be read."""
    shows = Publication("x", None, "3")
    return WaitingPage(key, Path(key.path).stem, fingerprint, "1.0", "ab", 40, 30, 2, 300.0, shows)


def worker_of(name: str, is_run: bool = False, seconds: float = SECONDS) -> Claimant:
    """A worker."""
    return Claimant(name, "host", seconds, is_run)


def expect(store: OutputStore, *pages: WaitingPage, again: bool = False) -> set[ScanKey]:
    """Have pages wait."""
    rows = [ScanRow(p.key, p.stem, ScanStatus.PENDING) for p in pages]
    return store.expect_scans(rows, (), pages, {page.key for page in pages if again})


def done_row(page: WaitingPage) -> ScanRow:
    """The row of a page that is done."""
    return ScanRow(page.key, page.stem, ScanStatus.DONE, page.fingerprint)


def test_a_claimed_page_comes_back_as_it_was_put(store: OutputStore) -> None:
    """All that another machine has to know; nobody else is given it."""
    page = page_of(KEYS[0])
    assert expect(store, page) == {page.key}
    one, other = worker_of("a"), worker_of("b")
    assert store.leases.claim_pages(one, 5) == [Lease(page, "a", 1)]
    assert store.leases.claim_pages(other, 5) == []
    assert store.leases.count_leases() == LeaseCounts(0, 1, 1)
    assert OutputStore(store.whole, "other").leases.claim_pages(one, 5) == []


def test_only_pages_that_are_wanted_are_claimed(store: OutputStore) -> None:
    """A run over some scans takes no others."""
    expect(store, *map(page_of, KEYS))
    claimed = store.leases.claim_pages(worker_of("a"), 9, KEYS[1:3])
    assert [lease.page.key for lease in claimed] == [*KEYS[1:3]]
    assert store.leases.claim_pages(worker_of("a"), 9, ()) == []
    assert store.leases.list_left(KEYS) == set(KEYS)


def test_a_page_that_others_finished_is_not_read_again(store: OutputStore) -> None:
    """Whoever found it before it was done; unless all is to be read again, or otherwise."""
    page = page_of(KEYS[0])
    expect(store, page)
    (lease,) = store.leases.claim_pages(worker_of("a"), 1)
    assert store.leases.finish_page(lease, done_row(page))
    assert expect(store, page) == set()
    assert store.list_scans() == {page.key: done_row(page)}
    assert expect(store, page_of(KEYS[0], "f2")) == {page.key}
    assert not store.leases.finish_page(lease, done_row(page))
    store.put_scan(done_row(page))
    assert not store.leases.has_any_left()
    assert expect(store, page, again=True) == {page.key}
    assert store.leases.has_any_left()


def test_a_page_found_again_stays_with_its_worker(store: OutputStore) -> None:
    """Unless it is to be read otherwise: then what the worker makes of it does not count."""
    expect(store, page_of(KEYS[0]))
    (lease,) = store.leases.claim_pages(worker_of("a"), 1)
    expect(store, page_of(KEYS[0]))
    assert store.leases.confirm_lease(lease, worker_of("a"))
    expect(store, page_of(KEYS[0], "f2"))
    assert not store.leases.confirm_lease(lease, worker_of("a"))
    assert store.leases.renew_leases(worker_of("a")) == {}


def test_leases_of_killed_runs_end_with_them(store: OutputStore) -> None:
    """The next run need not wait, and they do not count: no page ends a run. Workers' stay."""
    expect(store, *map(page_of, KEYS[:2]))
    store.leases.claim_pages(worker_of("run", is_run=True), 1)
    store.leases.claim_pages(worker_of("worker"), 1)
    store.leases.end_leases_of_runs()
    (lease,) = store.leases.claim_pages(worker_of("next", is_run=True), 9)
    assert (lease.page.key, lease.attempt) == (KEYS[0], 1)


def test_no_clock_of_a_worker_counts(store: OutputStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not one that is wrong by a day, in either direction."""
    expect(store, page_of(KEYS[0]))
    store.leases.claim_pages(worker_of("a"), 1)
    now = time.time()
    for wrong in (now - 86400, now + 86400):
        monkeypatch.setattr(time, "time", lambda wrong=wrong: wrong)
        assert store.leases.claim_pages(worker_of("b"), 1) == []
    monkeypatch.undo()
    assert [*store.leases.renew_leases(worker_of("a", seconds=0.0))] == [KEYS[0]]
    assert [lease.attempt for lease in store.leases.claim_pages(worker_of("b"), 1)] == [2]


def test_a_lease_from_before_the_machine_started_has_ended(store: OutputStore) -> None:
    """Its clock counts from there: one that begins in the future is of an earlier life."""
    moment = [5000.0]
    leases = LeaseTable(store.whole.database, "output", lambda: moment[0])
    expect(store, page_of(KEYS[0]))
    leases.claim_pages(worker_of("a"), 1)
    moment[0] = 10.0
    assert [lease.attempt for lease in leases.claim_pages(worker_of("b"), 1)] == [2]


def test_many_claim_at_once(where: Path | str) -> None:
    """Each page is claimed once, however many ask for it."""
    keys = [ScanKey(f"scans/{i:03}.png") for i in range(60)]
    with Store(where) as whole:
        expect(OutputStore(whole, "output"), *map(page_of, keys))
    claimed: list[ScanKey] = []

    def claim(name: str) -> None:
        with Store(where) as whole:
            leases = OutputStore(whole, "output").leases
            while some := leases.claim_pages(worker_of(name), 2):
                claimed.extend(lease.page.key for lease in some)

    threads = [threading.Thread(target=claim, args=(f"w{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == keys


def test_one_writes_at_a_time_on_all_machines(server: str) -> None:
    """Where the store is on a server; one whose connection is gone learns it, and others go on."""
    address = postgres.emptied(server)
    inside: list[str] = []
    with Store(address) as one, Store(address) as other:
        first, second = OutputStore(one, "output"), OutputStore(other, "output")

        def write() -> None:
            with second.hold_writing():
                inside.append("second")

        with first.hold_writing():
            thread = threading.Thread(target=write)
            thread.start()
            with OutputStore(other, "another").hold_writing():
                inside.append("first")
        thread.join()
        assert inside == ["first", "second"]

        def write_too_long() -> None:
            end = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
            with first.hold_writing():
                with other.database.transaction() as connection:
                    connection.exec_driver_sql(end)
                write()

        with pytest.raises(StoreError, match="terminat"):
            write_too_long()
        assert inside == ["first", "second", "second"]


class Workers(RuleBasedStateMachine):
    """Workers that claim, renew, finish, give back and die, while time goes on."""

    store: OutputStore
    """Of the test."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.leases = LeaseTable(self.store.whole.database, "output", lambda: self.now)
        with self.store.whole.database.transaction() as connection:
            for table in ("leases", "scans"):
                connection.exec_driver_sql(f"DELETE FROM {table}")
        self.waiting: dict[ScanKey, int] = {}
        """How many workers each page that is left has had."""
        self.held: dict[ScanKey, tuple[str, float]] = {}
        """Who has a page, and until when."""
        self.known: list[tuple[str, Lease]] = []
        """All leases that were ever given."""
        self.expected: dict[ScanKey, int] = {}
        self.done: dict[ScanKey, int] = {}
        self.aside: set[ScanKey] = set()

    workers = st.sampled_from(["a", "b", "c"])

    @rule(key=st.sampled_from(KEYS))
    def find(self, key: ScanKey) -> None:
        """A page is found, perhaps not for the first time, perhaps after it was set aside."""
        before = key in self.waiting
        left = expect(self.store, page_of(key))
        done = self.done.get(key, 0) == self.expected.get(key, 0) > 0 and key not in self.aside
        assert left == (set() if done else {key})
        if left and not before:
            self.waiting[key] = 0
            self.aside.discard(key)
            self.expected[key] = self.done.get(key, 0) + 1

    @rule(name=workers, most=st.integers(1, 3))
    def claim(self, name: str, most: int) -> None:
        """A worker is given what is free, and nothing that somebody holds."""
        claimed = self.leases.claim_pages(worker_of(name), most)
        free = {k for k, n in self.waiting.items() if n < MOST_ATTEMPTS and not self.is_held(k)}
        assert {lease.page.key for lease in claimed} <= free
        assert len(claimed) == min(most, len(free))
        for lease in claimed:
            key = lease.page.key
            self.waiting[key] += 1
            assert lease.attempt == self.waiting[key]
            self.held[key] = (name, self.now + SECONDS)
            self.known.append((name, lease))

    @rule(name=workers)
    def renew(self, name: str) -> None:
        """A worker that lives keeps what nobody has taken over."""
        mine = {key for key, (owner, _) in self.held.items() if owner == name}
        assert set(self.leases.renew_leases(worker_of(name))) == mine
        for key in mine:
            self.held[key] = (name, self.now + SECONDS)

    @rule(seconds=st.sampled_from([1.0, 30.0, 61.0]))
    def wait(self, seconds: float) -> None:
        """Time goes on."""
        self.now += seconds

    @precondition(lambda self: self.known)
    @rule(number=st.integers(0, 10**6))
    def finish(self, number: int) -> None:
        """A worker finishes a page that it was once given; it counts where nobody took it over."""
        name, lease = self.known[number % len(self.known)]
        key = lease.page.key
        mine = self.held.get(key, ("", 0))[0] == name and self.waiting.get(key) == lease.attempt
        assert self.leases.confirm_lease(lease, worker_of(name)) == mine
        assert self.leases.finish_page(lease, done_row(lease.page)) == mine
        if mine:
            del self.waiting[key], self.held[key]
            self.done[key] = self.done.get(key, 0) + 1

    @rule(name=workers)
    def give_back(self, name: str) -> None:
        """A worker is told to stop."""
        self.leases.give_back(worker_of(name))
        for key in [key for key, (owner, _) in self.held.items() if owner == name]:
            del self.held[key]
            self.waiting[key] -= 1

    @rule()
    def sweep(self) -> None:
        """Pages that took too many workers with them are set aside."""
        ruinous = self.leases.list_ruinous()
        assert {lease.page.key for lease in ruinous} == {
            k for k, n in self.waiting.items() if n >= MOST_ATTEMPTS and not self.is_held(k)
        }
        for lease in ruinous:
            key = lease.page.key
            failed = ScanRow(key, lease.page.stem, ScanStatus.FAILED, "", "took three workers")
            assert self.leases.set_aside(lease, failed, "workers-lost")
            assert not self.leases.set_aside(lease, failed, "workers-lost")
            del self.waiting[key]
            self.held.pop(key, None)
            self.aside.add(key)

    def is_held(self, key: ScanKey) -> bool:
        """Whether somebody has a page whose lease has not ended."""
        return self.held.get(key, ("", 0.0))[1] > self.now

    @invariant()
    def counts_agree(self) -> None:
        """What the store tells of the work is so."""
        held = [key for key in self.waiting if self.is_held(key)]
        workers = {self.held[key][0] for key in held}
        aside = (("workers-lost", len(self.aside)),) if self.aside else ()
        counts = LeaseCounts(len(self.waiting) - len(held), len(held), len(workers), aside)
        assert self.leases.count_leases() == counts
        assert self.leases.has_any_left() == bool(self.waiting)

    def teardown(self) -> None:
        """A last worker finishes all that is left: no lease hangs, and no page is done twice."""
        self.now += SECONDS + 1
        self.sweep()
        while claimed := self.leases.claim_pages(worker_of("last"), 2):
            for lease in claimed:
                assert self.leases.finish_page(lease, done_row(lease.page))
                self.done[lease.page.key] = self.done.get(lease.page.key, 0) + 1
                del self.waiting[lease.page.key]
        assert not self.leases.has_any_left()
        assert {k: n for k, n in self.expected.items() if k not in self.aside} == {
            k: n for k, n in self.done.items() if k not in self.aside
        }


@pytest.mark.parametrize("examples", [10, pytest.param(300, marks=pytest.mark.slow)])
def test_every_page_is_done_once(store: OutputStore, examples: int) -> None:
    """Whatever workers do, in whatever order, and however time goes on."""
    machine: Callable[[], Workers] = type("Machine", (Workers,), {"store": store})
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        machine,  # type: ignore[arg-type]
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=checks,
        ),
    )
