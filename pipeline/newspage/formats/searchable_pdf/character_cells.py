"""Cut a printed line into cells, one for each character, for a text layer that lies on the print.

A line is written as a string along a baseline, and all that can be set for a character is how far
it reaches. The cells of a line touch each other: programs take a gap for a space, which Chinese has
not. Where print leaves a gap its middle is where one cell ends and the next begins.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from newspage.formats.characters import PrintedCharacter, PrintedLine
from newspage.formats.page_structure import IDEOGRAPHIC_DESCENT
from newspage.formats.searchable_pdf.glyphless_font import EM, Advance
from newspage.formats.xml_tree import clean_for_xml
from newspage.geometry import Box
from newspage.model import Direction

_FIXED_PITCH = 100
"""Thousandths of the em by which a character may lie beside its glyph before its width gives way.
Chinese is set in one width, so that most characters of a line, and of a page, share one code."""
_STEP = 50
"""Widths are multiples of so many thousandths of the em; what is left over goes to the next
character, so that it never adds up."""
_NARROWEST = 100
"""Smallest width of a character: readers take repeated characters closer together (7 hundredths of
the em in PDFium, 10 in Poppler) for the same one printed twice."""
_STEEPEST = 0.1
"""Slope (6 degrees) from which on the places of the glyphs are not believed. Judgement: no scan
that was read lies so askew; it takes a short line with wrong boxes."""
_FEWEST = 4
"""Glyphs of a line from which on its slope is measured. Judgement: fewer tell little."""
_LEVEL = 1 / 2
"""Share of its thickness up to which a line may rise from end to end and still be written level: no
character leaves its glyph by more than half of that. Poppler breaks a column that is not upright
wherever it has moved aside by half a point."""

Vector = tuple[float, float]
"""x and y in pixels of the scan, y pointing down."""

_DIRECTIONS = {
    Direction.HORIZONTAL: (1, 0),
    Direction.HORIZONTAL_RTL: (-1, 0),
    Direction.VERTICAL: (0, 1),
}


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line as text along a straight baseline, in pixels of the scan."""

    origin: Vector
    """The point where the baseline begins."""
    direction: Vector
    """In which it runs, of length 1."""
    height: float
    """Of the em box, across the baseline."""
    em: float
    """Length of 1000 units of width along the baseline."""
    characters: tuple[Advance, ...]


@dataclass(frozen=True, slots=True)
class _Cell:
    """The stretch of a line that some characters stand on; several share it after insertions."""

    start: float
    end: float
    across: float
    """Middle of the glyph, across the line."""
    thickness: float
    text: str


def place_line(printed: PrintedLine) -> PlacedLine | None:
    """Return a line with corrections in it as placed text; None where it has no text."""
    groups = _group_by_box(printed)
    if not groups:
        return None
    run = _run_of(printed, [box for box, _ in groups])
    cells = [_cell(box, text, run) for box, text in groups]
    edges = _touching_edges(cells)
    em = statistics.median(end - start for start, end in pairwise(edges))
    slope, middle = _middle_line(cells)
    direction = _turned(run, math.atan(slope))
    # Seen along the line its upper side is a quarter turn counter-clockwise.
    up = (direction[1], -direction[0])
    thickness = max(_thickness(cells) - abs(slope) * em, em / 4)
    lowered = thickness * (0.5 - IDEOGRAPHIC_DESCENT)
    x, y = _point(edges[0], middle + slope * edges[0], run)
    text = [c for cell in cells for c in cell.text]
    return PlacedLine(
        (x - lowered * up[0], y - lowered * up[1]),
        direction,
        thickness,
        em / math.cos(math.atan(slope)),
        tuple(_set_widths(text, edges, em)),
    )


def clean_for_pdf(text: str) -> str:
    """Return a text of the same length that a PDF file can hold.

    U+FFFD stands for what XML cannot hold either, a space for tabs and line breaks. U+FEFF, which
    the rules of PDF/A forbid, becomes U+2060, which means the same.
    """
    return clean_for_xml(text).replace("\ufeff", "\u2060")


