"""Makes text lines of stretches: cuts them at gutters, joins torn ones, extends them to their ends.

Works on horizontal lines; vertical ones are turned a quarter counter-clockwise beforehand.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from newspage.detect.aligned_blanks import find_aligned_blanks, find_blanks
from newspage.detect.column_gaps import InkField, find_near_rows, is_column_gap, is_word_gap
from newspage.detect.edges import BoxEdges
from newspage.detect.holders import measure_least_holder
from newspage.detect.ink_masks import Mask
from newspage.geometry import Box, measure_overlap_1d, union_boxes
from newspage.model import Separator

# Figures without a name below are judgement: shares of the height of a line, or pixels of slack.

GUTTER = 0.55
"""Least width of a gutter, in heights of the row. Judgement: a blank or a comma leaves less."""
MARK = 0.7
"""Greatest size of a punctuation mark, both ways, as a share of the height of its row.
Judgement: a comma has half an em, a full-width character nearly all of it."""
PLAIN = 1.2
"""A row counts as at most so many em of the body high where marks are looked for beside it.

A single character of the body is no mark, however large the type next to it. Type of 2 to 6 em was
always found whole, its marks with it; those found apart stood beside rows of body size."""
WIDE, WIDEST = 1.7, 3.0
"""Greatest distance between the pieces of a line, and of a justified line whose words were
driven apart, in heights of the line. Judgement: a distance between both must be borne out by the
rows above and below."""


def join_into_lines(boxes: Sequence[Box], field: InkField) -> list[Box]:
    """Return the text lines that stretches of text form, each a horizontal box."""
    pieces = [p for box in boxes for p in _cut_at_rules(box, field)]
    pieces = [t for p in pieces if (t := _trimmed(p, field.ink)) is not None]
    pieces = _without_repeats(pieces, field.em)
    aligned = find_aligned_blanks(pieces, field.ink, field.em)
    pieces = [p for box in pieces for p in _cut_at_aligned(box, aligned, field.ink)]
    # What was cut there is not to be joined again.
    parting = tuple(Separator(gutter, vertical=True) for gutter in aligned)
    field = replace(field, rules=(*field.rules, *parting))
    edges = BoxEdges.from_boxes(pieces)
    pieces = [p for box in pieces for p in _cut_at_gutters(box, pieces, edges, field)]
    rows = _join_torn_pieces(_without_repeats(pieces, field.em), field)
    claimed = BoxEdges.from_boxes([r.box for r in field.rules if r.vertical] + rows)
    return _join_meeting_rows(
        [_extend_to_ends(row, claimed, field.ink) for row in rows], field.rules
    )


def _cut_at_rules(box: Box, field: InkField) -> list[Box]:
    """Return the parts of a box between the vertical rules that cross it."""
    cuts = [
        r.box
        for r in field.rules
        if r.vertical
        and box.left + 0.2 * box.height < r.box.center[0] < box.right - 0.2 * box.height
        and measure_overlap_1d(box.top, box.bottom, r.box.top, r.box.bottom) > 0.3 * box.height
    ]
    parts, left = [], box.left
    for cut in sorted(cuts, key=lambda c: c.left):
        if cut.left > left + 0.3 * box.height:
            parts.append(Box(left, box.top, cut.left, box.bottom))
        left = max(left, cut.right)
    return [*parts, Box(left, box.top, max(left, box.right), box.bottom)]


def _cut_at_aligned(box: Box, gutters: Sequence[Box], ink: Mask) -> list[Box]:
    """Return the parts of a box between the gutters that cross it, cut at its own blanks there."""
    crossing = [
        c
        for c in sorted(gutters, key=lambda c: c.left)
        if box.left + 2 < c.left
        and c.right + 2 < box.right
        and measure_overlap_1d(box.top, box.bottom, c.top, c.bottom) > 0.7 * box.height
    ]
    blanks = find_blanks(box, ink) if crossing else []
    parts, left = [], box.left
    for gutter in crossing:
        start, end = max(
            ((a, b) for a, b in blanks if a < gutter.right and b > gutter.left),
            key=lambda blank: blank[1] - blank[0],
            default=(gutter.left, gutter.right),
        )
        if start > left:
            parts.append(Box(left, box.top, start, box.bottom))
            left = end
    return [*parts, Box(left, box.top, box.right, box.bottom)]


def _trimmed(box: Box, ink: Mask) -> Box | None:
    """Return the box from its first to its last ink; None where there is next to none."""
    x0, y0, x1, y1 = (max(0, int(v)) for v in (box.left, box.top, box.right, box.bottom))
    inked = np.flatnonzero(ink[y0:y1, x0:x1].sum(axis=0) >= 2)
    if inked.size < 0.12 * box.height:
        return None
    left, right = x0 + float(inked[0]), x0 + float(inked[-1])
    return Box(max(box.left, left - 2), box.top, min(box.right, right + 3), box.bottom)


def _cut_at_gutters(box: Box, all_: Sequence[Box], edges: BoxEdges, field: InkField) -> list[Box]:
    """Return the parts of a box that lie in different columns; `edges` are those of all boxes."""
    others = edges.select_boxes(np.array([o is not box for o in all_]))
    near = find_near_rows(box, others, max(1.0, box.height), field.em)
    parts, left = [], box.left
    for start, end in find_blanks(box, field.ink):
        if end - start >= GUTTER * box.height and is_column_gap(
            start, end, box, near, field, edges
        ):
            parts.append(Box(left, box.top, start, box.bottom))
            left = end
    return [*parts, Box(left, box.top, box.right, box.bottom)]


def _without_repeats(pieces: Sequence[Box], em: float) -> list[Box]:
    """Return the pieces without those that only repeat a part of another, larger one."""
    edges = BoxEdges.from_boxes(pieces)
    areas = edges.width * edges.height
    return [
        p
        for p in pieces
        if not (
            (p.area < 0.6 * areas)
            & (edges.thickness <= measure_least_holder(p, em))
            & _holds(edges, p)
        ).any()
    ]


def _holds(edges: BoxEdges, piece: Box) -> NDArray[np.bool_]:
    """Tell for each box whether a piece lies in it.

    The piece may be a little higher than the box, as a bracket is.
    """
    inside = edges.shared_area(piece) > 0.8 * piece.area
    along = edges.shared_width(piece) > 0.9 * piece.width
    level = edges.shared_height(piece) > 0.7 * piece.height
    return inside | (along & level)


def _join_torn_pieces(pieces: Sequence[Box], field: InkField) -> list[Box]:
    """Return the lines that pieces form, those of the same line put together again."""
    edges = BoxEdges.from_boxes(pieces)
    rows: list[Box] = []
    corners = np.zeros((len(pieces), 4))
    for piece in sorted(pieces, key=lambda p: p.left):
        for i in _in_reach(BoxEdges(*corners[: len(rows)].T), piece):
            if _same_line(rows[i], piece, pieces, edges, field):
                rows[i] = union_boxes((rows[i], piece))
                break
        else:
            i = len(rows)
            rows.append(piece)
        corners[i] = rows[i].left, rows[i].top, rows[i].right, rows[i].bottom
    return rows


def _in_reach(rows: BoxEdges, piece: Box) -> list[int]:
    """Return the indices of the rows that a piece may continue, the last first.

    A cheap look: rows out of reach are never taken for the same line by `_same_line`.
    """
    height = np.maximum(rows.height, piece.height)
    beside = piece.left - rows.right < WIDEST * height
    level = rows.shared_height(piece) >= -0.1 * height
    return [int(i) for i in np.flatnonzero(beside & level)[::-1]]


def _same_line(a: Box, b: Box, pieces: Sequence[Box], edges: BoxEdges, field: InkField) -> bool:
    """Tell whether piece b goes on where piece a ends; `edges` are those of the pieces."""
    height = min(a.height, b.height)
    gap = b.left - a.right
    is_mark = _is_mark(a, b, field.em) or _is_mark(b, a, field.em)
    if not is_mark and not _level(a, b):
        return False
    if _rule_between(a, b, field.rules) or _covers_others(a, b, pieces, field.em):
        return False
    if is_mark or gap < 0.3 * height:
        return True
    others = edges.select_boxes(np.array([p is not a and p is not b for p in pieces]))
    near = find_near_rows(a, others, height, field.em)
    if gap >= WIDE * height:
        return is_word_gap(a, b, near, field.em)
    return not is_column_gap(a.right, b.left, union_boxes((a, b)), near, field, edges)


def _level(a: Box, b: Box) -> bool:
    """Tell whether two pieces are about as high, at the same height, and b begins where a ends."""
    height, gap = min(a.height, b.height), b.left - a.right
    alike = max(a.height, b.height) / height < (1.8 if gap < 0 else 1.4)
    if not alike or not -min(a.width, b.width) < gap < WIDEST * height:
        return False
    return measure_overlap_1d(a.top, a.bottom, b.top, b.bottom) >= 0.65 * height


def _covers_others(a: Box, b: Box, pieces: Sequence[Box], em: float) -> bool:
    """Tell whether two pieces put together would swallow a third."""
    whole = union_boxes((a, b))
    thickness = min(whole.width, whole.height)
    least = 0.3 * min(a.area, b.area)
    parts = (a.grown(2), b.grown(2))
    return any(
        (p.area > least or thickness > measure_least_holder(p, em))
        and not any(part.contains(p) for part in parts)
        and (s := whole.intersection(p)) is not None
        and s.area > 0.5 * p.area
        for p in pieces
    )


def _is_mark(mark: Box, row: Box, em: float) -> bool:
    """Tell whether a small piece is a punctuation mark at the end or the beginning of a row."""
    gap = max(mark.left - row.right, row.left - mark.right)
    height = min(row.height, PLAIN * em)
    return (
        max(mark.width, mark.height) < MARK * height
        and -0.5 * height < gap < 0.6 * height
        and row.top - 0.1 * row.height <= mark.center[1] <= row.bottom + 0.1 * row.height
    )


def _rule_between(a: Box, b: Box, rules: Sequence[Separator]) -> bool:
    """Tell whether a vertical rule runs between two pieces."""
    lo, hi = min(a.right, b.left) - 2, max(a.right, b.left) + 2
    top, bottom = max(a.top, b.top), min(a.bottom, b.bottom)
    return any(
        r.vertical
        and lo <= r.box.center[0] <= hi
        and measure_overlap_1d(r.box.top, r.box.bottom, top, bottom) > 0.5 * (bottom - top)
        for r in rules
    )


def _extend_to_ends(row: Box, claimed: BoxEdges, ink: Mask) -> Box:
    """Return the line with the punctuation marks at its ends that lie outside its box.

    Up to 1.1 heights are looked at on both sides: ink there belongs to the line unless another line
    or a rule has claimed it. The line is among the claimed itself, which stops nothing: it begins
    and ends nowhere behind or before itself.
    """
    height, width = ink.shape
    top, bottom = max(0, int(row.top)), int(min(row.bottom, height))
    if bottom <= top:
        return row
    reach = 1.1 * row.height
    # Measured on the smaller of both: large type does not run over small lines beside it.
    level = claimed.select_boxes(
        claimed.shared_height(row) > 0.2 * np.minimum(row.height, claimed.height)
    )
    # They stop it though they begin within its outline; what is as large there is its other half.
    small = level.height < 0.5 * row.height
    behind = level.left[(level.left >= row.right - 2) | (small & (level.right > row.right))] - 2
    before = level.right[(level.right <= row.left + 2) | (small & (level.left < row.left))] + 2
    right = min([row.right + reach, float(width), *behind.tolist()])
    left = max([row.left - reach, 0.0, *before.tolist()])
    after = ink[top:bottom, int(row.right) : max(int(row.right), int(right))]
    ahead = ink[top:bottom, max(0, int(left)) : max(0, int(row.left))][:, ::-1]
    more_right, more_left = (_ink_going_on(part, row.height) for part in (after, ahead))
    return Box(row.left - more_left, row.top, row.right + more_right, row.bottom)


def _join_meeting_rows(rows: Sequence[Box], rules: Sequence[Separator]) -> list[Box]:
    """Return the rows, those joined that met when each was extended to its ends.

    Between two columns there is no ink to follow; the ink between pieces that meet is a part of
    their line, which the text detector lost.
    """
    whole: list[Box] = []
    for row in sorted(rows, key=lambda r: r.left):
        for i in reversed(range(len(whole))):
            if _meet(whole[i], row) and not _rule_between(whole[i], row, rules):
                whole[i] = union_boxes((whole[i], row))
                break
        else:
            whole.append(row)
    return whole


def _meet(a: Box, b: Box) -> bool:
    """Tell whether a row ends inside the one that begins right of it, at the same height."""
    height = min(a.height, b.height)
    return (
        a.left < b.left < a.right < b.right
        and a.right - b.left < 1.2 * height
        and max(a.height, b.height) < 1.4 * height
        and measure_overlap_1d(a.top, a.bottom, b.top, b.bottom) > 0.65 * height
    )


def _ink_going_on(part: Mask, height: float) -> float:
    """Return how far ink goes on from the first column of a mask, gaps of half a height allowed.

    Less ink than a comma has is taken for dirt.
    """
    at = np.flatnonzero(part.sum(axis=0) >= 2)
    if at.size == 0 or at[0] > 0.55 * height:
        return 0.0
    breaks = np.flatnonzero(np.diff(at) > 0.55 * height)
    at = at[: int(breaks[0]) + 1] if breaks.size else at
    return float(at[-1]) + 2 if at.size >= 0.08 * height else 0.0
