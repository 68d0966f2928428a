"""Takes lines whose text people have confirmed from an output folder.

Of a page that somebody has proofread all lines count. Of others those in which a person has
accepted, edited, written or rejected something: whoever did has looked at them.
"""

from newspage.decision import PRECEDENT
from newspage.formats import collect_printed_lines
from newspage.model import Correction, PageRecord
from newspage.output import RECORD_SUFFIX
from newspage.record import read_record
from newspage.store import OutputStore, ScanStatus, Store
from newspage.training.known_lines import KnownLine, KnownPage
from newspage.workspace import Workspace


def list_confirmed_pages(place: Workspace) -> list[KnownPage]:
    """Return the pages of an output folder with lines that people have confirmed.

    Raises StoreError where the store cannot be read, InputError for a damaged record.
    """
    with Store(place.store, read_only=True) as whole:
        store = OutputStore(whole, place.name)
        rows = [r for r in store.list_scans().values() if r.status is ScanStatus.DONE]
        signed = store.pages.list_signed([row.stem for row in rows])
    pages = []
    for row in sorted(rows, key=lambda row: row.stem):
        file = place.output / (row.stem + RECORD_SUFFIX)
        if not file.is_file():
            continue
        lines = list_confirmed_lines(read_record(file), row.stem in signed)
        if lines:
            scan = place.resolve_key(row.key.path)
            pages.append(KnownPage(row.stem, scan, lines, row.key.frame))
    return pages


def list_confirmed_lines(record: PageRecord, signed: bool) -> tuple[KnownLine, ...]:
    """Return the lines of a page that count as confirmed; all that are placed if it is `signed`."""
    unplaced = {line.id for line in record.page.unplaced}
    touched = _list_touched(record)
    return tuple(
        KnownLine(printed.text, printed.line.box)
        for name, printed in collect_printed_lines(record).items()
        if printed.text and name not in unplaced and (signed or name in touched)
    )


def _list_touched(record: PageRecord) -> set[str]:
    """Return the ids of the lines in which people have decided on a correction."""
    decided = [c for c in record.corrections if _is_by_person(c)]
    names = {c.id for c in decided}
    lines = {char.line for c in decided for char in c.removed}
    for article in record.articles:
        for chars in (*article.heads, *(p.chars for p in article.paragraphs)):
            lines |= {c.line for c in chars if c.correction in names}
    return lines - {""}


def _is_by_person(correction: Correction) -> bool:
    """Tell whether a person has decided on a correction, and no precedent in their place."""
    return correction.decided_by not in ("", PRECEDENT)
