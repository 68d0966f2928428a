"""Give a region another kind, article or place, so that its text goes where that kind has it."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from newspage.chinese import JUMP_FROM, JUMP_TO, parse_page_number
from newspage.decisions.draft import DraftPart, PageDraft
from newspage.decisions.part_texts import (
    insert_first_parts,
    insert_head,
    insert_parts,
    put_furniture_text,
    take_article_text,
    take_furniture_text,
)
from newspage.decisions.region_shapes import add_article, replace_regions
from newspage.edits import HEADS
from newspage.model import FURNITURE_KINDS, ArticleRecord, Region, RegionKind

TEXT_KINDS = (*HEADS, RegionKind.BODY)
"""Kinds of regions whose text is that of an article."""


def change_kind(draft: PageDraft, name: str, kind: RegionKind) -> PageDraft:
    """Return the draft with a region of another kind.

    Furniture that becomes text is an article of its own, and a note on a jump belongs to the
    article before it.
    """
    region = draft.find_region(name)
    if region.kind is kind:
        return draft
    owner = region.article
    if kind is RegionKind.JUMP:
        owner = owner or _article_before(draft, name)
    elif kind not in TEXT_KINDS:
        owner = None
    elif owner is None:
        draft, owner = add_article(draft, _articles_before(draft, name), name)
    return lay_region(draft, name, kind, owner, draft.page.reading_order)


def lay_region(
    draft: PageDraft, name: str, kind: RegionKind, owner: str | None, order: Sequence[str]
) -> PageDraft:
    """Return the draft with a region laid out anew, and its text where it belongs then.

    Args:
        draft: the articles of the page.
        name: id of the region.
        kind: its kind from now on.
        owner: id of the article that has it from now on; None for furniture.
        order: the reading order from now on.
    """
    region = draft.find_region(name)
    draft, parts = take_region_text(draft, region)
    changed = replace(region, kind=kind, article=owner)
    regions = tuple(changed if r.id == name else r for r in draft.page.regions)
    draft = replace_regions(draft, regions, order)
    draft = _note_jump(_forget_jump(draft, region), changed)
    if kind in FURNITURE_KINDS:
        return put_furniture_text(draft, changed, kind, parts)
    if not parts or owner is None:
        return draft
    if kind in HEADS:
        head = replace(reduce(DraftPart.followed_by, parts), kind=kind)
        return insert_head(draft, owner, head, _lines_before(draft, changed))
    bodies = [replace(part, kind=kind) for part in parts]
    after = _text_before(draft, changed)
    if after is None:
        return insert_first_parts(draft, owner, bodies, region.kind)
    return insert_parts(draft, owner, after, bodies, region.kind)


def take_region_text(draft: PageDraft, region: Region) -> tuple[PageDraft, list[DraftPart]]:
    """Return the draft without the text of a region, and that text as parts."""
    if region.article is None or region.kind is RegionKind.JUMP:
        return take_furniture_text(draft, region.id)
    return take_article_text(draft, region.article, {line.id for line in region.lines})


def _own_regions(draft: PageDraft, region: Region) -> list[Region]:
    """Return the regions of the article and kind of a region, that too, in reading order."""
    by_id = {r.id: r for r in draft.page.regions}
    ordered = (by_id[name] for name in draft.page.reading_order)
    return [r for r in ordered if (r.article, r.kind) == (region.article, region.kind)]


def _lines_before(draft: PageDraft, region: Region) -> set[str]:
    """Return the lines of the article that are read before a region and are of its kind."""
    own = _own_regions(draft, region)
    return {line.id for r in own[: own.index(region)] for line in r.lines}


def _text_before(draft: PageDraft, region: Region) -> Region | None:
    """Return the nearest region before one, in its article, that has running text there."""
    own = _own_regions(draft, region)
    parts = (p for p in draft.parts[region.article or ""] if p.kind not in HEADS)
    printed = {one.char.line for part in parts for one in part.chars}
    before = reversed(own[: own.index(region)])
    return next((r for r in before if any(line.id in printed for line in r.lines)), None)


def _article_before(draft: PageDraft, name: str) -> str | None:
    """Return the article of the nearest region before one that has any; None without one."""
    order = draft.page.reading_order
    owners = {region.id: region.article for region in draft.page.regions}
    before = reversed(order[: order.index(name)])
    return next((owners[other] for other in before if owners[other]), None)


def _articles_before(draft: PageDraft, name: str) -> int:
    """Return how many articles begin before a region, as long as they are in reading order."""
    order = draft.page.reading_order
    before = set(order[: order.index(name)])
    after = (i for i, a in enumerate(draft.articles) if a.regions and a.regions[0] not in before)
    return next(after, len(draft.articles))


def _forget_jump(draft: PageDraft, region: Region) -> PageDraft:
    """Return the draft without the page numbers that a note on a jump gave its article."""
    if region.kind is not RegionKind.JUMP or region.article is None:
        return draft
    to, came = read_jump_note(region.text)

    def forget(article: ArticleRecord) -> ArticleRecord:
        return replace(
            article,
            continues=None if article.continues == to else article.continues,
            continued_from=None if article.continued_from == came else article.continued_from,
        )

    return _with_article(draft, region.article, forget(_article(draft, region.article)))


def _note_jump(draft: PageDraft, region: Region) -> PageDraft:
    """Return the draft with the page numbers that a note on a jump gives its article."""
    if region.kind is not RegionKind.JUMP or region.article is None:
        return draft
    to, came = read_jump_note(region.text)
    article = _article(draft, region.article)
    noted = replace(
        article,
        continues=to or article.continues,
        continued_from=came or article.continued_from,
    )
    return _with_article(draft, region.article, noted)


def read_jump_note(text: str) -> tuple[str | None, str | None]:
    """Return the page that an article goes on at, and that it comes from, as a note says.

    The note may be printed on several lines.
    """
    text = text.replace("\n", "")
    to, came = JUMP_TO.match(text), JUMP_FROM.match(text)
    return (
        parse_page_number(to.group(1)) if to else None,
        parse_page_number(came.group(1)) if came else None,
    )


def _article(draft: PageDraft, name: str) -> ArticleRecord:
    """Return the article with an id."""
    return next(a for a in draft.articles if a.id == name)


def _with_article(draft: PageDraft, name: str, article: ArticleRecord) -> PageDraft:
    """Return the draft with another article in the place of one."""
    return replace(draft, articles=tuple(article if a.id == name else a for a in draft.articles))
