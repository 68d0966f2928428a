"""Measures how text lines slope, tile by tile, for deskewing and dewarping.

A tile is a piece of one column, since lines of neighbouring columns stand at different heights.
Its ink is cut into narrow upright strips; each strip's row profile tells where lines pass through
it. If lines slope by s, the profile of a strip x pixels off the tile's middle is
shifted by s * x. The slope that brings all profiles of the tile into phase is that of its lines:
delay-and-sum beamforming, computed in the frequency domain so that no slope is favoured by
interpolation (as the angle 0 is by rotating and projecting).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newspage.enhance.ink_maps import Ink

Floats = NDArray[np.float64]

_STRIP_EM = 0.4
"""Width of a strip in em. Judgement: less than a character, so that slopes blur nothing within
it."""
_GUTTER_EM = 0.9
"""Least width of a gutter in em: narrower gaps are those between lines, met when looking across."""
_TILE_EM = 16.0
"""Greatest width of a tile in em. Judgement: about a column."""
_SHORTEST_EM = 5.0
"""Least width of a tile in em. Judgement: less tells no slope."""
_GUTTER_SHARE = 0.2
"""Share of a good strip's energy below which a strip lies between two columns. Judgement: bare
paper with specks."""
_WINDOW_EM = 8.0
"""Height of a tile in em. Judgement: four or five lines, enough for their pitch to show."""
_BAND_PER_EM = (0.3, 2.5)
"""Frequencies looked at, per em: from the pitch of widely set lines to that of strokes."""


@dataclass(frozen=True, slots=True, eq=False)
class SlopeTiles:
    """Coherence of each of T tiles at each of S slopes tried."""

    x: Floats
    """Centre of each tile, shape (T,), in pixels of the ink map."""
    y: Floats
    slopes: Floats
    """Slopes tried, rising, evenly spaced, shape (S,): dy/dx of text lines."""
    coherence: Floats
    """Shape (T, S): share of the tile's profile energy that this slope brings into phase, 0-1."""
    energy: Floats
    """Shape (T,): how much profile there is, comparable between tiles of one map."""

    def find_peaks(self) -> tuple[Floats, Floats, Floats]:
        """Find the best slope of each tile, refined between those tried.

        Returns:
            The slope, its coherence, and its contrast, each of shape (T,). The contrast is the best
            coherence less the tile's mean over all slopes.
        """
        best = self.coherence.argmax(axis=1)
        rows = np.arange(best.size)
        height = self.coherence[rows, best]
        slope = self.slopes[best] + self._offsets(best) * (self.slopes[1] - self.slopes[0])
        return slope, height, height - self.coherence.mean(axis=1)

    def _offsets(self, best: NDArray[np.intp]) -> Floats:
        """Return the vertex of each tile's peak in steps from its best slope."""
        inner = np.clip(best, 1, self.slopes.size - 2)
        rows = np.arange(best.size)
        return find_parabola_vertex(*(self.coherence[rows, inner + i] for i in (-1, 0, 1))) + (
            inner - best
        )


def find_parabola_vertex(left: Floats, middle: Floats, right: Floats) -> Floats:
    """Return where a parabola through three samples one step apart has its top, from -1 to 1."""
    bend = 2 * middle - left - right
    safe = np.where(bend > 1e-12, bend, 1.0)
    return np.where(bend > 1e-12, np.clip((right - left) / (2 * safe), -1, 1), 0.0)


def measure_tile_slopes(ink: Ink, em: float, slopes: Floats) -> SlopeTiles:
    """Try every slope on every tile of an ink map whose em is `em` pixels.

    For vertical text hand in the transposed map: its slopes are then dx/dy.
    """
    width = max(2, round(_STRIP_EM * em))
    spectra, y, frequencies = _strip_spectra(ink, em, width)
    most = max(1, round(_TILE_EM * em / width))
    steering = _steering(frequencies, most, width, slopes)
    found: list[tuple[float, float, float, Floats]] = []
    energies = (np.abs(spectra) ** 2).sum(axis=2)
    bare = energies <= _GUTTER_SHARE * np.percentile(energies, 75, axis=0)
    for window, centre in enumerate(y):
        strips, energy = spectra[:, window], energies[:, window]
        for start, end in _tiles(bare[:, window], em / width):
            part = strips[start:end].T[:, None]
            in_phase = (np.abs(part @ steering[:, : end - start]) ** 2).sum(axis=(0, 1))
            total = (end - start) * energy[start:end].sum()
            place = (start + end) / 2 * width
            found.append((place, float(centre), float(total), in_phase / max(total, 1e-9)))
    coherence = np.array([share for *_, share in found]).reshape(-1, slopes.size)
    xs, ys, energies = np.array([place for *place, _ in found]).reshape(-1, 3).T
    return SlopeTiles(xs, ys, slopes, coherence, energies)


def _steering(frequencies: Floats, count: int, width: int, slopes: Floats) -> NDArray[np.complex64]:
    """Return the phases that undo each slope, shape (frequencies, strips, slopes)."""
    offsets = np.arange(count) * float(width)
    phases = 2j * np.pi * frequencies[:, None, None] * offsets[:, None] * slopes
    steering: NDArray[np.complex64] = np.exp(phases).astype(np.complex64)
    return steering


def _tiles(bare: NDArray[np.bool_], strips_an_em: float) -> list[tuple[int, int]]:
    """Return first strip, and that after the last, of each tile.

    Tiles are stretches of one column; long ones are cut with overlap.
    """
    gutters = [(a, b) for a, b in _runs(bare) if b - a >= _GUTTER_EM * strips_an_em]
    firsts = [0, *(b for _, b in gutters)]
    lasts = [*(a for a, _ in gutters), bare.size]
    least, most = (round(n * strips_an_em) for n in (_SHORTEST_EM, _TILE_EM))
    tiles: list[tuple[int, int]] = []
    for start, end in zip(firsts, lasts, strict=True):
        if end - start >= least:
            pieces = max(1, math.ceil((end - start) / most * 2) - 1)
            length = min(most, end - start)
            begins = np.linspace(start, end - length, pieces).astype(int)
            tiles.extend((int(begin), int(begin) + length) for begin in begins)
    return tiles


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return start and end of each stretch of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _strip_spectra(ink: Ink, em: float, width: int) -> tuple[NDArray[np.complex64], Floats, Floats]:
    """Return spectra of the row profile of each strip in overlapping windows down the page.

    Weighting by frequency makes the energy that of the profile's derivative.

    Returns:
        An array (strips, windows, frequencies), the windows' centres and the frequencies in cycles
        a pixel.
    """
    height = ink.shape[0]
    strips = max(1, ink.shape[1] // width)
    profile = ink[:, : strips * width].reshape(height, strips, -1).mean(axis=2).T
    window = min(height, 2 * round(_WINDOW_EM * em / 2))
    tops = np.arange(0, height - window + 1, max(1, window // 2))
    pieces = np.stack([profile[:, t : t + window] for t in tops], axis=1)
    frequencies = np.fft.rfftfreq(window).astype(np.float64)
    low, high = (b / em for b in _BAND_PER_EM)
    band = (frequencies >= low) & (frequencies <= min(high, 0.45))
    spectra = np.fft.rfft(pieces * np.hanning(window), axis=2)[:, :, band] * frequencies[band]
    centres: Floats = tops + window / 2
    return spectra.astype(np.complex64), centres, frequencies[band]
