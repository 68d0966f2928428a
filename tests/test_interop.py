"""Programs of others read our exports: what they find is what was written.

They run in an environment of their own. `make interop` installs them into `.venv-interop`; the
variable NEWSPAGE_INTEROP names another folder. kraken, which needs 6 GB, is in one beside it.
Without them the tests are skipped, or fail where a variable says that they are required.
"""

import datetime
import json
import os
import subprocess
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import pytest

from newspage.config import Config
from newspage.decision import Act
from newspage.decisions import list_questions, merge_decisions
from newspage.edits.clean_text import derive_page
from newspage.engine.factory import make_engine
from newspage.formats.characters import collect_printed_lines
from newspage.formats.document import PackageProfile, PageDocument
from newspage.formats.exporters import find_exporter, render_page
from newspage.formats.page_structure import group_regions
from newspage.geometry import Box, Transform, make_rotation, union_boxes
from newspage.ingest import load_page, open_pages
from newspage.model import (
    ArticleRecord,
    Char,
    Direction,
    Glyph,
    PageLayout,
    PageReading,
    PageRecord,
    Paragraph,
    Publication,
    Region,
    RegionKind,
    Scan,
    TextLine,
    join_chars,
)
from newspage.output.issue_exports import write_issue
from newspage.page.pipeline import read_page
from newspage.page.scan_coordinates import map_to_scan
from newspage.record import decode_record, encode_record
from tests.decided_pages import Ask, asking, decision, page_of
from tests.fakes import record_of
from tests.interchange import make_issue
from tests.test_formats_interchange import page_of_everything
from tests.test_mets import scanned

pytestmark = pytest.mark.interop

ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"
PAGE = "{http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15}"
FORMATS = ("txt", "alto", "page", "hocr")
EM, PITCH, COLUMNS = 24.0, 40.0, 16
PROGRAMS = ("ocrd", "page-to-alto", "dinglehopper", "alto-tools", "hocr-check", "python")
REQUIRED = "NEWSPAGE_TEST_INTEROP_REQUIRED"
"""If set, to go without the programs is a failure; of kraken another variable says so."""
KRAKEN_REQUIRED = "NEWSPAGE_TEST_KRAKEN_REQUIRED"
NEAR = 2.0
"""Pixels by which boxes may differ that two programs round."""


def decided_page() -> PageRecord:
    """Two articles in columns, a change that was applied, one that a person wrote."""
    record = page_of(
        [
            ("题目在此", [["一二三四五六七八", "九十甲乙丙丁戊己¶", "庚辛壬癸"], ["子丑寅卯辰巳"]]),
            ("另一题目", [["东南西北中发白", "玄黄宇宙洪荒¶"], ["日月盈昃", "辰宿列张"]]),
        ],
        Scan(Path("p.png"), "ab" * 32, 1200, 800),
    )
    record = asking(record, [Ask(0, 6, 7, "叁", True), Ask(1, 7, 8, "渡", False)])
    (asked,) = [q for q in list_questions(record.reading) if q.correction.proposed == "渡"]
    said = decision(Act.EDIT, asked.anchor, proposed="渡", text="杜鹃", rule="x")
    return merge_decisions(record, [said]).record


def skewed_page(degrees: float = 2.5) -> PageRecord:
    """A column of lines, their strips close together, on a page that lies askew."""
    lines = []
    for row in range(12):
        top = 100 + PITCH * row
        glyphs = tuple(
            Glyph(
                chr(0x4E00 + COLUMNS * row + i),
                Box(200 + EM * i, top, 200 + EM * (i + 1), top + PITCH),
                0.9,
            )
            for i in range(COLUMNS)
        )
        box = union_boxes(g.box for g in glyphs)
        lines.append(TextLine(f"l{row}", box, Direction.HORIZONTAL, (), EM, glyphs=glyphs))
    box = union_boxes(line.box for line in lines)
    region = Region("r1", RegionKind.BODY, box, tuple(lines), Direction.HORIZONTAL, "a1")
    chars = tuple(Char(g.text, line.id, i) for line in lines for i, g in enumerate(line.glyphs))
    article = ArticleRecord("a1", paragraphs=(Paragraph(chars),), regions=("r1",))
    straight = PageLayout(Scan(Path("p.png"), "cd" * 32, 800, 700), (region,), ("r1",))
    page = map_to_scan(straight, Transform((make_rotation(degrees, (400, 350)),)))
    return derive_page(PageReading(page, (article,)))


