"""Watching folders: what comes is read once it is complete, and trouble does not end it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.batch.folder import ReaderBackend, RunRequest, run_folder
from newspage.batch.selection import PageSelection, Still
from newspage.batch.watch import FolderWatcher, StillnessTracker, WatchPace
from newspage.batch.workers import PoolPlan
from newspage.errors import OutputError
from newspage.workspace import BusyError, hold_run_lock
from tests.asking import Office, make_reader
from tests.test_run import Heard


class Day:
    """A day of a watcher: time that passes only while it sleeps, with things that happen then."""

    def __init__(self, home: Path, pace: WatchPace | None = None) -> None:
        self.scans = home / "scans"
        self.scans.mkdir(parents=True)
        self.now = 0.0
        self.events: list[tuple[float, Callable[[], object]]] = []
        self.runs: list[tuple[float, list[str]]] = []
        self.notes: list[str] = []
        self.trouble: list[Exception] = []
        self.watcher = FolderWatcher(
            [self.scans], home / "output", self._run, self.notes.append,
            pace or WatchPace(2.0, 5.0),
            lambda: self.now, self._sleep,
        )  # fmt: skip

    def at(self, when: float, act: Callable[[], object]) -> None:
        """Something happens."""
        self.events.append((when, act))

    def until(self, end: float) -> None:
        """Let the day pass; Ctrl-C ends it."""
        self.at(end, self.stop)
        with pytest.raises(KeyboardInterrupt):
            self.watcher.watch_folders()

    def put(self, name: str, size: int) -> None:
        """A file has so many bytes now."""
        (self.scans / name).write_bytes(b"x" * size)

    def stop(self) -> None:
        """Ctrl-C."""
        raise KeyboardInterrupt

    def _run(self, still: Still) -> None:
        if self.trouble:
            raise self.trouble.pop()
        self.runs.append((self.now, sorted(Path(path).name for path in still)))

    def _sleep(self, seconds: float) -> None:
        self.now += seconds
        due = [event for event in self.events if event[0] <= self.now]
        self.events = [event for event in self.events if event[0] > self.now]
        for _, act in due:
            act()


@pytest.fixture
def day(tmp_path: Path) -> Day:
    """An empty folder that is watched."""
    return Day(tmp_path)


def test_what_is_there_and_what_comes(day: Day) -> None:
    """Each once, and again when it changes."""
    day.put("a.png", 9)
    day.at(20, lambda: day.put("b.png", 9))
    day.at(40, lambda: day.put("a.png", 10))
    day.until(60)
    assert [names for _, names in day.runs] == [["a.png"], ["b.png"], ["a.png"]]


def test_a_file_that_grows_is_left_alone(day: Day) -> None:
    """Until its size and time have been still for five seconds; others are read meanwhile."""
    day.put("done.png", 9)
    for second in range(0, 30, 3):
        day.at(second, partial(day.put, "big.tif", 100 + second))
    day.until(60)
    (first, names), (then, late) = day.runs
    assert (names, late) == (["done.png"], ["big.tif"])
    assert first < 10
    assert then >= 27 + 5


def test_empty_files_wait(day: Day) -> None:
    """A copy begins with an empty file."""
    day.put("a.png", 0)
    day.at(30, lambda: day.put("a.png", 5))
    day.until(50)
    assert len(day.runs) == 1
    assert day.runs[0][0] >= 35


def test_a_folder_that_vanishes(day: Day) -> None:
    """It is told once, and once that it is there again; then work goes on."""
    day.put("a.png", 9)
    day.at(20, lambda: shutil.rmtree(day.scans))
    day.at(40, day.scans.mkdir)
    day.at(40, lambda: day.put("b.png", 9))
    day.until(60)
    assert [names for _, names in day.runs] == [["a.png"], ["b.png"]]
    assert len(day.notes) == 2
    assert "is not there" in day.notes[0]
    assert "there again" in day.notes[1]


def test_a_full_disk(day: Day) -> None:
    """It is told, and the same is tried again a minute later."""
    day.put("a.png", 9)
    day.trouble.append(OutputError("disk-full", path="output", reason="No space left on device"))
    day.until(100)
    ((when, names),) = day.runs
    assert names == ["a.png"]
    assert when > 60
    assert "No space left" in day.notes[0]


def test_another_run(day: Day) -> None:
    """It is waited for, which is told once, and then what is new is read."""
    day.put("a.png", 9)
    day.trouble += [BusyError("output-busy", output="output") for _ in range(5)]
    day.until(120)
    ((when, names),) = day.runs
    assert names == ["a.png"]
    assert 50 < when < 70
    assert day.notes == [f"{day.watcher.output}: another run is writing there. Waiting for it."]


def test_the_output_of_a_run_that_is_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command goes on by itself once the other run has ended."""
    office = Office(tmp_path, monkeypatch)
    office.scans("a.png")
    noted: list[str] = []
    with ExitStack() as other:
        other.enter_context(hold_run_lock(office.place))

        def tell(message: str) -> None:
            noted.append(message)
            other.close()

        def run(still: Still) -> None:
            selection = PageSelection(still=still)
            request = RunRequest((office.home / "scans",), office.place.output, office.settings,
                              PoolPlan(1, 1), False, selection)  # fmt: skip
            run_folder(request, ReaderBackend(make_reader, ""), Heard())
            raise KeyboardInterrupt

        scans = [office.home / "scans"]
        pace = WatchPace(0.01, 0.0, 0.01, busy=0.01)
        with pytest.raises(KeyboardInterrupt):
            FolderWatcher(scans, office.place.output, run, tell, pace).watch_folders()
    assert len(noted) == 1
    assert "a.txt" in office.outputs()


