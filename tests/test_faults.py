"""A run may be killed at any moment: the next one goes on, and the result is the same."""

import errno
import gc
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from newspage.batch import folder
from newspage.batch.folder import ReaderBackend, RunRequest, run_folder
from newspage.batch.workers import PoolPlan
from newspage.errors import OutputError
from newspage.settings import load_settings
from newspage.store.connection import Database
from tests import fakes
from tests.test_run import Heard

SCANS = ("a.png", "x-2020-01-01/p1.png", "x-2020-01-01/p3.png", "sub/b.png")


def fill(home: Path, shade: int = 255) -> None:
    """Scans of an issue and others."""
    for name in SCANS:
        path = home / "scans" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((40, 30), shade, np.uint8)).save(path)


def run(home: Path, force: bool = False) -> int:
    """One run; how many pages it read."""
    request = RunRequest(
        (home / "scans",), home / "output", load_settings(None, {}), PoolPlan(2, 1), force
    )
    return run_folder(request, ReaderBackend(fakes.make_reader, ""), Heard()).done


def outputs(home: Path) -> dict[str, bytes]:
    """All files that a run leaves, but the index, which tells times."""
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in (home / "output").rglob("*")
        if path.is_file() and path.name != "index.json"
    }


class Moments:
    """Counts the moments at which the disk changes, and kills the process at one of them."""

    def __init__(self, fatal: int) -> None:
        self.fatal, self.passed = fatal, 0

    def tick(self) -> None:
        """One more moment."""
        self.passed += 1
        if self.passed == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def counted(self, patch: pytest.MonkeyPatch) -> Iterator[None]:
        """Every write, rename, removal and commit is a moment: before it, and for some after."""
        fsync, replace, unlink = os.fsync, Path.replace, Path.unlink
        transaction = Database.transaction

        def ticking(call: Callable[..., object]) -> Callable[..., object]:
            def with_tick(*args: object, **kwargs: object) -> object:
                self.tick()
                return call(*args, **kwargs)

            return with_tick

        @contextmanager
        def in_transaction(store: Database) -> Iterator[object]:
            self.tick()
            with transaction(store) as connection:
                yield connection
                self.tick()

        with patch.context() as context:
            context.setattr(os, "fsync", ticking(fsync))
            context.setattr(Path, "replace", ticking(replace))
            context.setattr(Path, "unlink", ticking(unlink))
            context.setattr(Database, "transaction", in_transaction)
            yield


def killed(moment: int, patch: pytest.MonkeyPatch, run: Callable[[], object]) -> bool:
    """Whether a run in a process of its own came to the moment at which it is killed."""
    child = os.fork()
    if child == 0:
        # Networks that other tests left as garbage wait for their threads, which are not here.
        gc.freeze()
        code = 1
        try:
            with Moments(moment).counted(patch):
                run()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


@pytest.fixture
def patch(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Pages are read in the process that is killed, and nobody waits for the disk."""
    monkeypatch.setattr(folder, "WorkerPool", fakes.LocalCrew)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    return monkeypatch


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("force", [False, True], ids=["new", "again"])
@pytest.mark.parametrize("stride", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_killed_at_any_moment(
    tmp_path: Path, patch: pytest.MonkeyPatch, force: bool, stride: int
) -> None:
    """Byte for byte what an undisturbed run leaves; and what was finished is not read again."""
    start, whole = tmp_path / "start", tmp_path / "whole"
    fill(start)
    if force:
        run(start)
        fill(start, shade=7)
    shutil.copytree(start, whole)
    run(whole, force)
    expected = outputs(whole)
    moment, last = 1 + stride // 2, False
    while not last:
        home = tmp_path / "home"
        shutil.copytree(start, home)
        last = not killed(moment, patch, partial(run, home, force))
        run(home)
        assert outputs(home) == expected, f"killed at moment {moment}"
        assert run(home) == 0
        shutil.rmtree(home)
        moment += stride
    assert moment > 40


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_again_and_again(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    """A run that never gets further than a few moments still comes to its end."""
    fill(tmp_path / "whole")
    run(tmp_path / "whole")
    home = tmp_path / "home"
    fill(home)
    attempts = 1
    while killed(45, patch, partial(run, home)):
        attempts += 1
        assert attempts < 20
    assert attempts > 2
    assert outputs(home) == outputs(tmp_path / "whole")


@pytest.mark.parametrize("left", range(0, 28, 3))
def test_a_full_disk_stops_the_run(tmp_path: Path, patch: pytest.MonkeyPatch, left: int) -> None:
    """At whichever file: exit code 5, nothing half written, and the next run goes on."""
    fill(tmp_path / "whole")
    run(tmp_path / "whole")
    expected = outputs(tmp_path / "whole")
    fill(tmp_path)
    written: list[int] = []

    def fail(handle: int) -> None:
        written.append(handle)
        if len(written) > left:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with patch.context() as context:
        context.setattr(os, "fsync", fail)
        with pytest.raises(OutputError, match="No space left") as caught:
            run(tmp_path)
    assert caught.value.exit_code == 5
    assert not list((tmp_path / "output").rglob(".*"))
    assert outputs(tmp_path).items() <= expected.items() | unlinked(tmp_path).items()
    run(tmp_path)
    assert outputs(tmp_path) == expected


def unlinked(home: Path) -> dict[str, bytes]:
    """The files of pages whose issue is not joined yet: right, but naming no other part."""
    return {name: data for name, data in outputs(home).items() if "p1" in name or "p3" in name}


PROGRAM = """
import sys
from pathlib import Path
from tests.test_faults import slow_reader, Heard
from newspage.batch.folder import ReaderBackend, RunRequest, run_folder
from newspage.batch.workers import PoolPlan
from newspage.settings import load_settings
home = Path(sys.argv[1])
if __name__ == "__main__":
    settings = load_settings(None, {})
    request = RunRequest((home / "scans",), home / "output", settings, PoolPlan(2, 1))
    run_folder(request, ReaderBackend(slow_reader, ""), Heard())
"""


def slow_reader(config: object, threads: int) -> Callable[..., object]:
    """A maker of readers that leave the number of their process, and take their time."""

    def read(scan: object, config: object) -> object:
        Path(os.environ["PIDS"], str(os.getpid())).touch()
        time.sleep(0.3)
        return fakes.read(scan, config)  # type: ignore[arg-type]

    return read


def alive(number: int) -> bool:
    """Whether there is such a process (one that is only waited for does not count)."""
    try:
        return Path(f"/proc/{number}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
def test_workers_die_with_their_run(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kill -9 of the run leaves no worker behind, and the next run goes on."""
    monkeypatch.setenv("PIDS", str(tmp_path / "pids"))
    monkeypatch.setenv("PYTHONPATH", f"{repository / 'pipeline'}{os.pathsep}{repository}")
    (tmp_path / "pids").mkdir()
    fill(tmp_path)
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, "utf-8")
    command = [sys.executable, str(program), str(tmp_path)]
    process = subprocess.Popen(command, cwd=repository)
    pids = tmp_path / "pids"
    deadline = time.monotonic() + 240
    while not list(pids.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()
    process.wait()
    workers = [int(path.name) for path in pids.iterdir()]
    assert workers
    while any(map(alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(map(alive, workers))
    subprocess.run(command, cwd=repository, check=True)
    monkeypatch.setattr(folder, "WorkerPool", fakes.LocalCrew)
    assert run(tmp_path) == 0
    shutil.copytree(tmp_path / "scans", tmp_path / "whole/scans")
    run(tmp_path / "whole")
    assert outputs(tmp_path) == outputs(tmp_path / "whole")
