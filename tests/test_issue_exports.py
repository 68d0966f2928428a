"""Whole issues: which are found, what is written where, and what goes wrong alone."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import newspage
from newspage import cli
from newspage.config import Config, IngestConfig
from newspage.errors import InputError, UsageError
from newspage.formats.document import IssueDocument, PackageFile, PageDocument
from newspage.formats.exporters import Exporter, FormatError
from newspage.formats.plain_text import render_text
from newspage.output import issue_exports
from newspage.output.exports import ExportedPage, export_pages, find_records, load_document
from newspage.output.issue_exports import ExportedIssue, export_issues, find_issues, plan_export
from newspage.record import encode_record, read_record
from tests.asking import PAGES, just_read
from tests.test_output_formats import add_exporters

NAME = "x-2020-01-01"


def list_texts(issue: IssueDocument) -> Iterator[bytes]:
    """The text of an issue, article by article, and the names of its pages."""
    for page in issue.load_pages():
        yield f"{page.name} {page.record.page.scan.path.as_posix()}\n".encode()
    for name in issue.outline.articles:
        yield render_text([issue.join_article(name)]).encode()


def pack_pages(issue: IssueDocument) -> Iterator[PackageFile]:
    """A file for each page of an issue."""
    for page in issue.load_pages():
        yield PackageFile(
            f"pages/{page.name.replace('/', '-')}", [page.record.page.scan.sha256.encode()]
        )
    yield PackageFile("link", [str(issue.link_scans).encode()])


def shout_name(page: PageDocument) -> bytes:
    """The name of a page."""
    return page.name.encode()


FILE = Exporter("own", ".own", "", "", render_issue=list_texts)
FOLDER = Exporter("pack", ".pack", "", "", package_issue=pack_pages)
EITHER = Exporter("either", ".either", "", "", shout_name, list_texts)


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an output folder of an issue of four pages and a page of no issue."""
    just_read(tmp_path, monkeypatch, *PAGES, "alone.png")
    add_exporters(monkeypatch, FILE, FOLDER, EITHER)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*arguments: object) -> Result:
    """The command, in this process; what it writes goes to `ex`."""
    return CliRunner().invoke(cli.app, ["export", *map(str, arguments), "-o", "ex"])


def written(home: Path) -> list[str]:
    """The files of the export."""
    return sorted(p.relative_to(home / "ex").as_posix() for p in (home / "ex").rglob("*.*"))


def test_a_folder_gives_its_issues_and_the_pages_of_none(home: Path) -> None:
    """As files and as folders; the text is that of the run's own file of the issue."""
    done = call("own", "pack", "--link-scans", "output")
    assert done.exit_code == 0, done.output
    assert "2 of 2 issues, 1 of them single pages, written to ex (own, pack)" in done.output
    names = [f"{name}{end}" for name in ("alone", f"issues/{NAME}") for end in (".own", ".pack")]
    assert written(home) == names
    text = (home / "ex" / f"issues/{NAME}.own").read_text("utf-8")
    assert text.splitlines()[0] == f"{NAME}/p1 ../../scans/{NAME}/p1.png"
    own = (home / "output" / "issues" / f"{NAME}.txt").read_text("utf-8")
    assert "".join(text.splitlines()[4:]) == own.replace("* * *", "").replace("\n", "")
    folder = home / "ex" / "issues" / f"{NAME}.pack"
    assert len(list((folder / "pages").iterdir())) == 4
    assert (folder / "link").read_bytes() == b"True"


@pytest.mark.parametrize(
    ("formats", "path", "names"),
    [
        (["own"], f"output/issues/{NAME}.json", [f"{NAME}.own"]),
        (["own"], f"output/{NAME}/p3.json", ["p3.own"]),
        (["own"], f"output/{NAME}", [f"{NAME}.own"]),
        (["own"], "output/alone.json", ["alone.own"]),
        (["txt"], f"output/issues/{NAME}.json", [f"{NAME}/p{i}.txt" for i in (1, 2, 3, 4)]),
        (["either"], f"output/issues/{NAME}.json", [f"{NAME}.either"]),
        (["either"], f"output/{NAME}/p3.json", ["p3.either"]),
        (
            ["either"],
            "output",
            [
                "alone.either",
                f"issues/{NAME}.either",
                *(f"{NAME}/p{i}.either" for i in (1, 2, 3, 4)),
            ],
        ),
        (
            ["txt", "either"],
            f"output/issues/{NAME}.json",
            [f"{NAME}.either", *(f"{NAME}/p{i}.txt" for i in (1, 2, 3, 4))],
        ),
    ],
)
def test_a_path_names_what_it_holds(
    home: Path, formats: list[str], path: str, names: list[str]
) -> None:
    """A record that page, an issue's file the issue, a folder of pages the issue they are of."""
    done = call(*formats, path)
    assert done.exit_code == 0, done.output
    assert written(home) == sorted(names)


