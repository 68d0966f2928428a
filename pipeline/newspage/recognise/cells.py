"""Cuts a vertical line into cells, one a glyph, and re-sets its glyphs from left to right.

A recogniser knows glyphs that stand upright beside each other. Turned by 90 degrees it reads most
of them lying, but misses marks in the middle of their cell; re-set it reads what it knows, provided
that the column was cut between the glyphs and not through them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from newspage.engine import Reading
from newspage.model import GrayImage
from newspage.recognise.line_strips import estimate_paper_gray, pad_with_paper

# Figures without a name below are judgement: shares of a width, a pitch or a cost.

WIDTH = 24
"""Pixels across to which a column is brought before it is cut. Judgement: strokes still show."""
SQUARE = 0.3
"""Weight, on the scale of a correlation, of glyphs about as high as the column is wide.
Judgement: a prior that clear repetition overrules."""
WIDE = 1.35
"""Width of a column, in pitches, from which it holds more than its own ink. Judgement: type is
set wider than high by less than a third."""
NARROWS = 0.6
"""Ink between two columns, as a share of the usual ink in them, up to which they are told apart.
Judgement: outlines that overlap leave some."""
TURNED_PAPER = 0.2
"""Paper added at both sides of a turned column, in units of its width; it makes the strip 1.4
times as high, within which rows are read best (see `line_strips`)."""
GAP = 0.08
"""Paper between glyphs that are re-set, in the same units. Judgement: the usual space in a line."""
PAPER = 0.4
"""Paper above and below them, in the same units. Judgement: as around the strip of a row."""
SMALL = 0.5
"""Largest size, in em, of a blob of ink that is a mark. Judgement: half of a character."""
MARK_CORNER = 0.08
"""Distance in em of a mark from the left and the lower edge of its em, where horizontal setting
has it."""

Cell = tuple[int, int]
"""First row and row after the last in a column."""


@dataclass(frozen=True, slots=True, eq=False)
class RowSetColumn:
    """Glyphs of a column set from left to right."""

    pixels: GrayImage
    places: NDArray[np.float64]
    """Shape (cells, 2): left and right edge of each, as fractions of the width."""


def find_ink_sides(column: GrayImage) -> tuple[int, int]:
    """Return the extent across a column of its own ink, without that of its neighbours.

    As the first pixel and the one after the last.
    """
    across = _ink(column).mean(axis=0)
    width = len(across)
    smooth = max(1, width // 16)
    across = np.convolve(across, np.ones(smooth) / smooth, mode="same")
    empty = across <= 0.12 * np.percentile(across, 90)
    # Its middle is the line's own, whatever gaps its glyphs leave there.
    core = round(0.22 * width)
    left, right = width // 2 - core, width // 2 + core
    while left > 0 and not empty[left - 1]:
        left -= 1
    while right < width and not empty[right]:
        right += 1
    spare = max(1, round(0.03 * width))
    return max(0, left - spare), min(width, right + spare)


def find_column_bounds(column: GrayImage, pitch: float) -> tuple[int, int] | None:
    """Return the extent of one column in a strip that holds the edges of its neighbours too.

    It is as wide as its glyphs are high, between two narrows of the ink, as near to the middle as
    may be. None where the strip is no wider than a column, or shows no narrows.
    """
    across = _ink(column).mean(axis=0)
    width = len(across)
    if width < WIDE * pitch:
        return None
    smooth = max(1, round(pitch / 12))
    across = np.convolve(across, np.ones(smooth) / smooth, mode="same")
    usual = float(np.percentile(across, 75))
    found: list[tuple[float, int, int]] = []
    for size in (round(share * pitch) for share in (1.0, 1.1, 1.2)):
        for left in range(width - size + 1):
            edges = max(across[left], across[left + size - 1])
            off_middle = abs(left + size / 2 - width / 2) / width
            found.append((float(edges) / usual + off_middle, left, left + size))
    ink, left, right = min(found, default=(1.0, 0, width))
    return (left, right) if ink < NARROWS else None


def lay_column_down(column: GrayImage) -> GrayImage:
    """Return the column turned counter-clockwise, its top at the left, with paper around."""
    turned = np.ascontiguousarray(np.rot90(column))
    return pad_with_paper(turned, round(TURNED_PAPER * column.shape[1]))


def divide_into_cells(column: GrayImage, reading: Reading) -> tuple[list[Cell], float]:
    """Cut a column into cells, from its ink and from what was read in it turned.

    Returns:
        The cells in pixels of the column, from the top down, and their pitch in pixels.
    """
    height, width = column.shape
    scale = WIDTH / width
    length = max(4, round(height * scale))
    ink = cv2.resize(_ink(column), (WIDTH, length), interpolation=cv2.INTER_AREA).mean(axis=1)
    ink /= np.percentile(ink, 95) or 1.0
    peaks = reading.spans.mean(axis=1) * length
    pitch = _pitch(ink, peaks)
    cuts = _cells(ink, pitch, peaks)
    return [(round(a / scale), round(b / scale)) for a, b in cuts], pitch / scale


def set_in_row(column: GrayImage, cells: Sequence[Cell], pitch: float) -> RowSetColumn:
    """Set the glyphs of the cells beside each other; marks go where a horizontal line has them.

    `pitch` is the distance of the cells in pixels of the column.
    """
    width = column.shape[1]
    em = max(width, round(pitch))
    paper = estimate_paper_gray(column)
    height = round(em * (1 + 2 * PAPER))
    gap = max(1, round(GAP * width))
    strip = np.full((height, max(1, len(cells)) * (width + gap)), paper, np.uint8)
    for i, (top, bottom) in enumerate(cells):
        glyph = _set(column[top:bottom], height, em, paper)
        strip[:, i * (width + gap) :][:, :width] = glyph
    lefts = np.arange(len(cells)) * (width + gap)
    return RowSetColumn(strip, np.stack([lefts, lefts + width], axis=1) / strip.shape[1])


def _ink(column: GrayImage) -> NDArray[np.float32]:
    """Return the darkness of each pixel, from 0 (paper) to 1."""
    dark = np.clip(estimate_paper_gray(column) - column.astype(np.float32), 0, None)
    dark /= max(1.0, float(np.percentile(dark, 98)))
    return np.where(dark < 0.15, 0, np.minimum(dark, 1)).astype(np.float32)


def _pitch(ink: NDArray[np.float32], peaks: NDArray[np.float32]) -> float:
    """Return the pitch that the ink repeats at, and that divides the peaks' distances best."""
    pitches = np.arange(0.5 * WIDTH, 1.5 * WIDTH, 0.25)
    wave = ink - ink.mean()
    repeats = np.correlate(wave, wave, "full")[len(ink) - 1 :]
    votes = np.interp(pitches, np.arange(len(ink)), repeats / (repeats[0] + 1e-6))
    votes += np.where(pitches > 0.8 * WIDTH, SQUARE, 0)
    distances = np.diff(np.sort(peaks))
    for distance in distances:
        for glyphs in (1, 2, 3):
            off = (distance / glyphs - pitches) / (0.06 * pitches)
            votes += np.exp(-0.5 * off**2) / glyphs / len(distances)
    return float(pitches[np.argmax(votes)])


