"""What a layout model saw, as far as the page itself bears it out.

A model's word decides only what the page leaves open: a line that stands like a headline in type
hardly larger than the text, a caption beside its picture, the cells of a table without rules, a
lone small line at the edge of the page. Nothing is lost by it, and no rule on the page gives way.
Its order of reading is not asked: it is one of the areas it saw, on a picture of the page some
five times too small for the text of a newspaper, and what it misses it cannot put in order.
"""

from collections.abc import Sequence
from dataclasses import replace

from newspage.chinese.sentences import JUMP_FROM, JUMP_TO, SENTENCE, looks_like_byline
from newspage.geometry import Box, union_boxes
from newspage.layout.display import MOST, stands_close_above
from newspage.layout.text_blocks import TextBlock
from newspage.layout.view import Row, measure_share_y
from newspage.model import TextLine

COVERED = 0.7
"""A line is seen as something where so much of it lies in such an area."""
LARGER = 1.15
"""Type so many times the size of the body is that of a headline where a model saw one."""
LARGER_UNMEASURED = 1.3
"""The same where only the thickness of a row tells its size."""
SHORTEST = 3
"""Characters of a row of such a headline at least: fewer may be a piece of any line."""
LONGEST = 30
"""Characters of a row of such a headline at most."""
RUNNING_ON = "。，、；：…,;:"
"""A headline does not end with such a mark."""
CELL = 8
"""Characters that most cells of a table have at most."""
NEAR = 2.5
"""A caption stands at most so many em from its picture."""


def mark_predicted_titles(rows: Sequence[Row], titles: Sequence[Box], body: float) -> list[Row]:
    """The rows, those marked as display type that a model takes for a headline and could be one.

    That is type hardly larger than the text. In type of its size a headline looks like a heading
    inside an article, and models do not tell the two apart: there the byline decides. `titles` are
    areas of the turned page; `body` is the size of the body type in pixels.
    """
    marked = {id(row) for title in titles for row in _title_rows(title, rows, body)}
    return [replace(r, leads=True) if id(r) in marked else r for r in rows]


def _title_rows(title: Box, rows: Sequence[Row], body: float) -> list[Row]:
    own = [r for r in rows if r.box.share_inside(title) > COVERED]
    if len(own) > MOST or not all(_could_lead(r) for r in own):
        return []
    return [r for r in own if r.size >= (LARGER if r.measured else LARGER_UNMEASURED) * body]


def _could_lead(row: Row) -> bool:
    """Whether the words of a row could be those of a headline, and nothing around it says no."""
    return (
        row.leads is not False
        and SHORTEST <= len(row.text) <= LONGEST
        and row.text[-1:] not in RUNNING_ON
        and not any(p.match(row.text) for p in (JUMP_FROM, JUMP_TO))
        and not looks_like_byline(row.text)
    )


def select_predicted_tables(
    tables: Sequence[Box], known: Sequence[Box], lines: Sequence[TextLine]
) -> list[Box]:
    """Areas of which the lines look like cells: short, side by side, without sentences.

    Those that touch a table `known` by its rules are left to it.
    """
    new = [area for area in tables if not any(area.intersection(k) for k in known)]
    return [area for area in new if _has_cells([x for x in lines if _lies_in(x, area)], lines)]


def _has_cells(cells: Sequence[TextLine], lines: Sequence[TextLine]) -> bool:
    if len(cells) < 6 or any(SENTENCE.search(c.text) for c in cells):
        return False
    box = union_boxes(c.box for c in cells)
    cut = [x for x in lines if x not in cells and x.box.share_inside(box) > 0.2]
    short = sum(len(c.text) <= CELL for c in cells)
    beside = sum(
        any(c is not d and measure_share_y(c.box, d.box) > 0.6 for d in cells) for c in cells
    )
    return not cut and min(short, beside) >= 0.8 * len(cells)


def select_predicted_captions(
    stacks: Sequence[TextBlock], captions: Sequence[Box], pictures: Sequence[Box], em: float
) -> list[TextBlock]:
    """Stacks of small text that stand free beside a picture, and are seen as its caption.

    Under a picture they are known as such anyway; the model finds those above and beside. All boxes
    are of the turned page.
    """
    return [
        stack
        for stack in stacks
        if len(stack.rows) <= 4
        and len(stack.text) <= 140
        and stack.size <= 1.05 * em
        and any(stack.box.share_inside(c) > COVERED for c in captions)
        and any(p.grown(NEAR * em).intersection(stack.box) for p in pictures)
        and not any(o is not stack and _follow(o.box, stack.box, em) for o in stacks)
    ]


def _follow(one: Box, other: Box, em: float) -> bool:
    """Whether one of two boxes stands close above the other."""
    return stands_close_above(one, other, 0.8 * em) or stands_close_above(other, one, 0.8 * em)


def select_predicted_furniture(
    areas: Sequence[Box], lines: Sequence[TextLine], band: tuple[float, float], em: float
) -> list[TextLine]:
    """Lone small lines at the head or the foot of the page that a model takes for furniture.

    `band` says down to where the head reaches and from where the foot begins.
    """
    return [
        line
        for line in lines
        if any(line.box.share_inside(a) > COVERED for a in areas)
        and (line.box.bottom < band[0] or line.box.top > band[1])
        and min(line.box.width, line.box.height) < 1.3 * em
        and len(line.text) <= LONGEST
        and not any(o is not line and line.box.grown(em).intersection(o.box) for o in lines)
    ]


def _lies_in(line: TextLine, area: Box) -> bool:
    return line.box.share_inside(area) > COVERED
