"""A whole page as the desk shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from newspage.correct.text import text_of
from newspage.decide.furniture import furniture_text
from newspage.decide.places import Glyphs
from newspage.desk.join_view import article_seen, joins_of
from newspage.desk.rows import quad, question_of, scan_key
from newspage.desk.views import (
    ArticleView,
    CharView,
    JoinView,
    LooseEnd,
    PageView,
    ParagraphView,
    Quad,
    RegionView,
)
from newspage.model import Article, Char, PageRecord
from newspage.store import QuestionRow


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of a page."""

    questions: Sequence[QuestionRow]
    signed: Sequence[tuple[str, str]]
    lost: Sequence[str]
    previous: str
    next: str
    continued: Sequence[JoinView] = ()
    """Joins with other pages."""
    loose: Sequence[LooseEnd] = ()


def page_view(stem: str, record: PageRecord, known: Known) -> PageView:
    """The view of a page."""
    scan = record.page.scan
    glyphs = Glyphs.of(record.page)
    boxes = {region.id: quad(region.box) for region in record.page.regions}
    return PageView(
        stem=stem,
        scan=scan_key((scan.sha256, scan.frame)),
        width=scan.width,
        height=scan.height,
        articles=tuple(_article(article, glyphs) for article in record.articles),
        furniture=tuple(
            (f.kind.value, f.text, boxes.get(f.region), f.region, article_seen(furniture_text(f)))
            for f in record.furniture
        ),
        regions=tuple(_regions(record)),
        joins=(*joins_of(stem, record), *known.continued),
        questions=tuple(map(question_of, known.questions)),
        unplaced=tuple((line.text, quad(line.box)) for line in record.page.unplaced),
        signed=tuple(known.signed),
        lost=tuple(known.lost),
        previous=known.previous,
        next=known.next,
        loose=tuple(known.loose),
    )


def _article(article: Article, glyphs: Glyphs) -> ArticleView:
    text = text_of(article)
    return ArticleView(
        id=article.id,
        seen=article_seen(text),
        parts=tuple(
            ParagraphView(
                "paragraph" if block.body else block.kind.value,
                text.of(block),
                block.start,
                tuple(_runs(text.chars[block.start : block.end], glyphs)),
            )
            for block in text.blocks
        ),
        regions=article.regions,
        continues=article.continues,
        continued_from=article.continued_from,
    )


def _runs(chars: Sequence[Char], glyphs: Glyphs) -> Iterator[CharView]:
    """Stretches of characters of one line, or put there by one correction."""
    at = 0
    for (line, correction), group in groupby(chars, key=lambda c: (c.line, c.correction)):
        run = list(group)
        boxes: list[Quad] = []
        confidences: list[float] = []
        for char in run:
            box = glyphs.box(char)
            if box is not None:
                boxes.append(quad(box))
                confidences.append(glyphs.lines[line].glyphs[char.glyph].confidence)
        if len(boxes) == len(run):
            yield CharView(at, tuple(boxes), tuple(confidences), correction)
        at += len(run)


def _regions(record: PageRecord) -> Iterator[RegionView]:
    order = {name: i for i, name in enumerate(record.page.reading_order, 1)}
    for region in record.page.regions:
        yield RegionView(
            region.id,
            region.kind.value,
            quad(region.box),
            region.polygon,
            region.article,
            order[region.id],
            region.text,
        )
