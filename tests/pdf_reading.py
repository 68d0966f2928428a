"""Readers of PDF files that know nothing of newspage: Poppler, qpdf, PDFium, pikepdf."""

import io
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from numpy.typing import NDArray
from PIL import Image

from newspage.edits.clean_text import derive_page
from newspage.formats.characters import PrintedLine
from newspage.formats.document import PageDocument
from newspage.geometry import Box, union_boxes
from newspage.ingest import hash_file, open_pages
from newspage.model import (
    ArticleRecord,
    Char,
    Direction,
    Glyph,
    PageLayout,
    PageReading,
    PageRecord,
    Paragraph,
    Region,
    RegionKind,
    TextLine,
)

Pixels = NDArray[np.uint8]
Code = tuple[str, float]
"""A character, and its width in thousandths of the em."""


def command_of(name: str) -> str:
    """A program of the system; skips the test where it is missing."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (scripts/install-debian.sh)")
    return found


def run_poppler(data: bytes, folder: Path, *arguments: str) -> str:
    """What pdftotext says of a PDF file."""
    path = folder / "read.pdf"
    path.write_bytes(data)
    command = [command_of("pdftotext"), *arguments, str(path), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def words_of(data: bytes, folder: Path) -> list[tuple[str, Box]]:
    """The words that Poppler finds, with their boxes in points, y pointing down."""
    pattern = r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>'
    found = re.findall(pattern, run_poppler(data, folder, "-bbox"))
    return [(text, Box(*(float(v) for v in sides))) for *sides, text in found]


def check_syntax(data: bytes, folder: Path) -> None:
    """Have qpdf look for errors in a PDF file."""
    path = folder / "checked.pdf"
    path.write_bytes(data)
    command = [command_of("qpdf"), "--check", str(path)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def draw_by_pdfium(data: bytes, width: int, height: int, page: int = 0) -> Pixels:
    """The picture of a page in gray, as PDFium draws it."""
    raw = pypdfium2.raw
    with pypdfium2.PdfDocument(data) as document:
        bitmap = pypdfium2.PdfBitmap.new_native(width, height, raw.FPDFBitmap_Gray)
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
        flags = raw.FPDF_GRAYSCALE
        raw.FPDF_RenderPageBitmap(bitmap, document[page], 0, 0, width, height, 0, flags)
        return np.array(bitmap.to_numpy().reshape(height, -1)[:, :width], np.uint8)


def draw_by_poppler(data: bytes, dpi: float, folder: Path) -> Pixels:
    """The picture of the first page in gray, as Poppler draws it."""
    path = folder / "drawn.pdf"
    path.write_bytes(data)
    command = [command_of("pdftoppm"), "-gray", "-r", str(dpi), str(path)]
    done = subprocess.run(command, capture_output=True, check=True)
    return np.asarray(Image.open(io.BytesIO(done.stdout)).convert("L"), np.uint8)


@dataclass(frozen=True, slots=True)
class FoundCharacter:
    """A character of the text layer where PDFium finds it, in points, y pointing down."""

    text: str
    box: Box


def characters_of(data: bytes, page: int = 0) -> list[FoundCharacter]:
    """The characters that PDFium finds, white space aside, in its order."""
    with pypdfium2.PdfDocument(data) as document:
        height, text = document[page].get_height(), document[page].get_textpage()
        found: list[FoundCharacter] = []
        half = 0
        for i in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(i)
            code = pypdfium2.raw.FPDFText_GetUnicode(text, i)
            if 0xD800 <= code < 0xDC00:
                half = code
                continue
            if 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((half - 0xD800) << 10) + code - 0xDC00
            if chr(code).strip():
                box = Box(left, height - top, right, height - bottom)
                found.append(FoundCharacter(chr(code), box))
    return found


def squeezed(text: str) -> str:
    """A text without white space, which readers set as they like."""
    return re.sub(r"\s", "", text)


def strings_of(data: bytes, page: int = 0) -> list[list[Code]]:
    """The strings that a page shows, decoded by the font's own tables, as any reader does."""
    with pikepdf.open(io.BytesIO(data)) as file:
        shown = file.pages[page]
        fonts: Mapping[str, dict[bytes, Code]] = {
            name: _codes_of(font) for name, font in shown.Resources.Font.items()
        }
        found, codes = [], dict[bytes, Code]()
        for step in pikepdf.parse_content_stream(shown):
            assert isinstance(step, pikepdf.ContentStreamInstruction)
            if str(step.operator) == "Tf":
                codes = fonts[str(step.operands[0])]
            elif str(step.operator) == "Tj":
                string = bytes(step.operands[0])
                found.append([codes[string[i : i + 2]] for i in range(0, len(string), 2)])
        return found


