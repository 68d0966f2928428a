"""Finds for each line on a page the known text that belongs to it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from newspage.geometry import Box
from newspage.training.known_lines import KnownLine

INSIDE = 0.6
"""Share of a found line, and of a known one, that lies in the other where they are the same.
Judgement: programs draw outlines wider or narrower, but of neighbours less than half overlaps."""
ALIKE_INSIDE = 0.3
"""Least likeness of the texts of lines that lie in the same place. Judgement: of worn print half of
the characters may be misread; less than a third is another line, or one cut apart."""
ALIKE = 0.6
"""Least likeness of texts where no place is known. Judgement: different lines of a page are alike
by less than .3; where several known lines are, the line is left out."""
APART = 0.15
"""How much more alike than the next one a line must be where no place is known. Judgement."""
SHORTEST = 3
"""Characters of the shortest line that is matched without a place. Judgement."""


def match_lines(
    texts: Sequence[str], boxes: Sequence[Box], known: Sequence[KnownLine]
) -> list[int | None]:
    """Return for each found line the index of the known line that it is, or None.

    Args:
        texts: What was read in the found lines, in NFKC and without blanks.
        boxes: Where they are on the scan, in pixels.
        known: The known lines, their texts likewise.
    """
    if not texts or not known:
        return [None] * len(texts)
    alike = process.cdist(
        texts, [line.text for line in known], scorer=Levenshtein.normalized_similarity
    ).astype(np.float64)
    placed = np.array([line.box is not None for line in known])
    overlap = _overlap(boxes, [line.box or Box(0, 0, 0, 0) for line in known])
    short = np.array([len(text) < SHORTEST for text in texts])[:, None] | np.array(
        [len(line.text) < SHORTEST for line in known]
    )
    by_text = np.where(placed | short, 0.0, alike)
    fits = np.where(placed, (overlap > INSIDE) & (alike >= ALIKE_INSIDE), by_text >= ALIKE)
    fits &= placed | (_clearly_best(by_text) & _clearly_best(by_text.T).T)
    score = np.where(fits, alike + overlap, 0.0)
    return [
        int(best) if score[row, best] > 0 and score[:, best].argmax() == row else None
        for row, best in enumerate(score.argmax(axis=1))
    ]


def _overlap(found: Sequence[Box], known: Sequence[Box]) -> NDArray[np.float64]:
    """Return the common area of boxes as a share of the larger one of both."""
    a, b = (
        np.array([(x.left, x.top, x.right, x.bottom) for x in boxes], np.float64)
        for boxes in (found, known)
    )
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    common = np.clip(high - low, 0, None).prod(axis=2)
    areas = [np.clip(x[:, 2:] - x[:, :2], 0, None).prod(axis=1) for x in (a, b)]
    return np.asarray(common / np.maximum(np.maximum.outer(*areas), 1e-9))


def _clearly_best(alike: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell of each pair whether it is better by APART than any other of its row."""
    if alike.shape[1] < 2:
        return np.ones(alike.shape, np.bool_)
    best = np.sort(alike, axis=1)
    return (alike >= best[:, -1:]) & (best[:, -1:] - best[:, -2:-1] >= APART)
