"""Headlines that are stacks of display lines, and headlines that were left without text."""

from collections import Counter

import pytest

from benchmarks.layout_exact import count_page
from benchmarks.pages.random_pages import dense_page
from newspage.config import LayoutConfig
from newspage.geometry import Box, union_boxes
from newspage.layout import arrange_page
from newspage.layout.bare_headlines import place_bare_headlines
from newspage.layout.flow import Story
from newspage.layout.furniture import find_margin_lines
from newspage.layout.headline import Headline
from newspage.layout.headline_stacks import join_stacks
from newspage.layout.headlines import find_headlines
from newspage.layout.text_blocks import TextBlock, group_into_blocks
from newspage.layout.view import Row
from newspage.layout.zone_context import ZoneContext, is_separated
from newspage.model import Detection, Direction, RegionKind, Separator
from tests.drawings import EM, drawn, line_at
from tests.layout_rows import WORDS, around, body, row_of

BOTH = pytest.mark.parametrize("vertical", [False, True], ids=["horizontal", "vertical"])


def stacks(rows: list[Row], bodies: list[TextBlock], *rules: Separator) -> list[str]:
    """The texts of the headlines that rows of display type make."""
    blocks = [*group_into_blocks(rows, rules, float(EM)), *bodies]
    found = join_stacks(find_headlines(blocks, around(*rules)), around(*rules))
    return ["|".join(r.text for r in h.rows) for h in found.heads]


STAIRS = [
    row_of("修桥的事", 100, 100, 40),
    row_of("城里人家种树", 220, 160, 80),
    row_of("开渠办学的事", 560, 260, 30),
]
"""Three lines, each of its own size and set in further than the one before."""


def test_lines_set_in_differently_are_one_headline() -> None:
    """Though hardly one stands under the other."""
    assert stacks(STAIRS, [body(100, 320), body(380, 320)]) == [
        "修桥的事|城里人家种树|开渠办学的事"
    ]


@pytest.mark.parametrize("thick", [1.0, 1.2, 1.4, 1.6])
def test_how_thick_lines_are_found_does_not_matter(thick: float) -> None:
    """Boxes may overlap where the type does not."""
    rows = [
        row_of("修桥的事", 100, 100, 40, thick=thick),
        row_of("城里人家种树", 100, 150, 80, thick=thick),
        row_of("开渠办学的事", 100, 240, 30, thick=thick),
    ]
    assert stacks(rows, [body(100, 320)]) == ["修桥的事|城里人家种树|开渠办学的事"]


def test_text_beside_a_line_parts_it_from_the_next() -> None:
    """What stands under the first line at the height of the second is an article of its own."""
    first, second, _ = STAIRS
    assert len(stacks([first, second], [body(0, 150), body(220, 260)])) == 2


@pytest.mark.parametrize(("right", "parts"), [(760, 2), (420, 1)])
def test_a_rule_parts_only_what_it_runs_along(right: float, parts: int) -> None:
    """One that is shorter than the title belongs to the line beside it."""
    rule = Separator(Box(90, 149, right, 151), vertical=False)
    rows = [row_of("城里人家种树修桥", 100, 60, 80), row_of("开渠办学的", 110, 160, 40)]
    assert len(stacks(rows, [body(100, 320)], rule)) == parts


def test_a_small_line_between_two_display_lines_is_of_their_headline() -> None:
    """Type of the size of the text; a line with marks inside is text."""
    rows = [row_of("修桥的事", 100, 100, 50), row_of("种树的事", 260, 190, 40)]
    small, text = (
        TextBlock((row_of(t, 240, 160),))
        for t in ("办学的是城里人家大家看", "办学，的是城里人家看。")
    )
    assert stacks(rows, [small, body(100, 250)]) == ["修桥的事|办学的是城里人家大家看|种树的事"]
    assert len(stacks(rows, [text, body(100, 250)])) == 2


def placed(head: Headline, *stories: Story) -> list[tuple[str, str]]:
    """Headline and text of every story after a bare headline was placed; texts by first letter."""
    found = place_bare_headlines([Story(head, ()), *stories], around())
    return sorted(
        (
            "|".join(r.text for r in s.head.rows) if s.head else "",
            "".join(b.text[0] for b in s.stacks),
        )
        for s in found
    )


