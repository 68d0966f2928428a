"""A Dask cluster for tests: scheduler and workers as processes of their own on this machine."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
_SECONDS = 60.0


class DaskCluster:
    """A scheduler and its workers; all are killed with `close`."""

    def __init__(self, folder: Path) -> None:
        """`folder` takes the scheduler's file and the log."""
        self._folder = folder
        self._file = folder / "scheduler.json"
        self._log = (folder / "dask.log").open("ab")
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start_scheduler()

    @property
    def address(self) -> str:
        """Where the scheduler listens."""
        return str(json.loads(self._file.read_text("utf-8"))["address"])

    @property
    def log(self) -> str:
        """What all of its processes have said."""
        return (self._folder / "dask.log").read_text("utf-8", errors="replace")

    def add_worker(self, path: Path | None = None, nanny: bool = False) -> None:
        """Start a worker with one thread; packages in `path` come before others."""
        options = ["--nthreads", "1", "--no-dashboard", "--local-directory", str(self._folder)]
        if not nanny:
            options.append("--no-nanny")
        self.workers.append(self._start("dask_worker", self.address, *options, path=path))

    def list_hosted(self) -> list[int]:
        """Return the processes of the workers of newspage that its workers have started."""
        hosts = {worker.pid for worker in self.workers}
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, IndexError):
                parent = (folder / "stat").read_text("ascii", "replace").rpartition(")")[2].split()
                words = (folder / "cmdline").read_bytes().split(b"\0")
                if int(parent[1]) in hosts and b"newspage.batch.hosted_worker" in words:
                    found.append(int(folder.name))
        return found

    def kill_worker(self, number: int) -> None:
        """Kill one with what it can do nothing against."""
        worker = self.workers.pop(number)
        worker.kill()
        worker.wait()

    def restart_scheduler(self) -> None:
        """Kill the scheduler, and start another; workers of the old one do not come back."""
        self.scheduler.kill()
        self.scheduler.wait()
        self.scheduler = self._start_scheduler()

    def wait_for_workers(self, number: int) -> None:
        """Wait until so many workers have registered with the scheduler since it was started."""
        end = time.monotonic() + _SECONDS
        while self.log.count("Starting established connection to tcp") < number:
            assert time.monotonic() < end, self.log
            time.sleep(0.1)

    def close(self) -> None:
        """Kill all that is left."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()
        self.workers.clear()
        self._log.close()

    def _start_scheduler(self) -> "subprocess.Popen[bytes]":
        self._file.unlink(missing_ok=True)
        options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        process = self._start("dask_scheduler", *options, "--scheduler-file", str(self._file))
        end = time.monotonic() + _SECONDS
        while not self._file.exists():
            assert time.monotonic() < end, self.log
            time.sleep(0.05)
        return process

    def _start(
        self, program: str, *options: str, path: Path | None = None
    ) -> "subprocess.Popen[bytes]":
        paths = [path, REPOSITORY / "pipeline", REPOSITORY]
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{program}", *options],
            cwd=self._folder,
            stdout=self._log,
            stderr=self._log,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(str(p) for p in paths if p)},
        )


@contextmanager
def running_cluster(folder: Path, workers: int) -> Iterator[DaskCluster]:
    """A cluster with so many workers, which may still be starting."""
    folder.mkdir(parents=True, exist_ok=True)
    cluster = DaskCluster(folder)
    try:
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        cluster.close()
