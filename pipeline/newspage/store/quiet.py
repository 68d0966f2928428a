"""Something that is done once nobody has done anything else for a while."""

from collections.abc import Callable
from threading import Condition, Thread
from time import monotonic

from newspage.errors import NewspageError

_QUIET = 3.0
"""Seconds without a change after which the task is done: longer than between two quick answers."""
_LONGEST = 30.0
"""Seconds after which it is done although there was no such pause."""


class QuietTask:
    """Does a task in a thread of its own, a moment after the last of several changes."""

    def __init__(
        self, task: Callable[[], None], quiet: float = _QUIET, longest: float = _LONGEST
    ) -> None:
        self._task = task
        self._waits = quiet, longest
        self._change = Condition()
        self._first = self._last = 0.0
        """When the task became due, and when it was last put off; 0: nothing to do."""
        self._thread: Thread | None = None
        self._stopping = False

    def start(self) -> None:
        """Begin to watch for changes."""
        if self._thread is None:
            self._thread = Thread(target=self._work, name="newspage-quiet", daemon=True)
            self._thread.start()

    def put_off(self) -> None:
        """Note a change: the task is due a moment later."""
        with self._change:
            self._last = monotonic()
            self._first = self._first or self._last
            self._change.notify_all()

    def stop(self) -> None:
        """Watch no more; a task that is being done is finished."""
        with self._change:
            self._stopping = True
            self._change.notify_all()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        while self._wait():
            try:
                self._task()
            except NewspageError:
                # Whoever makes the next change is told of the trouble, and it is tried again then.
                continue

    def _wait(self) -> bool:
        """Wait until the task is to be done; False: until nobody wants it any more."""
        quiet, longest = self._waits
        with self._change:
            while not self._stopping:
                due = min(self._last + quiet, self._first + longest) if self._first else None
                rest = due - monotonic() if due is not None else None
                if rest is not None and rest <= 0:
                    self._first = 0.0
                    return True
                self._change.wait(rest)
        return False