def sample_page(name: str) -> PageRecord:
    """A sample page, read by the real networks."""
    (scan,) = open_pages(Path(__file__).resolve().parents[1] / "scans" / name)
    record = read_page(load_page(scan), make_engine(Config().engine), Config())
    return decode_record(encode_record(record))


def only_articles(record: PageRecord) -> PageRecord:
    """The page without furniture and loose lines: what its plain text has."""
    regions = tuple(r for r in record.page.regions if r.article)
    names = {r.id for r in regions}
    order = tuple(name for name in record.page.reading_order if name in names)
    page = replace(record.page, regions=regions, reading_order=order, unplaced=())
    return replace(record, page=page, furniture=())


@dataclass(frozen=True)
class Exports:
    """A page and its files."""

    record: PageRecord
    folder: Path

    def path(self, name: str) -> Path:
        """The file of a format."""
        return self.folder / f"page{find_exporter(name).suffix}"

    def lines(self) -> list[tuple[str, str]]:
        """Identifiers and texts of the lines, in the order in which they are written."""
        printed = collect_printed_lines(self.record)
        ordered = [r for group in group_regions(self.record) for r in group.regions]
        found = [line for region in ordered for line in region.lines]
        every = [*found, *self.record.page.unplaced]
        return [(line.id, printed[line.id].text) for line in every]


def write_exports(record: PageRecord, folder: Path) -> Exports:
    """Write a page in all formats that the programs read."""
    made = Exports(record, folder)
    for name in FORMATS:
        made.path(name).write_bytes(render_page(PageDocument(record, "page"), name))
    return made


@pytest.fixture(scope="module", name="readers")
def _readers(repository: Path) -> Path:
    """The programs of the other environment."""
    folder = Path(os.environ.get("NEWSPAGE_INTEROP") or repository / ".venv-interop") / "bin"
    if not all((folder / name).exists() for name in PROGRAMS):
        _go_without("the readers of other programs are not installed: make interop", REQUIRED)
    return folder.absolute()


def _go_without(why: str, variable: str) -> NoReturn:
    """Skip the test, or fail it where a variable says that it must not be skipped."""
    if os.environ.get(variable):
        pytest.fail(why)
    pytest.skip(why)


PAGES: dict[str, Callable[[], PageRecord]] = {
    "everything": page_of_everything,
    "decided": decided_page,
    "skewed": skewed_page,
    "modern": lambda: sample_page("linzhu-2024-05-06/p5.jpg"),
    "vertical": lambda: sample_page("songling-1933-09-08/p2.jpg"),
}


@pytest.fixture(
    scope="module",
    name="made",
    params=[
        pytest.param(name, marks=[pytest.mark.engine] if name in ("modern", "vertical") else [])
        for name in PAGES
    ],
)
def _made(
    request: pytest.FixtureRequest, readers: Path, tmp_path_factory: pytest.TempPathFactory
) -> Exports:
    """Pages of several kinds, in all formats."""
    return write_exports(PAGES[request.param](), tmp_path_factory.mktemp("page"))


def run(*command: object, cwd: Path | None = None) -> str:
    """What a program prints to standard output; it ends well."""
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_ocrd_finds_page_xml_valid(made: Exports, readers: Path) -> None:
    """By its schema; lines in their regions, baselines in their lines, texts that agree."""
    rules = ("--check-baseline", "--check-coords", "--page-textequiv-consistency", "lax")
    run(readers / "ocrd", "validate", "page", made.path("page"), *rules, cwd=made.folder)


def test_ocrd_finds_the_package_of_an_issue_valid(readers: Path, tmp_path: Path) -> None:
    """Every file of its METS is there, is what it is said to be, and has a page."""
    scan = tmp_path / "scans" / "p 1.png"
    record = scanned(scan, page_of_everything())
    publication = Publication("洛阳日报", datetime.date(2020, 4, 30), "1")
    issue = make_issue({"x/p1": record}, publication, {"x/p1": scan}, {"x/p1": "1"})
    write_issue(issue, find_exporter("mets"), tmp_path / "package")
    report = run(readers / "ocrd", "workspace", "-d", tmp_path / "package", "validate")
    assert '<report valid="true">' in report


def alto_lines(root: ET.Element) -> list[tuple[str, str, Box]]:
    """Identifier, text and place of each line."""
    found = []
    for line in root.iter(f"{ALTO}TextLine"):
        text = " ".join(s.get("CONTENT", "") for s in line.iter(f"{ALTO}String"))
        left, top, width, height = (
            float(line.get(n, "")) for n in ("HPOS", "VPOS", "WIDTH", "HEIGHT")
        )
        found.append((line.get("ID", ""), text, Box(left, top, left + width, top + height)))
    return found


