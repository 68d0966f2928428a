"""What reading by workers and by a Dask cluster costs beside a plain run: the same pages each way.

    python -m benchmarks.cluster [--pages 4 12] [--store postgresql] [--sleep 5]

Each way reads pieces of the sample pages twice, few and many: what many take more, by their number,
is what a page costs once all has started; what few take besides is the cost of starting. Processor
seconds of all processes count (machines are shared), those of Dask's scheduler and workers too, and
those of the database server not.

With `--sleep` readers sleep so many seconds instead of reading: what is left is what handing pages
out, writing them and watching costs, without the noise that reading on a busy machine has.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests import postgres

REPOSITORY = Path(__file__).resolve().parents[1]
_SIDE = (1400, 1100)
"""Pixels of a piece: 1.5 megapixels, a sixth of a page of a newspaper at 200 dpi."""
_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Way:
    """One way to have pages read."""

    name: str
    readers: int
    kind: str
    """run | worker | dask"""


WAYS = (
    Way("`run -j 1`", 1, "run"),
    Way("`run -j 2`", 2, "run"),
    Way("one `worker`", 1, "worker"),
    Way("two `worker`", 2, "worker"),
    Way("one Dask worker", 1, "dask"),
    Way("two Dask workers", 2, "dask"),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What reading took, in seconds."""

    processor: float
    clock: float


@dataclass(frozen=True, slots=True)
class Program:
    """The commands of newspage, or those whose pages sleep."""

    sleep: float
    """Seconds; 0: they read."""

    def make_command(self, what: str, *options: str) -> list[str]:
        """Return the command `run`, `enqueue` or `worker` over a folder that it is started in."""
        if self.sleep:
            program = [sys.executable, "-m", "tests.worker_program", what, "."]
            return [*program, "--seconds", str(self.sleep), *options]
        scans = [] if what == "worker" else ["scans"]
        return [sys.executable, "-m", "newspage", what, *scans, "-o", "output", *options]


def cut_pieces(folder: Path, number: int) -> None:
    """Cut so many pieces, no two alike, out of the sample pages."""
    folder.mkdir(parents=True)
    pages = sorted((REPOSITORY / "scans").rglob("*.jpg"))
    width, height = _SIDE
    for count in range(number):
        with Image.open(pages[count % len(pages)]) as page:
            turn = count // len(pages)
            left = 137 * turn % (page.width - width)
            top = 211 * turn % max(1, page.height - height)
            piece = page.crop((left, top, left + width, min(page.height, top + height)))
            # Pages that sleep have a text by their name, and no two may have one alike.
            piece.save(folder / f"{'a' * (1 + count)}.png")


def measure_way(way: Way, home: Path, store: str, program: Program) -> Taken:
    """Read all scans in a folder in one way."""
    settings = f'[run]\nstore = "{store}"\n' if store else ""
    (home / "newspage.toml").write_text(settings, "utf-8")
    started = time.monotonic()
    before = _children_seconds()
    if way.kind == "run":
        _finish(_start(program.make_command("run", "-j", str(way.readers)), home))
    elif way.kind == "worker":
        _finish(_start(program.make_command("enqueue", "-j", "1"), home))
        workers = [_start(program.make_command("worker"), home) for _ in range(way.readers)]
        for worker in workers:
            _finish(worker)
    else:
        _read_with_dask(way.readers, program, home)
    return Taken(_children_seconds() - before, time.monotonic() - started)


def _read_with_dask(workers: int, program: Program, home: Path) -> None:
    """Start a cluster, read, and end it in order, so that the time of every process counts."""
    dask, file = [sys.executable, "-m"], home / "scheduler.json"
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file"]
    scheduler = _start([*dask, "distributed.cli.dask_scheduler", *options, str(file)], home)
    while not file.exists():
        time.sleep(0.1)
    options = ["--scheduler-file", str(file), "--nthreads", "1", "--no-dashboard", "--no-nanny"]
    team = [_start([*dask, "distributed.cli.dask_worker", *options], home) for _ in range(workers)]
    address = file.read_text("utf-8").partition('"address": "')[2].partition('"')[0]
    _finish(_start(program.make_command("run", "--cluster", address), home))
    time.sleep(3.0)  # for the workers of newspage to end
    for process in (*team, scheduler):
        process.terminate()
        process.wait(_SECONDS)


def _start(command: Sequence[str], home: Path) -> "subprocess.Popen[bytes]":
    log = home / "log.txt"
    with log.open("ab") as file:
        return subprocess.Popen(
            command,
            cwd=home,
            stdout=file,
            stderr=file,
            env={
                **os.environ,
                "PYTHONPATH": f"{REPOSITORY / 'pipeline'}{os.pathsep}{REPOSITORY}",
                "OWN_READERS": "1",  # of `tests.worker_program`
                "OMP_NUM_THREADS": "1",
            },
        )


def _finish(process: "subprocess.Popen[bytes]") -> None:
    if process.wait(_SECONDS):
        raise RuntimeError(f"{process.args!r} ended with {process.returncode}")


def _children_seconds() -> float:
    """Return the processor time of all processes that were started here and have ended."""
    times = os.times()
    return times.children_user + times.children_system


def compare_ways(few: int, many: int, store: str, program: Program) -> str:
    """Return as Markdown what each way costs, and how much more than a plain run of as many.

    Where pages sleep, that is a share of the ten seconds that reading a page takes at least.
    """
    taken: dict[tuple[str, int], Taken] = {}
    for way in WAYS:
        for pages in (few, many):
            with (
                tempfile.TemporaryDirectory(prefix="newspage-cluster-") as name,
                postgres.database() if store else nullcontext("") as address,
            ):
                home = Path(name)
                cut_pieces(home / "scans", pages)
                taken[way.name, pages] = measure_way(way, home, address, program)
                one = taken[way.name, pages]
                told = f"{way.name}, {pages} pages: {one.processor:.1f} s, {one.clock:.1f} s"
                print(told, file=sys.stderr, flush=True)
    plain = {way.readers: way.name for way in WAYS if way.kind == "run"}
    head = ("", "a page", "beside `run`", "starting", "by the clock, a page")
    rows = [head, tuple("---" for _ in head)]
    for way in WAYS:
        page, start, clock = _split(taken, way.name, few, many)
        other = _split(taken, plain[way.readers], few, many)[0]
        rows.append(
            (
                way.name,
                f"{page:.2f} s",
                f"{(page - other) / (10.0 if program.sleep else other):+.2%}",
                f"{start:.1f} s",
                f"{clock:.1f} s",
            )
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _split(
    taken: dict[tuple[str, int], Taken], name: str, few: int, many: int
) -> tuple[float, float, float]:
    """Return processor seconds for a page and for starting, and seconds by the clock for a page."""
    small, large = taken[name, few], taken[name, many]
    page = (large.processor - small.processor) / (many - few)
    clock = (large.clock - small.clock) / (many - few)
    return page, small.processor - few * page, clock


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, nargs=2, default=(4, 12), metavar=("FEW", "MANY"))
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--sleep", type=float, default=0.0, help="seconds")
    given = parser.parse_args()
    few, many = given.pages
    if given.sleep and given.store != "sqlite":
        parser.error("pages that sleep have their store in a file")
    store = "postgresql" if given.store == "postgresql" else ""
    print(compare_ways(few, many, store, Program(given.sleep)))


if __name__ == "__main__":
    main()
