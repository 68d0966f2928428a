"""Define a page as the file of another program has it, before it is laid upon its scan.

Coordinates are in the units of the file. What the file does not say is None or empty.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from newspage.formats import PieceKind, make_identifier, parse_identifier
from newspage.geometry import Box, Polygon, bound_points
from newspage.model import Direction, RegionKind
from newspage.source_markup import KeptElement, KeptMarkup
from newspage.sources.source_reader import SourceElement

FARTHEST = 10_000_000.0
"""A coordinate further from the origin is none: no scan is a thousandth as wide."""


class LengthUnit(Enum):
    """The unit of the coordinates of a file, by how many of them make an inch; 0: pixels."""

    PIXEL = 0
    TENTH_MILLIMETRE = 254
    INCH_1200 = 1200


@dataclass(frozen=True, slots=True)
class SourceGlyph:
    """A character with its place."""

    text: str
    box: Box | None
    confidence: float | None = None
    markup: KeptMarkup = field(default_factory=KeptMarkup)


@dataclass(frozen=True, slots=True)
class SourceWord:
    """A piece of a line: a word, a blank between two, or the hyphen at its end."""

    text: str
    box: Box | None = None
    confidence: float | None = None
    confidences: tuple[float, ...] = ()
    """Of each character, where they stand at the word."""
    glyphs: tuple[SourceGlyph, ...] = ()
    """Characters with places of their own; some of `text` may be missing among them."""
    kind: PieceKind = PieceKind.WORD
    name: str = ""
    """Its identifier."""
    markup: KeptMarkup = field(default_factory=KeptMarkup)
    whole: str | None = None
    """What it adds to the running text, where the file says which word a line's end parts."""
    within: tuple[str, ...] = ()
    """Names of the elements around its text, such as those for bold and italic letters."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of text."""

    words: tuple[SourceWord, ...] = ()
    text: str | None = None
    """The text of the whole line, where the file has it besides that of words."""
    name: str = ""
    box: Box | None = None
    polygon: Polygon = ()
    baseline: Polygon = ()
    direction: Direction | None = None
    size: float = 0.0
    confidence: float | None = None
    article: str = ""
    """Key of the article that is said of the line alone."""
    markup: KeptMarkup = field(default_factory=KeptMarkup)


@dataclass(frozen=True, slots=True)
class SourceRegion:
    """Lines that belong together, in reading order."""

    lines: tuple[SourceLine, ...] = ()
    name: str = ""
    kind: RegionKind | None = None
    heading: bool = False
    """Whether it is a heading of which nothing says whether it is kicker, title or deck."""
    box: Box | None = None
    polygon: Polygon = ()
    direction: Direction | None = None
    article: str = ""
    """Key of the article that is said of the whole region."""
    goes_on: bool = False
    """Whether it goes on with the paragraph before it."""
    unplaced: bool = False
    """Whether it is a line that newspage could place nowhere."""
    markup: KeptMarkup = field(default_factory=KeptMarkup)
    said: Mapping[str, str] = field(default_factory=dict)
    """The words in which the file says its kind, by the names that exports have for them."""
    paragraph: KeptMarkup = field(default_factory=KeptMarkup)
    """Markup of the paragraph inside it, where the format has both."""

    def find_article(self) -> str:
        """Return the key of its article; where only lines name one, that of the first of them."""
        return self.article or next((line.article for line in self.lines if line.article), "")


@dataclass(frozen=True, slots=True)
class SourceArticle:
    """An article as the file names it."""

    label: str = ""
    """Its headline, as the file has it."""
    label_attribute: str = ""
    """The attribute that holds it."""
    markup: KeptMarkup = field(default_factory=KeptMarkup)


