"""Processes that read scans: each with an engine of its own, replaced when old, hung or dead.

A worker is a fresh interpreter, so that a crash, a leak or a hang of a library takes one page with
it and never the run. It dies with its parent, however that dies.
"""

import multiprocessing
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Self

from newspage.config import EngineConfig
from newspage.errors import MissingDependencyError
from newspage.run.serve import BUG, Ready, Unable, serve
from newspage.run.work import Done, Failed, Look, Looked, MakeReader, Task

_PATIENCE = 5.0
"""Seconds a worker has to leave when asked."""

_START_SECONDS = 120.0
"""An engine that takes longer to start hangs."""


@dataclass(frozen=True, slots=True)
class Pool:
    """How the work is spread."""

    workers: int
    """At most; with fewer pages to read there are fewer."""
    cores: int = 1
    """Shared out among the workers as threads."""
    pages_per_worker: int = 100
    page_seconds: float = 0.0
    """Limit for one page; 0: none."""


class Crew:
    """The workers of a run. They start when there is work, and end with the `with` block."""

    def __init__(self, make_reader: MakeReader, engine: EngineConfig, pool: Pool) -> None:
        self._make_reader = make_reader
        self._engine = engine
        self._pool = pool
        self._members: list[_Worker] = []
        self._workers = self._threads = 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for member in self._members:
            member.kill()
        self._members.clear()

    def run(self, tasks: Sequence[Look | Task]) -> Iterator[Looked | Done | Failed]:
        """The results of all tasks, as they come.

        Tasks are taken one by one as workers become free. A worker that dies or takes too long
        fails its task only. Raises what keeps every engine from starting.
        """
        self._workers = max(1, min(self._pool.workers, len(tasks)))
        self._threads = max(1, self._pool.cores // self._workers)
        queue = iter(tasks)
        task = next(queue, None)
        while task is not None or any(member.task for member in self._members):
            while task is not None and self._give(task):
                task = next(queue, None)
            yield from self._results()

    def _give(self, task: Look | Task) -> bool:
        """Hand a task to a free worker, or to a new one where there may be more."""
        member = next((m for m in self._members if not m.task), None)
        if member is None and len(self._members) < self._workers:
            member = _Worker(self._make_reader, self._engine)
            self._members.append(member)
        if member is None:
            return False
        member.give(task, self._threads)
        return True

    def _results(self) -> Iterator[Looked | Done | Failed]:
        """Wait until something happens; what came of it."""
        limit = self._pool.page_seconds
        remaining = [m.remaining(limit) for m in self._members if m.task]
        pause = max(0.0, min(remaining)) + 0.01 if limit else None
        heard = wait([m.connection for m in self._members], pause)
        for member in list(self._members):
            if member.connection in heard:
                yield from self._hear(member)
            elif limit and member.task and member.remaining(limit) < 0:
                yield self._drop(member, member.task, _too_long(limit))

    def _hear(self, member: "_Worker") -> Iterator[Looked | Done | Failed]:
        task = member.task
        match member.receive():
            case Ready():
                member.begin()
            case Unable(error):
                raise error
            case Looked() | Done() | Failed() as result:
                if member.pages >= self._pool.pages_per_worker:
                    self._members.remove(member)
                    member.dismiss()
                yield result
            case _ if task:
                yield self._drop(member, task, "")
            case _:
                self._members.remove(member)
                member.kill()

    def _drop(self, member: "_Worker", task: Look | Task, reason: str) -> Failed:
        """Let go of a worker that is dead or has to be."""
        self._members.remove(member)
        member.kill()
        reason = reason or _cause_of_death(member.exit_code)
        if isinstance(task, Task) and not member.ready:
            raise MissingDependencyError(f"The recogniser does not start: {reason}")
        return Failed(task, reason)


class _Worker:
    """One process, seen from the run."""

    def __init__(self, make_reader: MakeReader, engine: EngineConfig) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=serve, args=(theirs, make_reader, engine), daemon=True
        )
        with _interrupts_held():
            self._process.start()
        theirs.close()
        self.task: Look | Task | None = None
        self.ready = False
        """Whether it has its engine."""
        self.pages = 0
        self._since = 0.0

    @property
    def exit_code(self) -> int | None:
        return self._process.exitcode

    def give(self, task: Look | Task, threads: int) -> None:
        self.task = task
        self._since = time.monotonic()
        try:
            self.connection.send((task, threads))
        except OSError:
            # It died while idle: the next look at its connection tells.
            return

    def receive(self) -> object:
        """What the worker says; None where it is dead."""
        try:
            message: object = self.connection.recv()
        except (EOFError, OSError):
            return None
        if not isinstance(message, Ready):
            self.pages += isinstance(self.task, Task)
            self.task = None
        return message

    def begin(self) -> None:
        """Its engine is ready: only now its first page begins."""
        self.ready = True
        self._since = time.monotonic()

    def remaining(self, limit: float) -> float:
        """Seconds until the worker has spent so many on its task, starting not counted."""
        starting = isinstance(self.task, Look) or not self.ready
        allowed = limit + _START_SECONDS if starting else limit
        return self._since + allowed - time.monotonic()

    def dismiss(self) -> None:
        """Let the worker go in peace: it leaves when its connection closes."""
        self.connection.close()
        self._process.join(_PATIENCE)
        self.kill()

    def kill(self) -> None:
        self.connection.close()
        if self._process.is_alive():
            self._process.kill()
        self._process.join()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C waits: a process that starts now is born deaf to it, and only the run hears it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _cause_of_death(code: int | None) -> str:
    if code == -signal.SIGKILL:
        return (
            "the process that read it was killed, for want of memory perhaps; "
            "run again with -j 1, or scale the scan down."
        )
    if code is not None and code < 0:
        return f"the process that read it crashed ({_signal_name(-code)}); {BUG}."
    return f"the process that read it ended (exit code {code}); {BUG}."


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _too_long(limit: float) -> str:
    return (
        f"it took longer than {limit:g} seconds; "
        "set run.page_seconds to more, or to 0 for no limit, and run again."
    )
