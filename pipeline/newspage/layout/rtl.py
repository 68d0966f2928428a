"""Horizontal lines that run from right to left, as headlines and mastheads of old papers do.

The text of the page itself tells in which direction a line runs: pairs of characters that follow
each other in its vertical text do so in the line as well, when it is read the right way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from newspage.lattice import Lattice
from newspage.model import Direction, TextLine


def set_line_directions(lines: Sequence[TextLine]) -> list[TextLine]:
    """Return the lines of a vertical page, horizontal ones from right to left turned round.

    Where the text does not tell, a line runs as the columns do, from right to left.
    """
    known = _pairs(line for line in lines if line.vertical)
    return [
        _reversed(line)
        if line.direction is Direction.HORIZONTAL and _runs_left(line, known)
        else line
        for line in lines
    ]


def _pairs(lines: Iterable[TextLine]) -> set[tuple[str, str]]:
    """Return all pairs of neighbouring characters."""
    return {pair for line in lines for pair in pairwise(line.text)}


def _runs_left(line: TextLine, known: set[tuple[str, str]]) -> bool:
    """Tell whether a line has as many known pairs backwards as forwards, and no Latin letter."""
    text = line.text
    if any(c.isascii() and c.isalpha() for c in text):
        return False
    forward = sum(pair in known for pair in pairwise(text))
    backward = sum(pair in known for pair in pairwise(text[::-1]))
    return backward >= forward


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
