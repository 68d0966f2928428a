"""The store: what was read, and that an older or newer file is treated with care."""

import datetime
import sqlite3
from pathlib import Path

import pytest

from newspage.model import Publication
from newspage.store import (
    FileFacts,
    OutputStore,
    PageFigures,
    ScanKey,
    ScanRow,
    ScanStatus,
    Store,
    StoreError,
    store_schema,
)

KEY = ScanKey("scans/a.png")
FIGURES = PageFigures(3, 900, 40, 1, 2.5, (("detect", 1.5), ("read", 1.0)), ("page: odd",))
SHOWS = Publication("paper", datetime.date(2020, 4, 30), "3")
DONE = ScanRow(KEY, "a", ScanStatus.DONE, "f1", "", SHOWS, FIGURES)


@pytest.fixture
def store(tmp_path: Path) -> OutputStore:
    """An empty store."""
    return OutputStore(Store(tmp_path / "newspage.sqlite"), "output")


def test_rows_come_back_as_they_were_put(store: OutputStore) -> None:
    """Scans, files and issues."""
    failed = ScanRow(ScanKey("b.pdf", 7), "b-p8", ScanStatus.FAILED, message="is empty")
    store.put_scan(DONE)
    store.put_scan(failed)
    assert store.list_scans() == {KEY: DONE, failed.key: failed}
    assert OutputStore(store.whole, "other").list_scans() == {}
    facts = FileFacts(10, 20, 30, "ab", 2)
    store.whole.remember_files({"a": facts})
    assert store.whole.list_files() == {"a": facts}
    store.put_issue("x", "f")
    assert store.list_issues() == {"x": "f"}
    store.forget_issue("x")
    assert store.list_issues() == {}


def test_the_last_word_counts(store: OutputStore) -> None:
    """A row takes the place of the one with its key."""
    store.put_scan(DONE)
    again = ScanRow(KEY, "a", ScanStatus.FAILED, message="gone")
    store.put_scan(again)
    assert store.list_scans() == {KEY: again}


def test_a_run_makes_its_scans_and_issues_unfinished(store: OutputStore) -> None:
    """From the moment it begins, so that a run that is killed leaves nothing half done unseen."""
    store.put_scan(DONE)
    store.put_issue("x", "f")
    pending = ScanRow(KEY, "a", ScanStatus.PENDING, figures=FIGURES)
    number = store.begin_run("0.1")
    store.expect_scans([pending], ["x", "new"])
    assert store.list_scans()[KEY] == pending
    assert store.list_issues() == {"x": ""}
    (run,) = store.list_runs()
    assert (run.id, run.version, run.finished) == (number, "0.1", None)
    store.end_run(number, "complete", 1, 2, 3)
    (run,) = store.list_runs()
    assert (run.outcome, run.done, run.skipped, run.failed) == ("complete", 1, 2, 3)
    assert store.begin_run("0.1") == number + 1
    assert [r.id for r in store.list_runs()] == [number + 1, number]


def test_everything_survives_reopening(tmp_path: Path) -> None:
    """It is on the disk."""
    path = tmp_path / "s.sqlite"
    with Store(path) as whole:
        OutputStore(whole, "output").put_scan(DONE)
    with Store(path) as whole:
        assert OutputStore(whole, "output").list_scans() == {KEY: DONE}


def test_files_are_the_same_only_in_all_respects() -> None:
    """Size, time and number of the file."""
    facts = FileFacts(10, 20, 30, "ab", 1)
    assert facts.same_file(10, 20, 30)
    assert not any(facts.same_file(*t) for t in ((11, 20, 30), (10, 21, 30), (10, 20, 31)))


def test_a_newer_store_is_refused(tmp_path: Path) -> None:
    """It says which version it has, and changes nothing."""
    path = tmp_path / "s.sqlite"
    Store(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO newspage_migrations VALUES (99)")
    with pytest.raises(StoreError, match=r"version 99.*newer"):
        Store(path)


def test_migrations_are_whole_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that fails leaves the store as it was, and the next attempt goes on from there."""
    path = tmp_path / "s.sqlite"
    with Store(path) as whole:
        OutputStore(whole, "output").put_scan(DONE)
    broken = (*store_schema.MIGRATIONS, ("CREATE TABLE extra (a INTEGER)", "CREATE NONSENSE"))
    monkeypatch.setattr(store_schema, "MIGRATIONS", broken)
    with pytest.raises(StoreError):
        Store(path)
    mended = (*store_schema.MIGRATIONS[:-1], ("CREATE TABLE extra (a INTEGER)",))
    monkeypatch.setattr(store_schema, "MIGRATIONS", mended)
    with Store(path) as whole:
        assert OutputStore(whole, "output").list_scans() == {KEY: DONE}
    with sqlite3.connect(path) as connection:
        newest = connection.execute("SELECT MAX(version) FROM newspage_migrations").fetchone()
    assert newest == (len(mended),)


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    """With its name and what to do."""
    path = tmp_path / "s.sqlite"
    path.write_bytes(b"this is no database, however long it may be" * 50)
    with pytest.raises(StoreError, match=r"s\.sqlite.*move it away"):
        Store(path)
    with pytest.raises(StoreError, match="missing"):
        Store(tmp_path / "missing" / "s.sqlite")


def test_two_at_once_wait_for_each_other(tmp_path: Path) -> None:
    """A person looks at the state while a run writes it."""
    path = tmp_path / "s.sqlite"
    with Store(path) as first, Store(path) as second:
        one, two = OutputStore(first, "output"), OutputStore(second, "output")
        one.put_scan(DONE)
        assert two.list_scans() == {KEY: DONE}
        two.put_issue("x", "f")
        assert one.list_issues() == {"x": "f"}
