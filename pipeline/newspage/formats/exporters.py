"""Look up and run the formats that pages and issues can be written in.

A format is one entry of a table: its name, the suffix of its files, and the functions that turn a
page or an issue into bytes. Other packages add their own through the entry point group
`newspage.exporters`, whose values are `Exporter` objects.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from newspage.errors import (
    MissingDependencyError,
    NewspageError,
    OutputError,
    UsageError,
    describe_exception,
)
from newspage.formats.alto import render_alto
from newspage.formats.document import IssueDocument, PackageChoices, PackageFile, PageDocument
from newspage.formats.epub import render_epub
from newspage.formats.hocr import render_hocr
from newspage.formats.issue_html import render_html
from newspage.formats.mets import pack_mets
from newspage.formats.ndnp_batch import list_ndnp_batch, place_ndnp_issue
from newspage.formats.page_xml import render_page_xml
from newspage.formats.plain_text import render_markdown, render_text
from newspage.formats.scan_access import require_scan_file
from newspage.formats.source_lines import describe_sources
from newspage.formats.table_rows import ARTICLES, CORRECTIONS
from newspage.formats.tei import render_tei
from newspage.formats.text_tables import render_csv, render_jsonl
from newspage.packages import find_installed_version
from newspage.plugins import load_added_entries
from newspage.record import encode_record

GROUP = "newspage.exporters"
"""Entry point group in which other packages declare exporters."""

_PDF_PACKAGE = "fonttools"
"""The package that PDF needs besides; the extra `pdf` installs it."""
_LONGEST_SUFFIX = 19
"""Bytes: the longest name of a page (230), the dot before and the `.part` behind an unfinished
file, and this make the 255 that file systems take."""


class FormatError(OutputError):
    """A page or issue cannot be written in a format: a fault of the format, not of the disk."""


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format that a page, an issue or either can be written in.

    The functions that a format lacks are None. The same page or issue always gives the same bytes.
    """

    name: str
    """Name on the command line."""
    suffix: str
    """End of the name of the file (or folder) after that of the page, like ".alto.xml"."""
    description: str
    """Use of the format, on one line."""
    media_type: str
    """Of the file; of a package, that of the file which describes it."""
    render: Callable[[PageDocument], bytes] | None = None
    """Turns a page into the bytes of a file."""
    render_issue: Callable[[IssueDocument], Iterable[bytes]] | None = None
    """Turns an issue into the bytes of a file, piece by piece."""
    package_issue: Callable[[IssueDocument], Iterable[PackageFile]] | None = None
    """Turns an issue into the files of a folder, one after the other."""
    place_issue: Callable[[IssueDocument, PackageChoices], str] | None = None
    """Names the folder of an issue below that of the export (`/` between folders), where it is not
    to be called like the issue; empty: it is."""
    list_packages: Callable[[Path, PackageChoices], Iterable[PackageFile]] | None = None
    """Makes the files that list all packages in the folder of an export, whenever it is written."""
    package_pages: Callable[[Iterable[PageDocument]], Iterable[PackageFile]] | None = None
    """Turns any number of pages, those of an issue or of many, into the files of one folder."""
    needs_scan: bool = False
    """Whether the files hold the scan itself: `PageDocument.scan_file` is there then, and is the
    file that was read."""
    package: str = ""
    """The package that it needs besides, as it is installed; the extra of newspage that installs
    it is called like the format."""
    holds_pdf: bool = False
    """Whether its packages hold searchable PDF besides, where what writes it is installed."""

    def __post_init__(self) -> None:
        of_issues = (self.render_issue, self.package_issue, self.package_pages)
        if not (self.render or any(of_issues)):
            raise ValueError(f"{self.name} turns nothing into anything")
        if sum(map(bool, of_issues)) > 1:
            raise ValueError(f"{self.name} makes an issue more than one thing")
        if not re.fullmatch(r"\.[A-Za-z0-9._-]+", self.suffix):
            raise ValueError(f"{self.suffix!r} is no suffix, like .alto.xml")
        if len(self.suffix) > _LONGEST_SUFFIX:
            raise ValueError(f"{self.suffix} is longer than {_LONGEST_SUFFIX} characters")

    @property
    def takes_issues(self) -> bool:
        """Tell whether an issue can be written in it."""
        return bool(self.render_issue or self.package_issue or self.package_pages)

    @property
    def scope(self) -> str:
        """Return what can be written in it, for people: a page, an issue, either or all pages."""
        if self.package_pages:
            return "all pages"
        words = ("page" if self.render else "", "issue" if self.takes_issues else "")
        return ", ".join(word for word in words if word)


