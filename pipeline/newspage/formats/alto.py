"""Render ALTO 4.4, the format from which libraries load text with its places.

Text blocks are flat, direct children of the print space, because several readers look no deeper;
tags and groups in the reading order say which article they belong to. A line is one `String` with
its characters as `Glyph`: readers set a space between the strings of a line, which Chinese does not
have. Units are pixels of the scan.
"""

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence

from newspage.formats.characters import PrintedCharacter, PrintedLine, collect_printed_lines
from newspage.formats.document import PageDocument
from newspage.formats.page_structure import RegionGroup, group_regions, trace_baseline
from newspage.formats.xml_tree import (
    add_element,
    clip_box,
    format_points,
    make_identifier,
    serialise_tree,
)
from newspage.geometry import Box
from newspage.model import Direction, PageRecord, Region, RegionKind, TextLine
from newspage.version import __version__

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
SCHEMA = "http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"

_DIRECTIONS = {
    Direction.HORIZONTAL: "ltr",
    Direction.HORIZONTAL_RTL: "rtl",
    Direction.VERTICAL: "ttb",
}
"""ALTO's codes for directions of writing."""
_LEVELS = 9
"""Highest digit of ALTO's CC, one digit for each character: 0 certain, 9 hardly read."""


def render_alto(document: PageDocument) -> bytes:
    """Return a page as an ALTO 4.4 document, UTF-8."""
    record = document.record
    groups = group_regions(record)
    root = ET.Element(
        "alto",
        {
            "xmlns": NAMESPACE,
            "xmlns:xsi": _XSI,
            "xsi:schemaLocation": f"{NAMESPACE} {SCHEMA}",
            "SCHEMAVERSION": "4.4",
        },
    )
    _add_description(root, record)
    _add_tags(root, groups)
    _add_reading_order(root, groups)
    _add_layout(root, document, groups)
    return serialise_tree(root)


def _add_description(root: ET.Element, record: PageRecord) -> None:
    """Add unit, scan file with its checksum, and the processing steps with their settings."""
    description = add_element(root, "Description")
    add_element(description, "MeasurementUnit", text="pixel")
    source = add_element(description, "sourceImageInformation")
    add_element(source, "fileName", text=record.page.scan.path.as_posix())
    attributes = {"fileIdentifierLocation": "sha256"}
    add_element(source, "fileIdentifier", attributes, record.page.scan.sha256)
    for number, step in enumerate(record.steps, 1):
        processing = add_element(description, "Processing", {"ID": f"step_{number}"})
        add_element(processing, "processingCategory", text=_category_of(step.name))
        add_element(processing, "processingStepDescription", text=step.name)
        settings = "; ".join(f"{k}: {v}" for k, v in sorted(step.details.items()))
        if settings:
            add_element(processing, "processingStepSettings", text=settings)
        software = add_element(processing, "processingSoftware")
        add_element(software, "softwareName", text="newspage")
        add_element(software, "softwareVersion", text=__version__)


def _category_of(step: str) -> str:
    """Return ALTO's word for the kind of a processing step."""
    categories = {
        "ingest": "preOperation",
        "enhance": "preOperation",
        "split_fold": "preOperation",
        "correct": "contentModification",
        "on_scan": "postOperation",
    }
    return categories.get(step, "contentGeneration")


def _add_tags(root: ET.Element, groups: Sequence[RegionGroup]) -> None:
    """Add a tag for each kind of region on the page and for each article, if there are any."""
    tags = add_element(root, "Tags")
    kinds = dict.fromkeys(r.kind for group in groups for r in group.regions)
    for kind in kinds:
        attributes = {"ID": _tag_of(kind), "TYPE": "region", "LABEL": kind.value}
        add_element(tags, "LayoutTag", attributes)
    for group in groups:
        if group.article is not None:
            name = make_identifier("article", group.article.id)
            add_element(tags, "StructureTag", {"ID": name, "TYPE": "article", "LABEL": group.label})
    if not len(tags):
        root.remove(tags)


def _tag_of(kind: RegionKind) -> str:
    """Return the identifier of the tag for a kind of region."""
    return f"kind_{kind.value}"


def _add_reading_order(root: ET.Element, groups: Sequence[RegionGroup]) -> None:
    """Add one ordered group for the page that holds one for each article.

    ALTO takes sibling groups for alternative orders.
    """
    if not groups:
        return
    order = add_element(root, "ReadingOrder")
    page = add_element(order, "OrderedGroup", {"ID": "order"})
    for group in groups:
        parent = page
        if group.article is not None:
            name = make_identifier("article", group.article.id)
            parent = add_element(page, "OrderedGroup", {"ID": f"order_{name}", "TAGREFS": name})
        for region in group.regions:
            name = make_identifier("region", region.id)
            add_element(parent, "ElementRef", {"ID": f"order_{name}", "REF": name})


