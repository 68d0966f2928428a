"""Search within an issue by the IIIF Content Search API 2: hits as annotations of printed lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from newspage.decisions import GlyphIndex, find_flat_text
from newspage.edits import FlatText
from newspage.formats import SEARCH_NAME, locate_canvas_box, locate_package
from newspage.geometry import union_boxes
from newspage.model import PageRecord
from newspage.review.service.issue_shelf import ShelvedIssue
from newspage.search import ArticleSearch, SearchHit, Span, parse_words
from newspage.store import ArticleFilter

Json = dict[str, object]

_MOTIVATION = "supplementing"
"""Of the annotations that hold the text of a page."""
_CONTEXTS = [
    "http://iiif.io/api/presentation/3/context.json",
    "http://iiif.io/api/search/2/context.json",
]
_ON_PAGE = 20
"""Articles whose hits are in one response. Judgement."""
_MOST_HITS = 200
"""Hits of one article that are given. Judgement: of 的 an article may have hundreds."""
_AROUND = 25
"""Characters of context before and after a hit. Judgement."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What a viewer asks for."""

    words: str
    motivations: tuple[str, ...] = ()
    page: int = 1
    ignored: tuple[str, ...] = ()
    """Names of parameters that are not understood."""


class IssueSearch:
    """Answers searches within issues. Raises UsageError where words cannot be understood."""

    def __init__(self, search: ArticleSearch) -> None:
        self._search = search

    def search_issue(self, issue: ShelvedIssue, request: SearchRequest) -> Json:
        """Return one page of the annotations that hold some words."""
        address = locate_package(issue.document).locate_file(SEARCH_NAME)
        asked = {"q": request.words} if request.words else {}
        whole = f"{address}?{urlencode(asked)}"
        matches: Sequence[SearchHit] = ()
        more = False
        if request.words.strip() and self._is_wanted(request):
            which = ArticleFilter(stems=issue.document.stems)
            exact = self._search.find_exact(parse_words(request.words), which, "date")
            start = _ON_PAGE * (request.page - 1)
            matches = self._search.load_hits(exact[start : start + _ON_PAGE])
            more = len(exact) > start + _ON_PAGE
        items: list[Json] = []
        hits: list[Json] = []
        # By date and page: each page is opened once.
        for stem, on_page in groupby(matches, key=lambda match: match.row.stem):
            page = _FoundPage.from_issue(issue, stem)
            for match in on_page:
                for annotations, hit in page.annotate_article(match, address):
                    items += annotations
                    hits.append(hit)
        return _make_page(whole, request, more, items, hits)

    def _is_wanted(self, request: SearchRequest) -> bool:
        """Tell whether annotations of the motivation of texts are asked for."""
        return not request.motivations or _MOTIVATION in request.motivations


def _make_page(
    whole: str, request: SearchRequest, more: bool, items: list[Json], hits: list[Json]
) -> Json:
    """Return annotations as the Search API has them."""
    page: Json = {
        "@context": _CONTEXTS,
        "id": f"{whole}&{urlencode({'page': request.page})}" if request.page > 1 else whole,
        "type": "AnnotationPage",
        "items": items,
    }
    if more:
        page["next"] = {"id": f"{whole}&page={request.page + 1}", "type": "AnnotationPage"}
    if request.page > 1:
        before = f"{whole}&page={request.page - 1}" if request.page > 2 else whole
        page["prev"] = {"id": before, "type": "AnnotationPage"}
    if request.ignored:
        page["ignored"] = list(request.ignored)
    if hits:
        page["annotations"] = [{"type": "AnnotationPage", "items": hits}]
    return page


@dataclass(frozen=True, slots=True)
class _FoundPage:
    """A page of an issue on which words were found."""

    record: PageRecord
    glyphs: GlyphIndex
    canvas: str
    """Address of its canvas."""
    number: int
    """Its place in the issue, from 1."""

    @classmethod
    def from_issue(cls, issue: ShelvedIssue, stem: str) -> "_FoundPage":
        """Open a page of an issue."""
        record = issue.document.load_page(stem).record
        number = issue.document.stems.index(stem) + 1
        canvas = locate_package(issue.document).name_canvas(number)
        return cls(record, GlyphIndex.from_page(record.page), canvas, number)

    def annotate_article(self, match: SearchHit, address: str) -> Iterator[tuple[list[Json], Json]]:
        """Yield the annotations of each hit in an article, and that which quotes the hit."""
        text = find_flat_text(self.record, match.row.article)
        if text is None:
            return
        scan = self.record.page.scan
        within = f"{address}/{self.number}/{match.row.article}"
        for span in match.spans[:_MOST_HITS]:
            annotations: list[Json] = []
            targets: list[Json] = []
            for piece in _split_into_lines(text, span):
                boxes = self.glyphs.find_boxes(text, piece)
                if not boxes:
                    continue
                size = scan.width, scan.height
                place = locate_canvas_box(self.canvas, union_boxes(boxes), size)
                name = f"{within}/{piece[0]}-{piece[1]}"
                annotations.append(_make_annotation(name, text.string[slice(*piece)], place))
                targets.append(_quote_piece(name, text, piece, span))
            if annotations:
                yield annotations, _quote_hit(f"{within}/hit/{span[0]}-{span[1]}", targets)


def _quote_hit(name: str, targets: list[Json]) -> Json:
    """Return the annotation that holds together what is printed of a hit."""
    return {
        "id": name,
        "type": "Annotation",
        "motivation": "contextualizing",
        "target": targets if len(targets) > 1 else targets[0],
    }


def _split_into_lines(text: FlatText, span: Span) -> Iterator[Span]:
    """Yield the parts of a span that are printed in one line each; breaks are left out."""
    at = span[0]
    for line, chars in groupby(text.chars[slice(*span)], key=lambda char: char.line):
        end = at + len(list(chars))
        if line:
            yield at, end
        at = end


def _make_annotation(name: str, words: str, place: str) -> Json:
    return {
        "id": name,
        "type": "Annotation",
        "motivation": _MOTIVATION,
        "body": {"type": "TextualBody", "value": words, "format": "text/plain"},
        "target": place,
    }


def _quote_piece(name: str, text: FlatText, piece: Span, span: Span) -> Json:
    """Return what refers to a part of a hit, with the text around the hit at its ends."""
    selector: Json = {"type": "TextQuoteSelector", "exact": text.string[slice(*piece)]}
    before = text.string[max(0, span[0] - _AROUND) : span[0]].replace("\n", " ")
    after = text.string[span[1] : span[1] + _AROUND].replace("\n", " ")
    if piece[0] == span[0] and before:
        selector["prefix"] = before
    if piece[1] == span[1] and after:
        selector["suffix"] = after
    return {"type": "SpecificResource", "source": name, "selector": [selector]}
