"""Finds what is on a page before any of it is read: lines, rules, frames, panels, pictures."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from newspage.config import DetectConfig
from newspage.detect.areas import (
    add_predicted_pictures,
    find_drawings,
    find_panels,
    find_pictures,
    find_pictures_among_lines,
    merge_pictures,
)
from newspage.detect.body_size import LINE_SHAPED, measure_body_em
from newspage.detect.column_gaps import InkField
from newspage.detect.duplicate_lines import find_duplicate_lines
from newspage.detect.gutters import find_gutters
from newspage.detect.holders import drop_holders
from newspage.detect.ink_masks import Mask, erase_boxes, make_ink_mask
from newspage.detect.lines import join_into_lines
from newspage.detect.merged_lines import split_merged_lines
from newspage.detect.ornaments import find_ornaments
from newspage.detect.rules import find_enclosures, find_rules
from newspage.detect.second_look import detect_again_by_area
from newspage.detect.tangles import untangle_stretches
from newspage.detect.whole_pictures import complete_pictures
from newspage.engine import Engine, FoundLine
from newspage.geometry import Box, bound_points, turn_box, turn_box_back
from newspage.model import (
    AreaKind,
    Detection,
    Direction,
    LayoutPrediction,
    PageImage,
    Separator,
    TextLine,
)

__all__ = ["complete_pictures", "detect_lines"]


def detect_lines(
    image: PageImage, engine: Engine, config: DetectConfig, seen: Sequence[LayoutPrediction] = ()
) -> Detection:
    """Return the text lines (not read yet), rules, frames, tables, panels and pictures of a page.

    Args:
        image: The working image, upright and straight.
        engine: Finds the stretches of text that lines are made of.
        config: Says in which direction the page is set, or that it is to be found out.
        seen: Predictions of a layout model, in pixels of the same image. They are handed on, and a
            picture that the model alone saw counts where the ink bears it out.

    Returns:
        Everything found, in pixels of the image; without any stretch of text, nothing at all.
    """
    found = engine.find_lines(image.pixels)
    if not found:
        return Detection(lines=())
    em = measure_body_em(found)
    found = untangle_stretches(image.pixels, found, em, engine)
    text = _boxes(found, image)
    panels, dark = find_panels(image.pixels, em, text)
    ink = make_ink_mask(image.pixels, em, panels)
    pictures = find_pictures(image.pixels, em, panels, dark)
    rules = _rules(ink, em, text, panels, pictures)
    bare = erase_boxes(ink, [r.box for r in rules])
    found = detect_again_by_area(image.pixels, bare, found, em, engine, (*panels, *pictures))
    closed = find_enclosures(rules, em, (image.width, image.height))
    field = InkField(bare, rules, em, find_gutters(bare, em))
    boxes = split_merged_lines(_boxes(found, image), bare, em, config.direction)
    boxes = drop_holders(boxes, em)
    drawings = find_pictures_among_lines(boxes, bare, em)
    boxes = [b for b in boxes if b not in drawings]
    pictures = merge_pictures(pictures, drawings)
    horizontal, vertical = _by_direction(boxes, config.direction)
    rows = _lines(
        join_into_lines(horizontal, field), _join_vertical_lines(vertical, field, image.width)
    )
    lines = _numbered(rows, panels)
    places = [b for b, _ in rows]
    pictures = merge_pictures(pictures, find_drawings(image.pixels, bare, places, panels, em))
    predicted = [
        s.box.clipped(image.width, image.height) for s in seen if s.kind is AreaKind.PICTURE
    ]
    pictures = add_predicted_pictures(pictures, predicted, bare, places, panels, em)
    areas = (closed.frames, panels, pictures, closed.tables)
    return Detection(lines, rules, *areas, direction=config.direction, sightings=tuple(seen))


def _rules(
    ink: Mask, em: float, text: Sequence[Box], panels: Sequence[Box], pictures: Sequence[Box]
) -> tuple[Separator, ...]:
    """Return the straight and wavy rules outside panels and pictures; `text` are the stretches."""
    # The edge of a panel is no rule, and must not lengthen one that ends beside it.
    outside = erase_boxes(ink, [p.grown(0.15 * em) for p in panels])
    rules = find_rules(outside, em, text)
    rules += tuple(o for o in find_ornaments(outside, em) if not _known(o, rules, em))
    return tuple(r for r in rules if not _inside(r.box, (*panels, *pictures)))


def _known(rule: Separator, rules: Sequence[Separator], em: float) -> bool:
    """Tell whether a rule was found before, if only in part, as a straight one that slopes."""
    box = rule.box.grown(0.3 * em)
    return any(r.vertical is rule.vertical and r.box.share_inside(box) > 0.5 for r in rules)


def _boxes(found: Sequence[FoundLine], image: PageImage) -> list[Box]:
    """Return the boxes of the stretches, clipped to the image, less slivers below 3 pixels."""
    boxes = [bound_points(f.polygon).clipped(image.width, image.height) for f in found]
    return [b for b in boxes if min(b.width, b.height) >= 3]


def _by_direction(boxes: Sequence[Box], wanted: str) -> tuple[list[Box], list[Box]]:
    """Split stretches into horizontal and vertical ones; compact ones follow the page."""
    horizontal = [b for b in boxes if b.width >= LINE_SHAPED * b.height]
    vertical = [b for b in boxes if b.height >= LINE_SHAPED * b.width]
    rest = [b for b in boxes if LINE_SHAPED * min(b.width, b.height) > max(b.width, b.height)]
    mostly_vertical = sum(b.height for b in vertical) > sum(b.width for b in horizontal)
    if wanted == "vertical" or (wanted == "auto" and mostly_vertical):
        return horizontal, vertical + rest
    return horizontal + rest, vertical


def _lines(horizontal: Sequence[Box], vertical: Sequence[Box]) -> list[tuple[Box, Direction]]:
    """Return the lines of both directions, without those that only repeat parts of lines across."""
    both = [(b, Direction.HORIZONTAL) for b in horizontal] + [
        (b, Direction.VERTICAL) for b in vertical
    ]
    doubles = find_duplicate_lines(horizontal, vertical)
    return [line for line in both if line[0] not in doubles]


def _join_vertical_lines(boxes: Sequence[Box], field: InkField, width: int) -> list[Box]:
    """Return the text lines that vertical stretches form, found in a turned image."""
    if not boxes:
        return []
    rules = tuple(Separator(turn_box(r.box, width), not r.vertical) for r in field.rules)
    ink = np.rot90(field.ink)
    turned = InkField(ink, rules, field.em, find_gutters(ink, field.em))
    rows = join_into_lines([turn_box(b, width) for b in boxes], turned)
    return [turn_box_back(r, width) for r in rows]


def _numbered(rows: Sequence[tuple[Box, Direction]], panels: Sequence[Box]) -> tuple[TextLine, ...]:
    """Return the lines numbered from the top down; those in panels are marked reversed."""
    ordered = sorted(rows, key=lambda row: (round(row[0].top), row[0].left))
    lines = []
    for i, (box, direction) in enumerate(ordered):
        line = TextLine(f"l{i:04d}", box, direction)
        lines.append(replace(line, reversed=_inside(box, panels)))
    return tuple(lines)


def _inside(box: Box, areas: Sequence[Box]) -> bool:
    """Tell whether the centre of a box lies in one of the areas."""
    x, y = box.center
    return any(a.left <= x <= a.right and a.top <= y <= a.bottom for a in areas)
