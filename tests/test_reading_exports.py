"""An issue for readers: HTML and EPUB with text, pages, pictures and contents in their places."""

import base64
import io
import re
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newspage.formats.document import IssueDocument
from newspage.formats.epub import render_epub
from newspage.formats.illustrations import list_illustrations
from newspage.formats.issue_html import render_html
from newspage.geometry import Box
from newspage.model import (
    ArticleRecord,
    Direction,
    Furniture,
    PageRecord,
    Publication,
    Region,
    RegionKind,
    Scan,
    join_chars,
)
from tests.browsing import MARKS, launched, opened
from tests.decided_pages import read_otherwise
from tests.fakes import chars_of, line_of, record_of
from tests.interchange import clean, make_issue
from tests.test_formats_interchange import page_of_everything, vertical_line
from tests.test_mets import PUBLISHED, scanned
from tests.test_record import records

XHTML = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
VOID = ("meta", "link", "img")
EPUBCHECK = Path("/usr/share/java/epubcheck.jar")
"""Where Debian has it."""


def with_picture(record: PageRecord) -> PageRecord:
    """A page with a picture below its text, and a caption that touches it."""
    caption = line_of("图为大坝", "l8", 70.0)
    region = Region("r8", RegionKind.CAPTION, caption.box, (caption,), caption.direction)
    page = replace(
        record.page,
        regions=(*record.page.regions, region),
        reading_order=(*record.page.reading_order, "r8"),
        pictures=(Box(caption.box.left, 80, 110, 140),),
    )
    item = Furniture(RegionKind.CAPTION, "r8", chars_of(caption))
    return read_otherwise(record, page=page, furniture=(item,))


@pytest.fixture(name="issue")
def _issue(tmp_path: Path) -> IssueDocument:
    """Two pages; an article with a picture goes on from the first, the scans are there."""
    scan = Scan(Path("a"), "", 400, 300)
    one = record_of(scan, "甲乙丙，", "标题", continues="3")
    three = with_picture(record_of(Scan(Path("b"), "", 400, 300), "丁戊。", continued_from="1"))
    paths = {"x/p1": tmp_path / "scans" / "p1.png", "x/p3": tmp_path / "scans" / "p3.png"}
    made = {stem: scanned(paths[stem], record) for stem, record in (("x/p1", one), ("x/p3", three))}
    return make_issue(made, PUBLISHED, paths, {"x/p1": "1", "x/p3": "3"})


def read_html(issue: IssueDocument) -> ET.Element:
    """The file, read as XML."""
    return ET.fromstring(b"".join(render_html(issue)))


