"""`newspage import`: scans found, pages registered, reviewed, exported; runs leave them alone."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from newspage import cli
from newspage.config import EngineConfig
from newspage.engine import factory
from newspage.errors import MissingDependencyError
from newspage.record import read_record
from newspage.review.service.views import Answer, QuestionFilter
from newspage.store import OutputStore, ScanKey, Store
from tests.asking import Office
from tests.foreign_pages import ABBYY, KRAKEN, TESSERACT, TRANSKRIBUS

TEXT = "他们克服了克服了各种艰难险阻，终于取得了胜利。"
"""A text in which a term stands twice."""


def call(*arguments: object) -> Result:
    """The command, in this process, without networks."""
    return CliRunner().invoke(cli.app, ["import", *map(str, arguments), "--no-pixels"])


def put_scan(path: Path, width: int = 600, height: int = 800, shade: int = 255) -> Path:
    """A scan without anything on it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((height, width), shade, np.uint8)).save(path)
    return path


def put_text(path: Path, text: str) -> Path:
    """A file of another program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which somebody works."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_becomes_a_page_beside_its_scan(home: Path) -> None:
    """With its record, its text, its row in the index and in the status."""
    put_scan(home / "scans" / "p1.png")
    put_text(home / "scans" / "p1.xml", KRAKEN)
    done = call("alto", "scans/p1.xml")
    assert done.exit_code == 0, done.output
    assert "1 page imported into output, 0 questions" in done.output
    assert (home / "output" / "p1.txt").read_text("utf-8") == "甲乙丙School of Music\n"
    record = read_record(home / "output" / "p1.json")
    assert record.page.scan.path == Path("../scans/p1.png")
    assert (record.page.scan.width, record.page.scan.height) == (600, 800)
    assert '"status": "done"' in (home / "output" / "index.json").read_text("utf-8")
    status = CliRunner().invoke(cli.app, ["status"])
    assert status.exit_code == 0
    assert "1 page read" in status.output


def test_folders_are_searched_for_their_format(home: Path) -> None:
    """Names keep the folders; METS and other XML beside the pages is passed over."""
    for page in ("p1", "p2"):
        put_scan(home / "doc" / "luoyang-2020-04-30" / f"{page}.png", shade=200 + len(page))
        put_text(home / "doc" / "luoyang-2020-04-30" / "page" / f"{page}.xml", TRANSKRIBUS)
    put_text(home / "doc" / "luoyang-2020-04-30" / "mets.xml", "<mets/>")
    for text in (home / "doc").rglob("p*.xml"):
        text.write_text(TRANSKRIBUS.replace("0001.png", f"{text.stem}.png"), "utf-8")
    done = call("page", "doc")
    assert done.exit_code == 0, done.output
    names = sorted(p.relative_to(home / "output").as_posix() for p in home.rglob("output/**/p*.*"))
    assert names == [
        f"luoyang-2020-04-30/page/{page}.{suffix}"
        for page in ("p1", "p2")
        for suffix in ("json", "md", "txt")
    ]


@pytest.mark.parametrize(
    ("named", "scan"),
    [
        ("p1.png", "other/p1.png"),
        ("p1.png", "other"),
        ("C:\\work\\p1.tif", "other"),
        ("", "other"),
        ("nowhere.png", "other"),
        ("../scans/other/p1.png", "."),
        ("/boxes/other/p1.png", "."),
    ],
)
def test_scans_are_where_somebody_says(home: Path, named: str, scan: str) -> None:
    """The scan itself, or the folder of all: by the name in the file, else by that of the file."""
    put_scan(home / "other" / "p1.png")
    put_text(home / "in" / "p1.xml", KRAKEN.replace("p1.png", named))
    done = call("alto", "in/p1.xml", "--scan", scan)
    assert done.exit_code == 0, done.output
    assert (home / "output" / "p1.json").exists()


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (
            ["in/p1.xml"],
            "in/p1.xml: its scan (p1.png) was not found in in. Say where it is: --scan",
            3,
        ),
        (["in/p1.xml", "--scan", "gone.png"], "gone.png: there is no such scan.", 3),
        (["in/p1.xml", "--scan", "in"], "its scan (p1.png) was not found in in.", 3),
        (["in/gone.xml"], "in/gone.xml: there is no such file or folder.", 3),
        (["in/p1.xml", "--scan", "small.png"], "page of 600 x 800, the scan small.png has", 3),
        (["in/p1.xml", "--scan", "small.png#7"], "is about page 7 of its scan, and small.png", 3),
        (["in/p1.xml", "in/p2.xml", "--scan", "small.png"], "small.png is one scan, and there", 2),
        (["empty"], "No alto files were found in empty.", 3),
        (["in/p1.xml", "--scan", "in/p1.xml"], "p1.xml", 3),
    ],
)
def test_what_is_wrong_is_said(home: Path, arguments: list[str], said: str, code: int) -> None:
    """Which file, and what to do."""
    put_text(home / "in" / "p1.xml", KRAKEN)
    put_text(home / "in" / "p2.xml", KRAKEN)
    put_scan(home / "small.png", 700, 400)
    (home / "empty").mkdir()
    done = call("alto", *arguments)
    assert (done.exit_code, said in done.output) == (code, True), done.output
    assert not list(home.rglob("output/**/*.json")) or code == 3


def test_one_bad_file_stops_no_other(home: Path) -> None:
    """It is named, and the exit code says that something is missing."""
    put_scan(home / "in" / "p1.png")
    put_text(home / "in" / "p1.xml", KRAKEN)
    put_text(home / "in" / "a.xml", KRAKEN[:500])
    done = call("alto", "in")
    assert done.exit_code == 1
    assert "in/a.xml: is no well-formed XML" in done.output
    assert (home / "output" / "p1.json").exists()


def test_units_need_a_resolution_where_nothing_tells_the_size(home: Path) -> None:
    """It can be given."""
    put_scan(home / "in" / "p1.png")
    text = ABBYY.replace('WIDTH="508" HEIGHT="677" ', "").replace("D:\\scans\\p1.tif", "p1.png")
    put_text(home / "in" / "p1.xml", text)
    done = call("alto", "in")
    assert done.exit_code == 3
    assert "--dpi" in done.output
    assert call("alto", "in", "--dpi", "300").exit_code == 0


def test_pages_of_one_file_are_pages_of_one_scan(home: Path) -> None:
    """A document of hOCR may have several."""
    first = Image.fromarray(np.full((800, 600), 255, np.uint8))
    (home / "in").mkdir()
    first.save(home / "in" / "book.tif", save_all=True, append_images=[first])
    start, end = TESSERACT.index("<div class='ocr_page'"), TESSERACT.index("</body>")
    page = TESSERACT[start:end].replace("in; put/p1.png", "book.tif")
    both = TESSERACT[:start] + page + page.replace("ppageno 0", "ppageno 1") + TESSERACT[end:]
    put_text(home / "in" / "book.hocr", both)
    done = call("hocr", "in/book.hocr")
    assert done.exit_code == 0, done.output
    frames = {
        p.stem: read_record(p).page.scan.frame for p in (home / "output").glob("book-p*.json")
    }
    assert frames == {"book-p1": 0, "book-p2": 1}


@pytest.fixture(name="office")
def _office(home: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office whose one page was imported, with something to ask about."""
    office = Office(home, monkeypatch)
    put_scan(home / "scans" / "p1.png")
    put_text(home / "in" / "p1.xml", KRAKEN.replace("School of Music", TEXT))
    done = call("alto", "in/p1.xml", "--scan", "scans")
    assert done.exit_code == 0, done.output
    return office


