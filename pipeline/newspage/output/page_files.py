"""What is written for a page, and the figures of it that people ask for."""

from newspage.formats.plain_text import render_markdown, render_text
from newspage.model import ArticleRecord, PageRecord, join_chars
from newspage.record import encode_record
from newspage.store import PageFigures

SUFFIXES = (".json", ".txt", ".md")
"""Of the files written for every page."""


def render_page_files(record: PageRecord) -> dict[str, bytes]:
    """The files of a page, by suffix; the record is last, so that where it is new all are."""
    return {
        ".txt": render_text(record.articles).encode(),
        ".md": render_markdown(record).encode(),
        ".json": encode_record(record),
    }


def figures(record: PageRecord) -> PageFigures:
    """The figures of a page."""
    page = record.page
    return PageFigures(
        articles=len(record.articles),
        characters=sum(_characters(article) for article in record.articles),
        lines_placed=sum(len(region.lines) for region in page.regions),
        lines_unplaced=len(page.unplaced),
        seconds=round(sum(step.seconds for step in record.steps), 3),
        steps=tuple((step.name, round(step.seconds, 3)) for step in record.steps if step.seconds),
        problems=tuple(f"{p.where}: {p.message}" for p in record.problems),
        dictionaries=next(
            (s.details["dictionaries"] for s in record.steps if "dictionaries" in s.details), ""
        ),
    )


def _characters(article: ArticleRecord) -> int:
    heads = sum(len(join_chars(chars)) for chars in article.heads)
    return heads + sum(len(p.text) for p in article.paragraphs)
