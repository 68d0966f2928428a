"""Render ALTO 4.4, the format from which libraries load text with its places.

Text blocks are flat, direct children of the print space, because several readers look no deeper;
tags and groups in the reading order say which article they belong to. A line is one `String` with
its characters as `Glyph`: readers set a space between the strings of a line, which Chinese does not
have. Units are pixels of the scan.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence

from newspage.formats.characters import PrintedCharacter, PrintedLine, collect_printed_lines
from newspage.formats.document import PageDocument
from newspage.formats.kept_markup import (
    KeptMarkupWriter,
    LinePiece,
    PieceKind,
    part_identifiers,
)
from newspage.formats.page_structure import RegionGroup, group_regions, list_baseline
from newspage.formats.xml_tree import (
    add_element,
    clip_box,
    clip_points,
    format_points,
    make_identifier,
    serialise_tree,
)
from newspage.geometry import Box, union_boxes
from newspage.model import Direction, PageRecord, Region, RegionKind, TextLine
from newspage.source_markup import make_place
from newspage.version import __version__

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
SCHEMA = "http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"

DIRECTIONS = {
    Direction.HORIZONTAL: "ltr",
    Direction.HORIZONTAL_RTL: "rtl",
    Direction.VERTICAL: "ttb",
}
"""ALTO's codes for directions of writing."""
DOUBT_LEVELS = 9
"""Highest digit of ALTO's CC, one digit for each character: 0 certain, 9 hardly read."""
CHILD_ORDER = {
    "alto": (("Description",), ("Styles",), ("Tags",), ("ReadingOrder",), ("Layout",)),
    "Description": (
        ("MeasurementUnit",),
        ("sourceImageInformation",),
        ("OCRProcessing",),
        ("Processing",),
    ),
    "Page": (("TopMargin",), ("LeftMargin",), ("RightMargin",), ("BottomMargin",), ("PrintSpace",)),
    "TextBlock": (("Shape",), ("TextLine",)),
    "TextLine": (("Shape",), ("String", "SP", "HYP")),
    "String": (("Shape",), ("ALTERNATIVE",), ("Glyph",)),
    "Glyph": (("Shape",), ("Variant",)),
}
"""Children of elements in the order of the schema, for those that imported pages bring along."""


def render_alto(document: PageDocument) -> bytes:
    """Return a page as an ALTO 4.4 document, UTF-8."""
    record = document.record
    groups = group_regions(record)
    kept = KeptMarkupWriter(record, "alto", "ID", CHILD_ORDER)
    root = ET.Element(
        "alto",
        {
            "xmlns": NAMESPACE,
            "xmlns:xsi": _XSI,
            "xsi:schemaLocation": f"{NAMESPACE} {SCHEMA}",
            "SCHEMAVERSION": "4.4",
        },
    )
    _add_description(root, record, kept)
    _add_tags(root, groups, kept)
    _add_reading_order(root, groups, kept)
    _add_layout(root, document, groups, kept)
    kept.restore_markup(root, "document")
    if record.reading.source:
        part_identifiers(root, "ID")
    return serialise_tree(root)


def _add_description(root: ET.Element, record: PageRecord, kept: KeptMarkupWriter) -> None:
    """Add unit, scan file with its checksum, and the processing steps with their settings."""
    description = add_element(root, "Description")
    add_element(description, "MeasurementUnit", text="pixel")
    source = add_element(description, "sourceImageInformation")
    add_element(source, "fileName", text=record.page.scan.path.as_posix())
    attributes = {"fileIdentifierLocation": "sha256"}
    add_element(source, "fileIdentifier", attributes, record.page.scan.sha256)
    kept.restore_markup(source, "image")
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
    kept.restore_markup(description, "description")


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


