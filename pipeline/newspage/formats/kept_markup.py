"""Write back what an imported page keeps of its file, where the page is exported in that format."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from newspage.formats.characters import PrintedCharacter, PrintedLine
from newspage.formats.page_structure import RegionGroup
from newspage.formats.xml_tree import add_element, clean_for_xml, make_identifier
from newspage.model import ArticleRecord, PageRecord, Region
from newspage.source_markup import KeptElement, KeptMarkup, make_place, parse_span

ChildOrder = Mapping[str, Sequence[Sequence[str]]]
"""For an element the names of its children, in the order of the schema; those of one rank stand
together. Other children come last."""

_NOTHING = KeptMarkup()


class PieceKind(Enum):
    """The kind of a piece of a line."""

    WORD = "word"
    HYPHEN = "hyphen"
    """The mark that parts a word at the end of a line, which ALTO has an element for."""
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class LinePiece:
    """Characters of a line that the file had in one element."""

    kind: PieceKind
    characters: tuple[PrintedCharacter, ...]
    place: str = ""
    """The place of its markup; empty where it has none."""

    @property
    def text(self) -> str:
        """Return the text of the piece."""
        return "".join(c.text for c in self.characters)

    @property
    def confidence(self) -> float:
        """Return the mean confidence of the characters, 0 to 1; 0 without any."""
        return sum(c.confidence for c in self.characters) / max(1, len(self.characters))


class KeptMarkupWriter:
    """Writer of the markup that a page keeps of its file; it writes nothing for other pages."""

    def __init__(
        self, record: PageRecord, name: str, identifier: str, order: ChildOrder | None = None
    ) -> None:
        """Look up the markup of a page.

        Args:
            record: The page.
            name: Name of the format that is written.
            identifier: Attribute of the format that holds identifiers.
            order: Order of the children of elements.
        """
        source = record.reading.source
        self._markup = source.markup if source and source.format == name else {}
        self._identifier = identifier
        self._order = order or {}
        self._kinds = {region.id: region.kind for region in record.reading.page.regions}
        self._heads = {article.id: article.heads for article in record.reading.articles}
        self._spans: dict[str, list[tuple[int, int, str]]] = {}
        for place in self._markup:
            if place.startswith(("word:", "hyphen:")):
                line, start, end = parse_span(place)
                self._spans.setdefault(line, []).append((start, end, place))

    def find_markup(self, place: str) -> KeptMarkup:
        """Return the markup of a place; an empty one where there is none."""
        return self._markup.get(place, _NOTHING)

    def name_place(self, place: str, default: str) -> str:
        """Return the identifier that a place had in the file; else the default."""
        return self.find_markup(place).attributes.get(self._identifier) or default

    def name_region(self, region: Region) -> str:
        """Return the identifier of the element of a region."""
        return self.name_place(
            make_place("region", region.id), make_identifier("region", region.id)
        )

    def name_article(self, article: ArticleRecord) -> str:
        """Return the identifier of what stands for an article."""
        default = make_identifier("article", article.id)
        return self.name_place(make_place("article", article.id), default)

    def restore_markup(
        self, element: ET.Element, place: str, replaced: Sequence[str] = ()
    ) -> ET.Element:
        """Add the attributes and elements of a place to an element that is otherwise complete.

        Attributes that it has already stay, but for those in `replaced`. Returns the element.
        """
        kept = self.find_markup(place)
        for name, value in kept.attributes.items():
            if name in replaced or name not in element.attrib:
                element.set(name, clean_for_xml(value))
        for child in kept.elements:
            self._insert(element, _make_element(child))
        return element

    def restore_elements(self, element: ET.Element, place: str) -> None:
        """Add only the elements of a place."""
        for child in self.find_markup(place).elements:
            self._insert(element, _make_element(child))

    def choose_kind(self, region: Region, attribute: str, written: str) -> str:
        """Return what the file said of the kind of a region, as long as nobody has changed it.

        Args:
            region: The region as it is now.
            attribute: Name of what said it.
            written: What is written otherwise.
        """
        if self._kinds.get(region.id) is not region.kind:
            return written
        return self.find_markup(make_place("kind", region.id)).attributes.get(attribute, written)

    def choose_label(self, group: RegionGroup, attribute: str) -> str:
        """Return the label that an article had in the file, as long as its headline is the same."""
        article = group.article
        if article is None or self._heads.get(article.id) != article.heads:
            return group.label
        kept = self.find_markup(make_place("article", article.id))
        return kept.attributes.get(attribute, group.label)

    def split_line(self, printed: PrintedLine) -> list[LinePiece]:
        """Return the pieces of a line as the file had them; else the whole line as one word.

        Characters that stand on no word of the file belong to the word before them, blanks to none.
        """
        spans = self._spans.get(printed.line.id)
        if not spans:
            return [LinePiece(PieceKind.WORD, printed.characters)]
        owner = {index: span for span in spans for index in range(span[0], span[1])}
        pieces: list[tuple[str, list[PrintedCharacter]]] = []
        for character in printed.characters:
            found = owner.get(character.glyph)
            place = found[2] if found else ""
            if not place and not character.text.isspace() and any(p for p, _ in pieces):
                place = next(p for p, _ in reversed(pieces) if p)
            if pieces and pieces[-1][0] == place:
                pieces[-1][1].append(character)
            else:
                pieces.append((place, [character]))
        return _name_once(pieces) or [LinePiece(PieceKind.WORD, (), spans[0][2])]

    def _insert(self, parent: ET.Element, child: ET.Element) -> None:
        """Insert an element where the schema wants it."""
        order = self._order.get(parent.tag, ())
        ranks = {name: rank for rank, names in enumerate(order) for name in names}
        own = ranks.get(child.tag, len(order))
        later = (i for i, e in enumerate(parent) if ranks.get(e.tag, len(order)) > own)
        parent.insert(next(later, len(parent)), child)


def _name_once(pieces: Iterable[tuple[str, list[PrintedCharacter]]]) -> list[LinePiece]:
    """Return the pieces of a line; of two of one place only the first one has it."""
    found: list[LinePiece] = []
    for place, characters in pieces:
        blank = not place and all(c.text.isspace() for c in characters)
        kind = PieceKind.HYPHEN if place.startswith("hyphen:") else PieceKind.WORD
        seen = any(piece.place == place for piece in found)
        found.append(
            LinePiece(PieceKind.BLANK if blank else kind, tuple(characters), "" if seen else place)
        )
    return found


def _make_element(kept: KeptElement) -> ET.Element:
    """Return a kept element as one that can be written."""
    holder = ET.Element("holder")
    element = add_element(holder, kept.name, dict(kept.attributes), kept.text)
    for child in kept.children:
        made = _make_element(child)
        made.tail = child.tail
        element.append(made)
    return element


_TAG = re.compile(r"([\w.-]+)\s*\{([^{}]*)\}")
"""A tag of the attribute `custom` with its properties, as Transkribus writes it."""


def parse_custom(custom: str) -> list[tuple[str, dict[str, str]]]:
    """Return the tags of an attribute `custom` with their properties, in order."""
    return [
        (
            name,
            {k.strip(): v.strip() for k, _, v in (p.partition(":") for p in body.split(";")) if v},
        )
        for name, body in _TAG.findall(custom)
    ]


def merge_custom(own: str, kept: str) -> str:
    """Return `own` tags of an attribute `custom`, with those kept that have another name behind."""
    names = {name for name, _ in parse_custom(own)}
    others = [found[0] for found in _TAG.finditer(kept) if found[1] not in names]
    return " ".join([own, *others]) if own else " ".join(others)


def part_identifiers(root: ET.Element, attribute: str) -> None:
    """Give elements whose identifier another one has before them a new one."""
    counts: dict[str, int] = {}
    for element in root.iter():
        name = element.get(attribute)
        if name is None:
            continue
        wanted = name
        while wanted in counts:
            counts[name] += 1
            wanted = f"{name}_{counts[name]}"
        counts[wanted] = 1
        if wanted != name:
            element.set(attribute, wanted)