def test_pages_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes is in the output folder; a file that changed since it was looked at waits."""
    office = Office(tmp_path, monkeypatch)
    office.scans("a.png")
    day = Day(tmp_path / "elsewhere")
    hasty = office.home / "scans" / "b.png"

    def read(still: Still) -> None:
        if hasty.exists() and str(hasty) in still and not day.runs:
            office.scans("x.png", "b.png", shade=9)
        request = RunRequest(
            (office.home / "scans",), office.place.output, office.settings, PoolPlan(1, 1),
            selection=PageSelection(still=still),
        )  # fmt: skip
        heard = Heard()
        run_folder(request, ReaderBackend(make_reader, ""), heard)
        day.runs.append((day.now, heard.read))

    office.scans("x.png", "b.png")
    watcher = FolderWatcher(
        [office.home / "scans"], office.place.output, read, day.notes.append, WatchPace(2.0, 5.0),
        lambda: day.now, day.watcher.sleep,
    )  # fmt: skip
    day.at(40, day.stop)
    with pytest.raises(KeyboardInterrupt):
        watcher.watch_folders()
    (_, first), (_, second) = day.runs
    assert first == ["a"]
    assert sorted(second) == ["b", "x"]


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(1, 3)), max_size=30))
def test_only_still_files(looks: list[dict[str, int]]) -> None:
    """Whatever comes and goes, a file is still only after five looks a second apart alike."""
    stillness = StillnessTracker(5.0)
    for now, look in enumerate(looks):
        still = stillness.of({name: (size, 0) for name, size in look.items()}, float(now))
        for name in look:
            before = looks[max(0, now - 5) : now + 1]
            alike = len(before) == 6 and all(one.get(name) == look[name] for one in before)
            assert (name in still) == alike


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it(tmp_path: Path, sign: signal.Signals) -> None:
    """At once, without a trace, and with exit code 0."""
    (tmp_path / "scans").mkdir()
    scans, output = str(tmp_path / "scans"), str(tmp_path / "output")
    command = [sys.executable, "-m", "newspage", "watch", scans, "-o", output]
    here = Path(__file__).parents[1]
    with subprocess.Popen(command, cwd=here, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "Ctrl-C ends it" in process.stderr.readline()
        time.sleep(0.5)
        process.send_signal(sign)
        rest = process.stderr.read()
        assert process.wait(30) == 0
    assert rest == "Watching no more. What was read is kept.\n"
