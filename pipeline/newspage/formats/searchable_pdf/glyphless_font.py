"""The font of the text layer: no shapes, only how wide each character is and which one it is.

One TrueType font with a single empty glyph serves all text. A code of two bytes stands for a
character together with its width, since a printed character is as wide as it was printed, and a
whole line can be one string only where widths are a matter of the code. So viewers that join or
part pieces of text by their distance have nothing to guess.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from newspage.formats.page_structure import IDEOGRAPHIC_DESCENT
from newspage.formats.searchable_pdf.pdf_file import PdfFile, PdfName, PdfReference, PdfValue

EM = 1000
"""Units of the em."""
DESCENT = round(-IDEOGRAPHIC_DESCENT * EM)
"""Lower edge of the em box, below the baseline."""
ASCENT = EM + DESCENT
_NAME = "NewspageGlyphless"
_MOST_CODES = 65_535
"""Codes of two bytes, without 0, which is the glyph for missing characters."""
_BLOCK = 100
"""Most lines of a block in a table of characters, by the rules for such tables."""
_ROW = 1000
"""Widths in one row of the font's table. Judgement: limits of older readers lie at 8191."""
_EPOCH = 2_082_844_800
"""Seconds from 1904, from where fonts count, to 1970: the same time in every font."""

Advance = tuple[str, int]
"""A character, and its width in thousandths of the em."""


@dataclass(slots=True)
class _CodeTable:
    """Codes given out so far, in one font of the file."""

    name: str
    codes: dict[Advance, int] = field(default_factory=dict)


class GlyphlessFont:
    """The font of one PDF file, which grows with the characters that are written in it.

    Where a file needs more codes than a font has, it gets a second one.
    """

    def __init__(self) -> None:
        self._tables = [_CodeTable("F1")]

    def encode_line(self, characters: Sequence[Advance]) -> tuple[str, tuple[bytes, ...]]:
        """Return the name of a font, and the code of each character in it.

        A line may have up to 65,535 characters.
        """
        table = self._tables[-1]
        new = set(characters) - table.codes.keys()
        if len(table.codes) + len(new) > _MOST_CODES:
            table = _CodeTable(f"F{len(self._tables) + 1}")
            self._tables.append(table)
        codes = (table.codes.setdefault(c, len(table.codes) + 1) for c in characters)
        return table.name, tuple(code.to_bytes(2, "big") for code in codes)

    def add_fonts(self, file: PdfFile, reference: PdfReference) -> None:
        """Add the font to a file, and at a reserved reference the dictionary of its fonts."""
        used = [table for table in self._tables if table.codes]
        shared = _add_shared(file) if used else {}
        fonts: dict[str, PdfValue] = {t.name: _add_font(file, t, shared) for t in used}
        file.add_object(fonts, reference)


def _add_shared(file: PdfFile) -> Mapping[str, PdfReference]:
    """Add the font's own file, its description and the map from codes to its one glyph."""
    data = _build_font_file()
    descriptor: Mapping[str, PdfValue] = {
        "Type": PdfName("FontDescriptor"),
        "FontName": PdfName(_NAME),
        "Flags": 4,
        "FontBBox": [0, DESCENT, EM, ASCENT],
        "ItalicAngle": 0,
        "Ascent": ASCENT,
        "Descent": DESCENT,
        "CapHeight": ASCENT,
        "StemV": 80,
        "FontFile2": file.add_stream(data, {"Length1": len(data)}),
    }
    return {
        "FontDescriptor": file.add_object(descriptor),
        "CIDToGIDMap": file.add_stream(b"\0\0" + b"\0\1" * _MOST_CODES),
    }


def _add_font(file: PdfFile, table: _CodeTable, shared: Mapping[str, PdfReference]) -> PdfReference:
    """Add the font of some codes, and return its reference."""
    widths = [width for _, width in table.codes]
    rows: list[PdfValue] = []
    for start in range(0, len(widths), _ROW):
        rows += [start + 1, widths[start : start + _ROW]]
    system: Mapping[str, PdfValue] = {"Registry": "Adobe", "Ordering": "Identity", "Supplement": 0}
    descendant: Mapping[str, PdfValue] = {
        "Type": PdfName("Font"),
        "Subtype": PdfName("CIDFontType2"),
        "BaseFont": PdfName(_NAME),
        "CIDSystemInfo": system,
        "DW": EM,
        "W": rows,
        **shared,
    }
    font: Mapping[str, PdfValue] = {
        "Type": PdfName("Font"),
        "Subtype": PdfName("Type0"),
        "BaseFont": PdfName(_NAME),
        "Encoding": PdfName("Identity-H"),
        "DescendantFonts": [file.add_object(descendant)],
        "ToUnicode": file.add_stream(_list_characters(table)),
    }
    return file.add_object(font)


def _list_characters(table: _CodeTable) -> bytes:
    """Return the table from which readers learn the character of each code (ToUnicode)."""
    lines = [
        f"<{code:04x}> <{text.encode('utf-16-be').hex()}>"
        for (text, _), code in table.codes.items()
    ]
    blocks = [lines[start : start + _BLOCK] for start in range(0, len(lines), _BLOCK)]
    body = "".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        f"{body}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()


@lru_cache(maxsize=1)
def _build_font_file() -> bytes:
    """Return the TrueType font: its glyph is a line from one corner of the em to the other.

    A line encloses nothing and is never painted, but has a box: some viewers take the box of the
    glyph, not of the em, for the place of a character.
    """
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    pen.moveTo((0, DESCENT))
    pen.lineTo((EM, ASCENT))
    pen.closePath()
    builder = FontBuilder(EM, isTTF=True)
    builder.updateHead(created=_EPOCH, modified=_EPOCH)
    builder.setupGlyphOrder([".notdef", "blank"])
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "blank": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (EM, 0), "blank": (EM, 0)})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.font.recalcTimestamp = False
    data = io.BytesIO()
    builder.save(data)
    return data.getvalue()
