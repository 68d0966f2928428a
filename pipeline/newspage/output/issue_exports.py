"""Export whole issues from the records of their pages and the files of `issues/`.

A page that belongs to no issue is exported as an issue of one page, in the formats that know issues
only.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from newspage.config import IngestConfig
from newspage.errors import InputError, UsageError
from newspage.files import make_output_error, write_files, write_package, write_pieces
from newspage.formats import (
    Exporter,
    FormatError,
    IssueDocument,
    PackageChoices,
    PackageFile,
    PageDocument,
    WrittenBeside,
    blame_format,
    find_exporter,
    lacks_pdf,
)
from newspage.issues import IssuePage, find_page_numbers, join_issue, outline_issue
from newspage.model import IssueOutline
from newspage.output.exports import (
    RecordFile,
    find_records,
    list_files_of,
    load_document,
    locate_record,
)
from newspage.record import ISSUE_FORMAT, RECORD_FORMATS, peek_format, read_issue_outline
from newspage.workspace import ISSUES_NAME

_PAGES_KEPT = 4
"""Page records in memory at once: articles that go on over several pages ask for them in turn. A
record takes some 500 bytes a character: 1.4 MB with the 2,600 of a sample page."""

_TOGETHER = "newspage"
"""Name of a folder that holds all pages of an export."""


@dataclass(frozen=True, slots=True)
class IssueSource:
    """An issue as it lies on the disk."""

    stem: str
    """Name of what is written for it, below the folder of the export."""
    path: Path
    """The file of the issue; of a page that belongs to none, its record."""
    records: Mapping[str, Path]
    """The record of each of its pages by stem, in order."""
    single: bool = False
    """It is a page that belongs to no issue."""


@dataclass(frozen=True, slots=True)
class ExportedIssue:
    """Files and folders written for an issue."""

    stem: str
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """What is to be exported: pages and issues, each in the formats that they can be written in."""

    pages: tuple[RecordFile, ...]
    page_formats: tuple[str, ...]
    issues: tuple[IssueSource, ...]
    issue_formats: tuple[str, ...]
    packed: tuple[RecordFile, ...] = ()
    """Pages that go into one folder together."""
    packed_formats: tuple[str, ...] = ()


def plan_export(paths: Sequence[Path], formats: Sequence[str]) -> ExportPlan:
    """Return which pages and issues some paths name, and the formats for each.

    A file of a record or of an issue names that alone; a folder names the records and the issues
    below it, and the issues that its pages belong to. Pages of no issue count as issues in formats
    that know issues only. Formats that put all pages into one folder get each page once.

    Raises:
        InputError: A path is not there, or a file of an issue that was named cannot be read.
        UsageError: A format is unknown.
    """
    exporters = [find_exporter(name) for name in formats]
    of_pages = tuple(e for e in exporters if e.render)
    of_issues = tuple(e for e in exporters if e.takes_issues and not e.package_pages)
    of_all = tuple(e for e in exporters if e.package_pages)
    pages: tuple[RecordFile, ...] = ()
    if of_pages:
        only = all(e.takes_issues for e in of_pages)
        pages = tuple(r for r in find_records(paths) if not (only and r.by_issue))
    issues = tuple(find_issues(paths)) if of_issues else ()
    if all(e.render for e in of_issues):
        issues = tuple(issue for issue in issues if not issue.single)
    packed: dict[Path, RecordFile] = {}
    for record in find_records(paths) if of_all else ():
        packed.setdefault(record.path.resolve(), record)
    return ExportPlan(
        pages,
        tuple(e.name for e in of_pages),
        issues,
        tuple(e.name for e in of_issues),
        tuple(packed.values()),
        tuple(e.name for e in of_all),
    )


def find_issues(paths: Sequence[Path]) -> Iterator[IssueSource]:
    """Yield the issues that some files and folders name, then the pages there that are in none.

    A file of an issue that cannot be read, found in a folder, is yielded without pages. Raises
    InputError for a path that is not there, or an issue that was named and cannot be read.
    """
    for path in paths:
        if path.is_dir():
            yield from _find_below(path)
        elif path.is_file() and peek_format(path) == ISSUE_FORMAT:
            yield _make_source(path, path.stem)
        else:
            yield from (_make_single(record) for record in find_records([path]))


def _find_below(folder: Path) -> Iterator[IssueSource]:
    """Yield the issues below a folder or with pages there, then its pages that are in none."""
    issues = [
        _make_source(path, path.relative_to(folder).with_suffix("").as_posix(), damaged=True)
        for path in list_files_of(folder, ISSUE_FORMAT)
    ]
    records = {
        path.resolve(): RecordFile(path, path.relative_to(folder).with_suffix("").as_posix())
        for path in list_files_of(folder, *RECORD_FORMATS)
    }
    for issue in issues:
        _take_out(records, issue)
    if records:
        issues += [issue for issue in _find_above(folder) if _take_out(records, issue)]
    yield from issues
    yield from map(_make_single, records.values())


def _find_above(folder: Path) -> Iterator[IssueSource]:
    """Yield the issues of the output folder that a folder of pages is in."""
    for parent in folder.absolute().parents:
        files = sorted((parent / ISSUES_NAME).glob("*.json"))
        issues = [path for path in files if peek_format(path) == ISSUE_FORMAT]
        if issues:
            yield from (_make_source(path, path.stem, damaged=True) for path in issues)
            return


def _take_out(records: dict[Path, RecordFile], issue: IssueSource) -> bool:
    """Take the pages of an issue out of some records; tell whether there were any."""
    taken = [records.pop(path.resolve(), None) for path in issue.records.values()]
    return any(taken)


def _make_source(path: Path, stem: str, damaged: bool = False) -> IssueSource:
    """Return the source of an issue; `damaged`: its file may be, then it has no pages."""
    try:
        pages = dict(read_issue_outline(path).pages)
    except InputError:
        if not damaged:
            raise
        pages = {}
    return IssueSource(stem, path, {name: locate_record(path, name) for name in pages})


def _make_single(record: RecordFile) -> IssueSource:
    """Return the source of a page as an issue of its own."""
    return IssueSource(record.stem, record.path, {record.stem: record.path}, single=True)


def export_issues(
    sources: Iterable[IssueSource],
    formats: Sequence[str],
    folder: Path,
    config: IngestConfig,
    choices: PackageChoices | None = None,
    met: Callable[[PageDocument], None] = lambda page: None,
) -> Iterator[ExportedIssue | InputError | FormatError]:
    """Write issues in some formats into a folder, which mirrors the folders of their files.

    A few pages are in memory at a time, however many an issue has. At the end come the files that
    list the packages there, those of earlier exports included.

    Args:
        sources: The issues.
        formats: Names of formats of issues.
        folder: Where the files go.
        config: How scans are opened and their names are read.
        choices: How packages are made; None for the defaults.
        met: Called with each page of each issue, once for each format, as it is reached.

    Yields:
        What was written for each issue, or why it could not be: one bad record never stops the
        other issues.

    Raises:
        OutputError: Nothing can be written.
        UsageError: A format is unknown, or not of issues.
    """
    exporters = [_require_issue_format(find_exporter(name)) for name in formats]
    choices = choices or PackageChoices()
    taken: dict[str, Path] = {}
    for source in sources:
        paths = []
        try:
            for exporter in exporters:
                document = choose_for_issue(open_issue(source, config, met), choices)
                place = _place_issue(source, document, exporter, choices)
                if taken.setdefault(place, source.path) != source.path:
                    raise InputError(
                        "issues-share-place", path=source.path, other=taken[place], place=place
                    )
                beside = _list_beside(source, exporter, exporters)
                document = replace(document, place=place, beside=beside)
                paths.append(write_issue(document, exporter, folder / place))
        except (InputError, FormatError) as error:
            yield error
        else:
            yield ExportedIssue(source.stem, tuple(paths))
    for exporter in exporters:
        list_issue_packages(exporter, folder, choices)


def choose_for_issue(issue: IssueDocument, choices: PackageChoices) -> IssueDocument:
    """Return an issue with what was chosen about packages, and what is known of its paper.

    Raises InputError where its first page cannot be read.
    """
    scan = issue.load_page(issue.stems[0]).scan_file
    return replace(
        issue,
        link_scans=choices.link_scans,
        profile=choices.profile,
        publishing=choices.publishing,
        paper=choices.find_paper(scan.as_posix() if scan else issue.stems[0]),
    )


def _place_issue(
    source: IssueSource, document: IssueDocument, exporter: Exporter, choices: PackageChoices
) -> str:
    """Return the path of what a format makes of an issue, from the folder of the export."""
    own = exporter.place_issue(document, choices) if exporter.place_issue else ""
    return own or f"{source.stem}{exporter.suffix}"


def list_issue_packages(exporter: Exporter, folder: Path, choices: PackageChoices) -> None:
    """Write the files that list all packages in a folder, where the format has such files.

    A file that is right already stays as it is.

    Raises:
        InputError: A package that is there cannot be read.
        OutputError: They cannot be written.
    """
    if exporter.list_packages:
        for file in exporter.list_packages(folder, choices):
            _write_changed(folder / file.name, b"".join(file.pieces))


def _write_changed(path: Path, data: bytes) -> None:
    """Write a file unless it has these bytes already. Raises OutputError."""
    try:
        if path.is_file() and path.read_bytes() == data:
            return
    except OSError as error:
        raise make_output_error(path, error) from error
    write_files(path.parent, {path.name: data})


def _list_beside(
    source: IssueSource, exporter: Exporter, exporters: Sequence[Exporter]
) -> tuple[WrittenBeside, ...]:
    """Return the files that other formats of an export make of an issue."""
    return tuple(
        WrittenBeside(f"{source.stem}{other.suffix}", other.media_type, other.description)
        for other in exporters
        if other.render_issue and other is not exporter
    )


def _require_issue_format(exporter: Exporter) -> Exporter:
    """Return an exporter that can write issues. Raises UsageError for one of pages alone."""
    if not exporter.takes_issues:
        raise UsageError("format-of-pages", name=exporter.name)
    return exporter


def export_together(
    records: Iterable[RecordFile],
    exporter: Exporter,
    folder: Path,
    config: IngestConfig,
    fail: Callable[[InputError], None] = lambda error: None,
) -> Path:
    """Write pages into one folder, `newspage` with the suffix of the format; return its path.

    One page is in memory at a time.

    Args:
        records: The pages.
        exporter: A format that puts any number of pages into one folder.
        folder: Where that folder goes.
        config: How scans are opened and their names are read.
        fail: Called with why a page is left out: its record cannot be read.

    Raises:
        FormatError: The exporter has a fault.
        OutputError: It cannot be written.
        UsageError: The format writes pages or issues each to a place of its own.
    """
    if exporter.package_pages is None:
        raise UsageError("format-keeps-apart", name=exporter.name)
    path = folder / f"{_TOGETHER}{exporter.suffix}"

    def load_pages() -> Iterator[PageDocument]:
        for record in records:
            try:
                yield load_document(record.path, record.stem, path, config)
            except InputError as error:
                fail(error)

    with blame_format(path.name, exporter):
        _write_folder(path, exporter.package_pages(load_pages()))
    return path


def list_lacks(formats: Iterable[str]) -> Iterator[str]:
    """Yield, for people, what packages in some formats lack since an extra is not installed."""
    for name in formats:
        if lacks_pdf(find_exporter(name)):
            yield f"packages of {name} are without PDF, which needs: pip install 'newspage[pdf]'"


def write_issue(document: IssueDocument, exporter: Exporter, path: Path) -> Path:
    """Write an issue to a file, or a folder for a package, whole or not at all; return its path.

    Raises:
        InputError: A page of the issue, or its scan, cannot be read.
        FormatError: The exporter has a fault.
        OutputError: It cannot be written.
        UsageError: The format is not of issues.
    """
    _require_issue_format(exporter)
    document = replace(document, place=document.place or path.name)
    with blame_format(document.name, exporter):
        if exporter.package_issue:
            with_pdf = exporter.holds_pdf and not lacks_pdf(exporter)
            document = replace(document, folder=path, with_pdf=with_pdf)
            _write_folder(path, exporter.package_issue(document))
        elif exporter.package_pages:
            pages = replace(document, folder=path).load_pages()
            _write_folder(path, exporter.package_pages(pages))
        elif exporter.render_issue:
            write_pieces(path, exporter.render_issue(replace(document, folder=path.parent)))
    return path


def _write_folder(path: Path, files: Iterable[PackageFile]) -> None:
    """Write the files of a package into a folder, all or none."""
    write_package(path, ((file.name, file.pieces) for file in files))


def render_issue(document: IssueDocument, exporter: Exporter) -> bytes:
    """Return the whole file of an issue.

    Raises:
        InputError: A page of the issue cannot be read.
        FormatError: The exporter has a fault.
        UsageError: The format is of pages only, or makes a folder.
    """
    _require_issue_format(exporter)
    if exporter.render_issue is None:
        raise UsageError("format-makes-folder", name=exporter.name)
    with blame_format(document.name, exporter):
        return b"".join(exporter.render_issue(document))


def open_issue(
    source: IssueSource,
    config: IngestConfig,
    met: Callable[[PageDocument], None] = lambda page: None,
) -> IssueDocument:
    """Return an issue, of which pages are read when they are asked for.

    Args:
        source: The issue.
        config: How scans are opened and their names are read.
        met: Called with each page when it is first asked for.

    Raises:
        InputError: The file of the issue or its first page cannot be read.
    """
    outline = None if source.single else read_issue_outline(source.path)
    seen: set[str] = set()

    @lru_cache(maxsize=_PAGES_KEPT)
    def read_page(stem: str) -> PageDocument:
        page = load_document(source.records[stem], stem, Path(), config)
        if outline is not None:
            _require_up_to_date(source, outline, page)
        if stem not in seen:
            seen.add(stem)
            met(page)
        return page

    stem, path = next(iter(source.records.items()), ("", source.path))
    first = load_document(path, stem, Path(), config)
    outline = outline or make_single_issue(first).outline
    return IssueDocument(outline, read_page, first.publication)


def make_single_issue(page: PageDocument) -> IssueDocument:
    """Return an issue of one page."""
    numbers = find_page_numbers(page.publication, page.record)
    issue = join_issue(page.name, [IssuePage(page.name, numbers, page.record)])
    return IssueDocument(outline_issue(issue), lambda _: page, page.publication)


def _require_up_to_date(source: IssueSource, outline: IssueOutline, page: PageDocument) -> None:
    """Raise InputError unless the issue names exactly the articles that a page has."""
    known = {
        part.article
        for parts in outline.articles.values()
        for part in parts
        if part.stem == page.name
    }
    if known != {article.id for article in page.record.articles}:
        raise InputError("issue-outdated", path=source.path, page=page.name)
