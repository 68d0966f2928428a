"""Articles that jump from page to page, followed over the pages of one issue.

A part that says 下转第3版 and a part on page 3 that says 上接第1版 belong together. Where several
could, or one of the two notes is missing, the texts decide: a part that stops inside a sentence
wants to go on, and parts of one article share words. Pure functions over records.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.model import (
    Article,
    Chars,
    Issue,
    IssueArticle,
    Join,
    JoinKind,
    PageRecord,
    Paragraph,
    Part,
    Problem,
    Publication,
    RegionKind,
    plain,
)

_SENTENCE_END = re.compile(r"[。！？!?…][”’」』〞）)》】]*$")
_NUMERALS = {numeral: value for value, numeral in enumerate("〇一二三四五六七八九")}
_FOLIO = re.compile(
    r"第\s*(?P<ordinal>[a-z]?[0-9]{1,3}|[十〇一二三四五六七八九]{1,3})\s*[版页頁]"
    r"|(?<![0-9a-z])(?P<count>[a-z]?[0-9]{1,3})\s*[版页頁]"
    r"|^(?P<first>[a-z]?[0-9]{1,2})(?![0-9年月日])",
    re.IGNORECASE,
)

FIRST, SECOND = "1-", "2-"
"""What identifiers begin with where one record holds two facing pages."""

_SAME_ARTICLE = 0.35
"""Least score of a pair of which only one part names the other's page."""


@dataclass(frozen=True, slots=True)
class IssuePage:
    """A scan of an issue: its record and the numbers by which jumps name what it shows."""

    stem: str
    numbers: tuple[str, ...]
    """Of the page, or of the two facing pages in reading order; empty where unknown."""
    record: PageRecord


@dataclass(frozen=True, slots=True)
class _Piece:
    """An article of a page, as a candidate."""

    page: IssuePage
    article: Article

    @property
    def number(self) -> str:
        """Of the page it stands on."""
        return self.page.numbers[self.article.id.startswith(SECOND) and len(self.page.numbers) > 1]

    @property
    def part(self) -> Part:
        return Part(self.page.stem, self.article.id, self.number)

    @property
    def text(self) -> str:
        return "".join(p.text for p in self.article.paragraphs)


def issue_name(publication: Publication | None) -> str:
    """The name of the issue a page belongs to, fit for a file name; empty where none is known."""
    if publication is None:
        return ""
    date = publication.date.isoformat() if publication.date else ""
    name = "-".join(word for word in (publication.paper, date) if word)
    return re.sub(r"[\x00-\x1f/\\:*?\"<>|]+", "_", name).strip(" .")


def page_numbers(publication: Publication | None, record: PageRecord) -> tuple[str, ...]:
    """The numbers of a page, or of two facing ones: from the name, else from what is printed.

    Empty where neither tells.
    """
    halves = (FIRST, SECOND) if any(r.id.startswith(SECOND) for r in record.page.regions) else ("",)
    if publication is not None and publication.page:
        first = normal_number(publication.page)
        return (first, _next_number(first))[: len(halves)]
    return tuple(_printed_number(record, half) for half in halves)


def _printed_number(record: PageRecord, half: str) -> str:
    """From the folio, else from the masthead."""
    for kind in (RegionKind.FOLIO, RegionKind.MASTHEAD):
        for furniture in record.furniture:
            if furniture.kind is kind and furniture.region.startswith(half):
                found = _FOLIO.search(furniture.text.strip())
                if found:
                    return normal_number(next(g for g in found.groups() if g))
    return ""


def _next_number(number: str) -> str:
    digits = re.search(r"[0-9]+$", number)
    return f"{number[: digits.start()]}{int(digits[0]) + 1}" if digits else ""


def normal_number(text: str) -> str:
    """A page number as digits with an optional capital letter: 第十二版 and 012 are both 12."""
    text = unicodedata.normalize("NFKC", text).strip().strip("第版页頁").upper()
    if text and set(text) <= {*_NUMERALS, "十"}:
        tens, ten, ones = text.rpartition("十")
        if not ten:
            return "".join(str(_NUMERALS[c]) for c in text).lstrip("0")
        return str(10 * (_NUMERALS.get(tens, 1)) + _NUMERALS.get(ones, 0))
    return re.sub(r"^([A-Z]?)0+(?=[0-9])", r"\1", text)


def join_issue(name: str, pages: Sequence[IssuePage]) -> Issue:
    """The issue with each article whole once."""
    pieces = [_Piece(page, article) for page in pages for article in page.record.articles]
    following = _followers(pieces)
    later = set(following.values())
    articles: list[IssueArticle] = []
    joins: list[Join] = []
    for i in range(len(pieces)):
        if i not in later:
            chain = [pieces[k] for k in _chain(i, following)]
            whole, joined = _whole(f"a{len(articles) + 1}", chain, len(joins))
            articles.append(IssueArticle(whole, tuple(piece.part for piece in chain)))
            joins += joined
    return Issue(
        name,
        tuple((page.stem, number) for page in pages for number in page.numbers),
        tuple(articles),
        tuple(joins),
        tuple(_dangling(pieces, following, later)),
    )