def _add_tags(root: ET.Element, groups: Sequence[RegionGroup], kept: KeptMarkupWriter) -> None:
    """Add a tag for each kind of region on the page and for each article, if there are any."""
    tags = add_element(root, "Tags")
    kinds = dict.fromkeys(r.kind for group in groups for r in group.regions)
    for kind in kinds:
        attributes = {"ID": name_kind_tag(kind), "TYPE": "region", "LABEL": kind.value}
        add_element(tags, "LayoutTag", attributes)
    for group in groups:
        if group.article is not None:
            label = kept.choose_label(group, "LABEL")
            attributes = {"ID": kept.name_article(group.article), "TYPE": "article"}
            tag = add_element(tags, "StructureTag", {**attributes, "LABEL": label})
            kept.restore_markup(tag, make_place("article", group.article.id))
    kept.restore_markup(tags, "tags")
    if not len(tags):
        root.remove(tags)


def name_kind_tag(kind: RegionKind) -> str:
    """Return the identifier of the tag for a kind of region."""
    return f"kind_{kind.value}"


def _add_reading_order(
    root: ET.Element, groups: Sequence[RegionGroup], kept: KeptMarkupWriter
) -> None:
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
            name = kept.name_article(group.article)
            parent = add_element(page, "OrderedGroup", {"ID": f"order_{name}", "TAGREFS": name})
        for region in group.regions:
            name = kept.name_region(region)
            add_element(parent, "ElementRef", {"ID": f"order_{name}", "REF": name})


def _add_layout(
    root: ET.Element,
    document: PageDocument,
    groups: Sequence[RegionGroup],
    kept: KeptMarkupWriter,
) -> None:
    """Add the page with its blocks, loose lines, pictures and rules."""
    scan = document.record.page.scan
    size = {"WIDTH": str(scan.width), "HEIGHT": str(scan.height)}
    name = kept.name_place("page", "page_1")
    attributes = {"ID": name, "PHYSICAL_IMG_NR": str(scan.frame + 1), **size}
    if document.publication and document.publication.page:
        attributes["PRINTED_IMG_NR"] = document.publication.page
    layout = add_element(root, "Layout")
    page = add_element(layout, "Page", attributes)
    space = add_element(page, "PrintSpace", {"HPOS": "0", "VPOS": "0", **size})
    writer = _BlockWriter(space, document.record, kept)
    for group in groups:
        for region in group.regions:
            writer.add_region(region)
    for line in document.record.page.unplaced:
        writer.add_loose_line(line)
    writer.add_pictures_and_rules()
    kept.restore_markup(space, "space")
    kept.restore_markup(page, "page", ("PHYSICAL_IMG_NR",))
    kept.restore_markup(layout, "layout")


