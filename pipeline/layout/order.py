"""The order in which the parts of a page are read: a graph, then a topological sort.

After T. M. Breuel, High Performance Document Layout Analysis (2003): of two parts that overlap
horizontally the upper one comes first; a part that lies wholly to the left of another comes first
unless a third part stands between them from above to below.
"""

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from pipeline.geometry import Box, overlap_1d


def reading_order(boxes: Sequence[Box]) -> list[int]:
    """Indices of the boxes in the order of reading, to the right and down: a permutation."""
    n = len(boxes)
    after: list[set[int]] = [set() for _ in range(n)]
    for i in range(n):
        for k in range(n):
            if i != k and _precedes(boxes, i, k):
                after[i].add(k)
    return _sorted(boxes, after)


def _precedes(boxes: Sequence[Box], i: int, k: int) -> bool:
    a, b = boxes[i], boxes[k]
    slack = 0.1 * min(a.width, b.width)
    if overlap_1d(a.left, a.right, b.left, b.right) > slack:
        return a.center[1] < b.center[1]
    if a.center[0] > b.center[0]:
        return False
    low, high = min(a.top, b.top), max(a.bottom, b.bottom)
    return not any(
        m not in (i, k)
        and low < c.center[1] < high
        and overlap_1d(a.left, a.right, c.left, c.right) > slack
        and overlap_1d(b.left, b.right, c.left, c.right) > slack
        for m, c in enumerate(boxes)
    )


def _sorted(boxes: Sequence[Box], after: Sequence[set[int]]) -> list[int]:
    """Topological sort; where the graph has a cycle, the part furthest up and left breaks it."""
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
