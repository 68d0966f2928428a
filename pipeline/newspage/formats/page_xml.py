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
from newspage.formats.kept_markup import (
    KeptMarkupWriter,
    LinePiece,
    PieceKind,
    merge_custom,
    part_identifiers,
)
from newspage.formats.page_structure import (
    Corner,
    RegionGroup,
    encloses_points,
    group_regions,
    list_baseline,
    span_hull,
)
from newspage.formats.xml_tree import (
    add_element,
    clean_for_xml,
    clip_points,
    format_points,
    make_identifier,
    serialise_tree,
)
from newspage.geometry import Box, Polygon, union_boxes
from newspage.model import (
    Direction,
    PageRecord,
    Region,
    RegionKind,
    Scan,
    TextLine,
)
from newspage.source_markup import make_place
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

READINGS = {
    Direction.HORIZONTAL: ("left-to-right", "top-to-bottom"),
    Direction.HORIZONTAL_RTL: ("right-to-left", "top-to-bottom"),
    Direction.VERTICAL: ("top-to-bottom", "right-to-left"),
}
"""Reading direction and order of lines, in PAGE's words."""
_WRITTEN = ("ReadingOrder", "TextRegion", "ImageRegion", "SeparatorRegion")
"""Children of a page that are made from the record; all others are kept from a file."""
_BEFORE_LINES = ("AlternativeImage", "Coords", "UserDefined", "Labels", "Roles")
"""Children of a region or a cell that stand before its lines."""
_MORE = (("TextStyle",), ("UserDefined",), ("Labels",))
"""Last children of a line, word or glyph."""
CHILD_ORDER = {
    "Metadata": (
        ("Creator",),
        ("Created",),
        ("LastChange",),
        ("Comments",),
        ("UserDefined",),
        ("MetadataItem",),
    ),
    "Page": (
        ("AlternativeImage",),
        ("Border",),
        ("PrintSpace",),
        ("ReadingOrder",),
        ("Layers",),
        ("Relations",),
        ("TextStyle",),
        ("UserDefined",),
        ("Labels",),
    ),
    "TextRegion": (
        ("AlternativeImage",),
        ("Coords",),
        ("UserDefined",),
        ("Labels",),
        ("Roles",),
        ("TextLine",),
        ("TextEquiv",),
        ("TextStyle",),
    ),
    "TextLine": (
        ("AlternativeImage",),
        ("Coords",),
        ("Baseline",),
        ("Word",),
        ("TextEquiv",),
        *_MORE,
    ),
    "Word": (("AlternativeImage",), ("Coords",), ("Glyph",), ("TextEquiv",), *_MORE),
    "Glyph": (("AlternativeImage",), ("Coords",), ("Graphemes",), ("TextEquiv",), *_MORE),
    "TextEquiv": (("PlainText",), ("Unicode",)),
}
"""Children of elements in the order of the schema, for those that imported pages bring along."""


def render_page_xml(document: PageDocument) -> bytes:
    """Return a page as a PAGE 2019-07-15 document, UTF-8."""
    record, groups = document.record, group_regions(document.record)
    kept = KeptMarkupWriter(record, "page", "id", CHILD_ORDER)
    root = ET.Element(
        "PcGts",
        {
            "xmlns": NAMESPACE,
            "xmlns:xsi": _XSI,
            "xsi:schemaLocation": f"{NAMESPACE} {NAMESPACE}/pagecontent.xsd",
            "pcGtsId": make_identifier("page", document.name),
        },
    )
    _add_metadata(root, record, kept)
    scan = record.page.scan
    attributes = {
        "imageFilename": scan.path.as_posix(),
        "imageWidth": str(scan.width),
        "imageHeight": str(scan.height),
    }
    page = add_element(root, "Page", attributes)
    _add_reading_order(page, groups, kept)
    writer = _RegionWriter(page, record, kept)
    ordered = [region for group in groups for region in group.regions]
    places = {name: place for place, name in enumerate(_list_references(ordered, kept))}
    cells = [region for region in ordered if kept.choose_kind(region, "cell", "")]
    for region in ordered:
        if region not in cells:
            writer.add_region(region, places[_refer_to(region, kept)])
    for line in record.page.unplaced:
        writer.add_loose_line(line)
    writer.add_pictures_and_rules()
    kept.restore_markup(page, "page")
    # Tables come back with the markup of the page, without the text of their cells.
    writer.fill_cells(cells)
    kept.restore_markup(root, "document", ("pcGtsId",))
    if record.reading.source:
        part_identifiers(root, "id")
    return serialise_tree(root)


