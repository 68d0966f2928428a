"""Files made to hold up a run or to bring a machine down: what they may cost, and that once."""

import mmap
import multiprocessing
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from newspage.batch import folder
from newspage.batch.admission import LARGE, Admission, estimate_reading_bytes
from newspage.batch.folder import ReaderBackend, RunRequest, run_folder
from newspage.batch.opening import FileOpener, read_apart
from newspage.batch.resource_limits import limit_reading_seconds, limit_resources
from newspage.batch.run_events import RunOutcome
from newspage.batch.selection import PageSelection
from newspage.batch.tasks import LookTask, ReadScan, ReadTask, Result
from newspage.batch.workers import PoolPlan, WorkerPool
from newspage.config import Config, EngineConfig, IngestConfig, RunConfig
from newspage.errors import InputError
from newspage.model import PageRecord, Scan
from newspage.settings import Settings, load_settings
from newspage.store import ScanKey
from tests import bombs, fakes
from tests.test_run import Bench, Heard, bench, real_bench

__all__ = ["bench", "real_bench"]

timed = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs the system's timer")
counted = pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs /proc")


def limited(**run: float) -> Settings:
    """Settings with some limits of a run."""
    return load_settings(None, {("run", name): ("--", value) for name, value in run.items()})


def scan_of(megapixels: float) -> Scan:
    """A page of some size."""
    return Scan(Path("a.png"), "", int(megapixels * 1000), 1000)


class InOrder(Heard):
    """A listener that remembers what came when."""

    def __init__(self) -> None:
        super().__init__()
        self.order: list[str] = []

    def report_page(self, name: str, figures: object) -> None:
        self.order.append(name)

    def report_failure(self, message: str, trace: str) -> None:
        super().report_failure(message, trace)
        self.order.append("failed")


def run_with(bench: Bench, settings: Settings, selection: PageSelection | None = None) -> InOrder:
    """One run with limits; what it said."""
    heard = InOrder()
    request = RunRequest((bench.scans,), bench.output, settings, PoolPlan(1, 1))
    request = replace(request, selection=selection or PageSelection())
    run_folder(request, ReaderBackend(fakes.make_reader, ""), heard)
    return heard


