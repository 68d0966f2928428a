"""PDF from the command line, from Python and by every run: with the scan at hand, and without."""

import io
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

import newspage
from newspage import cli
from newspage.config import OutputConfig
from newspage.errors import InputError, MissingDependencyError, RefusedError
from newspage.formats import exporters
from newspage.formats.document import PageDocument
from newspage.formats.exporters import Exporter, find_exporter, render_document
from newspage.formats.scan_access import UnavailableScanError
from newspage.model import Scan
from newspage.record import encode_record
from newspage.review.service.views import Answer, QuestionFilter
from tests.asking import PAGES, Office, just_read
from tests.fakes import record_of
from tests.pdf_reading import record_with, run_poppler, squeezed, strings_of


def call(*arguments: object) -> Result:
    """The command `newspage export`, in this process."""
    return CliRunner().invoke(cli.app, ["export", *map(str, arguments)])


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Path:
    """Scans and the records of them, as a run leaves them."""
    for number in (1, 2):
        scan = tmp_path / "scans" / f"luoyang-2020-04-30-p{number}.png"
        scan.parent.mkdir(exist_ok=True)
        Image.new("L", (400, 300 + number), 255).save(scan)
        own = record_with(scan).page.scan
        own = replace(own, path=Path("../scans") / scan.name)
        record = tmp_path / "output" / f"{scan.stem}.json"
        record.parent.mkdir(exist_ok=True)
        record.write_bytes(encode_record(record_of(own, "正文。", f"标题{number}")))
    return tmp_path


def test_pages_are_exported_with_their_scans(home: Path) -> None:
    """Which are found from the records, wherever the files go."""
    done = call("pdf", home / "output", "-o", home / "a" / "b")
    assert done.exit_code == 0, done.output
    assert "2 of 2 pages written" in done.output
    data = (home / "a" / "b" / "luoyang-2020-04-30-p2.pdf").read_bytes()
    assert run_poppler(data, home, "-raw").split() == ["标题2", "正文。"]
    with pikepdf.open(io.BytesIO(data)) as file:
        assert str(file.docinfo.Title) == "luoyang 2020-04-30 p. 2"
    again = call("pdf", home / "output", "-o", home / "c")
    assert again.exit_code == 0
    assert (home / "c" / "luoyang-2020-04-30-p2.pdf").read_bytes() == data


@pytest.mark.parametrize(
    ("change", "said"), [("move", "was moved or"), ("touch", "was changed since it was read")]
)
def test_a_scan_that_is_not_the_same_costs_its_own_file_only(
    home: Path, change: str, said: str
) -> None:
    """Other pages are written, and other formats of that page; the exit code tells."""
    scan = home / "scans" / "luoyang-2020-04-30-p1.png"
    if change == "move":
        scan.rename(home / "scans" / "elsewhere.png")
    else:
        scan.write_bytes(scan.read_bytes() + b"\0")
    done = call("pdf", "alto", home / "output", "-o", home / "ex")
    assert done.exit_code == 1
    assert "newspage: luoyang-2020-04-30-p1: its scan" in done.output
    assert said in done.output
    assert "1 of 2 pages written" in done.output
    assert {path.name for path in (home / "ex").iterdir()} == {
        "luoyang-2020-04-30-p1.alto.xml",
        "luoyang-2020-04-30-p2.alto.xml",
        "luoyang-2020-04-30-p2.pdf",
    }


def test_limits_of_the_settings_count(home: Path) -> None:
    """A scan that would be refused by a run is refused here as well."""
    (home / "newspage.toml").write_text("[ingest]\nmax_megapixels = 0.01\n")
    done = call("pdf", home / "output", "-o", home / "ex", "--config", home / "newspage.toml")
    assert done.exit_code == 1
    assert "more than the 0.01 megapixels allowed" in done.output


