"""Newspaper pages drawn with letters, for the tests of layout and of what follows it.

A drawing is a picture of the page: a letter or blank is half an em wide, an ideograph one em, and
each row of the drawing is a row of body type.

    aaaaaaaa      a line of made-up text, known to the tests by its letter
    人民公园      a line of just this text
    <AAAA>        the same in type of two em, which takes two rows; <<AAAA>> three em, three rows
    {AAAA}        the same in type of 1.2 em, in one row
    ^A            below each other: a line of two em that runs down
    ----  |       rules, horizontal and vertical
    +--+          corners of a frame; # are those of a dark panel, @ those of a ruled table
    %%%%          a picture

Two blanks, a rule or a corner part one line from the next. `vertical` sets the drawing as the old
papers were set: its rows become columns that run down the page, the first at the right.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from textwrap import dedent
from unicodedata import east_asian_width

import numpy as np

from newspage.geometry import Box, turn_box_back
from newspage.model import (
    Detection,
    Direction,
    Glyph,
    PageImage,
    PageLayout,
    RegionKind,
    Scan,
    Separator,
    TextLine,
)

EM = 20
"""Size of the body type in pixels."""
PITCH = 28
"""From one row to the next."""
WORDS = "这里讲的是城里人家种树修桥开渠办学的事情大家看了都说好"
"""Made-up text is made of this."""

_RUN = re.compile(r"<+[^<>]+>+|\{[^{}]+\}|(?<!\^)[^\s|+#@%<>{}^-](?: ?[^\s|+#@%<>{}^-])*")
_HALF = EM // 2
_EMPTY = "\0"
"""The second half of a cell that an ideograph fills."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """What was found and read on a drawn page."""

    detection: Detection
    image: PageImage
    labels: dict[str, str]
    """The letter of a line, or its text, by the line's id."""

    def label(self, lines: Iterable[TextLine]) -> str:
        """The letters of lines, one for those of the same letter that follow each other."""
        return "".join(key for key, _ in groupby(self.labels[line.id] for line in lines))

    def articles(self, page: PageLayout) -> list[dict[str, str]]:
        """Every article of an arranged page: the letters of its regions by their kind."""
        ids = dict.fromkeys(r.article for r in _ordered(page) if r.article)
        return [self._kinds(page, key) for key in ids]

    def _kinds(self, page: PageLayout, article: str) -> dict[str, str]:
        lines: dict[str, list[TextLine]] = {}
        for region in _ordered(page):
            if region.article == article:
                lines.setdefault(region.kind.value, []).extend(region.lines)
        return {kind: self.label(found) for kind, found in lines.items()}

    def furniture(self, page: PageLayout) -> list[tuple[RegionKind, str]]:
        """Kind and letters of every region that is no part of an article, in reading order."""
        return [(r.kind, self.label(r.lines)) for r in _ordered(page) if r.article is None]


def _ordered(page: PageLayout) -> list:  # type: ignore[type-arg]
    regions = {r.id: r for r in page.regions}
    return [regions[i] for i in page.reading_order]


def drawn(drawing: str, *, vertical: bool = False) -> Drawn:
    """The page that a drawing shows."""
    grid = _grid(drawing)
    rows = [*_runs(grid), *_standing(grid)]
    width, height = EM * 2 + max(map(len, grid)) * _HALF, EM * 2 + len(grid) * PITCH
    ordered = sorted(rows, key=lambda row: (row[2].top, row[2].left))
    lines, labels, told = [], {}, 0
    for number, (label, size, box, direction) in enumerate(ordered):
        text, told = _text(label, box, size, direction, told)
        lines.append(line_at(f"l{number:04d}", text, box, direction, size))
        labels[f"l{number:04d}"] = label[0] if label[0].isascii() else text
    found = Detection(
        tuple(lines),
        tuple(_rules(grid)),
        frames=tuple(_boxes(grid, "+")),
        panels=tuple(_boxes(grid, "#")),
        tables=tuple(_boxes(grid, "@")),
        pictures=tuple(_pictures(grid)),
    )
    if vertical:
        found, width, height = _set_vertically(found, height), height, width
    scan = Scan(Path("drawn.png"), "", width, height)
    return Drawn(found, PageImage(scan, np.full((height, width), 255, np.uint8)), labels)


def line_at(name: str, text: str, box: Box, direction: Direction, size: float) -> TextLine:
    """A line whose glyphs fill its box evenly."""
    down = direction is Direction.VERTICAL
    long = box.height if down else box.width
    glyphs = []
    for i, c in enumerate(text):
        start, end = (k * long / len(text) for k in (i, i + 1))
        if down:
            cell = Box(box.left, box.top + start, box.right, box.top + end)
        else:
            cell = Box(box.left + start, box.top, box.left + end, box.bottom)
        glyphs.append(Glyph(c, cell, 0.95))
    return TextLine(name, box, direction, size=size, glyphs=tuple(glyphs))


def _grid(drawing: str) -> list[str]:
    """The rows of a drawing, every ideograph followed by the half of its cell that it fills."""
    rows = dedent(drawing).strip("\n").splitlines() or [""]
    wide = ["".join(c + _EMPTY if east_asian_width(c) in "WF" else c for c in r) for r in rows]
    return [row.replace("\u3000" + _EMPTY, "  ") for row in wide]


