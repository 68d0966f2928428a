"""Batches for NDNP: names of folders, `batch.xml`, and what has to be known for them."""

import datetime
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from newspage import cli
from newspage.config import NdnpConfig, PaperConfig
from newspage.formats.document import PackageChoices, PackageProfile
from newspage.formats.ndnp_batch import list_ndnp_batch
from tests.asking import Office, just_read

NDNP = "{http://www.loc.gov/ndnp}"
SCANS = (
    "x-2020-01-01/p1.png",
    "x-2020-01-01/p2.png",
    "y-2020-01-02/p1.png",
    "y-2020-01-02/p2.png",
)
SETTINGS = """
[ndnp]
awardee = "xx"
batch = "maple"
award_year = 2026

[[override]]
match = "x-*"
paper = { lccn = "sn83030214", reel = "00175041394" }

[[override]]
match = "y-*"
paper = { lccn = "2020123456" }
"""


@pytest.fixture(name="office")
def _office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office that has read an issue of each of two papers."""
    office = just_read(tmp_path, monkeypatch, *SCANS)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "newspage.toml").write_text(SETTINGS, "utf-8")
    return office


def export(*what: str) -> str:
    """What the command says; what it leaves out, it says."""
    done = CliRunner().invoke(cli.app, ["export", "mets", *what, "--profile", "ndnp"])
    return f"{done.exit_code}: {done.output}"


def listed(folder: Path) -> list[tuple[str, ...]]:
    """The issues in the list of a batch, each of which is there."""
    batch = ET.fromstring((folder / "batch.xml").read_bytes())
    assert batch.tag == f"{NDNP}batch"
    assert batch.attrib == {"name": "batch_xx_maple_ver01", "awardee": "xx", "awardYear": "2026"}
    found = []
    for issue in batch:
        assert issue.tag == f"{NDNP}issue"
        assert (folder / (issue.text or "")).is_file()
        names = ("lccn", "issueDate", "editionOrder")
        found.append((*(issue.attrib[name] for name in names), issue.text or ""))
    return found


def test_a_batch_is_laid_out_by_the_guidelines(office: Office) -> None:
    """Paper, reel or print, day with edition; `batch.xml` lists what is there, whenever made."""
    folder = office.home / "export"
    assert export("output/issues/y-2020-01-02.json").startswith("0:")
    second = ("2020123456", "2020-01-02", "01", "./2020123456/print/2020010201/2020010201.xml")
    assert listed(folder) == [second]
    assert export("output").startswith("0:")
    first = "./sn83030214/00175041394/2020010101/2020010101.xml"
    assert listed(folder) == [second, ("sn83030214", "2020-01-01", "01", first)]
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert export("output").startswith("0:")
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before


def test_editions_of_a_day_are_not_written_over_each_other(office: Office) -> None:
    """The first of two stays, and the second is named; another edition has a folder of its own."""
    shutil.copytree(office.place.output, office.home / "evening")
    name = "issues/x-2020-01-01.json"
    said = " ".join(export(f"output/{name}", f"evening/{name}").split())
    assert said.startswith("1:")
    assert f"evening/{name}: it would take the place of output/{name}" in said
    assert len(listed(office.home / "export")) == 1
    edited = SETTINGS.replace("reel =", "edition = 2, reel =")
    (office.home / "newspage.toml").write_text(edited, "utf-8")
    assert export(f"evening/{name}").startswith("0:")
    assert [edition for _, _, edition, _ in listed(office.home / "export")] == ["01", "02"]


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ('batch = "maple"\n', "NDNP asks for the name of the batch"),
        ('lccn = "sn83030214", ', "x-2020-01-01: the LCCN of the paper is not known"),
    ],
)
def test_what_has_to_be_known_is_asked_for(office: Office, gone: str, said: str) -> None:
    """By name; nothing is written for that issue."""
    (office.home / "newspage.toml").write_text(SETTINGS.replace(gone, ""), "utf-8")
    answer = export("output/issues/x-2020-01-01.json")
    assert not answer.startswith("0:")
    assert said in " ".join(answer.split())
    assert not list((office.home / "export").rglob("*.xml"))


def test_an_issue_without_a_day_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A single page called anything, say."""
    just_read(tmp_path, monkeypatch, "a.png")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "newspage.toml").write_text(SETTINGS.replace("x-*", "*"), "utf-8")
    assert "a: the day of the issue is not known" in " ".join(export("output").split())


@pytest.mark.parametrize("lccn", ["sn 83030214", "sn-83030214", "SN83030214", "sn8303021", "x"])
def test_what_is_no_lccn_is_refused(lccn: str) -> None:
    """In the normal form there are no blanks, hyphens and capitals."""
    with pytest.raises(ValueError, match="lccn"):
        PaperConfig(lccn)


@given(
    st.dates(datetime.date(1000, 1, 1)), st.integers(1, 99), st.sampled_from(["", "mets", "2020"])
)
def test_other_folders_are_in_no_batch(
    tmp_path_factory: pytest.TempPathFactory, day: datetime.date, edition: int, other: str
) -> None:
    """A file counts that is called like its folder, by a day."""
    folder = tmp_path_factory.mktemp("batch")
    name = f"{day:%Y%m%d}{edition:02d}"
    for inside, file in ((name, name), (name + other, "0001"), (f"{day:%Y}9999", f"{day:%Y}9999")):
        (folder / "sn83030214" / "print" / inside).mkdir(parents=True, exist_ok=True)
        (folder / "sn83030214" / "print" / inside / f"{file}.xml").touch()
    choices = PackageChoices(profile=PackageProfile.NDNP, delivery=NdnpConfig("xx", "maple"))
    (file_,) = list_ndnp_batch(folder, choices)
    (issue,) = ET.fromstring(b"".join(file_.pieces))
    assert issue.attrib == {
        "lccn": "sn83030214",
        "issueDate": day.isoformat(),
        "editionOrder": f"{edition:02d}",
    }
