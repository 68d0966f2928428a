"""Pictures and dark panels."""

import cv2
import numpy as np

from newspage.detect.areas import (
    add_predicted_pictures,
    find_drawings,
    find_panels,
    find_pictures,
    find_pictures_among_lines,
)
from newspage.detect.ink_masks import make_ink_mask
from newspage.geometry import Box, union_boxes
from newspage.model import GrayImage
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


def strokes(page: GrayImage, area: Box, ink: int = 30) -> None:
    """A drawing in line: hills, a sun and a road, on the paper itself."""
    left, top, right, bottom = (int(v) for v in (area.left, area.top, area.right, area.bottom))
    middle = ((left + right) // 2, (top + bottom) // 2)
    cv2.ellipse(
        page, (middle[0], bottom), (middle[0] - left - 4, bottom - top - 4), 0, 180, 360, ink, 3
    )
    cv2.line(page, (left, bottom - 3), (right - 3, top + 3), ink, 4)
    cv2.line(page, (left + 3, top), (right - 3, bottom - 3), ink, 4)
    cv2.circle(page, middle, (bottom - top) // 5, ink, 6)


def seen(page: GrayImage, words: list[Box], *sighted: Box) -> tuple[Box, ...]:
    """The pictures of a page on which a layout model saw some."""
    return add_predicted_pictures((), sighted, make_ink_mask(page, EM), words, (), EM)


def test_a_drawing_counts_where_a_model_saw_it() -> None:
    """It is no grey area; the ink in it bears the model out."""
    page, words = printed()
    strokes(page, AREA)
    assert areas(page, words) == ((), ())
    assert seen(page, words, AREA) == (AREA,)


def test_a_model_makes_no_picture_of_text_or_paper() -> None:
    """Whatever it takes for one: text, the middle of it, white paper, a single stroke, a speck."""
    page, words = printed()
    cv2.line(page, (500, 300), (880, 300), 30, 3)
    lies = [union_boxes(words), *words, Box(150, 150, 320, 320), Box(420, 500, 900, 700), AREA]
    assert seen(page, words, *lies, Box(498, 290, 540, 310)) == ()


def test_pieces_of_a_picture_give_way_to_the_whole() -> None:
    """And what is found as well as seen keeps the edges of its pixels."""
    page, words = printed()
    strokes(page, AREA)
    piece = Box(430, 130, 600, 300)
    ink = make_ink_mask(page, EM)
    assert add_predicted_pictures((piece,), (AREA,), ink, words, (), EM) == (AREA,)
    found = AREA.grown(4)
    assert add_predicted_pictures((found,), (AREA,), ink, words, (), EM) == (found,)


def test_without_greys_a_drawing_is_told_by_its_ink() -> None:
    """On pure white paper; where there are greys, ink outside the lines may be text not found."""
    page, words = printed()
    strokes(page, AREA)
    white = np.where(page > 128, 255, 0).astype(np.uint8)
    for pixels, count in ((white, 1), (page, 0)):
        found = find_drawings(pixels, make_ink_mask(pixels, EM), words, (), EM)
        assert len(found) == count
        assert all(AREA.grown(EM).contains(f) for f in found)
    assert find_drawings(white, make_ink_mask(white, EM), [*words, AREA], (), EM) == ()


def test_a_huge_stretch_of_text_is_a_picture() -> None:
    """The finder takes the dots of a photo for print; a headline is never as high as wide."""
    page, words = printed()
    strokes(page, AREA)
    ink = make_ink_mask(page, EM)
    assert find_pictures_among_lines([*words, AREA], ink, EM) == (AREA,)
    assert find_pictures_among_lines([*words, Box(420, 120, 900, 240)], ink, EM) == ()
