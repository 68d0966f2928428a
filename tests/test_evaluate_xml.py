"""ALTO and PAGE XML as truth: text, order, articles of each version, and hostile files."""

import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.errors import InputError, MissingDependencyError, RefusedError
from newspage.evaluation import (
    ArticleText,
    Normalisation,
    PageText,
    layout_xml,
    load_page_text,
    normalise_page,
    page_texts,
    score_page,
)
from newspage.formats.document import PageDocument
from newspage.formats.exporters import render_page
from newspage.model import PageRecord, Publication
from newspage.sources import source_reader
from tests.decided_pages import page_of, stories
from tests.test_formats_interchange import page_of_everything

PAGE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/{}"
ALTO = "http://www.loc.gov/standards/alto/ns-v{}#"


def parse(text: str | bytes) -> PageText:
    """The page that a document holds."""
    data = text if isinstance(text, bytes) else text.encode()
    return layout_xml.parse_layout_xml(data, Path("p.xml"))


def page_xml(body: str, version: str = "2019-07-15") -> PageText:
    """The page in a PAGE document with some elements below `Page`."""
    return parse(f'<PcGts xmlns="{PAGE.format(version)}"><Page>{body}</Page></PcGts>')


def region(name: str, *lines: str, attributes: str = "", nested: str = "") -> str:
    """A text region with its lines, the text at the line and at the region."""
    inside = "".join(
        f'<TextLine id="{name}-{i}"><TextEquiv><Unicode>{text}</Unicode></TextEquiv></TextLine>'
        for i, text in enumerate(lines)
    )
    whole = "\n".join(lines)
    equivalent = f"<TextEquiv><Unicode>{whole}</Unicode></TextEquiv>"
    return f'<TextRegion id="{name}" {attributes}>{inside}{nested}{equivalent}</TextRegion>'


def alto_xml(blocks: str, head: str = "", version: str = "4") -> PageText:
    """The page in an ALTO document with some blocks in its print space."""
    space = f"<Layout><Page><PrintSpace>{blocks}</PrintSpace></Page></Layout>"
    return parse(f'<alto xmlns="{ALTO.format(version)}">{head}{space}</alto>')


def block(name: str, *lines: str, attributes: str = "") -> str:
    """A text block, each of its lines one string."""
    inside = "".join(f'<TextLine><String CONTENT="{line}"/></TextLine>' for line in lines)
    return f'<TextBlock ID="{name}" {attributes}>{inside}</TextBlock>'


def texts(page: PageText) -> list[tuple[str, ...]]:
    """The paragraphs of each article."""
    return [article.paragraphs for article in page.articles]


# What newspage writes itself


@pytest.mark.parametrize("form", ["alto", "page"])
def test_a_page_comes_back_from_its_exports(form: str, tmp_path: Path) -> None:
    """Articles in order, headline, corrections; folio and loose line as furniture."""
    document = PageDocument(page_of_everything(), "p3", Publication("洛阳日报", page="3"))
    path = tmp_path / f"p3.{form}.xml"
    path.write_bytes(render_page(document, form))
    page = load_page_text(path)
    column, headed = page.articles
    assert column == ArticleText(("竖排",))
    assert headed == ArticleText(("甲已丙。",), title="标题")
    assert sorted(page.furniture) == sorted(("第3版", "孤"))
    assert page.grouped
    assert [line.text for line in page.lines if line.role == "body"] == ["竖排", "甲已丙。"]


@given(st.lists(stories, min_size=1, max_size=3).map(page_of), st.sampled_from(["alto", "page"]))
def test_text_is_the_same_by_all_ways(record: PageRecord, form: str) -> None:
    """Whatever articles a page has, its export says the same as its record."""
    document = PageDocument(record, "p1", Publication(""))
    read = parse(render_page(document, form))
    own = [
        ArticleText(tuple(p.text for p in a.paragraphs), title="".join(c.text for c in a.title))
        for a in record.articles
    ]
    norm = Normalisation()
    known, found = (normalise_page(p, norm).articles for p in (PageText(tuple(own)), read))
    assert [a.whole for a in found] == [a.whole for a in known if a.whole]


# PAGE


@pytest.mark.parametrize("version", ["2013-07-15", "2016-07-15", "2017-07-15", "2019-07-15"])
def test_groups_of_the_reading_order_are_articles(version: str) -> None:
    """By index, not as they stand; what is in no article is furniture."""
    order = (
        '<ReadingOrder><OrderedGroup id="all">'
        '<OrderedGroupIndexed id="b" index="1" type="article">'
        '<RegionRefIndexed index="1" regionRef="r3"/><RegionRefIndexed index="0" regionRef="r2"/>'
        '</OrderedGroupIndexed><OrderedGroupIndexed id="a" index="0" type="article">'
        '<RegionRefIndexed index="0" regionRef="r1"/></OrderedGroupIndexed>'
        '<RegionRefIndexed index="2" regionRef="r4"/></OrderedGroup></ReadingOrder>'
    )
    regions = (region(f"r{i}", text) for i, text in enumerate("零一二三四五"))
    page = page_xml(order + "".join(regions), version)
    assert texts(page) == [("一",), ("二", "三")]
    assert page.furniture == ("四", "零", "五")


