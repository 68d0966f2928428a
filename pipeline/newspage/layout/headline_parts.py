"""The small lines that go with a headline: its kicker, deck and byline, taken out of the text."""

from collections.abc import Sequence
from dataclasses import replace

from newspage.chinese import CLOSING, OPENING, looks_like_byline, looks_like_name
from newspage.geometry import Box, measure_overlap_1d, union_boxes
from newspage.layout.headline import (
    LONGEST_STANDING_OUT,
    MARKS,
    SLIGHTLY_LARGE,
    Headline,
    HeadlineContext,
    measure_free_width,
)
from newspage.layout.text_blocks import INDENT, TextBlock
from newspage.layout.view import (
    Row,
    has_rule_between,
    measure_share_x,
    measure_share_y,
)

LONGEST_BYLINE = 14
"""Characters of a short first row that is a byline whatever its words are. Judgement."""
STAGGERED, LARGER = 2.5, 1.05
"""Em that a kicker begins before its title at most, where it is staggered; and times the size of
the body that its type is at least. On two folds of 1939 it is 1.05 to 1.2, and they stand one em
apart."""


def complete_headline(
    head: Headline, bodies: list[TextBlock], others: Sequence[Headline], around: HeadlineContext
) -> tuple[Headline, list[TextBlock]]:
    """Return a headline with the small lines above and below it, and the blocks without them."""
    if head.foreign:
        return _with_rows_beside(head, bodies, around)
    if head.label:
        # What stands under the heading of a column is of the first piece in it.
        return head, bodies
    while (found := _next_part(head, bodies, others, around)) is not None:
        block, rows, kind = found
        head = replace(head, **{kind: getattr(head, kind) + rows})
        rest = block.rows[len(rows) :]
        at = bodies.index(block)
        bodies = bodies[:at] + ([TextBlock(rest, block.column)] if rest else []) + bodies[at + 1 :]
    over = _kicker(head, bodies, around)
    if not over:
        return head, bodies
    rows = tuple(order_rows([r for s in over for r in s.rows]))
    return replace(head, kicker=rows + head.kicker), [b for b in bodies if b not in over]


def _kicker(
    head: Headline, bodies: Sequence[TextBlock], around: HeadlineContext
) -> list[TextBlock]:
    """Return the small row directly above the title: one block, or two side by side."""
    single = [s for s in bodies if len(s.rows) == 1 and not s.foreign]
    for block in single:
        if _is_kicker(block.box, block, head, around):
            return [block]
    for block in single:
        for other in single:
            aside = other.box.left - block.box.right
            if measure_share_y(block.box, other.box) > 0.7 and 0 <= aside < 3 * around.body:
                both = union_boxes((block.box, other.box))
                if all(_is_kicker(both, s, head, around) for s in (block, other)):
                    return [block, other]
    return []


def _with_rows_beside(
    head: Headline, bodies: list[TextBlock], around: HeadlineContext
) -> tuple[Headline, list[TextBlock]]:
    """Return a headline set across with the small rows beside it, and the blocks without them.

    Rows before it become its kicker, those after it its deck or byline.
    """
    rest = list(bodies)
    while True:
        box = head.box
        near = [s for s in rest if s.foreign and _is_beside(s.box, box, around.body)]
        if not near:
            return head, rest
        block = min(near, key=lambda s: abs(s.box.center[0] - box.center[0]))
        first = (block.box.center[0] > box.center[0]) is around.rightmost_first
        if looks_like_byline(block.text) or (looks_like_name(block.text) and not first):
            kind = "byline"
        else:
            kind = "kicker" if first else "deck"
        rows = getattr(head, kind)
        head = replace(head, **{kind: block.rows + rows if first else rows + block.rows})
        rest = [s for s in rest if s is not block]


def _is_beside(box: Box, head: Box, em: float) -> bool:
    """Tell whether a box stands close beside a headline set across."""
    gap = max(box.left - head.right, head.left - box.right)
    return (
        gap < 1.3 * em
        and measure_overlap_1d(box.top, box.bottom, head.top, head.bottom) > 0.3 * box.height
    )


