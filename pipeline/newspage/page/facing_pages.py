"""Two facing pages in one scan, put into one record."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from newspage.edits import derive_page
from newspage.geometry import Box
from newspage.issues import FIRST, SECOND
from newspage.lattice import Lattice, PageLattices
from newspage.model import (
    ArticleRecord,
    Char,
    Chars,
    Correction,
    Furniture,
    Join,
    PageLayout,
    PageReading,
    PageRecord,
    Paragraph,
    Problem,
    Region,
    TextLine,
)


def join_facing_pages(records: Sequence[PageRecord], direction: str = "auto") -> PageRecord:
    """Return one record of the pages of one scan.

    A paper written vertically is read from the right page to the left. Identifiers of the first
    page in reading order begin with `1-`, those of the second with `2-`; a single record stays as
    it is. Steps are those of the first record.

    Args:
        records: One record a page, from left to right.
        direction: "horizontal" or "vertical" where a person said so, else "auto".
    """
    if len(records) == 1:
        return records[0]
    halves = sorted(zip(list_prefixes(records, direction), records, strict=True), key=_prefix)
    named = [_named(record.reading, half) for half, record in halves]
    pages = [reading.page for reading in named]
    page = replace(
        pages[0],
        regions=tuple(chain.from_iterable(p.regions for p in pages)),
        reading_order=tuple(chain.from_iterable(p.reading_order for p in pages)),
        separators=tuple(chain.from_iterable(p.separators for p in pages)),
        frames=tuple(chain.from_iterable(p.frames for p in pages)),
        pictures=tuple(chain.from_iterable(p.pictures for p in pages)),
        unplaced=tuple(chain.from_iterable(p.unplaced for p in pages)),
    )
    reading = PageReading(
        page=page,
        articles=tuple(chain.from_iterable(r.articles for r in named)),
        furniture=tuple(chain.from_iterable(r.furniture for r in named)),
        joins=tuple(chain.from_iterable(r.joins for r in named)),
        corrections=tuple(chain.from_iterable(r.corrections for r in named)),
        lattices=_joined_lattices([r.lattices for r in named if r.lattices]),
    )
    problems = tuple(
        Problem(half + p.where, p.message, p.severity)
        for half, record in halves
        for p in record.problems
    )
    return derive_page(reading, problems, records[0].steps)


def split_facing_pages(reading: PageReading) -> tuple[PageReading, ...]:
    """Return the two pages that were read of one scan, in their order; a single page as it is.

    Identifiers, and what belongs to no region or article, stay as they are.
    """
    page = reading.page
    lines = (*(region.id for region in page.regions), *(line.id for line in page.unplaced))
    if not lines or not all(name.startswith((FIRST, SECOND)) for name in lines):
        return (reading,)
    return tuple(_select_half(reading, prefix) for prefix in (FIRST, SECOND))


def _select_half(reading: PageReading, prefix: str) -> PageReading:
    """Return what of a page has identifiers that begin with a prefix."""
    page = reading.page
    return replace(
        reading,
        page=replace(
            page,
            regions=tuple(r for r in page.regions if r.id.startswith(prefix)),
            reading_order=tuple(name for name in page.reading_order if name.startswith(prefix)),
            unplaced=tuple(line for line in page.unplaced if line.id.startswith(prefix)),
        ),
        articles=tuple(a for a in reading.articles if a.id.startswith(prefix)),
        furniture=tuple(f for f in reading.furniture if f.region.startswith(prefix)),
        joins=tuple(j for j in reading.joins if j.id.startswith(prefix)),
        corrections=tuple(c for c in reading.corrections if c.id.startswith(prefix)),
    )


def list_prefixes(records: Sequence[PageRecord], direction: str = "auto") -> tuple[str, ...]:
    """Return the beginnings of the identifiers of each record, in the record that joins them.

    The order is that of the records, from left to right; a single record has an empty one.
    """
    if len(records) == 1:
        return ("",)
    vertical = _vertical(records) if direction == "auto" else direction == "vertical"
    return (SECOND, FIRST) if vertical else (FIRST, SECOND)


def _prefix(half: tuple[str, PageRecord]) -> str:
    """Return the prefix of a page, by which pages are put in reading order."""
    return half[0]


def _vertical(records: Sequence[PageRecord]) -> bool:
    """Tell whether more characters stand in vertical lines than in others."""
    lines = [line for r in records for region in r.page.regions for line in region.lines]
    return 2 * sum(len(x.glyphs) for x in lines if x.vertical) > sum(len(x.glyphs) for x in lines)


def _named(reading: PageReading, prefix: str) -> PageReading:
    """Return the page as read with a prefix before every identifier."""
    return PageReading(
        page=_page(reading.page, prefix),
        articles=tuple(_article(a, prefix) for a in reading.articles),
        furniture=tuple(_furniture(f, prefix) for f in reading.furniture),
        joins=tuple(_join(j, prefix) for j in reading.joins),
        corrections=tuple(_correction(c, prefix) for c in reading.corrections),
        lattices=reading.lattices and _lattices(reading.lattices, prefix),
    )


def _lattices(lattices: PageLattices, prefix: str) -> PageLattices:
    """Return the lattices with a prefix before the line that each is of."""
    return PageLattices(
        lattices.characters,
        {prefix + name: lattice for name, lattice in lattices.lines.items()},
        {prefix + name: box for name, box in lattices.boxes.items()},
        {(prefix + name, also): one for (name, also), one in lattices.again.items()},
    )


def _joined_lattices(halves: Sequence[PageLattices]) -> PageLattices | None:
    """Return the lattices of all pages; None where they were not kept."""
    if not halves:
        return None
    lines: dict[str, Lattice] = {}
    boxes: dict[str, Box] = {}
    again: dict[tuple[str, frozenset[int]], Lattice] = {}
    for half in halves:
        lines |= half.lines
        boxes |= half.boxes
        again |= half.again
    return PageLattices(halves[0].characters, lines, boxes, again)


def _page(page: PageLayout, prefix: str) -> PageLayout:
    """Return the layout with a prefix before every identifier."""
    return replace(
        page,
        regions=tuple(_region(region, prefix) for region in page.regions),
        reading_order=tuple(prefix + name for name in page.reading_order),
        unplaced=tuple(_line(line, prefix) for line in page.unplaced),
    )


def _region(region: Region, prefix: str) -> Region:
    """Return the region with a prefix before every identifier."""
    return replace(
        region,
        id=prefix + region.id,
        lines=tuple(_line(line, prefix) for line in region.lines),
        article=None if region.article is None else prefix + region.article,
    )


def _line(line: TextLine, prefix: str) -> TextLine:
    """Return the line with a prefix before its identifier."""
    return replace(line, id=prefix + line.id)


def _chars(chars: Chars, prefix: str) -> Chars:
    """Return characters with a prefix before the lines and corrections they name."""
    return tuple(
        Char(c.text, c.line and prefix + c.line, c.glyph, c.correction and prefix + c.correction)
        for c in chars
    )


def _article(article: ArticleRecord, prefix: str) -> ArticleRecord:
    """Return the article with a prefix before every identifier."""
    return replace(
        article,
        id=prefix + article.id,
        kicker=_chars(article.kicker, prefix),
        title=_chars(article.title, prefix),
        deck=_chars(article.deck, prefix),
        byline=_chars(article.byline, prefix),
        paragraphs=tuple(Paragraph(_chars(p.chars, prefix)) for p in article.paragraphs),
        regions=tuple(prefix + name for name in article.regions),
    )


def _furniture(furniture: Furniture, prefix: str) -> Furniture:
    """Return the furniture with a prefix before every identifier."""
    return replace(
        furniture, region=prefix + furniture.region, chars=_chars(furniture.chars, prefix)
    )


def _join(join: Join, prefix: str) -> Join:
    """Return the join with a prefix before every identifier."""
    return replace(
        join, id=prefix + join.id, before=prefix + join.before, after=prefix + join.after
    )


def _correction(correction: Correction, prefix: str) -> Correction:
    """Return the correction with a prefix before every identifier."""
    return replace(
        correction,
        id=prefix + correction.id,
        article=prefix + correction.article,
        removed=_chars(correction.removed, prefix),
    )
