"""Pages drawn at random: a seed is a page."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from benchmarks.pages.chance import chance, pick, shuffled
from benchmarks.pages.extras import Paper, folio, masthead
from benchmarks.pages.fillers import Fillers
from benchmarks.pages.plane import Plane
from benchmarks.pages.planner import Composition, Planner, Stock
from benchmarks.pages.sheet import Element, Sheet, Stroke, Type
from benchmarks.pages.stories import load_stories
from benchmarks.pages.styles import (
    HEI,
    KAI,
    KAI_T,
    SONG,
    SONG_T,
    PageStyle,
    horizontal_style,
    traditional,
    vertical_style,
)
from pipeline.geometry import Box, union
from pipeline.model import Direction

MODERN = ("青渡日报", "临渚晚报", "云埠时报")
ISLAND = ("西環商報", "南灣晚報")
OLD = ("松陵公報", "海隅新報", "梅溪日報")
SECTIONS = ("要闻", "综合", "民生", "理论", "副刊", "经济")
EDITORS = "责编:穆清 美编:言午 校对:桑晓"
MODERN_DATES = ("2024年3月18日 星期一", "农历甲辰年二月初九", "第10426期 今日8版")
OLD_DATES = ("中華民國二十二年九月八日 星期五", "今日二張 零售三分")
_MARGIN = 0.04
"""Of the page's width, left free on all sides."""


def random_page(seed: int) -> Sheet:
    """The page of a seed: three in five modern, two in five vertical."""
    rng = np.random.default_rng(seed)
    return vertical_page(seed, rng) if chance(rng, 0.4) else horizontal_page(seed, rng)


def horizontal_page(seed: int, rng: np.random.Generator) -> Sheet:
    """A modern page of three to eight columns."""
    columns = pick(rng, [3, 4, 5, 5, 6, 7, 8])
    size = pick(rng, [16.0, 18.0, 20.0, 22.0, 24.0, 26.0, 28.0, 32.0, 38.0])
    measure = float(rng.uniform(11, 18)) * size
    width = int(columns * measure * 1.12)
    height = int(width * rng.uniform(1.0, 1.45))
    style = horizontal_style(rng, size, columns)
    page = Composition()
    box = _type_area(width, height)
    island = chance(rng, 0.15)
    paper = _modern_paper(pick(rng, ISLAND if island else MODERN), size, rng)
    head, used = _head(rng, paper, box)
    page.elements += head
    area = Plane(Box(box.left, box.top + used + 1.2 * size, box.right, box.bottom))
    if island:
        style = replace(traditional(style), inset=0.0)
        stock = _stock(rng, ("gazette", "republican"), "")
        fillers = Fillers.old(rng)
    else:
        stock = _stock(rng, ("reports", "comments", "essays"), "briefs")
        fillers = Fillers.modern(rng)
    _fill(Planner(style, stock, fillers, rng, page), area, columns, rng)
    language = "zh-Hant" if island else "zh-Hans"
    return _sheet(f"random-{seed}", width, height, page, language, chance(rng, 0.8))


def vertical_page(seed: int, rng: np.random.Generator) -> Sheet:
    """An old page of one to twelve tiers."""
    tiers = pick(rng, [1, 2, 3, 4, 5, 6, 8, 10, 12])
    size = pick(rng, [16.0, 18.0, 20.0, 22.0, 24.0, 26.0, 30.0])
    ems = float(rng.uniform(9, 14) if tiers > 3 else rng.uniform(14, 26))
    style = vertical_style(rng, size, tiers)
    stock = _stock(rng, ("republican",), "")
    height = int(tiers * ems * size * 1.15 + 12 * size)
    lines = sum(story.length for story in stock.stories) * 1.25 / ems / tiers
    wish = min(height * float(rng.uniform(0.6, 1.2)), lines * style.design.pitch)
    width = int(max(wish, 44 * size))
    page = Composition()
    box = _type_area(width, height)
    family, weight = pick(rng, [(KAI_T, 400), (SONG_T, 900)])
    paper = Paper(
        pick(rng, OLD), OLD_DATES, Type(3.4 * size, family, weight), Type(1.1 * size, SONG_T)
    )
    head, used = masthead(paper, box, "rtl", pick(rng, [Stroke.SOLID, Stroke.DOUBLE]))
    page.elements += head
    area = Plane(Box(box.left, box.top + used + size, box.right, box.bottom), Direction.VERTICAL)
    _fill(Planner(style, stock, Fillers.old(rng), rng, page), area, tiers, rng)
    page.features.append(f"tiers-{tiers}")
    return _sheet(f"random-{seed}", width, height, page, "zh-Hant", chance(rng, 0.8))


def _fill(planner: Planner, area: Plane, columns: int, rng: np.random.Generator) -> None:
    """In rows over all columns, or in groups of columns each on its own."""
    likely = (0.95 if columns > 4 else 0.5) if planner.style.vertical else 0.3
    if columns >= 4 and chance(rng, likely):
        planner.fill_groups(area, _groups(rng, columns))
        planner.page.features.append("groups")
    else:
        planner.fill(area, columns)


def _sheet(
    name: str, width: int, height: int, page: Composition, language: str, trim: bool
) -> Sheet:
    """The page as a sheet, the empty rest after the last line cut off if it is to be trimmed."""
    sheet = Sheet(
        name,
        width,
        height,
        tuple(page.elements),
        tuple(page.headings),
        tuple(page.joints),
        language=language,
        features=tuple(sorted(set(page.features))),
    )
    if not trim:
        return sheet
    used, margin = union(e.box for e in page.elements), _MARGIN * width
    left = max(0, int(used.left - margin))
    bottom = min(height, int(used.bottom + margin))
    return sheet.cropped(Box(left, 0, width, bottom))


def _type_area(width: int, height: int) -> Box:
    return Box(0, 0, width, height).grown(-_MARGIN * width)


def _head(rng: np.random.Generator, paper: Paper, box: Box) -> tuple[list[Element], float]:
    if chance(rng, 0.5):
        return masthead(
            paper, box, pick(rng, ["left", "centre"]), pick(rng, [Stroke.SOLID, Stroke.DOUBLE])
        )
    return folio(paper, box, f"{rng.integers(2, 9):02d}", pick(rng, SECTIONS), EDITORS)


def _modern_paper(name: str, size: float, rng: np.random.Generator) -> Paper:
    family, weight = pick(rng, [(KAI, 400), (SONG, 900), (HEI, 900)])
    return Paper(name, MODERN_DATES, Type(4.5 * size, family, weight), Type(size, SONG))


def _stock(rng: np.random.Generator, names: Sequence[str], briefs: str) -> Stock:
    """Stories of some files in random order; short ones also serve as briefs."""
    stories = shuffled(rng, [s for name in names for s in load_stories(name)])
    short = load_stories(briefs) if briefs else [s for s in stories if s.length < 210]
    return Stock(stories, shuffled(rng, list(short)))


def _groups(rng: np.random.Generator, columns: int) -> list[int]:
    """Columns split into groups of two to four, the last one perhaps of a single one."""
    groups: list[int] = []
    left = columns
    while left > 4 or (left == 4 and not groups):
        groups.append(int(rng.integers(2, min(4, left - 1) + 1)))
        left -= groups[-1]
    return [*groups, left]


def style_summary(style: PageStyle) -> str:
    """One line about a style, for lists of pages."""
    way = "tiers" if style.vertical else "columns"
    return f"{style.columns} {way}, {style.design.body.size:g} px {style.design.body.family}"
