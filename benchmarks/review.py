"""Measure the review page: its lists over a large store, or the way of a person through it.

    python -m benchmarks.review [--pages 10000] [--questions 100000] [--store postgresql]
    python -m benchmarks.review --walk [--pages 200] [--questions 5000] [--keys 120]

The first prints what each view and list of the review page, `newspage status` and a run with
nothing to do cost with so many pages and questions in the store: SQLite, a PostgreSQL server that
is started for it, or the empty PostgreSQL database at an address. `--only view` measures what has
that in its name.

With `--walk`, a place is made of made-up pages, with the sample scans as their pictures, and served
by the command `newspage review`; a real browser (Chromium) works through questions by keyboard.
Painted means: the second animation frame after the key shows another question, its picture decoded.
"""

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from playwright.sync_api import Page, sync_playwright

from benchmarks.answer_costs import (
    measure_commands,
    measure_requests,
    print_costs,
    print_heading,
)
from benchmarks.large_store import make_store
from newspage.batch import folder
from newspage.batch.folder import ReaderBackend, RunRequest, run_folder
from newspage.batch.tasks import ReadScan
from newspage.batch.workers import PoolPlan
from newspage.config import Config, EngineConfig
from newspage.ingest import open_pages
from newspage.model import PageRecord, Scan
from newspage.settings import load_settings
from newspage.workspace import Workspace
from tests import fakes, postgres
from tests.decided_pages import Ask, asking, page_of
from tests.test_run import Heard

LINE = 24
MEASURE = """() => new Promise((done) => {
  const before = location.pathname;
  addEventListener('keydown', (event) => {
    const start = performance.now();
    const look = () => requestAnimationFrame(() => {
      const image = document.querySelector('#strip img');
      if (location.pathname !== before && (!image || image.complete)) {
        requestAnimationFrame(() => done(performance.now() - start));
      } else look();
    });
    look();
  }, {once: true, capture: true});
})"""


def _character(page: int, row: int, at: int) -> str:
    """No two pages alike, but for what is asked about: that is one of forty."""
    return chr(0x4F00 + row % 40 if at == 5 else 0x5200 + (page * 997 + row * 131 + at * 17) % 9000)


def made_up(scan: Scan, count: int) -> PageRecord:
    """A page of one article with so many questions, no two pages alike."""
    number = int(re.sub(r"\D", "", scan.path.stem) or 0)
    rows = ["".join(_character(number, row, i) for i in range(LINE)) for row in range(count + 4)]
    record = page_of([("题目", [[row + "¶" for row in rows]])], scan)
    width = LINE + 1
    asks = [
        Ask(0, 3 + width * row + 5, 3 + width * row + 6, chr(0x5000 + row % 40), False)
        for row in range(count)
    ]
    return asking(record, asks)


def make_place(home: Path, pages: int, questions: int, scans: Path) -> Workspace:
    """A store and an output folder with so many pages and questions."""
    pictures = sorted(scans.rglob("*.jpg"))
    for i in range(pages):
        target = home / "scans" / f"daily-{i:04}.jpg"
        target.parent.mkdir(parents=True, exist_ok=True)
        # A few bytes after the end of a JPEG make another file of the same picture.
        target.write_bytes(pictures[i % len(pictures)].read_bytes() + f"{i}".encode())

    def make(config: EngineConfig, threads: int) -> ReadScan:
        def read(scan: Scan, config: Config) -> PageRecord:
            whole = open_pages(scan.path)[0]
            return made_up(
                replace(scan, width=whole.width, height=whole.height), -(-questions // pages)
            )

        return read

    settings = load_settings(None, {})
    place = Workspace.for_output(home / "output", settings.config.run)
    request = RunRequest((home / "scans",), place.output, settings, PoolPlan(1, 1))
    with patch.object(folder, "WorkerPool", fakes.LocalCrew):
        run_folder(request, ReaderBackend(make, ""), Heard())
    return place


@contextmanager
def serving(output: Path) -> Iterator[tuple[str, float]]:
    """The command on a free port: its address, and when it was started."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "newspage", "review", "-o", str(output), "--no-browser"]
    server = subprocess.Popen([*command, "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        found = re.search(r"http://\S+", server.stdout.readline())
        assert found, "the server did not start"
        yield found[0], start
    finally:
        server.terminate()
        server.wait(20)


def key_times(page: Page, keys: int) -> list[float]:
    """Milliseconds from a key to the next question painted."""
    times = []
    for number in range(keys):
        handle = page.evaluate_handle(f"window.measured = ({MEASURE})(); 1")
        handle.dispose()
        page.keyboard.press("r" if number % 3 else "a")
        times.append(float(page.evaluate("window.measured")))
    return times


def measure(place: Workspace, keys: int) -> None:
    """Print the figures."""
    with sync_playwright() as playwright, serving(place.output) as (address, start):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        # With its token, which goes into a cookie; the queue is what is shown first.
        page.goto(address)
        page.wait_for_selector(".group")
        waited = time.perf_counter() - start
        print(f"start to usable page (the browser's own start included): {waited:.2f} s")
        address = address.partition("?")[0].rstrip("/")
        page.goto(address + "/next")
        page.wait_for_load_state("networkidle")
        begun = time.perf_counter()
        times = sorted(key_times(page, keys))
        spent = time.perf_counter() - begun
        print(
            f"key to next question painted, {keys} keys: median {statistics.median(times):.0f} ms, "
            f"95th percentile {times[int(0.95 * len(times))]:.0f} ms, longest {times[-1]:.0f} ms"
        )
        print(f"decisions an hour in the scripted walk: {3600 * keys / spent:,.0f}")
        page.goto(address + "/queue?sort=count")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_selector(".case")
        begun = time.perf_counter()
        page.keyboard.press("A")
        while "decided" not in (page.locator("#say").text_content() or ""):
            page.wait_for_timeout(5)
        waited = time.perf_counter() - begun
        print(f"a group of 60 cases accepted with one key, safe in the store: {waited:.2f} s")
        browser.close()


@contextmanager
def database_for(store: str) -> Iterator[str]:
    """The address of the database that a store is to be in; empty: a file."""
    if store == "postgresql":
        with postgres.database() as address:
            yield address
    else:
        yield "" if store == "sqlite" else store


def main() -> None:
    """Make the place and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--walk", action="store_true")
    parser.add_argument("--pages", type=int)
    parser.add_argument("--questions", type=int)
    parser.add_argument(
        "--store",
        default="sqlite",
        help="sqlite, postgresql, or the address of an empty PostgreSQL database",
    )
    parser.add_argument("--only", default="", help="measure what has this in its name")
    parser.add_argument("--keys", type=int, default=120)
    parser.add_argument("--scans", type=Path, default=Path("scans"))
    parser.add_argument("--keep", type=Path, help="make the place there and leave it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder_name:
        home = given.keep or Path(folder_name)
        if given.walk:
            place = make_place(home, given.pages or 200, given.questions or 5000, given.scans)
            measure(place, given.keys)
            return
        with database_for(given.store) as address:
            pages, questions = given.pages or 10_000, given.questions or 100_000
            place = make_store(home, pages, questions, address)
            print_heading()
            print_costs(measure_commands(place, given.only))
            print_costs(measure_requests(place, given.only))


if __name__ == "__main__":
    main()
