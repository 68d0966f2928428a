"""Kill -9 at random moments of all that writes: run, watch, review, and the database itself."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from benchmarks.attack.offices import (
    differing,
    empty,
    ended,
    killed,
    office_at_work,
    started,
    undisturbed,
)
from benchmarks.attack.servers import crash_server, wait_for_server
from benchmarks.attack.silence import errors_into
from benchmarks.attack.tally import Tally
from newspage.batch.folder import ReaderBackend, RunRequest, run_folder
from newspage.batch.selection import PageSelection, Still
from newspage.batch.watch import FolderWatcher, WatchPace
from newspage.batch.workers import PoolPlan
from tests import postgres
from tests.asking import PAGES, Office, make_reader
from tests.test_desk_faults import DECIDER, READER, start
from tests.test_desk_faults import kill as kill_process
from tests.test_review_kills import Person, Server, restarted, whole
from tests.test_run import Heard

REPOSITORY = Path(__file__).resolve().parents[2]
_ATTEMPTS = 4
"""For each kill: some runs have ended before they are killed, and do not count."""
_SECONDS = 60.0


def attack_runs(size: int, seed: int) -> Tally:
    """Kill so many runs; the next one must leave what an undisturbed one leaves."""
    tally = Tally("kills of run")
    with office_at_work() as office:
        expected = undisturbed(office)
        # Timed in a child like those that are killed: the first run in this process also loads
        # modules, and took ten times as long, so that every kill came too late.
        start_of_all = time.monotonic()
        ended(started(office.run), _SECONDS)
        longest = time.monotonic() - start_of_all
        for number in range(_ATTEMPTS * size):
            if tally.tried == size:
                break
            chance = random.Random(f"{seed} run {number}")
            force = chance.random() < 0.5
            if not force:
                empty(office)
            child = started(partial(office.run, force=force))
            moment = _moment(chance, longest)
            time.sleep(moment)
            if how := killed(child):
                _judge(tally, f"run {seed} {number}", how, office, expected)
            else:
                longest = min(longest, moment)
    return tally


def attack_watching(size: int, seed: int) -> Tally:
    """Kill so many watchers while scans come and change."""
    tally = Tally("kills of watch")
    with office_at_work() as office:
        for number in range(size):
            chance = random.Random(f"{seed} watch {number}")
            empty(office)
            child = started(partial(_watch, office))
            for _ in range(3):
                time.sleep(_moment(chance, 0.5))
                names = chance.sample(("c.png", "d.png", *PAGES), 3)
                office.scans(*names, shade=chance.randrange(256))
            how = killed(child)
            _judge(tally, f"watch {seed} {number}", how, office, undisturbed(office))
    return tally


def attack_reviewing(size: int, seed: int) -> Tally:
    """Kill a server of the review page and a run, so many times, while somebody decides.

    Each moment is two kills.
    """
    tally = Tally("kills of review and run")
    with office_at_work(PAGES) as office:
        office.run()
        acknowledged: set[str] = set()
        for number in range(-(-size // 2)):
            chance = random.Random(f"{seed} review {number}")
            acknowledged |= _one_review(tally, office, chance, f"review {seed} {number}")
            _check_decisions(tally, office, acknowledged, f"review {seed} {number}")
        _check_rebuilt(tally, office, f"review {seed}")
    return tally


def attack_database(size: int, seed: int) -> Tally:
    """Kill processes of a PostgreSQL server under a desk and a run, so many times."""
    tally = Tally("kills of PostgreSQL")
    if (
        not sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        or postgres.VARIABLE in os.environ
    ):
        tally.untried = "no PostgreSQL is installed here that may be killed"
        return tally
    with (
        # A desk whose database dies says so at length.
        errors_into(Path(os.devnull)),
        postgres.database() as address,
        office_at_work(PAGES, address) as office,
    ):
        office.run()
        acknowledged: set[str] = set()
        for number in range(size):
            chance = random.Random(f"{seed} database {number}")
            desk = start(DECIDER, REPOSITORY, office.home, number, address)
            run = start(READER, REPOSITORY, office.home, address)
            time.sleep(chance.uniform(0, 0.5))
            crash_server(address, chance)
            time.sleep(chance.uniform(0, 0.2))
            acknowledged |= set(kill_process(desk))
            kill_process(run)
            tally.tried += 1
            wait_for_server(address)
            _check_decisions(tally, office, acknowledged, f"database {seed} {number}")
        _check_rebuilt(tally, office, f"database {seed}")
    return tally


def _moment(chance: random.Random, longest: float) -> float:
    """Seconds: most is written soon after the start."""
    return chance.triangular(0.0, longest, 0.1 * longest)


def _judge(tally: Tally, name: str, how: int, office: Office, expected: dict[str, bytes]) -> None:
    """Run again, and compare."""
    tally.tried += 1
    if how not in (0, -signal.SIGKILL):
        tally.crashes.append(f"{name}: ended with {how} before it was killed")
    code = ended(started(office.run), _SECONDS)
    if code is None:
        tally.hangs.append(f"{name}: the next run")
    elif code:
        tally.crashes.append(f"{name}: the next run ended with {code}")
    if wrong := differing(office.outputs(), expected):
        tally.losses.append(f"{name}: {wrong}")


def _watch(office: Office) -> None:
    """Watch in a hurry."""

    def run(still: Still) -> None:
        scans = (office.home / "scans",)
        request = RunRequest(
            scans,
            office.place.output,
            office.settings,
            PoolPlan(1, 1),
            selection=PageSelection(still=still),
        )
        run_folder(request, ReaderBackend(make_reader, ""), Heard())

    pace = WatchPace(every=0.02, still=0.05, trouble=0.1, share=1.0)
    FolderWatcher(
        [office.home / "scans"], office.place.output, run, lambda _: None, pace
    ).watch_folders()


def _one_review(tally: Tally, office: Office, chance: random.Random, name: str) -> set[str]:
    """One server, one run, one person; the server and the run are killed, in either order."""
    server = Server(office, REPOSITORY)
    reader = start(READER, REPOSITORY, office.home)
    person = Person(server.address(), chance.randrange(2**31))
    person.start()
    if not person.begun.wait(_SECONDS):
        tally.hangs.append(f"{name}: the server does not answer")
    time.sleep(chance.uniform(0, 0.8))
    ways: list[Callable[[], object]] = [server.kill, partial(kill_process, reader)]
    for kill in chance.sample(ways, 2):
        kill()
        time.sleep(chance.uniform(0, 0.05))
    person.join(_SECONDS)
    tally.tried += 2
    tally.crashes += [f"{name}: {surprise}" for surprise in person.surprises]
    return set(person.acknowledged)


def _check_decisions(tally: Tally, office: Office, acknowledged: set[str], name: str) -> None:
    """All that was acknowledged is in the store and in the files; none of these is half written."""
    try:
        whole(office)
        restarted(office, acknowledged)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what was looked for
        tally.losses.append(f"{name}: {type(error).__name__}: {error}"[:300])


def _check_rebuilt(tally: Tally, office: Office, name: str) -> None:
    """Output that is thrown away comes back as it was, all decisions in it."""
    office.run()
    before = office.outputs()
    shutil.rmtree(office.place.output)
    office.run()
    if wrong := differing(office.outputs(), before):
        tally.losses.append(f"{name}: {wrong}")
    with closing(office.desk()) as desk:
        if lost := desk.list_lost():
            tally.losses.append(f"{name}: {len(lost)} decisions have no place")
