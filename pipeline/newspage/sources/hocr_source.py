"""Read hOCR as pages of another program.

hOCR tells headings, captions and little else; a paragraph (or an area without paragraphs) becomes a
region. What is neither place nor text is kept, but for scripts.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from newspage.geometry import Box, Polygon
from newspage.model import Direction, RegionKind
from newspage.source_markup import KeptElement, KeptMarkup
from newspage.sources.source_page import (
    SourceArea,
    SourceGlyph,
    SourceLine,
    SourcePage,
    SourceRegion,
    SourceWord,
    find_own_name,
    holds_unplaced_line,
    keep_element,
    keep_markup,
    list_numbers,
    make_box,
    parse_number,
    parse_share,
)
from newspage.sources.source_reader import SourceElement, SourceError

_AREAS = ("ocr_carea", "ocrx_block")
_LINES = {
    "ocr_line": RegionKind.BODY,
    "ocrx_line": RegionKind.BODY,
    "ocr_textfloat": RegionKind.BODY,
    "ocr_header": RegionKind.TITLE,
    "ocr_caption": RegionKind.CAPTION,
    "ocr_footer": RegionKind.OTHER,
    "ocr_pageno": RegionKind.FOLIO,
}
"""Classes of lines; Tesseract calls a heading `ocr_header`, and so does newspage."""
_PICTURES = ("ocr_photo", "ocr_image", "ocr_linedrawing")
_RUN = ("script", "iframe", "object", "embed")
"""Elements that run something or load it from elsewhere."""
_KNOWN = ("class", "title")
_PROPERTY = re.compile(r"\s*([A-Za-z_][\w-]*)((?:\"[^\"]*\"|'[^']*'|[^;\"'])*)(?:;|$)")
"""A property of a title: its name and its value, which may be quoted."""

Properties = dict[str, str]


@dataclass(slots=True)
class _Area:
    """An area of the page while its lines are collected."""

    element: SourceElement
    paragraphs: list[tuple[SourceElement | None, list[SourceElement]]] = field(default_factory=list)


def read_hocr(root: SourceElement, path: Path) -> tuple[SourcePage, ...]:
    """Return the pages of an hOCR document. Raises SourceError where it has none."""
    _drop_scripts(root)
    pages = [e for e in root.walk() if "ocr_page" in _classes(e)]
    if not pages:
        raise SourceError("source-not-hocr", path=path)
    head = root.find("head") or SourceElement("head")
    body = root.find("body") or SourceElement("body")
    markup = {
        "document": keep_markup(root, ("xmlns",), ("head", "body")),
        "head": _keep_head(head),
        "body": keep_markup(body, (), [child.name for child in body.children]),
    }
    program = markup["head"].attributes.get("ocr-system", "")[:200]
    common = SourcePage(program=program, markup=markup)
    read = tuple(_PageReader(page).read(common) for page in pages)
    # An export of newspage says of every column that it is one.
    return tuple(map(_set_rows, read)) if program.startswith("newspage ") else read


def _set_rows(page: SourcePage) -> SourcePage:
    """Return a page on which lines run from left to right, if nothing else is said of them."""
    return replace(
        page,
        regions=tuple(
            replace(
                region,
                lines=tuple(
                    replace(line, direction=line.direction or Direction.HORIZONTAL)
                    for line in region.lines
                ),
            )
            for region in page.regions
        ),
    )


def _drop_scripts(root: SourceElement) -> None:
    """Take out what a browser would run, since an export has what is kept."""
    for element in root.walk():
        element.children = [c for c in element.children if c.name.casefold() not in _RUN]
        for name, value in list(element.attributes.items()):
            address = "".join(value.split()).casefold()
            if name.casefold().startswith("on") or address.startswith("javascript:"):
                del element.attributes[name]


def _classes(element: SourceElement) -> list[str]:
    """Return the classes of an element."""
    return element.get("class").split()


def _keep_head(head: SourceElement) -> KeptMarkup:
    """Return what a head says: its announcements and its title as attributes, else elements."""
    attributes: dict[str, str] = {}
    elements = []
    for child in head.children:
        named = child.get("name")
        if child.name == "title":
            attributes["title"] = " ".join(child.read_text().split())
        elif child.name == "meta" and named in ("ocr-system", "ocr-capabilities"):
            attributes[named] = child.get("content")
        elif child.name != "meta" or (named and named != "ocr-number-of-pages"):
            elements.append(keep_element(child))
    return KeptMarkup(attributes, tuple(elements))


def _properties(element: SourceElement) -> Properties:
    """Return the properties in the title of an element, the first of each name."""
    found: Properties = {}
    for name, value in _PROPERTY.findall(element.get("title")):
        found.setdefault(name, value.strip())
    return found


def _keep(
    element: SourceElement,
    understood: Sequence[str],
    children: Sequence[str] = (),
    identifier: str = "",
) -> KeptMarkup:
    """Return what of an element is not understood, the rest of its title as attribute `title`.

    Args:
        element: The element.
        understood: Names of the properties that are.
        children: Names of the children that are.
        identifier: The identifier that newspage gives the element by itself.
    """
    kept = keep_markup(element, _KNOWN, children, identifier)
    rest = [f"{n} {v}".strip() for n, v in _properties(element).items() if n not in understood]
    if not rest:
        return kept
    return replace(kept, attributes={**kept.attributes, "title": "; ".join(rest)})


def _read_box(properties: Properties, name: str = "bbox") -> Box | None:
    """Return the place that properties say; None where they say none."""
    numbers = list_numbers(properties.get(name, ""))
    return make_box(*numbers) if len(numbers) == 4 else None


class _PageReader:
    """Reader of one page of a document."""

    def __init__(self, page: SourceElement) -> None:
        self._page = page
        self._areas: list[_Area] = []
        self._others: list[SourceElement] = []
        self._holding = _find_holders(page)

    def read(self, common: SourcePage) -> SourcePage:
        """Return the page; `common` holds what is the same on all pages of the document."""
        properties = _properties(self._page)
        self._collect(self._page, None, None)
        box = _read_box(properties)
        image = properties.get("image", "").strip("\"'")
        number = parse_number(properties.get("ppageno", ""))
        understood = ("image", "bbox", "ppageno")
        names = [child.name for child in self._page.children]
        kept = _keep(self._page, understood, names, "page_1")
        others = tuple(_keep_other(element) for element in self._others)
        return replace(
            common,
            image=image.replace("%22", '"').replace("%3B", ";"),
            width=box.right if box else 0.0,
            height=box.bottom if box else 0.0,
            number=None if number is None else int(number),
            regions=tuple(r for area in self._areas for r in _read_area(area)),
            pictures=tuple(self._list_areas(*_PICTURES)),
            rules=tuple(self._list_areas("ocr_separator")),
            markup={**common.markup, "page": replace(kept, elements=others)},
        )

    def _list_areas(self, *classes: str) -> Iterator[SourceArea]:
        """Yield the areas without text of some classes; they are kept as they are, too."""
        for element in self._others:
            box = _read_box(_properties(element))
            if box and any(name in classes for name in _classes(element)):
                yield SourceArea(box)

    def _collect(
        self, element: SourceElement, area: _Area | None, paragraph: SourceElement | None
    ) -> None:
        """Collect the lines in an element, each with the area and paragraph that it lies in."""
        for child in element.children:
            classes = _classes(child)
            if any(name in _LINES for name in classes) or "ocrx_word" in classes:
                area = area or self._begin_area(SourceElement("div"))
                if not area.paragraphs or area.paragraphs[-1][0] is not paragraph:
                    area.paragraphs.append((paragraph, []))
                area.paragraphs[-1][1].append(child)
            elif any(name in _AREAS for name in classes) and id(child) in self._holding:
                self._collect(child, self._begin_area(child), None)
            elif any(name in _AREAS for name in classes) and _is_empty(child):
                inside = child.children[0] if child.children else None
                self._begin_area(child).paragraphs.append((inside, []))
            elif "ocr_par" in classes and id(child) in self._holding:
                own = area or self._begin_area(SourceElement("div"))
                self._collect(child, own, child)
            elif id(child) in self._holding:
                self._collect(child, area, paragraph)
            elif child.name != "br":
                self._others.append(child)

    def _begin_area(self, element: SourceElement) -> _Area:
        """Begin an area of the page and return it."""
        self._areas.append(_Area(element))
        return self._areas[-1]


def _keep_other(element: SourceElement) -> KeptElement:
    """Return an element without text to be kept; `<div />` would be an open one to browsers."""
    kept = keep_element(element)
    return kept if kept.children or kept.text else replace(kept, text=" ")


def _is_empty(area: SourceElement) -> bool:
    """Tell whether there is nothing in an area but perhaps an empty paragraph."""
    inside = area.children
    return not inside or (
        len(inside) == 1 and not inside[0].children and "ocr_par" in _classes(inside[0])
    )


def _find_holders(page: SourceElement) -> set[int]:
    """Return which elements (by `id`) hold text, in a time that grows with their number alone."""
    found: set[int] = set()
    for element in reversed(list(page.walk())):
        own = any(name in _LINES or name == "ocrx_word" for name in _classes(element))
        if own or any(id(child) in found for child in element.children):
            found.add(id(element))
    return found


def _holds_lines(element: SourceElement) -> bool:
    """Tell whether there is text in an element."""
    return any(
        name in _LINES or name == "ocrx_word" for e in element.walk() for name in _classes(e)
    )


def _read_area(area: _Area) -> Iterator[SourceRegion]:
    """Yield the paragraphs of an area as regions; the first one has what the area says."""
    for number, (paragraph, elements) in enumerate(area.paragraphs):
        first = number == 0
        name = area.element.get("id") if first else ""
        name = name or (paragraph.get("id") if paragraph else "")
        own = find_own_name(name, "region", "loose")
        inside = [child.name for child in area.element.children]
        kept = _keep(area.element, ("bbox",), inside, own) if first else None
        within = KeptMarkup()
        if paragraph is not None:
            held = [child.name for child in paragraph.children]
            within = _keep(paragraph, ("bbox",), held, f"{name}_par" if own else "")
        lines = tuple(_read_line(element) for element in elements)
        unplaced = holds_unplaced_line(name, [e.get("id") for e in elements])
        sole = first and len(area.paragraphs) == 1
        box = _read_box(_properties(area.element if sole or paragraph is None else paragraph))
        yield _describe(elements, name, lines, box, unplaced, kept or KeptMarkup(), within)


def _describe(
    elements: Sequence[SourceElement],
    name: str,
    lines: tuple[SourceLine, ...],
    box: Box | None,
    unplaced: bool,
    kept: KeptMarkup,
    paragraph: KeptMarkup,
) -> SourceRegion:
    """Return a region, of the kind that the class of its first line tells.

    Args:
        elements: The elements of its lines.
        name: Its identifier.
        lines: Its lines.
        box: Its place.
        unplaced: Whether it is a line that newspage could place nowhere.
        kept: Markup of its area.
        paragraph: Markup of its paragraph.
    """
    classes = _classes(elements[0]) if elements else []
    word = next((name for name in classes if name in _LINES), "ocr_line")
    kind = _LINES[word]
    return SourceRegion(
        lines,
        name,
        kind,
        kind is RegionKind.TITLE,
        box,
        unplaced=unplaced,
        markup=kept,
        said={"class": word},
        paragraph=paragraph,
    )


def _read_line(element: SourceElement) -> SourceLine:
    """Return a line, or a word that stands in none."""
    properties, name = _properties(element), element.get("id")
    found = [e for e in element.walk() if "ocrx_word" in _classes(e)]
    words = [_read_word(e, f"{name}_word{i or ''}") for i, e in enumerate(found)]
    box = _read_box(properties)
    if not words:
        boxes = _list_boxes(properties)
        text = " ".join(element.read_text().split())
        glyphs = _pair_boxes(text, boxes, properties)
        words = [SourceWord(text, box, glyphs=glyphs)]
    angle = parse_number(properties.get("textangle", ""))
    understood = ["bbox", "x_size", "x_bboxes"]
    if angle in (90.0, 270.0):
        understood.append("textangle")
    inside = [child.name for child in element.children if not found or _holds_lines(child)]
    kept = _keep(element, understood, inside, find_own_name(name, "line"))
    return SourceLine(
        tuple(words),
        None,
        name,
        box,
        (),
        _read_baseline(properties, box),
        Direction.VERTICAL if angle in (90.0, 270.0) else None,
        parse_number(properties.get("x_size", "")) or 0.0,
        markup=kept,
    )


def _read_baseline(properties: Properties, box: Box | None) -> Polygon:
    """Return the baseline, which is said by its slope and its height above the box's lower edge."""
    numbers = list_numbers(properties.get("baseline", ""))
    if len(numbers) != 2 or box is None:
        return ()
    slope, rise = numbers
    start = box.bottom + rise
    return ((box.left, start), (box.right, start + slope * box.width))


