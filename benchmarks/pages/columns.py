"""Running text poured into columns, around whatever stands in its way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from benchmarks.pages.breaking import take_line, tokens, width_of
from benchmarks.pages.plane import Area, Plane
from benchmarks.pages.sheet import Fit, Joint, Role, SetLine, Type
from pipeline.geometry import Box

NARROWEST = 5.0
"""A gap of fewer em is left empty rather than filled with text."""


@dataclass(frozen=True, slots=True)
class Place:
    """Room for one line: the row is its number in the column, from the column's start."""

    column: int
    row: int
    area: Area


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns of equal width in a plane (tiers, where the plane is vertical)."""

    plane: Plane
    columns: int
    gutter: float
    """Pixels between two columns."""
    pitch: float
    """Pixels from one line to the next."""
    em: float
    """Pixels from one character to the next."""
    obstacles: tuple[Box, ...] = ()
    """Boxes on the page that text runs around, their margins included."""

    @property
    def measure(self) -> float:
        """Length of a column's lines in pixels."""
        return (self.plane.length - self.gutter * (self.columns - 1)) / self.columns

    @property
    def rows(self) -> int:
        return int(self.plane.depth / self.pitch + 0.001)

    def start(self, column: int) -> float:
        """Where a column begins, along the lines."""
        return column * (self.measure + self.gutter)

    def places(self) -> Iterator[Place]:
        """Every place for a line, in reading order."""
        blocks = [self.plane.area(b) for b in self.obstacles]
        for column in range(self.columns):
            for row in range(self.rows):
                area = self._free(self.start(column), row, blocks)
                if area is not None:
                    yield Place(column, row, area)

    def _free(self, start: float, row: int, blocks: Sequence[Area]) -> Area | None:
        """The longest stretch of a row that no obstacle covers, None where it is too short."""
        across, end = row * self.pitch, start + self.measure
        cuts = sorted(
            (max(start, b.along), min(end, b.end))
            for b in blocks
            if b.across < across + self.pitch - 0.5 and b.after > across + 0.5
            if b.along < end - 0.5 and b.end > start + 0.5
        )
        free, at = [], start
        for left, right in [*cuts, (end, end)]:
            free.append((left - at, at))
            at = max(at, right)
        length, at = max(free)
        return Area(at, across, length, self.pitch) if length >= NARROWEST * self.em else None


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text set in one type: a paragraph, a sub-heading, a jump line."""

    text: str
    type: Type
    role: Role
    number: int
    """Of the paragraph in its article."""
    indent: float = 2.0
    """Of the first line, in em."""
    last: Fit = Fit.START
    """Where the last line stands."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What became of some passages: lines in reading order, and what found no room."""

    lines: tuple[SetLine, ...] = ()
    joints: tuple[Joint, ...] = ()
    rest: tuple[Passage, ...] = ()
    filled: dict[int, int] = field(default_factory=dict)
    """Number of rows used, by column."""


def set_passages(passages: Sequence[Passage], grid: Grid, article: str) -> Setting:
    """Pours passages into a grid, line by line, until they or the grid end."""
    places = _Places(grid)
    lines: list[SetLine] = []
    joints: list[Joint] = []
    filled: dict[int, int] = {}
    for index, passage in enumerate(passages):
        pieces, at, previous = tokens(passage.text), 0, None
        if passage.role is Role.SUBHEAD:
            places.keep_off_the_end()
        while at < len(pieces):
            place = places.take()
            if place is None:
                rest = _remainder(passage, pieces, at)
                return Setting(tuple(lines), tuple(joints), (rest, *passages[index + 1 :]), filled)
            line, at = _set_line(passage, pieces, at, place, grid, article)
            if previous is not None and lines:
                joints += _joint(previous, place, lines[-1], line)
            lines.append(line)
            filled[place.column] = place.row + 1
            previous = place
    return Setting(tuple(lines), tuple(joints), (), filled)


class _Places:
    """The places of a grid, one after the other, with a look ahead."""

    def __init__(self, grid: Grid) -> None:
        self._all = list(grid.places())
        self._next = 0

    def take(self) -> Place | None:
        if self._next >= len(self._all):
            return None
        self._next += 1
        return self._all[self._next - 1]

    def keep_off_the_end(self) -> None:
        """Skips the last place of a run, where a sub-heading would stand without its text."""
        here = self._all[self._next : self._next + 2]
        if len(here) == 2 and (here[0].column, here[0].row + 1) != (here[1].column, here[1].row):
            self._next += 1


def _set_line(
    passage: Passage, pieces: tuple[str, ...], at: int, place: Place, grid: Grid, article: str
) -> tuple[SetLine, int]:
    indent = passage.indent * grid.em if at == 0 else 0.0
    area = replace(place.area, along=place.area.along + indent, length=place.area.length - indent)
    scale = passage.type.size * (1 + passage.type.spacing) * passage.type.stretch
    end = take_line(pieces, at, area.length / scale)
    last = end == len(pieces)
    line = SetLine(
        text="".join(pieces[at:end]),
        box=grid.plane.place(area),
        type=passage.type,
        role=passage.role,
        direction=grid.plane.direction,
        fit=passage.last if last else Fit.JUSTIFY,
        article=article,
        paragraph=passage.number,
    )
    return line, end


def _joint(previous: Place, place: Place, before: SetLine, after: SetLine) -> list[Joint]:
    if place.column != previous.column:
        kind = "column"
    elif place.row != previous.row + 1:
        kind = "block"
    else:
        return []
    return [Joint(kind, after.article, after.paragraph, before.text, after.text)]


def _remainder(passage: Passage, pieces: tuple[str, ...], at: int) -> Passage:
    if at == 0:
        return passage
    return replace(passage, text="".join(pieces[at:]), indent=0.0)


def rows_needed(passages: Sequence[Passage], grid: Grid) -> int:
    """A lower bound of the rows that the passages need, obstacles left out."""
    per_row = grid.measure / grid.em * grid.columns
    total = sum(sum(width_of(c) for c in p.text) for p in passages)
    return max(1, int(total / per_row * 0.9))
