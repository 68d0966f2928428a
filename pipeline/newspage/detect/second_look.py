"""Looks a second time at ink that no line covers: lost text is found in an image of its own.

A text detector that sees vertical and horizontal text, or large and small print, side by side can
lose whole paragraphs of one beside the other. Shown alone, without its surroundings, they are
found.
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from newspage.detect.edges import BoxEdges
from newspage.detect.holders import measure_least_holder
from newspage.detect.ink_masks import Mask, close_mask
from newspage.engine import Engine, FoundLine
from newspage.geometry import Box, bound_points
from newspage.model import GrayImage

# Figures without a name below are judgement: em of the body type, or shares of an area.

FEWEST = 4
"""Number of characters without a line that are worth a second look. Judgement: fewer are dirt or
a page number, and each look costs a run of the text detector."""
PAPER = 90
"""Percentile of the grey values of an area that is taken for its paper. Judgement: print covers
less than half of any text."""


def detect_again_by_area(
    pixels: GrayImage,
    ink: Mask,
    found: Sequence[FoundLine],
    em: float,
    engine: Engine,
    skip: Sequence[Box],
) -> list[FoundLine]:
    """Return the lines found, and those that only show when their area is looked at alone.

    Lines of the first look that a new one covers are given up for it.

    Args:
        pixels: The page.
        ink: The ink of the page without rules.
        found: The lines of the first look.
        em: Size of the body type in pixels.
        engine: Finds lines in the image of an area.
        skip: Pictures and panels, where ink is no sign of text.
    """
    lost = _lost_ink(ink, [bound_points(f.polygon) for f in found], em, skip)
    lines = list(found)
    for area, mask in _areas(lost, em):
        new = _look(pixels, area, mask, engine)
        boxes = [bound_points(f.polygon) for f in new]
        edges = BoxEdges.from_boxes(boxes)
        lines = [f for f in lines if not _given_up(bound_points(f.polygon), edges, em)]
        kept = [bound_points(f.polygon) for f in lines]
        lines += [f for f, b in zip(new, boxes, strict=True) if not _known(b, kept)]
    return lines


def _lost_ink(ink: Mask, boxes: Sequence[Box], em: float, skip: Sequence[Box]) -> Mask:
    """Return a mask of the components of ink of the size of characters outside all lines."""
    bare = ink.copy()
    for box in (*boxes, *skip):
        x0, y0, x1, y1 = (max(0, int(v)) for v in (box.left, box.top, box.right, box.bottom))
        bare[y0 : y1 + 1, x0 : x1 + 1] = 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        close_mask(bare, round(0.15 * em), round(0.15 * em))
    )
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    longer, shorter = np.maximum(width, height), np.minimum(width, height)
    like_text = (longer > 0.45 * em) & (longer < 3 * em) & (shorter > 0.2 * em)
    like_text[0] = False
    return like_text[labels].astype(np.uint8) if count > 1 else np.zeros_like(ink)


def _areas(lost: Mask, em: float) -> list[tuple[Box, Mask]]:
    """Return the areas where characters without a line cluster, with masks of their pixels."""
    reach = round(1.3 * em)
    joined = close_mask(lost, reach, reach)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    out = []
    for label in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[label])
        if area >= FEWEST * 0.7 * em * em and max(w, h) >= 2.5 * em:
            pad = round(0.6 * em)
            box = Box(
                max(0, x - pad),
                max(0, y - pad),
                min(lost.shape[1], x + w + pad),
                min(lost.shape[0], y + h + pad),
            )
            part = labels[int(box.top) : int(box.bottom), int(box.left) : int(box.right)] == label
            kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (2 * pad + 1, 2 * pad + 1))
            out.append((box, cv2.dilate(part.astype(np.uint8), kernel)))
    return out


def _look(pixels: GrayImage, area: Box, mask: Mask, engine: Engine) -> list[FoundLine]:
    """Return the lines in an area of which all but the masked pixels are made paper."""
    part = pixels[int(area.top) : int(area.bottom), int(area.left) : int(area.right)]
    paper = np.uint8(np.percentile(part, PAPER))
    alone = np.where(mask > 0, part, paper).astype(np.uint8)
    return [
        replace(f, polygon=tuple((x + area.left, y + area.top) for x, y in f.polygon))
        for f in engine.find_lines(alone)
    ]


def _given_up(old: Box, new: BoxEdges, em: float) -> bool:
    """Tell whether a line of the first look is only a torn piece of a line of the second look.

    A whole line in a picture that the second look takes for text is none.
    """
    inside = new.shared_area(old) > 0.5 * old.area
    larger = new.width * new.height > 1.3 * old.area
    return bool((inside & larger & (new.thickness <= measure_least_holder(old, em))).any())


def _known(new: Box, old: Sequence[Box]) -> bool:
    """Tell whether more than 40% of a line is covered by lines found before."""
    covered = sum(s.area for o in old if (s := new.intersection(o)) is not None)
    return covered > 0.4 * new.area
