"""The size of body text is measured from the glyphs, whatever the page says of itself."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from newspage.config import EnhanceConfig
from newspage.engine import FoundLine
from newspage.enhance import enhance_page
from newspage.enhance.size import check_em, measure_em
from newspage.model import GrayImage
from tests.sheets import Sheet, draw, page_of, speckled
from tests.toy_engine import ToyEngine


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


class Finder(ToyEngine):
    """Finds lines by their ink, a fifth thicker than it, as networks do; remembers what it saw."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[GrayImage] = []

    def find_lines(self, image: GrayImage) -> list[FoundLine]:
        """Rows of ink of which no two stand closer than a character is wide."""
        self.seen.append(image)
        ink = (image < 160).astype(np.uint8)
        joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, 25), np.uint8))
        stats = cv2.connectedComponentsWithStats(joined)[2]
        lines = []
        for x, y, w, h, _ in stats[1:].tolist():
            if h > 4:
                a, b = y - 0.1 * h, y + 1.1 * h
                lines.append(FoundLine(((x, a), (x + w, a), (x + w, b), (x, b)), 0.9))
        return lines


def small_letters(em: int) -> GrayImage:
    """Print of which most letters are small: half an em high, with a tall one now and then."""
    page = np.full((60 * em, 60 * em), 255, np.uint8)
    rng = np.random.default_rng(5)
    for top in range(3 * em, 57 * em, round(1.4 * em)):
        for left in range(3 * em, 55 * em, round(0.55 * em)):
            height = em if rng.random() < 0.3 else round(0.5 * em)
            right = left + round(0.45 * em)
            cv2.rectangle(page, (left, top + em - height), (right, top + em), 30, max(1, em // 12))
    return page


def test_lines_overrule_glyphs_that_are_half_an_em_high() -> None:
    """Latin print is not taken for one of half its size, nor blown up to twice what it needs."""
    page = small_letters(22)
    assert measure_em(page) < 14
    assert check_em(page, measure_em(page), Finder()) == pytest.approx(22, rel=0.15)
    enhanced = enhance_page(page_of(page), EnhanceConfig(), Finder())
    assert enhanced.report.scale == 1.0
    assert enhanced.report.em == pytest.approx(22, rel=0.15)


@pytest.mark.parametrize("em", [10, 14, 70])
def test_where_lines_bear_the_glyphs_out_their_size_stays(em: int) -> None:
    """To the last digit: on Chinese print glyphs measure better than lines."""
    page = draw(Sheet(em=em, rows=20))
    measured = measure_em(page)
    assert check_em(page, measured, Finder()) == measured


def test_a_few_lines_overrule_nothing() -> None:
    """Nor does an engine that finds none."""
    page = small_letters(22)
    assert check_em(page, measure_em(page), ToyEngine()) == measure_em(page)
    part = page[: 8 * 22]
    assert 0 < measure_em(part) < 14
    assert check_em(part, measure_em(part), Finder()) == measure_em(part)


def test_the_look_at_lines_costs_ordinary_pages_nothing() -> None:
    """And others four small places, however large they are."""
    ordinary, tiny = Finder(), Finder()
    enhance_page(page_of(draw(Sheet(em=24))), EnhanceConfig(), ordinary)
    assert ordinary.seen == []
    enhance_page(page_of(draw(Sheet(em=10, rows=150, columns=9))), EnhanceConfig(), tiny)
    assert len(tiny.seen) == 4
    assert max(max(tile.shape) for tile in tiny.seen) < 1000
    asleep = Finder()
    enhance_page(page_of(draw(Sheet(em=10))), replace(EnhanceConfig(), rescale=False), asleep)
    assert asleep.seen == []
