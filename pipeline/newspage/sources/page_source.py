"""Read PAGE XML of any version as a page of another program.

Text regions inside others, and inside tables and advertisements, count like those of the page, and
so do cells of tables that hold lines themselves, as those of Transkribus do. The text of a line is
that of its first `TextEquiv`; words count as far as they agree with it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from newspage.formats import READINGS, parse_custom
from newspage.geometry import Polygon
from newspage.model import Direction, RegionKind
from newspage.source_markup import KeptElement, KeptMarkup
from newspage.sources.source_page import (
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
    parse_number,
    parse_points,
    parse_share,
)
from newspage.sources.source_reader import SourceElement, SourceError

_SCHEMA = ("xsi:schemaLocation", "xmlns:xsi")
_GROUPS = (
    "OrderedGroup",
    "UnorderedGroup",
    "OrderedGroupIndexed",
    "UnorderedGroupIndexed",
)
_REFERENCES = ("RegionRef", "RegionRefIndexed")
_DIRECTIONS = {reading: direction for direction, (reading, _) in READINGS.items()} | {
    "bottom-to-top": Direction.VERTICAL
}
_CONTAINERS = {"TableRegion": RegionKind.TABLE, "AdvertRegion": RegionKind.ADVERTISEMENT}
"""Kinds of the text inside regions that are no text regions: whatever it is, it is no article."""
_KNOWN = ("ReadingOrder", "TextRegion", "ImageRegion", "SeparatorRegion")
"""Children of a page that are understood."""
_OWN_TAGS = ("readingOrder", "structure", "newspage")
"""Tags of the attribute `custom` that an export writes anew."""

Order = dict[str, str]
"""Regions in the order of reading, each with the key of its article, which may be empty."""


@dataclass(frozen=True, slots=True)
class _FoundRegion:
    """A region with what says where it stands in the order of reading."""

    region: SourceRegion
    place: float | None
    """Its place, as `custom` has it."""
    within: tuple[str, ...] = ()
    """The names of the regions that it is inside of, the outermost last."""


@dataclass(frozen=True, slots=True)
class _TextEquiv:
    """The text of an element, and what else stands there."""

    text: str | None
    confidence: float | None
    others: tuple[SourceElement, ...]
    """Further readings."""

    def keep_others(self, kept: KeptMarkup) -> KeptMarkup:
        """Return markup of the element with the further readings in it."""
        return replace(kept, elements=(*kept.elements, *map(keep_element, self.others)))


def read_page(root: SourceElement, path: Path) -> tuple[SourcePage, ...]:
    """Return the page of a PAGE document. Raises SourceError where it is none."""
    page = root.find("Page")
    if root.name != "PcGts" or page is None:
        raise SourceError("source-not-page", path=path, element=root.name[:40])
    articles: dict[str, SourceElement] = {}
    order = _read_order(page, articles)
    unknown = [element for element in page.children if element.name not in _KNOWN]
    regions = _arrange(list(_read_regions(page, _number_cells(unknown))), order)
    pictures = _read_areas(page, "ImageRegion", "picture")
    rules = _read_areas(page, "SeparatorRegion", "rule")
    metadata = root.find("Metadata") or SourceElement("Metadata")
    creator = metadata.find("Creator")
    kept = keep_markup(page, ("imageFilename", "imageWidth", "imageHeight"), _KNOWN)
    others = (_keep_emptied(keep_element(element, ("TextRegion",))) for element in unknown)
    program = " ".join(creator.read_text().split())[:200] if creator else ""
    if program.startswith("newspage "):
        # Its exports name kickers and decks.
        regions = [replace(region, heading=False) for region in regions]
    read = SourcePage(
        page.get("imageFilename"),
        parse_number(page.get("imageWidth")) or 0.0,
        parse_number(page.get("imageHeight")) or 0.0,
        regions=tuple(regions),
        articles={key: _read_article(key, articles.get(key)) for key in _list_articles(regions)},
        pictures=tuple(pictures),
        rules=tuple(rules),
        program=program,
        markup={
            "document": keep_markup(root, _SCHEMA, ("Metadata", "Page")),
            "metadata": keep_markup(metadata),
            "page": replace(kept, elements=tuple(others)),
        },
    )
    return (read,)


def _read_order(page: SourceElement, articles: dict[str, SourceElement]) -> Order:
    """Return the order of the regions, and add the groups that are articles to `articles`."""
    order = page.find("ReadingOrder")
    found: Order = {}
    for group in order.find_all(*_GROUPS) if order else []:
        _walk_group(group, "", articles, found)
    return found


def _walk_group(
    group: SourceElement, article: str, articles: dict[str, SourceElement], found: Order
) -> None:
    """Add the regions of a group, and of those in it, to the order `found`."""
    if group.get("type").casefold() == "article":
        article = group.get("id") or f"group{len(articles) + 1}"
        articles.setdefault(article, group)
    if group.get("regionRef"):
        found.setdefault(group.get("regionRef"), article)
    for child in sorted(group.find_all(*_GROUPS, *_REFERENCES), key=_index_of):
        if child.name in _GROUPS:
            _walk_group(child, article, articles, found)
        else:
            found.setdefault(child.get("regionRef"), article)


def _index_of(element: SourceElement) -> float:
    """Return the place of an element in its group; 0 where it says none."""
    return parse_number(element.get("index")) or 0.0


def _arrange(regions: Sequence[_FoundRegion], order: Order) -> list[SourceRegion]:
    """Return regions in reading order: that of the document, else that of their `custom`.

    A region that the document does not order stands where the region that it is inside of does.
    """
    ordered = list(regions)
    if order:
        ranks = {name: rank for rank, name in enumerate(order)}

        def rank(found: _FoundRegion) -> int:
            names = (found.region.name, *found.within)
            return next((ranks[name] for name in names if name in ranks), len(ranks))

        ordered.sort(key=rank)
    elif all(found.place is not None for found in regions):
        ordered.sort(key=lambda found: found.place or 0.0)
    everything = (found.region for found in ordered)
    return [replace(r, article=order.get(r.name) or r.article) for r in everything]


def _list_articles(regions: Sequence[SourceRegion]) -> Iterator[str]:
    """Yield the keys of the articles of regions, each once."""
    yield from dict.fromkeys(key for region in regions if (key := region.find_article()))


def _read_article(key: str, group: SourceElement | None) -> SourceArticle:
    """Return an article, of which there may be a group in the reading order."""
    if group is None:
        return SourceArticle()
    known = ("index", "type", "caption", "regionRef")
    own = find_own_name(key, "article")
    kept = keep_markup(group, known, (*_GROUPS, *_REFERENCES), own)
    return SourceArticle(group.get("caption"), "caption", kept)


def _read_areas(page: SourceElement, tag: str, kind: str) -> list[SourceArea]:
    """Return the regions of a page that have no text, of one kind."""
    found: list[SourceArea] = []
    for element in page.find_all(tag):
        polygon = _read_points(element, "Coords")
        box = bound_polygon(polygon)
        if box is not None:
            kept = keep_markup(element, (), ("Coords",), f"{kind}_{len(found) + 1}")
            found.append(SourceArea(box, polygon, element.get("id"), kept))
    return found


def _read_regions(
    element: SourceElement,
    cells: Mapping[int, int],
    kind: RegionKind | None = None,
    within: tuple[str, ...] = (),
) -> Iterator[_FoundRegion]:
    """Yield the text regions in an element, and in those, and the cells of tables.

    Args:
        element: The page or a region.
        cells: The numbers of the cells that are read, by `id`.
        kind: The kind of all text in there; None where it is that of each region.
        within: The names of the regions around, the outermost last.
    """
    for child in element.children:
        tags = parse_custom(child.get("custom"))
        if child.name == "TextRegion":
            region = _read_region(child, tags)
            yield _FoundRegion(replace(region, kind=kind or region.kind), _find_index(tags), within)
        if child.name.endswith("Region"):
            inside = (child.get("id"), *within)
            for cell in _read_cells(child, cells):
                yield _FoundRegion(cell, _find_index(tags), inside)
            yield from _read_regions(child, cells, _CONTAINERS.get(child.name, kind), inside)


def _number_cells(elements: Iterable[SourceElement]) -> Mapping[int, int]:
    """Return the numbers of the cells in elements that are kept, from 0, by `id` of the cell.

    An export finds them again by those. Text regions are not kept where they stand.
    """
    waiting, found = [*elements][::-1], dict[int, int]()
    while waiting:
        element = waiting.pop()
        if element.name == "TableCell":
            found[id(element)] = len(found)
        waiting += [child for child in reversed(element.children) if child.name != "TextRegion"]
    return found


def _read_cells(table: SourceElement, cells: Mapping[int, int]) -> list[SourceRegion]:
    """Return the cells of a table that hold lines themselves, row by row."""
    found = []
    for cell in table.find_all("TableCell"):
        if id(cell) in cells and cell.find("TextLine"):
            row, column = (parse_number(cell.get(name)) or 0.0 for name in ("row", "col"))
            region = _read_cell(cell, table.get("id"), cells[id(cell)])
            found.append((row, column, region))
    return [region for _, _, region in sorted(found, key=lambda cell: cell[:2])]


def _read_cell(cell: SourceElement, table: str, number: int) -> SourceRegion:
    """Return a cell of a table as a region.

    Args:
        cell: The cell.
        table: The identifier of its table.
        number: Its number on the page, from 0, by which an export finds it again.
    """
    polygon = _read_points(cell, "Coords")
    return SourceRegion(
        tuple(_read_lines(cell)),
        cell.get("id"),
        RegionKind.TABLE,
        box=bound_polygon(polygon),
        polygon=polygon,
        said={"cell": str(number), "table": table} if table else {},
    )


def _keep_emptied(element: KeptElement) -> KeptElement:
    """Return an element to be kept, without the lines in cells of tables: those are read."""
    return replace(
        element,
        children=tuple(
            _keep_emptied(child)
            for child in element.children
            if (element.name, child.name) != ("TableCell", "TextLine")
        ),
    )


def _find_index(tags: Sequence[tuple[str, dict[str, str]]]) -> float | None:
    """Return the place in the order of reading that `custom` says; None where it says none."""
    places = (parse_number(v.get("index", "")) for name, v in tags if name == "readingOrder")
    return next(places, None)


def _read_region(
    element: SourceElement, tags: Sequence[tuple[str, dict[str, str]]]
) -> SourceRegion:
    """Return a text region with its lines."""
    name = element.get("id")
    kind, heading, said = _read_kind(element, tags)
    lines = _read_lines(element)
    polygon = _read_points(element, "Coords")
    equiv = _read_equiv(element)
    parted = any(e.name in ("TextLine", "TextRegion") for e in element.walk() if e is not element)
    if not parted and equiv.text and equiv.text.strip():
        lines = _split_region(equiv.text, polygon)
    structure = next((v for tag, v in tags if tag == "structure"), {})
    unplaced = structure.get("type") == "unplaced" and holds_unplaced_line(
        name, [line.name for line in lines]
    )
    known = ("type", "custom", "readingDirection", "textLineOrder")
    kept = keep_markup(
        element,
        known,
        ("Coords", "TextLine", "TextEquiv", "TextRegion"),
        name if unplaced else find_own_name(name, "region"),
    )
    kept = replace(kept, attributes=_with_custom(kept.attributes, tags, element))
    return SourceRegion(
        tuple(lines),
        name,
        kind,
        heading,
        bound_polygon(polygon),
        polygon,
        _DIRECTIONS.get(element.get("readingDirection")),
        _find_article(tags),
        element.get("continuation") in ("true", "1"),
        unplaced,
        equiv.keep_others(kept),
        said,
    )


def _read_kind(
    element: SourceElement, tags: Sequence[tuple[str, dict[str, str]]]
) -> tuple[RegionKind | None, bool, dict[str, str]]:
    """Return the kind of a region, whether it is just any heading, and the words that say so."""
    word = element.get("type")
    own = next((v.get("kind", "") for tag, v in tags if tag == "newspage"), "")
    structure = next((v.get("type", "") for tag, v in tags if tag == "structure"), "")
    kind = find_kind(own, structure, word)
    heading = kind is RegionKind.TITLE and "heading" in (structure, word) and not own
    given = [
        f"{tag} {{{' '.join(f'{k}:{v};' for k, v in values.items())}}}"
        for tag, values in tags
        if tag in ("structure", "newspage")
    ]
    return kind, heading, {"type": word, "structure": " ".join(given)}


def _with_custom(
    attributes: Mapping[str, str],
    tags: Sequence[tuple[str, dict[str, str]]],
    element: SourceElement,
) -> dict[str, str]:
    """Return attributes with `custom` where it has tags that no export writes by itself."""
    if not any(tag not in _OWN_TAGS for tag, _ in tags):
        return dict(attributes)
    return {**attributes, "custom": element.get("custom")}


def _find_article(tags: Sequence[tuple[str, dict[str, str]]]) -> str:
    """Return the key of the article that `custom` names; empty where it names none."""
    for tag, values in tags:
        structured = tag == "structure" and values.get("type", "").casefold() == "article"
        if tag == "article" or structured:
            return values.get("id", "")
    return ""


def _read_lines(region: SourceElement) -> list[SourceLine]:
    """Return the lines of a region, in the order that all of them say, else that of the file."""
    default = region.get("readingDirection")
    found = []
    for element in region.find_all("TextLine"):
        tags = parse_custom(element.get("custom"))
        found.append((_find_index(tags), _read_line(element, tags, default)))
    if all(place is not None for place, _ in found):
        found.sort(key=lambda line: line[0] or 0.0)
    return [line for _, line in found]


def _split_region(text: str, polygon: Polygon) -> list[SourceLine]:
    """Return the lines of a region that has text and no lines, one below the other."""
    box = bound_polygon(polygon)
    rows = [row for row in text.splitlines() if row.strip()]
    if box is None:
        return [SourceLine(text=row) for row in rows]
    high = box.height / len(rows)
    tops = [box.top + i * high for i in range(len(rows))]
    return [
        SourceLine(text=row, box=replace(box, top=top, bottom=top + high))
        for row, top in zip(rows, tops, strict=True)
    ]


def _read_line(
    element: SourceElement, tags: Sequence[tuple[str, dict[str, str]]], default: str
) -> SourceLine:
    """Return a line; `default` is the reading direction of its region."""
    name, equiv = element.get("id"), _read_equiv(element)
    polygon, baseline = _read_points(element, "Coords"), _read_points(element, "Baseline")
    words = element.find_all("Word")
    kept = keep_markup(
        element,
        ("custom", "readingDirection"),
        ("Coords", "Baseline", "Word", "TextEquiv"),
        find_own_name(name, "line"),
    )
    if any(tag != "readingOrder" for tag, _ in tags):
        kept = replace(kept, attributes={**kept.attributes, "custom": element.get("custom")})
    return SourceLine(
        tuple(_read_word(word, f"{name}_word{number or ''}") for number, word in enumerate(words)),
        # An empty one says nothing of the words that there are.
        equiv.text or ("" if not words and equiv.text is not None else None),
        name,
        bound_polygon(polygon),
        polygon,
        baseline if len(baseline) > 1 else (),
        _DIRECTIONS.get(element.get("readingDirection") or default),
        confidence=equiv.confidence,
        article=_find_article(tags),
        markup=equiv.keep_others(kept),
    )


def _read_word(element: SourceElement, name: str) -> SourceWord:
    """Return a word; `name` is the identifier that newspage would give it."""
    equiv = _read_equiv(element)
    kept = keep_markup(element, (), ("Coords", "Glyph", "TextEquiv"), name)
    glyphs = tuple(_read_glyph(glyph) for glyph in element.find_all("Glyph"))
    return SourceWord(
        equiv.text or "".join(g.text for g in glyphs),
        bound_polygon(_read_points(element, "Coords")),
        equiv.confidence,
        (),
        glyphs,
        name=element.get("id"),
        markup=equiv.keep_others(kept),
    )


def _read_glyph(element: SourceElement) -> SourceGlyph:
    """Return a character with its place. Its identifier is given anew by exports."""
    equiv = _read_equiv(element)
    kept = keep_markup(element, ("id",), ("Coords", "TextEquiv"))
    return SourceGlyph(
        equiv.text or "",
        bound_polygon(_read_points(element, "Coords")),
        equiv.confidence,
        equiv.keep_others(kept),
    )


def _read_equiv(element: SourceElement) -> _TextEquiv:
    """Return the first reading of an element, as their indices or the file has them."""
    found = element.find_all("TextEquiv")
    if not found:
        return _TextEquiv(None, None, ())
    first = min(found, key=_index_of)
    content = first.find("Unicode") or first.find("PlainText")
    text = content.read_text() if content else None
    others = tuple(e for e in found if e is not first)
    return _TextEquiv(text, parse_share(first.get("conf")), others)


def _read_points(element: SourceElement, name: str) -> Polygon:
    """Return the points of a child; up to 2010 they are elements of their own."""
    found = element.find(name)
    if found is None:
        return ()
    if found.get("points"):
        return parse_points(found.get("points"))
    pairs = [(parse_number(p.get("x")), parse_number(p.get("y"))) for p in found.find_all("Point")]
    return tuple((x, y) for x, y in pairs if x is not None and y is not None)
