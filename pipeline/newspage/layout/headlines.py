"""Headlines: the text blocks that are set as one, and what belongs to it (kicker, deck, byline)."""

from collections.abc import Sequence

from newspage.chinese import (
    JUMP_FROM,
    LABEL,
    SENTENCE,
    looks_like_byline,
    looks_like_name,
)
from newspage.geometry import Box
from newspage.layout.headline import (
    LONGEST_STANDING_OUT,
    SLIGHTLY_LARGE,
    FoundHeadlines,
    Headline,
    HeadlineContext,
)
from newspage.layout.headline_parts import complete_headline, order_rows
from newspage.layout.text_blocks import TextBlock
from newspage.layout.view import (
    Row,
    has_column_rule_between,
    has_rule_between,
    measure_share_x,
    measure_share_y,
)

LONGEST = 90
"""Characters of a headline at most. Judgement."""
CLEARLY_LARGE = 1.6
"""Times the size of the body. Rows of so large a type are a headline even if they fill a column or
read like sentences. Judgement."""
LINE_GAP, LINE_GAP_OTHER_TYPE = 1.3, 0.95
"""Times the larger type: the gap between two lines of one headline is smaller, where they are of
one type, and where they are not (a title and its kicker). Judgement."""
FLUSH, CLOSE_BELOW = 0.6, 2.5
"""Em by which the beginnings of a headline and of the text below it differ, at most, where it is
flush with it; and em between the two. Judgement."""
INDENTS = (1.2, 2.8)
"""Em that the first line of a paragraph is set in: two are usual, one in old papers, which is too
little to tell from the ragged beginnings of worn lines. Judgement."""
TITLE_TYPE = 0.78
"""Share of the largest type of a headline that the type of its title has at least. Judgement."""


def is_display(block: TextBlock, body: float) -> bool:
    """Tell whether a block is set in display type. `body`: size of the body type in pixels."""
    if looks_like_byline(block.text) or len(block.text) > LONGEST:
        return False
    large = sum(r.is_display(body) for r in block.rows)
    running = len(block.rows) >= 4 and SENTENCE.search(block.text) is not None
    return 2 * large >= len(block.rows) and not (block.size < CLEARLY_LARGE * body and running)


def _fills_column(block: TextBlock, text: Sequence[TextBlock], body: float) -> bool:
    """Tell whether a block is spaced-out body type that looks large: as wide as the text below."""
    box = block.box
    return (
        block.size < CLEARLY_LARGE * body
        and not block.foreign
        and any(
            block.rows[-1].thickness < 1.35 * t.rows[0].thickness
            and abs(t.left - box.left) < 0.8 * body
            and abs(t.right - box.right) < 0.8 * body
            and -0.8 * body < t.box.top - box.bottom < 0.8 * body
            for t in text
        )
    )


def _stands_out(block: TextBlock, body: float) -> bool:
    """Tell whether a short line by itself, a little larger than the body, reads like a headline."""
    return (
        len(block.rows) <= 2
        and all(r.leads is not False for r in block.rows)
        and not block.foreign
        and all(r.measured for r in block.rows)
        and block.size >= SLIGHTLY_LARGE * body
        and 4 <= len(block.text) <= LONGEST_STANDING_OUT
        and not SENTENCE.search(block.text)
        and not looks_like_byline(block.text)
    )


def _begins_paragraph(block: TextBlock, text: Sequence[TextBlock], body: float) -> bool:
    """Tell whether a line ends with the column below it and begins an indent further in.

    Then it is the first line of a paragraph, and the blanks that fill it out make it look large.
    """
    box = block.box
    return any(
        INDENTS[0] * body < box.left - t.left < INDENTS[1] * body
        and abs(t.right - box.right) < 0.5 * body
        and -0.8 * body < t.box.top - box.bottom < 0.8 * body
        for t in text
        if t is not block
    )


def find_headlines(blocks: Sequence[TextBlock], around: HeadlineContext) -> FoundHeadlines:
    """Return the headlines with all their parts, and the blocks of body text that remain."""
    large = [s for s in blocks if is_display(s, around.body)]
    text = [s for s in blocks if s not in large]
    display = [s for s in large if not _fills_column(s, text, around.body)]
    display += [
        s
        for s in text
        if _stands_out(s, around.body) and not _begins_paragraph(s, text, around.body)
    ]
    bodies = [s for s in blocks if s not in display]
    heads = [
        compose_headline([r for s in group for r in s.rows], around)
        for group in _grouped(display, bodies, around)
    ]
    jumps = [s for s in bodies if JUMP_FROM.match(s.text)]
    heads += [Headline((), jump=s.rows) for s in jumps]
    bodies = [s for s in bodies if s not in jumps]
    for i, head in enumerate(heads):
        others = [h for k, h in enumerate(heads) if k != i]
        heads[i], bodies = complete_headline(head, bodies, others, around)
    return FoundHeadlines(tuple(heads), tuple(bodies))


