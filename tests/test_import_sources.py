"""What other programs write is understood: text, places, order, articles; the rest is kept."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newspage.decisions import merge_decisions
from newspage.errors import InputError
from newspage.formats import alto, page_xml
from newspage.formats.characters import collect_printed_lines
from newspage.formats.document import PageDocument
from newspage.formats.exporters import render_page
from newspage.formats.kept_markup import ChildOrder
from newspage.geometry import Box
from newspage.model import Direction, PageRecord, RegionKind, TextLine, join_chars
from tests.decided_pages import decisions_on
from tests.foreign_pages import (
    ABBYY,
    DOCWORKS,
    KRAKEN,
    OCRD,
    POINTS_2010,
    SCAN,
    TABLE,
    TAG_SOUP,
    TAGGED,
    TESSERACT,
    TRANSKRIBUS,
)
from tests.importing import import_bytes

ALL = [
    pytest.param(text, name, id=f"{name}-{number}")
    for number, (text, name) in enumerate(
        [
            (KRAKEN, "alto"),
            (ABBYY, "alto"),
            (DOCWORKS, "alto"),
            (TAGGED, "alto"),
            (TRANSKRIBUS, "page"),
            (OCRD, "page"),
            (POINTS_2010, "page"),
            (TABLE, "page"),
            (TESSERACT, "hocr"),
            (TAG_SOUP, "hocr"),
        ]
    )
]


def lines_of(record: PageRecord) -> dict[str, TextLine]:
    """All lines by their text."""
    return {line.text: line for region in record.page.regions for line in region.lines}


def texts_of(record: PageRecord) -> list[tuple[str, list[str]]]:
    """Headline and paragraphs of each article."""
    return [(join_chars(a.title), [p.text for p in a.paragraphs]) for a in record.articles]


def exported(record: PageRecord, name: str) -> str:
    """The page in a format."""
    return render_page(PageDocument(record, "p1"), name).decode()


@pytest.mark.parametrize(("text", "name"), ALL)
def test_any_of_them_comes_back_unchanged_once_it_is_ours(text: str, name: str) -> None:
    """The export of an imported page, imported, gives the same bytes and the same text."""
    record = import_bytes(text, name, SCAN)
    first = exported(record, name)
    again = import_bytes(first, name, SCAN)
    assert exported(again, name) == first
    assert list(lines_of(again)) == list(lines_of(record))


@pytest.mark.parametrize(("text", "name"), ALL)
def test_any_of_them_can_be_written_in_every_format(text: str, name: str) -> None:
    """Only what is kept belongs to the one format; identifiers stay unique."""
    record = import_bytes(text, name, SCAN)
    for other in ("alto", "page", "hocr"):
        root = ET.fromstring(exported(record, other))
        names = [v for e in root.iter() for k, v in e.attrib.items() if k in ("ID", "id")]
        assert len(names) == len(set(names))
        assert ("kraken" in exported(record, other)) == (text is KRAKEN and other == "alto")


def test_kraken_parts_chinese_by_blanks_that_are_not_printed() -> None:
    """Glyphs have the places and confidences of the file; words without them share their box."""
    line = lines_of(import_bytes(KRAKEN, "alto", SCAN))["甲乙丙"]
    assert [g.confidence for g in line.glyphs] == [0.9, 0.6, 1.0]
    assert [g.box for g in line.glyphs] == [
        Box(50, 100, 90, 120),
        Box(90, 100, 130, 120),
        Box(134, 100, 194, 120),
    ]
    assert list(line.baseline) == [(50, 117), (150, 118), (250, 119)]
    assert list(line.polygon) == [(50, 100), (250, 102), (250, 122), (50, 120)]


def test_latin_words_are_parted() -> None:
    """By one blank, whatever element stands between them; a hyphen is on the line."""
    record = import_bytes(ABBYY, "alto", SCAN)
    assert list(lines_of(record)) == ["Gazette", "The news-", "paper man"]
    assert texts_of(record) == [("", ["The news-paper man"])]


def test_tenths_of_a_millimetre_become_pixels() -> None:
    """By the size of the page; text in a margin is no text of an article."""
    record = import_bytes(ABBYY, "alto", SCAN)
    (picture,) = record.page.pictures
    assert (picture.left, picture.right) == (300.0, 450.0)
    assert lines_of(record)["The news-"].box == Box(23.6, 70.9, 236.2, 94.5)
    assert [(f.kind, f.text) for f in record.furniture] == [(RegionKind.MASTHEAD, "Gazette")]


def test_the_resolution_counts_where_the_file_has_no_size() -> None:
    """The scan's own, or the one that is given; neither is an error that says what to do."""
    assert lines_of(import_bytes(DOCWORKS, "alto", SCAN))["甲乙"].box == Box(100, 100, 300, 120)
    given = import_bytes(DOCWORKS, "alto", SCAN, dpi=150)
    assert lines_of(given)["丙丁"].box == Box(50, 250, 150, 260)
    with pytest.raises(InputError, match=r"foreign\.xml.*how large.*--dpi"):
        import_bytes(DOCWORKS, "alto", replace(SCAN, dpi=None))


