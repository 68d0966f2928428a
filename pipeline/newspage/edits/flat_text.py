"""An article as one string for detectors, and the way back to its parts and glyphs."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from newspage.model import ArticleRecord, Char, Chars, Paragraph, RegionKind

BREAK = "\n"
"""Stands between the parts of an article: kicker, title, deck, byline, each paragraph."""


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


def rebuild_article(article: ArticleRecord, text: FlatText, chars: Chars) -> ArticleRecord:
    """Return the article with the characters of its text after corrections.

    Args:
        article: The article that `flatten_article` made `text` of.
        text: Its text before corrections; says which parts there are.
        chars: The characters after corrections, with the breaks between parts.

    Returns:
        A copy with new heads and paragraphs; a paragraph left empty is gone.

    Raises:
        ValueError: A break between title, byline and body was taken away.
    """
    parts = _split_at_breaks(chars)
    heads = [b.kind for b in text.blocks if not b.body]
    if len(parts) < len(heads):
        raise ValueError(f"article {article.id} lost a part of its head")
    fields = dict(zip(heads, parts, strict=False))
    return replace(
        article,
        kicker=fields.get(RegionKind.KICKER, ()),
        title=fields.get(RegionKind.TITLE, ()),
        deck=fields.get(RegionKind.DECK, ()),
        byline=fields.get(RegionKind.BYLINE, ()),
        paragraphs=tuple(Paragraph(p) for p in parts[len(heads) :] if p),
    )


_HEADS = (RegionKind.KICKER, RegionKind.TITLE, RegionKind.DECK, RegionKind.BYLINE)
"""The kinds of an article's heads, in the order of `ArticleRecord.heads`."""


def _nonempty_parts(article: ArticleRecord) -> Iterator[tuple[RegionKind, Chars]]:
    """Yield the parts of an article that have characters, heads first, with their kinds."""
    for kind, part in zip(_HEADS, article.heads, strict=True):
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


def _split_at_breaks(chars: Chars) -> list[Chars]:
    """Return the stretches between the breaks of parts, which have no line of their own."""
    parts: list[list[Char]] = [[]]
    for char in chars:
        if char.text == BREAK and not char.line:
            parts.append([])
        else:
            parts[-1].append(char)
    return [tuple(p) for p in parts]
