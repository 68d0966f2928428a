"""`[output] formats` of issues: written when an issue is joined, after each decision, and anew."""

import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from newspage import cli
from newspage.batch.folder import RunRequest
from newspage.batch.run_events import RunOutcome
from newspage.config import IiifConfig, IngestConfig
from newspage.formats.document import IssueDocument, PackageChoices, PackageFile, PageDocument
from newspage.formats.exporters import Exporter, FormatError
from newspage.formats.plain_text import render_text
from newspage.output.issue_exports import export_issues, find_issues
from newspage.review.service.views import Answer, QuestionFilter
from newspage.settings import Settings
from tests.asking import PAGES, Office, just_read
from tests.test_output_formats import accept_one, add_exporters, set_formats

NAME = "issues/x-2020-01-01"


def list_texts(issue: IssueDocument) -> Iterator[bytes]:
    """The text of an issue, article by article."""
    for name in issue.outline.articles:
        yield render_text([issue.join_article(name)]).encode()


def pack_pages(pages: Iterable[PageDocument]) -> Iterator[PackageFile]:
    """A file for each page."""
    for page in pages:
        yield PackageFile(f"{page.name[-2:]}.txt", [render_text(page.record.articles).encode()])


FILE = Exporter("own", ".own", "", "", render_issue=list_texts)
FOLDER = Exporter("pack", ".pack", "", "", package_pages=pack_pages)


@pytest.fixture(name="office")
def _office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office that has read an issue of four pages, and writes two formats of issues."""
    add_exporters(monkeypatch, FILE, FOLDER)
    office = just_read(tmp_path, monkeypatch, *PAGES)
    set_formats(office, "txt", "own", "pack")
    return office


def written(office: Office) -> dict[str, bytes]:
    """The files of the issue in those formats."""
    return {
        name.removeprefix(NAME): data
        for name, data in office.outputs().items()
        if name.startswith((f"{NAME}.own", f"{NAME}.pack"))
    }


def exported(office: Office) -> Mapping[str, bytes]:
    """What `newspage export` makes of the issue."""
    folder = office.home / "exported"
    source = find_issues([office.place.output / f"{NAME}.json"])
    (done,) = export_issues(source, ["own", "pack"], folder, IngestConfig())
    assert not isinstance(done, Exception)
    found = {
        p.relative_to(folder).as_posix().removeprefix("x-2020-01-01"): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file()
    }
    shutil.rmtree(folder)
    return found


def test_an_added_format_is_made_without_reading(office: Office) -> None:
    """The same as an export makes; what is there already stays as it is."""
    before = office.outputs()
    assert office.run().read == []
    files = written(office)
    assert sorted(files) == [".own", *(f".pack/p{i}.txt" for i in (1, 2, 3, 4))]
    assert files == exported(office)
    assert office.outputs().items() >= before.items()
    path = office.place.output / f"{NAME}.own"
    stamp = path.stat().st_mtime_ns
    office.run()
    assert path.stat().st_mtime_ns == stamp


def test_decisions_are_in_it(office: Office) -> None:
    """By the review page at once, or by a run."""
    office.run()
    before = written(office)
    accept_one(office)
    office.run()
    after = written(office)
    assert before != after == exported(office)


def test_the_review_page_writes_it(office: Office) -> None:
    """When it has been quiet for a moment, as it joins issues."""
    office.run()
    before = written(office)
    end = time.monotonic() + 20
    with closing(office.desk()) as desk:
        (question, *_) = desk.list_questions(QuestionFilter())[0]
        desk.record_answers([Answer(question.id, "accept", question.seen)], "ann")
        while written(office) == before and time.monotonic() < end:
            time.sleep(0.1)
    assert written(office) == exported(office) != before


def test_what_was_deleted_or_is_older_is_made_anew(office: Office) -> None:
    """A file, a folder, and what was written before the format was taken out for a while."""
    office.run()
    files = written(office)
    (office.place.output / f"{NAME}.own").unlink()
    shutil.rmtree(office.place.output / f"{NAME}.pack")
    office.run()
    assert written(office) == files
    path = office.place.output / f"{NAME}.own"
    path.write_bytes(b"old")
    os.utime(path, (1, 1))
    office.run()
    assert written(office) == files


def test_an_issue_that_is_gone_takes_them_along(office: Office) -> None:
    """By other settings every page is of a paper of its own, and one page is no issue."""
    office.run()
    assert written(office)
    config = office.settings.config
    ingest = replace(config.ingest, name_pattern="(?P<paper>x.*/p(?P<page>[0-9]))")
    office.settings = replace(office.settings, config=replace(config, ingest=ingest))
    assert office.run().read == []
    assert list((office.place.output / "issues").iterdir()) == []


def list_folders(folder: Path, choices: PackageChoices) -> Iterator[PackageFile]:
    """A list of the packages that lie in a folder, and where it will be found."""
    names = sorted(path.name for path in folder.glob("*.pack"))
    yield PackageFile("list.txt", ["\n".join([choices.publishing.base_url, *names]).encode()])


def test_packages_are_listed_beside_them(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the address of the settings; anew when an issue is gone."""
    add_exporters(monkeypatch, FILE, replace(FOLDER, list_packages=list_folders))
    config = replace(office.settings.config, iiif=IiifConfig("https://example.org/papers"))
    office.settings = replace(office.settings, config=config)
    office.run()
    path = office.place.output / "issues/list.txt"
    assert path.read_text() == "https://example.org/papers\nx-2020-01-01.pack"
    ingest = replace(config.ingest, name_pattern="(?P<paper>x.*/p(?P<page>[0-9]))")
    office.settings = replace(office.settings, config=replace(config, ingest=ingest))
    office.run()
    assert path.read_text() == "https://example.org/papers"


