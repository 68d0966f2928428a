"""Read from an address which pages are listed, in which order."""

import re
from collections.abc import Mapping
from typing import get_args

from starlette.datastructures import QueryParams

from newspage.review.service import RequestError
from newspage.store import PageChoice, PageFilter, PageSort

PAGE_SORTS: Mapping[str, PageSort] = {sort: sort for sort in get_args(PageSort)}
PAGE_CHOICES: Mapping[str, PageChoice] = {choice: choice for choice in get_args(PageChoice)}
_LONGEST = 1000
"""Characters of a name that is looked for; no path is longer."""
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)


def parse_page_filter(query: QueryParams) -> PageFilter:
    """Return the choice of pages in the query of an address; days that are none are ignored.

    Raises RequestError where a value is longer than any name.
    """
    if any(len(value) > _LONGEST or "\0" in value for value in query.values()):
        raise RequestError("search-too-long")
    first, last = (query.get(name, "").strip() for name in ("from", "to"))
    return PageFilter(
        find=query.get("find", "").strip(),
        paper=query.get("paper", ""),
        first=first if _DAY.fullmatch(first) else "",
        last=last if _DAY.fullmatch(last) else "",
        choice=PAGE_CHOICES.get(query.get("state", ""), "all"),
        undated=query.get("undated", "") == "1",
    )


def parse_page_sort(query: QueryParams) -> PageSort:
    """Return the order of pages in the query of an address; by name where none is known."""
    return PAGE_SORTS.get(query.get("sort", ""), "name")
