"""Looks a second time at text that was found running both ways at once.

Horizontal text on a vertical page, or small type on a worn one, is sometimes found as a tangle of
stretches that cross each other, down, across and slanting. Shown without its surroundings, the same
text is found as lines of one direction.
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from newspage.detect.body_size import LINE_SHAPED
from newspage.detect.edges import BoxEdges
from newspage.engine import Engine, FoundLine
from newspage.geometry import Box, bound_points, union_boxes
from newspage.model import GrayImage

# Figures without a name below are judgement: em of the body type, or shares of an area.

SHARED = 0.2
"""Share of the smaller of two stretches that they have in common where they are tangled. Judgement:
outlines of neighbours share less."""
THROUGH = 0.5
"""The same for one that runs across and one that runs down, as a share of the area of a full
crossing. Judgement: half."""
THIN = 2.0
"""Greatest thickness in em of a stretch that counts. Judgement: a headline is found more than once
rather often, and is no tangle."""
FEWEST = 6
"""Least number of crossings of a tangle. Of 38 generated pages ten have such areas, of 6 to 262,
which had none when shown alone. Ten areas of two real pages have 7 to 84, and stay as they are."""
LOOSENED = 0.25
"""Greatest share of the crossings that may be left for the second look to be believed. Judgement:
it has hardly any, or is as tangled as the first."""
KEPT = 0.6
"""Least share of the area of the tangle that the lines of the second look cover. Judgement: tangled
stretches cover some paper, too."""
MARGIN = 0.8
"""Em around a tangle that are shown. Judgement: an outline is found from its edges."""
CELLS = 4
"""Cells an em of the map on which they are grouped. Judgement: a quarter of an em will do."""
REACHING = 0.25
"""Share of a stretch that lies in a tangle, for the tangle to take it in. Judgement: more than
neighbours share."""
INSIDE = 0.5
"""Share of a stretch that lies in an area, for it to belong there. Judgement: half."""


def untangle_stretches(
    pixels: GrayImage, found: Sequence[FoundLine], em: float, engine: Engine
) -> list[FoundLine]:
    """Return the stretches, tangled ones as they are found when their area is shown alone.

    Args:
        pixels: The page.
        found: The stretches of the first look.
        em: Size of the body type in pixels.
        engine: Finds lines in the image of an area.
    """
    lines = list(found)
    for area in _tangled_areas(lines, em):
        boxes = [bound_points(f.polygon) for f in lines]
        inside = [b.share_inside(area) > INSIDE for b in boxes]
        old = [f for f, is_in in zip(lines, inside, strict=True) if is_in]
        rest = [b for b, f in zip(boxes, lines, strict=True) if _is_beside(b, f, area, em)]
        new = _look_alone(pixels, area.grown(MARGIN * em), rest, engine)
        if _is_better(new, old, em):
            lines = [f for f, is_in in zip(lines, inside, strict=True) if not is_in] + new
    return lines


def _tangled_areas(found: Sequence[FoundLine], em: float) -> list[Box]:
    """Return the areas of the tangles, with the stretches that reach into them."""
    thin = [f for f in found if f.extent[0] < THIN * em]
    boxes = [bound_points(f.polygon) for f in thin]
    crossing = [union_boxes((boxes[i], boxes[j])) for i, j in _crossings(thin)]
    areas = [union_boxes(group) for group in _nearby(crossing, em) if len(group) >= FEWEST]
    return [
        union_boxes([area, *(b for b in boxes if b.share_inside(area) > REACHING)])
        for area in areas
    ]


def _nearby(boxes: Sequence[Box], em: float) -> list[list[Box]]:
    """Return the boxes in groups that touch each other, drawn with MARGIN around them."""
    if not boxes:
        return []
    whole, step = union_boxes(boxes).grown(2 * em), max(1.0, em / CELLS)
    map_ = np.zeros((int(whole.height / step) + 2, int(whole.width / step) + 2), np.uint8)
    places = []
    for box in boxes:
        b = box.grown(MARGIN * em / 2).moved(-whole.left, -whole.top)
        x0, y0, x1, y1 = (int(v / step) for v in (b.left, b.top, b.right, b.bottom))
        map_[y0 : y1 + 1, x0 : x1 + 1] = 1
        places.append((y0, x0))
    _, labels = cv2.connectedComponents(map_)
    groups: dict[int, list[Box]] = {}
    for box, place in zip(boxes, places, strict=True):
        groups.setdefault(int(labels[place]), []).append(box)
    return list(groups.values())


def _crossings(lines: Sequence[FoundLine]) -> list[tuple[int, int]]:
    """Return all pairs of lines that have more in common than neighbours."""
    outlines = [np.asarray(f.polygon, np.float32) for f in lines]
    boxes = [bound_points(f.polygon) for f in lines]
    sizes = [float(cv2.contourArea(o)) for o in outlines]
    edges = BoxEdges.from_boxes(boxes)
    pairs = []
    for i, box in enumerate(boxes):
        for j in np.flatnonzero(edges.shared_area(box) > 0).tolist():
            least = SHARED * min(sizes[i], sizes[j])
            if _runs_otherwise(box, boxes[j]):
                least = min(least, THROUGH * lines[i].extent[0] * lines[j].extent[0])
            if i < j and cv2.intersectConvexConvex(outlines[i], outlines[j])[0] > least:
                pairs.append((i, j))
    return pairs


def _runs_otherwise(a: Box, b: Box) -> bool:
    """Tell whether of two stretches one runs across and the other down."""
    shapes = [box.width / max(1.0, box.height) for box in (a, b)]
    return min(shapes) < 1 / LINE_SHAPED and max(shapes) > LINE_SHAPED


def _is_beside(box: Box, line: FoundLine, area: Box, em: float) -> bool:
    """Tell whether a stretch belongs to what stands around an area, and is no part of a tangle."""
    return line.extent[0] < THIN * em and box.share_inside(area) <= INSIDE


def _look_alone(
    pixels: GrayImage, area: Box, others: Sequence[Box], engine: Engine
) -> list[FoundLine]:
    """Return the lines in an area in which what lies in other boxes is made paper."""
    left, top = max(0, int(area.left)), max(0, int(area.top))
    part = pixels[top : int(area.bottom), left : int(area.right)].copy()
    paper = np.uint8(np.percentile(part, 90))
    for b in others:
        x0, y0, x1, y1 = (
            max(0, int(v)) for v in (b.left - left, b.top - top, b.right - left, b.bottom - top)
        )
        part[y0:y1, x0:x1] = paper
    return [
        replace(f, polygon=tuple((x + left, y + top) for x, y in f.polygon))
        for f in engine.find_lines(part)
    ]


def _is_better(new: Sequence[FoundLine], old: Sequence[FoundLine], em: float) -> bool:
    """Tell whether a second look found the same text with hardly a crossing."""
    thin = [[f for f in lines if f.extent[0] < THIN * em] for lines in (new, old)]
    if len(_crossings(thin[0])) > LOOSENED * len(_crossings(thin[1])):
        return False
    left, top = np.min([f.polygon for f in old], axis=(0, 1))
    right, bottom = np.max([f.polygon for f in old], axis=(0, 1))
    size = (int(bottom - top) + 1, int(right - left) + 1)
    covered = [_covered(lines, (float(left), float(top)), size) for lines in (thin[0], thin[1])]
    return bool((covered[0] & covered[1]).sum() > KEPT * covered[1].sum())


def _covered(
    lines: Sequence[FoundLine], origin: tuple[float, float], size: tuple[int, int]
) -> NDArray[np.bool_]:
    """Return a mask of what lines cover of an area that begins at `origin`."""
    mask = np.zeros(size, np.uint8)
    for line in lines:
        cv2.fillConvexPoly(mask, np.asarray(np.subtract(line.polygon, origin), np.int32), 1)
    return mask > 0
