"""Running text poured into columns, around whatever stands in its way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from benchmarks.pages.breaking import take_line, text_width, tokens, width_of
from benchmarks.pages.plane import Area, Plane
from benchmarks.pages.sheet import Fit, Joint, Role, SetLine, Type
from newspage.geometry import Box

_HEADINGS = (Role.KICKER, Role.TITLE, Role.DECK, Role.BYLINE, Role.SUBHEAD)
_CORNERS = str.maketrans("“”‘’", "『』「」")
INSET_MARGIN, INSET_LEAST = 0.5, 1.8
"""Between a heading and the text beside it, in em of the heading; and em of such text at least."""
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
    article: str = ""
    rows: int = 1
    """Rows of the grid that each of its lines takes: more than one for a heading in the text."""
    beside: int = 0
    """Rows of running text that go on beside it, where it stands at the start of a column's lines.
    They begin behind it. 0: the heading has its rows for itself."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What became of some passages: lines in reading order, and what found no room."""

    lines: tuple[SetLine, ...] = ()
    joints: tuple[Joint, ...] = ()
    rest: tuple[Passage, ...] = ()
    filled: dict[int, int] = field(default_factory=dict)
    """Number of rows used, by column."""


def set_passages(passages: Sequence[Passage], grid: Grid) -> Setting:
    """Pours passages into a grid, line by line, until they or the grid end."""
    places = _Places(grid)
    lines: list[SetLine] = []
    joints: list[Joint] = []
    filled: dict[int, int] = {}
    for index, passage in enumerate(passages):
        if passage.beside:
            line = places.inset(passage, grid)
            if line is None:
                return Setting(tuple(lines), tuple(joints), tuple(passages[index:]), filled)
            lines.append(line)
            continue
        pieces, at, previous = tokens(passage.text), 0, None
        if passage.role in _HEADINGS:
            places.keep_off_the_end(passage.rows)
        while at < len(pieces):
            place = places.take(passage.rows)
            if place is None:
                rest = _remainder(passage, pieces, at)
                return Setting(tuple(lines), tuple(joints), (rest, *passages[index + 1 :]), filled)
            line, at = _set_line(passage, pieces, at, place, grid)
            if previous is not None and lines:
                joints += _joint(previous, place, lines[-1], line)
            lines.append(line)
            filled[place.column] = place.row + passage.rows
            previous = place
    return Setting(tuple(lines), tuple(joints), (), filled)


class _Places:
    """The places of a grid, one after the other, with a look ahead."""

    def __init__(self, grid: Grid) -> None:
        self._all = list(grid.places())
        self._next = 0

    def take(self, rows: int = 1) -> Place | None:
        """The next place that is followed by enough rows of the same column and length."""
        while self._next < len(self._all):
            run = self._run(rows)
            if len(run) == rows:
                self._next += rows
                return run[0]
            self._next += max(1, len(run))
        return None

    def inset(self, passage: Passage, grid: Grid) -> SetLine | None:
        """The line of a heading with text beside it, the places beside it made shorter.

        It stands in the first run of enough rows of one column, two rows more for the text after
        it; None where there is none.
        """
        length = text_width(passage.text) * passage.type.em
        indent = passage.indent * grid.em
        taken = indent + length + passage.type.size * INSET_MARGIN
        while self._next < len(self._all):
            run = self._run(passage.beside + 2)
            room = run[0].area.length - taken >= INSET_LEAST * grid.em
            if len(run) == passage.beside + 2 and room:
                break
            self._next += max(1, len(run))
        else:
            return None
        for n, place in enumerate(run[: passage.beside]):
            area = place.area
            rest = replace(area, along=area.along + taken, length=area.length - taken)
            self._all[self._next + n] = replace(place, area=rest)
        first = run[0].area
        area = Area(first.along + indent, first.across, length, passage.beside * grid.pitch)
        return SetLine(
            printed(passage.text, grid.plane),
            grid.plane.place(area),
            passage.type,
            passage.role,
            grid.plane.direction,
            Fit.START,
            passage.article,
            passage.number,
        )

    def keep_off_the_end(self, rows: int) -> None:
        """Skips the end of a run where a heading would stand without its text."""
        while self._next < len(self._all) and len(run := self._run(rows + 1)) <= rows:
            self._next += len(run)

    def _run(self, rows: int) -> list[Place]:
        """The next places, as long as they lie under each other and are equally long."""
        run = self._all[self._next : self._next + 1]
        for place in self._all[self._next + 1 : self._next + rows]:
            last = run[-1]
            same = (last.area.along, last.area.length) == (place.area.along, place.area.length)
            if not same or (place.column, place.row) != (last.column, last.row + 1):
                break
            run.append(place)
        return run


def printed(text: str, plane: Plane) -> str:
    """The text as it is printed: in vertical lines quotation marks are corner brackets."""
    return text.translate(_CORNERS) if plane.vertical else text


def _set_line(
    passage: Passage, pieces: tuple[str, ...], at: int, place: Place, grid: Grid
) -> tuple[SetLine, int]:
    indent = passage.indent * grid.em if at == 0 else 0.0
    area = replace(place.area, along=place.area.along + indent, length=place.area.length - indent)
    end = take_line(pieces, at, area.length / passage.type.em)
    last = end == len(pieces)
    line = SetLine(
        text=printed("".join(pieces[at:end]), grid.plane),
        box=grid.plane.place(replace(area, depth=area.depth * passage.rows)),
        type=passage.type,
        role=passage.role,
        direction=grid.plane.direction,
        fit=passage.last if last or passage.role in _HEADINGS else Fit.JUSTIFY,
        article=passage.article,
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
