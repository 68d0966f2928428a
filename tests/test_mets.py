"""METS: valid, complete, every reference leads somewhere, articles whole over the pages."""

import datetime
import hashlib
import re
import urllib.parse
import xml.etree.ElementTree as ET
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from typer.testing import CliRunner

import newspage
from newspage import cli
from newspage.config import Config, PaperConfig
from newspage.formats import exporters
from newspage.formats.alto import render_alto
from newspage.formats.document import IssueDocument, PackageProfile, PageDocument
from newspage.formats.exporters import find_exporter, render_document
from newspage.formats.mets import make_thumbnail
from newspage.formats.mets_document import render_mets
from newspage.formats.mets_profiles import name_division, name_manifest
from newspage.formats.mets_summary import FileGroup, IssueSummary, PackedFile
from newspage.formats.plain_text import render_text
from newspage.formats.scan_access import UnavailableScanError, read_scan_pieces, read_scan_pixels
from newspage.model import (
    CorrectionStatus,
    PageRecord,
    ProcessingStep,
    Publication,
    Scan,
    join_chars,
)
from newspage.output.issue_exports import write_issue
from newspage.review.service.views import Answer, QuestionFilter
from tests.asking import PAGES, just_read
from tests.fakes import record_of
from tests.interchange import check_mets, clean, make_issue, require_schema
from tests.test_formats_interchange import ALTO, page_of_everything
from tests.test_record import records
from tests.test_tei import corrected

METS = "{http://www.loc.gov/METS/}"
MODS = "{http://www.loc.gov/mods/v3}"
PREMIS = "{http://www.loc.gov/premis/v3}"
MIX = "{http://www.loc.gov/mix/v20}"
HREF = "{http://www.w3.org/1999/xlink}href"
PUBLISHED = Publication("洛阳日报", datetime.date(2020, 4, 30), "1")
CATALOGUED = PaperConfig("sn83030214", edition=2)
NDNP_MANIFEST = "2020043002.xml"
REFERENCES = ("FILEID", "DMDID", "ADMID")
LINKS = tuple(f"{{http://www.w3.org/1999/xlink}}{end}" for end in ("from", "to"))


