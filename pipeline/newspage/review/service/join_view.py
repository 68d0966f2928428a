"""The joins of a page as the review service shows them: two ends of text, joined or not."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from newspage.decisions import frame_beginning, frame_ending
from newspage.edits import FlatText, flatten_article
from newspage.model import ArticleRecord, PageRecord, Region, TextLine, join_chars
from newspage.review.service.view_rows import box_to_quad, encode_scan_key, hash_values
from newspage.review.service.views import JoinEnd, JoinView

ENDS = 24
"""Characters shown on either side of a join. Judgement, not measured."""

Placed = dict[str, tuple[Region, TextLine]]
"""The lines of a page by id, each with its region."""


def hash_article_text(text: FlatText) -> str:
    """Return the hash of an article's text, which tells whether a person saw its present state."""
    return hash_values(text.id, text.string)


def list_page_joins(stem: str, record: PageRecord) -> Iterator[JoinView]:
    """Yield the joins between lines of one page whose both ends are in the same article."""
    placed = locate_lines(record)
    owners = map_lines_to_articles(record.articles)
    articles = {article.id: article for article in record.articles}
    machine = {j.id: j for j in record.reading.joins}
    running = pair_joined_lines(record)
    for join in record.joins:
        article = articles.get(owners.get(join.before, ""))
        ends = join.before in placed and join.after in placed
        if not ends or article is None or owners.get(join.after) != article.id:
            continue
        before, after = placed[join.before][1], placed[join.after][1]
        yield JoinView(
            id=join.id,
            kind=join.kind.value,
            score=join.score,
            joined=(join.before, join.after) in running,
            decided=join.id in machine and machine[join.id].joined != join.joined,
            before=before.text[-ENDS:],
            after=after.text[:ENDS],
            before_box=box_to_quad(before.box),
            after_box=box_to_quad(after.box),
            article=article.id,
            seen=hash_article_text(flatten_article(article)),
            before_end=make_join_end(stem, record, article, placed[join.before], leaving=True),
            after_end=make_join_end(stem, record, article, placed[join.after], leaving=False),
        )


def locate_lines(record: PageRecord) -> Placed:
    """Return the lines of a page by id, each with its region."""
    return {line.id: (region, line) for region in record.page.regions for line in region.lines}


def make_join_end(
    stem: str,
    record: PageRecord,
    article: ArticleRecord,
    place: tuple[Region, TextLine],
    leaving: bool,
) -> JoinEnd:
    """Return one end of a join, with the part of the scan that shows it.

    Args:
        stem: Name of the page.
        record: Its record.
        article: The article that is joined.
        place: The line at the join, with its region.
        leaving: True where the text leaves here, False where it comes back.
    """
    region, line = place
    scan = record.page.scan
    strip = (frame_ending if leaving else frame_beginning)(scan, region, line)
    title = join_chars(article.title)
    key = encode_scan_key((scan.sha256, scan.frame))
    return JoinEnd(stem, article.id, title, key, box_to_quad(strip), box_to_quad(line.box))


def map_lines_to_articles(articles: Iterable[ArticleRecord]) -> dict[str, str]:
    """Return the id of the article that the characters of each line are in, by line."""
    return {
        char.line: article.id
        for article in articles
        for paragraph in article.paragraphs
        for char in paragraph.chars
    }


def pair_joined_lines(record: PageRecord) -> set[tuple[str, str]]:
    """Return the pairs of lines that follow each other inside a paragraph."""
    return {
        (lines[i], lines[i + 1])
        for article in record.articles
        for paragraph in article.paragraphs
        for lines in [[line for line, _ in groupby(c.line for c in paragraph.chars)]]
        for i in range(len(lines) - 1)
    }
