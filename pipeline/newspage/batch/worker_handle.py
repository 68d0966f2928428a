"""Start, watch and end one worker process from the side of the run."""

import atexit
import multiprocessing
import multiprocessing.util
import signal
import time
from multiprocessing.process import BaseProcess
from weakref import WeakSet

from newspage.batch.admission import limit_reading_bytes
from newspage.batch.resource_limits import (
    limit_decoding_seconds,
    limit_reading_seconds,
    measure_resident_bytes,
)
from newspage.batch.tasks import Hashed, LoadTask, LookTask, MakeReader, ReadTask
from newspage.batch.worker_process import WorkerReady, serve_tasks
from newspage.config import EngineConfig
from newspage.errors import InputError
from newspage.signals import hold_signals

_PATIENCE = 5.0
"""Seconds a worker has to leave when asked. Judgement: it has nothing to save."""

_START_SECONDS = 120.0
"""Seconds after which an engine that is starting counts as hung. Judgement: loading a network from
a slow disk, or compiling it for a GPU, takes less."""

_CRASHES_FOR_MEMORY = ("SIGABRT", "SIGTRAP", "SIGILL", "SIGSEGV")
"""Signals by which programs in C++ die when they get no more memory, and for other reasons."""


_STARTED: WeakSet[BaseProcess] = WeakSet()


class Worker:
    """A process that looks into files, or reads pages."""

    def __init__(self, make_reader: MakeReader, engine: EngineConfig, reads: bool) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=serve_tasks, args=(theirs, make_reader, engine), daemon=True
        )
        with hold_signals(signal.SIGINT, signal.SIGTERM):
            self._process.start()
        theirs.close()
        _STARTED.add(self._process)
        self.reads = reads
        """True for a worker that reads pages, False for one that opens files."""
        self.task: LookTask | LoadTask | ReadTask | None = None
        self.ready = False
        """True as soon as its engine has started."""
        self.pages = 0
        self.digest = ""
        """Checksum of the file that it looks into, empty until the worker has sent it."""
        self._since = 0.0

    def give(self, task: LookTask | LoadTask | ReadTask, threads: int) -> None:
        """Send the worker a task; `threads` is for the engine, if the task is a page."""
        self.task = task
        self.digest = ""
        self._since = time.monotonic()
        try:
            self.connection.send((task, threads))
        except OSError:
            # It died while idle; `receive` will find that out.
            return

    def receive(self) -> object:
        """Return the worker's next message; None where it is dead."""
        try:
            message: object = self.connection.recv()
        except (EOFError, OSError):
            return None
        if not isinstance(message, WorkerReady | Hashed):
            self.pages += isinstance(self.task, ReadTask)
            self.task = None
        return message

    def begin(self) -> None:
        """Note that its engine is ready, and count the time of its page from now."""
        self.ready = True
        self._since = time.monotonic()

    @property
    def seconds(self) -> float:
        """Return the seconds that it has spent on its task so far."""
        return time.monotonic() - self._since if self.task else 0.0

    @property
    def overdue(self) -> bool:
        """Tell whether it has spent too long on its task, starting not counted."""
        if isinstance(self.task, LookTask | LoadTask):
            # The worker's own timer comes first, where the system has one.
            limit, starting = self.task.seconds, True
        elif self.task:
            limit = limit_reading_seconds(self.task.scan, self.task.config.run)
            starting = not self.ready
        else:
            return False
        allowed = limit + (_START_SECONDS if starting else 0)
        return bool(limit) and self.seconds > allowed

    @property
    def excess(self) -> float:
        """Return the bytes that it holds, where they are more than its page may take; else 0."""
        if not isinstance(self.task, ReadTask) or self._process.pid is None:
            return 0.0
        held = measure_resident_bytes(self._process.pid)
        return held if held > limit_reading_bytes(self.task.scan, self.task.config.run) else 0.0

    def dismiss(self) -> None:
        """Close the connection and wait until the worker has left; kill it if it stays."""
        self.connection.close()
        self._process.join(_PATIENCE)
        self.kill()

    def kill(self) -> None:
        """End the process now."""
        self.connection.close()
        self._process.kill()
        self._process.join()

    def cause_of_death(self, task: LookTask | LoadTask | ReadTask) -> tuple[InputError, bool]:
        """Return why a worker ended, and whether its task would end the next worker too."""
        code = self._process.exitcode
        if code is None or code >= 0:
            return InputError("reading-process-ended", status=str(code)), False
        if -code == getattr(signal, "SIGALRM", None):
            return _make_decoding_error(task), True
        if -code == signal.SIGKILL:
            return InputError("reading-process-killed"), False
        if -code == getattr(signal, "SIGBUS", None):
            # What decoders map into memory was cut, or its disk or share could not deliver it.
            return InputError("scan-lost-while-read"), False
        name = _signal_name(-code)
        if not isinstance(task, ReadTask) and name in _CRASHES_FOR_MEMORY:
            return InputError("opening-crashed", signal=name), True
        return InputError("reading-process-crashed", signal=name), False


def make_time_error(task: LookTask | LoadTask | ReadTask) -> InputError:
    """Return the error for a task that has taken more than its time."""
    if not isinstance(task, ReadTask):
        return _make_decoding_error(task)
    seconds = limit_reading_seconds(task.scan, task.config.run)
    return InputError("reading-took-too-long", seconds=seconds)


def make_memory_error(held: float) -> InputError:
    """Return the error for a task that held so many bytes of memory, more than it may."""
    return InputError("reading-took-too-much-memory", megabytes=held / 1e6)


def _make_decoding_error(task: LookTask | LoadTask | ReadTask) -> InputError:
    """Return the error for a file whose opening or decoding took more than its time."""
    if isinstance(task, LookTask):
        return InputError("looking-took-too-long", seconds=task.seconds)
    if isinstance(task, LoadTask):
        return InputError("decoding-took-too-long", seconds=task.seconds)
    seconds = limit_decoding_seconds(task.scan, task.config.run)
    return InputError("decoding-took-too-long", seconds=seconds)


@atexit.register
def _kill_started() -> None:
    """Kill the workers that nobody has ended.

    Python would ask them by SIGTERM at its end, which they do not hear, and wait for them. What is
    registered later runs earlier, and Python's own is registered by `multiprocessing.util`.
    """
    for process in list(_STARTED):
        if process.is_alive():
            process.kill()


def _signal_name(number: int) -> str:
    """Return the name of a signal, such as SIGSEGV."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
