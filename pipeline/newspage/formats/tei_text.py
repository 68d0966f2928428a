"""Write the text of an issue for TEI: articles whole, furniture, captions, breaks, corrections."""

import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from newspage.formats.document import IssueDocument, PageDocument
from newspage.formats.page_structure import group_regions, match_captions
from newspage.formats.tei_corrections import PageLookup
from newspage.formats.tei_facsimile import ZoneNames
from newspage.formats.tei_header import IssueFacts
from newspage.formats.tei_lines import LineWriter
from newspage.formats.xml_tree import format_fragment, make_identifier
from newspage.model import (
    ArticlePart,
    ArticleRecord,
    Char,
    Chars,
    Furniture,
    RegionKind,
    TextLine,
)

_FURNITURE = {
    RegionKind.MASTHEAD: "header",
    RegionKind.FOLIO: "pageNum",
    RegionKind.JUMP: "jump",
}
"""Types of `fw` for kinds of furniture."""
_DIVISIONS = {RegionKind.ADVERTISEMENT: "jAn"}
"""Types of divisions for kinds of furniture; that of all others is their own name."""
_HEADS: tuple[tuple[str, dict[str, str]], ...] = (
    ("head", {"type": "kicker"}),
    ("head", {"type": "main"}),
    ("head", {"type": "sub"}),
    ("byline", {}),
)
"""Elements of the heads of an article, in the order of `ArticleRecord.heads`."""
_VIEWS_KEPT = 4
"""Pages whose lines and corrections are kept by id: articles over several pages ask in turn."""

Block = tuple[str, dict[str, str], Chars]
"""A piece of text that is an element of its own: tag, attributes, characters."""


