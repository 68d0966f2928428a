"""Where paragraphs begin, and where text goes on over the end of a column."""

from collections.abc import Sequence
from itertools import groupby, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newspage.assemble.paragraphs import ParagraphFlow, collect_body_rows, split_paragraphs
from newspage.geometry import Box, union_boxes
from newspage.model import Direction, JoinKind, Region, RegionKind, TextLine
from tests.drawings import Drawn, drawn, line_at

BOTH = pytest.mark.parametrize("vertical", [False, True], ids=["horizontal", "vertical"])


def region(number: int, lines: Sequence[TextLine]) -> Region:
    """Running text."""
    box = union_boxes(line.box for line in lines)
    return Region(f"r{number}", RegionKind.BODY, box, tuple(lines), lines[0].direction, "a1")


def flow_of(page: Drawn, *columns: str) -> ParagraphFlow:
    """The text of regions, each given by the letters of its rows in reading order."""
    by_letter = {page.labels[line.id]: line for line in page.detection.lines}
    regions = [region(i, [by_letter[c] for c in column]) for i, column in enumerate(columns)]
    return split_paragraphs(collect_body_rows(regions))


def paragraphs(page: Drawn, *columns: str) -> list[str]:
    """The letters of the rows of every paragraph."""
    return [
        "".join(page.labels[line] for line, _ in groupby(c.line for c in p))
        for p in flow_of(page, *columns).paragraphs
    ]


@BOTH
def test_a_paragraph_begins_with_an_indent(vertical: bool) -> None:
    """Whether or not the row above it is full."""
    page = drawn(
        """
            aaaaaaaaaaaaaaaaaaaa
        bbbbbbbbbbbbbbbbbbbbbbbb
        cccccccccccc。
            dddddddddddddddddd。
            eeeeeeeeeeeeeeeeeeee
        ffffffffffffffffffffffff
        gggggggg。
        """,
        vertical=vertical,
    )
    assert paragraphs(page, "abcdefg") == ["abc", "d", "efg"]


@BOTH
def test_text_without_indents_breaks_behind_short_rows(vertical: bool) -> None:
    """Where a sentence ends there."""
    page = drawn(
        """
        aaaaaaaaaaaaaaaaaaaaaaaa
        bbbbbbbbbbbbbbbbbbbbbbbb
        cccccccccccc。
        dddddddddddddddddddddddd
        eeeeeeeeeeeeeeeeeeeeee。
        ffffffffffffffffffffffff
        gggggggg。
        """,
        vertical=vertical,
    )
    assert paragraphs(page, "abcdefg") == ["abc", "defg"]


@BOTH
def test_an_unfinished_sentence_goes_on_in_the_next_column(vertical: bool) -> None:
    """The join is scored and can be looked up."""
    page = drawn(
        """
            aaaaaaaaaaaaaaaaaaaa  dddddddddddddddddddddddd
        bbbbbbbbbbbbbbbbbbbbbbbb  eeeeeeeeee。
        cccccccccccccccccccccccc      ffffffffffffffffffff
        gggggggggggggggggggggggg  hhhhhhhhhhhh。
        """,
        vertical=vertical,
    )
    assert paragraphs(page, "abcg", "defh") == ["abcgde", "fh"]
    (join,) = flow_of(page, "abcg", "defh").joins
    lines = {page.labels[line.id]: line.id for line in page.detection.lines}
    assert (join.before, join.after) == (lines["g"], lines["d"])
    assert join.kind is JoinKind.COLUMN
    assert join.joined
    assert join.score > 0.8


@BOTH
def test_an_indent_at_the_head_of_a_column_begins_a_paragraph(vertical: bool) -> None:
    """The join is refused, and says so."""
    page = drawn(
        """
            aaaaaaaaaaaaaaaaaaaa      dddddddddddddddddddd
        bbbbbbbbbbbbbbbbbbbbbbbb  eeeeeeeeeeeeeeeeeeeeeeee
        cccccccccccccccccccccccc  ffffffffffffffffffffffff
        gggggggggggggggg。        hhhhhhhhhhhh。
        """,
        vertical=vertical,
    )
    assert paragraphs(page, "abcg", "defh") == ["abcg", "defh"]
    (join,) = flow_of(page, "abcg", "defh").joins
    assert not join.joined
    assert join.score < 0.2


