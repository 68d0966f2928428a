"""An article as one string for detectors, and the way back to its parts and glyphs."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from newspage.model import HEADLINE_KINDS, ArticleRecord, Char, Chars, RegionKind

BREAK = "\n"
"""Stands between the parts of an article: kicker, title, deck, byline, each paragraph."""
HEADS = (*HEADLINE_KINDS, RegionKind.BYLINE)
"""Kinds of the parts before the paragraphs of an article, as `ArticleRecord.heads` has them."""


@dataclass(frozen=True, slots=True)
class TextPart:
    """Characters [start, end) of a text that were printed as one part."""

    start: int
    end: int
    kind: RegionKind

    @property
    def body(self) -> bool:
        """Tell whether the part is running text."""
        return self.kind is RegionKind.BODY


@dataclass(frozen=True, slots=True)
class FlatText:
    """An article as one string. Spans of proposals and corrections are offsets in it.

    The parts (`blocks`) follow each other, with white space between them. `chars` has one entry a
    character of `string`; it is empty where the text came from a file and not from a scan.
    A line break inside a part (a headline of two lines) has a glyph, one between parts has none.
    """

    id: str
    string: str
    blocks: tuple[TextPart, ...]
    chars: Chars = ()

    def block_at(self, offset: int) -> TextPart | None:
        """Return the part that holds the character at `offset`; None between parts."""
        i = bisect_right(self.blocks, offset, key=lambda b: b.start) - 1
        return self.blocks[i] if i >= 0 and offset < self.blocks[i].end else None

    def read_part(self, block: TextPart) -> str:
        """Return the characters of a part."""
        return self.string[block.start : block.end]

    @property
    def bodies(self) -> Iterator[tuple[TextPart, str]]:
        """Return the parts of running text, each with its characters, in order."""
        return ((b, self.read_part(b)) for b in self.blocks if b.body)


def flatten_article(article: ArticleRecord) -> FlatText:
    """Return the article's parts as one text, empty ones left out, a line break between two."""
    chars: list[Char] = []
    blocks = []
    for kind, part in _nonempty_parts(article):
        if chars:
            chars.append(Char(BREAK, "", -1))
        start = len(chars)
        chars.extend(split_into_single_chars(part))
        blocks.append(TextPart(start, len(chars), kind))
    return FlatText(article.id, "".join(c.text for c in chars), tuple(blocks), tuple(chars))


def _nonempty_parts(article: ArticleRecord) -> Iterator[tuple[RegionKind, Chars]]:
    """Yield the parts of an article that have characters, heads first, with their kinds."""
    for kind, part in zip(HEADS, article.heads, strict=True):
        if part:
            yield kind, part
    for paragraph in article.paragraphs:
        if paragraph.chars:
            yield RegionKind.BODY, paragraph.chars


def split_into_single_chars(chars: Iterable[Char]) -> Iterator[Char]:
    """Yield a glyph of several code points (a combined mark) as one entry each."""
    for char in chars:
        if len(char.text) == 1:
            yield char
        else:
            yield from (replace(char, text=t) for t in char.text)


def is_part_break(char: Char) -> bool:
    """Tell whether a character is a break between two parts, which is not printed."""
    return char.text == BREAK and not char.line