def scanned(path: Path, record: PageRecord, frame: int = 0, frames: int = 1) -> PageRecord:
    """The record as that of a scan, which is made where it is not there."""
    size = record.page.scan.width, record.page.scan.height
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        sheets = [Image.new("L", size, 200 + i) for i in range(frames)]
        if frames > 1:
            sheets[0].save(path, save_all=True, append_images=sheets[1:])
        else:
            sheets[0].save(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    scan = Scan(path, digest, *size, frame, frames)
    return replace(record, page=replace(record.page, scan=scan))


@pytest.fixture(name="issue")
def _issue(tmp_path: Path) -> IssueDocument:
    """Two pages: vertical text, furniture, a picture; an article that goes on from the first."""
    steps = (
        ProcessingStep("newspage", 0, {"version": "0.1.9", "engine": "toy"}),
        ProcessingStep("layout", 0),
    )
    one = replace(page_of_everything(), steps=steps)
    one = replace(one, articles=(one.articles[0], replace(one.articles[1], continues="3")))
    three = record_of(Scan(Path("b"), "", 400, 300), "乙丙。", continued_from="1")
    paths = {"x/p1": tmp_path / "scans" / "p 1.png", "x/p3": tmp_path / "scans" / "p3.PNG"}
    made = {
        stem: scanned(path, record)
        for (stem, path), record in zip(paths.items(), (one, three), strict=True)
    }
    return make_issue(made, PUBLISHED, paths, {"x/p1": "1", "x/p3": "3"})


def pack(issue: IssueDocument, path: Path, link_scans: bool = False) -> ET.Element:
    """The description of the package of an issue, which is written to a folder."""
    write_issue(replace(issue, link_scans=link_scans), find_exporter("mets"), path)
    return ET.fromstring((path / name_manifest(issue)).read_bytes())


def hold_references(root: ET.Element) -> None:
    """Identifiers are unique, and every reference names one of the right kind."""
    names = [e.attrib["ID"] for e in root.iter() if "ID" in e.attrib]
    assert len(names) == len(set(names))
    kinds = {e.attrib["ID"]: e.tag for e in root.iter() if "ID" in e.attrib}
    targets = {"FILEID": {"file"}, "DMDID": {"dmdSec"}, "ADMID": {"amdSec", "techMD"}}
    for element in root.iter():
        for key in REFERENCES:
            for name in element.get(key, "").split():
                assert kinds[name].removeprefix(METS) in targets[key]
        for key in LINKS:
            if key in element.attrib:
                assert kinds[element.attrib[key]] == f"{METS}div"
    agents = {a.findtext(f".//{PREMIS}agentIdentifierValue") for a in root.iter(f"{PREMIS}agent")}
    linked = {e.text for e in root.iter(f"{PREMIS}linkingAgentIdentifierValue")}
    assert linked <= agents


def hold_areas(root: ET.Element, altos: dict[str, bytes]) -> None:
    """Areas name blocks that are direct children of the print space: readers look no deeper."""
    blocks = {
        name: {
            e.get("ID") for space in ET.fromstring(data).iter(f"{ALTO}PrintSpace") for e in space
        }
        for name, data in altos.items()
    }
    areas = [a for a in root.iter(f"{METS}area") if a.get("BETYPE") == "IDREF"]
    for area in areas:
        assert area.get("BEGIN") in blocks[area.attrib["FILEID"]]


def hold_files(root: ET.Element, folder: Path) -> None:
    """Each file of the package is described, with its size and checksum, and no other is."""
    described = set()
    for file in root.iter(f"{METS}file"):
        (place,) = file.findall(f"{METS}FLocat")
        path = folder / place.attrib[HREF]
        data = path.read_bytes()
        assert file.get("SIZE") == str(len(data))
        assert (file.get("CHECKSUMTYPE"), file.get("CHECKSUM")) == (
            "SHA-256",
            hashlib.sha256(data).hexdigest(),
        )
        described.add(path.resolve())
    own = ("mets.xml", NDNP_MANIFEST)
    inside = {p.resolve() for p in folder.rglob("*") if p.is_file() and p.name not in own}
    assert inside == {p for p in described if folder.resolve() in p.parents}


def altos_of(folder: Path) -> dict[str, bytes]:
    """The ALTO files of a package by the identifiers that they have in it."""
    return {f"ALTO{p.name[:5]}": p.read_bytes() for p in sorted((folder / "alto").iterdir())}


def test_a_package_is_valid(issue: IssueDocument, tmp_path: Path) -> None:
    """By METS 1.12.1, which every test asks where it is at hand."""
    require_schema("mets-1.12.1.xsd")
    pack(issue, tmp_path / "x.mets")
    data = (tmp_path / "x.mets" / "mets.xml").read_bytes()
    check_mets(data)
    with pytest.raises(AssertionError, match="fileSecs"):
        check_mets(data.replace(b"fileSec", b"fileSecs"))


def test_a_package_is_complete(issue: IssueDocument, tmp_path: Path) -> None:
    """Scans, ALTO, text, thumbnails and PDF of all pages; the same bytes again."""
    folder = tmp_path / "x.mets"
    root = pack(issue, folder)
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    hold_references(root)
    hold_areas(root, altos_of(folder))
    hold_files(root, folder)
    names = sorted(p.relative_to(folder).as_posix() for p in before)
    assert names == [
        "alto/00001.alto.xml",
        "alto/00002.alto.xml",
        "mets.xml",
        "pdf/00001.pdf",
        "pdf/00002.pdf",
        "pdf/issue.pdf",
        "scans/00001.png",
        "scans/00002.png",
        "thumbnails/00001.jpg",
        "thumbnails/00002.jpg",
        "txt/00001.txt",
        "txt/00002.txt",
    ]
    groups = {g.get("USE"): [f.get("MIMETYPE") for f in g] for g in root.iter(f"{METS}fileGrp")}
    assert groups == {
        "DEFAULT": ["image/png"] * 2,
        "FULLTEXT": ["application/xml+alto"] * 2,
        "TEXT": ["text/plain"] * 2,
        "THUMBS": ["image/jpeg"] * 2,
        "DOWNLOAD": ["application/pdf"] * 3,
    }
    text = (folder / "txt" / "00002.txt").read_text("utf-8")
    assert text == render_text(issue.load_page("x/p3").record.articles)
    assert (
        b"<fileName>../scans/00001.png</fileName>" in (folder / "alto/00001.alto.xml").read_bytes()
    )
    pack(issue, folder)
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
    check_mets(before[folder / "mets.xml"])


def test_a_package_has_the_pdf_of_the_issue_and_of_its_pages(
    issue: IssueDocument, tmp_path: Path
) -> None:
    """The issue points to the one, each page to its own; they are those of the format pdf."""
    folder = tmp_path / "x.mets"
    root = pack(issue, folder)
    (whole,) = [d for d in root.iter(f"{METS}div") if d.get("TYPE") == "physSequence"]
    names = {f.attrib["ID"]: f[0].attrib[HREF] for f in root.iter(f"{METS}file")}
    found = [
        [names[p.get("FILEID", "")] for p in division.findall(f"{METS}fptr")]
        for division in (whole, *whole.findall(f"{METS}div"))
    ]
    assert [[n for n in one if n.endswith(".pdf")] for one in found] == [
        ["pdf/issue.pdf"],
        ["pdf/00001.pdf"],
        ["pdf/00002.pdf"],
    ]
    exporter = find_exporter("pdf")
    write_issue(issue, exporter, tmp_path / "x.pdf")
    assert (folder / "pdf" / "issue.pdf").read_bytes() == (tmp_path / "x.pdf").read_bytes()
    for number, page in enumerate(issue.load_pages(), 1):
        alone = (folder / "pdf" / f"{number:05d}.pdf").read_bytes()
        assert alone == render_document(page, exporter)


def test_without_the_extra_a_package_has_no_pdf_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the terminal; the package is whole otherwise."""
    monkeypatch.setattr(exporters, "find_installed_version", lambda name: None)
    just_read(tmp_path, monkeypatch, *PAGES)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli.app, ["export", "mets", "output"])
    assert done.exit_code == 0, done.output
    said = "packages of mets are without PDF, which needs: pip install 'newspage[pdf]'"
    assert done.stderr.count(said) == 1
    (folder,) = (tmp_path / "export").rglob("*.mets")
    root = ET.fromstring((folder / "mets.xml").read_bytes())
    hold_files(root, folder)
    assert "DOWNLOAD" not in [g.get("USE") for g in root.iter(f"{METS}fileGrp")]
    linked = CliRunner().invoke(cli.app, ["export", "mets", "output", "--link-scans"])
    assert said not in linked.stderr


def test_linked_scans_stay_where_they_are(issue: IssueDocument, tmp_path: Path) -> None:
    """Package and ALTO lead to them by relative paths."""
    folder = tmp_path / "out" / "x.mets"
    root = pack(issue, folder, link_scans=True)
    hold_files(root, folder)
    assert not (folder / "scans").exists()
    assert not (folder / "pdf").exists()
    places = [f.attrib[HREF] for f in root.iter(f"{METS}FLocat")]
    assert places[:2] == ["../../scans/p 1.png", "../../scans/p3.PNG"]
    for data in altos_of(folder).values():
        path = ET.fromstring(data).findtext(f".//{ALTO}fileName") or ""
        assert (folder / "alto" / path).is_file()
    check_mets((folder / "mets.xml").read_bytes())


@pytest.mark.parametrize("name", ["100%.png", "a[1].png", "甲 乙#2?.png", "a:b.png"])
def test_linked_scans_may_have_any_name(name: str, tmp_path: Path) -> None:
    """It stands as a path where METS allows that, else as an address."""
    path = tmp_path / name
    made = {"p": scanned(path, record_of(Scan(Path("x"), "", 40, 30), "文"))}
    root = pack(make_issue(made, None, {"p": path}), tmp_path / "x.mets", link_scans=True)
    place = next(root.iter(f"{METS}FLocat"))
    found = place.attrib[HREF]
    if place.get("LOCTYPE") == "URL":
        found = urllib.parse.unquote(found)
    assert found == f"../{name}"
    check_mets((tmp_path / "x.mets" / "mets.xml").read_bytes())


def test_an_article_over_pages_is_one_division(issue: IssueDocument, tmp_path: Path) -> None:
    """Its areas are in the files of both pages, in order, and have its text."""
    folder = tmp_path / "x.mets"
    root = pack(issue, folder)
    lines = {
        (name, block.get("ID")): "".join(s.get("CONTENT", "") for s in block.iter(f"{ALTO}String"))
        for name, data in altos_of(folder).items()
        for block in ET.fromstring(data).iter(f"{ALTO}TextBlock")
    }
    (logical,) = [m for m in root.iter(f"{METS}structMap") if m.get("TYPE") == "LOGICAL"]
    found = []
    for division in logical.iter(f"{METS}div"):
        if division.get("TYPE") == "article":
            (text,) = [d for d in division if d.get("TYPE") == "text"]
            areas = [(a.attrib["FILEID"], a.get("BEGIN")) for a in text.iter(f"{METS}area")]
            found.append((division.get("LABEL"), areas, "".join(lines[a] for a in areas)))
    expected = [issue.join_article(name) for name in issue.outline.articles]
    assert [text for _, _, text in found] == [
        "".join(p.text for p in a.paragraphs) for a in expected
    ]
    assert found[1][0] == "标题"
    assert found[1][1] == [("ALTO00001", "region_1-r2"), ("ALTO00002", "region_r2")]
    links = {(e.attrib[LINKS[0]], e.attrib[LINKS[1]]) for e in root.iter(f"{METS}smLink")}
    assert {to for start, to in links if start == "LOG_ARTICLE_a2"} == {"PHYS_00001", "PHYS_00002"}


def test_all_that_is_on_a_page_is_in_the_logical_structure(
    issue: IssueDocument, tmp_path: Path
) -> None:
    """Articles, furniture and pictures, in reading order; pages with their numbers."""
    root = pack(issue, tmp_path / "x.mets")
    physical, logical = root.iter(f"{METS}structMap")
    (whole,) = logical
    kinds = [(d.get("ORDER"), d.get("TYPE")) for d in whole]
    assert kinds == [("1", "article"), ("2", "folio"), ("3", "article"), ("4", "illustration")]
    assert [d.get("TYPE") for d in whole[3]] == ["image"]
    pages = [d for d in physical.iter(f"{METS}div") if d.get("TYPE") == "page"]
    assert [(d.get("ORDER"), d.get("ORDERLABEL"), len(d)) for d in pages] == [
        ("1", "1", 5),
        ("2", "3", 5),
    ]


def test_metadata_say_what_it_is_and_how_it_was_made(issue: IssueDocument, tmp_path: Path) -> None:
    """Paper and day; headline and author of articles; scan, program, steps and settings."""
    root = pack(issue, tmp_path / "x.mets")
    issue_mods, *articles = root.iter(f"{MODS}mods")
    assert issue_mods.findtext(f"{MODS}titleInfo/{MODS}title") == "洛阳日报"
    assert issue_mods.findtext(f"{MODS}originInfo/{MODS}dateIssued") == "2020-04-30"
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", issue_mods.findtext(f"{MODS}identifier") or "")
    assert [m.findtext(f"{MODS}titleInfo/{MODS}title") for m in articles] == [None, "标题"]
    sizes = [
        (m.findtext(f".//{MIX}imageWidth"), m.findtext(f".//{MIX}fileSize"))
        for m in root.iter(f"{MIX}mix")
    ]
    assert sizes == [("400", str(p.stat().st_size)) for p in sorted((tmp_path / "scans").iterdir())]
    agents = [a.findtext(f"{PREMIS}agentName") for a in root.iter(f"{PREMIS}agent")]
    assert agents == [f"newspage {newspage.__version__}", "newspage 0.1.9"]
    events = [
        (e.findtext(f"{PREMIS}eventType"), e.findtext(f".//{PREMIS}eventDetail"))
        for e in root.iter(f"{PREMIS}event")
    ]
    assert events == [("newspage", "engine: toy; version: 0.1.9"), ("layout", None), ("fake", None)]
    names = [f.get("OWNERID") for f in root.iter(f"{METS}file")]
    assert names[:3] == ["p 1.png", "p3.PNG", None]


def test_the_profile_of_ndnp_has_what_its_loaders_read(
    issue: IssueDocument, tmp_path: Path
) -> None:
    """By the paths that they look along: paper, date, edition, pages in order, roles of files."""
    folder = tmp_path / "2020043002"
    root = pack(replace(issue, profile=PackageProfile.NDNP, paper=CATALOGUED), folder)
    hold_references(root)
    hold_files(root, folder)
    hold_areas(root, {f"ALTO0000{i}": (folder / f"000{i}.xml").read_bytes() for i in (1, 2)})
    check_mets((folder / NDNP_MANIFEST).read_bytes())
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*")) == sorted(
        [NDNP_MANIFEST, *(f"000{i}.{kind}" for i in (1, 2) for kind in ("pdf", "png", "xml"))]
    )
    assert b"<fileName>0002.png</fileName>" in (folder / "0002.xml").read_bytes()
    records = {d.get("ID"): d.find(f".//{MODS}mods") for d in root.iter(f"{METS}dmdSec")}
    (whole,) = [d for d in root.iter(f"{METS}div") if d.get("TYPE") == "np:issue"]
    mods = records[whole.get("DMDID")]
    assert mods is not None
    assert mods.findtext(f".//{MODS}dateIssued") == "2020-04-30"
    edition = mods.findtext(f".//{MODS}detail[@type='edition']/{MODS}number") or ""
    assert int(edition) == 2
    assert mods.findtext(f".//{MODS}identifier[@type='lccn']") == "sn83030214"
    uses = {f.get("ID"): f.get("USE") for f in root.iter(f"{METS}file")}
    found = []
    for page in whole.findall(f"{METS}div[@TYPE='np:page']"):
        mods = records[page.get("DMDID")]
        assert mods is not None
        found.append(
            (
                int(mods.findtext(f".//{MODS}extent/{MODS}start") or ""),
                mods.findtext(f".//{MODS}detail[@type='page number']/{MODS}number"),
                [uses[pointer.get("FILEID")] for pointer in page.findall(f"{METS}fptr")],
            )
        )
    assert found == [
        (1, "1", ["master", "ocr", "derivative"]),
        (2, "3", ["master", "ocr", "derivative"]),
    ]


@pytest.mark.parametrize(("reel", "form"), [("", "print"), ("00175041394", "microfilm")])
def test_ndnp_reads_of_each_page_what_was_scanned(
    issue: IssueDocument, tmp_path: Path, reel: str, form: str
) -> None:
    """The reel by its number, or print, which has none."""
    paper = replace(CATALOGUED, reel=reel)
    root = pack(replace(issue, profile=PackageProfile.NDNP, paper=paper), tmp_path / "x")
    originals = [r for r in root.iter(f"{MODS}relatedItem") if r.get("type") == "original"]
    assert len(originals) == 2
    for original in originals:
        (said,) = original.iter(f"{MODS}form")
        assert said.get("type") == form
        assert original.findtext(f"{MODS}identifier[@type='reel number']", "") == reel


def test_other_profiles_name_the_paper_too(issue: IssueDocument, tmp_path: Path) -> None:
    """By its LCCN, where the settings have one."""
    known = pack(replace(issue, paper=CATALOGUED), tmp_path / "known")
    unknown = pack(issue, tmp_path / "unknown")
    lccns = [r.findtext(f".//{MODS}identifier[@type='lccn']") for r in (known, unknown)]
    assert lccns == ["sn83030214", None]


def test_ndnp_finds_the_size_of_a_jpeg_2000_file(tmp_path: Path) -> None:
    """By the path that its loaders look along; without it they leave the page out."""
    path = tmp_path / "p.jp2"
    made = {"p": scanned(path, record_of(Scan(Path("x"), "", 64, 48), "文"))}
    issue = make_issue(made, PUBLISHED, {"p": path}, {"p": "1"})
    root = pack(replace(issue, profile=PackageProfile.NDNP, paper=CATALOGUED), tmp_path / "x")
    hold_references(root)
    check_mets((tmp_path / "x" / NDNP_MANIFEST).read_bytes())
    (file,) = [f for f in root.iter(f"{METS}file") if f.get("USE") == "service"]
    mix = "{http://www.loc.gov/mix/}"
    metrics = f"{mix}mix/{mix}ImagingPerformanceAssessment/{mix}SpatialMetrics"
    sizes = [
        [t.findtext(f"{METS}mdWrap/{METS}xmlData/{metrics}/{mix}{name}") for t in techs]
        for name in ("ImageWidth", "ImageLength")
        for techs in [
            [t for t in root.iter(f"{METS}techMD") if t.get("ID") in file.get("ADMID", "").split()]
        ]
    ]
    assert sizes == [["64"], ["48"]]


def test_the_profile_of_impresso_has_the_names_of_its_importer(
    issue: IssueDocument, tmp_path: Path
) -> None:
    """Scans in `images` and, as TIFF, in `tif`; advertisements in capitals; the rest is as ever."""
    plain = pack(issue, tmp_path / "plain.mets")
    root = pack(replace(issue, profile=PackageProfile.IMPRESSO), tmp_path / "x.mets")
    hold_references(root)
    hold_files(root, tmp_path / "x.mets")
    check_mets((tmp_path / "x.mets" / "mets.xml").read_bytes())
    groups = [g.get("USE") for g in root.iter(f"{METS}fileGrp")]
    assert groups == ["images", "FULLTEXT", "TEXT", "THUMBS", "DOWNLOAD"]
    assert sorted(p.name for p in (tmp_path / "x.mets" / "tif").iterdir()) == [
        "00001.tif",
        "00002.tif",
    ]
    for number, page in enumerate(issue.load_pages(), 1):
        with Image.open(tmp_path / "x.mets" / "tif" / f"{number:05d}.tif") as picture:
            assert np.array_equal(np.asarray(picture), read_scan_pixels(page))
    kinds = [[d.get("TYPE") for d in r.iter(f"{METS}div")] for r in (plain, root)]
    assert kinds[0] == kinds[1]
    assert name_division("advertisement", PackageProfile.IMPRESSO) == "ADVERTISEMENT"
    assert name_division("advertisement", PackageProfile.PLAIN) == "advertisement"


def test_the_profile_is_an_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the command; another one is refused."""
    just_read(tmp_path, monkeypatch, "a.png")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli.app, ["export", "mets", "output", "--profile", "impresso"])
    assert done.exit_code == 0, done.output
    assert b'USE="images"' in (tmp_path / "export" / "a.mets" / "mets.xml").read_bytes()
    done = CliRunner().invoke(cli.app, ["export", "mets", "output", "--profile", "other"])
    assert done.exit_code == 2