class IssueTextWriter:
    """Writer of the body of an issue, page by page."""

    def __init__(
        self, issue: IssueDocument, facts: IssueFacts, write: Callable[[bytes], object]
    ) -> None:
        self._issue = issue
        self._facts = facts
        self._write = write
        self._has_divisions = False
        self._numbers = {stem: number for number, stem in enumerate(issue.stems, 1)}
        self._starts: defaultdict[str, list[str]] = defaultdict(list)
        """The articles that begin on each page, in the order of the issue."""
        for name, parts in issue.outline.articles.items():
            self._starts[parts[0].stem].append(name)
        self._view = lru_cache(maxsize=_VIEWS_KEPT)(self._make_view)
        self._lines = LineWriter(facts)

    def write_page(self, page: PageDocument) -> None:
        """Write a page: the articles that begin on it, whole, and all else that is on it alone."""
        furniture = _FurnitureQueue(page)
        view = self._view(page.name)
        self._lines.begin_page(view, self._write_break)
        for name in self._starts[page.name]:
            parts = self._issue.outline.articles[name]
            for item in furniture.take_before(parts[0].article):
                self._write_furniture(page, view, item)
            self._write_article(self._issue.join_article(name), parts)
            self._lines.use_pages([view])
        for item in furniture.take_before(None):
            self._write_furniture(page, view, item)
        self._write_rest(page, view)
        self._lines.end_page(view, self._write_break)

    def close(self) -> None:
        """Write what an empty body lacks to be valid."""
        if not self._has_divisions:
            self._write_element(ET.Element("div"))

    def _make_view(self, stem: str) -> PageLookup:
        """Return what is asked of a page by its lines and corrections."""
        page = self._issue.load_page(stem)
        names = ZoneNames.of_page(self._numbers[stem], page.record)
        return PageLookup.of_page(page, names, self._issue.list_numbers(stem))

    def _write_article(self, article: ArticleRecord, parts: Sequence[ArticlePart]) -> None:
        """Write an article as one division."""
        division = ET.Element("div", {"type": "jArticle"})
        division.set("xml:id", make_identifier("article", article.id))
        views = [self._view(part.stem) for part in parts]
        zones = [
            f"#{view.names.regions[region]}"
            for view, part in zip(views, parts, strict=True)
            for region in view.articles.get(part.article, ())
        ]
        if zones:
            division.set("facs", " ".join(zones))
        blocks: list[Block] = [
            (tag, dict(attributes), chars)
            for (tag, attributes), chars in zip(_HEADS, article.heads, strict=True)
            if chars
        ]
        blocks += [("p", {}, paragraph.chars) for paragraph in article.paragraphs]
        self._lines.use_pages(views, [part.article for part in parts])
        if self._lines.is_vertical(char for _, _, chars in blocks for char in chars):
            division.set("rendition", "#vertical")
        self._write_division(division, blocks)

    def _write_furniture(self, page: PageDocument, view: PageLookup, item: Furniture) -> None:
        """Write a piece of furniture as what its kind is in TEI."""
        chars = root_chars(item.chars, page.name)
        facs = {"facs": f"#{name}"} if (name := view.names.regions.get(item.region)) else {}
        if item.kind in _FURNITURE:
            self._lines.turn_page(chars, self._write_break)
            element = ET.Element("fw", {"type": _FURNITURE[item.kind], **facs})
            self._lines.write_chars(element, chars)
            self._write_element(element)
        elif item.kind is RegionKind.CAPTION:
            picture = match_captions(page.record).get(item.region)
            if picture is not None:
                facs = {"facs": f"#{view.names.name_picture(picture)}"}
            self._write_division(ET.Element("figure", facs), [("head", {}, chars)])
        else:
            kind = _DIVISIONS.get(item.kind, item.kind.value)
            self._write_division(ET.Element("div", {"type": kind, **facs}), [("p", {}, chars)])

    def _write_rest(self, page: PageDocument, view: PageLookup) -> None:
        """Write the pictures without a caption, and the lines that fit nowhere."""
        captioned = set(match_captions(page.record).values())
        for number in range(len(page.record.page.pictures)):
            if number not in captioned:
                facs = {"facs": f"#{view.names.name_picture(number)}"}
                self._write_element(ET.Element("figure", facs))
        unplaced = page.record.page.unplaced
        if unplaced:
            blocks: list[Block] = [
                ("p", {}, root_chars(_chars_of(line), page.name)) for line in unplaced
            ]
            self._write_division(ET.Element("div", {"type": "unplaced"}), blocks)

    def _write_division(self, division: ET.Element, blocks: Sequence[Block]) -> None:
        """Write an element with blocks of text, behind the break of its page where that is new."""
        self._lines.turn_page(blocks[0][2] if blocks else (), self._write_break)
        division.text = "\n"

        def emit(element: ET.Element) -> None:
            element.tail = "\n"
            division.append(element)

        for i, (tag, attributes, chars) in enumerate(blocks):
            self._lines.turn_page(chars, emit)
            element = ET.Element(tag, attributes)
            following = blocks[i + 1][2] if i + 1 < len(blocks) else ()
            self._lines.write_chars(element, chars, following[0].line if following else "")
            emit(element)
        self._write_element(division)

    def _write_break(self, element: ET.Element) -> None:
        """Write the break of a page between the elements of the body."""
        self._write(format_fragment(element))

    def _write_element(self, element: ET.Element) -> None:
        """Write an element of the body."""
        self._has_divisions = self._has_divisions or element.tag == "div"
        self._write(format_fragment(element))


class _FurnitureQueue:
    """The furniture of a page in reading order, taken piece by piece as articles come."""

    def __init__(self, page: PageDocument) -> None:
        regions = [r for group in group_regions(page.record) for r in group.regions]
        order = {region.id: i for i, region in enumerate(regions)}
        self._waiting = sorted(
            page.record.furniture, key=lambda item: order.get(item.region, len(order))
        )
        self._order = order
        self._starts: dict[str, int] = {}
        for i, region in enumerate(regions):
            if region.article is not None:
                self._starts.setdefault(region.article, i)

    def take_before(self, article: str | None) -> Iterator[Furniture]:
        """Yield the furniture that comes before an article, or all that is left for None."""
        end = len(self._order) + 1 if article is None else self._starts.get(article, 0)
        while self._waiting and self._place_of(self._waiting[0]) < end:
            yield self._waiting.pop(0)

    def _place_of(self, item: Furniture) -> int:
        """Return the place of a piece of furniture among the regions; the end if it has none."""
        return self._order.get(item.region, len(self._order))


def root_chars(chars: Chars, stem: str) -> Chars:
    """Return characters of a page that name their page as well as their line."""
    return tuple(replace(char, line=f"{stem}#{char.line}") for char in chars)


def _chars_of(line: TextLine) -> Chars:
    """Return the characters of a line as they were read."""
    return tuple(Char(glyph.text, line.id, i) for i, glyph in enumerate(line.glyphs))
