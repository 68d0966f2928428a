"""Export pages in other formats from their records; no scan is recognised again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from newspage.config import IngestConfig
from newspage.errors import InputError
from newspage.files import relative_path, write_files
from newspage.formats.document import PageDocument
from newspage.formats.exporters import find_exporter, render_document
from newspage.formats.page_structure import list_all_text
from newspage.formats.xml_tree import list_unwritable
from newspage.output.page_files import describe_page
from newspage.record import FORMAT, peek_format, read_record


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A page record on the disk."""

    path: Path
    stem: str
    """Name of the page below the folder that was asked for, `/` between folders."""


@dataclass(frozen=True, slots=True)
class ExportedPage:
    """Files written for a page."""

    stem: str
    files: tuple[Path, ...]
    unwritable: tuple[str, ...] = ()
    """Characters of the page that XML cannot hold (U+ numbers); U+FFFD stands for them there."""
    refusals: tuple[InputError, ...] = ()
    """Why there is no file in a format that holds the scan: it was moved or changed."""


def find_records(paths: Sequence[Path]) -> Iterator[RecordFile]:
    """Yield the page records among some files and below some folders, in the order of their names.

    Other JSON files below a folder (the index, issues, truth files) are passed over. Raises
    InputError for a path that is not there.
    """
    for path in paths:
        if path.is_dir():
            for file in sorted(path.rglob("*.json")):
                if not file.name.startswith(".") and peek_format(file) == FORMAT:
                    yield RecordFile(file, file.relative_to(path).with_suffix("").as_posix())
        elif path.is_file():
            yield RecordFile(path, path.stem)
        else:
            raise InputError("record-missing", path=path)


def export_pages(
    records: Iterable[RecordFile], formats: Sequence[str], folder: Path, config: IngestConfig
) -> Iterator[ExportedPage | InputError]:
    """Write pages in some formats into a folder, which mirrors the folders of the records.

    Yields what was written for each page, or why it could not be: one bad record, or a scan that is
    not there, never stops the others. Holds one page in memory at a time. Raises OutputError where
    nothing can be written; before the first page UsageError for an unknown format, and
    MissingDependencyError for one whose package is not installed.
    """
    exporters = [find_exporter(name) for name in formats]
    for source in records:
        path = folder / source.stem
        try:
            document = load_document(source.path, source.stem, path.parent, config)
        except InputError as error:
            yield error
            continue
        files: dict[str, bytes] = {}
        refusals: list[InputError] = []
        for exporter in exporters:
            try:
                files[path.name + exporter.suffix] = render_document(document, exporter)
            except InputError as error:
                refusals.append(error)
        write_files(path.parent, files)
        lost = list_unwritable("".join(list_all_text(document.record)))
        written = tuple(path.parent / name for name in files)
        yield ExportedPage(source.stem, written, tuple(lost), tuple(refusals))


def load_document(path: Path, stem: str, folder: Path, config: IngestConfig) -> PageDocument:
    """Return a page record with its scan, and paper, date and page number parsed from its name.

    The path of the scan in the record is made relative to `folder`, where the exported files go:
    readers look for it there. Raises InputError where the file is no page record.
    """
    document = describe_page(read_record(path), stem, config, path.parent)
    page = document.record.page
    scan = replace(page.scan, path=relative_path(path.parent / page.scan.path, folder))
    return replace(document, record=replace(document.record, page=replace(page, scan=scan)))