def _read_word(element: SourceElement, name: str) -> SourceWord:
    """Return a word; `name` is the identifier that newspage would give it."""
    properties = _properties(element)
    characters = [e for e in element.walk() if "ocrx_cinfo" in _classes(e)]
    glyphs = tuple(_read_glyph(e) for e in characters)
    text = "".join(glyph.text for glyph in glyphs)
    if not glyphs:
        text = " ".join(element.read_text().split())
        glyphs = _pair_boxes(text, _list_boxes(properties), properties)
    within, inner = [], element
    while len(inner.children) == 1 and not inner.text.strip() and not _classes(inner.children[0]):
        inner = inner.children[0]
        within.append(inner.name)
    inside = {"span", *within[:1]} if characters or within else set[str]()
    return SourceWord(
        text,
        _read_box(properties),
        parse_share(properties.get("x_wconf", ""), 100),
        (),
        glyphs,
        name=element.get("id"),
        markup=_keep(element, ("bbox", "x_wconf", "x_bboxes", "x_confs"), tuple(inside), name),
        within=tuple(within),
    )


def _list_boxes(properties: Properties) -> list[Box]:
    """Return the boxes of single characters that a line or a word says."""
    numbers = list_numbers(properties.get("x_bboxes", ""))
    if len(numbers) % 4:
        return []
    return [make_box(*numbers[i : i + 4]) for i in range(0, len(numbers), 4)]


def _pair_boxes(text: str, boxes: Sequence[Box], properties: Properties) -> tuple[SourceGlyph, ...]:
    """Return the characters of a text with their boxes, if there are as many of both."""
    if len(boxes) != len(text):
        return ()
    shares = [n / 100 for n in list_numbers(properties.get("x_confs", ""))]
    given = shares if len(shares) == len(text) else [None] * len(text)
    return tuple(
        SourceGlyph(c, box, confidence)
        for c, box, confidence in zip(text, boxes, given, strict=True)
    )


def _read_glyph(element: SourceElement) -> SourceGlyph:
    """Return a character with its place."""
    properties = _properties(element)
    text = element.read_text()
    return SourceGlyph(
        text.strip() or text[:1],
        _read_box(properties, "x_bboxes") or _read_box(properties),
        parse_share(properties.get("x_conf", ""), 100),
        _keep(element, ("x_bboxes", "bbox", "x_conf")),
    )
