"""Splits a scan of two facing pages at the bare gutter between them."""

import cv2
import numpy as np
from numpy.typing import NDArray

from newspage.config import EnhanceConfig
from newspage.enhance.ink_maps import Ink, binarise_locally, measure_levels, shrink_image
from newspage.enhance.size import measure_em
from newspage.geometry import make_shift
from newspage.model import PageImage

_MAP_EM = 6.0
"""Pixels an em of the map on which the gutter is looked for. Judgement: strokes are still seen."""
_LEAST_ASPECT = 1.1
"""Least width over height of two pages side by side. Judgement: single pages are higher than
wide."""
_LEAST_WIDTH_EM = 80.0
"""Least width of two pages in em. Judgement: a newspaper page is not narrower than half of this."""
_MIDDLE = (0.4, 0.6)
"""Shares of the width of the print between which a fold may lie. Judgement: scans are cropped
unevenly."""
_LEAST_GUTTER_EM = 4.0
"""Least width of the gutter of a fold in em. Judgement: two margins are wider than this."""
_WIDER_THAN_COLUMNS = 2.0
"""Factor by which the gutter must be wider than any gap between columns. Judgement: the safe
side, as a page cut in two cannot be read."""
_SPECKS = 0.004
"""Share of a column of pixels that may be specks in a bare gutter. Judgement: dust, no hairline."""
_LINE_EM = 0.6
"""Greatest width in em of a line in the gutter that is the fold itself. Judgement: no character."""
_ACROSS = 0.7
"""Share of the gutter's width that a printed line over it covers. Judgement: it runs right
across."""


def split_fold(image: PageImage, config: EnhanceConfig) -> tuple[PageImage, ...]:
    """Return the two pages of a fold, left to right, or the image itself, alone, without a fold.

    Expects a straightened page. A fold has no ink across its gutter from top to bottom of the
    print, and that gutter is far wider than the gaps between columns: a headline, a rule or an
    advertisement over the middle makes it one page.
    """
    em = measure_em(image.pixels) if config.split else 0.0
    if em == 0:
        return (image,)
    factor = min(1.0, _MAP_EM / em)
    ink = shrink_image(
        binarise_locally(image.pixels, measure_levels(image.pixels), round(2 * em)), factor
    )
    middle = _gutter(ink, em * factor)
    return (image,) if middle is None else _halves(image, round(middle / factor))


def _halves(image: PageImage, x: int) -> tuple[PageImage, PageImage]:
    """Return both parts of an image cut at the pixel column `x`, each with its way to the scan."""
    left = np.ascontiguousarray(image.pixels[:, :x])
    right = np.ascontiguousarray(image.pixels[:, x:])
    return (
        PageImage(image.scan, left, image.to_scan),
        PageImage(image.scan, right, image.to_scan.before(make_shift(x, 0))),
    )


def _gutter(ink: Ink, em: float) -> float | None:
    """Return the middle of the gutter of a fold, in pixels of the ink map; None without one."""
    # Strokes survive the opening, specks of dust do not.
    inked = (ink > 64).astype(np.uint8)
    solid = cv2.morphologyEx(inked, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    rows, columns = (np.flatnonzero(solid.any(axis=a)) for a in (1, 0))
    if columns.size == 0:
        return None
    top, left = rows[0], columns[0]
    box = solid[top : rows[-1] + 1, left : columns[-1] + 1]
    height, width = box.shape
    if width < max(_LEAST_ASPECT * height, _LEAST_WIDTH_EM * em):
        return None
    gaps = _bare_runs(box.mean(axis=0), em)
    inner = [(a, b) for a, b in gaps if _MIDDLE[0] * width < (a + b) / 2 < _MIDDLE[1] * width]
    if not inner:
        return None
    a, b = max(inner, key=lambda run: run[1] - run[0])
    others = max((d - c for c, d in gaps if (c, d) != (a, b)), default=0)
    if b - a < max(_LEAST_GUTTER_EM * em, _WIDER_THAN_COLUMNS * others):
        return None
    across = inked[:, left + a : left + b].mean(axis=1)
    return None if across.max() > _ACROSS else float(left + (a + b) / 2)


def _bare_runs(share: NDArray[np.float64], em: float) -> list[tuple[int, int]]:
    """Return the stretches without ink, given each column's share; thin lines do not end them.

    The fold itself shows as such a line, whole or in pieces.
    """
    inked = share > _SPECKS
    for a, b in _runs(inked):
        if b - a <= _LINE_EM * em:
            inked[a:b] = False
    return _runs(~inked)


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return start and end of each stretch of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