def test_lines_may_name_their_article() -> None:
    """As Transkribus writes it: a region is parted where its lines belong to two articles."""
    structure = 'custom="readingOrder {{index:{};}} structure {{id:{}; type:article;}}"'
    line = "<TextLine {}><TextEquiv><Unicode>{}</Unicode></TextEquiv></TextLine>"
    lines = [
        line.format(structure.format(2, "a2"), "二"),
        line.format(structure.format(0, "a1"), "一"),
        line.format(structure.format(1, "a1"), "又一"),
        line.format('custom="readingOrder {index:3;}"', "无"),
    ]
    page = page_xml(f'<TextRegion id="r">{"".join(lines)}</TextRegion>', "2013-07-15")
    assert texts(page) == [("一又一",), ("二",)]
    assert page.furniture == ("无",)


def test_an_order_may_be_claimed_by_the_regions() -> None:
    """Where there is no element for it; without any claim they stand as they come."""
    claim = 'custom="readingOrder {{index:{};}}"'
    claimed = [region(f"r{i}", t, attributes=claim.format(i)) for i, t in ((1, "乙"), (0, "甲"))]
    assert texts(page_xml("".join(claimed))) == [("甲", "乙")]
    assert texts(page_xml(claimed[0] + region("r9", "甲"))) == [("乙", "甲")]


def test_a_page_without_articles_is_one_and_says_so() -> None:
    """Kinds decide what is furniture; a later heading stays where it is."""
    page = page_xml(
        region("h", "报头", attributes='type="header"')
        + region("t", "标题", attributes='type="heading"')
        + region("c", "记者", attributes='type="credit"')
        + region("p", "第一段", attributes='type="paragraph"')
        + region("s", "小标题", attributes='type="heading"')
        + region("q", "第二段")
        + region("g", "图片说明", attributes='type="caption"')
    )
    assert page.articles == (
        ArticleText(("第一段", "小标题", "第二段"), title="标题", byline="记者"),
    )
    assert page.furniture == ("报头", "图片说明")
    assert not page.grouped
    assert score_page(page, page).segmentation is None


def test_a_continuation_goes_on_with_the_paragraph() -> None:
    """Over a column, say."""
    page = page_xml(region("a", "前半") + region("b", "后半", attributes='continuation="true"'))
    assert texts(page) == [("前半后半",)]


def test_the_first_reading_of_a_line_counts() -> None:
    """Of several, that of the lowest index; without one of its own, a line is its words."""
    several = (
        '<TextEquiv index="1"><Unicode>二</Unicode></TextEquiv>'
        '<TextEquiv index="0"><Unicode>一</Unicode></TextEquiv>'
    )
    word = "<Word><TextEquiv><Unicode>{}</Unicode></TextEquiv></Word>"
    glyph = "<Word><Glyph><TextEquiv><Unicode>字</Unicode></TextEquiv></Glyph></Word>"
    page = page_xml(
        f'<TextRegion id="r"><TextLine>{several}</TextLine>'
        f"<TextLine>{word.format('two')}{word.format('words')}</TextLine>"
        f"<TextLine>{word.format('文')}{glyph}</TextLine></TextRegion>"
    )
    assert [line.text for line in page.lines] == ["一", "two words", "文字"]


def test_a_region_without_lines_has_its_own_text() -> None:
    """One with lines is not read twice, nor are those in another region."""
    assert texts(
        page_xml('<TextRegion id="r"><TextEquiv><Unicode>甲\n乙</Unicode></TextEquiv></TextRegion>')
    ) == [("甲乙",)]
    inner = region("inner", "里")
    assert texts(page_xml(region("outer", "外", nested=inner))) == [("外", "里")]
    table = f'<TableRegion id="t">{region("cell", "表")}</TableRegion>'
    assert page_xml(table + region("r", "文")).furniture == ("表",)


def test_latin_lines_are_put_together_as_words() -> None:
    """A space for a line's end, a broken word whole; transcribers mark breaks in several ways."""
    page = page_xml(region("r", "The may¬", "or opened the new-", "ly built hall", "today."))
    assert texts(page) == [("The mayor opened the newly built hall today.",)]


# ALTO


