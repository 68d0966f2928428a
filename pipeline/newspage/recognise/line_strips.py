"""Cuts lines out of a page as a recogniser reads them best.

Measured on true lines, clean and aged: a little of the page above and below the line, then plain
paper up to 1.7 times its thickness. Neighbouring lines stay out, and smaller glyphs in the strip
cost less time and, in small print, fewer errors.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from newspage.geometry import Affine, Box, bound_points
from newspage.model import GrayImage, TextLine

TAKEN = 0.1
"""Page taken above and below a line, in units of its thickness. Measured with PAPER; see above."""
PAPER = 0.25
"""Plain paper added beyond that, in the same units."""
ENDS = 0.15
"""Page taken before and behind a line, in the same units. Judgement: the last mark may stick
out."""
SIDES = 0.05
"""Page taken at both sides of a vertical line, in the same units. Judgement: neighbours are
close."""
SLANT = 0.4
"""Degrees from which a line is turned upright. Judgement: below, resampling costs more than it
mends."""
RULE_ZONE = 0.35
"""How far inside a line's ends, in units of its thickness, a printed rule is looked for.
Judgement: less than half of the first character."""
RULED = 0.8
"""Least share of a strip's width that a rule across it covers. Judgement: glyphs leave white
beside."""
THICKEST = 96
"""Thicker lines are scaled down to so many pixels before anything is done with them. The networks
read strips 48 pixels high: of more, nothing is seen, and blurring it takes minutes."""
BIG = 1 << 20
"""Free pixels at the end of a line with no other beyond it: more than any page has."""

Margins = tuple[float, float, float, float]
"""Pixels at left, top, right, bottom."""


@dataclass(frozen=True, slots=True, eq=False)
class LineStrip:
    """The pixels of one line, upright, dark on light, and the transform back to the page."""

    pixels: GrayImage
    line: Box
    """Where the line itself is in the strip; what is around it is margin."""
    to_page: Affine

    @property
    def page_pixels(self) -> float:
        """Return the length on the page, in pixels, of one pixel of the strip."""
        return float(np.hypot(*self.to_page.matrix[:, 0]))

    def on_page(self, box: Box) -> Box:
        """Return a box of the strip as a box of the page."""
        return bound_points(self.to_page(np.asarray(box.polygon)))


def cut_row_strip(line: TextLine, page: GrayImage, room: tuple[float, float]) -> LineStrip:
    """Cut out a horizontal line with paper around it.

    `room` is the number of pixels that are free before and behind the line.
    """
    across = max(line.box.height, 0.95 * line.size)
    taken = TAKEN * across + (across - line.box.height) / 2
    before, behind = (min(ENDS * across, r) for r in room)
    strip = _cut(line, page, (before, taken, behind, taken))
    pixels = erase_rules(strip.pixels.T, strip.line.left, strip.line.right).T
    rows = round(PAPER * across / strip.page_pixels)
    return LineStrip(
        pad_with_paper(pixels, rows), strip.line.moved(0, rows), _below(strip.to_page, rows)
    )


def cut_column_strip(line: TextLine, page: GrayImage, room: tuple[float, float]) -> LineStrip:
    """Cut out a vertical line as it stands on the page.

    `room` is the number of pixels that are free above and below the line.
    """
    across = line.box.width
    above, below = (min(ENDS * across, r) for r in room)
    strip = _cut(line, page, (SIDES * across, above, SIDES * across, below))
    pixels = erase_rules(strip.pixels, strip.line.top, strip.line.bottom)
    return LineStrip(pixels, strip.line, strip.to_page)


def measure_free_ends(
    lines: Sequence[TextLine], which: Sequence[int] | None = None
) -> list[tuple[float, float]]:
    """Return for lines the free pixels before and behind them: half the way to the next line.

    `which` are the indices of the lines that it is wanted for; None: all.
    """
    flat = np.array([_flat(line) for line in lines], np.float64).reshape(-1, 4)
    vertical = np.array([line.vertical for line in lines], np.bool_)
    free = []
    for i in range(len(lines)) if which is None else which:
        others = flat[vertical == vertical[i]]
        start, end, low, high = flat[i]
        beside = others[(np.minimum(others[:, 3], high) - np.maximum(others[:, 2], low)) > 1]
        gaps_before, gaps_behind = start - beside[:, 1], beside[:, 0] - end
        free.append((_half_of_least(gaps_before), _half_of_least(gaps_behind)))
    return free


def estimate_paper_gray(pixels: GrayImage) -> int:
    """Return the grey of the paper, 0 to 255: that of the lighter part of the pixels."""
    return int(np.percentile(pixels[::2, ::2], 85)) if pixels.size else 255


def pad_with_paper(pixels: GrayImage, rows: int) -> GrayImage:
    """Return the strip with rows of plain paper added above and below."""
    padded: GrayImage = cv2.copyMakeBorder(
        pixels, rows, rows, 0, 0, cv2.BORDER_CONSTANT, value=estimate_paper_gray(pixels)
    )
    return padded


def erase_rules(pixels: GrayImage, start: float, end: float) -> GrayImage:
    """Return the strip without printed rules across the ends of its line, straight or wavy.

    Ink that spans the whole width, and the gaps to the neighbours with it, is no glyph. `start` and
    `end` are the rows of the strip at which the line begins and ends.
    """
    inked = _inked(pixels)
    zone = RULE_ZONE * pixels.shape[1]
    bands = _bands(inked[: max(0, round(start + zone))], 0)
    bands += _bands(inked[max(0, round(end - zone)) :], max(0, round(end - zone)))
    rules = [(a, b) for a, b in bands if inked[a:b].any(axis=0).mean() > RULED]
    if not rules:
        return pixels
    clean = pixels.copy()
    for a, b in rules:
        # The rows next to a rule hold its blur.
        clean[max(0, a - 1) : b + 1] = estimate_paper_gray(pixels)
    return clean


def _inked(pixels: GrayImage) -> NDArray[np.bool_]:
    """Return a mask of the pixels nearer to the strip's ink than to its paper, or almost."""
    paper = estimate_paper_gray(pixels)
    darkest = float(np.percentile(pixels[::2, ::2], 2)) if pixels.size else 0.0
    return pixels < paper - max(25.0, 0.4 * (paper - darkest))