class _BlockWriter:
    """Writer of the blocks in the print space of a page."""

    def __init__(self, space: ET.Element, record: PageRecord, kept: KeptMarkupWriter) -> None:
        self._space = space
        self._record = record
        self._kept = kept
        self._lines: Mapping[str, PrintedLine] = collect_printed_lines(record)
        self._articles = {article.id: article for article in record.articles}

    def add_region(self, region: Region) -> None:
        """Add a region as a text block, tagged with its kind, then its article."""
        place = make_place("region", region.id)
        block = self._add_block("TextBlock", self._kept.name_region(region), region.box)
        tags = [name_kind_tag(region.kind)]
        if article := self._articles.get(region.article or ""):
            tags.append(self._kept.name_article(article))
        # Readers take the first one for the kind of the block.
        others = self._kept.find_markup(place).attributes.get("TAGREFS", "").split()
        block.set("TAGREFS", " ".join(dict.fromkeys([*tags, *others])))
        for line in region.lines:
            self._add_line(block, self._lines[line.id])
        self._kept.restore_markup(block, place)

    def add_loose_line(self, line: TextLine) -> None:
        """Add an unplaced line as a block of its own, outside the reading order."""
        name = make_identifier("loose", line.id)
        place = make_place("loose", line.id)
        block = self._add_block("TextBlock", self._kept.name_place(place, name), line.box)
        self._add_line(block, self._lines[line.id])
        self._kept.restore_markup(block, place)

    def add_pictures_and_rules(self) -> None:
        """Add pictures as illustrations and printed rules as graphical elements."""
        boxes = {
            "picture": ("Illustration", self._record.page.pictures),
            "rule": ("GraphicalElement", [rule.box for rule in self._record.page.separators]),
        }
        for kind, (tag, found) in boxes.items():
            for number, box in enumerate(found, 1):
                place = make_place(kind, number)
                name = self._kept.name_place(place, f"{kind}_{number}")
                self._kept.restore_markup(self._add_block(tag, name, box), place)

    def _add_block(self, tag: str, name: str, box: Box) -> ET.Element:
        """Add an element with an identifier and a place to the print space."""
        return add_element(self._space, tag, {"ID": name, **self._place(box)})

    def _add_line(self, block: ET.Element, printed: PrintedLine) -> None:
        """Add a text line with its baseline, and its outline where it has one."""
        place = make_place("line", printed.line.id)
        name = self._kept.name_place(place, make_identifier("line", printed.line.id))
        attributes = {
            "ID": name,
            **self._place(printed.line.box),
            "BASELINE": self._format(list_baseline(printed)),
            "BASEDIRECTION": DIRECTIONS[printed.line.direction],
        }
        if printed.is_corrected:
            attributes["CS"] = "true"
        line = add_element(block, "TextLine", attributes)
        if printed.line.polygon:
            points = self._format(printed.line.polygon)
            add_element(add_element(line, "Shape"), "Polygon", {"POINTS": points})
        for number, piece in enumerate(self._kept.split_line(printed)):
            self._add_piece(line, f"{name}_string{number or ''}", piece, printed)
        self._kept.restore_markup(line, place)

    def _add_piece(
        self, line: ET.Element, name: str, piece: LinePiece, printed: PrintedLine
    ) -> None:
        """Add a piece of a line: its text as a string of its own, or the blank between two."""
        if piece.kind is PieceKind.WORD:
            self._add_string(line, name, piece, printed)
            return
        attributes = self._place(union_boxes(c.box for c in piece.characters))
        if piece.kind is PieceKind.HYPHEN:
            element = add_element(line, "HYP", {**attributes, "CONTENT": piece.text})
        else:
            element = add_element(line, "SP", attributes)
        self._kept.restore_markup(element, piece.place)

    def _add_string(
        self, line: ET.Element, name: str, piece: LinePiece, printed: PrintedLine
    ) -> None:
        """Add the text of a line or word, the text as read where it was corrected, and its glyphs.

        Args:
            line: The element of the line.
            name: Identifier of the string where the file that it came from had none.
            piece: The text.
            printed: The line.
        """
        whole = len(piece.characters) == len(printed.characters)
        box = printed.line.box if whole else union_boxes(c.box for c in piece.characters)
        attributes = {
            "ID": self._kept.name_place(piece.place, name),
            **self._place(box),
            "CONTENT": piece.text,
            "WC": f"{piece.confidence:.3f}",
            "CC": "".join(_doubt_digit(c.confidence) * len(c.text) for c in piece.characters),
        }
        read = printed.line.text if whole else "".join(c.read for c in piece.characters)
        if read != piece.text:
            attributes["CS"] = "true"
        string = add_element(line, "String", attributes)
        if read != piece.text:
            add_element(string, "ALTERNATIVE", {"PURPOSE": "as read"}, read)
        for character in piece.characters:
            self._add_glyph(string, character, printed.line.id)
        self._kept.restore_markup(string, piece.place)

    def _add_glyph(self, string: ET.Element, character: PrintedCharacter, line: str) -> None:
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
        if character.read:
            self._kept.restore_markup(glyph, make_place("glyph", line, character.glyph))

    def _format(self, points: Iterable[tuple[float, float]]) -> str:
        """Return points as ALTO writes them, in whole pixels inside the scan."""
        scan = self._record.page.scan
        return format_points(clip_points(points, scan.width, scan.height))

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
    return str(round((1 - min(1.0, max(0.0, confidence))) * DOUBT_LEVELS))