def _cells(
    ink: NDArray[np.float32], pitch: float, peaks: NDArray[np.float32]
) -> list[tuple[int, int]]:
    """Return the cheapest way to cover the ink by cells about as long as the pitch.

    Dynamic programming over the rows: a cell costs for the square of its deviation from the pitch,
    for the ink and the recogniser's peaks its edges run through, and for being empty; a row in no
    cell costs for its ink. The weights are judgement.
    """
    rows = len(ink)
    edge = _edge_costs(ink, pitch, peaks)
    total = np.concatenate([[0.0], np.cumsum(ink)])
    lengths = np.arange(max(2, int(0.62 * pitch)), int(np.ceil(1.45 * pitch)) + 1)
    odd = 6 * ((lengths - pitch) / pitch) ** 2
    cost = np.full(rows + 1, np.inf)
    cost[0] = 0
    back = np.zeros(rows + 1, np.intp)
    for row in range(1, rows + 1):
        skipped = ink[row - 1]
        cost[row] = cost[row - 1] + (0.01 if skipped < 0.03 else 0.02 + 3 * skipped)
        back[row] = row - 1
        starts = row - lengths[: np.searchsorted(lengths, row, side="right")]
        if not len(starts):
            continue
        empty = np.where(total[row] - total[starts] < 0.02 * pitch, 0.6, 0)
        costs = cost[starts] + odd[: len(starts)] + empty + (edge[starts] + edge[row]) / 2
        best = int(np.argmin(costs))
        if costs[best] < cost[row]:
            cost[row], back[row] = costs[best], starts[best]
    return _trace_cells(back)


def _edge_costs(
    ink: NDArray[np.float32], pitch: float, peaks: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Return the cost of the edge of a cell above each row, and below the last."""
    rows = np.arange(len(ink) + 1)
    costs = 3 * np.append(ink, 0).astype(np.float64)
    for peak in peaks:
        costs += 2 * np.clip(1 - np.abs(rows - peak) / (0.35 * pitch), 0, None)
    costs[0] = 0
    return costs


def _trace_cells(back: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Return the cells along the cheapest way, from the row that each row was reached from."""
    cells, row = [], len(back) - 1
    while row > 0:
        start = int(back[row])
        if row - start > 1:
            cells.append((start, row))
        row = start
    return cells[::-1]


def _set(glyph: GrayImage, height: int, em: int, paper: int) -> GrayImage:
    """Return a glyph in the middle of a strip of the height, or in the corner if it is a mark."""
    rows, width = glyph.shape
    spare = max(0, rows - height) // 2
    glyph = glyph[spare : spare + height]
    cell = np.full((height, width), paper, np.uint8)
    top = (height - len(glyph)) // 2
    cell[top : top + len(glyph)] = glyph
    inked = cell < paper - 60
    ys, xs = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not len(ys) or max(np.ptp(ys), np.ptp(xs)) + 1 > SMALL * em:
        return cell
    mark = cell[ys[0] : ys[-1] + 1, xs[0] : xs[-1] + 1]
    cell = np.full((height, width), paper, np.uint8)
    bottom = min(height, round(height / 2 + em / 2 - MARK_CORNER * em))
    left = min(round(MARK_CORNER * em), width - mark.shape[1])
    top = max(0, bottom - mark.shape[0])
    cell[top : top + mark.shape[0], left : left + mark.shape[1]] = mark
    return cell
