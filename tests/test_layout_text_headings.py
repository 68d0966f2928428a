"""Headings inside the text of an article, and headlines that their text runs around."""

import pytest

from newspage.geometry import Box
from newspage.layout.bare_headlines import join_parts
from newspage.layout.flow import Story, ZoneContext, assign_stories
from newspage.layout.headline import FoundHeadlines, Headline
from newspage.layout.surrounded_heads import join_around_heads, surrounds
from newspage.layout.text_blocks import TextBlock, align_to_columns, group_into_blocks
from newspage.layout.text_headings import cut_at_headings, join_around_headings
from newspage.layout.view import Row
from newspage.model import Separator
from tests.drawings import EM
from tests.layout_rows import around, row_of

LINE = "城里人家种树修桥开渠办"
LEFT, PITCH = 100.0, 28.0


def text_rows(top: float, count: int = 5, last: str = "", first_indent: int = 0) -> list[Row]:
    """Full rows of a column from a height down, the last one with words of its own."""
    rows = [row_of(LINE, LEFT, top + PITCH * n) for n in range(count)]
    if first_indent:
        rows[0] = row_of(LINE[first_indent:], LEFT + first_indent * EM, top)
    if last:
        rows[-1] = row_of(last, LEFT, top + PITCH * (count - 1))
    return rows


def joined(rows: list[Row], *rules: Separator) -> tuple[list[str], list[str]]:
    """The texts of blocks around headings, and the headings."""
    blocks = align_to_columns(group_into_blocks(rows, rules, float(EM)))
    found, headings = join_around_headings(blocks, rules, float(EM))
    return [b.text for b in found], [r.text for r in headings]


ALONE = row_of("修桥的事", LEFT + 20, 100 + 5 * PITCH, 1.4 * EM)


def test_a_heading_alone_is_of_the_text_that_breaks_off_above_it() -> None:
    """Words of a sentence are set larger now and then."""
    above = text_rows(100, last="城里人家种")
    below = text_rows(100 + 7 * PITCH)
    texts, headings = joined([*above, ALONE, *below])
    assert headings == ["修桥的事"]
    assert texts == [LINE * 4 + "城里人家种" + "修桥的事" + LINE * 5]


@pytest.mark.parametrize(
    ("last", "first"), [("城里人家。", LINE), ("城里人家种", "（本报讯）城里人家种树修")]
)
def test_a_heading_alone_may_begin_an_article(last: str, first: str) -> None:
    """After a full stop, or before a dateline."""
    below = [row_of(first, LEFT, 100 + 7 * PITCH), *text_rows(100 + 8 * PITCH)]
    texts, headings = joined([*text_rows(100, last=last), ALONE, *below])
    assert not headings
    assert len(texts) == 3


def inset(size: float, left: float = LEFT) -> list[Row]:
    """A heading, rows of text beside it, and full rows above and below."""
    top = 100 + 5 * PITCH
    beside = [row_of("树修桥", LEFT + 8 * EM, top + PITCH * n) for n in range(3)]
    heading = row_of("修桥的事", left, top + 1.5 * PITCH - size / 2, size)
    return [*text_rows(100, last="城里人家。"), heading, *beside, *text_rows(top + 3 * PITCH)]


def test_a_heading_with_text_beside_it_is_of_the_text() -> None:
    """Even after a full stop; it is read before the rows beside it."""
    texts, headings = joined(inset(1.5 * EM))
    assert headings == ["修桥的事"]
    assert texts == [LINE * 4 + "城里人家。" + "修桥的事" + "树修桥" * 3 + LINE * 5]


def test_what_is_very_large_or_behind_a_rule_is_no_heading_of_the_text() -> None:
    """Then it begins an article."""
    rule = Separator(Box(LEFT, 99 + 5 * PITCH, LEFT + 11 * EM, 101 + 5 * PITCH), vertical=False)
    assert not joined(inset(2.6 * EM))[1]
    assert not joined(inset(1.5 * EM), rule)[1]


def test_a_block_is_cut_before_and_behind_its_headings() -> None:
    """No row is lost or moved."""
    rows = inset(1.5 * EM)
    blocks = align_to_columns(group_into_blocks(rows, (), float(EM)))
    (whole,), headings = join_around_headings(blocks, (), float(EM))
    parts = cut_at_headings(whole, headings)
    assert [r for p in parts for r in p.rows] == list(whole.rows)
    assert [len(p.rows) for p in parts] == [5, 1, 8]
    assert cut_at_headings(whole, frozenset()) == [whole]


def test_a_paragraph_between_two_others_is_no_heading() -> None:
    """Its first row begins as far in as modern paragraphs do."""
    top = 100 + 5 * PITCH
    first, second = (
        row_of("城里，人家种树修桥", LEFT + 2 * EM, top),
        row_of(LINE, LEFT, top + PITCH),
    )
    above, below = text_rows(100, last="城里人家。"), text_rows(top + 2 * PITCH)
    blocks = [TextBlock(tuple(rows)) for rows in (above, [first, second], below)]
    assert join_around_headings(blocks, (), float(EM)) == (blocks, frozenset())


def surrounded(*, across: bool = True) -> tuple[Headline, list[TextBlock]]:
    """A headline at the start of the rows of its text: rows before, beside and below it."""
    before = TextBlock(tuple(text_rows(100, 2, first_indent=1)))
    top, start, count = 100 + 2 * PITCH, 3 if across else 6, 3 if across else 2
    row = row_of("修桥", LEFT, top + 4, 2.0 * EM, across=across)
    beside = [row_of(LINE[start:], LEFT + start * EM, top + PITCH * n) for n in range(count)]
    below = TextBlock(tuple(text_rows(top + PITCH * count)))
    return Headline((row,)), [before, TextBlock(tuple(beside)), below]


def test_text_around_a_headline_is_one_block_and_belongs_to_it() -> None:
    """Though a part of it stands above the headline."""
    head, blocks = surrounded()
    found = join_around_heads(FoundHeadlines((head,), tuple(blocks)), around())
    (whole,) = found.bodies
    assert whole.rows == tuple(r for b in blocks for r in b.rows)
    assert surrounds(whole, head)
    (story,) = assign_stories(ZoneContext(found.heads, found.bodies, around()))
    assert (story.head, story.stacks) == (head, (whole,))


def test_text_of_another_column_does_not_surround_a_headline() -> None:
    """It ends farther out than the text below the headline does."""
    head, (_, beside, below) = surrounded()
    wide = TextBlock(tuple(row_of(LINE, r.box.left, r.box.top) for r in beside.rows))
    found = join_around_heads(FoundHeadlines((head,), (wide, below)), around())
    assert found.bodies == (wide, below)


@pytest.mark.parametrize(("main", "stories"), [(5.0, 1), (3.0, 2)])
def test_a_small_heading_with_text_beside_it_goes_on_under_a_large_headline(
    main: float, stories: int
) -> None:
    """One nearly as large begins an article."""
    head, (_, beside, below) = surrounded(across=False)
    part = join_around_heads(FoundHeadlines((head,), (beside, below)), around()).bodies
    text = TextBlock(tuple(text_rows(100 - 3 * PITCH)))
    large = Headline((row_of("人家种树", LEFT, -200, main * EM),))
    placed = join_parts([Story(large, (text,)), Story(head, part)], around())
    assert len(placed) == stories
    rows = [r for s in placed for b in s.stacks for r in b.rows]
    assert (head.rows[0] in rows) is (stories == 1)