def test_people_who_decided_are_named(tmp_path: Path) -> None:
    """On each page of which they decided something that is in the text."""
    made = corrected(
        (CorrectionStatus.EDITED, "hand", "申", "李 四"),
        (CorrectionStatus.APPLIED, "phrase", "已", ""),
        (CorrectionStatus.REJECTED, "phrase", "丙", "ann"),
    )
    path = tmp_path / "p.png"
    issue = make_issue({"p": scanned(path, made)}, None, {"p": path})
    root = pack(issue, tmp_path / "x.mets")
    hold_references(root)
    people = [
        a.findtext(f"{PREMIS}agentName")
        for a in root.iter(f"{PREMIS}agent")
        if a.findtext(f"{PREMIS}agentType") == "person"
    ]
    assert people == ["李 四"]
    events = [e.findtext(f"{PREMIS}eventType") for e in root.iter(f"{PREMIS}event")]
    assert events[-1] == "correction review"
    check_mets((tmp_path / "x.mets" / "mets.xml").read_bytes())


def test_pages_of_one_file_share_it(tmp_path: Path) -> None:
    """It is copied once; each page says which of its pages it is."""
    path = tmp_path / "both.tif"
    made = {
        f"both-p{i + 1}": scanned(path, record_of(Scan(Path("x"), "", 40, 30), f"文{i}"), i, 2)
        for i in range(2)
    }
    issue = make_issue(made, None, dict.fromkeys(made, path))
    root = pack(issue, tmp_path / "x.mets")
    hold_files(root, tmp_path / "x.mets")
    hold_references(root)
    places = [a.get("BEGIN") for a in root.iter(f"{METS}area") if a.get("FILEID") == "IMG00001"]
    assert places == ["page=1", "page=2"]
    assert [p.name for p in (tmp_path / "x.mets" / "scans").iterdir()] == ["00001.tif"]
    check_mets((tmp_path / "x.mets" / "mets.xml").read_bytes())


