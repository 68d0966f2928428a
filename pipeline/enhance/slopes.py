"""How text lines slope, tile by tile: the measurement behind deskewing and dewarping.

The ink of a tile is cut into narrow upright strips; each strip's row profile tells where lines
pass through it. If lines slope by s, the profile of a strip x pixels off the tile's middle is
shifted by s * x. The slope that brings all profiles of the tile into phase is that of its lines:
delay-and-sum beamforming, computed in the frequency domain so that no slope is favoured by
interpolation (as the angle 0 is by rotating and projecting).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.enhance.ink import Ink

Floats = NDArray[np.float64]

_STRIP_EM = 0.8
_TILE_STRIPS = 18
_TILE_STEP = 5
_WINDOW_EM = 12.0
_BAND_PER_EM = (0.3, 2.5)
"""Frequencies looked at, per em: from the pitch of widely set lines to that of strokes."""


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """What each tile says of each slope tried. T tiles, S slopes."""

    x: Floats
    """Centre of each tile, shape (T,), in pixels of the ink map."""
    y: Floats
    slopes: Floats
    """Slopes tried, rising, evenly spaced, shape (S,): dy/dx of text lines."""
    coherence: Floats
    """Shape (T, S): share of the tile's profile energy that this slope brings into phase, 0-1."""
    energy: Floats
    """Shape (T,): how much profile there is, comparable between tiles of one map."""

    def peaks(self) -> tuple[Floats, Floats, Floats]:
        """Best slope of each tile, refined between those tried; its coherence; its contrast.

        The contrast is the best coherence less the tile's mean over all slopes.
        """
        best = self.coherence.argmax(axis=1)
        rows = np.arange(best.size)
        height = self.coherence[rows, best]
        slope = self.slopes[best] + self._offsets(best) * (self.slopes[1] - self.slopes[0])
        return slope, height, height - self.coherence.mean(axis=1)

    def _offsets(self, best: NDArray[np.intp]) -> Floats:
        inner = np.clip(best, 1, self.slopes.size - 2)
        rows = np.arange(best.size)
        return vertex(*(self.coherence[rows, inner + i] for i in (-1, 0, 1))) + (inner - best)


def vertex(left: Floats, middle: Floats, right: Floats) -> Floats:
    """Where a parabola through three samples one step apart has its top, from -1 to 1."""
    bend = 2 * middle - left - right
    safe = np.where(bend > 1e-12, bend, 1.0)
    return np.where(bend > 1e-12, np.clip((right - left) / (2 * safe), -1, 1), 0.0)


def tile_slopes(ink: Ink, em: float, slopes: Floats) -> Tiles:
    """Try every slope on every tile of an ink map whose em is `em` pixels.

    For vertical text hand in the transposed map: its slopes are then dx/dy.
    """
    width = max(2, round(_STRIP_EM * em))
    spectra, y, frequencies = _strip_spectra(ink, em, width)
    starts = np.arange(0, max(spectra.shape[0] - _TILE_STRIPS, 0) + 1, _TILE_STEP)
    count = min(_TILE_STRIPS, spectra.shape[0])
    offsets = (np.arange(count) - (count - 1) / 2) * width
    steering = np.exp(2j * np.pi * frequencies[:, None, None] * offsets[:, None] * slopes)
    x = (starts + count / 2) * width
    coherence = np.empty((starts.size, y.size, slopes.size))
    energy = np.empty((starts.size, y.size))
    for i, start in enumerate(starts):
        tile = spectra[start : start + count].transpose(2, 1, 0)
        in_phase = (np.abs(tile @ steering.astype(np.complex64)) ** 2).sum(axis=0)
        total = count * (np.abs(tile) ** 2).sum(axis=(0, 2))
        coherence[i] = in_phase / np.maximum(total, 1e-9)[:, None]
        energy[i] = total
    gx, gy = (a.ravel() for a in np.meshgrid(x, y, indexing="ij"))
    return Tiles(gx, gy, slopes, coherence.reshape(-1, slopes.size), energy.ravel())


def _strip_spectra(ink: Ink, em: float, width: int) -> tuple[NDArray[np.complex64], Floats, Floats]:
    """Spectra of the row profile of each strip in overlapping windows down the page.

    Returns an array (strips, windows, frequencies), the windows' centres and the frequencies in
    cycles a pixel. Weighting by frequency makes the energy that of the profile's derivative.
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
