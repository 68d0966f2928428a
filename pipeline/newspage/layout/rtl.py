"""Horizontal lines that run from right to left, as headlines and mastheads of old papers do.

Which way a line runs, the text of the page itself tells: pairs of characters that follow each
other in its vertical text do so in the line as well, when it is read the right way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from newspage.model import Direction, Lattice, TextLine


def set_line_directions(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines of a vertical page, the horizontal ones turned round that run from right to left.

    Where the text does not tell, the line runs with the columns, from right to left.
    """
    known = _pairs(line for line in lines if line.vertical)
    return [
        _reversed(line)
        if line.direction is Direction.HORIZONTAL and _runs_left(line, known)
        else line
        for line in lines
    ]


def _pairs(lines: Iterable[TextLine]) -> set[tuple[str, str]]:
    return {pair for line in lines for pair in pairwise(line.text)}


def _runs_left(line: TextLine, known: set[tuple[str, str]]) -> bool:
    text = line.text
    if any(c.isascii() and c.isalpha() for c in text):
        return False
    forward = sum(pair in known for pair in pairwise(text))
    backward = sum(pair in known for pair in pairwise(text[::-1]))
    return backward >= forward


def _reversed(line: TextLine) -> TextLine:
    lattice = line.lattice
    if lattice is not None:
        lattice = Lattice(
            lattice.classes[::-1], lattice.log_probs[::-1], (1 - lattice.positions)[::-1]
        )
    return replace(
        line, direction=Direction.HORIZONTAL_RTL, glyphs=line.glyphs[::-1], lattice=lattice
    )
