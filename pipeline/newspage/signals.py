"""Signal handlers: whatever ends a process closes first what it has open."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from types import FrameType


def end_in_order() -> None:
    """Have every signal that asks this process to end do what Ctrl-C does.

    Whatever is open is then closed: on `kill`, at shutdown, and when its terminal is closed. A
    signal that is ignored (under nohup, say) stays so. To be called from the main thread.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    for name in ("SIGHUP", "SIGQUIT"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _terminate)


@contextmanager
def hold_signals(*numbers: int) -> Iterator[None]:
    """Block signals, by default SIGINT, in this thread while processes or threads are started.

    They inherit that: terminals and schedulers send such signals to all processes of a job, and one
    of them alone decides what then becomes of the work.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # To start this unblocks both SIGINT and SIGTERM, and the first process would start it.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, set(numbers) or {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Raise what Ctrl-C raises."""
    raise KeyboardInterrupt


def _terminate(_number: int, _frame: FrameType | None) -> None:
    # A server that is on has a handler of its own for this one, and lets requests finish first.
    """Pass a signal on as SIGTERM."""
    signal.raise_signal(signal.SIGTERM)
