"""Import files into an output folder: each becomes a page there, registered like one that was read.

From then on runs, the review page and exports treat it as any page; only a run with `--force` reads
its scan anew.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from newspage.batch import (
    FileOpener,
    OutputNames,
    ReadTask,
    finish_page,
    is_imported,
    is_too_long,
    make_import_fingerprint,
)
from newspage.config import Config
from newspage.edits import derive_page
from newspage.engine import Engine
from newspage.errors import InputError, MissingDependencyError, NewspageError, UsageError
from newspage.files import require_writable
from newspage.formats import FormatError
from newspage.importing.importers import (
    Importer,
    SourceFile,
    find_importer,
    find_sources,
    read_pages,
)
from newspage.importing.page_builder import ImportedPage, build_page
from newspage.importing.scan_scale import find_scale
from newspage.importing.scan_search import find_scan_of_page
from newspage.importing.text_check import CheckedText, check_by_scan, check_words
from newspage.ingest import make_page_stem, parse_publication
from newspage.issues import make_issue_name
from newspage.model import Problem, Publication, Scan
from newspage.output import (
    PageWriter,
    ReadPage,
    choose_output_formats,
    join_issues,
    make_page_writer,
    require_apart,
    require_unread,
    write_index,
)
from newspage.settings import Settings
from newspage.source_markup import ImportedSource
from newspage.sources import SourceError, SourcePage
from newspage.store import OutputStore, ScanKey, ScanRow, ScanStatus, Store, StoreError
from newspage.version import __version__
from newspage.workspace import Workspace, hold_run_lock

MakeEngine = Callable[[], Engine]
"""Makes the engine that reads lines. Raises MissingDependencyError where there is none."""


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """Files to be imported, where they go, and how."""

    format: str
    paths: tuple[Path, ...]
    """Files, and folders of files."""
    output: Path
    settings: Settings
    scan: Path | None = None
    """Their scan, or a folder of scans."""
    dpi: float | None = None
    """Resolution of the scans, where files are not in pixels."""
    force: bool = False
    """Replace pages that newspage read itself."""
    make_engine: MakeEngine | None = None
    """None: the words alone are asked."""


@dataclass(frozen=True, slots=True)
class PageImported:
    """A page that was imported."""

    stem: str
    articles: int
    characters: int
    proposals: int
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Witness:
    """The engine, made when the first page needs it; without one the words alone are asked."""

    make: MakeEngine | None
    note: Callable[[str], None]
    engine: Engine | None = field(default=None, init=False)

    def find_engine(self) -> Engine | None:
        """Return the engine; None where none is wanted or there is none, which is noted once."""
        if self.engine is None and self.make is not None:
            try:
                self.engine = self.make()
            except MissingDependencyError as error:
                self.note(f"{error} Texts are judged by their words alone.")
                self.make = None
        return self.engine


def import_pages(
    request: ImportRequest, note: Callable[[str], None]
) -> Iterator[PageImported | NewspageError]:
    """Import files, and yield for each page what became of it: one bad file never stops the others.

    Args:
        request: Files, output folder and settings.
        note: Called with what a person should know besides.

    Raises:
        UsageError: An unknown format; one scan for several files; a run or workers have the folder.
        ConfigError: The settings name a format that there is not.
        OutputError: The output folder cannot be written.
        StoreError: The store cannot be read or written.
        MissingDependencyError: What parses files, or the word list, is not installed.
    """
    importer = find_importer(request.format)
    place = Workspace.for_output(request.output, request.settings.config.run)
    choose_output_formats(request.settings)
    require_writable(request.output)
    sources = list(find_sources(request.paths, importer, request.output))
    if request.scan and not request.scan.is_dir() and len(sources) > 1:
        raise UsageError("import-one-scan", scan=request.scan, files=len(sources))
    with (
        hold_run_lock(place),
        Store(place.store) as whole,
        FileOpener(request.settings.config.run) as opener,
    ):
        store = OutputStore(whole, place.name)
        require_unread(place, store)
        writer = make_page_writer(place, store, request.settings)
        rows = store.list_scans()
        yield from writer.catch_up(rows)
        run = _ImportRun(request, importer, place, store, rows, writer, opener, note)
        yield from run.import_all(sources)


class _ImportRun:
    """State of one import."""

    def __init__(
        self,
        request: ImportRequest,
        importer: Importer,
        place: Workspace,
        store: OutputStore,
        rows: dict[ScanKey, ScanRow],
        writer: PageWriter,
        opener: FileOpener,
        note: Callable[[str], None],
    ) -> None:
        self._request = request
        self._importer = importer
        self._place = place
        self._store = store
        self._writer = writer
        self._opener = opener
        self._note = note
        self._witness = _Witness(request.make_engine, note)
        self._rows = rows
        self._names = OutputNames(self._rows, lambda owner: place.resolve_key(owner).exists())
        self._done = self._failed = 0

    def import_all(
        self, sources: list[SourceFile | SourceError]
    ) -> Iterator[PageImported | NewspageError]:
        """Import files, then join the issues that they belong to."""
        number = self._store.begin_run(__version__)
        try:
            for source in sources:
                found = iter([source]) if isinstance(source, SourceError) else self._import(source)
                for result in found:
                    self._done += isinstance(result, PageImported)
                    self._failed += not isinstance(result, PageImported)
                    yield result
            failures: list[NewspageError] = []
            formats = self._writer.formats
            rows = self._store.list_scans()
            join_issues(
                self._place,
                self._store,
                rows.values(),
                formats,
                self._note,
                failures.append,
            )
            yield from failures
        except BaseException:
            # On a full disk even this cannot be noted; the first error is the one to report.
            with suppress(StoreError):
                self._end(number, "interrupted")
            raise
        self._end(number, "complete")
        write_index(self._place, rows)

    def _end(self, number: int, how: str) -> None:
        """Note in the store that the run ended, as "complete" or "interrupted"."""
        self._store.end_run(number, how, self._done, 0, self._failed)

    def _import(self, source: SourceFile) -> Iterator[PageImported | NewspageError]:
        """Import the pages of one file."""
        try:
            pages = read_pages(source.path, self._importer)
        except InputError as error:
            yield error
            return
        for index, page in enumerate(pages):
            stem = make_page_stem(source.stem, index, len(pages))
            try:
                yield self._import_page(source, page, stem)
            except (InputError, FormatError) as error:
                yield error

    def _import_page(self, source: SourceFile, page: SourcePage, stem: str) -> PageImported:
        """Import one page. Raises InputError and FormatError where it cannot be."""
        request, place = self._request, self._place
        config = request.settings.config
        scan = find_scan_of_page(source, page, request.scan, self._opener, config.ingest)
        require_apart(place, [scan.path.parent])
        key = ScanKey(place.make_key(scan.path), scan.frame)
        self._require_unread(source, key)
        stem = self._names.assign_name(key, stem)
        if is_too_long(stem):
            raise SourceError("source-name-too-long", path=source.path)
        scale = find_scale(page, scan, request.dpi, source.path)
        origin = ImportedSource(self._importer.name, source.path.name, page.program)
        built = build_page(page, scan, scale, origin, self._importer.write_kind, source.path)
        own = place.with_learned(request.settings.for_path(key.path))
        checked = self._check(built, scan, own)
        return self._write(ReadTask(scan, key, stem, place.output, own), built, checked)

    def _require_unread(self, source: SourceFile, key: ScanKey) -> None:
        """Refuse a page that newspage read itself into the folder, unless it is to be replaced."""
        row = self._rows.get(key)
        read = row is not None and row.status is ScanStatus.DONE and not is_imported(row)
        if row and read and not self._request.force:
            raise SourceError("source-scan-read", path=source.path, page=row.stem)

    def _check(self, built: ImportedPage, scan: Scan, config: Config) -> CheckedText:
        """Return what is proposed for a page."""
        engine = self._witness.find_engine()
        if engine is None:
            return check_words(built.reading, config)
        image = self._opener.load_page(scan, config.ingest)
        return check_by_scan(built.reading, image, engine, config)

    def _write(self, task: ReadTask, built: ImportedPage, checked: CheckedText) -> PageImported:
        """Write the files of a page and register it."""
        problems = (*built.problems, *checked.problems)
        reading = replace(built.reading, corrections=checked.corrections)
        done = finish_page(task, derive_page(reading, problems))
        published = self._find_publication(task)
        digest = make_import_fingerprint(task.scan.sha256, task.scan.frame)
        row = ScanRow(task.key, task.stem, ScanStatus.DONE, digest, "", published, done.figures)
        before = self._rows.get(task.key)
        issues = {make_issue_name(r.publication) for r in (before, row) if r}
        pending = replace(row, status=ScanStatus.PENDING, fingerprint="", figures=None)
        if before:
            pending = replace(pending, figures=before.figures)
        self._store.expect_scans([pending], issues)
        self._writer.write_new(ReadPage(task.key, task.stem, published, done.record))
        self._store.put_scan(row)
        self._rows[task.key] = row
        figures = done.figures
        return PageImported(
            task.stem, figures.articles, figures.characters, len(checked.corrections), problems
        )

    def _find_publication(self, task: ReadTask) -> Publication | None:
        """Return paper, date and page as the name of the scan tells them, as exports read it."""
        scan = task.scan
        root = Path(*scan.path.parts[: -len(Path(task.stem).parts)])
        pattern = self._request.settings.config.ingest.name_pattern
        return parse_publication(scan.path, root, scan.frame, scan.frames, pattern)
