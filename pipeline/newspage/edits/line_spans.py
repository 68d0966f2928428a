"""Finds the stretch of an article's text that stands on one printed line."""

from collections.abc import Mapping
from dataclasses import dataclass

from newspage.edits.flat_text import BREAK, FlatText, flatten_article
from newspage.model import PageRecord


@dataclass(frozen=True, slots=True)
class PrintedSpan:
    """The text of a printed line, and where it is in its article."""

    article: str
    start: int
    """Offset of its first character in the clean text of the article."""
    end: int
    """Offset behind its last one."""
    text: str


def locate_line_texts(record: PageRecord) -> Mapping[str, PrintedSpan]:
    """Return the clean text of each printed line of the articles, by the line's id.

    Lines whose text is not in one piece (parted by another line's, or over two paragraphs) are left
    out, and so are blanks that part a line from the next one.
    """
    found: dict[str, PrintedSpan] = {}
    for article in record.articles:
        text = flatten_article(article)
        places: dict[str, list[int]] = {}
        for at, char in enumerate(text.chars):
            if char.line:
                places.setdefault(char.line, []).append(at)
        for line, own in places.items():
            span = _make_span(text, own)
            # A line that two articles share is in one piece in neither.
            if span is not None and line not in found:
                found[line] = span
            else:
                found.pop(line, None)
    return found


def _make_span(text: FlatText, places: list[int]) -> PrintedSpan | None:
    """Return the stretch of some characters; None where they are not in one piece."""
    start, end = places[0], places[-1] + 1
    if end - start != len(places) or BREAK in text.string[start:end]:
        return None
    stretch = text.string[start:end]
    kept = stretch.strip()
    if not kept:
        return None
    start += len(stretch) - len(stretch.lstrip())
    return PrintedSpan(text.id, start, start + len(kept), kept)
