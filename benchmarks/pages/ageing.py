"""Makes a clean page look like a scan of an old one.

Everything is drawn from a seed. The geometry is one smooth map, so that the truth's boxes can be
moved along with the pixels.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.pages.chance import chance
from benchmarks.pages.truth import Truth
from newspage.geometry import Points
from newspage.model import GrayImage

Field = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Wear:
    """What time and the scanner do to a page; every default leaves it as it is."""

    skew: float = 0.0
    """Degrees, clockwise."""
    warp: float = 0.0
    """Largest displacement of the smooth warp, in pixels."""
    fade: float = 0.0
    """0 ink stays black, 1 it is gone."""
    light: float = 0.0
    """Unevenness of the light: share of the brightness lost at the darkest place."""
    noise: float = 0.0
    """Standard deviation of the grain, in gray levels."""
    blur: float = 0.0
    """Standard deviation in pixels."""
    bleed: float = 0.0
    """Strength of the page behind, 0 to 1."""
    speckles: float = 0.0
    """Specks per million pixels."""
    border: float = 0.0
    """Width of the scanner's black border, as a share of the page's width."""
    fold: float = 0.0
    """Darkness of a fold across the page."""
    turn: int = 0
    """Quarter turns, clockwise."""
    film: bool = False
    """Hard contrast, as from microfilm."""
    paper: float = 232.0
    """Gray level of the paper."""
    quality: int = 88
    """Of the JPEG file."""


@dataclass(frozen=True, slots=True, eq=False)
class Aged:
    """An aged page, and where each of the clean page's points went."""

    pixels: GrayImage
    wear: Wear
    matrix: NDArray[np.float64]
    """2 x 3, from the clean page to the canvas of the aged one, the warp left out."""
    shift: tuple[Field, Field]
    """Displacement by the warp, in pixels of the clean page, at each pixel of the aged one."""

    def moved(self, points: Points) -> Points:
        """Points of the clean page on the aged one, by fixed-point iteration."""
        linear, offset = self.matrix[:, :2], self.matrix[:, 2]
        height, width = self.shift[0].shape
        found = points @ linear.T + offset
        for _ in range(4):
            x = np.clip(found[:, 0].round().astype(np.intp), 0, width - 1)
            y = np.clip(found[:, 1].round().astype(np.intp), 0, height - 1)
            back = points - np.stack([self.shift[0][y, x], self.shift[1][y, x]], axis=1)
            found = back @ linear.T + offset
        return _turned(found, self.wear.turn, width, height)


def draw_wear(seed: int, strength: float = 1.0) -> Wear:
    """Wear drawn at random; strength 0 is none, 1 what an ordinary archive has, 2 is bad."""
    rng = np.random.default_rng(seed + 7919)

    def some(share: float) -> float:
        return strength if chance(rng, share) else 0.0

    return Wear(
        skew=float(np.clip(rng.normal(0, 0.7 * strength), -3, 3)),
        warp=float(rng.uniform(0, 7)) * some(0.7),
        fade=float(min(0.6, rng.uniform(0.05, 0.3) * strength)),
        light=float(min(0.5, rng.uniform(0, 0.22) * strength)),
        noise=float(rng.uniform(2, 9) * strength),
        blur=float(rng.uniform(0.2, 0.75) * strength),
        bleed=float(rng.uniform(0.04, 0.16)) * some(0.6),
        speckles=float(rng.uniform(5, 60) * strength),
        border=float(rng.uniform(0.01, 0.05)) * float(chance(rng, 0.25)),
        fold=float(rng.uniform(0.05, 0.2)) * some(0.25),
        film=chance(rng, 0.12),
        paper=float(rng.uniform(205, 242)),
        quality=int(rng.integers(70, 93)),
    )


def age(clean: GrayImage, wear: Wear, seed: int, behind: GrayImage | None = None) -> Aged:
    """The page as a scanner would see it. `behind` is the back page, the page itself if None."""
    rng = np.random.default_rng(seed)
    ink = 1.0 - clean.astype(np.float32) / 255.0
    ink *= 1.0 - wear.fade * (0.7 + 0.3 * _smooth(rng, clean.shape, 260))
    matrix, size = _placement(wear, clean.shape)
    shift = _displacement(rng, wear, size)
    ink = _moved(ink, matrix, shift, size, 0.0)
    page = _moved(np.ones(clean.shape, np.float32), matrix, shift, size, 0.0)
    if wear.bleed:
        ink = np.maximum(ink, _bled(wear, clean if behind is None else behind, size))
    if wear.blur:
        ink = cv2.GaussianBlur(ink, (0, 0), wear.blur)
    gray = wear.paper * (1.0 - 0.93 * ink) * _light(rng, wear, size)
    gray = gray * page + (1.0 - page) * (12.0 if wear.border else wear.paper)
    gray = _dirt(rng, wear, gray)
    if wear.film:
        gray = _film(gray, wear)
    pixels = np.rot90(np.clip(gray, 0, 255).astype(np.uint8), -wear.turn)
    return Aged(np.ascontiguousarray(pixels), wear, matrix, shift)


def aged_truth(truth: Truth, aged: Aged) -> Truth:
    """The truth with its boxes moved to where the aged page has them."""
    height, width = aged.pixels.shape
    lines = [dict(line) for line in truth["lines"]]
    for line in lines:
        line["box"] = _moved_box(line["box"], aged)
        line.pop("places", None)
    pictures = [_moved_box(box, aged) for box in truth["pictures"]]
    return {**truth, "size": [width, height], "lines": lines, "pictures": pictures}


