"""Give every character of an imported line its place: as the file says, else evenly along it."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from newspage.formats import PieceKind
from newspage.geometry import Box, Polygon
from newspage.model import Direction, Glyph
from newspage.source_markup import KeptMarkup
from newspage.sources import SourceGlyph, SourceLine, SourceWord
from newspage.spacing import FIRST_WIDE

CERTAIN = 1.0
"""Confidence of characters of which the file says none: a text without them is taken as it is."""
_CORNERS = 1000
"""Corners beyond which an outline is not asked how high it is at each character."""


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word of the file, and the characters of the line that it holds."""

    word: SourceWord
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PlacedGlyphs:
    """The characters of a line with their places."""

    glyphs: tuple[Glyph, ...]
    markup: tuple[KeptMarkup, ...]
    """Of each character."""
    words: tuple[PlacedWord, ...]
    """The words of the file; none where its text of the line is not that of its words."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """A character of a line; its box is None until it is known."""

    text: str
    box: Box | None
    confidence: float
    markup: KeptMarkup = KeptMarkup()  # noqa: RUF009 - it is never changed


def place_glyphs(line: SourceLine, box: Box, direction: Direction) -> PlacedGlyphs:
    """Return the characters of a line with their places.

    A blank stands between two words, unless one of them is Chinese there: programs part Chinese
    characters like words, print does not.

    Args:
        line: The line, in pixels of the scan.
        box: The place of the line.
        direction: Its direction of writing.
    """
    words = [word for word in line.words if word.text]
    if line.text is not None and _bare(line.text) != _bare("".join(w.text for w in words)):
        words = [SourceWord(_one_line(line.text), None, line.confidence)] if line.text else []
        line = replace(line, text=None)
        known = False
    else:
        known = True
    axis = _Axis(direction)
    cells: list[_Cell] = []
    placed: list[PlacedWord] = []
    for word, blank in _with_blanks(words, line.text):
        if blank is not None:
            sole = blank.box if len(blank.text) == 1 else None
            cells += [_Cell(character, sole, CERTAIN) for character in blank.text]
        if word is not None:
            start = len(cells)
            cells += _place_word(word, line.confidence, axis)
            placed.append(PlacedWord(word, start, len(cells)))
    outline = line.polygon if len(line.polygon) <= _CORNERS else ()
    cells = _fill_places(cells, box, axis, outline)
    glyphs = tuple(Glyph(c.text, c.box or box, c.confidence) for c in cells)
    return PlacedGlyphs(glyphs, tuple(c.markup for c in cells), tuple(placed) if known else ())


def _bare(text: str) -> str:
    """Return a text without white space."""
    return "".join(text.split())


def _one_line(text: str) -> str:
    """Return a text with blanks for breaks of lines and tabs, none at its ends."""
    return "".join(" " if c in "\t\n\r" else c for c in text.strip("\t\n\r"))


def _with_blanks(
    words: Sequence[SourceWord], text: str | None
) -> Iterator[tuple[SourceWord | None, SourceWord | None]]:
    """Yield the words of a line, with each the blank that stands before it, if one does.

    `text` is that of the whole line, where the file has it: then the blanks are as there. A blank
    at the end comes with no word.
    """
    rest = None if text is None else _one_line(text)
    before: SourceWord | None = None
    blank: SourceWord | None = None
    for word in words:
        if word.kind is PieceKind.BLANK:
            blank = word
            continue
        if rest is not None and rest.startswith(word.text):
            blank, rest = None, rest[len(word.text) :]
        elif rest is not None:
            gap = len(rest) - len(rest.lstrip())
            blank = SourceWord(rest[:gap], blank.box if blank else None) if gap else None
            word, rest = _take_word(word, rest[gap:])
        elif before is not None and word.kind is PieceKind.WORD:
            wide = max(before.text[-1], word.text[0]) >= FIRST_WIDE
            blank = None if wide else blank or SourceWord(" ")
        yield word, blank
        before, blank = word, None
    if rest:
        blank = SourceWord(rest)
    if blank is not None:
        yield None, blank


def _take_word(word: SourceWord, rest: str) -> tuple[SourceWord, str]:
    """Return a word with its text as the line has it, and the text of the line behind it."""
    wanted, taken = len(_bare(word.text)), 0
    for index, character in enumerate(rest):
        taken += not character.isspace()
        if taken == wanted:
            return replace(word, text=rest[: index + 1]), rest[index + 1 :]
    return replace(word, text=rest), ""


def _place_word(word: SourceWord, sure: float | None, axis: "_Axis") -> list[_Cell]:
    """Return the characters of a word; `sure` is the confidence of its line, 0 to 1."""
    if word.confidence is not None:
        sure = word.confidence
    cells: list[_Cell] = []
    at = 0
    for text, glyph in _match_glyphs(word):
        given = glyph.confidence if glyph else None
        if given is None and len(word.confidences) == len(word.text):
            given = word.confidences[at]
        if given is None:
            given = CERTAIN if sure is None else sure
        cells.append(
            _Cell(text, glyph.box, given, glyph.markup) if glyph else _Cell(text, None, given)
        )
        at += len(text)
    return _fill_places(cells, word.box, axis) if word.box else cells


def _match_glyphs(word: SourceWord) -> Iterator[tuple[str, SourceGlyph | None]]:
    """Yield the characters of a word, each with the glyph that the file has for it, if any."""
    at = 0
    for glyph in word.glyphs:
        found = word.text.find(glyph.text, at) if glyph.text else -1
        if found < 0:
            continue
        for text in split_characters(word.text[at:found]):
            yield text, None
        yield glyph.text, glyph
        at = found + len(glyph.text)
    for text in split_characters(word.text[at:]):
        yield text, None


def split_characters(text: str) -> Iterator[str]:
    """Yield the characters of a text, each with the marks that are set upon it."""
    held = ""
    for character in text:
        if held and (unicodedata.combining(character) or character in _JOINED):
            held += character
            continue
        if held:
            yield held
        held = character
    if held:
        yield held


_JOINED = frozenset(
    "\u200d" + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
"""Characters that are part of the one before: joiners and selectors of variants."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """The direction in which characters follow each other, as one coordinate that grows."""

    direction: Direction

    def measure_span(self, box: Box) -> tuple[float, float]:
        """Return where a box begins and ends."""
        if self.direction is Direction.VERTICAL:
            return box.top, box.bottom
        if self.direction is Direction.HORIZONTAL_RTL:
            return -box.right, -box.left
        return box.left, box.right

    def measure_across(self, box: Box) -> tuple[float, float]:
        """Return the two sides of a box along which characters follow each other."""
        vertical = self.direction is Direction.VERTICAL
        return (box.left, box.right) if vertical else (box.top, box.bottom)

    def cut_span(self, box: Box, start: float, end: float, outline: Polygon) -> Box:
        """Return the part of a box between two places, as high as the outline is there."""
        if self.direction is Direction.VERTICAL:
            outline = tuple((y, x) for x, y in outline)
        elif self.direction is Direction.HORIZONTAL_RTL:
            start, end = -end, -start
        low, high = _measure_outline(outline, start, end) or self.measure_across(box)
        vertical = self.direction is Direction.VERTICAL
        return Box(low, start, high, end) if vertical else Box(start, low, end, high)

    def find_shared(self, before: Box, after: Box, otherwise: Box) -> Box:
        """Return `otherwise`, across no wider than the room that two boxes share, if they do."""
        (low0, high0), (low1, high1) = (self.measure_across(box) for box in (before, after))
        low, high = max(low0, low1), min(high0, high1)
        if low >= high:
            return otherwise
        if self.direction is Direction.VERTICAL:
            return replace(otherwise, left=low, right=high)
        return replace(otherwise, top=low, bottom=high)


def _measure_outline(
    outline: Sequence[tuple[float, float]], start: float, end: float
) -> tuple[float, float] | None:
    """Return the least and greatest second coordinate of an outline between two first ones."""
    found: list[float] = []
    for i, (x0, y0) in enumerate(outline):
        x1, y1 = outline[i - 1]
        crossed = (at for at in (start, end) if min(x0, x1) <= at <= max(x0, x1) and x0 != x1)
        found += [y0 + (y1 - y0) * (at - x0) / (x1 - x0) for at in crossed]
        if start <= x0 <= end:
            found.append(y0)
    return (min(found), max(found)) if len(found) > 1 else None


def _fill_places(
    cells: Iterable[_Cell], box: Box, axis: _Axis, outline: Polygon = ()
) -> list[_Cell]:
    """Return characters with a place each: those without one share the room between the others.

    Args:
        cells: The characters in order.
        box: The place of all of them.
        axis: The direction in which they follow each other.
        outline: The outline of the line, where it is not that of its box.
    """
    filled = list(cells)
    first, last = axis.measure_span(box)
    at = 0
    while at < len(filled):
        if filled[at].box is not None:
            at += 1
            continue
        end = at
        while end < len(filled) and filled[end].box is None:
            end += 1
        before = filled[at - 1].box if at else None
        after = filled[end].box if end < len(filled) else None
        left = axis.measure_span(before)[1] if before else first
        right = max(left, axis.measure_span(after)[0] if after else last)
        blank = before and after and all(cell.text.isspace() for cell in filled[at:end])
        # A blank is as high as what stands beside it: nothing else tells.
        room = axis.find_shared(before, after, box) if before and after and blank else box
        around = () if blank else outline
        weights = [_measure_width(cell.text) for cell in filled[at:end]]
        steps = [0.0, *accumulate(weights)]
        for i in range(at, end):
            start, stop = (
                left + (right - left) * s / steps[-1] for s in steps[i - at : i - at + 2]
            )
            filled[i] = replace(filled[i], box=axis.cut_span(room, start, stop, around))
        at = end
    return filled


def _measure_width(text: str) -> float:
    """Return the width of a character in em: half of one for those of half width."""
    return 1.0 if unicodedata.east_asian_width(text[0]) in "WF" else 0.5
