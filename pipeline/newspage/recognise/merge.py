"""Merges two readings of the same column, glyph by glyph, into the surer one with one lattice."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newspage.engine import Reading
from newspage.lattice import Lattice

HANDICAP = 0.1
"""Confidence by which the re-set reading must be surer than the turned one. Judgement: where
both are wrong about as often, a column badly cut makes the re-set one sure of nonsense."""
LEAST = 0.3
"""Confidence from which a glyph is believed that was seen re-set only. Judgement: noise is
mostly read with less."""
BRACKETS = "「」『』（）()〈〉《》【】〔〕"
"""Brackets that vertical setting draws lying: turned they are upright, re-set they lie."""
BLANK = 0
"""Class of the CTC blank."""


@dataclass(frozen=True, slots=True, eq=False)
class ColumnReading:
    """A reading of a column, and the edges of its cells."""

    reading: Reading
    edges: NDArray[np.float64]
    """Shape (cells + 1,): where in the strip one cell's part ends and the next begins."""

    def list_glyphs(self) -> list[list[int]]:
        """Return the indices of the glyphs in each cell."""
        homes = self._home(self.reading.spans.mean(axis=1))
        return [np.flatnonzero(homes == i).tolist() for i in range(len(self.edges) - 1)]

    def list_steps(self) -> list[NDArray[np.intp]]:
        """Return the steps of the lattice in each cell; those of one glyph stay together."""
        lattice = self.reading.lattice
        homes = self._home(lattice.positions)
        best = lattice.classes[:, 0]
        starts = np.flatnonzero(np.diff(best, prepend=-1))
        for start, end in zip(starts, [*starts[1:], len(best)], strict=True):
            if best[start] != BLANK:
                chances = np.exp(lattice.log_probs[start:end, 0].astype(np.float32))
                peak = np.average(lattice.positions[start:end], weights=chances)
                homes[start:end] = self._home(np.array([peak]))[0]
        return [np.flatnonzero(homes == i) for i in range(len(self.edges) - 1)]

    def _home(self, positions: NDArray[np.floating]) -> NDArray[np.intp]:
        """Return the cell in which each position of the strip lies."""
        last = len(self.edges) - 2
        return np.clip(np.searchsorted(self.edges, positions, side="right") - 1, 0, last)


@dataclass(frozen=True, slots=True)
class MergedGlyph:
    """A glyph of the merged reading."""

    text: str
    confidence: float
    cell: int
    part: tuple[float, float]
    """Start and end of it in its cell, as fractions: a cell may hold two."""


def merge_readings(
    turned: ColumnReading, reset: ColumnReading
) -> tuple[list[MergedGlyph], Lattice]:
    """Return the glyphs chosen from both readings, and the lattice that belongs to them.

    Args:
        turned: The reading of the column turned by 90 degrees.
        reset: The reading of its glyphs re-set from left to right, in as many cells.

    Returns:
        The glyphs from the top down, and a lattice whose positions are those of the turned strip.
    """
    seen: list[MergedGlyph] = []
    pieces: list[Lattice] = []
    parts = zip(
        turned.list_glyphs(),
        turned.list_steps(),
        reset.list_glyphs(),
        reset.list_steps(),
        strict=True,
    )
    for cell, (a, a_steps, b, b_steps) in enumerate(parts):
        use_reset = _prefers_reset(turned.reading, a, reset.reading, b)
        version, chosen, steps = (reset, b, b_steps) if use_reset else (turned, a, a_steps)
        agreed = _text(turned.reading, a) == _text(reset.reading, b)
        other = _surety(turned.reading, a) if use_reset else _surety(reset.reading, b)
        seen += _seen(version.reading, chosen, cell, other if agreed else -other)
        pieces.append(_piece(version, steps, cell, turned.edges))
    return seen, _spliced(pieces)


def _prefers_reset(a: Reading, in_a: Sequence[int], b: Reading, in_b: Sequence[int]) -> bool:
    """Tell whether the re-set reading `b` of a cell is taken instead of the turned one `a`."""
    if not in_b:
        return False
    if not in_a:
        return _surety(b, in_b) >= LEAST
    if _text(a, in_a) in BRACKETS and _surety(a, in_a) >= LEAST:
        return False
    return _surety(b, in_b) > _surety(a, in_a) + HANDICAP


def _text(reading: Reading, glyphs: Sequence[int]) -> str:
    """Return the characters of some glyphs of a reading."""
    return "".join(reading.text[i] for i in glyphs)


def _surety(reading: Reading, glyphs: Sequence[int]) -> float:
    """Return the least confidence of some glyphs; 0 without any."""
    return float(reading.confidences[list(glyphs)].min()) if glyphs else 0.0


def _seen(reading: Reading, glyphs: Sequence[int], cell: int, other: float) -> list[MergedGlyph]:
    """Return the merged glyphs of a cell.

    `other` is the other reading's confidence, negative where it says something else. Agreement
    leaves the higher confidence, doubt takes away as much as half.
    """
    found = []
    for place, i in enumerate(glyphs):
        own = float(reading.confidences[i])
        confidence = max(own, other) if other >= 0 else own * (1 + other / 2)
        part = place / len(glyphs), (place + 1) / len(glyphs)
        found.append(MergedGlyph(reading.text[i], confidence, cell, part))
    return found


def _piece(
    version: ColumnReading, steps: NDArray[np.intp], cell: int, edges: NDArray[np.float64]
) -> Lattice:
    """Return some steps of a reading's lattice, their positions moved to those of the cell."""
    lattice = version.reading.lattice
    start, end = version.edges[cell : cell + 2]
    inside = np.clip((lattice.positions[steps] - start) / max(end - start, 1e-6), 0, 1)
    positions = edges[cell] + inside * (edges[cell + 1] - edges[cell])
    return Lattice(lattice.classes[steps], lattice.log_probs[steps], positions.astype(np.float32))


def _spliced(pieces: Sequence[Lattice]) -> Lattice:
    """Return the pieces one after the other, with a blank between two of the same character."""
    parts: list[Lattice] = []
    for piece in pieces:
        if not len(piece.classes):
            continue
        before = parts[-1].classes[-1, 0] if parts else BLANK
        if before != BLANK and before == piece.classes[0, 0]:
            parts.append(_blank_before(piece))
        parts.append(piece)
    return Lattice(
        np.concatenate([p.classes for p in parts]),
        np.concatenate([p.log_probs for p in parts]),
        np.concatenate([p.positions for p in parts]),
    )


def _blank_before(piece: Lattice) -> Lattice:
    """Return a lattice of one step that is a blank as good as certainly."""
    classes = piece.classes[:1].copy()
    log_probs = piece.log_probs[:1].copy()
    known = np.flatnonzero(classes[0] == BLANK)
    place = int(known[0]) if len(known) else -1
    classes[0, [0, place]] = BLANK, classes[0, 0]
    log_probs[0] = np.minimum(log_probs[0], np.float16(-7))
    log_probs[0, 0] = 0
    return Lattice(classes, log_probs, piece.positions[:1])
