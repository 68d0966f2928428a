"""What it costs the review page, `newspage status` and a run with nothing to do to answer."""

import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from starlette.testclient import TestClient

from newspage.config import IngestConfig
from newspage.decision import Act, Decision
from newspage.review.service.answers import format_now, make_uid
from newspage.review.service.review_service import ReviewService
from newspage.review.web.app import AppOptions, create_app
from newspage.review.web.scan_pictures import ScanPictures
from newspage.review.web.security import AccessRules
from newspage.settings import load_settings
from newspage.store import OutputStore, QuestionChange, QuestionRow, Store
from newspage.workspace import Workspace

VIEWS = {
    "queue view": "/queue",
    "pages view": "/pages",
    "progress view": "/progress",
}
"""What the review page shows first, by a name for people, as an address."""
TRIVIAL = "/api/questions?pattern=none"
"""One look into an index: what a request costs whatever is in the store."""
VIEW_REPEATS = 60
LIST_REPEATS = 15

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Sample:
    """What it cost to do something once, in seconds."""

    cpu: float
    """Of a processor, by this process and those that it started."""
    server: float
    """Of a processor, by the database server."""
    wall: float
    """By the clock."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What it cost to do something several times, in milliseconds."""

    cpu: float
    """Of a processor, by this process and those that it started: the mean."""
    server: float
    """Of a processor, by the database server: the mean."""
    wall: float
    """By the clock: the median."""
    slow: float
    """By the clock: the 95th percentile."""
    ratio: float | None = None
    """By the clock: the median, measured by that of a trivial request in the same moments."""


class CostMeter:
    """Measures work on the processors and by the clock."""

    def __init__(self, store: Path | str) -> None:
        self._server = _find_server(store)

    def time_work(self, work: Work) -> Sample:
        """Do some work once."""
        server = _server_seconds(self._server)
        cpu, start = _own_seconds(), time.perf_counter()
        work()
        wall, cpu = time.perf_counter() - start, _own_seconds() - cpu
        return Sample(cpu, _server_seconds(self._server) - server, wall)


