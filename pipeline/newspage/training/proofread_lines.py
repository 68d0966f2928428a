"""Takes lines whose text people have confirmed from an output folder.

Of a page that somebody has proofread all lines count. Of others those in which a person has
accepted, edited, written or rejected something: whoever did has looked at them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from newspage.decisions import DecisionState, find_decided_lines
from newspage.formats import collect_printed_lines
from newspage.model import PageRecord
from newspage.output import RECORD_SUFFIX, SuggestedLine
from newspage.record import read_record
from newspage.store import OutputStore, ScanRow, ScanStatus, Store
from newspage.training.known_lines import KnownLine, KnownPage
from newspage.training.line_suggestions import choose_lines_to_type, list_candidates
from newspage.workspace import Workspace


@dataclass(frozen=True, slots=True)
class _ReadPage:
    """A page that was read, and what people have confirmed of it."""

    row: ScanRow
    record: PageRecord
    confirmed: set[str]
    """Ids of lines."""


def list_confirmed_pages(place: Workspace) -> list[KnownPage]:
    """Return the pages of an output folder with lines that people have confirmed.

    Raises StoreError where the store cannot be read, InputError for a damaged record.
    """
    pages = []
    for page in _list_pages(place):
        lines = tuple(
            KnownLine(printed.text, printed.line.box)
            for name, printed in collect_printed_lines(page.record).items()
            if printed.text and name in page.confirmed
        )
        if lines:
            scan = place.resolve_key(page.row.key.path)
            pages.append(KnownPage(page.row.stem, scan, lines, page.row.key.frame))
    return pages


def suggest_lines(place: Workspace, count: int) -> tuple[SuggestedLine, ...]:
    """Return the lines of an output folder whose transcription would help most.

    Raises StoreError where the store cannot be read, InputError for a damaged record.
    """
    candidates = (
        candidate
        for page in _list_pages(place)
        for candidate in list_candidates(page.row.stem, page.record, page.confirmed)
    )
    return choose_lines_to_type(candidates, count)


def _list_pages(place: Workspace) -> Iterator[_ReadPage]:
    """Yield the pages of an output folder by name."""
    with Store(place.store, read_only=True) as whole:
        store = OutputStore(whole, place.name)
        rows = [r for r in store.list_scans().values() if r.status is ScanStatus.DONE]
        signed = store.pages.list_signed([row.stem for row in rows])
        for row in sorted(rows, key=lambda row: row.stem):
            file = place.output / (row.stem + RECORD_SUFFIX)
            if file.is_file():
                record = read_record(file)
                confirmed = _list_confirmed(store, row, record, row.stem in signed)
                yield _ReadPage(row, record, confirmed)


def _list_confirmed(store: OutputStore, row: ScanRow, record: PageRecord, signed: bool) -> set[str]:
    """Return the ids of the lines of a page that people have confirmed, but for unplaced ones."""
    if signed:
        return {line.id for region in record.page.regions for line in region.lines}
    done = DecisionState.FULFILLED
    fulfilled = {o.uid for o in store.pages.list_outcomes(row.key) if o.state == done}
    scan = record.page.scan
    decisions = store.decisions.of_scans([(scan.sha256, scan.frame)])[0] if fulfilled else []
    decided = find_decided_lines(record, (d for d in decisions if d.uid in fulfilled))
    return decided - {line.id for line in record.page.unplaced}
