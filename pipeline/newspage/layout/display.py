"""Display type, recognised by the rows around a row where its own size is not enough.

The size of a short row is known by its thickness alone, and that of a row on a warped page hardly
at all. What stands directly above and below it says more: the last characters of a headline are as
thick as its first row, and a row that fills its column between rows of running text, with
characters as far apart as theirs, is running text.
"""

from collections.abc import Sequence
from dataclasses import replace

from newspage.chinese import CLOSING, SENTENCE_END, looks_like_byline
from newspage.geometry import Box, union_boxes
from newspage.layout.view import Row, measure_share_x

THICKER = 1.35
"""Times the body's em, or the thickness of a row of text. A thicker row is set in larger type.
Judgement."""
DOUBTFUL = 1.8
"""Times the size of the body. Larger type is display type whatever stands around it. Judgement."""
MOST = 3
"""Rows of a headline set in the type of the text, at most. Judgement."""
SPACED = 1.15
"""Factor by which the pitch of running text varies from row to row, at most. Judgement."""


def mark_display_rows(rows: Sequence[Row], body: float) -> list[Row]:
    """Return the rows, those marked whose neighbours tell whether they are display type.

    Args:
        rows: Rows of one zone, in the turned page.
        body: Size of the body type in pixels.
    """
    rows = _with_running_rows(rows, body)
    large = [r for r in rows if r.is_display(body) and not r.foreign]
    last = {id(r) for r in _signed(rows, body)} | {
        id(row)
        for row in rows
        if not (row.measured or row.foreign)
        and row.leads is None
        and row.thickness > THICKER * body
        and any(_ends(row, over) for over in large)
    }
    return [replace(r, leads=True) if id(r) in last else r for r in rows]


def _signed(rows: Sequence[Row], body: float) -> list[Row]:
    """Return rows of headlines in the type of the text: short, atop a column, above a byline."""
    level = [r for r in rows if not r.foreign]
    found = []
    for byline in (r for r in level if looks_like_byline(r.text)):
        column = _column_under(byline, level, body)
        over = _short_over(byline, column, level, body) if column else []
        top = over[-1].box if over else byline.box
        if not any(stands_close_above(r.box, top, 0.8 * body) for r in level if r not in over):
            found += over
    return found


def _column_under(byline: Row, rows: Sequence[Row], body: float) -> Box | None:
    """Return the box of the first rows of text under a byline; None with fewer than two of them."""
    near = [
        r.box
        for r in rows
        if 0 < r.box.center[1] - byline.box.bottom < 6 * body
        and measure_share_x(r.box, byline.box) > 0.5
    ]
    return union_boxes(near) if len(near) > 1 else None


def _short_over(byline: Row, column: Box, rows: Sequence[Row], body: float) -> list[Row]:
    """Return the rows above a byline, upwards, that are short or centred in its column."""
    over: list[Row] = []
    box = byline.box
    while len(over) < MOST:
        above = [r for r in rows if stands_close_above(r.box, box, body) and not r.is_display(body)]
        if len(above) != 1 or not _is_short(above[0], column, body):
            break
        over.append(above[0])
        box = above[0].box
    return over


def stands_close_above(upper: Box, lower: Box, reach: float) -> bool:
    """Tell whether a box stands above another, less than `reach` pixels away."""
    gap = lower.top - upper.bottom
    return (
        -0.3 * reach < gap < reach
        and measure_share_x(upper, lower) > 0.3
        and upper.bottom < lower.bottom
    )


def _is_short(row: Row, column: Box, body: float) -> bool:
    """Tell whether a row is short or centred in its column, as a row of a headline is."""
    box = row.box
    middle = abs(box.center[0] - column.center[0]) < 0.6 * body
    short = box.right < column.right - 1.5 * body
    return (
        ((middle and column.left + 0.5 * body < box.left) or short)
        and row.text[-1:] not in SENTENCE_END
        and not looks_like_byline(row.text)
    )


def _ends(row: Row, over: Row) -> bool:
    """Tell whether a row could be the last characters of the headline above it."""
    thickness = over.thickness
    gap = row.box.top - over.box.bottom
    aligned = (
        abs(row.box.left - over.box.left) < 0.6 * thickness
        or abs(row.box.center[0] - over.box.center[0]) < 0.6 * thickness
    )
    return (
        abs(row.thickness - thickness) < 0.13 * thickness
        and -0.3 * thickness < gap < 1.2 * thickness
        and aligned
    )


def _with_running_rows(rows: Sequence[Row], body: float) -> list[Row]:
    """Return the rows, those marked that look large or spaced but run on in a column of text."""
    doubtful = [r for r in rows if not r.foreign and 1.15 * body < r.size < DOUBTFUL * body]
    plain = [r for r in rows if not r.foreign and r.size < 1.2 * body and r.measured]
    running = {id(r) for r in doubtful if any(_runs_on(r, o, body) for o in plain if o is not r)}
    running |= {id(r) for r in doubtful if not r.measured and _ends_with_stop(r.text)}
    running |= {id(r) for r in doubtful if any(_is_rest_of(r, o, body) for o in plain)}
    return [replace(r, leads=False) if id(r) in running else r for r in rows]


def _is_rest_of(row: Row, full: Row, body: float) -> bool:
    """Tell whether a row is the character or two that did not fit into the row of text above it.

    A box around a single character is drawn wider than its row would be.
    """
    return (
        len(row.text) <= 2
        and -0.3 * body < row.box.top - full.box.bottom < 0.7 * body
        and -0.5 * body < full.box.left - row.box.left < 3 * body
        and row.thickness < 1.5 * full.thickness
    )


def _ends_with_stop(text: str) -> bool:
    """Tell whether a text ends with a full stop, as a paragraph does and a headline does not."""
    return text.rstrip(CLOSING)[-1:] == "。"


def _runs_on(row: Row, other: Row, body: float) -> bool:
    """Tell whether a row is set as the row of running text directly above or below it is."""
    gap = max(row.box.top - other.box.bottom, other.box.top - row.box.bottom)
    if not -0.9 * body < gap < 0.7 * body or measure_share_x(row.box, other.box) < 0.8:
        return False
    if abs(row.box.left - other.box.left) > 0.9 * body:
        return False
    if row.text[-1:] in SENTENCE_END or row.text[-2:-1] in SENTENCE_END:
        return row.box.right < other.box.right + 0.8 * body
    if abs(row.box.right - other.box.right) > 0.9 * body:
        return False
    if row.pitch is None or other.pitch is None:
        return row.thickness < THICKER * other.thickness
    return row.pitch < SPACED * other.pitch or row.thickness < SPACED * other.thickness
