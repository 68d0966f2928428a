"""One string a detector can look at, and the way back from it to articles and glyphs."""

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
        return self.kind is RegionKind.BODY


@dataclass(frozen=True, slots=True)
class FlatText:
    """An article as one string. Spans of proposals and corrections are offsets in it.

    The blocks follow each other; what lies between two of them is white space. `chars` has one
    entry a character of `string`; it is empty where the text came from a file and not from a scan.
    A line break inside a part (a headline of two lines) has a glyph, one between parts has none.
    """

    id: str
    string: str
    blocks: tuple[TextPart, ...]
    chars: Chars = ()

    def block_at(self, offset: int) -> TextPart | None:
        """The block that holds the character at `offset`; None between blocks."""
        i = bisect_right(self.blocks, offset, key=lambda b: b.start) - 1
        return self.blocks[i] if i >= 0 and offset < self.blocks[i].end else None

    def read_part(self, block: TextPart) -> str:
        return self.string[block.start : block.end]

    @property
    def bodies(self) -> Iterator[tuple[TextPart, str]]:
        """The running text, block by block."""
        return ((b, self.read_part(b)) for b in self.blocks if b.body)


def flatten_article(article: ArticleRecord) -> FlatText:
    """The article's parts, empty ones left out, one after the other with a line break between."""
    chars: list[Char] = []
    blocks = []
    for kind, part in _parts(article):
        if chars:
            chars.append(Char(BREAK, "", -1))
        start = len(chars)
        chars.extend(split_into_single_chars(part))
        blocks.append(TextPart(start, len(chars), kind))
    return FlatText(article.id, "".join(c.text for c in chars), tuple(blocks), tuple(chars))


def rebuild_article(article: ArticleRecord, text: FlatText, chars: Chars) -> ArticleRecord:
    """`article` with the characters of `text` after corrections instead of its own.

    Raises ValueError where a break between title, byline and body was taken away.
    """
    parts = _split(chars)
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


def _parts(article: ArticleRecord) -> Iterator[tuple[RegionKind, Chars]]:
    for kind, part in zip(_HEADS, article.heads, strict=True):
        if part:
            yield kind, part
    for paragraph in article.paragraphs:
        if paragraph.chars:
            yield RegionKind.BODY, paragraph.chars


def split_into_single_chars(chars: Iterable[Char]) -> Iterator[Char]:
    """Yield a glyph of several code points (a combined mark) as one entry each, of that glyph."""
    for char in chars:
        if len(char.text) == 1:
            yield char
        else:
            yield from (replace(char, text=t) for t in char.text)


def _split(chars: Chars) -> list[Chars]:
    parts: list[list[Char]] = [[]]
    for char in chars:
        if char.text == BREAK and not char.line:
            parts.append([])
        else:
            parts[-1].append(char)
    return [tuple(p) for p in parts]
