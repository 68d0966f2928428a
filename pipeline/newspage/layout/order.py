"""The order in which the parts of a page are read: a graph, then a topological sort.

After T. M. Breuel, High Performance Document Layout Analysis (2003): of two parts that overlap
horizontally the upper one comes first; a part that lies wholly to the left of another comes first
unless a third part stands between them from above to below.
"""

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from newspage.geometry import Box


def order_boxes(boxes: Sequence[Box]) -> list[int]:
    """Return the indices of the boxes in reading order. Text runs to the right and down."""
    if not boxes:
        return []
    return _sorted(boxes, [set(np.flatnonzero(row).tolist()) for row in _precedence(boxes)])


def _precedence(boxes: Sequence[Box]) -> NDArray[np.bool_]:
    """Return a table of shape (boxes, boxes): true where the first comes before the second."""
    left, top, right, bottom = np.array([(b.left, b.top, b.right, b.bottom) for b in boxes]).T
    x, y = (left + right) / 2, (top + bottom) / 2
    shared = np.minimum.outer(right, right) - np.maximum.outer(left, left)
    slack = 0.1 * np.minimum.outer(right - left, right - left)
    above = shared > slack
    before: NDArray[np.bool_] = np.where(above, np.less.outer(y, y), np.less_equal.outer(x, x))
    np.fill_diagonal(before, False)
    for i in range(len(boxes)):
        beside = np.flatnonzero(before[i] & ~above[i])
        between = np.flatnonzero(shared[i] > 0)
        low, high = np.minimum(top[i], top[beside]), np.maximum(bottom[i], bottom[beside])
        parts = (
            np.less.outer(low, y[between])
            & np.greater.outer(high, y[between])
            & np.less.outer(slack[i, beside], shared[i, between])
            & (shared[np.ix_(beside, between)] > slack[i, beside, None])
            & np.not_equal.outer(beside, between)
            & (between != i)
        )
        before[i, beside[parts.any(axis=1)]] = False
    return before


def _sorted(boxes: Sequence[Box], after: Sequence[set[int]]) -> list[int]:
    """Return a topological order; in a cycle the part furthest up and left comes first."""
    waiting = [0] * len(boxes)
    for followers in after:
        for k in followers:
            waiting[k] += 1
    free = [(boxes[i].left, boxes[i].top, i) for i in range(len(boxes)) if waiting[i] == 0]
    heapify(free)
    left = set(range(len(boxes)))
    order: list[int] = []
    while left:
        if free:
            i = heappop(free)[2]
        else:
            i = min(left, key=lambda k: (waiting[k], boxes[k].top + boxes[k].left, k))
        if i not in left:
            continue
        left.discard(i)
        order.append(i)
        for k in after[i]:
            waiting[k] -= 1
            if waiting[k] == 0:
                heappush(free, (boxes[k].left, boxes[k].top, k))
    return order
