"""Move a region from one article (or from none) into another."""

from dataclasses import replace

from newspage.decisions.draft import DraftPart, PageDraft
from newspage.decisions.part_texts import insert_parts, put_article_parts
from newspage.decisions.region_kinds import take_region_text
from newspage.decisions.region_shapes import add_article, replace_regions
from newspage.edits import HEADS
from newspage.model import ArticleRecord, Region, RegionKind


def assign_region(draft: PageDraft, name: str, after: str | None) -> PageDraft:
    """Return the draft with a region moved into the article of another, right behind that region.

    At the new seams a paragraph goes on where the sentence before the seam is open.

    Args:
        draft: the articles of the page.
        name: id of the region to move.
        after: id of the region that it is to follow, which must be in an article; None makes an
            article of its own.
    """
    region = draft.find_region(name)
    target = draft.find_region(after).article if after else None
    draft, taken = _taken(draft, region)
    if target is None:
        draft, target = _own_article(draft, region)
        draft = put_article_parts(draft, target, [*draft.parts[target], *taken])
        kind = region.kind
    else:
        kept = _keeps_its_kind(draft, region, target, after)
        parts = taken if kept else [replace(p, kind=RegionKind.BODY) for p in taken]
        draft = insert_parts(draft, target, draft.find_region(after or ""), parts, region.kind)
        kind = region.kind if kept or not taken else RegionKind.BODY
    if kind not in (*HEADS, RegionKind.JUMP):
        kind = RegionKind.BODY
    return _reordered(draft, replace(region, article=target, kind=kind), after)


def _keeps_its_kind(draft: PageDraft, region: Region, target: str, after: str | None) -> bool:
    """Tell whether a region keeps its kind in its new article; else its text becomes body text.

    A headline keeps it if it follows a headline and the article has none of its kind yet.
    """
    if region.kind not in HEADS:
        return region.kind in (RegionKind.BODY, RegionKind.JUMP)
    beside = draft.find_region(after).kind in HEADS if after else False
    return beside and all(part.kind is not region.kind for part in draft.parts[target])


def _taken(draft: PageDraft, region: Region) -> tuple[PageDraft, list[DraftPart]]:
    """Return the draft without the text of a region, and that text as parts."""
    if region.kind is RegionKind.JUMP:
        return draft, []
    return take_region_text(draft, region)


def _own_article(draft: PageDraft, region: Region) -> tuple[PageDraft, str]:
    """Add an empty article behind the one that a region was in, else at the end; with its id."""
    at = next(
        (i + 1 for i, a in enumerate(draft.articles) if a.id == region.article),
        len(draft.articles),
    )
    return add_article(draft, at, region.id)


def _reordered(draft: PageDraft, region: Region, after: str | None) -> PageDraft:
    """Return the draft with a region's new kind and article, moved in the reading order."""
    regions = tuple(region if r.id == region.id else r for r in draft.page.regions)
    order = list(draft.page.reading_order)
    if after is not None:
        order.remove(region.id)
        order.insert(order.index(after) + 1, region.id)
    moved = replace_regions(draft, regions, order)
    return replace(moved, articles=_jumps(moved.articles, draft, region))


def _jumps(
    articles: tuple[ArticleRecord, ...], draft: PageDraft, region: Region
) -> tuple[ArticleRecord, ...]:
    """Move jump notes (continued on, continued from) along with the region that prints them."""
    before = draft.find_region(region.id).article
    if region.kind is not RegionKind.JUMP or before == region.article:
        return articles
    source = next((a for a in articles if a.id == before), None)
    if source is None:
        return articles
    return tuple(
        replace(a, continues=None, continued_from=None)
        if a.id == before
        else replace(
            a,
            continues=source.continues or a.continues,
            continued_from=source.continued_from or a.continued_from,
        )
        if a.id == region.article
        else a
        for a in articles
    )
