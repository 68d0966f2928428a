"""The sample pages as issues in TEI, METS and IIIF: read by the networks, valid, our text."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

import newspage
from newspage.config import Config
from newspage.formats.document import IssueDocument
from newspage.formats.tei import render_tei
from newspage.model import PageRecord, Publication
from tests import test_iiif
from tests.iiif_reading import hold_export, list_articles, read_json
from tests.interchange import ROOT, check_mets, check_tei, make_issue
from tests.test_mets import altos_of, hold_areas, hold_files, hold_references, pack
from tests.test_tei import hold

pytestmark = pytest.mark.engine

ISSUES = {
    "qingdu-2024-03-18": ("1", "3"),
    "songling-1933-09-08": ("2",),
    "yunbu-2024-04-12": ("4",),
    "linzhu-2024-05-06": ("5",),
}
"""Horizontal text with an article that goes on, vertical text, text of both directions."""


@lru_cache
def read(scan: Path) -> PageRecord:
    """A page, read once."""
    (page,) = newspage.Reader(Config()).read(scan)
    return page.record


@pytest.fixture(name="issue", params=sorted(ISSUES))
def _issue(request: pytest.FixtureRequest) -> IssueDocument:
    name = request.param
    numbers = {f"{name}/p{number}": number for number in ISSUES[name]}
    scans = {stem: ROOT / "scans" / f"{stem}.jpg" for stem in numbers}
    records = {stem: read(scan) for stem, scan in scans.items()}
    return make_issue(records, Publication(name), scans, numbers)


def test_a_sample_issue_as_tei(issue: IssueDocument) -> None:
    """An article over both pages of an issue of two is one."""
    data = b"".join(render_tei(issue))
    hold(ET.fromstring(data), issue)
    check_tei(data)
    parts = max(len(parts) for parts in issue.outline.articles.values())
    assert parts == len(issue.stems)


def test_a_sample_issue_as_mets(issue: IssueDocument, tmp_path: Path) -> None:
    """With scans and thumbnails."""
    root = pack(issue, tmp_path / "x.mets")
    hold_references(root)
    hold_files(root, tmp_path / "x.mets")
    hold_areas(root, altos_of(tmp_path / "x.mets"))
    check_mets((tmp_path / "x.mets" / "mets.xml").read_bytes())


def test_a_sample_issue_for_iiif(issue: IssueDocument, tmp_path: Path) -> None:
    """With an article over both pages of an issue of two; columns are read from the right."""
    folder = test_iiif.pack(replace(issue, place="x.iiif"), tmp_path)
    hold_export(tmp_path)
    test_iiif.hold_texts(issue, folder)
    manifest = read_json(folder / "manifest.json")
    pages = [len({p.partition("#")[0] for p in places}) for _, places in list_articles(manifest)]
    assert max(pages) == len(issue.stems)
    vertical = manifest.get("viewingDirection") == "right-to-left"
    assert vertical == ("songling" in manifest["label"]["none"][0])
