"""The outline of a PDF file: its articles, by which a viewer leads to their headlines."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from newspage.formats.document import PageDocument
from newspage.formats.page_structure import RegionGroup
from newspage.formats.searchable_pdf.character_cells import clean_for_pdf
from newspage.formats.searchable_pdf.pdf_file import PdfFile, PdfName, PdfReference, PdfValue
from newspage.geometry import Box
from newspage.model import ArticleRecord, join_chars

_LONGEST = 40
"""Characters of the text that stand for a headline where there is none. Judgement."""

ArticleKey = tuple[str, str]
"""Name of a page, and id of an article on it."""


@dataclass(slots=True)
class _Bookmark:
    """An entry of the outline."""

    title: str
    page: PdfReference
    place: tuple[float, float]
    """x and y in points, y pointing up."""
    below: list["_Bookmark"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of an article on one page."""

    key: ArticleKey
    before: ArticleKey | None
    """The part that it goes on from, on another page."""
    label: str
    """Number of its page."""
    bookmark: _Bookmark


class DocumentOutline:
    """The articles of the pages written so far, with the parts that an article has elsewhere."""

    def __init__(self) -> None:
        self._pages: list[_Bookmark] = []
        self._parts: list[_Part] = []

    def add_page(
        self,
        document: PageDocument,
        groups: Sequence[RegionGroup],
        page: PdfReference,
        scale: float,
    ) -> None:
        """Add the articles of a page.

        Args:
            document: The page.
            groups: Its regions in reading order.
            page: Its object in the file.
            scale: Points a pixel of the scan.
        """
        height = document.record.page.scan.height
        label = label_page(document, len(self._pages) + 1)
        whole = _Bookmark(label, page, (0, height * scale))
        self._pages.append(whole)
        for group in groups:
            article = group.article
            if article is None:
                continue
            place = _place(group.regions[0].box, height, scale)
            bookmark = _Bookmark(_title(article), page, place)
            whole.below.append(bookmark)
            part = article.previous_part
            before = (part.stem, part.article) if part else None
            self._parts.append(_Part((document.name, article.id), before, label, bookmark))

    def add_outline(self, file: PdfFile) -> PdfReference | None:
        """Add the outline to the file; return its reference, None where there are no articles.

        Articles stand below their pages where there are several of these, and below the beginning
        of an article the pages on which it goes on.
        """
        self._link_parts()
        entries = self._pages if len(self._pages) > 1 else [b for p in self._pages for b in p.below]
        if not any(page.below for page in self._pages):
            return None
        root = file.reserve_object()
        first, last = _add_level(file, entries, root)
        outline: dict[str, PdfValue] = {
            "Type": PdfName("Outlines"),
            "First": first,
            "Last": last,
            "Count": len(entries),
        }
        return file.add_object(outline, root)

    def _link_parts(self) -> None:
        """Enter each part that goes on from another one below the beginning of its article."""
        known = {part.key: part for part in self._parts}
        for part in self._parts:
            beginning, seen = part, {part.key}
            while beginning.before in known and beginning.before not in seen:
                beginning = known[beginning.before]
                seen.add(beginning.key)
            if beginning is not part:
                bookmark = part.bookmark
                there = _Bookmark(f"\u2192 {part.label}", bookmark.page, bookmark.place)
                beginning.bookmark.below.append(there)


def label_page(document: PageDocument, number: int) -> str:
    """Return the number of a page as the paper prints it, else its place in the file, from 1."""
    printed = document.publication.page if document.publication else None
    return clean_for_pdf(printed) if printed else str(number)


def _title(article: ArticleRecord) -> str:
    """Return the headline of an article; where it has none, the beginning of its text."""
    headline = join_chars(article.title) or join_chars(article.kicker)
    text = "".join(paragraph.text for paragraph in article.paragraphs)
    shortened = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\u2026"
    return clean_for_pdf(headline or shortened or article.id)


def _place(box: Box, height: int, scale: float) -> tuple[float, float]:
    """Return the top left corner of a box in points, y pointing up."""
    return box.left * scale, (height - box.top) * scale


def _add_level(
    file: PdfFile, entries: Sequence[_Bookmark], parent: PdfReference
) -> tuple[PdfReference, PdfReference]:
    """Add the entries below one of the outline, closed; return the first and the last."""
    references = [file.reserve_object() for _ in entries]
    for number, (entry, reference) in enumerate(zip(entries, references, strict=True)):
        x, y = entry.place
        values: dict[str, PdfValue] = {
            "Title": entry.title,
            "Parent": parent,
            "Dest": [entry.page, PdfName("XYZ"), round(x, 2), round(y, 2), 0],
        }
        if number:
            values["Prev"] = references[number - 1]
        if number + 1 < len(references):
            values["Next"] = references[number + 1]
        if entry.below:
            first, last = _add_level(file, entry.below, reference)
            values |= {"First": first, "Last": last, "Count": -len(entry.below)}
        file.add_object(values, reference)
    return references[0], references[-1]
