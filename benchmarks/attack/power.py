"""A power cut: what was written but not forced to the disk may be gone, in any choice.

The disk's side is recorded in the process that writes: contents count once they are synced, names
(of files renamed, removed or made) once their folder is. At the cut each change that does not count
yet happened or did not, by chance. The store is taken as it lies there: its own log is synced at
every commit, which is what SQLite promises and what its tests show.
"""

import os
import pickle
import random
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.attack.offices import (
    decide,
    differing,
    ended,
    known_decisions,
    office_at_work,
    started,
    workplace,
)
from benchmarks.attack.tally import Tally
from tests.asking import Office

_SECONDS = 120.0


@dataclass(slots=True)
class Change:
    """One thing that was asked of the disk."""

    act: str
    """"rename", "remove" or "make" (a folder)."""
    path: str
    target: str = ""
    data: bytes = b""
    """Of a file that is renamed."""
    synced: bool = False
    """Whether the data was forced to the disk before."""
    certain: bool = False
    """Whether the name was."""


@dataclass(slots=True)
class Recorder:
    """Notes what is asked of the disk below a folder, and cuts the power at one such moment."""

    root: Path
    cut_at: int
    notes: Path
    """Where the changes are written at the end."""
    changes: list[Change] = field(default_factory=list)
    forced: dict[str, bytes] = field(default_factory=dict)
    moments: int = 0

    def record(self, act: Callable[[], object]) -> None:
        """Do something with all that it does to the disk on record; ends the process."""
        fsync, replace, unlink, mkdir = os.fsync, Path.replace, Path.unlink, Path.mkdir

        def on_fsync(handle: int) -> None:
            self._tick()
            fsync(handle)
            self._force(handle)

        def on_replace(path: Path, target: Path) -> Any:
            self._tick()
            data = path.read_bytes()
            synced = self.forced.get(str(path)) == data
            self.changes.append(Change("rename", str(path), str(target), data, synced))
            return replace(path, target)

        def on_unlink(path: Path, missing_ok: bool = False) -> None:
            self._tick()
            if path.exists():
                self.changes.append(Change("remove", str(path)))
            unlink(path, missing_ok)

        def on_mkdir(path: Path, *args: Any, **kwargs: Any) -> None:
            # A folder whose parents are missing comes here again for each of them.
            there = path.exists()
            mkdir(path, *args, **kwargs)
            if not there:
                self.changes.append(Change("make", str(path)))

        with (
            patch.object(os, "fsync", on_fsync),
            patch.object(Path, "replace", on_replace),
            patch.object(Path, "unlink", on_unlink),
            patch.object(Path, "mkdir", on_mkdir),
        ):
            act()
        self._cut()

    def _force(self, handle: int) -> None:
        path = str(Path(f"/proc/self/fd/{handle}").readlink())
        if stat.S_ISREG(os.fstat(handle).st_mode):
            self.forced[path] = Path(path).read_bytes()
            return
        for change in self.changes:
            name = change.target or change.path
            change.certain |= os.path.dirname(name) == path  # noqa: PTH120 - names as they were given

    def _tick(self) -> None:
        self.moments += 1
        if self.moments == self.cut_at:
            self._cut()

    def _cut(self) -> None:
        self.notes.write_bytes(pickle.dumps((self.moments, self.changes)))
        os._exit(0)


def attack_power(size: int, seed: int) -> Tally:
    """Cut the power so many times; the next run must leave what an undisturbed one leaves."""
    tally = Tally("power cuts")
    with office_at_work() as office, workplace() as aside:
        office.run()
        uids = decide(office)
        expected = office.outputs()
        notes, before = aside / "notes", aside / "before"
        last = _recorded(office, 0, notes)[0]
        for number in range(size):
            chance = random.Random(f"{seed} power {number}")
            if chance.random() < 0.5:
                shutil.rmtree(office.place.output, ignore_errors=True)
            shutil.copytree(office.place.output, before) if office.place.output.exists() else None
            _, changes = _recorded(office, chance.randrange(1, last + 2), notes)
            put_back(office, before, changes, chance)
            shutil.rmtree(before, ignore_errors=True)
            tally.tried += 1
            _judge(tally, f"power {seed} {number}", office, expected, uids)
    return tally


def put_back(office: Office, before: Path, changes: list[Change], chance: random.Random) -> None:
    """Make the output folder what a cut leaves of it."""
    output = office.place.output
    shutil.rmtree(output, ignore_errors=True)
    if before.exists():
        shutil.copytree(before, output)
    for change in changes:
        if not change.certain and chance.random() < 0.5:
            continue
        _happen(change, chance)


def _happen(change: Change, chance: random.Random) -> None:
    """One change, as far as the folders it needs are there."""
    path = Path(change.target or change.path)
    if change.act == "make" and path.parent.is_dir():
        path.mkdir(exist_ok=True)
    elif change.act == "remove":
        path.unlink(missing_ok=True)
    elif change.act == "rename" and path.parent.is_dir():
        kept = change.data if change.synced else change.data[: chance.choice((0, 7))]
        path.write_bytes(kept)


def _recorded(office: Office, cut_at: int, notes: Path) -> tuple[int, list[Change]]:
    """A run whose power is cut: how many moments it had, and what it asked of the disk."""
    recorder = Recorder(office.place.output, cut_at, notes)
    ended(started(partial(recorder.record, partial(office.run, force=True))), _SECONDS)
    moments, changes = pickle.loads(notes.read_bytes())
    return moments, changes


def _judge(
    tally: Tally, name: str, office: Office, expected: dict[str, bytes], uids: set[str]
) -> None:
    if ended(started(office.run), _SECONDS) != 0:
        tally.crashes.append(f"{name}: the next run")
    if wrong := differing(office.outputs(), expected):
        tally.losses.append(f"{name}: {wrong}")
        empty_output(office)
    if missing := uids - known_decisions(office):
        tally.losses.append(f"{name}: {len(missing)} decisions")


def empty_output(office: Office) -> None:
    """Begin anew after a loss, so that it is not counted again."""
    shutil.rmtree(office.place.output)
    office.run()