def test_page_to_alto_agrees_with_our_alto(made: Exports, readers: Path) -> None:
    """The same lines, in the same order, with the same text; and ours lie in those of PAGE."""
    converted = run(readers / "page-to-alto", "--no-check-words", made.path("page"))
    theirs = alto_lines(ET.fromstring(converted))
    ours = alto_lines(ET.parse(made.path("alto")).getroot())
    assert [line[:2] for line in theirs] == [line[:2] for line in ours if line[1]]
    boxes = {name: box for name, _, box in theirs}
    assert [n for n, text, box in ours if text and not boxes[n].contains(box, NEAR)] == []


def bare(text: str) -> str:
    """A text without white space and without the marks between articles."""
    return "".join(text.replace("* * *", "").split())


def measure_cer(readers: Path, folder: Path, truth: str, text: str) -> float:
    """What dinglehopper says that a text differs from the truth."""
    for name, content in (("truth.txt", truth), ("text.txt", text)):
        (folder / name).write_text(content, "utf-8")
    command = (readers / "dinglehopper", "--plain-encoding", "utf-8", "truth.txt", "text.txt")
    run(*command, "report", folder, cwd=folder)
    report = json.loads((folder / "report.json").read_text("utf-8"))
    return float(report["cer"])


@pytest.fixture(name="articles")
def _articles(made: Exports, tmp_path: Path) -> Exports:
    """The same page without what is in no article: plain text has no more."""
    return write_exports(only_articles(made.record), tmp_path)


def test_dinglehopper_finds_no_wrong_character(articles: Exports, readers: Path) -> None:
    """Between our text and our ALTO and PAGE, in the order in which it reads them.

    Breaks of lines and paragraphs are left out: lines of Chinese meet without a blank.
    """
    truth = bare(articles.path("txt").read_text("utf-8"))
    for name in ("alto", "page"):
        text = run(readers / "dinglehopper-extract", articles.path(name))
        assert measure_cer(readers, articles.folder, truth, bare(text)) == 0.0, name


def test_dinglehopper_reads_in_the_order_that_is_said(articles: Exports, readers: Path) -> None:
    """Not in that of the file: groups of articles inside the group of the page are understood."""
    ET.register_namespace("", PAGE[1:-1])
    tree = ET.parse(articles.path("page"))
    page = tree.getroot().find(f"{PAGE}Page")
    assert page is not None
    regions = page.findall(f"{PAGE}TextRegion")
    for region in regions:
        page.remove(region)
    page.extend(reversed(regions))
    turned = articles.folder / "turned.page.xml"
    tree.write(turned, "utf-8")
    before = run(readers / "dinglehopper-extract", articles.path("page"))
    assert run(readers / "dinglehopper-extract", turned) == before


def test_alto_tools_gives_our_text(made: Exports, readers: Path) -> None:
    """Line by line: one string a line has no blanks put into it."""
    printed = run(readers / "alto-tools", made.path("alto"), "-t")
    rows = [row.strip() for row in printed.splitlines() if row.strip()]
    assert rows == [text.strip() for _, text in made.lines() if text.strip()]


LIST_LINES = """
import json, sys
from pagexml.parser import parse_pagexml_file
scan = parse_pagexml_file(sys.argv[1])
print(json.dumps([[line.id, line.text or ""] for line in scan.get_lines()]))
"""


def test_pagexml_tools_gives_our_text(made: Exports, readers: Path) -> None:
    """All lines, each once. It reads no groups inside groups, so the order is not asked."""
    printed = run(readers / "python", "-c", LIST_LINES, made.path("page"))
    theirs = Counter((name, text) for name, text in json.loads(printed.splitlines()[-1]))
    root = ET.parse(made.path("page")).getroot()
    ours = Counter(
        (line.get("id", ""), line.findtext(f"{PAGE}TextEquiv/{PAGE}Unicode") or "")
        for line in root.iter(f"{PAGE}TextLine")
    )
    assert theirs == ours