def _list_sources(document: PageDocument) -> Mapping[str, str]:
    """Return where the articles of a page are from, by their ids, where that is to be said."""
    return describe_sources(document) if document.with_sources else {}


def _render_pdf(document: PageDocument) -> bytes:
    """Return a page as PDF. What decodes pictures is loaded only where it is asked for."""
    from newspage.formats.searchable_pdf import render_pdf

    return render_pdf(document)


def _render_issue_pdf(issue: IssueDocument) -> Iterable[bytes]:
    """Yield the pages of an issue as one PDF file, each read when it is reached."""
    from newspage.formats.searchable_pdf import write_pdf_pages

    return write_pdf_pages(issue.load_pages())


def _pack_iiif(issue: IssueDocument) -> Iterable[PackageFile]:
    """Yield the files of an issue for IIIF. What decodes pictures is loaded only here."""
    from newspage.formats.iiif import pack_iiif

    return pack_iiif(issue)


def _list_iiif(folder: Path, choices: PackageChoices) -> Iterable[PackageFile]:
    """Yield the collections of the issues in the folder of an export."""
    from newspage.formats.iiif import list_collections

    return list_collections(folder, choices.publishing)


def _pack_parquet(pages: Iterable[PageDocument]) -> Iterable[PackageFile]:
    """Yield the tables of some pages as Parquet, by a package that is there for it alone."""
    from newspage.formats.parquet_tables import pack_tables

    return pack_tables(pages)


_OWN = (
    Exporter(
        "txt",
        ".txt",
        "the articles as plain text",
        "text/plain",
        lambda document: render_text(document.record.articles, _list_sources(document)).encode(),
    ),
    Exporter(
        "md",
        ".md",
        "the articles with headings, then the furniture",
        "text/markdown",
        lambda document: render_markdown(document.record, _list_sources(document)).encode(),
    ),
    Exporter(
        "json",
        ".json",
        "the page record of newspage",
        "application/json",
        lambda document: encode_record(document.record),
    ),
    Exporter(
        "alto",
        ".alto.xml",
        "ALTO 4.4: lines, glyphs, confidences, articles, corrections",
        "application/xml+alto",
        render_alto,
    ),
    Exporter(
        "page",
        ".page.xml",
        "PAGE 2019-07-15: regions, order, lines with baselines",
        "application/vnd.prima.page+xml",
        render_page_xml,
    ),
    Exporter(
        "hocr", ".hocr", "hOCR 1.2: the page as annotated HTML", "text/vnd.hocr+html", render_hocr
    ),
    Exporter(
        "jsonl",
        ".articles.jsonl",
        "one JSON object an article",
        "application/jsonl",
        partial(render_jsonl, ARTICLES),
    ),
    Exporter(
        "csv",
        ".articles.csv",
        "one row an article, for spreadsheets",
        "text/csv",
        partial(render_csv, ARTICLES),
    ),
    Exporter(
        "corrections-jsonl",
        ".corrections.jsonl",
        "one JSON object a correction",
        "application/jsonl",
        partial(render_jsonl, CORRECTIONS),
    ),
    Exporter(
        "corrections-csv",
        ".corrections.csv",
        "one row a correction, for spreadsheets",
        "text/csv",
        partial(render_csv, CORRECTIONS),
    ),
    Exporter(
        "parquet",
        ".parquet",
        "a folder with one table of all articles and one of all corrections",
        "application/vnd.apache.parquet",
        package_pages=_pack_parquet,
        package="pyarrow",
    ),
    Exporter(
        "pdf",
        ".pdf",
        "searchable PDF: the scan, its text lying on the print",
        "application/pdf",
        _render_pdf,
        _render_issue_pdf,
        needs_scan=True,
        package=_PDF_PACKAGE,
    ),
    Exporter(
        "tei",
        ".tei.xml",
        "TEI P5: the issue as one text, with its places on the scans",
        "application/tei+xml",
        render_issue=render_tei,
    ),
    Exporter(
        "html",
        ".html",
        "the issue for readers, as one web page with its illustrations",
        "text/html",
        render_issue=render_html,
    ),
    Exporter(
        "epub",
        ".epub",
        "EPUB 3: the issue as a book, with its illustrations",
        "application/epub+zip",
        render_issue=render_epub,
    ),
    Exporter(
        "mets",
        ".mets",
        "METS 1.12.1: a folder of scans, ALTO, PDF, text, thumbnails, mets.xml",
        "application/mets+xml",
        package_issue=pack_mets,
        place_issue=place_ndnp_issue,
        list_packages=list_ndnp_batch,
        holds_pdf=True,
    ),
    Exporter(
        "iiif",
        ".iiif",
        "IIIF Presentation 3: a folder of tiles, text, manifest.json for viewers",
        "application/ld+json",
        package_issue=_pack_iiif,
        list_packages=_list_iiif,
        needs_scan=True,
    ),
)


