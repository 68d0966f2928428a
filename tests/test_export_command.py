"""`newspage export`: from records, whatever else lies beside them, clear about what is wrong."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from newspage import cli
from newspage.formats import make_address, render_text
from newspage.formats.plain_text import render_markdown
from newspage.model import Scan
from newspage.record import encode_record
from tests.decided_pages import page_of
from tests.fakes import record_of


def call(*arguments: object) -> Result:
    """The command, in this process."""
    return CliRunner().invoke(cli.app, ["export", *map(str, arguments)])


@pytest.fixture(name="output")
def _output(tmp_path: Path) -> Path:
    """An output folder with two records and what else runs leave there."""
    folder = tmp_path / "output"
    for stem in ("luoyang-2020-04-30/p1", "luoyang-2020-04-30/p2"):
        path = folder / f"{stem}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        scan = Scan(Path("../../scans") / f"{stem}.png", "0" * 64, 400, 300)
        path.write_bytes(encode_record(record_of(scan, "正文。", "标题")))
    (folder / "index.json").write_text('{"format":"newspage-index/1",\n"pages":[]}')
    (folder / "notes.json").write_text("[1, 2]")
    return folder


def test_pages_go_into_a_folder_of_their_own(output: Path, tmp_path: Path) -> None:
    """With the folders of the records; several formats at once; other JSON is passed over."""
    done = call("alto", "txt", output, "-o", tmp_path / "ex")
    assert done.exit_code == 0, done.output
    assert "2 of 2 pages written" in done.output
    names = sorted(p.relative_to(tmp_path / "ex").as_posix() for p in tmp_path.rglob("ex/**/*.*"))
    assert names == [
        "luoyang-2020-04-30/p1.alto.xml",
        "luoyang-2020-04-30/p1.txt",
        "luoyang-2020-04-30/p2.alto.xml",
        "luoyang-2020-04-30/p2.txt",
    ]


def test_the_scan_is_named_as_seen_from_the_export(output: Path, tmp_path: Path) -> None:
    """Readers look for it there."""
    call("alto", output / "luoyang-2020-04-30" / "p1.json", "-o", tmp_path / "a" / "b")
    text = (tmp_path / "a" / "b" / "p1.alto.xml").read_text("utf-8")
    assert "<fileName>../../scans/luoyang-2020-04-30/p1.png</fileName>" in text


def test_paper_date_and_page_come_from_the_name(output: Path, tmp_path: Path) -> None:
    """Of the scan, as a run takes them."""
    call("csv", output, "-o", tmp_path / "ex")
    text = (tmp_path / "ex" / "luoyang-2020-04-30" / "p2.articles.csv").read_text("utf-8-sig")
    assert text.splitlines()[1].startswith("luoyang,2020-04-30,2,")


@pytest.mark.parametrize(
    ("option", "owner"),
    [(("--link-scans",), "mets"), (("--profile", "ndnp"), "mets"), (("--base-url", "x"), "iiif")],
)
def test_an_option_that_would_do_nothing(output: Path, option: tuple[str, ...], owner: str) -> None:
    """It is refused, with the name of the format that it is for."""
    done = call("alto", output, *option)
    assert done.exit_code == 2
    assert f"{option[0]} is for {owner}, which is not written." in done.output
    assert not Path("export").exists()


def test_addresses_of_this_computer_are_named(output: Path, tmp_path: Path) -> None:
    """Manifests that begin with them serve nobody else; said only where nobody chose another."""
    assert "note: all addresses begin with http://localhost:8000" in (
        call("iiif", output, "-o", tmp_path / "a").stderr
    )
    chosen = call("iiif", output, "-o", tmp_path / "b", "--base-url", "https://example.org")
    assert "note: all addresses" not in chosen.stderr


def test_a_broken_record_stops_no_other(output: Path, tmp_path: Path) -> None:
    """It is named, and the exit code says that something is missing."""
    path = output / "luoyang-2020-04-30" / "p1.json"
    path.write_bytes(path.read_bytes()[:-200])
    done = call("alto", output, "-o", tmp_path / "ex")
    assert done.exit_code == 1
    assert "p1.json is no valid page record" in done.output
    assert "1 of 2 pages written" in done.output


def test_characters_that_xml_cannot_hold_are_named(tmp_path: Path) -> None:
    """Nothing is lost in silence."""
    record = record_of(Scan(Path("a.png"), "0" * 64, 400, 300), "甲\x01乙")
    (tmp_path / "p1.json").write_bytes(encode_record(record))
    done = call("page", tmp_path / "p1.json", "-o", tmp_path / "ex")
    assert "p1: XML cannot hold U+0001; U+FFFD stands there." in done.output
    assert "甲\ufffd乙" in (tmp_path / "ex" / "p1.page.xml").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["docx"], "docx: neither a format nor a file", 2),
        ([], "No format was named. Formats are: txt", 2),
        (["alto", "empty"], "No page records were found in empty", 3),
    ],
)
def test_what_is_wrong_is_said(
    arguments: list[str], said: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what to do."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    done = call(*arguments)
    assert (done.exit_code, said in done.output) == (code, True), done.output


def test_the_formats_are_listed() -> None:
    """With what each is for."""
    done = call("--list")
    assert done.exit_code == 0
    assert "alto" in done.output
    assert "PAGE 2019-07-15" in done.output


def test_articles_say_where_they_are_from(tmp_path: Path) -> None:
    """In text and Markdown, by what they are cited by; not with --plain, as files of a run."""
    output = tmp_path / "output"
    output.mkdir()
    scan = Scan(Path("../scans/申报-1937-07-07-p3.png"), "ab" * 32, 4000, 4000)
    articles = [("题目", [["一二三四五六七八"]]), ("", [["Some words of an English text"]])]
    record = page_of(articles, scan)
    (output / "申报-1937-07-07-p3.json").write_bytes(encode_record(record))
    assert call("txt", "md", output, "-o", tmp_path / "said").exit_code == 0
    assert call("txt", "md", "--plain", output, "-o", tmp_path / "plain").exit_code == 0
    said, plain = (
        [(tmp_path / kind / f"申报-1937-07-07-p3.{suffix}").read_text() for suffix in ("txt", "md")]
        for kind in ("said", "plain")
    )
    assert plain == [render_text(record.articles), render_markdown(record)]
    first, second = (make_address(record, article) for article in record.articles)
    for text, bare in zip(said, plain, strict=True):
        assert str(first) in text
        assert str(second) in text
        assert str(first) not in bare
    assert f"[申报, 1937-07-07, 第3版, {first}]" in said[0]
    assert f"[申报, 1937-07-07, page 3, {second}]" in said[0]
    without = [line for line in said[0].splitlines() if "1937" not in line]
    assert [line for line in without if line] == [line for line in plain[0].splitlines() if line]
