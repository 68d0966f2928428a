"""A worker in a process of its own that a cluster hosts: `python -m newspage.batch.hosted_worker`.

On its standard input come a line of JSON (`jobs`, `memory`, `name`, and the `length` of what
follows) and a pickled `CrewOrder`. A byte after that has it stop in order; the end of the input has
it stop at once. On its standard output it says in the end what has come of it, pickled; notes and
failures go to standard error.
"""

import _thread
import json
import os
import pickle
import signal
import sys
import threading
from pathlib import Path

from newspage.batch.shared_worker import StopRequest, WorkerRequest, run_worker
from newspage.batch.spread import measure_available_memory
from newspage.batch.worker_crew import (
    MARK_NAME,
    CrewOrder,
    HostedReport,
    identify_machine,
)
from newspage.batch.workers import PoolPlan
from newspage.counting import count_in_words
from newspage.errors import NewspageError, UsageError
from newspage.store import PageFigures
from newspage.terminal import escape_line
from newspage.workspace import Workspace


class _StderrListener:
    """Tells on standard error what a person might look for in the log of a cluster's worker."""

    def report_looking(self, files: int) -> None:
        pass

    def report_start(self, pages: int, skipped: int) -> None:
        self.report_note(f"{count_in_words(pages, 'page')} to read")

    def report_page(self, name: str, figures: PageFigures) -> None:
        pass

    def report_failure(self, message: str, trace: str) -> None:
        self.report_note(f"failed: {message}")

    def report_note(self, message: str) -> None:
        sys.stderr.write(f"newspage worker: {escape_line(message)}\n")
        sys.stderr.flush()


def main() -> None:
    """Read pages as the standard input says, and report."""
    # What libraries print must not come between: the report alone goes to the standard output.
    told = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    share = json.loads(_read_line())
    order: CrewOrder = pickle.loads(_read_bytes(share["length"]))
    stop = StopRequest()
    threading.Thread(target=_hear_stops, args=(stop,), daemon=True).start()
    try:
        report = _work(order, share["jobs"], share["memory"], share["name"], stop)
    except NewspageError as error:
        report = HostedReport(error=error)
    except KeyboardInterrupt:
        report = HostedReport(stopped=True)
    pickle.dump(report, told)
    told.close()


def _read_line() -> bytes:
    """Read a line from the standard input, and nothing that comes after it."""
    line = b""
    while not line.endswith(b"\n") and (byte := os.read(0, 1)):
        line += byte
    return line


def _read_bytes(length: int) -> bytes:
    """Read so many bytes from the standard input; fewer where it ends."""
    data = bytearray()
    while len(data) < length and (some := os.read(0, length - len(data))):
        data += some
    return bytes(data)


def _hear_stops(stop: StopRequest) -> None:
    """Stop in order at the first byte, and at once where the input ends."""
    # Not by `sys.stdin`, whose lock would be held when the interpreter ends.
    while os.read(0, 1):
        stop.ask()
    stop.ask()
    if hasattr(signal, "pthread_kill"):
        # Interrupts what the main thread waits for, which the other way does not.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()


def _work(order: CrewOrder, jobs: int, memory: float, name: str, stop: StopRequest) -> HostedReport:
    """Read pages, as many at a time as the cluster's worker has threads.

    Args:
        order: What to do.
        jobs: Pages to be read at the same time.
        memory: Bytes that they may take together; 0: all that is there.
        name: Of the cluster's worker, for people.
        stop: Asked again and again.
    """
    if order.folder.is_dir():
        os.chdir(order.folder)
    require_same_place(order, name)
    backend = order.make_backend(order.settings.config.engine)
    if backend.identity != order.identity:
        raise UsageError("cluster-engine-differs", worker=name)
    available = measure_available_memory() or 0.0
    least = min(memory or available, available or memory)
    pool = PoolPlan(jobs, jobs, order.settings.config.run.pages_per_worker, least)
    request = WorkerRequest(
        order.output, order.settings, pool, wait=True, budget=order.budget, joins=False
    )
    outcome = run_worker(request, backend, _StderrListener(), stop)
    return HostedReport(outcome.done, stop.asked)


def require_same_place(order: CrewOrder, name: str) -> None:
    """Raise UsageError unless scans, output folder and store are those of the run."""
    place = Workspace.for_output(order.output, order.settings.config.run)
    try:
        found = (order.output / MARK_NAME).read_text("ascii")
    except (OSError, UnicodeDecodeError):
        found = ""
    if found != order.mark:
        raise UsageError("cluster-folder-unseen", worker=name, path=order.output)
    if order.scan and not _is_seen(order.scan):
        raise UsageError("cluster-folder-unseen", worker=name, path=order.scan)
    if isinstance(place.store, Path) and identify_machine() != order.machine:
        raise UsageError("cluster-store-is-file", worker=name, store=place.store)


def _is_seen(path: Path) -> bool:
    """Tell whether a file is there and may be read."""
    return path.is_file() and os.access(path, os.R_OK)


if __name__ == "__main__":
    main()
