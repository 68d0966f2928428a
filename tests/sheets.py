"""Pages drawn for the tests of enhancement: columns of made-up glyphs on white paper."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from newspage.enhance.resample import resample_image
from newspage.geometry import TransformStep, Warp
from newspage.model import GrayImage, PageImage, Scan

INK = 30


@dataclass(frozen=True)
class Sheet:
    """How a page is set."""

    em: int = 24
    columns: int = 3
    column_em: int = 14
    rows: int = 34
    vertical: bool = False
    seed: int = 0

    @property
    def pitch(self) -> int:
        return round(1.5 * self.em)


def draw(sheet: Sheet) -> GrayImage:
    """Columns of text whose lines stand at different heights, as on a newspaper page."""
    rng = np.random.default_rng(sheet.seed)
    glyphs = [_glyph(sheet.em, rng) for _ in range(40)]
    margin, gap = 3 * sheet.em, 3 * sheet.em
    width = 2 * margin + sheet.columns * (sheet.column_em * sheet.em + gap) - gap
    height = 2 * margin + (sheet.rows + 1) * sheet.pitch
    page = np.full((height, width), 255, np.uint8)
    for column in range(sheet.columns):
        left = margin + column * (sheet.column_em * sheet.em + gap)
        drop = int(rng.integers(sheet.pitch))
        for row in range(sheet.rows):
            top = margin + drop + row * sheet.pitch
            length = sheet.column_em if rng.random() < 0.8 else int(rng.integers(4, 12))
            for i in range(length):
                x = left + i * sheet.em
                page[top : top + sheet.em, x : x + sheet.em] = glyphs[int(rng.integers(40))]
    return np.ascontiguousarray(np.rot90(page)) if sheet.vertical else page


def _glyph(em: int, rng: np.random.Generator) -> GrayImage:
    """A frame open on one side and some strokes: one connected shape, a character wide."""
    cell = np.full((em, em), 255, np.uint8)
    inset, stroke = max(1, round(0.08 * em)), max(1, em // 12)
    low, high = inset, em - 1 - inset
    frame = [((low, low), (high, low)), ((high, low), (high, high)), ((high, high), (low, high))]
    for a, b in (*frame, ((low, low), (low, high)))[: int(rng.integers(3, 5))]:
        cv2.line(cell, a, b, INK, stroke)
    for _ in range(2):
        y = int(rng.integers(low + 2, high - 1))
        cv2.line(cell, (low + int(rng.integers(0, em // 3)), y), (high, y), INK, stroke)
    return cell


def page_of(pixels: GrayImage) -> PageImage:
    """The pixels as a page just ingested."""
    return PageImage(Scan(Path("page.png"), "0" * 64, pixels.shape[1], pixels.shape[0]), pixels)


def seen_through(flat: GrayImage, step: TransformStep, paper: int = 255) -> GrayImage:
    """The scan that shows at `step(p)` what the flat page shows at p."""
    return resample_image(flat, step.inverse(), (flat.shape[1], flat.shape[0]), paper)


def smooth_warp(width: int, height: int, steepest: float, seed: int) -> Warp:
    """A warp of a few long waves whose lines slope by at most `steepest`."""
    rng = np.random.default_rng(seed)
    cell = 32.0
    x, y = np.meshgrid(
        np.arange(width // cell + 2) * cell / width, np.arange(height // cell + 2) * cell / height
    )
    shifts = []
    for _ in range(2):
        waves = [
            np.cos(2 * np.pi * (fx * x + fy * y + phase))
            for fx, fy, phase in rng.uniform(-0.8, 0.8, (3, 3))
        ]
        shift: NDArray[np.float64] = np.sum(waves, axis=0)
        steps = max(np.abs(np.diff(shift, axis=a)).max() for a in (0, 1)) / cell
        shifts.append((shift - shift.mean()) * steepest / steps)
    return Warp(cell, shifts[0], shifts[1])


def speckled(pixels: GrayImage, grain: float, seed: int = 0) -> GrayImage:
    """With film or paper grain of that many levels."""
    noise = np.random.default_rng(seed).normal(0, grain, pixels.shape)
    return np.clip(pixels + noise, 0, 255).astype(np.uint8)
