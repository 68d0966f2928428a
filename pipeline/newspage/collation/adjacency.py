"""Judge whether two characters are printed one right after the other: on a row, or over its end.

The scan shows that a text has characters too many or too few only where nothing was overlooked
between their neighbours; a line that was not found, or was put in the wrong place, is no fault of
the text.

The thresholds below are judgements from how Chinese newspapers are set; docs/correction.md has the
figures that they lead to. Those in ems scale with the type of the line.
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from itertools import pairwise

from newspage.geometry import Box
from newspage.model import Char, Direction, TextLine

ROW = 0.6
"""Ems by which the centres of two characters of one row may differ across the row: marks sit half
an em off, the next row is at least one em away."""
GAP = 2.2
"""Ems that may be empty between two characters of one row: an indent of two, and a little more."""
PITCH = 2.8
"""Ems from the centre of one row to that of the next, at most: more than any
leading of running text."""
SKIPPED = 1.5
"""A row further down than this many median pitches of its column is not the next one: half-way
between one pitch and the two that a row which was not found leaves."""
INDENT = 3.2
"""Ems by which a row may begin later or earlier than the row before it: an indent of two, and
room for a skewed column."""
SHORT = 1.8
"""Ems that a full row may end before its column does: one character moved down because a mark
may not begin a row, and blanks of marks."""
AROUND = 12.0
"""Ems up and down within which rows are taken to show how wide a column is."""


class Adjacency(IntEnum):
    """The certainty that one character is printed right after the other."""

    NO = 0
    UNKNOWN = 1
    """A column or a block ends between them."""
    YES = 2


def find_weakest_step(chars: Sequence[Char], lines: Mapping[str, TextLine]) -> Adjacency:
    """Return the least certain step in a sequence of characters; YES for fewer than two."""
    steps = [judge_following(a, b, lines) for a, b in pairwise(chars)]
    return min(steps, default=Adjacency.YES)


def judge_following(a: Char, b: Char, lines: Mapping[str, TextLine]) -> Adjacency:
    """Return how certain it is that `b` is printed right after `a`, from the boxes of their glyphs.

    UNKNOWN where one of the two has no line, or where a column or a block may end between them.
    """
    first, second = lines.get(a.line), lines.get(b.line)
    if first is None or second is None:
        return Adjacency.UNKNOWN
    box_a, box_b = _glyph(first, a.glyph), _glyph(second, b.glyph)
    em = first.size or min(box_a.width, box_a.height)
    if _sticks_out(a, first, lines, em) or _sticks_out(b, second, lines, em):
        return Adjacency.NO
    if a.line == b.line:
        return Adjacency.YES if a.glyph <= b.glyph <= a.glyph + 2 else Adjacency.NO
    if first.direction is not second.direction or em <= 0:
        return Adjacency.UNKNOWN
    if _same_row(_turned(box_a, first), _turned(box_b, second), em):
        return Adjacency.YES
    if a.glyph < len(first.glyphs) - 2 or b.glyph > 1:
        return Adjacency.NO
    if _something_between(first, second, lines, em):
        return Adjacency.NO
    if _skips(first, second, lines, em):
        return Adjacency.UNKNOWN
    full = _edge(first, lines, em, right=True)
    return _next_row(_turned(first.box, first), _turned(second.box, second), full, em)


def measure_room(a: Char, b: Char, lines: Mapping[str, TextLine]) -> float:
    """Return the ems of empty paper between two characters that follow each other; 0 if unknown.

    Over the end of a line it is the larger of two widths: what is left to the edge of the column
    after `a`, and what is left before `b`.
    """
    first, second = lines.get(a.line), lines.get(b.line)
    if first is None or second is None:
        return 0.0
    box_a, box_b = _turned(_glyph(first, a.glyph), first), _turned(_glyph(second, b.glyph), second)
    em = first.size or min(box_a.width, box_a.height)
    if em <= 0:
        return 0.0
    if a.line == b.line or _same_row(box_a, box_b, em):
        return (box_b.left - box_a.right) / em
    after = _edge(first, lines, em, right=True) - box_a.right
    before = box_b.left - _edge(second, lines, em, right=False)
    return max(after, before) / em


def _glyph(line: TextLine, glyph: int) -> Box:
    """Return the box of a glyph; that of the whole line where the index names none."""
    return line.glyphs[glyph].box if 0 <= glyph < len(line.glyphs) else line.box


def _turned(box: Box, line: TextLine) -> Box:
    """Return a box as if its line ran from left to right and the next one stood below."""
    if line.direction is Direction.VERTICAL:
        return Box(box.top, -box.right, box.bottom, -box.left)
    if line.direction is Direction.HORIZONTAL_RTL:
        return Box(-box.right, box.top, -box.left, box.bottom)
    return box


def _same_row(a: Box, b: Box, em: float) -> bool:
    """Tell whether `b` stands on the row of `a` and closely behind it."""
    across = abs(a.center[1] - b.center[1])
    return across < ROW * em and -0.6 * em <= b.left - a.right <= GAP * em


def _beside(line: TextLine, lines: Mapping[str, TextLine], em: float) -> list[TextLine]:
    """Return the rows of the same column around a line, the line itself among them."""
    own = _turned(line.box, line)
    near = []
    for other in lines.values():
        box = _turned(other.box, other)
        beside = abs(box.left - own.left) <= INDENT * em
        close = abs(box.center[1] - own.center[1]) <= AROUND * em
        if other.direction is line.direction and beside and close and _as_wide(box, own):
            near.append(other)
    return near


def _something_between(
    first: TextLine, second: TextLine, lines: Mapping[str, TextLine], em: float
) -> bool:
    """Tell whether another line lies between two rows, even one that runs over several columns."""
    a, b = _turned(first.box, first), _turned(second.box, second)
    for other in lines.values():
        if other.direction is first.direction and other is not first and other is not second:
            box = _turned(other.box, other)
            inside = a.center[1] + ROW * em < box.center[1] < b.center[1] - ROW * em
            if inside and min(box.right, b.right) - max(box.left, b.left) > 0.5 * b.width:
                return True
    return False


def _skips(first: TextLine, second: TextLine, lines: Mapping[str, TextLine], em: float) -> bool:
    """Tell whether a line between two rows may have been overlooked, as they lie far apart."""
    rows = sorted(_turned(x.box, x).center[1] for x in _beside(first, lines, em))
    pitches = sorted(b - a for a, b in pairwise(rows) if b - a > ROW * em)
    down = _turned(second.box, second).center[1] - _turned(first.box, first).center[1]
    return bool(pitches) and down > SKIPPED * pitches[len(pitches) // 2]


def _sticks_out(char: Char, line: TextLine, lines: Mapping[str, TextLine], em: float) -> bool:
    """Tell whether a character lies beyond its column: two columns were read as one line."""
    edge = _edge(line, lines, em, right=True)
    return _turned(_glyph(line, char.glyph), line).right > edge + SHORT * em


def _edge(line: TextLine, lines: Mapping[str, TextLine], em: float, right: bool) -> float:
    """Return where full rows of a line's column end, or begin; one row in four may stick out."""
    boxes = [_turned(x.box, x) for x in _beside(line, lines, em)]
    edges = sorted(b.right if right else -b.left for b in boxes)
    edge = edges[-1 - len(edges) // 4]
    return edge if right else -edge


def _as_wide(box: Box, own: Box) -> bool:
    """Tell whether a line may be of the same column; twice as wide, it runs over the next."""
    return box.width <= 2 * own.width


def _next_row(a: Box, b: Box, full: float, em: float) -> Adjacency:
    """Judge whether line `b` is the row below line `a`, and `a` is full.

    `full` is where full rows of the column end.
    """
    down = b.center[1] - a.center[1]
    if abs(b.left - a.left) > INDENT * em or not 0.5 * em < down < PITCH * em:
        return Adjacency.UNKNOWN if b.left > a.right or down < 0 else Adjacency.NO
    return Adjacency.YES if a.right >= full - SHORT * em else Adjacency.NO
