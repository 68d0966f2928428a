"""Make anchors from the glyphs of a page, and compare them with each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from newspage.decision import CONTEXT, Anchor
from newspage.edits import FlatText
from newspage.geometry import Box
from newspage.model import Char, PageLayout, Scan, TextLine

Boxes = NDArray[np.float64]
"""Shape (n, 4): left, top, right, bottom of each box, pixels of the scan."""

HALF = 0.5
"""Least share of the smaller of two places that they have in common, to be the same. Judgement:
half, since glyphs that are recognised again have somewhat other edges."""
BESIDE = 0.6
"""The same for places that are known by the two glyphs beside them: one shared glyph of the two is
about a half, which must not be enough."""
_KEPT_CONTEXT = 0.75
"""Least likeness of context (0 to 1) for a place to be the same without enough overlap: without
boxes, or moved by up to a glyph. Judgement: of six characters on one side, one may differ."""


@dataclass(frozen=True)
class GlyphIndex:
    """The lines of a page by id, to look up where characters lie on its scan."""

    scan: Scan
    lines: dict[str, TextLine]

    @classmethod
    def from_page(cls, page: PageLayout) -> "GlyphIndex":
        """Return the index of all lines of a page, those in no region included."""
        placed = (line for region in page.regions for line in region.lines)
        return cls(page.scan, {line.id: line for line in (*placed, *page.unplaced)})

    def find_box(self, char: Char) -> Box | None:
        """Return the box of the glyph that a character came from or was put beside, if any."""
        line = self.lines.get(char.line)
        if line is None or not 0 <= char.glyph < len(line.glyphs):
            return None
        return line.glyphs[char.glyph].box

    def find_boxes(self, text: FlatText, span: tuple[int, int]) -> tuple[Box, ...]:
        """Return the boxes of the characters of a span, each glyph once.

        If none of them has a glyph: the boxes of the nearest glyphs on either side.
        """
        start, end = span
        own = self._distinct(text.chars[start:end])
        if own:
            return own
        near = (self._next(text, start - 1, -1), self._next(text, end, 1))
        return self._distinct(c for c in near if c is not None)

    def _next(self, text: FlatText, at: int, step: int) -> Char | None:
        """Return the first character with a glyph, from an offset on in steps of 1 or -1."""
        while 0 <= at < len(text.chars):
            if self.find_box(text.chars[at]) is not None:
                return text.chars[at]
            at += step
        return None

    def _distinct(self, chars: Iterable[Char]) -> tuple[Box, ...]:
        """Return the boxes of the glyphs of some characters, each glyph once."""
        boxes = (self.find_box(c) for c in dict.fromkeys(Char("", c.line, c.glyph) for c in chars))
        return tuple(b for b in boxes if b is not None)

    def make_anchor(self, text: FlatText, span: tuple[int, int]) -> Anchor:
        """Return the anchor of a span of a text as read."""
        start, end = span
        scan = self.scan
        return Anchor(
            scan.sha256,
            scan.frame,
            scan.width,
            scan.height,
            self.find_boxes(text, span),
            text.string[start:end],
            text.string[max(0, start - CONTEXT) : start],
            text.string[end : end + CONTEXT],
        )


def stack_boxes(boxes: Sequence[Box]) -> Boxes:
    """Return boxes as an array of shape (n, 4)."""
    return np.array([(b.left, b.top, b.right, b.bottom) for b in boxes], np.float64).reshape(-1, 4)


def measure_shared_areas(a: Boxes, b: Boxes) -> NDArray[np.float64]:
    """Return the area that each of `a` shares with each of `b`: shape (len(a), len(b)), pixels²."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    area: NDArray[np.float64] = np.clip(high - low, 0, None).prod(axis=2)
    return area


def measure_areas(a: Boxes) -> NDArray[np.float64]:
    """Return the area of each box: shape (n,), pixels²."""
    sizes: NDArray[np.float64] = (a[:, 2:] - a[:, :2]).prod(axis=1)
    return sizes


def measure_overlap(a: Sequence[Box], b: Sequence[Box]) -> float:
    """Return the share of the smaller of two places that they have in common, 0 to 1."""
    return _in_common(a, b)[0]


def _in_common(a: Sequence[Box], b: Sequence[Box]) -> tuple[float, float]:
    """Return the shares of the smaller and of the larger of two places that they have in common."""
    if not a or not b:
        return 0.0, 0.0
    one, two = stack_boxes(a), stack_boxes(b)
    small, large = sorted((float(measure_areas(one).sum()), float(measure_areas(two).sum())))
    common = float(measure_shared_areas(one, two).sum())
    return (min(1.0, common / small), min(1.0, common / large)) if small > 0 else (0.0, 0.0)


def compare_surroundings(a: Anchor, b: Anchor) -> float:
    """Return the likeness of the contexts of two anchors, 0 to 1: that of the better side.

    1 where neither has any context.
    """
    sides = [
        _alike(one.replace("\n", ""), two.replace("\n", ""))
        for one, two in ((a.before[::-1], b.before[::-1]), (a.after, b.after))
        if one or two
    ]
    return max(sides, default=1.0)


def compare_anchors(decided: Anchor, found: Anchor) -> float:
    """Score how surely two anchors with one text are the same place; 0 where they are not.

    The score only ranks candidates. It adds the overlap, as shares of the smaller and of the larger
    place, the likeness of the contexts, and a little for equal neighbours: at most 3.2. For places
    without enough overlap it is the likeness of the contexts alone.

    Args:
        decided: the anchor of a decision or of a question asked before.
        found: an anchor made from the page as it is read now, on the same scan.
    """
    around = compare_surroundings(decided, found)
    if not decided.boxes or not found.boxes:
        return around if around >= _KEPT_CONTEXT else 0.0
    common, whole = _in_common(decided.boxes, found.boxes)
    bare = not decided.text.strip("\n")
    if common >= (BESIDE if bare else HALF):
        return common + whole + around + _beside(decided, found)
    near = _distance(decided.boxes, found.boxes) <= 1.0
    return around if near and around >= _KEPT_CONTEXT and not bare else 0.0


def _beside(a: Anchor, b: Anchor) -> float:
    """Score 0.1 for each side with the same neighbour, which tells breaks at one place apart.

    Judgement: it decides between candidates that are otherwise alike only.
    """
    return 0.1 * (a.before[-1:] == b.before[-1:]) + 0.1 * (a.after[:1] == b.after[:1])


def _distance(a: Sequence[Box], b: Sequence[Box]) -> float:
    """Return how far the middles of two places are apart along x or y, whichever is more.

    In glyphs: the unit is the median of the longer sides of the boxes of `b`, at least a pixel.
    """
    one, two = stack_boxes(a), stack_boxes(b)
    glyph = max(float(np.median(np.maximum(*_sides(two)))), 1.0)
    middle = (_middle(one) - _middle(two)) / glyph
    return float(np.abs(middle).max())


def _sides(boxes: Boxes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the widths and heights of boxes."""
    return boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]


def _middle(boxes: Boxes) -> NDArray[np.float64]:
    """Return the mean of the centres of boxes: x, y."""
    middle: NDArray[np.float64] = (boxes[:, :2] + boxes[:, 2:]).mean(axis=0) / 2
    return middle


def _alike(a: str, b: str) -> float:
    """Return the likeness, 0 to 1, of two contexts that both begin at their place."""
    length = min(len(a), len(b), CONTEXT // 2)
    return Levenshtein.normalized_similarity(a[:length], b[:length]) if length else 0.0
