"""Read ALTO (1 to 4) and PAGE XML (2010 to 2019) as text: articles, furniture, lines, their order.

`newspage.sources` reads the files, as for `newspage import`; only their text, order, articles,
kinds and boxes of lines are used here.

- Articles: what the file says is one, of regions or of single lines. Text outside of them is
  furniture. A page that has none is one article.
- Kinds: headings at the head of an article are its title, others stay where they stand.
- A region is a paragraph; one that says it is a continuation goes on with that before it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from newspage.errors import InputError
from newspage.evaluation.page_texts import ArticleText, LineText, PageText
from newspage.formats import PieceKind
from newspage.geometry import Box
from newspage.hyphens import Vocabulary, find_broken_word, score_hyphen
from newspage.model import FURNITURE_KINDS
from newspage.sources import (
    LengthUnit,
    SourceLine,
    SourcePage,
    SourceRegion,
    parse_source,
    read_alto,
    read_page,
)
from newspage.spacing import WINDOW, needs_space

_HEADS = ("kicker", "title", "deck", "byline")
_FURNITURE = frozenset({kind.value for kind in FURNITURE_KINDS} | {"unplaced"})
"""Kinds that belong to no article, whatever group they are in."""
_READERS = {"alto": read_alto, "PcGts": read_page}
"""Readers by the name of the root element."""
_HYPHEN_GOES = 0.5
"""Probability from which a hyphen at a line's end only breaks a word. Judgement: the likelier."""
_PARTED = "\u00ad"
_PARTING = ("¬", _PARTED)
"""Signs that transcribers set where a line's end parts a word; they are no text."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A printed line; `whole` says what it adds to the running text."""

    printed: str
    whole: str
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that stand together, their kind in newspage's words, and their article."""

    kind: str
    lines: Sequence[_Line]
    article: str = ""
    goes_on: bool = False
    """Whether it continues the paragraph before it."""


def parse_layout_xml(data: bytes, path: Path) -> PageText:
    """Parse a page in ALTO or PAGE XML; messages call it `path`.

    Raises InputError where it is neither, RefusedError where reading it could do harm,
    MissingDependencyError where lxml is not installed.
    """
    root = parse_source(data, path)
    reader = _READERS.get(root.name)
    if reader is None:
        raise InputError("layout-xml-unknown", path=path, element=root.name[:40])
    pages = list(reader(root, path))
    regions = (region for page in pages for region in page.regions)
    text = _page_of([block for region in regions for block in _split_region(region)])
    return replace(text, size=_find_size(pages))


def _find_size(pages: Sequence[SourcePage]) -> tuple[float, float] | None:
    """Return the size of the only page in pixels; None where there is none in that unit."""
    if len(pages) != 1 or pages[0].unit is not LengthUnit.PIXEL:
        return None
    page = pages[0]
    return (page.width, page.height) if page.width > 0 and page.height > 0 else None


def _split_region(region: SourceRegion) -> Iterator[_Block]:
    """Yield the text of a region, parted where its lines belong to different articles."""
    kind = "unplaced" if region.unplaced else region.kind.value if region.kind else "body"
    for article, lines in groupby(region.lines, key=lambda line: line.article or region.article):
        yield _Block(kind, [_read_line(line) for line in lines], article, region.goes_on)


def _read_line(line: SourceLine) -> _Line:
    """Return a line as printed, and with the words whole that its ends part, where it says so."""
    if line.text is not None:
        text = _squeeze(line.text)
        return _Line(text, text, line.box)
    printed: list[str] = []
    whole: list[str] = []
    for word in line.words:
        text, own = word.text, word.whole
        if word.kind is PieceKind.HYPHEN:
            text, own = text or "-", _PARTED if own is None else own
        elif needs_space("".join(printed[-2:])[-2 * WINDOW :], text):
            printed.append(" ")
            whole.append(" ")
        printed.append(text)
        whole.append(text if own is None else own)
    return _Line(_squeeze("".join(printed)), _squeeze("".join(whole)), line.box)


def _page_of(blocks: Sequence[_Block]) -> PageText:
    """Return the page that blocks in reading order make."""
    seen = Vocabulary.of(line.printed for block in blocks for line in block.lines)
    grouped = any(block.article for block in blocks)
    articles: dict[str, list[_Block]] = {}
    furniture, lines = [], []
    for block in blocks:
        outside = block.kind in _FURNITURE or (grouped and not block.article)
        kind = "other" if outside and block.kind not in _FURNITURE else block.kind
        lines += [LineText(x.printed, kind, block.article, x.box) for x in block.lines if x.printed]
        if outside:
            furniture.append(_join_lines((line.whole for line in block.lines), seen))
        else:
            articles.setdefault(block.article, []).append(block)
    found = tuple(_article_of(own, seen) for own in articles.values())
    return PageText(found, tuple(f for f in furniture if f), tuple(lines), grouped)


def _article_of(blocks: Iterable[_Block], seen: Vocabulary) -> ArticleText:
    """Return an article: headings at its head and bylines by their kinds, the rest paragraphs."""
    heads: dict[str, list[str]] = {}
    paragraphs: list[list[str]] = []
    for block in blocks:
        text = [line.whole for line in block.lines]
        if block.kind == "byline" or (block.kind in _HEADS and not paragraphs):
            heads.setdefault(block.kind, []).extend(text)
        elif block.goes_on and paragraphs:
            paragraphs[-1] += text
        else:
            paragraphs.append(text)
    parts = {kind: _join_lines(text, seen) for kind, text in heads.items()}
    whole = (_join_lines(text, seen) for text in paragraphs)
    return ArticleText(tuple(text for text in whole if text), **parts)


def _join_lines(lines: Iterable[str], seen: Vocabulary) -> str:
    """Put printed lines together: spaces where words meet, broken words whole."""
    parts: list[str] = []
    tail = ""
    for line in filter(None, lines):
        halves = find_broken_word(tail, line)
        parted = tail.endswith(_PARTING) or (
            halves is not None and score_hyphen(*halves, seen) >= _HYPHEN_GOES
        )
        if parted:
            parts[-1] = parts[-1][:-1]
        elif needs_space(tail, line):
            parts.append(" ")
        parts.append(line)
        tail = (tail + line)[-2 * WINDOW :]
    return "".join(parts)


def _squeeze(text: str) -> str:
    """Return a text on one line, with one space wherever it has white space."""
    return " ".join(text.split())
