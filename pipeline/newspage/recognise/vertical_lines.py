"""Reads vertical lines turned, then re-set, and keeps of each glyph the surer reading."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newspage.engine import Engine, Reading
from newspage.geometry import Box
from newspage.lattice import Lattice
from newspage.model import Glyph, GrayImage, TextLine
from newspage.recognise.augmentation import (
    make_blur,
    read_with_augmentation,
    sharpen_strip,
    thin_strokes,
)
from newspage.recognise.cells import (
    Cell,
    RowSetColumn,
    divide_into_cells,
    find_column_bounds,
    find_ink_sides,
    lay_column_down,
    set_in_row,
)
from newspage.recognise.glyphs import attach_glyphs, normalise_character, shift_lattice
from newspage.recognise.line_strips import LineStrip, cut_column_strip
from newspage.recognise.merge import ColumnReading, MergedGlyph, merge_readings

LOOKS = (sharpen_strip, make_blur(0.029))
"""Looks at a doubtful turned column; its strip is 1.4 times as high as the column is wide;
`augmentation` says what they gain."""


@dataclass(frozen=True, slots=True, eq=False)
class ReadColumn:
    """A vertical line cut out and read turned."""

    line: TextLine
    strip: LineStrip
    sides: tuple[int, int]
    """Where its own ink lies across the strip."""
    turned: Reading
    cells: tuple[Cell, ...]
    pitch: float

    @property
    def pixels(self) -> GrayImage:
        """Return the part of the strip that holds the column's own ink."""
        return _own(self.strip, self.sides)


def read_columns(
    lines: Sequence[TextLine],
    rooms: Sequence[tuple[float, float]],
    page: GrayImage,
    engine: Engine,
    reset: bool,
) -> list[TextLine]:
    """Read vertical lines turned and, if asked for, once more with their glyphs re-set.

    Args:
        lines: The vertical lines.
        rooms: For each of them the free pixels above and below it.
        page: The pixels of the page.
        engine: Reads the strips.
        reset: Whether to read a second time, with the glyphs re-set from left to right.

    Returns:
        The lines in the same order, with glyphs and lattice.
    """
    columns = _turned(lines, rooms, page, engine)
    if not reset:
        return [_as_turned(column) for column in columns]
    worth = [column for column in columns if column.cells]
    settings = [_set_upright(column) for column in worth]
    readings = engine.read_lines([setting.pixels for setting in settings])
    merged_lines = {
        id(column): _as_merged(column, setting, reading)
        for column, setting, reading in zip(worth, settings, readings, strict=True)
    }
    return [merged_lines.get(id(column)) or _as_turned(column) for column in columns]


def cut_column_readings(
    lines: Sequence[TextLine],
    rooms: Sequence[tuple[float, float]],
    page: GrayImage,
    engine: Engine,
) -> list[tuple[GrayImage, ...]]:
    """Return the strips of vertical lines as they are read: turned, and with their glyphs re-set.

    Args:
        lines: The vertical lines.
        rooms: For each of them the free pixels above and below it.
        page: The pixels of the page.
        engine: Reads them turned, which tells where their glyphs are.
    """
    return [
        (lay_column_down(column.pixels), *([_set_upright(column).pixels] if column.cells else ()))
        for column in _turned(lines, rooms, page, engine)
    ]


def _set_upright(column: ReadColumn) -> RowSetColumn:
    """Return the glyphs of a column from left to right.

    Strokes are thinned: upright, glyphs of thick microfilm print are otherwise blots.
    """
    return set_in_row(thin_strokes(column.pixels), column.cells, column.pitch)


