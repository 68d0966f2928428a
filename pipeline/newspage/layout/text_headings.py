"""Headings inside the text of an article, and the text that they stand in, put together again.

Old papers set words of a text, or the heading of a part of it, in larger type at the start of a
column's rows: alone, or with some rows of the text beside it, which begin behind it. Such a heading
stands between rows of the same column, and heads no article.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from newspage.chinese import CLOSING, ends_sentence, looks_like_byline, looks_like_name
from newspage.geometry import Box
from newspage.layout.headline import LONGEST_STANDING_OUT, MARKS, SLIGHTLY_LARGE
from newspage.layout.text_blocks import TextBlock
from newspage.layout.view import Row, has_rule_between, measure_share_x
from newspage.model import Separator

LARGEST, LARGEST_INSET = 1.6, 2.4
"""Times the size of the body. Larger type begins an article: alone, and with text beside it. On two
folds of 1939 headings inside articles are set in 1.1 to 1.5 em, save two of 2.2 em with text beside
them."""
DEEPEST = 6.5
"""Em between the rows above a heading and those below it, at most. Judgement: three rows of text
beside a heading take less than five."""
SAME_EDGE = 0.8
"""Em by which the edges of the column may differ above and below. Judgement."""
BEHIND, FAR_BEHIND = 1.5, 3.5
"""Em from the edge of a column to the rows beside a heading, at least, and where the heading itself
was found as one line with a row beside it. Judgement: indents have one em, modern ones two."""
WITHOUT_STOP = "、"
"""The mark that papers of the 1930s set instead of all others: at the end of a row it tells
nothing."""
LAST_WORDS = "云也矣"
"""The words that reports of old papers end with."""
DATELINE = "（【("
"""Marks that a dateline begins with."""
LONGEST_SENTENCE = 150
"""Characters from one full stop to the next, on average, at most, where a paper prints them."""
NEAREST = 3
"""Rows next to a heading that tell the edges of its column. Judgement."""
FULL = 0.8
"""Share of a column that a row of running text fills, at least, by which it is known. Judgement."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How the texts of a zone are set."""

    stops: bool
    """With full stops: without them other marks at the end of a row are dirt that was read."""
    indents: bool
    """With an indent under headlines."""


def join_around_headings(
    blocks: Sequence[TextBlock], rules: Sequence[Separator], body: float
) -> tuple[list[TextBlock], frozenset[Row]]:
    """Return the blocks, those around a heading inside text made one, and the rows of headings.

    Args:
        blocks: Text blocks of a zone, in the turned page.
        rules: Its rules.
        body: Size of the body type in pixels.
    """
    found = list(blocks)
    headings: set[Row] = set()
    habits = _find_habits(blocks, body)
    while (run := _next_run(found, rules, body, habits)) is not None:
        rows = _in_order(run)
        headings |= {r for b in run[1:-1] for r in b.rows if _is_heading(b, body)}
        at = found.index(run[0])
        found[at] = TextBlock(rows, run[0].column)
        found = [b for b in found if b not in run]
    return found, frozenset(headings)


def cut_at_headings(block: TextBlock, headings: frozenset[Row]) -> list[TextBlock]:
    """Return a block in parts: a heading inside it is one by itself."""
    parts: list[list[Row]] = []
    heading = None
    for row in block.rows:
        if heading is None or heading is not (row in headings):
            parts.append([])
            heading = row in headings
        parts[-1].append(row)
    if len(parts) == 1:
        return [block]
    edges = (block.left, block.right)
    return [TextBlock(tuple(rows), edges) for rows in parts]


def _find_habits(blocks: Sequence[TextBlock], body: float) -> Habits:
    """Return how the texts of a zone are set."""
    text = "".join(b.text for b in blocks)
    return Habits(text.count("。") * LONGEST_SENTENCE > len(text), _begins_indented(blocks, body))


def _begins_indented(blocks: Sequence[TextBlock], body: float) -> bool:
    """Tell whether text under display type mostly begins with an indent."""
    large = [b.box for b in blocks if b.size > LARGEST * body]
    under = [
        b
        for b in blocks
        if len(b.rows) > 2
        and any(
            -body < b.box.top - o.bottom < 2 * body and measure_share_x(o, b.box) > 0 for o in large
        )
    ]
    return 2 * sum(b.begins_indented for b in under) > len(under)


def _next_run(
    blocks: Sequence[TextBlock], rules: Sequence[Separator], body: float, habits: Habits
) -> list[TextBlock] | None:
    """Return the text above a heading, what stands between, and the text below; None without."""
    for upper in blocks:
        for lower in blocks:
            if _is_one_column(upper, lower, rules, body):
                between = _between(upper, lower, blocks, body)
                if between and _interrupts(between, upper, lower, body, habits):
                    return [upper, *between, lower]
    return None


