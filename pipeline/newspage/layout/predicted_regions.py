"""Areas that a layout model predicted, as far as the page itself bears them out.

A prediction decides only what the page leaves open: a line that stands like a headline in type
hardly larger than the text, a caption beside its picture, the cells of a table without rules, a
lone small line at the edge of the page. Nothing is lost by it, and no rule on the page gives way.
Its reading order is not used: it is one of the areas the model saw, on a picture of the page some
five times too small for the text of a newspaper, and areas it misses have no place in it.
"""

from collections.abc import Sequence
from dataclasses import replace

from newspage.chinese import JUMP_FROM, JUMP_TO, SENTENCE, looks_like_byline
from newspage.geometry import Box, union_boxes
from newspage.layout.display import MOST, stands_close_above
from newspage.layout.text_blocks import TextBlock
from newspage.layout.view import Row, measure_share_y
from newspage.model import TextLine

COVERED = 0.7
"""Share of a line that lies in a predicted area, at least, if it counts as inside. Judgement."""
LARGER = 1.15
"""Times the size of the body. Where a model saw a headline, type so large is that of one; it is
less than display type has to have without a model. Judgement."""
LARGER_UNMEASURED = 1.3
"""The same where only the thickness of a row tells its size."""
SHORTEST = 3
"""Characters of a row of such a headline at least: fewer may be a piece of any line."""
LONGEST = 30
"""Characters of a row of such a headline, or of a line of furniture, at most. Judgement."""
RUNNING_ON = "。，、；：…,;:"
"""Marks that a headline does not end with."""
CELL = 8
"""Characters that most cells of a table have at most. Judgement."""
CAPTION_ROWS, CAPTION_CHARACTERS = 4, 140
"""Rows and characters of a caption at most. Judgement."""
NEAR = 2.5
"""Em between a caption and its picture at most. Judgement."""


def mark_predicted_titles(rows: Sequence[Row], titles: Sequence[Box], body: float) -> list[Row]:
    """Return the rows, those marked that a model takes for a headline and that could be one.

    That is type hardly larger than the text. In type of its size a headline looks like a heading
    inside an article, and models confuse the two: there the byline decides.

    Args:
        rows: Rows of one zone, in the turned page.
        titles: Areas that a model predicted as headlines, in the turned page.
        body: Size of the body type in pixels.
    """
    marked = {id(row) for title in titles for row in _title_rows(title, rows, body)}
    return [replace(r, leads=True) if id(r) in marked else r for r in rows]


def _title_rows(title: Box, rows: Sequence[Row], body: float) -> list[Row]:
    """Return the rows in a predicted headline that are larger than the text, if all could lead."""
    own = [r for r in rows if r.box.share_inside(title) > COVERED]
    if len(own) > MOST or not all(_could_lead(r) for r in own):
        return []
    return [r for r in own if r.size >= (LARGER if r.measured else LARGER_UNMEASURED) * body]


def _could_lead(row: Row) -> bool:
    """Tell whether a row's words could be those of a headline, and no row around it says no."""
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
    """Return the areas in which the lines look like cells: short, side by side, without sentences.

    Those that touch a table `known` by its rules are left to it.
    """
    new = [area for area in tables if not any(area.intersection(k) for k in known)]
    return [area for area in new if _has_cells([x for x in lines if _lies_in(x, area)], lines)]


def _has_cells(cells: Sequence[TextLine], lines: Sequence[TextLine]) -> bool:
    """Tell whether lines are the cells of a table, and no other line runs into it."""
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
    blocks: Sequence[TextBlock], captions: Sequence[Box], pictures: Sequence[Box], em: float
) -> list[TextBlock]:
    """Return blocks of small text that stand free beside a picture and are predicted as captions.

    Captions below a picture are found without a model; the model finds those above and beside.
    All boxes are of the turned page; `em` is the size of the body type in pixels.
    """
    return [
        block
        for block in blocks
        if len(block.rows) <= CAPTION_ROWS
        and len(block.text) <= CAPTION_CHARACTERS
        and block.size <= 1.05 * em
        and any(block.box.share_inside(c) > COVERED for c in captions)
        and any(p.grown(NEAR * em).intersection(block.box) for p in pictures)
        and not any(o is not block and _follow(o.box, block.box, em) for o in blocks)
    ]


def _follow(one: Box, other: Box, em: float) -> bool:
    """Tell whether one of two boxes stands close above the other."""
    return stands_close_above(one, other, 0.8 * em) or stands_close_above(other, one, 0.8 * em)


def select_predicted_furniture(
    areas: Sequence[Box], lines: Sequence[TextLine], band: tuple[float, float], em: float
) -> list[TextLine]:
    """Return lone small lines at the head or the foot of the page that a model takes for furniture.

    Args:
        areas: Areas that a model predicted as furniture.
        lines: All lines of the page.
        band: The lower edge of the head and the upper edge of the foot, in pixels.
        em: Size of the body type in pixels.
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
    """Tell whether most of a line lies in an area."""
    return line.box.share_inside(area) > COVERED
