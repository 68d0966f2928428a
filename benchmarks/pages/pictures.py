"""Photographs for the pages: invented landscapes with figures, screened for print."""

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.pages.chance import pick
from newspage.model import GrayImage


def photograph(seed: int, width: int, height: int) -> GrayImage:
    """A picture of the given size in pixels; the same seed gives the same picture."""
    rng = np.random.default_rng(seed)
    scene = _sky(rng, width, height)
    for depth in np.linspace(0.35, 0.85, int(rng.integers(2, 5))):
        _hill(rng, scene, float(depth))
    for _ in range(int(rng.integers(2, 9))):
        _figure(rng, scene)
    scene += _clouds(rng, width, height, 24) * 18 + rng.normal(0, 6, scene.shape)
    scene = np.clip(scene, 8, 245)
    return _screened(scene, pick(rng, [0.0, 0.25, 0.5]))


def _clouds(rng: np.random.Generator, width: int, height: int, cell: int) -> NDArray[np.float64]:
    """Smooth noise between -1 and 1 with features of about `cell` pixels."""
    knots = rng.normal(0, 0.5, (max(3, height // cell), max(3, width // cell)))
    smooth = cv2.resize(knots, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(smooth, -1, 1), dtype=np.float64)


def _sky(rng: np.random.Generator, width: int, height: int) -> NDArray[np.float64]:
    top, bottom = rng.uniform(150, 240), rng.uniform(90, 200)
    fade = np.linspace(top, bottom, height)[:, None]
    return fade + _clouds(rng, width, height, max(20, width // 5)) * 35


def _hill(rng: np.random.Generator, scene: NDArray[np.float64], depth: float) -> None:
    """Darkens everything under a wavy horizon; nearer hills are darker."""
    height, width = scene.shape
    waves = _clouds(rng, width, 3, max(12, width // 6))[1]
    horizon = height * (depth + 0.18 * waves)
    below = np.arange(height)[:, None] > horizon[None, :]
    tone = rng.uniform(30, 130) * (1.25 - depth * 0.6)
    scene[below] = scene[below] * 0.25 + tone * 0.75


def _figure(rng: np.random.Generator, scene: NDArray[np.float64]) -> None:
    """A person or a post: a head over a body."""
    height, width = scene.shape
    size = max(4, int(height * rng.uniform(0.03, 0.09)))
    x, y = int(rng.uniform(0.1, 0.9) * width), int(rng.uniform(0.55, 0.85) * height)
    tone = float(rng.uniform(10, 220))
    cv2.ellipse(scene, (x, y), (size, 3 * size), 0, 0, 360, tone, -1)
    cv2.circle(scene, (x, y - 3 * size), size, min(255.0, tone + 40), -1)


def _screened(scene: NDArray[np.float64], strength: float) -> GrayImage:
    """The picture under a halftone screen of the given strength, dots at 45 degrees."""
    height, width = scene.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    pitch = 6.0
    dots = np.sin((x + y) * np.pi / pitch) * np.sin((x - y) * np.pi / pitch)
    return np.asarray(np.clip(scene + strength * 70 * dots, 0, 255), dtype=np.uint8)
