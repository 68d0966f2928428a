"""Scans of black and white alone get soft edges; others stay as they are."""

import numpy as np
import pytest

from newspage.config import EnhanceConfig
from newspage.enhance import enhance_page
from newspage.enhance.bilevel import is_bilevel, soften_bilevel
from tests.sheets import Sheet, draw, page_of, speckled

CONFIG = EnhanceConfig(deskew=False, dewarp=False)
BILEVEL = np.where(draw(Sheet()) > 128, 255, 0).astype(np.uint8)


def test_hard_edges_are_made_soft() -> None:
    """No place moves, paper stays white, and what was ink is still the darkest."""
    done = enhance_page(page_of(BILEVEL), CONFIG)
    pixels = done.image.pixels
    assert done.report.softened
    assert done.report.list_details()["bilevel"] == "softened"
    assert not is_bilevel(pixels)
    assert pixels[BILEVEL == 0].mean() < 90 < 220 < pixels[BILEVEL == 255].mean()
    assert (pixels == 255).mean() > 0.5
    point = np.array([[10.0, 20.0]])
    np.testing.assert_array_equal(done.image.to_scan(point), point)


def test_it_can_be_switched_off() -> None:
    """Then the very same pixels come back."""
    off = EnhanceConfig(deskew=False, dewarp=False, soften=False)
    done = enhance_page(page_of(BILEVEL), off)
    assert not done.report.softened
    np.testing.assert_array_equal(done.image.pixels, BILEVEL)


def test_greys_are_left_alone() -> None:
    """Grain is enough: a scanner that tells greys needs no help."""
    scan = speckled(np.clip(BILEVEL, 30, 225).astype(np.uint8), 3)
    assert not is_bilevel(scan)
    assert not enhance_page(page_of(scan), CONFIG).report.softened


@pytest.mark.parametrize("em", [12.0, 30.0, 60.0])
def test_softness_follows_the_size_of_the_type(em: float) -> None:
    """The larger the type, the wider the edge."""
    edge = np.zeros((8, 80), np.uint8)
    edge[:, 40:] = 255
    row = soften_bilevel(edge, em)[4]
    assert 2 <= ((row > 5) & (row < 250)).sum() <= 0.2 * em + 2
    assert (np.diff(row.astype(int)) >= 0).all()
