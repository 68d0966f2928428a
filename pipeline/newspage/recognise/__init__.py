"""Reads lines: their characters, their confidence, their places, and what else each could be."""

from collections.abc import Sequence

from newspage.config import RecogniseConfig
from newspage.engine import Engine
from newspage.model import GrayImage, PageImage, TextLine
from newspage.recognise.augmentation import make_blur, read_with_augmentation
from newspage.recognise.class_requests import EngineWithClasses
from newspage.recognise.glyphs import read_row
from newspage.recognise.line_strips import cut_row_strip, measure_free_ends
from newspage.recognise.script import (
    CharacterScript,
    detect_script,
    script_of_character,
    unify_script,
)
from newspage.recognise.vertical_lines import cut_column_readings, read_columns

__all__ = [
    "CharacterScript",
    "cut_reading_strips",
    "detect_script",
    "make_second_look",
    "recognise_lines",
    "reread_line",
    "script_of_character",
]

LOOKS = (make_blur(0.024), make_blur(0.041))
"""Looks at a doubtful row, blurs by these shares of its strip's height, which is 1.7 times the
thickness of the line; `augmentation` says what they gain."""


def recognise_lines(
    lines: Sequence[TextLine], image: PageImage, engine: Engine, config: RecogniseConfig
) -> tuple[TextLine, ...]:
    """Return the same lines in the same order, read; without glyphs where nothing could be read.

    Args:
        lines: The lines as they were found.
        image: The working image.
        engine: Reads the strips.
        config: Says how vertical lines are read.

    Returns:
        Lines with glyphs in reading order, a character each, in NFC, their boxes in pixels of the
        image; with lattices in reading direction; with `size` where it was unknown.
    """
    read = _read(lines, measure_free_ends(lines), image, engine, config)
    return unify_script(read, engine.characters)


def reread_line(
    which: int,
    lines: Sequence[TextLine],
    image: PageImage,
    engine: Engine,
    config: RecogniseConfig,
    also: Sequence[int],
) -> TextLine:
    """Read one of the lines again on the same strip, its lattice with the classes `also` added.

    Args:
        which: Index of the line in `lines`.
        lines: All lines of the page: its neighbours bound the strip of a line.
        image: The working image.
        engine: Reads the strip.
        config: Says how vertical lines are read.
        also: Classes that the lattice is to hold at every step, however unlikely.
    """
    rooms = measure_free_ends(lines)[which : which + 1]
    (line,) = _read([lines[which]], rooms, image, EngineWithClasses(engine, also), config)
    return line


def make_second_look(strip: GrayImage) -> GrayImage:
    """Return the strip of a row as it is looked at again where its reading is doubtful."""
    return LOOKS[0](strip)


def cut_reading_strips(
    lines: Sequence[TextLine],
    image: PageImage,
    engine: Engine,
    which: Sequence[int] | None = None,
) -> list[tuple[GrayImage, ...]]:
    """Return for lines the strips that each is read in: one of a row, up to two of a column.

    Args:
        lines: All lines of the page, as they were found.
        image: The working image.
        engine: Reads columns, which tells where their glyphs are.
        which: Indices of the lines whose strips are wanted; None: of all.
    """
    rooms = measure_free_ends(lines)
    wanted = range(len(lines)) if which is None else which
    columns = [i for i in wanted if lines[i].vertical]
    cut = cut_column_readings(
        [lines[i] for i in columns], [rooms[i] for i in columns], image.pixels, engine
    )
    strips = dict(zip(columns, cut, strict=True))
    return [
        strips.get(i) or (cut_row_strip(lines[i], image.pixels, rooms[i]).pixels,) for i in wanted
    ]


def _read(
    lines: Sequence[TextLine],
    rooms: Sequence[tuple[float, float]],
    image: PageImage,
    engine: Engine,
    config: RecogniseConfig,
) -> list[TextLine]:
    """Read rows and columns, and return the lines in their order; `rooms` are their free ends."""
    rows = [i for i, line in enumerate(lines) if not line.vertical]
    columns = [i for i, line in enumerate(lines) if line.vertical]
    strips = [cut_row_strip(lines[i], image.pixels, rooms[i]) for i in rows]
    readings = read_with_augmentation([strip.pixels for strip in strips], LOOKS, engine)
    read = {
        i: read_row(lines[i], strip, reading)
        for i, strip, reading in zip(rows, strips, readings, strict=True)
    }
    both = config.vertical == "both"
    read_vertical = read_columns(
        [lines[i] for i in columns], [rooms[i] for i in columns], image.pixels, engine, both
    )
    read.update(zip(columns, read_vertical, strict=True))
    return [read[i] for i in range(len(lines))]
