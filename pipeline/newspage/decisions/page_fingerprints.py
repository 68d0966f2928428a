"""Recognise another scan of the same page (cropped, scaled, encoded anew) by its lines.

Lines that read alike on both scans, each once on its page, are paired, and an affine map from one
scan to the other is fitted to their ends with RANSAC (Fischler and Bolles, 1981), which a few lines
that are alike by chance do not disturb.
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
"""Least characters of a line that is compared. Judgement: shorter ones recur on many pages."""
_ALIKE = 80.0
"""Least likeness (`fuzz.ratio`, 0 to 100) of one line as read on two scans. Judgement, as are those
below; tests/test_decide_copies.py holds that copies are found and other pages are not."""
_MARGIN = 8.0
"""By so much any other line must be less alike, on the same scale: so pairs are unambiguous."""
_LEAST_LINES = 4
"""Least pairs of lines that must agree with the map."""
_LEAST_SHARE = 0.4
"""Least share that these must be of the lines of the scan with fewer of them."""
_SKETCH = 32
"""Most hashes that are kept of a page, to look up pages that may be the same."""


@dataclass(frozen=True, slots=True)
class FingerprintLine:
    """A line as it was read, with its box on the scan (pixels)."""

    text: str
    box: Box


def list_telling_lines(page: PageLayout) -> tuple[FingerprintLine, ...]:
    """Return the lines of a page that are long enough to be compared."""
    placed = (line for region in page.regions for line in region.lines)
    return tuple(
        FingerprintLine(line.text, line.box)
        for line in (*placed, *page.unplaced)
        if len(line.text) >= _LEAST_TEXT
    )


def compute_minhash(lines: Iterable[FingerprintLine]) -> tuple[int, ...]:
    """Return the smallest hashes of line texts, of which a copy of the page has many too.

    A bottom-k sketch (Broder, 1997): up to 32 numbers of 63 bits, sorted.
    """
    marks = {
        int.from_bytes(hashlib.blake2b(line.text.encode(), digest_size=8).digest()) >> 1
        for line in lines
    }
    return tuple(sorted(marks)[:_SKETCH])


def register_scans(one: Sequence[FingerprintLine], two: Sequence[FingerprintLine]) -> Affine | None:
    """Return the map from points of one scan to another; None if they show different pages."""
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
    """Pair lines of two pages that read alike, and like no other line; as indices."""
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
    """Return the index of each line, by its text, whose text no other line has."""
    counts = Counter(line.text for line in lines)
    return {line.text: i for i, line in enumerate(lines) if counts[line.text] == 1}


def _clear(scores: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Return row and column of scores that are high, and well above the others of both."""
    pairs = []
    for i, row in enumerate(scores):
        k = int(row.argmax())
        others = np.concatenate((np.delete(row, k), np.delete(scores[:, k], i)))
        second = float(others.max()) if len(others) else 0.0
        if row[k] >= _ALIKE and row[k] - second >= _MARGIN:
            pairs.append((i, k))
    return pairs


def _ends(box: Box) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the middles of the two ends of a line, in order of x or y."""
    x, y = box.center
    if box.height > box.width:
        return (x, box.top), (x, box.bottom)
    return (box.left, y), (box.right, y)


def _thickness(box: Box) -> float:
    """Return the extent of a line across its direction."""
    return min(box.width, box.height)


def _fitted(
    source: NDArray[np.float64], target: NDArray[np.float64], tolerance: float
) -> tuple[NDArray[np.float64] | None, NDArray[np.bool_]]:
    """Fit an affine map with RANSAC, within `tolerance` pixels of the target.

    Returns the matrix, shape (2, 3), or None; and for each point whether it agrees with it.
    """
    import cv2

    found, inside = cv2.estimateAffine2D(
        source, target, method=cv2.RANSAC, ransacReprojThreshold=tolerance, confidence=0.999
    )
    if found is None:
        return None, np.zeros(len(source), np.bool_)
    return np.asarray(found, np.float64), inside.ravel().astype(np.bool_)


def _plausible(matrix: NDArray[np.float64]) -> bool:
    """Tell whether a map is one between scans: no mirror image, no great distortion.

    Judgement: the scales in two directions differ by less than half, and are above a twentieth.
    """
    scales = np.linalg.svd(matrix[:, :2], compute_uv=False)
    return bool(
        np.linalg.det(matrix[:, :2]) > 0 and scales[1] > 0.05 and scales[0] < 1.5 * scales[1]
    )
