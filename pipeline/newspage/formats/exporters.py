"""Look up and run the formats that a page can be written in.

A format is one entry of a table: its name, the suffix of its files, and the function that turns a
page into bytes. Other packages add their own through the entry point group `newspage.exporters`,
whose values are `Exporter` objects.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from newspage.errors import MissingDependencyError, NewspageError, OutputError, UsageError
from newspage.formats.alto import render_alto
from newspage.formats.article_rows import render_csv, render_jsonl
from newspage.formats.document import PageDocument
from newspage.formats.hocr import render_hocr
from newspage.formats.page_xml import render_page_xml
from newspage.formats.plain_text import render_markdown, render_text
from newspage.formats.scan_access import require_scan_file
from newspage.packages import find_installed_version
from newspage.plugins import load_added_entries
from newspage.record import encode_record

GROUP = "newspage.exporters"
"""Entry point group in which other packages declare exporters."""

_LONGEST_SUFFIX = 19
"""Bytes: the longest name of a page (230), the dot before and the `.part` behind an unfinished
file, and this make the 255 that file systems take."""


class FormatError(OutputError):
    """A page cannot be written in a format: a fault of the format, not of the disk."""


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format that a page can be written in."""

    name: str
    """Name on the command line."""
    suffix: str
    """End of the file's name after that of the page, like ".alto.xml"."""
    description: str
    """Use of the format, on one line."""
    media_type: str
    render: Callable[[PageDocument], bytes]
    """Turns a page into the bytes of a file; the same page always gives the same bytes."""
    needs_scan: bool = False
    """Whether the files hold the scan itself: `PageDocument.scan_file` is there then, and is the
    file that was read."""
    package: str = ""
    """The package that it needs besides, as it is installed; the extra of newspage that installs
    it is called like the format."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\.[A-Za-z0-9._-]+", self.suffix):
            raise ValueError(f"{self.suffix!r} is no suffix, like .alto.xml")
        if len(self.suffix) > _LONGEST_SUFFIX:
            raise ValueError(f"{self.suffix} is longer than {_LONGEST_SUFFIX} characters")


def _render_pdf(document: PageDocument) -> bytes:
    """Return a page as PDF. What decodes pictures is loaded only where it is asked for."""
    from newspage.formats.searchable_pdf import render_pdf

    return render_pdf(document)


_OWN = (
    Exporter(
        "txt",
        ".txt",
        "the articles as plain text",
        "text/plain",
        lambda document: render_text(document.record.articles).encode(),
    ),
    Exporter(
        "md",
        ".md",
        "the articles with headings, then the furniture",
        "text/markdown",
        lambda document: render_markdown(document.record).encode(),
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
        "jsonl", ".articles.jsonl", "one JSON object an article", "application/jsonl", render_jsonl
    ),
    Exporter(
        "csv", ".articles.csv", "one row an article, for spreadsheets", "text/csv", render_csv
    ),
    Exporter(
        "pdf",
        ".pdf",
        "searchable PDF: the scan, its text lying on the print",
        "application/pdf",
        _render_pdf,
        needs_scan=True,
        package="fonttools",
    ),
)


@lru_cache(maxsize=1)
def load_exporters() -> Mapping[str, Exporter]:
    """Return all formats by name: those of newspage, then those of other installed packages.

    A format of another package cannot take the name of one of newspage's. Raises UsageError where
    an installed package declares something that is no `Exporter` or cannot be loaded.
    """
    found = {exporter.name: exporter for exporter in _OWN}
    for exporter in load_added_entries(GROUP, Exporter):
        found.setdefault(exporter.name, exporter)
    return found


def find_exporter(name: str) -> Exporter:
    """Return the exporter of a format by its name.

    Raises UsageError for an unknown one, MissingDependencyError where its package is not installed.
    """
    known = load_exporters()
    if name not in known:
        raise UsageError(f"{name} is no format.", f"Known are: {', '.join(known)}.")
    package = known[name].package
    if package and find_installed_version(package) is None:
        raise MissingDependencyError(
            f"The format {name} needs the package {package}.",
            f"Install it: pip install 'newspage[{name}]', or {package} alone.",
        )
    return known[name]


def render_page(document: PageDocument, name: str) -> bytes:
    """Render a page in a format, as the bytes of a file.

    Raises UsageError for an unknown format, MissingDependencyError where its package is missing,
    UnavailableScanError where it needs the scan, FormatError where it cannot hold the page.
    """
    return render_document(document, find_exporter(name))


def render_document(document: PageDocument, exporter: Exporter) -> bytes:
    """Render a page with an exporter.

    Raises FormatError, whatever fault the exporter has; UnavailableScanError where it needs the
    scan, and that was moved or changed; InputError where that cannot be decoded.
    """
    try:
        if exporter.needs_scan:
            require_scan_file(document)
        return exporter.render(document)
    except NewspageError:
        raise
    except Exception as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())
        raise FormatError(
            f"{document.name}: cannot be written as {exporter.name} ({what}).",
            "Do without that format, and tell its makers.",
        ) from error
