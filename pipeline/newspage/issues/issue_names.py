"""Names of pages and issues: by the names of scans, else by what is printed on them."""

import re
import unicodedata

from newspage.model import PageRecord, Publication, RegionKind

_NUMERALS = {numeral: value for value, numeral in enumerate("〇一二三四五六七八九")}
_FOLIO = re.compile(
    r"第\s*(?P<ordinal>[a-z]?[0-9]{1,3}|[十〇一二三四五六七八九]{1,3})\s*[版页頁]"
    r"|(?<![0-9a-z])(?P<count>[a-z]?[0-9]{1,3})\s*[版页頁]"
    r"|^(?P<first>[a-z]?[0-9]{1,2})(?![0-9年月日])",
    re.IGNORECASE,
)

FIRST, SECOND = "1-", "2-"
"""Beginnings of identifiers where one record holds two facing pages."""


def make_issue_name(publication: Publication | None) -> str:
    """Return the name of a page's issue, fit for a file name; empty where none is known."""
    if publication is None:
        return ""
    date = publication.date.isoformat() if publication.date else ""
    name = "-".join(word for word in (publication.paper, date) if word)
    return re.sub(r"[\x00-\x1f/\\:*?\"<>|]+", "_", name).strip(" .")


def find_page_numbers(publication: Publication | None, record: PageRecord) -> tuple[str, ...]:
    """Return the numbers of a page, or of two facing ones: from the name, else as printed.

    Empty strings where neither tells.
    """
    halves = (FIRST, SECOND) if any(r.id.startswith(SECOND) for r in record.page.regions) else ("",)
    if publication is not None and publication.page:
        first = normalise_page_number(publication.page)
        return (first, increment_page_number(first))[: len(halves)]
    return tuple(_printed_number(record, half) for half in halves)


def _printed_number(record: PageRecord, half: str) -> str:
    """Return the page number printed in the folio, else in the masthead; empty without one."""
    for kind in (RegionKind.FOLIO, RegionKind.MASTHEAD):
        for furniture in record.furniture:
            if furniture.kind is kind and furniture.region.startswith(half):
                found = _FOLIO.search(furniture.text.strip())
                if found:
                    return normalise_page_number(next(g for g in found.groups() if g))
    return ""


def increment_page_number(number: str) -> str:
    """Return the number of the page after; empty where the text does not end in digits."""
    digits = re.search(r"[0-9]+$", number)
    return f"{number[: digits.start()]}{int(digits[0]) + 1}" if digits else ""


def normalise_page_number(text: str) -> str:
    """Return a page number as digits with an optional capital letter: 12 of 第十二版 or 012."""
    text = unicodedata.normalize("NFKC", text).strip().strip("第版页頁").upper()
    if text and set(text) <= {*_NUMERALS, "十"}:
        tens, ten, ones = text.rpartition("十")
        if not ten:
            return "".join(str(_NUMERALS[c]) for c in text).lstrip("0")
        return str(10 * (_NUMERALS.get(tens, 1)) + _NUMERALS.get(ones, 0))
    return re.sub(r"^([A-Z]?)0+(?=[0-9])", r"\1", text)
