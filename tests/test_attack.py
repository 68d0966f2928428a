"""A small attack of each kind does no harm; and harm that is done is seen."""

import os
import signal
from pathlib import Path

import pytest

from benchmarks.attack.__main__ import ATTACKS, attack_all
from benchmarks.attack.feeding import Hostile, feed_others, trying
from benchmarks.attack.power import attack_power
from benchmarks.attack.scans import attack_scans, broken_scans
from benchmarks.attack.tally import CEILING, Tally, table_of, told
from benchmarks.attack.texts import hostile_texts
from newspage import files
from newspage.batch.tasks import ReadScan
from newspage.config import EngineConfig
from newspage.errors import InputError

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux")

SEED = 11


def test_broken_scans() -> None:
    """Each is a page or refused."""
    tally = attack_scans(40, SEED)
    assert tally.findings() == []
    assert tally.tried == 40
    assert 0 < tally.peak < CEILING


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(ATTACKS))
def test_every_kind(kind: str) -> None:
    """The least of what the command does."""
    (tally,) = attack_all(100, SEED, [kind])
    assert tally.findings() == []
    assert tally.tried or tally.untried


def test_a_seed_makes_the_same_again() -> None:
    """And another one something else."""
    for make in (broken_scans, hostile_texts):
        assert list(make(50, 1)) == list(make(50, 1))
        assert list(make(50, 1)) != list(make(50, 2))


def test_memory_from_before_does_not_count(tmp_path: Path) -> None:
    """What this process holds when it starts a run is not what the run took."""
    held = bytearray(600_000_000)
    # A page of memory that was never written to is not there yet.
    held[::4096] = b"x" * len(held[::4096])
    tally = Tally("sound")
    feed_others([Hostile("sound.txt", b"x")], evil, tally, tmp_path)
    assert tally.findings() == []
    assert 0 < tally.peak < len(held)


@pytest.mark.slow
def test_harm_is_seen(tmp_path: Path) -> None:
    """Crashes of a process, errors that nobody thought of, memory; a refusal is no harm."""
    tally = Tally("evil")
    names = ("sound.txt", "refused.txt", "bug.txt", "killed.txt", "greedy.txt", "sound2.txt")
    feed_others([Hostile(name, b"x") for name in names], evil, tally, tmp_path)
    assert (tally.tried, tally.refused) == (len(names), 1)
    assert [found.split(":")[0] for found in tally.crashes] == ["bug.txt", "killed.txt"]
    assert [found.split(":")[0] for found in tally.greedy] == ["greedy.txt"]
    assert tally.peak > CEILING
    assert {path.name for path in tmp_path.iterdir()} == {"bug.txt", "killed.txt", "greedy.txt"}


def evil(config: EngineConfig, threads: int) -> ReadScan:
    """Make a reader that does what a file's name says."""
    return trying(do_harm)


def do_harm(path: Path) -> None:
    """What a file's name says."""
    if path.stem == "refused":
        raise InputError("scan-empty", path=path)
    if path.stem == "bug":
        raise ZeroDivisionError
    if path.stem == "killed":
        os.kill(os.getpid(), signal.SIGSEGV)
    if path.stem == "greedy":
        # Zeros that are asked for alone are not there yet.
        assert len(b"x" * int(1.1 * CEILING))


@pytest.mark.slow
def test_what_is_not_forced_to_the_disk_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that trusts the system to write in time does not get through power cuts."""
    monkeypatch.setattr(files, "_write_through", lambda path, data: path.write_bytes(data))
    assert attack_power(8, SEED).losses


def test_the_table() -> None:
    """A row for each kind, a line for each finding; what was not tried says why."""
    tally = Tally("x", tried=1200, refused=3, crashes=["a: b"], peak=2_000_000_000)
    tally.measure("c", 1_600_000_000)
    other = Tally("y", untried="no server")
    rows = table_of([tally, other]).splitlines()
    assert rows[2] == "| x | 1,200 | 3 | 1 | 0 | 0 | 1 | 2,000 MB |"
    assert rows[3] == "| y | 0 | 0 | 0 | 0 | 0 | 0 |  |"
    lines = ["x: crash: a: b", "x: memory: c: 1.60 GB", "y: not tried: no server"]
    assert told([tally, other]) == lines
