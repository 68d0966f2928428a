"""The pages of the correction benchmark: its own stories in the press's own language."""

from pathlib import Path

import numpy as np

from benchmarks.pages.ageing import age, draw_wear
from benchmarks.pages.browser import print_sheet
from benchmarks.pages.fillers import Fillers
from benchmarks.pages.plane import Plane
from benchmarks.pages.planner import Composition, Planner, Stock
from benchmarks.pages.sheet import Sheet
from benchmarks.pages.stories import Story, parse_stories
from benchmarks.pages.styles import horizontal_style
from benchmarks.pages.truth import Truth, truth_of
from pipeline.geometry import Box
from pipeline.model import GrayImage

STORIES = Path(__file__).with_name("stories.txt")
COLUMNS = 5
MEASURE = 15.0
"""Characters in a line of a column."""


def stories() -> list[Story]:
    """The texts of the benchmark."""
    return list(parse_stories(STORIES.read_text(encoding="utf-8").splitlines()))


def sheet(seed: int, size: float = 26.0) -> Sheet:
    """A page of all stories, set as the seed says."""
    rng = np.random.default_rng(seed)
    page = Composition()
    width = int(COLUMNS * MEASURE * size * 1.12)
    area = Box(0, 0, width, int(1.9 * width)).grown(-0.04 * width)
    style = horizontal_style(rng, size, COLUMNS)
    texts = stories()
    rng.shuffle(texts)
    planner = Planner(style, Stock(texts, []), Fillers.modern(rng), rng, page)
    planner.fill(Plane(area), COLUMNS)
    height = int(max(e.box.bottom for e in page.elements) + 0.04 * width)
    return Sheet(
        f"planted-{seed}",
        width,
        height,
        tuple(page.elements),
        tuple(page.headings),
        tuple(page.joints),
        language="zh-Hans",
    )


def printed(seed: int) -> tuple[GrayImage, GrayImage, Truth]:
    """A page clean and aged, and what it says."""
    print_ = print_sheet(sheet(seed))
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