def test_lists_that_a_killed_run_left_behind_are_made_right(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the next run, though no issue has changed; a list that is right stays as it is."""
    ended = [True]

    def list_or_end(folder: Path, choices: PackageChoices) -> Iterator[PackageFile]:
        if ended:
            raise KeyboardInterrupt
        return list_folders(folder, choices)

    add_exporters(monkeypatch, FILE, replace(FOLDER, list_packages=list_or_end))
    with pytest.raises(KeyboardInterrupt):
        office.run()
    path = office.place.output / "issues/list.txt"
    assert (office.place.output / f"{NAME}.pack").is_dir()
    assert not path.exists()
    ended.clear()
    assert office.run().read == []
    assert path.read_text().endswith("x-2020-01-01.pack")
    stamp = path.stat().st_mtime_ns
    office.run()
    assert path.stat().st_mtime_ns == stamp


def test_a_format_that_fails_costs_nothing_else(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages are done, the issue is joined, the other is written; the next run tries again."""
    broken = [True]

    def fail(issue: IssueDocument) -> Iterator[bytes]:
        yield b"begun"
        if broken:
            raise LookupError("no word")

    add_exporters(monkeypatch, Exporter("fails", ".fails", "", "", render_issue=fail))
    set_formats(office, "txt", "fails", "own")
    done = office.run()
    assert done.read == []
    assert ["cannot be written as fails (LookupError: no word)" in m for m in done.messages] == [
        True
    ]
    assert ".own" in written(office)
    assert not (office.place.output / f"{NAME}.fails").exists()
    broken.clear()
    assert office.run().messages == []
    assert (office.place.output / f"{NAME}.fails").read_bytes() == b"begun"
    broken.append(True)
    with pytest.raises(FormatError, match="cannot be written as fails"):
        accept_one(office)
    assert len(office.run().messages) == 1
    broken.clear()
    assert office.run().messages == []
    assert (office.place.output / f"{NAME}.fails").stat().st_mtime > 1


def test_a_scan_that_is_away_leaves_the_package_to_a_later_run(office: Office) -> None:
    """As with PDF of pages: it is named, and made when the scan is back."""
    set_formats(office, "mets")
    scan = office.home / "scans" / PAGES[1]
    aside = scan.with_suffix(".aside")
    scan.rename(aside)
    done = office.run()
    assert any("p2" in message and "was moved" in message for message in done.messages)
    assert not (office.place.output / f"{NAME}.mets").exists()
    aside.rename(scan)
    assert office.run().messages == []
    assert (office.place.output / f"{NAME}.mets" / "mets.xml").is_file()


def test_formats_are_named_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In place of those of the settings; an unknown one is refused with the option."""
    monkeypatch.chdir(tmp_path)
    seen: list[Settings] = []

    def run(request: RunRequest, verbose: bool) -> RunOutcome:
        seen.append(request.settings)
        return RunOutcome(done=1)

    monkeypatch.setattr(cli, "_run", run)
    (tmp_path / "newspage.toml").write_text('[output]\nformats = ["md"]\n')
    done = CliRunner().invoke(cli.app, ["run", "scans", "--format", "txt", "--format", "epub"])
    assert done.exit_code == 0, done.output
    assert CliRunner().invoke(cli.app, ["run", "scans"]).exit_code == 0
    assert [s.config.output.formats for s in seen] == [("txt", "epub"), ("md",)]
    assert seen[0].origins["output", "formats"] == "--format"
