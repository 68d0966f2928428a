"""The text layer of PDF: every character, in reading order, on its printed glyph."""

import statistics
from collections.abc import Callable
from dataclasses import astuple, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from newspage.edits.clean_text import derive_page
from newspage.formats.characters import collect_printed_lines
from newspage.formats.document import PageDocument
from newspage.formats.searchable_pdf import render_pdf
from newspage.formats.searchable_pdf.character_cells import clean_for_pdf, place_line
from newspage.formats.searchable_pdf.glyphless_font import GlyphlessFont
from newspage.geometry import Box, union_boxes
from newspage.model import (
    Char,
    Direction,
    Glyph,
    PageLayout,
    PageReading,
    PageRecord,
    Paragraph,
    Scan,
    TextLine,
)
from tests.pdf_reading import (
    characters_of,
    document_of,
    draw_by_pdfium,
    glyphs_in,
    line_along,
    run_poppler,
    squeezed,
    strings_of,
    words_of,
)

WIDTH, HEIGHT = 600, 400
THIRD = 1 / 3


@pytest.fixture(name="scan", scope="module")
def _scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A white page of 300 dpi."""
    path = tmp_path_factory.mktemp("scans") / "p1.png"
    Image.new("L", (WIDTH, HEIGHT), 255).save(path, dpi=(300, 300))
    return path


def columns(*texts: str, left: float, top: float = 40.0) -> tuple[TextLine, ...]:
    """Columns of vertical text, the first one at the right."""
    return tuple(
        line_along(text, f"c{left}-{i}", (left - 30 * i, top), (0, 21))
        for i, text in enumerate(texts)
    )


def rows(*texts: str, left: float, top: float = 40.0) -> tuple[TextLine, ...]:
    """Lines of horizontal text, one below the other."""
    return tuple(
        line_along(text, f"r{left}-{i}", (left, top + 30 * i), (21, 0))
        for i, text in enumerate(texts)
    )


def text_of(document: PageDocument) -> str:
    """All text of a page in the order of its regions."""
    lines = collect_printed_lines(document.record)
    order = [line.id for region in document.record.page.regions for line in region.lines]
    return "".join(lines[name].text for name in order)


def mixed(scan: Path) -> PageDocument:
    """Vertical articles, the right one first, one of rows, and a masthead set from the right."""
    return document_of(
        scan,
        columns("災區待賑", "松陵水災善後會議，", "昨日下午二時開。", left=560),
        columns("新到各貨", "參燕銀耳丸散膏丹", left=400),
        rows("标题在此", "正文第一行，𠀀人", "第二行ABC 12", left=40),
        (line_along("報公陵松", "m", (300, 340), (-24, 0)),),
    )


def test_poppler_reads_the_articles_in_order(scan: Path, tmp_path: Path) -> None:
    """Line by line, columns from the right, with no space between characters."""
    read = run_poppler(render_pdf(mixed(scan)), tmp_path, "-raw")
    assert read.split("\n") == [
        "災區待賑",
        "松陵水災善後會議，",
        "昨日下午二時開。",
        "新到各貨",
        "參燕銀耳丸散膏丹",
        "标题在此",
        "正文第一行，𠀀人",
        "第二行ABC 12",
        "報公陵松",
        "\f",
    ]


def test_poppler_finds_every_character_by_layout(scan: Path, tmp_path: Path) -> None:
    """Its own analysis of the page puts columns together without a gap as well."""
    read = run_poppler(render_pdf(mixed(scan)), tmp_path)
    assert sorted(squeezed(read)) == sorted(squeezed(text_of(mixed(scan))))
    for line in ("松陵水災善後會議，", "參燕銀耳丸散膏丹", "正文第一行，𠀀人"):
        assert line in read


def test_pdfium_reads_the_articles_in_order(scan: Path) -> None:
    """As Chrome copies them; it would sort columns from left to right."""
    read = "".join(c.text for c in characters_of(render_pdf(mixed(scan))))
    assert read == squeezed(text_of(mixed(scan)))


def offsets(document: PageDocument, data: bytes) -> list[float]:
    """How far the middle of each character is from that of its glyph, in sizes of the glyph."""
    scale = 72 / (document.record.page.scan.dpi or 300)
    order = [line.id for region in document.record.page.regions for line in region.lines]
    lines = collect_printed_lines(document.record)
    wanted = glyphs_in(lines[name] for name in order)
    found = characters_of(data)
    assert [c.text for c in found] == [text for text, _ in wanted]
    far = []
    for one, (_, box) in zip(found, wanted, strict=True):
        (x, y), (x0, y0) = one.box.center, box.center
        far.append(max(abs(x / scale - x0), abs(y / scale - y0)) / max(box.width, box.height))
    return far


Maker = Callable[[], tuple[TextLine, ...]]
SHAPES: dict[str, Maker] = {
    "rows": lambda: rows("标题", "正文第一行，好人", "第二行", left=40),
    "rows from the right": lambda: (line_along("報公陵松第二", "m", (300, 100), (-24, 0)),),
    "columns": lambda: columns("災區", "松陵水災善後會議，", "昨日下午二時", left=560),
    "askew": lambda: (line_along("一二三四五六七八九十百千", "s", (40, 100), (24, 2)),),
    "columns askew": lambda: (line_along("一二三四五六七八九十", "s", (300, 40), (1.6, 22)),),
    "on its head": lambda: (line_along("一二三四五", "s", (400, 300), (-22, -0.1)),),
    "on its side": lambda: (line_along("一二三四五", "s", (300, 300), (0.1, -22)),),
    "spaced": lambda: (line_along("公告", "s", (40, 100), (90, 0)),),
    "narrow": lambda: (line_along("newspaper", "s", (40, 100), (8, 0), 12),),
    "one": lambda: (line_along("版", "s", (40, 100), (0, 0)),),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_characters_lie_on_their_glyphs(scan: Path, shape: str) -> None:
    """However the line runs, also on a scan that lies on its side."""
    document = document_of(scan, SHAPES[shape]())
    far = offsets(document, render_pdf(document))
    limit = THIRD if shape not in ("spaced", "narrow") else 1.0
    assert statistics.median(far) < limit
    assert max(far) < (2 * THIRD if limit == THIRD else 2.0)


@pytest.mark.parametrize("shape", ["rows", "columns", "askew", "columns askew"])
def test_words_of_poppler_lie_on_their_glyphs(scan: Path, tmp_path: Path, shape: str) -> None:
    """What its search marks: the box around the glyphs, to a third of one."""
    document = document_of(scan, SHAPES[shape]())
    words = words_of(render_pdf(document), tmp_path)
    printed = list(collect_printed_lines(document.record).values())
    assert sorted("".join(text for text, _ in words)) == sorted("".join(p.text for p in printed))
    for text, box in words:
        (line,) = (p for p in printed if text in p.text)
        start = line.text.index(text)
        glyphs = union_boxes(c.box for c in line.characters[start : start + len(text)])
        sides = zip(astuple(box), astuple(glyphs), strict=True)
        assert statistics.median(abs(a * 300 / 72 - b) for a, b in sides) < 20 * THIRD


@pytest.mark.parametrize(("step", "count"), [((24, 0.4), 1), ((0.3, 22), 1), ((24, 2), 3)])
def test_a_line_that_is_a_little_askew_is_one_word(
    scan: Path, tmp_path: Path, step: tuple[float, float], count: int
) -> None:
    """Of Poppler, by which a search finds what stands in it; one far askew falls into pieces."""
    document = document_of(scan, (line_along("一二三四五六七八九十百千", "s", (40, 40), step),))
    assert len(words_of(render_pdf(document), tmp_path)) <= count


def test_characters_lie_on_the_ink(tmp_path: Path) -> None:
    """Of a scan with squares for glyphs: where the middle of each is, the page is black."""
    lines = (*columns("災區", "松陵水災善後", left=560), *rows("正文第一行", left=40))
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for glyph in (g for line in lines for g in line.glyphs):
        left, top, right, bottom = (
            round(v) for v in (glyph.box.left, glyph.box.top, glyph.box.right, glyph.box.bottom)
        )
        page[top + 4 : bottom - 4, left + 4 : right - 4] = 0
    Image.fromarray(page).save(tmp_path / "p1.png", dpi=(200, 200))
    data = render_pdf(document_of(tmp_path / "p1.png", lines))
    drawn = draw_by_pdfium(data, WIDTH, HEIGHT)
    found = characters_of(data)
    assert len(found) == 13
    for one in found:
        x, y = (round(v * 200 / 72) for v in one.box.center)
        assert drawn[y, x] < 50, one.text


def test_corrected_text_is_what_can_be_sought(scan: Path, tmp_path: Path) -> None:
    """A character that was put right, one that was put in, and one that was taken out."""
    document = document_of(scan, (*rows("标题", "甲己丙丁", left=40),))
    record = document.record
    line = record.page.regions[1].lines[0]
    read = [Char(g.text, line.id, i) for i, g in enumerate(line.glyphs)]
    clean = (read[0], Char("已", line.id, 1, "c1"), read[2], Char("。", line.id, 2, "c2"))
    article = replace(record.articles[0], paragraphs=(Paragraph(clean),))
    corrected = replace(document, record=replace(record, articles=(article,)))
    data = render_pdf(corrected)
    assert run_poppler(data, tmp_path, "-raw").split("\n")[1] == "甲已丙。"
    found = {c.text: c.box for c in characters_of(data)}
    scale = 72 / 300
    assert abs(found["已"].center[0] / scale - line.glyphs[1].box.center[0]) < 7
    # What was put in shares the place of what it stands beside.
    assert line.glyphs[2].box.left - 7 < found["。"].center[0] / scale < line.glyphs[3].box.left


def test_what_has_no_place_joins_what_stands_before(scan: Path) -> None:
    """A glyph that the line does not have; the others stay on theirs."""
    document = document_of(scan, (*rows("标题", "甲乙丙丁", left=40),))
    record = document.record
    line = record.page.regions[1].lines[0]
    clean = (
        *(Char(g.text, line.id, i) for i, g in enumerate(line.glyphs)),
        Char("！", line.id, 99),
    )
    article = replace(record.articles[0], paragraphs=(Paragraph(clean),))
    data = render_pdf(replace(document, record=replace(record, articles=(article,))))
    assert ["".join(c for c, _ in s) for s in strings_of(data)][1] == "甲乙丙丁！"
    found = {c.text: c.box.center[0] * 300 / 72 for c in characters_of(data)}
    assert abs(found["乙"] - line.glyphs[1].box.center[0]) < 7
    assert found["丁"] < found["！"] < line.box.right + 7


def test_furniture_and_lines_that_fit_nowhere_can_be_sought(scan: Path, tmp_path: Path) -> None:
    """The latter come last."""
    document = document_of(scan, rows("标题", "正文", left=40))
    loose = line_along("孤行", "l9", (40, 300), (21, 0))
    page = replace(document.record.page, unplaced=(loose,))
    document = replace(document, record=replace(document.record, page=page))
    assert run_poppler(render_pdf(document), tmp_path, "-raw").split() == ["标题", "正文", "孤行"]


def test_a_page_without_text_is_a_page(tmp_path: Path, scan: Path) -> None:
    """Its scan alone."""
    assert run_poppler(render_pdf(document_of(scan)), tmp_path).strip() == ""


ODD = ["\x00", "\x01", "\x7f", "\x85", "\ud800", "\udfff", "\ufeff", "\ufffe", "\uffff", "\t", "\n"]
TEXTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(ODD),
        st.characters(min_codepoint=0x10000, max_codepoint=0x10FFFF),
        st.sampled_from("人民日报אבגمرحبا e\u0301\u200f\u202e"),
    ),
    min_size=1,
    max_size=30,
)


@given(TEXTS, st.sampled_from([(21.0, 0.0), (-21.0, 0.0), (0.0, 12.0), (0.0, 0.0), (3.0, 3.0)]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_can_be_read_back(scan: Path, text: str, step: tuple[float, float]) -> None:
    """By the tables of the font, whatever characters it holds and wherever they lie."""
    line = line_along(text, "x", (300.0, 20.0), step)
    data = render_pdf(document_of(scan, (line,)))
    strings = strings_of(data)
    assert "".join(c for string in strings for c, _ in string) == clean_for_pdf(text)
    assert all(width >= 100 for string in strings for _, width in string)
    assert not {c for string in strings for c, _ in string} & set(ODD) - {"\x7f", "\x85"}
    document = mixed(scan)
    assert len(clean_for_pdf(text_of(document))) == len(text_of(document))


BOXES = st.tuples(
    *[st.floats(0, 500, allow_nan=False)] * 2, *[st.floats(0, 90, allow_nan=False)] * 2
).map(lambda v: Box(v[0], v[1], v[0] + v[2], v[1] + v[3]))


@given(st.lists(BOXES, min_size=1, max_size=12), st.sampled_from(list(Direction)))
@settings(deadline=None)
def test_any_places_make_a_line(boxes: list[Box], direction: Direction) -> None:
    """Also those of glyphs that lie on each other, or have no width."""
    glyphs = tuple(Glyph("字", box, 0.5) for box in boxes)
    line = TextLine("x", boxes[0], direction, glyphs=glyphs)
    placed = place_line(next(iter(collect_printed_lines(_page_of(line)).values())))
    assert placed is not None
    assert "".join(c for c, _ in placed.characters) == "字" * len(boxes)
    assert placed.em > 0
    assert placed.height > 0
    assert abs(np.hypot(*placed.direction) - 1) < 1e-9


def test_astral_and_rare_characters_reach_poppler(scan: Path, tmp_path: Path) -> None:
    """Beyond the first plane, compatibility and full-width forms: none becomes another."""
    text = "𠮷𪚥😀豈ＡＢ〇㐀々︰"
    data = render_pdf(document_of(scan, rows(text, left=40)))
    assert run_poppler(data, tmp_path, "-raw").strip() == text


def test_widths_lead_from_glyph_to_glyph() -> None:
    """And never drift, though they are rounded: the last edge is right to a tenth of the em."""
    steps = [17, 23, 19, 20, 30, 20, 11, 20, 20, 25, 15, 20, 21]
    starts = [sum(steps[:i]) for i in range(len(steps))]
    glyphs = tuple(
        Glyph("字", Box(x, 0, x + step, 20), 0.9) for x, step in zip(starts, steps, strict=True)
    )
    line = TextLine("x", Box(0, 0, sum(steps), 20), Direction.HORIZONTAL, glyphs=glyphs)
    placed = place_line(next(iter(collect_printed_lines(_page_of(line)).values())))
    assert placed is not None
    reached = 0.0
    for (_, width), end in zip(placed.characters, [*starts[1:], sum(steps)], strict=True):
        reached += width / 1000 * placed.em
        assert abs(reached - end) <= 0.13 * placed.em


def test_a_font_that_is_full_is_followed_by_another() -> None:
    """Codes have two bytes; a line is never cut in two."""
    font = GlyphlessFont()
    names = [
        font.encode_line([(chr(0x20000 + i), 1000) for i in range(start, start + 30_000)])[0]
        for start in (0, 30_000, 10_000, 40_000)
    ]
    assert names == ["F1", "F1", "F1", "F2"]
    name, codes = font.encode_line([(chr(0x20000 + i), 1000) for i in (40_000, 40_001, 40_000)])
    assert name == "F2"
    assert codes[0] == codes[2] != codes[1]


def _page_of(line: TextLine) -> PageRecord:
    page = PageLayout(Scan(Path("a.png"), "", 600, 600), (), (), unplaced=(line,))
    return derive_page(PageReading(page))
