"""Show the differences of a page as people read them: in the texts as given, with words around.

Texts are compared without white space and with marks of one kind. What is shown is the text before
that, so each character that was compared is traced back to the one it came from.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from newspage.evaluation.differences import DifferenceKind, Span, TextDifference, compare_texts
from newspage.evaluation.page_scores import compare_pages
from newspage.evaluation.page_texts import ArticleText, Normalisation, PageText

CONTEXT = 14
"""Characters of context on both sides."""
BREAK = "\n"
"""Stands between two parts of a text that is shown."""


@dataclass(frozen=True, slots=True)
class TextPlace:
    """Some characters of a part of an article; where start and end are equal, a place between."""

    article: int
    """Number of the article in the page, from 0."""
    part: int
    """0 to 3: kicker, title, deck, byline; from 4 on the paragraphs."""
    span: Span


@dataclass(frozen=True, slots=True)
class SpanInContext:
    """Some characters of a text and those around them; line breaks stand between parts."""

    left: str
    text: str
    right: str


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """A difference between a page and its truth, as it is shown."""

    kind: DifferenceKind
    length: int
    """Characters that it counts for."""
    true: SpanInContext
    read: SpanInContext
    place: TextPlace | None
    """Where it is in the page that was read; None where that has no text."""


@dataclass(frozen=True, slots=True)
class _TracedText:
    """A text without what does not count, and the text that it was made of."""

    string: str
    places: Sequence[int]
    """Offset of each character of `string` in `source`."""
    source: str
    parts: Sequence[tuple[int, int, int]]
    """Start of each part in `source`, the number of its article, and its own."""

    def keep_places(self, places: Iterable[int]) -> "_TracedText":
        """Return the text with some of its characters only."""
        kept = list(places)
        string = "".join(self.string[i] for i in kept)
        return _TracedText(string, [self.places[i] for i in kept], self.source, self.parts)

    def find_in_source(self, span: Span) -> Span:
        """Return the characters of the source that a span of the string was made of."""
        start, end = span
        if start < end:
            return self.places[start], self.places[end - 1] + 1
        at = self.places[start - 1] + 1 if start else 0
        return at, at

    def show_span(self, span: Span) -> SpanInContext:
        """Return the characters of a span as they stand in the source, with those around them."""
        start, end = self.find_in_source(span)
        left = self.source[max(0, start - CONTEXT) : start]
        return SpanInContext(left, self.source[start:end], self.source[end : end + CONTEXT])

    def locate_span(self, span: Span) -> TextPlace | None:
        """Return where a span is in the articles; of several parts the first one counts."""
        if not self.parts:
            return None
        start, end = self.find_in_source(span)
        number = max(0, bisect_right(self.parts, start, key=lambda part: part[0]) - 1)
        first, article, part = self.parts[number]
        behind = self.parts[number + 1][0] - 1 if number + 1 < len(self.parts) else len(self.source)
        return TextPlace(article, part, (start - first, min(end, behind) - first))


def list_differences(
    truth: PageText, read: PageText, norm: Normalisation | None = None
) -> list[ShownDifference]:
    """Return all differences between a page and its truth, in the order of the page.

    They are those that `score_page` counts as `quality`.
    """
    norm = norm or Normalisation()
    pages = compare_pages(truth, read, norm)
    true = _trace_articles(truth.articles, pages.order, norm)
    made = _trace_articles(read.articles, range(len(read.articles)), norm).keep_places(pages.places)
    found = compare_texts(true.string, made.string).differences
    return [
        ShownDifference(
            difference.kind,
            _length_of(difference),
            true.show_span(difference.true),
            made.show_span(difference.read),
            made.locate_span(difference.read),
        )
        for difference in found
    ]


def _length_of(difference: TextDifference) -> int:
    """Return how many characters a difference counts for."""
    return difference.moved or sum(difference.edits)


def _trace_articles(
    articles: Sequence[ArticleText], order: Iterable[int], norm: Normalisation
) -> _TracedText:
    """Return the text of some articles, each of its characters with the one it came from."""
    strings: list[str] = []
    sources: list[str] = []
    places: list[int] = []
    parts: list[tuple[int, int, int]] = []
    at = 0
    for number in order:
        a = articles[number]
        for part, source in enumerate((a.kicker, a.title, a.deck, a.byline, *a.paragraphs)):
            if not source:
                continue
            string, offsets = _trace_characters(source, norm)
            strings.append(string)
            places += [at + offset for offset in offsets]
            sources.append(source)
            parts.append((at, number, part))
            at += len(source) + len(BREAK)
    return _TracedText("".join(strings), places, BREAK.join(sources), parts)


def _trace_characters(source: str, norm: Normalisation) -> tuple[str, list[int]]:
    """Return a text normalised, and the offset in the source of each character of it."""
    string = norm(source)
    pieces = [_normalise_character(character, norm) for character in source]
    offsets = [i for i, piece in enumerate(pieces) for _ in piece]
    joined = "".join(pieces)
    if joined == string:
        return string, offsets
    # Characters that make one together (a letter and its accent): the nearest ones are named.
    traced: list[int] = []
    for op in Levenshtein.opcodes(joined, string):
        for i in range(op.dest_end - op.dest_start):
            nearest = min(op.src_start + i, max(op.src_start, op.src_end - 1), len(offsets) - 1)
            traced.append(offsets[nearest] if offsets else 0)
    return string, traced


@lru_cache(maxsize=20_000)
def _normalise_character(character: str, norm: Normalisation) -> str:
    """Return what is left of a character; most of a page are few different ones."""
    return norm(character)
