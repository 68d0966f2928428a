"""Makes the glyphs and the lattice of a line from what an engine read in its strip."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from newspage.engine import Reading
from newspage.geometry import Box
from newspage.lattice import Lattice
from newspage.model import Direction, Glyph, TextLine
from newspage.recognise.line_strips import LineStrip

FIRST_WIDE = "\u2e80"
"""From this character on, writing is set as wide as it is high."""
EM_OF_THICKNESS = 0.93
"""Em of the type as a share of the thickness of a found line. Judgement: the box takes in a
little white."""


def read_row(line: TextLine, strip: LineStrip, reading: Reading) -> TextLine:
    """Return a horizontal line with what was read in its strip."""
    width = strip.pixels.shape[1]
    top, bottom = strip.line.top, strip.line.bottom
    glyphs = [
        Glyph(
            normalise_character(text), strip.on_page(Box(a * width, top, b * width, bottom)), chance
        )
        for text, chance, (a, b) in zip(
            reading.text,
            reading.confidences.tolist(),
            reading.spans.astype(float).tolist(),
            strict=True,
        )
    ]
    lattice = shift_lattice(reading.lattice, width, strip.line.left, strip.line.right)
    if line.direction is Direction.HORIZONTAL_RTL:
        glyphs, lattice = glyphs[::-1], reverse_lattice(lattice)
    return attach_glyphs(line, glyphs, lattice, line.size or _em(line, glyphs))


def attach_glyphs(
    line: TextLine, glyphs: Sequence[Glyph], lattice: Lattice, size: float
) -> TextLine:
    """Return the line with its glyphs and lattice, blanks at its ends left out.

    Args:
        line: The line as it was found.
        glyphs: Its glyphs in reading order; may be empty.
        lattice: Its lattice, with positions as fractions of the line.
        size: The em of its type in pixels of the page.
    """
    printed = [i for i, g in enumerate(glyphs) if not g.text.isspace()]
    inside = glyphs[printed[0] : printed[-1] + 1] if printed else ()
    return replace(line, glyphs=tuple(inside), lattice=lattice, size=size)


def normalise_character(text: str) -> str:
    """Return a character in Unicode's form NFC, in which equal characters are equal strings."""
    return unicodedata.normalize("NFC", text)


def shift_lattice(lattice: Lattice, length: float, start: float, end: float) -> Lattice:
    """Return the lattice with positions as fractions of the line instead of fractions of its strip.

    Args:
        lattice: The lattice of a strip.
        length: Length of the strip in pixels.
        start: Where the line begins in it, in pixels.
        end: Where the line ends in it, in pixels.
    """
    positions = (lattice.positions * length - start) / max(end - start, 1.0)
    return replace(lattice, positions=np.clip(positions, 0, 1).astype(np.float32))


def reverse_lattice(lattice: Lattice) -> Lattice:
    """Return the lattice of a line that was read against its direction, turned round."""
    return Lattice(lattice.classes[::-1], lattice.log_probs[::-1], 1 - lattice.positions[::-1])


def _em(line: TextLine, glyphs: Sequence[Glyph]) -> float:
    """Return the em: the pitch of wide neighbours, unless spaced out, or that of the height."""
    most = EM_OF_THICKNESS * line.box.height
    pitches = [
        abs(b.box.center[0] - a.box.center[0])
        for a, b in pairwise(glyphs)
        if min(a.text, b.text) >= FIRST_WIDE
    ]
    return min(float(np.median(pitches)), 1.1 * most) if len(pitches) > 2 else most
