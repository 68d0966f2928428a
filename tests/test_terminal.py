"""What is printed is harmless and recognisable, whatever names and texts hold."""

import json
import re
import signal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

from newspage import cli
from newspage.batch import folder, readers
from newspage.batch.folder import ReaderBackend
from newspage.config import EngineConfig
from newspage.progress import RunView
from newspage.store import PageFigures
from newspage.terminal import escape_for_terminal, escape_line, is_hidden
from tests import fakes
from tests.test_cli import scan

HOSTILE = "a\x1b[31m\x1b]0;title\x07\r\x08\u202egnp\u2066\u200b[bold]x[red]:smile:\u2028\x9b1m"
"""Colours, a title, marks of direction, markup and an emoji's name."""


@given(st.text())
def test_nothing_hidden_is_left(text: str) -> None:
    """On one line or on several; what can be drawn stays as it is."""
    assert not any(is_hidden(c) for c in escape_line(text))
    assert all(c in "\n\t" or not is_hidden(c) for c in escape_for_terminal(text))
    assert escape_line("洛阳日报　第3版 café:b:[x]") == "洛阳日报　第3版 café:b:[x]"


def call(*arguments: str) -> str:
    """Everything that a command prints."""
    return CliRunner().invoke(cli.app, list(arguments)).output


def check(output: str) -> None:
    """Nothing of the name acts upon the terminal, and it can be recognised."""
    assert output.strip()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u202e\u2066-\u2069]", output)
    assert "😄" not in output


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with scans of hostile names, one of them evil."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(folder, "WorkerPool", fakes.LocalCrew)
    reader = ReaderBackend(fakes.make_reader, "")

    def fake_backend(config: EngineConfig) -> ReaderBackend:
        return reader

    monkeypatch.setattr(readers, "make_default_backend", fake_backend)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    Path("scans").mkdir()
    scan(HOSTILE)
    scan(f"bug\n{HOSTILE}")
    Path(f"scans/{HOSTILE}.gif").touch()
    return tmp_path


def test_names_of_files_are_harmless_everywhere(here: Path) -> None:
    """In a run, its summary, the state, errors, and the index, from which they can be read back."""
    output = call("run", "scans")
    check(output)
    lines = [line for line in output.splitlines() if "\\x1b[31m" in line]
    assert len(lines) >= 3
    assert all("[bold]x[red]:smile:" in line for line in lines)
    assert not any(line.startswith("a\\x1b") for line in output.splitlines())
    check(call("status"))
    check(call("status", "-o", HOSTILE))
    check(call("inspect", f"scans/{HOSTILE}.tif"))
    check(call("inspect", f"scans/{HOSTILE}.png"))
    check(call("correct", f"{HOSTILE}.txt"))
    check(call("run", HOSTILE, f"x\n{HOSTILE}.png"))
    check(call("dictionary", "check", HOSTILE))
    check(call("run", "scans", "--config", HOSTILE))
    check(call("decisions", "export", HOSTILE))
    index = Path("output/index.json").read_text("utf-8")
    check(index)
    files = {page["file"] for page in json.loads(index)["pages"]}
    assert files == {f"scans/{HOSTILE}.png", f"scans/bug\n{HOSTILE}.png"}


def test_a_terminal_shows_no_markup_of_others() -> None:
    """Neither on a terminal, where the view itself uses colours."""
    console = Console(width=400, force_terminal=True, color_system=None, record=True)
    with RunView(console, verbose=True) as view:
        view.report_note(f"b\n{HOSTILE}")
        view.report_failure(f"c\n{HOSTILE}", f"trace of\n{HOSTILE}")
    text = console.export_text()
    assert "\\x1b[31m" in text
    assert "[bold]x[red]:smile:" in text
    assert "\u202e" not in text
    plain = Console(width=400, force_terminal=False, record=True)
    with RunView(plain, verbose=False) as view:
        view.report_start(1, 0)
        view.report_page(f"a\n{HOSTILE}", PageFigures())
    (line,) = plain.export_text().splitlines()
    check(line)


def test_one_function_prints(repository: Path) -> None:
    """Only `newspage.terminal` writes to the terminal; what shows progress uses it."""
    sources = (repository / "pipeline/newspage").rglob("*.py")
    printing = [
        path.name
        for path in sources
        if path.name != "terminal.py" and "echo(" in (text := path.read_text("utf-8"))
        if re.search(r"\b(typer|click)\.echo|\bprint\(", text)
    ]
    assert printing == []