def _at(row: int, column: float) -> tuple[float, float]:
    """Top left of a cell in pixels."""
    return EM + column * _HALF, EM + row * PITCH


_Run = tuple[str, float, Box, Direction]


def _runs(grid: Sequence[str]) -> list[_Run]:
    """The lines of a drawing: what they say, size, box."""
    out = []
    for number, row in enumerate(grid):
        for found in _RUN.finditer(row):
            text = found.group().replace(_EMPTY, "").strip("<>{}")
            level = 1 + found.group().count("<") + 0.2 * found.group().count("{")
            left, top = _at(number, found.start())
            right = _at(number, found.end())[0]
            if len(text) > 2 * level or level > 1 or not text.isascii():
                box = Box(left, top, right, top + 1.1 * level * EM)
                out.append((text, float(level * EM), box, Direction.HORIZONTAL))
    return out


def _standing(grid: Sequence[str]) -> list[_Run]:
    """The lines of a drawing that run down."""
    starts: dict[tuple[int, str], list[int]] = {}
    for number, row in enumerate(grid):
        for found in re.finditer(r"\^(\w)", row):
            starts.setdefault((found.start(), found.group(1)), []).append(number)
    out = []
    for (column, letter), rows in starts.items():
        left, top = _at(rows[0], column)
        box = Box(left, top, left + 2.2 * EM, top + len(rows) * PITCH)
        out.append((letter, 2.0 * EM, box, Direction.VERTICAL))
    return out


def _text(label: str, box: Box, size: float, direction: Direction, told: int) -> tuple[str, int]:
    """What a line says, and how much of the made-up text has been told after it."""
    if not label[0].isascii() or not label[0].isalpha():
        return label, told
    tail = label.lstrip(label[0])
    long = box.height if direction is Direction.VERTICAL else box.width
    count = max(1, round(long / size) - len(tail))
    words = "".join(WORDS[(told + i) % len(WORDS)] for i in range(count))
    return words + tail, told + count


def _rules(grid: Sequence[str]) -> list[Separator]:
    out = []
    for number, row in enumerate(grid):
        for found in re.finditer(r"[-+]{3,}", row):
            left, top = _at(number, found.start() + 0.5)
            middle, right = top + PITCH / 2, left + (found.end() - found.start() - 1) * _HALF
            out.append(Separator(Box(left, middle - 1, right, middle + 1), vertical=False))
    for column in range(max(map(len, grid))):
        cells = "".join(row[column] if column < len(row) else " " for row in grid)
        for found in re.finditer(r"[+]?\|[|+]*", cells):
            left, top = _at(found.start(), column + 0.5)
            bottom = _at(found.end(), 0)[1]
            top += PITCH / 2 * (cells[found.start()] == "+")
            bottom -= PITCH / 2 * (cells[found.end() - 1] == "+")
            out.append(Separator(Box(left - 1, top, left + 1, bottom), vertical=True))
    return out


def _boxes(grid: Sequence[str], corner: str) -> list[Box]:
    """Rectangles between corners: the top left one, the next in its row, the next below it."""
    out, used = [], set()
    for number, row in enumerate(grid):
        corners = [i for i, c in enumerate(row) if c == corner and (number, i) not in used]
        for left, right in zip(corners[::2], corners[1::2], strict=True):
            below = next(
                k for k in range(number + 1, len(grid)) if grid[k][left : left + 1] == corner
            )
            used |= {(below, left), (below, right)}
            (x0, y0), (x1, y1) = _at(number, left + 0.5), _at(below, right + 0.5)
            out.append(Box(x0, y0 + PITCH / 2, x1, y1 + PITCH / 2))
    return out


def _pictures(grid: Sequence[str]) -> list[Box]:
    """Rectangles of percent signs."""
    found: list[tuple[int, int, int, int]] = []
    for number, row in enumerate(grid):
        for run in re.finditer("%+", row):
            old = next((f for f in found if f[:2] == run.span() and f[3] == number), None)
            if old:
                found.remove(old)
            found.append((*run.span(), old[2] if old else number, number + 1))
    return [Box(*_at(top, left), *_at(bottom, right)) for left, right, top, bottom in found]


def _set_vertically(found: Detection, width: float) -> Detection:
    """The page of which the drawing is what layout sees after its quarter turn."""

    def back(box: Box) -> Box:
        return turn_box_back(box, width)

    return Detection(
        tuple(_line_back(line, width) for line in found.lines),
        tuple(Separator(back(r.box), not r.vertical) for r in found.separators),
        tuple(map(back, found.frames)),
        tuple(map(back, found.panels)),
        tuple(map(back, found.pictures)),
        tuple(map(back, found.tables)),
    )


def _line_back(line: TextLine, width: float) -> TextLine:
    glyphs = tuple(replace(g, box=turn_box_back(g.box, width)) for g in line.glyphs)
    direction = Direction.HORIZONTAL if line.vertical else Direction.VERTICAL
    box = turn_box_back(line.box, width)
    if direction is Direction.HORIZONTAL:
        glyphs = glyphs[::-1]
    return replace(line, box=box, direction=direction, glyphs=glyphs)