def _is_one_column(
    upper: TextBlock, lower: TextBlock, rules: Sequence[Separator], body: float
) -> bool:
    """Tell whether two blocks stand in one column with room for a heading between them."""
    if upper.foreign or lower.foreign or not 0.9 * body < _gap(upper, lower) < DEEPEST * body:
        return False
    return (
        _have_same_edges(upper, lower, body)
        and all(_is_running_text(b, body) for b in (upper, lower))
        and not has_rule_between(rules, upper.lane, lower.lane)
    )


def _have_same_edges(upper: TextBlock, lower: TextBlock, body: float) -> bool:
    """Tell whether rows of two blocks begin and end alike; farther off other rows may be longer."""
    return any(
        abs(a.box.left - b.box.left) < SAME_EDGE * body
        and abs(a.box.right - b.box.right) < SAME_EDGE * body
        for a in upper.rows[-NEAREST:]
        for b in lower.rows[:NEAREST]
    )


def _is_running_text(block: TextBlock, body: float) -> bool:
    """Tell whether a block is set as text and one of its first or last rows fills its column."""
    rows = block.rows[:2] + block.rows[-2:]
    return block.size < SLIGHTLY_LARGE * body and any(
        r.box.width > FULL * block.lane.width for r in rows
    )


def _gap(upper: TextBlock, lower: TextBlock) -> float:
    """Return how many pixels of the column are between two blocks."""
    return lower.type_box.top - upper.type_box.bottom


def _between(
    upper: TextBlock, lower: TextBlock, blocks: Sequence[TextBlock], body: float
) -> list[TextBlock]:
    """Return the blocks between two of a column; none where one of them reaches beyond it."""
    lane = min(upper.lane, lower.lane, key=lambda b: b.width)
    room = Box(lane.left, upper.type_box.bottom, lane.right, lower.type_box.top)
    inside = []
    for block in blocks:
        box = block.type_box
        if block in (upper, lower) or box.intersection(room.grown(-0.2 * body)) is None:
            continue
        if not room.grown(0.6 * body).contains(box):
            return []
        inside.append(block)
    return inside


def _interrupts(
    between: Sequence[TextBlock], upper: TextBlock, lower: TextBlock, body: float, habits: Habits
) -> bool:
    """Tell whether what stands between two blocks is a heading inside their text.

    With text beside it, it is. Alone, it may as well head an article, unless the text above it
    breaks off, or that below begins without the indent that text under headlines has.
    """
    headings = [b for b in between if _is_heading(b, body)]
    beside = [b for b in between if b not in headings]
    largest = LARGEST_INSET if beside else LARGEST
    if any(b.size > largest * body or b.foreign for b in between) or len(headings) > 1:
        return False
    if beside:
        return _stand_behind(headings, beside, upper, body)
    goes_on = _breaks_off(upper, habits) or (habits.indents and not lower.begins_anew)
    return goes_on and not _begins_article(lower)


def _is_heading(block: TextBlock, body: float) -> bool:
    """Tell whether a block reads as a heading: a row or two of larger type without marks."""
    return (
        len(block.rows) <= 2
        and block.size >= 1.04 * body
        and 2 <= len(block.text) <= LONGEST_STANDING_OUT
        and not any(mark in block.text for mark in MARKS)
    )


def _stand_behind(
    headings: Sequence[TextBlock], beside: Sequence[TextBlock], upper: TextBlock, body: float
) -> bool:
    """Tell whether rows stand beside a heading, which begins where their column does."""
    rows = [r for b in beside for r in b.rows]
    behind = [r for r in rows if r.box.left > upper.left + BEHIND * body]
    if not headings:
        # The heading was found as one line with the text beside it.
        far = [r for r in behind if r.box.left > upper.left + FAR_BEHIND * body]
        return len(rows) == len(far) + 1 and len(far) > 1
    heading = headings[0]
    return (
        len(behind) == len(rows)
        and heading.box.left < upper.left + BEHIND * body
        and all(r.box.left > heading.box.right - 0.5 * body for r in rows)
    )


def _breaks_off(block: TextBlock, habits: Habits) -> bool:
    """Tell whether a text ends inside a sentence, so far as marks tell."""
    last = block.rows[-1].text.rstrip(CLOSING)
    return not (habits.stops and ends_sentence(last)) and last[-1:] not in WITHOUT_STOP + LAST_WORDS


def _begins_article(block: TextBlock) -> bool:
    """Tell whether a text begins with a byline, or with a dateline in brackets."""
    first = block.rows[0].text
    return looks_like_byline(first) or looks_like_name(first) or first[:1] in DATELINE


def _in_order(run: Sequence[TextBlock]) -> tuple[Row, ...]:
    """Return the rows of a text in reading order: a heading before the rows beside it."""
    upper, lower = run[0], run[-1]
    between = sorted(
        (r for b in run[1:-1] for r in b.rows),
        key=lambda r: (r.box.left > upper.left + BEHIND * upper.size, r.box.center[1]),
    )
    return (*upper.rows, *between, *lower.rows)
