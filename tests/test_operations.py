"""Budgets, plans, events, figures for Prometheus, and why pages failed, as runs leave them."""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families
from typer.testing import CliRunner

from newspage.batch import folder, planning
from newspage.batch.budget import RunBudget
from newspage.batch.event_log import EventLog
from newspage.batch.events import (
    PageBegun,
    PageDone,
    PageFailed,
    RunBegun,
    RunEnded,
    RunEvent,
)
from newspage.batch.folder import ReaderBackend, RunRequest, run_folder
from newspage.batch.lease_keeper import LeaseKeeper
from newspage.batch.metrics_file import MetricsFile
from newspage.batch.pace import Duration, ReadingPace
from newspage.batch.planning import RunPlan, plan_run
from newspage.batch.run_events import RunOutcome
from newspage.batch.selection import parse_duration
from newspage.batch.tasks import ReadTask, Result
from newspage.batch.workers import PoolPlan
from newspage.cli import app
from newspage.errors import InputError, OutputError, TextLanguage, UsageError
from newspage.model import Scan
from newspage.progress import describe_speed, summarise_run
from newspage.settings import load_settings
from newspage.store import (
    Claimant,
    FailureReason,
    Lease,
    OutputStore,
    PageFigures,
    ScanKey,
    ScanRow,
    ScanStatus,
    Store,
    measure_throughput,
)
from tests import fakes
from tests.test_run import Bench, Heard


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Scans, read in this process."""
    monkeypatch.setattr(folder, "WorkerPool", fakes.LocalCrew)
    monkeypatch.setattr(planning, "WorkerPool", fakes.LocalCrew)
    return Bench(tmp_path)


def request_for(bench: Bench, pool: PoolPlan | None = None) -> RunRequest:
    """A run over the folder."""
    plain = load_settings(None, {})
    return RunRequest((bench.scans,), bench.output, plain, pool or PoolPlan(1, 1))


def run(request: RunRequest) -> RunOutcome:
    """One run."""
    return run_folder(request, ReaderBackend(fakes.make_reader, ""), Heard())


def plan(request: RunRequest, cores: int = 1) -> RunPlan:
    """What a run would do."""
    return plan_run(request, ReaderBackend(fakes.make_reader, ""), cores)


def figures(megapixels: float, seconds: float) -> PageFigures:
    """Of a page of some size."""
    return PageFigures(1, 10, 1, 0, seconds, megapixels=megapixels)


def test_a_pace_is_that_of_pages_of_the_same_size() -> None:
    """With a range around it; without any page it is assumed, and grows with the size."""
    small, large = [figures(4, s) for s in (3, 4, 5, 6, 7)], [figures(16, 64)] * 5
    pace = ReadingPace([*small, *large, figures(0, 9)])
    assert pace.measured == 10
    assert pace.estimate_page(4) == Duration(4, 5, 6)
    assert pace.estimate_page(16) == Duration(64, 64, 64)
    assert pace.estimate_page(64).usual == pytest.approx(64 * 2.875)
    unknown = ReadingPace().estimate_page(13)
    assert 0 < unknown.low < unknown.usual < unknown.high


@given(st.lists(st.tuples(st.floats(0.1, 90), st.floats(0.1, 900)), max_size=30))
def test_an_estimate_is_in_its_range(pages: list[tuple[float, float]]) -> None:
    """Whatever was measured."""
    pace = ReadingPace(figures(size, seconds) for size, seconds in pages)
    for size in (0.2, 5, 80):
        found = pace.estimate_page(size)
        assert 0 < found.low <= found.usual <= found.high


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("30m", 1800), ("8h", 28800), ("1h30m", 5400), ("1.5h", 5400), ("2d", 172800)],
)
def test_durations(text: str, seconds: float) -> None:
    """A number and a unit, several too."""
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "8", "h", "8x", "-1h", "0s", "8h later", "99999999d"])
def test_what_is_no_duration(text: str) -> None:
    """It is refused."""
    with pytest.raises(UsageError, match="no duration"):
        parse_duration(text)


def test_a_budget_admits_what_will_have_ended() -> None:
    """By the longer times of pages of that size."""
    now = [0.0]
    pace = ReadingPace([figures(4, s) for s in (10, 10, 10, 20, 20)])
    budget = RunBudget(60, pace, lambda: now[0])
    scan = Scan(Path("a.png"), "", 2000, 2000)
    assert budget.admits(scan)
    now[0] = 41
    assert not budget.admits(scan)
    assert not budget.spent
    now[0] = 60
    assert budget.spent


@pytest.fixture
def slow_bench(tmp_path: Path) -> Bench:
    """Six small scans, read by workers."""
    bench = Bench(tmp_path)
    for number in range(6):
        bench.scan(f"{number}.png", number)
    return bench


def test_a_run_stops_at_its_budget_and_goes_on_later(slow_bench: Bench) -> None:
    """Nothing is half done; what is left is said, and read by the next run."""
    request = request_for(slow_bench)
    with Store(slow_bench.output.parent / "newspage.sqlite") as whole:
        store = OutputStore(whole, "output")
        for number in range(8):
            # Pages of this size took 600 seconds so far.
            row = ScanRow(ScanKey(f"old/{number}"), f"old{number}", ScanStatus.DONE, "f")
            store.put_scan(replace(row, figures=figures(0.003, 600), finished=number + 1))
    events: list[RunEvent] = []
    outcome = run(replace(request, budget=300.0, observers=(events.append,)))
    assert (outcome.done, outcome.left_pages, outcome.left_files) == (0, 6, 0)
    assert "The budget is spent. Left: 6 pages. The same command goes on." in summarise_run(
        outcome, slow_bench.output, 1
    )
    (ended,) = [one for one in events if isinstance(one, RunEnded)]
    assert (ended.how, ended.left) == ("budget", 6)
    with Store(slow_bench.output.parent / "newspage.sqlite") as whole:
        store = OutputStore(whole, "output")
        assert store.list_runs()[0].outcome == "budget"
        assert store.progress.count_states()[ScanStatus.PENDING] == 6
        assert "budget was spent" in describe_speed(store, 100)
    later = run(replace(request, budget=36000.0))
    assert (later.done, later.left) == (6, 0)


class _StingyCrew(fakes.LocalCrew):
    """A crew that begins no page: none would end in time."""

    def take_withheld(self) -> list[ReadTask]:
        """Return the pages that were handed over."""
        pages = [task for task in self._tasks if isinstance(task, ReadTask)]
        for page in pages:
            self._tasks.remove(page)
        return pages

    def results(self) -> Iterator[list[Result]]:
        """Yield the answers of looks, and nothing of pages."""
        while self._tasks:
            task = self._tasks.popleft()
            if isinstance(task, ReadTask):
                self._tasks.append(task)
                yield []
            else:
                yield [self._result(task)]


def test_pages_that_the_budget_leaves_are_for_others(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are given back at once; what a worker reads of them meanwhile is not left."""
    monkeypatch.setattr(folder, "WorkerPool", _StingyCrew)
    for number in range(3):
        bench.scan(f"{number}.png", number)
    give_back, freed = LeaseKeeper.give_back, list[ScanKey]()

    def give_back_to_another(keeper: LeaseKeeper, lease: Lease) -> None:
        give_back(keeper, lease)
        freed.append(lease.page.key)
        if len(freed) == 1:
            with Store(bench.output.parent / "newspage.sqlite") as whole:
                table = OutputStore(whole, "output").leases
                (taken,) = table.claim_pages(Claimant("w", "here", 60), 1, [lease.page.key])
                row = ScanRow(lease.page.key, lease.page.stem, ScanStatus.DONE, "f")
                assert table.finish_page(taken, replace(row, figures=figures(1, 1), finished=1))

    monkeypatch.setattr(LeaseKeeper, "give_back", give_back_to_another)
    events: list[RunEvent] = []
    outcome = run(replace(request_for(bench), budget=300.0, observers=(events.append,)))
    assert len(freed) == 3
    assert (outcome.done, outcome.elsewhere, outcome.left_pages) == (1, 1, 2)
    assert sum(isinstance(one, PageDone) for one in events) == 1
    assert isinstance(events[-1], RunEnded)