def _next_part(
    head: Headline, bodies: Sequence[TextBlock], others: Sequence[Headline], around: HeadlineContext
) -> tuple[TextBlock, tuple[Row, ...], str] | None:
    """Return the next line below a headline that is deck or byline: its block, rows and kind.

    None where no such line follows.
    """
    box = head.box
    left, right = measure_free_width(
        head, others, [b for b in bodies if b.box.bottom < box.bottom], around
    )
    for block in sorted(bodies, key=lambda s: s.box.top):
        row = block.rows[0]
        gap = row.type_box.top - head.type_box.bottom
        inside = left - around.body <= row.box.left and row.box.right <= right + around.body
        if head.byline and len(block.rows) > 2:
            continue
        if row.foreign or not (-0.6 * around.body < gap < 2.5 * around.body) or not inside:
            continue
        if has_rule_between(around.rules, box, row.box) or (head.byline and gap > around.body):
            continue
        if any(
            measure_overlap_1d(o.box.top, o.box.bottom, box.bottom, row.box.top) > 0
            and measure_share_x(o.box, row.box) > 0.3
            for o in others
        ):
            continue
        kind = _part_kind(block, head, around)
        if kind is not None:
            deck = (
                len(block.rows) == 2
                and kind == "deck"
                and not looks_like_byline(block.rows[1].text)
            )
            return block, block.rows if deck else block.rows[:1], kind
    return None


def _part_kind(block: TextBlock, head: Headline, around: HeadlineContext) -> str | None:
    """Return the part of a headline that a block below it begins with: byline, deck or None."""
    row = block.rows[0]
    if looks_like_byline(row.text) and not row.ends_sentence:
        return "byline"
    if row.text[-1:] in MARKS or not row.text or head.byline or _reads_as_text(block, around):
        return None
    if row.text[0] in OPENING and not any(mark in row.text for mark in CLOSING):
        # A dateline that goes on in the next row.
        return None
    if len(block.rows) > 1 and looks_like_byline(block.rows[1].text) and head.title:
        return "deck"
    center = head.box.center[0]
    centred = abs(row.box.center[0] - center) < 0.9 * around.body
    if looks_like_name(row.text) and (centred or _stands_apart(block, around)):
        return "byline"
    if len(block.rows) <= 2 and centred and head.title and row.size >= 0.95 * around.body:
        return "deck" if len(block.text) >= 5 else "byline"
    if _stands_apart(block, around) and len(row.text) <= LONGEST_BYLINE:
        return "byline"
    flush = head.title and abs(row.box.left - head.title[0].box.left) < 0.6 * around.body
    if flush and len(block.rows) <= 2 and row.measured and row.size > 1.08 * around.body:
        return "deck"
    return None


def _reads_as_text(block: TextBlock, around: HeadlineContext) -> bool:
    """Tell whether a few rows of body type are long and have marks inside, as no deck has."""
    longer = len(block.text) > LONGEST_STANDING_OUT and len(block.rows) <= 2
    return (
        longer
        and block.size < SLIGHTLY_LARGE * around.body
        and any(mark in block.text for mark in MARKS)
    )


def _stands_apart(block: TextBlock, around: HeadlineContext) -> bool:
    """Tell whether the first row is short and a paragraph begins below it.

    A single row stands apart if it has eight characters at most.
    """
    if len(block.rows) < 2:
        return len(block.text) <= 8
    first, second = block.rows[0], block.rows[1]
    width = block.right - block.left
    indented = second.start - TextBlock(block.rows[1:], block.column).left > INDENT * around.body
    return first.box.width < 0.7 * width and indented


def _is_set_larger(block: TextBlock, around: HeadlineContext) -> bool:
    """Tell whether a row is set in type a little larger than the body, short of its column."""
    row = block.rows[0]
    return row.size > LARGER * around.body and row.box.width < 0.8 * block.lane.width


def _is_kicker(box: Box, block: TextBlock, head: Headline, around: HeadlineContext) -> bool:
    """Tell whether a small row, or a part of the row in `box`, stands directly above the title."""
    if not head.title or len(block.rows) > 1 or block.foreign or len(block.text) < 3:
        return False
    top = min(r.type_box.top for r in head.title)
    left = min(r.box.left for r in head.title)
    gap = top - block.type_box.bottom
    aligned = (
        abs(box.center[0] - union_boxes(r.box for r in head.title).center[0]) < 1.2 * around.body
        or abs(box.left - left) < 0.6 * around.body
        or (_is_set_larger(block, around) and -STAGGERED * around.body < box.left - left < 0)
    )
    return (
        -0.3 * around.body < gap < 1.15 * around.body
        and aligned
        and not block.ends_sentence
        and box.width < 2 * head.box.width
        and not has_rule_between(around.rules, box, head.box)
    )


def order_rows(rows: Sequence[Row]) -> list[Row]:
    """Return the rows from the top down, those at the same height from left to right."""
    levels: list[list[Row]] = []
    for row in sorted(rows, key=lambda r: r.box.center[1]):
        if levels and measure_share_y(levels[-1][0].box, row.box) > 0.6:
            levels[-1].append(row)
        else:
            levels.append([row])
    return [r for level in levels for r in sorted(level, key=lambda r: r.box.left)]
