"""A headline as a value, what the search for headlines knows, and what it finds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from newspage.chinese import LABEL
from newspage.geometry import Box, measure_overlap_1d, union_boxes
from newspage.layout.text_blocks import TextBlock
from newspage.layout.view import Row
from newspage.model import Separator

SLIGHTLY_LARGE = 1.17
"""Times the size of the body. A short line by itself can be a headline from here on. Judgement."""
LONGEST_STANDING_OUT = 24
"""Characters of such a line at most. Judgement."""
MARKS = "。，、；：？！,;"
"""Marks that running text has and a headline does not end with."""


@dataclass(frozen=True, eq=False)
class Headline:
    """A headline and the lines that go with it; two of the same words are compared by identity."""

    title: tuple[Row, ...]
    kicker: tuple[Row, ...] = ()
    deck: tuple[Row, ...] = ()
    byline: tuple[Row, ...] = ()
    jump: tuple[Row, ...] = ()
    """The line that says "continued from"; it may stand in place of a title."""

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Return all rows in reading order."""
        return self.kicker + self.title + self.deck + self.jump + self.byline

    @cached_property
    def box(self) -> Box:
        """Return the box around all rows, in pixels of the turned page."""
        return union_boxes(r.box for r in self.rows)

    @cached_property
    def type_box(self) -> Box:
        """Return the box around the type of its rows, see `Row.type_box`."""
        return union_boxes(r.type_box for r in self.rows)

    @cached_property
    def foreign(self) -> bool:
        """Tell whether it is set across the direction of the text around it."""
        return (self.title or self.jump)[0].foreign

    @cached_property
    def size(self) -> float:
        """Return the size of its largest type in pixels."""
        return max(r.size for r in self.title or self.jump)

    @cached_property
    def label(self) -> bool:
        """Tell whether it only names the column of short pieces under it."""
        return len(self.rows) == 1 and bool(LABEL.match(self.rows[0].text))


@dataclass(frozen=True, slots=True)
class FoundHeadlines:
    """The headlines of a zone, and its text blocks with the headlines taken out of them."""

    heads: tuple[Headline, ...]
    bodies: tuple[TextBlock, ...]


@dataclass(frozen=True, slots=True)
class HeadlineContext:
    """The surroundings that the search for headlines needs, in the turned page."""

    body: float
    """Size of the body type in pixels."""
    rules: tuple[Separator, ...]
    obstacles: tuple[Box, ...] = ()
    """Pictures, frames and panels."""
    zone: Box = field(default_factory=lambda: Box(0, 0, 0, 0))
    rightmost_first: bool = True
    """The order of foreign rows: vertical lines of a horizontal page run from right to left."""
    walls: tuple[Box, ...] = ()
    """Frames and panels: no article goes on below them."""


def measure_free_width(
    head: Headline, others: Sequence[Headline], bodies: Sequence[TextBlock], around: HeadlineContext
) -> tuple[float, float]:
    """Return the left and right end of the white space around a headline, in pixels.

    A centred headline is narrower than its article; the article can be as wide as the band it
    stands in is free of other text, pictures and vertical rules.

    Args:
        head: The headline.
        others: All other headlines of the zone.
        bodies: The blocks of text that can stand in its way.
        around: Rules, pictures and edges of the zone.
    """
    box = head.box
    blocks = [o.box for o in others] + [b.box for b in bodies]
    blocks += [o for o in around.obstacles if not o.contains(box, around.body)]
    blocks += [r.box for r in around.rules if r.vertical]
    level = [
        b
        for b in blocks
        if measure_overlap_1d(b.top, b.bottom, box.top, box.bottom) > 0.35 * around.body
    ]
    left = max([around.zone.left, *(b.right for b in level if b.center[0] < box.left)])
    right = min([around.zone.right, *(b.left for b in level if b.center[0] > box.right)])
    return min(left, box.left), max(right, box.right)