def test_alto_2_has_composed_blocks_and_next_blocks() -> None:
    """Articles are composed blocks; IDNEXT says how blocks follow each other."""
    article = '<ComposedBlock ID="{}" TYPE="Article">{}</ComposedBlock>'
    first = block("b1", "一", attributes='IDNEXT="b3"') + block("b2", "三")
    second = block("b3", "二", attributes='IDNEXT="b2"')
    page = alto_xml(article.format("a1", first) + article.format("a2", second), version="2")
    assert texts(page) == [("一", "三"), ("二",)]
    chained = alto_xml(first + second, version="2")
    assert texts(chained) == [("一", "二", "三")]


def test_alto_3_has_tags_of_articles() -> None:
    """A structure tag names the article of a block; a layout tag its kind."""
    tags = (
        '<Tags><StructureTag ID="s1" TYPE="article" LABEL="甲"/>'
        '<StructureTag ID="s2" TYPE="Article"/><LayoutTag ID="k" TYPE="region" LABEL="title"/>'
        '<OtherTag ID="o" TYPE="caption"/></Tags>'
    )
    page = alto_xml(
        block("b1", "甲文", attributes='TAGREFS="s1"')
        + block("b2", "乙题", attributes='TAGREFS="k s2"')
        + block("b3", "乙文", attributes='TAGREFS="s2 none"')
        + block("b4", "图", attributes='TAGREFS="o s2"')
        + block("b5", "外"),
        tags,
        "3",
    )
    assert page.articles == (ArticleText(("甲文",)), ArticleText(("乙文",), title="乙题"))
    assert page.furniture == ("图", "外")


def test_alto_4_has_a_reading_order() -> None:
    """Of several orders the first one counts; a group may carry the tag of its article."""
    head = (
        '<Tags><StructureTag ID="s" TYPE="article"/></Tags><ReadingOrder>'
        '<OrderedGroup ID="o"><ElementRef ID="e1" REF="b2"/>'
        '<OrderedGroup ID="g" TAGREFS="s"><ElementRef ID="e2" REF="whole"/></OrderedGroup>'
        '</OrderedGroup><OrderedGroup ID="other"><ElementRef ID="e3" REF="b5"/></OrderedGroup>'
        "</ReadingOrder>"
    )
    whole = f'<ComposedBlock ID="whole">{block("b3", "三")}{block("b1", "一")}</ComposedBlock>'
    page = alto_xml(whole + block("b4", "四") + block("b2", "二") + block("b5", "五"), head)
    assert texts(page) == [("三", "一")]
    assert page.furniture == ("二", "四", "五")


def test_strings_of_alto_are_put_together() -> None:
    """Spaces where there are some or where words meet; words that a line's end parts are whole."""
    lines = (
        '<TextLine><String CONTENT="the"/><SP/><String CONTENT="new"/>'
        '<String CONTENT="may" SUBS_TYPE="HypPart1" SUBS_CONTENT="mayor"/><HYP CONTENT="-"/>'
        '</TextLine><TextLine><String CONTENT="or" SUBS_TYPE="HypPart2" SUBS_CONTENT="mayor"/><SP/>'
        '<String CONTENT="o"/><HYP/></TextLine><TextLine><String CONTENT="pened"/></TextLine>'
        '<TextLine><String CONTENT="甲"/><String CONTENT="乙"/>'
        '<String><Glyph CONTENT="丙"/></String></TextLine>'
    )
    page = alto_xml(f'<TextBlock ID="b">{lines}</TextBlock>')
    assert texts(page) == [("the new mayor opened甲乙丙",)]
    assert [line.text for line in page.lines] == ["the new may-", "or o-", "pened", "甲乙丙"]


def test_margins_and_tables_of_alto_are_furniture() -> None:
    """Headers and folios stand in margins."""
    page = parse(
        f"<alto><Layout><Page><TopMargin>{block('m', '报头')}</TopMargin><PrintSpace>"
        f'<ComposedBlock ID="t" TYPE="Table">{block("c", "表")}</ComposedBlock>'
        f"{block('b', '文')}</PrintSpace></Page></Layout></alto>"
    )
    assert (texts(page), page.furniture) == ([("文",)], ("报头", "表"))


def test_a_circle_of_next_blocks_ends() -> None:
    """Nothing is lost, nothing read twice."""
    page = alto_xml(
        block("a", "甲", attributes='IDNEXT="b"') + block("b", "乙", attributes='IDNEXT="a"')
    )
    assert texts(page) == [("甲", "乙")]


# Hostile files

BOMB = (
    '<!DOCTYPE alto [<!ENTITY a "xxxxxxxxxx">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + ']><alto><String CONTENT="&i;"/>&i;</alto>'
)
SECRET = '<!DOCTYPE alto [<!ENTITY s SYSTEM "file:///etc/hostname">]><alto>&s;</alto>'
REMOTE = '<!DOCTYPE alto SYSTEM "http://127.0.0.1:9/alto.dtd"><alto/>'