def test_an_article_over_pages_is_joined_as_the_run_joined_it(home: Path) -> None:
    """The first page's last article goes on at page 3."""
    issue = newspage.load_issue(home / "output" / "issues" / f"{NAME}.json", Config())
    parts = [[p.page for p in found] for found in issue.outline.articles.values()]
    assert ["1", "3"] in parts
    assert issue.publication is not None
    assert issue.publication.paper == "x"


def test_few_pages_are_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many the issue has: all others are read again when they are asked for again."""
    loaded: list[str] = []

    def count(path: Path, stem: str, folder: Path, config: IngestConfig) -> PageDocument:
        loaded.append(stem)
        return load_document(path, stem, folder, config)

    monkeypatch.setattr("newspage.output.issue_exports.load_document", count)
    monkeypatch.setattr(issue_exports, "_PAGES_KEPT", 2)
    met: list[str] = []
    (source, *_) = find_issues([home / "output"])
    issue = issue_exports.open_issue(source, IngestConfig(), lambda page: met.append(page.name))
    loaded.clear()
    for _ in range(2):
        assert [page.name for page in issue.load_pages()] == list(issue.stems)
    assert loaded == [*issue.stems, *issue.stems]
    assert met == list(issue.stems)


def test_a_bad_record_costs_its_issue_only(home: Path) -> None:
    """It is named, what was written before stays, and the exit code says so."""
    call("own", "pack", "output")
    before = (home / "ex" / f"issues/{NAME}.own").read_bytes()
    path = home / "output" / NAME / "p2.json"
    path.write_bytes(path.read_bytes()[:-200])
    (home / "ex" / "alone.own").unlink()
    done = call("own", "pack", "output")
    assert done.exit_code == 1
    assert "p2.json is no valid page record" in done.output
    assert "1 of 2 issues" in done.output
    assert (home / "ex" / "alone.own").is_file()
    assert (home / "ex" / f"issues/{NAME}.own").read_bytes() == before
    assert not list((home / "ex").rglob(".*"))


def test_an_issue_that_cannot_be_read_is_named(home: Path) -> None:
    """In a folder it fails alone; by name nothing else was asked for."""
    path = home / "output" / "issues" / f"{NAME}.json"
    path.write_bytes(path.read_bytes()[:-200])
    done = call("own", "output")
    assert done.exit_code == 1
    assert f"{NAME}.json is no valid issue" in done.output
    assert "5 of 6 issues, 5 of them single pages," in done.output
    assert call("own", path).exit_code == 3
    assert call("txt", path).exit_code == 3


def test_an_issue_without_pages_is_an_error(home: Path) -> None:
    """As a file that somebody made by hand may be."""
    path = home / "output" / "issues" / "y.json"
    path.write_text('{"format":"newspage-issue/1","name":"y","pages":[],"articles":[],"joins":[]}')
    (failure,) = export_issues(find_issues([path]), ["own"], home / "ex", IngestConfig())
    assert isinstance(failure, InputError)


def test_an_issue_older_than_its_pages_is_not_written(home: Path) -> None:
    """Articles would be missing from it in silence."""
    path = home / "output" / NAME / "p2.json"
    record = read_record(path)
    changed = replace(record.articles[0], id="new")
    path.write_bytes(encode_record(replace(record, articles=(changed, *record.articles[1:]))))
    done = call("own", home / "output" / "issues" / f"{NAME}.json")
    assert done.exit_code == 1
    assert f"made before {NAME}/p2, which has other articles now. Run `newspage run`" in done.output


def test_a_fault_of_a_format_stops_no_other_issue(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does one of a format of pages."""

    def fail(issue: IssueDocument) -> Iterator[bytes]:
        yield b"begun"
        if issue.name == NAME:
            raise LookupError("no word")

    def fail_page(page: PageDocument) -> bytes:
        raise LookupError("no page")

    add_exporters(
        monkeypatch,
        Exporter("fails", ".fails", "", "", fail_page, fail),
    )
    done = list(
        export_issues(find_issues([home / "output"]), ["fails"], home / "ex", IngestConfig())
    )
    assert [type(one) for one in done] == [FormatError, ExportedIssue]
    assert f"{NAME}: cannot be written as fails (LookupError: no word)." in str(done[0])
    assert written(home) == ["alone.fails"]
    records = list(find_records([home / "output"]))
    pages = list(export_pages(records, ["fails"], home / "ex", IngestConfig()))
    assert len(pages) == 5
    for page in pages:
        assert isinstance(page, ExportedPage)
        assert page.files == ()
        assert [type(refusal) for refusal in page.refusals] == [FormatError]


