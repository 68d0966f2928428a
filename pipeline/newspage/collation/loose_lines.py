"""Lines that the layout analysis put in a wrong place, moved to where an old text has them.

A byline taken into the column beside it, an unplaced line, an advertisement in the midst of a
sentence: where the old text lacks a line at its place, or has it elsewhere, the line moves. Only
the order in which a page is compared changes; the page record stays as it is.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from newspage.collation.adjacency import Adjacency, judge_following
from newspage.collation.align import Alignment, align_texts
from newspage.edits import BREAK, FlatText, TextPart
from newspage.model import Char, RegionKind, TextLine

LOOSE = 0.5
"""A line of whose characters a smaller share has a counterpart in the old text may be out of place.
Judgement."""
ALIKE = 0.6
"""Similarity (0 to 1) from which such a line fills a gap of the old text. Judgement: it leaves room
for two misread characters in five."""
SHORT = 2
"""A line or a gap with fewer characters is left alone: one character is found everywhere."""


@dataclass(frozen=True, slots=True)
class MissingPassage:
    """Characters [start, end) of the normalised old text that were not found on the page."""

    start: int
    end: int
    string: str


@dataclass(frozen=True, slots=True)
class LineSpan:
    """A run of characters of one text line, as they follow each other in a text."""

    line: str
    start: int
    end: int
    paired: int
    """How many of the characters have a counterpart in the old text."""
    size: int
    """How many characters there are, blanks not counted."""

    @property
    def loose(self) -> bool:
        """Tell whether most of the characters have no counterpart in the old text."""
        return self.size >= SHORT and self.paired < LOOSE * self.size


def reorder_misplaced_lines(old: str, read: FlatText, lines: Mapping[str, TextLine]) -> FlatText:
    """Return the text of a page with its misplaced lines where the old text has them.

    A line that is printed between its neighbours stays. A line that the old text has nowhere goes
    to the end, unless it is surely printed next to one of its neighbours.

    Args:
        old: The old text.
        read: The text of the page as it was read.
        lines: The text lines of the page by their ids.
    """
    alignment = align_texts(old, read.string)
    rows = _rows(read, alignment)
    gaps = _gaps(alignment)
    moves: dict[LineSpan, int] = {}
    for row in sorted((r for r in rows if r.loose), key=lambda r: -r.size):
        steps = _steps(row, read, lines)
        if min(steps) is Adjacency.YES:
            continue
        gap = _best(read.string[row.start : row.end], gaps)
        if gap is not None:
            moves[row] = _after(gap, alignment, len(read.string))
            gaps.remove(gap)
        elif Adjacency.YES not in steps or Adjacency.NO in steps:
            moves[row] = len(read.string)
    moves = {row: to for row, to in moves.items() if not row.start <= to <= row.end}
    return _moved(read, moves) if moves else read


def _rows(read: FlatText, alignment: Alignment) -> list[LineSpan]:
    """Return the spans of the lines of a text, one for each run of characters of a line."""
    found = {alignment.read.places[p] for p in alignment.pairs if p >= 0}
    rows: list[LineSpan] = []
    start = 0
    for at in range(1, len(read.chars) + 1):
        line = read.chars[start].line
        if at < len(read.chars) and read.chars[at].line == line:
            continue
        if line:
            own = [i for i in range(start, at) if not read.string[i].isspace()]
            rows.append(LineSpan(line, start, at, sum(i in found for i in own), len(own)))
        start = at
    return rows


def _gaps(alignment: Alignment) -> list[MissingPassage]:
    """Return the runs of old characters without a counterpart."""
    gaps: list[MissingPassage] = []
    start = -1
    for at, partner in enumerate((*alignment.pairs, 0)):
        if partner < 0 and start < 0:
            start = at
        elif partner >= 0 and start >= 0:
            gaps.append(MissingPassage(start, at, alignment.old.string[start:at]))
            start = -1
    return gaps


def _best(line: str, gaps: Sequence[MissingPassage]) -> MissingPassage | None:
    """Return the gap that a line fills, or nearly fills, forwards or backwards; None without."""
    line = "".join(line.split())
    best, most = None, ALIKE
    for gap in gaps:
        for string in (line, line[::-1]):
            found = fuzz.partial_ratio_alignment(string, gap.string)
            if found is None or min(len(string), len(gap.string)) < SHORT:
                continue
            if len(gap.string) < len(string):
                alike = Levenshtein.normalized_similarity(string, gap.string)
            else:
                alike = found.score / 100
            if alike >= most:
                best, most = gap, alike
    return best


def _after(gap: MissingPassage, alignment: Alignment, length: int) -> int:
    """Return the offset in the read text where a line belongs that fills a gap."""
    for at in range(gap.start - 1, -1, -1):
        if alignment.pairs[at] >= 0:
            return alignment.read.places[alignment.pairs[at]] + 1
    for at in range(gap.end, len(alignment.pairs)):
        if alignment.pairs[at] >= 0:
            return alignment.read.places[alignment.pairs[at]]
    return length


def _steps(
    row: LineSpan, read: FlatText, lines: Mapping[str, TextLine]
) -> tuple[Adjacency, Adjacency]:
    """Judge whether a line is printed right after the character before it, and before the next."""
    chars = read.chars
    before = chars[row.start - 1] if row.start else None
    after = chars[row.end] if row.end < len(chars) else None
    return (
        judge_following(before, chars[row.start], lines)
        if before and before.line
        else Adjacency.UNKNOWN,
        judge_following(chars[row.end - 1], after, lines)
        if after and after.line
        else Adjacency.UNKNOWN,
    )


def _moved(read: FlatText, moves: Mapping[LineSpan, int]) -> FlatText:
    """Return a text with lines moved to other offsets, its blocks with them."""
    out = sorted((row.start, row.end) for row in moves)
    into: dict[int, list[LineSpan]] = {}
    for row, to in moves.items():
        into.setdefault(to, []).append(row)
    chars: list[Char] = []
    owners: list[int] = []
    kinds = [b.kind for b in read.blocks]
    number = -1
    for at, owner in enumerate((*_owners(read), -1)):
        for row in into.get(at, ()):
            if at == len(read.chars):
                # What belongs nowhere: a part of its own.
                kinds.append(RegionKind.OTHER)
                number = len(kinds) - 1
                chars.append(Char(BREAK, "", -1))
                owners.append(-1)
            chars += read.chars[row.start : row.end]
            owners += [number] * (row.end - row.start)
        if at == len(read.chars):
            break
        if not _inside(at, out):
            chars.append(read.chars[at])
            owners.append(owner)
        number = owner if owner >= 0 else number
    string = "".join(c.text for c in chars)
    return replace(read, string=string, blocks=tuple(_blocks(owners, kinds)), chars=tuple(chars))


def _inside(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Tell whether an offset lies in one of some sorted spans."""
    i = bisect_left(spans, (at + 1, 0)) - 1
    return i >= 0 and at < spans[i][1]


def _owners(read: FlatText) -> list[int]:
    """Return for each character the number of its block, -1 between blocks."""
    owners = [-1] * len(read.chars)
    for number, block in enumerate(read.blocks):
        owners[block.start : block.end] = [number] * (block.end - block.start)
    return owners


def _blocks(owners: Sequence[int], kinds: Sequence[RegionKind]) -> Iterator[TextPart]:
    """Yield the blocks that the numbers of `_owners` describe."""
    start = 0
    for at in range(1, len(owners) + 1):
        if at == len(owners) or owners[at] != owners[start]:
            if owners[start] >= 0:
                yield TextPart(start, at, kinds[owners[start]])
            start = at
