"""Kill, stop and starve workers that share the pages of an output folder, again and again.

Sixty small pages are read by three workers, by leases of half a second. At random moments one of
them is killed, or stopped for so long that others may take its page over; the clock of each tells
another time. Killed ones are replaced. In the end every page must be there once, byte for byte as
an undisturbed run leaves it, no lease may hang, and nobody may have written over another.
"""

import os
import random
import resource
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from unittest.mock import patch

from benchmarks.attack.offices import (
    REFUSED,
    differing,
    ended,
    how_it_ended,
    office_at_work,
    started,
    undisturbed,
)
from benchmarks.attack.servers import crash_server, wait_for_server
from benchmarks.attack.silence import errors_into
from benchmarks.attack.tally import Tally
from newspage.batch import shared_worker
from newspage.batch.folder import ReaderBackend, RunRequest, run_folder
from newspage.batch.selection import PageSelection
from newspage.batch.shared_worker import StopRequest, WorkerRequest, run_worker
from newspage.batch.tasks import ReadScan
from newspage.batch.workers import PoolPlan
from newspage.config import Config, EngineConfig
from newspage.model import PageRecord, Scan
from newspage.settings import load_settings
from newspage.store import OutputStore, PageFigures, ScanStatus, Store
from tests import asking, fakes, postgres
from tests.asking import PAGES, Office
from tests.test_run import Heard

SCANS = (*PAGES, *(f"{'a' * i}.png" for i in range(2, 58)))
"""No two have lines alike: they would be taken for scans of one page."""
_WORKERS = 3
_LEASE = 0.5
_LATE = "late.txt"
"""File with a line for each result that came too late and was dropped."""
_QUIET = 5 * _LEASE
"""Seconds in which a page is taken over, read and written, if that can be."""
_FINISHED = "finished.txt"
"""File in the office with the names of the pages that workers finished, a line each."""
_SECONDS = 60.0


