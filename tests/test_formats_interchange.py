"""Interchange formats by their own rules: structure, text, places, corrections, odd characters."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.edits.clean_text import derive_page
from newspage.formats.document import PageDocument
from newspage.formats.exporters import load_exporters, render_page
from newspage.formats.page_structure import Corner, encloses_points, group_regions
from newspage.formats.xml_tree import list_unwritable, make_identifier
from newspage.geometry import Box
from newspage.model import (
    ArticleRecord,
    Char,
    Correction,
    CorrectionStatus,
    Direction,
    Furniture,
    Glyph,
    PageLayout,
    PageReading,
    PageRecord,
    Paragraph,
    Publication,
    Region,
    RegionKind,
    Scan,
    Separator,
    TextLine,
)
from tests.fakes import chars_of, line_of

ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"
PAGE = "{http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15}"
HTML = "{http://www.w3.org/1999/xhtml}"
XML_FORMATS = ("alto", "page", "hocr")


def vertical_line(text: str, name: str, left: float) -> TextLine:
    """A column with glyphs of 10 pixels."""
    glyphs = tuple(
        Glyph(c, Box(left, 50 + 10.0 * i, left + 10, 59 + 10.0 * i), 0.5)
        for i, c in enumerate(text)
    )
    box = Box(left, 50, left + 10, 50 + 10.0 * max(1, len(text)))
    return TextLine(name, box, Direction.VERTICAL, glyphs=glyphs)


def page_of_everything() -> PageRecord:
    """Two facing pages' worth of what a record can hold.

    A corrected line, a vertical article that stands first in the order, furniture between, a line
    that fits nowhere, a picture and a rule.
    """
    title, body = line_of("标题", "1-l1"), line_of("甲己丙", "1-l2", 20.0)
    column = vertical_line("竖排", "2-l1", 300)
    loose, folio = line_of("孤", "1-l9", 200.0), line_of("第3版", "1-l4", 100.0)
    regions = (
        Region("1-r1", RegionKind.TITLE, title.box, (title,), title.direction, "1-a1"),
        Region("1-r2", RegionKind.BODY, body.box, (body,), body.direction, "1-a1"),
        Region("1-r3", RegionKind.FOLIO, folio.box, (folio,), folio.direction),
        Region("2-r1", RegionKind.BODY, column.box, (column,), Direction.VERTICAL, "2-a1"),
    )
    corrections = (
        Correction("c1", "look-alike", "1-a1", (4, 5), "己", "已", 0.99, CorrectionStatus.APPLIED),
        Correction("c2", "mark", "1-a1", (6, 6), "", "。", 0.9, CorrectionStatus.APPLIED),
        Correction("c3", "look-alike", "1-a1", (5, 6), "丙", "两", 0.5, CorrectionStatus.PROPOSED),
    )
    articles = (
        ArticleRecord("2-a1", paragraphs=(Paragraph(chars_of(column)),), regions=("2-r1",)),
        ArticleRecord(
            "1-a1",
            title=chars_of(title),
            paragraphs=(Paragraph(chars_of(body)),),
            regions=("1-r1", "1-r2"),
            continues="3",
        ),
    )
    page = PageLayout(
        Scan(Path("../scans/a b.png"), "0" * 64, 400, 300),
        regions,
        ("2-r1", "1-r3", "1-r1", "1-r2"),
        separators=(Separator(Box(0, 90, 400, 91), vertical=False),),
        pictures=(Box(100, 100, 500, 200),),
        unplaced=(loose,),
    )
    furniture = (Furniture(RegionKind.FOLIO, "1-r3", chars_of(folio)),)
    return derive_page(PageReading(page, articles, furniture, corrections=corrections))


@pytest.fixture(name="document")
def _document() -> PageDocument:
    return PageDocument(page_of_everything(), "p3", Publication("洛阳日报", page="3"))


def parsed(document: PageDocument, name: str) -> ET.Element:
    """An XML export, read by a parser that knows nothing of it."""
    return ET.fromstring(render_page(document, name))


def test_the_same_page_gives_the_same_bytes(document: PageDocument) -> None:
    """In every format of pages that is made from the record alone."""
    for name, exporter in load_exporters().items():
        if exporter.render and not exporter.needs_scan:
            assert render_page(document, name) == render_page(document, name)


@pytest.mark.parametrize("name", XML_FORMATS)
def test_identifiers_are_unique_names(document: PageDocument, name: str) -> None:
    """And XML names, though those of facing pages begin with a digit in the record."""
    root = parsed(document, name)
    found = [v for e in root.iter() for k, v in e.attrib.items() if k in ("ID", "id")]
    assert len(found) == len(set(found)) > 8
    assert all(not v[0].isdigit() and v.isascii() and " " not in v for v in found)


def test_different_names_stay_different() -> None:
    """Escapes cannot be forged."""
    names = ("a b", "a_x20_b", "a_b", "a-b", "a.b", "甲")
    assert len({make_identifier("r", name) for name in names}) == len(names)


def test_a_line_feed_is_no_character_of_a_line() -> None:
    """It parts the lines of furniture in the clean text, and is printed nowhere."""
    lines = (line_of("洛阳日报", "l1"), line_of("第三版", "l2", 20.0))
    box = Box(0, 0, 40, 30)
    region = Region("r1", RegionKind.FOLIO, box, lines, Direction.HORIZONTAL)
    end = Char("\n", "l1", 3)
    furniture = Furniture(RegionKind.FOLIO, "r1", (*chars_of(lines[0]), end, *chars_of(lines[1])))
    layout = PageLayout(Scan(Path("a.png"), "0" * 64, 400, 300), (region,), ("r1",))
    record = derive_page(PageReading(layout, (), (furniture,)))
    strings = parsed(PageDocument(record), "alto").iter(f"{ALTO}String")
    assert [s.get("CONTENT") for s in strings] == ["洛阳日报", "第三版"]


def test_alto_has_blocks_lines_and_one_string_a_line(document: PageDocument) -> None:
    """Flat blocks in reading order, what fits nowhere last; text with corrections in it."""
    root = parsed(document, "alto")
    (space,) = root.iter(f"{ALTO}PrintSpace")
    blocks = space.findall(f"{ALTO}TextBlock")
    assert [b.get("ID") for b in blocks] == [
        "region_2-r1",
        "region_1-r3",
        "region_1-r1",
        "region_1-r2",
        "loose_1-l9",
    ]
    texts = []
    for line in space.iter(f"{ALTO}TextLine"):
        (string,) = line.findall(f"{ALTO}String")
        texts.append(string.get("CONTENT"))
        assert line.get("BASELINE")
        assert len(string.get("CC") or "") == len(string.get("CONTENT") or "")
    assert texts == ["竖排", "第3版", "标题", "甲已丙。", "孤"]


def test_alto_says_what_was_corrected(document: PageDocument) -> None:
    """`CS`, what had been read as ALTERNATIVE, and on the glyph as a variant."""
    root = parsed(document, "alto")
    (corrected,) = [s for s in root.iter(f"{ALTO}String") if s.get("CS")]
    (alternative,) = corrected.findall(f"{ALTO}ALTERNATIVE")
    assert alternative.text == "甲己丙"
    assert [v.get("CONTENT") for v in corrected.iter(f"{ALTO}Variant")] == ["己"]
    glyphs = corrected.findall(f"{ALTO}Glyph")
    assert [g.get("CONTENT") for g in glyphs] == list("甲已丙。")
    assert [g.get("HPOS") for g in glyphs] == ["0", "10", "20", "20"]


def test_alto_orders_articles_in_one_group(document: PageDocument) -> None:
    """Sibling groups would be read as alternatives; every reference leads somewhere."""
    root = parsed(document, "alto")
    (order,) = root.iter(f"{ALTO}ReadingOrder")
    (whole,) = order
    assert [e.tag.removeprefix(ALTO) for e in whole] == [
        "OrderedGroup",
        "ElementRef",
        "OrderedGroup",
    ]
    known = {e.get("ID") for e in root.iter()}
    wanted = [v for e in root.iter() for k in ("REF", "TAGREFS") for v in (e.get(k) or "").split()]
    assert wanted
    assert set(wanted) <= known
    tags = {t.get("LABEL") for t in root.iter(f"{ALTO}StructureTag")}
    assert tags == {"2-a1", "标题"}


def test_alto_tells_the_direction(document: PageDocument) -> None:
    """A column runs down its middle, a line near its foot."""
    lines = {e.get("ID"): e for e in parsed(document, "alto").iter(f"{ALTO}TextLine")}
    column, row = lines["line_2-l1"], lines["line_1-l1"]
    assert (column.get("BASEDIRECTION"), row.get("BASEDIRECTION")) == ("ttb", "ltr")
    assert column.get("BASELINE") == "305,50 305,69"
    assert row.get("BASELINE") == "0,9 19,9"


def test_places_lie_on_the_page(document: PageDocument) -> None:
    """A picture that hangs over the edge is cut there; coordinates are whole pixels."""
    root = parsed(document, "alto")
    (picture,) = root.iter(f"{ALTO}Illustration")
    assert (picture.get("HPOS"), picture.get("WIDTH")) == ("100", "300")
    for coords in parsed(document, "page").iter(f"{PAGE}Coords"):
        for point in (coords.get("points") or "").split():
            x, y = map(int, point.split(","))
            assert 0 <= x <= 400
            assert 0 <= y <= 300


def test_page_xml_outlines_hold_what_is_in_them(document: PageDocument) -> None:
    """Glyphs and baseline in their line, lines in their region: readers refuse others."""
    record = document.record
    thin = ((0, 22), (20, 22), (20, 24), (0, 24))
    line = replace(record.page.regions[1].lines[0], polygon=thin)
    region = replace(record.page.regions[1], lines=(line,), polygon=thin)
    page = replace(record.page, regions=(record.page.regions[0], region))
    root = parsed(PageDocument(replace(record, page=page)), "page")

    def corners(element: ET.Element, tag: str = "Coords", name: str = "points") -> list[Corner]:
        (found,) = element.findall(f"{PAGE}{tag}")
        points = (found.get(name) or "").split()
        return [(int(x), int(y)) for x, y in (point.split(",") for point in points)]

    (made,) = [e for e in root.iter(f"{PAGE}TextLine") if e.get("id") == "line_1-l2"]
    outline = corners(made)
    assert encloses_points(outline, corners(made, "Baseline"))
    for glyph in made.iter(f"{PAGE}Glyph"):
        assert encloses_points(outline, corners(glyph))
    for around in root.iter(f"{PAGE}TextRegion"):
        for inner in around.iter(f"{PAGE}TextLine"):
            assert encloses_points(corners(around), corners(inner))


def test_page_xml_text_is_that_of_its_lines(document: PageDocument) -> None:
    """Region, line and word agree; alternatives stand on glyphs only."""
    root = parsed(document, "page")
    for region in root.iter(f"{PAGE}TextRegion"):
        lines = region.findall(f"{PAGE}TextLine")
        equivs = [line.findall(f"{PAGE}TextEquiv") for line in lines]
        assert all(len(found) == 1 for found in equivs)
        text = "\n".join(found[0].findtext(f"{PAGE}Unicode") or "" for found in equivs)
        assert region.findtext(f"{PAGE}TextEquiv/{PAGE}Unicode") == text
        for line in lines:
            word = line.find(f"{PAGE}Word")
            assert word is not None
            own = line.findtext(f"{PAGE}TextEquiv/{PAGE}Unicode")
            assert word.findtext(f"{PAGE}TextEquiv/{PAGE}Unicode") == own
    doubled = [g for g in root.iter(f"{PAGE}Glyph") if len(g.findall(f"{PAGE}TextEquiv")) > 1]
    assert len(doubled) == 1


def test_page_xml_orders_articles(document: PageDocument) -> None:
    """One ordered group; an article is a group in it, of its type, with its headline."""
    root = parsed(document, "page")
    (whole,) = root.iter(f"{PAGE}OrderedGroup")
    articles = whole.findall(f"{PAGE}OrderedGroupIndexed")
    assert [(a.get("type"), a.get("index"), a.get("caption")) for a in articles] == [
        ("article", "0", "2-a1"),
        ("article", "2", "标题"),
    ]
    regions = {r.get("id") for r in root.iter(f"{PAGE}TextRegion")}
    references = [r.get("regionRef") for r in whole.iter(f"{PAGE}RegionRefIndexed")]
    assert set(references) <= regions
    assert len(references) == 4
    kinds = [r.get("custom") for r in root.iter(f"{PAGE}TextRegion")]
    assert kinds[2] == "readingOrder {index:2;} structure {type:heading;}"


def test_hocr_text_has_no_space_between_characters(document: PageDocument) -> None:
    """Whatever stands around the elements."""
    root = parsed(document, "hocr")
    lines = [e for e in root.iter(f"{HTML}span") if e.get("class") in ("ocr_line", "ocr_header")]
    assert ["".join(line.itertext()) for line in lines] == [
        "竖排",
        "第3版",
        "标题",
        "甲已丙。",
        "孤",
    ]
    assert "textangle 270" in (lines[0].get("title") or "")


def test_groups_hold_every_region_once(document: PageDocument) -> None:
    """Even one that the order leaves out, or whose article is not there."""
    regions = document.record.page.regions
    page = replace(
        document.record.page,
        regions=(*regions, replace(regions[0], id="x", article="gone")),
        reading_order=("1-r2", "nowhere"),
    )
    groups = group_regions(replace(document.record, page=page))
    names = [r.id for group in groups for r in group.regions]
    assert sorted(names) == sorted([r.id for r in page.regions])
    assert names[:2] == ["1-r1", "1-r2"]


TEXTS = st.text(st.characters(), min_size=0, max_size=12)


@given(title=TEXTS, body=TEXTS, region=TEXTS, path=TEXTS)
def test_any_text_gives_valid_xml(title: str, body: str, region: str, path: str) -> None:
    """Controls, lone surrogates, markup, marks of direction: kept, or named as unwritable."""
    head, line = line_of(title, "l1"), line_of(body, "l2", 20.0)
    regions = (
        Region(region, RegionKind.BODY, line.box, (head, line), line.direction, "a1"),
        Region("empty", RegionKind.OTHER, Box(5, 5, 5, 5), (), line.direction),
    )
    article = ArticleRecord("a1", title=chars_of(head), paragraphs=(Paragraph(chars_of(line)),))
    scan = Scan(Path(path.replace("\0", "") or "x"), "", 50, 50)
    page = PageLayout(scan, regions, (region, "empty"))
    document = PageDocument(derive_page(PageReading(page, (article,))), title)
    lost = set(list_unwritable(title + body))
    for name in XML_FORMATS:
        root = parsed(document, name)
        if name == "alto" and not lost:
            strings = [s.get("CONTENT") for s in root.iter(f"{ALTO}String")]
            assert strings[1] == "".join(" " if c in "\t\n\r" else c for c in body)
    for name in ("jsonl", "csv", "corrections-jsonl", "corrections-csv"):
        render_page(document, name).decode("utf-8-sig")
