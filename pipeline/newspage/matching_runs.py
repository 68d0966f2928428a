"""Anchors: runs of characters that occur once in each of two texts, and the chains they make."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SEED = 6
"""Characters that two texts must share to be anchored at a place. Judgement: longer than nearly all
words and names of the field, short enough to lie between two misread characters."""
JUMP = 200
"""Characters that one of the texts may have more than the other inside a chain. Judgement: a long
paragraph."""
NEAR = 30
"""Characters between two anchors of a passage that does not keep the order of the whole, at most.
Judgement: a sentence; with more two moved passages would become one."""


@dataclass(frozen=True, slots=True)
class MatchingRun:
    """Characters that are equal from `a` on in one text and from `b` on in the other."""

    a: int
    b: int
    length: int

    @property
    def a_end(self) -> int:
        """Return the offset behind the last character in the first text."""
        return self.a + self.length

    @property
    def b_end(self) -> int:
        """Return the offset behind the last character in the second text."""
        return self.b + self.length


def find_anchors(a: str, b: str) -> list[MatchingRun]:
    """Return the runs of characters that occur once in both texts, each as long as it goes.

    In the order of `a`; a run has at least `SEED` characters.
    """
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
    """Return the offset of every run of `SEED` characters, -1 where it occurs more than once."""
    places: dict[str, int] = {}
    for i in range(len(string) - SEED + 1):
        seed = string[i : i + SEED]
        places[seed] = -1 if seed in places else i
    return places


def chain_anchors(anchors: Iterable[MatchingRun]) -> list[list[MatchingRun]]:
    """Return chains of anchors that keep their order without a jump, the longest first.

    The heaviest chain in the order of the whole text is taken first, then the heaviest of the rest,
    so that of two passages that changed places the shorter one has moved.
    """
    rest = sorted(anchors, key=lambda x: x.a)
    chains: list[list[MatchingRun]] = []
    while rest:
        kept = select_heaviest(rest)
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


def select_heaviest(anchors: Sequence[MatchingRun]) -> list[MatchingRun]:
    """Return the heaviest sequence of anchors that rise in both texts.

    `anchors` are in the order of `a`. Longest increasing subsequence, weighted by length,
    with a Fenwick tree of prefix maxima (Fenwick 1994): O(n log n).
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
    """Return how many characters the anchors of a chain hold."""
    return sum(anchor.length for anchor in chain)


def measure_jump(last: MatchingRun, anchor: MatchingRun) -> int:
    """Return how many characters one text has more than the other between two anchors."""
    return abs(anchor.a - last.a_end - anchor.b + last.b_end)
