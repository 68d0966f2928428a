"""Write the text of a page as invisible text that lies on its print."""

from collections.abc import Iterator
from itertools import zip_longest

from newspage.formats.characters import collect_printed_lines
from newspage.formats.page_structure import RegionGroup
from newspage.formats.searchable_pdf.character_cells import PlacedLine, place_line
from newspage.formats.searchable_pdf.glyphless_font import GlyphlessFont
from newspage.formats.searchable_pdf.pdf_file import write_number
from newspage.model import PageRecord, TextLine

_INVISIBLE = 3
"""Render mode of text that is there but not painted."""
_ALIKE = 0.55
"""Share of the larger line's thickness within which two lines begin alike. PDFium's own limit is a
half."""


def write_text_layer(
    record: PageRecord, groups: tuple[RegionGroup, ...], font: GlyphlessFont, scale: float
) -> bytes:
    """Return the operators that write the text of a page, article after article.

    Lines that belong to no region come last. A line is one text object.

    Args:
        record: The page.
        groups: Its regions in reading order.
        font: The font of the file.
        scale: Points a pixel of the scan.
    """
    printed = collect_printed_lines(record)
    placed = [place_line(printed[line.id]) for line in _ordered_lines(record, groups)]
    lines = [line for line in placed if line is not None]
    height = record.page.scan.height
    operators = [
        _write_line(line, font, height, _begin_alike(line, following))
        for line, following in zip_longest(lines, lines[1:])
    ]
    across = write_number(scale)
    return "\n".join([f"q {across} 0 0 {across} 0 0 cm", *operators, "Q", ""]).encode()


def _ordered_lines(record: PageRecord, groups: tuple[RegionGroup, ...]) -> Iterator[TextLine]:
    """Yield all lines of a page in reading order."""
    for group in groups:
        for region in group.regions:
            yield from region.lines
    yield from record.page.unplaced


def _begin_alike(line: PlacedLine, following: PlacedLine | None) -> bool:
    """Tell whether a column begins at the height at which the line after it does."""
    if following is None or abs(line.direction[1]) <= abs(line.direction[0]):
        return False
    apart = abs(line.origin[1] - following.origin[1])
    return apart <= _ALIKE * max(line.height, following.height)


def _write_line(line: PlacedLine, font: GlyphlessFont, height: int, parted: bool) -> str:
    """Return the operators for one line.

    Args:
        line: The line.
        font: The font of the file.
        height: Of the scan, in pixels, to turn y upwards as in PDF.
        parted: Whether to write the last character as a string of its own: PDFium, with which
            Chrome shows PDF, sorts strings from left to right while they begin at one height,
            and columns run from right to left.
    """
    name, codes = font.encode_line(line.characters)
    (x, y), (along, down) = line.origin, line.direction
    turn = [write_number(round(value, 4)) for value in (along, -down, down, along)]
    place = [write_number(round(value, 1)) for value in (x, height - y)]
    size = write_number(round(line.height, 2))
    stretch = write_number(round(100 * line.em / line.height, 2))
    strings = [codes[:-1], codes[-1:]] if parted and len(codes) > 1 else [codes]
    shown = " ".join(f"<{b''.join(string).hex()}> Tj" for string in strings)
    matrix = " ".join([*turn, *place])
    return f"BT {_INVISIBLE} Tr /{name} {size} Tf {stretch} Tz {matrix} Tm {shown} ET"
