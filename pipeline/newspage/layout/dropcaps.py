"""Large first letters that stand beside the first rows of a text."""

from collections.abc import Sequence
from dataclasses import replace

from newspage.geometry import Box, measure_overlap_1d, union_boxes
from newspage.layout.fragments import concatenate_lattices
from newspage.layout.view import Row
from newspage.model import TextLine

LARGE = 1.7
"""Times the em of the text. A drop cap is larger: it spans two rows or more. Judgement."""


def attach_drop_caps(rows: Sequence[Row], em: float) -> list[Row]:
    """Return the rows with every drop cap put at the beginning of the row it begins.

    The rows beside it count as beginning where it does, so that they are not taken for indented.
    """
    out = list(rows)
    for cap in rows:
        # A cap that stands beside a larger one has gone into its row.
        free = any(r is cap for r in out)
        beside = _beside(cap, out, em) if free and _could_be(cap, em) else []
        if len(beside) >= 2:
            first = _joined(cap, beside[0])
            rest = {id(r): _widened(r, cap.box) for r in beside[1:]}
            out = [first if r is beside[0] else rest.get(id(r), r) for r in out if r is not cap]
    return out


def _could_be(row: Row, em: float) -> bool:
    """Tell whether a row is one large, roughly square character, as a drop cap is."""
    box = row.box
    return (
        len(row.text.strip()) == 1
        and min(box.width, box.height) > LARGE * em
        and 0.6 < box.width / max(1.0, box.height) < 1.7
    )


def _beside(cap: Row, rows: Sequence[Row], em: float) -> list[Row]:
    """Return the rows of body type that begin where the cap ends, from the top down."""
    found = [
        r
        for r in rows
        if r is not cap
        and not r.foreign
        and r.box.height < 0.75 * cap.box.height
        and -0.25 * cap.box.width < r.box.left - cap.box.right < 1.5 * em
        and measure_overlap_1d(r.box.top, r.box.bottom, cap.box.top, cap.box.bottom)
        > 0.5 * r.box.height
    ]
    return sorted(found, key=lambda r: r.box.top)


def _joined(cap: Row, row: Row) -> Row:
    """Return the row with the cap as its first glyph."""
    line: TextLine = replace(
        row.line,
        box=union_boxes((cap.line.box, row.line.box)),
        polygon=(),
        size=row.size,
        glyphs=cap.line.glyphs + row.line.glyphs,
        lattice=concatenate_lattices(cap, row),
    )
    box = Box(min(cap.box.left, row.box.left), row.box.top, row.box.right, row.box.bottom)
    return Row(line, box, initial=True)


def _widened(row: Row, cap: Box) -> Row:
    """Return a row beside the cap as if it began where the cap does."""
    box = Box(min(cap.left, row.box.left), row.box.top, row.box.right, row.box.bottom)
    return Row(replace(row.line, box=union_boxes((row.line.box, box)), polygon=()), box)