def _add_metadata(root: ET.Element, record: PageRecord, kept: KeptMarkupWriter) -> None:
    """Add creator, times, and the processing steps with their settings as labels.

    An imported page keeps the creator and the times of its file.
    """
    metadata = add_element(root, "Metadata")
    known = {element.name for element in kept.find_markup("metadata").elements}
    own = {"Creator": f"newspage {__version__}", "Created": NO_TIME, "LastChange": NO_TIME}
    for name, text in own.items():
        if name not in known:
            add_element(metadata, name, text=text)
    for step in record.steps:
        attributes = {"type": "processingStep", "name": step.name, "value": "newspage"}
        item = add_element(metadata, "MetadataItem", attributes)
        labels = add_element(item, "Labels")
        for key, value in sorted(step.details.items()):
            add_element(labels, "Label", {"type": key, "value": value})
        if not len(labels):
            item.remove(labels)
    kept.restore_markup(metadata, "metadata")


def describe_kind(kind: RegionKind) -> tuple[str, str]:
    """Return what PAGE says of a kind of region: its `type`, and the tags in `custom`.

    The tag `structure` is that which Transkribus and eScriptorium read and write; the tag
    `newspage` parts kinds of headings for which PAGE has one word.
    """
    word = _TYPES.get(kind, "other")
    tags = f"structure {{type:{word if word != 'other' else kind.value};}}"
    if kind in (RegionKind.KICKER, RegionKind.DECK):
        tags += f" newspage {{kind:{kind.value};}}"
    return word, tags


def _add_reading_order(
    page: ET.Element, groups: Sequence[RegionGroup], kept: KeptMarkupWriter
) -> None:
    """Add one ordered group for the page that holds one for each article."""
    if not groups:
        return
    order = add_element(page, "ReadingOrder")
    whole = add_element(order, "OrderedGroup", {"id": "order"})
    index, written = 0, set[str]()
    for group in groups:
        names = [n for n in _list_references(group.regions, kept) if n not in written]
        written.update(names)
        if group.article is None:
            _add_references(whole, names, index)
            index += len(names)
            continue
        attributes = {
            "id": kept.name_article(group.article),
            "index": str(index),
            "type": "article",
            "caption": kept.choose_label(group, "caption"),
        }
        element = add_element(whole, "OrderedGroupIndexed", attributes)
        _add_references(element, names, 0)
        kept.restore_markup(element, make_place("article", group.article.id))
        index += 1


def _list_references(regions: Iterable[Region], kept: KeptMarkupWriter) -> list[str]:
    """Return how the order of reading refers to some regions, to all cells of a table at once."""
    return list(dict.fromkeys(_refer_to(region, kept) for region in regions))


def _refer_to(region: Region, kept: KeptMarkupWriter) -> str:
    """Return the identifier of a region in the order of reading: that of its table for a cell."""
    return kept.choose_kind(region, "table", "") or kept.name_region(region)


def _add_references(parent: ET.Element, names: Sequence[str], first: int) -> None:
    """Add references to regions of some identifiers, numbered from `first`."""
    for index, name in enumerate(names, first):
        add_element(parent, "RegionRefIndexed", {"index": str(index), "regionRef": name})