BARE = Headline((row_of("修桥的事", 100, 300, 50),))
LEAD = Headline((row_of("城里人家", 400, 0, 60),))
UPPER, LOWER = body(400, 100, first="上"), body(100, 370, first="下")


def test_text_below_a_bare_headline_is_its_text() -> None:
    """If it has no other."""
    assert placed(BARE, Story(None, (LOWER,))) == [("修桥的事", "下")]


def test_a_large_headline_inside_an_article_begins_its_own() -> None:
    """The text above it stays where it is."""
    assert placed(BARE, Story(LEAD, (UPPER, LOWER))) == [("修桥的事", "下"), ("城里人家", "上")]


def test_a_small_heading_inside_an_article_is_a_line_of_it() -> None:
    """Small by itself, or beside the headline of the article."""
    small = Headline((row_of("修桥的事", 100, 330, 28),))
    assert placed(small, Story(LEAD, (UPPER, LOWER))) == [("城里人家", "上修下")]
    huge = Headline((row_of("城里人家", 400, 0, 120),))
    assert placed(BARE, Story(huge, (UPPER, LOWER))) == [("城里人家", "上修下")]


def test_a_bare_headline_without_text_below_stays_bare() -> None:
    """Text far away is that of others."""
    assert placed(BARE, Story(None, (body(100, 600),))) == [("", "城"), ("修桥的事", "")]


def test_a_line_set_across_is_the_kicker_of_the_headline_beside_it() -> None:
    """Or the headline of text that has none."""
    across = Headline((row_of("修桥的事", 40, 10, 50, across=True),))
    beside = Headline((row_of("城里人家", 110, 20, 60), row_of("种树", 110, 100, 60)))
    assert placed(across, Story(beside, (UPPER,))) == [("修桥的事|城里人家|种树", "上")]
    assert placed(across, Story(None, (body(110, 10),))) == [("修桥的事", "城")]


def test_a_cell_around_an_article_parts_nothing_in_it() -> None:
    """Though its middle lies between the headline and the text."""
    head, block = LEAD, body(400, 100)
    for cell, parts in ((Box(380, -240, 700, 400), False), (Box(380, 10, 700, 150), True)):
        zone = ZoneContext((head,), (block,), around(walls=(cell,)))
        assert is_separated(zone, head.box, block.box) is parts


def test_what_stands_in_the_margin_is_outside_the_articles() -> None:
    """Unless running text stands there."""
    text = [
        line_at(f"t{c}{n}", WORDS, Box(c, 28 * n, c + 240, 28 * n + 20), Direction.HORIZONTAL, 20)
        for c in (100, 400)
        for n in range(40)
    ]
    box = Box(20, 0, 50, 1000)
    slogan = line_at("m", WORDS * 2, box, Direction.VERTICAL, 30)
    rules = (
        Separator(Box(70, 0, 72, 1100), vertical=True),
        Separator(Box(370, 0, 372, 1100), vertical=True),
    )
    found = find_margin_lines(Detection((*text, slogan), rules), [*text, slogan], EM)
    assert [line.id for line in found] == ["m"]
    assert union_boxes([box]) == found[0].box


@BOTH
def test_short_text_with_the_marks_of_old_print_is_an_article(vertical: bool) -> None:
    """The papers of the 1930s set no other mark inside a sentence."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHH>

            城里人家种树、修桥
        办学的事情、大家看了
        都说好
        """,
        vertical=vertical,
    )
    found = arrange_page(page.detection, page.image, LayoutConfig())
    assert [r.kind for r in found.regions] == [RegionKind.TITLE, RegionKind.BODY]


@pytest.mark.parametrize("thickness", [1.08, 1.4])
def test_most_headlines_of_a_dense_page_are_kept(thickness: float) -> None:
    """And every line of the page lands somewhere once."""
    sheet = dense_page(6)
    counts, page = count_page(sheet, thickness)
    assert counts.lines == counts.kept + counts.as_text + counts.astray + counts.furniture
    assert counts.kept >= 0.9 * counts.lines
    ids = [line.id for r in page.regions for line in r.lines] + [x.id for x in page.unplaced]
    assert max(Counter(ids).values()) == 1