def test_the_package_it_needs_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is written, with the extra that installs it."""
    monkeypatch.setattr(exporters, "find_installed_version", lambda name: None)
    assert find_exporter("alto").package == ""
    with pytest.raises(MissingDependencyError, match=r"fonttools.*pip install 'newspage\[pdf\]'"):
        find_exporter("pdf")
    done = call("pdf", home / "output", "-o", home / "ex")
    assert done.exit_code == 4
    assert not (home / "ex").exists()


def test_formats_that_hold_the_scan_get_it(home: Path) -> None:
    """Also those of other packages: it is the one that was read, or they are not asked."""
    asked = []

    def write(document: PageDocument) -> bytes:
        assert document.scan_file
        asked.append(document.scan_file)
        return document.scan_file.read_bytes()

    own = Exporter("own", ".own", "", "", write, needs_scan=True)
    scan = home / "scans" / "luoyang-2020-04-30-p1.png"
    document = PageDocument(record_with(scan), scan_file=scan)
    assert render_document(document, own) == scan.read_bytes()
    with pytest.raises(UnavailableScanError):
        render_document(replace(document, scan_file=None), own)
    scan.write_bytes(b"x")
    with pytest.raises(UnavailableScanError):
        render_document(document, own)
    assert asked == [scan]


def test_pdf_from_python(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that was loaded knows its scan, decisions or not; a bare record does not."""
    page = newspage.load_page(home / "output" / "luoyang-2020-04-30-p1.json")
    data = newspage.export(page, "pdf", home / "p1.pdf")
    assert (home / "p1.pdf").read_bytes() == data
    assert len(strings_of(data)) == 2
    assert newspage.export(newspage.apply_decisions(page, []), "pdf")
    with pytest.raises(InputError, match="not known where its scan lies"):
        newspage.export(newspage.Page(page.record), "pdf")
    (home / "newspage.toml").write_text("[ingest]\nmax_megapixels = 0.01\n")
    monkeypatch.chdir(home)
    with pytest.raises(RefusedError, match="megapixels"):
        newspage.export(page, "pdf")


def ask_for_pdf(office: Office) -> None:
    """From now on every page is written as text and PDF."""
    config = replace(office.settings.config, output=OutputConfig(("txt", "pdf")))
    office.settings = replace(office.settings, config=config)


def test_every_run_writes_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of new pages, and of those that were read before it was asked for."""
    office = Office(tmp_path, monkeypatch)
    office.scans(PAGES[0])
    office.run()
    assert not [name for name in office.outputs() if name.endswith(".pdf")]
    ask_for_pdf(office)
    office.scans(*PAGES)
    assert office.run().messages == []
    made = {n: data for n, data in office.outputs().items() if n.endswith(".pdf")}
    assert sorted(made) == [f"x-2020-01-01/p{i}.pdf" for i in range(1, 5)]
    text = "".join(c for string in strings_of(made["x-2020-01-01/p2.pdf"]) for c, _ in string)
    assert text == squeezed(office.outputs()["x-2020-01-01/p2.txt"].decode().replace("* * *", ""))
    assert office.run().read == []
    assert {n: d for n, d in office.outputs().items() if n.endswith(".pdf")} == made


def test_decisions_reach_the_text_while_scans_are_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a disk that is not connected, say; the PDF file follows when they are back."""
    office = Office(tmp_path, monkeypatch)
    ask_for_pdf(office)
    office.scans(*PAGES)
    office.run()
    before = office.outputs()
    (tmp_path / "scans").rename(tmp_path / "away")
    with closing(office.desk()) as desk:
        (question, *_) = desk.list_questions(QuestionFilter())[0]
        desk.record_answers([Answer(question.id, "accept", question.seen)], "ann")
    after = office.outputs()
    changed = {name for name in after if after[name] != before[name]}
    (stem,) = {n[:-4] for n in changed if n.endswith(".txt") and not n.startswith("issues/")}
    assert f"{stem}.pdf" not in changed
    (tmp_path / "away").rename(tmp_path / "scans")
    assert office.run().messages == []
    assert office.outputs()[f"{stem}.pdf"] != before[f"{stem}.pdf"]


def test_a_run_names_pages_whose_scan_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the format is added later; what is there of them stays."""
    office = just_read(tmp_path, monkeypatch, *PAGES)
    ask_for_pdf(office)
    (tmp_path / "scans" / PAGES[0]).unlink()
    heard = office.run()
    assert [PAGES[0] in message for message in heard.messages] == [True]
    assert "was moved or cannot be read" in heard.messages[0]
    made = [name for name in office.outputs() if name.endswith(".pdf")]
    assert len(made) == len(PAGES) - 1


def test_a_scan_of_which_nothing_is_known_is_refused() -> None:
    """As the pages are that programs make themselves."""
    document = PageDocument(record_of(Scan(Path("a.png"), "", 9, 9), "甲"), scan_file=Path("a.png"))
    with pytest.raises(UnavailableScanError, match=r"page: its scan a\.png"):
        render_document(document, find_exporter("pdf"))
