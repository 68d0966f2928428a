"""Random pages with horizontal lines, and the same with characters that the light network lacks."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.pages import random_pages
from benchmarks.pages.__main__ import write_page
from benchmarks.pages.ageing import draw_wear
from benchmarks.pages.browser import PrintError
from benchmarks.pages.planner import Stock
from benchmarks.pages.stories import Story
from newspage.config import EngineConfig
from newspage.engine import find_light_recogniser
from newspage.engine.factory import make_engine
from newspage.engine.models import list_description_characters

FIRST, LAST = "\u4e00", "\u9fa5"
"""The ideographs that every font of the pages has."""


def list_rare_characters() -> list[str]:
    """The ideographs that the full network knows and the light one does not."""
    known = set(list_description_characters(find_light_recogniser()) or ())
    full = make_engine(EngineConfig(), 1).characters
    return sorted({c for c in full if FIRST <= c <= LAST} - known)


def write_pages(out: Path, seed: int, count: int, share: float) -> None:
    """Writes pages, clean and aged; `share` of their ideographs are replaced by rare ones."""
    rare = list_rare_characters() if share else []
    drawn = random_pages.draw_stock

    def plant(rng: np.random.Generator, names: Sequence[str], briefs: str = "") -> Stock:
        """The stock of a page with rare characters in its texts."""
        stock = drawn(rng, names, briefs)
        stock.stories = [plant_story(s, rare, share, rng) for s in stock.stories]
        stock.briefs = [plant_story(s, rare, share, rng) for s in stock.briefs]
        return stock

    if share:
        random_pages.draw_stock = plant
    try:
        while count:
            sheet = random_pages.horizontal_page(seed, np.random.default_rng(seed))
            try:
                write_page(sheet, out / f"{seed}", seed, draw_wear(seed, 1.0))
                count -= 1
            except PrintError as error:
                print(error)
            seed += 1
    finally:
        random_pages.draw_stock = drawn


def plant_story(story: Story, rare: Sequence[str], share: float, rng: np.random.Generator) -> Story:
    """A story with some ideographs of its paragraphs replaced."""

    def plant(text: str) -> str:
        """A text with some ideographs replaced."""
        return "".join(
            str(rng.choice(rare)) if FIRST <= c <= LAST and rng.random() < share else c
            for c in text
        )

    return replace(
        story, paragraphs=tuple(replace(p, text=plant(p.text)) for p in story.paragraphs)
    )