def _turned(
    lines: Sequence[TextLine],
    rooms: Sequence[tuple[float, float]],
    page: GrayImage,
    engine: Engine,
) -> list[ReadColumn]:
    """Cut out the lines and read them; again where a line turns out narrower than it was found."""
    strips = [cut_column_strip(line, page, room) for line, room in zip(lines, rooms, strict=True)]
    columns = _columns(lines, strips, [find_ink_sides(strip.pixels) for strip in strips], engine)
    narrow = {i: sides for i, c in enumerate(columns) if (sides := _narrower(c)) is not None}
    again = _columns(
        [lines[i] for i in narrow], [strips[i] for i in narrow], list(narrow.values()), engine
    )
    better = dict(zip(narrow, again, strict=True))
    return [better.get(i, column) for i, column in enumerate(columns)]


def _columns(
    lines: Sequence[TextLine],
    strips: Sequence[LineStrip],
    sides: Sequence[tuple[int, int]],
    engine: Engine,
) -> list[ReadColumn]:
    """Read each strip turned, within its `sides`, and divide it into cells."""
    own = [_own(strip, side) for strip, side in zip(strips, sides, strict=True)]
    readings = read_with_augmentation([lay_column_down(pixels) for pixels in own], LOOKS, engine)
    columns = []
    for line, strip, side, pixels, reading in zip(lines, strips, sides, own, readings, strict=True):
        cells, pitch = divide_into_cells(pixels, reading)
        columns.append(ReadColumn(line, strip, side, reading, tuple(cells), pitch))
    return columns


def _narrower(column: ReadColumn) -> tuple[int, int] | None:
    """Return narrower sides of a column that holds edges of its neighbours too, else None."""
    found = find_column_bounds(column.pixels, column.pitch) if len(column.turned.text) > 2 else None
    return None if found is None else (column.sides[0] + found[0], column.sides[0] + found[1])


def _own(strip: LineStrip, sides: tuple[int, int]) -> GrayImage:
    """Return the part of a strip between its sides."""
    return np.ascontiguousarray(strip.pixels[:, sides[0] : sides[1]])


def _as_turned(column: ReadColumn) -> TextLine:
    """Return the line as it was read turned."""
    length = column.strip.pixels.shape[0]
    rows = column.turned.spans.astype(float) * length
    glyphs = [
        _glyph(column, text, chance, a, b)
        for text, chance, (a, b) in zip(
            column.turned.text, column.turned.confidences.tolist(), rows.tolist(), strict=True
        )
    ]
    return _filled(column, glyphs, column.turned.lattice)


def _as_merged(column: ReadColumn, setting: RowSetColumn, reading: Reading) -> TextLine:
    """Return the line with the merged glyphs of its turned and its re-set reading."""
    length = column.strip.pixels.shape[0]
    turned = ColumnReading(column.turned, _between(np.array(column.cells) / length))
    seen, lattice = merge_readings(turned, ColumnReading(reading, _between(setting.places)))
    return _filled(column, [_seen_glyph(column, s) for s in seen], lattice)


def _between(places: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return edges between cells: the strip's start, the middles between neighbours, its end."""
    return np.concatenate([[0.0], (places[:-1, 1] + places[1:, 0]) / 2, [1.0]])


def _seen_glyph(column: ReadColumn, seen: MergedGlyph) -> Glyph:
    """Return a merged glyph with its box on the page."""
    top, bottom = column.cells[seen.cell]
    a, b = (top + part * (bottom - top) for part in seen.part)
    return _glyph(column, seen.text, seen.confidence, a, b)


def _glyph(column: ReadColumn, text: str, confidence: float, top: float, bottom: float) -> Glyph:
    """Return a glyph that lies between two heights of the column's strip."""
    box = Box(column.sides[0], top, column.sides[1], max(top, bottom))
    return Glyph(normalise_character(text), column.strip.on_page(box), min(1.0, confidence))


def _filled(column: ReadColumn, glyphs: Sequence[Glyph], lattice: Lattice) -> TextLine:
    """Return the column's line with glyphs, lattice and size."""
    line = column.strip.line
    length = column.strip.pixels.shape[0]
    size = column.line.size or column.pitch * column.strip.page_pixels
    return attach_glyphs(
        column.line, glyphs, shift_lattice(lattice, length, line.top, line.bottom), size
    )