def test_composed_blocks_can_be_articles() -> None:
    """As programs write them that part articles."""
    assert texts_of(import_bytes(DOCWORKS, "alto", SCAN)) == [("", ["甲乙"]), ("", ["丙丁"])]


def test_tags_and_groups_are_articles_and_order() -> None:
    """The first order counts; the headline that is the label is the title."""
    record = import_bytes(TAGGED, "alto", SCAN)
    assert texts_of(record) == [("", ["右起"]), ("题目", ["竖排的字"])]
    assert [a.id for a in record.articles] == ["A2", "A1"]
    assert join_chars(record.articles[1].kicker) == "肩题"
    lines = lines_of(record)
    assert lines["竖排的字"].direction is Direction.VERTICAL
    assert lines["竖排的字"].glyphs[1].box == Box(50, 180, 70, 230)
    assert lines["右起"].direction is Direction.HORIZONTAL_RTL
    assert [g.box.left for g in lines["右起"].glyphs] == [350.0, 300.0]


def test_transkribus_says_order_and_articles_in_custom() -> None:
    """On a smaller image of the same scan, whose places are scaled."""
    record = import_bytes(TRANSKRIBUS, "page", SCAN)
    assert texts_of(record) == [("大标题", ["开头一行和结尾。"])]
    assert [f.text for f in record.furniture] == ["批注"]
    line = lines_of(record)["开头一行"]
    assert line.box == Box(20, 200, 320, 240)
    assert list(line.baseline) == [(20, 232), (320, 232)]
    assert record.reading.source is not None
    assert record.reading.source.program == "Transkribus"


def test_words_and_glyphs_of_page_xml_are_used() -> None:
    """The reading of index 0 counts; the blank is where the text of the line has it."""
    record = import_bytes(OCRD, "page", SCAN)
    assert texts_of(record) == [("短讯", ["日报 今天"])]
    line = lines_of(record)["日报 今天"]
    assert [g.confidence for g in line.glyphs] == [0.8, 0.9, 1.0, 0.7, 0.7]
    assert [round(g.box.left) for g in line.glyphs] == [50, 90, 130, 170, 210]
    assert [(f.kind, f.text) for f in record.furniture] == [
        (RegionKind.FOLIO, "12"),
        (RegionKind.TABLE, "表格"),
    ]


def test_a_text_of_the_line_overrules_outdated_words() -> None:
    """Whoever mends the text of a line leaves its words as they are."""
    mended = OCRD.replace("日报 今天</pc:Unicode>", "日报明天</pc:Unicode>")
    line = lines_of(import_bytes(mended, "page", SCAN))["日报明天"]
    assert [round(g.box.left) for g in line.glyphs] == [50, 100, 150, 200]
    # Each as high as the line is where it stands.
    assert line.glyphs[0].box.top < line.glyphs[3].box.top


def test_regions_without_lines_have_their_text() -> None:
    """One line below the other."""
    lines = lines_of(import_bytes(POINTS_2010, "page", SCAN))
    assert {text: line.box for text, line in lines.items()} == {
        "上一行": Box(50, 60, 250, 80),
        "下一行": Box(50, 80, 250, 100),
    }


