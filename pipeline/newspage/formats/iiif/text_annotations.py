"""Annotate pages with their text: by printed line on the page, by paragraph for each article."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newspage.formats.characters import collect_printed_lines
from newspage.formats.iiif.addresses import PackageAddress, locate_canvas_box
from newspage.formats.page_structure import group_regions
from newspage.formats.text_language import LanguageCount
from newspage.geometry import Box, union_boxes
from newspage.model import ArticleRecord, Chars, PageRecord, join_chars

CONTEXT = "http://iiif.io/api/presentation/3/context.json"
_GRANULARITY = "http://iiif.io/api/extension/text-granularity/context.json"
"""Context in which `textGranularity` has its meaning."""

Json = dict[str, Any]
"""An object of JSON."""


@dataclass(frozen=True, slots=True)
class PageCanvas:
    """A page as a canvas, with the places of its lines."""

    address: str
    """Its identifier."""
    size: tuple[int, int]
    lines: Mapping[str, tuple[str, Box]]
    """For each line by its id the region that it is in, empty where it is in none, and its box."""

    @classmethod
    def of_record(cls, record: PageRecord, address: str) -> "PageCanvas":
        """Return the canvas of a page."""
        layout = record.page
        placed = {
            line.id: (region.id, line.box) for region in layout.regions for line in region.lines
        }
        loose = {line.id: ("", line.box) for line in layout.unplaced}
        return cls(address, (layout.scan.width, layout.scan.height), placed | loose)

    def locate_box(self, box: Box) -> str:
        """Return the identifier of a part of the canvas."""
        return locate_canvas_box(self.address, box, self.size)


def annotate_lines(record: PageRecord, canvas: PageCanvas, address: str) -> Json:
    """Return the lines of a page as annotations, in reading order, corrections in their text.

    Lines that fit nowhere come last; lines without text have none. `address` is that of the file.
    """
    printed = collect_printed_lines(record)
    order = [line for g in group_regions(record) for region in g.regions for line in region.lines]
    language = count_language(record).tag
    texts = (
        (printed[line.id].text, canvas.locate_box(line.box))
        for line in (*order, *record.page.unplaced)
        if printed[line.id].text
    )
    items = [
        _make_annotation(f"{address}#{number}", text, place, "line", language)
        for number, (text, place) in enumerate(texts, 1)
    ]
    return {
        "@context": [_GRANULARITY, CONTEXT],
        "id": address,
        "type": "AnnotationPage",
        "items": items,
    }


def annotate_article(
    article: ArticleRecord,
    canvases: Mapping[str, PageCanvas],
    address: PackageAddress,
    number: int,
) -> Iterator[tuple[str, Json]]:
    """Yield the text of an article as a collection of annotations, and the page that holds them.

    Its headlines, byline and paragraphs have one annotation each, with all places where their
    lines are printed: over columns, blocks and pages.

    Args:
        article: The article with all its parts; in its characters `line` is `stem#line`.
        canvases: The pages that print a part of it, by stem, the first one first.
        address: That of the package.
        number: The number of the article in the issue, from 1.

    Yields:
        Path in the package and contents of each file.
    """
    name, held = f"articles/{number:05d}.json", f"articles/{number:05d}.text.json"
    collection, page = address.locate_file(name), address.locate_file(held)
    texts = [chars for chars in (*article.heads, *(p.chars for p in article.paragraphs)) if chars]
    language = LanguageCount()
    for chars in texts:
        language.add_text(join_chars(chars))
    items = []
    for order, chars in enumerate(texts, 1):
        places = _list_places(chars, canvases) or [next(iter(canvases.values())).address]
        target = places if len(places) > 1 else places[0]
        identifier = f"{page}#{order}"
        text = join_chars(chars)
        items.append(_make_annotation(identifier, text, target, "paragraph", language.tag))
    reference = {"id": page, "type": "AnnotationPage"}
    whole = {"id": collection, "type": "AnnotationCollection"}
    about: Json = {"@context": CONTEXT, **whole, "first": reference, "last": reference}
    if items:
        about["total"] = len(items)
    yield name, about
    context = [_GRANULARITY, CONTEXT]
    yield held, {"@context": context, **reference, "partOf": [whole], "items": items}


def count_language(record: PageRecord) -> LanguageCount:
    """Return the count of characters that tells the language of a page."""
    count = LanguageCount()
    for article in record.articles:
        for paragraph in article.paragraphs:
            count.add_text(paragraph.text)
    return count


def _make_annotation(
    identifier: str, text: str, target: str | Sequence[str], granularity: str, language: str
) -> Json:
    """Return a text that stands on a canvas, as an annotation.

    Args:
        identifier: That of the annotation.
        text: The text.
        target: The place or places of it.
        granularity: The kind of unit that the text is: line or paragraph.
        language: Language tag; `und` is left out.
    """
    body: Json = {"type": "TextualBody", "value": text, "format": "text/plain"}
    if language != "und":
        body["language"] = language
    return {
        "id": identifier,
        "type": "Annotation",
        "motivation": "supplementing",
        "textGranularity": granularity,
        "body": body,
        "target": target,
    }


def _list_places(chars: Chars, canvases: Mapping[str, PageCanvas]) -> list[str]:
    """Return the parts of canvases on which a text is printed: a box for each region, in order."""
    found: dict[tuple[str, str], list[Box]] = {}
    for key in dict.fromkeys(char.line for char in chars):
        for stem, canvas in canvases.items():
            line = key.removeprefix(f"{stem}#")
            if line != key and line in canvas.lines:
                region, box = canvas.lines[line]
                found.setdefault((stem, region), []).append(box)
                break
    return [canvases[stem].locate_box(union_boxes(b)) for (stem, _), b in found.items()]