def test_a_log_that_breaks_ends_the_run(bench: Bench) -> None:
    """By its own error, even where it cannot be told either; the store has how the run ended."""
    bench.scan("a.png")

    def refuse(event: RunEvent) -> None:
        if not isinstance(event, RunBegun):
            raise OutputError("disk-full", path=type(event).__name__, reason="full")

    with pytest.raises(OutputError, match="PagesFound"):
        run(replace(request_for(bench), observers=(refuse,)))
    with Store(bench.output.parent / "newspage.sqlite") as whole:
        assert OutputStore(whole, "output").list_runs()[0].outcome == "interrupted"


def test_events_are_told_in_order(bench: Bench, tmp_path: Path) -> None:
    """As values, as lines of JSON with stable keys, a failure with its code."""
    bench.scan("a.png")
    (bench.scans / "b.png").write_bytes(b"")
    log = tmp_path / "logs" / "run.jsonl"
    for _ in range(2):
        with EventLog(log) as opened:
            run(replace(request_for(bench), observers=(opened.note_event,)))
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    first = lines[: len(lines) // 2 + 1]
    assert [one["event"] for one in first if one["event"] != "pages-found"] == [
        "run-begun",
        "page-failed",
        "page-done",
        "run-ended",
    ]
    by_name = {one["event"]: one for one in reversed(lines)}
    assert by_name["page-done"]["page"] == "a"
    assert by_name["page-done"]["megapixels"] > 0
    assert by_name["page-failed"]["code"] == "scan-empty"
    failed = [one for one in lines if one["event"] == "page-failed"]
    assert [(one["page"], one["file"]) for one in failed] == [("b", "scans/b.png")] * 2
    assert lines[-1]["already_read"] == 1
    assert set(lines[-1]) == {
        *("event", "at", "how", "done", "already_read", "failed", "left", "seconds")
    }


def test_workers_tell_of_pages_begun(slow_bench: Bench) -> None:
    """Each before it is done."""
    events: list[RunEvent] = []
    run(replace(request_for(slow_bench), observers=(events.append,)))
    begun = [one.page for one in events if isinstance(one, PageBegun)]
    done = [one.page for one in events if isinstance(one, PageDone)]
    assert sorted(begun) == sorted(done) == [str(n) for n in range(6)]


def test_a_log_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """Before anything is read."""
    (tmp_path / "file").touch()
    with pytest.raises(OutputError):
        EventLog(tmp_path / "file" / "log")


def test_prometheus_reads_the_figures(tmp_path: Path) -> None:
    """Names, types and labels, whatever stands in them."""
    path = tmp_path / "newspage.prom"
    metrics = MetricsFile(path, lambda: 0.0)
    hostile = 'out"\\\n,put'
    metrics.note_event(RunBegun(version="1", output=hostile))
    metrics.note_event(PageBegun(page="a", file="a.png"))
    done = PageDone(page="a", file="a.png", seconds=2.5, megapixels=4, articles=1, characters=9)
    metrics.note_event(done)
    for code in ("scan-empty", "scan-empty", ""):
        metrics.note_event(PageFailed(page="", file="b", code=code, message="no"))
    ended = RunEnded(how="complete", done=1, already_read=0, failed=3, left=2, seconds=3)
    metrics.note_event(ended)
    families = {f.name: f for f in text_string_to_metric_families(path.read_text("utf-8"))}
    assert families["newspage_pages_read"].type == "counter"
    assert families["newspage_pages_reading"].type == "gauge"
    assert all(f.documentation for f in families.values())
    samples = [sample for f in families.values() for sample in f.samples]
    assert {sample.labels["output"] for sample in samples} == {hostile}
    values = {(s.name, s.labels.get("code")): s.value for s in samples}
    assert values["newspage_pages_read_total", None] == 1
    assert values["newspage_reading_seconds_total", None] == 2.5
    assert values["newspage_pages_reading", None] == 0
    assert values["newspage_pages_left", None] == 2
    assert values["newspage_pages_failed_total", "scan-empty"] == 2
    assert values["newspage_pages_failed_total", "other"] == 1


def test_a_plan_says_what_a_run_would_do(bench: Bench) -> None:
    """Pages by what is known of them, and how long they take; it changes nothing."""
    for name in ("a.png", "b.png"):
        bench.scan(name)
    assert not bench.output.exists()
    empty = plan(request_for(bench))
    assert (empty.done, empty.new, empty.measured) == (0, 2, 0)
    assert empty.core_hours.low < empty.core_hours.usual < empty.core_hours.high
    assert not bench.output.exists()
    assert not (bench.output.parent / "newspage.sqlite").exists()
    bench.scan("bug.png")
    (bench.scans / "empty.png").write_bytes(b"")
    run(request_for(bench))
    bench.scan("a.png", 7)
    os.utime(bench.scans / "a.png", (1, 1))
    bench.scan("many.tif", frames=3)
    found = plan(request_for(bench), cores=4)
    assert (found.done, found.new, found.changed, found.again) == (1, 3, 1, 1)
    assert found.refused == 1
    assert found.measured == 2
    assert found.to_read == 5
    assert found.hours.usual <= found.core_hours.usual
    assert run(request_for(bench)).done == 4


def test_a_plan_opens_a_sample_of_many_files(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are reckoned by those."""
    for number in range(12):
        bench.scan(f"{number}.png", number)
    monkeypatch.setattr(planning, "_SAMPLE", 4)
    found = plan(request_for(bench))
    assert (found.files, found.opened, found.new) == (12, 4, 12)


def test_reasons_are_kept_in_no_language(bench: Bench) -> None:
    """They are told in any; what an older newspage noted stays as it is."""
    (bench.scans / "b.png").write_bytes(b"")
    bench.scan("bug.png", 3)
    run(request_for(bench))
    with Store(bench.output.parent / "newspage.sqlite") as whole:
        store = OutputStore(whole, "output")
        empty = store.list_scans()[ScanKey("scans/b.png")]
        assert empty.describe_failure("en") == empty.message
        assert "空文件" in empty.describe_failure("zh")
        assert empty.finished > 1e9
        old = replace(empty, reason=None, message="b: is empty.", key=ScanKey("old"))
        store.put_scan(old)
        assert store.list_scans()[old.key].describe_failure("zh") == "b: is empty."
        counted = {one.code: one.pages for one in store.progress.count_failures()}
        assert counted == {"scan-empty": 1, "reading-failed": 1, "": 1}


@given(
    st.text(max_size=12),
    st.dictionaries(st.text(max_size=8), st.text() | st.integers() | st.floats(allow_nan=False)),
)
def test_a_damaged_reason_is_told_all_the_same(code: str, fields: dict[str, float | str]) -> None:
    """By its code at least."""
    reason = FailureReason(code, tuple(fields.items()))
    known = FailureReason("scan-file-too-large", tuple(fields.items()))
    languages: tuple[TextLanguage, ...] = ("en", "zh")
    for language in languages:
        assert isinstance(reason.describe(language), str)
        assert known.describe(language)


def test_an_error_survives_as_a_reason() -> None:
    """Numbers keep their format, paths their name."""
    error = InputError("scan-file-too-large", path=Path("a.png"), megabytes=1234.5, allowed=500.0)
    assert FailureReason.from_error(error).describe("en") == str(error)


@pytest.fixture(params=["sqlite", "postgresql"])
def store_at(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a store is to be."""
    if request.param == "postgresql":
        from tests import postgres

        return postgres.emptied(request.getfixturevalue("server"))
    return tmp_path / "newspage.sqlite"


def test_throughput_by_finish_times(store_at: Path | str) -> None:
    """Speed of the last run, time left, the plot's steps, failures by reason."""
    with Store(store_at) as whole:
        store = OutputStore(whole, "output")
        store.begin_run("1")
        begun = int(time.time())
        now = begun + 3600
        row = ScanRow(ScanKey("a"), "a", ScanStatus.DONE, "f", figures=figures(4, 9))
        for number in range(1, 61):
            key = ScanKey("a", number)
            store.put_scan(replace(row, key=key, stem=f"a{number}", finished=begun + 60 * number))
        store.put_scan(replace(row, key=ScanKey("old"), stem="old", finished=begun - 90_000))
        reason = FailureReason("scan-empty", (("path", "x"),))
        failed = ScanRow(ScanKey("x"), "x", ScanStatus.FAILED, message="is empty", reason=reason)
        store.put_scan(replace(failed, finished=begun))
        for number in range(30):
            store.put_scan(ScanRow(ScanKey("p", number), f"p{number}", ScanStatus.PENDING))
        found = measure_throughput(store, now)
        said = describe_speed(store, now)
        assert [f.seconds for f in store.progress.list_latest_figures(3)] == [9, 9, 9]
        assert measure_throughput(OutputStore(whole, "other"), now).counts == []
    assert (found.done, found.failed, found.pending) == (61, 1, 30)
    assert found.pages_an_hour == pytest.approx(60, abs=1)
    assert found.seconds_left == pytest.approx(1800, abs=60)
    assert sum(found.counts) == 60
    assert found.start + found.step * len(found.counts) > found.latest
    (one,) = found.failures
    assert (one.pages, one.describe("zh")) == (1, "x：是空文件（0 字节）。请重新复制或扫描。")
    assert "61 pages read, 1 failed, 30 to be read." in said
    assert "60 pages an hour" in said


def test_the_speed_falls_when_nothing_comes(tmp_path: Path) -> None:
    """As long as pages are left; of a folder that is done it is that of its last hour."""
    with Store(tmp_path / "s.sqlite") as whole:
        store = OutputStore(whole, "output")
        store.begin_run("1")
        begun = int(time.time())
        row = ScanRow(ScanKey("a"), "a", ScanStatus.DONE, "f", figures=figures(4, 9))
        for number in range(1, 11):
            store.put_scan(replace(row, key=ScanKey("a", number), finished=begun + 6 * number))
        assert measure_throughput(store, begun + 9999).pages_an_hour == pytest.approx(600, rel=0.1)
        store.put_scan(ScanRow(ScanKey("p"), "p", ScanStatus.PENDING))
        assert measure_throughput(store, begun + 120).pages_an_hour == pytest.approx(300, rel=0.1)


def test_a_plan_for_nothing_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a run for nothing does; the commonest reason is a wrong folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    done = CliRunner().invoke(app, ["plan", "empty"])
    assert done.exit_code == 3
    assert "empty" in done.output
