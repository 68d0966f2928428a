"""The picture of a page: from its record where it was read before, else read for it."""

from collections.abc import Callable
from pathlib import Path

from newspage.config import Config
from newspage.errors import InputError
from newspage.export.picture import draw_page
from newspage.model import PageRecord, Scan
from newspage.record import read_record
from newspage.run.opening import Opener
from newspage.run.place import Place
from newspage.store import ScanKey, ScanStatus, Store
from newspage.terminal import shown


def inspect_page(
    page: Path, number: int, place: Place, config: Config, read: Callable[[Scan], PageRecord]
) -> bytes:
    """A PNG of what was found on a page; `page` is a scan or a page record.

    `number` counts the pages of a file from 1. A scan without a record in the output folder, or
    changed since, is read now, by `read`. Raises InputError.
    """
    with Opener(config.run) as opener:
        if page.suffix.lower() == ".json":
            record = read_record(page)
            scan = _scan_of(record, page.parent, config, opener)
        else:
            scan = _numbered(page, number, config, opener)
            record = _kept_record(scan, place) or read(scan)
        return draw_page(opener.load_page(scan, config.ingest).pixels, record)


def _numbered(page: Path, number: int, config: Config, opener: Opener) -> Scan:
    """A page of a file, by its number from 1."""
    scans = opener.open_pages(page, config.ingest)
    if not 1 <= number <= len(scans):
        raise InputError(f"{shown(page)}: has {len(scans)} pages, not {number}.")
    return scans[number - 1]


def _scan_of(record: PageRecord, folder: Path, config: Config, opener: Opener) -> Scan:
    """The scan that a record in `folder` is about."""
    wanted = record.page.scan
    path = folder / wanted.path
    scans = opener.open_pages(path, config.ingest)
    if wanted.frame >= len(scans) or scans[wanted.frame].sha256 != wanted.sha256:
        raise InputError(
            f"{shown(path)}: has changed since the record was made.", "Run `newspage run` on it."
        )
    return scans[wanted.frame]


def _kept_record(scan: Scan, place: Place) -> PageRecord | None:
    """The record of a scan in the output folder, if it was made from the same content."""
    if not place.known:
        return None
    with Store(place.store) as store:
        row = store.scans(place.name).get(ScanKey(place.key(scan.path), scan.frame))
    path = place.output / f"{row.stem}.json" if row else None
    if row is None or row.status is not ScanStatus.DONE or path is None or not path.is_file():
        return None
    record = read_record(path)
    return record if record.page.scan.sha256 == scan.sha256 else None
