"""The size of body text is measured from the glyphs, whatever the page says of itself."""

import cv2
import numpy as np
import pytest

from newspage.enhance.size import measure_em
from tests.sheets import Sheet, draw, speckled


@pytest.mark.parametrize("em", [12, 16, 24, 40, 80])
@pytest.mark.parametrize("vertical", [False, True])
def test_the_em_is_found_in_both_directions(em: int, vertical: bool) -> None:
    """Within an eighth, for print from small to huge."""
    page = draw(Sheet(em=em, rows=14, columns=2, vertical=vertical))
    assert measure_em(page) == pytest.approx(em, rel=0.125)


@pytest.mark.parametrize("em", [8, 9, 10])
def test_the_em_of_tiny_print_is_found(em: int) -> None:
    """Blurred by scanning at a low resolution, glyphs of 9 pixels are still told apart."""
    page = cv2.resize(draw(Sheet()), None, fx=em / 24, fy=em / 24, interpolation=cv2.INTER_AREA)
    assert measure_em(page) == pytest.approx(em, rel=0.2)


def test_headlines_and_pictures_do_not_count() -> None:
    """The commonest size wins; a dark picture full of grain adds no glyphs."""
    body = draw(Sheet())
    headline = draw(Sheet(em=72, columns=1, column_em=8, rows=1))
    page = np.full((body.shape[0] + 1000, max(body.shape[1], headline.shape[1])), 255, np.uint8)
    page[: body.shape[0], : body.shape[1]] = body
    page[body.shape[0] : body.shape[0] + headline.shape[0], : headline.shape[1]] = headline
    page[-300:, :] = speckled(np.full((300, page.shape[1]), 60, np.uint8), 30)
    assert measure_em(page) == pytest.approx(24, rel=0.125)


def test_grain_and_fading_do_not_count() -> None:
    """A faded, grainy scan has the same em as a clean one."""
    faded = (190 - (255 - draw(Sheet()).astype(np.float64)) * 0.4).astype(np.uint8)
    assert measure_em(speckled(faded, 6)) == pytest.approx(24, rel=0.125)


def test_no_text_has_no_size() -> None:
    """Blank paper, and paper with a handful of glyphs, tell nothing."""
    assert measure_em(np.full((500, 500), 230, np.uint8)) == 0
    assert measure_em(draw(Sheet(rows=1, columns=1, column_em=10))) == 0
