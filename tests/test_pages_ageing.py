"""Ageing: repeatable, and the truth's boxes go where the ink goes."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.pages.ageing import Wear, age, aged_truth, draw_wear
from newspage.model import GrayImage

MARKS = ((80, 60), (520, 90), (300, 400), (90, 700), (540, 720))
HARD = Wear(skew=2.0, warp=9.0, fade=0.2, light=0.2, noise=4, blur=0.5, border=0.04, speckles=5)


@pytest.fixture
def page() -> GrayImage:
    """White, with a black square of 20 pixels at each of the marks."""
    pixels = np.full((800, 600), 255, np.uint8)
    for x, y in MARKS:
        pixels[y : y + 20, x : x + 20] = 0
    return pixels


def test_no_wear_changes_no_more_than_the_tone(page: GrayImage) -> None:
    """The page's default wear leaves every pixel in its place."""
    aged = age(page, Wear(paper=255.0), seed=1)
    assert aged.pixels.shape == page.shape
    assert np.array_equal(aged.pixels > 128, page > 128)


def test_the_same_seed_gives_the_same_page(page: GrayImage) -> None:
    """A page is known by its seed; another seed gives another."""
    once, again, other = (age(page, HARD, seed).pixels for seed in (3, 3, 4))
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


@pytest.mark.parametrize("wear", [HARD, replace(HARD, skew=-3.0), replace(HARD, film=True)])
def test_boxes_go_where_the_ink_goes(page: GrayImage, wear: Wear) -> None:
    """After skew, warp and border the moved box of a mark is dark and its surroundings are not."""
    aged = age(page, wear, seed=5)
    boxes = [[x, y, x + 20, y + 20] for x, y in MARKS]
    lines = [{"box": box, "text": "■"} for box in boxes]
    truth = aged_truth({"size": [600, 800], "lines": lines, "pictures": boxes[:1]}, aged)
    assert truth["size"] == [aged.pixels.shape[1], aged.pixels.shape[0]]
    for line in truth["lines"]:
        left, top, right, bottom = line["box"]
        inside = aged.pixels[top + 4 : bottom - 4, left + 4 : right - 4]
        around = aged.pixels[top - 12 : top - 4, left:right]
        assert inside.mean() + 60 < around.mean()
    assert truth["pictures"][0] == truth["lines"][0]["box"]


def test_wear_drawn_weakly_is_weak() -> None:
    """Strength 0 neither moves nor blots anything, whatever the seed."""
    for seed in range(20):
        wear = draw_wear(seed, 0.0)
        assert (wear.skew, wear.warp, wear.noise, wear.bleed, wear.fold) == (0, 0, 0, 0, 0)


def test_the_page_behind_shows_through_mirrored(page: GrayImage) -> None:
    """Bleed-through darkens the mirrored place of the other page's ink, and only a little."""
    blank = np.full_like(page, 255)
    aged = age(blank, Wear(bleed=0.3, paper=240.0), seed=1, behind=page).pixels
    x, y = MARKS[0]
    mirrored = aged[y + 5 : y + 15, 600 - x - 15 : 600 - x - 5]
    assert 120 < mirrored.mean() < 200
    assert aged[y + 5 : y + 15, x + 5 : x + 15].mean() > 235
