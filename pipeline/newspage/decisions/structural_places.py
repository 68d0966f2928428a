"""Find the lines and articles of a page that a decision on its structure is about."""

from collections import Counter

from newspage.decision import BEFORE, Act, Anchor, Decision
from newspage.decisions.draft import PageDraft
from newspage.decisions.glyph_index import measure_areas, measure_shared_areas, stack_boxes
from newspage.decisions.structural_edits import (
    ArticleMerge,
    ArticleSplit,
    KindChange,
    LinePlacement,
    RegionCut,
    RegionFusion,
    StructuralEdit,
    order_lines,
)
from newspage.model import RegionKind

_ON = 0.5
"""Least share of a line that lies on the place of a decision, for the line to be there; least share
of the place that such lines cover; and least share of those that one article has, to be the article
of the place. Judgement: half, as lines that are found again have somewhat other edges."""


def locate_structural_edit(draft: PageDraft, decision: Decision) -> StructuralEdit | str:
    """Return what a decision on structure means for a page; or why it means nothing there.

    The place itself tells which lines are meant, whatever is read of them: a decision is on one
    scan.
    """
    target = decision.target
    if decision.act is Act.MERGE:
        return _merge(draft, decision)
    lines = find_lines_at(draft, decision.anchor)
    if not lines:
        return "no line is at its place"
    match decision.act:
        case Act.KIND:
            return KindChange(frozenset(lines), RegionKind(decision.text))
        case Act.SPLIT:
            return ArticleSplit(lines[0])
        case Act.CUT:
            return RegionCut(lines[0])
    beside = find_lines_at(draft, target) if target is not None else []
    if not beside:
        return "the line that it goes beside is not there"
    if decision.act is Act.FUSE:
        return RegionFusion(frozenset(lines), beside[-1])
    before = decision.text == BEFORE
    return LinePlacement(frozenset(lines), beside[0 if before else -1], before)


def find_lines_at(draft: PageDraft, anchor: Anchor) -> list[str]:
    """Return the lines at a place that are in regions, in reading order; empty if few cover it."""
    lines = [line for region in draft.page.regions for line in region.lines]
    if not lines or not anchor.boxes:
        return []
    place = stack_boxes(anchor.boxes)
    boxes = stack_boxes([line.box for line in lines])
    common = measure_shared_areas(boxes, place).sum(axis=1)
    on = common >= _ON * measure_areas(boxes).clip(1e-9)
    if common[on].sum() < _ON * measure_areas(place).sum():
        return []
    return order_lines(draft, [line.id for line, here in zip(lines, on, strict=True) if here])


def _merge(draft: PageDraft, decision: Decision) -> StructuralEdit | str:
    """Return the merge of two articles, if they are at their places."""
    name = _find_owner(draft, decision.anchor)
    into = _find_owner(draft, decision.target) if decision.target is not None else None
    if name is None or into is None:
        return "no article is at its place" if name is None else "the article before it is gone"
    return ArticleMerge(name, into)


def _find_owner(draft: PageDraft, anchor: Anchor) -> str | None:
    """Return the id of the article that has half of the lines at a place; None if none has."""
    lines = set(find_lines_at(draft, anchor))
    owners = Counter(
        region.article for region in draft.page.regions for line in region.lines if line.id in lines
    )
    found, count = next(iter(owners.most_common(1)), (None, 0))
    return found if count >= _ON * len(lines) else None
