"""Render hOCR 1.2: a page as HTML that says where everything stands.

hOCR has no vertical writing; a column is a line turned by 90 degrees (`textangle`), which readers
know of but do not turn back. Units are pixels of the scan.
"""

import xml.etree.ElementTree as ET

from newspage.formats.characters import PrintedCharacter, PrintedLine, collect_printed_lines
from newspage.formats.document import PageDocument
from newspage.formats.kept_markup import (
    KeptMarkupWriter,
    LinePiece,
    PieceKind,
    part_identifiers,
)
from newspage.formats.page_structure import group_regions
from newspage.formats.type_boxes import bound_type
from newspage.formats.xml_tree import (
    add_element,
    clean_for_xml,
    clip_box,
    make_identifier,
    serialise_tree,
)
from newspage.geometry import Box, union_boxes
from newspage.model import HEADLINE_KINDS, Direction, Region, Scan, TextLine
from newspage.source_markup import make_place
from newspage.version import __version__

_CAPABILITIES = "ocr_page ocr_carea ocr_par ocr_line ocrx_word ocrx_cinfo"
"""Classes of hOCR that occur in the document, as its head has to announce them."""
_DOCTYPE = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
)
_HEADS = ("ocr-system", "ocr-capabilities", "ocr-number-of-pages")
"""Announcements in the head that every document has."""


def render_hocr(document: PageDocument) -> bytes:
    """Return a page as an hOCR 1.2 document (XHTML, UTF-8)."""
    record, scan = document.record, document.record.page.scan
    kept = KeptMarkupWriter(record, "hocr", "id")
    root = ET.Element("html", {"xmlns": "http://www.w3.org/1999/xhtml"})
    _add_head(root, document, kept)
    whole = _bbox(Box(0, 0, scan.width, scan.height), scan)
    title = f'image "{_quoted(scan.path.as_posix())}"; {whole}; ppageno {scan.frame}'
    body = add_element(root, "body")
    name = kept.name_place("page", "page_1")
    page = add_element(body, "div", {"class": "ocr_page", "id": name, "title": title})
    writer = _AreaWriter(page, document, kept)
    for group in group_regions(record):
        for region in group.regions:
            writer.add_region(region)
    for line in record.page.unplaced:
        writer.add_loose_line(line)
    _restore(kept, page, "page")
    kept.restore_markup(body, "body")
    kept.restore_markup(root, "document")
    if record.reading.source:
        part_identifiers(root, "id")
    # White space inside a line would be text, so nothing is indented there.
    return serialise_tree(root, _DOCTYPE, indented=False)


def _add_head(root: ET.Element, document: PageDocument, kept: KeptMarkupWriter) -> None:
    """Add title, encoding and the announcements that hOCR asks for.

    An imported page keeps the title and the program of its file; what the file announced besides is
    announced too.
    """
    said = kept.find_markup("head").attributes
    head = add_element(root, "head")
    add_element(head, "title", text=said.get("title") or document.name)
    attributes = {"http-equiv": "Content-Type", "content": "text/html; charset=utf-8"}
    add_element(head, "meta", attributes)
    own = (f"newspage {__version__}", _CAPABILITIES, "1")
    for name, content in zip(_HEADS, own, strict=True):
        if name == "ocr-capabilities":
            both = [*content.split(), *said.get(name, "").split()]
            content = " ".join(dict.fromkeys(both))
        else:
            content = said.get(name, content)
        add_element(head, "meta", {"name": name, "content": content})
    kept.restore_elements(head, "head")


def _restore(kept: KeptMarkupWriter, element: ET.Element, place: str) -> None:
    """Add the markup of a place to an element; what is left of a title goes behind its own."""
    properties = kept.find_markup(place).attributes.get("title", "")
    if properties:
        element.set("title", "; ".join(p for p in (element.get("title"), properties) if p))
    kept.restore_markup(element, place)


