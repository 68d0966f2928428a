"""What a run is narrowed to, and what it says in the end."""

import os
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.batch.folder import ReaderBackend as Reader
from newspage.batch.folder import RunRequest, run_folder
from newspage.batch.run_events import RunOutcome
from newspage.batch.selection import PageSelection, parse_moment
from newspage.batch.workers import PoolPlan
from newspage.errors import UsageError
from newspage.progress import ReviewCounts, describe_state, summarise_run
from newspage.review.service.page_edits import Signature, SignOff, TextEdit
from newspage.store import OutputStore, QuestionCounts, Store
from tests.asking import Office, make_other, make_reader
from tests.test_run import Heard

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=timezone(timedelta(hours=8)))


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("2026-03-01", "2026-03-01T00:00:00+08:00"),
        ("2026-03-01T10:30", "2026-03-01T10:30:00+08:00"),
        ("2026-03-01T10:30Z", "2026-03-01T10:30:00+00:00"),
        (" 90m ", "2026-03-10T10:30:00+08:00"),
        ("3D", "2026-03-07T12:00:00+08:00"),
        ("2w", "2026-02-24T12:00:00+08:00"),
        ("45 s", "2026-03-10T11:59:15+08:00"),
    ],
)
def test_moments(text: str, then: str) -> None:
    """Dates and times where the person is, or how long ago."""
    assert parse_moment(text, NOW) == datetime.fromisoformat(then).timestamp()


def test_before_all_time() -> None:
    """However long ago, it is a moment."""
    assert parse_moment("999999w", NOW) < NOW.timestamp()


@pytest.mark.parametrize("text", ["", "soon", "3", "3y", "-3d", "2026-13-01", "1e3d"])
def test_no_moments(text: str) -> None:
    """What is neither is refused with how to write it."""
    with pytest.raises(UsageError, match="neither a date nor a duration"):
        parse_moment(text, NOW)


@given(st.text(max_size=12))
def test_any_text_is_a_moment_or_refused(text: str) -> None:
    """Nothing else happens, whatever is typed."""
    with suppress(UsageError):
        assert isinstance(parse_moment(text, NOW), float)


def run(office: Office, **fields: object) -> tuple[list[str], RunOutcome]:
    """A run narrowed; what it read."""
    heard = Heard()
    request = RunRequest(
        (office.home / "scans",),
        office.place.output,
        office.settings,
        PoolPlan(1, 1),
        selection=PageSelection(**fields),  # type: ignore[arg-type]
    )
    outcome = run_folder(request, Reader(make_reader, ""), heard)
    return heard.read, outcome


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Scans in two folders, one of them broken."""
    office = Office(tmp_path, monkeypatch)
    office.scans("one/a.png", "one/b.png", "two/a.png")
    (office.home / "scans/two/bad.png").write_bytes(b"no picture")
    return office


def test_only_some(office: Office) -> None:
    """By name, folder or path; several patterns add up; what is left out is counted."""
    read, outcome = run(office, only=("two",))
    assert (read, outcome.passed_over, outcome.failed) == (["two/a"], 2, 1)
    read, outcome = run(office, only=("*/one/b*", "zzz"))
    assert (read, outcome.passed_over, outcome.skipped) == (["one/b"], 3, 0)
    assert run(office)[0] == ["one/a"]


def test_only_what_failed(office: Office) -> None:
    """Mended files are read, nothing else is looked at; combined with a pattern both must hold."""
    run(office, only=("two",))
    (office.home / "scans/two/bad.png").unlink()
    office.scans("two/bad.png", shade=7)
    assert run(office, failed=True, only=("one",))[0] == []
    read, outcome = run(office, failed=True)
    assert (read, outcome.passed_over, outcome.again) == (["two/bad"], 3, 0)
    assert run(office, failed=True)[0] == []


def test_only_what_came_since(office: Office) -> None:
    """By the later of content and entry: a copy that keeps its time has come all the same."""
    old = office.home / "scans/one/a.png"
    os.utime(old, (1, 1))
    came = old.stat().st_ctime
    read, _ = run(office, since=came)
    assert "one/a" in read
    read, outcome = run(office, since=came + 3600)
    assert (read, outcome.passed_over, outcome.skipped) == ([], 4, 0)


def test_a_run_says_what_came_of_it(office: Office) -> None:
    """Corrections of the pages read in it, what failed and why, decisions without a place."""
    _, outcome = run(office)
    assert outcome.asked == QuestionCounts(questions=9, open=6, applied=3)
    text = summarise_run(outcome, Path("out"), 3.0)
    assert "3 pages read, 0 already read, 1 failed." in text
    assert "9 corrections: 3 applied, 6 questions left, 0 decided by people, 0 spared" in text
    assert "failed: " in text
    assert "bad.png" in text
    assert "no longer be placed" not in text
    _, outcome = run(office)
    assert outcome.asked == QuestionCounts()


def test_the_status_tells_what_was_lost(office: Office) -> None:
    """Each decision that can no longer be placed, with why."""
    office.run()
    desk = office.desk()
    try:
        article = desk.show_page("one/a").articles[0]
        desk.record_edit(TextEdit("one/a", article.id, 4, 5, "叁", article.seen), Signature("ann"))
        desk.record_edit(SignOff("one/a"), Signature("ann"))
    finally:
        desk.close()
    with Store(office.place.store) as whole:
        reviewed = ReviewCounts.from_store(OutputStore(whole, office.place.name))
    assert (reviewed.signed, reviewed.lost) == (1, ())
    office.run(force=True, make=make_other)
    with Store(office.place.store) as whole:
        store = OutputStore(whole, "output")
        text = describe_state(list(store.list_scans().values()), [], ReviewCounts.from_store(store))
    assert "1 decision can no longer be placed:" in text
    assert "lost: scans/one/a.png: ann, " in text
    assert "叁" in text
