"""Finds printed rules, the frames they close and the tables they form."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from newspage.detect.ink_masks import Mask, close_mask, open_mask, transpose_mask
from newspage.geometry import Box, union_boxes
from newspage.model import Separator

# Figures without a name below are judgement: em of the body type, shares of a length, or pixels.

SHORTEST = 3.5
"""Least length of a rule in em. Judgement: longer than any stroke of body type."""
THICKEST = 0.9
"""Greatest thickness of a rule in em. Judgement: what is thicker is a bar or a panel."""


def find_rules(ink: Mask, em: float, text: Sequence[Box]) -> tuple[Separator, ...]:
    """Return the horizontal and vertical rules outside the lines of text.

    `text` holds the boxes of the lines found: strokes of characters are no rules, and a rule that
    a line of text was drawn across by mistake goes on behind it.
    """
    large = [b for b in text if min(b.width, b.height) > 1.6 * em]
    outside, body = _without(ink, text), _without(ink, large)
    found = []
    for vertical in (False, True):
        whole, bare, small = (transpose_mask(m) if vertical else m for m in (ink, outside, body))
        bars = _bars(bare, em, round(1.2 * em), max(3, round(0.2 * em)))
        # No stroke of body type is three em long, so such a run is a rule even under text.
        bars += _bars(small, em, round(3 * em), 3)
        for chain in _chained(bars, em):
            if _is_solid(chain, bare, em) or _is_solid(chain, small, em):
                bar = _extend_to_ends(chain, whole, em)
                box = Box(bar.top, bar.left, bar.bottom, bar.right) if vertical else bar
                found.append(Separator(box, vertical))
    return tuple(_distinct(found))


def _distinct(rules: Sequence[Separator]) -> list[Separator]:
    """Return the rules, those that lie in each other joined: the two looks mostly see the same."""
    kept: list[Separator] = []
    for rule in sorted(rules, key=lambda r: -r.box.area):
        for i, other in enumerate(kept):
            if other.vertical is rule.vertical and other.box.contains(rule.box, 3):
                kept[i] = Separator(union_boxes((other.box, rule.box)), rule.vertical)
                break
        else:
            kept.append(rule)
    return kept


def _without(ink: Mask, text: Sequence[Box]) -> Mask:
    """Return the ink outside the lines; a little of their margins stays, where underlines run."""
    bare = ink.copy()
    for box in text:
        trim = 0.08 * min(box.width, box.height)
        x0, y0, x1, y1 = (max(0, round(v)) for v in _corners(box.grown(-trim)))
        bare[y0:y1, x0:x1] = 0
    return bare


def _is_solid(bar: Box, ink: Mask, em: float) -> bool:
    """Tell whether a short bar is one stroke, and not the feet of many characters in a row.

    Judgement: 88% of its length inked; bars longer than 15 em are believed.
    """
    if bar.width > 15 * em:
        return True
    x0, y0, x1, y1 = (max(0, round(v)) for v in _corners(bar))
    return float(ink[y0 : y1 + 1, x0:x1].any(axis=0).mean()) > 0.88


def _extend_to_ends(bar: Box, ink: Mask, em: float) -> Box:
    """Return the rule as far as its ink runs on under text that was found across its end."""
    top, bottom = max(0, int(bar.top) - 1), int(bar.bottom) + 1
    reach = int(3 * em)
    left, right = int(bar.left), int(bar.right)
    after = np.asarray(ink[top:bottom, right : right + reach].any(axis=0))
    before = np.asarray(ink[top:bottom, max(0, left - reach) : left].any(axis=0))[::-1]
    return Box(bar.left - _run(before), bar.top, bar.right + _run(after), bar.bottom)


def _run(inked: NDArray[np.bool_]) -> int:
    """Return how far ink goes on from the start in pixels, breaks of up to three allowed."""
    at = np.flatnonzero(inked)
    if at.size == 0 or at[0] > 3:
        return 0
    breaks = np.flatnonzero(np.diff(at) > 4)
    return int(at[breaks[0]] if breaks.size else at[-1]) + 1


def _corners(box: Box) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a box."""
    return box.left, box.top, box.right, box.bottom


def _bars(ink: Mask, em: float, length: int, gap: int) -> list[Box]:
    """Return the thin horizontal runs of ink that are at least `length` pixels long.

    Breaks of up to `gap` pixels and slight slopes are allowed.
    """
    bridged = close_mask(ink, gap, 2)
    runs = open_mask(bridged, length, 1)
    bars = []
    for x, y, w, h in _components(close_mask(runs, 3, 3)):
        if h <= max(THICKEST * em, 0.012 * w + 0.35 * em) and w >= 4 * h:
            bars.append(Box(x, y, x + w, y + h))
    return bars