class _AreaWriter:
    """Writer of the areas of a page."""

    def __init__(self, page: ET.Element, document: PageDocument, kept: KeptMarkupWriter) -> None:
        self._page = page
        self._scan = document.record.page.scan
        self._kept = kept
        self._lines = collect_printed_lines(document.record)
        self._imported = document.record.reading.source is not None

    def add_region(self, region: Region) -> None:
        """Add a region as an area with one paragraph, the lines of a headline as headings."""
        name = make_identifier("region", region.id)
        place = make_place("region", region.id)
        kind = "ocr_header" if region.kind in HEADLINE_KINDS else "ocr_line"
        kind = self._kept.choose_kind(region, "class", kind)
        self._add_area(name, place, region.box, region.lines, kind)

    def add_loose_line(self, line: TextLine) -> None:
        """Add an unplaced line as an area of its own."""
        name = make_identifier("loose", line.id)
        self._add_area(name, make_place("loose", line.id), line.box, (line,), "ocr_line")

    def _add_area(
        self, name: str, place: str, box: Box, lines: tuple[TextLine, ...], kind: str
    ) -> None:
        """Add an area with one paragraph.

        Args:
            name: Identifier of the area where the file that it came from had none.
            place: The place of its markup.
            box: Its place on the scan, where it has no lines or was imported.
            lines: Its lines in reading order.
            kind: Class of its lines.
        """
        name = self._kept.name_place(place, name)
        boxes = [self._bound_line(self._lines[line.id]) for line in lines]
        if boxes and not self._imported:
            box = union_boxes(boxes)
        title = _bbox(box, self._scan)
        area = add_element(self._page, "div", {"class": "ocr_carea", "id": name, "title": title})
        area.tail = "\n"
        inside = f"paragraph-{place}"
        name = self._kept.name_place(inside, f"{name}_par")
        attributes = {"class": "ocr_par", "id": name, "title": title}
        paragraph = add_element(area, "p", attributes)
        for line in lines:
            self._add_line(paragraph, self._lines[line.id], kind)
        _restore(self._kept, paragraph, inside)
        _restore(self._kept, area, place)

    def _add_line(self, paragraph: ET.Element, printed: PrintedLine, kind: str) -> None:
        """Add a line of class `kind` with one word that holds all of its characters.

        A line of a file that had several words has them again.
        """
        place = make_place("line", printed.line.id)
        name = self._kept.name_place(place, make_identifier("line", printed.line.id))
        title = _bbox(self._bound_line(printed), self._scan)
        if printed.line.direction is Direction.VERTICAL:
            title += "; textangle 270"
        if printed.line.size:
            title += f"; x_size {printed.line.size:.1f}"
        line = add_element(paragraph, "span", {"class": kind, "id": name, "title": title})
        line.tail = "\n"
        before: ET.Element | None = None
        for number, piece in enumerate(self._kept.split_line(printed)):
            if piece.kind is not PieceKind.BLANK:
                before = self._add_word(line, f"{name}_word{number or ''}", piece, printed)
            elif before is not None:
                before.tail = " "
        _restore(self._kept, line, place)

    def _add_word(
        self, line: ET.Element, name: str, piece: LinePiece, printed: PrintedLine
    ) -> ET.Element:
        """Add a word with its characters, and return it.

        Args:
            line: The element of the line.
            name: Identifier of the word where the file that it came from had none.
            piece: The characters of the word.
            printed: The line.
        """
        whole = len(piece.characters) == len(printed.characters)
        line_box = self._bound_line(printed)
        box = line_box if whole else union_boxes(c.box for c in piece.characters)
        title = f"{_bbox(box, self._scan)}; x_wconf {round(100 * piece.confidence)}"
        name = self._kept.name_place(piece.place, name)
        word = add_element(line, "span", {"class": "ocrx_word", "id": name, "title": title})
        inside = word
        for name in self._kept.find_markup(f"within-{piece.place}").attributes:
            inside = add_element(inside, name)
        for character in piece.characters:
            self._add_character(inside, character, printed)
        _restore(self._kept, word, piece.place)
        return word

    def _bound_line(self, printed: PrintedLine) -> Box:
        """Return the place of a line: that of its type; as the file has it where it was imported.

        Readers take lines whose boxes overlap much for mistakes.
        """
        return printed.line.box if self._imported else bound_type(printed)

    def _add_character(
        self, word: ET.Element, character: PrintedCharacter, printed: PrintedLine
    ) -> None:
        """Add a character with its box and its confidence in percent."""
        left, top, right, bottom = clip_box(character.box, self._scan.width, self._scan.height)
        confidence = 100 * character.confidence
        title = f"x_bboxes {left} {top} {right} {bottom}; x_conf {confidence:.1f}"
        attributes = {"class": "ocrx_cinfo", "title": title}
        element = add_element(word, "span", attributes, clean_for_xml(character.text))
        if character.read:
            _restore(self._kept, element, make_place("glyph", printed.line.id, character.glyph))


def _bbox(box: Box, scan: Scan) -> str:
    """Return a box as an hOCR property."""
    return "bbox {} {} {} {}".format(*clip_box(box, scan.width, scan.height))


def _quoted(name: str) -> str:
    """Escape a file name for the quotation marks of an hOCR property."""
    return name.replace('"', "%22").replace(";", "%3B")
