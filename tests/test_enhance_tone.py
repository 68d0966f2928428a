"""Light is evened out and show-through taken away, and print is never touched by either."""

import cv2
import numpy as np
import pytest

from newspage.config import EnhanceConfig
from newspage.enhance import EnhanceReport, enhance_page
from newspage.model import GrayImage
from tests.sheets import INK, Sheet, draw, page_of, speckled

CONFIG = EnhanceConfig(deskew=False, dewarp=False)
SHEET = draw(Sheet())
HEIGHT, WIDTH = SHEET.shape


def enhanced(pixels: GrayImage, config: EnhanceConfig = CONFIG) -> tuple[GrayImage, EnhanceReport]:
    """Pixels and report of the working image."""
    done = enhance_page(page_of(pixels), config)
    return done.image.pixels, done.report


def with_reverse(sheet: GrayImage, darkness: float, blur: float) -> GrayImage:
    """The page with the mirrored print of another shining through, on the gaps between lines."""
    other = draw(Sheet(em=60, columns=1, column_em=18, rows=11, seed=9))
    back = np.full_like(sheet, 255)
    h, w = (min(a, b) for a, b in zip(sheet.shape, other.shape, strict=True))
    back[:h, :w] = other[:h, :w][:, ::-1]
    ghost = (255 - cv2.GaussianBlur(back, (0, 0), blur).astype(np.float64)) * darkness
    return speckled(np.clip(sheet * (235 / 255) - ghost, 0, 255).astype(np.uint8), 3)


def sparse() -> GrayImage:
    """A page with wide blank areas where the reverse can show."""
    page = SHEET.copy()
    page[HEIGHT // 3 : HEIGHT * 2 // 3] = 255
    page[:, WIDTH // 2 : WIDTH * 3 // 4] = 255
    return page


def test_uneven_light_is_evened_out() -> None:
    """A shadow over a third of the page goes; its print stays as dark as the rest."""
    falloff = 1 - 0.35 * np.exp(-((np.arange(WIDTH) - WIDTH) ** 2) / (2 * 250.0**2))
    scan = (SHEET * falloff).astype(np.uint8)
    result, report = enhanced(scan)
    assert report.levelled
    assert report.unevenness > CONFIG.min_unevenness
    paper = cv2.dilate(result, np.ones((25, 25), np.uint8))[40:-40, 40:-40]
    assert np.ptp(np.percentile(paper, (2, 98))) < 12
    ink = [result[:, s].min() for s in (slice(100, 300), slice(WIDTH - 300, WIDTH - 100))]
    assert abs(int(ink[0]) - int(ink[1])) < 25


def test_even_light_is_left_alone() -> None:
    """Toned paper is no uneven light."""
    scan = speckled(np.minimum(SHEET, 214), 4)
    result, report = enhanced(scan)
    assert not report.levelled
    np.testing.assert_array_equal(result, scan)


@pytest.mark.parametrize("darkness", [0.15, 0.2])
def test_show_through_is_taken_away(darkness: float) -> None:
    """Faint and blurred: it is the reverse's. The print of this side gets no thinner."""
    scan = with_reverse(sparse(), darkness, 3.0)
    result, report = enhanced(scan)
    assert report.show_through > 0
    blank = (slice(HEIGHT // 3 + 80, HEIGHT * 2 // 3 - 80), slice(60, WIDTH // 2 - 60))
    smooth = [cv2.GaussianBlur(p[blank], (0, 0), 2.0).astype(np.float64) for p in (scan, result)]
    before, after = (float(np.ptp(np.percentile(s, (2, 98)))) for s in smooth)
    assert after < 0.5 * before
    printed = (slice(100, HEIGHT // 3 - 60), slice(80, WIDTH // 2 - 60))
    dark = [(p[printed] < 120).mean() for p in (scan, result)]
    assert dark[1] >= 0.97 * dark[0]


def test_faint_print_as_sharp_as_the_rest_stays() -> None:
    """A line printed with little ink is no show-through."""
    page = sparse()
    faint = 255 - (255 - SHEET[HEIGHT // 3 : HEIGHT // 2].astype(np.float64)) * 0.2
    page[HEIGHT // 3 : HEIGHT // 2] = faint.astype(np.uint8)
    _, report = enhanced(page)
    assert report.show_through == 0


def test_a_clean_page_shows_nothing_through() -> None:
    """Soft edges of true strokes are not taken for ghosts."""
    _, report = enhanced(speckled(cv2.GaussianBlur(SHEET, (0, 0), 1.0), 3))
    assert report.show_through == 0


def test_faded_print_is_strengthened() -> None:
    """Print of half its contrast comes out darker, paper stays paper."""
    scan = (220 - (255 - SHEET.astype(np.float64)) * 0.3).astype(np.uint8)
    result, report = enhanced(scan)
    assert report.gain > 1
    assert np.percentile(result, 1) < np.percentile(scan, 1) - 40
    assert np.median(result) > 225


def test_what_was_not_measured_is_not_changed() -> None:
    """With light and show-through switched off nothing touches the levels."""
    scan = with_reverse(sparse(), 0.2, 3.0)
    off = EnhanceConfig(deskew=False, dewarp=False, light=False, show_through=False)
    result, _ = enhanced(scan, off)
    np.testing.assert_array_equal(result, scan)
    assert int(scan.min()) <= INK