@lru_cache(maxsize=1)
def load_exporters() -> Mapping[str, Exporter]:
    """Return all formats by name: those of newspage, then those of other installed packages.

    A format of another package cannot take the name of one of newspage's. Raises UsageError where
    an installed package declares something that is no `Exporter` or cannot be loaded.
    """
    found = {exporter.name: exporter for exporter in _OWN}
    for added in load_added_entries(GROUP, Exporter):
        found.setdefault(added.value.name, added.value)
    return found


def find_exporter(name: str) -> Exporter:
    """Return the exporter of a format by its name.

    Raises UsageError for an unknown one, MissingDependencyError where its package is not installed.
    """
    known = load_exporters()
    if name not in known:
        raise UsageError("format-unknown", name=name, known=", ".join(known))
    package = known[name].package
    if package and find_installed_version(package) is None:
        raise MissingDependencyError("format-package-missing", name=name, package=package)
    return known[name]


def lacks_pdf(exporter: Exporter) -> bool:
    """Tell whether packages of a format hold no PDF here, since what writes it is not installed."""
    return exporter.holds_pdf and find_installed_version(_PDF_PACKAGE) is None


def render_page(document: PageDocument, name: str) -> bytes:
    """Render a page in a format, as the bytes of a file.

    Raises UsageError for an unknown format and for one of issues alone, MissingDependencyError
    where its package is missing, UnavailableScanError where it needs the scan, FormatError where it
    cannot hold the page.
    """
    return render_document(document, find_exporter(name))


def render_document(document: PageDocument, exporter: Exporter) -> bytes:
    """Render a page with an exporter.

    Raises FormatError, whatever fault the exporter has; UsageError where it is of issues alone,
    UnavailableScanError where it needs the scan, and that was moved or changed; InputError where
    that cannot be decoded.
    """
    render = require_page_renderer(exporter)
    with blame_format(document.name, exporter):
        if exporter.needs_scan:
            require_scan_file(document)
        return render(document)


def require_page_renderer(exporter: Exporter) -> Callable[[PageDocument], bytes]:
    """Return what renders a page. Raises UsageError for a format of issues alone."""
    if exporter.render is None:
        raise UsageError("format-of-issues", name=exporter.name)
    return exporter.render


@contextmanager
def blame_format(name: str, exporter: Exporter) -> Iterator[None]:
    """Turn whatever fault an exporter has while it writes `name` into a FormatError."""
    try:
        yield
    except NewspageError:
        raise
    except Exception as error:
        raise FormatError(
            "format-fails", page=name, format=exporter.name, reason=describe_exception(error)
        ) from error
