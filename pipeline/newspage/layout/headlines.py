"""Headlines: the text blocks that are set as one, and what belongs to it (kicker, deck, byline)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from newspage.chinese import JUMP_FROM, LABEL, SENTENCE, looks_like_byline, looks_like_name
from newspage.geometry import Box, measure_overlap_1d, union_boxes
from newspage.layout.text_blocks import INDENT, TextBlock
from newspage.layout.view import (
    Row,
    has_column_rule_between,
    has_rule_between,
    measure_share_x,
    measure_share_y,
)
from newspage.model import Separator

LONGEST = 90
"""Characters of a headline at most. Judgement."""
CLEARLY_LARGE = 1.6
"""Times the size of the body. Rows of so large a type are a headline even if they fill a column or
read like sentences. Judgement."""
SLIGHTLY_LARGE = 1.17
"""Times the size of the body. A short line by itself can be a headline from here on. Judgement."""
LONGEST_STANDING_OUT = 24
"""Characters of such a line at most. Judgement."""
LINE_GAP, LINE_GAP_OTHER_TYPE = 1.3, 0.95
"""Times the larger type: the gap between two lines of one headline is smaller, where they are of
one type, and where they are not (a title and its kicker). Judgement."""
LONGEST_BYLINE = 14
"""Characters of a short first row that is a byline whatever its words are. Judgement."""
MARKS = "。，、；：？！,;"
"""Marks that running text has and a headline does not end with."""
TITLE_TYPE = 0.78
"""Share of the largest type of a headline that the type of its title has at least. Judgement."""


@dataclass(frozen=True, eq=False)
class Headline:
    """A headline and the lines that go with it; two of the same words are compared by identity."""

    title: tuple[Row, ...]
    kicker: tuple[Row, ...] = ()
    deck: tuple[Row, ...] = ()
    byline: tuple[Row, ...] = ()
    jump: tuple[Row, ...] = ()
    """The line that says "continued from"; it may stand in place of a title."""

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Return all rows in reading order."""
        return self.kicker + self.title + self.deck + self.jump + self.byline

    @cached_property
    def box(self) -> Box:
        """Return the box around all rows, in pixels of the turned page."""
        return union_boxes(r.box for r in self.rows)

    @cached_property
    def type_box(self) -> Box:
        """Return the box around the type of its rows, see `Row.type_box`."""
        return union_boxes(r.type_box for r in self.rows)

    @cached_property
    def foreign(self) -> bool:
        """Tell whether it is set across the direction of the text around it."""
        return (self.title or self.jump)[0].foreign

    @cached_property
    def size(self) -> float:
        """Return the size of its largest type in pixels."""
        return max(r.size for r in self.title or self.jump)

    @cached_property
    def label(self) -> bool:
        """Tell whether it only names the column of short pieces under it."""
        return len(self.rows) == 1 and bool(LABEL.match(self.rows[0].text))


@dataclass(frozen=True, slots=True)
class FoundHeadlines:
    """The headlines of a zone, and its text blocks with the headlines taken out of them."""

    heads: tuple[Headline, ...]
    bodies: tuple[TextBlock, ...]


@dataclass(frozen=True, slots=True)
class HeadlineContext:
    """The surroundings that the search for headlines needs, in the turned page."""

    body: float
    """Size of the body type in pixels."""
    rules: tuple[Separator, ...]
    obstacles: tuple[Box, ...] = ()
    """Pictures, frames and panels."""
    zone: Box = field(default_factory=lambda: Box(0, 0, 0, 0))
    rightmost_first: bool = True
    """The order of foreign rows: vertical lines of a horizontal page run from right to left."""
    walls: tuple[Box, ...] = ()
    """Frames and panels: no article goes on below them."""


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


def find_headlines(blocks: Sequence[TextBlock], around: HeadlineContext) -> FoundHeadlines:
    """Return the headlines with all their parts, and the blocks of body text that remain."""
    large = [s for s in blocks if is_display(s, around.body)]
    text = [s for s in blocks if s not in large]
    display = [s for s in large if not _fills_column(s, text, around.body)]
    display += [s for s in text if _stands_out(s, around.body)]
    bodies = [s for s in blocks if s not in display]
    heads = [
        compose_headline([r for s in group for r in s.rows], around)
        for group in _grouped(display, around)
    ]
    jumps = [s for s in bodies if JUMP_FROM.match(s.text)]
    heads += [Headline((), jump=s.rows) for s in jumps]
    bodies = [s for s in bodies if s not in jumps]
    for i, head in enumerate(heads):
        others = [h for k, h in enumerate(heads) if k != i]
        heads[i], bodies = _completed(head, bodies, others, around)
    return FoundHeadlines(tuple(heads), tuple(bodies))


def _grouped(display: Sequence[TextBlock], around: HeadlineContext) -> list[list[TextBlock]]:
    """Return the blocks of display type in groups, each of which is one headline."""
    groups: list[list[TextBlock]] = []
    for block in sorted(display, key=lambda s: (s.foreign, s.box.top)):
        for group in groups:
            if any(_belong_together(g, block, around) for g in group):
                group.append(block)
                break
        else:
            groups.append([block])
    return groups


def _belong_together(a: TextBlock, b: TextBlock, around: HeadlineContext) -> bool:
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
        return not has_column_rule_between(
            around.rules, *sorted((a.box, b.box), key=lambda x: x.left)
        )
    reach = LINE_GAP if larger < 1.12 * smaller else LINE_GAP_OTHER_TYPE
    return measure_share_x(a.box, b.box) > 0.5 and -0.5 * smaller < gap < reach * larger


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
        rows = _down_and_right(rows)
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


def _down_and_right(rows: Sequence[Row]) -> list[Row]:
    """Return the rows from the top down, those at the same height from left to right."""
    levels: list[list[Row]] = []
    for row in sorted(rows, key=lambda r: r.box.center[1]):
        if levels and measure_share_y(levels[-1][0].box, row.box) > 0.6:
            levels[-1].append(row)
        else:
            levels.append([row])
    return [r for level in levels for r in sorted(level, key=lambda r: r.box.left)]


def measure_free_width(
    head: Headline, others: Sequence[Headline], bodies: Sequence[TextBlock], around: HeadlineContext
) -> tuple[float, float]:
    """Return the left and right end of the white space around a headline, in pixels.

    A centred headline is narrower than its article; the article can be as wide as the band it
    stands in is free of other text, pictures and vertical rules.

    Args:
        head: The headline.
        others: All other headlines of the zone.
        bodies: The blocks of text that can stand in its way.
        around: Rules, pictures and edges of the zone.
    """
    box = head.box
    blocks = [o.box for o in others] + [b.box for b in bodies]
    blocks += [o for o in around.obstacles if not o.contains(box, around.body)]
    blocks += [r.box for r in around.rules if r.vertical]
    level = [
        b
        for b in blocks
        if measure_overlap_1d(b.top, b.bottom, box.top, box.bottom) > 0.35 * around.body
    ]
    left = max([around.zone.left, *(b.right for b in level if b.center[0] < box.left)])
    right = min([around.zone.right, *(b.left for b in level if b.center[0] > box.right)])
    return min(left, box.left), max(right, box.right)


def _completed(
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
    rows = tuple(_down_and_right([r for s in over for r in s.rows]))
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
    )
    return (
        -0.3 * around.body < gap < 1.15 * around.body
        and aligned
        and not block.ends_sentence
        and box.width < 2 * head.box.width
        and not has_rule_between(around.rules, box, head.box)
    )
