"""Rows, text blocks and surroundings of a horizontal page, for tests of the layout."""

from newspage.geometry import Box
from newspage.layout.headline import HeadlineContext
from newspage.layout.text_blocks import TextBlock
from newspage.layout.view import Row
from newspage.model import Direction, Separator
from tests.drawings import EM, line_at

WORDS = "城里人家种树修桥开渠办学"


def row_of(
    text: str,
    left: float,
    top: float,
    size: float = EM,
    *,
    thick: float = 1.0,
    across: bool = False,
) -> Row:
    """A row of a horizontal page whose box is `thick` times as thick as its type."""
    spare = size * (thick - 1) / 2
    long = size * len(text)
    if across:
        box, direction = Box(left - spare, top, left + size + spare, top + long), Direction.VERTICAL
    else:
        box = Box(left, top - spare, left + long, top + size + spare)
        direction = Direction.HORIZONTAL
    return Row(line_at(text, text, box, direction, size), box, across)


def body(left: float, top: float, rows: int = 4, first: str = "城") -> TextBlock:
    """Rows of twelve characters of body type."""
    return TextBlock(tuple(row_of(first + WORDS[1:], left, top + 28 * n) for n in range(rows)))


def around(*rules: Separator, walls: tuple[Box, ...] = ()) -> HeadlineContext:
    """A page of 2000 pixels without pictures."""
    return HeadlineContext(float(EM), rules, walls, Box(0, 0, 2000, 2000), walls=walls)
