"""A whole page as the desk shows it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.correct.text import Text, text_of
from pipeline.decide.places import Glyphs
from pipeline.desk.rows import hashed, quad, question_of, scan_key
from pipeline.desk.views import (
    ArticleView,
    CharView,
    JoinView,
    PageView,
    ParagraphView,
    Quad,
    RegionView,
)
from pipeline.model import Article, Char, Join, PageRecord, TextLine
from pipeline.store import QuestionRow

_ENDS = 24
"""Characters that are shown on either side of a join."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of a page."""

    questions: Sequence[QuestionRow]
    signed: Sequence[tuple[str, str]]
    lost: Sequence[str]
    previous: str
    next: str


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
        furniture=tuple((f.kind.value, f.text, boxes.get(f.region)) for f in record.furniture),
        regions=tuple(_regions(record)),
        joins=tuple(_joins(record, glyphs)),
        questions=tuple(map(question_of, known.questions)),
        unplaced=tuple((line.text, quad(line.box)) for line in record.page.unplaced),
        signed=tuple(known.signed),
        lost=tuple(known.lost),
        previous=known.previous,
        next=known.next,
    )


def article_seen(text: Text) -> str:
    """Hash of what a person sees of an article."""
    return hashed(text.id, text.string)


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


def _joins(record: PageRecord, glyphs: Glyphs) -> Iterator[JoinView]:
    articles = article_of_lines(record.articles)
    seen = {article.id: article_seen(text_of(article)) for article in record.articles}
    machine = {j.id: j for j in (record.untouched.joins if record.untouched else record.joins)}
    running = running_on(record)
    for join in record.joins:
        before, after = glyphs.lines.get(join.before), glyphs.lines.get(join.after)
        article = articles.get(join.before)
        if before and after and article and article == articles.get(join.after):
            joined = (join.before, join.after) in running
            yield _join(join, before, after, article, seen[article], joined, machine)


def _join(
    join: Join,
    before: TextLine,
    after: TextLine,
    article: str,
    seen: str,
    joined: bool,
    machine: Mapping[str, Join],
) -> JoinView:
    return JoinView(
        id=join.id,
        kind=join.kind.value,
        score=join.score,
        joined=joined,
        decided=join.id in machine and machine[join.id].joined != join.joined,
        before=before.text[-_ENDS:],
        after=after.text[:_ENDS],
        before_box=quad(before.box),
        after_box=quad(after.box),
        article=article,
        seen=seen,
    )


def article_of_lines(articles: Iterable[Article]) -> dict[str, str]:
    """Of each line the article that its characters are in."""
    return {
        char.line: article.id
        for article in articles
        for paragraph in article.paragraphs
        for char in paragraph.chars
    }


def running_on(record: PageRecord) -> set[tuple[str, str]]:
    """Lines that follow each other inside a paragraph."""
    return {
        (lines[i], lines[i + 1])
        for article in record.articles
        for paragraph in article.paragraphs
        for lines in [[line for line, _ in groupby(c.line for c in paragraph.chars)]]
        for i in range(len(lines) - 1)
    }
