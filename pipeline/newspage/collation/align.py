"""Alignment of an old text with the text read from the scan: characters that are equal, or moved.

Passages are anchored by runs of characters that occur once in both texts (as in patience diff), and
chained where they keep their order, so that an article printed elsewhere, or a clause that was
moved, is a move and not a rewrite. Between anchors the rest is compared character by character
(Levenshtein distance, rapidfuzz).
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from newspage.chinese import map_standard_forms
from newspage.matching_runs import (
    JUMP,
    SEED,
    MatchingRun,
    chain_anchors,
    count_anchored,
    find_anchors,
    measure_jump,
)

MIN_CHAIN = 8
"""Anchored characters a chain needs. Judgement: two more than `SEED`, as a phrase of six or seven
may occur twice by chance."""
EDGE = 12
"""Characters beyond the first and last anchor that may differ and still belong to the passage.
Judgement: a clause."""
FEW = 3
"""Up to so many characters are judged one by one where as many were read for them. Judgement:
longer replacements are other words."""
ALIKE = 0.5
"""Normalised Levenshtein similarity (0 to 1) from which such an edge belongs. Judgement."""

# Characters that print alike, or that recognisers do not tell apart, by the one they count as.
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
    """For each character its offset in the text."""


@dataclass(frozen=True, slots=True)
class MatchedPassage:
    """Old characters [a0, a1) and read ones [b0, b1), normalised, that are the same passage.

    Another passage may stand in the midst of it on one side.
    """

    a0: int
    a1: int
    b0: int
    b1: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Old characters [a0, a1) stand where the scan was read as [b0, b1); normalised offsets.

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
        """Return how many characters more the old text has here; negative where it has fewer."""
        return self.a1 - self.a0 - self.b1 + self.b0


@dataclass(frozen=True, slots=True)
class Alignment:
    """The correspondence of an old text and the text read from the scan."""

    old: NormalisedText
    read: NormalisedText
    chains: tuple[MatchedPassage, ...]
    """In the order of the old text."""
    pairs: tuple[int, ...]
    """For each old character the read one it equals, or -1; normalised offsets."""
    differences: tuple[Difference, ...]

    @property
    def covered(self) -> float:
        """Return the share of the old characters that were found on the scan, 0 to 1."""
        return sum(p >= 0 for p in self.pairs) / max(1, len(self.pairs))


def normalise_for_alignment(text: str) -> NormalisedText:
    """Return a text without white space, each character in its normalised form."""
    places = [place for place, character in enumerate(text) if not character.isspace()]
    return NormalisedText(
        "".join(_normalise_character(text[place]) for place in places), tuple(places)
    )


@cache
def _normalise_character(character: str) -> str:
    """Return the form in which a character is compared: one width, and one form for look-alikes."""
    plain = unicodedata.normalize("NFKC", character)
    plain = plain if len(plain) == 1 else character
    return plain.translate(_SAME).translate(map_standard_forms())


def align_texts(old: str, read: str) -> Alignment:
    """Align an old text with the text read from the scan.

    Passages that moved are found as moves. O(n log n) in the characters, but for the Levenshtein
    distance between anchors.
    """
    a, b = normalise_for_alignment(old), normalise_for_alignment(read)
    paired = _PairedTexts(a.string, b.string)
    for chain in chain_anchors(find_anchors(a.string, b.string)):
        paired.claim(chain)
    chains = paired.grown()
    differences = [
        part
        for chain in chains
        for d in paired.differences(chain)
        for part in _split_difference(d, a.string, b.string)
    ]
    moves = Counter(d.move for d in differences)
    differences = [
        d
        for d in differences
        if (d.move < 0 or moves[d.move] == 2) and not _repeats_mark(d, a.string, b.string)
    ]
    spans = sorted(
        (MatchedPassage(c[0].a, c[-1].a_end, c[0].b, c[-1].b_end) for c in chains),
        key=lambda c: c.a0,
    )
    return Alignment(
        a,
        b,
        tuple(spans),
        tuple(paired.pairs),
        tuple(sorted(differences, key=lambda d: (d.a0, d.a1))),
    )


def _split_difference(d: Difference, a: str, b: str) -> Iterator[Difference]:
    """Split a difference into those that can each be judged alone.

    Up to `FEW` characters for as many others are judged one by one; a mark at the end is split off
    from the characters that differ.
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
        yield from _split_difference(Difference(d.a0, d.a1, d.b0, d.b1 - 1), a, b)
        yield Difference(d.a1, d.a1, d.b1 - 1, d.b1)
    elif mark_a and not mark_b and d.a1 - d.a0 > 1:
        yield from _split_difference(Difference(d.a0, d.a1 - 1, d.b0, d.b1), a, b)
        yield Difference(d.a1 - 1, d.a1, d.b1, d.b1)
    elif mark_a and mark_b and d.excess and min(d.a1 - d.a0, d.b1 - d.b0) > 1:
        tail_a, tail_b = _marks_at_end(a[d.a0 : d.a1]), _marks_at_end(b[d.b0 : d.b1])
        if tail_a == d.a1 - d.a0 or tail_b == d.b1 - d.b0:
            yield d
            return
        yield from _split_difference(Difference(d.a0, d.a1 - tail_a, d.b0, d.b1 - tail_b), a, b)
        yield Difference(d.a1 - tail_a, d.a1, d.b1 - tail_b, d.b1)
    else:
        yield d


