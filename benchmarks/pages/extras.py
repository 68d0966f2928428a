"""What stands on a page besides articles: mastheads, advertisements, tables, photographs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.pages.breaking import text_width
from benchmarks.pages.chance import pick
from benchmarks.pages.columns import Grid, Passage, set_passages
from benchmarks.pages.design import Design
from benchmarks.pages.insets import picture_with_caption
from benchmarks.pages.plane import Area, Plane
from benchmarks.pages.sheet import (
    Element,
    Fit,
    Frame,
    Panel,
    Role,
    Rule,
    SetLine,
    Stroke,
    Type,
)
from benchmarks.pages.stories import FOLDER, Story
from newspage.geometry import Box
from newspage.model import Direction


@dataclass(frozen=True, slots=True)
class Paper:
    """A newspaper: what its masthead says, and the types it is known by."""

    name: str
    dates: tuple[str, ...]
    name_type: Type
    small: Type


def masthead(paper: Paper, box: Box, layout: str, rule: Stroke) -> tuple[list[Element], float]:
    """The head of a front page at the top of a box, and its depth.

    `layout` is left, centre or rtl (the name from right to left, as on old papers).
    """
    size = paper.name_type.size
    direction = Direction.HORIZONTAL_RTL if layout == "rtl" else Direction.HORIZONTAL
    fit = Fit.CENTRE if layout == "centre" else Fit.START
    name_box = Box(box.left, box.top, box.right, box.top + size * 1.3)
    elements: list[Element] = [
        SetLine(paper.name, name_box, paper.name_type, Role.MASTHEAD, direction, fit)
    ]
    small = paper.small.size
    if layout == "centre":
        depth = size * 1.3 + small * 1.8
        elements += _spread(paper, Box(box.left, box.top + size * 1.4, box.right, box.top + depth))
    else:
        depth = size * 1.45
        top = box.top + depth - len(paper.dates) * small * 1.4 - small * 0.3
        for n, text in enumerate(paper.dates):
            line = Box(box.left, top + n * small * 1.4, box.right, top + (n + 1) * small * 1.4)
            elements.append(SetLine(text, line, paper.small, Role.MASTHEAD, direction, Fit.END))
    thickness = 6.0 if rule is Stroke.DOUBLE else 4.0
    elements.append(
        Rule(Box(box.left, box.top + depth, box.right, box.top + depth + thickness), rule)
    )
    return elements, depth + thickness


def _spread(paper: Paper, box: Box) -> list[Element]:
    """The dates of a masthead side by side, at both ends of a line and between."""
    fits = (Fit.START, Fit.CENTRE, Fit.END) if len(paper.dates) > 2 else (Fit.START, Fit.END)
    return [
        SetLine(text, box, paper.small, Role.MASTHEAD, fit=fit)
        for text, fit in zip(paper.dates, fits, strict=False)
    ]


def folio(
    paper: Paper, box: Box, page: str, section: str, editors: str
) -> tuple[list[Element], float]:
    """The head of an inside page: page and section, paper and date, editors, a rule."""
    large = paper.small.sized(paper.small.size * 1.6)
    depth = large.size * 1.4
    line = Box(box.left, box.top, box.right, box.top + depth)
    low = Box(box.left, box.top + depth - paper.small.size * 1.5, box.right, box.top + depth)
    elements: list[Element] = [
        SetLine(f"{page} {section}", line, large, Role.FOLIO),
        SetLine(f"{paper.name} {paper.dates[0]}", low, paper.small, Role.MASTHEAD, fit=Fit.CENTRE),
        SetLine(
            editors, low, paper.small.sized(paper.small.size * 0.85), Role.MASTHEAD, fit=Fit.END
        ),
        Rule(Box(box.left, box.top + depth + 6, box.right, box.top + depth + 10)),
    ]
    return elements, depth + 10


def advertisement(
    story: Story, plane: Plane, types: Design, rng: np.random.Generator
) -> list[Element]:
    """An advertisement that fills a plane: a name, a slogan, a few lines, a frame or a panel."""
    panel = bool(rng.random() < 0.35)
    stroke = pick(rng, [Stroke.SOLID, Stroke.DOUBLE, Stroke.THICK_THIN, Stroke.DASHED])
    size = types.body.size
    elements: list[Element] = (
        [Panel(plane.box, float(rng.uniform(0.02, 0.2)))]
        if panel
        else [Frame(plane.box, max(2.0, size * 0.1), stroke)]
    )
    margin = min(size, plane.depth / 6, plane.length / 6)
    inner = Plane(plane.box.grown(-margin), plane.direction)
    lines: list[SetLine] = []
    for scale in (2.0, 1.7, 1.4, 1.2, 1.0, 0.85, 0.7, 0.6):
        lines, depth, complete = _advert_lines(story, inner, types, panel, scale * size)
        if complete:
            slack = max(0.0, (inner.depth - depth) / 2)
            lines, _, _ = _advert_lines(story, inner.from_across(slack), types, panel, scale * size)
            break
    return [*elements, *lines]


def _advert_lines(
    story: Story, plane: Plane, types: Design, panel: bool, size: float
) -> tuple[list[SetLine], float, bool]:
    """Lines of an advertisement, their depth, and whether there was room for all of them."""
    big = min(2.8 * size, plane.length / max(1.0, text_width(story.title)) * 0.98)
    texts = [(story.title, replace(types.head.title, size=max(big, size)))]
    texts += [(story.deck, replace(types.head.deck, size=1.25 * size))] if story.deck else []
    texts += [(p.text, replace(types.body, size=size)) for p in story.paragraphs]
    lines: list[SetLine] = []
    across = 0.0
    for n, (text, kind) in enumerate(texts):
        kind = replace(kind, reversed=panel)
        pitch = kind.size * 1.4
        single = text_width(text) * kind.em <= plane.length
        passage = Passage(text, kind, Role.ADVERT, n, 0.0, Fit.CENTRE if single else Fit.START)
        room = plane.from_across(across)
        setting = set_passages([passage], Grid(room, 1, 0.0, pitch, kind.size))
        if setting.rest:
            return lines, across, False
        lines += setting.lines
        across += len(setting.lines) * pitch
    return lines, across, True


def load_rows(name: str) -> list[tuple[str, list[list[str]]]]:
    """The tables of a file: title and rows of cells."""
    found: list[tuple[str, list[list[str]]]] = []
    for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            found.append((line[2:], []))
        elif line.strip():
            found[-1][1].append(line.split("|"))
    return found


def table(
    title: str, rows: Sequence[Sequence[str]], plane: Plane, types: Design
) -> tuple[list[Element], float]:
    """A ruled table as wide as its plane, and its depth: infinite where a cell is too narrow."""
    size = types.body.size
    pitch, head = size * 1.6, size * 1.8
    columns = len(rows[0])
    width = plane.length / columns
    longest = max(text_width(cell) for row in rows for cell in row) * size
    if longest > width * 0.96:
        return [], float("inf")
    bold = replace(types.body, weight=700)
    elements: list[Element] = [
        SetLine(
            title,
            plane.place(Area(0, 0, plane.length, head)),
            bold,
            Role.TABLE,
            plane.direction,
            Fit.CENTRE,
        )
    ]
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            box = plane.place(Area(c * width, head + r * pitch, width, pitch))
            kind = bold if r == 0 else types.body
            elements.append(Frame(box.grown(0.75), 1.5))
            elements.append(
                SetLine(cell, box, kind, Role.TABLE, plane.direction, Fit.CENTRE, paragraph=r)
            )
    return elements, head + len(rows) * pitch


def photo(caption: str, plane: Plane, types: Design, seed: int) -> list[Element]:
    """A photograph that fills a plane, its caption after it."""
    return picture_with_caption(caption, seed, types, plane, 0.25 * types.body.size)


def load_lines(name: str) -> list[str]:
    """The lines of a text file of this package."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip()]
