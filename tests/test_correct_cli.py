"""`newspage correct` and `newspage dictionary` on the command line."""

import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from newspage.cli import app
from newspage.collation import text_files
from newspage.collation.existing_text import correct_text
from newspage.model import CorrectionStatus
from newspage.record import read_record

TEXT = "昨日上午，工程正式启动，各项部署要落地落实落地，惠及沿河居民 and 商户。\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    (tmp_path / "old.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def call(*arguments: str) -> Result:
    """A command."""
    return CliRunner().invoke(app, list(arguments))


def test_a_text_is_corrected_and_reported(here: Path) -> None:
    """Clean text, record and two reports; what was done is summed up."""
    done = call("correct", "old.txt", "-o", "out")
    assert done.exit_code == 0, done.output
    assert sorted(p.name for p in (here / "out").iterdir()) == [
        "old.answers.txt", "old.clean.json", "old.clean.txt", "old.report.html", "old.report.md",
    ]  # fmt: skip
    clean = (here / "out" / "old.clean.txt").read_text(encoding="utf-8")
    assert clean == "昨日上午，工程正式启动，各项部署要落地落实，惠及沿河居民和商户。\n"
    assert "Changes made: 2, questions left: 0." in done.output


def test_a_budget_says_what_it_holds_back(here: Path) -> None:
    """The questions that are not asked are counted; without a budget there are none."""
    done = call("correct", "old.txt", "--apply", "none", "--budget", "1", "-o", "out")
    assert "questions left: 1. Not asked, as others mend more: 1 (--budget)." in done.output
    assert "Not asked" not in call("correct", "old.txt", "--apply", "none", "-o", "out").output


def test_what_was_corrected_is_no_page(here: Path) -> None:
    """Exports of the folder pass it over; who names it gets it."""
    call("correct", "old.txt", "-o", "out")
    folder = call("export", "txt", "out", "-o", "all")
    assert folder.exit_code == 3
    assert "1 of 1 pages" in call("export", "txt", "out/old.clean.json", "-o", "one").output


def test_a_dry_run_writes_nothing(here: Path) -> None:
    """It shows what would be done, in the language asked for."""
    done = call("correct", "old.txt", "--dry-run", "--language", "zh")
    assert done.exit_code == 0
    assert "字词重出" in done.output
    assert "已改 2 处" in done.output
    assert os.listdir(here) == ["old.txt"]  # noqa: PTH208


def test_apply_none_only_asks(here: Path) -> None:
    """The clean text is the old one, and every change is a question."""
    done = call("correct", "old.txt", "--apply", "none", "-o", "out")
    assert (here / "out" / "old.clean.txt").read_text(encoding="utf-8") == TEXT
    assert "Changes made: 0, questions left: 2." in done.output


def test_lone_surrogates_are_kept_in_the_text(here: Path) -> None:
    """The clean text has them; the record, which cannot, has a sign in their place."""
    raw = ("江州日报\ud800。\n\n" + TEXT).encode("utf-8", "surrogatepass")
    (here / "odd.txt").write_bytes(raw)
    assert call("correct", "odd.txt", "-o", "out").exit_code == 0
    assert b"\xed\xa0\x80" in (here / "out" / "odd.clean.txt").read_bytes()
    record = (here / "out" / "odd.clean.json").read_text(encoding="utf-8")
    assert "江州日报\ufffd。" in record


def test_a_scan_that_is_not_there_is_named(here: Path) -> None:
    """Before anything is read."""
    done = call("correct", "old.txt", "--scan", "none.png")
    assert done.exit_code == 3
    assert "none.png: there is no such scan" in done.output


def test_a_name_that_is_no_utf_8_is_no_trouble(here: Path) -> None:
    """Old archives have file names in GB18030."""
    name = os.fsdecode("旧报.txt".encode("gb18030"))
    try:
        (here / name).write_text(TEXT, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    assert call("correct", name, "-o", "out").exit_code == 0


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"\x89PNG\r\n\x1a\n", 3, "a PNG image"),
        (None, 3, "cannot be read"),
        (b"", 0, "Changes made: 0"),
    ],
)
def test_what_is_no_text_is_refused_kindly(
    here: Path, content: bytes | None, code: int, words: str
) -> None:
    """One line says what is wrong; an empty text is no trouble."""
    if content is not None:
        (here / "x.txt").write_bytes(content)
    done = call("correct", "x.txt")
    assert done.exit_code == code
    assert words in done.output


def test_a_broken_dictionary_stops_with_its_line(here: Path) -> None:
    """File, line and fault are told, and how to see them all."""
    (here / "my-dictionaries").mkdir()
    (here / "my-dictionaries" / "phrases.tsv").write_text("甲\n", encoding="utf-8")
    done = call("correct", "old.txt")
    assert done.exit_code == 3
    assert "phrases.tsv, line 1: 甲 is a single character" in done.output
    assert "newspage dictionary check" in done.output
    checked = call("dictionary", "check")
    assert checked.exit_code == 3
    assert "lines that cannot be used: 1" in checked.output


def test_own_entries_count(here: Path) -> None:
    """What is added to the dictionaries corrects, what is removed does no more."""
    (here / "old.txt").write_text("记者从江州水务务集团获悉，今年清淤三万方。", encoding="utf-8")
    call("dictionary", "add", "institutions", "江州水务集团")
    listed = call("dictionary", "list", "institutions", "--holding", "江州")
    assert "江州水务集团" in listed.output
    call("correct", "old.txt", "-o", "out")
    clean = (here / "out" / "old.clean.txt").read_text(encoding="utf-8")
    assert clean == "记者从江州水务集团获悉，今年清淤三万方。"
    assert call("dictionary", "remove", "institutions", "江州水务集团").exit_code == 0
    assert "江州水务集团" not in call("dictionary", "list", "institutions").output