def _marks_at_end(string: str) -> int:
    """Return how many marks a string ends with."""
    return len(string) - len(string.rstrip("".join(c for c in string if not c.isalnum())))


def _repeats_mark(d: Difference, a: str, b: str) -> bool:
    """Tell whether one side only repeats a mark that both sides have just before.

    Such a mark belongs to the passage before it.
    """
    extra = a[d.a0 : d.a1] or b[d.b0 : d.b1]
    one_side = d.a0 == d.a1 or d.b0 == d.b1
    before = a[d.a0 - 1 : d.a0] if d.a0 else ""
    return one_side and len(extra) == 1 and not extra.isalnum() and before == extra


class _PairedTexts:
    """The pairs of characters found so far; grows while chains of anchors are claimed."""

    def __init__(self, a: str, b: str) -> None:
        self._a, self._b = a, b
        self.pairs = [-1] * len(a)
        self._taken = bytearray(len(b))
        self._chains: list[list[MatchingRun]] = []

    def claim(self, chain: Iterable[MatchingRun]) -> None:
        """Take those parts of a chain's anchors that are still free, if they are enough."""
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
        """Return the longest free part of an anchor; None where too little is left."""
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
        """Pair the characters of an anchor."""
        self.pairs[anchor.a : anchor.a_end] = range(anchor.b, anchor.b_end)
        self._taken[anchor.b : anchor.b_end] = b"\1" * anchor.length

    def grown(self) -> list[list[MatchingRun]]:
        """Return the chains, lengthened at both ends as far as the texts agree or nearly do."""
        self._merge()
        for chain in self._chains:
            for forward in (False, True):
                self._grow(chain, forward)
        return self._chains

    def _merge(self) -> None:
        """Join two chains that follow each other with nothing else between them."""
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
        """Tell whether no character of two stretches is paired."""
        return all(p < 0 for p in self.pairs[a0:a1]) and not any(self._taken[b0:b1])

    def _grow(self, chain: list[MatchingRun], forward: bool) -> None:
        """Lengthen a chain at one end by what is equal, then by a short stretch that is similar."""
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
        """Take a short similar stretch beyond an end of a chain into it, `EDGE` long at most."""
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
        """Return the free characters from a place on, at most one more than `EDGE`."""
        text = self._a if old else self._b
        found: list[str] = []
        while len(found) <= EDGE and 0 <= at < len(text):
            if self.pairs[at] >= 0 if old else self._taken[at]:
                break
            found.append(text[at])
            at += step
        return "".join(found)

    def _open(self, i: int, j: int) -> bool:
        """Tell whether two characters exist and are both free."""
        inside = 0 <= i < len(self._a) and 0 <= j < len(self._b)
        return inside and self.pairs[i] < 0 and not self._taken[j]

    def _add(self, chain: list[MatchingRun], i: int, j: int, length: int, forward: bool) -> None:
        """Pair the `length` equal characters up to (i, j), and add them to an end of a chain."""
        anchor = (
            MatchingRun(i - length, j - length, length)
            if forward
            else MatchingRun(i + 1, j + 1, length)
        )
        self._pair(anchor)
        chain.insert(len(chain) if forward else 0, anchor)

    def differences(self, chain: Sequence[MatchingRun]) -> Iterator[Difference]:
        """Yield the differences between the anchors of a chain, and pair what is equal there.

        Where another chain stands in between on one side only, it is one end of a move; where the
        two are interleaved in another way, the order differs and not the words.
        """
        for last, following in pairwise(chain):
            a0, a1, b0, b1 = last.a_end, following.a, last.b_end, following.b
            if a0 > a1 or b0 > b1:
                continue
            old, read = self._chains_inside(a0, a1, True), self._chains_inside(b0, b1, False)
            if not old and not read:
                yield from self._compare(a0, a1, b0, b1)
            elif len(old) == 1 and not read:
                yield from self._moved_away(a0, a1, b0, b1, *old[0])
            elif len(read) == 1 and not old:
                yield from self._moved_here(a0, a1, b0, b1, *read[0])

    def _chains_inside(self, low: int, high: int, old: bool) -> list[tuple[int, int, int]]:
        """Return the other chains with anchors in a stretch as (number, start, end).

        A chain that lies only partly inside is listed twice, so that it is never taken for a move.
        """
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
        """Yield the differences around a passage that the scan prints elsewhere."""
        join = b0 if start == a0 else min(b1, b0 + start - a0) if end < a1 else b1
        yield from self._compare(a0, start, b0, join)
        yield Difference(start, end, join, join, number)
        yield from self._compare(end, a1, join, b1)

    def _moved_here(
        self, a0: int, a1: int, b0: int, b1: int, number: int, start: int, end: int
    ) -> Iterator[Difference]:
        """Yield the differences around a passage that the old text has elsewhere."""
        join = a0 if start == b0 else min(a1, a0 + start - b0) if end < b1 else a1
        yield from self._compare(a0, join, b0, start)
        yield Difference(join, join, start, end, number)
        yield from self._compare(join, a1, end, b1)

    def _compare(self, low_a: int, high_a: int, low_b: int, high_b: int) -> Iterator[Difference]:
        """Yield the differences of two stretches by Levenshtein distance, close ones joined."""
        last: Difference | None = None
        for op in Levenshtein.opcodes(self._a[low_a:high_a], self._b[low_b:high_b]):
            a0, a1 = low_a + op.src_start, low_a + op.src_end
            b0, b1 = low_b + op.dest_start, low_b + op.dest_end
            if op.tag == "equal":
                self._pair(MatchingRun(a0, b0, a1 - a0))
                continue
            found = Difference(a0, a1, b0, b1)
            if last is not None and _belong_together(last, found):
                self.pairs[last.a1 : a0] = [-1] * (a0 - last.a1)
                found = Difference(last.a0, a1, last.b0, b1)
            elif last is not None:
                yield last
            last = found
        if last is not None:
            yield last


def _similar(a: str, b: str) -> bool:
    """Tell whether two strings are similar enough to be the same words, some misread."""
    return Levenshtein.normalized_similarity(a, b) >= ALIKE


def _belong_together(x: Difference, y: Difference) -> bool:
    """Tell whether two differences are one: the equal characters between them may be chance."""
    sizes = [max(d.a1 - d.a0, d.b1 - d.b0) for d in (x, y)]
    return y.a0 - x.a1 <= min(2, max(sizes) // 3)
