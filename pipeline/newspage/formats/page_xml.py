"""Render PAGE XML (2019-07-15), the format of OCR-D, Transkribus, eScriptorium and kraken.

Regions are top-level text regions. The reading order is one ordered group that holds a group for
each article. A line has one `Word` with its characters as `Glyph`, because readers set a space
between words. The text as read stands on the glyphs where something was corrected: a second
`TextEquiv` on a line would become text.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence

from newspage.formats.characters import PrintedCharacter, PrintedLine, collect_printed_lines
from newspage.formats.document import PageDocument
from newspage.formats.page_structure import (
    Corner,
    RegionGroup,
    encloses_points,
    group_regions,
    span_hull,
    trace_baseline,
)
from newspage.formats.xml_tree import (
    add_element,
    format_points,
    make_identifier,
    serialise_tree,
)
from newspage.geometry import Box, Polygon
from newspage.model import Direction, PageRecord, Region, RegionKind, Scan, TextLine
from newspage.version import __version__

NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"

NO_TIME = "1970-01-01T00:00:00Z"
"""PAGE asks for a time; records keep none, so that the same page always gives the same bytes."""

_TYPES = {
    RegionKind.KICKER: "heading",
    RegionKind.TITLE: "heading",
    RegionKind.DECK: "heading",
    RegionKind.BYLINE: "credit",
    RegionKind.BODY: "paragraph",
    RegionKind.CAPTION: "caption",
    RegionKind.MASTHEAD: "header",
    RegionKind.FOLIO: "page-number",
}
"""PAGE's words for kinds of regions; all others are "other"."""

_READING = {
    Direction.HORIZONTAL: ("left-to-right", "top-to-bottom"),
    Direction.HORIZONTAL_RTL: ("right-to-left", "top-to-bottom"),
    Direction.VERTICAL: ("top-to-bottom", "right-to-left"),
}
"""Reading direction and order of lines, in PAGE's words."""


def render_page_xml(document: PageDocument) -> bytes:
    """Return a page as a PAGE 2019-07-15 document, UTF-8."""
    record, groups = document.record, group_regions(document.record)
    root = ET.Element(
        "PcGts",
        {
            "xmlns": NAMESPACE,
            "xmlns:xsi": _XSI,
            "xsi:schemaLocation": f"{NAMESPACE} {NAMESPACE}/pagecontent.xsd",
            "pcGtsId": make_identifier("page", document.name),
        },
    )
    _add_metadata(root, record)
    scan = record.page.scan
    attributes = {
        "imageFilename": scan.path.as_posix(),
        "imageWidth": str(scan.width),
        "imageHeight": str(scan.height),
    }
    page = add_element(root, "Page", attributes)
    _add_reading_order(page, groups)
    writer = _RegionWriter(page, record)
    ordered = [region for group in groups for region in group.regions]
    for index, region in enumerate(ordered):
        writer.add_region(region, index)
    for line in record.page.unplaced:
        writer.add_loose_line(line)
    writer.add_pictures_and_rules()
    return serialise_tree(root)


def _add_metadata(root: ET.Element, record: PageRecord) -> None:
    """Add creator, times, and the processing steps with their settings as labels."""
    metadata = add_element(root, "Metadata")
    add_element(metadata, "Creator", text=f"newspage {__version__}")
    add_element(metadata, "Created", text=NO_TIME)
    add_element(metadata, "LastChange", text=NO_TIME)
    for step in record.steps:
        attributes = {"type": "processingStep", "name": step.name, "value": "newspage"}
        item = add_element(metadata, "MetadataItem", attributes)
        labels = add_element(item, "Labels")
        for key, value in sorted(step.details.items()):
            add_element(labels, "Label", {"type": key, "value": value})
        if not len(labels):
            item.remove(labels)


def _add_reading_order(page: ET.Element, groups: Sequence[RegionGroup]) -> None:
    """Add one ordered group for the page that holds one for each article."""
    if not groups:
        return
    order = add_element(page, "ReadingOrder")
    whole = add_element(order, "OrderedGroup", {"id": "order"})
    for index, group in enumerate(groups):
        if group.article is None:
            _add_references(whole, group.regions, index)
            continue
        attributes = {
            "id": make_identifier("article", group.article.id),
            "index": str(index),
            "type": "article",
            "caption": group.label,
        }
        _add_references(add_element(whole, "OrderedGroupIndexed", attributes), group.regions, 0)


def _add_references(parent: ET.Element, regions: Sequence[Region], first: int) -> None:
    """Add references to regions, numbered from `first`."""
    for index, region in enumerate(regions, first):
        name = make_identifier("region", region.id)
        add_element(parent, "RegionRefIndexed", {"index": str(index), "regionRef": name})


