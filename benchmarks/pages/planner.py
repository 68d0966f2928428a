"""Fills a page with articles and what stands between them.

The page is filled in rows, one across the other in the plane's direction: rows from top to bottom
on a horizontal page, strips from right to left on a vertical one. For each row a few splits into
cells are drawn at random and the one that wastes least room is taken.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from benchmarks.pages.article import Block, DoesNotFitError, set_article, set_crossed
from benchmarks.pages.chance import chance, pick
from benchmarks.pages.design import Design, HeadPosition, Inset
from benchmarks.pages.fillers import Fillers
from benchmarks.pages.plane import Area, Plane
from benchmarks.pages.running import set_running
from benchmarks.pages.sheet import Element, Heading, Joint, Rule, Stroke
from benchmarks.pages.stories import Story
from benchmarks.pages.styles import SONG, UPRIGHT_ONLY, PageStyle, article_design

TRIALS = 8
SHALLOWEST = 10
"""Rows of text; a shallower article wants fewer columns."""

SetCell = Callable[[tuple[str, ...], float | None], Block]
"""Sets the stories of a cell under the given numbers, in the given depth or as it needs."""


@dataclass(slots=True)
class Stock:
    """Stories to print, each once, and short pieces to run on in a column."""

    stories: list[Story]
    briefs: list[Story]


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
        self.headings += block.headings

    def numbers(self, count: int) -> tuple[str, ...]:
        """Ids for so many further articles."""
        start = len(self.headings) + 1
        return tuple(str(n) for n in range(start, start + count))


@dataclass(frozen=True, slots=True)
class _Cell:
    """Something tried in a part of a row."""

    plane: Plane
    stories: tuple[Story, ...]
    set: SetCell
    block: Block

    @property
    def depth(self) -> float:
        return self.plane.area(self.block.box).depth

    @property
    def length(self) -> int:
        return sum(story.length for story in self.stories)


class Planner:
    """Draws articles from a stock and sets them until a plane is full."""

    def __init__(
        self,
        style: PageStyle,
        stock: Stock,
        fillers: Fillers,
        rng: np.random.Generator,
        page: Composition,
    ) -> None:
        self.style = style
        self.stock = stock
        self.fillers = fillers
        self.rng = rng
        self.page = page

    @property
    def _em(self) -> float:
        return self.style.design.body.size

    @property
    def _gap(self) -> float:
        return self.style.gap * self._em

    def fill(self, plane: Plane, columns: int, cells_at_most: int = 3) -> None:
        """Fills a plane of so many columns with rows of articles, then with advertisements."""
        across = 0.0
        while plane.depth - across > 9 * self.style.design.pitch and self.stock.stories:
            row = self._best_row(plane.from_across(across), columns, cells_at_most)
            if row is None:
                break
            if across:
                self._rule_between(plane, across - self._gap / 2)
            depth = max(cell.depth for cell in row)
            for cell in row:
                self._place(cell, depth)
            self._rules_beside(row, depth)
            across += depth + self._gap
        self._fill_rest(plane.from_across(across))

    def fill_groups(self, plane: Plane, groups: Sequence[int]) -> None:
        """Splits the columns into groups, each a stack of articles of its own."""
        at, total = 0, sum(groups)
        for group in groups:
            part = self.span(plane, total, at, group)
            self.fill(part, group, 1)
            if at and self.style.rule_between is not None:
                self._rule_beside(part, part.depth)
            at += group

    def span(self, plane: Plane, columns: int, start: int, count: int) -> Plane:
        """The plane of `count` columns, from column `start` of `columns`."""
        gutter = self.style.design.gutter * self._em
        measure = (plane.length - gutter * (columns - 1)) / columns
        length = count * measure + (count - 1) * gutter
        return plane.part(start * (measure + gutter), 0, length, plane.depth)

    def _best_row(self, plane: Plane, columns: int, cells_at_most: int) -> list[_Cell] | None:
        best: list[_Cell] | None = None
        least = float("inf")
        for trial in range(TRIALS * 3):
            if trial >= (TRIALS if cells_at_most > 1 else 3) and best is not None:
                break
            row = self._try_row(plane, self._split(columns, cells_at_most))
            if row is not None and (cost := self._waste(row, plane)) < least:
                best, least = row, cost
            elif row is None:
                self.stock.stories.append(self.stock.stories.pop(0))
        used = {story.title for cell in best or () for story in cell.stories}
        self.stock.stories = [s for s in self.stock.stories if s.title not in used]
        self.stock.briefs = [s for s in self.stock.briefs if s.title not in used]
        return best

    def _split(self, columns: int, cells_at_most: int) -> list[int]:
        """Columns of each cell of a row, at random."""
        most = min(cells_at_most, max(1, columns // 2), len(self.stock.stories))
        cells = int(self.rng.integers(1, most + 1))
        cuts = sorted(self.rng.choice(np.arange(1, columns), cells - 1, replace=False).tolist())
        return [b - a for a, b in pairwise([0, *cuts, columns])]

    def _try_row(self, plane: Plane, spans: Sequence[int]) -> list[_Cell] | None:
        """A row of the given spans from the first stories of the stock, in any order."""
        ahead = self.stock.stories[: len(spans) + 3]
        order = self.rng.permutation(len(ahead))[: len(spans)]
        if len(order) < len(spans):
            return None
        row: list[_Cell] = []
        at, running = 0, False
        for span, index in zip(spans, order, strict=True):
            part = self.span(plane, sum(spans), at, span)
            cell = None
            if not running and span <= 2 and chance(self.rng, self.style.running):
                cell = self._try_running(part, span)
                running = cell is not None
            cell = cell or self._try_cell(ahead[int(index)], part, span)
            if cell is None:
                return None
            row.append(cell)
            at += span
        return row

    def _try_cell(self, story: Story, plane: Plane, span: int) -> _Cell | None:
        """A story in a plane, cut where it does not fit; None where even its start does not."""
        design = article_design(self.rng, self.style, story, span, plane.length)
        crossed = chance(self.rng, self.style.crossed) and not _has_ascii(story)
        design = _for_crossing(design) if crossed else self._with_inset(design, plane, story)
        deep = max(plane.depth, 60 * design.pitch)
        roomy = plane.part(0, 0, plane.length, deep)
        for paragraphs in range(len(story.paragraphs), min(2, len(story.paragraphs)) - 1, -1):
            cut = story.cut(paragraphs)

            def place(numbers: tuple[str, ...], depth: float | None, cut: Story = cut) -> Block:
                if crossed:
                    return set_crossed(cut, design, roomy, numbers[0])
                return set_article(cut, design, roomy, numbers[0], depth)

            try:
                cell = _Cell(plane, (cut,), place, place(("?",), None))
            except DoesNotFitError:
                return None
            if cell.depth <= plane.depth:
                return cell
        return None

    def _try_running(self, plane: Plane, span: int) -> _Cell | None:
        """Short pieces in a column or two."""
        count = int(self.rng.integers(2, 5))
        briefs = tuple(self.stock.briefs[:count])
        if len(briefs) < 2:
            return None
        design = replace(self.style.design, columns=span)
        label = pick(self.rng, self.style.labels) if chance(self.rng, 0.6) else ""

        def place(numbers: tuple[str, ...], depth: float | None) -> Block:
            del depth
            return set_running(briefs, design, plane, numbers, None, label)

        try:
            cell = _Cell(plane, briefs, place, place(tuple("?" for _ in briefs), None))
        except DoesNotFitError:
            return None
        return cell if cell.depth <= plane.depth else None

    def _with_inset(self, design: Design, plane: Plane, story: Story) -> Design:
        """The design with a picture in the text, where there is enough text to run around it."""
        if not chance(self.rng, self.style.inset) or design.columns < 2:
            return design
        spans = int(self.rng.integers(1, design.columns))
        share = spans / design.columns
        if chance(self.rng, 0.35) and plane.length / design.columns > 22 * self._em:
            share += 0.5 / design.columns
        start = float(self.rng.integers(0, design.columns - spans)) / design.columns
        rows = int(np.clip(share * plane.length * 0.66 / design.pitch, 8, 26))
        text = story.length * design.em * design.pitch
        if share * plane.length * rows * design.pitch > 0.6 * text:
            return design
        free = design.position not in (HeadPosition.CORNER, HeadPosition.MIDDLE)
        at = pick(self.rng, [0.0, 0.4, 1.0]) if free else 1.0
        caption = pick(self.rng, self.fillers.captions)
        inset = Inset(start, share, rows, at, caption, int(self.rng.integers(1 << 30)))
        return replace(design, inset=inset)

    def _waste(self, row: Sequence[_Cell], plane: Plane) -> float:
        """Share of a row left empty, with a fine for articles too shallow for their columns."""
        depth = max(cell.depth for cell in row)
        empty = sum((depth - cell.depth) * cell.plane.length for cell in row)
        waste = empty / (depth * plane.length)
        for cell in row:
            rows = cell.length * self._em / max(1.0, cell.plane.length) * 1.1
            waste += 0.5 * max(0.0, SHALLOWEST - rows) / SHALLOWEST
        return waste + 0.1 * float(self.rng.random())

    def _place(self, cell: _Cell, depth: float) -> None:
        """Sets a cell for good, and something under it where much room is left."""
        numbers = self.page.numbers(len(cell.stories))
        pitch = self.style.design.pitch
        left = depth - cell.depth
        little = left < 6 * pitch or left < 0.25 * depth
        fill_up = left > 0 and little and chance(self.rng, self.style.filled)
        block = cell.set(numbers, depth if fill_up else None)
        if block.rest:
            block = cell.set(numbers, None)
        self.page.add(block)
        used = cell.plane.area(block.box).depth
        if depth - used > 6 * pitch + self._gap:
            self._filler(cell.plane.to_depth(depth).from_across(used + self._gap))

    def _filler(self, plane: Plane) -> None:
        elements, kind = self.fillers.fill(plane, self.style.design)
        self.page.elements += elements
        self.page.features += [kind] if kind else []

    def _fill_rest(self, plane: Plane) -> None:
        """Advertisements side by side in the room that no article took."""
        pitch = self.style.design.pitch
        if plane.depth < 4 * pitch:
            return
        plane = plane.to_depth(min(plane.depth, 14 * pitch))
        wish = plane.length / max(plane.depth * 1.8, 12 * self._em)
        count = max(1, min(4, round(wish)))
        length = (plane.length - self._gap * (count - 1)) / count
        for n in range(count):
            self._filler(plane.part(n * (length + self._gap), 0, length, plane.depth))

    def _rule_between(self, plane: Plane, across: float) -> None:
        stroke = self.style.rule_between
        if stroke is None:
            return
        thickness = 6.0 if stroke in (Stroke.DOUBLE, Stroke.WAVY) else 2.5
        box = plane.place(Area(0, across - thickness / 2, plane.length, thickness))
        self.page.elements.append(Rule(box, stroke))

    def _rules_beside(self, row: Sequence[_Cell], depth: float) -> None:
        """Rules between the articles of a row, where the page has rules between articles."""
        if self.style.rule_between is not None:
            for cell in row[1:]:
                self._rule_beside(cell.plane, depth)

    def _rule_beside(self, plane: Plane, depth: float) -> None:
        along = -self.style.design.gutter * self._em / 2
        self.page.elements.append(Rule(plane.place(Area(along - 1, 0, 2, depth)), light=0.2))


def _has_ascii(story: Story) -> bool:
    texts = [story.title, story.deck, story.byline, *(p.text for p in story.paragraphs)]
    return any(c.isascii() and c.isalnum() for text in texts for c in text)


def _for_crossing(design: Design) -> Design:
    """The design of an article set in the other direction: framed, its headline before the text."""
    upright = design.body.family == UPRIGHT_ONLY
    body = replace(design.body, family=SONG) if upright else design.body
    return replace(
        design,
        body=body,
        columns=1,
        position=HeadPosition.ACROSS,
        frame=design.frame or Stroke.SOLID,
        panel=False,
        rightward=True,
        drop_cap=0,
        inset=None,
    )
