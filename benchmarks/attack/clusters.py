"""Kill and stop what a run on a Dask cluster is made of, again and again.

Sixty small pages are read by three Dask workers. At random moments a Dask worker, the worker of
newspage beside it, the scheduler or the run itself is killed, or stopped for a while. What was
killed is started again, the run by the same command. In the end every page must be there once, byte
for byte as an undisturbed run leaves it, no lease may hang, and no process may be left.
"""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field

from benchmarks.attack.offices import differing, office_at_work, undisturbed, workplace
from benchmarks.attack.sharing import SCANS
from benchmarks.attack.tally import Tally
from newspage.errors import ExitCode
from newspage.store import OutputStore, ScanStatus, Store
from tests import postgres
from tests.asking import Office
from tests.clusters import REPOSITORY, DaskCluster

_WORKERS = 3
_LEASE = 2.0
_PAGE_SECONDS = 0.5
_SECONDS = 300.0
"""For a run that nobody disturbs any more. Generous: machines do other work besides."""
_ALLOWED = (
    ExitCode.DONE,
    ExitCode.USAGE,  # every Dask worker has lost three workers of newspage
    ExitCode.DEPENDENCY,  # the scheduler is gone
    -signal.SIGKILL,
)


@dataclass(slots=True)
class _Scene:
    """A cluster, a run on it, and what was stopped."""

    cluster: DaskCluster
    office: Office
    chance: random.Random
    run: "subprocess.Popen[bytes]"
    stopped: list[int] = field(default_factory=list)


def attack_clusters(size: int, seed: int) -> Tally:
    """Strike so many times at clusters whose store is a file."""
    tally = Tally("blows at Dask clusters")
    for number in range(size):
        if tally.tried < size:
            _one_cluster(tally, size, f"cluster {seed} {number}", "")
    return tally


def attack_clusters_on_server(size: int, seed: int) -> Tally:
    """Do so over a store on a PostgreSQL server."""
    tally = Tally("blows at Dask clusters, PostgreSQL")
    if not postgres.own_server():
        tally.untried = "no PostgreSQL is installed here that may be killed"
        return tally
    with postgres.database() as address:
        for number in range(size):
            if tally.tried < size:
                postgres.emptied(address)
                _one_cluster(tally, size, f"cluster on a server {seed} {number}", address)
    return tally


def _one_cluster(tally: Tally, size: int, name: str, store: str) -> None:
    """Strike until the pages of one office are read; judge the end."""
    with office_at_work(SCANS, store) as office, workplace() as folder:
        expected = undisturbed(office)
        cluster = DaskCluster(folder)
        try:
            for _ in range(_WORKERS):
                cluster.add_worker()
            scene = _Scene(cluster, office, random.Random(name), _start_run(cluster, office))
            while tally.tried < size and (code := scene.run.poll()) != 0:
                if code is not None:
                    _judge(tally, name, code)
                    scene.run = _start_run(cluster, office)
                time.sleep(scene.chance.uniform(0.2, 4.0))
                _resume(scene)
                tally.tried += 1
                _strike(scene)
            _resume(scene)
            _finish(tally, name, scene)
        finally:
            cluster.close()
        _check(tally, office, expected, name)


def _strike(scene: _Scene) -> None:
    """Kill or stop something; start anew what was killed."""
    cluster, chance = scene.cluster, scene.chance
    number = chance.randrange(_WORKERS)
    match chance.choices(range(6), (5, 4, 4, 3, 2, 2))[0]:
        case 0:
            cluster.kill_worker(number)
            cluster.add_worker()
        case 1:
            _stop(scene, cluster.workers[number].pid)
        case 2:
            if hosted := cluster.list_hosted():
                _stop(scene, chance.choice(hosted))
        case 3:
            if hosted := cluster.list_hosted():
                with suppress(ProcessLookupError):
                    os.kill(chance.choice(hosted), signal.SIGKILL)
        case 4:
            cluster.restart_scheduler()
            while cluster.workers:
                # They have no scheduler any more, and would end by themselves.
                cluster.kill_worker(0)
            for _ in range(_WORKERS):
                cluster.add_worker()
        case _:
            scene.run.kill()
            scene.run.wait()


def _stop(scene: _Scene, process: int) -> None:
    """Stop a process until the next blow."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGSTOP)
        scene.stopped.append(process)


def _resume(scene: _Scene) -> None:
    """Let go on what was stopped."""
    for process in scene.stopped:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGCONT)
    scene.stopped.clear()


def _finish(tally: Tally, name: str, scene: _Scene) -> None:
    """Let the run come to its end, and start it again if that was not a good one."""
    for _ in range(3):
        try:
            code = scene.run.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            tally.hangs.append(f"{name}: the run")
            scene.run.kill()
            code = scene.run.wait()
        if code == 0:
            break
        _judge(tally, name, code)
        while scene.cluster.workers:
            scene.cluster.kill_worker(0)
        for _ in range(_WORKERS):
            scene.cluster.add_worker()
        scene.run = _start_run(scene.cluster, scene.office)
    else:
        tally.hangs.append(f"{name}: the run does not come to its end")
    end = time.monotonic() + _SECONDS
    while left := scene.cluster.list_hosted():
        if time.monotonic() > end:
            tally.hangs.append(f"{name}: {len(left)} workers are left")
            return
        time.sleep(0.2)


def _start_run(cluster: DaskCluster, office: Office) -> "subprocess.Popen[bytes]":
    """Start a run, the same command each time."""
    store = office.place.store
    command = [sys.executable, "-m", "tests.worker_program", "run", str(office.home)]
    return subprocess.Popen(
        [
            *command,
            *([store] if isinstance(store, str) else []),
            *("--lease", str(_LEASE), "--seconds", str(_PAGE_SECONDS)),
            *("--cluster", cluster.address),
        ],
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={
            **os.environ,
            "PYTHONPATH": f"{REPOSITORY / 'pipeline'}{os.pathsep}{REPOSITORY}",
        },
    )


def _judge(tally: Tally, name: str, code: int) -> None:
    """Judge how a run ended that did not come to a good end."""
    if code not in _ALLOWED:
        tally.crashes.append(f"{name}: the run ended with {code}")
    elif code > 0:
        tally.refused += 1


def _check(tally: Tally, office: Office, expected: dict[str, bytes], name: str) -> None:
    """Judge what is left; pages that were set aside are read after all."""
    with closing(Store(office.place.store)) as whole:
        store = OutputStore(whole, office.place.name)
        if left := store.leases.count_leases().left:
            tally.hangs.append(f"{name}: {left} pages are left")
        failed = any(row.status is ScanStatus.FAILED for row in store.list_scans().values())
    if failed:
        office.run()
    with closing(Store(office.place.store)) as whole:
        rows = OutputStore(whole, office.place.name).list_scans().values()
    done = sum(row.status is ScanStatus.DONE for row in rows)
    if done != len(SCANS):
        tally.losses.append(f"{name}: {done} of {len(SCANS)} pages are done")
    if wrong := differing(office.outputs(), expected):
        tally.losses.append(f"{name}: {wrong}")
