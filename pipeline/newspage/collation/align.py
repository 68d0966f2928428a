"""An old text against what was read from the scan: which characters are the same, which moved.

Passages are anchored by stretches of characters that stand once in both, and chained where they
keep their order, so that an article printed elsewhere, or a clause that was moved, is a move and
not a rewrite. Between anchors the rest is compared character by character (Levenshtein, rapidfuzz).
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from newspage.chinese.word_list import map_standard_forms
from newspage.collation.matching_runs import (
    JUMP,
    SEED,
    MatchingRun,
    chain_anchors,
    count_anchored,
    find_anchors,
    measure_jump,
)

MIN_CHAIN = 8
"""Anchored characters a chain needs; less is chance."""
EDGE = 12
"""Characters beyond the first and last anchor that may differ and still belong."""
FEW = 3
"""Characters that are judged one by one where as many stand for them."""
ALIKE = 0.5
"""Similarity of such an edge on both sides."""

_SAME = str.maketrans(
    {
        "曰": "日",
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
class NormalisedText:
    """Characters of a text as they are compared: no white space, widths and quotes as one."""

    string: str
    places: tuple[int, ...]
    """Where each stood."""


@dataclass(frozen=True, slots=True)
class MatchedPassage:
    """Old characters [a0, a1) and read ones [b0, b1), folded, that are the same passage.

    Another passage may stand in the midst of it on one side.
    """

    a0: int
    a1: int
    b0: int
    b1: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Old characters [a0, a1) stand where the scan was read as [b0, b1); folded offsets.

    Two differences with the same `move` are the two ends of one: a passage that the old text has
    at one place and the scan at another.
    """

    a0: int
    a1: int
    b0: int
    b1: int
    move: int = -1

    @property
    def excess(self) -> int:
        """Characters the old text has more."""
        return self.a1 - self.a0 - self.b1 + self.b0


@dataclass(frozen=True, slots=True)
class Alignment:
    """What two texts have in common."""

    old: NormalisedText
    read: NormalisedText
    chains: tuple[MatchedPassage, ...]
    """By their place in the old text."""
    pairs: tuple[int, ...]
    """For each old character the read one it is, or -1; folded offsets."""
    differences: tuple[Difference, ...]

    @property
    def covered(self) -> float:
        """Share of the old characters that stand on the scan."""
        return sum(p >= 0 for p in self.pairs) / max(1, len(self.pairs))


def normalise_for_alignment(text: str) -> NormalisedText:
    """A text without white space, its characters folded one by one."""
    places = [place for place, character in enumerate(text) if not character.isspace()]
    return NormalisedText("".join(_fold(text[place]) for place in places), tuple(places))


@cache
def _fold(character: str) -> str:
    """What a character is compared as: one width, one form, one of two that have one shape."""
    plain = unicodedata.normalize("NFKC", character)
    plain = plain if len(plain) == 1 else character
    return plain.translate(_SAME).translate(map_standard_forms())


def align_texts(old: str, read: str) -> Alignment:
    """What the old text and the text of the scan have in common."""
    a, b = normalise_for_alignment(old), normalise_for_alignment(read)
    weave = _Weave(a.string, b.string)
    for chain in chain_anchors(find_anchors(a.string, b.string)):
        weave.claim(chain)
    chains = weave.grown()
    differences = [
        part
        for chain in chains
        for d in weave.differences(chain)
        for part in _parts(d, a.string, b.string)
    ]
    moves = Counter(d.move for d in differences)
    differences = [
        d
        for d in differences
        if (d.move < 0 or moves[d.move] == 2) and not _mark_again(d, a.string, b.string)
    ]
    spans = sorted(
        (MatchedPassage(c[0].a, c[-1].a_end, c[0].b, c[-1].b_end) for c in chains),
        key=lambda c: c.a0,
    )
    return Alignment(
        a,
        b,
        tuple(spans),
        tuple(weave.pairs),
        tuple(sorted(differences, key=lambda d: (d.a0, d.a1))),
    )


def _parts(d: Difference, a: str, b: str) -> Iterator[Difference]:
    """A difference as those it is made of, where each can be judged by itself.

    A few characters for as many others; and a mark beside characters that differ.
    """
    if d.move >= 0 or d.a0 == d.a1 or d.b0 == d.b1:
        yield d
        return
    if d.excess == 0 and d.a1 - d.a0 <= FEW:
        for i in range(d.a1 - d.a0):
            if a[d.a0 + i] != b[d.b0 + i]:
                yield Difference(d.a0 + i, d.a0 + i + 1, d.b0 + i, d.b0 + i + 1)
        return
    mark_a, mark_b = not a[d.a1 - 1].isalnum(), not b[d.b1 - 1].isalnum()
    if mark_b and not mark_a and d.b1 - d.b0 > 1:
        yield from _parts(Difference(d.a0, d.a1, d.b0, d.b1 - 1), a, b)
        yield Difference(d.a1, d.a1, d.b1 - 1, d.b1)
    elif mark_a and not mark_b and d.a1 - d.a0 > 1:
        yield from _parts(Difference(d.a0, d.a1 - 1, d.b0, d.b1), a, b)
        yield Difference(d.a1 - 1, d.a1, d.b1, d.b1)
    elif mark_a and mark_b and d.excess and min(d.a1 - d.a0, d.b1 - d.b0) > 1:
        tail_a, tail_b = _marks_at_end(a[d.a0 : d.a1]), _marks_at_end(b[d.b0 : d.b1])
        if tail_a == d.a1 - d.a0 or tail_b == d.b1 - d.b0:
            yield d
            return
        yield from _parts(Difference(d.a0, d.a1 - tail_a, d.b0, d.b1 - tail_b), a, b)
        yield Difference(d.a1 - tail_a, d.a1, d.b1 - tail_b, d.b1)
    else:
        yield d


