"""An old text against what was read from the scan: which characters are the same, which moved.

Passages are found by stretches of characters that stand once in both, chained where they keep
their order, so that an article printed elsewhere, or a clause that was moved, is a move and not a
rewrite. Inside a chain the rest is compared character by character (Levenshtein, rapidfuzz).
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

SEED = 6
"""Characters that two texts must share to be anchored at a place."""
JUMP = 200
"""Characters that one of the texts may have more than the other inside a chain."""
OPEN = 8
"""Chains that may still go on at a place of the old text."""
MIN_CHAIN = 12
"""Anchored characters a chain needs; less is chance."""

_SAME = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "‘": "'",
        "’": "'",
        "—": "-",
        "─": "-",
        "―": "-",
        "–": "-",
        "・": "·",
        "•": "·",
        "。": "。",
        "｡": "。",
    }
)


@dataclass(frozen=True, slots=True)
class Folded:
    """Characters of a text as they are compared: no white space, widths and quotes as one."""

    string: str
    places: tuple[int, ...]
    """Where each stood."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Old characters [a0, a1) and read ones [b0, b1), folded, that are the same passage."""

    a0: int
    a1: int
    b0: int
    b1: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Old characters [a0, a1) stand where the scan was read as [b0, b1); folded offsets."""

    a0: int
    a1: int
    b0: int
    b1: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """What two texts have in common."""

    old: Folded
    read: Folded
    chains: tuple[Chain, ...]
    """By their place in the old text."""
    pairs: tuple[int, ...]
    """For each old character the read one it is, or -1; folded offsets."""
    differences: tuple[Difference, ...]

    @property
    def covered(self) -> float:
        """Share of the old characters that stand on the scan."""
        return sum(p >= 0 for p in self.pairs) / max(1, len(self.pairs))


def folded(text: str) -> Folded:
    """A text without white space, its characters folded one by one."""
    characters, places = [], []
    for place, character in enumerate(text):
        if not character.isspace():
            plain = unicodedata.normalize("NFKC", character)
            characters.append((plain if len(plain) == 1 else character).translate(_SAME))
            places.append(place)
    return Folded("".join(characters), tuple(places))


def align(old: str, read: str) -> Alignment:
    """What the old text and the text of the scan have in common."""
    a, b = folded(old), folded(read)
    chains = _grown(_chains(_anchors(a.string, b.string)), a.string, b.string)
    pairs = [-1] * len(a.string)
    differences: list[Difference] = []
    for chain in chains:
        differences += _inside(chain, a.string, b.string, pairs)
    return Alignment(a, b, tuple(chains), tuple(pairs), tuple(differences))


def _anchors(a: str, b: str) -> list[tuple[int, int, int]]:
    """Old place, read place and length of each stretch anchored by characters unique in both."""
    once = _once(a)
    other = _once(b)
    found: list[tuple[int, int, int]] = []
    for seed, at in once.items():
        there = other.get(seed, -1)
        if at < 0 or there < 0:
            continue
        if found and at < found[-1][0] + found[-1][2] and at - found[-1][0] == there - found[-1][1]:
            start, begin, _ = found[-1]
            found[-1] = (start, begin, at + SEED - start)
        else:
            found.append((at, there, SEED))
    return found


def _once(string: str) -> dict[str, int]:
    """Every stretch of `SEED` characters with its place, -1 where it stands more than once."""
    places: dict[str, int] = {}
    for i in range(len(string) - SEED + 1):
        seed = string[i : i + SEED]
        places[seed] = -1 if seed in places else i
    return places


def _chains(anchors: Sequence[tuple[int, int, int]]) -> list[Chain]:
    """Anchors in a row that keep their order without a jump, as one passage each."""
    chains: list[list[tuple[int, int, int]]] = []
    for anchor in sorted(anchors):
        best = min(chains[-OPEN:], key=lambda c: _jump(c[-1], anchor), default=None)
        if best is None or _jump(best[-1], anchor) > JUMP:
            chains.append([anchor])
        else:
            best.append(anchor)
    return [
        Chain(c[0][0], c[-1][0] + c[-1][2], c[0][1], c[-1][1] + c[-1][2])
        for c in chains
        if sum(length for _, _, length in c) >= MIN_CHAIN
    ]


def _jump(last: tuple[int, int, int], anchor: tuple[int, int, int]) -> int:
    """How unevenly two texts go on from one anchor to the next; too much where one goes back."""
    ahead = anchor[0] - last[0] - last[2]
    beyond = anchor[1] - last[1] - last[2]
    return abs(ahead - beyond) if beyond > -SEED else 2 * JUMP


def _grown(chains: list[Chain], a: str, b: str) -> list[Chain]:
    """The chains without overlaps, each as long as its ends agree, gaps between them shared out."""
    apart: list[Chain] = []
    for chain in sorted(chains, key=lambda c: c.a0 - c.a1):
        cut = _cut(chain, apart)
        if cut:
            apart.append(cut)
    apart.sort(key=lambda c: c.a0)
    ends = sorted(c.b1 for c in apart)
    starts = sorted(c.b0 for c in apart)
    grown: list[Chain] = []
    for number, chain in enumerate(apart):
        floor_a = grown[-1].a1 if grown else 0
        floor_b = max((e for e in ends if e <= chain.b0), default=0)
        before = _common(a[floor_a : chain.a0][::-1], b[floor_b : chain.b0][::-1])
        roof_a = apart[number + 1].a0 if number + 1 < len(apart) else len(a)
        after_b = bisect_left(starts, chain.b1)
        roof_b = starts[after_b] if after_b < len(starts) else len(b)
        after = _common(a[chain.a1 : roof_a], b[chain.b1 : roof_b])
        a0, b0 = chain.a0 - before, chain.b0 - before
        a1, b1 = chain.a1 + after, chain.b1 + after
        if grown and grown[-1].b1 <= b0 and b0 - grown[-1].b1 <= JUMP and a0 - grown[-1].a1 <= JUMP:
            grown[-1] = Chain(grown[-1].a0, a1, grown[-1].b0, b1)
        else:
            grown.append(Chain(a0, a1, b0, b1))
    return grown


def _cut(chain: Chain, others: Sequence[Chain]) -> Chain | None:
    """What is left of a chain beside others; its ends are anchors, equal on both sides."""
    for other in others:
        for low, high, o_low, o_high in (
            (chain.a0, chain.a1, other.a0, other.a1),
            (chain.b0, chain.b1, other.b0, other.b1),
        ):
            if low < o_high and o_low < high:
                head, tail = o_high - low, high - o_low
                if min(head, tail) > SEED:
                    return None
                if head <= tail:
                    chain = Chain(chain.a0 + head, chain.a1, chain.b0 + head, chain.b1)
                else:
                    chain = Chain(chain.a0, chain.a1 - tail, chain.b0, chain.b1 - tail)
    long = min(chain.a1 - chain.a0, chain.b1 - chain.b0) >= MIN_CHAIN
    return chain if long else None


def _common(a: str, b: str) -> int:
    """Characters the two have in common from their beginning."""
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    return n


def _inside(chain: Chain, a: str, b: str, pairs: list[int]) -> Iterator[Difference]:
    """The differences of a chain, near ones as one; notes in `pairs` what is equal."""
    last: Difference | None = None
    for op in Levenshtein.opcodes(a[chain.a0 : chain.a1], b[chain.b0 : chain.b1]):
        a0, a1 = chain.a0 + op.src_start, chain.a0 + op.src_end
        b0, b1 = chain.b0 + op.dest_start, chain.b0 + op.dest_end
        if op.tag == "equal":
            pairs[a0:a1] = range(b0, b1)
            continue
        found = Difference(a0, a1, b0, b1)
        if last is not None and _one(last, found):
            found = Difference(last.a0, a1, last.b0, b1)
            pairs[last.a1 : a0] = [-1] * (a0 - last.a1)
        elif last is not None:
            yield last
        last = found
    if last is not None:
        yield last


def _one(x: Difference, y: Difference) -> bool:
    """Whether what stands between two differences is too little to be more than chance."""
    sizes = [max(d.a1 - d.a0, d.b1 - d.b0) for d in (x, y)]
    return y.a0 - x.a1 <= min(2, max(sizes) // 2)
