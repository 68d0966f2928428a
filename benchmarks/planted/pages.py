"""The pages of the correction benchmark: its own stories, set as papers of their time set them."""

from pathlib import Path
from typing import Literal, get_args

import numpy as np

from benchmarks.pages.ageing import age, draw_wear
from benchmarks.pages.browser import print_sheet
from benchmarks.pages.fillers import Fillers
from benchmarks.pages.plane import Plane
from benchmarks.pages.planner import Composition, Planner, Stock
from benchmarks.pages.sheet import Sheet
from benchmarks.pages.stories import Story, parse_stories
from benchmarks.pages.styles import horizontal_style, vertical_style
from benchmarks.pages.truth import Truth, truth_of
from newspage.geometry import Box
from newspage.model import Direction, GrayImage

StorySet = Literal["press", "town", "old"]
"""Party papers; economy, sports, health, farming, law, advertisements; the same of the 1930s."""
SETS: tuple[StorySet, ...] = get_args(StorySet)
STORIES = Path(__file__).with_name("stories")
COLUMNS, MEASURE = 5, 15.0
"""Of a modern page: columns, and characters in a line of one."""
TIERS, DEPTH = 4, 14.0
"""Of an old page: tiers, and characters in a line of one."""


def stories(name: StorySet = "press") -> list[Story]:
    """The texts of one set."""
    path = STORIES / f"{name}.txt"
    return list(parse_stories(path.read_text(encoding="utf-8").splitlines()))


def sheet(name: StorySet, seed: int, size: float = 26.0) -> Sheet:
    """A page of all stories of a set, in the order and the looks that the seed says."""
    rng = np.random.default_rng(seed)
    texts = stories(name)
    stock = Stock([texts[i] for i in rng.permutation(len(texts))], [])
    return _old(seed, rng, stock, size) if name == "old" else _modern(name, seed, rng, stock, size)


def _modern(name: str, seed: int, rng: np.random.Generator, stock: Stock, size: float) -> Sheet:
    width = int(COLUMNS * MEASURE * size * 1.12)
    area = Box(0, 0, width, int(2.4 * width)).grown(-0.04 * width)
    page = Composition()
    style = horizontal_style(rng, size, COLUMNS)
    Planner(style, stock, Fillers.modern(rng), rng, page).fill(Plane(area), COLUMNS)
    height = int(max(e.box.bottom for e in page.elements) + 0.04 * width)
    return _sheet(f"{name}-{seed}", page, width, height, "zh-Hans")


def _old(seed: int, rng: np.random.Generator, stock: Stock, size: float) -> Sheet:
    height = int(TIERS * DEPTH * size * 1.15)
    area = Box(0, 0, int(1.6 * height), height).grown(-0.04 * height)
    page = Composition()
    planner = Planner(vertical_style(rng, size, TIERS), stock, Fillers.old(rng), rng, page)
    planner.fill(Plane(area, Direction.VERTICAL), TIERS)
    return _sheet(f"old-{seed}", page, int(1.6 * height), height, "zh-Hant")


def _sheet(name: str, page: Composition, width: int, height: int, language: str) -> Sheet:
    return Sheet(
        f"planted-{name}",
        width,
        height,
        tuple(page.elements),
        tuple(page.headings),
        tuple(page.joints),
        language=language,
    )


def printed(name: StorySet, seed: int) -> tuple[GrayImage, GrayImage, Truth]:
    """A page clean and aged, and what it says."""
    print_ = print_sheet(sheet(name, seed))
    aged = age(print_.pixels, draw_wear(seed), seed)
    return print_.pixels, aged.pixels, truth_of(print_)


def text_of(truth: Truth) -> str:
    """What a page says as plain text: a blank line between the parts."""
    parts = [
        part
        for article in truth["articles"]
        for part in (
            article["kicker"],
            article["title"],
            article["deck"],
            article["byline"],
            *article["paragraphs"],
        )
        if part
    ]
    return "\n\n".join(parts)
