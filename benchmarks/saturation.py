"""How many workers one store can serve: measured costs, a simulation, and a real run beside it.

    python -m benchmarks.saturation measure                  # what a page costs a PostgreSQL server
    python -m benchmarks.saturation lock OUTPUT              # for how long pages hold the lock
    python -m benchmarks.saturation simulate [--hold 0.05]   # pages an hour with 1 to 1,000 workers
    python -m benchmarks.saturation check                    # 200 workers whose pages sleep

A worker claims a page, reads it, waits for the lock under which files are written, writes, and ends
its lease; every fifteen seconds it renews the lease. The simulation knows three things of which
there is not enough: cores of the server, the lock, and workers.
"""

import argparse
import os
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from newspage.batch.lease_keeper import LeaseKeeper, make_claimant
from newspage.ingest import parse_publication
from newspage.output import ReadPage, make_page_writer, page_writer
from newspage.output.output_lock import hold_output
from newspage.settings import load_settings
from newspage.store import (
    OutputStore,
    PageFigures,
    ScanKey,
    ScanRow,
    ScanStatus,
    Store,
    WaitingPage,
)
from newspage.workspace import Workspace
from tests import postgres

LEASE_SECONDS = 60.0
_BEATS = 4
"""Renewals in the time of a lease, as in `newspage.batch.lease_keeper`."""


@dataclass(frozen=True, slots=True)
class PageCosts:
    """What one page takes, in seconds."""

    server: float
    """Processor time of the server, to claim, confirm and finish it."""
    renewal: float
    """Processor time of the server, to renew the leases of a worker once."""
    hold: float
    """For which the lock is held: files are written and forced to the disk."""
    reading: float
    """That reading takes; one page takes between half and one and a half of it."""


@dataclass(slots=True)
class Simulated:
    """What came of a simulation."""

    pages: int = 0
    waited: float = 0.0
    """Seconds that workers waited for the lock, all together."""
    locked: float = 0.0
    """Seconds for which somebody had it."""
    served: float = 0.0
    """Seconds that the cores of the server worked."""


def simulate_workers(
    workers: int, costs: PageCosts, seconds: float, cores: int = 4, seed: int = 7
) -> Simulated:
    """Let so many workers read for some seconds of simulated time."""
    import simpy

    world = simpy.Environment()
    server, lock = simpy.Resource(world, cores), simpy.Resource(world, 1)
    chance = random.Random(seed)
    result = Simulated()

    def serve(cost: float) -> Generator[Any, Any, None]:
        with server.request() as turn:
            yield turn
            yield world.timeout(cost)
            result.served += cost

    def renew() -> Generator[Any, Any, None]:
        while True:
            yield world.timeout(LEASE_SECONDS / _BEATS)
            yield from serve(costs.renewal)

    def read() -> Generator[Any, Any, None]:
        # They do not all start at once.
        yield world.timeout(chance.uniform(0.0, costs.reading))
        while True:
            yield from serve(costs.server / 3)
            yield world.timeout(costs.reading * chance.uniform(0.5, 1.5))
            asked = world.now
            with lock.request() as turn:
                yield turn
                result.waited += world.now - asked
                begun = world.now
                yield from serve(costs.server / 3)
                yield world.timeout(costs.hold)
                result.locked += world.now - begun
            yield from serve(costs.server / 3)
            result.pages += 1

    for _ in range(workers):
        world.process(read())
        world.process(renew())
    world.run(until=seconds)
    return result