def _components(mask: Mask) -> list[tuple[int, int, int, int]]:
    """Return left, top, width and height of connected components, by their first pixels.

    Where little is set, outlines are found several times faster than components are labelled.
    """
    outlines, inside = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outer = (
        [o for o, links in zip(outlines, inside[0], strict=True) if links[3] < 0]
        if outlines
        else []
    )
    outer.sort(key=lambda o: (o[0, 0, 1], o[0, 0, 0]))
    return [(int(x), int(y), int(w), int(h)) for x, y, w, h in map(cv2.boundingRect, outer)]


@dataclass(frozen=True, slots=True)
class _Chain:
    """Bars one behind the other that may be one rule."""

    whole: Box
    end: Box
    inked: float

    def continued(self, bar: Box) -> "_Chain":
        """Return the chain with one more bar."""
        end = bar if bar.right > self.end.right else self.end
        return _Chain(union_boxes((self.whole, bar)), end, self.inked + bar.width)

    def is_rule(self, em: float) -> bool:
        """Tell whether the chain is long enough, and inked all along, the more the shorter it is.

        Judgement: 85% of the length below 8 em, where feet of characters line up; else half.
        """
        length = self.whole.width
        share = 0.85 if length < 8 * em else 0.5
        return length >= SHORTEST * em and self.inked >= share * length


def _chained(bars: Sequence[Box], em: float) -> list[Box]:
    """Return the bars that continue each other as one, without those still too short for a rule."""
    chains: list[_Chain] = []
    for bar in sorted(bars, key=lambda b: b.left):
        for i in range(len(chains) - 1, -1, -1):
            end = chains[i].end
            gap = bar.left - end.right
            apart = max(bar.top - end.bottom, end.top - bar.bottom)
            if -em <= gap <= 2.5 * em and apart <= 0.12 * em:
                chains[i] = chains[i].continued(bar)
                break
        else:
            chains.append(_Chain(bar, bar, bar.width))
    return [c.whole for c in chains if c.is_rule(em)]


@dataclass(frozen=True, slots=True)
class Enclosures:
    """Areas that closed rules stand around."""

    frames: tuple[Box, ...]
    tables: tuple[Box, ...]


def find_enclosures(rules: Sequence[Separator], em: float, size: tuple[int, int]) -> Enclosures:
    """Return the frames around articles and the ruled tables, from rules that meet at their ends.

    `size` is width and height of the image. Four or more touching cells of the size of a few words
    are a table; a large cell is a frame.
    """
    cells = _cells(rules, em, size)
    small = [c for c in cells if c.height < 5 * em and c.width < 30 * em]
    grids = [g for g in _touching(small, 0.7 * em) if len(g) >= 4]
    inside = [c for g in grids for c in g]
    frames = [c for c in cells if c not in inside and c.width >= 4 * em and c.height >= 2.5 * em]
    return Enclosures(
        tuple(_outermost_of_doubles(frames, em)), tuple(union_boxes(g) for g in grids)
    )


def _touching(cells: Sequence[Box], reach: float) -> list[list[Box]]:
    """Return groups of cells that share their sides."""
    groups: list[list[Box]] = []
    for cell in cells:
        near = cell.grown(reach)
        joined = [g for g in groups if any(near.intersection(c) for c in g)]
        groups = [g for g in groups if g not in joined]
        groups.append([cell, *(c for g in joined for c in g)])
    return groups


def _cells(rules: Sequence[Separator], em: float, size: tuple[int, int]) -> list[Box]:
    """Return the rectangular holes that the rules leave, found in a drawing at a coarse scale."""
    step = max(1.0, em / 8)
    width, height = (int(v / step) + 2 for v in size)
    drawn = np.zeros((height, width), np.uint8)
    reach = 0.5 * em
    for rule in rules:
        box = rule.box.grown(0, reach) if rule.vertical else rule.box.grown(reach, 0)
        a = (int(max(0.0, box.left) / step), int(max(0.0, box.top) / step))
        b = (int(max(0.0, box.right) / step), int(max(0.0, box.bottom) / step))
        cv2.rectangle(drawn, a, b, 1, thickness=-1)
    contours, hierarchy = cv2.findContours(drawn, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    cells: list[Box] = []
    for contour, links in zip(contours, hierarchy[0] if hierarchy is not None else (), strict=True):
        x, y, w, h = cv2.boundingRect(contour)
        rectangular = cv2.contourArea(contour) >= 0.85 * (w - 1) * (h - 1)
        if links[3] >= 0 and min(w, h) * step >= 0.8 * em and rectangular:
            cells.append(Box(x * step, y * step, (x + w) * step, (y + h) * step))
    return cells


def _outermost_of_doubles(frames: Sequence[Box], em: float) -> list[Box]:
    """Return the frames without those that repeat another a little further in (double ones)."""
    kept: list[Box] = []
    for frame in sorted(frames, key=lambda f: -f.area):
        doubled = any(
            k.contains(frame, em) and k.area < 1.35 * frame.area and k.width - frame.width < 3 * em
            for k in kept
        )
        if not doubled:
            kept.append(frame)
    return kept