def _bands(inked: NDArray[np.bool_], offset: int) -> list[tuple[int, int]]:
    """Return the stretches of rows that hold ink, with paper or a border at both sides."""
    rows = np.concatenate([[False], inked.any(axis=1), [False]])
    edges = np.flatnonzero(np.diff(rows)) + offset
    bands = [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
    # A band that goes on beyond the end that lies inside the line is part of a glyph.
    inner = offset if offset else len(inked)
    return [band for band in bands if inner not in band]


def _flat(line: TextLine) -> tuple[float, float, float, float]:
    """Return start and end of a line in reading direction, then both sides."""
    b = line.box
    return (
        (b.top, b.bottom, b.left, b.right) if line.vertical else (b.left, b.right, b.top, b.bottom)
    )


def _half_of_least(gaps: NDArray[np.float64]) -> float:
    """Return half of the least gap ahead; BIG without any."""
    ahead = gaps[gaps > -1]
    return max(0.0, float(ahead.min()) / 2) if len(ahead) else BIG


def _cut(line: TextLine, page: GrayImage, margins: Margins) -> LineStrip:
    """Cut out a line and its margins; a slanting one is turned upright, a thick one scaled down.

    Beyond the page is paper.
    """
    slant = _slant(line)
    if abs(slant) < SLANT:
        strip = _cut_upright(line.box, page, margins)
    else:
        strip = _cut_slanting(line, page, margins, math.radians(slant))
    thickness = strip.line.width if line.vertical else strip.line.height
    if thickness > THICKEST and strip.pixels.size:
        strip = _shrunk(strip, THICKEST / thickness)
    if line.reversed:
        return LineStrip(255 - strip.pixels, strip.line, strip.to_page)
    return strip


def _slant(line: TextLine) -> float:
    """Return the degrees by which the line's outline is turned clockwise; 0 where it has none."""
    if len(line.polygon) != 4:
        return 0.0
    corners = np.asarray(line.polygon)
    ahead = corners[3] - corners[0] if line.vertical else corners[1] - corners[0]
    angle = math.degrees(math.atan2(ahead[1], ahead[0])) - (90 if line.vertical else 0)
    return angle if abs(angle) < 45 else 0.0


def _cut_upright(box: Box, page: GrayImage, margins: Margins) -> LineStrip:
    """Cut out a box and its margins, the page's edge repeated where they reach beyond it."""
    left, top = math.floor(box.left - margins[0]), math.floor(box.top - margins[1])
    right, bottom = math.ceil(box.right + margins[2]), math.ceil(box.bottom + margins[3])
    height, width = page.shape
    inside = page[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    over = (-min(0, top), max(0, bottom - height), -min(0, left), max(0, right - width))
    if any(over) and inside.size:
        inside = cv2.copyMakeBorder(inside, *over, cv2.BORDER_REPLICATE)
    return LineStrip(inside, box.moved(-left, -top), _frame((left, top), 0.0))


def _cut_slanting(line: TextLine, page: GrayImage, margins: Margins, angle: float) -> LineStrip:
    """Cut out a line turned clockwise by `angle` (radians), and set it upright."""
    corners = np.asarray(line.polygon)
    width = float(np.hypot(*(corners[1] - corners[0])))
    height = float(np.hypot(*(corners[3] - corners[0])))
    along = np.array([math.cos(angle), math.sin(angle)])
    down = np.array([-along[1], along[0]])
    start = corners[0] - margins[0] * along - margins[1] * down
    to_page = _frame((float(start[0]), float(start[1])), angle)
    size = (
        max(1, round(width + margins[0] + margins[2])),
        max(1, round(height + margins[1] + margins[3])),
    )
    pixels = cv2.warpAffine(
        page,
        to_page.matrix,
        size,
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    inner = Box(margins[0], margins[1], margins[0] + width, margins[1] + height)
    return LineStrip(pixels, inner, to_page)


def _shrunk(strip: LineStrip, scale: float) -> LineStrip:
    """Return the strip scaled down; `scale` is below 1."""
    height, width = strip.pixels.shape
    size = max(1, round(scale * width)), max(1, round(scale * height))
    pixels: GrayImage = cv2.resize(strip.pixels, size, interpolation=cv2.INTER_AREA)
    x, y = size[0] / max(1, width), size[1] / max(1, height)
    line = strip.line
    matrix = strip.to_page.matrix / np.array([x, y, 1.0])
    return LineStrip(
        pixels, Box(x * line.left, y * line.top, x * line.right, y * line.bottom), Affine(matrix)
    )


def _frame(origin: tuple[float, float], angle: float) -> Affine:
    """Return the transform to the page from a strip at `origin`, turned by `angle` in radians."""
    cos, sin = math.cos(angle), math.sin(angle)
    return Affine(np.array([[cos, -sin, origin[0]], [sin, cos, origin[1]]]))


def _below(to_page: Affine, rows: int) -> Affine:
    """Return the transform to the page from a strip that got `rows` on top."""
    matrix = to_page.matrix.copy()
    matrix[:, 2] -= matrix[:, 1] * rows
    return Affine(matrix)
