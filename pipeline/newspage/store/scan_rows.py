"""The rows of the table of scans: values into columns and back, also from a damaged file."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection, LargeBinary, Row, Select, cast, select

from newspage.model import Publication
from newspage.store.state import DAMAGED, FailureReason, PageFigures, ScanKey, ScanRow, ScanStatus
from newspage.store.tables import SCANS

_FIGURES = msgspec.json.Decoder(PageFigures)
_FIELDS = msgspec.json.Decoder(dict[str, str | int | float])
_KEYS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_STATUSES = {status.value: status for status in ScanStatus}
_SHOWS = msgspec.json.Decoder(tuple[str, str | None, str | None])


def scan_to_columns(output: str, row: ScanRow) -> dict[str, object]:
    """Return the row of the table that holds what became of a scan."""
    return {
        "output": output,
        "path": row.key.path,
        "frame": row.key.frame,
        "stem": row.stem,
        "fingerprint": row.fingerprint,
        "status": row.status.value,
        "message": row.message,
        "publication": encode_publication(row.publication),
        "figures": json.dumps(asdict(row.figures)) if row.figures else "",
        "code": row.reason.code if row.reason else "",
        "fields": json.dumps(dict(row.reason.fields)) if row.reason else "",
        "finished": row.finished,
    }


def select_scans(connection: Connection) -> Select[Any]:
    """Select everything of scans.

    A damaged file may hold what is no text: it is looked at as it lies.
    """
    raw = {
        column.name: cast(column, LargeBinary).label(column.name)
        if column in (SCANS.c.publication, SCANS.c.figures) and connection.dialect.name == "sqlite"
        else column
        for column in SCANS.c
    }
    return select(*raw.values())


def make_scan_row(row: Row[Any]) -> ScanRow:
    """Return what became of a scan; where that is damaged, its page is to be read again."""
    _, path, frame, stem, fingerprint, state, message, shows, facts, *ended = tuple(row)
    code, fields, finished = ended
    damaged = False
    publication, figures, status = None, None, ScanStatus.PENDING
    try:
        status = _STATUSES[state]
        publication = parse_publication_text(shows) if shows else None
        figures = _decode_figures(facts) if facts else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        # Its name is kept for what figures tell: that there are outputs.
        damaged, figures = True, PageFigures(problems=(DAMAGED,))
    return ScanRow(
        ScanKey(path, frame),
        stem,
        status,
        "" if damaged else fingerprint,
        DAMAGED if damaged else message,
        publication,
        figures,
        _decode_reason(code, fields) if code and not damaged else None,
        finished,
    )


def _decode_reason(code: str, fields: str) -> FailureReason:
    """Return why a page failed; without values where those are damaged."""
    try:
        return FailureReason(code, tuple(_FIELDS.decode(fields).items()))
    except (ValueError, TypeError):
        return FailureReason(code)


def _decode_figures(data: bytes | str) -> PageFigures:
    """Return the figures of a page. Raises ValueError for a damaged key as well as a value."""
    if _KEYS.decode(data).keys() - PageFigures.__dataclass_fields__.keys():
        raise ValueError("a figure has an unknown name")
    return _FIGURES.decode(data)


def encode_publication(publication: Publication | None) -> str:
    """Return paper, date and page number as they are stored; empty where they are not known."""
    if publication is None:
        return ""
    day = publication.date.isoformat() if publication.date else None
    return json.dumps([publication.paper, day, publication.page])


def parse_publication_text(data: bytes | str) -> Publication:
    """Return the paper, date and page number of a stored text. Raises ValueError."""
    paper, day, page = _SHOWS.decode(data)
    return Publication(paper, date.fromisoformat(day) if day else None, page)
