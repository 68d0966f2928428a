"""What lies beside the sheet is covered; what is printed on it never is."""

import cv2
import numpy as np
import pytest

from newspage.config import EnhanceConfig
from newspage.enhance import enhance_page
from newspage.geometry import make_rotation
from newspage.model import GrayImage
from tests.sheets import Sheet, draw, page_of, seen_through, speckled

SHEET = draw(Sheet())
HEIGHT, WIDTH = SHEET.shape
AROUND = (90, 60, 120, 40)
"""Width of the bed above, below, left and right."""


def on_bed(sheet: GrayImage, level: int, grain: float = 5.0) -> GrayImage:
    """The sheet on a scanner bed of that level."""
    top, bottom, left, right = AROUND
    bed = np.full((sheet.shape[0] + top + bottom, sheet.shape[1] + left + right), level, np.uint8)
    bed = speckled(bed, grain)
    bed[top : top + sheet.shape[0], left : left + sheet.shape[1]] = sheet
    return bed


@pytest.mark.parametrize("level", [8, 90, 160])
@pytest.mark.parametrize("paper", [255, 215])
def test_a_bed_around_the_sheet_becomes_paper(level: int, paper: int) -> None:
    """Black or grey, around white paper or toned: no dark pixel is left of the bed."""
    scan = on_bed(np.minimum(SHEET, paper), level)
    done = enhance_page(page_of(scan), EnhanceConfig(deskew=False, dewarp=False))
    assert 0.1 < done.report.bed < 0.4
    result = done.image.pixels
    left, right = AROUND[2], AROUND[2] + WIDTH
    assert result[:, : left - 6].min() > paper - 30
    assert result[:, right + 6 :].min() > paper - 30
    np.testing.assert_array_equal(
        result[150:-120, left + 40 : right - 40], scan[150:-120, left + 40 : right - 40]
    )


def test_the_corners_of_a_sheet_that_lay_askew_are_covered() -> None:
    """Black wedges in the corners are bed too."""
    scan = seen_through(SHEET, make_rotation(3, (WIDTH / 2, HEIGHT / 2)), paper=6)
    done = enhance_page(page_of(scan), EnhanceConfig())
    assert done.report.bed > 0.01
    assert done.report.skew == pytest.approx(3, abs=0.08)
    edges = np.concatenate((done.image.pixels[:10].ravel(), done.image.pixels[:, :10].ravel()))
    assert np.percentile(edges, 1) > 150


def test_a_dark_band_at_one_side_is_covered() -> None:
    """The frame of a film often shows at one side only."""
    scan = SHEET.copy()
    scan[-25:] = 20
    done = enhance_page(page_of(scan), EnhanceConfig())
    assert done.image.pixels[-20:].min() > 225


def photo(height: int, width: int) -> GrayImage:
    """Light and dark, with grain."""
    y, x = np.mgrid[0:height, 0:width]
    waves = 120 + 70 * np.sin(x / 37) * np.cos(y / 23)
    return speckled(waves.astype(np.uint8), 12)


def test_a_photo_at_the_edge_stays() -> None:
    """Printed to the very edge of the scan, but not even as a bed is."""
    scan = SHEET.copy()
    scan[:500, :400] = photo(500, 400)
    assert enhance_page(page_of(scan), EnhanceConfig()).report.bed == 0


def test_a_black_panel_at_the_edge_stays() -> None:
    """White text stands in it, which a bed has not."""
    scan = SHEET.copy()
    panel = np.full((420, 600), 15, np.uint8)
    text = draw(Sheet(em=48, columns=1, column_em=9, rows=4))[:380, :560]
    panel[20:400, 20:580] = cv2.bitwise_not(text)[:380, :560]
    scan[-420:, :600] = panel
    assert enhance_page(page_of(scan), EnhanceConfig()).report.bed == 0


def test_a_shadow_at_the_spine_is_no_bed() -> None:
    """Paper that darkens slowly towards the side is lit, not masked."""
    falloff = 1 - 0.6 * np.exp(-np.arange(WIDTH) / 120)
    scan = (SHEET * falloff).astype(np.uint8)
    done = enhance_page(page_of(scan), EnhanceConfig())
    assert done.report.bed == 0
    assert done.report.levelled
