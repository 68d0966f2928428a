"""Rows that stand one below the other in a column."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from newspage.geometry import Box
from newspage.layout.text_blocks import TextBlock, align_to_columns, group_into_blocks
from newspage.layout.view import Row, TurnedView
from newspage.model import Direction, Separator
from tests.drawings import EM, Drawn, drawn, line_at


def rows_of(page: Drawn) -> list[Row]:
    """The lines of a horizontal page as layout sees them."""
    view = TurnedView(page.image.width, vertical=False)
    return [view.make_row(line) for line in page.detection.lines]


def stacks_of(page: Drawn) -> list[str]:
    """The letters of every stack, one a row."""
    stacks = group_into_blocks(rows_of(page), page.detection.separators, EM)
    return sorted(letters(page, s) for s in stacks)


def letters(page: Drawn, stack: TextBlock) -> str:
    """The letter of each row."""
    return "".join(page.labels[r.line.id] for r in stack.rows)


def test_a_column_is_one_stack() -> None:
    """With the indents and short rows of its paragraphs."""
    page = drawn(
        """
            aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbb。
        aaaaaaaaaaaa。                bbbbbbbbbbbbbbbbbbbb
            aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
        """
    )
    assert stacks_of(page) == ["aaaa", "bbbb"]


def test_a_rule_ends_a_stack() -> None:
    """Though the rows below it stand as close."""
    page = drawn(
        """
        aaaaaaaaaaaaaaaaaaaaaaaa
        aaaaaaaaaaaaaaaaaaaaaaaa
        ------------------------
        bbbbbbbbbbbbbbbbbbbbbbbb
        bbbbbbbbbbbbbbbbbbbbbbbb
        """
    )
    assert stacks_of(page) == ["aa", "bb"]


def test_white_space_ends_a_stack() -> None:
    """Of several rows."""
    page = drawn(
        """
        aaaaaaaaaaaaaaaaaaaaaaaa
        aaaaaaaaaaaaaaaaaaaaaaaa



        bbbbbbbbbbbbbbbbbbbbbbbb
        bbbbbbbbbbbbbbbbbbbbbbbb
        """
    )
    assert stacks_of(page) == ["aa", "bb"]


def test_larger_type_ends_a_stack() -> None:
    """A headline is never stacked with the text under it."""
    page = drawn(
        """
        <HHHHHHHHHHHHHHHHHHHHHH>

        aaaaaaaaaaaaaaaaaaaaaaaa
        aaaaaaaaaaaaaaaaaaaaaaaa
        """
    )
    assert stacks_of(page) == ["H", "aa"]


def test_the_edges_of_a_column_do_not_ask_for_indents() -> None:
    """They are where most rows begin and end."""
    page = drawn(
        """
            aaaaaaaaaaaaaaaaaaaa
        aaaaaaaaaaaaaaaaaaaaaaaa
        aaaaaaaaaaaaaaaaaaaaaaaa
        aaaaaaaaaaaaaaaaaaaaaaaa
        aaaaaaaaaa。
        """
    )
    (stack,) = group_into_blocks(rows_of(page), (), EM)
    assert stack.left == EM
    assert stack.right == EM + 12 * EM
    assert stack.begins_indented
    assert stack.ends_short
    assert stack.ends_sentence


def test_a_few_rows_learn_the_edges_of_their_column() -> None:
    """So that a single row set in is known to begin a paragraph."""
    page = drawn(
        """
        aaaaaaaaaaaaaaaaaaaaaaaa
        aaaaaaaaaaaaaaaaaaaaaaaa
        aaaaaaaaaaaaaaaaaaaaaaaa
        aaaaaaaaaaaaaaaaaaaaaaaa
        aaaaaaaaaaaaaaaaaaaaaaaa


            bbbbbbbbbb。
        """
    )
    stacks = align_to_columns(group_into_blocks(rows_of(page), (), EM))
    lone = next(s for s in stacks if len(s.rows) == 1)
    assert lone.begins_indented
    assert lone.ends_short


@st.composite
def grounds(draw: st.DrawFn) -> list[Row]:
    """Rows of any size anywhere."""
    out = []
    for i in range(draw(st.integers(0, 12))):
        left, top = draw(st.integers(0, 200)), draw(st.integers(0, 200))
        text = draw(st.text("城里人家。", min_size=1, max_size=12))
        height = draw(st.sampled_from((10, 20, 22, 45)))
        box = Box(left, top, left + len(text) * height, top + height)
        out.append(Row(line_at(f"l{i}", text, box, Direction.HORIZONTAL, 0), box))
    return out


def ids(stacks: Sequence[TextBlock]) -> list[str]:
    """Of all rows."""
    return sorted(r.line.id for s in stacks for r in s.rows)


@settings(deadline=None)
@given(grounds(), st.integers(0, 200))
def test_every_row_is_in_one_stack(rows: list[Row], height: int) -> None:
    """From the top down, and none of them empty."""
    rules = (Separator(Box(0, height, 300, height + 2), vertical=False),)
    stacks = group_into_blocks(rows, rules, EM)
    assert ids(stacks) == ids(align_to_columns(stacks)) == sorted(r.line.id for r in rows)
    assert all(s.rows for s in stacks)
    for stack in stacks:
        tops = [r.box.top for r in stack.rows]
        assert tops == sorted(tops)
