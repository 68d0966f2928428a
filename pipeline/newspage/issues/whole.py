"""Articles of an issue, each whole once, and the links between their parts on the pages."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

from newspage.hyphens import EITHER, Vocabulary, find_broken_word, score_hyphen
from newspage.issues.following import (
    ArticlePiece,
    IssuePage,
    Key,
    PartLink,
    ends_with_sentence,
    follow_chain,
    match_continuations,
)
from newspage.model import (
    ArticlePart,
    ArticleRecord,
    Chars,
    Issue,
    IssueArticle,
    IssueOutline,
    Join,
    JoinKind,
    PageRecord,
    Paragraph,
    Problem,
    join_chars,
)
from newspage.spacing import find_space_between

HALF = 40
"""Characters at each side of a page's end in which half of a broken word is sought. Judgement: no
word is longer."""


def join_issue(name: str, pages: Sequence[IssuePage], links: Sequence[PartLink] = ()) -> Issue:
    """Return the issue with each article whole once.

    Args:
        name: The name of the issue.
        pages: Its pages in order.
        links: What people decided of parts, in the order they did.
    """
    pieces = [piece for page in pages for piece in page.list_pieces()]
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


def outline_issue(issue: Issue) -> IssueOutline:
    """Return the outline of an issue, from which `join_parts` makes its articles again."""
    return IssueOutline(
        issue.name,
        issue.pages,
        {article.whole.id: article.parts for article in issue.articles},
        {(join.before, join.after): join.joined for join in issue.joins},
    )


def join_parts(
    name: str, pieces: Sequence[ArticlePiece], joined: Mapping[tuple[str, str], bool]
) -> ArticleRecord:
    """Return an article of an issue that was joined before, from its parts.

    Args:
        name: Identifier of the whole article.
        pieces: Its parts in order.
        joined: For pairs of lines (`stem#line`) at which parts meet, whether the paragraph goes on.
    """
    return _whole(name, pieces, 0, {}, joined)[0]


def link_page(page: IssuePage, issue: Issue) -> PageRecord:
    """Return the page's record with the other parts of its articles named, and no others."""
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
    kept: Mapping[tuple[str, str], bool] = MappingProxyType({}),
) -> tuple[ArticleRecord, list[Join]]:
    """Return all parts of an article as one, and the joins of paragraphs where parts meet.

    Args:
        name: Identifier of the whole article.
        parts: Its parts in order.
        joins_before: Number of joins of the issue so far; the new ones are numbered from there.
        said: For pairs of parts that a person linked, whether their paragraphs meet.
        kept: The same for pairs of lines (`stem#line`), as it was judged when first joined.
    """
    paragraphs: list[Chars] = []
    joins: list[Join] = []
    for before, piece in zip([None, *parts], parts, strict=False):
        own = [_rooted(p.chars, piece) for p in piece.article.paragraphs]
        if before and paragraphs and own and paragraphs[-1] and own[0]:
            lines = paragraphs[-1][-1].line, own[0][0].line
            decided = said.get((before.key, piece.key), kept.get(lines))
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
    """Return a paragraph and what goes on of it on another page, words separated as print does.

    A hyphen that only broke a word at the foot of the page goes, and the join says so.
    """
    halves = find_broken_word(join_chars(before[-HALF:]), join_chars(after[:HALF]))
    seen = Vocabulary.of(p.text for piece in parts for p in piece.article.paragraphs)
    belief = score_hyphen(*halves, seen) if halves else 0.0
    if belief > EITHER:
        join = replace(join, evidence={**join.evidence, "hyphen": belief})
        return join, (*before[:-1], *after)
    return join, (*before, *find_space_between(before, after), *after)


def _byline(parts: Iterable[ArticlePiece]) -> Chars:
    """Return the first byline there is: some papers sign at the end."""
    return next((_rooted(p.article.byline, p) for p in parts if p.article.byline), ())


def _rooted(chars: Chars, piece: ArticlePiece) -> Chars:
    """Return characters that name their page as well as their line."""
    return tuple(replace(c, line=f"{piece.part.stem}#{c.line}") for c in chars)


def _seam(name: str, before: Chars, after: Chars, said: bool | None) -> Join:
    """Return the join of a paragraph over a jump: as somebody said, else as its end looks."""
    score = score_continuation(join_chars(before))
    return Join(
        id=name,
        kind=JoinKind.PAGE,
        before=before[-1].line,
        after=after[0].line,
        score=score,
        joined=score > 0.5 if said is None else said,
        evidence={"sentence_open": float(score > 0.5)},
    )


def score_continuation(before: str) -> float:
    """Return how likely a paragraph goes on over a jump, 0 to 1.

    It does where its sentence is open. The two values are a judgement: likely and unlikely.
    """
    return 0.1 if ends_with_sentence(before) else 0.9


def _dangling(
    pieces: Sequence[ArticlePiece], following: Mapping[int, int], later: set[int]
) -> Iterator[Problem]:
    """Yield a problem for every jump that leads nowhere."""
    for i, piece in enumerate(pieces):
        where = f"{piece.part.stem} {piece.article.id}"
        if piece.article.continues is not None and i not in following:
            yield Problem(where, f"goes on at page {piece.article.continues}: not found there")
        if piece.article.continued_from is not None and i not in later:
            yield Problem(where, f"comes from page {piece.article.continued_from}: not found there")
