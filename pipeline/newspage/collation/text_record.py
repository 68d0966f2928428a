"""A corrected text as a page record: its articles, and its corrections placed in them."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from newspage.collation.existing_text import CorrectedText
from newspage.edits import BREAK, FlatText, TextPart, derive_article, derive_page
from newspage.model import (
    ArticleRecord,
    Char,
    Chars,
    Correction,
    Furniture,
    PageLayout,
    PageReading,
    PageRecord,
    RegionKind,
    Scan,
)

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ArticleSection:
    """The blocks of a text that make an article."""

    id: str
    blocks: tuple[TextPart, ...]


def make_text_record(
    corrected: CorrectedText, path: Path, page: PageLayout | None = None
) -> PageRecord:
    """Return the page record of a corrected text; `page` is the layout of its scan.

    Without a scan the characters lead to offsets in the file: the line is empty, the glyph is the
    offset. A lone surrogate, which no JSON may hold, becomes U+FFFD in it.
    """
    corrected = _without_surrogates(corrected)
    articles, corrections = [], []
    for section in split_sections(corrected.text):
        text = _own_text(corrected.text, section)
        articles.append(derive_article(ArticleRecord(section.id), text, ()))
        corrections += _list_placed(corrected, section, text)
    furniture = [
        Furniture(b.kind, "", _chars(corrected.text, b.start, b.end))
        for b in corrected.text.blocks
        if b.kind is RegionKind.FOLIO
    ]
    reading = PageReading(
        page or PageLayout(_scan(path), (), ()),
        tuple(articles),
        tuple(furniture),
        corrections=tuple(corrections),
    )
    return derive_page(reading, corrected.problems)


def _without_surrogates(corrected: CorrectedText) -> CorrectedText:
    """Return the text and its corrections with U+FFFD for every lone surrogate."""
    text = corrected.text
    if not _SURROGATE.search(text.string):
        return corrected
    chars = tuple(replace(c, text=_SURROGATE.sub("\ufffd", c.text)) for c in text.chars)
    text = replace(text, string=_SURROGATE.sub("\ufffd", text.string), chars=chars)
    corrections = tuple(
        replace(c, proposed=_SURROGATE.sub("\ufffd", c.proposed)) for c in corrected.corrections
    )
    return replace(corrected, text=text, corrections=corrections)


def split_sections(text: FlatText) -> Iterator[ArticleSection]:
    """Yield the articles of a text: a new one begins at a headline after running text."""
    blocks: list[TextPart] = []
    number = 1
    for block in text.blocks:
        if block.kind is RegionKind.FOLIO or text.read_part(block) == "* * *":
            continue
        if block.kind is RegionKind.TITLE and any(b.body for b in blocks):
            yield ArticleSection(f"a{number}", tuple(blocks))
            number, blocks = number + 1, []
        blocks.append(block)
    if blocks:
        yield ArticleSection(f"a{number}", tuple(blocks))


def _list_placed(
    corrected: CorrectedText, section: ArticleSection, own: FlatText
) -> list[Correction]:
    """Return the corrections that lie in an article, with spans in its own text."""
    starts = [b.start for b in section.blocks]
    offsets = _offsets(section.blocks)
    inside = [c for c in corrected.corrections if starts[0] <= c.span[0] <= section.blocks[-1].end]
    return [p for c in inside if (p := _placed(c, section, offsets, own)) is not None]


def _own_text(text: FlatText, section: ArticleSection) -> FlatText:
    """Return an article as one string, a break between its blocks.

    The first block, and a byline before the body, are its head; all others are body.
    """
    chars: list[Char] = []
    blocks: list[TextPart] = []
    for number, block in enumerate(section.blocks):
        if chars:
            chars.append(Char(BREAK, "", -1))
        start = len(chars)
        chars += _chars(text, block.start, block.end)
        head = number == 0 or (block.kind is RegionKind.BYLINE and not any(b.body for b in blocks))
        kind = block.kind if head and block.kind in _HEAD_KINDS else RegionKind.BODY
        blocks.append(TextPart(start, len(chars), kind))
    return FlatText(section.id, "".join(c.text for c in chars), tuple(blocks), tuple(chars))


_HEAD_KINDS = (RegionKind.TITLE, RegionKind.BYLINE)


def _offsets(blocks: Sequence[TextPart]) -> list[tuple[int, int, int]]:
    """Return start and end of each block in the file, and its start in the article."""
    found, at = [], 0
    for block in blocks:
        found.append((block.start, block.end, at))
        at += block.end - block.start + 1
    return found


def _placed(
    correction: Correction,
    section: ArticleSection,
    offsets: Iterable[tuple[int, int, int]],
    own: FlatText,
) -> Correction | None:
    """Return the correction with its span in the article; None where it lies outside its blocks."""
    ends = [_place(at, offsets) for at in correction.span]
    if None in ends:
        return None
    start, end = (e for e in ends if e is not None)
    original = own.string[start:end]
    return replace(
        correction,
        id=f"{section.id}-{correction.id.rpartition('-')[2]}",
        article=section.id,
        span=(start, end),
        original=original,
        removed=own.chars[start:end],
    )


def _place(at: int, offsets: Iterable[tuple[int, int, int]]) -> int | None:
    """Return an offset of the file as one in the article; None where it lies outside."""
    for start, end, own in offsets:
        if start <= at <= end:
            return own + at - start
    return None


def _chars(text: FlatText, start: int, end: int) -> Chars:
    """Return the characters of a span, with offsets for glyphs where the text has no scan."""
    if text.chars:
        return text.chars[start:end]
    return tuple(Char(c, "", i) for i, c in enumerate(text.string[start:end], start))


def _scan(path: Path) -> Scan:
    """Return a scan that names the text file, for a text without one."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    # A name that is no UTF-8 has surrogates, too.
    return Scan(Path(_SURROGATE.sub("\ufffd", str(path))), digest, 0, 0)
