"""Another scan of the same page (cropped, scaled, coded anew): recognised by its lines.

The lines of two scans that read alike, each once on its page, are laid on each other; that gives
the way from the one scan to the other. Fitted with RANSAC (Fischler and Bolles, 1981), which a few
lines that are alike by chance do not disturb.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from newspage.geometry import Affine, Box
from newspage.model import PageLayout

_LEAST_TEXT = 4
"""Characters that a line must have to say anything."""
_ALIKE = 80.0
"""Likeness (0 to 100) from which on two lines may be the same one, read twice."""
_MARGIN = 8.0
"""By so much the second-best must be less alike."""
_LEAST_LINES = 4
_LEAST_SHARE = 0.4
"""Of the lines of the scan with fewer of them, that must fall on their counterparts."""
_SKETCH = 32
"""Numbers that a page is found by."""


@dataclass(frozen=True, slots=True)
class FingerprintLine:
    """A line as it was read, with its place on the scan."""

    text: str
    box: Box


def list_fingerprint_lines(page: PageLayout) -> tuple[FingerprintLine, ...]:
    """The lines of a page that say anything."""
    placed = (line for region in page.regions for line in region.lines)
    return tuple(
        FingerprintLine(line.text, line.box)
        for line in (*placed, *page.unplaced)
        if len(line.text) >= _LEAST_TEXT
    )


def compute_minhash(lines: Iterable[FingerprintLine]) -> tuple[int, ...]:
    """Numbers of which a copy of the page shares many (bottom-k sketch; Broder, 1997)."""
    marks = {
        int.from_bytes(hashlib.blake2b(line.text.encode(), digest_size=8).digest()) >> 1
        for line in lines
    }
    return tuple(sorted(marks)[:_SKETCH])


def register_scans(one: Sequence[FingerprintLine], two: Sequence[FingerprintLine]) -> Affine | None:
    """Where the points of one scan lie on another; None where they do not show the same page."""
    pairs = _pairs(one, two)
    least = max(_LEAST_LINES, _LEAST_SHARE * min(len(one), len(two)))
    if len(pairs) < least:
        return None
    source = np.array([p for i, _ in pairs for p in _ends(one[i].box)])
    target = np.array([p for _, k in pairs for p in _ends(two[k].box)])
    tolerance = 0.5 * float(np.median([_thickness(two[k].box) for _, k in pairs]))
    matrix, inside = _fitted(source, target, tolerance)
    if matrix is None or inside.reshape(-1, 2).all(axis=1).sum() < least:
        return None
    return Affine(matrix) if _plausible(matrix) else None


def _pairs(one: Sequence[FingerprintLine], two: Sequence[FingerprintLine]) -> list[tuple[int, int]]:
    """Lines of two pages that read alike and like no other line."""
    first, second = _unique(one), _unique(two)
    pairs = [(i, second[text]) for text, i in first.items() if text in second]
    taken_one, taken_two = {i for i, _ in pairs}, {k for _, k in pairs}
    left = [i for i in first.values() if i not in taken_one]
    right = [k for k in second.values() if k not in taken_two]
    if left and right:
        scores = process.cdist(
            [one[i].text for i in left], [two[k].text for k in right], scorer=fuzz.ratio
        )
        pairs += [(left[i], right[k]) for i, k in _clear(scores)]
    return pairs


def _unique(lines: Sequence[FingerprintLine]) -> dict[str, int]:
    """The lines whose text no other line has."""
    counts = Counter(line.text for line in lines)
    return {line.text: i for i, line in enumerate(lines) if counts[line.text] == 1}


def _clear(scores: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Row and column of scores that are high, and well above all others of both."""
    pairs = []
    for i, row in enumerate(scores):
        k = int(row.argmax())
        others = np.concatenate((np.delete(row, k), np.delete(scores[:, k], i)))
        second = float(others.max()) if len(others) else 0.0
        if row[k] >= _ALIKE and row[k] - second >= _MARGIN:
            pairs.append((i, k))
    return pairs


def _ends(box: Box) -> tuple[tuple[float, float], tuple[float, float]]:
    """The middles of a line's two ends."""
    x, y = box.center
    if box.height > box.width:
        return (x, box.top), (x, box.bottom)
    return (box.left, y), (box.right, y)


def _thickness(box: Box) -> float:
    return min(box.width, box.height)


def _fitted(
    source: NDArray[np.float64], target: NDArray[np.float64], tolerance: float
) -> tuple[NDArray[np.float64] | None, NDArray[np.bool_]]:
    """The affine map of most points, and which these are."""
    import cv2

    found, inside = cv2.estimateAffine2D(
        source, target, method=cv2.RANSAC, ransacReprojThreshold=tolerance, confidence=0.999
    )
    if found is None:
        return None, np.zeros(len(source), np.bool_)
    return np.asarray(found, np.float64), inside.ravel().astype(np.bool_)


def _plausible(matrix: NDArray[np.float64]) -> bool:
    """Whether a map is one that scanners and people make: no mirror, no great distortion."""
    scales = np.linalg.svd(matrix[:, :2], compute_uv=False)
    return bool(
        np.linalg.det(matrix[:, :2]) > 0 and scales[1] > 0.05 and scales[0] < 1.5 * scales[1]
    )
