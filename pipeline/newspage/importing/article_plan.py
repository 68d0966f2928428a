"""Decide which article each imported region is part of, and which headings are headlines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from newspage.model import FURNITURE_KINDS, HEADLINE_KINDS, RegionKind

AS_LARGE = 0.85
"""Share of the largest heading's size from which another one of the article is as large. Judgement:
lines of one headline differ by less, a kicker by more."""


@dataclass(frozen=True, slots=True)
class PlannedRegion:
    """What is known of a region before articles are put together."""

    id: str
    kind: RegionKind | None
    heading: bool
    """Whether it is a heading of which nothing says whether it is kicker, title or deck."""
    article: str
    """Key of its article; empty where the file names none."""
    text: str
    size: float
    """Thickness of its lines in pixels."""


def plan_articles(
    regions: Sequence[PlannedRegion], labels: Mapping[str, str]
) -> list[PlannedRegion]:
    """Return regions in reading order with kinds and articles.

    Where the file names articles, they count; text in none of them is articles of its own. Where it
    names none, an article begins at a headline behind text.

    Args:
        regions: The regions in reading order.
        labels: The headline of each article that the file names, by its key.
    """
    known = [replace(r, kind=r.kind or RegionKind.BODY) for r in regions]
    taken = {region.article for region in known}
    free = (name for number in count(1) if (name := f"a{number}") not in taken)
    planned: list[PlannedRegion] = []
    own, has_text = "", False
    for region in known:
        if region.article:
            own, has_text = "", False
        elif region.kind not in FURNITURE_KINDS:
            headline = region.kind in HEADLINE_KINDS
            if not own or (headline and has_text):
                own, has_text = next(free), False
            has_text = has_text or not headline
            region = replace(region, article=own)
        planned.append(region)
    articles: dict[str, list[PlannedRegion]] = {}
    for region in planned:
        articles.setdefault(region.article, []).append(region)
    told = (
        region
        for key, own in articles.items()
        for region in _tell_headings(own, labels.get(key, ""))
    )
    named = {region.id: region for region in told}
    return [named.get(region.id, region) for region in planned]


def _tell_headings(article: Sequence[PlannedRegion], label: str) -> list[PlannedRegion]:
    """Return the headings of an article as kicker, title or deck; those inside its text as text.

    The one whose text is the label of the article is the title, else the largest.
    """
    body = next((i for i, r in enumerate(article) if r.kind is RegionKind.BODY), len(article))
    inside = [replace(r, kind=RegionKind.BODY) for r in article[body:] if r.heading]
    heads = [region for region in article[:body] if region.heading]
    if not heads:
        return inside
    label = "".join(label.split())
    titles = [r for r in heads if label and "".join(r.text.split()) == label]
    if not titles:
        largest = max(region.size for region in heads)
        titles = [region for region in heads if region.size >= AS_LARGE * largest]
    first, last = (heads.index(region) for region in (titles[0], titles[-1]))
    kinds = [
        RegionKind.KICKER if i < first else RegionKind.DECK if i > last else RegionKind.TITLE
        for i in range(len(heads))
    ]
    return [*(replace(r, kind=k) for r, k in zip(heads, kinds, strict=True)), *inside]