def _codes_of(font: pikepdf.Object) -> dict[bytes, Code]:
    """Character and width of each code of a font."""
    _, _, table = font.ToUnicode.read_bytes().decode().partition("endcodespacerange")
    texts = {
        bytes.fromhex(code): bytes.fromhex(text).decode("utf-16-be")
        for code, text in re.findall(r"^<([0-9a-f]{4})> <([0-9a-f]+)>$", table, re.MULTILINE)
    }
    widths: dict[bytes, float] = {}
    rows = list(font.DescendantFonts[0].W.as_list())
    for first, row in zip(rows[::2], rows[1::2], strict=True):
        for i, width in enumerate(row.as_list()):
            widths[(int(first) + i).to_bytes(2, "big")] = float(width)
    assert widths.keys() == texts.keys()
    return {code: (text, widths[code]) for code, text in texts.items()}


def line_along(
    text: str, name: str, start: tuple[float, float], step: tuple[float, float], size: float = 20.0
) -> TextLine:
    """A line whose glyphs, squares of a size, follow each other from a corner by a step."""
    glyphs = tuple(
        Glyph(c, Box(x, y, x + size, y + size), 0.9)
        for i, c in enumerate(text)
        for x, y in [(start[0] + i * step[0], start[1] + i * step[1])]
    )
    box = union_boxes(g.box for g in glyphs)
    direction = Direction.HORIZONTAL_RTL if step[0] < 0 else Direction.HORIZONTAL
    if abs(step[1]) > abs(step[0]):
        direction = Direction.VERTICAL
    return TextLine(name, box, direction, size=size, glyphs=glyphs)


def record_with(scan: Path, *articles: tuple[TextLine, ...], frame: int = 0) -> PageRecord:
    """A record of a scan on which each article is a title and lines of text in one region."""
    regions, records = [], []
    for number, lines in enumerate(articles, 1):
        title, body = lines[0], lines[1:]
        names = (f"r{number}t", f"r{number}b") if body else (f"r{number}t",)
        for name, kind, own in zip(
            names, (RegionKind.TITLE, RegionKind.BODY), (lines[:1], body), strict=False
        ):
            box = own[0].box
            regions.append(Region(name, kind, box, own, own[0].direction, f"a{number}"))
        text = tuple(Char(g.text, line.id, i) for line in body for i, g in enumerate(line.glyphs))
        head = tuple(Char(g.text, title.id, i) for i, g in enumerate(title.glyphs))
        paragraphs = (Paragraph(text),) if text else ()
        records.append(
            ArticleRecord(f"a{number}", title=head, paragraphs=paragraphs, regions=names)
        )
    page = open_pages(scan)[frame]
    order = tuple(region.id for region in regions)
    return derive_page(PageReading(PageLayout(page, tuple(regions), order), tuple(records)))


def document_of(scan: Path, *articles: tuple[TextLine, ...], frame: int = 0) -> PageDocument:
    """A page with its scan, to be written."""
    assert hash_file(scan)
    return PageDocument(record_with(scan, *articles, frame=frame), "p1", scan_file=scan)


def glyphs_in(lines: Iterator[PrintedLine]) -> list[tuple[str, Box]]:
    """Each character of some lines with the place of its glyph, white space aside."""
    return [(c.text, c.box) for line in lines for c in line.characters if c.text.strip()]
