"""A store on a server that is restarted under those who use it."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import make_url

from benchmarks.large_store import make_store
from newspage.batch import folder
from newspage.batch.events import PageDone, RunEvent
from newspage.batch.folder import ReaderBackend, RunRequest, run_folder
from newspage.batch.workers import PoolPlan
from newspage.decision import Act, Decision
from newspage.settings import load_settings
from newspage.store import (
    ConflictError,
    OutputStore,
    QuestionChange,
    QuestionRow,
    Store,
    StoreError,
)
from newspage.store.tables import DECISIONS
from tests import fakes, postgres
from tests.test_run import Bench, Heard

REVIEWERS = 8


@pytest.fixture
def restart(server: str) -> Iterator[Callable[[], None]]:
    """Stops the server at once, and starts it again a moment later, while others go on."""
    if not postgres.own_server():
        pytest.skip("the server is not ours to restart")
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        data = connection.execute(text("SHOW data_directory")).scalar_one()
    engine.dispose()
    control = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))[-1]
    options = (Path(data) / "postmaster.opts").read_text().split(None, 1)[1]
    starting: list[threading.Thread] = []

    def start() -> None:
        time.sleep(0.5)
        log = Path(data).parent / "log"
        postgres._run(control, "-D", data, "-w", "-l", log, "-o", options, "start")

    def stop_and_start() -> None:
        postgres._run(control, "-D", data, "-w", "-m", "immediate", "stop")
        starting.append(threading.Thread(target=start))
        starting[-1].start()

    yield stop_and_start
    for thread in starting:
        thread.join()


def test_a_run_goes_on_after_a_restart(
    server: str,
    restart: Callable[[], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It waits for the server; every page is read once."""
    address = postgres.emptied(server)
    monkeypatch.setattr(folder, "WorkerPool", fakes.LocalCrew)
    bench = Bench(tmp_path)
    for number in range(5):
        bench.scan(f"{number}.png", number)
    done: list[str] = []

    def note(event: RunEvent) -> None:
        if isinstance(event, PageDone):
            done.append(event.page)
            if len(done) == 2:
                restart()

    settings = load_settings(None, {("run", "store"): ("store", address)})
    request = RunRequest((bench.scans,), bench.output, settings, PoolPlan(1, 1))
    outcome = run_folder(
        replace(request, observers=(note,)), ReaderBackend(fakes.make_reader, ""), Heard()
    )
    assert (outcome.done, outcome.failed) == (5, 0)
    assert sorted(done) == [str(number) for number in range(5)]
    with Store(address) as whole:
        assert len(OutputStore(whole, "output").list_scans()) == 5


def is_kept(store: Store, uid: str) -> bool:
    """Whether a decision is in the store."""
    wanted = select(DECISIONS.c.seq).where(DECISIONS.c.uid == uid)
    with store.database.reading() as connection:
        return connection.execute(wanted).first() is not None


def decide(store: Store, row: QuestionRow, reviewer: str) -> bool:
    """Answer a question, again where the server went away; whether the answer was kept."""
    uid = f"{reviewer}-{row.id}"
    act, at = Act.ACCEPT, "2026-01-01T00:00:00+00:00"
    decision = Decision(uid, at, reviewer, act, row.anchor, row.path, row.rule, row.proposed)
    change = QuestionChange(row.id, row.version, "accepted", "", reviewer)
    for _ in range(20):
        try:
            # The server may have gone after it kept the answer, and before it could say so.
            if not is_kept(store, uid):
                store.decisions.append_decisions([(decision, row.id)], [change])
        except ConflictError:
            return False
        except StoreError:
            time.sleep(0.05)
        else:
            return True
    raise AssertionError("the server did not come back")


def test_eight_reviewers_and_a_restart_lose_and_double_nothing(
    server: str, restart: Callable[[], None], tmp_path: Path
) -> None:
    """Each question has one decision, that of whoever it names, however many wanted to answer."""
    place = make_store(tmp_path, 2, 60, postgres.emptied(server))
    with Store(place.store) as store:
        rows = [
            row
            for row in store.questions.load_questions(range(1, 61)).values()
            if row.status == "proposed"
        ]
        kept: Counter[int] = Counter()

        def review(number: int) -> None:
            chosen = random.Random(number).sample(rows, len(rows))
            for count, row in enumerate(chosen):
                if number == 0 and count == 10:
                    restart()
                kept[row.id] += decide(store, row, f"r{number}")

        with ThreadPoolExecutor(REVIEWERS) as pool:
            list(pool.map(review, range(REVIEWERS)))
        with store.database.reading() as connection:
            said = connection.execute(
                select(DECISIONS.c.question, DECISIONS.c.reviewer).where(
                    DECISIONS.c.reviewer.like("r%"), DECISIONS.c.question.is_not(None)
                )
            ).all()
        found = store.questions.load_questions(row.id for row in rows)
    assert Counter(question for question, _ in said) == Counter(row.id for row in rows)
    assert dict(map(tuple, said)) == {n: q.reviewer for n, q in found.items()}
    assert all(count <= 1 for count in kept.values())


def test_a_server_that_never_answered_is_not_waited_for() -> None:
    """A wrong address is told at once."""
    start = time.monotonic()
    with pytest.raises(StoreError, match="cannot be used"):
        Store("postgresql://nobody@127.0.0.1:1/x")
    assert time.monotonic() - start < 30
