"""`index.json`: the state of an output folder for other programs, one line a page."""

import json

from pipeline.files import write_whole
from pipeline.run.place import INDEX_NAME, Place
from pipeline.store import PageRow, ScanRow, Store


def write_index(place: Place, store: Store) -> None:
    """Write `index.json` over all scans that were ever read into the folder, failed ones too."""
    rows = sorted(store.scans(place.name).items())
    entries = [entry for _, row in rows for entry in _entries(row)]
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    text = f'{{"format":"newspage-index/1",\n"pages":[\n{lines}\n]}}\n'
    path = place.output / INDEX_NAME
    if not path.is_file() or path.read_bytes() != text.encode():
        write_whole(place.output, {INDEX_NAME: text.encode()})


def _entries(row: ScanRow) -> list[dict[str, object]]:
    head = {"file": row.key.path, "frame": row.key.frame, "status": row.status.value}
    if row.message:
        head["problem"] = row.message
    return [head | _figures(page) for page in row.pages] or [head | {"stem": row.stem}]


def _figures(page: PageRow) -> dict[str, object]:
    return {
        "stem": page.stem,
        "articles": page.articles,
        "characters": page.characters,
        "lines_placed": page.lines_placed,
        "lines_unplaced": page.lines_unplaced,
        "seconds": page.seconds,
        "steps": dict(page.steps),
        "problems": list(page.problems),
    }
