"""Cuts stretches that hold several lines into these lines.

Small type set close is sometimes found as one stretch many lines thick, which no recogniser can
read. The white space between its lines, seen in the ink, shows where they part, and whether they
run horizontally or vertically: lines are set farther apart than the characters in them. The
cutting by projection profiles, columns first and then rows, is an XY-cut (Nagy and Seth, ICPR
1984).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from newspage.detect.ink_masks import Mask
from newspage.geometry import Box, union_boxes

THICK = 1.9
"""Least size, both ways and in em, of a stretch that may hold several lines. Judgement: two
lines."""
LINE = (0.45, 1.3)
"""Least and greatest thickness of the ink of a line of text, in em. Judgement: from a line of
short marks to one whose type is a third larger than the body."""
CLEAR = 1.5
"""Leading of the one direction over that of the other from which it is believed. Judgement:
where both could be lines, those set farther apart must be so clearly."""
SHORT = 2.0
"""Least width of a column of lines, in em. Judgement: less is a single character."""
GUTTER = 0.8
"""Least width, in em, of the white space between columns. Judgement: more than a blank."""
LEADING = 0.06
"""Least width, in em, of the white space between lines. Judgement: two pixels at 30 pixels an
em."""
WHITE = 0.12
"""Share of the ink of a line below which a row of pixels is white. Judgement: dirt and noise."""
SURE = 0.75
"""Share of the ink that must lie in lines of usual thickness. Judgement: a wrong cut has far
less."""
KNOWN = 0.5
"""Share of a box from which it counts as covered, and so as found already. Judgement: half."""
NEAR = 0.6
"""Distance in em up to which a stretch is at the edge of an area. Judgement: less than a
character."""
CROSSING = 0.2
"""Share of the smaller one that two crossing stretches have in common. Judgement: outlines of
neighbours share less."""
THROUGH = 0.6
"""Share of the width of one and of the height of the other that they have in common otherwise.
Judgement: more than half."""
ALONG = 2.0
"""Length over thickness from which a stretch of one line shows its direction. Judgement: two
characters."""
MARGIN = 0.12
"""Distance in em that the box of a line reaches beyond its ink. Judgement: as a text detector's
box."""


Wanted = Literal["auto", "horizontal", "vertical"]


@dataclass(frozen=True, slots=True, eq=False)
class _Page:
    """The page that stretches are cut on."""

    ink: Mask
    em: float
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class _Cut:
    """Lines that a stretch would hold, and the evidence for them."""

    lines: tuple[Box, ...]
    sure: float
    """Share of the ink that lies in lines of usual thickness."""
    leading: float
    """Mean white space between lines, in pixels; 0 where none stand beside each other."""
    vertical: bool = False
    """Whether the lines run downwards."""


def split_merged_lines(
    boxes: Sequence[Box], ink: Mask, em: float, wanted: Wanted = "auto"
) -> list[Box]:
    """Return the stretches; those that hold several lines or cross each other are split into lines.

    Args:
        boxes: The stretches of text found.
        ink: The ink of the page without rules.
        em: Size of the body type in pixels.
        wanted: Direction of the text; stretches found to run otherwise are cut anew, where their
            ink allows it.
    """
    page = _Page(ink, em, wanted)
    found = list(boxes)
    if not found:
        return found
    for clump in _clumps(boxes, em, wanted):
        cut = _grown(union_boxes(clump), found, page)
        if cut is not None:
            found = [b for b in found if not _overlaid(b, cut.lines)]
            found += [x for x in cut.lines if not any(_covered(x, b) for b in found)]
    return found


def _overlaid(box: Box, lines: Sequence[Box]) -> bool:
    """Tell whether most of a stretch is in the lines."""
    return sum(box.share_inside(x) for x in lines) > KNOWN


def _grown(area: Box, found: Sequence[Box], page: _Page) -> _Cut | None:
    """Return the lines of an area, and of the stretches at its edges that run across its lines.

    None if it holds no more than one line. Stretches that make the cut less sure by 0.03 are left
    out (judgement: a wider area is never cut exactly as well).
    """
    area = union_boxes((area, *(b for b in found if _covered(b, area))))
    cut, em = _cut_as_found(area, found, page), page.em
    refused: set[Box] = set()
    while cut is not None:
        reach = area.grown(NEAR * em)
        across = (b for b in found if b not in refused and _runs_across(b, cut, em))
        stray = next((b for b in across if not _covered(b, area) and b.intersection(reach)), None)
        if stray is None:
            break
        wider = union_boxes((area, stray))
        more = _cut_as_found(wider, found, page)
        if more and more.vertical == cut.vertical and more.sure > cut.sure - 0.03:
            area, cut = wider, more
        else:
            refused.add(stray)
    return cut


def _cut_as_found(area: Box, found: Sequence[Box], page: _Page) -> _Cut | None:
    """Return the lines of an area that run as most of its stretches do; None where there are none.

    In close-set type the white between characters can be wider than that between lines. The text
    detector, which knows characters, is then the better witness. A person's word outweighs it.
    """
    sure = _sure_cuts(area, page)
    if not sure or (len(sure) == 2 and sure[1].leading < CLEAR * sure[0].leading):
        return None
    if page.wanted != "auto":
        return sure[-1]
    return next((cut for cut in reversed(sure) if not _overturns(cut, found, page.em)), None)


def _overturns(cut: _Cut, found: Sequence[Box], em: float) -> bool:
    """Tell whether most stretches that lines would replace, by length, run across them."""
    replaced = [b for b in found if min(b.width, b.height) < THICK * em]
    replaced = [b for b in replaced if _overlaid(b, cut.lines)]
    vertical = sum(b.height for b in replaced if b.height > ALONG * b.width)
    horizontal = sum(b.width for b in replaced if b.width > ALONG * b.height)
    return horizontal > vertical if cut.vertical else vertical > horizontal


def _runs_across(box: Box, cut: _Cut, em: float) -> bool:
    """Tell whether a stretch takes in more than one of the lines."""
    along, over = (box.height, box.width) if cut.vertical else (box.width, box.height)
    return over > 1.3 * em and over > 0.7 * along


def _clumps(boxes: Sequence[Box], em: float, wanted: Wanted) -> list[list[Box]]:
    """Return groups of stretches that are tangled with each other, and thick ones alone."""
    pairs = [(a, b) for a, b in _neighbours(boxes, NEAR * em) if _tangled(a, b, em, wanted)]
    clumps = [[b] for b in boxes if min(b.width, b.height) >= THICK * em]
    for a, b in pairs:
        touched = [c for c in clumps if a in c or b in c]
        clumps = [c for c in clumps if c not in touched]
        clumps.append(list(dict.fromkeys((a, b, *(x for c in touched for x in c)))))
    return [c for c in clumps if len(c) > 2 or any(min(b.width, b.height) >= THICK * em for b in c)]


def _neighbours(boxes: Sequence[Box], reach: float) -> list[tuple[Box, Box]]:
    """Return all pairs that are at most `reach` pixels apart."""
    left, top, right, bottom = np.array([(b.left, b.top, b.right, b.bottom) for b in boxes]).T
    across = np.minimum.outer(right, right) - np.maximum.outer(left, left)
    down = np.minimum.outer(bottom, bottom) - np.maximum.outer(top, top)
    close = np.triu((across > -reach) & (down > -reach), k=1)
    return [(boxes[i], boxes[j]) for i, j in np.argwhere(close)]


def _tangled(a: Box, b: Box, em: float, wanted: Wanted) -> bool:
    """Tell whether two stretches cannot both be lines, or run against the wanted direction."""
    if wanted == "auto" or not a.grown(NEAR * em).intersection(b):
        return _cross(a, b, em)
    against = (_against(x, wanted) and min(x.width, x.height) < LINE[1] * em for x in (a, b))
    return all(against) or _cross(a, b, em)


def _against(box: Box, wanted: Wanted) -> bool:
    """Tell whether a stretch runs against the wanted direction."""
    longer, thick = (box.width, box.height) if wanted == "vertical" else (box.height, box.width)
    return longer > 2 * thick


def _cross(a: Box, b: Box, em: float) -> bool:
    """Tell whether two stretches that cannot both be lines cover the same ink."""
    shared = a.intersection(b)
    if shared is None:
        return False
    through = shared.width > THROUGH * min(a.width, b.width)
    through = through and shared.height > THROUGH * min(a.height, b.height)
    if not through and shared.area < CROSSING * min(a.area, b.area):
        return False
    thick = any(min(x.width, x.height) >= THICK * em for x in (a, b))
    long = [x.width >= x.height for x in (a, b) if max(x.width, x.height) > 2 * em]
    return thick or (len(long) == 2 and long[0] != long[1])


def _covered(box: Box, other: Box) -> bool:
    """Tell whether most of a box lies in another."""
    shared = box.intersection(other)
    return shared is not None and shared.area > KNOWN * box.area


def _sure_cuts(box: Box, page: _Page) -> list[_Cut]:
    """Return the ways to cut a stretch into several lines, that with the widest leading last."""
    x0, y0, x1, y1 = (max(0, int(v)) for v in (box.left, box.top, box.right, box.bottom))
    part = page.ink[y0:y1, x0:x1]
    vertical = _cut(np.ascontiguousarray(part.T), page.em)
    turned = tuple(Box(b.top, b.left, b.bottom, b.right) for b in vertical.lines)
    cuts = [_cut(part, page.em), replace(vertical, lines=turned, vertical=True)]
    if page.wanted != "auto":
        cuts = [c for c in cuts if c.vertical is (page.wanted == "vertical")]
    sure = sorted((c for c in cuts if _holds_several(c) and c.sure >= SURE), key=_leading)
    return [replace(c, lines=tuple(b.moved(x0, y0) for b in c.lines)) for c in sure]


def _holds_several(cut: _Cut) -> bool:
    """Tell whether there are lines beside each other; the words of one wide-set line are none."""
    return len(cut.lines) > 1 and cut.leading > 0


def _leading(cut: _Cut) -> float:
    """Return the leading of a cut, to sort by."""
    return cut.leading


def _cut(part: Mask, em: float) -> _Cut:
    """Cut a part of the page into columns and these into horizontal lines."""
    lines, gaps = [], []
    inked = total = 0
    for left, right in _runs(part.sum(axis=0), GUTTER * em):
        column = part[:, left:right]
        rows = _runs(column.sum(axis=1), LEADING * em)
        gaps += [b[0] - a[1] for a, b in pairwise(rows)]
        total += int(column.sum())
        for (top, bottom), margin in zip(rows, _margins(rows, em), strict=True):
            if LINE[0] * em <= bottom - top <= LINE[1] * em and right - left > SHORT * em:
                inked += int(column[top:bottom].sum())
                lines.append(Box(left, top - margin, right, bottom + margin))
    return _Cut(tuple(lines), inked / max(1, total), float(np.mean(gaps)) if gaps else 0.0)


def _margins(rows: Sequence[tuple[int, int]], em: float) -> list[float]:
    """Return how far lines reach beyond their ink: no farther than to the middle between them."""
    gaps = [b[0] - a[1] for a, b in pairwise(rows)]
    around = zip([em, *gaps], [*gaps, em], strict=True)
    return [min(MARGIN * em, 0.5 * min(pair)) for pair in around]


def _runs(profile: NDArray[np.int64], least: float) -> list[tuple[int, int]]:
    """Return start and end of stretches with ink, `least` pixels of white or more apart."""
    inked = profile > WHITE * np.percentile(profile, 80)
    at = np.flatnonzero(inked)
    if at.size == 0:
        return []
    breaks = np.flatnonzero(np.diff(at) > max(1.0, least))
    starts = [int(at[0]), *(int(v) for v in at[breaks + 1])]
    ends = [*(int(v) + 1 for v in at[breaks]), int(at[-1]) + 1]
    return list(zip(starts, ends, strict=True))