def table_of_simulations(costs: PageCosts, numbers: Sequence[int], cores: int) -> str:
    """Return as Markdown what one to a thousand workers would read in an hour."""
    head = ("workers", "pages an hour", "of what as many alone would", "lock", "server")
    rows = [head, tuple("---" for _ in head)]
    alone = simulate_workers(1, costs, 36000, cores).pages / 10
    for number in numbers:
        found = simulate_workers(number, costs, 3600, cores)
        share = found.pages / (alone * number)
        rows.append(
            (
                f"{number:,}",
                f"{found.pages:,}",
                f"{share:.0%}",
                f"{found.locked / 3600:.0%}",
                f"{found.served / 3600 / cores:.0%}",
            )
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def measure_costs(pages: int) -> tuple[float, float, float]:
    """Return processor seconds for a page of server and worker, and of the server for a renewal."""
    with postgres.database() as address, Store(address) as whole:
        store = OutputStore(whole, "output")
        _put_pages(store, pages)
        with LeaseKeeper(store, make_claimant(LEASE_SECONDS)) as keeper:
            before, own = _server_seconds(address), time.process_time()
            for _ in range(pages):
                _do_page(store, keeper, 0.0, 0.0)
            per_page = (_server_seconds(address) - before) / pages
            own_page = (time.process_time() - own) / pages
        _put_pages(store, pages)
        with LeaseKeeper(store, make_claimant(LEASE_SECONDS)) as keeper:
            keeper.claim_pages(1)
            before = _server_seconds(address)
            for _ in range(pages):
                store.leases.renew_leases(keeper.claimant)
            renewal = (_server_seconds(address) - before) / pages
    return per_page, own_page, renewal


def measure_lock(output: Path) -> list[tuple[float, float]]:
    """Return processor and clock seconds for which each page of an output folder holds the lock.

    Its records are written anew into an empty folder with a PostgreSQL store.
    """
    taken: list[tuple[float, float]] = []

    @contextmanager
    def hold_and_measure(place: Workspace, store: OutputStore) -> Iterator[None]:
        with hold_output(place, store):
            before = time.thread_time(), time.perf_counter()
            yield
            taken.append((time.thread_time() - before[0], time.perf_counter() - before[1]))

    found = sorted(output.rglob("*.json"))
    paths = [path for path in found if path.name != "index.json" and path.parent.name != "issues"]
    with postgres.database() as address, tempfile.TemporaryDirectory() as folder:
        settings = load_settings(None, {("run", "store"): ("store", address)})
        place = Workspace.for_output(Path(folder) / "output", settings.config.run)
        with (
            Store(address) as whole,
            patch.object(page_writer, "hold_output", hold_and_measure),
        ):
            writer = make_page_writer(place, OutputStore(whole, place.name), settings)
            for path in paths:
                stem = path.relative_to(output).with_suffix("").as_posix()
                shows = parse_publication(path.with_suffix(".png"), output)
                key = ScanKey(f"scans/{stem}.png")
                writer.write_new(ReadPage(key, stem, shows, path.read_bytes()))
    # The first page loads what the others find loaded.
    return taken[1:]


@dataclass(frozen=True, slots=True)
class Steps:
    """Seconds by the clock that one page took a worker, but for reading."""

    store: float
    """To claim it and to end its lease."""
    waited: float
    """To get the lock."""
    hold: float
    """While it had the lock."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of workers that sleep, in the time in which all were at work."""

    pages: int
    seconds: float
    steps: Steps
    """Means of all pages."""


def check_with_sleepers(
    workers: int, costs: PageCosts, seconds: float, processes: int = 4
) -> Checked:
    """Let so many workers sleep instead of reading, over a real store.

    Args:
        workers: Threads, each with a store of its own.
        costs: How long they sleep to read, and while they have the lock.
        seconds: For which they go on.
        processes: By which the threads are shared out.
    """
    options = f"-c max_connections={4 * workers + 20}"
    with postgres.database(options) as address:
        with Store(address) as whole:
            most = int(2 * workers * (seconds / costs.reading + 2))
            _put_pages(OutputStore(whole, "output"), most)
        begin = time.time() + 15.0
        children = []
        log = Path(tempfile.mkdtemp()) / "steps.txt"
        for number in range(processes):
            some = workers // processes + (number < workers % processes)
            child = os.fork()
            if not child:
                with suppress(BaseException):
                    _sleep_for_pages(address, some, costs, (begin, begin + seconds), number, log)
                os._exit(0)
            children.append(child)
        warm = begin + 2 * costs.reading
        time.sleep(max(0.0, warm - time.time()))
        first, since = _count_done(address), time.monotonic()
        time.sleep(max(0.0, begin + seconds - time.time()))
        last, passed = _count_done(address), time.monotonic() - since
        for child in children:
            os.waitpid(child, 0)
    logged = [tuple(map(float, line.split())) for line in log.read_text("ascii").splitlines()]
    steps = Steps(*(statistics.mean(values) for values in zip(*logged, strict=True)))
    return Checked(last - first, passed, steps)


def _sleep_for_pages(
    address: str, workers: int, costs: PageCosts, times: tuple[float, float], seed: int, log: Path
) -> None:
    """Be so many workers, each a thread with connections of its own, between two times."""
    begin, end = times
    steps: list[Steps] = []

    def work(number: int) -> None:
        chance = random.Random(1000 * seed + number)
        with Store(address) as whole:
            store = OutputStore(whole, "output")
            time.sleep(max(0.0, begin - time.time()) + chance.uniform(0.0, costs.reading))
            with LeaseKeeper(store, make_claimant(LEASE_SECONDS)) as keeper:
                while time.time() < end:
                    reading = costs.reading * chance.uniform(0.5, 1.5)
                    steps.append(_do_page(store, keeper, reading, costs.hold))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with log.open("a", encoding="ascii") as file:
        file.writelines(f"{one.store} {one.waited} {one.hold}\n" for one in steps)


def _do_page(store: OutputStore, keeper: LeaseKeeper, reading: float, hold: float) -> Steps:
    """Do with the store what a worker does for one page."""
    start = time.perf_counter()
    (lease,) = keeper.claim_pages(1)
    claimed = time.perf_counter()
    time.sleep(reading)
    page = lease.page
    asked = time.perf_counter()
    with store.hold_writing():
        begun = time.perf_counter()
        keeper.confirm_lease(lease)
        time.sleep(hold)
        ended = time.perf_counter()
    freed = time.perf_counter()
    figures = PageFigures(12, 5400, 260, 4, 9.5, (("recognise", 5.0),), (), "", 12.0)
    row = ScanRow(
        page.key, page.stem, ScanStatus.DONE, page.fingerprint, "", page.publication, figures
    )
    keeper.finish_page(lease, row)
    store.leases.has_any_left()
    finished = time.perf_counter()
    # Of the three statements after the block the first frees the lock.
    held = ended - begun + (freed - ended) / 3
    return Steps(claimed - start + finished - freed, begun - asked, held)


def _put_pages(store: OutputStore, number: int) -> None:
    """Have so many pages wait."""
    pages = [
        WaitingPage(ScanKey(f"scans/{n:06}.png"), f"{n:06}", f"{n:064x}", "0", "0" * 64, 10, 10)
        for n in range(number)
    ]
    rows = [ScanRow(page.key, page.stem, ScanStatus.PENDING, "") for page in pages]
    store.expect_scans(rows, [], pages, {page.key for page in pages})


def _count_done(address: str) -> int:
    """Return how many pages are done."""
    with Store(address) as whole:
        return OutputStore(whole, "output").progress.count_states()[ScanStatus.DONE]


def _server_seconds(address: str) -> float:
    """Return the processor time of all processes of the server whose port the address names."""
    port = address.rpartition(":")[2].partition("/")[0]
    ticks = os.sysconf("SC_CLK_TCK")
    parents: dict[int, int] = {}
    seconds: dict[int, float] = {}
    head = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            parts = (folder / "stat").read_text("ascii", errors="replace").rpartition(")")[2]
            values = parts.split()
            number = int(folder.name)
            parents[number] = int(values[1])
            # Those of processes that have ended and were waited for count to their parent.
            seconds[number] = sum(map(int, values[11:15])) / ticks
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if b"-p" in words and words[words.index(b"-p") + 1] == port.encode():
                head = number if b"postgres" in words[0] else head
    return sum(s for number, s in seconds.items() if head in (number, parents[number]))


def _costs(given: argparse.Namespace) -> PageCosts:
    return PageCosts(given.server, given.renewal, given.hold, given.reading)


def _measure(given: argparse.Namespace) -> None:
    page, own, renewal = measure_costs(given.pages)
    print(f"a page: server {1e3 * page:.2f} ms, worker {1e3 * own:.2f} ms of processor time")
    print(f"a renewal: server {1e3 * renewal:.2f} ms")


def _lock(given: argparse.Namespace) -> None:
    taken = measure_lock(given.output)
    for what, values in zip(("processor", "clock"), zip(*taken, strict=True), strict=True):
        shown = ", ".join(f"{1e3 * value:.0f}" for value in values)
        print(f"{what}: {1e3 * statistics.mean(values):.0f} ms a page ({shown})")


def _simulate(given: argparse.Namespace) -> None:
    print(table_of_simulations(_costs(given), (1, 10, 50, 100, 200, 500, 1000), given.cores))


def _check(given: argparse.Namespace) -> None:
    found = check_with_sleepers(given.workers, _costs(given), given.seconds)
    steps = found.steps
    # A page takes as long as it took here, on this machine with what else it does; of waiting for
    # each other the simulation knows nothing.
    costs = PageCosts(0.0, given.renewal, steps.hold, given.reading + steps.store)
    early, late = (
        [simulate_workers(given.workers, costs, end, given.cores, seed) for seed in range(5)]
        for end in (given.seconds - found.seconds, given.seconds)
    )
    pages = sum(one.pages for one in late) - sum(one.pages for one in early)
    speed, model = found.pages / found.seconds, pages / len(late) / found.seconds
    waited = sum(one.waited for one in late) / max(1, sum(one.pages for one in late))
    print(
        f"{given.workers} workers, {given.reading:g} s a page; "
        f"the lock is held {steps.hold:.3f} s, the store takes {steps.store:.3f} s"
    )
    print(f"pages a second: {speed:.2f}, simulated {model:.2f} ({speed / model - 1:+.1%})")
    print(f"seconds of waiting for the lock: {steps.waited:.2f}, simulated {waited:.2f}")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    acts: dict[str, Callable[[argparse.Namespace], None]] = {
        "measure": _measure,
        "lock": _lock,
        "simulate": _simulate,
        "check": _check,
    }
    parser.add_argument("act", choices=sorted(acts))
    parser.add_argument("output", type=Path, nargs="?", help="of a run, for `lock`")
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--server", type=float, default=0.004)
    parser.add_argument("--renewal", type=float, default=0.001)
    parser.add_argument("--hold", type=float, default=0.05)
    parser.add_argument("--reading", type=float, default=10.0)
    parser.add_argument("--cores", type=int, default=4)
    parser.add_argument("--workers", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    acts[given.act](given)


if __name__ == "__main__":
    main()
