"""Continuations of articles over the pages of one issue.

Where several parts could follow, or one of the two notes is missing, the texts decide: a part that
stops inside a sentence wants to go on, and parts of one article share words. A person's links come
before all of that.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from newspage.issues.issue_names import SECOND, normalise_page_number
from newspage.model import ArticlePart, ArticleRecord, PageRecord

_SENTENCE_END = re.compile(r"(?:[。！？!?…]|(?<=[^\W\u2e80-\U0010ffff])\.)[\"'”’」』〞）)》】]*$")

_SAME_ARTICLE = 0.35
"""Least score, out of 1.05, of a pair of which only one part names the other's page. Judgement: of
the single signs only words in common reach it."""

Key = tuple[str, str]
"""The stem of a page and the id of an article there: together they name a part of an article."""


@dataclass(frozen=True, slots=True)
class PartLink:
    """A person's decision whether one article goes on from the first part to the second."""

    before: Key
    after: Key
    linked: bool
    joined: bool = False
    """Whether they meet inside a paragraph, where they are linked."""


@dataclass(frozen=True, slots=True)
class IssuePage:
    """A scan of an issue: its record and the numbers by which jumps name the pages on it."""

    stem: str
    numbers: tuple[str, ...]
    """The number of the page, or of the two facing pages in reading order; empty where unknown."""
    record: PageRecord

    def list_pieces(self) -> "list[ArticlePiece]":
        """Return its articles, each with the number of the page it stands on."""
        return [
            ArticlePiece(ArticlePart(self.stem, article.id, self._number_of(article)), article)
            for article in self.record.articles
        ]

    def _number_of(self, article: ArticleRecord) -> str:
        """Return the number of the page that an article stands on."""
        return self.numbers[article.id.startswith(SECOND) and len(self.numbers) > 1]


@dataclass(frozen=True, slots=True)
class ArticlePiece:
    """An article of a page, as a candidate for a part of a longer one."""

    part: ArticlePart
    """Its place in the issue."""
    article: ArticleRecord

    @property
    def key(self) -> Key:
        """Return the key that names it within the issue."""
        return self.part.stem, self.part.article

    @property
    def text(self) -> str:
        """Return the text of all paragraphs."""
        return "".join(p.text for p in self.article.paragraphs)


def match_continuations(
    pieces: Sequence[ArticlePiece], links: Sequence[PartLink] = ()
) -> dict[int, int]:
    """Return for each piece that goes on the piece in which it does, both by index.

    The best pairs come first. `links` go before all others, a later one before an earlier one.
    Where somebody took two parts apart, nothing else is guessed for either.
    """
    following, apart = _as_said(pieces, links)
    leaving, coming = {i for i, _ in apart}, {k for _, k in apart}
    words = [_pairs_of(piece.text) for piece in pieces]
    scored = sorted(
        (
            (-score, i, k)
            for i, one in enumerate(pieces)
            for k, two in enumerate(pieces)
            if i != k and (score := _score(one, two, words[i], words[k])) > 0
        ),
    )
    for _, i, k in scored:
        taken = i in following or k in following.values()
        if (
            not taken
            and i not in leaving
            and k not in coming
            and i not in follow_chain(k, following)
        ):
            following[i] = k
    return following


def _as_said(
    pieces: Sequence[ArticlePiece], links: Sequence[PartLink]
) -> tuple[dict[int, int], set[tuple[int, int]]]:
    """Return the pairs that somebody linked, and those that somebody took apart."""
    numbers = {piece.key: i for i, piece in enumerate(pieces)}
    following: dict[int, int] = {}
    apart: set[tuple[int, int]] = set()
    for link in links:
        if link.before not in numbers or link.after not in numbers:
            continue
        pair = one, two = numbers[link.before], numbers[link.after]
        following = {i: k for i, k in following.items() if (i, k) != pair}
        if not link.linked:
            apart.add(pair)
            continue
        apart.discard(pair)
        following = {i: k for i, k in following.items() if i != one and k != two}
        if one not in follow_chain(two, following):
            following[one] = two
    return following, apart


def follow_chain(start: int, following: Mapping[int, int]) -> Iterator[int]:
    """Yield a piece and all that follow it, by index."""
    at: int | None = start
    while at is not None:
        yield at
        at = following.get(at)


def _score(
    one: ArticlePiece, two: ArticlePiece, words: Counter[str], others: Counter[str]
) -> float:
    """Return a score of how surely `two` continues `one`; 0 where it does not.

    Above 1 where both name each other's page.
    """
    forth = _names(one.article.continues, two.part.page)
    back = _names(two.article.continued_from, one.part.page)
    if forth is False or back is False or not (forth or back):
        return 0.0
    likely = (
        0.5 * min(1.0, 2 * _overlap(words, others))
        + 0.3 * (not two.article.title)
        + 0.2 * (not ends_with_sentence(one.text))
        + 0.05 * (_last(one.part.stem) == _last(two.part.stem))
    )
    if forth and back:
        return 1.0 + likely
    return likely if likely >= _SAME_ARTICLE else 0.0


def _names(jump: str | None, number: str) -> bool | None:
    """Tell whether a jump means the page of this number; None where there is no jump."""
    return None if jump is None else bool(jump) and normalise_page_number(jump) == number


def _last(stem: str) -> str:
    """Return the name of a page without its folders' names."""
    return stem.rpartition("/")[2]


def ends_with_sentence(text: str) -> bool:
    """Tell whether a part of an article stops where a sentence does."""
    return bool(_SENTENCE_END.search(text.rstrip()))


def _pairs_of(text: str) -> Counter[str]:
    """Return how often each pair of neighbouring letters or digits occurs."""
    return Counter(a + b for a, b in pairwise(text) if (a + b).isalnum())


def _overlap(one: Counter[str], two: Counter[str]) -> float:
    """Return the share of the shorter text's character pairs that the other has as well; 0 to 1."""
    shared = sum((one & two).values())
    return shared / max(1, min(one.total(), two.total()))
