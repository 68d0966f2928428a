"""An export that is imported and exported again has the same bytes, whatever was decided."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newspage.decisions import merge_decisions
from newspage.edits.clean_text import derive_page
from newspage.formats.document import PageDocument
from newspage.formats.exporters import render_page
from newspage.geometry import Box
from newspage.model import (
    FURNITURE_KINDS,
    ArticleRecord,
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
from tests.decided_pages import decisions_on, pages
from tests.fakes import chars_of, line_of
from tests.importing import come_back, import_bytes
from tests.test_formats_interchange import page_of_everything

FORMATS = ("alto", "page", "hocr")


@pytest.mark.parametrize("name", FORMATS)
def test_everything_a_page_holds_comes_back(name: str) -> None:
    """Corrections, columns, furniture, loose lines, pictures and rules; two prefixes of ids."""
    document = PageDocument(page_of_everything(), "p3", Publication("洛阳日报", page="3"))
    first, second = come_back(document, name)
    assert second.decode() == first.decode()


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_decided_pages_come_back(data: st.DataObject) -> None:
    """Texts corrected, regions given to other articles, articles moved."""
    record = data.draw(pages())
    merged = merge_decisions(record, data.draw(decisions_on(record))).record
    for name in FORMATS:
        first, second = come_back(PageDocument(merged, "p1"), name)
        assert second.decode() == first.decode(), name


def test_the_text_is_read_as_it_was_corrected() -> None:
    """What is exported as text is what is imported; it is no longer a correction."""
    record = page_of_everything()
    for name in FORMATS:
        data = render_page(PageDocument(record, "p3"), name)
        imported = import_bytes(data, name, record.page.scan)
        lines = [line for r in imported.page.regions for line in r.lines]
        assert sorted(line.text for line in lines) == ["标题", "甲已丙。", "竖排", "第3版"]
        assert [line.text for line in imported.page.unplaced] == ["孤"]
        assert imported.corrections == ()


@pytest.mark.parametrize("name", ["alto", "page"])
def test_articles_and_kinds_come_back(name: str) -> None:
    """With their order, their headlines, their identifiers."""
    record = page_of_everything()
    imported = import_bytes(render_page(PageDocument(record), name), name, record.page.scan)
    assert [(a.id, join_chars(a.title)) for a in imported.articles] == [
        ("2-a1", ""),
        ("1-a1", "标题"),
    ]
    assert [p.text for a in imported.articles for p in a.paragraphs] == ["竖排", "甲已丙。"]
    before = {r.id: (r.kind, r.article, r.direction) for r in record.page.regions}
    after = {r.id: (r.kind, r.article, r.direction) for r in imported.page.regions}
    assert after == before
    assert [f.text for f in imported.furniture] == ["第3版"]


def heads() -> PageRecord:
    """An article with kicker, title, deck and byline, Latin lines, and furniture of two lines."""
    kinds = (
        RegionKind.KICKER,
        RegionKind.TITLE,
        RegionKind.DECK,
        RegionKind.BYLINE,
        RegionKind.BODY,
        RegionKind.MASTHEAD,
    )
    texts = (
        ("肩",),
        ("题一", "题二"),
        ("副",),
        ("记者",),
        ("School of", "Music"),
        ("某报", "三版"),
    )
    regions, top = [], 0.0
    for number, (kind, rows) in enumerate(zip(kinds, texts, strict=True), 1):
        lines = []
        for row, string in enumerate(rows):
            lines.append(line_of(string, f"l{number}_{row}", top))
            top += 20
        box = Box(0, lines[0].box.top, 200, lines[-1].box.bottom)
        key = None if kind is RegionKind.MASTHEAD else "a:1"
        regions.append(Region(f"r {number}", kind, box, tuple(lines), Direction.HORIZONTAL, key))
    scan = Scan(Path("p.png"), "1" * 64, 300, 300)
    page = PageLayout(scan, tuple(regions), tuple(r.id for r in regions))
    chars = [tuple(c for line in r.lines for c in chars_of(line)) for r in regions]
    body = regions[4].lines
    space = replace(chars_of(body[0])[-1], text=" ")
    text = Paragraph((*chars_of(body[0]), space, *chars_of(body[1])))
    own = tuple(r.id for r in regions[:5])
    kicker, title, deck, byline, _, _ = chars
    article = ArticleRecord("a:1", kicker, title, deck, byline, (text,), own)
    return derive_page(PageReading(page, (article,)))


@pytest.mark.parametrize("name", ["alto", "page"])
def test_kinds_of_headings_come_back(name: str) -> None:
    """PAGE has one word for three of them."""
    record = heads()
    first, second = come_back(PageDocument(record, "p"), name)
    assert second.decode() == first.decode()
    imported = import_bytes(first, name, record.page.scan)
    assert [r.kind for r in imported.page.regions] == [r.kind for r in record.page.regions]
    (article,) = imported.articles
    assert [join_chars(h) for h in article.heads] == ["肩", "题一题二", "副", "记者"]
    assert article.paragraphs[0].text == "School of Music"


def test_a_blank_between_lines_is_on_neither() -> None:
    """It parts words in the running text; no line is called corrected for it."""
    data = render_page(PageDocument(heads(), "p"), "alto").decode()
    assert 'CONTENT="School of"' in data
    assert "CS=" not in data


WORDS = st.text(st.sampled_from("甲乙丙丁abc 1，。.'\"<&\u3000"), min_size=0, max_size=12)


@st.composite
def lines(draw: st.DrawFn, name: str) -> TextLine:
    """A line of any characters, at any place, in any direction."""
    text = draw(WORDS)
    left, top = draw(st.integers(0, 380)), draw(st.integers(0, 280))
    glyphs = tuple(
        Glyph(
            c,
            Box(left + i, top, left + i + draw(st.integers(0, 9)), top + draw(st.integers(0, 9))),
            draw(st.integers(0, 1000)) / 1000,
        )
        for i, c in enumerate(text)
    )
    box = Box(left, top, left + draw(st.integers(0, 40)), top + draw(st.integers(0, 40)))
    polygon = draw(st.just(()) | st.just(box.polygon))
    size = draw(st.sampled_from([0.0, 12.5]))
    direction = draw(st.sampled_from(list(Direction)))
    return TextLine(name, box, direction, polygon, size, glyphs=glyphs)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_page_comes_back(data: st.DataObject) -> None:
    """Empty lines, marks of XML, glyphs without extent, lines over the edge of the page."""
    kinds = st.sampled_from(list(RegionKind))
    regions, loose = [], []
    for number in range(data.draw(st.integers(0, 4))):
        own = tuple(data.draw(lines(f"l{number}-{i}")) for i in range(data.draw(st.integers(0, 3))))
        kind = data.draw(kinds)
        article = None if kind in FURNITURE_KINDS else "a1"
        box = Box(number, number, number + 5, number + 5)
        regions.append(Region(f"r{number}", kind, box, own, Direction.HORIZONTAL, article))
    if data.draw(st.booleans()):
        loose.append(data.draw(lines("loose")))
    scan = Scan(Path("a.png"), "0" * 64, 400, 300)
    order = tuple(r.id for r in regions)
    page = PageLayout(scan, tuple(regions), order, unplaced=tuple(loose))
    inside = tuple(r.id for r in regions if r.article)
    articles = (ArticleRecord("a1", regions=inside),) if inside else ()
    record = derive_page(PageReading(page, articles))
    for name in FORMATS:
        first, second = come_back(PageDocument(record, "p"), name)
        assert second.decode() == first.decode(), name