def _add_layout(root: ET.Element, document: PageDocument, groups: Sequence[RegionGroup]) -> None:
    """Add the page with its blocks, loose lines, pictures and rules."""
    scan = document.record.page.scan
    size = {"WIDTH": str(scan.width), "HEIGHT": str(scan.height)}
    attributes = {"ID": "page_1", "PHYSICAL_IMG_NR": str(scan.frame + 1), **size}
    if document.publication and document.publication.page:
        attributes["PRINTED_IMG_NR"] = document.publication.page
    page = add_element(add_element(root, "Layout"), "Page", attributes)
    space = add_element(page, "PrintSpace", {"HPOS": "0", "VPOS": "0", **size})
    writer = _BlockWriter(space, document.record)
    for group in groups:
        for region in group.regions:
            writer.add_region(region)
    for line in document.record.page.unplaced:
        writer.add_loose_line(line)
    writer.add_pictures_and_rules()


class _BlockWriter:
    """Writer of the blocks in the print space of a page."""

    def __init__(self, space: ET.Element, record: PageRecord) -> None:
        self._space = space
        self._record = record
        self._lines: Mapping[str, PrintedLine] = collect_printed_lines(record)

    def add_region(self, region: Region) -> None:
        """Add a region as a text block, tagged with its kind, then its article."""
        tags = [_tag_of(region.kind)]
        if any(a.id == region.article for a in self._record.articles):
            tags.append(make_identifier("article", region.article or ""))
        block = self._add_block("TextBlock", make_identifier("region", region.id), region.box)
        block.set("TAGREFS", " ".join(tags))
        for line in region.lines:
            self._add_line(block, self._lines[line.id])

    def add_loose_line(self, line: TextLine) -> None:
        """Add an unplaced line as a block of its own, outside the reading order."""
        block = self._add_block("TextBlock", make_identifier("loose", line.id), line.box)
        self._add_line(block, self._lines[line.id])

    def add_pictures_and_rules(self) -> None:
        """Add pictures as illustrations and printed rules as graphical elements."""
        for number, box in enumerate(self._record.page.pictures, 1):
            self._add_block("Illustration", f"picture_{number}", box)
        for number, rule in enumerate(self._record.page.separators, 1):
            self._add_block("GraphicalElement", f"rule_{number}", rule.box)

    def _add_block(self, tag: str, name: str, box: Box) -> ET.Element:
        """Add an element with an identifier and a place to the print space."""
        return add_element(self._space, tag, {"ID": name, **self._place(box)})

    def _add_line(self, block: ET.Element, printed: PrintedLine) -> None:
        """Add a text line with its baseline, and its outline where it has one."""
        name = make_identifier("line", printed.line.id)
        attributes = {
            "ID": name,
            **self._place(printed.line.box),
            "BASELINE": format_points(trace_baseline(printed)),
            "BASEDIRECTION": _DIRECTIONS[printed.line.direction],
        }
        if printed.is_corrected:
            attributes["CS"] = "true"
        line = add_element(block, "TextLine", attributes)
        if printed.line.polygon:
            points = format_points(printed.line.polygon)
            add_element(add_element(line, "Shape"), "Polygon", {"POINTS": points})
        self._add_string(line, name, printed)

    def _add_string(self, line: ET.Element, name: str, printed: PrintedLine) -> None:
        """Add the text of a line, the text as read where it was corrected, and its characters."""
        attributes = {
            "ID": f"{name}_string",
            **self._place(printed.line.box),
            "CONTENT": printed.text,
            "WC": f"{printed.confidence:.3f}",
            "CC": "".join(_doubt_digit(c.confidence) * len(c.text) for c in printed.characters),
        }
        if printed.is_corrected:
            attributes["CS"] = "true"
        string = add_element(line, "String", attributes)
        if printed.is_corrected:
            add_element(string, "ALTERNATIVE", {"PURPOSE": "as read"}, printed.line.text)
        for character in printed.characters:
            self._add_glyph(string, character)

    def _add_glyph(self, string: ET.Element, character: PrintedCharacter) -> None:
        """Add a character; ALTO allows one code point a glyph, so other characters are left out."""
        if len(character.text) != 1:
            return
        attributes = {
            **self._place(character.box),
            "CONTENT": character.text,
            "GC": f"{character.confidence:.3f}",
        }
        glyph = add_element(string, "Glyph", attributes)
        if character.read and character.read != character.text and len(character.read) <= 3:
            add_element(glyph, "Variant", {"CONTENT": character.read})

    def _place(self, box: Box) -> dict[str, str]:
        """Return the attributes for a box, in whole pixels inside the scan."""
        scan = self._record.page.scan
        left, top, right, bottom = clip_box(box, scan.width, scan.height)
        return {
            "HPOS": str(left),
            "VPOS": str(top),
            "WIDTH": str(right - left),
            "HEIGHT": str(bottom - top),
        }


def _doubt_digit(confidence: float) -> str:
    """Return ALTO's digit for the confidence of a character."""
    return str(round((1 - min(1.0, max(0.0, confidence))) * _LEVELS))
