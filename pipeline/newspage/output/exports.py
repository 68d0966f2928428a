"""Export pages in other formats from their records; no scan is recognised again.

`issue_exports` does the same for whole issues.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from newspage.config import IngestConfig
from newspage.errors import InputError
from newspage.files import relative_path, write_files
from newspage.formats import (
    FormatError,
    PageDocument,
    find_exporter,
    list_all_text,
    list_unwritable,
    render_document,
    require_page_renderer,
)
from newspage.output.page_files import describe_page
from newspage.record import (
    ISSUE_FORMAT,
    RECORD_FORMATS,
    peek_format,
    read_issue_outline,
    read_record,
    shows_scan,
)


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A page record on the disk."""

    path: Path
    stem: str
    """Name of the page below the folder that was asked for, `/` between folders."""
    by_issue: bool = False
    """It was asked for as a page of an issue that was named: formats of both write the issue."""


@dataclass(frozen=True, slots=True)
class ExportedPage:
    """Files written for a page."""

    stem: str
    files: tuple[Path, ...]
    unwritable: tuple[str, ...] = ()
    """Characters of the page that XML cannot hold (U+ numbers); U+FFFD stands for them there."""
    refusals: tuple[InputError | FormatError, ...] = ()
    """Why there is no file in some format: it holds the scan, which was moved or changed, or it has
    a fault."""


def find_records(paths: Sequence[Path]) -> Iterator[RecordFile]:
    """Yield the page records among some files and below some folders, in the order of their names.

    The file of an issue stands for its pages. Other JSON files below a folder (the index, issues,
    truth files) are passed over. Raises InputError for a path that is not there, and for a file of
    an issue that cannot be read.
    """
    for path in paths:
        if path.is_dir():
            for file in list_files_of(path, *RECORD_FORMATS):
                # What `newspage correct` made of a text lies here, too; it is no page.
                if shows_scan(file):
                    yield RecordFile(file, file.relative_to(path).with_suffix("").as_posix())
        elif not path.is_file():
            raise InputError("record-missing", path=path)
        elif peek_format(path) == ISSUE_FORMAT:
            for stem in dict(read_issue_outline(path).pages):
                yield RecordFile(locate_record(path, stem), stem, by_issue=True)
        else:
            yield RecordFile(path, path.stem)


def list_files_of(folder: Path, *kinds: str) -> list[Path]:
    """Return the files below a folder that name a format in their first line, by name."""
    files = (file for file in folder.rglob("*.json") if not file.name.startswith("."))
    return sorted(file for file in files if peek_format(file) in kinds)


def locate_record(issue: Path, stem: str) -> Path:
    """Return the path of the record of a page, from the path of its issue's file."""
    return issue.parent.parent / f"{stem}.json"


def export_pages(
    records: Iterable[RecordFile],
    formats: Sequence[str],
    folder: Path,
    config: IngestConfig,
    with_sources: bool = False,
) -> Iterator[ExportedPage | InputError | FormatError]:
    """Write pages in some formats into a folder, which mirrors the folders of the records.

    Yields what was written for each page, or why it could not be: one bad record, or a scan that is
    not there, never stops the others. Holds one page in memory at a time. Raises OutputError where
    nothing can be written; before the first page UsageError for a format that is unknown or of
    issues alone, and MissingDependencyError for one whose package is not installed.
    """
    exporters = [find_exporter(name) for name in formats]
    for exporter in exporters:
        require_page_renderer(exporter)
    for source in records:
        path = folder / source.stem
        chosen = [e for e in exporters if not (source.by_issue and e.takes_issues)]
        try:
            document = load_document(source.path, source.stem, path.parent, config)
        except InputError as error:
            yield error
            continue
        document = replace(document, with_sources=with_sources)
        files: dict[str, bytes] = {}
        refusals: list[InputError | FormatError] = []
        for exporter in chosen:
            try:
                files[path.name + exporter.suffix] = render_document(document, exporter)
            except (InputError, FormatError) as error:
                refusals.append(error)
        write_files(path.parent, files)
        lost = list_lost_characters(document)
        written = tuple(path.parent / name for name in files)
        yield ExportedPage(source.stem, written, tuple(lost), tuple(refusals))


def list_lost_characters(page: PageDocument) -> list[str]:
    """Return the characters of a page that XML cannot hold, as U+ numbers."""
    return list_unwritable("".join(list_all_text(page.record)))


def load_document(path: Path, stem: str, folder: Path, config: IngestConfig) -> PageDocument:
    """Return a page record with its scan, and paper, date and page number parsed from its name.

    The path of the scan in the record is made relative to `folder`, where the exported files go:
    readers look for it there. Raises InputError where the file is no page record.
    """
    document = describe_page(read_record(path), stem, config, path.parent)
    page = document.record.page
    file = path.parent / page.scan.path
    scan = replace(page.scan, path=relative_path(file, folder))
    record = replace(document.record, page=replace(page, scan=scan))
    return replace(document, record=record, scan_file=file, limits=config)
