"""White space across columns that separates articles as a rule would.

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
"""Em. A gap that separates articles is so much wider than that between two rows. Judgement."""
FARTHEST = 12.0
"""Em. A wider gap is not judged: text may be missing there. Judgement."""
FLANKED = 1.7
"""Where text beside a gap runs across its height, the gap has to be so many times as wide.
Judgement."""
LEVEL, NEXT = 1.0, 3.0
"""Em. Text that begins with a headline set across begins so near the height of its top, and so near
the headline or the column before it. Judgement."""


@dataclass(frozen=True, slots=True)
class WhitespaceGap:
    """White space between two text blocks, one above the other in the same column."""

    box: Box
    """In pixels of the turned page; as wide as the narrower of their columns."""


def find_whitespace_separators(
    bodies: Sequence[TextBlock], filled: Sequence[Box], across: Sequence[Box], em: float
) -> tuple[Separator, ...]:
    """Return a separator in the middle of every gap that runs over neighbouring columns.

    Beside a headline set across, the gaps at the height at which it begins may be narrow.

    Args:
        bodies: Blocks of running text, in the turned page.
        filled: Headlines, pictures and captions: their area is not white.
        across: Headlines set across the columns.
        em: Size of the body type in pixels.

    Returns:
        Horizontal separators, one pixel thick, in pixels of the turned page.
    """
    least = _row_gap(bodies) + WIDER * em
    every = _gaps(bodies, filled, em)
    gaps = [g for g in every if g.box.height > least]
    beside = (_beside(head, every, em) for head in across)
    found = [_line(run) for run in beside if len(run) > 1]
    for group in _level(gaps, least):
        top, bottom = max(g.box.top for g in group), min(g.box.bottom for g in group)
        whole = union_boxes(g.box for g in group)
        wide = bottom - top > FLANKED * least
        if wide or not _flanked(whole, (top + bottom) / 2, bodies, em):
            found.append(_line(group))
    return tuple(found)


def _line(gaps: Sequence[WhitespaceGap]) -> Separator:
    """Return a separator along the middle of gaps at one height."""
    whole = union_boxes(g.box for g in gaps)
    middle = (max(g.box.top for g in gaps) + min(g.box.bottom for g in gaps)) / 2
    return Separator(Box(whole.left, middle - 0.5, whole.right, middle + 0.5), vertical=False)


def _beside(head: Box, gaps: Sequence[WhitespaceGap], em: float) -> list[WhitespaceGap]:
    """Return the gaps in the columns after a headline set across, at the height of its top."""
    run: list[WhitespaceGap] = []
    edge = head.right
    for gap in sorted(gaps, key=lambda g: g.box.left):
        level = abs(gap.box.bottom - head.top) < LEVEL * em
        if level and -em < gap.box.left - edge < NEXT * em:
            run.append(gap)
            edge = gap.box.right
    return run


def _row_gap(bodies: Sequence[TextBlock]) -> float:
    """Return the median gap between the rows of a column, in pixels."""
    gaps = [
        max(0.0, lower.box.top - upper.box.bottom)
        for s in bodies
        for upper, lower in zip(s.rows, s.rows[1:], strict=False)
    ]
    return float(median(gaps)) if gaps else 0.0


def _gaps(bodies: Sequence[TextBlock], filled: Sequence[Box], em: float) -> list[WhitespaceGap]:
    """Return the white space below each block, down to the next block of its column.

    Gaps with a headline or a picture in them are left out.
    """
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
    """Return groups of gaps in two or more neighbouring columns at about the same height."""
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


def _flanked(gap: Box, height: float, bodies: Sequence[TextBlock], em: float) -> bool:
    """Tell whether text close beside a gap runs on across its height."""
    return any(
        s.box.top < height - em
        and s.box.bottom > height + em
        and -em < max(s.box.left - gap.right, gap.left - s.box.right) < 3 * em
        and measure_overlap_1d(s.box.left, s.box.right, gap.left, gap.right) < em
        for s in bodies
    )
