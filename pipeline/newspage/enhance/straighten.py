"""Measures skew, bend and size on a small ink map, and undoes them in one resampling."""

import math
from dataclasses import dataclass, replace

import numpy as np

from newspage.config import EnhanceConfig
from newspage.enhance.dewarp import PageBend, measure_bend
from newspage.enhance.enhance_report import EnhancedPage
from newspage.enhance.ink_maps import Ink, make_ink_map, measure_levels
from newspage.enhance.resample import resample_image
from newspage.enhance.skew import measure_skew
from newspage.geometry import Transform, make_rotation, make_scaling, make_shift
from newspage.model import PageImage

_MAP_EM = 8.0
"""Pixels an em of the ink map on which skew and bend are measured. Judgement: strokes still
show."""
_RESAMPLED_ANYWAY = 0.4
"""Share of the bearable bend that is worth undoing when the page is resampled in any case.
Judgement: the loss by resampling is then paid already."""
_SKEW_ROUNDS = 3
"""Number of times that the skew is measured at most. Judgement: it settles."""
_SKEW_REST = 0.03
"""Degrees of skew that are left alone once the page is turned. Judgement: half of the least skew
that is straightened by default."""
_LEAST_ENLARGEMENT = 1.2
"""Factor below which a page is not enlarged. Judgement: it would lose more by resampling."""


@dataclass(frozen=True, slots=True)
class _Canvas:
    """An upright image that holds a page that lay askew, and the transform back to the page."""

    to_page: Transform
    width: float
    height: float


def straighten_page(page: EnhancedPage, em: float, config: EnhanceConfig) -> EnhancedPage:
    """Return the page deskewed, made flat and enlarged, as far as its measurements ask for it.

    `em` is the size of the body type in pixels of the page.
    """
    image = page.image
    ink, factor = make_ink_map(image.pixels, em, _MAP_EM)
    skew = _skew(ink, em * factor, config) if config.deskew else 0.0
    enlarge = _enlargement(image, em, config)
    canvas = _canvas(image, skew)
    bend = PageBend()
    if config.dewarp:
        least = config.min_bend * (_RESAMPLED_ANYWAY if skew or enlarge > 1 else 1.0)
        bend = measure_bend(_on(canvas, ink, factor), em * factor, least)
    report = replace(
        page.report,
        skew=skew,
        bend=bend.amplitude,
        flattened=bool(bend.warps),
        scale=page.report.scale * enlarge,
    )
    if not skew and not bend.warps and enlarge == 1:
        return EnhancedPage(image, report)
    return EnhancedPage(_resampled(image, canvas, bend.scale_bend(1 / factor), enlarge), report)


def _skew(ink: Ink, em: float, config: EnhanceConfig) -> float:
    """Measure the skew, and again on the straightened map, until nothing is left to straighten."""
    skew = measure_skew(ink, em, config.max_skew)
    if abs(skew) < config.min_skew:
        return 0.0
    height, width = ink.shape
    for _ in range(_SKEW_ROUNDS):
        straight = resample_image(
            ink, make_rotation(skew, (width / 2, height / 2)), (width, height), paper=0
        )
        rest = measure_skew(straight, em, 1.0)
        skew += rest
        if abs(rest) < _SKEW_REST:
            break
    return skew


def _enlargement(image: PageImage, em: float, config: EnhanceConfig) -> float:
    """Return the factor by which tiny print is enlarged, within the limit of the page's pixels."""
    if not config.rescale or em >= config.min_em:
        return 1.0
    most = math.sqrt(config.max_megapixels * 1e6 / image.pixels.size)
    factor = min(config.enlarged_em / em, most)
    return factor if factor >= _LEAST_ENLARGEMENT else 1.0


def _canvas(image: PageImage, skew: float) -> _Canvas:
    """Return the upright image that holds a page turned clockwise by `skew` degrees."""
    width, height = image.width, image.height
    c, s = abs(math.cos(math.radians(skew))), abs(math.sin(math.radians(skew)))
    wide, high = width * c + height * s, width * s + height * c
    to_page = (
        make_shift(-wide / 2, -high / 2),
        make_rotation(skew),
        make_shift(width / 2, height / 2),
    )
    return _Canvas(Transform(to_page) if skew else Transform(), wide, high)


def _on(canvas: _Canvas, ink: Ink, factor: float) -> Ink:
    """Return an ink map as it looks on the canvas; `factor` is its size relative to the page."""
    if not canvas.to_page.steps:
        return ink
    way = Transform((make_scaling(1 / factor), *canvas.to_page.steps, make_scaling(factor)))
    size = (math.ceil(canvas.width * factor), math.ceil(canvas.height * factor))
    return resample_image(ink, way, size, paper=0)


def _resampled(image: PageImage, canvas: _Canvas, flat: Transform, enlarge: float) -> PageImage:
    """Return the image on its canvas, made flat and enlarged, in one resampling."""
    margin = math.ceil(_reach(flat, canvas))
    steps = (make_shift(-margin, -margin), *flat.steps, *canvas.to_page.steps)
    way = Transform((make_scaling(1 / enlarge), *steps) if enlarge > 1 else steps)
    wide, high = canvas.width + 2 * margin, canvas.height + 2 * margin
    size = (math.ceil(wide * enlarge), math.ceil(high * enlarge))
    paper = round(measure_levels(image.pixels).paper)
    pixels = resample_image(image.pixels, way, size, paper)
    return PageImage(image.scan, pixels, Transform((*way.steps, *image.to_scan.steps)))


def _reach(flat: Transform, canvas: _Canvas) -> float:
    """Return the farthest that any point of the page's edge is moved by being made flat."""
    if not flat.steps:
        return 0.0
    t = np.linspace(0, 1, 64)
    x, y = t * canvas.width, t * canvas.height
    zeros, ones = np.zeros_like(t), np.ones_like(t)
    edge = np.concatenate(
        [
            np.column_stack(side)
            for side in (
                (x, zeros),
                (x, canvas.height * ones),
                (zeros, y),
                (canvas.width * ones, y),
            )
        ]
    )
    return float(np.abs(flat(edge) - edge).max())
