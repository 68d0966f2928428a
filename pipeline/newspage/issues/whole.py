"""The articles of an issue, each whole once, and what its pages then say of each other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from newspage.hyphens import EITHER, Vocabulary, find_broken_word, score_hyphen
from newspage.issues.following import (
    ArticlePiece,
    IssuePage,
    Key,
    PartLink,
    follow_chain,
    match_continuations,
    part_ends_sentence,
)
from newspage.model import (
    ArticlePart,
    ArticleRecord,
    Chars,
    Issue,
    IssueArticle,
    Join,
    JoinKind,
    PageRecord,
    Paragraph,
    Problem,
    join_chars,
)
from newspage.spacing import find_space_between

HALF = 40
"""No half of a word that a page's end parts is longer."""


def join_issue(name: str, pages: Sequence[IssuePage], links: Sequence[PartLink] = ()) -> Issue:
    """The issue with each article whole once; `links` are what people said, in that order."""
    pieces = [ArticlePiece(page, article) for page in pages for article in page.record.articles]
    following = match_continuations(pieces, links)
    said = {(link.before, link.after): link.joined for link in links if link.linked}
    later = set(following.values())
    articles: list[IssueArticle] = []
    joins: list[Join] = []
    for i in range(len(pieces)):
        if i not in later:
            parts = [pieces[k] for k in follow_chain(i, following)]
            whole, seams = _whole(f"a{len(articles) + 1}", parts, len(joins), said)
            articles.append(IssueArticle(whole, tuple(piece.part for piece in parts)))
            joins += seams
    return Issue(
        name,
        tuple((page.stem, number) for page in pages for number in page.numbers),
        tuple(articles),
        tuple(joins),
        tuple(_dangling(pieces, following, later)),
    )


def link_page(page: IssuePage, issue: Issue) -> PageRecord:
    """The page's record with the other parts of its articles named, and no others."""
    before: dict[tuple[str, str], ArticlePart] = {}
    after: dict[tuple[str, str], ArticlePart] = {}
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


def _whole(
    name: str,
    parts: Sequence[ArticlePiece],
    joins_before: int,
    said: Mapping[tuple[Key, Key], bool],
) -> tuple[ArticleRecord, list[Join]]:
    """All parts of an article as one, and the decisions about paragraphs at their seams."""
    paragraphs: list[Chars] = []
    joins: list[Join] = []
    for before, piece in zip([None, *parts], parts, strict=False):
        own = [_rooted(p.chars, piece) for p in piece.article.paragraphs]
        if before and paragraphs and own and paragraphs[-1] and own[0]:
            decided = said.get((before.key, piece.key))
            number = joins_before + len(joins) + 1
            joins.append(_seam(f"j{number}", paragraphs[-1], own[0], decided))
            if joins[-1].joined:
                joins[-1], own[0] = _run_together(joins[-1], paragraphs.pop(), own[0], parts)
        paragraphs += own
    first = parts[0].article
    whole = ArticleRecord(
        id=name,
        kicker=_rooted(first.kicker, parts[0]),
        title=_rooted(first.title, parts[0]),
        deck=_rooted(first.deck, parts[0]),
        byline=_byline(parts),
        paragraphs=tuple(Paragraph(chars) for chars in paragraphs),
        continues=parts[-1].article.continues,
        continued_from=first.continued_from,
    )
    return whole, joins


def _run_together(
    join: Join, before: Chars, after: Chars, parts: Sequence[ArticlePiece]
) -> tuple[Join, Chars]:
    """Return a paragraph and what goes on of it on another page, words parted as print does.

    A hyphen that only parted a word at the foot of the page goes, and the join says so.
    """
    halves = find_broken_word(join_chars(before[-HALF:]), join_chars(after[:HALF]))
    seen = Vocabulary.of(p.text for piece in parts for p in piece.article.paragraphs)
    belief = score_hyphen(*halves, seen) if halves else 0.0
    if belief > EITHER:
        join = replace(join, evidence={**join.evidence, "hyphen": belief})
        return join, (*before[:-1], *after)
    return join, (*before, *find_space_between(before, after), *after)


def _byline(parts: Iterable[ArticlePiece]) -> Chars:
    """The first there is: some papers sign at the end."""
    return next((_rooted(p.article.byline, p) for p in parts if p.article.byline), ())


def _rooted(chars: Chars, piece: ArticlePiece) -> Chars:
    """Characters that name their page as well as their line."""
    return tuple(replace(c, line=f"{piece.page.stem}#{c.line}") for c in chars)


def _seam(name: str, before: Chars, after: Chars, said: bool | None) -> Join:
    """Whether the paragraph goes on over the jump: as somebody said, else as its end looks."""
    score = score_meeting(join_chars(before))
    return Join(
        id=name,
        kind=JoinKind.PAGE,
        before=before[-1].line,
        after=after[0].line,
        score=score,
        joined=score > 0.5 if said is None else said,
        evidence={"sentence_open": float(score > 0.5)},
    )


def score_meeting(before: str) -> float:
    """How sure it is that a paragraph goes on over a jump: it does where its sentence is open."""
    return 0.1 if part_ends_sentence(before) else 0.9


def _dangling(
    pieces: Sequence[ArticlePiece], following: Mapping[int, int], later: set[int]
) -> Iterator[Problem]:
    """Jumps that lead nowhere."""
    for i, piece in enumerate(pieces):
        where = f"{piece.page.stem} {piece.article.id}"
        if piece.article.continues is not None and i not in following:
            yield Problem(where, f"goes on at page {piece.article.continues}: not found there")
        if piece.article.continued_from is not None and i not in later:
            yield Problem(where, f"comes from page {piece.article.continued_from}: not found there")
