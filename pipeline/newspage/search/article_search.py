"""Search the articles of an output folder: ranked hits, with words that were misread among them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from newspage.search.hit_spans import Snippet, Span, cut_snippet, find_spans
from newspage.search.search_words import SearchWords
from newspage.store import ArticleFilter, ArticleIndex, ArticleMatch, IndexedText

SearchSort = Literal["rank", "date"]

MOST_RANKED = 2000
"""Most articles that are put into order. Judgement: nobody looks through more, who narrows the
search instead; a word like 的 is in nearly all, and to rank a million took seconds."""
_FEW = 20
"""Articles below which words with one character misread are looked for as well. Judgement."""
_MOST_MISREAD = 100
"""Most articles that each place of a misread character adds. Judgement."""
_USUAL_LENGTH = 300
"""Characters of an article as most papers print it; longer ones hold a word more easily."""
_AT_ONCE = 200
"""Articles that are in memory at once when all are gone through."""


@dataclass(frozen=True, slots=True)
class RankedMatch:
    """An article among the results, and the words that it holds."""

    id: int
    words: SearchWords
    misread: bool
    """Whether it holds them only with one character another."""
    count: int
    """How often it holds them, all together."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An article that was found, with a piece of its text."""

    row: IndexedText
    snippet: Snippet
    spans: tuple[Span, ...]
    """Where its text holds the words."""
    misread: bool


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The articles that were found, in order."""

    matches: tuple[RankedMatch, ...]
    exact: int
    """How many of them hold the words as they were asked for; they come first."""
    limited: bool
    """Whether there are more than were put into order."""


class ArticleSearch:
    """Search of one output folder. Raises StoreError."""

    def __init__(self, index: ArticleIndex) -> None:
        self._index = index

    def find_matches(
        self, wanted: SearchWords, which: ArticleFilter, sort: SearchSort = "rank"
    ) -> SearchResult:
        """Return the articles that hold all words, best first or by date.

        Where they are few, articles follow that hold them with one character another.
        """
        exact = self.find_exact(wanted, which, sort)
        misread: list[RankedMatch] = []
        if len(exact) < _FEW:
            misread = self._find_misread(wanted, which, {m.id for m in exact}, sort)
        return SearchResult((*exact, *misread), len(exact), len(exact) == MOST_RANKED)

    def find_exact(
        self, wanted: SearchWords, which: ArticleFilter, sort: SearchSort = "rank"
    ) -> list[RankedMatch]:
        """Return the articles that hold all words as they are, in order; MOST_RANKED at most."""
        found = self._index.find_articles(wanted.words, which, MOST_RANKED)
        return [
            RankedMatch(match.id, wanted, False, sum(match.counts))
            for match in sorted(found, key=_ORDERS[sort])
        ]

    def find_all(self, wanted: SearchWords, which: ArticleFilter) -> Iterator[SearchHit]:
        """Yield every article that holds all words, by date, however many there are."""
        found = sorted(self._index.find_articles(wanted.words, which), key=_by_date)
        matches = [RankedMatch(m.id, wanted, False, sum(m.counts)) for m in found]
        for start in range(0, len(matches), _AT_ONCE):
            yield from self.load_hits(matches[start : start + _AT_ONCE])

    def load_hits(self, matches: Sequence[RankedMatch]) -> list[SearchHit]:
        """Return articles with their texts; those that are gone meanwhile are left out."""
        rows = self._index.load_articles(match.id for match in matches)
        return [_make_hit(rows[match.id], match) for match in matches if match.id in rows]

    def _find_misread(
        self, wanted: SearchWords, which: ArticleFilter, known: set[int], sort: SearchSort
    ) -> list[RankedMatch]:
        """Return articles that hold the words with one character another."""
        found = []
        for words in wanted.list_misread():
            matches = self._index.find_articles(words.words, which, _MOST_MISREAD)
            new = [match for match in matches if match.id not in known]
            known |= {match.id for match in new}
            found += [
                RankedMatch(match.id, words, True, sum(match.counts))
                for match in sorted(new, key=_ORDERS[sort])
            ]
        return found


def _make_hit(row: IndexedText, match: RankedMatch) -> SearchHit:
    spans = find_spans(row.text, match.words)
    return SearchHit(row, cut_snippet(row.text, spans), spans, match.misread)


def _score_match(match: ArticleMatch) -> float:
    """Score how much an article is about the words, by how often it holds each (as BM25 does).

    Each counts for less the more often it comes, and the longer the article is; each that the
    headlines hold counts for one more.
    """
    length = 1.2 * (0.25 + 0.75 * match.length / _USUAL_LENGTH)
    return sum(count / (count + length) for count in match.counts) + match.in_headline


def _by_score(match: ArticleMatch) -> tuple[object, ...]:
    return (-_score_match(match), *_by_date(match))


def _by_date(match: ArticleMatch) -> tuple[object, ...]:
    return (match.date, match.stem, match.number)


_ORDERS = {"rank": _by_score, "date": _by_date}
