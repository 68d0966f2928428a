"""Drops stretches that hold lines of their own: a photo or a block of print is no line of text."""

import math
from collections.abc import Sequence

import numpy as np

from newspage.detect.edges import BoxEdges
from newspage.geometry import Box

LONG = 2.5
"""Least length of a line over its thickness. Judgement: three characters, which blots have not."""
SMALLEST = 0.5
"""Least thickness of a line in em of the body. Judgement: what is thinner is a stroke."""
THIN = 0.5
"""Share of the thickness of its holder below which a line is one of its own; the halves of a
torn line are not. In one map of a text detector the outlines are apart: the lines in the
rectangle around another outline are no strokes of its glyphs."""
INSIDE = 0.8
"""Share of a line that lies in its holder. Judgement: nearly all, edges are rough."""
FEWEST = 2
"""Number of lines that make a stretch their holder, and no line. Judgement: one may be its
repeat."""


def drop_holders(boxes: Sequence[Box], em: float) -> list[Box]:
    """Return the stretches in their order, without those that hold several lines of their own.

    `em` is the size of the body type in pixels.
    """
    edges = BoxEdges.from_boxes(boxes)
    held = np.zeros(len(boxes), np.intp)
    for box in boxes:
        inside = edges.shared_area(box) > INSIDE * box.area
        held += inside & (edges.thickness > measure_least_holder(box, em))
    return [box for box, count in zip(boxes, held, strict=True) if count < FEWEST]


def measure_least_holder(piece: Box, em: float) -> float:
    """Return the thickness in pixels beyond which a stretch holds the piece as a line of its own.

    It is infinite where the piece does not have the shape of a line.
    """
    shorter, longer = sorted((piece.width, piece.height))
    is_line = shorter > SMALLEST * em and longer > LONG * shorter
    return shorter / THIN if is_line else math.inf
