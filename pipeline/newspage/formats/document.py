"""Define the input of exporters: a page, and facts about it that its record does not hold."""

from dataclasses import dataclass

from newspage.model import PageRecord, Publication


@dataclass(frozen=True, slots=True)
class PageDocument:
    """A page to be written in some format."""

    record: PageRecord
    name: str = "page"
    """Name of the page's files, without suffix and folder."""
    publication: Publication | None = None
    """Paper, date and page number, where the name of the scan tells them."""