def test_pages_are_read_before_every_file_is_looked_into(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look that takes longest holds back its own pages only."""

    class PagesFirst(fakes.LocalCrew):
        """A crew whose look into `a.png` ends last."""

        def results(self) -> Iterator[list[Result]]:
            while self._tasks:
                last = min(self._tasks, key=lambda t: t.path.name == "a.png")
                self._tasks.remove(last)
                yield [self._result(last)]

    monkeypatch.setattr(folder, "WorkerPool", PagesFirst)
    monkeypatch.setattr(folder, "_TAKE_SECONDS", 0.0)
    for name in ("a", "b", "c"):
        bench.scan(f"{name}.png")
    heard = run_with(bench, limited())
    assert heard.order == ["b", "c", "a"]


@timed
@pytest.mark.slow
def test_a_file_that_takes_long_holds_up_nobody(real_bench: Bench) -> None:
    """By one worker, though the look comes first and takes as much as it may; and that once.

    What it meets first, the end of its memory in seconds or that of its time, the machine decides.
    """
    bomb = bombs.nested_forms(real_bench.scans / "a.pdf")
    assert bomb.stat().st_size < 8000
    real_bench.scan("b.png")
    real_bench.scan("c.png")
    # Workers take seconds to start on a machine that is busy.
    settings = limited(look_seconds=40.0)
    heard = run_with(real_bench, settings)
    assert [name for name in heard.order if name != "failed"] == ["b", "c"]
    assert heard.order.count("failed") == 1
    reason = ("run.look_seconds", "ingest.max_decoded_megabytes")
    assert any(name in heard.messages[0] for name in reason)
    heard = run_with(real_bench, settings)
    assert (heard.looked, heard.read, len(heard.messages)) == (0, [], 1)
    assert any(name in heard.messages[0] for name in reason)
    assert "--retry-failed" in heard.messages[0]


REFUSED = "has more pages than the 7 allowed. Split it, or raise ingest.max_pages."
"""What is told of a file of the fixture `refusing`."""


@pytest.fixture
def refusing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files whose pages were asked for; those of a name with `evil` are refused."""
    from newspage import ingest
    from newspage.errors import RefusedError

    asked: list[Path] = []
    open_pages = ingest.open_pages

    def refuse(path: Path, *more: object) -> tuple[Scan, ...]:
        asked.append(path)
        if b"evil" in path.read_bytes():
            raise RefusedError("scan-too-many-pages", path=path, allowed=7)
        return open_pages(path, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(ingest, "open_pages", refuse)
    path = bench.scan("a.png")
    path.write_bytes(path.read_bytes() + b"evil")
    return asked


def test_what_was_refused_is_not_looked_into_again(bench: Bench, refusing: list[Path]) -> None:
    """Until its content, the limits or the version change, or somebody asks for it."""
    assert REFUSED in run_with(bench, limited()).messages[0]
    assert len(refusing) == 1
    path = bench.scans / "a.png"
    for touched in (False, True):
        if touched:
            path.touch()
        heard = run_with(bench, limited())
        assert REFUSED in heard.messages[0]
        assert "As before" in heard.messages[0]
    assert len(refusing) == 1
    run_with(bench, limited(look_seconds=30.0))
    assert len(refusing) == 2
    run_with(bench, limited(look_seconds=30.0), PageSelection(failed=True))
    assert len(refusing) == 3
    path.write_bytes(path.read_bytes() + b".")
    run_with(bench, limited(look_seconds=30.0))
    assert len(refusing) == 4
    bench.scan("a.png")
    assert run_with(bench, limited(look_seconds=30.0)).order == ["a"]


def test_a_copy_of_what_was_refused_is_known(bench: Bench, refusing: list[Path]) -> None:
    """By its content, whatever its name; it is told under its own."""
    run_with(bench, limited())
    (bench.scans / "a.png").rename(bench.scans / "b: c.png")
    shutil.copy(bench.scans / "b: c.png", bench.scans / "d.png")
    for _ in range(2):
        heard = run_with(bench, limited())
        assert sorted(m.split(" (As before")[0] for m in heard.messages) == [
            f"{bench.scans / name}: {REFUSED}" for name in ("b: c.png", "d.png")
        ]
    assert len(refusing) == 1


def test_a_page_that_took_too_long_is_not_read_again(real_bench: Bench) -> None:
    """Nor is one of many: the others of its file are."""
    real_bench.scan("hang.png")
    settings = limited(page_seconds=1.0)
    assert "1 seconds" in run_with(real_bench, settings).messages[0]
    heard = run_with(real_bench, settings)
    assert (heard.looked, len(heard.messages)) == (0, 1)
    assert "As before" in heard.messages[0]


def greedy(config: EngineConfig, threads: int) -> ReadScan:
    """A maker of readers that take more and more memory for a page of that name."""

    def read(scan: Scan, config: Config) -> PageRecord:
        held = []
        while "greedy" in scan.path.stem:
            held.append(np.ones(2_000_000, np.uint8))
            time.sleep(0.002)
        return fakes.read(scan, config)

    return read


@counted
def test_a_page_that_takes_too_much_memory_fails_alone(real_bench: Bench) -> None:
    """Its worker is ended before the machine is brought down."""
    real_bench.scan("greedy.png")
    real_bench.scan("other.png")
    outcome: RunOutcome = real_bench.run(
        make=greedy, settings=limited(worker_megabytes=900.0), pool=PoolPlan(1, 1)
    )
    assert (outcome.done, outcome.failed) == (1, 1)
    assert "run.worker_megabytes" in real_bench.heard.messages[0]
    assert "MB of memory" in real_bench.heard.messages[0]


def shortening(config: EngineConfig, threads: int) -> ReadScan:
    """A maker of readers under which the file of that name is cut while it is mapped."""

    def read(scan: Scan, config: Config) -> PageRecord:
        if "shrinks" in scan.path.stem:
            with scan.path.open("rb+") as file, mmap.mmap(file.fileno(), 0) as data:
                file.truncate(0)
                assert data[0]
        return fakes.read(scan, config)

    return read


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a file that is mapped cannot be cut")
def test_a_page_that_is_cut_while_it_is_read_fails_alone(real_bench: Bench) -> None:
    """It is said what happened, and that it is no bug; a run after it was copied reads it."""
    real_bench.scan("shrinks.png")
    real_bench.scan("other.png")
    outcome: RunOutcome = real_bench.run(make=shortening, pool=PoolPlan(1, 1))
    assert (outcome.done, outcome.failed) == (1, 1)
    (message,) = real_bench.heard.messages
    assert "shrinks.png: it was cut short while it was read" in message
    assert "bug" not in message
    real_bench.scan("shrinks.png")
    outcome = real_bench.run(pool=PoolPlan(1, 1))
    assert (outcome.done, outcome.failed) == (1, 0)


@counted
def test_decoding_gets_only_so_much_memory() -> None:
    """More is refused by the system, and afterwards there is as much as before."""
    with limit_resources(0.0, 10.0), pytest.raises(MemoryError):
        np.ones(400_000_000, np.uint8)
    assert np.ones(400_000_000, np.uint8).size


def wait_bounded() -> None:
    """Take longer than allowed."""
    with limit_resources(0.05, 100.0):
        time.sleep(60)


@timed
def test_decoding_gets_only_so_much_time() -> None:
    """The system ends the process, whatever code it is in."""
    process = multiprocessing.get_context("spawn").Process(target=wait_bounded)
    process.start()
    process.join(50)
    assert process.exitcode == -signal.SIGALRM


def test_the_limit_of_a_page_grows_with_it() -> None:
    """72 megapixels have more than twice the time of a small page; without limit all have."""
    config = RunConfig()
    assert limit_reading_seconds(scan_of(1), config) < 1000
    assert limit_reading_seconds(scan_of(71), config) > 2 * 900
    assert limit_reading_seconds(scan_of(71), RunConfig(page_seconds=0.0)) == 0


def test_large_pages_are_read_one_at_a_time() -> None:
    """And no page beside others for which there would be no memory."""
    small, large = scan_of(5), scan_of(LARGE)
    known = Admission(estimate_reading_bytes(large) + estimate_reading_bytes(small))
    for admission in (Admission(0.0), known):
        assert admission.admits(large, [])
        assert admission.admits(large, [small])
        assert admission.admits(small, [large])
        assert not admission.admits(large, [large])
    assert not known.admits(small, [large, small])
    assert Admission(1.0).admits(large, [])
    assert not Admission(1.0).admits(small, [small])


def count_large(config: EngineConfig, threads: int) -> ReadScan:
    """A maker of readers that fail where two large pages are read at once."""

    def read(scan: Scan, config: Config) -> PageRecord:
        mark = scan.path.parent / "large.mark"
        mark.touch(exist_ok=False)
        time.sleep(0.5)
        mark.unlink()
        return fakes.read(scan, config)

    return read


def test_a_crew_reads_one_large_page_at_a_time(tmp_path: Path) -> None:
    """Though there are workers that have nothing else to do."""
    with WorkerPool(count_large, EngineConfig(), PoolPlan(2, 2)) as crew:
        scans = [replace(scan_of(60), path=tmp_path / f"{n}.png") for n in range(3)]
        keys = [ScanKey(scan.path.name) for scan in scans]
        crew.submit(
            ReadTask(scan, key, key.path, tmp_path, Config())
            for scan, key in zip(scans, keys, strict=True)
        )
        results = [type(result).__name__ for some in crew.results() for result in some]
    assert results == ["PageTaken", "ReadResult"] * 3


def test_names_do_not_depend_on_which_look_ends_first(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages that could have one name get theirs by the names of their files."""

    class Backwards(fakes.LocalCrew):
        def submit(self, tasks: object) -> None:
            super().submit(reversed(list(tasks)))  # type: ignore[call-overload]

    bench.scan("sub/x.tif", frames=2)
    bench.scan("sub/x-p1.png")
    bench.scan("x.tif", frames=2)
    bench.run()
    before = bench.files()
    shutil.rmtree(bench.output)
    (bench.output.parent / "newspage.sqlite").unlink()
    monkeypatch.setattr(folder, "WorkerPool", Backwards)
    bench.run()
    assert bench.files() == before


@timed
@pytest.mark.parametrize("made", [bombs.nested_forms, bombs.tiny_tiles])
def test_an_opener_survives_what_it_opens(tmp_path: Path, made: Callable[[Path], Path]) -> None:
    """As `inspect`, `review` and `correct --scan` open files: the next one is opened."""
    bomb = made(tmp_path / "bomb.pdf")
    good = Bench(tmp_path).scan("good.png")
    with FileOpener(RunConfig(look_seconds=1.0)) as opener:
        with pytest.raises(InputError, match=r"bomb\.pdf: it took longer than"):
            opener.decode_page(bomb, 0, IngestConfig())
        assert opener.decode_page(good, 5, IngestConfig()).shape == (64, 48)
        with pytest.raises(InputError, match="no longer there"):
            opener.open_pages(tmp_path / "none.png", IngestConfig())


def test_a_page_is_read_apart(tmp_path: Path) -> None:
    """Under the limits of a run, whose errors are told of the file."""
    bench = Bench(tmp_path)
    config = Config(run=RunConfig(page_seconds=1.0))
    with FileOpener(config.run) as opener:
        (scan,) = opener.open_pages(bench.scan("a.png"), config.ingest)
        (evil,) = opener.open_pages(bench.scan("hang.png"), config.ingest)
    record = read_apart(scan, config, fakes.make_reader, PoolPlan(1, 1))
    assert record.articles[0].paragraphs[0].text == "a0auto"
    with pytest.raises(InputError, match=r"hang\.png: it took longer than 1 seconds"):
        read_apart(evil, config, fakes.make_reader, PoolPlan(1, 1))


def test_looks_are_given_a_time_by_their_size(bench: Bench) -> None:
    """A slow disk gives out a large file slowly."""
    from newspage.batch.resource_limits import READ_BYTES, limit_looking_seconds

    assert limit_looking_seconds(int(READ_BYTES) * 100, RunConfig(look_seconds=60.0)) == 160.0
    assert limit_looking_seconds(10**9, RunConfig(look_seconds=0.0)) == 0.0
    assert LookTask(Path(), IngestConfig()).seconds == 0.0
