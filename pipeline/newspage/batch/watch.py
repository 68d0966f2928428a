"""Read scans as they arrive in folders, once they are complete.

Folders are looked at again and again instead of asking the system to tell of changes: scans often
lie on network drives, which tell of none.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from newspage.batch.selection import Still
from newspage.errors import OutputError
from newspage.ingest import find_scans
from newspage.store import StoreError
from newspage.terminal import escape_line
from newspage.workspace import BusyError


@dataclass(frozen=True, slots=True)
class WatchPace:
    """Seconds between looks, and for which a file must not change to count as complete.

    Judgement: scanners write a page within a few seconds; no number was measured.
    """

    every: float = 2.0
    still: float = 5.0
    trouble: float = 60.0
    """Before a run that could not write is tried again."""
    busy: float = 10.0
    """Before the output folder is looked at again that another run has."""
    share: float = 0.1
    """At most this part of the time goes into looking."""


@dataclass(slots=True)
class StillnessTracker:
    """Memory of the size and time of files, and since when each has been unchanged."""

    seconds: float
    _seen: dict[str, tuple[tuple[int, int], float]] = field(default_factory=dict)

    def of(self, found: Mapping[str, tuple[int, int]], now: float) -> Still:
        """Return the files unchanged for `seconds`, and forget those that are gone.

        Args:
            found: Size and time of the last change (nanoseconds) of every file now there, by path.
            now: Seconds of a clock that never goes back.
        """
        seen = self._seen
        self._seen = {
            path: seen[path] if path in seen and seen[path][0] == state else (state, now)
            for path, state in found.items()
        }
        return {p: state for p, (state, since) in self._seen.items() if now - since >= self.seconds}


@dataclass(slots=True)
class FolderWatcher:
    """Loop that runs over some folders whenever complete files in them are new or changed."""

    paths: Sequence[Path]
    output: Path
    run: Callable[[Still], None]
    """Reads some files. May raise OutputError, StoreError and BusyError."""
    noted: Callable[[str], None]
    """Receives messages for a person."""
    pace: WatchPace = field(default_factory=WatchPace)
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _read: dict[str, tuple[int, int]] = field(default_factory=dict)
    _gone: frozenset[Path] = frozenset()
    _busy: bool = False
    """True while another run has the output folder."""

    def watch_folders(self) -> None:
        """Look, read and wait without end; a KeyboardInterrupt ends it."""
        stillness = StillnessTracker(self.pace.still)
        while True:
            start = self.clock()
            still = stillness.of(self._look(), start)
            took = self.clock() - start
            pause = max(self.pace.every, took / self.pace.share)
            new = {p: state for p, state in still.items() if self._read.get(p) != state}
            if new:
                pause = max(pause, self._try(new))
            self.sleep(pause)

    def _try(self, new: Still) -> float:
        """Read new files; return the seconds to wait where they could not be read now, else 0."""
        try:
            self.run(new)
        except BusyError:
            if not self._busy:
                self.noted(
                    f"{escape_line(self.output)}: another run is writing there. Waiting for it."
                )
            self._busy = True
            return self.pace.busy
        except (OutputError, StoreError) as error:
            self.noted(f"{error} Trying again in {self.pace.trouble:.0f} seconds.")
            return self.pace.trouble
        self._busy = False
        self._read |= new
        return 0.0

    def _look(self) -> dict[str, tuple[int, int]]:
        """Return size and time of the last change of every scan; report a vanished folder once."""
        gone = frozenset(path for path in self.paths if not path.exists())
        for path in sorted(gone - self._gone):
            self.noted(f"{escape_line(path)}: is not there (any more). Waiting for it.")
        for path in sorted(self._gone - gone):
            self.noted(f"{escape_line(path)}: is there again.")
        self._gone = gone
        there = [path for path in self.paths if path not in gone]
        found: dict[str, tuple[int, int]] = {}
        for scan in find_scans(there, [self.output])[0]:
            try:
                stat = scan.path.stat()
            except OSError:
                continue
            if stat.st_size:
                found[str(scan.path)] = stat.st_size, stat.st_mtime_ns
        return found
