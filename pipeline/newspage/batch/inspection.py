"""Draw the picture of a page, from its record where it was read before, else read for it."""

from collections.abc import Callable
from pathlib import Path

from newspage.batch.folder import ReaderBackend
from newspage.batch.opening import FileOpener, read_apart
from newspage.batch.plan import Fingerprints, PageSource, is_current
from newspage.batch.spread import choose_pool
from newspage.config import Config
from newspage.counting import count_in_words
from newspage.errors import InputError, MissingDependencyError
from newspage.formats import draw_page
from newspage.model import PageRecord, Scan
from newspage.record import read_record
from newspage.settings import Settings
from newspage.store import OutputStore, ScanKey, ScanRow, ScanStatus, Store
from newspage.version import __version__
from newspage.workspace import Workspace


def inspect_page(
    page: Path,
    number: int,
    place: Workspace,
    settings: Settings,
    backend: Callable[[], ReaderBackend],
) -> bytes:
    """Draw a PNG of everything found on a page.

    Args:
        page: A scan or a page record (`.json`).
        number: The page of the file, from 1; ignored for a record.
        place: The output folder in which a record of the scan may lie.
        settings: Settings to read it by.
        backend: Makes the reader, only where a page has to be read or an engine compared.

    Returns:
        The picture. A scan without a record in the output folder, or one whose content, settings,
        engine or version has changed since, is read now.

    Raises:
        InputError: The page cannot be opened or read.
        MissingDependencyError: The page has to be read, and there is no engine.
    """
    config = place.with_learned(settings.for_path(place.make_key(page)))
    with FileOpener(config.run) as opener:
        if page.suffix.lower() == ".json":
            record = read_record(page)
            scan = _scan_of(record, page.parent, config, opener)
        else:
            scan = _numbered(page, number, config, opener)
            kept = _kept_record(scan, place, settings, backend)
            record = kept or read_apart(scan, config, backend().make_reader, choose_pool(config))
        return draw_page(opener.load_page(scan, config.ingest).pixels, record)


def _numbered(page: Path, number: int, config: Config, opener: FileOpener) -> Scan:
    """Return a page of a file by its number from 1. Raises InputError where there is none."""
    scans = opener.open_pages(page, config.ingest)
    if not 1 <= number <= len(scans):
        pages = count_in_words(len(scans), "page")
        raise InputError("page-number-unknown", path=page, pages=pages, number=number)
    return scans[number - 1]


def _scan_of(record: PageRecord, folder: Path, config: Config, opener: FileOpener) -> Scan:
    """Return the scan that a record in `folder` is about. Raises InputError if it has changed."""
    wanted = record.page.scan
    path = folder / wanted.path
    scans = opener.open_pages(path, config.ingest)
    if wanted.frame >= len(scans) or scans[wanted.frame].sha256 != wanted.sha256:
        raise InputError("scan-newer-than-record", path=path)
    return scans[wanted.frame]


def _kept_record(
    scan: Scan, place: Workspace, settings: Settings, backend: Callable[[], ReaderBackend]
) -> PageRecord | None:
    """Return the record of a scan in the output folder, None if it is missing or out of date."""
    if not place.known:
        return None
    key = ScanKey(place.make_key(scan.path), scan.frame)
    with Store(place.store, read_only=True) as store:
        row = OutputStore(store, place.name).list_scans().get(key)
    path = place.output / f"{row.stem}.json" if row else None
    if row is None or row.status is not ScanStatus.DONE or path is None or not path.is_file():
        return None
    source = PageSource(key, row.stem, scan.sha256)
    if not _read_just_so(source, row, settings, backend):
        return None
    record = read_record(path)
    return record if record.page.scan.sha256 == scan.sha256 else None


def _read_just_so(
    source: PageSource, row: ScanRow, settings: Settings, backend: Callable[[], ReaderBackend]
) -> bool:
    """Tell whether a scan was read with these settings and this engine, or its page imported.

    Without an engine nothing can be read here, so any record counts.
    """
    try:
        engine = backend().identity
    except MissingDependencyError:
        # Without an engine, pages read elsewhere can still be looked at.
        return True
    fingerprints = Fingerprints(settings, __version__, engine)
    return is_current(source, row, fingerprints.fingerprint_source(source))
