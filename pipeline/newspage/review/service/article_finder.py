"""Articles that are searched on the review page, and where on their scans the hits are printed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from newspage.decisions import GlyphIndex, find_flat_text
from newspage.edits import FlatText
from newspage.geometry import Box, union_boxes
from newspage.model import PageRecord
from newspage.review.service.request_errors import UnknownError
from newspage.review.service.view_rows import box_to_quad, encode_scan_key
from newspage.review.service.views import HitPlace, HitRow, SearchView
from newspage.search import (
    ArticleSearch,
    SearchHit,
    SearchSort,
    make_filter,
    parse_words,
    render_results,
)
from newspage.store import OutputStore

_AROUND = 4.0
"""Ems of the line that are shown on both sides of a hit. Judgement: a few characters."""

LoadRecord = Callable[[str], PageRecord | None]


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What somebody looks for, as it was typed."""

    words: str = ""
    paper: str = ""
    first: str = ""
    last: str = ""
    kind: str = ""
    sort: SearchSort = "rank"


class ArticleFinder:
    """Finds articles, and the places of hits. Thread-safe."""

    def __init__(self, store: OutputStore, load_record: LoadRecord) -> None:
        self._index = store.articles
        self._search = ArticleSearch(store.articles)
        self._load_record = load_record

    def find_articles(self, query: SearchQuery, offset: int = 0, limit: int = 20) -> SearchView:
        """Return a stretch of the articles that hold some words; none where no word is given.

        Raises UsageError where words or dates cannot be understood.
        """
        papers = tuple(self._index.list_papers())
        waiting = self._index.count_waiting()
        if not query.words.strip():
            return SearchView((), 0, 0, False, waiting, papers)
        which = make_filter(query.paper, query.first, query.last, query.kind)
        result = self._search.find_matches(parse_words(query.words), which, query.sort)
        hits = self._search.load_hits(result.matches[offset : offset + limit])
        return SearchView(
            tuple(map(_make_row, hits)),
            len(result.matches),
            result.exact,
            result.limited,
            waiting,
            papers,
        )

    def write_results(self, query: SearchQuery) -> Iterator[bytes]:
        """Return every article that holds the words as CSV, line by line, by date.

        Raises UsageError where words or dates cannot be understood.
        """
        wanted = parse_words(query.words)
        which = make_filter(query.paper, query.first, query.last, query.kind)
        return render_results(self._search.find_all(wanted, which))

    def locate_hit(self, stem: str, article: str, start: int, end: int) -> HitPlace:
        """Return where characters [start, end) of a text are printed. Raises UnknownError."""
        record = self._load_record(stem)
        text = find_flat_text(record, article) if record else None
        if record is None or text is None:
            raise UnknownError("page-record-unknown")
        glyphs = GlyphIndex.from_page(record.page)
        last = min(max(end, start + 1), len(text.chars))
        boxes = glyphs.find_boxes(text, (min(start, last), last))
        scan = record.page.scan
        vertical = _is_vertical(text, start, glyphs)
        return HitPlace(
            encode_scan_key((scan.sha256, scan.frame)),
            tuple(map(box_to_quad, boxes)),
            box_to_quad(_cut_strip(boxes, vertical).clipped(scan.width, scan.height))
            if boxes
            else None,
            vertical,
        )


def _is_vertical(text: FlatText, start: int, glyphs: GlyphIndex) -> bool:
    """Tell whether the line of a character is a column."""
    char = text.chars[start] if start < len(text.chars) else None
    line = glyphs.lines.get(char.line) if char else None
    return line is not None and line.vertical


def _cut_strip(boxes: tuple[Box, ...], vertical: bool) -> Box:
    """Return the part of a scan that shows a hit with what is beside it in its line."""
    shown = union_boxes(boxes)
    em = max(min(boxes[0].width, boxes[0].height), 1.0)
    along, across = _AROUND * em, em / 2
    x, y = (across, along) if vertical else (along, across)
    return Box(shown.left - x, shown.top - y, shown.right + x, shown.bottom + y)


def _make_row(hit: SearchHit) -> HitRow:
    row, piece = hit.row, hit.snippet
    start, end = hit.spans[0] if hit.spans else (0, 0)
    return HitRow(
        stem=row.stem,
        article=row.article,
        kind=row.kind,
        title=row.title,
        paper=row.paper,
        date=row.date,
        page=row.page,
        snippet=tuple(_split_snippet(piece.text, piece.marks)),
        cut=piece.cut,
        hits=len(hit.spans),
        misread=hit.misread,
        start=start,
        end=end,
    )


def _split_snippet(text: str, marks: tuple[tuple[int, int], ...]) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a snippet, each with whether it is a hit."""
    at = 0
    for start, end in marks:
        if start > at:
            yield text[at:start], False
        yield text[start:end], True
        at = end
    if at < len(text):
        yield text[at:], False
