"""Finding the place of a decision in the texts of a page."""

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
from newspage.edits.flat_text import FlatText

_TOUCHED = 0.3
"""Share of a glyph (or of what was its box) from which on it may be part of a place."""
_COVERED = 0.5

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TextSpan:
    """Characters of one of the texts."""

    text: int
    """Index of the text."""
    span: Span


@dataclass(frozen=True)
class AnchorFinder:
    """The texts of a page as read, and where each of their characters lies."""

    glyphs: GlyphIndex
    texts: tuple[FlatText, ...]

    def find_anchor(self, anchor: Anchor) -> TextSpan | None:
        """Where `anchor.text` stands at the place of the anchor; None where it does not."""
        best: tuple[float, TextSpan] | None = None
        for spot in self._candidates(anchor):
            sure = compare_anchors(anchor, self.make_anchor(spot))
            if sure > 0 and (best is None or sure > best[0]):
                best = sure, spot
        return best[1] if best else None

    def find_text_at(self, anchor: Anchor) -> TextSpan | None:
        """What stands at the place of an anchor now, whatever it is; None where nothing does.

        Where the anchor is known by the two glyphs beside it, what stands between them.
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
        """The place of some characters."""
        return self.glyphs.make_anchor(self.texts[spot.text], spot.span)

    def read_span(self, spot: TextSpan) -> str:
        """The characters of a spot."""
        return self.texts[spot.text].string[slice(*spot.span)]

    def _candidates(self, anchor: Anchor) -> Iterator[TextSpan]:
        """Where `anchor.text` stands near the place, each spot once."""
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
        """From the first to the last of some characters of one text."""
        if not hits or hits[0][0] != hits[-1][0]:
            return None
        return TextSpan(hits[0][0], (hits[0][1], hits[-1][1] + 1))

    def _hits(self, anchor: Anchor, share: float) -> list[tuple[int, int]]:
        return self._on(stack_boxes(anchor.boxes), share) if anchor.boxes else []

    def _on(self, boxes: Boxes, share: float) -> list[tuple[int, int]]:
        """The characters that have a share of their glyph on some boxes: text and offset."""
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
        """Of all characters that have a glyph: text and offset, and box."""
        owners, boxes = [], []
        for number, text in enumerate(self.texts):
            for offset, char in enumerate(text.chars):
                box = self.glyphs.find_box(char)
                if box is not None:
                    owners.append((number, offset))
                    boxes.append(box)
        return owners, stack_boxes(boxes)


def _merged(windows: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Windows in order, those that touch made one."""
    merged: list[tuple[int, int, int]] = []
    for number, low, high in sorted(windows):
        if merged and merged[-1][0] == number and low <= merged[-1][2] + 1:
            merged[-1] = (number, merged[-1][1], max(high, merged[-1][2]))
        else:
            merged.append((number, low, high))
    return merged