class _Log(Heard):
    """A listener that writes down which pages a worker finished."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def report_page(self, name: str, figures: PageFigures) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{name}\n")

    def report_note(self, message: str) -> None:
        if "is dropped" not in message:
            return
        with self._path.with_name(_LATE).open("a", encoding="utf-8") as file:
            file.write(f"{message}\n")


def attack_workers(size: int, seed: int) -> Tally:
    """Kill or stop workers so many times, over a store in a file."""
    tally = Tally("kills of workers")
    with errors_into(Path(os.devnull)):
        for number in range(size):
            if tally.tried < size:
                _one_office(tally, size, f"workers {seed} {number}", "")
    return tally


def attack_workers_on_server(size: int, seed: int) -> Tally:
    """Do so over a store on a PostgreSQL server."""
    tally = Tally("kills of workers, PostgreSQL")
    if not postgres.own_server():
        tally.untried = "no PostgreSQL is installed here that may be killed"
        return tally
    with errors_into(Path(os.devnull)), postgres.database() as address:
        for number in range(size):
            if tally.tried < size:
                postgres.emptied(address)
                _one_office(tally, size, f"workers on a server {seed} {number}", address)
    return tally


def attack_workers_through_restarts(size: int, seed: int) -> Tally:
    """Have a PostgreSQL server crash and come back while workers read, and kill some of them."""
    tally = Tally("workers, PostgreSQL starts anew")
    if not postgres.own_server():
        tally.untried = "no PostgreSQL is installed here that may be killed"
        return tally
    with errors_into(Path(os.devnull)), postgres.database() as address:
        for number in range(size):
            if tally.tried < size:
                postgres.emptied(address)
                name = f"restarts {seed} {number}"
                _one_office(tally, size, name, address, partial(_crash_server, address))
    return tally


def attack_workers_on_full_disks(size: int, seed: int) -> Tally:
    """Replace workers by some that can write so much and no more, until they end of it."""
    tally = Tally("workers on full disks")
    with errors_into(Path(os.devnull)):
        for number in range(size):
            if tally.tried < size:
                _one_office(tally, size, f"full disks {seed} {number}", "", _fill_disk)
    return tally


def _one_office(
    tally: Tally, size: int, name: str, store: str, strike: "Strike | None" = None
) -> None:
    """Strike workers, by kills and stops at first, until the pages of one office are read.

    Judges the end.
    """
    strike = strike or _disturb
    chance = random.Random(name)
    with office_at_work(SCANS, store) as office:
        expected = undisturbed(office)
        _enqueue(office)
        crew = [_start(office, chance) for _ in range(_WORKERS)]
        stopped: set[int] = set()
        watch = _Progress(office.home / _FINISHED)
        while tally.tried < size and len(crew) == _WORKERS:
            time.sleep(chance.uniform(0.0, 0.8))
            child = chance.choice([child for child in crew if child not in stopped])
            crew.remove(child)
            crew += strike(tally, office, chance, child, stopped, name)
            if watch.rests():
                _resume(stopped)
        # Those that are stopped until others have done their pages go on when it is too late.
        while stopped and not watch.rests():
            time.sleep(0.05)
        _resume(stopped)
        for child in crew:
            _judge(tally, name, ended(child, _SECONDS))
        _judge(tally, name, ended(_start(office, chance), _SECONDS))
        _check(tally, office, expected, name)


def _disturb(
    tally: Tally,
    office: Office,
    chance: random.Random,
    child: int,
    stopped: set[int],
    name: str,
) -> list[int]:
    """Kill a worker and start another, or stop it, for a while or to the end; who has its place.

    Nobody has where it had come to its end: then all pages are read.
    """
    found, status = os.waitpid(child, os.WNOHANG)
    if found:
        _judge(tally, name, os.waitstatus_to_exitcode(status))
        return []
    tally.tried += 1
    what = chance.random()
    if what < 0.5:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return [_start(office, chance)]
    os.kill(child, signal.SIGSTOP)
    if what < 0.75 and len(stopped) < _WORKERS - 1:
        stopped.add(child)
        return [child]
    time.sleep(chance.uniform(0.0, 2 * _LEASE))
    os.kill(child, signal.SIGCONT)
    return [child]


Strike = Callable[[Tally, Office, random.Random, int, set[int], str], list[int]]
"""As `_disturb`: a blow at a worker; returns who has its place."""


def _crash_server(
    address: str,
    tally: Tally,
    office: Office,
    chance: random.Random,
    child: int,
    stopped: set[int],
    name: str,
) -> list[int]:
    """Have the server crash, or disturb a worker as well."""
    if chance.random() < 0.5:
        return _disturb(tally, office, chance, child, stopped, name)
    tally.tried += 1
    crash_server(address, chance)
    wait_for_server(address)
    return [child]


def _fill_disk(
    tally: Tally, office: Office, chance: random.Random, child: int, stopped: set[int], name: str
) -> list[int]:
    """Have a worker in place of another one that can write little, and ends when it finds out."""
    found, status = os.waitpid(child, os.WNOHANG)
    if found:
        _judge(tally, name, os.waitstatus_to_exitcode(status))
        return []
    tally.tried += 1
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    most = 2 * office.place.home.joinpath("newspage.sqlite").stat().st_size
    room = int(chance.triangular(0, most, 0))
    poor = started(partial(_work_with_little_room, office, room))
    code = ended(poor, _SECONDS)
    _judge(tally, f"{name} ({room} bytes)", code)
    if code == REFUSED:
        tally.refused += 1
    return [_start(office, chance)]


def _work_with_little_room(office: Office, room: int) -> None:
    """Be a worker in whose world no file grows beyond so many bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    _work(office, 0.0, 0.02)


