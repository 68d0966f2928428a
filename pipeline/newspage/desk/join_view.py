"""The joins of a page as the desk shows them: two ends of text, and whether they are one."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from newspage.correct.text import Text, text_of
from newspage.decide.ends import shown_after, shown_before
from newspage.desk.rows import hashed, quad, scan_key
from newspage.desk.views import End, JoinView
from newspage.model import Article, PageRecord, Region, TextLine, plain

ENDS = 24
"""Characters that are shown on either side of a join."""

Placed = dict[str, tuple[Region, TextLine]]
"""The lines of a page by id, each with its region."""


def article_seen(text: Text) -> str:
    """Hash of what a person sees of an article."""
    return hashed(text.id, text.string)


def joins_of(stem: str, record: PageRecord) -> Iterator[JoinView]:
    """The joins between lines of one page."""
    placed = placed_in(record)
    owners = article_of_lines(record.articles)
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
            before_box=quad(before.box),
            after_box=quad(after.box),
            article=article.id,
            seen=article_seen(text_of(article)),
            before_end=end_of(stem, record, article, placed[join.before], leaving=True),
            after_end=end_of(stem, record, article, placed[join.after], leaving=False),
        )


def placed_in(record: PageRecord) -> Placed:
    """Where the lines of a page are."""
    return {line.id: (region, line) for region in record.page.regions for line in region.lines}


def end_of(
    stem: str,
    record: PageRecord,
    article: Article,
    place: tuple[Region, TextLine],
    leaving: bool,
) -> End:
    """One end of a join: where the text of an article leaves, or where it comes back."""
    region, line = place
    scan = record.page.scan
    strip = (shown_before if leaving else shown_after)(scan, region, line)
    title = plain(article.title)
    key = scan_key((scan.sha256, scan.frame))
    return End(stem, article.id, title, key, quad(strip), quad(line.box))


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
