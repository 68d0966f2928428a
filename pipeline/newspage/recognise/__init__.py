"""Reads lines: their characters, their confidence, their places, and what else each could be."""

import math
from collections.abc import Sequence
from dataclasses import replace

from newspage.config import RecogniseConfig
from newspage.engine import Engine, LightReader, Reading
from newspage.model import GrayImage, PageImage, TextLine
from newspage.recognise.augmentation import make_blur, read_with_augmentation
from newspage.recognise.cascade import CascadeResult, read_in_cascade
from newspage.recognise.class_requests import EngineWithClasses
from newspage.recognise.glyphs import read_row
from newspage.recognise.line_strips import LineStrip, cut_row_strip, measure_free_ends
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


ALLOWED = {"fast": math.inf, "balanced": 6e-4}
"""Share of the characters that may be expected to differ from a full reading, by quality. On pages
of the generator that took no part in the fit a third of it differed in fact (docs/performance.md).
Half as much has half as many rows again read twice, and finds two of the three faults left."""


def recognise_lines(
    lines: Sequence[TextLine],
    image: PageImage,
    engine: Engine,
    config: RecogniseConfig,
    light: LightReader | None = None,
) -> tuple[TextLine, ...]:
    """Return the same lines in the same order, read; without glyphs where nothing could be read.

    Args:
        lines: The lines as they were found.
        image: The working image.
        engine: Reads the strips.
        config: Says how vertical lines are read, and with what quality.
        light: Reads rows at first sight; None: all are read in full.

    Returns:
        Lines with glyphs in reading order, a character each, in NFC, their boxes in pixels of the
        image; with lattices in reading direction; with `size` where it was unknown.
    """
    read = _read(lines, measure_free_ends(lines), image, engine, config, light)
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
    rooms = measure_free_ends(lines, [which])
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
    light: LightReader | None = None,
) -> list[TextLine]:
    """Read rows and columns, and return the lines in their order; `rooms` are their free ends."""
    rows = [i for i, line in enumerate(lines) if not line.vertical]
    columns = [i for i, line in enumerate(lines) if line.vertical]
    strips = [cut_row_strip(lines[i], image.pixels, rooms[i]) for i in rows]
    found = _read_rows(strips, engine, config, light)
    read = {
        i: replace(read_row(lines[i], strip, reading), read_lightly=lightly)
        for i, strip, reading, lightly in zip(
            rows, strips, found.readings, found.lightly, strict=True
        )
    }
    both = config.vertical == "both"
    read_vertical = read_columns(
        [lines[i] for i in columns], [rooms[i] for i in columns], image.pixels, engine, both
    )
    read.update(zip(columns, read_vertical, strict=True))
    return [read[i] for i in range(len(lines))]


def _read_rows(
    strips: Sequence[LineStrip],
    engine: Engine,
    config: RecogniseConfig,
    light: LightReader | None,
) -> CascadeResult:
    """Read rows in full, or lightly at first sight."""

    def read_fully(pixels: Sequence[GrayImage]) -> list[Reading]:
        """Read strips with the full network, doubtful ones more than once."""
        return read_with_augmentation(pixels, LOOKS, engine)

    pixels = [strip.pixels for strip in strips]
    if light is None:
        return CascadeResult(tuple(read_fully(pixels)), (False,) * len(strips))
    heights = [strip.line.height * strip.page_pixels for strip in strips]
    allowed = ALLOWED[config.quality]
    return read_in_cascade(pixels, heights, light, read_fully, engine.characters, allowed)
