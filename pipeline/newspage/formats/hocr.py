"""Render hOCR 1.2: a page as HTML that says where everything stands.

hOCR has no vertical writing; a column is a line turned by 90 degrees (`textangle`), which readers
know of but do not turn back. Units are pixels of the scan.
"""

import xml.etree.ElementTree as ET

from newspage.formats.characters import PrintedCharacter, PrintedLine, collect_printed_lines
from newspage.formats.document import PageDocument
from newspage.formats.page_structure import group_regions
from newspage.formats.xml_tree import add_element, clip_box, make_identifier, serialise_tree
from newspage.geometry import Box
from newspage.model import Direction, RegionKind, Scan
from newspage.version import __version__

_CAPABILITIES = "ocr_page ocr_carea ocr_par ocr_line ocrx_word ocrx_cinfo"
"""Classes of hOCR that occur in the document, as its head has to announce them."""
_DOCTYPE = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
)
_HEADINGS = (RegionKind.KICKER, RegionKind.TITLE, RegionKind.DECK)
"""Kinds of regions whose lines are headings."""


def render_hocr(document: PageDocument) -> bytes:
    """Return a page as an hOCR 1.2 document (XHTML, UTF-8)."""
    record, scan = document.record, document.record.page.scan
    root = ET.Element("html", {"xmlns": "http://www.w3.org/1999/xhtml"})
    _add_head(root, document)
    whole = _bbox(Box(0, 0, scan.width, scan.height), scan)
    title = f'image "{_quoted(scan.path.as_posix())}"; {whole}; ppageno {scan.frame}'
    body = add_element(root, "body")
    page = add_element(body, "div", {"class": "ocr_page", "id": "page_1", "title": title})
    lines = collect_printed_lines(record)
    for group in group_regions(record):
        for region in group.regions:
            name = make_identifier("region", region.id)
            printed = [lines[line.id] for line in region.lines]
            _add_area(page, name, region.box, printed, scan, region.kind)
    for line in record.page.unplaced:
        name = make_identifier("loose", line.id)
        _add_area(page, name, line.box, [lines[line.id]], scan, RegionKind.OTHER)
    # White space inside a line would be text, so nothing is indented there.
    return serialise_tree(root, _DOCTYPE, indented=False)


def _add_head(root: ET.Element, document: PageDocument) -> None:
    """Add title, encoding and the announcements that hOCR asks for."""
    head = add_element(root, "head")
    add_element(head, "title", text=document.name)
    attributes = {"http-equiv": "Content-Type", "content": "text/html; charset=utf-8"}
    add_element(head, "meta", attributes)
    for name, content in (
        ("ocr-system", f"newspage {__version__}"),
        ("ocr-capabilities", _CAPABILITIES),
        ("ocr-number-of-pages", "1"),
    ):
        add_element(head, "meta", {"name": name, "content": content})


def _add_area(
    page: ET.Element,
    name: str,
    box: Box,
    lines: list[PrintedLine],
    scan: Scan,
    kind: RegionKind,
) -> None:
    """Add a region as an area with one paragraph.

    Args:
        page: The element of the page.
        name: Identifier of the area.
        box: Its place on the scan.
        lines: Its lines in reading order.
        scan: The scan, for its size.
        kind: Kind of the region; tells headings from text.
    """
    attributes = {"class": "ocr_carea", "id": name, "title": _bbox(box, scan)}
    area = add_element(page, "div", attributes)
    area.tail = "\n"
    attributes = {"class": "ocr_par", "id": f"{name}_par", "title": _bbox(box, scan)}
    paragraph = add_element(area, "p", attributes)
    for printed in lines:
        _add_line(paragraph, printed, scan, "ocr_header" if kind in _HEADINGS else "ocr_line")


def _add_line(paragraph: ET.Element, printed: PrintedLine, scan: Scan, kind: str) -> None:
    """Add a line of class `kind` with one word that holds all of its characters."""
    name = make_identifier("line", printed.line.id)
    title = _bbox(printed.line.box, scan)
    if printed.line.direction is Direction.VERTICAL:
        title += "; textangle 270"
    if printed.line.size:
        title += f"; x_size {printed.line.size:.1f}"
    line = add_element(paragraph, "span", {"class": kind, "id": name, "title": title})
    line.tail = "\n"
    confidence = round(100 * printed.confidence)
    title = f"{_bbox(printed.line.box, scan)}; x_wconf {confidence}"
    word = add_element(line, "span", {"class": "ocrx_word", "id": f"{name}_word", "title": title})
    for character in printed.characters:
        _add_character(word, character, scan)


def _add_character(word: ET.Element, character: PrintedCharacter, scan: Scan) -> None:
    """Add a character with its box and its confidence in percent."""
    left, top, right, bottom = clip_box(character.box, scan.width, scan.height)
    confidence = 100 * character.confidence
    title = f"x_bboxes {left} {top} {right} {bottom}; x_conf {confidence:.1f}"
    add_element(word, "span", {"class": "ocrx_cinfo", "title": title}, character.text)


def _bbox(box: Box, scan: Scan) -> str:
    """Return a box as an hOCR property."""
    return "bbox {} {} {} {}".format(*clip_box(box, scan.width, scan.height))


def _quoted(name: str) -> str:
    """Escape a file name for the quotation marks of an hOCR property."""
    return name.replace('"', "%22").replace(";", "%3B")
