"""The page turned so that its text runs from left to right and its columns from left to right.

Vertical text, read in columns from right to left and in tiers from top to bottom, becomes after a
quarter turn counter-clockwise what horizontal text is: lines from the top down, tiers as columns.
One set of rules then serves both. A line is a `Row` there; one that runs the other way is
`foreign`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from newspage.chinese import ends_sentence
from newspage.geometry import Box, measure_overlap_1d, turn_box
from newspage.model import Direction, Separator, TextLine

DISPLAY = 1.28
"""Times the size of the body. Type at least so large is display type. Judgement."""
DISPLAY_UNMEASURED = 1.45
"""The same where only the thickness of a row tells its size: it varies more than the pitch."""
SPACED = 1.18
"""Ratio of a row's pitch to its thickness. Above it the characters are spaced out. Judgement."""
DISPLAY_TWICE = 1.32
"""Times the size of the body, where thickness and the pitch of two or three characters agree."""


@dataclass(frozen=True, eq=False)
class Row:
    """A text line as the layout sees it: its box in the turned page.

    Rows are compared by identity; what is measured on them is measured once.
    """

    line: TextLine
    box: Box
    foreign: bool = False
    """It runs across the direction of the text around it (a vertical headline, say)."""
    leads: bool | None = None
    """Whether it is set in display type, where the rows around it tell better than its own size."""
    initial: bool = False
    """Whether it begins with a drop cap."""

    @cached_property
    def text(self) -> str:
        """Return the text of the line."""
        return self.line.text

    @cached_property
    def size(self) -> float:
        """Return the size of the type in pixels: the pitch of its characters where it is known.

        The thickness of the line alone depends on which characters it happens to hold; spacing
        widens the pitch. So the smaller of both counts. A line as it is found is a little thicker
        than the em of its type (the factor 0.88 is a judgement).
        """
        thickness, pitch = self.thickness, self.pitch
        return 0.88 * thickness if pitch is None else min(max(pitch, 0.72 * thickness), thickness)

    @cached_property
    def measured(self) -> bool:
        """Tell whether `size` rests on the pitch of its characters."""
        return self.pitch is not None

    def is_display(self, body: float) -> bool:
        """Tell whether it is set in type clearly larger than the body's size, in pixels."""
        if self.leads is not None:
            return self.leads
        if self.size >= (DISPLAY if self.measured else DISPLAY_UNMEASURED) * body:
            return True
        pitch = _pitch(self.line, 1)
        return pitch is not None and min(pitch, self.size) >= DISPLAY_TWICE * body

    @cached_property
    def pitch(self) -> float | None:
        """Return the median distance of its ideographs in pixels, or None.

        None where there are too few of them, or where they are spaced out to fill the row.
        """
        pitch = _pitch(self.line)
        return None if pitch is None or pitch > SPACED * self.thickness else pitch

    @property
    def thickness(self) -> float:
        """Return the extent of the row across its direction, in pixels."""
        return self.box.width if self.foreign else self.box.height

    @cached_property
    def type_box(self) -> Box:
        """Return its box cut across the row to the size of its type.

        A line as it is found is thicker than its type, on microfilm up to 1.6 times (median 1.45 on
        two folds of 1939): boxes of rows set close overlap where their type does not.
        """
        box, half = self.box, self.size / 2
        x, y = box.center
        if self.foreign:
            return Box(max(box.left, x - half), box.top, min(box.right, x + half), box.bottom)
        return Box(box.left, max(box.top, y - half), box.right, min(box.bottom, y + half))

    @property
    def start(self) -> float:
        """Return where the first glyph begins, along the line."""
        return self.box.left

    @property
    def ends_sentence(self) -> bool:
        """Tell whether the row ends with the end of a sentence."""
        return ends_sentence(self.text)


def _pitch(line: TextLine, pairs: int = 3) -> float | None:
    """Return the median distance of neighbouring ideographs in pixels; None with fewer `pairs`."""
    axis = 1 if line.vertical else 0
    at = [(g.box.center[axis], "\u3400" <= g.text <= "\u9fff") for g in line.glyphs]
    steps = [abs(b[0] - a[0]) for a, b in pairwise(at) if a[1] and b[1]]
    return median(steps) if len(steps) >= pairs else None


@dataclass(frozen=True, slots=True)
class TurnedView:
    """The way from the working image to the turned page."""

    width: int
    vertical: bool

    def turn_to_view(self, box: Box) -> Box:
        """Return a box of the working image in the turned page."""
        return turn_box(box, self.width) if self.vertical else box

    def make_row(self, line: TextLine) -> Row:
        """Return a line as a row of the turned page."""
        return Row(line, self.turn_to_view(line.box), line.vertical is not self.vertical)

    def turn_rules(self, rules: Iterable[Separator]) -> tuple[Separator, ...]:
        """Return separators of the working image in the turned page."""
        if not self.vertical:
            return tuple(rules)
        return tuple(Separator(self.turn_to_view(r.box), not r.vertical) for r in rules)


def choose_view(lines: Sequence[TextLine], width: int, wanted: str = "auto") -> TurnedView:
    """Return the view in which most of the text runs from left to right.

    Args:
        lines: Lines of the page or of a zone.
        width: Width of the working image in pixels.
        wanted: "horizontal" or "vertical" where a person said so, else "auto".
    """
    if wanted != "auto":
        return TurnedView(width, wanted == "vertical")
    vertical = sum(line.box.height for line in lines if line.direction is Direction.VERTICAL)
    horizontal = sum(line.box.width for line in lines if line.direction is not Direction.VERTICAL)
    return TurnedView(width, vertical > horizontal)


def measure_share_x(a: Box, b: Box) -> float:
    """Return the horizontal overlap as a share of the narrower box; 0 where there is none."""
    shared = measure_overlap_1d(a.left, a.right, b.left, b.right)
    return max(0.0, shared) / max(1.0, min(a.width, b.width))


def measure_share_y(a: Box, b: Box) -> float:
    """Return the vertical overlap as a share of the lower box; 0 where there is none."""
    shared = measure_overlap_1d(a.top, a.bottom, b.top, b.bottom)
    return max(0.0, shared) / max(1.0, min(a.height, b.height))


def has_rule_between(
    rules: Sequence[Separator], upper: Box, lower: Box, share: float = 0.5
) -> bool:
    """Tell whether a horizontal rule parts two boxes, one below the other.

    It has to cover `share` of the width that both boxes share, or of both where they share none.
    """
    left, right = max(upper.left, lower.left), min(upper.right, lower.right)
    if right <= left:
        left, right = min(upper.left, lower.left), max(upper.right, lower.right)
    slack = 0.25 * min(upper.height, lower.height, 40.0)
    return any(
        not r.vertical
        and upper.bottom - slack <= r.box.center[1] <= lower.top + slack
        and measure_overlap_1d(r.box.left, r.box.right, left, right) >= share * (right - left)
        for r in rules
    )


def has_column_rule_between(rules: Sequence[Separator], left: Box, right: Box) -> bool:
    """Tell whether a vertical rule stands between two boxes side by side."""
    top, bottom = max(left.top, right.top), min(left.bottom, right.bottom)
    return bottom > top and any(
        r.vertical
        and left.right - 8 <= r.box.center[0] <= right.left + 8
        and measure_overlap_1d(r.box.top, r.box.bottom, top, bottom) >= 0.5 * (bottom - top)
        for r in rules
    )
