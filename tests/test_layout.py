"""Layout as a whole, on drawn pages: what becomes an article, and in which order it is read."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newspage.config import LayoutConfig
from newspage.geometry import Box
from newspage.layout import arrange_page
from newspage.model import Detection, Direction, PageLayout, RegionKind, Separator, TextLine
from tests.drawings import EM, Drawn, drawn, line_at

BOTH = pytest.mark.parametrize("vertical", [False, True], ids=["horizontal", "vertical"])


def arranged(page: Drawn) -> PageLayout:
    """The page after layout."""
    return arrange_page(page.detection, page.image, LayoutConfig())


def told(page: Drawn) -> list[dict[str, str]]:
    """The articles of a drawn page."""
    return page.articles(arranged(page))


@BOTH
def test_a_headline_over_two_columns(vertical: bool) -> None:
    """The text goes on from the foot of the first column to the top of the second."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHHHHHHHH>

            aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbb。
        aaaaaaaaaaaaaaaaaaaaaaaa      bbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbb。
        """,
        vertical=vertical,
    )
    assert told(page) == [{"title": "H", "body": "ab"}]


@BOTH
def test_two_articles_side_by_side(vertical: bool) -> None:
    """Each headline stands over one column: no line is read across both."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHH>           <KKKKKKKKKKKKKKKK>

            aaaaaaaaaaaaaaaaaaaa         bbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa     bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaa。             bbbbbbbbbbbbbb。
            aaaaaaaaaaaaaaaaaaaa         bbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa     bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaa。                 bbbbbbbbbb。
        """,
        vertical=vertical,
    )
    assert told(page) == [{"title": "H", "body": "a"}, {"title": "K", "body": "b"}]


@BOTH
def test_articles_one_below_the_other(vertical: bool) -> None:
    """A headline inside the columns ends the article above it, a rule between them or not."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHHHHHHHH>

            aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbb。
        --------------------------------------------------
        <KKKKKKKKKKKKKKKKKKKKKKKKKKKK>

            cccccccccccccccccccc  dddddddddddddddddddddddd
        cccccccccccccccccccccccc  dddddddddddddddddddddddd
        cccccccccccccccccccccccc  dddddddddd。
        """,
        vertical=vertical,
    )
    assert told(page) == [{"title": "H", "body": "ab"}, {"title": "K", "body": "cd"}]


@BOTH
def test_three_columns_beside_a_narrow_article(vertical: bool) -> None:
    """A column rule and the headlines tell which columns belong together."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHHHHHHHH>                |  <KKKKKKKKKKKK>
                                                      |
            aaaaaaaaaaaa  bbbbbbbbbbbbbbbb  cccccccccc|      dddddddddd
        aaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbb  cccccccccc|  dddddddddddddd
        aaaaaaaaaaaaaaaa  bbbbbbbbbb。      cccccccccc|  dddddddddddddd
        aaaaaaaaaaaaaaaa      bbbbbbbbbbbb  cccccccccc|  dddddddddddddd
        aaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbb  cccccccc。|  dddddddddd。
        """,
        vertical=vertical,
    )
    assert told(page) == [{"title": "H", "body": "abc"}, {"title": "K", "body": "d"}]


@BOTH
def test_a_framed_article_is_told_by_itself(vertical: bool) -> None:
    """What stands in a frame is not mixed with the text around it."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHHHHHHHH>

            aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbb。
        aaaaaaaaaaaaaaaaaaaaaaaa  +----------------------+
        aaaaaaaaaaaaaaaaaaaaaaaa  | <KKKKKKKKKKKKKK>     |
        aaaaaaaaaaaaaaaaaaaaaaaa  |                      |
        aaaaaaaaaaaaaaaaaaaaaaaa  |     cccccccccccccccc |
        aaaaaaaaaaaaaaaaaaaaaaaa  | cccccccccccccccccccc |
        aaaaaaaaaaaaaaaaaaaaaaaa  | cccccccccccccccccc。 |
        aaaaaaaaaaaaaaaaaaaaaaaa  |     cccccccccccccccc |
        aaaaaaaaaaaaaaaaaaaaaaaa  | cccccccccccccccccccc |
        aaaaaaaaaaaaaaaaaaaaaaaa  | cccccccccccccccccccc |
        aaaaaaaaaaaaaaaaaaaaaaaa  | cccccccccccccccccc。 |
        aaaaaaaaaaaaaaaaaaaaaaaa  +----------------------+
        """,
        vertical=vertical,
    )
    found = told(page)
    assert {"title": "H", "body": "ab"} in found
    assert {"title": "K", "body": "c"} in found
    assert len(found) == 2


@BOTH
def test_a_byline_is_no_paragraph(vertical: bool) -> None:
    """The line under the headline that names who wrote it."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH>

                      本报记者陈山水

            aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbb。
        """,
        vertical=vertical,
    )
    assert told(page) == [{"title": "H", "byline": "本报记者陈山水", "body": "ab"}]


@BOTH
def test_kicker_title_and_deck(vertical: bool) -> None:
    """The largest type is the title; smaller type above it the kicker, below it the deck."""
    page = drawn(
        """
        <IIIIIIIIIIIIIIIIIIIIIIIIIIIIII>

        <<HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH>>


        <JJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJJ>

            aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbb。
        """,
        vertical=vertical,
    )
    assert told(page) == [{"kicker": "I", "title": "H", "deck": "J", "body": "ab"}]


@BOTH
def test_a_headline_of_two_lines_is_one(vertical: bool) -> None:
    """In the order in which its lines stand."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH>

        <KKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKK>

            aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbb。
        """,
        vertical=vertical,
    )
    assert told(page) == [{"title": "HK", "body": "ab"}]


@BOTH
def test_a_line_that_sends_to_another_page_ends_its_article(vertical: bool) -> None:
    """It is kept apart from the text, and no article of its own."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHHHHHHHH>

            aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa          （下转第三版）
        """,
        vertical=vertical,
    )
    assert told(page) == [{"title": "H", "body": "ab", "jump": "（下转第三版）"}]


@BOTH
def test_text_that_comes_from_another_page_has_no_headline(vertical: bool) -> None:
    """The line that says where it comes from stands in its place."""
    page = drawn(
        """
        （上接第一版）
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaa。          bbbbbbbbbbbbbbbbbbbbbbbb
            aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbb。
        --------------------------------------------------
        <KKKKKKKKKKKKKKKKKKKKKKKKKKKK>

            cccccccccccccccccccc  dddddddddddddddddddddddd
        cccccccccccccccccccccccc  dddddddddddddddddddddddd
        cccccccccccccccccccccccc  dddddddddd。
        """,
        vertical=vertical,
    )
    assert told(page) == [
        {"jump": "（上接第一版）", "body": "ab"},
        {"title": "K", "body": "cd"},
    ]


def test_text_under_a_picture_is_its_caption() -> None:
    """No paragraph of the article that the picture stands in; words in the picture are none."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHHHHHHHH>

            aaaaaaaaaaaaaaaaaaaa  %%%%%%%%%%%%%%%%%%%%%%%%
        aaaaaaaaaaaaaaaaaaaaaaaa  %%%%%%%%%%%%%%%%%%%%%%%%
        aaaaaaaaaaaaaaaaaaaaaaaa  %%%%%%%%%%%%%%%%%%%%%%%%
        aaaaaaaaaaaaaaaaaaaaaaaa  %%%%%%%%%%%%%%%%%%%%%%%%
        aaaaaaaaaaaaaaaaaaaaaaaa  cccccccccccccccccccc
        aaaaaaaaaaaaaaaaaaaaaaaa
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbb。
        """
    )
    assert told(page) == [{"title": "H", "body": "ab"}]
    assert page.furniture(arranged(page)) == [(RegionKind.CAPTION, "c")]


def test_words_in_a_picture_are_no_text() -> None:
    """Of signs in a photograph, say."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHHHHHHHH>

            aaaaaaaaaaaaaaaaaaaa  %%%%%%%%%%%%%%%%%%%%%%%%
        aaaaaaaaaaaaaaaaaaaaaaaa  %%%%%%%%%%%%%%%%%%%%%%%%
        aaaaaaaaaaaaaaaaaaaaaaaa  %%%%%%%%%%%%%%%%%%%%%%%%
        aaaaaaaaaaaaaaaaaaaaaaaa  %%%%%%%%%%%%%%%%%%%%%%%%
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbb。
        """
    )
    picture = page.detection.pictures[0]
    x, y = picture.center
    sign = line_at("sign", "人民公园", Box(x, y, x + 4 * EM, y + EM), Direction.HORIZONTAL, EM)
    page = Drawn(
        Detection((*page.detection.lines, sign), pictures=page.detection.pictures),
        page.image,
        {**page.labels, "sign": "s"},
    )
    assert told(page) == [{"title": "H", "body": "ab"}]
    assert page.furniture(arranged(page)) == [(RegionKind.OTHER, "s")]


MASTHEAD = """
<<人民城报>>    二〇一二年三月四日　星期日


