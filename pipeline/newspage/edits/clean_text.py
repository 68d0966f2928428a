"""Derive the clean text of a page from what was read and the corrections that lie on top of it.

Nothing else makes clean text: taking a correction back is deriving the text without it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from newspage.edits.edit_script import apply_to_chars, select_effective
from newspage.edits.flat_text import (
    BREAK,
    HEADS,
    FlatText,
    TextPart,
    flatten_article,
    is_part_break,
)
from newspage.model import (
    ArticleRecord,
    Chars,
    Correction,
    PageReading,
    PageRecord,
    Paragraph,
    Problem,
    ProcessingStep,
    RegionKind,
)


def derive_page(
    reading: PageReading,
    problems: tuple[Problem, ...] = (),
    steps: tuple[ProcessingStep, ...] = (),
) -> PageRecord:
    """Return the record of a page on which nobody has decided anything.

    Args:
        reading: the page as read; those of its corrections that policy applies are in the text.
        problems: trouble that is shown beside the text.
        steps: what the page went through.

    Raises:
        PlanError: where the corrections do not fit the text.
    """
    return PageRecord(
        reading,
        reading.page,
        derive_articles(reading.articles, reading.corrections),
        reading.furniture,
        reading.joins,
        reading.corrections,
        problems,
        steps,
    )


def derive_articles(
    articles: Sequence[ArticleRecord], corrections: Sequence[Correction]
) -> tuple[ArticleRecord, ...]:
    """Return articles as read with the corrections in them that have an effect.

    Raises PlanError where the corrections do not fit the text.
    """
    own: dict[str, list[Correction]] = {}
    for correction in corrections:
        own.setdefault(correction.article, []).append(correction)
    return tuple(
        derive_article(article, flatten_article(article), own[article.id])
        if select_effective(own.get(article.id, ()))
        else article
        for article in articles
    )


def derive_article(
    article: ArticleRecord, text: FlatText, corrections: Sequence[Correction]
) -> ArticleRecord:
    """Return the article with the characters of its text after corrections.

    What follows a break that was inserted into a headline becomes a paragraph. Two parts whose
    break was removed become one, of the kind of the first. Parts left empty are dropped.

    Args:
        article: the article whose headlines and paragraphs are replaced.
        text: its text as read, which may have been arranged anew since.
        corrections: those of the article; only applied, accepted and edited ones have an effect.

    Raises:
        PlanError: where the corrections do not fit the text.
    """
    if not select_effective(corrections) and text == flatten_article(article):
        return article
    applied = apply_to_chars(text.chars, corrections)
    heads: dict[RegionKind, Chars] = {}
    paragraphs: list[Paragraph] = []
    for piece in list_corrected_blocks(text, corrections):
        kind, chars = piece.kind, applied[piece.start : piece.end]
        if kind in HEADS:
            heads[kind] = heads.get(kind, ()) + chars
        elif chars:
            paragraphs.append(Paragraph(chars))
    return replace(
        article,
        kicker=heads.get(RegionKind.KICKER, ()),
        title=heads.get(RegionKind.TITLE, ()),
        deck=heads.get(RegionKind.DECK, ()),
        byline=heads.get(RegionKind.BYLINE, ()),
        paragraphs=tuple(paragraphs),
    )


def list_corrected_blocks(text: FlatText, corrections: Sequence[Correction]) -> list[TextPart]:
    """Return the parts of a text after corrections, as offsets in the corrected text.

    Empty parts are among them. Raises PlanError where the corrections do not fit the text.
    """
    plan = select_effective(corrections)
    applied = apply_to_chars(text.chars, plan)
    edges = [-1, *(i for i, c in enumerate(applied) if is_part_break(c)), len(applied)]
    spans = ((start + 1, end) for start, end in pairwise(edges))
    return [TextPart(*span, kind) for kind, span in zip(_kinds(text, plan), spans, strict=True)]


def _kinds(text: FlatText, plan: Sequence[Correction]) -> Iterator[RegionKind]:
    """Yield the kind of each part of the corrected text."""
    yield _kind_at(text.blocks, 0)
    for at, made in _breaks(text, plan):
        kind = _kind_at(text.blocks, at)
        inside = made and any(b.start < at < b.end for b in text.blocks)
        yield RegionKind.BODY if inside else kind


def _breaks(text: FlatText, plan: Sequence[Correction]) -> Iterator[tuple[int, bool]]:
    """Return where each part after the first starts, as offsets in the text as read, in order.

    With each comes whether a correction made it.
    """
    taken = [range(*c.span) for c in plan]
    found = [
        (i + 1, 0, False)
        for i, char in enumerate(text.chars)
        if is_part_break(char) and not any(i in span for span in taken)
    ]
    for c in plan:
        found += [(c.span[1], 1, True)] * c.proposed.count(BREAK)
    return ((at, made) for at, _, made in sorted(found))


def _kind_at(blocks: Sequence[TextPart], offset: int) -> RegionKind:
    """Return the kind of the part at an offset, or else of the next one; BODY behind the last."""
    return next((b.kind for b in blocks if offset < b.end), RegionKind.BODY)
