"""Hostile files, given to the workers of a run: fresh processes that may die without harm.

Scans are looked at and loaded just as a run does it. Other files are tried by a function of their
own, in the place of the reader: its errors for people are refusals, all others are crashes.
"""

import multiprocessing
import os
import resource
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks.attack.memory import forget_peak, peak_of, peak_of_children
from benchmarks.attack.silence import errors_into
from benchmarks.attack.tally import Tally
from newspage.config import Config, EngineConfig
from newspage.ingest import load_page
from newspage.model import PageRecord, Scan
from newspage.run.serve import BUG
from newspage.run.work import Failed, Look, Looked, MakeReader, ReadScan, Task
from newspage.run.workers import Crew, Pool
from newspage.store import ScanKey
from tests import fakes

SECONDS = 60.0
"""A file that is not answered by then hangs. Made-up files are small: a sound one takes
milliseconds, and even a bomb of 400 megapixels is read in twenty seconds."""
_BATCH = 200
_SAFETY = 8 * 2**30
"""Bytes of addresses for a process: a bomb that goes off must not take the machine with it. Far
over what the program allows itself."""
_SAMPLED = 0.5
"""Seconds between looks at workers that are busy: one that dies tells nothing afterwards."""


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file to be tried."""

    name: str
    """Says how it was made, and ends in the suffix of the file."""
    data: bytes


def loading(config: EngineConfig, threads: int) -> ReadScan:
    """Make a reader that loads the pixels and recognises nothing; for workers."""

    def load(scan: Scan, config: Config) -> PageRecord:
        pixels = load_page(scan, config.ingest).pixels
        assert pixels.ndim == 2
        return fakes.record_of(scan, str(int(pixels[0, 0])))

    return load


def feed_scans(files: Iterable[Hostile], tally: Tally, keep: Path | None = None) -> None:
    """Have files looked at and loaded as scans."""
    with _feeding(loading, tally, keep) as feeder:
        for folder, some in _batches(files):
            looks = [Look(folder / file.name, Config().ingest) for file in some]
            scans = [scan for answer in feeder.answers(looks) for scan in answer]
            tasks = [_task(scan, folder) for scan in scans]
            for _ in feeder.answers(tasks):
                pass
            tally.tried += len(some)


def feed_others(
    files: Iterable[Hostile], make: MakeReader, tally: Tally, keep: Path | None = None
) -> None:
    """Have files tried by a reader that `make` makes; scans they need not be."""
    with _feeding(make, tally, keep) as feeder:
        for folder, some in _batches(files):
            scans = (Scan(folder / file.name, "0" * 64, 8, 8) for file in some)
            for _ in feeder.answers([_task(scan, folder) for scan in scans]):
                pass
            tally.tried += len(some)


def trying(attempt: Callable[[Path], object]) -> ReadScan:
    """Return a reader that hands the file of a scan to a function, and is content."""

    def read(scan: Scan, config: Config) -> PageRecord:
        attempt(scan.path)
        return fakes.record_of(scan, "x")

    return read


class _Feeder:
    """Workers, and what comes of what they are given."""

    def __init__(self, crew: Crew, tally: Tally, keep: Path | None) -> None:
        self._crew, self._tally, self._keep = crew, tally, keep
        self._watched = 0

    def answers(self, tasks: Sequence[Look | Task]) -> Iterator[tuple[Scan, ...]]:
        """The scans of each file that holds some; all else is noted.

        There is one worker, which gets its next task only when this goes on: what the worker has
        taken at most is what the one task took.
        """
        for answer in self._crew.run(tasks):
            path = answer.look.path if isinstance(answer, Looked) else answer.task.path
            findings = len(self._tally.findings())
            self._tally.measure(path.name, self._taken())
            if isinstance(answer, Failed):
                self._judge(path.name, answer)
            if self._keep and len(self._tally.findings()) > findings:
                self._keep.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, self._keep / path.name)
            yield answer.scans if isinstance(answer, Looked) else ()

    def _taken(self) -> int:
        """What the workers have taken since this was asked last."""
        peaks = [self._watched]
        for worker in multiprocessing.active_children():
            if worker.pid:
                peaks.append(peak_of(worker.pid))
                forget_peak(worker.pid)
        self._watched = 0
        return max(peaks)

    def watch(self, ended: threading.Event) -> None:
        """See what a worker has before it dies."""
        while not ended.wait(_SAMPLED):
            self._watched = max(self._watched, peak_of_children())

    def _judge(self, name: str, failed: Failed) -> None:
        message = f"{name}: {failed.message}"
        if "took longer than" in failed.message:
            self._tally.hangs.append(message)
        elif BUG in failed.message or "the process that read it" in failed.message:
            self._tally.crashes.append(message)
        else:
            self._tally.refused += 1


@contextmanager
def _feeding(make: MakeReader, tally: Tally, keep: Path | None) -> Iterator[_Feeder]:
    pool = Pool(workers=1, cores=1, pages_per_worker=1000, page_seconds=SECONDS)
    ended = threading.Event()
    with _bounded(), errors_into(Path(os.devnull)), Crew(make, EngineConfig(), pool) as crew:
        feeder = _Feeder(crew, tally, keep)
        watcher = threading.Thread(target=feeder.watch, args=(ended,), daemon=True)
        watcher.start()
        try:
            yield feeder
        finally:
            ended.set()
            watcher.join()


@contextmanager
def _bounded() -> Iterator[None]:
    """A limit that children inherit."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_SAFETY, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def _batches(files: Iterable[Hostile]) -> Iterator[tuple[Path, list[Hostile]]]:
    """The files, so many at a time, on the disk as long as they are looked at."""
    rest = iter(files)
    while some := list(islice(rest, _BATCH)):
        with tempfile.TemporaryDirectory(prefix="newspage-attack-") as name:
            for file in some:
                (Path(name) / file.name).write_bytes(file.data)
            yield Path(name), some


def _task(scan: Scan, folder: Path) -> Task:
    return Task(scan, ScanKey(scan.path.name, scan.frame), scan.stem, folder, Config())
