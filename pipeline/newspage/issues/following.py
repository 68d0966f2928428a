"""Which part of an article goes on in which other, over the pages of one issue.

Where several could, or one of the two notes is missing, the texts decide: a part that stops inside
a sentence wants to go on, and parts of one article share words. What a person said goes before all
of that.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from newspage.issues.issue_names import SECOND, normalise_number
from newspage.model import ArticlePart, ArticleRecord, PageRecord

_SENTENCE_END = re.compile(r"(?:[。！？!?…]|(?<=[^\W\u2e80-\U0010ffff])\.)[\"'”’」』〞）)》】]*$")

_SAME_ARTICLE = 0.35
"""Least score of a pair of which only one part names the other's page."""

Key = tuple[str, str]
"""Names a part of an article: the stem of its page, and its id there."""


@dataclass(frozen=True, slots=True)
class PartLink:
    """What a person said of two parts: one article goes on from the first to the second, or not."""

    before: Key
    after: Key
    linked: bool
    joined: bool = False
    """Whether they meet inside a paragraph, where they are linked."""


@dataclass(frozen=True, slots=True)
class IssuePage:
    """A scan of an issue: its record and the numbers by which jumps name what it shows."""

    stem: str
    numbers: tuple[str, ...]
    """Of the page, or of the two facing pages in reading order; empty where unknown."""
    record: PageRecord


@dataclass(frozen=True, slots=True)
class ArticlePiece:
    """An article of a page, as a candidate."""

    page: IssuePage
    article: ArticleRecord

    @property
    def number(self) -> str:
        """Of the page it stands on."""
        return self.page.numbers[self.article.id.startswith(SECOND) and len(self.page.numbers) > 1]

    @property
    def key(self) -> Key:
        return self.page.stem, self.article.id

    @property
    def part(self) -> ArticlePart:
        return ArticlePart(self.page.stem, self.article.id, self.number)

    @property
    def text(self) -> str:
        return "".join(p.text for p in self.article.paragraphs)


def match_continuations(
    pieces: Sequence[ArticlePiece], links: Sequence[PartLink] = ()
) -> dict[int, int]:
    """For each piece that goes on, the piece in which it does: the best pairs first.

    `links` go before all others, a later one before an earlier one. Where somebody took two parts
    asunder, nothing else is guessed for either.
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
    """The pairs that somebody made, and those that somebody took apart."""
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
    """A piece and all that follow it."""
    at: int | None = start
    while at is not None:
        yield at
        at = following.get(at)


def _score(
    one: ArticlePiece, two: ArticlePiece, words: Counter[str], others: Counter[str]
) -> float:
    """How sure it is that `two` continues `one`; 0 where it does not."""
    forth = _names(one.article.continues, two.number)
    back = _names(two.article.continued_from, one.number)
    if forth is False or back is False or not (forth or back):
        return 0.0
    likely = (
        0.5 * min(1.0, 2 * _overlap(words, others))
        + 0.3 * (not two.article.title)
        + 0.2 * (not part_ends_sentence(one.text))
        + 0.05 * (_last(one.page.stem) == _last(two.page.stem))
    )
    if forth and back:
        return 1.0 + likely
    return likely if likely >= _SAME_ARTICLE else 0.0


def _names(jump: str | None, number: str) -> bool | None:
    """Whether a jump means the page of this number; None where there is no jump."""
    return None if jump is None else bool(jump) and normalise_number(jump) == number


def _last(stem: str) -> str:
    return stem.rpartition("/")[2]


def part_ends_sentence(text: str) -> bool:
    """Whether a part of an article stops where a sentence does."""
    return bool(_SENTENCE_END.search(text.rstrip()))


def _pairs_of(text: str) -> Counter[str]:
    return Counter(a + b for a, b in pairwise(text) if (a + b).isalnum())


def _overlap(one: Counter[str], two: Counter[str]) -> float:
    """Share of the shorter text's character pairs that the other has as well; 0 to 1."""
    shared = sum((one & two).values())
    return shared / max(1, min(one.total(), two.total()))
