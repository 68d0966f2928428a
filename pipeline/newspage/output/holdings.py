"""Check that an output folder holds no scans, and that it holds the pages read into it."""

from collections.abc import Iterable
from pathlib import Path

from newspage.config import Config
from newspage.counting import count_in_words
from newspage.errors import InputError, UsageError
from newspage.files import list_files_below
from newspage.settings import Settings
from newspage.store import OutputStore, ScanRow, ScanStatus, Store
from newspage.workspace import BusyError, Workspace

_NAMED = 5
"""Most output folders that a message names; more would not fit a line or two."""


def require_apart(place: Workspace, paths: Iterable[Path]) -> None:
    """Refuse an output folder that contains, or lies among, the scans to be read.

    In an output folder the leftovers of killed runs are removed, and pictures are not taken for
    scans: neither may happen to scans. Raises UsageError.
    """
    output = place.output.resolve()
    for folder in (path.resolve() for path in paths if path.is_dir()):
        inside = output.is_relative_to(folder) and output != folder
        if folder.is_relative_to(output) or (inside and _holds_scans_only(place)):
            raise UsageError("output-holds-scans", output=place.output)


def _holds_scans_only(place: Workspace) -> bool:
    """Tell whether a folder holds pictures that are scans: nothing was ever written into it.

    Pictures in a folder with pages are not scans: `newspage correct` writes some, too.
    """
    # What decodes pictures is slow to import, and only a run comes here.
    from newspage.ingest import find_scans

    if not place.output.is_dir() or not find_scans([place.output])[0]:
        return False
    if not place.known:
        return True
    with Store(place.store) as whole:
        store = OutputStore(whole, place.name)
        return not store.has_scans() and not store.list_runs()


def require_holdings(place: Workspace, store: OutputStore) -> None:
    """Refuse an output folder that holds no page: there is nothing to show.

    A folder into which a run has only begun to read is accepted. Raises InputError, which names the
    folders that the store knows instead, or says what became of the pages.
    """
    require_known(place, store)
    rows = store.list_scans().values()
    if any(row.status is ScanStatus.PENDING for row in rows):
        return
    read = count_read(rows)
    if not read:
        raise InputError("output-all-failed", output=place.output)
    if count_missing(place, rows) == read:
        pages = count_in_words(read, "page")
        raise InputError("output-lost", output=place.output, pages=pages)


def require_unread(place: Workspace, store: OutputStore) -> None:
    """Refuse an output folder of which workers are just reading pages. Raises BusyError.

    To be called by whoever holds the output folder alone, so that no run does.
    """
    store.leases.end_leases_of_runs()
    if held := store.leases.count_leases().held:
        raise BusyError("pages-being-read", output=place.output, pages=held)


def require_known(place: Workspace, store: OutputStore) -> None:
    """Refuse an output folder that the store does not know. Raises InputError."""
    if store.has_scans() or store.list_runs():
        return
    others = [str(_as_seen_from_here(place, name)) for name in store.whole.outputs()]
    if not others:
        raise InputError("output-empty", output=place.output)
    named = ", ".join(others[:_NAMED]) + (" and others" if len(others) > _NAMED else "")
    raise InputError("output-elsewhere", output=place.output, others=named)


def count_read(rows: Iterable[ScanRow]) -> int:
    """Count the pages that were read."""
    return sum(row.status is ScanStatus.DONE for row in rows)


def count_missing(place: Workspace, rows: Iterable[ScanRow]) -> int:
    """Count the pages that were read whose record is missing from the output folder."""
    present = frozenset(list_files_below(place.output))
    return sum(row.status is ScanStatus.DONE and f"{row.stem}.json" not in present for row in rows)


def _as_seen_from_here(place: Workspace, name: str) -> Path:
    """Return the path of an output folder, relative to the current folder where it is below."""
    path = place.resolve_key(name)
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def count_outdated(place: Workspace, rows: Iterable[ScanRow], settings: Settings) -> int:
    """Count the pages that were corrected with other dictionaries than those that count now."""
    from newspage.correct import digest_dictionaries

    digests: dict[Config, str] = {}
    last: Config | None = None
    count, digest = 0, ""
    for row in rows:
        if row.figures and row.figures.dictionaries:
            config = settings.for_path(row.key.path)
            # Mostly one object stands for all pages; to look up its value takes longer.
            if config is not last:
                if config not in digests:
                    digests[config] = digest_dictionaries(place.with_learned(config).correct)
                last, digest = config, digests[config]
            count += digest != row.figures.dictionaries
    return count