def _grouped(
    display: Sequence[TextBlock], bodies: Sequence[TextBlock], around: HeadlineContext
) -> list[list[TextBlock]]:
    """Return the blocks of display type in groups, each of which is one headline."""
    groups: list[list[TextBlock]] = []
    for block in sorted(display, key=lambda s: (s.foreign, s.box.top)):
        near = [g for g in groups if any(_belong_together(o, block, bodies, around) for o in g)]
        groups = [g for g in groups if g not in near]
        groups.append([*(o for g in near for o in g), block])
    return groups


def _belong_together(
    a: TextBlock, b: TextBlock, bodies: Sequence[TextBlock], around: HeadlineContext
) -> bool:
    """Tell whether two blocks of display type are close and alike enough to be one headline."""
    if a.foreign is not b.foreign or has_rule_between(around.rules, a.box, b.box):
        return False
    if any(LABEL.match(s.text) for s in (a, b)):
        return False
    larger, smaller = max(a.size, b.size), min(a.size, b.size)
    if a.foreign:
        gap = max(b.type_box.left - a.type_box.right, a.type_box.left - b.type_box.right)
        return measure_share_y(a.box, b.box) > 0.5 and gap < 0.9 * larger
    gap = b.type_box.top - a.type_box.bottom
    aside = max(b.box.left - a.box.right, a.box.left - b.box.right)
    if measure_share_y(a.box, b.box) > 0.7 and larger < 1.1 * smaller and 0 <= aside < 1.5 * larger:
        left, right = sorted((a.box, b.box), key=lambda x: x.left)
        return not (
            has_column_rule_between(around.rules, left, right)
            or _head_two_columns(left, right, bodies, around)
        )
    reach = LINE_GAP if larger < 1.12 * smaller else LINE_GAP_OTHER_TYPE
    return measure_share_x(a.box, b.box) > 0.5 and -0.5 * smaller < gap < reach * larger


def _head_two_columns(
    left: Box, right: Box, bodies: Sequence[TextBlock], around: HeadlineContext
) -> bool:
    """Tell whether two display lines side by side each begin where text right below them does."""
    em = around.body
    lanes = [
        [
            b.lane
            for b in bodies
            if abs(b.left - box.left) < FLUSH * em
            and -em < b.rows[0].type_box.top - box.bottom < CLOSE_BELOW * em
        ]
        for box in (left, right)
    ]
    return any(a.right < b.left + FLUSH * em for a in lanes[0] for b in lanes[1])


def compose_headline(
    rows: Sequence[Row], around: HeadlineContext, bylines: Sequence[Row] = ()
) -> Headline:
    """Return a headline of rows of one direction: the largest rows are the title.

    Smaller rows before the title are the kicker, those after it the deck or the byline, as are the
    rows among them that are known as `bylines`.
    """
    rows = [r for r in rows if r not in bylines]
    if rows[0].foreign:
        rows.sort(key=lambda r: r.box.center[0], reverse=around.rightmost_first)
    else:
        rows = order_rows(rows)
    largest = max(rows, key=lambda r: r.size)
    main = [i for i, r in enumerate(rows) if _is_of_title_type(r, largest)]
    kicker, title, deck = rows[: main[0]], rows[main[0] : main[-1] + 1], rows[main[-1] + 1 :]
    signed = [r for r in deck if looks_like_byline(r.text) or looks_like_name(r.text)]
    return Headline(
        tuple(title),
        tuple(kicker),
        tuple(r for r in deck if r not in signed),
        (*signed, *bylines),
    )


def _is_of_title_type(row: Row, largest: Row) -> bool:
    """Tell whether a row is set in the type of the largest row of a headline, not in a smaller one.

    Sizes are compared where the pitch of both rows is known or of neither, else their thickness.
    """
    if row.size >= TITLE_TYPE * largest.size:
        return True
    comparable = row.measured is largest.measured
    return not comparable and row.thickness >= TITLE_TYPE * largest.thickness
