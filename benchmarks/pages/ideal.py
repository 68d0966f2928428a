"""What a perfect reader would find on a sheet: every line, rule, frame and picture in its place.

Layout and assembly can be measured on it by themselves, some pages a second, without a browser or
networks. Where characters stand is reckoned from the type, not measured.
"""

from itertools import accumulate, pairwise
from pathlib import Path

from benchmarks.pages.breaking import text_width
from benchmarks.pages.sheet import Fit, Frame, Panel, Picture, Rule, SetLine, Sheet
from newspage.detect.rules import find_enclosures
from newspage.geometry import Box
from newspage.model import Detection, Direction, Glyph, Scan, Separator, TextLine

THICKNESS = 1.08
"""A line as it is found on a clean page is so much thicker than its em; on microfilm 1.3 to 1.6
times (two folds of 1939, median 1.45)."""
_FITTED = {Fit.START: 0.0, Fit.CENTRE: 0.5, Fit.END: 1.0}


def detection_of(sheet: Sheet, em: float, thickness: float = THICKNESS) -> Detection:
    """All that stands on a sheet, read without a mistake.

    Args:
        sheet: The page.
        em: Size of the body type in pixels.
        thickness: Of a line as it is found, times its em.
    """
    elements = sheet.elements
    rules = [_separator(e.box) for e in elements if isinstance(e, Rule)]
    rules += [side for e in elements if isinstance(e, Frame) for side in _sides(e)]
    closed = find_enclosures(rules, em, (sheet.width, sheet.height))
    return Detection(
        tuple(_text_line(f"l{i:04d}", line, thickness) for i, line in enumerate(sheet.lines)),
        tuple(rules),
        closed.frames,
        tuple(e.box for e in elements if isinstance(e, Panel)),
        tuple(e.box for e in elements if isinstance(e, Picture)),
        closed.tables,
    )


def scan_of(sheet: Sheet) -> Scan:
    """A scan of the sheet that lies in no file."""
    return Scan(Path(f"{sheet.name}.png"), "", sheet.width, sheet.height)


def _separator(box: Box) -> Separator:
    return Separator(box, vertical=box.height > box.width)


def _sides(frame: Frame) -> list[Separator]:
    box, thick = frame.box, frame.thickness
    return [
        Separator(Box(box.left, box.top, box.right, box.top + thick), vertical=False),
        Separator(Box(box.left, box.bottom - thick, box.right, box.bottom), vertical=False),
        Separator(Box(box.left, box.top, box.left + thick, box.bottom), vertical=True),
        Separator(Box(box.right - thick, box.top, box.right, box.bottom), vertical=True),
    ]


def _text_line(name: str, line: SetLine, thickness: float) -> TextLine:
    """The line with a glyph for each character, as wide as its type sets it."""
    down = line.direction is Direction.VERTICAL
    leftward = line.direction is Direction.HORIZONTAL_RTL
    start, end = _along(line, leftward)
    middle = line.box.center
    half = thickness * line.type.size / 2
    shares = list(accumulate((text_width(c) for c in line.text), initial=0.0))
    at = [start + (end - start) * s / shares[-1] for s in shares]
    if leftward:
        at = [start + end - v for v in at]
    glyphs = []
    for text, (one, other) in zip(line.text, pairwise(at), strict=True):
        low, high = sorted((one, other))
        if down:
            cell = Box(middle[0] - half, low, middle[0] + half, high)
        else:
            cell = Box(low, middle[1] - half, high, middle[1] + half)
        glyphs.append(Glyph(text, cell, 0.99))
    if down:
        box = Box(middle[0] - half, start, middle[0] + half, end)
    else:
        box = Box(start, middle[1] - half, end, middle[1] + half)
    direction = Direction.VERTICAL if down else Direction.HORIZONTAL
    # A reader gives every horizontal line from left to right; layout finds out which way it runs.
    ordered = tuple(glyphs[::-1] if leftward else glyphs)
    return TextLine(
        name, box, direction, size=line.type.em, reversed=line.type.reversed, glyphs=ordered
    )


def _along(line: SetLine, leftward: bool) -> tuple[float, float]:
    """Where the characters of a line begin and end along it."""
    box = line.box
    first, last = (
        (box.top, box.bottom) if line.direction is Direction.VERTICAL else (box.left, box.right)
    )
    if line.fit is Fit.JUSTIFY:
        return first, last
    width = text_width(line.text) * line.type.em
    share = _FITTED[line.fit]
    start = first + (1 - share if leftward else share) * (last - first - width)
    return start, start + width
