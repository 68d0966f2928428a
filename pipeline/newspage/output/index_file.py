"""`index.json`: the state of an output folder for other programs, one line a page."""

import json
from collections.abc import Mapping
from dataclasses import fields

from newspage.files import write_files
from newspage.store import PageFigures, ScanKey, ScanRow
from newspage.terminal import is_hidden
from newspage.workspace import INDEX_NAME, Workspace

_FIGURES = tuple(field.name for field in fields(PageFigures))


def write_index(place: Workspace, scans: Mapping[ScanKey, ScanRow]) -> None:
    """Write `index.json` over all scans that were ever read into the folder, failed ones too."""
    rows = sorted(scans.items())
    lines = ",\n".join(_line(row) for _, row in rows)
    text = f'{{"format":"newspage-index/1",\n"pages":[\n{lines}\n]}}\n'
    path = place.output / INDEX_NAME
    if not path.is_file() or path.read_bytes() != text.encode():
        write_files(place.output, {INDEX_NAME: text.encode()})


def _line(row: ScanRow) -> str:
    """Return one page as JSON; invisible characters, which disturb a terminal, are escaped."""
    text = json.dumps(_entry(row), ensure_ascii=False)
    if text.isprintable():
        return text
    return "".join(json.dumps(c)[1:-1] if is_hidden(c) else c for c in text)


def _entry(row: ScanRow) -> dict[str, object]:
    """Return the keys of one page: its file, its state, and its figures where it was read."""
    entry: dict[str, object] = {
        "file": row.key.path,
        "frame": row.key.frame,
        "stem": row.stem,
        "status": row.status.value,
    }
    if row.message:
        entry["problem"] = row.message
    if row.figures:
        # Not `asdict`, which copies what is in them: a third of the time over many pages.
        entry |= {name: getattr(row.figures, name) for name in _FIGURES}
        entry["steps"] = dict(row.figures.steps)
    return entry
