"""Disks that are full or read-only, clocks set back, two runs at once, a crowd of tiny files."""

import os
import random
import resource
import shutil
import signal
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from functools import partial
from unittest.mock import patch

from typer.testing import CliRunner

from benchmarks.attack.offices import (
    REFUSED,
    decide,
    differing,
    empty,
    ended,
    how_it_ended,
    known_decisions,
    office_at_work,
    started,
    undisturbed,
)
from benchmarks.attack.tally import Tally
from newspage import cli
from newspage.review.service import answers
from newspage.store import output_store
from tests.asking import Office


class CommandError(Exception):
    """A command failed; the message is what it printed."""


_SECONDS = 120.0
_NOBODY = 65534


def attack_full_disks(size: int, seed: int) -> Tally:
    """Let no file grow beyond some size, so many times: of outputs, of the store, of its log.

    The run must say so; nothing is half written, and the next one, with room, does it all.
    """
    tally = Tally("full disks")
    with office_at_work() as office:
        expected = undisturbed(office)
        office.run()
        # The store's log is as long as the store, and gone when it is closed.
        most = 2 * max(path.stat().st_size for path in office.home.rglob("*") if path.is_file())
        for number in range(size):
            chance = random.Random(f"{seed} full {number}")
            if chance.random() < 0.7:
                empty(office)
            room = int(chance.triangular(0, most, 0))
            name = f"full {seed} {number} ({room} bytes)"
            code = ended(started(partial(_with_little_room, office, room)), _SECONDS)
            _judge(tally, name, code, (0, REFUSED))
            if list(office.place.output.rglob(".*.part")):
                tally.losses.append(f"{name}: something half written was left lying")
            _run_whole(tally, name, office, expected)
    return tally


def attack_read_only_disks(size: int, seed: int) -> Tally:
    """Take away the right to write, so many times: looking works, a run says what is wrong."""
    tally = Tally("read-only disks")
    acts: tuple[tuple[str, Callable[[Office], object], int], ...] = (
        ("run", lambda office: office.run(force=True), REFUSED),
        ("status", lambda office: _command(office, "status"), 0),
        ("export", lambda office: _command(office, "decisions", "export", "-"), 0),
        ("review --read-only", known_decisions, 0),
    )
    with office_at_work() as office:
        office.run()
        decide(office)
        for _, act, _ in acts:
            # What commands import when they need it may be out of reach for whom they run as.
            act(office)
        before = office.outputs()
        for number in range(size):
            what, act, expected = acts[number % len(acts)]
            with _nothing_writable(office):
                code = ended(started(partial(_as_nobody, partial(act, office))), _SECONDS)
            _judge(tally, f"read-only {seed} {number} ({what})", code, (expected,))
        if wrong := differing(office.outputs(), before):
            tally.losses.append(f"read-only {seed}: {wrong}")
    return tally


def attack_clocks(size: int, seed: int) -> Tally:
    """Decide while the clock leaps to and fro, so many times; files and history must agree."""
    tally = Tally("clocks set back")
    for number in range(size):
        chance = random.Random(f"{seed} clock {number}")
        name = f"clock {seed} {number}"
        tally.tried += 1
        with office_at_work() as office, _leaping(chance):
            office.run()
            uids = decide(office) | decide(office)
            before = office.outputs()
            if missing := uids - known_decisions(office):
                tally.losses.append(f"{name}: {len(missing)} decisions")
            shutil.rmtree(office.place.output)
            office.run()
            if wrong := differing(office.outputs(), before):
                tally.losses.append(f"{name}: {wrong}")
    return tally


def attack_two_runs(size: int, seed: int) -> Tally:
    """Start two runs into one folder at once, so many times; one may be sent away, not harmed."""
    tally = Tally("two runs at once")
    with office_at_work() as office:
        expected = undisturbed(office)
        for number in range(size):
            empty(office)
            name = f"two runs {seed} {number}"
            children = [started(office.run), started(office.run)]
            codes = [ended(child, _SECONDS) for child in children]
            for code in codes:
                _judge(tally, name, code, (0, REFUSED))
            if 0 not in codes:
                tally.losses.append(f"{name}: neither came to its end")
            _run_whole(tally, name, office, expected)
    return tally


def _judge(tally: Tally, name: str, code: int | None, allowed: tuple[int, ...]) -> None:
    tally.tried += 1
    if code is None:
        tally.hangs.append(name)
    elif code == REFUSED and REFUSED in allowed:
        tally.refused += 1
    elif code not in allowed:
        tally.crashes.append(f"{name}: {how_it_ended(code)}")


def _run_whole(tally: Tally, name: str, office: Office, expected: dict[str, bytes]) -> None:
    """Run with nothing in the way, and compare."""
    if ended(started(office.run), _SECONDS) != 0:
        tally.crashes.append(f"{name}: the next run")
    if wrong := differing(office.outputs(), expected):
        tally.losses.append(f"{name}: {wrong}")


def _with_little_room(office: Office, room: int) -> None:
    """Run where no file may be larger; what does not fit is an error, not a signal."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    office.run(force=True)


@contextmanager
def _nothing_writable(office: Office) -> Iterator[None]:
    """Take the right to write from all files and folders of an office."""
    everything = [office.home.parent, office.home, *office.home.rglob("*")]
    modes = {path: stat.S_IMODE(path.lstat().st_mode) for path in everything}
    for path in reversed(everything):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path, mode in modes.items():
            if path.exists():
                path.chmod(mode)


def _as_nobody(act: Callable[[], object]) -> None:
    """Do something as somebody whom rights concern: root may write everywhere."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setuid(_NOBODY)
    act()


def _command(office: Office, *arguments: str) -> None:
    """Run a command as a person does, in this process. Raises CommandError where it fails."""
    where = ["--output", str(office.place.output)]
    done = CliRunner().invoke(cli.app, [*arguments, *where])
    if done.exit_code:
        raise CommandError(done.output)


@contextmanager
def _leaping(chance: random.Random) -> Iterator[None]:
    """A clock that goes back as often as forth, by up to ten years."""

    class Leaping(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Leaping":
            leap = timedelta(seconds=chance.uniform(-3e8, 3e8))
            return cls.fromtimestamp((datetime.now(tz) + leap).timestamp(), tz)

    with (
        patch.object(answers, "datetime", Leaping),
        patch.object(output_store, "datetime", Leaping),
    ):
        yield