def read_epub(issue: IssueDocument) -> Mapping[str, bytes]:
    """The files of the book by name, in the order of the archive."""
    with zipfile.ZipFile(io.BytesIO(b"".join(render_epub(issue)))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def texts(root: ET.Element, tag: str, kind: str = "") -> list[str]:
    """The texts of elements, by tag and class."""
    found = (e for e in root.iter(f"{XHTML}{tag}") if e.get("class", "") == kind)
    return ["".join(e.itertext()) for e in found]


def hold_links(files: Mapping[str, ET.Element]) -> None:
    """Every link leads to an identifier that is there once."""
    ids = {
        name: [e.attrib["id"] for e in r.iter() if "id" in e.attrib] for name, r in files.items()
    }
    for name, root in files.items():
        assert len(ids[name]) == len(set(ids[name]))
        for link in root.iter(f"{XHTML}a"):
            file, _, place = link.attrib["href"].partition("#")
            assert place in ids[file or name]


def test_an_issue_is_one_text(issue: IssueDocument) -> None:
    """Headline, paragraph over two pages with the mark of the second, contents, language."""
    root = read_html(issue)
    assert texts(root, "h1") == ["洛阳日报 2020-04-30"]
    assert texts(root, "h2")[1:] == ["标题"]
    assert texts(root, "p") == ["甲乙丙，[3]丁戊。"]
    assert texts(root, "div", "page") == ["第1版", "第3版"]
    assert texts(root, "a") == ["第1版", "标题", "第3版"]
    assert root.get("lang") == "zh"
    marks = [e.get("aria-label") for e in root.iter() if e.get("role") == "doc-pagebreak"]
    assert marks == ["第1版", "第3版", "第3版"]
    hold_links({"": root})


def test_html_is_read_alike_as_html(issue: IssueDocument) -> None:
    """No element is closed in itself but those that never hold anything; nothing is fetched."""
    text = b"".join(render_html(issue)).decode()
    assert text.startswith("<!DOCTYPE html>\n<html ")
    closed = re.findall(r"<(\w+)[^>]*/>", text)
    assert set(closed) <= set(VOID)
    assert not re.search(r"(?:src|href)=\"(?!data:|#)", text)
    seen: list[str] = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            seen.append(data)

    Reader().feed(text)
    assert "".join("".join(seen).split()) == "".join("".join(read_html(issue).itertext()).split())


def test_pictures_stand_in_their_place(issue: IssueDocument) -> None:
    """Cut from the scan, behind the paragraph that is printed beside them, with their caption."""
    root = read_html(issue)
    (article,) = root.iter(f"{XHTML}article")
    assert [e.tag.removeprefix(XHTML) for e in article] == ["h2", "p", "figure"]
    (image,) = article.iter(f"{XHTML}img")
    assert texts(article, "figcaption") == [image.get("alt")] == ["图为大坝"]
    data = base64.b64decode(image.attrib["src"].removeprefix("data:image/jpeg;base64,"))
    cut = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    box = issue.load_page("x/p3").record.page.pictures[0]
    assert cut is not None
    assert cut.shape == (box.height, box.width)
    assert abs(int(cut.mean()) - 200) < 3
    assert texts(root, "aside", "caption") == []


def test_a_missing_scan_is_said(issue: IssueDocument, tmp_path: Path) -> None:
    """The text is there all the same."""
    (tmp_path / "scans" / "p3.png").unlink()
    root = read_html(issue)
    assert texts(root, "p", "missing") == ["[插图：未找到扫描件]"]
    assert list(root.iter(f"{XHTML}img")) == []
    assert texts(root, "p") == ["甲乙丙，[3]丁戊。"]
    assert [n for n in read_epub(issue) if "images/" in n] == []


def test_a_picture_outside_the_scan_is_said() -> None:
    """And the nearest region is that of an article; furniture is none."""
    record = page_of_everything()
    (picture,) = list_illustrations(record)
    assert picture.region is not None
    assert picture.region.id == "2-r1"
    assert picture.caption == ""
    empty = read_otherwise(record, page=replace(record.page, regions=(), reading_order=()))
    (alone,) = list_illustrations(replace(empty, articles=()))
    assert alone.region is None


def test_text_outside_of_articles_is_kept_apart() -> None:
    """Advertisements and the like; not the name of the paper and the number of the page."""
    scan = Scan(Path("a"), "", 400, 300)
    line = line_of("新药上市", "l7", 150.0)
    region = Region("r7", RegionKind.ADVERTISEMENT, line.box, (line,), line.direction)
    folio = replace(region, id="r6", kind=RegionKind.FOLIO)
    record = record_of(scan, "甲乙丙丁。", "题")
    items = tuple(Furniture(r.kind, r.id, chars_of(line)) for r in (region, folio))
    page = replace(record.page, regions=(*record.page.regions, region))
    root = read_html(make_issue({"p": read_otherwise(record, page=page, furniture=items)}))
    assert texts(root, "aside", "advertisement") == ["新药上市"]
    assert texts(root, "aside", "folio") == []


def test_vertical_text_is_written_vertically() -> None:
    """From the right to the left, in the book too; text that is not is not."""
    column = vertical_line("松陵水災善後會議紀詳", "l1", 300)
    record = record_of(Scan(Path("a"), "", 400, 300), "甲")
    body = Region("r1", RegionKind.BODY, column.box, (column,), Direction.VERTICAL, "a1")
    article = replace(
        record.articles[0],
        paragraphs=(replace(record.articles[0].paragraphs[0], chars=chars_of(column)),),
    )
    page = replace(record.page, regions=(body,), reading_order=("r1",))
    issue = make_issue({"p": read_otherwise(record, page=page, articles=(article,))})
    assert b"writing-mode: vertical-rl" in b"".join(render_html(issue))
    files = read_epub(issue)
    assert b"writing-mode: vertical-rl" in files["EPUB/style.css"]
    assert b'page-progression-direction="rtl"' in files["EPUB/package.opf"]
    assert read_html(issue).get("lang") == "zh-Hant"
    across = read_epub(make_issue({"p": record}))
    assert b"vertical" not in across["EPUB/style.css"]
    assert b"rtl" not in across["EPUB/package.opf"]


def test_a_book_is_an_epub(issue: IssueDocument) -> None:
    """Its type first and not packed, every file listed, pages in order, the same bytes again."""
    data = b"".join(render_epub(issue))
    assert data == b"".join(render_epub(issue))
    assert data[30:58] == b"mimetypeapplication/epub+zip"
    files = read_epub(issue)
    package = ET.fromstring(files["EPUB/package.opf"])
    listed = {e.attrib["href"]: e for e in package.iter(f"{OPF}item")}
    inside = {n.removeprefix("EPUB/") for n in files if n.startswith("EPUB/")} - {"package.opf"}
    assert set(listed) == inside
    names = {e.attrib["id"]: name for name, e in listed.items()}
    order = [names[e.attrib["idref"]] for e in package.iter(f"{OPF}itemref")]
    assert order == ["page-1.xhtml", "page-2.xhtml"]
    pages = {n: ET.fromstring(files[f"EPUB/{n}"]) for n in inside if n.endswith(".xhtml")}
    hold_links(pages)
    navigation = {e.get(EPUB_TYPE): texts(e, "a") for e in pages["nav.xhtml"].iter(f"{XHTML}nav")}
    assert navigation == {"toc": ["第1版", "标题", "第3版"], "page-list": ["1", "3"]}
    (image,) = pages["page-1.xhtml"].iter(f"{XHTML}img")
    assert image.get("src") in inside


def check_epub(data: bytes, path: Path) -> None:
    """Hold a book against EPUBCheck; a warning is a fault, too."""
    path.write_bytes(data)
    # Compiled less, it takes half the time on files as small as these.
    command = [
        "java",
        "-XX:TieredStopAtLevel=1",
        "-jar",
        str(EPUBCHECK),
        "--failonwarnings",
        str(path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.skipif(not EPUBCHECK.exists(), reason="needs EPUBCheck: scripts/install-debian.sh")
def test_books_are_valid(issue: IssueDocument, tmp_path: Path) -> None:
    """Also those of pages of everything, and of a page without articles."""
    bare = replace(record_of(Scan(Path("a"), "", 400, 300), "甲"), articles=())
    for number, one in enumerate(
        (issue, make_issue({"p": page_of_everything()}), make_issue({"p": bare}))
    ):
        check_epub(b"".join(render_epub(one)), tmp_path / f"{number}.epub")
    with pytest.raises(AssertionError):
        check_epub(b"PK", tmp_path / "bad.epub")


def test_an_article_without_text_is_found_from_the_contents() -> None:
    """As when all of it is away by decision."""
    article = ArticleRecord("a1")
    record = record_of(Scan(Path("a"), "", 400, 300), "甲")
    root = read_html(make_issue({"p": replace(record, articles=(article,))}))
    hold_links({"": root})
    assert ["".join(e.itertext()) for e in root.iter(f"{XHTML}article")] == ["…"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(records(), min_size=1, max_size=3), st.text(st.characters(), max_size=6))
def test_any_issue_is_well_formed(made: list[PageRecord], paper: str) -> None:
    """Whatever records hold, if no two articles of a page have one id; no text is lost."""
    unique = {}
    for i, record in enumerate(made):
        articles = {article.id: article for article in record.articles}
        unique[f"x/p{i}"] = replace(record, articles=tuple(articles.values()))
    issue = make_issue(unique, Publication(paper))
    root = read_html(issue)
    hold_links({"": root})
    written = "".join(e.text or "" for e in root.iter(f"{XHTML}h2"))
    for name in issue.outline.articles:
        title = clean(join_chars(issue.join_article(name).title)).replace("\n", " ")
        assert not title.strip() or title in written
    files = read_epub(issue)
    pages = {n.removeprefix("EPUB/"): d for n, d in files.items() if n.endswith(".xhtml")}
    hold_links({name: ET.fromstring(data) for name, data in pages.items()})


@MARKS[0]
@MARKS[1]
@MARKS[2]
def test_a_browser_shows_it(issue: IssueDocument, tmp_path: Path) -> None:
    """In standards mode, with its pictures, without an error."""
    path = tmp_path / "x.html"
    path.write_bytes(b"".join(render_html(issue)))
    with launched() as browser, opened(browser, path.as_uri()) as page:
        page.goto(path.as_uri())
        assert page.evaluate("document.compatMode") == "CSS1Compat"
        assert page.evaluate("[...document.images].map(i => i.naturalWidth > 0)") == [True]
        assert "甲乙丙，[3]丁戊。" in page.inner_text("article")
