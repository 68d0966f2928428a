"""Declare the tables of articles and of corrections, and fill them from pages.

The columns are declared once, for JSON lines, CSV and Parquet: what a row's type says in Python is
what the formats are made of.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, get_type_hints

from newspage.edits import STANDING
from newspage.expected_errors import ExpectedErrors, estimate_page_errors
from newspage.formats.characters import PrintedLine, collect_printed_lines
from newspage.formats.document import PageDocument
from newspage.formats.json_text import replace_surrogates
from newspage.formats.page_structure import group_regions
from newspage.formats.scan_crops import box_glyph
from newspage.geometry import Box, union_boxes
from newspage.model import (
    ArticleRecord,
    Char,
    Correction,
    CorrectionStatus,
    PageRecord,
    Region,
    TextLine,
    join_chars,
)


class BoxRow(TypedDict):
    """A box on the scan, in pixels; right and bottom lie outside it."""

    left: int
    top: int
    right: int
    bottom: int


class PlaceColumns(TypedDict):
    """The columns that every table has: where on which scan something stands.

    `sha256`, `frame` and `article` together join the rows of one table to those of another.
    """

    paper: str
    """Empty where the name of the scan tells none, as `page` is."""
    date: datetime.date | None
    page: str
    name: str
    """Of the page's record, without suffix."""
    scan: str
    """Path of the scan from where the table lies."""
    sha256: str
    """Checksum of the file of the scan."""
    frame: int
    """Number of the page inside that file, from 0."""
    article: str


class ArticleRow(PlaceColumns):
    """One article of a page."""

    order: int
    """Place in the reading order, from 1."""
    kicker: str
    title: str
    deck: str
    byline: str
    text: str
    """Paragraphs, separated by a line feed."""
    left: int
    """Of the box around all of it, in pixels of the scan; 0 where it has no region."""
    top: int
    right: int
    bottom: int
    boxes: list[BoxRow]
    """Of its regions, in reading order."""
    confidence: float
    """Mean confidence of the characters on its lines, 0 to 1."""
    expected_errors: float | None
    """Share of its characters that is expected to be wrong, 0 to 1; None: not told, as of pages of
    other programs."""
    corrections: int
    """Changes that are in the text."""
    proposals: int
    """Changes that wait for a person."""
    continues: str
    continued_from: str


class CorrectionRow(PlaceColumns):
    """One correction of a page, made or proposed."""

    correction: str
    rule: str
    status: str
    in_text: bool
    """Whether it is part of the text."""
    start: int
    """Its place in the text of the article before any correction, in characters: headlines and
    paragraphs, each followed by a line feed."""
    end: int
    original: str
    proposed: str
    """What stands instead, or would."""
    confidence: float
    """Probability that the change is right, 0 to 1."""
    by: str
    """The person who decided; empty where the machine did, or nobody yet."""
    boxes: list[BoxRow]
    """Of the characters that are replaced, one for each line; none for an insertion."""


Row = Mapping[str, object]
"""Cells by column."""


@dataclass(frozen=True, slots=True)
class TableSchema:
    """A table: its name, its columns and what fills it."""

    name: str
    row_type: type
    """A TypedDict; its types are those of the columns."""
    fill: Callable[[PageDocument], Iterable[Row]]

    @property
    def columns(self) -> Mapping[str, Any]:
        """Return the types of the columns by their names, in order."""
        return get_type_hints(self.row_type)

    def list_rows(self, document: PageDocument) -> list[Row]:
        """Return the rows of a page, with U+FFFD for lone surrogates, which UTF-8 cannot hold."""
        return [
            {column: _hold_in_utf8(cell) for column, cell in row.items()}
            for row in self.fill(document)
        ]


@dataclass(frozen=True, slots=True)
class _PageFacts:
    """What rows of articles say that is worked out for a whole page."""

    lines: Mapping[str, PrintedLine]
    """All lines of the page by id."""
    errors: Mapping[str, ExpectedErrors]
    """The expected errors of articles by id."""