def test_what_the_words_propose_is_asked(office: Office) -> None:
    """Nothing is applied by itself; an answer is in the files, and in an export of the format."""
    path = office.place.output / "p1.json"
    assert [(c.original, c.proposed, c.status.value) for c in read_record(path).corrections] == [
        ("克服了", "", "proposed")
    ]
    with closing(office.desk()) as desk:
        (question,) = desk.list_questions(QuestionFilter())[0]
        desk.record_answers([Answer(question.id, "accept", question.seen)], "ann")
    assert TEXT not in (office.place.output / "p1.txt").read_text("utf-8")
    done = CliRunner().invoke(cli.app, ["export", "alto", "-o", "ex"])
    assert done.exit_code == 0
    text = (office.home / "ex" / "p1.alto.xml").read_text("utf-8")
    assert f'CONTENT="{TEXT.replace("克服了", "", 1)}"' in text
    assert f'<ALTERNATIVE PURPOSE="as read">{TEXT}</ALTERNATIVE>' in text
    assert 'DESCRIPTION="line type default"' in text


def test_a_run_leaves_imported_pages_alone(office: Office) -> None:
    """Until it is told to read everything; another scan in its place is read, too."""
    before = office.outputs()
    heard = office.run()
    assert heard.read == []
    assert office.outputs() == before
    assert office.run(force=True).read == ["p1"]
    assert office.outputs() != before


