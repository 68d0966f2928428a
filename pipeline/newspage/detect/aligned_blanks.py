"""Finds gutters as blanks that are aligned over several rows of text.

Where columns stand close and no rule parts them, a text detector finds rows over two or three of
them, and no edge of another stretch tells where a column ends. What tells it are the rows
themselves: all are blank at one place. Within a column, blanks behind punctuation marks are aligned
over two or three rows by chance, and the next row runs across.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from newspage.detect.ink_masks import Mask
from newspage.geometry import Box

# Figures without a name below are judgement: em of the body type.

NARROWEST = 0.45
"""Least width in em of a blank that may be part of a gutter. Judgement: of the generator's pages,
whose columns are 0.6 em apart at least, worn ones show 0.48, as their em is measured too large."""
SHARED = 0.36
"""Width in em that the blanks of all rows must have in common. Judgement: four fifths of that."""
FEWEST = ((0.6, 3), (0.0, 4))
"""Least width of a gutter in em, and least number of rows that are blank there. Judgement: the
narrower, the more rows."""
ROWS = 2
"""Least number of rows with text at both sides of the blank; all others may end or begin there.
Judgement: a byline with a blank in it stands alone."""
CLOSED = 7
"""Number of rows from which a gutter may end at a row of text that runs across. Judgement: above
what punctuation marks do by chance."""
PITCH = 1.9
"""Greatest distance in em, middle to middle, from one row of a column to the next. Judgement:
wide leading; with a line left out between them rows are farther apart."""
ALIKE = (0.6, 1.6)
"""Least and greatest height of a row of the stack, in heights of the first one. Judgement: body
type varies by less."""
NEAR = 1.6
"""Distance in em up to which a row that ends before a blank, or begins behind it, goes on a stack.
Judgement: indents have up to two characters."""
EXACT = 0.3
"""Distance in em up to which it ends or begins right there. Judgement: a third of a character."""
MARK = (0.4, 0.5)
"""Greatest length and height in em of a stretch of ink that is no character but a mark or a speck.
Judgement: a comma and the dirt of a worn page have less, nearly all characters more."""
BESIDE = (0.15, 0.6)
"""Least length in em of a row before and behind its blank, up to the next one, where it counts.
Judgement: a column may end with a punctuation mark that stands alone, but none begins with one."""
PLAIN = 0.3
"""Least share of rows with characters, not marks, at both sides of the blank. Judgement: most
columns end and begin with characters, and blanks within a column lie beside marks."""
SPOILED = 0.25
"""Greatest number of rows with a mark or speck in the blank, as a share of those without.
Judgement: one in four."""


@dataclass(slots=True)
class _Stack:
    """Rows above each other that are blank at one place."""

    start: float
    end: float
    top: float
    bottom: float
    rows: int = 0
    """Number of rows with text at both sides of the blank."""
    spoiled: int = 0
    """Number of rows with a mark or a speck in it."""
    left: int = 0
    """Number of rows that end at it."""
    right: int = 0
    """Number of rows that begin behind it."""
    closed: int = 0
    """Number of ends, above and below, where a row runs across."""
    members: list[tuple[int, int]] = field(default_factory=list)
    """Row and blank of each."""


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """The rows of a page from the top down."""

    boxes: tuple[Box, ...]
    middles: tuple[float, ...]
    blanks: tuple[tuple[tuple[float, float], ...], ...]
    """Start and end of the blanks of each row."""
    ink: Mask
    em: float


def find_aligned_blanks(boxes: Sequence[Box], ink: Mask, em: float) -> list[Box]:
    """Return the gutters between columns that show in the rows themselves, each as a box.

    Args:
        boxes: The stretches of horizontal text.
        ink: The ink of the page without rules.
        em: Size of the body type in pixels.
    """
    ordered = sorted(boxes, key=_middle_of)
    blanks = tuple(tuple(_wide_blanks(b, ink, em)) for b in ordered)
    rows = _Rows(tuple(ordered), tuple(_middle_of(b) for b in ordered), blanks, ink, em)
    seen: set[tuple[int, int]] = set()
    found = []
    for i, own in enumerate(blanks):
        for k, blank in enumerate(own):
            if (i, k) in seen:
                continue
            stack = _collect_stack(i, k, blank, rows)
            if _is_gutter(stack, rows):
                seen.update(stack.members)
                found.append(Box(stack.start, stack.top, stack.end, stack.bottom))
    return found


def find_blanks(box: Box, ink: Mask) -> list[tuple[float, float]]:
    """Return start and end of the stretches of a line without ink, its ends left out."""
    x0, y0, x1, y1 = (int(v) for v in (box.left, box.top, box.right, box.bottom))
    trim = max(1, (y1 - y0) // 8)
    inked = np.flatnonzero(ink[max(0, y0 + trim) : y1 - trim, max(0, x0) : x1].any(axis=0))
    if inked.size < 2:
        return []
    wide = np.flatnonzero(np.diff(inked) > 2)
    return [(x0 + float(inked[i]) + 1, x0 + float(inked[i + 1])) for i in wide]


def _middle_of(box: Box) -> float:
    """Return the height of the middle of a box."""
    return box.center[1]


def _wide_blanks(box: Box, ink: Mask, em: float) -> list[tuple[float, float]]:
    """Return the blanks of a row that may be gutters; none where most of its characters have one.

    Type that is set wide is blank between all its characters.
    """
    if box.height > 2 * em:
        return []
    wide = [b for b in find_blanks(box, ink) if b[1] - b[0] >= NARROWEST * em]
    return wide if len(wide) <= 1 + box.width / (3 * em) else []


def _collect_stack(row: int, which: int, blank: tuple[float, float], rows: _Rows) -> _Stack:
    """Return the rows around one that are blank where it is."""
    box = rows.boxes[row]
    stack = _Stack(*blank, box.top, box.bottom, members=[(row, which)])
    stack.rows += _is_long(row, which, rows)
    for step in (-1, 1):
        _grow_stack(stack, row, step, rows)
    return stack


def _grow_stack(stack: _Stack, row: int, step: int, rows: _Rows) -> None:
    """Add the rows above (-1) or below (1) to a stack, up to one that runs across its blank."""
    em, first = rows.em, rows.boxes[row]
    at, j = rows.middles[row], row + step
    while 0 <= j < len(rows.boxes):
        box, middle = rows.boxes[j], rows.middles[j]
        if abs(middle - at) > PITCH * em:
            return
        share = box.height / max(1.0, first.height)
        apart = box.right < stack.start - NEAR * em or box.left > stack.end + NEAR * em
        if apart or not ALIKE[0] < share < ALIKE[1] or abs(middle - rows.middles[row]) < 0.3 * em:
            j += step
            continue
        if box.right <= stack.end + EXACT * em:
            stack.left += box.right > stack.start - EXACT * em
        elif box.left >= stack.start - EXACT * em:
            stack.right += box.left < stack.end + EXACT * em
        else:
            k = _blank_at(stack, j, rows)
            if k is not None:
                a, b = rows.blanks[j][k]
                stack.start, stack.end = max(stack.start, a), min(stack.end, b)
                stack.members.append((j, k))
                stack.rows += _is_long(j, k, rows)
            elif _is_spoiled(stack, box, rows):
                stack.spoiled += 1
            else:
                stack.closed += 1
                return
        stack.top, stack.bottom = min(stack.top, box.top), max(stack.bottom, box.bottom)
        at, j = middle, j + step


def _is_long(row: int, which: int, rows: _Rows) -> bool:
    """Tell whether a row goes on at both sides of one of its blanks, behind it with a character."""
    box, own = rows.boxes[row], rows.blanks[row]
    before = own[which][0] - (own[which - 1][1] if which else box.left)
    after = (own[which + 1][0] if which + 1 < len(own) else box.right) - own[which][1]
    return before >= BESIDE[0] * rows.em and after >= BESIDE[1] * rows.em


def _blank_at(stack: _Stack, row: int, rows: _Rows) -> int | None:
    """Return which blank of a row goes on with that of a stack; None without one."""
    own = rows.blanks[row]
    for k in range(
        bisect_left(own, stack.start, key=_end_of), bisect_right(own, stack.end, key=_start_of)
    ):
        if min(own[k][1], stack.end) - max(own[k][0], stack.start) >= SHARED * rows.em:
            return k
    return None


def _start_of(blank: tuple[float, float]) -> float:
    """Return where a blank begins."""
    return blank[0]


def _end_of(blank: tuple[float, float]) -> float:
    """Return where a blank ends."""
    return blank[1]


def _is_spoiled(stack: _Stack, box: Box, rows: _Rows) -> bool:
    """Tell whether a row has but a mark or a speck where a stack is blank."""
    part = rows.ink[int(box.top) : int(box.bottom), int(stack.start) : int(np.ceil(stack.end))]
    return _is_mark(part, rows.em) and not part[:, [0, -1]].any()


def _is_gutter(stack: _Stack, rows: _Rows) -> bool:
    """Tell whether so many rows are blank at a place that it is no chance."""
    width = (stack.end - stack.start) / rows.em
    needed = next(fewest for least, fewest in FEWEST if width >= least)
    count = stack.rows + min(stack.left, stack.right)
    if stack.rows < ROWS or stack.closed > 1 or count < (CLOSED if stack.closed else needed):
        return False
    if stack.spoiled > SPOILED * stack.rows:
        return False
    plain = sum(_is_plain(i, rows.blanks[i][k], rows) for i, k in stack.members)
    return plain >= PLAIN * len(stack.members)


def _is_plain(row: int, blank: tuple[float, float], rows: _Rows) -> bool:
    """Tell whether characters, and not marks, stand at both sides of a blank."""
    box, reach = rows.boxes[row], round(rows.em)
    start, end = int(blank[0]), int(blank[1])
    level = rows.ink[int(box.top) : int(box.bottom)]
    before = level[:, max(int(box.left), start - reach) : start][:, ::-1]
    after = level[:, end : min(end + reach, int(box.right))]
    return not any(_is_mark(_first_run(part), rows.em) for part in (before, after))


def _first_run(part: Mask) -> Mask:
    """Return the columns of a mask up to the first one without ink behind some with ink."""
    inked = np.asarray(part.any(axis=0))
    first = int(np.argmax(inked))
    ends = np.flatnonzero(~inked[first:])
    return part[:, first : first + int(ends[0])] if ends.size else part[:, first:]


def _is_mark(part: Mask, em: float) -> bool:
    """Tell whether the ink of a mask is no larger than a punctuation mark, or none."""
    down, across = (np.flatnonzero(part.any(axis=axis)).tolist() for axis in (1, 0))
    if not down:
        return True
    length, height = across[-1] - across[0] + 1, down[-1] - down[0] + 1
    return bool(length < MARK[0] * em and height < MARK[1] * em)