def test_impresso_gets_a_picture_a_page(tmp_path: Path) -> None:
    """Pages of one file are parted; TIFF of one page is carried over byte for byte."""
    path, alone = tmp_path / "both.tif", tmp_path / "alone.tiff"
    made = {
        f"both-p{i + 1}": scanned(path, record_of(Scan(Path("x"), "", 40, 30), f"文{i}"), i, 2)
        for i in range(2)
    }
    made["p3"] = scanned(alone, record_of(Scan(Path("x"), "", 40, 30), "文"))
    issue = make_issue(made, None, {**dict.fromkeys(made, path), "p3": alone})
    folder = tmp_path / "x.mets"
    root = pack(replace(issue, profile=PackageProfile.IMPRESSO), folder)
    hold_files(root, folder)
    hold_references(root)
    names = ["00001.tif", "00002.tif", "00003.tiff"]
    assert sorted(p.name for p in (folder / "tif").iterdir()) == names
    assert (folder / "tif" / "00003.tiff").read_bytes() == alone.read_bytes()
    shades = []
    for name in names[:2]:
        with Image.open(folder / "tif" / name) as picture:
            assert getattr(picture, "n_frames", 1) == 1
            shades.append(picture.getpixel((0, 0)))
    assert shades == [200, 201]
    assert b'PHYSICAL_IMG_NR="1"' in (folder / "alto" / "00002.alto.xml").read_bytes()