--------------------------------------------------
<HHHHHHHHHHHHHHHHHHHHHHHHHHHH>

    aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbb。
"""


def test_the_masthead_is_no_headline() -> None:
    """Name of the paper and date, above a rule across the page."""
    page = drawn(MASTHEAD)
    assert told(page) == [{"title": "H", "body": "ab"}]
    kinds = {kind for kind, _ in page.furniture(arranged(page))}
    assert kinds == {RegionKind.MASTHEAD}


def test_a_table_is_read_row_by_row() -> None:
    """Not column by column, as text is."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHHHHHHHH>

            aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbb。

        @------------------------------------------------@
        | cccccccccc  dddddddddddd  eeeeeeeee            |
        | ffffff      gggggggggggg  hhhhhhhhhhhhhhhh     |
        | iiiiiiii    jjjjjjjj      kkkkkkkkkkkk         |
        @------------------------------------------------@
        """
    )
    assert told(page) == [{"title": "H", "body": "ab"}]
    assert page.furniture(arranged(page)) == [(RegionKind.TABLE, "cdefghijk")]


def test_a_speck_beside_a_column_does_not_break_its_text() -> None:
    """Read as a dot it would be a block of text that something has to follow."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHHHHHHHH>

            aaaaaaaaaaaaaaaaaaaa    bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa    bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa    bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa    bbbbbbbbbbbbbbbb。
        """
    )
    box = Box(26.4 * EM / 2, 100, 26.4 * EM / 2 + 4, 124)
    speck = line_at("speck", ".", box, Direction.HORIZONTAL, 0.0)
    found = replace(page.detection, lines=(*page.detection.lines, speck))
    whole = arrange_page(found, page.image, LayoutConfig())
    assert [line.id for line in whole.unplaced] == ["speck"]
    assert page.articles(whole) == [{"title": "H", "body": "ab"}]


def test_a_panel_of_few_words_is_an_advertisement() -> None:
    """And is no part of the article beside it."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHHHHHHHH>

            aaaaaaaaaaaaaaaaaaaa  #----------------------#
        aaaaaaaaaaaaaaaaaaaaaaaa  | <KKKKKKKKKKKKKKKK>   |
        aaaaaaaaaaaaaaaaaaaaaaaa  |                      |
        aaaaaaaaaaaaaaaaaaaaaaaa  | cccccccccccccccccc   |
        aaaaaaaaaaaaaaaaaaaaaaaa  | 订购热线五五五五     |
        aaaaaaaaaaaaaaaaaaaaaaaa  #----------------------#
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbb。
        """
    )
    assert told(page) == [{"title": "H", "body": "ab"}]
    kinds = [kind for kind, _ in page.furniture(arranged(page))]
    assert set(kinds) == {RegionKind.ADVERTISEMENT}


def test_a_few_words_without_a_sentence_are_no_article() -> None:
    """They are kept beside the articles."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHHHHHHHH>

            aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbb。



        --------------------------------------------------
        --------------------------------------------------



               cccccccccc
        """
    )
    assert told(page) == [{"title": "H", "body": "ab"}]
    assert page.furniture(arranged(page)) == [(RegionKind.OTHER, "c")]


@BOTH
def test_a_large_first_letter_begins_its_row(vertical: bool) -> None:
    """It is the first character of the paragraph, and its rows are not taken for indented."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHHHHHHHH>

        <天>aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
            aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbb。
        """,
        vertical=vertical,
    )
    found = arranged(page)
    body = [r for r in found.regions if r.kind is RegionKind.BODY]
    assert page.articles(found) == [{"title": "H", "body": "ab"}]
    assert body[0].lines[0].text.startswith("天")
    assert not found.unplaced


def test_a_headline_set_across_a_vertical_page() -> None:
    """Large type from right to left stands before the columns beside it."""
    page = drawn(
        """
        ^H        aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        ^H    aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        ^H    aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        ^H    aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        ^H    aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        ^H    aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        ^H    aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        ^H    aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbb。
        """,
        vertical=True,
    )
    assert told(page) == [{"title": "H", "body": "ab"}]
    title = next(r for r in arranged(page).regions if r.kind is RegionKind.TITLE)
    assert title.direction is Direction.HORIZONTAL_RTL


def test_nothing_found_is_an_empty_page() -> None:
    """No line, no region."""
    page = drawn("")
    found = arranged(page)
    assert found.regions == ()
    assert found.reading_order == ()


def test_a_blank_found_where_text_is_is_not_lost() -> None:
    """Though its glyph has the place of one that was read."""
    box = Box(10, 10, 30, 30)
    lines = [line_at(text, text, box, Direction.HORIZONTAL, EM) for text in ("天", " ")]
    found = arrange_page(Detection(tuple(lines)), drawn("").image, LayoutConfig())
    assert [line.text for region in found.regions for line in region.lines] == ["天"]
    assert found.unplaced == (lines[1],)


def test_lines_that_say_nothing_are_not_lost() -> None:
    """What could not be read is shown among the unplaced."""
    blank = TextLine("l1", Box(10, 10, 90, 30), Direction.HORIZONTAL)
    image = drawn("").image
    found = arrange_page(Detection((blank,)), image, LayoutConfig())
    assert found.regions == ()
    assert found.unplaced == (blank,)


WORDS = (
    "天",
    "本报记者陈山水",
    "（下转第三版）",
    "上接第2版",
    "2012年3月4日",
    "  ",
    "",
    "订购热线",
)
TEXTS = st.one_of(st.sampled_from(WORDS), st.text("城里人种树。，“”12a ", max_size=30))


@st.composite
def lines(draw: st.DrawFn, number: int) -> TextLine:
    """A line of any text anywhere on the page, which may overlap others."""
    text = draw(TEXTS)
    down = draw(st.booleans())
    size = draw(st.sampled_from((12, 20, 20, 20, 40, 60)))
    left, top = draw(st.integers(0, 600)), draw(st.integers(0, 600))
    long = max(1, len(text)) * size
    box = Box(left, top, left + (size if down else long), top + (long if down else size))
    direction = Direction.VERTICAL if down else Direction.HORIZONTAL
    return line_at(f"l{number}", text, box, direction, float(size) * draw(st.booleans()))


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    """Any box on the page."""
    left, top = draw(st.integers(0, 600)), draw(st.integers(0, 600))
    return Box(left, top, left + draw(st.integers(1, 500)), top + draw(st.integers(1, 500)))


@st.composite
def detections(draw: st.DrawFn) -> Detection:
    """A page no paper would print."""
    count = draw(st.integers(0, 14))
    areas = st.lists(boxes(), max_size=2).map(tuple)
    rules = [Separator(draw(boxes()), draw(st.booleans())) for _ in range(draw(st.integers(0, 3)))]
    found = tuple(draw(lines(number=i)) for i in range(count))
    frames, panels, pictures, tables = (draw(areas) for _ in range(4))
    return Detection(found, tuple(rules), frames, panels, pictures, tables)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(detections())
def test_no_glyph_is_lost_or_doubled(detection: Detection) -> None:
    """Whatever the page: every glyph lies in one region or in an unplaced line, none twice."""
    page = arrange_page(detection, drawn("").image, LayoutConfig())
    placed = [line for region in page.regions for line in region.lines]
    found = [g for line in (*placed, *page.unplaced) for g in line.glyphs]
    there = [g for line in detection.lines for g in line.glyphs]
    assert Counter(found) == Counter(there)
    ids = Counter(line.id for line in (*placed, *page.unplaced))
    assert max(ids.values(), default=1) == 1
    assert set(ids) <= {line.id for line in detection.lines}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(detections())
def test_the_order_is_one_of_all_regions(detection: Detection) -> None:
    """A permutation, and the regions of an article follow each other in it."""
    page = arrange_page(detection, drawn("").image, LayoutConfig())
    assert Counter(page.reading_order) == Counter(r.id for r in page.regions)
    by_id = {r.id: r for r in page.regions}
    owners = [by_id[i].article for i in page.reading_order]
    runs = [a for a, b in zip(owners, [None, *owners], strict=False) if a != b and a is not None]
    assert len(runs) == len(set(runs))
    assert all(r.lines for r in page.regions)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(detections())
def test_layout_is_a_function(detection: Detection) -> None:
    """The same page twice, the same answer twice."""
    image = drawn("").image
    once, twice = (arrange_page(detection, image, LayoutConfig()) for _ in range(2))
    assert once == twice
