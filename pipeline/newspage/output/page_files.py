"""The contents of the files of a page, and its figures for the store."""

from newspage.formats.plain_text import render_markdown, render_text
from newspage.model import ArticleRecord, PageRecord, join_chars
from newspage.record import encode_record
from newspage.store import PageFigures

SUFFIXES = (".json", ".txt", ".md")
"""Suffixes of the files written for every page."""


def render_page_files(record: PageRecord) -> dict[str, bytes]:
    """Render the files of a page, by suffix.

    The record comes last: files are renamed in this order, so where the record is new all are.
    """
    return {
        ".txt": render_text(record.articles).encode(),
        ".md": render_markdown(record).encode(),
        ".json": encode_record(record),
    }


def figures(record: PageRecord) -> PageFigures:
    """Count the articles, characters and lines of a page, with durations (s) and problems."""
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
    """Count the characters of an article, headlines included."""
    heads = sum(len(join_chars(chars)) for chars in article.heads)
    return heads + sum(len(p.text) for p in article.paragraphs)
