"""Stretches of characters that stand once in two texts, and the passages they make."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SEED = 6
"""Characters that two texts must share to be anchored at a place."""
JUMP = 200
"""Characters that one of the texts may have more than the other inside a chain."""
NEAR = 30
"""Characters between two anchors of a passage that does not keep the order of the whole."""


@dataclass(frozen=True, slots=True)
class MatchingRun:
    """Characters that are the same from `a` in the old text and from `b` in the read one on."""

    a: int
    b: int
    length: int

    @property
    def a_end(self) -> int:
        return self.a + self.length

    @property
    def b_end(self) -> int:
        return self.b + self.length


def find_anchors(a: str, b: str) -> list[MatchingRun]:
    """Stretches of characters that stand once in both texts, as long as they go."""
    other = _once(b)
    found: list[MatchingRun] = []
    for seed, at in _once(a).items():
        there = other.get(seed, -1)
        if at < 0 or there < 0:
            continue
        last = found[-1] if found else None
        if last and at < last.a_end and at - last.a == there - last.b:
            found[-1] = MatchingRun(last.a, last.b, at + SEED - last.a)
        else:
            found.append(MatchingRun(at, there, SEED))
    return found


def _once(string: str) -> dict[str, int]:
    """Every stretch of `SEED` characters with its place, -1 where it stands more than once."""
    places: dict[str, int] = {}
    for i in range(len(string) - SEED + 1):
        seed = string[i : i + SEED]
        places[seed] = -1 if seed in places else i
    return places


def chain_anchors(anchors: Iterable[MatchingRun]) -> list[list[MatchingRun]]:
    """Anchors that keep their order without a jump, as one passage each, the longest first.

    What keeps the order of the whole text best is taken first, then what is left of it, so that of
    two passages that changed places the shorter one has moved.
    """
    rest = sorted(anchors, key=lambda x: x.a)
    chains: list[list[MatchingRun]] = []
    while rest:
        kept = _heaviest(rest)
        rest = sorted(set(rest) - set(kept), key=lambda x: x.a)
        chain = [kept[0]]
        for anchor in kept[1:]:
            if measure_jump(chain[-1], anchor) > JUMP or (
                chains and anchor.a - chain[-1].a_end > NEAR
            ):
                chains.append(chain)
                chain = []
            chain.append(anchor)
        chains.append(chain)
    return sorted(chains, key=count_anchored, reverse=True)


def _heaviest(anchors: Sequence[MatchingRun]) -> list[MatchingRun]:
    """Of anchors ordered by the old text those that rise in the read one, heaviest in sum.

    Longest increasing subsequence, weighted, with a Fenwick tree of maxima: n log n.
    """
    rank = {b: r for r, b in enumerate(sorted({x.b for x in anchors}), 1)}
    tree: list[tuple[int, int]] = [(0, -1)] * (len(rank) + 1)
    before: list[int] = []
    best = (0, -1)
    for number, anchor in enumerate(anchors):
        at, weight, last = rank[anchor.b] - 1, 0, -1
        while at:
            weight, last = max((weight, last), tree[at])
            at -= at & -at
        before.append(last)
        total = (weight + anchor.length, number)
        best = max(best, total)
        at = rank[anchor.b]
        while at < len(tree):
            tree[at] = max(tree[at], total)
            at += at & -at
    chosen, number = [], best[1]
    while number >= 0:
        chosen.append(anchors[number])
        number = before[number]
    return chosen[::-1]


def count_anchored(chain: Iterable[MatchingRun]) -> int:
    """Characters that the anchors of a passage hold."""
    return sum(anchor.length for anchor in chain)


def measure_jump(last: MatchingRun, anchor: MatchingRun) -> int:
    """How unevenly two texts go on from one anchor to the next."""
    return abs(anchor.a - last.a_end - anchor.b + last.b_end)
