"""An engine for tests that reads made-up print, whichever way up it is, and others that fail.

A glyph of the print is a square ring with dots in it; the number of dots says which character it
is. A blot without a ring is the mark 、.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from newspage.engine import FoundLine, Reading
from newspage.lattice import Lattice
from newspage.model import GrayImage

EM = 48
PITCH = 54
CHARACTERS = ("", "甲", "乙", "丙", "丁", "、")
DOTS = ((14, 14), (33, 33), (14, 33))


def draw(page: GrayImage, x: int, y: int, text: str, ink: int = 20) -> None:
    """One glyph in the em whose top left corner is given."""
    if text == "、":
        cv2.rectangle(page, (x + 20, y + 20), (x + 28, y + 28), ink, -1)
        return
    cv2.rectangle(page, (x + 3, y + 3), (x + EM - 4, y + EM - 4), ink, 4)
    for dx, dy in DOTS[: CHARACTERS.index(text) - 1]:
        cv2.circle(page, (x + dx, y + dy), 4, ink, -1)


@dataclass
class ToyEngine:
    """Reads that print; `strips` keeps what it was asked to read."""

    strips: list[GrayImage] = field(default_factory=list)
    confidence: float = 0.99
    name: str = "toy 1.0"
    characters: Sequence[str] = CHARACTERS

    def find_lines(self, image: GrayImage) -> list[FoundLine]:
        """Nothing: the tests know where their lines are."""
        return []

    def read_lines(self, strips: Sequence[GrayImage], also: Sequence[int] = ()) -> list[Reading]:
        self.strips += strips
        return [self._read(strip) for strip in strips]

    def _read(self, strip: GrayImage) -> Reading:
        scale = 2 * EM / strip.shape[0]
        large = cv2.resize(strip, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        ink = (large < 120).astype(np.uint8)
        columns = np.pad(ink.any(axis=0).astype(np.int8), 1)
        starts, ends = (np.flatnonzero(np.diff(columns) == step).tolist() for step in (1, -1))
        glyphs = [(a, b, _class(ink[:, a:b])) for a, b in zip(starts, ends, strict=True)]
        glyphs = [g for g in glyphs if g[2]]
        return reading_of(
            [CHARACTERS[c] for _, _, c in glyphs],
            [(a / ink.shape[1], b / ink.shape[1]) for a, b, _ in glyphs],
            [self.confidence] * len(glyphs),
        )


def reading_of(
    text: Sequence[str],
    spans: Sequence[tuple[float, float]],
    confidences: Sequence[float],
    characters: Sequence[str] = CHARACTERS,
) -> Reading:
    """A reading with a lattice of one step a glyph and blanks between."""
    classes = [[0, 1]]
    positions = [0.0]
    chances = [[0.999, 0.001]]
    for t, (a, b), c in zip(text, spans, confidences, strict=True):
        classes += [[characters.index(t), 0], [0, characters.index(t)]]
        positions += [(a + b) / 2, b]
        chances += [[c, 1 - c], [0.999, 0.001]]
    lattice = Lattice(
        np.array(classes, np.int32),
        np.log(np.clip(chances, 1e-4, 1)).astype(np.float16),
        np.array(positions, np.float32),
    )
    edges = np.array(spans, np.float32).reshape(-1, 2)
    return Reading(tuple(text), np.array(confidences, np.float32), edges, lattice)


def _class(glyph: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> int:
    count, _, stats, _ = cv2.connectedComponentsWithStats(glyph)
    sizes = stats[1:count, cv2.CC_STAT_WIDTH]
    large = sizes[stats[1:count, cv2.CC_STAT_AREA] > 20]
    if not len(large):
        return 0
    return CHARACTERS.index("、") if large.max() < 20 else min(len(large), 4)


class SilentEngine(ToyEngine):
    """Reads nothing anywhere."""

    def _read(self, strip: GrayImage) -> Reading:
        return reading_of([], [], [])


class FailingEngine(ToyEngine):
    """Breaks down at the first question."""

    def find_lines(self, image: GrayImage) -> list[FoundLine]:
        raise RuntimeError("out of memory")

    def read_lines(self, strips: Sequence[GrayImage], also: Sequence[int] = ()) -> list[Reading]:
        raise RuntimeError("out of memory")
