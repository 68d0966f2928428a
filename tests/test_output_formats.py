"""`[output] formats`: what is written for every page, made from records where it is missing."""

import os
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from newspage.config import Config, IngestConfig, OutputConfig
from newspage.errors import ConfigError
from newspage.formats import exporters
from newspage.formats.document import PageDocument
from newspage.formats.exporters import Exporter, find_exporter
from newspage.output.exports import export_pages, find_records
from newspage.output.page_files import choose_output_formats
from newspage.review.service.views import Answer, QuestionFilter
from newspage.settings import Settings, load_settings
from tests.asking import PAGES, Office, just_read


def set_formats(office: Office, *names: str) -> None:
    """From now on these are written."""
    config = replace(office.settings.config, output=OutputConfig(names))
    office.settings = replace(office.settings, config=config)


def accept_one(office: Office) -> None:
    """Say yes to the first question, and wait for the files to follow."""
    with closing(office.desk()) as desk:
        (question, *_) = desk.list_questions(QuestionFilter())[0]
        desk.record_answers([Answer(question.id, "accept", question.seen)], "ann")


def exported(office: Office, names: Sequence[str]) -> dict[str, bytes]:
    """What `newspage export` writes beside the records."""
    folder = office.place.output
    before = office.outputs()
    for _ in export_pages(list(find_records([folder])), names, folder, IngestConfig()):
        pass
    after = office.outputs()
    for name, data in before.items():
        (folder / name).write_bytes(data)
    suffixes = tuple(find_exporter(name).suffix for name in names)
    return {name: data for name, data in after.items() if name.endswith(suffixes)}


def add_exporters(monkeypatch: pytest.MonkeyPatch, *added: Exporter) -> None:
    """Another package declares some formats."""
    known = {**exporters.load_exporters(), **{one.name: one for one in added}}
    monkeypatch.setattr(exporters, "load_exporters", lambda: known)


def shout(document: PageDocument) -> bytes:
    """A format that fails on a page called p2."""
    if document.name.endswith("p2"):
        raise LookupError("no word\nfor that")
    return document.name.encode()


def test_added_formats_are_made_without_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same as an export makes; issues keep their files."""
    office = just_read(tmp_path, monkeypatch, *PAGES)
    before = office.outputs()
    set_formats(office, "txt", "md", "alto", "csv", "json")
    assert office.run().read == []
    after = office.outputs()
    new = after.keys() - before.keys()
    added = (".alto.xml", ".articles.csv")
    assert new == {f"x-2020-01-01/p{i}{suffix}" for i in range(1, 5) for suffix in added}
    assert {name: after[name] for name in before} == before
    assert {name: after[name] for name in new} == exported(office, ("alto", "csv"))
    assert b"2020-01-01" in after["x-2020-01-01/p2.articles.csv"]


def test_new_pages_and_decisions_are_written_in_all_formats(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, by the run and by the review page, and also where an issue joins articles."""
    office = Office(tmp_path, monkeypatch)
    office.scans(*PAGES)
    set_formats(office, "alto", "jsonl")
    office.run()
    first = office.outputs()
    assert {n for n in first if n.startswith("x-2020-01-01/p1")} == {
        f"x-2020-01-01/p1{s}" for s in (".json", ".alto.xml", ".articles.jsonl")
    }
    assert first.items() >= exported(office, ("alto", "jsonl")).items()
    accept_one(office)
    second = office.outputs()
    assert second["x-2020-01-01/p1.alto.xml"] != first["x-2020-01-01/p1.alto.xml"]
    assert second.items() >= exported(office, ("alto", "jsonl")).items()


def test_formats_that_are_taken_out_and_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their files stay as they are meanwhile; back in the settings they say what is decided."""
    office = just_read(tmp_path, monkeypatch, "a.png")
    old = office.outputs()
    hour_ago = time.time() - 3600
    for path in office.place.output.iterdir():
        os.utime(path, (hour_ago, hour_ago))
    set_formats(office)
    accept_one(office)
    assert office.run().read == []
    meanwhile = office.outputs()
    assert meanwhile["a.json"] != old["a.json"]
    assert meanwhile["a.txt"] == old["a.txt"]
    set_formats(office, "txt", "md")
    assert office.run().read == []
    assert office.outputs().items() >= exported(office, ("txt", "md")).items()
    assert office.outputs()["a.txt"] != old["a.txt"]


def test_a_record_that_is_gone_has_its_page_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else can be made without it."""
    office = just_read(tmp_path, monkeypatch, "a.png", "b.png")
    before = office.outputs()
    (office.place.output / "a.json").unlink()
    (office.place.output / "b.md").unlink()
    assert office.run().read == ["a"]
    assert office.outputs() == before


