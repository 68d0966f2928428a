"""Match the corrected text of a page to its printed lines, for formats that speak of lines.

A record holds the text as read line by line, and the clean text article by article. Interchange
formats want both in one place: each printed line, its text with corrections and decisions in it,
and beside it the text as read.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from newspage.geometry import Box
from newspage.model import Char, Glyph, PageRecord, TextLine, join_chars


@dataclass(frozen=True, slots=True)
class PrintedCharacter:
    """A character of a line with corrections in it, and the glyph that it stands on."""

    text: str
    box: Box
    confidence: float
    """Of the glyph, 0 to 1; 1 where a correction or a person put the character there."""
    read: str
    """The glyph's own text; differs from `text` where it was corrected, empty for an insertion."""
    glyph: int
    """Index of the glyph in the line; -1 beside a line of which it is no glyph."""


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of the page with corrections in its text."""

    line: TextLine
    characters: tuple[PrintedCharacter, ...]

    @property
    def text(self) -> str:
        """Return the text of the line with corrections in it."""
        return "".join(c.text for c in self.characters)

    @property
    def is_corrected(self) -> bool:
        """Tell whether the text differs from the text as read."""
        return self.text != self.line.text

    @property
    def confidence(self) -> float:
        """Return the mean confidence of the characters, 0 to 1; 0 without any."""
        return sum(c.confidence for c in self.characters) / max(1, len(self.characters))


def collect_printed_lines(record: PageRecord) -> Mapping[str, PrintedLine]:
    """Return every line of a page by its id, placed or not, with corrections in its text.

    A line of which the clean text uses no character (an unplaced line, a jump line) keeps the text
    as read. Lines stand in the order of the regions, so the result is deterministic.
    """
    used = _group_by_line(record)
    regions = (line for region in record.page.regions for line in region.lines)
    return {
        line.id: PrintedLine(line, _characters_of(line, used.get(line.id, ())))
        for line in (*regions, *record.page.unplaced)
    }


def _group_by_line(record: PageRecord) -> Mapping[str, Sequence[Char]]:
    """Group the characters of the clean text by the line that they stand on, in reading order."""
    found: defaultdict[str, list[Char]] = defaultdict(list)
    for char in _clean_characters(record):
        if char.line:
            found[char.line].append(char)
    return found


def _clean_characters(record: PageRecord) -> Iterable[Char]:
    """Yield the characters of all articles and of the furniture, in the order of the record."""
    for article in record.articles:
        for head in article.heads:
            yield from head
        for paragraph in article.paragraphs:
            yield from paragraph.chars
    for item in record.furniture:
        # A line feed ends a line there and is no character of it.
        yield from (char for char in item.chars if char.text != "\n")


def _characters_of(line: TextLine, chars: Sequence[Char]) -> tuple[PrintedCharacter, ...]:
    """Return the characters of a line; the glyphs as read where the clean text has none of them.

    Only the first character on a glyph carries its text, so that insertions show as such. Blanks
    that were put at the end part the line from the next one: they are not on the line.
    """
    if not join_chars(tuple(chars)):
        return tuple(
            PrintedCharacter(g.text, g.box, g.confidence, g.text, i)
            for i, g in enumerate(line.glyphs)
        )
    seen: set[int] = set()
    found = []
    for char in chars:
        glyph = _glyph_under(line, char.glyph)
        first = char.glyph not in seen
        seen.add(char.glyph)
        box = glyph.box if glyph else line.box
        read = glyph.text if glyph and first else ""
        confidence = glyph.confidence if glyph and read == char.text else 1.0
        found.append(PrintedCharacter(char.text, box, confidence, read, char.glyph))
    while found and found[-1].text.isspace() and not found[-1].read:
        found.pop()
    return tuple(found)


def _glyph_under(line: TextLine, index: int) -> Glyph | None:
    """Return a glyph of a line by its index, None where the line has no such glyph."""
    return line.glyphs[index] if 0 <= index < len(line.glyphs) else None