class _RegionWriter:
    """Writer of the regions of a PAGE document."""

    def __init__(self, page: ET.Element, record: PageRecord) -> None:
        self._page = page
        self._record = record
        self._scan: Scan = record.page.scan
        self._lines: Mapping[str, PrintedLine] = collect_printed_lines(record)

    def add_region(self, region: Region, index: int) -> None:
        """Add a region with its lines; `index` is its place in the reading order, from 0."""
        kind = _TYPES.get(region.kind, "other")
        # The attribute that Transkribus and eScriptorium read and write.
        structure = kind if kind != "other" else region.kind.value
        custom = f"readingOrder {{index:{index};}} structure {{type:{structure};}}"
        name = make_identifier("region", region.id)
        element = self._add_text_region(name, kind, custom, region.direction)
        printed = [self._lines[line.id] for line in region.lines]
        inside = [point for line in printed for point in self._outline_line(line)]
        self._add_points(element, self._outline(region.polygon, region.box, inside))
        for number, line in enumerate(printed):
            self._add_line(element, line, number)
        _add_text(element, "\n".join(line.text for line in printed))

    def add_loose_line(self, line: TextLine) -> None:
        """Add an unplaced line as a region of its own, outside the reading order."""
        custom = "structure {type:unplaced;}"
        name = make_identifier("loose", line.id)
        element = self._add_text_region(name, "other", custom, line.direction)
        printed = self._lines[line.id]
        self._add_points(element, self._outline_line(printed))
        self._add_line(element, printed, 0)
        _add_text(element, printed.text)

    def add_pictures_and_rules(self) -> None:
        """Add pictures as image regions and printed rules as separator regions."""
        for number, box in enumerate(self._record.page.pictures, 1):
            element = add_element(self._page, "ImageRegion", {"id": f"picture_{number}"})
            self._add_points(element, self._outline((), box))
        for number, rule in enumerate(self._record.page.separators, 1):
            element = add_element(self._page, "SeparatorRegion", {"id": f"rule_{number}"})
            self._add_points(element, self._outline(rule.polygon, rule.box))

    def _add_text_region(
        self, name: str, kind: str, custom: str, direction: Direction
    ) -> ET.Element:
        """Add an empty text region; `custom` carries what Transkribus and eScriptorium read."""
        reading, lines = _READING[direction]
        attributes = {
            "id": name,
            "type": kind,
            "custom": custom,
            "readingDirection": reading,
            "textLineOrder": lines,
        }
        return add_element(self._page, "TextRegion", attributes)

    def _add_line(self, region: ET.Element, printed: PrintedLine, number: int) -> None:
        """Add a text line, the `number`-th of its region from 0, with its baseline and its text."""
        name = make_identifier("line", printed.line.id)
        reading, _ = _READING[printed.line.direction]
        attributes = {
            "id": name,
            "readingDirection": reading,
            "custom": f"readingOrder {{index:{number};}}",
        }
        line = add_element(region, "TextLine", attributes)
        self._add_points(line, self._outline_line(printed))
        baseline = format_points(self._clip(trace_baseline(printed)))
        add_element(line, "Baseline", {"points": baseline})
        if printed.characters:
            self._add_word(line, name, printed)
        _add_text(line, printed.text, printed.confidence)

    def _add_word(self, line: ET.Element, name: str, printed: PrintedLine) -> None:
        """Add the one word of a line, with all of its characters."""
        # Without a direction of its own: OCR-D's reader turns the glyphs of a word that says it
        # runs from right to left, though they stand in the order of the text.
        word = add_element(line, "Word", {"id": f"{name}_word"})
        self._add_points(word, self._outline_line(printed))
        for number, character in enumerate(printed.characters):
            self._add_glyph(word, f"{name}_g{number}", character)
        _add_text(word, printed.text, printed.confidence)

    def _add_glyph(self, word: ET.Element, name: str, character: PrintedCharacter) -> None:
        """Add a character, with its text as read as a second reading where it was corrected."""
        glyph = add_element(word, "Glyph", {"id": name})
        self._add_points(glyph, self._outline((), character.box))
        _add_text(glyph, character.text, character.confidence, index=0)
        if character.read and character.read != character.text:
            _add_text(glyph, character.read, index=1)

    def _outline_line(self, printed: PrintedLine) -> list[Corner]:
        """Return the outline of a line, around its glyphs and baseline too, as readers check."""
        corners = [corner for c in printed.characters for corner in c.box.polygon]
        return self._outline(
            printed.line.polygon, printed.line.box, self._clip([*corners, *trace_baseline(printed)])
        )

    def _outline(self, polygon: Polygon, box: Box, inside: Sequence[Corner] = ()) -> list[Corner]:
        """Return a polygon (or box) on the page in whole pixels, grown around points `inside`."""
        corners = self._clip(polygon or box.polygon)
        return corners if encloses_points(corners, inside) else span_hull([*corners, *inside])

    def _clip(self, points: Iterable[tuple[float, float]]) -> list[Corner]:
        """Round points to whole pixels on the page."""
        width, height = self._scan.width, self._scan.height
        return [(round(min(max(x, 0), width)), round(min(max(y, 0), height))) for x, y in points]

    @staticmethod
    def _add_points(parent: ET.Element, points: Sequence[Corner]) -> None:
        """Add the coordinates of an element."""
        add_element(parent, "Coords", {"points": format_points(points)})


def _add_text(
    parent: ET.Element, text: str, confidence: float | None = None, index: int | None = None
) -> None:
    """Add a text with its confidence (0 to 1) and its rank among several readings, where given."""
    attributes = {} if index is None else {"index": str(index)}
    if confidence is not None:
        attributes["conf"] = f"{min(1.0, max(0.0, confidence)):.3f}"
    add_element(add_element(parent, "TextEquiv", attributes), "Unicode", text=text)
