"""Arrange articles and regions in the order, and in the articles, that people have decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from newspage.decision import Act, Anchor, Decision
from newspage.decisions.assignment import assign_region
from newspage.decisions.draft import PageDraft
from newspage.decisions.glyph_index import (
    measure_areas,
    measure_overlap,
    measure_shared_areas,
    stack_boxes,
)
from newspage.decisions.structural_edits import apply_structural_edit
from newspage.decisions.structural_places import locate_structural_edit
from newspage.edits import FlatText, flatten_article
from newspage.geometry import Box
from newspage.model import PageReading, Region

_COVERED = 0.5
"""Least share of a region that must lie on the place of a decision, where several are there by now;
and of the larger of an article and such a place that both have in common. Judgement: half."""

_SAME = 0.7
"""Least share of the larger of two boxes that they have in common, to be the same region.
Judgement: a region read again may gain or lose a few lines."""


@dataclass(frozen=True, slots=True)
class StructureOutcome:
    """What became of a decision on structure."""

    decision: Decision
    reason: str = ""
    """Why it could not be carried out; empty where it was."""
    fulfilled: bool = False
    """Whether everything was as it wants it already."""


@dataclass(frozen=True, slots=True)
class ArrangedPage:
    """What was read, its articles arranged."""

    reading: PageReading
    """The characters of its articles are where they were before; `texts` has the new ones."""
    texts: tuple[FlatText, ...]
    """Of its articles, uncorrected."""
    done: tuple[StructureOutcome, ...]


def arrange_articles(reading: PageReading, decisions: Sequence[Decision]) -> ArrangedPage:
    """Carry out decisions on structure, one after the other."""
    texts = tuple(map(flatten_article, reading.articles))
    if not decisions:
        return ArrangedPage(reading, texts, ())
    draft = PageDraft.from_reading(reading, texts)
    done = []
    for decision in decisions:
        result = _carried_out(draft, decision)
        if isinstance(result, str):
            done.append(StructureOutcome(decision, result))
        else:
            done.append(StructureOutcome(decision, fulfilled=result is draft))
            draft = result
    arranged, texts = draft.build_reading(reading)
    return ArrangedPage(arranged, texts, tuple(done))


def _carried_out(draft: PageDraft, decision: Decision) -> PageDraft | str:
    """Return the draft with a decision carried out; or a message why it cannot be."""
    if decision.act is Act.ORDER:
        return _ordered(draft, decision)
    if decision.act is Act.ASSIGN:
        return _assigned(draft, decision)
    edit = locate_structural_edit(draft, decision)
    return edit if isinstance(edit, str) else apply_structural_edit(draft, edit)


def _ordered(draft: PageDraft, decision: Decision) -> PageDraft | str:
    """Return the draft with one article moved before another; or a message why it cannot be."""
    moving = _article_at(draft, decision.anchor)
    if moving is None:
        return "no article is at its place"
    others = [a for a in draft.articles if a.id != moving]
    at = len(others)
    if decision.target is not None:
        target = _article_at(draft, decision.target)
        if target is None or target == moving:
            return "the article that it goes before is not there"
        at = next(i for i, a in enumerate(others) if a.id == target)
    article = next(a for a in draft.articles if a.id == moving)
    following = {region for a in others[at:] for region in a.regions}
    own = [r for r in draft.page.reading_order if r in article.regions]
    rest = [r for r in draft.page.reading_order if r not in article.regions]
    cut = next((i for i, r in enumerate(rest) if r in following), len(rest))
    return replace(
        draft,
        articles=(*others[:at], article, *others[at:]),
        page=replace(draft.page, reading_order=(*rest[:cut], *own, *rest[cut:])),
    )


def _assigned(draft: PageDraft, decision: Decision) -> PageDraft | str:
    """Return the draft with a region moved into an article; or a message why it cannot be."""
    moving = _regions_at(draft, decision.anchor)
    if not moving:
        return "no region is at its place"
    after = None
    if decision.target is not None:
        found = [r for r in _regions_at(draft, decision.target) if r not in moving]
        if not found:
            return "the region that it follows is not there"
        after = found[-1].id
        if found[-1].article is None:
            return "the region that it follows is in no article"
    for region in moving:
        draft = assign_region(draft, region.id, after)
        after = region.id
    return draft


def _article_at(draft: PageDraft, anchor: Anchor) -> str | None:
    """Return the id of the article that shares most with a place; None if none is surely it.

    It and the place must have half of the larger in common; failing that, 0.8 of the smaller
    (judgement), as where an article was split or joined since.
    """
    regions = {r.id: r.box for r in draft.page.regions}
    best, found = _COVERED, None
    for article in draft.articles:
        boxes = [regions[r] for r in article.regions if r in regions]
        common = _in_common(boxes, anchor.boxes)
        if common >= best and measure_overlap(boxes, anchor.boxes) >= _COVERED:
            best, found = common, article.id
    if found is None:
        covered = [
            (measure_overlap(boxes, anchor.boxes), a.id)
            for a in draft.articles
            if (boxes := [regions[r] for r in a.regions if r in regions])
        ]
        sure = max(covered, default=(0.0, ""))
        found = sure[1] if sure[0] >= 0.8 else None
    return found


def _in_common(one: Sequence[Box], two: Sequence[Box]) -> float:
    """Return the share of the larger of two places that they have in common, 0 to 1."""
    if not one or not two:
        return 0.0
    a, b = stack_boxes(one), stack_boxes(two)
    larger = max(float(measure_areas(a).sum()), float(measure_areas(b).sum()), 1e-9)
    return float(measure_shared_areas(a, b).sum()) / larger


def _regions_at(draft: PageDraft, anchor: Anchor) -> list[Region]:
    """Return the region at a place; if it is several by now, those on it, in reading order.

    Of several with the same box the one with the text of the anchor is returned. A region of more
    than twice the area of the place is none of its pieces (judgement).
    """
    alike = [(_in_common([r.box], anchor.boxes), r) for r in draft.page.regions]
    best = max((common for common, _ in alike), default=0.0)
    if best >= _SAME:
        same = [r for common, r in alike if common >= best - 1e-9]
        return [max(same, key=lambda r: r.text.startswith(anchor.text))]
    by_id = {r.id: r for r in draft.page.regions}
    ordered: Iterable[Region] = (by_id[name] for name in draft.page.reading_order)
    return [
        region
        for region in ordered
        if _covered(region.box, anchor.boxes) >= _COVERED
        and region.box.area <= 2 * max(sum(b.area for b in anchor.boxes), 1.0)
    ]


def _covered(box: Box, boxes: Sequence[Box]) -> float:
    """Return the share of a box that lies on others, 0 to 1."""
    if not boxes or box.area <= 0:
        return 0.0
    return float(measure_shared_areas(stack_boxes([box]), stack_boxes(boxes)).sum()) / box.area
