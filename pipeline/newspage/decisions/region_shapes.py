"""The regions of a page while they are arranged anew: cut, put together, in another order."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from newspage.decisions.draft import PageDraft
from newspage.geometry import union_boxes
from newspage.model import ArticleRecord, Char, Furniture, Region, TextLine


def replace_regions(draft: PageDraft, regions: Iterable[Region], order: Sequence[str]) -> PageDraft:
    """Return the draft with other regions in a reading order; articles list those that are theirs.

    The parts of the articles and the furniture stay as they are.
    """
    page = replace(draft.page, regions=tuple(regions), reading_order=tuple(order))
    of = {region.id: region.article for region in page.regions}
    articles = tuple(
        replace(article, regions=tuple(name for name in order if of[name] == article.id))
        for article in draft.articles
    )
    return replace(draft, page=page, articles=articles)


def add_article(draft: PageDraft, at: int, beside: str) -> tuple[PageDraft, str]:
    """Add an empty article, and return its id as well.

    Args:
        draft: the articles of the page.
        at: how many articles come before it.
        beside: id of a region of its printed page: of two pages on one scan, ids tell which.
    """
    prefix = _prefix_of(beside)
    taken = set(draft.parts)
    number = next(n for n in range(1, len(taken) + 2) if f"{prefix}a{n}" not in taken)
    name = f"{prefix}a{number}"
    articles = (*draft.articles[:at], ArticleRecord(name), *draft.articles[at:])
    return replace(draft, articles=articles, parts={**draft.parts, name: ()}), name


def carve_lines(draft: PageDraft, lines: Collection[str]) -> tuple[PageDraft, list[str]]:
    """Cut regions so that some lines have regions of their own; no text changes its place.

    Returns the draft, and the ids of the regions that hold those lines, in reading order.
    """
    regions: list[Region] = []
    cut: dict[str, list[str]] = {}
    names: set[str] = set()
    taken = {r.id for r in draft.page.regions} | {line.id for line in draft.page.lines}
    for region in draft.page.regions:
        pieces = _cut_region(region, lines, taken)
        taken |= {piece.id for piece in pieces}
        cut[region.id] = [piece.id for piece in pieces]
        names |= {piece.id for piece in pieces if piece.lines[:1] and piece.lines[0].id in lines}
        regions += pieces
    if len(regions) == len(draft.page.regions):
        return draft, [name for name in draft.page.reading_order if name in names]
    order = [piece for name in draft.page.reading_order for piece in cut[name]]
    by_id = {region.id: region for region in regions}
    furniture = tuple(
        piece
        for whole in draft.furniture
        for piece in _cut_furniture(whole, [by_id[n] for n in cut.get(whole.region, [])])
    )
    draft = replace_regions(replace(draft, furniture=furniture), regions, order)
    return draft, [name for name in order if name in names]


def fuse_regions(draft: PageDraft, into: str, name: str) -> PageDraft:
    """Return the draft with two regions as one; of furniture, the text as well.

    Both must be of one kind and article, and `name` must follow `into` in the reading order.
    """
    one, two = draft.find_region(into), draft.find_region(name)
    whole = _shaped(one, (*one.lines, *two.lines))
    regions = [whole if r.id == into else r for r in draft.page.regions if r.id != name]
    order = [n for n in draft.page.reading_order if n != name]
    first = [f for f in draft.furniture if f.region == into]
    second = [f for f in draft.furniture if f.region == name]
    furniture: list[Furniture] = []
    for piece in draft.furniture:
        if piece in first and second:
            chars = piece.chars
            line_break = (replace(chars[-1], text="\n"),) if chars else ()
            furniture.append(replace(piece, chars=(*chars, *line_break, *second[0].chars)))
        elif piece.region == name:
            furniture += [] if first else [replace(piece, region=into)]
        else:
            furniture.append(piece)
    return replace_regions(replace(draft, furniture=tuple(furniture)), regions, order)


def _prefix_of(name: str) -> str:
    """Return what the ids of one of two facing pages begin with; empty on a scan of one page."""
    half = re.match(r"[12]-", name)
    return half[0] if half else ""


def _cut_region(region: Region, lines: Collection[str], taken: Collection[str]) -> list[Region]:
    """Return a region as its stretches inside and outside of some lines; the first keeps its id."""
    runs = [tuple(run) for _, run in groupby(region.lines, key=lambda line: line.id in lines)]
    if len(runs) < 2:
        return [region]
    prefix = _prefix_of(region.id)
    free = (n for n in range(1, len(taken) + len(runs) + 1) if f"{prefix}r{n:03d}" not in taken)
    names = [region.id, *(f"{prefix}r{n:03d}" for n, _ in zip(free, runs[1:], strict=False))]
    return [_shaped(replace(region, id=name), run) for name, run in zip(names, runs, strict=True)]


def _shaped(region: Region, lines: tuple[TextLine, ...]) -> Region:
    """Return a region with other lines, and the box around them."""
    box = union_boxes([line.box for line in lines])
    return replace(region, lines=lines, box=box, polygon=box.polygon)


def _cut_furniture(whole: Furniture, regions: Sequence[Region]) -> list[Furniture]:
    """Return a piece of furniture as one piece for each of the regions that its region became.

    Characters that name no line of them go to the first one.
    """
    if len(regions) < 2:
        return [whole]
    owner = {line.id: region.id for region in regions for line in region.lines}
    chars: dict[str, list[Char]] = {region.id: [] for region in regions}
    for char in whole.chars:
        chars[owner.get(char.line, regions[0].id)].append(char)
    pieces = []
    for region in regions:
        own = chars[region.id]
        while own and own[-1].text == "\n":
            own.pop()
        if own:
            pieces.append(Furniture(whole.kind, region.id, tuple(own)))
    return pieces