class _RegionWriter:
    """Writer of the regions of a PAGE document."""

    def __init__(self, page: ET.Element, record: PageRecord, kept: KeptMarkupWriter) -> None:
        self._page = page
        self._record = record
        self._kept = kept
        self._scan: Scan = record.page.scan
        self._lines: Mapping[str, PrintedLine] = collect_printed_lines(record)

    def add_region(self, region: Region, index: int) -> None:
        """Add a region with its lines; `index` is its place in the reading order, from 0."""
        place = make_place("region", region.id)
        word, tags = describe_kind(region.kind)
        kind = self._kept.choose_kind(region, "type", word)
        tags = self._kept.choose_kind(region, "structure", tags)
        others = self._kept.find_markup(place).attributes.get("custom", "")
        custom = merge_custom(f"readingOrder {{index:{index};}} {tags}".strip(), others)
        name = self._kept.name_region(region)
        element = self._add_text_region(name, kind, custom, region.direction)
        printed = [self._lines[line.id] for line in region.lines]
        inside = [point for line in printed for point in self._outline_line(line)]
        self._add_points(element, self._outline(region.polygon, region.box, inside))
        for number, line in enumerate(printed):
            self._add_line(element, line, number)
        _add_text(element, [line.text for line in printed])
        self._kept.restore_markup(element, place)

    def fill_cells(self, cells: Iterable[Region]) -> None:
        """Add the lines of cells to the tables of the page, from which they were taken."""
        kept = [child for child in self._page if child.tag not in _WRITTEN]
        elements = [cell for child in kept for cell in child.iter("TableCell")]
        for region in cells:
            cell = elements[int(self._kept.choose_kind(region, "cell", ""))]
            behind = [element for element in cell if element.tag not in _BEFORE_LINES]
            for element in behind:
                cell.remove(element)
            for number, line in enumerate(region.lines):
                self._add_line(cell, self._lines[line.id], number)
            cell.extend(behind)

    def add_loose_line(self, line: TextLine) -> None:
        """Add an unplaced line as a region of its own, outside the reading order."""
        custom = "structure {type:unplaced;}"
        place = make_place("loose", line.id)
        name = self._kept.name_place(place, make_identifier("loose", line.id))
        element = self._add_text_region(name, "other", custom, line.direction)
        printed = self._lines[line.id]
        self._add_points(element, self._outline_line(printed))
        self._add_line(element, printed, 0)
        _add_text(element, [printed.text])
        self._kept.restore_markup(element, place)

    def add_pictures_and_rules(self) -> None:
        """Add pictures as image regions and printed rules as separator regions."""
        page = self._record.page
        for number, box in enumerate(page.pictures, 1):
            self._add_area("ImageRegion", f"picture_{number}", (), box)
        for number, rule in enumerate(page.separators, 1):
            self._add_area("SeparatorRegion", f"rule_{number}", rule.polygon, rule.box)

    def _add_area(self, tag: str, name: str, polygon: Polygon, box: Box) -> None:
        """Add a region without text; `name` is its kind and number, if the file had no other."""
        place = make_place(*name.split("_"))
        element = add_element(self._page, tag, {"id": self._kept.name_place(place, name)})
        self._add_points(element, self._outline(polygon, box))
        self._kept.restore_markup(element, place)

    def _add_text_region(
        self, name: str, kind: str, custom: str, direction: Direction
    ) -> ET.Element:
        """Add an empty text region; `custom` carries what Transkribus and eScriptorium read."""
        reading, lines = READINGS[direction]
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
        place = make_place("line", printed.line.id)
        name = self._kept.name_place(place, make_identifier("line", printed.line.id))
        reading, _ = READINGS[printed.line.direction]
        others = self._kept.find_markup(place).attributes.get("custom", "")
        attributes = {
            "id": name,
            "readingDirection": reading,
            "custom": merge_custom(f"readingOrder {{index:{number};}}", others),
        }
        line = add_element(region, "TextLine", attributes)
        self._add_points(line, self._outline_line(printed))
        baseline = format_points(self._clip(list_baseline(printed)))
        add_element(line, "Baseline", {"points": baseline})
        for index, piece in enumerate(self._kept.split_line(printed)):
            if piece.kind is not PieceKind.BLANK and piece.characters:
                self._add_word(line, f"{name}_word{index or ''}", piece, printed)
        _add_text(line, [printed.text], printed.confidence)
        self._kept.restore_markup(line, place)

    def _add_word(
        self, line: ET.Element, name: str, piece: LinePiece, printed: PrintedLine
    ) -> None:
        """Add the one word of a line, or one that the file had, with its characters.

        Args:
            line: The element of the line.
            name: Identifier of the word where the file that it came from had none.
            piece: The characters of the word.
            printed: The line.
        """
        # Without a direction of its own: OCR-D's reader turns the glyphs of a word that says it
        # runs from right to left, though they stand in the order of the text.
        word_name = self._kept.name_place(piece.place, name)
        word = add_element(line, "Word", {"id": word_name})
        whole = len(piece.characters) == len(printed.characters)
        box = union_boxes(c.box for c in piece.characters)
        self._add_points(word, self._outline_line(printed) if whole else self._outline((), box))
        first = 0 if whole else piece.characters[0].glyph
        for number, character in enumerate(piece.characters, first):
            self._add_glyph(
                word, f"{word_name.removesuffix('_word')}_g{number}", character, printed
            )
        _add_text(word, [piece.text], piece.confidence)
        self._kept.restore_markup(word, piece.place)

    def _add_glyph(
        self, word: ET.Element, name: str, character: PrintedCharacter, printed: PrintedLine
    ) -> None:
        """Add a character, with its text as read as a second reading where it was corrected.

        Args:
            word: The element of the word.
            name: Identifier of the glyph.
            character: The character.
            printed: The line that it stands on.
        """
        glyph = add_element(word, "Glyph", {"id": name})
        self._add_points(glyph, self._outline((), character.box))
        _add_text(glyph, [character.text], character.confidence, index=0)
        if character.read and character.read != character.text:
            _add_text(glyph, [character.read], index=1)
        if character.read:
            self._kept.restore_markup(glyph, make_place("glyph", printed.line.id, character.glyph))

    def _outline_line(self, printed: PrintedLine) -> list[Corner]:
        """Return the outline of a line, around its glyphs and baseline too, as readers check."""
        corners = [corner for c in printed.characters for corner in c.box.polygon]
        return self._outline(
            printed.line.polygon, printed.line.box, self._clip([*corners, *list_baseline(printed)])
        )

    def _outline(self, polygon: Polygon, box: Box, inside: Sequence[Corner] = ()) -> list[Corner]:
        """Return a polygon (or box) on the page in whole pixels, grown around points `inside`."""
        corners = self._clip(polygon or box.polygon)
        return corners if encloses_points(corners, inside) else span_hull([*corners, *inside])

    def _clip(self, points: Iterable[tuple[float, float]]) -> list[Corner]:
        """Round points to whole pixels on the page."""
        return clip_points(points, self._scan.width, self._scan.height)

    @staticmethod
    def _add_points(parent: ET.Element, points: Sequence[Corner]) -> None:
        """Add the coordinates of an element."""
        add_element(parent, "Coords", {"points": format_points(points)})


def _add_text(
    parent: ET.Element,
    rows: Iterable[str],
    confidence: float | None = None,
    index: int | None = None,
) -> None:
    """Add a text of some lines.

    Args:
        parent: The element whose text it is.
        rows: The lines.
        confidence: Its confidence, 0 to 1, where it is known.
        index: Its rank among several readings, from 0.
    """
    attributes = {} if index is None else {"index": str(index)}
    if confidence is not None:
        attributes["conf"] = f"{min(1.0, max(0.0, confidence)):.3f}"
    text = "\n".join(clean_for_xml(row) for row in rows)
    add_element(add_element(parent, "TextEquiv", attributes), "Unicode", text=text)
