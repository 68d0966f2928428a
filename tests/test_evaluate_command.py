"""`newspage evaluate`: pages and folders, tables for machines, exit codes, memory."""

import csv
import io
import json
import tracemalloc
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from newspage import cli
from newspage.errors import InputError
from newspage.evaluation.page_pairs import (
    ScoredPage,
    UnscoredPage,
    order_by_errors,
    pair_pages,
    score_pairs,
)
from newspage.evaluation.score_tables import (
    average_rates,
    format_folder_report,
    render_score_csv,
)

KEPT = (
    *("page_cer", "character_errors", "order_errors", "word_errors", "article_f1", "headlines"),
    *("bylines", "paragraph_f1", "lines", "line_order"),
)
"""Keys that `--json` of one page has had from the beginning."""


def call(*arguments: str | Path) -> Result:
    """One command, in English."""
    return CliRunner().invoke(cli.app, ["evaluate", *map(str, arguments)])


def write(path: Path, *articles: str) -> Path:
    """A truth file or a record with articles of one paragraph."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {"articles": [{"title": "", "paragraphs": [text]} for text in articles]}
    path.write_text(json.dumps(data), "utf-8")
    return path


@pytest.fixture(name="folders")
def _folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders: a page that is right, one half wrong, one tenth wrong."""
    truth, made = tmp_path / "truth", tmp_path / "made"
    for name, right, read in (
        ("a/p1", "甲乙丙丁", "甲乙丙丁"),
        ("a/p2", "甲乙丙丁", "甲乙寅卯"),
        ("b/p1", "甲乙丙丁戊己庚辛壬癸", "甲乙丙丁戊己庚辛壬"),
    ):
        write(truth / f"{name}.truth.json", right)
        write(made / f"{name}.json", read)
    return truth, made


def test_a_page_keeps_its_figures_and_has_more(tmp_path: Path) -> None:
    """For people and as JSON; the keys of old come first."""
    truth, made = write(tmp_path / "t.json", "甲乙丙丁"), write(tmp_path / "m.json", "甲乙寅")
    shown = call(truth, made)
    assert shown.exit_code == 0
    assert shown.stdout.startswith("page CER           50.00%  of 4 characters, order counted\n")
    assert "5000.0  1 wrong (错字), 0 too many (多字), 1 missing (少字)" in shown.stdout
    figures = json.loads(call(truth, made, "--json").stdout)
    assert tuple(figures)[: len(KEPT)] == KEPT
    assert (figures["page_cer"], figures["characters"]) == (0.5, 4)
    assert (figures["wrong_characters"], figures["missing_characters"]) == (1, 1)
    (row,) = csv.DictReader(io.StringIO(call(truth, made, "--csv").stdout))
    assert (row["page"], row["errors_per_10000"]) == ("m.json", "5000.0")


def test_a_folder_is_summed_up_the_worst_page_first(folders: tuple[Path, Path]) -> None:
    """Averages over all text and over pages differ, as pages are of different length."""
    data = json.loads(call(*folders, "--json").stdout)
    assert [page["page"] for page in data["pages"]] == ["a/p2", "b/p1", "a/p1"]
    assert data["micro"]["page_cer"] == round(3 / 18, 5)
    assert data["macro"]["page_cer"] == pytest.approx((0.5 + 0.1 + 0) / 3, abs=1e-5)
    assert data["micro"]["characters"] == 18
    assert data["failed"] == []
    shown = call(*folders).stdout
    assert shown.index("a/p2") < shown.index("b/p1") < shown.index("a/p1")
    assert "3 pages, 18 characters" in shown


def test_csv_has_a_row_a_page(folders: tuple[Path, Path]) -> None:
    """With the figures of `--json`; a name is no formula."""
    truth, made = folders
    write(truth / "=1.json", "甲")
    write(made / "=1.json", "甲")
    rows = list(csv.DictReader(io.StringIO(call(*folders, "--csv").stdout)))
    assert [row["page"] for row in rows] == ["a/p2", "b/p1", "'=1", "a/p1"]
    pages = json.loads(call(*folders, "--json").stdout)["pages"]
    for row, page in zip(rows, pages, strict=True):
        assert {k: v for k, v in row.items() if k != "page"} == {
            k: "" if v is None else str(v) for k, v in page.items() if k != "page"
        }
    assert render_score_csv([]) == "page\n"


def test_pages_that_cannot_be_judged_are_named(folders: tuple[Path, Path]) -> None:
    """A missing and a broken one; the others are judged, and the exit code says so."""
    truth, made = folders
    write(truth / "c.truth.json", "甲")
    write(truth / "d.truth.json", "甲")
    (made / "d.json").write_text("{}")
    done = call(*folders, "--json")
    assert done.exit_code == 1
    data = json.loads(done.stdout)
    assert len(data["pages"]) == 3
    assert [failed["page"] for failed in data["failed"]] == ["c", "d"]
    assert "c: nothing was made of this page." in done.stderr
    assert "d.json: neither a page record nor a truth file" in done.stderr


