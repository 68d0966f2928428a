"""Drops stretches that hold lines of their own: a photo or a block of print is no line of text."""

import math
from collections.abc import Sequence

import numpy as np

from newspage.detect.edges import BoxEdges
from newspage.geometry import Box

LONG = 2.5
"""A line is so many times longer than thick at least."""
SMALLEST = 0.5
"""A line is at least so many em of the body thick; what is thinner is a stroke."""
THIN = 0.5
"""A line of its own is thinner than this share of what holds it; the halves of a torn line are not.

In one map of a finder the outlines are apart: what lies in the rectangle around another outline is
no stroke of its glyphs.
"""
INSIDE = 0.8
"""This share of a line lies in what holds it."""
FEWEST = 2
"""What holds so many lines is none itself."""


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
