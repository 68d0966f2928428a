"""Pages drawn at random: a seed is a page."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from benchmarks.pages.chance import pick, shuffled
from benchmarks.pages.extras import Paper, folio, load_lines, load_rows, masthead
from benchmarks.pages.plane import Plane
from benchmarks.pages.planner import Composition, Planner, Stock, margins
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
    vertical_style,
)
from pipeline.geometry import Box
from pipeline.model import Direction

MODERN = (("青渡日报", "qingdu"), ("临渚晚报", "linzhu"), ("云埠时报", "yunbu"))
OLD = (("松陵公報", "songling"), ("海隅新報", "haiyu"), ("梅溪日報", "meixi"))
SECTIONS = ("要闻", "综合", "民生", "理论", "副刊", "经济")


def random_page(seed: int) -> Sheet:
    """The page of a seed: two in three horizontal, one in three vertical."""
    rng = np.random.default_rng(seed)
    return vertical_page(seed, rng) if rng.random() < 0.33 else horizontal_page(seed, rng)


def horizontal_page(seed: int, rng: np.random.Generator) -> Sheet:
    """A modern page of three to eight columns."""
    columns = pick(rng, [3, 4, 5, 5, 6, 7, 8])
    size = pick(rng, [16, 18, 20, 22, 24, 26, 28, 32])
    measure = float(rng.uniform(11, 18)) * size
    width = int(columns * measure * 1.12)
    height = int(width * rng.uniform(1.0, 1.45))
    style = horizontal_style(rng, size, columns)
    page = Composition()
    box = margins(width, height, 0.04)
    name, slug = pick(rng, MODERN)
    paper = _paper(
        name, slug, ("2024年3月18日 星期一", "农历甲辰年二月初九", "第10426期 今日8版"), size, rng
    )
    head, used = _head(rng, paper, box)
    page.elements += head
    area = Plane(Box(box.left, box.top + used + 1.2 * size, box.right, box.bottom))
    planner = Planner(style, _stock(rng, ("reports", "comments"), "adverts"), rng, page)
    if columns >= 5 and rng.random() < 0.4:
        planner.fill_groups(area, _groups(rng, columns))
        page.features.append("groups")
    else:
        planner.fill(area, columns)
    return _sheet(f"random-{seed}", width, height, page, "zh-Hans")


def vertical_page(seed: int, rng: np.random.Generator) -> Sheet:
    """An old page of one to twelve tiers."""
    tiers = pick(rng, [1, 2, 3, 4, 5, 6, 8, 10, 12])
    size = pick(rng, [18, 20, 22, 24, 26, 30])
    tier = float(rng.uniform(9, 14) if tiers > 3 else rng.uniform(14, 26)) * size
    height = int(tiers * tier * 1.15 + 12 * size)
    width = int(max(height * rng.uniform(0.6, 1.1), 44 * size))
    style = vertical_style(rng, size, tiers)
    page = Composition()
    box = margins(width, height, 0.04)
    name, slug = pick(rng, OLD)
    paper = _paper(name, slug, ("中華民國二十二年九月八日 星期五", "今日二張 零售三分"), size, rng)
    paper = replace(
        paper,
        name_type=replace(paper.name_type, family=KAI_T, size=3.4 * size),
        small=Type(1.1 * size, SONG_T),
    )
    head, used = masthead(paper, box, "rtl", Stroke.DOUBLE)
    page.elements += head
    area = Plane(Box(box.left, box.top + used + size, box.right, box.bottom), Direction.VERTICAL)
    planner = Planner(style, _stock(rng, ("republican",), "adverts_republican"), rng, page)
    if tiers >= 4 and rng.random() < 0.7:
        planner.fill_groups(area, _groups(rng, tiers))
        page.features.append("groups")
    else:
        planner.fill(area, tiers, 2)
    page.features.append(f"tiers-{tiers}")
    return _sheet(f"random-{seed}", width, height, page, "zh-Hant")


def _sheet(name: str, width: int, height: int, page: Composition, language: str) -> Sheet:
    return Sheet(
        name,
        width,
        height,
        tuple(page.elements),
        tuple(page.headings),
        tuple(page.joints),
        language=language,
        features=tuple(sorted(set(page.features))),
    )


def _head(rng: np.random.Generator, paper: Paper, box: Box) -> tuple[list[Element], float]:
    if rng.random() < 0.5:
        rule = pick(rng, [Stroke.SOLID, Stroke.DOUBLE])
        return masthead(paper, box, pick(rng, ["left", "centre"]), rule)
    section = pick(rng, SECTIONS)
    return folio(paper, box, f"{rng.integers(2, 9):02d}", section, "责编:穆清 美编:言午 校对:桑晓")


def _paper(
    name: str, slug: str, dates: tuple[str, ...], size: float, rng: np.random.Generator
) -> Paper:
    family, weight = pick(rng, ((KAI, 400), (SONG, 900), (HEI, 900)))
    return Paper(name, slug, dates, Type(4.5 * size, family, weight), Type(size, SONG))


def _stock(rng: np.random.Generator, names: Sequence[str], adverts: str) -> Stock:
    stories = [s for name in names for s in load_stories(name)]
    return Stock(
        shuffled(rng, stories),
        shuffled(rng, load_stories(adverts)),
        shuffled(rng, load_lines("captions")),
        shuffled(rng, load_rows("tables")),
    )


def _groups(rng: np.random.Generator, columns: int) -> list[int]:
    """Columns split into two or three groups, none of a single one where it can be avoided."""
    first = int(rng.integers(2, columns - 1))
    rest = columns - first
    if rest >= 4 and rng.random() < 0.5:
        return [first, rest // 2, rest - rest // 2]
    return [first, rest]


def style_summary(style: PageStyle) -> str:
    """One line about a style, for lists of pages."""
    way = "tiers" if style.vertical else "columns"
    return f"{style.columns} {way}, {style.design.body.size:g} px {style.design.body.family}"
