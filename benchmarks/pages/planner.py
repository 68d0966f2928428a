"""Fills a page with articles and what stands between them.

The page is filled in rows, one across the other in the plane's direction: rows from top to bottom
on a horizontal page, strips from right to left on a vertical one. For each row a few splits into
cells are drawn at random and the one that wastes least room is taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from benchmarks.pages.article import (
    Block,
    Design,
    DoesNotFitError,
    HeadPosition,
    Inset,
    Jump,
    set_article,
)
from benchmarks.pages.chance import pick
from benchmarks.pages.extras import advertisement, photo, table
from benchmarks.pages.plane import Area, Plane
from benchmarks.pages.sheet import Element, Heading, Joint, Rule, Stroke
from benchmarks.pages.stories import Story
from benchmarks.pages.styles import PageStyle, article_design
from pipeline.geometry import Box

TRIALS = 8
SHALLOWEST = 5
"""Rows of text; a shallower article wants fewer columns."""


@dataclass(slots=True)
class Stock:
    """What there is to print; taken from the front and not put back."""

    stories: list[Story]
    adverts: list[Story]
    captions: list[str]
    tables: list[tuple[str, list[list[str]]]]


@dataclass(slots=True)
class Composition:
    """A page as it grows."""

    elements: list[Element] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    joints: list[Joint] = field(default_factory=list)
    features: list[str] = field(default_factory=list)

    def add(self, block: Block) -> None:
        self.elements += block.elements
        self.joints += block.joints
        self.features += block.features
        if block.heading is not None:
            self.headings.append(block.heading)


@dataclass(frozen=True, slots=True)
class _Cell:
    """An article tried in a part of a row."""

    plane: Plane
    block: Block
    story: Story
    design: Design

    @property
    def depth(self) -> float:
        return self.plane.area(self.block.box).depth


class Planner:
    """Draws articles from a stock and sets them until a plane is full."""

    def __init__(
        self, style: PageStyle, stock: Stock, rng: np.random.Generator, page: Composition
    ) -> None:
        self.style = style
        self.stock = stock
        self.rng = rng
        self.page = page

    @property
    def _em(self) -> float:
        return self.style.design.body.size

    def fill(self, plane: Plane, columns: int, cells_at_most: int = 3) -> None:
        """Fills a plane of so many columns with rows of articles, then with advertisements."""
        across, gap = 0.0, self.style.gap * self._em
        while plane.depth - across > 9 * self.style.design.pitch and self.stock.stories:
            row = self._best_row(plane.from_across(across), columns, cells_at_most)
            if row is None:
                break
            if across:
                self._rule_between(plane, across - gap / 2)
            depth = max(cell.depth for cell in row)
            for cell in row:
                self._place(cell, depth)
            self._rules_beside(row, depth)
            across += depth + gap
        self._fill_rest(plane.from_across(across))

    def fill_groups(self, plane: Plane, groups: Sequence[int]) -> None:
        """Splits the columns into groups, each a stack of articles of its own."""
        at, total = 0, sum(groups)
        for group in groups:
            self.fill(self._span(plane, total, at, group), group, 1)
            at += group

    def _span(self, plane: Plane, columns: int, start: int, span: int) -> Plane:
        """The plane of `span` columns, from column `start` of `columns`."""
        gutter = self.style.design.gutter * self._em
        measure = (plane.length - gutter * (columns - 1)) / columns
        return plane.part(
            start * (measure + gutter), 0, span * measure + (span - 1) * gutter, plane.depth
        )

    def _best_row(self, plane: Plane, columns: int, cells_at_most: int) -> list[_Cell] | None:
        best, least = None, float("inf")
        for _ in range(TRIALS if cells_at_most > 1 else 3):
            row = self._try_row(plane, self._split(columns, cells_at_most))
            if row is not None and (cost := self._waste(row, plane)) < least:
                best, least = row, cost
        if best is not None:
            for cell in best:
                self.stock.stories = [s for s in self.stock.stories if s.title != cell.story.title]
        return best

    def _split(self, columns: int, cells_at_most: int) -> list[int]:
        """Columns of each cell of a row, at random."""
        cells = int(
            self.rng.integers(
                1, min(cells_at_most, max(1, columns // 2), len(self.stock.stories)) + 1
            )
        )
        cuts = sorted(self.rng.choice(np.arange(1, columns), cells - 1, replace=False).tolist())
        edges = [0, *cuts, columns]
        return [b - a for a, b in pairwise(edges)]

    def _try_row(self, plane: Plane, spans: Sequence[int]) -> list[_Cell] | None:
        """A row of the given spans from the first stories of the stock, in any order."""
        ahead = self.stock.stories[: len(spans) + 3]
        order = self.rng.permutation(len(ahead))[: len(spans)]
        if len(order) < len(spans):
            return None
        row, at = [], 0
        for span, index in zip(spans, order, strict=True):
            cell_plane = self._span(plane, sum(spans), at, span)
            cell = self._try_cell(ahead[int(index)], cell_plane, span)
            if cell is None:
                return None
            row.append(cell)
            at += span
        return row

    def _try_cell(self, story: Story, plane: Plane, span: int) -> _Cell | None:
        """A story in a plane, cut where it does not fit; None where even its start does not."""
        design = article_design(self.rng, self.style, story, span, plane.length)
        design = self._with_inset(design, plane, story)
        deep = max(plane.depth, 60 * design.pitch)
        roomy = Plane(plane.part(0, 0, plane.length, deep).box, plane.direction)
        for paragraphs in range(len(story.paragraphs), 1, -1):
            cut = story.cut(paragraphs)
            try:
                block = set_article(cut, design, roomy, "?")
            except DoesNotFitError:
                return None
            cell = _Cell(plane, block, cut, design)
            if cell.depth <= plane.depth:
                return cell
        return None

    def _with_inset(self, design: Design, plane: Plane, story: Story) -> Design:
        if self.rng.random() >= self.style.inset or design.columns < 2 or not self.stock.captions:
            return design
        spans = int(self.rng.integers(1, design.columns))
        share = spans / design.columns
        if self.rng.random() < 0.35 and plane.length / design.columns > 22 * self._em:
            share += 0.5 / design.columns
        start = float(self.rng.integers(0, design.columns - spans)) / design.columns
        rows = int(np.clip(share * plane.length * 0.66 / design.pitch, 8, 26))
        if (
            share * plane.length * rows * design.pitch
            > 0.6 * story.length * design.em * design.pitch
        ):
            return design
        free = design.position not in (HeadPosition.CORNER, HeadPosition.MIDDLE)
        at = pick(self.rng, [0.0, 0.4, 1.0]) if free else 1.0
        caption = pick(self.rng, self.stock.captions)
        inset = Inset(start, share, rows, at, caption, int(self.rng.integers(1 << 30)))
        return replace(design, inset=inset)

    def _waste(self, row: Sequence[_Cell], plane: Plane) -> float:
        """Share of a row left empty, with a fine for articles too shallow for their columns."""
        depth = max(cell.depth for cell in row)
        empty = sum((depth - cell.depth) * cell.plane.length for cell in row)
        waste = empty / (depth * plane.length)
        for cell in row:
            rows = cell.story.length * self._em / max(1.0, cell.plane.length) * 1.1
            waste += 0.5 * max(0.0, SHALLOWEST - rows) / SHALLOWEST
        return waste + 0.1 * float(self.rng.random())

    def _place(self, cell: _Cell, depth: float) -> None:
        """Sets an article for good, and something under it where much room is left."""
        number = str(len(self.page.headings) + 1)
        left = depth - cell.depth
        fill_up = left > 0 and (
            left < 6 * self.style.design.pitch or self.rng.random() < self.style.filled
        )
        block = set_article(
            cell.story, cell.design, cell.plane, number, depth if fill_up else None, Jump()
        )
        if block.rest or not fill_up:
            block = set_article(cell.story, cell.design, cell.plane, number)
        self.page.add(block)
        used = cell.plane.area(block.box).depth
        if depth - used > 6 * self.style.design.pitch:
            gap = self.style.gap * self._em
            self.filler(cell.plane.part(0, used + gap, cell.plane.length, depth - used - gap))

    def filler(self, plane: Plane) -> None:
        """An advertisement, a photograph or a table, whatever suits the shape."""
        design = self.style.design
        if plane.depth < 3 * design.pitch:
            return
        draw = self.rng.random()
        if not self.style.vertical and draw < 0.3 and plane.depth > 8 * design.pitch:
            caption = pick(self.rng, self.stock.captions)
            self.page.elements += photo(caption, plane, design, int(self.rng.integers(1 << 30)))
            self.page.features.append("photo")
        elif not self.style.vertical and draw < 0.55 and self._table(plane):
            self.page.features.append("table")
        elif self.stock.adverts:
            story = self.stock.adverts.pop(0)
            self.page.elements += advertisement(story, plane, design, self.rng)
            self.page.features.append("advert")

    def _table(self, plane: Plane) -> bool:
        for entry in self.stock.tables:
            elements, depth = table(*entry, plane, self.style.design)
            if depth <= plane.depth:
                self.stock.tables.remove(entry)
                self.page.elements += elements
                return True
        return False

    def _fill_rest(self, plane: Plane) -> None:
        """Advertisements side by side in the room that no article took."""
        if plane.depth < 4 * self.style.design.pitch:
            return
        deepest = 14 * self.style.design.pitch
        plane = plane.to_depth(min(plane.depth, deepest))
        gap = self.style.gap * self._em
        count = max(1, min(4, round(plane.length / max(plane.depth * 1.8, 12 * self._em))))
        length = (plane.length - gap * (count - 1)) / count
        for n in range(count):
            self.filler(plane.part(n * (length + gap), 0, length, plane.depth))

    def _rule_between(self, plane: Plane, across: float) -> None:
        if self.style.rule_between is None:
            return
        thickness = 6.0 if self.style.rule_between in (Stroke.DOUBLE, Stroke.WAVY) else 2.5
        box = plane.place(Area(0, across - thickness / 2, plane.length, thickness))
        self.page.elements.append(Rule(box, self.style.rule_between))

    def _rules_beside(self, row: Sequence[_Cell], depth: float) -> None:
        """Rules between the articles of a row, where the page has rules between articles."""
        if self.style.rule_between is None:
            return
        for cell in row[1:]:
            along = -self.style.design.gutter * self._em / 2
            box = cell.plane.place(Area(along - 1, 0, 2, depth))
            self.page.elements.append(Rule(box, Stroke.SOLID, 0.2))


def margins(width: int, height: int, share: float) -> Box:
    """The type area of a page: a share of its width left free on all sides."""
    return Box(0, 0, width, height).grown(-share * width)