class _Progress:
    """Watch over the pages that workers finish."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size, self._since = 0, time.monotonic()

    def rests(self) -> bool:
        """Tell whether no page was finished for some time: all are, or who is stopped has a lock.

        One that is stopped just when it writes holds up the others.
        """
        size = self._path.stat().st_size if self._path.exists() else 0
        if size != self._size:
            self._size, self._since = size, time.monotonic()
        return time.monotonic() - self._since > _QUIET


def _resume(stopped: set[int]) -> None:
    """Let workers go on that were stopped."""
    for child in stopped:
        os.kill(child, signal.SIGCONT)
    stopped.clear()


def _check(tally: Tally, office: Office, expected: dict[str, bytes], name: str) -> None:
    """Judge what the workers left; pages that were set aside are read after all."""
    with closing(Store(office.place.store)) as whole:
        store = OutputStore(whole, office.place.name)
        counts = store.leases.count_leases()
        if counts.left:
            tally.hangs.append(f"{name}: {counts.left} pages are left")
        aside = sum(count for _, count in counts.aside)
    path = office.home / _LATE
    late = (
        [line.split(":")[0] for line in path.read_text("utf-8").splitlines()]
        if path.exists()
        else []
    )
    tally.refused += aside + len(late)
    if aside:
        _retry(office)
    with closing(Store(office.place.store)) as whole:
        rows = OutputStore(whole, office.place.name).list_scans().values()
    done = sum(row.status is ScanStatus.DONE for row in rows)
    if done != len(SCANS):
        tally.losses.append(f"{name}: {done} of {len(SCANS)} pages are done")
    finished = (office.home / _FINISHED).read_text("utf-8").split()
    # A page that a late worker had written already when it found out is read once more.
    if twice := sorted({s for s in finished if finished.count(s) > 1 + late.count(s)}):
        tally.losses.append(f"{name}: done twice: {', '.join(twice[:5])}")
    if wrong := differing(office.outputs(), expected):
        tally.losses.append(f"{name}: {wrong}")


def _judge(tally: Tally, name: str, code: int | None) -> None:
    """Judge how a worker ended that nobody killed."""
    if code is None:
        tally.hangs.append(f"{name}: a worker")
    elif code not in (0, REFUSED):
        tally.crashes.append(f"{name}: a worker {how_it_ended(code)}")


def _start(office: Office, chance: random.Random) -> int:
    """Start a worker, whose clock is wrong by up to a day."""
    return started(partial(_work, office, chance.uniform(-86400, 86400), chance.uniform(0.02, 0.4)))


def _work(office: Office, skew: float, seconds: float) -> None:
    """Be a worker whose pages take so many seconds."""

    def make_reader(config: EngineConfig, threads: int) -> ReadScan:
        def read(scan: Scan, config: Config) -> PageRecord:
            time.sleep(seconds)
            return asking.read(scan, config)

        return read

    lease = {("run", "store"): ("store", office.settings.config.run.store)}
    settings = load_settings(None, {**lease, ("run", "lease_seconds"): ("lease", _LEASE)})
    request = WorkerRequest(office.place.output, settings, PoolPlan(1, 1))
    with (
        _clock_wrong_by(skew),
        patch.object(shared_worker, "WorkerPool", fakes.LocalCrew),
        patch.object(shared_worker, "_RETRY_SECONDS", 0.2),
    ):
        run_worker(
            request, ReaderBackend(make_reader, ""), _Log(office.home / _FINISHED), StopRequest()
        )


@contextmanager
def _clock_wrong_by(seconds: float) -> Iterator[None]:
    """Tell another time of day."""
    right = time.time
    with patch.object(time, "time", lambda: right() + seconds):
        yield


def _enqueue(office: Office) -> None:
    """Have the pages of an office wait."""
    _run(office, PageSelection(), elsewhere=True)


def _retry(office: Office) -> None:
    """Read what was set aside."""
    _run(office, PageSelection(failed=True), elsewhere=False)


def _run(office: Office, selection: PageSelection, elsewhere: bool) -> None:
    """Run over the scans of an office."""
    request = RunRequest(
        (office.home / "scans",),
        office.place.output,
        office.settings,
        PoolPlan(1, 1),
        selection=selection,
        elsewhere=elsewhere,
    )
    run_folder(request, ReaderBackend(asking.make_reader, ""), Heard())
