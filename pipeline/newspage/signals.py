"""Signal handlers: whatever ends a process closes first what it has open."""

import signal
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


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Raise what Ctrl-C raises."""
    raise KeyboardInterrupt


def _terminate(_number: int, _frame: FrameType | None) -> None:
    # A server that is on has a handler of its own for this one, and lets requests finish first.
    """Pass a signal on as SIGTERM."""
    signal.raise_signal(signal.SIGTERM)