def test_another_scan_in_its_place_is_read(office: Office) -> None:
    """The text was about the scan that is gone."""
    put_scan(office.home / "scans" / "p1.png", shade=128)
    assert office.run().read == ["p1"]


def test_importing_again_keeps_decisions(office: Office) -> None:
    """As reading again does."""
    with closing(office.desk()) as desk:
        (question,) = desk.list_questions(QuestionFilter())[0]
        desk.record_answers([Answer(question.id, "accept", question.seen)], "ann")
    before = office.outputs()
    assert call("alto", "in/p1.xml", "--scan", "scans").exit_code == 0
    assert office.outputs() == before


def test_what_newspage_read_is_replaced_only_by_force(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody may have corrected it; the import can go elsewhere."""
    office = Office(home, monkeypatch)
    put_scan(home / "scans" / "p1.png")
    office.run()
    put_text(home / "in" / "p1.xml", KRAKEN)
    done = call("alto", "in/p1.xml", "--scan", "scans")
    assert done.exit_code == 3
    assert "newspage has read its scan itself, as p1" in done.output
    assert call("alto", "in/p1.xml", "--scan", "scans", "--force").exit_code == 0
    assert "甲乙丙" in (home / "output" / "p1.txt").read_text("utf-8")


def test_pages_join_their_issue(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the names of their scans, like pages that were read."""
    office = Office(home, monkeypatch)
    for page in ("p1", "p2"):
        put_scan(home / "scans" / "x-2020-01-01" / f"{page}.png", shade=250 if page == "p1" else 9)
        text = KRAKEN.replace("p1.png", f"{page}.png")
        put_text(home / "in" / "x-2020-01-01" / f"{page}.xml", text)
    done = call("alto", "in", "--scan", "scans")
    assert done.exit_code == 0, done.output
    assert (home / "output" / "issues" / "x-2020-01-01.json").exists()
    assert office.run().read == []


def test_without_networks_the_words_are_asked(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which is said once."""

    def find_none(config: EngineConfig, threads: int = 0) -> None:
        raise MissingDependencyError("lxml-missing", path=Path("network"))

    monkeypatch.setattr(factory, "make_engine", find_none)
    put_scan(home / "in" / "p1.png")
    put_scan(home / "in" / "p2.png", shade=9)
    put_text(home / "in" / "p1.xml", KRAKEN)
    put_text(home / "in" / "p2.xml", KRAKEN.replace("p1.png", "p2.png"))
    done = CliRunner().invoke(cli.app, ["import", "alto", "in"])
    assert done.exit_code == 0, done.output
    assert done.output.count("judged by their words alone") == 1


def test_a_missing_parser_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the extra that brings it."""
    monkeypatch.setitem(__import__("sys").modules, "lxml", None)
    put_text(home / "in" / "p1.xml", KRAKEN)
    done = call("alto", "in/p1.xml")
    assert done.exit_code == 4
    assert "pip install 'newspage[xml]'" in done.output


def test_the_store_knows_the_page(office: Office) -> None:
    """As a page of the scan, done, of no settings that could be outdated."""
    with Store(office.place.store) as store:
        row = OutputStore(store, "output").find_scan(ScanKey("scans/p1.png"))
    assert row is not None
    assert row.status.value == "done"
    assert row.fingerprint.startswith("imported ")
