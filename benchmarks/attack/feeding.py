"""Hostile files, given to runs: each in a process of its own, watched from outside.

Scans are read just as `newspage run` reads them, down to their pixels; only that nothing is
recognised. Other files are tried by a function that stands in the place of the reader: its errors
for people are refusals, all others are crashes.
"""

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from benchmarks.attack.memory import bounded, peak_below, resident_of
from benchmarks.attack.offices import ended, how_it_ended, started, workplace
from benchmarks.attack.silence import errors_into
from benchmarks.attack.tally import CEILING, Tally
from newspage.batch.folder import ReaderBackend, RunRequest, run_folder
from newspage.batch.resource_limits import limit_decoding
from newspage.batch.spread import choose_pool
from newspage.batch.tasks import MakeReader, ReadScan
from newspage.config import Config, EngineConfig
from newspage.errors import load_error_texts
from newspage.ingest import load_page
from newspage.model import PageRecord, Scan
from newspage.settings import load_settings
from tests import fakes
from tests.test_run import Heard

SECONDS = 300.0
"""A run over one file that takes longer hangs: twice what the limits of the program allow a page of
a PDF file (60 s to be looked into, 77 to be decoded). The largest pages take twenty at rest."""
_SECONDS_MORE = 1.0
"""For each further file."""
_BUG = load_error_texts("en")["reading-failed"].message.removeprefix("{reason}; ")
"""How newspage says that it is itself at fault."""
_BATCH = 200
_SAMPLED = 0.2
"""Seconds between looks at what processes have had at most."""
_STANDS_IN = ".instead.bmp"
_BITMAP = bytes.fromhex(
    "424d7e000000000000003e000000280000000800000008000000010008000000000040000000130b0000130b00000200"
    "00000200000000000000ffffff00"
) + bytes(64)
"""A picture of eight by eight pixels, to stand for a file that is none."""


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file to be tried."""

    name: str
    """Says how it was made, and ends in the suffix of the file."""
    data: bytes


@dataclass(frozen=True, slots=True)
class _Came:
    """What came of a run."""

    messages: Sequence[str]
    """Of the files that could not be read."""
    code: int | None
    """Of the process; None where it hung."""
    peak: int
    """Bytes of the process below it that had most."""


def loading(config: EngineConfig, threads: int) -> ReadScan:
    """Make a reader that loads pixels, under the limits of a run, and recognises nothing."""

    def load(scan: Scan, config: Config) -> PageRecord:
        with limit_decoding(scan, config):
            pixels = load_page(scan, config.ingest).pixels
        assert pixels.shape == (scan.height, scan.width)
        return fakes.record_of(scan, scan.path.stem)

    return load


def feed_scans(
    files: Iterable[Hostile], tally: Tally, keep: Path | None = None, at_once: int = _BATCH
) -> None:
    """Have files read as scans, so many in one run."""
    for some in _batches(files, at_once):
        tally.tried += len(some)
        _feed(some, _put_scans, loading, tally, keep)


def feed_others(
    files: Iterable[Hostile], make: MakeReader, tally: Tally, keep: Path | None = None
) -> None:
    """Have files tried by what `make` makes with `trying`; scans they need not be."""
    for some in _batches(files, _BATCH):
        tally.tried += len(some)
        _feed(some, _put_others, make, tally, keep)


def feed_folder(home: Path, make: MakeReader, tally: Tally, name: str) -> None:
    """Run over `home/scans` as it lies there, everything anew."""
    came = _run_over(home, make, SECONDS, force=True)
    if came.code is None:
        tally.hangs.append(name)
    elif came.code:
        tally.crashes.append(f"{name}: the run {how_it_ended(came.code)}")
    tally.measure(name, came.peak)
    for message in came.messages:
        _judge(message, tally)


def trying(attempt: Callable[[Path], object]) -> ReadScan:
    """Return a reader that tries the file that a scan stands for, and is content."""

    def read(scan: Scan, config: Config) -> PageRecord:
        attempt(scan.path.parents[1] / "others" / scan.path.name.removesuffix(_STANDS_IN))
        return fakes.record_of(scan, scan.path.stem)

    return read


def _feed(
    files: Sequence[Hostile],
    put: Callable[[Path, Hostile], None],
    make: MakeReader,
    tally: Tally,
    keep: Path | None,
) -> None:
    """Run over some files together; where that does harm that names no file, over each alone."""
    with workplace() as home:
        for file in files:
            put(home, file)
        came = _run_over(home, make, SECONDS + _SECONDS_MORE * len(files))
    if len(files) > 1 and (came.code != 0 or came.peak > CEILING):
        for file in files:
            _feed([file], put, make, tally, keep)
        return
    findings = len(tally.findings())
    if came.code is None:
        tally.hangs.append(files[0].name)
    elif came.code:
        tally.crashes.append(f"{files[0].name}: the run {how_it_ended(came.code)}")
    tally.measure(files[0].name if len(files) == 1 else "", came.peak)
    harmful = [message for message in came.messages if not _judge(message, tally)]
    if keep and len(tally.findings()) > findings:
        for file in files:
            if len(files) == 1 or any(file.name in message for message in harmful):
                keep.mkdir(parents=True, exist_ok=True)
                (keep / file.name).write_bytes(file.data)


def _judge(message: str, tally: Tally) -> bool:
    """Whether the words of a file that could not be read are those of a refusal."""
    if _BUG in message or "the process that read it" in message:
        tally.crashes.append(message.rpartition("/scans/")[2].replace(f"{_STANDS_IN}:", ":", 1))
        return False
    tally.refused += 1
    return True


def _run_over(home: Path, make: MakeReader, seconds: float, force: bool = False) -> _Came:
    """A run in a process of its own; its memory is that of its workers too."""
    told = home / "told"
    inherited = resident_of(os.getpid())
    child = started(partial(_run, home, make, told, force))
    peak, deadline, code = 0, time.monotonic() + seconds, None
    while code is None and time.monotonic() < deadline:
        peak = max(peak, peak_below(child, inherited))
        code = ended(child, _SAMPLED, kill=False)
    if code is None:
        ended(child, 0)
    messages = json.loads(told.read_text("utf-8")) if told.exists() else []
    return _Came(messages, code, peak)


def _run(home: Path, make: MakeReader, told: Path, force: bool) -> None:
    """What a command does, with one worker at a time; its failures go into a file."""
    settings = load_settings(None, {("run", "workers"): ("--jobs", 1)})
    pool = choose_pool(settings.config)
    request = RunRequest((home / "scans",), home / "output", settings, pool, force)
    heard = Heard()
    with bounded(), errors_into(Path(os.devnull)):
        run_folder(request, ReaderBackend(make, ""), heard)
    told.write_text(json.dumps(heard.messages), "utf-8")


def _put_scans(home: Path, file: Hostile) -> None:
    (home / "scans").mkdir(exist_ok=True)
    (home / "scans" / file.name).write_bytes(file.data)


def _put_others(home: Path, file: Hostile) -> None:
    """The file, and a picture that stands for it."""
    (home / "others").mkdir(exist_ok=True)
    (home / "others" / file.name).write_bytes(file.data)
    # Bytes after the end of a bitmap make another file of the same picture.
    _put_scans(home, Hostile(f"{file.name}{_STANDS_IN}", _BITMAP + file.name.encode()))


def _batches(files: Iterable[Hostile], size: int) -> Iterator[list[Hostile]]:
    rest = iter(files)
    while some := list(islice(rest, size)):
        yield some
