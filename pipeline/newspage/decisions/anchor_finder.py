"""Find the place of an anchor in the texts of a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from newspage.decision import Anchor
from newspage.decisions.glyph_index import (
    Boxes,
    GlyphIndex,
    compare_anchors,
    measure_areas,
    measure_shared_areas,
    stack_boxes,
)
from newspage.edits import FlatText

_TOUCHED = 0.3
"""Least overlap of a glyph and a box of the anchor, as a share of the smaller one, for text to be
sought there. Judgement: low, since every candidate is compared in full afterwards."""
_COVERED = 0.5
"""The same, for a glyph to count as standing at the place of an anchor. Judgement: half of it."""

Span = tuple[int, int]
"""Start and end of characters, as offsets in a text; the end is not in it."""


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A span of characters in one of the texts of a page."""

    text: int
    """Index of the text."""
    span: Span


@dataclass(frozen=True)
class AnchorFinder:
    """Finds anchors in the texts of a page as read, by where their characters lie on the scan."""

    glyphs: GlyphIndex
    texts: tuple[FlatText, ...]

    def find_anchor(self, anchor: Anchor) -> TextSpan | None:
        """Return the span at the place of an anchor that reads `anchor.text`; None without one.

        Where several qualify, the one that `compare_anchors` is surest of.
        """
        best: tuple[float, TextSpan] | None = None
        for spot in self._candidates(anchor):
            sure = compare_anchors(anchor, self.make_anchor(spot))
            if sure > 0 and (best is None or sure > best[0]):
                best = sure, spot
        return best[1] if best else None

    def find_text_at(self, anchor: Anchor) -> TextSpan | None:
        """Return the span at the place of an anchor, whatever it reads now; None where it is empty.

        An anchor without characters of its own has the boxes of the two glyphs beside it: then the
        span between these two is returned, which may be empty.
        """
        if not anchor.boxes:
            return None
        if anchor.text.strip("\n"):
            return self._spot(self._hits(anchor, _COVERED))
        if len(anchor.boxes) != 2:
            return None
        one, two = (self._on(stack_boxes([box]), _COVERED) for box in anchor.boxes)
        if len(one) != 1 or len(two) != 1 or one[0][0] != two[0][0] or one[0][1] >= two[0][1]:
            return None
        return TextSpan(one[0][0], (one[0][1] + 1, two[0][1]))

    def make_anchor(self, spot: TextSpan) -> Anchor:
        """Return the anchor of a span."""
        return self.glyphs.make_anchor(self.texts[spot.text], spot.span)

    def read_span(self, spot: TextSpan) -> str:
        """Return the characters of a span."""
        return self.texts[spot.text].string[slice(*spot.span)]

    def _candidates(self, anchor: Anchor) -> Iterator[TextSpan]:
        """Yield each span near the place of an anchor that reads `anchor.text`, once.

        An anchor without boxes is sought in the whole of every text.
        """
        wanted = anchor.text
        reach = len(wanted) + 2
        windows = [(n, at - reach, at + reach) for n, at in self._hits(anchor, _TOUCHED)]
        if not anchor.boxes:
            windows = [(n, 0, len(text.string)) for n, text in enumerate(self.texts)]
        seen = set()
        for number, low, high in _merged(windows):
            string = self.texts[number].string
            start = string.find(wanted, max(0, low))
            while 0 <= start <= high:
                spot = TextSpan(number, (start, start + len(wanted)))
                if spot not in seen:
                    seen.add(spot)
                    yield spot
                start = string.find(wanted, start + 1) if start < len(string) else -1

    def _spot(self, hits: Sequence[tuple[int, int]]) -> TextSpan | None:
        """Return the span from the first to the last of some characters; None if in two texts."""
        if not hits or hits[0][0] != hits[-1][0]:
            return None
        return TextSpan(hits[0][0], (hits[0][1], hits[-1][1] + 1))

    def _hits(self, anchor: Anchor, share: float) -> list[tuple[int, int]]:
        """Return text and offset of the characters at the boxes of an anchor."""
        return self._on(stack_boxes(anchor.boxes), share) if anchor.boxes else []

    def _on(self, boxes: Boxes, share: float) -> list[tuple[int, int]]:
        """Return text and offset of the characters whose glyphs overlap boxes in at least a share.

        The share is of the smaller of glyph and box; the characters are in order.
        """
        owners, placed = self._placed
        around = np.concatenate((boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)))
        apart = (placed[:, :2] >= around[2:]) | (placed[:, 2:] <= around[:2])
        near = np.flatnonzero(apart.sum(axis=1) == 0)
        if not len(near):
            return []
        common = measure_shared_areas(placed[near], boxes)
        smaller = np.minimum(measure_areas(placed[near])[:, None], measure_areas(boxes)[None, :])
        part = (common / np.maximum(smaller, 1e-9)).max(axis=1)
        return [owners[i] for i in near[part >= share]]

    @cached_property
    def _placed(self) -> tuple[list[tuple[int, int]], Boxes]:
        """Return text and offset, and box, of all characters that have a glyph."""
        owners, boxes = [], []
        for number, text in enumerate(self.texts):
            for offset, char in enumerate(text.chars):
                box = self.glyphs.find_box(char)
                if box is not None:
                    owners.append((number, offset))
                    boxes.append(box)
        return owners, stack_boxes(boxes)


def _merged(windows: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return windows (text, first and last offset) in order, those that touch made one."""
    merged: list[tuple[int, int, int]] = []
    for number, low, high in sorted(windows):
        if merged and merged[-1][0] == number and low <= merged[-1][2] + 1:
            merged[-1] = (number, merged[-1][1], max(high, merged[-1][2]))
        else:
            merged.append((number, low, high))
    return merged
