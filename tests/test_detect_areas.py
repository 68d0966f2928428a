"""Pictures and dark panels."""

import cv2
import numpy as np

from pipeline.detect.areas import find_panels, find_pictures
from pipeline.geometry import Box
from pipeline.model import GrayImage
from tests.prints import EM, PITCH, column, halftone, meets, sheet, text

AREA = Box(420, 120, 900, 480)


def areas(page: GrayImage, words: list[Box]) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
    """Panels and pictures of a page with these lines of text."""
    panels, dark = find_panels(page, EM, words)
    return panels, find_pictures(page, EM, panels, dark)


def printed() -> tuple[GrayImage, list[Box]]:
    """A column of text, and room beside it."""
    page = sheet()
    return page, column(page, 50, 60, 12, 18)


def test_text_alone_has_neither() -> None:
    """Not even large type."""
    page, words = printed()
    words.append(text(page, 420, 100, 6, 3 * EM))
    assert areas(page, words) == ((), ())


def test_a_photograph_is_a_picture() -> None:
    """Its greys are of any shade."""
    page, words = printed()
    halftone(page, AREA)
    panels, pictures = areas(page, words)
    assert panels == ()
    assert meets(pictures, [AREA])


def test_a_dark_area_with_text_is_a_panel() -> None:
    """White characters on an even ground."""
    page, words = printed()
    page[120:480, 420:900] = 40
    words += [text(page, 460, 150 + PITCH * i, 14, ink=245) for i in range(6)]
    panels, pictures = areas(page, words)
    assert meets(panels, [AREA])
    assert pictures == ()


def test_a_dark_area_without_text_is_a_picture() -> None:
    """A night scene."""
    page, words = printed()
    page[120:480, 420:900] = 40
    panels, pictures = areas(page, words)
    assert panels == ()
    assert meets(pictures, [AREA])


def test_dark_photographs_are_no_panels() -> None:
    """Their ground is not even, though words were found in them."""
    page, words = printed()
    halftone(page, AREA)
    area = page[120:480, 420:900]
    area[:] = area // 4 * 3
    words.append(Box(500, 200, 800, 226))
    assert areas(page, words)[0] == ()


def test_grey_paper_is_no_picture() -> None:
    """Its shade is that of the whole page."""
    page, words = printed()
    grey = np.asarray(cv2.subtract(page, np.full_like(page, 60)), dtype=np.uint8)
    assert areas(grey, words) == ((), ())


def test_small_grey_spots_are_no_pictures() -> None:
    """A stain of the size of a character."""
    page, words = printed()
    halftone(page, Box(500, 300, 500 + 2 * EM, 300 + 2 * EM))
    assert areas(page, words)[1] == ()