def _list_article_rows(document: PageDocument) -> Iterable[Row]:
    """Yield a row for each article, in reading order."""
    record = document.record
    facts = _PageFacts(collect_printed_lines(record), estimate_page_errors(record).articles)
    regions = {group.article.id: group.regions for group in group_regions(record) if group.article}
    for order, article in enumerate(record.articles, 1):
        yield _describe_article(document, article, order, regions.get(article.id, ()), facts)


def _describe_article(
    document: PageDocument,
    article: ArticleRecord,
    order: int,
    regions: Sequence[Region],
    facts: _PageFacts,
) -> Row:
    """Return the row of an article.

    Args:
        document: The page and its publication.
        article: The article.
        order: Its place in the reading order, from 1.
        regions: Its regions in reading order.
        facts: What is known of the whole page.
    """
    boxes = [_round_box(region.box) for region in regions]
    whole = union_boxes(region.box for region in regions) if regions else Box(0, 0, 0, 0)
    read = [c for r in regions for line in r.lines for c in facts.lines[line.id].characters]
    share = facts.errors.get(article.id, ExpectedErrors()).share
    made = [c for c in document.record.corrections if c.article == article.id]
    kicker, title, deck, byline = map(join_chars, article.heads)
    return ArticleRow(
        **_place_columns(document, article.id),
        order=order,
        kicker=kicker,
        title=title,
        deck=deck,
        byline=byline,
        text="\n".join(p.text for p in article.paragraphs),
        **_round_box(whole),
        boxes=boxes,
        confidence=round(sum(c.confidence for c in read) / max(1, len(read)), 4),
        expected_errors=None if share is None else round(share, 5),
        corrections=sum(c.status in STANDING for c in made),
        proposals=sum(c.status is CorrectionStatus.PROPOSED for c in made),
        continues=article.continues or "",
        continued_from=article.continued_from or "",
    )


def _list_correction_rows(document: PageDocument) -> Iterable[Row]:
    """Yield a row for each correction, in the order of the record."""
    lines = _lines_by_id(document.record)
    for correction in document.record.corrections:
        yield _describe_correction(document, correction, lines)


def _describe_correction(
    document: PageDocument, correction: Correction, lines: Mapping[str, TextLine]
) -> Row:
    """Return the row of a correction; `lines` are those of the page by id."""
    return CorrectionRow(
        **_place_columns(document, correction.article),
        correction=correction.id,
        rule=correction.rule,
        status=correction.status.value,
        in_text=correction.status in STANDING,
        start=correction.span[0],
        end=correction.span[1],
        original=correction.original,
        proposed=correction.proposed,
        confidence=round(correction.confidence, 4),
        by=correction.decided_by,
        boxes=_boxes_of(correction.removed, lines),
    )


def _place_columns(document: PageDocument, article: str) -> PlaceColumns:
    """Return the columns that all tables share, for an article of a page."""
    published, scan = document.publication, document.record.page.scan
    return PlaceColumns(
        paper=published.paper if published else "",
        date=published.date if published else None,
        page=(published.page if published else None) or "",
        name=document.name,
        scan=scan.path.as_posix(),
        sha256=scan.sha256,
        frame=scan.frame,
        article=article,
    )


def _lines_by_id(record: PageRecord) -> Mapping[str, TextLine]:
    """Return all lines of a page by their ids."""
    return {line.id: line for line in record.page.lines}


def _boxes_of(chars: Iterable[Char], lines: Mapping[str, TextLine]) -> list[BoxRow]:
    """Return the boxes around some characters, one for each line that they stand on."""
    found: dict[str, list[Box]] = {}
    for char in chars:
        if (box := box_glyph(char, lines)) is not None:
            found.setdefault(char.line, []).append(box)
    return [_round_box(union_boxes(boxes)) for boxes in found.values()]


def _round_box(box: Box) -> BoxRow:
    """Return a box in whole pixels."""
    return BoxRow(
        left=round(box.left), top=round(box.top), right=round(box.right), bottom=round(box.bottom)
    )


def _hold_in_utf8(cell: object) -> object:
    """Return a cell with U+FFFD for lone surrogates."""
    if isinstance(cell, str):
        return replace_surrogates(cell)
    return cell


ARTICLES = TableSchema("articles", ArticleRow, _list_article_rows)
CORRECTIONS = TableSchema("corrections", CorrectionRow, _list_correction_rows)
