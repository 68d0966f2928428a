"""Build the facsimile of a page for TEI: the scan and the zones of what is on it."""

import urllib.parse
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newspage.formats.document import PageDocument
from newspage.formats.media_types import scan_media_type
from newspage.formats.xml_tree import add_element, clip_box, format_points, make_identifier
from newspage.geometry import Box, Polygon
from newspage.model import Direction, PageRecord, Region, Scan, TextLine

RENDITIONS = {
    Direction.VERTICAL: ("vertical", "writing-mode: vertical-rl"),
    Direction.HORIZONTAL_RTL: ("rtl", "direction: rtl; unicode-bidi: bidi-override"),
}
"""Name and CSS of directions of writing other than left to right."""


@dataclass(frozen=True, slots=True)
class ZoneNames:
    """The identifiers of the zones of a page in the document of its issue."""

    surface: str
    regions: Mapping[str, str]
    """By id of region."""
    lines: Mapping[str, str]
    """By id of line, placed or not. Of lines that share an id the first one has the zone."""

    @classmethod
    def of_page(cls, number: int, record: PageRecord) -> "ZoneNames":
        """Return the names for the page that comes as the `number`-th of its issue, from 1."""
        surface = f"f{number:04d}"
        page = record.page
        lines = (line for region in page.regions for line in region.lines)
        return cls(
            surface,
            {r.id: make_identifier(f"{surface}_region", r.id) for r in page.regions},
            {n.id: make_identifier(f"{surface}_line", n.id) for n in (*lines, *page.unplaced)},
        )

    def name_picture(self, number: int) -> str:
        """Return the name of the zone of a picture, by its number on the page from 0."""
        return f"{self.surface}_picture_{number + 1}"


def quote_path(scan: Scan) -> str:
    """Return the path of a scan as a relative address."""
    path = scan.path.as_posix().encode("utf-8", "replace")
    # A colon is quoted as well: what stands before it would be taken for a scheme.
    return urllib.parse.quote(path, safe="/")


def build_surface(page: PageDocument, names: ZoneNames, numbers: Sequence[str]) -> ET.Element:
    """Return the surface of a page: its scan, its regions with their lines, and its pictures.

    Args:
        page: The page.
        names: The names of its zones.
        numbers: The numbers of the printed pages on it, as far as they are known.
    """
    layout = page.record.page
    return _SurfaceBuilder(layout.scan, names).build(page.record, numbers)


class _SurfaceBuilder:
    """Builder of the surface of a page."""

    def __init__(self, scan: Scan, names: ZoneNames) -> None:
        self._scan = scan
        self._names = names
        self._named: set[str] = set()
        size = {"ulx": "0", "uly": "0", "lrx": str(scan.width), "lry": str(scan.height)}
        self._surface = ET.Element("surface", {"xml:id": names.surface, **size})

    def build(self, record: PageRecord, numbers: Sequence[str]) -> ET.Element:
        """Return the surface with all zones of a page."""
        printed = " ".join(number for number in numbers if number)
        if printed:
            self._surface.set("n", printed)
        self._add_graphic()
        for region in record.page.regions:
            self._add_region(region)
        for line in record.page.unplaced:
            self._add_line(self._surface, line)
        for number, box in enumerate(record.page.pictures):
            attributes = {"xml:id": self._names.name_picture(number), "type": "picture"}
            add_element(self._surface, "zone", {**attributes, **self._place(box, ())})
        return self._surface

    def _add_graphic(self) -> None:
        """Add the scan with its size and checksum."""
        scan = self._scan
        attributes = {
            "url": quote_path(scan),
            "width": f"{scan.width}px",
            "height": f"{scan.height}px",
        }
        if kind := scan_media_type(scan.path):
            attributes["mimeType"] = kind
        graphic = add_element(self._surface, "graphic", attributes)
        frame = f", page {scan.frame + 1} of {scan.frames} in the file" if scan.frames > 1 else ""
        add_element(graphic, "desc", text=f"SHA-256 {scan.sha256}{frame}")

    def _add_region(self, region: Region) -> None:
        """Add the zone of a region, with those of its lines in it."""
        attributes = {"xml:id": self._names.regions[region.id], "type": region.kind.value}
        zone = add_element(
            self._surface, "zone", attributes | self._place(region.box, region.polygon)
        )
        for line in region.lines:
            self._add_line(zone, line)

    def _add_line(self, parent: ET.Element, line: TextLine) -> None:
        """Add the zone of a line, with its direction where that is not left to right."""
        name = self._names.lines[line.id]
        attributes = {"type": "line"}
        if name not in self._named:
            self._named.add(name)
            attributes = {"xml:id": name, **attributes}
        if line.direction in RENDITIONS:
            attributes["rendition"] = f"#{RENDITIONS[line.direction][0]}"
        add_element(parent, "zone", attributes | self._place(line.box, line.polygon))

    def _place(self, box: Box, polygon: Polygon) -> dict[str, str]:
        """Return the attributes for a box on the scan, and for its outline where it has another."""
        left, top, right, bottom = clip_box(box, self._scan.width, self._scan.height)
        place = {"ulx": str(left), "uly": str(top), "lrx": str(right), "lry": str(bottom)}
        if len(polygon) >= 3 and polygon != box.polygon:
            place["points"] = format_points(polygon)
        return place
