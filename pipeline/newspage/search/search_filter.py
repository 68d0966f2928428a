"""Which articles somebody wants searched, from what they typed."""

import calendar
import re

from newspage.errors import UsageError
from newspage.model import FURNITURE_KINDS
from newspage.search.article_texts import ARTICLE
from newspage.store import ArticleFilter

KINDS = (ARTICLE, *(kind.value for kind in FURNITURE_KINDS))
"""Kinds of texts that are searched."""
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)


def make_filter(paper: str = "", first: str = "", last: str = "", kind: str = "") -> ArticleFilter:
    """Return the filter for a paper, dates and a kind of text; empty values filter nothing out.

    Args:
        paper: The name of the paper.
        first: The first day, month or year: 1937, 1937-07 or 1937-07-07.
        last: The last one, included to its end.
        kind: One of KINDS.

    Raises:
        UsageError: A date cannot be read, or there is no such kind.
    """
    kind = kind.strip()
    if kind and kind not in KINDS:
        raise UsageError("search-kind-unknown", kind=kind, known=", ".join(KINDS))
    return ArticleFilter(
        paper.strip(), _complete_date(first, False), _complete_date(last, True), kind
    )


def _complete_date(text: str, at_end: bool) -> str:
    """Return the first or last day of a day, month or year, ISO 8601; empty stays empty."""
    if not text.strip():
        return ""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        raise UsageError("search-date-unclear", date=text)
    year, month, day = (int(part) if part else 0 for part in found.groups())
    month = month or (12 if at_end else 1)
    if not (year >= 1 and 1 <= month <= 12):
        raise UsageError("search-date-unclear", date=text)
    days = calendar.monthrange(year, month)[1]
    day = day or (days if at_end else 1)
    if day > days:
        raise UsageError("search-date-unclear", date=text)
    return f"{year:04d}-{month:02d}-{day:02d}"
