"""Finds wavy and braided rules between articles, as papers of the lead age set them.

To a text detector they look like long lines of small type; what is read of them is noise, and
the articles they separate are run together. A single unbroken stroke tells them from any text.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from newspage.detect.ink_masks import Mask, close_mask, shrink_to_em, transpose_mask
from newspage.geometry import Box, union_boxes
from newspage.model import Separator

SCALE = 16
"""Pixels an em at which strokes are followed. Judgement: a stroke of a wave has two or three."""
PIECE = 3.0
"""Least length of each unbroken piece in em. Judgement: no stroke of a character has it."""
SHORTEST = 8.0
"""Least length of the whole rule in em. Judgement: longer than the underline of a name."""
LOWEST, HIGHEST = 0.2, 0.9
"""Least and greatest height of a wave in em. Judgement: between a straight rule and a line of
type."""
STROKE = 0.35
"""Greatest thickness of its stroke in em. Judgement: what is thicker is a bar."""
WAVY = 0.65
"""Greatest thickness of its stroke as a share of the height of the wave. Judgement: a straight
rule fills nearly all of its height."""
SINGLE = 0.9
"""Share of its length in which a cut across meets one stroke. Judgement: text, of several
strokes one above the other, stays far below."""


def find_ornaments(ink: Mask, em: float) -> tuple[Separator, ...]:
    """Return the wavy rules, horizontal and vertical; `ink` may hold anything else on the page."""
    grey, step = shrink_to_em(255 * ink, em, SCALE)
    small = (grey > 40).astype(np.uint8)
    found = []
    for vertical in (False, True):
        mask = transpose_mask(small) if vertical else small
        for bar in _joined(_strokes(mask, em / step), em / step):
            box = Box(*(v * step for v in (bar.left, bar.top, bar.right, bar.bottom)))
            turned = Box(box.top, box.left, box.bottom, box.right)
            found.append(Separator(turned if vertical else box, vertical))
    return tuple(found)


def _strokes(mask: Mask, em: float) -> list[Box]:
    """Return the long thin components that are a single stroke from one end to the other."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        close_mask(mask, 2, 1), connectivity=8
    )
    strokes = []
    for label, (x, y, w, h, area) in enumerate(stats[:count].tolist()):
        if not (label and w >= max(PIECE * em, 4 * h) and LOWEST * em <= h <= HIGHEST * em):
            continue
        part = labels[y : y + h, x : x + w] == label
        if area <= min(STROKE * em, WAVY * h) * w and _is_single(part):
            strokes.append(Box(x, y, x + w, y + h))
    return strokes


def _is_single(part: NDArray[np.bool_]) -> bool:
    """Tell whether almost every cut across a component meets exactly one stretch of ink."""
    above = np.zeros((1, part.shape[1]), np.bool_)
    begun = part & ~np.vstack([above, part[:-1]])
    return float((begun.sum(axis=0) == 1).mean()) >= SINGLE


def _joined(strokes: Sequence[Box], em: float) -> list[Box]:
    """Return rules put together from pieces with breaks of up to an em, without short ones."""
    rules: list[Box] = []
    for stroke in sorted(strokes, key=lambda s: s.left):
        for i, rule in enumerate(rules):
            level = abs(rule.center[1] - stroke.center[1]) < 0.4 * em
            if level and -0.3 * em <= stroke.left - rule.right <= em:
                rules[i] = union_boxes((rule, stroke))
                break
        else:
            rules.append(stroke)
    return [r for r in rules if r.width >= SHORTEST * em]