@pytest.mark.parametrize("link_scans", [True, False])
def test_a_scan_that_is_not_that_one_is_refused(
    issue: IssueDocument, tmp_path: Path, link_scans: bool
) -> None:
    """One that was moved or changed is named; nothing is written, and what was there stays."""
    folder = tmp_path / "x.mets"
    pack(issue, folder)
    before = (folder / "mets.xml").read_bytes()
    path = tmp_path / "scans" / "p3.PNG"
    Image.new("L", (400, 300), 7).save(path)
    with pytest.raises(UnavailableScanError, match=r"x/p3: its scan .*p3\.PNG was changed since"):
        pack(issue, folder, link_scans)
    path.unlink()
    with pytest.raises(UnavailableScanError, match=r"x/p3: its scan .*p3\.PNG, .*was moved"):
        pack(issue, folder, link_scans)
    assert (folder / "mets.xml").read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def test_a_scan_that_changes_while_it_is_copied_is_refused(tmp_path: Path) -> None:
    """It was the right one when the copy began."""
    path = tmp_path / "a.tif"
    path.write_bytes(bytes(3 << 20))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    record = record_of(Scan(Path("a.tif"), digest, 40, 30), "文")
    document = PageDocument(record, "a", scan_file=path)
    assert b"".join(read_scan_pieces(document)) == bytes(3 << 20)
    pieces = read_scan_pieces(document)
    next(pieces)
    with path.open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"x")
    with pytest.raises(UnavailableScanError, match=r"a\.tif was changed"):
        list(pieces)


