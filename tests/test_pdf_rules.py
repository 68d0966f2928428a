"""PDF files by the rules of PDF/A-2u that can be looked up, and files of several pages."""

import datetime
import io
import re
import tracemalloc
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from newspage.errors import InputError, OutputError
from newspage.formats.document import PageDocument
from newspage.formats.scan_access import UnavailableScanError
from newspage.formats.searchable_pdf import render_pdf, write_pdf_pages
from newspage.formats.searchable_pdf.pdf_file import PdfFile, PdfName, PdfValue, write_value
from newspage.model import ArticlePart, Publication
from newspage.version import __version__
from tests.pdf_reading import check_syntax, document_of, line_along, run_poppler, strings_of

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
DC = "{http://purl.org/dc/elements/1.1/}"
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
PAPER = Publication("松陵公報 & <Co>", datetime.date(1933, 9, 8), "2")


def scan_at(path: Path, shade: int = 200, mode: str = "RGB") -> Path:
    """A small scan."""
    Image.new(mode, (300, 200), shade if mode == "L" else (shade, 90, 30)).save(path, quality=90)
    return path


def page_at(path: Path, name: str, number: str, *titles: str) -> PageDocument:
    """A page of some articles on a scan of its own."""
    articles = [
        (
            line_along(title, f"{name}-{i}t", (20, 20 + 60 * i), (21, 0)),
            line_along("正文在此。", f"{name}-{i}b", (20, 45 + 60 * i), (21, 0)),
        )
        for i, title in enumerate(titles)
    ]
    document = document_of(scan_at(path / f"{name}.jpg", 100 + len(name) * 5), *articles)
    return replace(document, name=name, publication=replace(PAPER, page=number))


@pytest.fixture(name="document")
def _document(tmp_path: Path) -> PageDocument:
    return page_at(tmp_path, "p2", "2", "災區待賑", "新到各貨")


def opened(data: bytes) -> pikepdf.Pdf:
    """A file, read by a library that did not write it."""
    return pikepdf.open(io.BytesIO(data))


