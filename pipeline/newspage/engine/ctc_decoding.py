"""Decodes the steps of a CTC recogniser into characters and their places.

Graves et al., Connectionist Temporal Classification, ICML 2006: a class that is best over several
steps is one character, and a blank separates two equal ones.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from newspage.engine.protocol import Reading
from newspage.lattice import Lattice

BLANK = 0
"""Class of the CTC blank."""
EM_OF_STRIP = 0.6
"""Em of the type as a share of the strip's height, where its glyphs do not tell: strips are 1.7
times as high as their line is thick."""
FIRST_WIDE = "\u2e80"
"""From this character on, writing is set as wide as it is high."""
WIDE_MARKS = "，。、；：？！“”‘’（）《》〈〉「」『』【】〔〕—…·"
"""Punctuation marks that Chinese sets as wide as a character, those below FIRST_WIDE among them."""


def make_lattice(
    classes: NDArray[np.int32], log_probs: NDArray[np.floating], width: int, padded: int
) -> Lattice:
    """Return the lattice of a strip `width` pixels wide from the steps of one padded to `padded`.

    Steps that look at padding alone are dropped, but for the first of them, which may still show
    the last character.

    Args:
        classes: Best classes of each step, shape (steps, k).
        log_probs: Their natural log-probabilities, of the same shape.
        width: Width of the strip in pixels.
        padded: Its width with the padding.
    """
    pixels = padded / len(classes)
    steps = min(len(classes), int(np.ceil(width / pixels)) + 1)
    positions = np.minimum((np.arange(steps, dtype=np.float32) + 0.5) * pixels / width, 1)
    return Lattice(
        classes[:steps].astype(np.int32),
        log_probs[:steps].astype(np.float16),
        positions.astype(np.float32),
    )


def decode_best_path(lattice: Lattice, characters: Sequence[str], height: float) -> Reading:
    """Return the characters of the best path through a lattice, with their confidences and spans.

    Args:
        lattice: The lattice of a strip.
        characters: The character of each class.
        height: Height of the strip over its width.
    """
    starts, ends = find_character_runs(lattice)
    chances = np.exp(lattice.log_probs[:, 0].astype(np.float32))
    pairs = list(zip(starts, ends, strict=True))
    text = tuple(characters[lattice.classes[s, 0]] for s in starts)
    confidences = np.array([min(1.0, chances[s:e].max()) for s, e in pairs], np.float32)
    peaks = np.array(
        [np.average(lattice.positions[s:e], weights=chances[s:e]) for s, e in pairs], np.float32
    )
    return Reading(
        text, confidences, estimate_glyph_spans(peaks, text, height * EM_OF_STRIP), lattice
    )


def find_character_runs(lattice: Lattice) -> tuple[list[int], list[int]]:
    """Return the first step, and the step after the last, of each character of the best path."""
    best = lattice.classes[:, 0] if len(lattice.classes) else np.zeros(0, np.int32)
    edges = np.flatnonzero(np.diff(best)) + 1
    starts = [0, *edges.tolist()] if len(best) else []
    ends = [*edges.tolist(), len(best)] if len(best) else []
    kept = [(s, e) for s, e in zip(starts, ends, strict=True) if best[s] != BLANK]
    return [s for s, _ in kept], [e for _, e in kept]


def estimate_glyph_spans(
    peaks: NDArray[np.float32], text: Sequence[str], em: float
) -> NDArray[np.float32]:
    """Estimate start and end of each glyph from the place where the recogniser saw it best.

    The border between two glyphs lies between their peaks, in proportion to their widths; no
    glyph is wider than its kind is set.

    Args:
        peaks: Place of each glyph as a fraction of the strip's width, rising.
        text: The character of each glyph.
        em: Width of the em as such a fraction, used where no two full-width neighbours show it.

    Returns:
        Shape (glyphs, 2): start and end of each as fractions of the strip's width.
    """
    if not len(peaks):
        return np.zeros((0, 2), np.float32)
    wide = np.array([is_wide_character(t) for t in text])
    pitches = np.diff(peaks)[wide[:-1] & wide[1:]]
    em = float(np.median(pitches)) if len(pitches) else em
    half = np.where(wide, 0.5, 0.28) * em
    borders = peaks[:-1] + np.diff(peaks) * half[:-1] / (half[:-1] + half[1:])
    left = np.maximum(peaks - half, np.concatenate([[0.0], borders]))
    right = np.minimum(peaks + half, np.concatenate([borders, [1.0]]))
    return np.stack([left, np.maximum(left, right)], axis=1).astype(np.float32)


def is_wide_character(text: str) -> bool:
    """Tell whether a character is set as wide as it is high."""
    return text[:1] >= FIRST_WIDE or text in WIDE_MARKS
