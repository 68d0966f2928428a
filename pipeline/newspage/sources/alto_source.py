"""Read ALTO of any version, 1 to 4, as pages of another program.

Blocks in margins and in composed blocks count like those in the print space. What is neither place,
text, order nor article is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from newspage.formats import (
    DIRECTIONS,
    DOUBT_LEVELS,
    PieceKind,
    name_kind_tag,
)
from newspage.geometry import Box, Polygon
from newspage.model import RegionKind
from newspage.source_markup import KeptElement, KeptMarkup
from newspage.sources.source_page import (
    LengthUnit,
    SourceArea,
    SourceArticle,
    SourceGlyph,
    SourceLine,
    SourcePage,
    SourceRegion,
    SourceWord,
    bound_polygon,
    find_kind,
    find_own_name,
    holds_unplaced_line,
    keep_element,
    keep_markup,
    make_box,
    parse_number,
    parse_points,
    parse_share,
)
from newspage.sources.source_reader import SourceElement, SourceError

_PLACE = ("HPOS", "VPOS", "WIDTH", "HEIGHT")
_SCHEMA = ("SCHEMAVERSION", "xsi:schemaLocation", "xsi:noNamespaceSchemaLocation", "xmlns:xsi")
"""Attributes of the root that an export has of its own."""
_MARGINS = ("TopMargin", "LeftMargin", "RightMargin", "BottomMargin")
_MARGIN_KINDS = dict.fromkeys(_MARGINS, RegionKind.OTHER) | {"TopMargin": RegionKind.MASTHEAD}
"""Kinds of blocks in margins of which no tag says one: what stands above the text is a header."""
_COMPOSED_KINDS = {
    "table": RegionKind.TABLE,
    "advertisement": RegionKind.ADVERTISEMENT,
}
"""Kinds of all text in composed blocks of some types."""
_UNITS = {
    "": LengthUnit.PIXEL,
    "pixel": LengthUnit.PIXEL,
    "mm10": LengthUnit.TENTH_MILLIMETRE,
    "inch1200": LengthUnit.INCH_1200,
}
_GROUPS = ("OrderedGroup", "UnorderedGroup")
_DIRECTIONS = {code: direction for direction, code in DIRECTIONS.items()}
_BLOCKS = ("TextBlock", "ComposedBlock", "Illustration", "GraphicalElement")


@dataclass(frozen=True, slots=True)
class _TagTable:
    """The tags of a document, by identifier."""

    elements: Mapping[str, SourceElement]

    def find_article(self, references: str) -> str:
        """Return the first of some tags that is an article; empty where none is."""
        return next((name for name in references.split() if self._is_article(name)), "")

    def find_kind(self, references: str) -> tuple[RegionKind | None, bool]:
        """Return the kind that some tags name, and whether it is no more than a heading."""
        for name in references.split():
            tag = self.elements.get(name)
            if tag is None or self._is_article(name):
                continue
            words = (tag.get("LABEL"), tag.get("TYPE"))
            if kind := find_kind(*words):
                heading = any(w.casefold() in ("heading", "headline") for w in words)
                return kind, heading
        return None, False

    def _is_article(self, name: str) -> bool:
        """Tell whether a tag stands for an article."""
        tag = self.elements.get(name)
        return (
            tag is not None
            and tag.name == "StructureTag"
            and "article" in f"{tag.get('TYPE')} {tag.get('LABEL')}".casefold()
        )

    def is_understood(self, name: str) -> bool:
        """Tell whether an export writes a tag by itself: that of a kind, or of an article."""
        tag = self.elements.get(name)
        if tag is None:
            return False
        own = name in (name_kind_tag(kind) for kind in RegionKind) and tag.get("TYPE") == "region"
        return own or self._is_article(name)


def read_alto(root: SourceElement, path: Path) -> tuple[SourcePage, ...]:
    """Return the pages of an ALTO document. Raises SourceError where it is none."""
    layout = root.find("Layout")
    if root.name != "alto" or layout is None or not layout.find_all("Page"):
        raise SourceError("source-not-alto", path=path, element=root.name[:40])
    description = root.find("Description") or SourceElement("Description")
    image = description.find("sourceImageInformation") or SourceElement("")
    unit = _find_text(description, "MeasurementUnit")
    if unit not in _UNITS:
        raise SourceError("source-unit-unknown", path=path, unit=unit[:40])
    tags = _TagTable({tag.get("ID"): tag for tag in _children(root, "Tags")})
    markup = {
        "document": keep_markup(root, _SCHEMA, ("Description", "Tags", "ReadingOrder", "Layout")),
        "description": keep_markup(description, (), ("MeasurementUnit", "sourceImageInformation")),
        "image": KeptMarkup({}, tuple(_keep_identifiers(image))),
        "tags": KeptMarkup(
            {},
            tuple(
                keep_element(tag)
                for tag in _children(root, "Tags")
                if not tags.is_understood(tag.get("ID"))
            ),
        ),
        "layout": keep_markup(layout, (), ("Page",)),
    }
    common = SourcePage(
        image=_find_text(image, "fileName"),
        unit=_UNITS[unit],
        program=_list_programs(description),
        markup=markup,
    )
    order = _read_order(root, tags)
    return tuple(_PageReader(page, tags).read(common, order) for page in layout.find_all("Page"))


def _children(root: SourceElement, name: str) -> list[SourceElement]:
    """Return the children of a child."""
    found = root.find(name)
    return found.children if found else []


def _find_text(element: SourceElement, name: str) -> str:
    """Return the text of a child; empty where there is none."""
    found = element.find(name)
    return found.read_text().strip() if found else ""


def _keep_identifiers(image: SourceElement) -> Iterator[KeptElement]:
    """Yield what a file says of its scan beyond name and checksum."""
    for child in image.children:
        own = child.get("fileIdentifierLocation") == "sha256"
        if child.name != "fileName" and not own:
            yield keep_element(child)


def _list_programs(description: SourceElement) -> str:
    """Return the names of the programs that made a file, with versions."""
    found = []
    for element in description.walk():
        if element.name == "processingSoftware":
            name, version = (_find_text(element, n) for n in ("softwareName", "softwareVersion"))
            found.append(" ".join(f"{name} {version}".split()))
    return ", ".join(dict.fromkeys(word for word in found if word))[:200]


def _read_order(root: SourceElement, tags: _TagTable) -> dict[str, str]:
    """Return the blocks in the order of reading, each with the article that its group names."""
    order = root.find("ReadingOrder")
    groups = order.find_all(*_GROUPS) if order else []
    found: dict[str, str] = {}
    # Further groups would be other orders of the same blocks.
    for group in groups[:1]:
        _walk_group(group, "", tags, found)
    return found


def _walk_group(group: SourceElement, article: str, tags: _TagTable, found: dict[str, str]) -> None:
    """Add the blocks of a group, and of those in it, to the order `found`."""
    article = tags.find_article(group.get("TAGREFS")) or article
    for child in group.children:
        if child.name in _GROUPS:
            _walk_group(child, article, tags, found)
        else:
            own = tags.find_article(child.get("TAGREFS")) or article
            for reference in child.get("REF").split():
                found.setdefault(reference, own)


class _PageReader:
    """Reader of one page of a document."""

    def __init__(self, page: SourceElement, tags: _TagTable) -> None:
        self._page = page
        self._tags = tags
        self._regions: list[SourceRegion] = []
        self._pictures: list[SourceArea] = []
        self._rules: list[SourceArea] = []
        self._others: list[KeptElement] = []
        self._inside: dict[str, list[str]] = {}
        """Names of the text blocks in each composed block."""

    def read(self, common: SourcePage, order: Mapping[str, str]) -> SourcePage:
        """Return the page; `common` holds what is the same on all pages of the document."""
        page = self._page
        for child in page.find_all(*_MARGINS, "PrintSpace"):
            before = len(self._regions)
            self._read_space(child, "", None)
            if kind := _MARGIN_KINDS.get(child.name):
                self._regions[before:] = [
                    replace(region, kind=region.kind or kind) for region in self._regions[before:]
                ]
        order = self._open_blocks(order) if order else self._follow_blocks()
        ranks = {name: rank for rank, name in enumerate(order)}
        regions = [replace(r, article=r.article or order.get(r.name, "")) for r in self._regions]
        regions.sort(key=lambda region: ranks.get(region.name, len(ranks)))
        number = parse_number(page.get("PHYSICAL_IMG_NR"))
        return replace(
            common,
            width=parse_number(page.get("WIDTH")) or 0.0,
            height=parse_number(page.get("HEIGHT")) or 0.0,
            number=None if number is None else int(number) - 1,
            regions=tuple(regions),
            articles=self._read_articles(regions),
            pictures=tuple(self._pictures),
            rules=tuple(self._rules),
            markup={**common.markup, **self._keep_spaces()},
        )

    def _keep_spaces(self) -> dict[str, KeptMarkup]:
        """Return the markup of the page and its print space; margins are kept without blocks."""
        page = keep_markup(
            self._page, ("WIDTH", "HEIGHT"), (*_MARGINS, "PrintSpace"), identifier="page_1"
        )
        margins = (keep_element(e, _BLOCKS) for e in self._page.find_all(*_MARGINS))
        space = self._page.find("PrintSpace") or SourceElement("PrintSpace")
        kept = keep_markup(space, _PLACE, tuple(child.name for child in space.children))
        return {
            "page": replace(page, elements=(*page.elements, *margins)),
            "space": replace(kept, elements=tuple(self._others)),
        }

    def _read_articles(self, regions: list[SourceRegion]) -> dict[str, SourceArticle]:
        """Return the articles that regions name."""
        found = {}
        for key in dict.fromkeys(key for region in regions if (key := region.find_article())):
            tag = self._tags.elements.get(key, SourceElement("StructureTag"))
            kept = keep_markup(tag, ("TYPE", "LABEL"), (), find_own_name(key, "article"))
            found[key] = SourceArticle(tag.get("LABEL"), "LABEL", kept)
        return found

    def _open_blocks(self, order: Mapping[str, str]) -> dict[str, str]:
        """Return an order with the text blocks in composed ones in place of those."""
        found: dict[str, str] = {}
        for name, article in order.items():
            for inside in self._inside.get(name, [name]):
                found.setdefault(inside, article)
        return found

    def _follow_blocks(self) -> dict[str, str]:
        """Return the order of the file, but after each block those that it says follow it."""
        following = {
            region.name: after
            for region in self._regions
            if (after := region.markup.attributes.get("IDNEXT"))
        }
        targets = set(following.values())
        found: dict[str, str] = {}
        if not following:
            return found
        for region in self._regions:
            at = None if region.name in targets else region.name
            while at is not None and at not in found:
                found[at] = ""
                at = following.get(at)
        return found

    def _read_space(self, space: SourceElement, article: str, kind: RegionKind | None) -> None:
        """Read the blocks of a part of the page, or of a composed block.

        Args:
            space: The part of the page.
            article: The article that the composed block is; empty for none.
            kind: The kind that all text in the composed block has; None where it says none.
        """
        for child in space.children:
            if child.name == "TextBlock":
                region = self._read_block(child, article)
                self._regions.append(replace(region, kind=kind or region.kind))
            elif child.name == "ComposedBlock":
                word = child.get("TYPE").casefold()
                named = child.get("ID") if "article" in word else ""
                own = self._tags.find_article(child.get("TAGREFS")) or named
                before = len(self._regions)
                self._read_space(child, own or article, _COMPOSED_KINDS.get(word, kind))
                self._inside[child.get("ID")] = [r.name for r in self._regions[before:]]
            elif child.name == "Illustration":
                self._pictures += _read_area(child, "picture", len(self._pictures) + 1)
            elif child.name == "GraphicalElement":
                self._rules += _read_area(child, "rule", len(self._rules) + 1)
            elif space.name == "PrintSpace":
                self._others.append(keep_element(child))

    def _read_block(self, block: SourceElement, article: str) -> SourceRegion:
        """Return a text block as a region."""
        name, references = block.get("ID"), block.get("TAGREFS")
        kind, heading = self._tags.find_kind(references)
        own = find_own_name(name, "region", "loose")
        kept = keep_markup(block, (*_PLACE, "TAGREFS", "BASEDIRECTION"), ("TextLine",), own)
        others = [r for r in references.split() if not self._tags.is_understood(r)]
        if others:
            kept = replace(kept, attributes={**kept.attributes, "TAGREFS": " ".join(others)})
        lines = block.find_all("TextLine")
        return SourceRegion(
            tuple(
                replace(_read_line(e, block), article=self._tags.find_article(e.get("TAGREFS")))
                for e in lines
            ),
            name,
            kind,
            heading,
            _read_box(block),
            _read_shape(block),
            _DIRECTIONS.get(block.get("BASEDIRECTION").casefold()),
            self._tags.find_article(references) or article,
            unplaced=holds_unplaced_line(name, [line.get("ID") for line in lines]),
            markup=kept,
        )


def _read_box(element: SourceElement) -> Box | None:
    """Return the place of an element; None where it has none."""
    left, top, width, height = (parse_number(element.get(name)) for name in _PLACE)
    if left is None or top is None or width is None or height is None:
        return bound_polygon(_read_shape(element))
    return make_box(left, top, left + width, top + height)


def _read_shape(element: SourceElement) -> Polygon:
    """Return the outline of an element, where it has one."""
    shape = element.find("Shape")
    polygon = shape.find("Polygon") if shape else None
    return parse_points(polygon.get("POINTS")) if polygon else ()


def _read_area(element: SourceElement, kind: str, number: int) -> list[SourceArea]:
    """Return an area without text, in a list; an empty one where nothing says its place."""
    box = _read_box(element)
    if box is None:
        return []
    kept = keep_markup(element, _PLACE, (), f"{kind}_{number}")
    return [SourceArea(box, (), element.get("ID"), kept)]


def _read_line(line: SourceElement, block: SourceElement) -> SourceLine:
    """Return a text line."""
    name, box, polygon = line.get("ID"), _read_box(line), _read_shape(line)
    found = line.find_all("String", "SP", "HYP")
    read = (_read_word(e, f"{name}_string{number or ''}") for number, e in enumerate(found))
    words = [
        replace(word, whole=whole) for word, whole in zip(read, _list_whole(found), strict=True)
    ]
    known = ("String", "SP", "HYP", *(["Shape"] if polygon else []))
    said = line.get("BASEDIRECTION") or block.get("BASEDIRECTION")
    return SourceLine(
        tuple(words),
        None,
        name,
        box,
        polygon,
        _read_baseline(line.get("BASELINE"), box),
        _DIRECTIONS.get(said.casefold()),
        markup=keep_markup(
            line, (*_PLACE, "BASELINE", "BASEDIRECTION"), known, find_own_name(name, "line")
        ),
    )


def _list_whole(elements: Sequence[SourceElement]) -> list[str | None]:
    """Return what the pieces of a line add to the running text, where words parted by its end say.

    The first half of such a word stands for all of it, the second half and the hyphen for nothing.
    """
    found: list[str | None] = []
    for element in elements:
        instead, half = element.get("SUBS_CONTENT"), element.get("SUBS_TYPE")
        known = element.name == "HYP" and any(whole for whole in found)
        halves = {"HypPart1": instead, "HypPart2": ""} if instead else {}
        found.append("" if known else halves.get(half))
    return found


def _read_baseline(text: str, box: Box | None) -> Polygon:
    """Return a baseline; up to ALTO 4.0 it is one number, its height on the page."""
    height = parse_number(text)
    if height is not None:
        return ((box.left, height), (box.right, height)) if box else ()
    points = parse_points(text)
    return points if len(points) > 1 else ()


def _read_word(element: SourceElement, name: str) -> SourceWord:
    """Return a piece of a line; `name` is the identifier that newspage would give it."""
    kinds = {"SP": PieceKind.BLANK, "HYP": PieceKind.HYPHEN}
    kind = kinds.get(element.name, PieceKind.WORD)
    glyphs = tuple(_read_glyph(glyph) for glyph in element.find_all("Glyph"))
    text = " " if kind is PieceKind.BLANK else element.get("CONTENT")
    text = text or "".join(glyph.text for glyph in glyphs)
    doubts = "".join(element.get("CC").split())
    given = len(doubts) == len(text) and doubts.isascii() and doubts.isdigit()
    return SourceWord(
        text,
        _read_box(element),
        parse_share(element.get("WC")),
        tuple(1 - int(digit) / DOUBT_LEVELS for digit in doubts) if given else (),
        glyphs,
        kind,
        element.get("ID"),
        keep_markup(element, (*_PLACE, "CONTENT", "WC", "CC"), ("Glyph",), name),
    )


def _read_glyph(element: SourceElement) -> SourceGlyph:
    """Return a character with its place."""
    return SourceGlyph(
        element.get("CONTENT"),
        _read_box(element),
        parse_share(element.get("GC")),
        keep_markup(element, (*_PLACE, "CONTENT", "GC")),
    )