def _group_by_box(printed: PrintedLine) -> list[tuple[Box, str]]:
    """Return the text on each box in reading order; what has no place joins what stands before."""
    groups: list[tuple[Box, str]] = []
    waiting = ""
    for character in printed.characters:
        text = clean_for_pdf(character.text)
        if groups and (character.box == groups[-1][0] or _is_placeless(character, printed)):
            groups[-1] = (groups[-1][0], groups[-1][1] + text)
        elif _is_placeless(character, printed):
            waiting += text
        elif text:
            groups.append((character.box, waiting + text))
            waiting = ""
    return [*groups, (printed.line.box, waiting)] if waiting else groups


def _is_placeless(character: PrintedCharacter, printed: PrintedLine) -> bool:
    """Tell whether a character of a line with several glyphs stands on none of them."""
    return character.box == printed.line.box and len(printed.line.glyphs) > 1


def _run_of(printed: PrintedLine, boxes: Sequence[Box]) -> tuple[int, int]:
    """Return the direction in which the glyphs follow each other, to the nearest quarter turn.

    On a scan that lies on its side or head it differs from the direction of writing, which a line
    of one glyph has to go by.
    """
    (x0, y0), (x1, y1) = boxes[0].center, boxes[-1].center
    dx, dy = x1 - x0, y1 - y0
    if max(abs(dx), abs(dy)) < min(boxes[0].width, boxes[0].height) / 2:
        return _DIRECTIONS[printed.line.direction]
    if abs(dx) >= abs(dy):
        return (1, 0) if dx > 0 else (-1, 0)
    return (0, 1) if dy > 0 else (0, -1)


def _cell(box: Box, text: str, run: tuple[int, int]) -> _Cell:
    """Return a box as a stretch along a line that runs in a direction."""
    if run[0]:
        ends = sorted((run[0] * box.left, run[0] * box.right))
        return _Cell(ends[0], ends[1], box.center[1], box.height, text)
    ends = sorted((run[1] * box.top, run[1] * box.bottom))
    return _Cell(ends[0], ends[1], box.center[0], box.width, text)


def _touching_edges(cells: Sequence[_Cell]) -> list[float]:
    """Return the edges of all characters along the line, each at least a pixel after the last."""
    borders = [(one.end + two.start) / 2 for one, two in pairwise(cells)]
    edges = [cells[0].start]
    for cell, border in zip(cells, [*borders, cells[-1].end], strict=True):
        count = len(cell.text)
        start, end = edges[-1], max(border, edges[-1] + count)
        edges += [start + (end - start) * (i + 1) / count for i in range(count)]
    return edges


def _middle_line(cells: Sequence[_Cell]) -> tuple[float, float]:
    """Return slope and height at 0 of the straight line through the middles of the glyphs."""
    points = [((cell.start + cell.end) / 2, cell.across) for cell in cells]
    across = statistics.median(y for _, y in points)
    if len(points) < _FEWEST or points[0][0] == points[-1][0]:
        return 0.0, across
    slope = statistics.linear_regression(*zip(*points, strict=True)).slope
    rise = abs(slope * (points[-1][0] - points[0][0]))
    if abs(slope) > _STEEPEST or rise <= _LEVEL * _thickness(cells):
        return 0.0, across
    return slope, statistics.median(y - slope * x for x, y in points)


def _thickness(cells: Sequence[_Cell]) -> float:
    """Return how thick a line is: the median of its glyphs."""
    return statistics.median(cell.thickness for cell in cells)


def _turned(run: tuple[int, int], angle: float) -> Vector:
    """Return a direction along an axis turned by a slope, as `_middle_line` measures it."""
    along, aside = math.cos(angle), math.sin(angle)
    return (run[0] * along, aside) if run[0] else (aside, run[1] * along)


def _point(along: float, across: float, run: tuple[int, int]) -> Vector:
    """Return the point of the scan at a place of a line that runs in a direction."""
    return (run[0] * along, across) if run[0] else (across, run[1] * along)


def _set_widths(text: Sequence[str], edges: Sequence[float], em: float) -> list[Advance]:
    """Return each character with the width that leads from its edge to the next one."""
    found, reached = [], 0
    for character, edge in zip(text, edges[1:], strict=True):
        wanted = (edge - edges[0]) / em * EM - reached
        width = EM if abs(EM - wanted) <= _FIXED_PITCH else round(wanted / _STEP) * _STEP
        width = max(width, _NARROWEST)
        reached += width
        found.append((character, width))
    return found