def test_unknown_formats_are_refused_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the line of the settings and the formats that there are."""
    file = tmp_path / "newspage.toml"
    file.write_text('[output]\nformats = ["txt", "docx"]\n')
    office = Office(tmp_path, monkeypatch)
    office.scans("a.png")
    office.settings = load_settings(file, {})
    with pytest.raises(ConfigError, match=r"newspage\.toml, line 2.*docx is no format.*txt, md,"):
        office.run()
    assert not office.place.output.exists()
    with pytest.raises(ConfigError, match="docx"):
        office.desk().close()


@pytest.mark.parametrize("said", ['"txt"', "[1]", '[["txt"]]', "{}"])
def test_formats_are_a_list_of_names(tmp_path: Path, said: str) -> None:
    """Anything else is refused when the settings are read."""
    file = tmp_path / "newspage.toml"
    file.write_text(f"[output]\nformats = {said}\n")
    with pytest.raises(ConfigError, match=r"output\.formats must be"):
        load_settings(file, {})


def test_formats_are_the_same_for_all_scans(tmp_path: Path) -> None:
    """Files of one output folder are alike."""
    file = tmp_path / "newspage.toml"
    file.write_text('[[override]]\nmatch = "a"\noutput = { formats = [] }\n')
    with pytest.raises(ConfigError, match="same for all scans"):
        load_settings(file, {})


def test_formats_are_told_apart() -> None:
    """Those of issues alone are written for issues, those of both for pages."""
    names = ("txt", "pdf", "tei", "mets", "json")
    formats = choose_output_formats(Settings(Config(output=OutputConfig(names))))
    assert formats.suffixes == (".txt", ".pdf", ".json")
    assert formats.issue_suffixes == (".json", ".txt", ".md", ".tei.xml", ".mets")


def test_a_format_is_of_something() -> None:
    """Of a page, of an issue as a file or a folder, and its scope says so."""
    page = Exporter("own", ".own", "", "", shout)
    issue = Exporter("own", ".own", "", "", render_issue=lambda issue: [b""])
    either = Exporter("own", ".own", "", "", shout, package_issue=lambda issue: [])
    assert [e.scope for e in (page, issue, either)] == ["page", "issue", "page, issue"]
    with pytest.raises(ValueError, match="turns nothing"):
        Exporter("own", ".own", "", "")
    with pytest.raises(ValueError, match="more than one thing"):
        replace(issue, package_issue=lambda issue: [])


@pytest.mark.parametrize("suffix", [".extra.json", ".JSON", ".big.txt"])
def test_files_of_two_pages_never_have_one_name(
    monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    """As `p1` + `.extra.json` and `p1.extra` + `.json` would."""
    add_exporters(monkeypatch, Exporter("own", suffix, "", "", shout))
    settings = Settings(Config(output=OutputConfig(("txt", "own"))))
    with pytest.raises(ConfigError, match="take the place"):
        choose_output_formats(settings)


def test_files_of_two_issues_never_have_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does a format take the place of the issue's own file."""
    add_exporters(monkeypatch, Exporter("own", ".md", "", "", render_issue=lambda issue: [b""]))
    with pytest.raises(ConfigError, match="take the place"):
        choose_output_formats(Settings(Config(output=OutputConfig(("own",)))))


@pytest.mark.parametrize("suffix", ["txt", ".a/b", "", ".", ".a\n", ".abcdefghijklmnopqrs"])
def test_suffixes_are_suffixes(suffix: str) -> None:
    """None leads elsewhere, and none makes a name too long to be written."""
    with pytest.raises(ValueError, match=r"suffix|longer"):
        Exporter("own", suffix, "", "", shout)


def test_a_format_that_fails_on_a_page_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither when pages are read nor when a format is added to finished ones."""
    add_exporters(monkeypatch, Exporter("own", ".own", "", "", shout))
    said = "x-2020-01-01/p2: cannot be written as own (LookupError: no word for that)."
    fresh = Office(tmp_path / "fresh", monkeypatch)
    fresh.scans(*PAGES)
    set_formats(fresh, "txt", "own")
    assert [m.startswith(said) for m in fresh.run().messages] == [True]
    assert fresh.outputs()["x-2020-01-01/p3.own"] == b"x-2020-01-01/p3"
    assert "x-2020-01-01/p2.txt" not in fresh.outputs()
    added = just_read(tmp_path / "added", monkeypatch, *PAGES)
    before = added.outputs()
    set_formats(added, "txt", "own")
    assert [m.startswith(said) for m in added.run().messages] == [True]
    assert added.outputs().keys() - before.keys() == {f"x-2020-01-01/p{i}.own" for i in (1, 3, 4)}
