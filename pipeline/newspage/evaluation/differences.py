"""Compare two texts character by character: what is wrong, too much, missing or elsewhere.

Two measures are made of it. `count_edits` takes the edit distance apart into substitutions,
insertions and deletions. `compare_texts` sets passages aside first that stand elsewhere in the
other text, so that a paragraph in the wrong place is one misplaced passage and not hundreds of
characters too many and as many missing.

Of several shortest ways from one text to the other always the same one is taken, whichever of the
two is called the true one: exchanging them exchanges insertions and deletions, and nothing else.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

from newspage.evaluation.scores import EditCount, QualityCount
from newspage.matching_runs import SEED, MatchingRun, find_anchors, select_heaviest

NEAR = 30
"""Characters between two equal runs of a misplaced passage, at most. Judgement: a sentence; with
more, two passages that were moved apart would become one."""
RESUMES = 2
"""Equal characters behind a different one with which a misplaced passage goes on. Judgement: one
may be equal by chance."""

Span = tuple[int, int]
"""Start and end of some characters in a text; the end lies behind the last one."""

_Places = Sequence[int]
"""Offsets of characters in a text, rising."""
_Block = tuple[Span, Span]
"""Characters of two texts that stand against each other."""


class DifferenceKind(StrEnum):
    """The kinds of differences that quality control tells apart."""

    WRONG = "wrong"
    """Other characters than those printed (错字)."""
    EXTRA = "extra"
    """Characters that are not printed there (多字)."""
    MISSING = "missing"
    """Printed characters that the text lacks (少字)."""
    MOVED = "moved"
    """A passage that stands elsewhere in the text (错位)."""


@dataclass(frozen=True, slots=True)
class TextDifference:
    """A place where a text differs from the true one; spans are offsets in the two texts."""

    true: Span
    read: Span
    moved: int = 0
    """Characters that are equal and stand elsewhere; 0 for all other differences."""

    @property
    def kind(self) -> DifferenceKind:
        """Return the kind; one with characters on both sides is WRONG, however many there are."""
        if self.moved:
            return DifferenceKind.MOVED
        if self.true[0] == self.true[1]:
            return DifferenceKind.EXTRA
        return DifferenceKind.MISSING if self.read[0] == self.read[1] else DifferenceKind.WRONG

    @property
    def edits(self) -> tuple[int, int, int]:
        """Return how many characters are wrong, too many and missing in it."""
        if self.moved:
            return 0, 0, 0
        return _count_block((self.true, self.read))

    def exchange_texts(self) -> "TextDifference":
        """Return the difference with the two texts exchanged."""
        return TextDifference(self.read, self.true, self.moved)


@dataclass(frozen=True, slots=True)
class TextComparison:
    """All differences between two texts, and the characters that stand for each other."""

    differences: tuple[TextDifference, ...]
    """In the order of the true text."""
    pairs: tuple[tuple[int, int], ...]
    """Offsets, in the true and the other text, of characters that stand for each other, right or
    wrong, misplaced ones too."""

    def count_edits(self, true: str, read: str) -> EditCount:
        """Return what the function `count_edits` does, for the two texts that were compared."""
        quality = self.count_quality(len(true))
        if quality.moved:
            return count_edits(true, read)
        return EditCount(quality.wrong, quality.extra, quality.missing, quality.of)

    def count_quality(self, length: int) -> QualityCount:
        """Return the counts of quality control; `length` is that of the true text."""
        wrong = extra = missing = moved = 0
        for difference in self.differences:
            edits = difference.edits
            wrong, extra, missing = wrong + edits[0], extra + edits[1], missing + edits[2]
            moved += difference.moved
        return QualityCount(wrong, extra, missing, moved, length)


def count_edits(true: Sequence[str], read: Sequence[str]) -> EditCount:
    """Return the edit distance between two texts, or two lists of words, by kind of edit.

    Order counts: what stands elsewhere is deleted here and inserted there.
    """
    wrong = extra = missing = 0
    for block in _edit_blocks(true, read):
        edits = _count_block(block)
        wrong, extra, missing = wrong + edits[0], extra + edits[1], missing + edits[2]
    return EditCount(wrong, extra, missing, len(true))


def compare_texts(true: str, read: str) -> TextComparison:
    """Return the differences between two texts, misplaced passages set aside."""
    if _is_second(true, read):
        other = compare_texts(read, true)
        differences = (d.exchange_texts() for d in other.differences)
        return TextComparison(
            tuple(sorted(differences, key=_place_of)), tuple((a, b) for b, a in other.pairs)
        )
    found: list[TextDifference] = []
    pairs: list[tuple[int, int]] = []
    passages = _moved_passages(true, read)
    for a_places, b_places, passage in _pieces(len(true), len(read), passages):
        blocks = list(_edit_blocks(_select(true, a_places), _select(read, b_places)))
        for block in blocks:
            found += _locate_block(block, a_places, b_places)
        pairs += _pair_characters(blocks, a_places, b_places)
        if passage is not None:
            wrong = sum(_count_block(b)[0] + _count_block(b)[2] for b in blocks)
            found.append(TextDifference(*passage, len(a_places) - wrong))
    return TextComparison(tuple(sorted(found, key=_place_of)), tuple(pairs))


def _place_of(difference: TextDifference) -> tuple[Span, Span]:
    """Return the key by which differences are put into the order of the true text."""
    return difference.true, difference.read


def _is_second(a: Sequence[str], b: Sequence[str]) -> bool:
    """Tell whether to exchange the texts before comparing, so that either order gives the same."""
    return (len(b), b) < (len(a), a)


def _count_block(block: _Block) -> tuple[int, int, int]:
    """Return how many characters are wrong, too many and missing in a block."""
    (a, a_end), (b, b_end) = block
    shared = min(a_end - a, b_end - b)
    return shared, b_end - b - shared, a_end - a - shared


def _edit_blocks(a: Sequence[str], b: Sequence[str]) -> Iterator[_Block]:
    """Yield the stretches of two texts that differ, with equal characters around each of them."""
    if _is_second(a, b):
        yield from ((left, right) for right, left in _edit_blocks(b, a))
        return
    block: _Block | None = None
    for op in Levenshtein.opcodes(a, b):
        if op.tag == "equal":
            if block is not None:
                yield block
            block = None
        else:
            start = block or ((op.src_start, 0), (op.dest_start, 0))
            block = (start[0][0], op.src_end), (start[1][0], op.dest_end)
    if block is not None:
        yield block


def _moved_passages(a: str, b: str) -> list[_Block]:
    """Return the passages that stand elsewhere in the other text; they do not overlap.

    Passages are looked for by strings that occur once in each text. The heaviest sequence of them
    that has one order in both stays, so that of two passages that changed places the shorter one
    has moved.
    """
    anchors = find_anchors(a, b)
    kept = set(select_heaviest(anchors))
    rest = [anchor for anchor in anchors if anchor not in kept]
    if not rest:
        return []
    free = bytearray(b"\1") * len(a), bytearray(b"\1") * len(b)
    a_end = b_end = 0
    for anchor in (x for x in anchors if x in kept):
        # Anchors may share a few characters at their ends; these belong to the first one.
        shared = max(0, a_end - anchor.a, b_end - anchor.b)
        a_end, b_end = anchor.a_end, anchor.b_end
        free[0][anchor.a + shared : a_end] = bytes(anchor.length - shared)
        free[1][anchor.b + shared : b_end] = bytes(anchor.length - shared)
    found = []
    for passage in sorted(_group_anchors(rest), key=lambda p: (p[0][0] - p[0][1], p)):
        fitted = _fit_passage(passage, (a, b), free)
        if fitted is not None:
            found.append(fitted)
            for side, (start, end) in zip(free, fitted, strict=True):
                side[start:end] = bytes(end - start)
    return found


def _group_anchors(anchors: Iterable[MatchingRun]) -> list[_Block]:
    """Return the passages that anchors make which follow each other closely in both texts."""
    passages: list[_Block] = []
    for anchor in anchors:
        if passages:
            (a, a_end), (b, b_end) = passages[-1]
            if -SEED < anchor.a - a_end <= NEAR and -SEED < anchor.b - b_end <= NEAR:
                passages[-1] = (a, anchor.a_end), (b, anchor.b_end)
                continue
        passages.append(((anchor.a, anchor.a_end), (anchor.b, anchor.b_end)))
    return passages


def _fit_passage(
    passage: _Block, texts: tuple[str, str], free: tuple[bytearray, bytearray]
) -> _Block | None:
    """Return a passage without what is taken at its ends, grown by what is alike around it.

    None where too little is left of it, or where taken characters stand inside.
    """
    ((a, a_end), (b, b_end)), (open_a, open_b) = passage, free
    while a < a_end and b < b_end and not (open_a[a] and open_b[b]):
        a, b = a + 1, b + 1
    while a < a_end and b < b_end and not (open_a[a_end - 1] and open_b[b_end - 1]):
        a_end, b_end = a_end - 1, b_end - 1
    if min(a_end - a, b_end - b) < SEED or 0 in open_a[a:a_end] or 0 in open_b[b:b_end]:
        return None

    def alike(i: int, j: int) -> bool | None:
        """Tell whether two characters are equal; None where one of them is taken or not there."""
        if not (0 <= i < len(open_a) and 0 <= j < len(open_b) and open_a[i] and open_b[j]):
            return None
        return texts[0][i] == texts[1][j]

    before = _count_alike(alike(a - i, b - i) for i in range(1, min(a, b) + 1))
    after = _count_alike(alike(a_end + i, b_end + i) for i in range(len(open_a)))
    return (a - before, a_end + after), (b - before, b_end + after)


def _count_alike(alike: Iterable[bool | None]) -> int:
    """Return how many characters go on with a passage, from its end on.

    One that differs is passed over where the `RESUMES` behind it are equal again.
    """
    count = equal = 0
    differs = False
    for number, same in enumerate(alike, 1):
        if same is None or (not same and differs):
            break
        equal = equal + 1 if same else 0
        differs = differs and equal < RESUMES if same else True
        if not differs:
            count = number
    return count


def _pieces(
    a_length: int, b_length: int, passages: Sequence[_Block]
) -> Iterator[tuple[_Places, _Places, _Block | None]]:
    """Yield what is compared with each other: the texts without the passages, then each passage."""
    yield (
        _places_beside(a_length, [a for a, _ in passages]),
        _places_beside(b_length, [b for _, b in passages]),
        None,
    )
    for a, b in passages:
        yield range(*a), range(*b), (a, b)


def _places_beside(length: int, spans: Sequence[Span]) -> _Places:
    """Return the offsets of a text that lie in none of some spans."""
    if not spans:
        return range(length)
    inside = {i for span in spans for i in range(*span)}
    return [i for i in range(length) if i not in inside]


def _select(text: str, places: _Places) -> str:
    """Return the characters at some offsets of a text."""
    if isinstance(places, range):
        return text[places.start : places.stop]
    return "".join(text[i] for i in places)


def _locate_block(block: _Block, a_places: _Places, b_places: _Places) -> Iterator[TextDifference]:
    """Yield the differences of a block, parted where a passage was set aside inside it."""
    (a_start, a_end), (b_start, b_end) = block
    a, b = a_places[a_start:a_end], b_places[b_start:b_end]
    size, start = max(len(a), len(b)), 0
    for i in range(1, size + 1):
        if i == size or _jumps(a, i) or _jumps(b, i):
            true = _span(a, start, i, _place_after(a_places, a_start))
            read = _span(b, start, i, _place_after(b_places, b_start))
            yield TextDifference(true, read)
            start = i


def _jumps(places: _Places, i: int) -> bool:
    """Tell whether the i-th offset does not follow the one before it."""
    return i < len(places) and places[i] != places[i - 1] + 1


def _place_after(places: _Places, i: int) -> int:
    """Return the offset right after the (i-1)-th character: where the i-th one is inserted."""
    return places[i - 1] + 1 if i else 0


def _span(places: _Places, start: int, end: int, empty: int) -> Span:
    """Return the span of offsets from the `start`-th on; an empty one where there are none."""
    if start < len(places):
        return places[start], places[min(end, len(places)) - 1] + 1
    at = places[-1] + 1 if len(places) else empty
    return at, at


def _pair_characters(
    blocks: Iterable[_Block], a_places: _Places, b_places: _Places
) -> Iterator[tuple[int, int]]:
    """Yield the offsets of the characters that stand for each other, right or wrong."""
    a = b = 0
    for (a_start, a_end), (b_start, b_end) in blocks:
        yield from zip(a_places[a:a_start], b_places[b:b_start], strict=True)
        # Of a block the first ones stand for each other, the rest is missing or too much.
        yield from zip(a_places[a_start:a_end], b_places[b_start:b_end], strict=False)
        a, b = a_end, b_end
    yield from zip(a_places[a:], b_places[b:], strict=True)