def _own_seconds() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def _find_server(store: Path | str) -> int:
    """Return the id of a PostgreSQL server's first process; 0 where none is on this machine."""
    if isinstance(store, Path):
        return 0
    engine = create_engine(make_url(store).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        backend = int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
        fields = _read_process(backend)
    engine.dispose()
    return int(fields[1]) if fields else 0


def _server_seconds(first: int) -> float:
    """Return the seconds of a processor that a server has used, with processes that have ended."""
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*") if first else ():
        if fields := _read_process(int(folder.name)):
            is_first = int(folder.name) == first
            if is_first or int(fields[1]) == first:
                ticks += sum(map(int, fields[11 : 15 if is_first else 13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _read_process(number: int) -> list[str]:
    """Return what Linux tells of a process, from its state on; nothing where there is none."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def sum_up(samples: Sequence[Sample], trivial: Sequence[Sample] = ()) -> Cost:
    """Return what samples have in common, beside samples of a trivial request."""
    wall = sorted(1000 * one.wall for one in samples)
    middle = statistics.median(wall)
    return Cost(
        1000 * statistics.mean(one.cpu for one in samples),
        1000 * statistics.mean(one.server for one in samples),
        middle,
        wall[min(len(wall) - 1, int(0.95 * len(wall)))],
        middle / (1000 * statistics.median(one.wall for one in trivial)) if trivial else None,
    )


def list_requests() -> Mapping[str, str]:
    """Return every list of the review page, by a name for people, as an address."""
    found: dict[str, str] = {}
    sorts = ("value", "count", "confidence", "rule", "page")
    filters: Mapping[str, Mapping[str, object]] = {
        "decided": {"state": "decided"},
        "applied": {"state": "applied"},
        "precedent": {"state": "precedent"},
        "all": {"state": "all"},
        "rule": {"rule": "phrase"},
        "stem": {"stem": "daily-1950-01-01/p1"},
        "paper": {"paper": "daily"},
        "text": {"text": "天"},
        "confidence .6 to .8": {"least": 0.6, "most": 0.8},
    }
    for kind in ("groups", "questions"):
        for sort in sorts:
            found[f"{kind} by {sort}"] = f"/api/{kind}?{urlencode({'sort': sort})}"
            more = urlencode({"sort": sort, "offset": 2000 if kind == "groups" else 60000})
            found[f"{kind} by {sort}, far down"] = f"/api/{kind}?{more}"
        for name, values in filters.items():
            for sort in sorts:
                address = f"/api/{kind}?{urlencode({**values, 'sort': sort})}"
                found[f"{kind}, {name}, by {sort}"] = address
    return found


def measure_requests(place: Workspace, only: str = "") -> Iterator[tuple[str, Cost]]:
    """Ask the review service for its views and lists, many times each; yield what each costs.

    `only`: those whose names hold this.
    """
    settings = load_settings(None, {("run", "store"): ("store", str(place.store))})
    service = ReviewService(place, settings)
    try:
        pictures = ScanPictures(service.locate_scan, place.home / "newspage.cache", IngestConfig())
        app = create_app(service, pictures, AppOptions(AccessRules(), "ann", False))
        measure = partial(
            _measure, CostMeter(place.store), TestClient(app, "http://127.0.0.1:8642")
        )
        with Store(place.store) as store:
            decide = partial(_decide, store, _list_open(OutputStore(store, place.name)))
            for name, path in VIEWS.items():
                if only in name:
                    yield name, measure(path, VIEW_REPEATS)
                    yield f"{name}, each after a decision", measure(path, VIEW_REPEATS, decide)
        for name, path in list_requests().items():
            if only in name:
                yield name, measure(path, LIST_REPEATS)
    finally:
        service.close()


def _measure(
    meter: CostMeter, client: TestClient, path: str, repeats: int, before: Work = lambda: None
) -> Cost:
    """Ask for an address many times, `before` doing something each time that is not measured."""
    fetch, trivial = partial(_fetch, client, path), partial(_fetch, client, TRIVIAL)
    fetch()
    samples: list[Sample] = []
    trifles: list[Sample] = []
    for _ in range(repeats):
        before()
        trifles.append(meter.time_work(trivial))
        samples.append(meter.time_work(fetch))
    return sum_up(samples, trifles)


def _list_open(store: OutputStore) -> Iterator[QuestionRow]:
    """Yield open questions from all over the store, in no order."""
    numbers = list(range(1, store.questions.count_states().questions + 1))
    random.Random(1).shuffle(numbers)
    found = store.questions.load_questions(numbers[:2000])
    yield from (row for row in found.values() if row.status == "proposed")


def _decide(store: Store, questions: Iterator[QuestionRow]) -> None:
    """Accept the next question."""
    row = next(questions)
    decision = Decision(
        make_uid(), format_now(), "ann", Act.ACCEPT, row.anchor, row.path, row.rule, row.proposed
    )
    change = QuestionChange(row.id, row.version, "accepted", "", "ann")
    store.decisions.append_decisions([(decision, row.id)], [change])


def _fetch(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200, response.text


def measure_commands(
    place: Workspace, only: str = "", repeats: int = 5
) -> Iterator[tuple[str, Cost]]:
    """Run `newspage status` and a `newspage run` that finds nothing to do; yield what they cost."""
    newspage = [sys.executable, "-m", "newspage"]
    commands = {
        "newspage --version": [*newspage, "--version"],
        "newspage status": [*newspage, "status", "-o", "output"],
        "newspage run, nothing to do": [*newspage, "run", "scans", "-o", "output"],
    }
    if isinstance(place.store, str):
        (place.home / "newspage.toml").write_text(f'[run]\nstore = "{place.store}"\n')
    meter = CostMeter(place.store)
    for name, command in commands.items():
        if only not in name:
            continue

        def work(command: list[str] = command) -> None:
            done = subprocess.run(
                command, cwd=place.home, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr + done.stdout

        work()
        yield name, sum_up([meter.time_work(work) for _ in range(repeats)])


def print_costs(costs: Iterator[tuple[str, Cost]]) -> None:
    """Print rows of a table, each as soon as it is known."""
    for name, cost in costs:
        ratio = "" if cost.ratio is None else f"{cost.ratio:,.1f}"
        print(
            f"| {name} | {cost.cpu:,.0f} | {cost.server:,.0f} | {cost.wall:,.0f} | "
            f"{cost.slow:,.0f} | {ratio} |",
            flush=True,
        )


def print_heading() -> None:
    """Print the head of that table."""
    print("| ms | CPU | CPU of the server | median | 95th percentile | ratio to trivial |")
    print("|---|---|---|---|---|---|", flush=True)
