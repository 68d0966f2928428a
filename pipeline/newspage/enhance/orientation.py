"""Finds which way up a page is by reading single glyphs.

Lines tell nothing: Chinese is set in both directions, and a recogniser reads a vertical line that
lies on its side nearly as well as an upright one. Single glyphs tell: cut out one by one, set
side by side and turned four ways, they are read with confidence only when they stand upright,
whatever the direction of the line that they were taken from.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from newspage.engine import Engine, Reading
from newspage.enhance.ink_maps import binarise_locally, measure_levels
from newspage.model import GrayImage

_GLYPHS_A_STRIP = 8
"""Number of glyphs in a strip. Judgement: a short line, as the recogniser knows it."""
_STRIPS = 3
"""Number of strips read for each of the four ways. Judgement: 24 glyphs settle it at little
cost."""
_CELL_EM = 1.15
"""Side of the square that a glyph is set in, in em. Judgement: the usual space between
characters."""
_GLYPH_EM = (0.7, 1.1)
"""Least and greatest size in em, both ways, of a connected component that is a whole character."""
_LYING = 0.5
"""Weight of being read when lying on the side, against being read upright. Judgement:
recognisers read some lying glyphs, but no page that stands on its head."""
_LEAST_SCORE = 0.3
"""Least score, from 0 to 1, of the best way. Judgement: below it nothing was read."""
_LEAST_LEAD = 0.1
"""Lead over leaving the page as it is. Judgement: turning a page that is upright loses all of
it."""


@dataclass(frozen=True, slots=True)
class Orientation:
    """The turn that sets a page upright, and the confidence of its glyphs each way."""

    quarters: int = 0
    """Quarter turns clockwise that set the page upright."""
    scores: tuple[float, ...] = ()
    """Mean confidence a glyph after 0, 1, 2 and 3 of them; empty: nothing could be read."""


def measure_orientation(pixels: GrayImage, em: float, engine: Engine) -> Orientation:
    """Find which way up a page is by reading some glyphs, each of them turned four ways.

    A page is to be turned only where one way is clearly read best. `em` is in pixels.
    """
    glyphs = _sample(pixels, em, _STRIPS * _GLYPHS_A_STRIP)
    if len(glyphs) < _GLYPHS_A_STRIP:
        return Orientation()
    groups = [glyphs[i::_STRIPS] for i in range(_STRIPS)]
    strips = [_strip(group, turns) for turns in range(4) for group in groups]
    readings = engine.read_lines(strips)
    read = [
        _confidence(readings[i : i + _STRIPS]) / len(glyphs) for i in range(0, len(strips), _STRIPS)
    ]
    return _judge(tuple(read))


def _judge(read: tuple[float, ...]) -> Orientation:
    """Return the orientation that the mean confidences after 0 to 3 quarter turns tell."""
    pairs = [(read[t] + _LYING * read[t - 1]) / (1 + _LYING) for t in range(4)]
    best = max(range(4), key=pairs.__getitem__)
    sure = pairs[best] >= max(_LEAST_SCORE, pairs[0] + _LEAST_LEAD)
    return Orientation(best if sure else 0, read)


def _confidence(readings: list[Reading]) -> float:
    """Return the sum of the confidences of all glyphs."""
    return sum(float(reading.confidences.sum()) for reading in readings)


def _sample(pixels: GrayImage, em: float, count: int) -> list[GrayImage]:
    """Return square cells around whole characters, spread evenly over the page."""
    mask = binarise_locally(pixels, measure_levels(pixels), round(2 * em))
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    small, large = (n * em for n in _GLYPH_EM)
    sides = stats[1:, 2:4]
    found = stats[1:][(sides.min(axis=1) >= small) & (sides.max(axis=1) <= large)]
    chosen = found[np.linspace(0, len(found) - 1, min(count, len(found))).astype(int)]
    return [_cell(pixels, box, round(_CELL_EM * em)) for box in chosen]


def _cell(pixels: GrayImage, box: np.ndarray, side: int) -> GrayImage:
    """Return the glyph in the middle of a square of paper, without its neighbours."""
    left, top, width, height = (int(n) for n in box[:4])
    rows = slice(max(top - 1, 0), top + height + 1)
    columns = slice(max(left - 1, 0), left + width + 1)
    glyph = pixels[rows, columns]
    edge = np.concatenate((glyph[0], glyph[-1], glyph[:, 0], glyph[:, -1]))
    cell = np.full((max(side, *glyph.shape),) * 2, int(np.percentile(edge, 75)), np.uint8)
    y, x = ((c - g) // 2 for c, g in zip(cell.shape, glyph.shape, strict=True))
    cell[y : y + glyph.shape[0], x : x + glyph.shape[1]] = glyph
    return cell


def _strip(glyphs: list[GrayImage], turns: int) -> GrayImage:
    """Return glyphs side by side as one strip, each turned by `turns` quarters clockwise."""
    side = max(glyph.shape[0] for glyph in glyphs)
    turned = [np.rot90(cv2.resize(glyph, (side, side)), -turns) for glyph in glyphs]
    return np.ascontiguousarray(np.hstack(turned))