def test_a_folder_of_which_no_page_can_be_judged(tmp_path: Path) -> None:
    """Says so in every form, and fails in none."""
    truth, made = write(tmp_path / "t" / "a.json", "甲").parent, tmp_path / "m"
    made.mkdir()
    assert call(truth, made).exit_code == 1
    assert json.loads(call(truth, made, "--json").stdout)["micro"] is None
    assert call(truth, made, "--csv").stdout == "page\n"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("t.json", "none.json"), 3, "none.json: cannot be read"),
        (("t.json", "folder"), 3, "t.json: is no folder, and the other one is."),
        (("folder", "folder"), 3, "folder: holds no page."),
        (("t.json", "t.json", "--json", "--csv"), 2, "exclude each other"),
        (("t.json", "t.json", "--report", "folder"), 2, "folder is a folder"),
        (("t.json", "t.json", "--report", "t.json/r.html"), 5, "cannot be written"),
        (("t.json", "t.json", "--config", "none.toml"), 6, "none.toml"),
    ],
)
def test_what_cannot_be_done(
    arguments: tuple[str, ...],
    code: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One line that says what is wrong, and the exit codes of all commands."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "t.json", "甲")
    (tmp_path / "folder").mkdir()
    done = call(*arguments)
    assert (done.exit_code, done.stdout) == (code, "")
    assert words in done.stderr


def test_files_of_the_same_name_are_one_page(tmp_path: Path) -> None:
    """Records come before other formats, truth files before all; what is no page is passed over."""
    truth, made = tmp_path / "truth", tmp_path / "made"
    for file in ("p1.json", "p1.truth.json", "p2.page.xml", "p2.txt", "p3.gt.txt"):
        write(truth / file, "甲")
    for file in ("p1.txt", "p1.json", "P1.json", "p2.alto.xml", ".p3.json", "extra.json", "p3.md"):
        write(made / file, "甲")
    pairs = {pair.name: (pair.truth.name, pair.result) for pair in pair_pages(truth, made)}
    assert pairs == {
        "p1": ("p1.truth.json", made / "p1.json"),
        "p2": ("p2.page.xml", made / "p2.alto.xml"),
        "p3": ("p3.gt.txt", None),
    }


def test_indexes_and_issues_are_no_pages(tmp_path: Path) -> None:
    """So that an output folder is itself a truth for another one."""
    (tmp_path / "issues").mkdir()
    (tmp_path / "index.json").write_text('{"format":"newspage-index/1",\n"pages":[]}')
    (tmp_path / "issues" / "a.json").write_text('{"format":"newspage-issue/1"}')
    (tmp_path / "issues" / "a.txt").write_text("甲", "utf-8")
    (tmp_path / "p1.json").write_text('{"format":"newspage/2"}')
    assert [pair.name for pair in pair_pages(tmp_path, tmp_path)] == ["p1"]


def test_a_link_in_a_circle_is_not_followed(tmp_path: Path) -> None:
    """Folders are walked once."""
    write(tmp_path / "a" / "p1.json", "甲")
    (tmp_path / "a" / "again").symlink_to(tmp_path, target_is_directory=True)
    assert [pair.name for pair in pair_pages(tmp_path, tmp_path)] == ["a/p1"]


def test_means_leave_out_pages_that_have_no_such_rate(tmp_path: Path) -> None:
    """A Chinese page has no words, a page of one article no order of articles."""
    made = tmp_path / "made"
    for folder in (tmp_path / "truth", made):
        write(folder / "zh.json", "甲乙丙丁", "戊己庚辛")
        write(folder / "en.json", "the old mill by the river")
    write(made / "en.json", "the old mill by the rivet")
    pages = [
        p for p in score_pairs(pair_pages(tmp_path / "truth", made)) if isinstance(p, ScoredPage)
    ]
    mean = average_rates(pages)
    assert mean["word_errors"] == pytest.approx(1 / 6, abs=1e-5)
    assert mean["article_order"] == 1.0
    assert mean["line_order"] is None
    assert "-" in format_folder_report(pages).split("line_order")[1].splitlines()[0]
    assert [p.name for p in order_by_errors(pages)] == ["en", "zh"]


def test_an_order_of_articles_is_counted_in_pairs(tmp_path: Path) -> None:
    """Of three articles, one put at the front stands wrong to both others."""
    a, b, c = "甲乙丙丁戊己", "子丑寅卯辰巳", "山川河流日月"
    truth, made = write(tmp_path / "t.json", a, b, c), write(tmp_path / "m.json", c, a, b)
    figures = json.loads(call(truth, made, "--json").stdout)
    assert figures["article_order"] == pytest.approx(1 / 3, abs=1e-4)
    assert (figures["page_cer"], figures["segmentation_f1"]) == (0.0, 1.0)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_folder(tmp_path: Path) -> None:
    """What is kept of a page are its counts: a few kilobytes, not its text."""
    text = "".join(chr(0x4E00 + i % 2000) for i in range(20_000))
    for number in range(40):
        for folder in ("truth", "made"):
            write(tmp_path / folder / f"{number:02}.json", text)
    pairs = pair_pages(tmp_path / "truth", tmp_path / "made")

    def peak_of(count: int) -> int:
        """Bytes at most while some pages are scored."""
        tracemalloc.start()
        pages = list(score_pairs(pairs[:count]))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(pages) == count
        return peak

    few = peak_of(4)
    assert peak_of(40) < few + 36 * 10_000


def test_a_page_that_is_lost_meanwhile_is_named(folders: tuple[Path, Path]) -> None:
    """Between listing and reading."""
    pairs = pair_pages(*folders)
    (folders[1] / "a" / "p1.json").unlink()
    lost = [page for page in score_pairs(pairs) if isinstance(page, UnscoredPage)]
    assert [page.pair.name for page in lost] == ["a/p1"]
    with pytest.raises(InputError):
        pair_pages(folders[0] / "none", folders[1])


def test_figures_name_nothing_that_the_truth_does_not_say(tmp_path: Path) -> None:
    """A plain text without articles: no figure of segmentation."""
    (tmp_path / "t.txt").write_text("甲乙丙丁", "utf-8")
    (tmp_path / "m.txt").write_text("甲乙丙丁", "utf-8")
    done = call(tmp_path / "t.txt", tmp_path / "m.txt")
    assert "the truth does not part its text into articles" in done.stdout
    figures = json.loads(call(tmp_path / "t.txt", tmp_path / "m.txt", "--json").stdout)
    assert figures["segmentation_f1"] is None
