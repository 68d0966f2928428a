"""Measures how large the body text is printed, the commonest type on a page."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from newspage.engine import Engine
from newspage.enhance.ink_maps import binarise_locally, measure_levels
from newspage.geometry import Box, bound_points
from newspage.model import GrayImage

_HALVE_BEYOND = 6000
"""Longest side in pixels from which a page is halved to be measured: it holds no glyph that half
the resolution would not show."""
_WINDOW = 51
"""Side in pixels of the square whose mean a pixel is compared with. Judgement: two ems of usual
type, as the em is not known yet."""
_INK_PER_EM = 0.9
"""A full-width glyph's ink spans this much of its em, in all common typefaces."""
_SQUARE = 0.6
"""Shorter over longer side of a component from which it is one glyph: two that touch are longer."""
_LARGEST = 300
"""Longest side in pixels of a component that is a glyph. Judgement: larger ones are pictures."""
_FEWEST = 30
"""Number of glyphs that must agree before the size is believed. Judgement: a short notice has
more."""


_TILES = 4
"""Number of places of the page at which lines are looked for. Judgement: four give enough lines
at the cost of four tiles of the detector."""
_TILE_EM = 40
"""Side of such a place in em."""
_TILE_SCALE = 24.0
"""Its em is scaled to so many pixels: type of a third to three times that is found well."""
_LONG = 3
"""Length over thickness from which a stretch is a line. Judgement: three characters."""
_FEWEST_LINES = 12
"""Number of lines that are enough to overrule the glyphs. Judgement: a few headlines are not."""
_LINE_PER_EM = 1.19
"""A line is found so many em thick, or a little more where the scan is bad."""
_BORNE_OUT = 1.35
"""Glyphs tell the size of Chinese print better than lines do: only beyond this factor they erred.
So measured, lines gave 1.06 to 1.30 of it on nine Chinese scans from 7 to 62 pixels an em, and 1.5
to 1.6 on two American ones."""
_ROUNDS = 2
"""Number of times that lines are looked for, again at the size that they showed: the first may
have been looked for at a wrong scale."""


@dataclass(frozen=True, slots=True)
class _Glyphs:
    """Connected components of the commonest size."""

    size: float
    """The longer side in pixels; 0 where no size is common."""
    places: NDArray[np.float64]
    """Shape (glyphs, 2): the middle of each, x and y, from the top of the page down."""


def measure_em(pixels: GrayImage) -> float:
    """Return the em of the body text in pixels, whatever its direction; 0 where there is no text.

    Many Chinese characters hold one stroke group that spans them from side to side, so the
    longer sides of connected components, each weighted by its length, pile up at one value.
    """
    return _glyphs(pixels).size / _INK_PER_EM


def check_em(pixels: GrayImage, em: float, engine: Engine) -> float:
    """Return the em that the lines show which `engine` finds at a few places of the page.

    Glyphs mislead in print other than Chinese, of which the small letters are half an em high,
    and where their strokes have come apart. The given `em` stays where the lines bear it out or
    are too few to tell.
    """
    places = _glyphs(pixels).places
    for _ in range(_ROUNDS):
        thickness = _line_thickness(pixels, places, em, engine)
        measured = thickness / _LINE_PER_EM
        if not measured or 1 / _BORNE_OUT < measured / em < _BORNE_OUT:
            break
        em = measured
    return em


def _line_thickness(
    pixels: GrayImage, places: NDArray[np.float64], em: float, engine: Engine
) -> float:
    """Return the median thickness of the lines found, by their length; 0 where they are too few."""
    extents = []
    for tile, factor in _tiles(pixels, places, em):
        height, width = tile.shape
        for line in engine.find_lines(tile):
            thick, long = line.extent
            if long >= _LONG * thick and _is_whole(bound_points(line.polygon), width, height):
                extents.append((thick / factor, long / factor))
    if len(extents) < _FEWEST_LINES:
        return 0.0
    thickness, length = np.array(sorted(extents)).T
    total = np.cumsum(length)
    return float(thickness[np.searchsorted(total, total[-1] / 2)])


def _is_whole(box: Box, width: int, height: int) -> bool:
    """Tell whether no edge of the tile cuts into the thickness of a line."""
    if box.width > box.height:
        return box.top > 1 and box.bottom < height - 1
    return box.left > 1 and box.right < width - 1


def _tiles(
    pixels: GrayImage, places: NDArray[np.float64], em: float
) -> Iterator[tuple[GrayImage, float]]:
    """Yield parts of the page around glyphs spread evenly over it, scaled, and their scale.

    Most glyphs are body text, so most of the places are.
    """
    side, factor = round(_TILE_EM * em), _TILE_SCALE / em
    interpolation = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    chosen = (np.arange(_TILES) + 0.5) / _TILES * len(places)
    seen: list[Box] = []
    for x, y in places[chosen.astype(int)]:
        left = max(0, min(round(x) - side // 2, pixels.shape[1] - side))
        top = max(0, min(round(y) - side // 2, pixels.shape[0] - side))
        tile = Box(left, top, left + side, top + side)
        if any(tile.share_inside(other) > 0.5 for other in seen):
            continue
        seen.append(tile)
        part = pixels[top : top + side, left : left + side]
        scaled = cv2.resize(part, None, fx=factor, fy=factor, interpolation=interpolation)
        yield np.asarray(scaled, dtype=np.uint8), factor


def _glyphs(pixels: GrayImage) -> _Glyphs:
    """Find the glyphs of the commonest size, on a smaller copy of a large page."""
    factor = 1
    while max(pixels.shape) / factor > _HALVE_BEYOND:
        factor *= 2
    if factor > 1:
        size = (pixels.shape[1] // factor, pixels.shape[0] // factor)
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    found = _of_common_size(pixels)
    return _Glyphs(factor * found.size, factor * found.places)


def _of_common_size(pixels: GrayImage) -> _Glyphs:
    """Find the connected components of the commonest size, in pixels of the image given."""
    mask = binarise_locally(pixels, measure_levels(pixels), _WINDOW)
    _, _, stats, centers = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    sides, areas = stats[1:, 2:4], stats[1:, 4]
    longer, shorter = sides.max(axis=1), sides.min(axis=1)
    square = (areas > 5) & (shorter > _SQUARE * longer) & (longer < _LARGEST)
    counts = np.bincount(longer[square], minlength=_LARGEST + 1).astype(np.float64)
    weights = np.convolve(counts * np.arange(counts.size), (1, 2, 3, 2, 1), "same")
    best = int(weights.argmax())
    near = slice(max(best - 2, 0), best + 3)
    if counts[near].sum() < _FEWEST:
        return _Glyphs(0.0, np.empty((0, 2)))
    common = square & (longer >= near.start) & (longer < near.stop)
    size = float(np.average(np.arange(counts.size)[near], weights=counts[near]))
    return _Glyphs(size, centers[1:][common])
