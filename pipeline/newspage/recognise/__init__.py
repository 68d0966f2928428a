"""Reads lines: their characters, how sure of each, where each stands, and what else it could be."""

from collections.abc import Sequence

from newspage.config import RecogniseConfig
from newspage.engine import Engine
from newspage.model import PageImage, TextLine
from newspage.recognise.closely import Closely
from newspage.recognise.columns import read_columns
from newspage.recognise.glyphs import read_row
from newspage.recognise.looks import read_surely, softened
from newspage.recognise.script import in_one_script
from newspage.recognise.strips import free_ends, row_strip

LOOKS = (softened(0.024), softened(0.041))
"""How rows are looked at again; a strip is 1.7 times as high as its line is thick."""


def recognise(
    lines: Sequence[TextLine], image: PageImage, engine: Engine, config: RecogniseConfig
) -> tuple[TextLine, ...]:
    """The same lines in the same order, read; where nothing could be read, without glyphs.

    Glyphs are in reading order, in NFC, a character each, their boxes in pixels of the image;
    lattices run in reading direction. `size` is filled in where it was unknown.
    """
    read = _read(lines, free_ends(lines), image, engine, config)
    return in_one_script(read, engine.characters)


def read_again(
    which: int,
    lines: Sequence[TextLine],
    image: PageImage,
    engine: Engine,
    config: RecogniseConfig,
    also: Sequence[int],
) -> TextLine:
    """One of the lines read as before, on the same strip, its lattice with the classes `also`."""
    rooms = free_ends(lines)[which : which + 1]
    (line,) = _read([lines[which]], rooms, image, Closely(engine, also), config)
    return line


def _read(
    lines: Sequence[TextLine],
    rooms: Sequence[tuple[float, float]],
    image: PageImage,
    engine: Engine,
    config: RecogniseConfig,
) -> list[TextLine]:
    rows = [i for i, line in enumerate(lines) if not line.vertical]
    columns = [i for i, line in enumerate(lines) if line.vertical]
    strips = [row_strip(lines[i], image.pixels, rooms[i]) for i in rows]
    readings = read_surely([strip.pixels for strip in strips], LOOKS, engine)
    read = {
        i: read_row(lines[i], strip, reading)
        for i, strip, reading in zip(rows, strips, readings, strict=True)
    }
    both = config.vertical == "both"
    standing = read_columns(
        [lines[i] for i in columns], [rooms[i] for i in columns], image.pixels, engine, both
    )
    read.update(zip(columns, standing, strict=True))
    return [read[i] for i in range(len(lines))]
