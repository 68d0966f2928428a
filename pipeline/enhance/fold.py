"""Two facing pages in one scan, told by the bare gutter between them."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.config import EnhanceConfig
from pipeline.enhance.ink import Ink, ink_map
from pipeline.enhance.size import measure_em
from pipeline.geometry import shift
from pipeline.model import PageImage

_MAP_EM = 6.0
_LEAST_ASPECT = 1.1
"""Two pages side by side are wider than high by at least this."""
_MIDDLE = (0.4, 0.6)
"""Where in the width of the print a fold may lie."""
_LEAST_GUTTER_EM = 4.0
_WIDER_THAN_COLUMNS = 2.0
"""How much wider the gutter must be than any gap between columns."""
_SPECKS = 0.004
"""Share of a column of pixels that may be specks in a bare gutter."""
_LINE = 0.35
"""Share of ink from which a thin column is the fold's own shadow."""
_LINE_EM = 0.6


def split_fold(image: PageImage, config: EnhanceConfig) -> tuple[PageImage, ...]:
    """The two pages of a fold, left to right; the image itself, alone, where there is no fold.

    Expects a straightened page. A fold has no ink across its gutter from top to bottom of the
    print, and that gutter is far wider than the gaps between columns: a headline, a rule or an
    advertisement over the middle makes it one page.
    """
    em = measure_em(image.pixels) if config.split else 0.0
    if em == 0:
        return (image,)
    ink, factor = ink_map(image.pixels, em, _MAP_EM)
    middle = _gutter(ink, em * factor)
    return (image,) if middle is None else _halves(image, round(middle / factor))


def _halves(image: PageImage, x: int) -> tuple[PageImage, PageImage]:
    left = np.ascontiguousarray(image.pixels[:, :x])
    right = np.ascontiguousarray(image.pixels[:, x:])
    return (
        PageImage(image.scan, left, image.to_scan),
        PageImage(image.scan, right, image.to_scan.before(shift(x, 0))),
    )


def _gutter(ink: Ink, em: float) -> float | None:
    """Middle of the gutter, in pixels of the ink map."""
    # Strokes survive the opening, specks of dust do not.
    solid = cv2.morphologyEx((ink > 64).astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    rows, columns = (np.flatnonzero(solid.any(axis=a)) for a in (1, 0))
    if columns.size == 0:
        return None
    top, left = rows[0], columns[0]
    box = solid[top : rows[-1] + 1, left : columns[-1] + 1]
    height, width = box.shape
    if width < _LEAST_ASPECT * height:
        return None
    gaps = _bare_runs(_without_shadow(box.mean(axis=0), em))
    inner = [(a, b) for a, b in gaps if _MIDDLE[0] * width < (a + b) / 2 < _MIDDLE[1] * width]
    if not inner:
        return None
    a, b = max(inner, key=lambda run: run[1] - run[0])
    others = max((d - c for c, d in gaps if (c, d) != (a, b)), default=0)
    if b - a < max(_LEAST_GUTTER_EM * em, _WIDER_THAN_COLUMNS * others):
        return None
    return float(left + (a + b) / 2)


def _without_shadow(share: NDArray[np.float64], em: float) -> NDArray[np.float64]:
    """Ink of each column of pixels, the fold's thin dark line taken out."""
    lines = _runs(share > _LINE)
    clear = share.copy()
    for a, b in lines:
        if b - a <= _LINE_EM * em:
            clear[max(a - 1, 0) : b + 1] = 0
    return clear


def _bare_runs(share: NDArray[np.float64]) -> list[tuple[int, int]]:
    return _runs(share <= _SPECKS)


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Starts and ends of the stretches that are true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
