"""What a run shows of itself."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from newspage.batch.run_events import RunOutcome
from newspage.counting import count_in_words
from newspage.progress import RunView, describe_state, format_duration, summarise_run
from newspage.store import PageFigures, RunRow, ScanKey, ScanRow, ScanStatus

FIGURES = PageFigures(3, 8000, 390, 2, 4.0)


def shown(terminal: bool, verbose: bool = False) -> str:
    """What a short run shows."""
    file = io.StringIO()
    with RunView(Console(file=file, force_terminal=terminal, width=100), verbose) as view:
        view.report_looking(4)
        view.report_start(1, 0)
        view.report_failure("scans/[x].png: is empty. Copy it again.", "")
        view.report_start(3, 1)
        view.report_page("a", FIGURES)
        view.report_failure("scans/b.png: is a bug.", "Traceback: there")
        view.report_note("[bold]x[/bold]")
        view.report_page("c", FIGURES)
    return file.getvalue()


def test_plain_lines_where_there_is_no_terminal() -> None:
    """One a page, one a failure; what stands in a name is no markup."""
    assert shown(terminal=False).splitlines() == [
        "Looking into 4 new or changed files ...",
        "failed: scans/[x].png: is empty. Copy it again.",
        "1 page already read.",
        "[2/4] a: 3 articles, 8,000 characters, 4.0 s",
        "failed: scans/b.png: is a bug.",
        "note: [bold]x[/bold]",
        "[4/4] c: 3 articles, 8,000 characters, 4.0 s",
    ]


def test_a_trace_for_those_who_ask() -> None:
    """And only for them."""
    assert "Traceback: there" in shown(terminal=False, verbose=True)
    assert "Traceback" not in shown(terminal=False)


def test_a_bar_on_a_terminal() -> None:
    """Pages, characters, errors, the time left; a failed page counts as dealt with."""
    text = shown(terminal=True)
    for piece in ("4/4 pages", "16,000 characters", "2 errors", "left"):
        assert piece in text
    assert "[2/4]" not in text


def test_the_summary() -> None:
    """What was done, what came of it, where it is."""
    outcome = RunOutcome(skipped=1200, failed=1, done=1, figures=[FIGURES], issues=("x",))
    assert summarise_run(outcome, Path("out"), 61.0).splitlines() == [
        "1 page read, 1,200 already read, 1 failed.",
        "3 articles, 8,000 characters; 390 lines placed, 2 unplaced.",
        "01:01, 61.0 s a page.",
        "Articles joined over the pages of 1 issue.",
        "Results: out",
    ]


@pytest.mark.parametrize(("outcome", "said"), [("complete", "complete"), (None, "not finished")])
def test_the_state(outcome: str | None, said: str) -> None:
    """Read, failed and pending pages, and how the last run ended."""
    rows = [
        ScanRow(ScanKey("a"), "a", ScanStatus.DONE, figures=FIGURES),
        ScanRow(ScanKey("b"), "b", ScanStatus.FAILED, message="b: is empty.", figures=FIGURES),
        ScanRow(ScanKey("c"), "c", ScanStatus.PENDING),
    ]
    text = describe_state(rows, [RunRow(1, "0.1", "2026-01-01T00:00:00+00:00", outcome=outcome)])
    assert "1 page read, 1 failed, 1 to be read." in text
    assert "3 articles" in text
    assert "failed: b: is empty." in text
    assert said in text


def test_pages_of_other_dictionaries_are_counted() -> None:
    """Who changed a dictionary is told how many pages were corrected before, and what to do."""
    rows = [ScanRow(ScanKey("a"), "a", ScanStatus.DONE, figures=FIGURES)]
    assert "dictionaries" not in describe_state(rows, [])
    said = describe_state(rows, [], outdated=1)
    assert "1 page read before the dictionaries changed; 'newspage recorrect' corrects" in said
    assert "'newspage run --force' reads and corrects all" in said


def test_numbers_are_readable() -> None:
    """Thousands apart, one thing and many, hours only where there are some."""
    assert (count_in_words(1, "page"), count_in_words(1234, "page")) == ("1 page", "1,234 pages")
    assert (format_duration(5), format_duration(3725)) == ("00:05", "01:02:05")