def linked(page: IssuePage, issue: Issue) -> PageRecord:
    """The page's record with the other parts of its articles named, and no others."""
    before: dict[tuple[str, str], Part] = {}
    after: dict[tuple[str, str], Part] = {}
    for article in issue.articles:
        for one, two in pairwise(article.parts):
            after[one.stem, one.article] = two
            before[two.stem, two.article] = one
    return replace(
        page.record,
        articles=tuple(
            replace(
                a,
                next_part=after.get((page.stem, a.id)),
                previous_part=before.get((page.stem, a.id)),
            )
            for a in page.record.articles
        ),
    )


def _followers(pieces: Sequence[_Piece]) -> dict[int, int]:
    """For each piece that goes on, the piece in which it does: the best pairs first."""
    words = [_pairs_of(piece.text) for piece in pieces]
    scored = sorted(
        (
            (-score, i, k)
            for i, one in enumerate(pieces)
            for k, two in enumerate(pieces)
            if i != k and (score := _score(one, two, words[i], words[k])) > 0
        ),
    )
    following: dict[int, int] = {}
    for _, i, k in scored:
        taken = i in following or k in following.values()
        if not taken and i not in _chain(k, following):
            following[i] = k
    return following


def _chain(start: int, following: Mapping[int, int]) -> Iterator[int]:
    at: int | None = start
    while at is not None:
        yield at
        at = following.get(at)


def _score(one: _Piece, two: _Piece, words: Counter[str], others: Counter[str]) -> float:
    """How sure it is that `two` continues `one`; 0 where it does not."""
    forth = _names(one.article.continues, two.number)
    back = _names(two.article.continued_from, one.number)
    if forth is False or back is False or not (forth or back):
        return 0.0
    likely = (
        0.5 * min(1.0, 2 * _overlap(words, others))
        + 0.3 * (not two.article.title)
        + 0.2 * (not _ends_sentence(one))
        + 0.05 * (_last(one.page.stem) == _last(two.page.stem))
    )
    if forth and back:
        return 1.0 + likely
    return likely if likely >= _SAME_ARTICLE else 0.0


def _names(jump: str | None, number: str) -> bool | None:
    """Whether a jump means the page of this number; None where there is no jump."""
    return None if jump is None else bool(jump) and normal_number(jump) == number


def _last(stem: str) -> str:
    return stem.rpartition("/")[2]


def _ends_sentence(piece: _Piece) -> bool:
    return bool(_SENTENCE_END.search(piece.text.rstrip()))


def _pairs_of(text: str) -> Counter[str]:
    return Counter(a + b for a, b in pairwise(text) if (a + b).isalnum())


def _overlap(one: Counter[str], two: Counter[str]) -> float:
    """Share of the shorter text's character pairs that the other has as well; 0 to 1."""
    shared = sum((one & two).values())
    return shared / max(1, min(one.total(), two.total()))


def _whole(name: str, chain: Sequence[_Piece], joins_before: int) -> tuple[Article, list[Join]]:
    """All parts of an article as one, and the decisions about paragraphs at their seams."""
    paragraphs: list[Chars] = []
    joins: list[Join] = []
    for piece in chain:
        own = [_rooted(p.chars, piece) for p in piece.article.paragraphs]
        if paragraphs and own and paragraphs[-1] and own[0]:
            join = _seam(f"j{joins_before + len(joins) + 1}", paragraphs[-1], own[0])
            joins.append(join)
            if join.joined:
                own[0] = paragraphs.pop() + own[0]
        paragraphs += own
    first = chain[0].article
    whole = Article(
        id=name,
        kicker=_rooted(first.kicker, chain[0]),
        title=_rooted(first.title, chain[0]),
        deck=_rooted(first.deck, chain[0]),
        byline=_byline(chain),
        paragraphs=tuple(Paragraph(chars) for chars in paragraphs),
        continues=chain[-1].article.continues,
        continued_from=first.continued_from,
    )
    return whole, joins


def _byline(chain: Iterable[_Piece]) -> Chars:
    """The first there is: some papers sign at the end."""
    return next((_rooted(p.article.byline, p) for p in chain if p.article.byline), ())


def _rooted(chars: Chars, piece: _Piece) -> Chars:
    """Characters that name their page as well as their line."""
    return tuple(replace(c, line=f"{piece.page.stem}#{c.line}") for c in chars)


def _seam(name: str, before: Chars, after: Chars) -> Join:
    """Whether the paragraph goes on over the jump: it does where its last sentence is open."""
    finished = bool(_SENTENCE_END.search(plain(before).rstrip()))
    return Join(
        id=name,
        kind=JoinKind.PAGE,
        before=before[-1].line,
        after=after[0].line,
        score=0.1 if finished else 0.9,
        joined=not finished,
        evidence={"sentence_open": float(not finished)},
    )


def _dangling(
    pieces: Sequence[_Piece], following: Mapping[int, int], later: set[int]
) -> Iterator[Problem]:
    """Jumps that lead nowhere."""
    for i, piece in enumerate(pieces):
        where = f"{piece.page.stem} {piece.article.id}"
        if piece.article.continues is not None and i not in following:
            yield Problem(where, f"goes on at page {piece.article.continues}: not found there")
        if piece.article.continued_from is not None and i not in later:
            yield Problem(where, f"comes from page {piece.article.continued_from}: not found there")