def _marks_at_end(string: str) -> int:
    """How many marks a string ends with."""
    return len(string) - len(string.rstrip("".join(c for c in string if not c.isalnum())))


def _mark_again(d: Difference, a: str, b: str) -> bool:
    """Whether one side has but a mark that both have just before: it ends the part before it."""
    extra = a[d.a0 : d.a1] or b[d.b0 : d.b1]
    one_side = d.a0 == d.a1 or d.b0 == d.b1
    before = a[d.a0 - 1 : d.a0] if d.a0 else ""
    return one_side and len(extra) == 1 and not extra.isalnum() and before == extra


class _Weave:
    """Which characters of the two texts have found each other; grows while chains are claimed."""

    def __init__(self, a: str, b: str) -> None:
        self._a, self._b = a, b
        self.pairs = [-1] * len(a)
        self._taken = bytearray(len(b))
        self._chains: list[list[MatchingRun]] = []

    def claim(self, chain: Iterable[MatchingRun]) -> None:
        """Take the parts of a chain's anchors that are still free, if they are enough."""
        free: list[MatchingRun] = []
        for anchor in chain:
            cut = self._free(anchor)
            if cut:
                self._pair(cut)
                free.append(cut)
        if count_anchored(free) >= MIN_CHAIN:
            self._chains.append(free)
            return
        for anchor in free:
            self.pairs[anchor.a : anchor.a_end] = [-1] * anchor.length
            self._taken[anchor.b : anchor.b_end] = bytes(anchor.length)

    def _free(self, anchor: MatchingRun) -> MatchingRun | None:
        """The longest free part of an anchor; None where too little is left."""
        best = start = length = 0
        for i in range(anchor.length + 1):
            open_ = (
                i < anchor.length and self.pairs[anchor.a + i] < 0 and not self._taken[anchor.b + i]
            )
            if not open_:
                if i - start > length:
                    best, length = start, i - start
                start = i + 1
        return (
            MatchingRun(anchor.a + best, anchor.b + best, length) if length >= SEED // 2 else None
        )

    def _pair(self, anchor: MatchingRun) -> None:
        self.pairs[anchor.a : anchor.a_end] = range(anchor.b, anchor.b_end)
        self._taken[anchor.b : anchor.b_end] = b"\1" * anchor.length

    def grown(self) -> list[list[MatchingRun]]:
        """The chains, made longer at both ends as far as the texts agree or nearly do."""
        self._merge()
        for chain in self._chains:
            for forward in (False, True):
                self._grow(chain, forward)
        return self._chains

    def _merge(self) -> None:
        """Make one of two chains that follow each other with nothing else between them."""
        merged: list[list[MatchingRun]] = []
        for chain in sorted(self._chains, key=lambda c: c[0].a):
            last = merged[-1][-1] if merged else None
            if last and last.a_end <= chain[0].a and last.b_end <= chain[0].b:
                free = self._all_free(last.a_end, chain[0].a, last.b_end, chain[0].b)
                if free and measure_jump(last, chain[0]) <= JUMP:
                    merged[-1] = merged[-1] + chain
                    continue
            merged.append(chain)
        self._chains = merged

    def _all_free(self, a0: int, a1: int, b0: int, b1: int) -> bool:
        return all(p < 0 for p in self.pairs[a0:a1]) and not any(self._taken[b0:b1])

    def _grow(self, chain: list[MatchingRun], forward: bool) -> None:
        """Add what agrees beyond an end of a chain; past a short stretch that nearly does too."""
        step = 1 if forward else -1
        edge = chain[-1 if forward else 0]
        i, j = (edge.a_end, edge.b_end) if forward else (edge.a - 1, edge.b - 1)
        length = 0
        while self._open(i, j) and self._a[i] == self._b[j]:
            i, j, length = i + step, j + step, length + 1
        if length:
            self._add(chain, i, j, length, forward)
        self._bridge(chain, i, j, step)

    def _bridge(self, chain: list[MatchingRun], i: int, j: int, step: int) -> None:
        """Where only a short stretch is left to the next passage, and is alike, it belongs."""
        a, b = self._stretch(i, step, True), self._stretch(j, step, False)
        short = min(len(a), len(b))
        if not short or short > EDGE:
            return
        whole = max(len(a), len(b)) <= EDGE
        ends_alike = a.endswith(b) or b.endswith(a)
        if not (whole and (ends_alike or _similar(a, b))):
            a, b = a[:short], b[:short]
            if short < 2 or not _similar(a, b):
                return
        end_a, end_b = (i + len(a), j + len(b)) if step > 0 else (i - len(a) + 1, j - len(b) + 1)
        empty = MatchingRun(end_a, end_b, 0)
        chain.insert(len(chain) if step > 0 else 0, empty)

    def _stretch(self, at: int, step: int, old: bool) -> str:
        """The free characters from a place on, one more than counts at most."""
        text = self._a if old else self._b
        found: list[str] = []
        while len(found) <= EDGE and 0 <= at < len(text):
            if self.pairs[at] >= 0 if old else self._taken[at]:
                break
            found.append(text[at])
            at += step
        return "".join(found)

    def _open(self, i: int, j: int) -> bool:
        inside = 0 <= i < len(self._a) and 0 <= j < len(self._b)
        return inside and self.pairs[i] < 0 and not self._taken[j]

    def _add(self, chain: list[MatchingRun], i: int, j: int, length: int, forward: bool) -> None:
        anchor = (
            MatchingRun(i - length, j - length, length)
            if forward
            else MatchingRun(i + 1, j + 1, length)
        )
        self._pair(anchor)
        chain.insert(len(chain) if forward else 0, anchor)

    def differences(self, chain: Sequence[MatchingRun]) -> Iterator[Difference]:
        """What differs between the anchors of a chain; what is equal there is paired.

        Where another chain stands in between on one side only, it is one end of a move; where the
        two are woven together in another way, the order differs and not the words.
        """
        for last, following in pairwise(chain):
            a0, a1, b0, b1 = last.a_end, following.a, last.b_end, following.b
            if a0 > a1 or b0 > b1:
                continue
            old, read = self._strangers(a0, a1, True), self._strangers(b0, b1, False)
            if not old and not read:
                yield from self._compare(a0, a1, b0, b1)
            elif len(old) == 1 and not read:
                yield from self._moved_away(a0, a1, b0, b1, *old[0])
            elif len(read) == 1 and not old:
                yield from self._moved_here(a0, a1, b0, b1, *read[0])

    def _strangers(self, low: int, high: int, old: bool) -> list[tuple[int, int, int]]:
        """The chains with anchors in a stretch: number, start, end; twice where partly inside."""
        found = []
        for number, chain in enumerate(self._chains):
            spans = [(x.a, x.a_end) if old else (x.b, x.b_end) for x in chain if x.length]
            inside = [s for s in spans if s[0] < high and low < s[1]]
            if inside:
                whole = len(inside) == len(spans) and low <= spans[0][0] and spans[-1][1] <= high
                found += [(number, inside[0][0], inside[-1][1])] * (1 if whole else 2)
        return found

    def _moved_away(
        self, a0: int, a1: int, b0: int, b1: int, number: int, start: int, end: int
    ) -> Iterator[Difference]:
        """A passage that stands here in the old text and elsewhere on the scan."""
        join = b0 if start == a0 else min(b1, b0 + start - a0) if end < a1 else b1
        yield from self._compare(a0, start, b0, join)
        yield Difference(start, end, join, join, number)
        yield from self._compare(end, a1, join, b1)

    def _moved_here(
        self, a0: int, a1: int, b0: int, b1: int, number: int, start: int, end: int
    ) -> Iterator[Difference]:
        """A passage that stands here on the scan and elsewhere in the old text."""
        join = a0 if start == b0 else min(a1, a0 + start - b0) if end < b1 else a1
        yield from self._compare(a0, join, b0, start)
        yield Difference(join, join, start, end, number)
        yield from self._compare(join, a1, end, b1)

    def _compare(self, low_a: int, high_a: int, low_b: int, high_b: int) -> Iterator[Difference]:
        last: Difference | None = None
        for op in Levenshtein.opcodes(self._a[low_a:high_a], self._b[low_b:high_b]):
            a0, a1 = low_a + op.src_start, low_a + op.src_end
            b0, b1 = low_b + op.dest_start, low_b + op.dest_end
            if op.tag == "equal":
                self._pair(MatchingRun(a0, b0, a1 - a0))
                continue
            found = Difference(a0, a1, b0, b1)
            if last is not None and _one(last, found):
                self.pairs[last.a1 : a0] = [-1] * (a0 - last.a1)
                found = Difference(last.a0, a1, last.b0, b1)
            elif last is not None:
                yield last
            last = found
        if last is not None:
            yield last


def _similar(a: str, b: str) -> bool:
    return Levenshtein.normalized_similarity(a, b) >= ALIKE


def _one(x: Difference, y: Difference) -> bool:
    """Whether what stands between two differences is too little to be more than chance."""
    sizes = [max(d.a1 - d.a0, d.b1 - d.b0) for d in (x, y)]
    return y.a0 - x.a1 <= min(2, max(sizes) // 3)