def test_an_issue_is_one_pdf_file(home: Path) -> None:
    """With all its pages; a folder gives that and a file a page."""
    pikepdf = pytest.importorskip("pikepdf")
    done = call("pdf", "output")
    assert done.exit_code == 0, done.output
    pages = [f"{NAME}/p{i}.pdf" for i in (1, 2, 3, 4)]
    assert written(home) == ["alone.pdf", f"issues/{NAME}.pdf", *pages]
    with pikepdf.open(home / "ex" / "issues" / f"{NAME}.pdf") as file:
        assert len(file.pages) == 4
        assert "/Outlines" in file.Root


def test_formats_are_of_what_they_are(home: Path) -> None:
    """Each refuses the other kind, before anything is written."""
    records, issues = find_records([home / "output"]), find_issues([home / "output"])
    with pytest.raises(UsageError, match="own is a format of issues"):
        list(export_pages(records, ["own"], home / "ex", IngestConfig()))
    with pytest.raises(UsageError, match="txt is a format of pages"):
        list(export_issues(issues, ["txt"], home / "ex", IngestConfig()))
    plan = plan_export([home / "output"], ["txt", "own"])
    assert (plan.page_formats, plan.issue_formats) == (("txt",), ("own",))
    assert (len(plan.pages), len(plan.issues)) == (5, 2)
    listed = CliRunner().invoke(cli.app, ["export", "--list"]).output
    words = [line.split("  ") for line in listed.splitlines()]
    scopes = {line[0]: [word.strip() for word in line[1:] if word.strip()][:2] for line in words}
    assert scopes["either"] == ["page, issue", ".either"]
    assert scopes["own"] == ["issue", ".own"]
    assert scopes["txt"] == ["page", ".txt"]
    assert scopes["parquet"] == ["all pages", ".parquet"]


def test_issues_from_python(home: Path) -> None:
    """Bytes, a file or a folder; a page is an issue of one; what makes no sense is said."""
    issue = newspage.load_issue(home / "output" / "issues" / f"{NAME}.json", Config())
    data = newspage.export(issue, "own")
    assert newspage.export(issue, "own", home / "ex" / "a.own") == b""
    moved = (home / "ex" / "a.own").read_bytes()
    assert moved == data.replace(b" scans/", b" ../scans/")
    newspage.export(issue, "pack", home / "ex" / "a.pack")
    assert (home / "ex" / "a.pack" / "link").read_bytes() == b"False"
    page = newspage.load_page(home / "output" / "alone.json")
    assert newspage.export(page, "own").splitlines()[1:]
    single = newspage.load_issue(home / "output" / "alone.json", Config())
    assert single.stems == ("alone",)
    with pytest.raises(UsageError, match="pack makes a folder of an issue"):
        newspage.export(issue, "pack")
    with pytest.raises(UsageError, match="txt is a format of pages"):
        newspage.export(issue, "txt")
    with pytest.raises(InputError, match="is a folder"):
        newspage.load_issue(home / "output", Config())
    shutil.rmtree(home / "output" / NAME)
    with pytest.raises(InputError, match=r"p1\.json: the page record cannot be read"):
        newspage.load_issue(home / "output" / "issues" / f"{NAME}.json", Config())