def check_hocr(readers: Path, path: Path) -> list[str]:
    """What hocr-check objects to."""
    done = subprocess.run(
        [readers / "hocr-check", path], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return [row for row in done.stderr.splitlines() if row.startswith("not ok")]


def test_hocr_check_objects_to_nothing(made: Exports, readers: Path) -> None:
    """On a page that lies askew neither, where strips of lines overlap.

    The vertical page has a headline that was found three times, as two columns and as a row: such
    lines overlap, whatever writes them.
    """
    found = check_hocr(readers, made.path("hocr"))
    if len(doubled(made.record)) == 0:
        assert found == []
    else:
        assert all("mostly_nonoverlapping" in row for row in found)


def doubled(record: PageRecord) -> Sequence[tuple[str, str]]:
    """Lines of a page of which a half lies in another one: the same print, found twice."""
    lines = [*(line for r in record.page.regions for line in r.lines), *record.page.unplaced]
    return [
        (one.id, other.id)
        for one in lines
        for other in lines
        if one is not other and one.box.area and one.box.share_inside(other.box) > 0.5
    ]


LIST_IMPRESSO = """
import datetime, json, sys
from text_preparation.importers.lux.classes import LuxNewspaperIssue
from text_preparation.importers.lux.detect import LuxIssueDir
day = datetime.date(2020, 4, 30)
issue = LuxNewspaperIssue(LuxIssueDir("BNL", "luoyang", day, "a", sys.argv[1]))
for page in issue.pages:
    page.parse()
pages = sorted(issue.pages, key=lambda page: page.number)
print(json.dumps([issue.issue_data["i"], [page.page_data for page in pages]]))
"""


def test_impresso_reads_articles_lines_and_places(readers: Path, tmp_path: Path) -> None:
    """By the classes that its importer for METS and ALTO reads an issue and its pages with.

    The rest of that importer finds issues in an index of its owner's, and stores them on a server.
    """
    first = page_of_everything()
    goes_on = replace(first.articles[1], continues="3")
    first = replace(first, articles=(first.articles[0], goes_on))
    last = record_of(Scan(Path("b"), "", 400, 300), "乙丙。", continued_from="1")
    scans = {"x/p1": tmp_path / "p1.png", "x/p3": tmp_path / "p3.jpg"}
    records = {
        stem: scanned(scans[stem], record) for stem, record in (("x/p1", first), ("x/p3", last))
    }
    publication = Publication("洛阳日报", datetime.date(2020, 4, 30), "1")
    issue = make_issue(records, publication, scans, {"x/p1": "1", "x/p3": "3"})
    issue = replace(issue, profile=PackageProfile.IMPRESSO)
    package = tmp_path / "000_newspaper_luoyang_2020-04-30"
    write_issue(issue, find_exporter("mets"), package)
    printed = run(readers / "python", "-c", LIST_IMPRESSO, package)
    items, pages = json.loads(printed.splitlines()[-1])
    altos = [ET.parse(package / "alto" / f"0000{i}.alto.xml").getroot() for i in (1, 2)]
    found = [
        ("".join(t["tx"] for t in line["t"]), line["c"], region.get("pOf"))
        for page in pages
        for region in page["r"]
        for paragraph in region["p"]
        for line in paragraph["l"]
    ]
    lines = [line for alto in altos for line in alto_lines(alto)]
    assert [(text, place) for text, place, _ in found] == [
        (text, [int(n) for n in (box.left, box.top, box.width, box.height)])
        for _, text, box in lines
    ]
    assert [(page["fw"], page["fh"]) for page in pages] == [(400, 300)] * 2
    articles = [item for item in items if item["m"]["tp"] == "article"]
    assert [item["m"].get("t") for item in articles] == [None, "标题"]
    assert [item["m"]["pp"] for item in articles] == [[1], [1, 2]]
    texts = [
        "".join(text for text, _, article in found if article == item["m"]["id"])
        for item in articles
    ]
    whole = [issue.join_article(name) for name in issue.outline.articles]
    assert texts == [
        "".join([*map(join_chars, article.heads), *(p.text for p in article.paragraphs)])
        for article in whole
    ]


LIST_KRAKEN = """
import json, sys
from kraken.lib.xml import XMLPage
page = XMLPage(sys.argv[1], linetype=sys.argv[2])
print(json.dumps([[line.id, line.text or ""] for line in page.to_container().lines]))
"""


@pytest.mark.parametrize("kind", ["bbox", "baselines"])
@pytest.mark.parametrize("name", ["alto", "page"])
def test_kraken_reads_our_lines(made: Exports, readers: Path, name: str, kind: str) -> None:
    """What eScriptorium trains with: every line, in the order of reading."""
    python = readers.parent.with_name(f"{readers.parent.name}-kraken") / "bin" / "python"
    if not python.exists():
        _go_without("kraken is not installed: make interop KRAKEN=1", KRAKEN_REQUIRED)
    printed = run(python, "-c", LIST_KRAKEN, made.path(name), kind)
    texts = [text for _, text in json.loads(printed.splitlines()[-1]) if text]
    assert texts == [text for _, text in made.lines() if text]