def _moved_box(box: list[int], aged: Aged) -> list[int]:
    left, top, right, bottom = box
    corners = np.array(
        [(left, top), (right, top), (right, bottom), (left, bottom)], dtype=np.float64
    )
    found = aged.moved(corners)
    return [round(float(v)) for v in (*found.min(axis=0), *found.max(axis=0))]


def _turned(points: Points, turn: int, width: int, height: int) -> Points:
    """Points of an image of the given size after quarter turns clockwise."""
    for _ in range(turn % 4):
        points = np.stack([height - points[:, 1], points[:, 0]], axis=1)
        width, height = height, width
    return np.asarray(points, dtype=np.float64)


def _smooth(rng: np.random.Generator, shape: tuple[int, ...], cell: int) -> NDArray[np.float32]:
    """Smooth noise between 0 and 1 with features of about `cell` pixels."""
    height, width = shape[:2]
    knots = rng.random((max(2, height // cell + 2), max(2, width // cell + 2))).astype(np.float32)
    smooth = cv2.resize(knots, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(smooth, 0, 1), dtype=np.float32)


def _placement(wear: Wear, shape: tuple[int, ...]) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """Rotation about the middle and room for the border; the matrix and the canvas's size."""
    height, width = shape[:2]
    margin = round(wear.border * width)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -wear.skew, 1.0)
    matrix[:, 2] += margin
    return np.asarray(matrix, dtype=np.float64), (height + 2 * margin, width + 2 * margin)


def _displacement(
    rng: np.random.Generator, wear: Wear, size: tuple[int, int]
) -> tuple[Field, Field]:
    cell = max(size) // 4
    dx, dy = ((_smooth(rng, size, cell) - 0.5) * 2 * wear.warp for _ in range(2))
    return dx, dy


def _moved(
    image: NDArray[np.float32],
    matrix: NDArray[np.float64],
    shift: tuple[Field, Field],
    size: tuple[int, int],
    outside: float,
) -> NDArray[np.float32]:
    """The image under rotation and warp, on a canvas of the given size."""
    inverse = cv2.invertAffineTransform(matrix).astype(np.float32)
    y, x = np.mgrid[0 : size[0], 0 : size[1]].astype(np.float32)
    map_x = inverse[0, 0] * x + inverse[0, 1] * y + inverse[0, 2] + shift[0]
    map_y = inverse[1, 0] * x + inverse[1, 1] * y + inverse[1, 2] + shift[1]
    moved = cv2.remap(
        image,
        map_x,
        map_y,
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=outside,
    )
    return np.asarray(moved, dtype=np.float32)


def _bled(wear: Wear, behind: GrayImage, size: tuple[int, int]) -> NDArray[np.float32]:
    """The mirrored ink of the page behind, soft and weak."""
    back = cv2.resize(behind, (size[1], size[0]), interpolation=cv2.INTER_AREA)[:, ::-1]
    ink = 1.0 - back.astype(np.float32) / 255.0
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), 2.5) * wear.bleed, dtype=np.float32)


def _light(rng: np.random.Generator, wear: Wear, size: tuple[int, int]) -> NDArray[np.float32]:
    """Brightness of each pixel: smooth light, a shadow at the binding, a fold."""
    height, width = size
    light = 1.0 - wear.light * _smooth(rng, size, max(size) // 3)
    x = np.arange(width, dtype=np.float32)
    light *= 1.0 - wear.light * np.exp(-x / (0.04 * width))[None, :]
    if wear.fold:
        at, spread = rng.uniform(0.35, 0.65), 0.006
        across = rng.random() < 0.5
        n = np.arange(height if across else width, dtype=np.float32) / (height if across else width)
        dark = 1.0 - wear.fold * np.exp(-(((n - at) / spread) ** 2))
        light *= dark[:, None] if across else dark[None, :]
    return light.astype(np.float32)


def _dirt(rng: np.random.Generator, wear: Wear, gray: NDArray[np.float32]) -> NDArray[np.float32]:
    """Grain, and dark and light specks."""
    height, width = gray.shape
    if wear.noise:
        grain = rng.standard_normal((height, width), dtype=np.float32)
        gray = gray + wear.noise * 1.6 * cv2.GaussianBlur(grain, (0, 0), 0.7)
    for _ in range(int(wear.speckles * height * width / 1e6)):
        spot = (int(rng.integers(width)), int(rng.integers(height)))
        tone = float(rng.choice([40.0, 120.0, wear.paper]))
        axes = (int(rng.integers(1, 4)), int(rng.integers(1, 3)))
        cv2.ellipse(gray, spot, axes, float(rng.uniform(0, 180)), 0, 360, tone, -1)
    return gray


def _film(gray: NDArray[np.float32], wear: Wear) -> NDArray[np.float32]:
    """Nearly black and white, as microfilm copies are."""
    middle = wear.paper * (0.62 + 0.25 * wear.fade)
    return np.asarray(255.0 / (1.0 + np.exp(-(gray - middle) / 9.0)), dtype=np.float32)


def gentle(wear: Wear) -> Wear:
    """The same wear without what moves pixels."""
    return replace(wear, skew=0.0, warp=0.0, border=0.0)