def test_a_sentence_may_end_at_the_foot_of_a_column() -> None:
    """The row is full and the next begins without indent: the paragraph goes on."""
    page = drawn(
        """
            aaaaaaaaaaaaaaaaaaaa  dddddddddddddddddddddddd
        bbbbbbbbbbbbbbbbbbbbbbbb  eeeeeeeeee。
        cccccccccccccccccccccc。      ffffffffffffffffffff
        """
    )
    assert paragraphs(page, "abc", "def") == ["abcde", "f"]


def test_a_block_below_another_is_joined_as_a_block() -> None:
    """Not as a column."""
    page = drawn(
        """
            aaaaaaaaaaaaaaaaaaaa
        bbbbbbbbbbbbbbbbbbbbbbbb



        cccccccccccccccccccccccc
        dddddddddd。
        """
    )
    assert paragraphs(page, "ab", "cd") == ["abcd"]
    assert flow_of(page, "ab", "cd").joins[0].kind is JoinKind.BLOCK


def test_columns_of_other_width_have_indents_of_their_own() -> None:
    """Edges are those of the rows around, not of the whole text."""
    page = drawn(
        """
            aaaaaaaaaaaaaaaaaaaa
        bbbbbbbbbbbbbbbbbbbbbbbb
        cccccccccccccccccccccccc
        dddddddddddddddddddddddd
        eeeeeeeeeeeeeeeeeeeeeeee
        ffffffffffffffffffffffff
        gggggggggggggggggggggggg

                hhhhhhhhhhhhhhhh
                iiiiiiiiiiiiiiii
                jjjjjjjjjjjjjjjj
                kkkkkkkkkkkkkkkk
                llllllllllllllll
                mmmmmmmmmmmmmmmm
                nnnnnnnnnnnnnnnn
                oooooooooooooooo
                pppppppppppppppp
        """
    )
    assert paragraphs(page, "abcdefg", "hijklmnop")[-1].endswith("jklmnop")


def test_joins_are_numbered_through_the_page() -> None:
    """Each has a name of its own."""
    page = drawn("aaaaaaaaaaaa  bbbbbbbbbbbb  cccccccccccc")
    names = [j.id for j in flow_of(page, "a", "b", "c").joins]
    rows = collect_body_rows(
        [region(0, page.detection.lines[:1]), region(1, page.detection.lines[1:2])]
    )
    assert len(set(names)) == 2
    assert split_paragraphs(rows, 2).joins[0].id not in names


def test_no_rows_no_paragraphs() -> None:
    """Of an article that has only a headline."""
    assert split_paragraphs(collect_body_rows([])) == ParagraphFlow((), ())


@st.composite
def texts(draw: st.DrawFn) -> list[Region]:
    """Regions of rows in any disorder."""
    direction = draw(st.sampled_from((Direction.HORIZONTAL, Direction.VERTICAL)))
    regions = []
    for number in range(draw(st.integers(1, 4))):
        lines = []
        for i in range(draw(st.integers(1, 8))):
            text = draw(st.text("城里人，。“", min_size=1, max_size=12))
            left, top = draw(st.integers(0, 400)), draw(st.integers(0, 400))
            box = Box(left, top, left + draw(st.integers(3, 300)), top + draw(st.integers(3, 300)))
            lines.append(
                line_at(f"l{number}.{i}", text, box, direction, draw(st.sampled_from((0, 20))))
            )
        regions.append(region(number, lines))
    return regions


@settings(deadline=None)
@given(texts())
def test_every_glyph_is_set_once_in_its_order(regions: list[Region]) -> None:
    """However the text is cut, nothing is lost, doubled or moved."""
    flow = split_paragraphs(collect_body_rows(regions))
    lines = [line for r in regions for line in r.lines]
    there = [(line.id, i, g.text) for line in lines for i, g in enumerate(line.glyphs)]
    assert [(c.line, c.glyph, c.text) for p in flow.paragraphs for c in p] == there
    assert all(flow.paragraphs)


@settings(deadline=None)
@given(texts())
def test_there_is_a_join_for_every_change_of_region(regions: list[Region]) -> None:
    """Its score says whether it was made."""
    flow = split_paragraphs(collect_body_rows(regions))
    pairs = [(a.lines[-1].id, b.lines[0].id) for a, b in pairwise(regions)]
    assert [(j.before, j.after) for j in flow.joins] == pairs
    assert all(0 <= j.score <= 1 and j.joined is (j.score > 0.5) for j in flow.joins)
