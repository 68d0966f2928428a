"""Crowds of tiny files, and files that change or stall while they are read."""

import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from benchmarks.attack.feeding import feed_folder, loading
from benchmarks.attack.memory import peak_of, resident_of
from benchmarks.attack.offices import ended, how_it_ended, started, workplace
from benchmarks.attack.scans import Sound, sound_files
from benchmarks.attack.tally import Tally
from newspage.batch.folder import ReaderBackend, RunRequest, run_folder
from newspage.batch.spread import choose_pool
from newspage.settings import load_settings
from newspage.store import OutputStore, Store
from tests.test_run import Heard

_SECONDS_A_FILE = 0.5
"""A crowd that takes longer hangs: on a machine at rest a file takes a few milliseconds."""
_PAGES_IN = 50
"""One file of so many is a page, the others are what lies about beside scans."""
_PAUSE = 0.002


def attack_by_crowds(size: int, seed: int) -> Tally:
    """Run over so many tiny files, most of them broken, and once more over the same."""
    tally = Tally("tiny files")
    with workplace() as home:
        chance = random.Random(f"{seed} crowd")
        _put_crowd(home / "scans", size, chance)
        for again in (False, True):
            inherited = resident_of(os.getpid())
            child = started(partial(_run_over, home, home / f"told-{again}"))
            peak, code = _watched(child, inherited, 60 + size * _SECONDS_A_FILE)
            tally.measure(f"tiny files {seed}", peak)
            _judge(tally, f"tiny files {seed}{' again' if again else ''}", code)
        tally.tried += size
        first, second = (_told(home / f"told-{again}") for again in (False, True))
        pages = -(-size // _PAGES_IN)
        if first[0] != pages or second[0] != 0:
            tally.losses.append(f"tiny files {seed}: {pages} pages, read {first[0]}, {second[0]}")
        tally.refused += first[1]
    return tally


def attack_by_changes(size: int, seed: int) -> Tally:
    """Read so many scans while somebody overwrites, cuts, removes or replaces them by pipes."""
    tally = Tally("files that change")
    with workplace() as home:
        sound = sound_files()
        names = [f"{n}.{file.suffix}" for n, file in enumerate(sound)]
        with _restless(home / "scans", names, sound, random.Random(f"{seed} change")):
            while tally.tried < size:
                feed_folder(home, loading, tally, f"change {seed} {tally.tried}")
                tally.tried += len(names)
        with Store(home / "newspage.sqlite") as store:
            OutputStore(store, "output").list_scans()
    return tally


@contextmanager
def _restless(
    folder: Path, names: list[str], sound: tuple[Sound, ...], chance: random.Random
) -> Iterator[None]:
    """Files that are changed all the time by a thread."""
    folder.mkdir()
    for name, file in zip(names, sound, strict=True):
        (folder / name).write_bytes(file.data)
    over = threading.Event()

    def change() -> None:
        while not over.wait(_PAUSE):
            number = chance.randrange(len(names))
            with suppress(OSError):
                _change(folder / names[number], sound[number].data, chance)

    thread = threading.Thread(target=change, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _change(path: Path, data: bytes, chance: random.Random) -> None:
    """What copying, moving and failing disks do to a file."""
    act = chance.choice(("whole", "whole", "cut", "slow", "gone", "pipe", "touched"))
    if act in ("gone", "pipe", "whole"):
        # A pipe cannot be written to without a reader: it goes first.
        path.unlink(missing_ok=True)
    if act == "pipe":
        os.mkfifo(path)
    elif act == "whole":
        path.write_bytes(data)
    elif path.is_fifo() or not path.exists():
        return
    elif act == "cut":
        os.truncate(path, chance.randrange(len(data)))
    elif act == "touched":
        os.utime(path, (chance.randrange(2**31),) * 2)
    elif act == "slow":
        with path.open("wb") as file:
            for start in range(0, len(data), 1 + len(data) // 5):
                file.write(data[start : start + 1 + len(data) // 5])
                file.flush()
                time.sleep(_PAUSE)


def _put_crowd(folder: Path, size: int, chance: random.Random) -> None:
    """Pages that differ, and empty files, texts, ends and starts of pictures named like them."""
    sound = sound_files()
    for number in range(size):
        file = chance.choice(sound)
        path = folder / f"{number // 1000:04}" / f"{number:06}.{file.suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        if number % _PAGES_IN == 0:
            # A few bytes after the end of a BMP file make another file of the same picture.
            bitmap = next(one for one in sound if one.suffix == "bmp")
            path.with_suffix(".bmp").write_bytes(bitmap.data + str(number).encode())
        else:
            broken = (
                b"",
                b"text",
                b"\0" * 9,
                file.data[: chance.randrange(8)],
                b"\x89PNG\r\n\x1a\n",
            )
            path.write_bytes(chance.choice(broken))


def _run_over(home: Path, told: Path) -> None:
    """One run; its figures go into a file."""
    settings = load_settings(None, {})
    request = RunRequest((home / "scans",), home / "output", settings, choose_pool(settings.config))
    outcome = run_folder(request, ReaderBackend(loading, ""), Heard())
    told.write_text(f"{outcome.done} {outcome.failed}")


def _told(path: Path) -> tuple[int, int]:
    done, failed = path.read_text().split() if path.exists() else ("-1", "-1")
    return int(done), int(failed)


def _watched(child: int, inherited: int, seconds: float) -> tuple[int, int | None]:
    """The most memory that a child took beside what it inherited, and how it ended."""
    peak, deadline = 0, time.monotonic() + seconds
    while time.monotonic() < deadline:
        peak = max(peak, peak_of(child) - inherited)
        if (code := ended(child, 0.05, kill=False)) is not None:
            return peak, code
    return peak, ended(child, 0)


def _judge(tally: Tally, name: str, code: int | None) -> None:
    if code is None:
        tally.hangs.append(name)
    elif code:
        tally.crashes.append(f"{name}: {how_it_ended(code)}")
