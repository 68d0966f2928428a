"""Whether one character is printed right after another."""

import pytest

from newspage.collation.adjacency import Adjacency, find_weakest_step, judge_following
from newspage.geometry import Box
from newspage.model import Char, Direction, Glyph, TextLine

EM = 20.0


def row(name: str, left: float, top: float, length: int) -> TextLine:
    """A horizontal line of full-width characters."""
    glyphs = tuple(
        Glyph("字", Box(left + i * EM, top, left + (i + 1) * EM, top + EM), 0.9)
        for i in range(length)
    )
    box = Box(left, top, left + length * EM, top + EM)
    return TextLine(name, box, Direction.HORIZONTAL, size=EM, glyphs=glyphs)


def column(name: str, right: float, top: float, length: int) -> TextLine:
    """A vertical line."""
    glyphs = tuple(
        Glyph("字", Box(right - EM, top + i * EM, right, top + (i + 1) * EM), 0.9)
        for i in range(length)
    )
    box = Box(right - EM, top, right, top + length * EM)
    return TextLine(name, box, Direction.VERTICAL, size=EM, glyphs=glyphs)


def last(line: TextLine) -> Char:
    """The last character of a line."""
    return Char("字", line.id, len(line.glyphs) - 1)


def first(line: TextLine) -> Char:
    """The first character of a line."""
    return Char("字", line.id, 0)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (row("a", 0, 0, 10), row("b", 0, 30, 10), Adjacency.YES),
        (row("a", 40, 0, 8), row("b", 0, 30, 10), Adjacency.YES),
        (row("a", 0, 0, 5), row("b", 105, 2, 5), Adjacency.YES),
        (row("a", 0, 0, 6), row("b", 0, 30, 10), Adjacency.NO),
        (row("a", 0, 0, 10), row("b", 0, 90, 10), Adjacency.NO),
        (row("a", 0, 900, 10), row("b", 260, 0, 10), Adjacency.UNKNOWN),
        (column("a", 500, 0, 10), column("b", 470, 0, 10), Adjacency.YES),
        (column("a", 500, 0, 6), column("b", 470, 0, 10), Adjacency.NO),
        (row("a", 0, 0, 5), column("b", 470, 0, 10), Adjacency.UNKNOWN),
    ],
    ids=[
        "the row below", "after an indent", "the same row", "a row cut short", "a row left out",
        "the next column", "the column to the left", "a column cut short", "another direction",
    ],
)  # fmt: skip
def test_rows_follow_each_other(a: TextLine, b: TextLine, expected: Adjacency) -> None:
    """Only where nothing can have been overlooked between two characters is the answer yes."""
    assert judge_following(last(a), first(b), {"a": a, "b": b}) is expected


def test_inside_a_line_order_is_that_of_the_glyphs() -> None:
    """A glyph after the next but one was skipped."""
    a = row("a", 0, 0, 10)
    assert judge_following(Char("字", "a", 2), Char("字", "a", 3), {"a": a}) is Adjacency.YES
    assert judge_following(Char("字", "a", 2), Char("字", "a", 8), {"a": a}) is Adjacency.NO
    assert judge_following(Char("字", "a", 3), Char("字", "a", 2), {"a": a}) is Adjacency.NO


def test_the_middle_of_a_line_is_followed_by_nothing_else() -> None:
    """Text that goes on elsewhere before its line has ended was put together wrongly."""
    a, b = row("a", 0, 0, 10), row("b", 0, 30, 10)
    assert judge_following(Char("字", "a", 4), first(b), {"a": a, "b": b}) is Adjacency.NO


def test_the_least_sure_step_counts() -> None:
    """One doubtful step makes a row of characters doubtful; no step is no doubt."""
    a, b, c = row("a", 0, 0, 10), row("b", 0, 30, 10), row("c", 0, 150, 10)
    lines = {"a": a, "b": b, "c": c}
    assert find_weakest_step([last(a), first(b)], lines) is Adjacency.YES
    assert find_weakest_step([last(a), first(b), last(b), first(c)], lines) is Adjacency.NO
    assert find_weakest_step([last(a)], lines) is Adjacency.YES
    assert judge_following(last(a), Char("字", "x", 0), lines) is Adjacency.UNKNOWN


def test_a_row_that_skips_one_is_not_the_next() -> None:
    """Where the rows of a column lie close, one that was not found leaves a gap of two pitches."""
    rows = [row(name, 0, top, 10) for name, top in zip("abcef", (0, 26, 52, 104, 130), strict=True)]
    lines = {r.id: r for r in rows}
    assert judge_following(last(rows[1]), first(rows[2]), lines) is Adjacency.YES
    assert judge_following(last(rows[2]), first(rows[3]), lines) is Adjacency.UNKNOWN
