"""Define the input of exporters: a page, and facts about it that its record does not hold."""

from dataclasses import dataclass, field
from pathlib import Path

from newspage.config import IngestConfig
from newspage.model import PageRecord, Publication


@dataclass(frozen=True, slots=True)
class PageDocument:
    """A page to be written in some format."""

    record: PageRecord
    name: str = "page"
    """Name of the page's files, without suffix and folder."""
    publication: Publication | None = None
    """Paper, date and page number, where the name of the scan tells them."""
    scan_file: Path | None = None
    """The file of the scan as this process finds it, None where that is not known. The path in the
    record is for readers, who look for it from where the export goes."""
    limits: IngestConfig = field(default_factory=IngestConfig)
    """Limits under which the scan is opened."""
