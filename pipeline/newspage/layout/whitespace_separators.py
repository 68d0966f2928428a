"""White space across columns that parts articles as a rule would.

Many pages print no rules: what ends an article there is a gap between its columns and those of the
next one, at the same height in all of them. A single column proves nothing, since a short last
column or a lost line leaves white space too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from newspage.geometry import Box, measure_overlap_1d, union_boxes
from newspage.layout.text_blocks import TextBlock
from newspage.layout.view import measure_share_x
from newspage.model import Separator

WIDER = 0.8
"""A gap that parts is so many em wider than that between the rows of a column."""
FARTHEST = 12.0
"""Nothing is said of columns that stand further apart, in em."""
FLANKED = 1.7
"""Where text beside a gap runs across its height, the gap has to be so many times as wide."""


@dataclass(frozen=True, slots=True)
class WhitespaceGap:
    """White space between two stacks, one above the other in the same column."""

    box: Box
    """As wide as the narrower of their lanes."""


def find_whitespace_separators(
    bodies: Sequence[TextBlock], filled: Sequence[Box], em: float
) -> tuple[Separator, ...]:
    """A separator in the middle of every valley, in pixels of the turned page.

    What is `filled`, by headlines, pictures and their captions, is not white.
    """
    least = _row_gap(bodies) + WIDER * em
    gaps = [g for g in _gaps(bodies, filled, em) if g.box.height > least]
    found = []
    for group in _level(gaps, least):
        top, bottom = max(g.box.top for g in group), min(g.box.bottom for g in group)
        whole = union_boxes(g.box for g in group)
        wide = bottom - top > FLANKED * least
        if wide or not _flanked(whole, (top + bottom) / 2, bodies, em):
            middle = (top + bottom) / 2
            line = Box(whole.left, middle - 0.5, whole.right, middle + 0.5)
            found.append(Separator(line, vertical=False))
    return tuple(found)


def _row_gap(bodies: Sequence[TextBlock]) -> float:
    """How far apart the rows of a column mostly stand."""
    gaps = [
        max(0.0, lower.box.top - upper.box.bottom)
        for s in bodies
        for upper, lower in zip(s.rows, s.rows[1:], strict=False)
    ]
    return float(median(gaps)) if gaps else 0.0


def _gaps(bodies: Sequence[TextBlock], filled: Sequence[Box], em: float) -> list[WhitespaceGap]:
    """White space below each stack down to the next stack of its column, nothing between."""
    found = []
    text = [s for s in bodies if not s.foreign]
    for upper in text:
        a = upper.lane
        under = [
            s
            for s in text
            if s is not upper and s.box.top >= a.bottom and measure_share_x(s.lane, a) > 0.5
        ]
        lower = min(under, key=lambda s: s.box.top, default=None)
        if lower is None or lower.box.top - a.bottom > FARTHEST * em:
            continue
        b = lower.lane
        gap = Box(max(a.left, b.left), a.bottom, min(a.right, b.right), b.top)
        if not any(
            w.center[1] > gap.top and w.center[1] < gap.bottom and measure_share_x(w, gap) > 0
            for w in filled
        ):
            found.append(WhitespaceGap(gap))
    return found


def _level(gaps: Sequence[WhitespaceGap], least: float) -> list[list[WhitespaceGap]]:
    """Gaps of two or more neighbouring columns that share enough of their height."""
    groups: list[list[WhitespaceGap]] = []
    for gap in sorted(gaps, key=lambda g: g.box.left):
        for group in groups:
            top = max(gap.box.top, *(g.box.top for g in group))
            bottom = min(gap.box.bottom, *(g.box.bottom for g in group))
            last = group[-1].box
            if bottom - top > least and gap.box.left - last.right < 0.5 * last.width:
                group.append(gap)
                break
        else:
            groups.append([gap])
    return [
        g
        for g in groups
        if len(g) > 1 and union_boxes(x.box for x in g).width > 1.5 * g[0].box.width
    ]


def _flanked(valley: Box, height: float, bodies: Sequence[TextBlock], em: float) -> bool:
    """Whether text close beside a valley runs on across its height."""
    return any(
        s.box.top < height - em
        and s.box.bottom > height + em
        and -em < max(s.box.left - valley.right, valley.left - s.box.right) < 3 * em
        and measure_overlap_1d(s.box.left, s.box.right, valley.left, valley.right) < em
        for s in bodies
    )
