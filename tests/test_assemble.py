"""From regions in reading order to articles."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newspage.assemble import AssembledText, assemble_articles
from newspage.config import AssembleConfig, LayoutConfig
from newspage.geometry import Box
from newspage.layout import arrange_page
from newspage.model import (
    Char,
    Detection,
    Direction,
    PageLayout,
    Region,
    RegionKind,
    Scan,
    TextLine,
    join_chars,
)
from tests.drawings import drawn, line_at

SCAN = Scan(Path("drawn.png"), "", 1000, 1000)


def page_of(*parts: tuple[RegionKind, str | None, str]) -> PageLayout:
    """A page with a region of one or more lines for each kind, article and text."""
    regions = []
    top = 0
    for number, (kind, article, text) in enumerate(parts):
        lines = []
        for i, words in enumerate(text.split("/")):
            box = Box(0, top, 20 * max(1, len(words)), top + 22)
            lines.append(line_at(f"l{number}.{i}", words, box, Direction.HORIZONTAL, 20))
            top += 28
        box = Box(0, 0, 900, top)
        regions.append(Region(f"r{number}", kind, box, tuple(lines), Direction.HORIZONTAL, article))
    return PageLayout(SCAN, tuple(regions), tuple(r.id for r in regions))


def assembled(*parts: tuple[RegionKind, str | None, str]) -> AssembledText:
    """What is made of such a page."""
    return assemble_articles(page_of(*parts), AssembleConfig())


def test_the_parts_of_an_article() -> None:
    """Each kind of region has its place, lines of a headline follow each other."""
    made = assembled(
        (RegionKind.KICKER, "a1", "城里新事"),
        (RegionKind.TITLE, "a1", "人家修桥/开渠办学"),
        (RegionKind.DECK, "a1", "大家都说好"),
        (RegionKind.BYLINE, "a1", "本报记者陈山水"),
        (RegionKind.BODY, "a1", "城里人家种树修桥,"),
    )
    (article,) = made.articles
    assert join_chars(article.kicker) == "城里新事"
    assert join_chars(article.title) == "人家修桥开渠办学"
    assert join_chars(article.deck) == "大家都说好"
    assert join_chars(article.byline) == "本报记者陈山水"
    assert [p.text for p in article.paragraphs] == ["城里人家种树修桥，"]
    assert article.regions == ("r0", "r1", "r2", "r3", "r4")
    assert made.furniture == ()
    assert made.problems == ()


def test_lines_of_latin_words_meet_with_a_space() -> None:
    """In headlines, bylines and running text, in Chinese text too; every space is traced."""
    made = assembled(
        (RegionKind.KICKER, "a1", "AT THE/HALL"),
        (RegionKind.TITLE, "a1", "PENNSYLVANIA/RESERVES"),
        (RegionKind.DECK, "a1", "Three Lines/of It"),
        (RegionKind.BYLINE, "a1", "BY ANN/LEE"),
        (RegionKind.BODY, "a1", "the arrival/of its 18/new ships at twenty-/five a day"),
        (RegionKind.BODY, "a2", "他毕业于School of/Music，后来/在城里办学"),
        (RegionKind.CAPTION, None, "The Hall/in May"),
    )
    english, chinese = made.articles
    heads = [join_chars(chars) for chars in english.heads]
    assert heads == ["AT THE HALL", "PENNSYLVANIA RESERVES", "Three Lines of It", "BY ANN LEE"]
    assert english.paragraphs[0].text == "the arrival of its 18 new ships at twenty-five a day"
    assert chinese.paragraphs[0].text == "他毕业于School of Music，后来在城里办学"
    assert [f.text for f in made.furniture] == ["The Hall\nin May"]
    first = english.paragraphs[0].chars[11]
    assert (first.text, first.line, first.glyph) == (" ", "l4.0", 10)


def test_articles_come_in_reading_order() -> None:
    """Not in that of their regions in the page."""
    page = page_of((RegionKind.BODY, "a2", "城里人"), (RegionKind.BODY, "a1", "种树"))
    turned = PageLayout(page.scan, page.regions, page.reading_order[::-1])
    assert [a.id for a in assemble_articles(turned, AssembleConfig()).articles] == ["a1", "a2"]


def test_where_an_article_goes_on() -> None:
    """The page as a number, however it is printed; the line itself is furniture."""
    made = assembled(
        (RegionKind.TITLE, "a1", "人家修桥"),
        (RegionKind.BODY, "a1", "城里人家种树修桥"),
        (RegionKind.JUMP, "a1", "（下转第十二版）"),
    )
    assert made.articles[0].continues == "12"
    assert made.articles[0].continued_from is None
    assert [(f.kind, f.text) for f in made.furniture] == [(RegionKind.JUMP, "（下转第十二版）")]


def test_where_an_article_comes_from() -> None:
    """Such a part has no headline."""
    made = assembled(
        (RegionKind.JUMP, "a1", "（上接第1版）"), (RegionKind.BODY, "a1", "城里人家种树修桥")
    )
    assert made.articles[0].continued_from == "1"
    assert made.articles[0].continues is None
    assert made.articles[0].title == ()


def test_furniture_keeps_its_lines() -> None:
    """A line break between them, and no article of its own."""
    made = assembled((RegionKind.TABLE, None, "种树/修桥"), (RegionKind.FOLIO, None, "3"))
    assert [f.text for f in made.furniture] == ["种树\n修桥", "3"]
    assert made.articles == ()


def test_a_wide_gap_in_a_headline_is_a_blank() -> None:
    """Between two words set apart; evenly spaced type has none."""
    text = "人家修桥"
    line = line_at("l1", text, Box(0, 0, 160, 44), Direction.HORIZONTAL, 40)
    apart = [
        g if i < 2 else Box(g.box.left + 80, 0, g.box.right + 80, 44)
        for i, g in enumerate(line.glyphs)
    ]
    glyphs = tuple(
        type(g)(g.text, moved if isinstance(moved, Box) else g.box, g.confidence)
        for g, moved in zip(line.glyphs, apart, strict=True)
    )
    wide = TextLine("l1", Box(0, 0, 240, 44), line.direction, size=40, glyphs=glyphs)
    for found, title in ((line, "人家修桥"), (wide, "人家 修桥")):
        region = Region("r1", RegionKind.TITLE, found.box, (found,), found.direction, "a1")
        made = assemble_articles(PageLayout(SCAN, (region,), ("r1",)), AssembleConfig())
        assert join_chars(made.articles[0].title) == title


def test_trouble_is_told() -> None:
    """An empty page, and lines that fit nowhere."""
    assert assemble_articles(PageLayout(SCAN, (), ()), AssembleConfig()).problems
    lost = PageLayout(
        SCAN, (), (), unplaced=(line_at("l1", "人", Box(0, 0, 9, 9), Direction.HORIZONTAL, 9),)
    )
    assert "1" in assemble_articles(lost, AssembleConfig()).problems[0].message


@st.composite
def pages(draw: st.DrawFn) -> Detection:
    """Lines of print in any disorder."""
    lines = []
    for i in range(draw(st.integers(0, 12))):
        text = draw(st.text('城里人，。,."3 (…', min_size=1, max_size=24))
        left, top = draw(st.sampled_from((0, 300, 600))), 28 * draw(st.integers(0, 20))
        size, down = draw(st.sampled_from((20, 20, 42))), draw(st.booleans())
        long = size * len(text)
        box = Box(left, top, left + (size if down else long), top + (long if down else size))
        direction = Direction.VERTICAL if down else Direction.HORIZONTAL
        lines.append(line_at(f"l{i}", text, box, direction, size))
    return Detection(tuple(lines))


def characters(made: AssembledText) -> list[Char]:
    """All of them, of articles and furniture."""
    found = []
    for a in made.articles:
        found += [a.kicker, a.title, a.deck, a.byline, *(p.chars for p in a.paragraphs)]
    return [c for chars in (*found, *(f.chars for f in made.furniture)) for c in chars]


SAME = str.maketrans("，。“”（）…", ',.""()…')


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pages())
def test_every_character_has_a_home(detection: Detection) -> None:
    """It leads to a glyph of a line of the page, which reads the same but for its form."""
    page = arrange_page(detection, drawn("").image, LayoutConfig())
    glyphs = {
        (line.id, i): g.text
        for region in page.regions
        for line in region.lines
        for i, g in enumerate(line.glyphs)
    }
    for char in characters(assemble_articles(page, AssembleConfig())):
        read = glyphs[char.line, char.glyph]
        same = char.text.translate(SAME) == read.translate(SAME)
        assert same or char.text.isspace() or (char.text == "…" and read in ".…")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pages())
def test_every_line_of_a_region_is_told(detection: Detection) -> None:
    """Each ideograph once: in an article or in the furniture."""
    page = arrange_page(detection, drawn("").image, LayoutConfig())
    made = assemble_articles(page, AssembleConfig())
    told = [(c.line, c.glyph) for c in characters(made) if c.text in "城里人3"]
    there = [
        (line.id, i)
        for region in page.regions
        for line in region.lines
        for i, g in enumerate(line.glyphs)
        if g.text in "城里人3"
    ]
    assert len(told) == len(set(told))
    jumps = {line.id for r in page.regions if r.kind is RegionKind.JUMP for line in r.lines}
    assert {t for t in told if t[0] not in jumps} == {t for t in there if t[0] not in jumps}