def objects_of(file: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary and stream of a file."""
    for one in file.objects:
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            yield one


def test_the_same_page_gives_the_same_bytes(document: PageDocument) -> None:
    """And another page another identity."""
    data = render_pdf(document)
    assert data == render_pdf(document)
    other = render_pdf(replace(document, publication=None))
    with opened(data) as one, opened(other) as two:
        assert bytes(one.trailer.ID[0]) == bytes(one.trailer.ID[1])
        assert bytes(one.trailer.ID[0]) != bytes(two.trailer.ID[0])
        assert len(bytes(one.trailer.ID[0])) == 16


def test_qpdf_finds_nothing_wrong(document: PageDocument, tmp_path: Path) -> None:
    """In one page and in several."""
    check_syntax(render_pdf(document), tmp_path)
    check_syntax(b"".join(write_pdf_pages([document, document])), tmp_path)


def test_the_file_is_laid_out_as_pdf_a_asks(document: PageDocument) -> None:
    """Header, end, and what must not be in it."""
    data = render_pdf(document)
    assert data.startswith(b"%PDF-1.7\n%")
    assert all(byte > 127 for byte in data[10:14])
    assert data.endswith(b"%%EOF\n")
    with opened(data) as file:
        assert not file.is_encrypted
        forbidden = {"/AA", "/OpenAction", "/JS", "/Names", "/AcroForm", "/OCProperties"}
        assert not forbidden & set(file.Root.keys())
        for one in objects_of(file):
            assert "/LZWDecode" not in str(one.get("/Filter"))
            assert not {"/F", "/FFilter", "/FDecodeParms", "/SMask", "/OPI", "/Alternates"} & set(
                one.keys()
            )
        assert "/Group" not in file.pages[0]
        assert "/Annots" not in file.pages[0]


def test_the_colours_mean_what_a_profile_says(document: PageDocument) -> None:
    """An sRGB profile of the version that the rules refer to, the same bytes on any day."""
    with opened(render_pdf(document)) as file:
        (intent,) = file.Root.OutputIntents.as_list()
        assert str(intent.S) == "/GTS_PDFA1"
        assert int(intent.DestOutputProfile.N) == 3
        profile = intent.DestOutputProfile.read_bytes()
    assert profile[8:12] == b"\x04\x20\0\0"
    assert profile[24:26] == (2000).to_bytes(2, "big")
    read = ImageCms.getOpenProfile(io.BytesIO(profile)).profile
    assert (read.xcolor_space.strip(), read.device_class.strip()) == ("RGB", "mntr")


def properties_of(file: pikepdf.Pdf) -> ET.Element:
    """The description in XMP."""
    packet = file.Root.Metadata.read_bytes()
    assert "/Filter" not in file.Root.Metadata
    text = packet.decode()
    assert text.startswith('<?xpacket begin="\ufeff"')
    assert text.endswith('<?xpacket end="r"?>')
    (found,) = ET.fromstring(text.split("?>", 1)[1].rsplit("<?", 1)[0]).iter(f"{RDF}Description")
    return found


def test_the_file_says_what_it_is(document: PageDocument) -> None:
    """Paper, date, page, program, alike in both descriptions; the rules it is written to."""
    with opened(render_pdf(document)) as file:
        about, info = properties_of(file), file.docinfo
        title = "松陵公報 & <Co> 1933-09-08 p. 2"
        assert about.findtext(f"{PDFA}part") == "2"
        assert about.findtext(f"{PDFA}conformance") == "U"
        assert about.findtext(f"{DC}title/{RDF}Alt/{RDF}li") == title == str(info.Title)
        assert about.findtext(f"{DC}description/{RDF}Alt/{RDF}li") == str(info.Subject)
        assert about.findtext(f"{DC}date/{RDF}Seq/{RDF}li") == "1933-09-08"
        assert about.findtext(f"{DC}language/{RDF}Bag/{RDF}li") is None
        assert (about.findtext(f"{DC}source") or "").startswith("p2.jpg sha256:")
        tool = f"newspage {__version__}"
        assert about.findtext("{http://ns.adobe.com/pdf/1.3/}Producer") == tool
        assert about.findtext("{http://ns.adobe.com/xap/1.0/}CreatorTool") == tool
        assert (str(info.Producer), str(info.Creator)) == (tool, tool)
        assert set(info.keys()) == {"/Title", "/Subject", "/Producer", "/Creator"}


def test_a_page_of_which_nothing_is_known_has_its_name(document: PageDocument) -> None:
    """For a title."""
    with opened(render_pdf(replace(document, publication=None))) as file:
        assert str(file.docinfo.Title) == "p2"
        assert "/Subject" not in file.docinfo


@pytest.mark.parametrize(
    ("text", "language"), [("這個國學會發報紙", "zh-Hant"), ("这个国学会发报纸", "zh-Hans")]
)
def test_the_language_is_that_of_the_text(tmp_path: Path, text: str, language: str) -> None:
    """Where its characters tell."""
    lines = tuple(line_along(text, f"l{i}", (20, 20 + 22 * i), (21, 0), 20) for i in range(6))
    with opened(render_pdf(document_of(scan_at(tmp_path / "a.jpg"), lines))) as file:
        assert str(file.Root.Lang) == language
        assert properties_of(file).findtext(f"{DC}language/{RDF}Bag/{RDF}li") == language


def test_the_font_is_whole(document: PageDocument) -> None:
    """Embedded, with a width and a character for every code, none the missing glyph."""
    data = render_pdf(document)
    with opened(data) as file:
        (font,) = file.pages[0].Resources.Font.as_dict().values()
        descendant = font.DescendantFonts[0]
        assert str(font.Subtype) == "/Type0"
        assert str(font.Encoding) == "/Identity-H"
        assert str(descendant.Subtype) == "/CIDFontType2"
        assert str(font.BaseFont) == str(descendant.BaseFont)
        assert str(font.BaseFont) == str(descendant.FontDescriptor.FontName)
        glyphs = descendant.CIDToGIDMap.read_bytes()
        program = TTFont(io.BytesIO(descendant.FontDescriptor.FontFile2.read_bytes()))
    assert glyphs == b"\0\0" + b"\0\1" * 65_535
    assert {"glyf", "head", "hhea", "hmtx", "loca", "maxp"} <= set(program.keys())
    assert [width for width, _ in program["hmtx"].metrics.values()] == [1000, 1000]
    assert program["head"].modified == program["head"].created
    shown = strings_of(data)
    forbidden = {"\0", "\ufeff", "\ufffe"}
    assert not {text for string in shown for text, _ in string} & forbidden


def test_all_text_is_invisible(document: PageDocument) -> None:
    """In every string that is shown."""
    with opened(render_pdf(document)) as file:
        mode = None
        for step in pikepdf.parse_content_stream(file.pages[0]):
            assert isinstance(step, pikepdf.ContentStreamInstruction)
            if str(step.operator) == "Tr":
                mode = int(step.operands[0])
            if str(step.operator) == "Tj":
                assert mode == 3


def outline_of(file: pikepdf.Pdf) -> list[tuple[str, int, list[tuple[str, int]]]]:
    """Titles and pages of the outline, with those one level below."""
    pages = {page.obj.objgen: number for number, page in enumerate(file.pages)}

    def level(first: pikepdf.Object | None) -> Iterator[tuple[str, int, pikepdf.Object]]:
        item, before = first, None
        while item is not None:
            assert (item.get("/Prev") is None) == (before is None)
            yield str(item.Title), pages[item.Dest[0].objgen], item
            before, item = item, item.get("/Next")

    return [
        (title, page, [(t, p) for t, p, _ in level(item.get("/First"))])
        for title, page, item in level(file.Root.Outlines.First)
    ]


def test_the_outline_leads_to_headlines(document: PageDocument) -> None:
    """To the top left corner of each."""
    with opened(render_pdf(document)) as file:
        assert outline_of(file) == [("災區待賑", 0, []), ("新到各貨", 0, [])]
        dest = file.Root.Outlines.First.Dest.as_list()
        assert str(dest[1]) == "/XYZ"
        assert [float(v) for v in dest[2:4]] == pytest.approx([20 * 0.24, 180 * 0.24])
        assert str(file.Root.PageMode) == "/UseOutlines"


def test_an_article_without_a_headline_has_its_beginning(tmp_path: Path) -> None:
    """And a page without articles no outline."""
    document = page_at(tmp_path, "p1", "1", "题")
    (article,) = document.record.articles
    bare = replace(article, title=(), paragraphs=article.paragraphs * 20)
    record = replace(document.record, articles=(bare,))
    with opened(render_pdf(replace(document, record=record))) as file:
        ((title, _, _),) = outline_of(file)
        assert title == ("正文在此。" * 8) + "…"
    record = replace(document.record, articles=())
    with opened(render_pdf(replace(document, record=record))) as file:
        assert "/Outlines" not in file.Root


def test_several_pages_make_one_file(tmp_path: Path) -> None:
    """In order; one font; the outline by pages, an article with those on which it goes on."""
    pages = [
        page_at(tmp_path, "p1", "A1", "頭條新聞", "次條"),
        page_at(tmp_path, "p2", "A2", "雜訊"),
        page_at(tmp_path, "p3", "A3", "頭條續", "末條"),
    ]
    goes_on = replace(pages[2].record.articles[0], previous_part=ArticlePart("p1", "a1", "A1"))
    record = replace(pages[2].record, articles=(goes_on, pages[2].record.articles[1]))
    pages[2] = replace(pages[2], record=record)
    data = b"".join(write_pdf_pages(iter(pages)))
    check_syntax(data, tmp_path)
    assert run_poppler(data, tmp_path, "-raw").split()[::2] == [
        "頭條新聞",
        "次條",
        "雜訊",
        "頭條續",
        "末條",
    ]
    with opened(data) as file:
        assert len(file.pages) == 3
        assert len({page.Resources.Font.objgen for page in file.pages}) == 1
        assert outline_of(file) == [
            ("A1", 0, [("頭條新聞", 0), ("次條", 0)]),
            ("A2", 1, [("雜訊", 1)]),
            ("A3", 2, [("頭條續", 2), ("末條", 2)]),
        ]
        beginning = file.Root.Outlines.First.First
        assert str(beginning.First.Title) == "→ A3"
        assert beginning.First.Dest[0].objgen == file.pages[2].obj.objgen
        assert str(file.docinfo.Title) == "松陵公報 & <Co> 1933-09-08"
        assert [str(label.P) for label in file.Root.PageLabels.Nums.as_list()[1::2]] == [
            "A1",
            "A2",
            "A3",
        ]


def test_parts_that_go_round_in_a_circle_end(tmp_path: Path) -> None:
    """As records changed by hand may say."""
    pages = [page_at(tmp_path, "p1", "1", "甲"), page_at(tmp_path, "p2", "2", "乙")]
    for i, other in enumerate(("p2", "p1")):
        article = replace(pages[i].record.articles[0], previous_part=ArticlePart(other, "a1", "1"))
        pages[i] = replace(pages[i], record=replace(pages[i].record, articles=(article,)))
    check_syntax(b"".join(write_pdf_pages(pages)), tmp_path)


def test_a_page_that_is_refused_stops_no_other(tmp_path: Path) -> None:
    """Where somebody hears of it; a file of none is none."""
    pages = [page_at(tmp_path, "p1", "1", "甲"), page_at(tmp_path, "p2", "2", "乙")]
    (tmp_path / "p1.jpg").unlink()
    refused = list[tuple[PageDocument, InputError]]()
    data = b"".join(write_pdf_pages(pages, lambda page, why: refused.append((page, why))))
    assert [page.name for page, _ in refused] == ["p1"]
    assert "p1.jpg" in str(refused[0][1])
    with opened(data) as file:
        assert len(file.pages) == 1
    with pytest.raises(UnavailableScanError, match=r"p1\.jpg"):
        b"".join(write_pdf_pages(pages))
    with pytest.raises(UnavailableScanError):
        b"".join(write_pdf_pages(pages[:1], lambda page, why: None))
    with pytest.raises(InputError, match="no pages"):
        b"".join(write_pdf_pages([]))


def test_memory_does_not_grow_with_the_pages(tmp_path: Path) -> None:
    """Scans go through a little at a time, and records are let go."""
    noise = np.random.default_rng(3).integers(0, 255, (2000, 2000), np.uint8)
    Image.fromarray(noise).save(tmp_path / "p1.jpg", quality=95)
    size = (tmp_path / "p1.jpg").stat().st_size
    assert size > 3_000_000

    def pages(count: int) -> Iterator[PageDocument]:
        line = line_along("正文在此", "l1", (20, 20), (21, 0))
        for i in range(count):
            yield replace(document_of(tmp_path / "p1.jpg", (line,)), name=f"p{i}")

    b"".join(write_pdf_pages(pages(1)))
    tracemalloc.start()
    written = largest = 0
    for piece in write_pdf_pages(pages(12)):
        written += len(piece)
        largest = max(largest, len(piece))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert written > 12 * size
    assert largest <= 1 << 20
    assert peak < 2 * (1 << 20) + size


def test_a_scan_that_changes_while_it_is_copied_is_noticed(document: PageDocument) -> None:
    """No file with a wrong table comes of it."""
    assert document.scan_file
    pieces = write_pdf_pages([document])
    next(pieces)
    document.scan_file.write_bytes(document.scan_file.read_bytes()[:50])
    with pytest.raises(OutputError, match="changed while it was copied"):
        list(pieces)


VALUES: st.SearchStrategy[PdfValue] = st.recursive(
    st.one_of(
        st.integers(-(2**31), 2**31 - 1),
        st.booleans(),
        st.floats(-1e6, 1e6, allow_nan=False),
        st.text(st.characters(exclude_categories=["Cs"])),
        st.binary(),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).map(
            PdfName
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.from_regex(r"[A-Za-z #/()]{1,8}", fullmatch=True), inner, max_size=4),
    ),
    max_leaves=8,
)


@given(VALUES)
@settings(deadline=None)
def test_values_are_read_as_they_were_written(value: PdfValue) -> None:
    """By another library, whatever stands in them."""
    written = write_value(value)
    assert_same(pikepdf.Object.parse(written), value)


def assert_same(found: object, value: PdfValue) -> None:
    """A value read by pikepdf is the one that was written."""
    if isinstance(value, str):
        assert isinstance(found, pikepdf.Object)
        assert str(found) == value
    elif isinstance(value, bytes):
        assert isinstance(found, pikepdf.Object)
        assert bytes(found) == value
    elif isinstance(value, PdfName):
        assert str(found) == f"/{value.text}"
    elif isinstance(value, bool):
        assert found is value
    elif isinstance(value, int | float):
        assert float(str(found)) == pytest.approx(value, abs=1e-6)
    elif isinstance(value, dict):
        assert isinstance(found, pikepdf.Dictionary)
        assert {key[1:] for key in found.keys()} == set(value)  # noqa: SIM118
        for key, item in value.items():
            assert_same(found[f"/{key}"], item)
    else:
        assert isinstance(found, pikepdf.Array)
        assert isinstance(value, list)
        assert len(found) == len(value)
        for one, item in zip(found.as_list(), value, strict=True):
            assert_same(one, item)


def test_objects_stand_where_the_table_says() -> None:
    """Also streams that are poured between others."""
    file = PdfFile()
    later = file.reserve_object()
    poured = file.reserve_object()
    data = b"".join(file.pour_stream(poured, {}, [b"abc", b"def"], 6))
    file.add_object({"Type": PdfName("Catalog")}, later)
    info = file.add_object({"Title": "x"})
    data += b"".join(file.finish_file(later, info))
    places = [int(n) for n in re.findall(rb"^(\d{10}) 00000 n ", data, re.MULTILINE)]
    for number, place in enumerate(places, 1):
        assert data[place:].startswith(b"%d 0 obj\n" % number)
    assert sorted(places) == sorted(set(places))
    assert all(one != two for one, two in pairwise(places))
    assert b"<< /Length 6 >>\nstream\nabcdef\nendstream\nendobj\n" in data
