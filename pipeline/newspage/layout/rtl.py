"""Horizontal lines that run from right to left, as headlines and mastheads of old papers do.

The text of the page itself tells in which direction a line runs: pairs of characters that follow
each other in its vertical text do so in the line as well, when it is read the right way; and no
line begins with a mark that closes something. Rows of one block run the same way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from newspage.geometry import Box, measure_overlap_1d
from newspage.lattice import Lattice
from newspage.model import Direction, TextLine

CLOSING, OPENING = frozenset("，。、；：？！」』）》〉】…,.;:?!)"), frozenset("「『（《〈【(")
"""Marks that no line begins with, and marks that no line ends with."""
FEWEST = 3
"""Least number of rows of a block. Judgement: see `_blocks`."""
PITCH = 2.0
"""Greatest distance, middle to middle, of rows of a block in heights of a row. Judgement: wide
leading."""
ALIKE = 1.35
"""Greatest height of one row over that of the other. Judgement: titles are larger than texts."""
BESIDE = 0.5
"""Least share of the shorter row that both have in common. Judgement: half; the last row of a
paragraph is short."""


def set_line_directions(lines: Sequence[TextLine]) -> list[TextLine]:
    """Return the lines of a vertical page, horizontal ones from right to left turned round.

    Where the text does not tell, a line runs as the columns do, from right to left.
    """
    known = _pairs(line for line in lines if line.vertical)
    rows = [line for line in lines if line.direction is Direction.HORIZONTAL]
    leftward = {line.id for block in _blocks(rows) if _runs_left(block, known) for line in block}
    return [_reversed(line) if line.id in leftward else line for line in lines]


def _pairs(lines: Iterable[TextLine]) -> set[tuple[str, str]]:
    """Return all pairs of neighbouring characters."""
    return {pair for line in lines for pair in pairwise(line.text)}


def _blocks(rows: Sequence[TextLine]) -> list[list[TextLine]]:
    """Return the rows of each block: of type of one size, close below each other.

    Rows in twos are no block: a title may stand above a line that was set the other way.
    """
    blocks: list[list[TextLine]] = []
    for row in sorted(rows, key=lambda r: r.box.top):
        mine = [b for b in blocks if any(_go_together(row, other) for other in b)]
        blocks = [b for b in blocks if b not in mine] + [[x for b in mine for x in b] + [row]]
    return [part for b in blocks for part in ([b] if len(b) >= FEWEST else [[row] for row in b])]


def _go_together(a: TextLine, b: TextLine) -> bool:
    """Tell whether two rows can be neighbours in one block."""
    if _has_latin(a) or _has_latin(b):
        return False
    low, high = sorted((a.box.height, b.box.height))
    return (
        high < ALIKE * low
        and abs(a.box.center[1] - b.box.center[1]) < PITCH * low
        and _shared_width(a.box, b.box) > BESIDE * min(a.box.width, b.box.width)
    )


def _shared_width(a: Box, b: Box) -> float:
    """Return the width that two boxes have in common."""
    return measure_overlap_1d(a.left, a.right, b.left, b.right)


def _has_latin(line: TextLine) -> bool:
    """Tell whether a line holds a Latin letter."""
    return any(c.isascii() and c.isalpha() for c in line.text)


def _runs_left(block: Sequence[TextLine], known: set[tuple[str, str]]) -> bool:
    """Tell whether as much speaks for reading rows backwards as forwards; Latin ones never are."""
    if any(map(_has_latin, block)):
        return False
    texts = [line.text for line in block]
    forward = sum(_known(t, known) for t in texts)
    backward = sum(_known(t[::-1], known) for t in texts)
    if len(block) >= FEWEST:
        # A single row may begin or end with a speck that was read as a mark.
        forward += sum(map(_marks, texts))
        backward += sum(_marks(t[::-1]) for t in texts)
    return backward >= forward


def _known(text: str, known: set[tuple[str, str]]) -> int:
    """Return how many pairs of a text are known."""
    return sum(pair in known for pair in pairwise(text))


def _marks(text: str) -> int:
    """Return how many ends of a text have a mark that belongs there."""
    return (text[-1:] in CLOSING) + (text[:1] in OPENING)


def _reversed(line: TextLine) -> TextLine:
    """Return the line with its glyphs, and the steps of its lattice, in reverse order."""
    lattice = line.lattice
    if lattice is not None:
        lattice = Lattice(
            lattice.classes[::-1], lattice.log_probs[::-1], (1 - lattice.positions)[::-1]
        )
    return replace(
        line, direction=Direction.HORIZONTAL_RTL, glyphs=line.glyphs[::-1], lattice=lattice
    )