def test_the_dictionary_commands_say_what_is_wrong(here: Path) -> None:
    """Unknown kinds and entries are usage errors; lines left out give exit code 1."""
    assert call("dictionary", "add", "words", "甲乙").exit_code == 2
    assert call("dictionary", "remove", "phrases", "没有这个词组").exit_code == 2
    (here / "list.txt").write_text("甲乙丙\n丁\n", encoding="utf-8")
    done = call("dictionary", "import", "names", "list.txt")
    assert done.exit_code == 1
    assert "1 added" in done.output
    assert call("dictionary", "check").exit_code == 0
    assert call("dictionary", "check", "no-folder").exit_code == 3


def answer(here: Path, *answers: str) -> list[str]:
    """Write into the first brackets of the file of answers; its lines with brackets."""
    path = here / "out" / "old.answers.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    places = [n for n, line in enumerate(lines) if line.startswith("[")]
    for n, said in zip(places, answers, strict=False):
        lines[n] = f"[{said}]{lines[n].partition(']')[2]}"
    path.write_text("\n".join(lines), encoding="utf-8")
    return [lines[n] for n in places]


def clean(here: Path) -> str:
    """The clean text."""
    return (here / "out" / "old.clean.txt").read_text(encoding="utf-8")


def test_questions_are_answered_in_a_file(here: Path) -> None:
    """What is written into the brackets is done by the same command, and kept by all later ones."""
    asking = ("correct", "old.txt", "--apply", "none", "-o", "out")
    done = call(*asking)
    assert f"write your answers into {Path('out', 'old.answers.txt')}" in done.output
    listed = answer(here, "y", "=以及")
    assert "  line 1  " in listed[0]
    assert "→ ∅】" in listed[0]
    done = call(*asking)
    assert done.exit_code == 0, done.output
    assert "questions left: 0. Decided by a person: 2." in done.output
    assert clean(here) == "昨日上午，工程正式启动，各项部署要落地落实，惠及沿河居民以及商户。\n"
    kept = (here / "out" / "old.answers.txt").read_bytes()
    assert call(*asking).exit_code == 0
    assert (here / "out" / "old.answers.txt").read_bytes() == kept
    report = (here / "out" / "old.report.md").read_text(encoding="utf-8")
    assert "decided otherwise" in report
    record = read_record(here / "out" / "old.clean.json")
    assert {c.status for c in record.corrections} == {
        CorrectionStatus.ACCEPTED,
        CorrectionStatus.EDITED,
    }


def test_a_change_that_was_made_is_taken_back(here: Path) -> None:
    """By the same brackets; other answers stay where they were, wherever their line has gone."""
    call("correct", "old.txt", "-o", "out")
    answer(here, "n")
    (here / "old.txt").write_text("新添的一行，没有毛病。\n\n" + TEXT, encoding="utf-8")
    call("correct", "old.txt", "-o", "out")
    assert "各项部署要落地落实，惠" not in clean(here)
    assert "居民和商户" in clean(here)


def test_an_answer_outlives_its_place(here: Path) -> None:
    """Where the text no longer holds it, the answer waits in the file."""
    call("correct", "old.txt", "-o", "out")
    answer(here, "n")
    (here / "old.txt").write_text("没有毛病。\n", encoding="utf-8")
    call("correct", "old.txt", "-o", "out")
    assert "no longer found in the text: 1" in (here / "out" / "old.answers.txt").read_text("utf-8")
    (here / "old.txt").write_text(TEXT, encoding="utf-8")
    call("correct", "old.txt", "-o", "out")
    assert "落地落实落地" in clean(here)


@pytest.mark.parametrize("said", ["maybe", "yes", "y n"])
def test_what_is_no_answer_is_said(here: Path, said: str) -> None:
    """With its line; nothing is written, and nothing that was answered is lost."""
    call("correct", "old.txt", "-o", "out")
    before = clean(here)
    answer(here, "n", said)
    kept = (here / "out" / "old.answers.txt").read_bytes()
    done = call("correct", "old.txt", "-o", "out")
    assert done.exit_code == 3
    assert "old.answers.txt, line" in done.output
    assert (clean(here), (here / "out" / "old.answers.txt").read_bytes()) == (before, kept)


def test_answers_given_while_a_text_is_corrected(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are not written over."""
    call("correct", "old.txt", "-o", "out")
    correct = correct_text

    def late(*arguments: Any) -> object:
        answer(here, "n")
        return correct(*arguments)

    monkeypatch.setattr(text_files, "correct_text", late)
    done = call("correct", "old.txt", "-o", "out")
    assert done.exit_code == 3
    assert "was changed while the text was corrected" in done.output
    assert "[n]" in (here / "out" / "old.answers.txt").read_text("utf-8")


def test_steps_are_shown(here: Path) -> None:
    """Reading a scan takes a minute: what goes on is said from the first second on."""
    done = call("correct", "old.txt", "-o", "out")
    assert done.stderr.splitlines()[:2] == [
        "Reading old.txt ...",
        f"Looking for faults in {len(TEXT)} characters ...",
    ]
    assert "..." not in done.stdout
