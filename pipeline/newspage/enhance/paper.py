"""Measures the bare paper: the page as if nothing had been printed on it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from newspage.enhance.ink_maps import GrayLevels, estimate_levels, sample_pixels, shrink_image
from newspage.model import GrayImage

Floats = NDArray[np.float32]

EM = 4.0
"""Pixels an em of the small copies that paper is measured on. Judgement: print is still closed
over."""
_CLOSING_EM = 3.5
"""Width in em up to which dark things are closed over. Judgement: strokes of body type and of
all but the largest headlines."""
_WIDE_EM = 4.0
"""Deviation in em of the blur that tells paper from darker things beside it. Judgement: wide, so
that such things weigh little in it."""
_NARROW_EM = 1.5
"""Deviation in em of the blur of the final background. Judgement: narrow, to follow shadows."""
_SIDE_EM = 3.0
"""Width in em of the strip along the sides in which light may fall off fast. Judgement: the
shadow at the spine is about as wide."""
_OUTLIER_SHARE = 0.93
"""Share of the blurred paper level below which a place is a thing on the paper. Judgement: 7%,
more than light falls off within the blur."""
_ISLAND_EM = 2.5
"""Size in em below which patches of paper are light parts of pictures. Judgement: paper between
columns and paragraphs is joined to the rest."""
_ROUNDS = 3
"""Number of times that outliers are left out and the level is blurred again. Judgement: it
settles."""
_LEAST_SHARE = 0.6
"""Share of the paper level below which a place is no shaded paper but a thing on it. Judgement:
lamps and spines darken paper by less than 40%."""
_LIT = 4
"""Grey levels by which fully lit paper varies. Judgement: grain, after the closing and the blur."""
_STEP = 7
"""Grey levels from one pixel to the next that a shadow may fall by: 28 an em. Judgement: the
edges of pictures are steeper."""


@dataclass(frozen=True, slots=True, eq=False)
class PaperMap:
    """The paper of a page, as a map whose em is EM pixels."""

    background: GrayImage
    """Its level everywhere, print, pictures and scanner bed bridged over."""
    bare: NDArray[np.bool_]
    """Where paper was seen rather than bridged over."""
    levels: GrayLevels

    @property
    def unevenness(self) -> float:
        """Return the share by which the darkest paper is darker than the brightest, 0 to 1."""
        seen = self.background[self.bare]
        if seen.size == 0:
            return 0.0
        dark, bright = np.percentile(seen, (2, 95))
        return float(1 - dark / max(bright, 1.0))


def make_small_copy(pixels: GrayImage, em: float) -> GrayImage:
    """Return a copy whose em is EM pixels (never enlarged), without specks."""
    small: GrayImage = cv2.medianBlur(shrink_image(pixels, min(1.0, EM / em)), 3)
    return small


def remove_print(small: GrayImage) -> GrayImage:
    """Return the copy without dark things narrower than 3.5 em, by a grey closing.

    Those that touch the edge of the image stay.
    """
    side = round(_CLOSING_EM * EM) | 1
    padded = cv2.copyMakeBorder(small, side, side, side, side, cv2.BORDER_REPLICATE)
    closed: GrayImage = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    return np.ascontiguousarray(closed[side:-side, side:-side])


def measure_paper(pixels: GrayImage, closed: GrayImage, bed: NDArray[np.bool_]) -> PaperMap:
    """Find the paper of a page, and its level everywhere, blurred over what is not paper.

    Light falls off slowly over the sheet, and fast only along its sides, where it bends to the
    spine.

    Args:
        pixels: The page.
        closed: A small copy of it (em EM) without print.
        bed: Mask of the parts of that copy that lie outside the sheet.
    """
    levels = _levels_of_sheet(pixels, bed)
    sheet = _reached_smoothly(closed, levels.paper) & ~bed
    sheet &= closed > _LEAST_SHARE * levels.paper
    bare = sheet
    for _ in range(_ROUNDS):
        wide = _spread(closed, bare, _WIDE_EM * EM, levels.paper)
        bare = sheet & (_along_sides(sheet.shape) | (closed > _OUTLIER_SHARE * wide))
    bare = _without_islands(bare)
    background = _spread(closed, bare, _NARROW_EM * EM, levels.paper)
    return PaperMap(np.round(background).astype(np.uint8), bare, levels)


def _without_islands(bare: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the bare paper without patches smaller than `_ISLAND_EM`."""
    side = round(_ISLAND_EM * EM) | 1
    kernel = np.ones((side, side), np.uint8)
    opened: GrayImage = cv2.morphologyEx(bare.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    return opened > 0


def _spread(closed: GrayImage, bare: NDArray[np.bool_], sigma: float, level: float) -> Floats:
    """Return the level of bare paper, blurred; far from any bare paper it is `level`."""
    weight = bare.astype(np.float32)
    total = cv2.GaussianBlur(closed * weight, (0, 0), sigma) + 1e-4 * level
    return np.asarray(total / (cv2.GaussianBlur(weight, (0, 0), sigma) + 1e-4))


def _along_sides(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return a mask of the strip along the sides of the sheet."""
    margin = round(_SIDE_EM * EM)
    sides = np.ones(shape, bool)
    sides[margin:-margin, margin:-margin] = False
    return sides


def _reached_smoothly(closed: GrayImage, level: float) -> NDArray[np.bool_]:
    """Return a mask of the places reached from fully lit paper without a step.

    Shadows can be reached so, pictures cannot.
    """
    smooth = cv2.GaussianBlur(closed, (0, 0), 1.5)
    reached = np.zeros((closed.shape[0] + 2, closed.shape[1] + 2), np.uint8)
    lit = np.abs(smooth.astype(np.int16) - int(level)) <= _LIT
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | (1 << 8)
    while True:
        seeds = np.argwhere(lit & (reached[1:-1, 1:-1] == 0))
        if len(seeds) == 0:
            return reached[1:-1, 1:-1] > 0
        y, x = (int(n) for n in seeds[len(seeds) // 2])
        cv2.floodFill(smooth, reached, (x, y), 0, _STEP, _STEP, flags)


def _levels_of_sheet(pixels: GrayImage, bed: NDArray[np.bool_]) -> GrayLevels:
    """Return the grey levels of the page outside its scanner bed."""
    some = sample_pixels(pixels)
    beside = cv2.resize(bed.astype(np.uint8), some.shape[::-1], interpolation=cv2.INTER_NEAREST)
    return estimate_levels(some[beside == 0])
