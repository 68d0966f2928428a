"""Render articles as rows for tables and statistics: JSON lines and CSV."""

import csv
import io
from collections.abc import Mapping
from typing import TypedDict

import msgspec

from newspage.formats.characters import PrintedLine, collect_printed_lines
from newspage.formats.document import PageDocument
from newspage.formats.json_text import replace_surrogates
from newspage.geometry import union_boxes
from newspage.model import ArticleRecord, CorrectionStatus, join_chars

_APPLIED = frozenset({CorrectionStatus.APPLIED, CorrectionStatus.ACCEPTED, CorrectionStatus.EDITED})
"""Statuses of corrections that are in the text."""


class ArticleRow(TypedDict):
    """One article of a page; coordinates are pixels of the scan."""

    paper: str
    date: str
    """ISO 8601; empty where the name of the scan tells none, as `paper` and `page` are."""
    page: str
    scan: str
    sha256: str
    frame: int
    order: int
    """Place in the reading order, from 1."""
    article: str
    kicker: str
    title: str
    deck: str
    byline: str
    text: str
    """Paragraphs, separated by a line feed."""
    left: int
    top: int
    right: int
    bottom: int
    confidence: float
    """Mean confidence of the characters on its lines, 0 to 1."""
    corrections: int
    """Changes that are in the text."""
    proposals: int
    """Changes that wait for a person."""
    continues: str
    continued_from: str


def list_article_rows(document: PageDocument) -> list[ArticleRow]:
    """Return a row for each article, in reading order."""
    lines = collect_printed_lines(document.record)
    return [_row_of(document, a, i, lines) for i, a in enumerate(document.record.articles, 1)]


def render_jsonl(document: PageDocument) -> bytes:
    """Return one JSON object on a line for each article; UTF-8."""
    encoder = msgspec.json.Encoder()
    return b"".join(encoder.encode(row) + b"\n" for row in _without_surrogates(document))


def render_csv(document: PageDocument) -> bytes:
    """Return a table with a header line and one row for each article; UTF-8 with a BOM for Excel.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(ArticleRow.__annotations__))
    writer.writeheader()
    for row in _without_surrogates(document):
        writer.writerow({key: _disarmed(value) for key, value in row.items()})
    return out.getvalue().encode("utf-8-sig")


def _row_of(
    document: PageDocument, article: ArticleRecord, order: int, lines: Mapping[str, PrintedLine]
) -> ArticleRow:
    """Return the row of an article.

    Args:
        document: The page and its publication.
        article: The article.
        order: Its place in the reading order, from 1.
        lines: All lines of the page by id.
    """
    record, published = document.record, document.publication
    page = record.page
    regions = [r for r in page.regions if r.article == article.id]
    box = union_boxes(r.box for r in regions) if regions else None
    read = [c for r in regions for line in r.lines for c in lines[line.id].characters]
    made = [c for c in record.corrections if c.article == article.id]
    kicker, title, deck, byline = map(join_chars, article.heads)
    return ArticleRow(
        paper=published.paper if published else "",
        date=published.date.isoformat() if published and published.date else "",
        page=(published.page if published else None) or "",
        scan=page.scan.path.as_posix(),
        sha256=page.scan.sha256,
        frame=page.scan.frame,
        order=order,
        article=article.id,
        kicker=kicker,
        title=title,
        deck=deck,
        byline=byline,
        text="\n".join(p.text for p in article.paragraphs),
        left=round(box.left) if box else 0,
        top=round(box.top) if box else 0,
        right=round(box.right) if box else 0,
        bottom=round(box.bottom) if box else 0,
        confidence=round(sum(c.confidence for c in read) / max(1, len(read)), 4),
        corrections=sum(c.status in _APPLIED for c in made),
        proposals=sum(c.status is CorrectionStatus.PROPOSED for c in made),
        continues=article.continues or "",
        continued_from=article.continued_from or "",
    )


def _without_surrogates(document: PageDocument) -> list[dict[str, object]]:
    """Return the rows with U+FFFD for lone surrogates, which UTF-8 cannot hold."""
    return [
        {
            key: replace_surrogates(value) if isinstance(value, str) else value
            for key, value in row.items()
        }
        for row in list_article_rows(document)
    ]


def _disarmed(value: object) -> object:
    """Return a cell with an apostrophe before it if a spreadsheet would take it for a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value