def test_tesseract_has_headings_words_and_characters() -> None:
    """A blank between Latin words, none between Chinese ones."""
    record = import_bytes(TESSERACT, "hocr", SCAN)
    assert texts_of(record) == [("A B Titel", ["甲乙丙丁"])]
    assert [(f.kind, f.text) for f in record.furniture] == [(RegionKind.CAPTION, "Photo: N. N.")]
    line = lines_of(record)["甲乙丙丁"]
    assert [g.confidence for g in line.glyphs] == [0.985, 0.12, 0.8, 0.8]
    heading = lines_of(record)["A B Titel"]
    assert list(heading.baseline) == [(50, 75), (300, 77.5)]
    assert len(record.page.pictures) == len(record.page.separators) == 1


def test_html_need_not_be_xml() -> None:
    """Characters of the file have boxes; a tall line is a column."""
    lines = lines_of(import_bytes(TAG_SOUP, "hocr", SCAN))
    assert [g.box.left for g in lines["ét"].glyphs] == [50.0, 70.0]
    assert lines["竖着的"].direction is Direction.VERTICAL


KEPT = [
    (KRAKEN, "alto", ['ID="OCR_1"', 'DESCRIPTION="line type default"', 'TAGREFS="LINE_1"']),
    (KRAKEN, "alto", ['ID="segment_1"', 'VC="0.3"', 'ID="char_1"', "kind_body article_a1 TYPE_1"]),
    (ABBYY, "alto", ['ID="IdOcr"', 'ID="PAR"', 'STYLEREFS="TS10 PAR"', 'xlink:type="simple"']),
    (ABBYY, "alto", ['SUBS_CONTENT="newspaper"', "<HYP ", 'STYLE="bold"', 'PHYSICAL_IMG_NR="31"']),
    (ABBYY, "alto", ['TYPE="photo"', 'ID="Rule1"', 'QUALITY="OK"', "<TopMargin "]),
    (TAGGED, "alto", ['ID="NE1"', 'DESCRIPTION="of note"', "竖排的宇", 'CS="true"']),
    (TRANSKRIBUS, "page", ['status="GT"', "person {offset:0; length:2;}", 'fontSize="9.0"']),
    (TRANSKRIBUS, "page", ["structure {id:a7; type:article;}", 'orientation="0.0"']),
    (TRANSKRIBUS, "page", ['type="marginalia"', '"2,2 18,2 18,18 2,18"', "2021-09-23T12:35"]),
    (OCRD, "page", ['comments="binarized"', "<Border>", 'rows="2"', 'type="content"']),
    (OCRD, "page", ["曰报今天", 'value="b"', 'language="Chinese"', 'pcGtsId="FILE_0001"']),
    (OCRD, "page", ['caption="短 讯"', '<TextEquiv index="1" conf="0.2">']),
    (TABLE, "page", ['lineSeparators="true"', 'leftBorderVisible="true"', 'id="cell_3"']),
    (TESSERACT, "hocr", ["<strong><em>", 'lang="deu"', "baseline 0.01 -5", "scan_res 300 300"]),
    (TESSERACT, "hocr", ['class="ocr_photo"', 'class="ocr_caption"', "ocrp_wconf", "par_1_2"]),
]


@pytest.mark.parametrize(("text", "name", "pieces"), KEPT)
def test_what_is_not_understood_is_written_back(text: str, name: str, pieces: list[str]) -> None:
    """By an export of the same format, after the record was written and read."""
    data = exported(import_bytes(text, name, SCAN), name)
    assert [piece for piece in pieces if piece not in data] == []


