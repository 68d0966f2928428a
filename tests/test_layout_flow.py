"""Which block of text goes on in which."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from newspage.geometry import Box, union_boxes
from newspage.layout.flow import ZoneContext, assign_stories, find_cheapest_assignment
from newspage.layout.flow_costs import TransitionCosts, cost_from_block
from newspage.layout.headline import Headline, HeadlineContext
from newspage.layout.headlines import find_headlines
from newspage.layout.text_blocks import TextBlock, align_to_columns, group_into_blocks
from newspage.layout.view import Row, TurnedView
from newspage.layout.zone_context import NEVER
from newspage.model import Direction, Separator
from tests.drawings import EM, Drawn, drawn, line_at


def told(page: Drawn) -> set[tuple[str, str]]:
    """Headline and text of every story, by letters."""
    view = TurnedView(page.image.width, vertical=False)
    rows = [view.make_row(line) for line in page.detection.lines]
    rules = page.detection.separators
    zone = union_boxes(r.box for r in rows)
    around = HeadlineContext(float(EM), rules, page.detection.pictures, zone)
    headed = find_headlines(align_to_columns(group_into_blocks(rows, rules, EM)), around)
    found = assign_stories(ZoneContext(headed.heads, headed.bodies, around))
    return {
        (
            page.label(r.line for r in story.head.rows) if story.head else "",
            page.label(r.line for s in story.stacks for r in s.rows),
        )
        for story in found
    }


def test_text_without_a_headline_is_a_story() -> None:
    """It goes on from column to column."""
    page = drawn(
        """
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbb。
        """
    )
    assert told(page) == {("", "ab")}


def test_a_finished_article_takes_no_more_text() -> None:
    """Where the next column begins inside a sentence, under a headline of its own."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHH>    <KKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKK>

            aaaaaaaaaaaaaaaaaaaa      bbbbbbbbbbbbbbbbbbbb  cccccccccccccccccccccccc
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb  cccccccccccccccccccccccc
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb  cccccccccccccccccccccccc
        aaaaaaaaaaaaaa。          bbbbbbbbbbbbbbbbbbbbbbbb  cccccccccccccccccc。
        """
    )
    assert told(page) == {("H", "a"), ("K", "bc")}


def test_text_flows_around_a_lower_headline() -> None:
    """The long article fills the outer column and the columns above the short one."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH>

            aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb  cccccccccccccccccccccccc
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb  cccccccccccccccccccccccc
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb  cccccccccccccccccccccc。
        aaaaaaaaaaaaaaaaaaaaaaaa  --------------------------------------------------
        aaaaaaaaaaaaaaaaaaaaaaaa  <KKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKK>
        aaaaaaaaaaaaaaaaaaaaaaaa
        aaaaaaaaaaaaaaaaaaaaaaaa      dddddddddddddddddddd  eeeeeeeeeeeeeeeeeeeeeeee
        aaaaaaaaaaaaaaaaaaaaaaaa  dddddddddddddddddddddddd  eeeeeeeeeeeeeeeeeeeeeeee
        aaaaaaaaaaaaaaaaaaaaaaaa  dddddddddddddddddddddddd  eeeeeeeeeeeeeeee。
        """
    )
    assert told(page) == {("H", "abc"), ("K", "de")}


@pytest.mark.parametrize("name", ["      陈山水", "  本报记者 陈山水"])
def test_a_headline_at_the_foot_of_a_column_leaves_its_byline_behind(name: str) -> None:
    """Both byline and text stand at the top of the next column, as if they went on the text."""
    page = drawn(
        """
                              <<简讯>>


        <HHHHHHHHHHHHHHHH>            NAME
                                      bbbbbbbbbbbbbbbbbbbb
            aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaa。            bbbbbbbbbbbbbbbbbbbbbbbb
                                  bbbbbbbbbbbbbbbb。
        <KKKKKKKKKKKKKKKK>

            <LLLLLLLL>
        """.replace("NAME", name)
    )
    assert told(page) == {("简讯", ""), ("H", "a"), (f"KL{name.strip()}", "b")}


@pytest.mark.parametrize("filled", [True, False], ids=["picture", "blank"])
def test_text_goes_on_below_a_picture(filled: bool) -> None:
    """A picture in a column is no distance; as much blank paper is."""
    page = drawn(
        """
            aaaaaaaaaaaaaaaaaaaa
        aaaaaaaaaaaaaaaaaaaa。
        %%%%%%%%%%%%%%%%%%%%%%%%
        %%%%%%%%%%%%%%%%%%%%%%%%
        %%%%%%%%%%%%%%%%%%%%%%%%
        %%%%%%%%%%%%%%%%%%%%%%%%
        %%%%%%%%%%%%%%%%%%%%%%%%
        %%%%%%%%%%%%%%%%%%%%%%%%
        %%%%%%%%%%%%%%%%%%%%%%%%
        %%%%%%%%%%%%%%%%%%%%%%%%
            bbbbbbbbbbbbbbbbbbbb
        bbbbbbbbbbbbbbbbbbbbbbbb
        bbbbbbbbbbbbbbbbbbbb。
        """
    )
    upper, lower = page.detection.lines[:2], page.detection.lines[2:]
    view = TurnedView(page.image.width, vertical=False)
    a, b = (TextBlock(tuple(view.make_row(line) for line in lines)) for lines in (upper, lower))
    obstacles = page.detection.pictures if filled else ()
    ground = ZoneContext(
        (), (a, b), HeadlineContext(float(EM), (), obstacles, union_boxes((a.box, b.box)))
    )
    cost = cost_from_block(ground, a, b, None, None, TransitionCosts())
    assert (cost < 0.5) is filled


def test_the_last_of_several_short_pieces_goes_on_in_the_next_column() -> None:
    """The column is as high as all pieces in it: the first is no better placed than the last."""
    page = drawn(
        """
                              <简讯>

          <HHHHHHHHHHHHHHHH>        bbbbbbbbbbbbbbbbbbbbbbbb
                                    bbbbbbbbbbbbbbbbbbbbbbbb
            aaaaaaaaaaaaaaaaaaaa    bbbbbbbbbbbbbbbb。
        aaaaaaaaaaaaaaaaaaaaaaaa      <LLLLLLLLLLLLLLLL>
        aaaaaaaaaaaaaaaaaa。
          <KKKKKKKKKKKKKKKK>            cccccccccccccccccccc
                                    cccccccccccccccccccccccc
            bbbbbbbbbbbbbbbbbbbb    cccccccccccccccccccccccc
        bbbbbbbbbbbbbbbbbbbbbbbb    cccccccccccccccccc。
        """
    )
    assert {("H", "a"), ("K", "b"), ("L", "c")} <= told(page)


def test_a_headline_alone_is_a_story_without_text() -> None:
    """None is thrown away."""
    page = drawn("<HHHHHHHHHHHHHHHHHHHH>\n\n")
    assert told(page) == {("H", "")}


def row(name: str, text: str, left: int, top: int, size: int) -> Row:
    """A row of type of the given size."""
    box = Box(left, top, left + size * len(text), top + size)
    return Row(line_at(name, text, box, Direction.HORIZONTAL, size), box)


@st.composite
def grounds(draw: st.DrawFn) -> ZoneContext:
    """Headlines and stacks in any disorder, rules and obstacles among them."""
    places = st.tuples(st.integers(0, 600), st.integers(0, 600))
    heads = [
        Headline((row(f"h{i}", "城里人种树", *draw(places), size=40),))
        for i in range(draw(st.integers(0, 5)))
    ]
    bodies = []
    for i in range(draw(st.integers(0, 9))):
        left, top = draw(places)
        texts = draw(st.lists(st.text("城里人。", min_size=1, max_size=8), min_size=1, max_size=5))
        rows = [row(f"b{i}.{k}", t, left, top + 28 * k, 20) for k, t in enumerate(texts)]
        bodies.append(TextBlock(tuple(rows)))
    x, y = draw(places)
    rules = (
        Separator(Box(x, y, x + 300, y + 1), False),
        Separator(Box(y, x, y + 1, x + 300), True),
    )
    obstacles = (Box(y, y, y + 90, y + 90),)
    return ZoneContext(
        tuple(heads), tuple(bodies), HeadlineContext(20.0, rules, obstacles, Box(0, 0, 1000, 1000))
    )


@settings(deadline=None)
@given(grounds())
def test_every_head_and_every_stack_is_in_one_story(ground: ZoneContext) -> None:
    """Whatever the page: a partition."""
    found = assign_stories(ground)
    heads = [s.head for s in found if s.head is not None]
    assert Counter(map(id, heads)) == Counter(map(id, ground.heads))
    stacks = Counter(id(stack) for story in found for stack in story.stacks)
    assert stacks == Counter(map(id, ground.bodies))
    assert all(s.head is not None or s.stacks for s in found)


@pytest.mark.parametrize("column", [0, 1])
def test_an_unfinished_sentence_goes_on(column: int) -> None:
    """Of two columns that could follow, it takes the one that begins inside a sentence."""
    first, second = ("bbbbbbbbbbbbbbbbbbbbbbbb", "    bbbbbbbbbbbbbbbbbbbb")[:: 1 - 2 * column]
    page = drawn(
        f"""
        <HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH>

            aaaaaaaaaaaaaaaaaaaa  {first}
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbb。
        aaaaaaaaaaaaaaaaaaaaaaaa  ------------------------
        aaaaaaaaaaaaaaaaaaaaaaaa  {second.replace("b", "c")}
        aaaaaaaaaaaaaaaaaaaaaaaa  cccccccccccccccccccccccc
        aaaaaaaaaaaaaaaaaaaaaaaa  cccccccccccccccccccccccc
        aaaaaaaaaaaaaaaaaaaaaaaa  cccccccccccccccccc。
        """
    )
    assert any(text.startswith("a" + "bc"[column]) for _, text in told(page))


def test_text_does_not_run_in_circles() -> None:
    """Of two blocks that would follow each other the one is a beginning, and what costs least."""
    # Columns: a headline, the blocks, and for each block that it begins a text of its own.
    table = np.array([[5.0, NEVER, -2.0, 4.0, NEVER], [NEVER, -3.0, NEVER, NEVER, 6.0]])
    assert find_cheapest_assignment(table, 1) == {1: 1}
    table[0, 0] = 3.0
    assert find_cheapest_assignment(table, 1) == {0: 0, 1: 1}


@given(
    st.integers(1, 7).flatmap(lambda n: arrays(float, (n, 2 + 2 * n), elements=st.floats(-3, 6)))
)
def test_every_text_has_a_beginning(table: NDArray[np.float64]) -> None:
    """Whatever it costs: from every block the way back ends at a headline or at an orphan."""
    before = find_cheapest_assignment(table, 2)
    assert len(set(before.values())) == len(before)
    for block in range(len(table)):
        way = [block]
        while (node := before.get(way[-1], -1) - 2) >= 0:
            assert node not in way
            way.append(node)


def test_a_headline_set_across_keeps_the_text_beside_it() -> None:
    """Though another one stands farther up over the same columns."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHHHHHHH>

            aaaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbb。

        ^K      cccccccccccccccccccc  dddddddddddddddddddddddd
        ^K  cccccccccccccccccccccccc  dddddddddddddddddddddddd
        ^K  cccccccccccccccccccccccc  dddddddddddddddddddddddd
        ^K  cccccccccccccccccccccccc  dddddddddddddddddddddddd
        ^K  cccccccccccccccccccccccc  dddddddddd。
        """
    )
    assert told(page) == {("H", "ab"), ("K", "cd")}
