"""Pages with much on them that is no article: a seed is a page."""

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.pages.chance import chance, pick
from benchmarks.pages.design import Design
from benchmarks.pages.extras import masthead
from benchmarks.pages.fillers import Fillers
from benchmarks.pages.notices import (
    Words,
    load_words,
    set_advert,
    set_corner_masthead,
    set_map,
    set_programmes,
    set_small_notices,
    set_timetable,
)
from benchmarks.pages.plane import Plane
from benchmarks.pages.planner import Composition
from benchmarks.pages.random_pages import (
    Issue,
    draw_issue,
    draw_stock,
    draw_tiers,
    fill_page,
    finish_sheet,
)
from benchmarks.pages.sheet import Element, Rule, Sheet
from benchmarks.pages.styles import dense_style, vertical_style
from newspage.geometry import Box
from newspage.model import Direction

SETTERS = {
    "advert": set_advert,
    "small-notices": set_small_notices,
    "programmes": set_programmes,
    "timetable": set_timetable,
    "map": set_map,
}
KINDS = ("advert",) * 5 + ("small-notices",) * 2 + ("programmes", "timetable", "map")
"""How often each is drawn."""


@dataclass(slots=True)
class NoticeFillers(Fillers):
    """Fillers that are mostly advertisements of much text."""

    words: Words | None = None

    def fill(self, plane: Plane, design: Design) -> tuple[list[Element], str]:
        """Fills a plane with a notice, or with what the plain fillers have."""
        if self.words is None or plane.depth < 6 * design.pitch or chance(self.rng, 0.2):
            return Fillers.fill(self, plane, design)
        return draw_notice(plane, design, self.words)


def notice_page(seed: int) -> Sheet:
    """A page with a band of notices and with more of them between its articles."""
    rng = np.random.default_rng(seed)
    issue = _old_issue(rng) if chance(rng, 0.5) else draw_issue(rng)
    old = issue.language == "zh-Hant"
    words = Words(load_words("notice_words_republican" if old else "notice_words"), rng, old)
    plain = issue.fillers
    fillers = NoticeFillers(rng, plain.adverts, plain.captions, plain.tables, plain.unframed, words)
    issue, page = replace(issue, fillers=fillers), Composition()
    direction = Direction.VERTICAL if issue.style.vertical else Direction.HORIZONTAL
    if chance(rng, 0.4):
        area = Plane(issue.box, direction)
        area = _with_corner(issue, area, page, words)
    else:
        layout = "rtl" if issue.style.vertical else pick(rng, ["left", "centre"])
        head, used = masthead(issue.paper, issue.box, layout, issue.rule)
        page.elements += head
        area = replace(issue.below(used), direction=direction)
    area = _with_band(area, issue.style.design, page, words)
    fill_page(issue.planner(rng, page), area, _columns(issue, area), rng)
    page.features += issue.features
    return finish_sheet(f"notices-{seed}", issue, page, chance(rng, 0.8))


def _old_issue(rng: np.random.Generator) -> Issue:
    """A vertical paper, dense or not."""
    dense = chance(rng, 0.5)
    tiers, size = pick(rng, [4, 6, 8, 10]), pick(rng, [18.0, 20.0, 22.0, 26.0])
    style = dense_style(rng, size, tiers) if dense else vertical_style(rng, size, tiers)
    stock = draw_stock(rng, ("stacked", "republican") if dense else ("republican",))
    return draw_tiers(rng, style, float(rng.uniform(9, 13)), stock)


def _columns(issue: Issue, area: Plane) -> int:
    """Columns or tiers of about the page's width in what is left of it for articles."""
    whole = Plane(issue.box, area.direction).length / issue.style.columns
    return max(1, round(area.length / whole))


def _with_corner(issue: Issue, area: Plane, page: Composition, words: Words) -> Plane:
    """Puts the masthead in the corner where reading starts; what is left beside it is filled.

    Returns what is left after it.
    """
    rng, design = words.rng, issue.style.design
    em, columns = design.body.size, issue.style.columns
    depth = float(rng.uniform(12, 20)) * em
    share = 2 if columns > 4 else 1
    gap = design.gutter * em
    length = (area.length - gap * (columns - 1)) / columns * share + gap * (share - 1)
    page.elements += set_corner_masthead(area.part(0, 0, length, depth), design, words)
    if columns > share:
        beside = area.part(length + gap, 0, area.length - length - gap, depth)
        issue.planner(rng, page).fill(beside, columns - share)
    return area.from_across(depth + issue.style.gap * em)


def _with_band(area: Plane, design: Design, page: Composition, words: Words) -> Plane:
    """Fills a band at the foot of the page with notices; returns what is left above it."""
    rng, em, box = words.rng, design.body.size, area.box
    height = min(float(rng.uniform(12, 30)) * em, 0.4 * box.height)
    gap = 1.2 * em
    band = replace(box, top=box.bottom - height)
    at = 0.0
    while band.width - at > 8 * em:
        width = min(float(rng.uniform(9, 30)) * em, band.width - at)
        width = band.width - at if band.width - at - width < 9 * em else width
        cell = replace(band, left=band.left + at, right=band.left + at + width)
        halves = [cell]
        if height > 20 * em and chance(rng, 0.4):
            middle = cell.top + height * float(rng.uniform(0.4, 0.6))
            halves = [
                replace(cell, bottom=middle - 0.3 * em),
                replace(cell, top=middle + 0.3 * em),
            ]
        for half in halves:
            elements, kind = draw_notice(Plane(half, area.direction), design, words)
            page.elements += elements
            page.features.append(kind)
        at += width + 0.6 * em
    if chance(rng, 0.7):
        line = Box(box.left, band.top - gap / 2 - 1, box.right, band.top - gap / 2 + 1)
        page.elements.append(Rule(line))
    return replace(area, box=replace(box, bottom=band.top - gap))


def draw_notice(plane: Plane, design: Design, words: Words) -> tuple[list[Element], str]:
    """A notice of some kind that fills a plane, and its kind."""
    kind = pick(words.rng, KINDS)
    return SETTERS[kind](plane, design, words), kind