def test_what_a_browser_would_run_is_not_kept() -> None:
    """An export is opened by people."""
    evil = '<a href=" JavaScript:alert(2)">x</a><iframe src="http://192.0.2.1/alert"></iframe>'
    text = TESSERACT.replace("<script>", f"{evil}<script>")
    data = exported(import_bytes(text, "hocr", SCAN), "hocr")
    assert "alert" not in data
    assert "<a>x</a>" in data


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_decisions_on_them_are_exported(data: st.DataObject) -> None:
    """In words of the file, which stay what they are; blanks between words may come or go."""
    text, name, kept = data.draw(
        st.sampled_from(
            [
                (KRAKEN, "alto", "segment_1"),
                (ABBYY, "alto", "SUBS_CONTENT"),
                (OCRD, "page", 'language="Chinese"'),
                (TESSERACT, "hocr", "word_1_1"),
            ]
        )
    )
    record = import_bytes(text, name, SCAN)
    merged = merge_decisions(record, data.draw(decisions_on(record))).record
    printed = {k: line.text for k, line in collect_printed_lines(merged).items()}
    first = exported(merged, name)
    regions = import_bytes(first, name, SCAN).page.regions
    again = {line.id: line.text for region in regions for line in region.lines}
    assert {k: "".join(again.get(k, "").split()) for k in printed} == {
        k: "".join(text.split()) for k, text in printed.items()
    }
    if merged == record:
        assert kept in first


@pytest.mark.parametrize(("text", "name"), ALL)
def test_what_is_kept_stands_where_the_schema_wants_it(text: str, name: str) -> None:
    """A page of PAGE has its border before its order of reading, a string its shape first."""
    known: dict[str, ChildOrder] = {"alto": alto.CHILD_ORDER, "page": page_xml.CHILD_ORDER}
    orders = known.get(name, {})
    for element in ET.fromstring(exported(import_bytes(text, name, SCAN), name)).iter():
        order = orders.get(element.tag.rpartition("}")[2], ())
        ranks = {child: rank for rank, names in enumerate(order) for child in names}
        found = [ranks.get(e.tag.rpartition("}")[2], len(order)) for e in element]
        assert found == sorted(found)


def test_blocks_of_alto_follow_each_other_as_they_say() -> None:
    """By IDNEXT where there is no reading order, else by that, composed blocks opened in it."""
    block = (
        '<TextBlock ID="{}" {}><TextLine HPOS="10" VPOS="{}" WIDTH="90" HEIGHT="20">'
        '<String CONTENT="{}"/></TextLine></TextBlock>'
    )
    inside = block.format("b2", "", 50, "三") + block.format("b3", "", 90, "二")
    blocks = [
        block.format("b1", 'IDNEXT="b3"', 10, "一"),
        f'<ComposedBlock ID="c">{inside}</ComposedBlock>',
    ]
    body = "<Layout><Page><PrintSpace>{}</PrintSpace></Page></Layout></alto>"
    order = (
        '<ReadingOrder><OrderedGroup ID="o"><ElementRef ID="e" REF="c"/>'
        '<ElementRef ID="f" REF="b1"/></OrderedGroup></ReadingOrder>'
    )
    for head, expected in (("", ["一", "二", "三"]), (order, ["三", "二", "一"])):
        record = import_bytes(f"<alto>{head}{body.format(''.join(blocks))}", "alto", SCAN)
        by_id = {region.id: region.text for region in record.page.regions}
        assert [by_id[name] for name in record.page.reading_order] == expected


def test_tables_and_advertisements_are_no_articles() -> None:
    """Whatever kind the text in them claims: composed blocks of ALTO, regions of PAGE."""
    place = 'HPOS="10" VPOS="10" WIDTH="90" HEIGHT="20"'
    alto_text = (
        '<alto><Layout><Page><PrintSpace><ComposedBlock ID="t" TYPE="Table">'
        f'<TextBlock ID="b"><TextLine {place}><String CONTENT="表"/></TextLine></TextBlock>'
        "</ComposedBlock></PrintSpace></Page></Layout></alto>"
    )
    page_text = (
        '<PcGts><Page imageFilename="p1.png"><AdvertRegion id="a"><TextRegion id="r" '
        'type="paragraph"><Coords points="0,0 90,0 90,20"/><TextEquiv><Unicode>售</Unicode>'
        "</TextEquiv></TextRegion></AdvertRegion></Page></PcGts>"
    )
    for text, name, kind in (
        (alto_text, "alto", RegionKind.TABLE),
        (page_text, "page", RegionKind.ADVERTISEMENT),
    ):
        record = import_bytes(text, name, SCAN)
        assert [region.kind for region in record.page.regions] == [kind]
        assert record.articles == ()


