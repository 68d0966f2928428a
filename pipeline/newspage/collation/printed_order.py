"""Judge from the places of glyphs whether a difference between an old text and a scan is real.

A character that was not read may be printed all the same: a glyph at the edge of a line may have
been cut off, a line overlooked, a column put in the wrong place. Only where the printed characters
before and after are neighbours has the text too much.

The thresholds are judgements; docs/correction.md has the figures that they lead to.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from newspage.collation.adjacency import Adjacency, find_weakest_step, measure_room
from newspage.collation.align import Alignment, Difference
from newspage.edits import BREAK, FlatText
from newspage.model import Char, TextLine

SLIP = 2
"""Up to so many characters occur in any text: that they occur elsewhere too is no evidence."""
SCRAP = 6
"""A missing line with fewer glyphs is taken for a speck, a rule or a stray mark."""
ROOM = 0.45
"""Ems at the end or the beginning of a line in which a glyph may have been overlooked: a little
less than a narrow mark takes."""
WIDER = 0.45
"""Ems by which the edge of a column may be measured too near where few of its lines are known."""
GAP = 0.9
"""Ems of empty paper between two characters of a line that may hold another one: nearly a glyph,
and more than the blank half that comes with a mark."""


def judge_printed_order(
    old: FlatText,
    read: FlatText,
    alignment: Alignment,
    d: Difference,
    lines: Mapping[str, TextLine],
) -> Adjacency:
    """Return how certain it is that what was read for a difference is all that is printed there.

    Args:
        old: The old text.
        read: The text of the page as it was read.
        alignment: The alignment of the two.
        d: The difference to judge; offsets are those of the normalised texts.
        lines: The text lines of the page by their ids.

    Returns:
        NO where the difference is rather a fault of the reading, UNKNOWN where a person must look.
    """
    order = _order(old, read, alignment, d, lines)
    return order if _between_partners(alignment, d) else min(order, Adjacency.UNKNOWN)


def _order(
    old: FlatText,
    read: FlatText,
    alignment: Alignment,
    d: Difference,
    lines: Mapping[str, TextLine],
) -> Adjacency:
    """Judge a difference by the characters around it alone, as `judge_printed_order` does."""
    row = _row(read, alignment, d)
    if d.excess == 0:
        torn = find_weakest_step(row, lines) is Adjacency.NO or _overlooked(row, 1, lines)
        return Adjacency.UNKNOWN if torn else Adjacency.YES
    if d.a0 == d.a1:
        if _inserts_at_break(old, alignment, d) and not _continues(row):
            return Adjacency.NO
        order = find_weakest_step(row, lines)
        slip = order is not Adjacency.YES and d.b1 - d.b0 <= SLIP
        if _scrap(row, lines) or (slip and not _ends_line(row, lines)):
            return Adjacency.NO
        return order
    if d.excess < 0 and find_weakest_step(row, lines) is not Adjacency.YES:
        return Adjacency.NO
    if d.excess > 0 and (_at_break(old, alignment, d) or _overlooked(row, d.excess, lines)):
        return Adjacency.NO
    if d.excess > 0 and _overlooked(row, d.excess, lines, WIDER):
        return min(find_weakest_step(row, lines), Adjacency.UNKNOWN)
    return find_weakest_step(row, lines)


def _between_partners(alignment: Alignment, d: Difference) -> bool:
    """Tell whether the characters on both sides of a difference have counterparts, or differ too.

    At the edge of a passage that was found it is not known what is printed next.
    """
    return d.move >= 0 or all(
        not 0 <= at < len(alignment.pairs)
        or alignment.pairs[at] == like
        or any(x.a0 <= at < x.a1 for x in alignment.differences)
        for at, like in ((d.a0 - 1, d.b0 - 1), (d.a1, d.b1))
    )


def is_hanging_character(read: FlatText, alignment: Alignment, d: Difference) -> bool:
    """Tell whether the text lacks one character that is the last of its line.

    It may belong to what is printed beside the line.
    """
    row = _row(read, alignment, d)
    return d.a0 == d.a1 and d.b1 - d.b0 == 1 and len(row) == 3 and row[1].line != row[2].line


def is_misplaced(alignment: Alignment, d: Difference) -> bool:
    """Tell whether the text that one side lacks stands there elsewhere, without a counterpart.

    Then lines were put in the wrong order, and the words may well be right.
    """
    if d.move >= 0 or abs(d.excess) <= SLIP:
        return False
    if d.excess > 0:
        taken = {p for p in alignment.pairs if p >= 0}
        extra = alignment.old.string[d.a0 : d.a1]
        return any(
            not any(i in taken for i in range(at, at + len(extra)))
            for at in _places(alignment.read.string, extra)
        )
    missing = alignment.read.string[d.b0 : d.b1]
    return any(
        all(p < 0 for p in alignment.pairs[at : at + len(missing)])
        for at in _places(alignment.old.string, missing)
    )


def _places(text: str, part: str) -> list[int]:
    """Return every offset at which a part occurs in a text."""
    found, at = [], text.find(part)
    while at >= 0:
        found.append(at)
        at = text.find(part, at + 1)
    return found


def _row(read: FlatText, alignment: Alignment, d: Difference) -> list[Char]:
    """Return the character printed before, those of the difference, and the one printed after."""
    places = alignment.read.places
    low, high = max(0, d.b0 - 1), min(len(places), d.b1 + 1)
    return [read.chars[places[i]] for i in range(low, high) if read.chars[places[i]].line]


def _at_break(old: FlatText, alignment: Alignment, d: Difference) -> bool:
    """Tell whether the surplus of the text touches the beginning or the end of a block of it."""
    places = alignment.old.places
    before = places[d.a0 - 1] + 1 if d.a0 else 0
    after = places[d.a1] if d.a1 < len(places) else len(old.string)
    edges = old.string[before:after]
    return BREAK in edges or d.a0 == 0 or d.a1 == len(places)


def _scrap(row: Sequence[Char], lines: Mapping[str, TextLine]) -> bool:
    """Tell whether the missing characters are a short line of their own: a speck, or a rule."""
    inserted = {c.line for c in row[1:-1]} - {row[0].line, row[-1].line}
    return any(len(lines[name].glyphs) < SCRAP for name in inserted if name in lines)


def _continues(row: Sequence[Char]) -> bool:
    """Tell whether the missing characters share a line with the character before or after them."""
    return len(row) > 2 and (row[0].line == row[1].line or row[-2].line == row[-1].line)


def _ends_line(row: Sequence[Char], lines: Mapping[str, TextLine]) -> bool:
    """Tell whether the missing characters end the line of the one before, and are part of it."""
    own = [c for c in row if c.line == row[0].line]
    return len(own) == len(row) - 1 and find_weakest_step(own, lines) is Adjacency.YES


def _inserts_at_break(old: FlatText, alignment: Alignment, d: Difference) -> bool:
    """Tell whether the missing characters would stand between two blocks, and belong to neither."""
    places = alignment.old.places
    if not 0 < d.a0 < len(places):
        return True
    return BREAK in old.string[places[d.a0 - 1] : places[d.a0]]


def _overlooked(
    row: Sequence[Char], excess: int, lines: Mapping[str, TextLine], wider: float = 0.0
) -> bool:
    """Tell whether two neighbours leave room for so many glyphs that were not read.

    `excess` counts the glyphs; `wider` are ems by which the room may have been measured too small
    where a line ends.
    """
    for a, b in pairwise(row):
        ends = a.line != b.line
        empty = measure_room(a, b, lines) + wider * ends
        if empty > (ROOM if ends else GAP) and excess <= empty + 1:
            return True
    return False
