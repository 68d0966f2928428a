"""Makes clean type look worn as that of a paper does, and finds out how worn that is.

A wear is what time, press and film do to print. That of a paper is not set by hand: many are drawn
at random, and for each of its own lines the one is kept with which set type looks most like it, by
its grey values and by how sharp and how grainy it is (approximate Bayesian computation: Beaumont,
Approximate Bayesian Computation in Evolution and Ecology, 2010).
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.synthetic.type_fonts import Ink
from newspage.model import GrayImage

FINE = 2
"""Pixels of set type for each of a worn line."""
ROUNDING = 0.025
"""Deviation in ems of the blur by which corners of type are rounded. Judgement: half a stroke."""
SIDE = 40
"""Width in pixels that a line is brought to before its looks are measured."""
GREYS = (2, 10, 25, 50, 75, 90, 98)
EDGES = (50, 75, 90, 98)
"""Percentiles of grey values, and of differences between neighbouring pixels."""
BANDS = (0.0, 0.8, 1.6, 3.2)
"""Deviations in pixels of the blurs between which the strength of a picture is measured."""


NEAR = (0.15, 0.08, 0.04)
"""How far from the best wears others are tried, one round after the other, as shares of the whole
range."""


@dataclass(frozen=True, slots=True)
class Wear:
    """What press, time and film do to print; lengths are in ems."""

    spread: float
    """How far ink runs beyond the type; below 0 strokes are thinner."""
    breaks: float
    """How much the inking varies within a stroke: from .3 on, thin ones break."""
    blur: float
    """Deviation of the blur of the camera."""
    ink: float
    """Grey of full ink, 0 to 255."""
    paper: float
    """Grey of the paper, 0 to 255."""
    fade: float
    """Share of the ink that is lost at the palest place."""
    grain: float
    """Deviation of the grain of the film, in greys."""
    grain_size: float
    """Deviation of the blur of the grain."""
    film: float
    """How hard the contrast of the film is: 0 as it is, 1 nearly black and white."""


@dataclass(frozen=True, slots=True)
class WornLook:
    """What makes set type look like a line of a paper."""

    wear: Wear
    column: int
    """Which set type it was tried on: thin type needs another wear than heavy type."""
    off: float
    """How far the looks are apart: the mean over all, in deviations between lines of the paper."""


LEAST = Wear(-0.02, 0.0, 0.0, 0.0, 170.0, 0.0, 0.0, 0.0, 0.0)
MOST = Wear(0.03, 0.3, 0.08, 120.0, 255.0, 0.4, 25.0, 0.05, 1.0)
"""Between these wears are drawn. Judgement: wider than that of any page that is still read."""


def draw_wear(random: np.random.Generator) -> Wear:
    """Draw a wear, any between the least and the most being as likely."""
    low, high = np.array(astuple(LEAST)), np.array(astuple(MOST))
    return Wear(*(low + (high - low) * random.random(len(low))).tolist())


def alter_wear(wear: Wear, by: float, random: np.random.Generator) -> Wear:
    """Return a wear near another one; `by` is the deviation, as a share of the whole range."""
    low, high = np.array(astuple(LEAST)), np.array(astuple(MOST))
    moved = np.array(astuple(wear)) + by * (high - low) * random.standard_normal(len(low))
    return Wear(*np.clip(moved, low, high).tolist())


def wear_type(ink: Ink, wear: Wear, em: float, random: np.random.Generator) -> GrayImage:
    """Return set type as the wear leaves it.

    Args:
        ink: The type, `FINE` times as large as the picture.
        wear: What was done to it.
        em: Size of its em in pixels of the picture.
        random: Of grain and unevenness.
    """
    fine = FINE * em
    # Ink that runs rounds corners and closes counters: a threshold on blurred type does both.
    softened = cv2.GaussianBlur(ink, (0, 0), max(0.3, ROUNDING * fine))
    rough = _smooth_noise(ink.shape, 0.05 * fine, random)
    # At an edge, blurred type falls by 1 / (sqrt(2 pi) deviation) an em.
    level = 0.5 - wear.spread / (ROUNDING * np.sqrt(2 * np.pi)) + 0.5 * wear.breaks * rough
    level = np.clip(level, 0.05, 0.95)
    printed = np.clip((softened - level) / 0.25 + 0.5, 0, 1)
    height, width = (max(1, side // FINE) for side in ink.shape)
    printed = cv2.resize(printed, (width, height), interpolation=cv2.INTER_AREA)
    fade = np.clip(0.5 + 0.35 * _smooth_noise(printed.shape, 1.5 * em, random), 0, 1)
    printed = printed * (1 - wear.fade * fade)
    if wear.blur * em > 0.2:
        printed = cv2.GaussianBlur(printed, (0, 0), wear.blur * em)
    grey = wear.paper - (wear.paper - wear.ink) * printed
    grey += wear.grain * _smooth_noise(printed.shape, wear.grain_size * em, random)
    if wear.film > 0:
        middle = (wear.paper + wear.ink) / 2
        reach = max(20.0, (wear.paper - wear.ink) / 2)
        hard = np.tanh(2.5 * (grey - middle) / reach) * reach + middle
        grey += wear.film * (hard - grey)
    return np.asarray(np.clip(np.rint(grey), 0, 255), np.uint8)


def measure_looks(line: GrayImage) -> NDArray[np.float64]:
    """Return how a line looks that goes down: its grey values, its sharpness, its grain."""
    scale = SIDE / line.shape[1]
    size = tuple(max(2, round(scale * side)) for side in reversed(line.shape))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    grey = np.asarray(cv2.resize(line, size, interpolation=way), np.float32)
    edges = np.concatenate([np.abs(np.diff(grey, axis=axis)).ravel() for axis in (0, 1)])
    blurred = [grey if s == 0 else cv2.GaussianBlur(grey, (0, 0), s) for s in BANDS]
    bands = [float(np.std(a - b)) for a, b in pairwise(blurred)]
    light = grey >= np.percentile(grey, 70)
    grain = float(np.std((blurred[0] - blurred[1])[light]))
    return np.array([*np.percentile(grey, GREYS), *np.percentile(edges, EDGES), *bands, grain])


def fit_wears(
    wanted: NDArray[np.float64],
    columns: Sequence[tuple[Ink, float]],
    random: np.random.Generator,
    draws: int = 1200,
) -> list[WornLook]:
    """Return for each line the wear with which set type looks most like it.

    Args:
        wanted: The looks of the paper's lines, a row each.
        columns: Set type without wear, and the size of its em in pixels of the picture.
        random: Of the wears that are tried.
        draws: How many are tried, the first half anywhere, the others near the best of those.

    """
    spread = np.maximum(wanted.std(axis=0), 1.0)
    tried: list[Wear] = []
    looks: list[NDArray[np.float64]] = []

    def try_wear(wear: Wear) -> None:
        """Wear set type so, and measure it."""
        ink, em = columns[len(tried) % len(columns)]
        tried.append(wear)
        looks.append(measure_looks(wear_type(ink, wear, em, random)))

    def rank_nearest() -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return the nearest wear of each line, and how far off it is."""
        off = np.abs(np.array(looks)[None] - wanted[:, None]) / spread
        mean = off.mean(axis=2)
        return mean.argmin(axis=1), mean.min(axis=1)

    for _ in range(draws // 2):
        try_wear(draw_wear(random))
    for share in NEAR:
        nearest, _ = rank_nearest()
        for _ in range(draws // (2 * len(NEAR))):
            try_wear(alter_wear(tried[random.choice(nearest)], share, random))
    nearest, off = rank_nearest()
    return [
        WornLook(tried[i], int(i) % len(columns), float(o))
        for i, o in zip(nearest, off, strict=True)
    ]


def _smooth_noise(
    shape: tuple[int, ...], deviation: float, random: np.random.Generator
) -> NDArray[np.float32]:
    """Return noise of deviation 1, blurred by so many pixels."""
    # Drawn coarse and enlarged: a blur as wide as an em takes long.
    step = max(1, int(deviation / 2))
    size = [side // step + 2 for side in shape]
    noise = random.standard_normal(size, dtype=np.float32)
    if deviation / step > 0.2:
        noise = cv2.GaussianBlur(noise, (0, 0), deviation / step)
    if step > 1:
        whole = (step * size[1], step * size[0])
        noise = cv2.resize(noise, whole, interpolation=cv2.INTER_CUBIC)
    noise = noise[: shape[0], : shape[1]]
    return np.asarray(noise / max(1e-6, float(noise.std())), np.float32)
