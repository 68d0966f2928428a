"""`index.json`: the state of an output folder for other programs, one line a page."""

import json
from dataclasses import asdict

from newspage.files import write_whole
from newspage.run.place import INDEX_NAME, Place
from newspage.store import ScanRow, Store


def write_index(place: Place, store: Store) -> None:
    """Write `index.json` over all scans that were ever read into the folder, failed ones too."""
    rows = sorted(store.scans(place.name).items())
    lines = ",\n".join(json.dumps(_entry(row), ensure_ascii=False) for _, row in rows)
    text = f'{{"format":"newspage-index/1",\n"pages":[\n{lines}\n]}}\n'
    path = place.output / INDEX_NAME
    if not path.is_file() or path.read_bytes() != text.encode():
        write_whole(place.output, {INDEX_NAME: text.encode()})


def _entry(row: ScanRow) -> dict[str, object]:
    entry: dict[str, object] = {
        "file": row.key.path,
        "frame": row.key.frame,
        "stem": row.stem,
        "status": row.status.value,
    }
    if row.message:
        entry["problem"] = row.message
    if row.figures:
        entry |= asdict(row.figures) | {"steps": dict(row.figures.steps)}
    return entry
