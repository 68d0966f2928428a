"""Makes scans upright, straight, even and of a readable size before anything is looked for.

    enhance_page(image, config, engine) -> EnhancedPage    .image: PageImage, .report: EnhanceReport
    split_fold(image, config) -> tuple[PageImage, ...]

A run calls `enhance_page` and then `split_fold` on the straightened image, which gives one image
back where there is no fold, else two, left to right. `report.list_details()` is what the page
record notes. Without an engine the page is taken to stand upright, or turned as the settings say.

Each part measures first and acts only where the measurement asks for it: an upright, flat, clean
scan of ordinary size comes back with the very same pixels. Whatever is done, `image.to_scan`
leads from the working image to the pixels of the scan.
"""

from dataclasses import replace

import cv2
import numpy as np

from newspage.config import EnhanceConfig
from newspage.engine import Engine
from newspage.enhance import borders, tone
from newspage.enhance.bilevel import is_bilevel, soften_bilevel
from newspage.enhance.enhance_report import EnhancedPage, EnhanceReport
from newspage.enhance.ink_maps import measure_levels
from newspage.enhance.orientation import Orientation, measure_orientation
from newspage.enhance.page_split import split_fold
from newspage.enhance.paper import make_small_copy, measure_paper, remove_print
from newspage.enhance.size import check_em, measure_em
from newspage.enhance.straighten import straighten_page
from newspage.geometry import make_quarter_turns, make_scaling
from newspage.model import PageImage

SMALL_LETTERS = 0.6
"""Height of small Latin letters in em, about: the em of a page of them is measured too small by
this factor."""

__all__ = ["EnhanceReport", "EnhancedPage", "enhance_page", "measure_em", "split_fold"]


def enhance_page(
    image: PageImage, config: EnhanceConfig, engine: Engine | None = None
) -> EnhancedPage:
    """Return the page as the later stages want it, with what was measured and done.

    A page without text is only turned, where the settings say so.

    Args:
        image: The scan as it was loaded.
        config: Says which parts are switched on, and their limits.
        engine: Reads a few glyphs to find which way up the page is, and finds lines where the print
            seems so small or so large that the page would be resized; None: neither is done.
    """
    em = measure_em(image.pixels)
    if engine is not None and _seems_unusual(em, config):
        em = check_em(image.pixels, em, engine)
    page = EnhancedPage(image, EnhanceReport(em=em))
    if em > 0:
        page = _reduced(page, em, config)
        page = _cleaned(page, em * page.report.scale, config)
        if config.soften and is_bilevel(image.pixels):
            page = _softened(page, em * page.report.scale)
    page = _upright(page, em * page.report.scale, config, engine)
    return straighten_page(page, em * page.report.scale, config) if em > 0 else page


def _seems_unusual(em: float, config: EnhanceConfig) -> bool:
    """Tell whether print of this size would be resized, or would be if it is of small letters."""
    return config.rescale and (0 < em < config.min_em or em > SMALL_LETTERS * config.max_em)


def _reduced(page: EnhancedPage, em: float, config: EnhanceConfig) -> EnhancedPage:
    """Return the page made smaller where its print is huge."""
    if not config.rescale or em <= config.max_em:
        return page
    factor = config.reduced_em / em
    image = page.image
    size = (round(image.width * factor), round(image.height * factor))
    pixels = cv2.resize(image.pixels, size, interpolation=cv2.INTER_AREA)
    back = make_scaling(image.width / size[0], image.height / size[1])
    smaller = PageImage(image.scan, pixels, image.to_scan.before(back))
    return EnhancedPage(smaller, replace(page.report, scale=factor))


def _cleaned(page: EnhancedPage, em: float, config: EnhanceConfig) -> EnhancedPage:
    """Return the page with its bed covered, its light evened out and its show-through removed."""
    pixels = page.image.pixels
    small = make_small_copy(pixels, em)
    closed = remove_print(small)
    bed = np.zeros(small.shape, bool)
    if config.borders:
        bed = borders.grow_bed(borders.find_scanner_bed(small, closed, measure_levels(pixels)))
    paper = measure_paper(pixels, closed, bed)
    if bed.any():
        pixels = borders.cover_bed(pixels, bed, paper.background)
    ghost = tone.measure_show_through(pixels, em, paper) if config.show_through else 0.0
    change = tone.choose_tone(paper, ghost, config.min_unevenness if config.light else None)
    if change.needed:
        pixels = tone.apply_tone(pixels, em, paper, change)
    report = replace(
        page.report,
        bed=float(bed.mean()),
        unevenness=paper.unevenness,
        levelled=change.level,
        show_through=ghost,
        gain=change.gain,
    )
    return EnhancedPage(replace(page.image, pixels=pixels), report)


def _softened(page: EnhancedPage, em: float) -> EnhancedPage:
    """Return the page with soft edges where black and white have no greys between them."""
    pixels = soften_bilevel(page.image.pixels, em)
    return EnhancedPage(replace(page.image, pixels=pixels), replace(page.report, softened=True))


def _upright(
    page: EnhancedPage, em: float, config: EnhanceConfig, engine: Engine | None
) -> EnhancedPage:
    """Return the page turned by whole quarters, which changes no pixel."""
    image, found = page.image, Orientation()
    if config.turn != "auto":
        found = Orientation(int(config.turn) // 90)
    elif engine is not None and em > 0:
        found = measure_orientation(image.pixels, em, engine)
    report = replace(page.report, turned=90 * found.quarters, glyphs_read=found.scores)
    if not found.quarters:
        return EnhancedPage(image, report)
    pixels = np.ascontiguousarray(np.rot90(image.pixels, -found.quarters))
    back = make_quarter_turns(-found.quarters, pixels.shape[1], pixels.shape[0])
    return EnhancedPage(PageImage(image.scan, pixels, image.to_scan.before(back)), report)
