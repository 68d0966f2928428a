"""Write one article of an issue as a file of its own."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import msgspec

from newspage.formats.document import IssueDocument, PageDocument
from newspage.formats.epub import render_epub
from newspage.formats.exporters import blame_format, find_exporter
from newspage.formats.issue_html import render_html
from newspage.formats.plain_text import render_article_markdown, render_text
from newspage.formats.table_rows import ARTICLES
from newspage.formats.tei import render_tei
from newspage.model import IssueOutline, PageRecord


def _render_rows(issue: IssueDocument, name: str) -> Iterable[bytes]:
    """Yield one JSON object on a line for each page that prints a part of an article."""
    for part in issue.outline.articles[name]:
        for row in ARTICLES.list_rows(issue.load_page(part.stem)):
            if row["article"] == part.article:
                yield msgspec.json.encode(row) + b"\n"


def _render_plain(issue: IssueDocument, name: str) -> Iterable[bytes]:
    """Yield an article as plain text."""
    yield render_text([issue.join_article(name)]).encode()


def _render_marked(issue: IssueDocument, name: str) -> Iterable[bytes]:
    """Yield an article as Markdown."""
    yield render_article_markdown(issue.join_article(name)).encode()


def _render_alone(
    render: Callable[[IssueDocument], Iterable[bytes]],
) -> Callable[[IssueDocument, str], Iterable[bytes]]:
    """Return what renders an article by a format of issues: as an issue that holds nothing else."""
    return lambda issue, name: render(extract_article(issue, name))


_RENDERERS: Mapping[str, Callable[[IssueDocument, str], Iterable[bytes]]] = {
    "txt": _render_plain,
    "md": _render_marked,
    "jsonl": _render_rows,
    "tei": _render_alone(render_tei),
    "html": _render_alone(render_html),
    "epub": _render_alone(render_epub),
}
ARTICLE_FORMATS = tuple(_RENDERERS)
"""Names of the formats that one article can be written in."""


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """An article as a file."""

    suffix: str
    media_type: str
    data: bytes


def render_article(issue: IssueDocument, name: str, format_name: str) -> ArticleFile:
    """Return an article of an issue as a file in one of `ARTICLE_FORMATS`.

    Raises InputError where a record cannot be read, FormatError where the format fails.
    """
    exporter = find_exporter(format_name)
    with blame_format(name, exporter):
        data = b"".join(_RENDERERS[format_name](issue, name))
    return ArticleFile(exporter.suffix.replace(".articles", ""), exporter.media_type, data)


def extract_article(issue: IssueDocument, name: str) -> IssueDocument:
    """Return an issue that holds one article of another, and of its pages only what prints it."""
    parts = issue.outline.articles[name]
    stems = {part.stem for part in parts}
    outline = IssueOutline(
        issue.name,
        tuple(page for page in issue.outline.pages if page[0] in stems),
        {name: parts},
        issue.outline.joined,
    )

    def read_page(stem: str) -> PageDocument:
        page = issue.read_page(stem)
        wanted = {part.article for part in parts if part.stem == stem}
        return replace(page, record=_keep_articles(page.record, wanted))

    return replace(issue, outline=outline, read_page=read_page)


def _keep_articles(record: PageRecord, wanted: set[str]) -> PageRecord:
    """Return a page with some of its articles only, and the regions that print them."""
    articles = tuple(article for article in record.articles if article.id in wanted)
    lines = {
        char.line
        for article in articles
        for chars in (*article.heads, *(paragraph.chars for paragraph in article.paragraphs))
        for char in chars
    }
    regions = tuple(
        region
        for region in record.page.regions
        if region.article in wanted or any(line.id in lines for line in region.lines)
    )
    kept = {region.id for region in regions}
    page = replace(
        record.page,
        regions=regions,
        reading_order=tuple(name for name in record.page.reading_order if name in kept),
        separators=(),
        frames=(),
        pictures=(),
        unplaced=(),
    )
    return replace(
        record,
        page=page,
        articles=articles,
        furniture=(),
        joins=(),
        corrections=tuple(one for one in record.corrections if one.article in wanted),
        problems=(),
    )
