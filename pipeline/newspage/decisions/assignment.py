"""Move a region from one article (or from none) into another."""

import re
from dataclasses import replace
from functools import reduce

from newspage.decisions.draft import (
    DraftPart,
    PageDraft,
    TracedChar,
    note_seam,
    paragraph_continues,
)
from newspage.edits import HEADS
from newspage.model import ArticleRecord, Furniture, Region, RegionKind


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
        draft, target = _new_article(draft, region)
        draft = _put(draft, target, [*draft.parts[target], *taken])
        kind = region.kind
    else:
        kept = _keeps_its_kind(draft, region, target, after)
        parts = taken if kept else [replace(p, kind=RegionKind.BODY) for p in taken]
        draft = _inserted(draft, target, draft.find_region(after or ""), parts, region.kind)
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
    if region.article is None:
        own = [f for f in draft.furniture if f.region == region.id]
        rest = tuple(f for f in draft.furniture if f.region != region.id)
        printed = [line for furniture in own for line in _lines_of(furniture)]
        parts = [reduce(DraftPart.followed_by, printed)] if printed else []
        return replace(draft, furniture=rest), parts
    lines = {line.id for line in region.lines}
    taken: list[DraftPart] = []
    left: list[DraftPart] = []
    for part in draft.parts[region.article]:
        stays, goes = _parted(part, lines)
        taken += goes
        for i, piece in enumerate(stays):
            if i and paragraph_continues(left[-1], piece):
                draft = note_seam(draft, left[-1], piece, True)
                left[-1] = left[-1].followed_by(piece)
            else:
                if i:
                    draft = note_seam(draft, left[-1], piece, False)
                left.append(piece)
    return _put(draft, region.article, left), taken


def _lines_of(furniture: Furniture) -> list[DraftPart]:
    """Return the printed lines of furniture, each as running text."""
    lines: list[list[TracedChar]] = [[]]
    for char in (replace(c, text=t) for c in furniture.chars for t in c.text):
        if char.text == "\n":
            lines.append([])
        else:
            lines[-1].append(TracedChar(char, None))
    return [DraftPart(RegionKind.BODY, tuple(sets)) for sets in lines if sets]


def _parted(part: DraftPart, lines: set[str]) -> tuple[list[DraftPart], list[DraftPart]]:
    """Split a part into the stretches that are not from some lines, and those that are."""
    stretches: list[tuple[bool, list[TracedChar]]] = []
    for one in part.chars:
        inside = one.char.line in lines
        if not stretches or stretches[-1][0] != inside:
            stretches.append((inside, []))
        stretches[-1][1].append(one)
    pieces = [(inside, replace(part, chars=tuple(sets)).trimmed()) for inside, sets in stretches]
    return [p for inside, p in pieces if not inside], [p for inside, p in pieces if inside]


def _inserted(
    draft: PageDraft, target: str, after: Region, parts: list[DraftPart], printed: RegionKind
) -> PageDraft:
    """Return the draft with parts inserted into an article, behind the text of a region.

    Args:
        draft: the articles of the page.
        target: id of the article.
        after: the region of it behind whose text the body parts go; headlines go to the front.
        parts: the parts to insert; may be empty.
        printed: kind of the region they come from: only body text is joined with its neighbours.
    """
    if not parts:
        return draft
    existing = list(draft.parts[target])
    heads = [p for p in parts if p.kind in HEADS]
    bodies = [p for p in parts if p.kind not in HEADS]
    lines = {line.id for line in after.lines}
    at, cut = _end_of(existing, lines)
    if at < 0:
        first = next((i for i, p in enumerate(existing) if p.kind not in HEADS), len(existing))
        existing[first:first] = bodies
        return _put(draft, target, [*heads, *existing])
    whole = existing[at]
    left = replace(whole, chars=whole.chars[:cut]).trimmed()
    right = replace(whole, chars=whole.chars[cut:]).trimmed()
    joins = printed is RegionKind.BODY
    chain = [left]
    for piece in [*bodies, *([right] if right.chars else [])]:
        joined = joins and paragraph_continues(chain[-1], piece)
        if piece is bodies[0] or piece is right:
            draft = note_seam(draft, chain[-1], piece, joined)
        else:
            joined = False
        if joined:
            chain[-1] = replace(chain[-1].followed_by(piece), kind=chain[-1].kind)
        else:
            chain.append(piece)
    existing[at : at + 1] = chain
    return _put(draft, target, [*heads, *existing])


def _end_of(parts: list[DraftPart], lines: set[str]) -> tuple[int, int]:
    """Return the body part, and the offset in it, where the text of some lines ends.

    The part is -1 where none of the lines is in the body.
    """
    for at in range(len(parts) - 1, -1, -1):
        if parts[at].kind in HEADS:
            continue
        for i in range(len(parts[at].chars) - 1, -1, -1):
            if parts[at].chars[i].char.line in lines:
                return at, i + 1
    return -1, 0


def _put(draft: PageDraft, article: str, parts: list[DraftPart]) -> PageDraft:
    """Return the draft with other parts in an article."""
    return replace(draft, parts={**draft.parts, article: tuple(parts)})


def _new_article(draft: PageDraft, region: Region) -> tuple[PageDraft, str]:
    """Add an empty article behind the one that a region was in, else at the end; with its id."""
    half = re.match(r"[12]-", region.id)
    prefix = half[0] if half else ""
    taken = set(draft.parts)
    number = next(n for n in range(1, len(taken) + 2) if f"{prefix}a{n}" not in taken)
    name = f"{prefix}a{number}"
    at = next(
        (i + 1 for i, a in enumerate(draft.articles) if a.id == region.article),
        len(draft.articles),
    )
    articles = (*draft.articles[:at], ArticleRecord(name), *draft.articles[at:])
    return replace(draft, articles=articles, parts={**draft.parts, name: ()}), name


def _reordered(draft: PageDraft, region: Region, after: str | None) -> PageDraft:
    """Return the draft with a region's new kind and article, moved in the reading order."""
    regions = tuple(region if r.id == region.id else r for r in draft.page.regions)
    order = list(draft.page.reading_order)
    if after is not None:
        order.remove(region.id)
        order.insert(order.index(after) + 1, region.id)
    of = {r.id: r.article for r in regions}
    articles = tuple(
        replace(a, regions=tuple(name for name in order if of[name] == a.id))
        for a in draft.articles
    )
    page = replace(draft.page, regions=regions, reading_order=tuple(order))
    return replace(draft, page=page, articles=_jumps(articles, draft, region))


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
