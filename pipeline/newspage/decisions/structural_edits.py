"""Changes of the regions and articles of a page by hand, and how each is made.

Lines, regions and articles are named by their ids on the page as it is when the edit is made; a
decision, which outlives these, is turned into an edit by `structure`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from newspage.decisions.draft import PageDraft, note_seam, paragraph_continues
from newspage.decisions.part_texts import put_article_parts, take_article_text
from newspage.decisions.region_kinds import TEXT_KINDS, change_kind, lay_region, read_jump_note
from newspage.decisions.region_shapes import (
    add_article,
    carve_lines,
    fuse_regions,
    replace_regions,
)
from newspage.edits import HEADS
from newspage.model import Region, RegionKind


@dataclass(frozen=True, slots=True)
class KindChange:
    """Lines that are of a kind. They get regions of their own."""

    lines: frozenset[str]
    kind: RegionKind


@dataclass(frozen=True, slots=True)
class ArticleMerge:
    """An article that is the end of another one."""

    article: str
    into: str


@dataclass(frozen=True, slots=True)
class ArticleSplit:
    """An article of its own that begins with a line, and has all that follows in its article."""

    line: str


@dataclass(frozen=True, slots=True)
class LinePlacement:
    """Lines that come right before or after another one, in the article of that."""

    lines: frozenset[str]
    beside: str
    before: bool


@dataclass(frozen=True, slots=True)
class RegionCut:
    """A region that begins with a line, in the middle of one so far."""

    line: str


@dataclass(frozen=True, slots=True)
class RegionFusion:
    """Lines that are part of the region of another line, at its end."""

    lines: frozenset[str]
    beside: str


StructuralEdit = KindChange | ArticleMerge | ArticleSplit | LinePlacement | RegionCut | RegionFusion


def apply_structural_edit(draft: PageDraft, edit: StructuralEdit) -> PageDraft | str:
    """Return the draft with an edit made; or a message why it cannot be.

    It is the same draft where everything is as the edit wants it already. No printed character is
    lost or doubled.
    """
    match edit:
        case KindChange():
            return _change_kinds(draft, edit)
        case ArticleMerge():
            return _merge_articles(draft, edit.article, edit.into)
        case ArticleSplit():
            return _split_article(draft, edit.line)
        case LinePlacement():
            return _place_lines(draft, edit)
        case RegionCut():
            return _cut_region(draft, edit.line)
        case RegionFusion():
            return _fuse_lines(draft, edit)


def _change_kinds(draft: PageDraft, edit: KindChange) -> PageDraft:
    """Return the draft with lines of a kind, in regions of their own."""
    others = [r for r in draft.page.regions if r.kind is not edit.kind]
    lines = {line.id for region in others for line in region.lines} & edit.lines
    draft, names = carve_lines(draft, lines)
    for name in names:
        draft = change_kind(draft, name, edit.kind)
    return draft


def _merge_articles(draft: PageDraft, name: str, into: str) -> PageDraft:
    """Return the draft with an article at the end of another one.

    Its headlines stay headlines where that one has none of their kind; others become text.
    """
    if name == into:
        return draft
    own = {part.kind for part in draft.parts[into]}
    parts = sorted(draft.parts[name], key=lambda p: TEXT_KINDS.index(p.kind))
    kept = [p for p in parts if p.kind in HEADS and p.kind not in own]
    rest = [p for p in parts if p not in kept]
    whole = sorted(draft.parts[into], key=lambda p: TEXT_KINDS.index(p.kind))
    if rest and whole and whole[-1].kind not in HEADS:
        joined = paragraph_continues(whole[-1], rest[0])
        draft = note_seam(draft, whole[-1], rest[0], joined)
        if joined:
            whole[-1:] = [whole[-1].followed_by(rest.pop(0))]
    bodies = [replace(part, kind=RegionKind.BODY) for part in rest]
    draft = put_article_parts(draft, into, [*kept, *whole, *bodies])
    draft = _merge_regions(put_article_parts(draft, name, ()), name, into, {p.kind for p in kept})
    one, two = (next(a for a in draft.articles if a.id == i) for i in (into, name))
    merged = replace(
        one,
        continues=two.continues or one.continues,
        continued_from=one.continued_from or two.continued_from,
    )
    articles = (merged if a.id == into else a for a in draft.articles if a.id != name)
    return replace(draft, articles=tuple(articles))


def _merge_regions(draft: PageDraft, name: str, into: str, kept: set[RegionKind]) -> PageDraft:
    """Return the draft with the regions of an article behind those of another one.

    Headlines of the kinds `kept` come before those.
    """
    moving = {r.id: _merged(r, into, kept) for r in draft.page.regions if r.article == name}
    target = {r.id for r in draft.page.regions if r.article == into}
    heads = [n for n in draft.page.reading_order if n in moving and moving[n].kind in kept]
    others = [n for n in draft.page.reading_order if n in moving and n not in heads]
    rest = [n for n in draft.page.reading_order if n not in moving]
    places = [i for i, n in enumerate(rest) if n in target] or [len(rest) - 1]
    first, behind = places[0], places[-1] + 1
    order = [*rest[:first], *heads, *rest[first:behind], *others, *rest[behind:]]
    regions = (moving.get(r.id, r) for r in draft.page.regions)
    return replace_regions(draft, regions, order)


def _merged(region: Region, article: str, kept: set[RegionKind]) -> Region:
    """Return a region in another article, where only headlines of some kinds stay headlines."""
    demoted = region.kind in HEADS and region.kind not in kept
    return replace(region, article=article, kind=RegionKind.BODY if demoted else region.kind)


def _split_article(draft: PageDraft, line: str) -> PageDraft | str:
    """Return the draft with an article of its own from a line on, right behind the former one."""
    region, at = _find_line(draft, line)
    name = region.article
    if name is None:
        return "its line is in no article"
    own = next(a.regions for a in draft.articles if a.id == name)
    if at == 0 and own[0] == region.id:
        return draft
    draft, names = carve_lines(draft, {one.id for one in region.lines[at:]})
    own = next(a.regions for a in draft.articles if a.id == name)
    start = own.index(names[0])
    moving = set(own[start:])
    number = next(i for i, a in enumerate(draft.articles) if a.id == name)
    lines = {one.id for r in draft.page.regions if r.id in moving for one in r.lines}
    draft, parts = take_article_text(draft, name, lines)
    draft, new = add_article(draft, number + 1, region.id)
    regions = (replace(r, article=new) if r.id in moving else r for r in draft.page.regions)
    draft = replace_regions(draft, regions, draft.page.reading_order)
    return _part_jumps(put_article_parts(draft, new, parts), name, new)


def _part_jumps(draft: PageDraft, name: str, new: str) -> PageDraft:
    """Return the draft with the page that an article went on at moved to the one split off.

    It stays where a note that says so was left there. Where an article comes from is said at its
    beginning.
    """
    one = next(a for a in draft.articles if a.id == name)
    notes = (r for r in draft.page.regions if r.article == name and r.kind is RegionKind.JUMP)
    if one.continues is None or any(read_jump_note(r.text)[0] for r in notes):
        return draft
    return replace(
        draft,
        articles=tuple(
            replace(a, continues=None)
            if a.id == name
            else replace(a, continues=one.continues)
            if a.id == new
            else a
            for a in draft.articles
        ),
    )


def _place_lines(draft: PageDraft, edit: LinePlacement) -> PageDraft | str:
    """Return the draft with lines right before or after another one.

    In another article, a headline stays one where that has none of its kind.
    """
    if edit.beside in edit.lines:
        return "the lines are their own neighbours"
    draft, names = carve_lines(draft, edit.lines)
    target, at = _find_line(draft, edit.beside)
    if not names or target.article is None:
        return "the line that it goes beside is in no article" if names else "no line is there"
    cut = at if edit.before else at + 1
    draft, rest = carve_lines(draft, {line.id for line in target.lines[cut:]})
    # Where that whole region comes after the cut, it keeps its id, else the rest has a new one.
    before = rest[0] if edit.before else None
    article, last = target.article, target.id
    heads = {part.kind for part in draft.parts[article]}
    for name in names:
        region = draft.find_region(name)
        order = [n for n in draft.page.reading_order if n != name]
        order.insert(order.index(before) if before else order.index(last) + 1, name)
        last = name
        kind = _placed_kind(region, article, heads)
        draft = lay_region(draft, name, kind, article, order)
    return draft


def _placed_kind(region: Region, article: str | None, heads: set[RegionKind]) -> RegionKind:
    """Return the kind of a region that comes into an article with headlines of some kinds."""
    if region.article == article:
        return region.kind
    if region.kind in HEADS:
        return RegionKind.BODY if region.kind in heads else region.kind
    return region.kind if region.kind is RegionKind.JUMP else RegionKind.BODY


def _cut_region(draft: PageDraft, line: str) -> PageDraft:
    """Return the draft with a region that begins with a line."""
    region, at = _find_line(draft, line)
    return carve_lines(draft, {one.id for one in region.lines[at:]})[0]


def _fuse_lines(draft: PageDraft, edit: RegionFusion) -> PageDraft:
    """Return the draft with lines in the region of another one, as its kind."""
    into = _find_line(draft, edit.beside)[0]
    lines = {line for line in edit.lines if line not in {one.id for one in into.lines}}
    draft, names = carve_lines(draft, lines)
    for name in names:
        order = [n for n in draft.page.reading_order if n != name]
        order.insert(order.index(into.id) + 1, name)
        draft = lay_region(draft, name, into.kind, into.article, order)
        draft = fuse_regions(draft, into.id, name)
    return draft


def _find_line(draft: PageDraft, line: str) -> tuple[Region, int]:
    """Return the region that has a line, which must be in one, and its number there."""
    return next(
        (region, i)
        for region in draft.page.regions
        for i, one in enumerate(region.lines)
        if one.id == line
    )


def order_lines(draft: PageDraft, lines: Sequence[str]) -> list[str]:
    """Return lines that are in regions, in reading order."""
    by_id = {region.id: region for region in draft.page.regions}
    wanted = set(lines)
    return [
        line.id
        for name in draft.page.reading_order
        for line in by_id[name].lines
        if line.id in wanted
    ]