def test_thumbnails_are_small_and_like_the_page() -> None:
    """Their longer side is 320 pixels; a small page is not blown up."""
    page = np.full((3000, 2000), 240, np.uint8)
    page[:1500] = 30
    small = cv2.imdecode(np.frombuffer(make_thumbnail(page), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert small is not None
    assert small.shape == (320, 213)
    assert abs(int(small[40, 100]) - 30) < 3
    assert abs(int(small[280, 100]) - 240) < 3
    tiny = cv2.imdecode(np.frombuffer(make_thumbnail(page[:1, :9]), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert tiny is not None
    assert tiny.shape == (1, 9)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(records(), min_size=1, max_size=3))
def test_any_issue_is_described(made: list[PageRecord]) -> None:
    """Whatever records hold, if no two articles of a page have one id."""
    unique = {}
    for i, record in enumerate(made):
        articles = {article.id: article for article in record.articles}
        unique[f"x/p{i}"] = replace(record, articles=tuple(articles.values()))
    issue = make_issue(unique)
    summary = IssueSummary(issue)
    altos = {}
    for number, page in enumerate(issue.load_pages(), 1):
        files = tuple(PackedFile(group, number, f"{group}/{number}", "") for group in FileGroup)
        summary.add_page(page, files)
        altos[f"ALTO{number:05d}"] = render_alto(page)
    data = b"".join(render_mets(summary))
    root = ET.fromstring(data)
    hold_references(root)
    hold_areas(root, altos)
    labels = {d.attrib["ID"]: d.get("LABEL") for d in root.iter(f"{METS}div")}
    for name in issue.outline.articles:
        title = clean(join_chars(issue.join_article(name).title))
        if title:
            assert labels[f"LOG_ARTICLE_{name}"] == title.replace("\n", " ")
    check_mets(data)


def test_decisions_are_in_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a run and the review page write them, in the ALTO files and the metadata."""
    office = just_read(tmp_path, monkeypatch, *PAGES)
    with closing(office.desk()) as desk:
        (question, *_) = desk.list_questions(QuestionFilter())[0]
        desk.record_answers([Answer(question.id, "accept", question.seen)], "ann")
    office.run()
    issue = newspage.load_issue(office.place.output / "issues" / "x-2020-01-01.json", Config())
    newspage.export(issue, "mets", tmp_path / "x.mets")
    root = ET.fromstring((tmp_path / "x.mets" / "mets.xml").read_bytes())
    hold_references(root)
    hold_files(root, tmp_path / "x.mets")
    hold_areas(root, altos_of(tmp_path / "x.mets"))
    assert "ann" in [a.findtext(f"{PREMIS}agentName") for a in root.iter(f"{PREMIS}agent")]
    check_mets((tmp_path / "x.mets" / "mets.xml").read_bytes())
