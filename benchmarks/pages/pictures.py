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


def engraving(seed: int, width: int, height: int, em: int) -> GrayImage:
    """A picture in black and white alone, as old papers print them, on paper of its own.

    Hatching and dots instead of tones, a building full of straight edges, a round face, water of
    short strokes, and a sky left nearly white: to a finder of text and rules a trap everywhere.
    `em` is the size of the text beside it, to which strokes and gaps are set.
    """
    rng = np.random.default_rng(seed)
    picture = np.full((height, width), 255, np.uint8)
    horizon, thick = int(0.62 * height), max(1, em // 10)
    _dotted(rng, picture[:horizon], em)
    _building(rng, picture, horizon, em, thick)
    _face(picture, (int(0.2 * width), int(0.4 * height)), int(0.16 * min(width, height)), thick)
    _water(rng, picture, horizon, em, thick)
    return picture


def _dotted(rng: np.random.Generator, sky: GrayImage, em: int) -> None:
    """Dots, closer where clouds are."""
    height, width = sky.shape
    clouds = _clouds(rng, width, height, 6 * em)
    step = max(3, em // 4)
    for y in range(0, height, step):
        for x in range(0, width, step):
            if rng.random() < 0.25 + 0.5 * clouds[y, x]:
                cv2.circle(sky, (x, y), max(1, em // 12), 0, -1)


def _building(
    rng: np.random.Generator, picture: GrayImage, horizon: int, em: int, thick: int
) -> None:
    """A front with floors, columns and windows, and its shaded side."""
    left, right = int(0.45 * picture.shape[1]), int(0.92 * picture.shape[1])
    top = int(0.15 * picture.shape[0])
    cv2.rectangle(picture, (left, top), (right, horizon), 255, -1)
    cv2.rectangle(picture, (left, top), (right, horizon), 0, 2 * thick)
    for y in range(top + em, horizon, 2 * em):
        cv2.line(picture, (left, y), (right, y), 0, thick)
        for x in range(left + em, right - em, int(1.5 * em)):
            shade = int(rng.integers(0, 120))
            cv2.rectangle(picture, (x, y + em // 3), (x + em // 2, y + int(1.4 * em)), shade, -1)
    for x in range(int(0.8 * right + 0.2 * left), right, max(3, em // 5)):
        cv2.line(picture, (x, top), (x, horizon), 0, thick)


def _face(picture: GrayImage, middle: tuple[int, int], radius: int, thick: int) -> None:
    """A head whose shading is hatched, ring in ring, closer towards one side."""
    cv2.circle(picture, middle, radius, 255, -1)
    for i, r in enumerate(range(radius, 2, -3 * thick)):
        cv2.ellipse(picture, middle, (r, int(1.2 * r)), 0, 20 + 4 * i, 200, 0, thick)
    for dx in (-1, 1):
        eye = (middle[0] + dx * radius // 3, middle[1] - radius // 4)
        cv2.circle(picture, eye, max(2, radius // 8), 0, -1)


def _water(rng: np.random.Generator, picture: GrayImage, horizon: int, em: int, thick: int) -> None:
    """Level strokes of a few em, thicker and closer towards the front."""
    height, width = picture.shape
    y = float(horizon)
    while y < height:
        for _ in range(max(1, width // (4 * em))):
            x, length = int(rng.integers(0, width)), int(rng.integers(2 * em, 7 * em))
            cv2.line(picture, (x, int(y)), (min(width - 1, x + length), int(y)), 0, thick)
        y += max(2.0, em * (0.5 - 0.3 * (y - horizon) / max(1, height - horizon)))
