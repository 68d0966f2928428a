"""From the steps of a CTC recogniser to characters and where they stand."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.engine import Reading
from pipeline.model import Lattice

BLANK = 0


def reading(lattice: Lattice, characters: Sequence[str], em: float) -> Reading:
    """Best path through a lattice; `em` is the pitch of a full-width glyph, as a fraction.

    Graves et al., Connectionist Temporal Classification, ICML 2006: a class held over steps is
    one character, and a blank parts two equal ones.
    """
    best = lattice.classes[:, 0]
    starts, ends = _runs(best)
    probabilities = np.exp(lattice.log_probs[:, 0].astype(np.float32))
    text = tuple(characters[best[s]] for s in starts)
    confidences = np.array(
        [probabilities[s:e].max() for s, e in zip(starts, ends, strict=True)], np.float32
    )
    peaks = np.array(
        [
            np.average(lattice.positions[s:e], weights=probabilities[s:e])
            for s, e in zip(starts, ends, strict=True)
        ],
        np.float32,
    )
    return Reading(text, confidences, spans(peaks, text, em), lattice)


def _runs(best: NDArray[np.int32]) -> tuple[list[int], list[int]]:
    """First step and step after the last of each stretch of one class that is no blank."""
    edges = np.flatnonzero(np.diff(best)) + 1
    starts = [0, *edges.tolist()] if len(best) else []
    ends = [*edges.tolist(), len(best)] if len(best) else []
    kept = [(s, e) for s, e in zip(starts, ends, strict=True) if best[s] != BLANK]
    return [s for s, _ in kept], [e for _, e in kept]


def spans(peaks: NDArray[np.float32], text: Sequence[str], em: float) -> NDArray[np.float32]:
    """Left and right edge of each glyph: half way to its neighbours, but no wider than itself."""
    if not len(peaks):
        return np.zeros((0, 2), np.float32)
    half = np.array([em / 4 if _narrow(t) else em / 2 for t in text], np.float32)
    share = half[:-1] / (half[:-1] + half[1:])
    middles = peaks[:-1] + np.diff(peaks) * share
    left = np.maximum(peaks - half, np.concatenate([[0.0], middles]))
    right = np.minimum(peaks + half, np.concatenate([middles, [1.0]]))
    return np.stack([left, np.maximum(left, right)], axis=1).astype(np.float32)


def _narrow(text: str) -> bool:
    """Whether a character is set half as wide as a Chinese one."""
    return ord(text[0]) < 0x2000 if text else True
