"""Finds pages and reads them as commands do, without networks: `python -m tests.worker_program`.

    ... enqueue|run|worker HOME [STORE] [--seconds S] [--lease S] [--grace S] [--wait] [-j N]
        [--cluster ADDRESS] [--budget S]

A page takes `--seconds`. One whose name holds "killer" ends the whole worker, and that at once.
"""

import argparse
import os
import signal
import sys
import time
from functools import partial
from pathlib import Path

from newspage.batch import folder, shared_worker
from newspage.batch.folder import ReaderBackend, RunRequest, run_folder
from newspage.batch.run_events import RunOutcome
from newspage.batch.shared_worker import StopRequest, WorkerRequest, run_worker
from newspage.batch.tasks import ReadScan
from newspage.batch.worker_crew import ClusterChoice
from newspage.batch.workers import PoolPlan
from newspage.cli_worker import listen_for_stop
from newspage.config import Config, EngineConfig
from newspage.errors import NewspageError
from newspage.model import PageRecord, Scan
from newspage.settings import Settings, load_settings
from tests import asking, fakes
from tests.test_run import Heard


def make_reader(seconds: float, config: EngineConfig, threads: int) -> ReadScan:
    """A maker of readers that take their time."""

    def read(scan: Scan, config: Config) -> PageRecord:
        if "killer" in scan.path.stem:
            # The reader's parent is the worker; in one process they are the same.
            os.kill(os.getppid() if os.environ.get("OWN_READERS") else os.getpid(), signal.SIGKILL)
            time.sleep(60)
        time.sleep(seconds)
        return asking.read(scan, config)

    return read


def make_hosted_backend(seconds: float, config: EngineConfig) -> ReaderBackend:
    """A maker of such readers for a worker on a cluster, which then reads in its own process."""
    if not os.environ.get("OWN_READERS"):
        setattr(shared_worker, "WorkerPool", fakes.LocalCrew)  # noqa: B010 - as below
    return ReaderBackend(partial(make_reader, seconds), os.environ.get("OTHER_NETWORKS", ""))


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def settings_of(store: str, lease: float) -> Settings:
    """Settings with a store and a lease."""
    return load_settings(
        None, {("run", "store"): ("store", store), ("run", "lease_seconds"): ("lease", lease)}
    )


def main() -> None:
    """Do as the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["enqueue", "run", "worker"])
    parser.add_argument("home", type=Path)
    parser.add_argument("store", nargs="?", default="")
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--lease", type=float, default=60.0)
    parser.add_argument("--grace", type=float, default=20.0)
    parser.add_argument("--identity", default="")
    parser.add_argument("--cluster", default="")
    parser.add_argument("--budget", type=float, default=0.0)
    parser.add_argument("--wait", action="store_true")
    parser.add_argument("-j", type=int, default=1)
    given = parser.parse_args()
    if not os.environ.get("OWN_READERS"):
        for module in (folder, shared_worker):
            setattr(module, "WorkerPool", fakes.LocalCrew)  # noqa: B010 - no name that it exports
    stop = StopRequest(given.grace)
    listen_for_stop(stop)
    say("ready")
    try:
        outcome = work(given, stop)
    except NewspageError as error:
        say(str(error))
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        say("stopped")
        sys.exit(130)
    say(f"done {outcome.done} elsewhere {outcome.elsewhere} failed {outcome.failed}")
    sys.exit(130 if stop.asked else 0)


def work(given: argparse.Namespace, stop: StopRequest) -> RunOutcome:
    """Find pages, or read them."""
    backend = ReaderBackend(partial(make_reader, given.seconds), given.identity)
    settings, output = settings_of(given.store, given.lease), given.home / "output"
    pool = PoolPlan(given.j, given.j)
    if given.what == "worker":
        return run_worker(WorkerRequest(output, settings, pool, given.wait), backend, Heard(), stop)
    elsewhere = given.what == "enqueue"
    cluster = None
    if given.cluster:
        # By a name that other processes know: this module is `__main__` here.
        from tests.worker_program import make_hosted_backend as make_hosted

        cluster = ClusterChoice(given.cluster, partial(make_hosted, given.seconds))
    request = RunRequest(
        (given.home / "scans",),
        output,
        settings,
        pool,
        budget=given.budget,
        elsewhere=elsewhere,
        cluster=cluster,
    )
    return run_folder(request, backend, Heard())


if __name__ == "__main__":
    main()
