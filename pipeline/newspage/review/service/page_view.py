"""A whole page as the review service shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from newspage.decisions import GlyphIndex, flatten_furniture_piece
from newspage.edits import flatten_article
from newspage.expected_errors import ExpectedErrors, PageErrors, estimate_page_errors
from newspage.model import ArticleRecord, Char, PageRecord
from newspage.review.service.join_view import hash_article_text, list_page_joins
from newspage.review.service.view_rows import box_to_quad, encode_scan_key, make_question
from newspage.review.service.views import (
    ArticleView,
    CharView,
    JoinView,
    LooseEnd,
    PageView,
    ParagraphView,
    Quad,
    RegionView,
)
from newspage.store import QuestionRow


@dataclass(frozen=True, slots=True)
class StoredPageFacts:
    """What the store knows of a page beyond its record."""

    questions: Sequence[QuestionRow]
    signed: Sequence[tuple[str, str]]
    lost: Sequence[str]
    previous: str
    next: str
    continued: Sequence[JoinView] = ()
    """Joins with other pages."""
    loose: Sequence[LooseEnd] = ()


def make_page_view(stem: str, record: PageRecord, known: StoredPageFacts) -> PageView:
    """Return a page, its record and what the store knows of it, for showing beside its scan."""
    scan = record.page.scan
    glyphs = GlyphIndex.from_page(record.page)
    boxes = {region.id: box_to_quad(region.box) for region in record.page.regions}
    # Of a page that somebody has proofread all is confirmed.
    errors = PageErrors() if known.signed else estimate_page_errors(record)
    return PageView(
        stem=stem,
        scan=encode_scan_key((scan.sha256, scan.frame)),
        width=scan.width,
        height=scan.height,
        articles=tuple(
            _article(article, glyphs, errors.articles.get(article.id, ExpectedErrors()))
            for article in record.articles
        ),
        furniture=tuple(
            (
                f.kind.value,
                f.text,
                boxes.get(f.region),
                f.region,
                hash_article_text(flatten_furniture_piece(f)),
            )
            for f in record.furniture
        ),
        regions=tuple(_regions(record)),
        joins=(*list_page_joins(stem, record), *known.continued),
        questions=tuple(map(make_question, known.questions)),
        unplaced=tuple((line.text, box_to_quad(line.box)) for line in record.page.unplaced),
        signed=tuple(known.signed),
        lost=tuple(known.lost),
        previous=known.previous,
        next=known.next,
        loose=tuple(known.loose),
        expected=errors.share,
    )


def _article(article: ArticleRecord, glyphs: GlyphIndex, errors: ExpectedErrors) -> ArticleView:
    """Return an article with the place of each of its characters on the scan."""
    text = flatten_article(article)
    return ArticleView(
        id=article.id,
        seen=hash_article_text(text),
        parts=tuple(
            ParagraphView(
                "paragraph" if block.body else block.kind.value,
                text.read_part(block),
                block.start,
                tuple(_runs(text.chars[block.start : block.end], glyphs)),
            )
            for block in text.blocks
        ),
        regions=article.regions,
        continues=article.continues,
        continued_from=article.continued_from,
        expected=errors.share,
    )


def _runs(chars: Sequence[Char], glyphs: GlyphIndex) -> Iterator[CharView]:
    """Yield the stretches of characters that are of one line and one correction.

    A stretch in which a character has no glyph is left out.
    """
    at = 0
    for (line, correction), group in groupby(chars, key=lambda c: (c.line, c.correction)):
        run = list(group)
        boxes: list[Quad] = []
        confidences: list[float] = []
        for char in run:
            box = glyphs.find_box(char)
            if box is not None:
                boxes.append(box_to_quad(box))
                confidences.append(glyphs.lines[line].glyphs[char.glyph].confidence)
        if len(boxes) == len(run):
            yield CharView(at, tuple(boxes), tuple(confidences), correction)
        at += len(run)


def _regions(record: PageRecord) -> Iterator[RegionView]:
    """Yield the regions, each with its number in the reading order, counted from 1."""
    order = {name: i for i, name in enumerate(record.page.reading_order, 1)}
    for region in record.page.regions:
        yield RegionView(
            region.id,
            region.kind.value,
            box_to_quad(region.box),
            region.polygon,
            region.article,
            order[region.id],
            region.text,
        )
