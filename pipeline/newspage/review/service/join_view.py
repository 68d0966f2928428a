"""The joins of a page as the desk shows them: two ends of text, and whether they are one."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from newspage.decisions.article_ends import frame_beginning, frame_ending
from newspage.edits.flat_text import FlatText, flatten_article
from newspage.model import ArticleRecord, PageRecord, Region, TextLine, join_chars
from newspage.review.service.view_rows import box_to_quad, encode_scan_key, hash_values
from newspage.review.service.views import JoinEnd, JoinView

ENDS = 24
"""Characters that are shown on either side of a join."""

Placed = dict[str, tuple[Region, TextLine]]
"""The lines of a page by id, each with its region."""


def hash_article_text(text: FlatText) -> str:
    """Hash of what a person sees of an article."""
    return hash_values(text.id, text.string)


def list_page_joins(stem: str, record: PageRecord) -> Iterator[JoinView]:
    """The joins between lines of one page."""
    placed = locate_lines(record)
    owners = map_lines_to_articles(record.articles)
    articles = {article.id: article for article in record.articles}
    machine = {j.id: j for j in (record.untouched.joins if record.untouched else record.joins)}
    running = running_on(record)
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
    """Where the lines of a page are."""
    return {line.id: (region, line) for region in record.page.regions for line in region.lines}


def make_join_end(
    stem: str,
    record: PageRecord,
    article: ArticleRecord,
    place: tuple[Region, TextLine],
    leaving: bool,
) -> JoinEnd:
    """One end of a join: where the text of an article leaves, or where it comes back."""
    region, line = place
    scan = record.page.scan
    strip = (frame_ending if leaving else frame_beginning)(scan, region, line)
    title = join_chars(article.title)
    key = encode_scan_key((scan.sha256, scan.frame))
    return JoinEnd(stem, article.id, title, key, box_to_quad(strip), box_to_quad(line.box))


def map_lines_to_articles(articles: Iterable[ArticleRecord]) -> dict[str, str]:
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