@dataclass(frozen=True, slots=True)
class SourceArea:
    """A picture, or a printed rule."""

    box: Box
    polygon: Polygon = ()
    name: str = ""
    markup: KeptMarkup = field(default_factory=KeptMarkup)


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A page of a file."""

    image: str = ""
    """The file of the scan, as the file names it."""
    width: float = 0.0
    """Of the page; 0 where the file does not say."""
    height: float = 0.0
    unit: LengthUnit = LengthUnit.PIXEL
    number: int | None = None
    """Number of the page in its scan, from 0, as the file has it."""
    regions: tuple[SourceRegion, ...] = ()
    """In reading order."""
    articles: Mapping[str, SourceArticle] = field(default_factory=dict)
    """By the keys that regions have."""
    pictures: tuple[SourceArea, ...] = ()
    rules: tuple[SourceArea, ...] = ()
    program: str = ""
    markup: Mapping[str, KeptMarkup] = field(default_factory=dict)
    """Markup of places other than regions and what is in them."""


_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")


def parse_number(text: str) -> float | None:
    """Return the number that a text is; None where it is none, or none that a page can have."""
    if len(text) > 40 or not _NUMBER.fullmatch(text.strip()):
        return None
    value = float(text)
    return value if math.isfinite(value) and abs(value) <= FARTHEST else None


def list_numbers(text: str) -> list[float]:
    """Return the numbers in a text, whatever stands between them; empty where one is impossible."""
    found = [parse_number(piece) for piece in re.split(r"[\s,;]+", text.strip()) if piece]
    return [n for n in found if n is not None] if None not in found else []


def parse_points(text: str) -> Polygon:
    """Return the points of `x,y x,y` or `x y x y`; empty where they are no points."""
    numbers = list_numbers(text)
    if len(numbers) % 2:
        return ()
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def make_box(left: float, top: float, right: float, bottom: float) -> Box:
    """Return the box between two corners, whichever is which."""
    return Box(min(left, right), min(top, bottom), max(left, right), max(top, bottom))


def bound_polygon(polygon: Polygon) -> Box | None:
    """Return the box around a polygon; None where it has no corners."""
    return bound_points(polygon) if polygon else None


def parse_share(text: str, whole: float = 1.0) -> float | None:
    """Return a confidence of 0 to 1 from a number of which `whole` means certain; None for none."""
    value = parse_number(text)
    return None if value is None else min(1.0, max(0.0, value / whole))


def find_own_name(name: str, *prefixes: str) -> str:
    """Return an identifier if it is one that newspage gives by itself, else an empty string."""
    own = any(parse_identifier(prefix, name) is not None for prefix in prefixes)
    return name if own else ""


def holds_unplaced_line(name: str, lines: Sequence[str]) -> bool:
    """Tell whether a region is what newspage writes for a line that it could place nowhere.

    By its identifier, and those of its lines.
    """
    loose = parse_identifier("loose", name)
    return loose is not None and list(lines) == [make_identifier("line", loose)]


def keep_markup(
    element: SourceElement,
    attributes: Iterable[str] = (),
    children: Iterable[str] = (),
    identifier: str = "",
) -> KeptMarkup:
    """Return what of an element is not understood.

    Args:
        element: The element.
        attributes: Names of the attributes that are.
        children: Names of the children that are.
        identifier: An identifier that newspage gives the element by itself; with it the attribute
            of that value is understood too.
    """
    known, inside = frozenset(attributes), frozenset(children)
    return KeptMarkup(
        {
            name: value
            for name, value in element.attributes.items()
            if name not in known and not (name in ("ID", "id") and value == identifier)
        },
        tuple(keep_element(child) for child in element.children if child.name not in inside),
    )


def keep_element(element: SourceElement, without: Sequence[str] = ()) -> KeptElement:
    """Return an element to be kept, without elements of some names in it."""
    children = [child for child in element.children if child.name not in without]
    spaced = bool(element.text.strip()) or not element.children
    return KeptElement(
        element.name,
        dict(element.attributes),
        element.text if spaced else "",
        tuple(_keep_child(child, without) for child in children),
    )


def _keep_child(element: SourceElement, without: Sequence[str]) -> KeptElement:
    """Return an element inside a kept one, with the text behind it."""
    kept = keep_element(element, without)
    tail = element.tail if element.tail.strip() else ""
    return KeptElement(kept.name, kept.attributes, kept.text, kept.children, tail)


KIND_WORDS: Mapping[str, RegionKind] = {
    **{kind.value: kind for kind in RegionKind},
    "paragraph": RegionKind.BODY,
    "text": RegionKind.BODY,
    "main": RegionKind.BODY,
    "mainzone": RegionKind.BODY,
    "drop-capital": RegionKind.BODY,
    "dropcapitalzone": RegionKind.BODY,
    "footnote": RegionKind.BODY,
    "footnote-continued": RegionKind.BODY,
    "endnote": RegionKind.BODY,
    "floating": RegionKind.BODY,
    "list-label": RegionKind.BODY,
    "headline": RegionKind.TITLE,
    "heading": RegionKind.TITLE,
    "subheadline": RegionKind.DECK,
    "subheading": RegionKind.DECK,
    "credit": RegionKind.BYLINE,
    "author": RegionKind.BYLINE,
    "header": RegionKind.MASTHEAD,
    "runningtitlezone": RegionKind.MASTHEAD,
    "page-number": RegionKind.FOLIO,
    "numberingzone": RegionKind.FOLIO,
    "advert": RegionKind.ADVERTISEMENT,
    "tablezone": RegionKind.TABLE,
    "footer": RegionKind.OTHER,
    "marginalia": RegionKind.OTHER,
    "margintextzone": RegionKind.OTHER,
    "catch-word": RegionKind.OTHER,
    "signature-mark": RegionKind.OTHER,
    "quiremarkszone": RegionKind.OTHER,
    "toc-entry": RegionKind.OTHER,
    "stampzone": RegionKind.OTHER,
}
"""Words for kinds of regions, in small letters: those of newspage, of PAGE, of SegmOnto, and of
programs that part articles."""


def find_kind(*words: str) -> RegionKind | None:
    """Return the kind that the first understood word names; None where none is understood."""
    known = (KIND_WORDS.get(word.strip().casefold()) for word in words)
    return next((kind for kind in known if kind), None)