@pytest.mark.parametrize(
    "data",
    [
        BOMB.encode(),
        SECRET.encode(),
        REMOTE.encode(),
        f'<?xml version="1.0" encoding="UTF-16"?>{SECRET}'.encode("utf-16"),
        b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE alto+AD4APA-alto/+AD4-',
    ],
)
def test_what_a_document_type_names_is_not_read(data: bytes) -> None:
    """Whatever it defines, and in whatever encoding: nothing is resolved or fetched."""
    with pytest.raises(
        InputError, match=r"p\.xml: is no (well-formed XML|ALTO with a page)|declares entities"
    ):
        parse(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no xml",
        b"<alto>",
        b"<alto>&unknown;</alto>",
        b'<alto a="' + b"x" * 11_000_000 + b'"/>',
        b'<?xml version="1.0" encoding="UTF-8"?><alto>\xff</alto>',
    ],
)
def test_what_is_no_xml_is_refused_with_its_name(data: bytes) -> None:
    """Cut short, too long, another encoding."""
    with pytest.raises(InputError, match=r"p\.xml: is (no well-formed XML|empty)"):
        parse(data)


def test_included_files_are_not_read(tmp_path: Path) -> None:
    """An instruction to include another file stays what it is: no text."""
    (tmp_path / "secret.txt").write_text("secret")
    include = f'<xi:include href="{tmp_path.as_uri()}/secret.txt" parse="text"/>'
    page = parse(
        '<alto xmlns:xi="http://www.w3.org/2001/XInclude"><Layout><Page><PrintSpace>'
        '<TextBlock ID="b"><TextLine>'
        f'<String CONTENT="文"/>{include}</TextLine></TextBlock>'
        "</PrintSpace></Page></Layout></alto>"
    )
    assert texts(page) == [("文",)]


def test_other_xml_is_named() -> None:
    """A page in hOCR or TEI is no ALTO."""
    with pytest.raises(InputError, match=r"neither ALTO nor PAGE \(it begins with <html>\)"):
        parse("<html/>")


def test_a_block_counts_once_however_often_it_is_referred_to() -> None:
    """A small file does not become a large text."""
    references = '<RegionRef regionRef="r"/>' * 5_000
    order = f'<ReadingOrder><UnorderedGroup id="g">{references}</UnorderedGroup></ReadingOrder>'
    assert texts(page_xml(order + region("r", "文"))) == [("文",)]


def test_files_larger_than_pages_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By bytes, by elements and their depth, by characters, by articles."""
    with pytest.raises(RefusedError, match="more than 200 elements inside each other"):
        parse("<alto>" + "<a>" * 210 + "</a>" * 210 + "</alto>")
    many = f"<alto>{'<a/>' * 40}</alto>"
    monkeypatch.setattr(source_reader, "MAX_ELEMENTS", 15)
    with pytest.raises(RefusedError, match="more elements than any page"):
        parse(many)
    monkeypatch.setattr(source_reader, "MAX_BYTES", 3)
    with pytest.raises(RefusedError, match="more than the 0 allowed"):
        parse(many)
    text = tmp_path / "p.txt"
    text.write_text("甲乙丙", "utf-8")
    monkeypatch.setattr(page_texts, "MAX_CHARACTERS", 2)
    with pytest.raises(RefusedError, match="more than 2 characters"):
        load_page_text(text)
    monkeypatch.setattr(page_texts, "MAX_ARTICLES", 0)
    record = tmp_path / "p.json"
    record.write_text('{"articles": [{"paragraphs": []}]}')
    with pytest.raises(RefusedError, match="0 articles"):
        load_page_text(record)
    monkeypatch.setattr(page_texts, "MAX_BYTES", 3)
    with pytest.raises(RefusedError, match="more than 0 MB"):
        load_page_text(record)


def test_the_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lxml is an extra."""
    monkeypatch.setitem(sys.modules, "lxml", None)
    with pytest.raises(MissingDependencyError, match=r"newspage\[xml\]"):
        parse("<alto/>")


@given(st.binary(max_size=60), st.sampled_from([b"", b"<alto>", b"<PcGts><Page>"]))
def test_damaged_files_are_errors_for_people(noise: bytes, start: bytes) -> None:
    """Nothing else is ever raised."""
    with suppress(InputError):
        parse(start + noise)


def test_texts_come_in_the_encodings_of_archives(tmp_path: Path) -> None:
    """A GB18030 text and one with a byte order mark are read as what they say."""
    for name, data in (
        ("a.txt", "清晨的河面上起了薄雾".encode("gb18030")),
        ("b.txt", "清晨的河面上起了薄雾".encode("utf-8-sig")),
    ):
        (tmp_path / name).write_bytes(data)
        assert load_page_text(tmp_path / name).articles[0].paragraphs == ("清晨的河面上起了薄雾",)
    page = load_page_text(tmp_path / "a.txt")
    assert page == replace(page, grouped=False)
