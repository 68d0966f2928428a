"""Define the input of exporters: a page or an issue, and facts that its record does not hold."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from newspage.config import IiifConfig, IngestConfig, NdnpConfig, PaperConfig
from newspage.errors import InputError
from newspage.files import relative_path
from newspage.issues import ArticlePiece, join_parts
from newspage.model import (
    ArticlePart,
    ArticleRecord,
    IssueOutline,
    PageRecord,
    Publication,
)


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
    with_sources: bool = False
    """Formats for people (txt, md) say of each article where it is from."""


class PackageProfile(StrEnum):
    """The names and structures that a package has besides, or instead, for those who load it."""

    PLAIN = "plain"
    """As DFG Viewer and Kitodo call things."""
    NDNP = "ndnp"
    """As the loaders of the National Digital Newspaper Program look for things."""
    IMPRESSO = "impresso"
    """As the importer of impresso for METS and ALTO looks for things."""


@dataclass(frozen=True, slots=True)
class PackageChoices:
    """What can be chosen about the packages of issues."""

    link_scans: bool = False
    """They refer to scans where they are, instead of holding copies of them."""
    profile: PackageProfile = PackageProfile.PLAIN
    """Names and structures in packages of METS."""
    publishing: IiifConfig = field(default_factory=IiifConfig)
    """Where the folder of the export will be found on the web, and who is to be named."""
    delivery: NdnpConfig = field(default_factory=NdnpConfig)
    """The batch that the packages are delivered in."""
    find_paper: Callable[[str], PaperConfig] = lambda path: PaperConfig()
    """Returns what is known of the paper of a scan, by its path with forward slashes."""


@dataclass(frozen=True, slots=True)
class WrittenBeside:
    """A file of the same issue in another format, which is written by the same export."""

    place: str
    """Path from the folder of the export, `/` between folders."""
    media_type: str
    description: str


@dataclass(frozen=True, slots=True)
class IssueDocument:
    """An issue to be written in some format, its pages read one after the other when asked for."""

    outline: IssueOutline
    read_page: Callable[[str], PageDocument]
    """Reads a page by the stem of its record, and keeps the last few in memory, not more: an issue
    may have thousands. Raises InputError where a record cannot be read."""
    publication: Publication | None = None
    """Paper and date, where the names of the scans tell them."""
    folder: Path = Path()
    """The folder in which the file of the issue, or the files of its package, will be."""
    link_scans: bool = False
    """A package refers to scans where they are, instead of holding copies of them."""
    place: str = ""
    """Path of its file or package from the folder of the export, `/` between folders."""
    beside: tuple[WrittenBeside, ...] = ()
    """Its files in the other formats of this export."""
    publishing: IiifConfig = field(default_factory=IiifConfig)
    """Where the folder of the export will be found on the web, and who is to be named."""
    profile: PackageProfile = PackageProfile.PLAIN
    """Names and structures in a package of METS."""
    paper: PaperConfig = field(default_factory=PaperConfig)
    """What catalogues know of the paper, and the edition of the issue."""
    with_pdf: bool = False
    """A package holds searchable PDF besides, of the issue and of each page: what writes it is
    installed."""

    @property
    def name(self) -> str:
        """Return the name of the issue: paper and date."""
        return self.outline.name

    @property
    def stems(self) -> tuple[str, ...]:
        """Return the stems of its pages in order; two facing pages of one scan are one."""
        return tuple(dict.fromkeys(stem for stem, _ in self.outline.pages))

    def list_numbers(self, stem: str) -> tuple[str, ...]:
        """Return the numbers of the printed pages on a scan, empty ones where they are unknown."""
        return tuple(number for name, number in self.outline.pages if name == stem)

    def load_page(self, stem: str) -> PageDocument:
        """Return a page by the stem of its record; the path of its scan is as seen from `folder`.

        Raises InputError where the record cannot be read.
        """
        page = self.read_page(stem)
        if page.scan_file is None:
            return page
        layout = page.record.page
        scan = replace(layout.scan, path=relative_path(page.scan_file, self.folder))
        return replace(page, record=replace(page.record, page=replace(layout, scan=scan)))

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
    """Whoever writes the package takes all of them before asking for the next file."""