def test_cells_of_tables_are_read_row_by_row() -> None:
    """Where the table stands in the order of reading; as a table, in no article."""
    record = import_bytes(TABLE, "page", SCAN)
    by_id = {region.id: region for region in record.page.regions}
    ordered = [by_id[name] for name in record.page.reading_order]
    assert [r.text.replace("\n", "") for r in ordered] == ["米价", "上等白米", "三元", "昨日"]
    assert [r.kind for r in ordered][1:3] == [RegionKind.TABLE] * 2
    assert record.articles == ()


PAGE = "{http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15}"


def shape_of(table: ET.Element) -> object:
    """A table without what an export adds to lines: words, and what stands with the text."""
    inside = [e for e in table if e.tag.rpartition("}")[2] not in ("Word", "Baseline")]
    text = (table.text or "").strip()
    kept = {k: v for k, v in table.attrib.items() if k not in ("readingDirection", "conf")}
    return table.tag.rpartition("}")[2], kept, text, [shape_of(child) for child in inside]


def test_tables_are_written_back_as_they_were() -> None:
    """Cells with their lines, spans and borders, and one reference in the order of reading."""
    record = import_bytes(TABLE, "page", SCAN)
    root = ET.fromstring(exported(record, "page"))
    (before,) = (e for e in ET.fromstring(TABLE).iter() if e.tag.endswith("TableRegion"))
    (after,) = root.iter(f"{PAGE}TableRegion")
    assert shape_of(after) == shape_of(before)
    references = [e.get("regionRef") for e in root.iter(f"{PAGE}RegionRefIndexed")]
    assert references == ["above", "Table_1", "below"]
    regions = root.findall(f".//{PAGE}TextRegion")
    assert [(r.get("id"), (r.get("custom") or "")[:22]) for r in regions] == [
        ("above", "readingOrder {index:0;"),
        ("below", "readingOrder {index:2;"),
    ]


def test_what_is_decided_on_a_cell_stands_in_it() -> None:
    """A corrected text; once it is called no table, it is a region of its own."""
    record = import_bytes(TABLE, "page", SCAN)
    furniture = tuple(
        replace(item, chars=tuple(replace(c, text=c.text.replace("三", "二")) for c in item.chars))
        for item in record.furniture
    )
    cells = ET.fromstring(exported(replace(record, furniture=furniture), "page"))
    path = f"{PAGE}TextLine/{PAGE}TextEquiv/*"
    equivs = [cell.findall(path) for cell in cells.iter(f"{PAGE}TableCell")]
    assert [[e.text for e in found] for found in equivs] == [["二元"], ["上等", "白米"], []]
    line = lines_of(record)["三元"]
    body = [replace(r, kind=RegionKind.BODY) if line in r.lines else r for r in record.page.regions]
    moved = replace(record, page=replace(record.page, regions=tuple(body)))
    root = ET.fromstring(exported(moved, "page"))
    assert len(root.findall(f".//{PAGE}TextRegion")) == 3
    assert len(root.findall(f".//{PAGE}TableCell/{PAGE}TextLine")) == 2


def test_an_empty_text_of_a_line_does_not_hide_its_words() -> None:
    """And the text of a region is not read besides that of a region inside it."""
    equiv = "<TextEquiv><Unicode>{}</Unicode></TextEquiv>"
    coords = '<Coords points="10,10 90,10 90,30 10,30"/>'
    text = (
        f'<PcGts><Page imageFilename="p1.png"><TextRegion id="r">{coords}<TextRegion id="inner">'
        f'{coords}<TextLine id="l">{coords}<Word id="w">{coords}{equiv.format("文字")}</Word>'
        f"{equiv.format('')}</TextLine></TextRegion>{equiv.format('文字')}</TextRegion></Page></PcGts>"
    )
    record = import_bytes(text, "page", SCAN)
    assert [region.text for region in record.page.regions if region.lines] == ["文字"]
