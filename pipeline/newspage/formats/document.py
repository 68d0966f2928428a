"""Define the input of exporters: a page or an issue, and facts that its record does not hold."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from newspage.config import IngestConfig
from newspage.errors import InputError
from newspage.issues import ArticlePiece, join_parts
from newspage.model import ArticlePart, ArticleRecord, IssueOutline, PageRecord, Publication


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


class ScanUse(StrEnum):
    """The place of scans in a package."""

    COPY = "copy"
    """They are copied into it, so that it is complete."""
    LINK = "link"
    """They stay where they are, and the package refers to them by relative paths."""


@dataclass(frozen=True, slots=True)
class IssueDocument:
    """An issue to be written in some format, its pages read one after the other when asked for."""

    outline: IssueOutline
    load_page: Callable[[str], PageDocument]
    """Returns a page by the stem of its record. The last few stay in memory, not more: an issue may
    have thousands. Raises InputError where a record cannot be read."""
    publication: Publication | None = None
    """Paper and date, where the names of the scans tell them."""
    scans: ScanUse = ScanUse.COPY
    """The place of scans, where the format is a package."""

    @property
    def name(self) -> str:
        """Return the name of the issue: paper and date."""
        return self.outline.name

    @property
    def stems(self) -> tuple[str, ...]:
        """Return the stems of its pages in order; two facing pages of one scan are one."""
        return tuple(dict.fromkeys(stem for stem, _ in self.outline.pages))

    def load_pages(self) -> Iterator[PageDocument]:
        """Yield the pages in order, each read when it is asked for."""
        return (self.load_page(stem) for stem in self.stems)

    def join_article(self, name: str) -> ArticleRecord:
        """Return an article of the issue with all its parts, by its id in the outline.

        In its characters `line` is `stem#line`: a line of that page's record.
        """
        parts = self.outline.articles[name]
        pieces = [ArticlePiece(part, self._find_part(part)) for part in parts]
        return join_parts(name, pieces, self.outline.joined)

    def _find_part(self, part: ArticlePart) -> ArticleRecord:
        """Return a part of an article, as its page has it."""
        for article in self.load_page(part.stem).record.articles:
            if article.id == part.article:
                return article
        raise InputError("issue-part-gone", issue=self.name, page=part.stem, article=part.article)


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A file of a package, in pieces, so that large ones are never in memory whole."""

    name: str
    """Path below the folder of the package, `/` between folders."""
    pieces: Iterable[bytes]
