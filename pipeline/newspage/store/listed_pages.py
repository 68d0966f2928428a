"""The row that lists a page, and the sums of its issue, kept in step with all else.

What lists of pages sort, filter and count by stands in JSON, in questions and in decisions. Here it
is once more in columns with indexes: of a million pages a list, or a calendar, reads what it shows.
Everything in it can be made anew.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from newspage.decision import Act
from newspage.model import Publication
from newspage.store.connection import split_into_batches, upsert_rows
from newspage.store.decisions import ScanId, is_in_force
from newspage.store.question_rows import DECIDED
from newspage.store.scan_rows import scan_to_columns
from newspage.store.state import ScanKey, ScanRow, ScanStatus
from newspage.store.tables import (
    COPIES,
    DECISIONS,
    LISTED_ISSUES,
    LISTED_PAGES,
    PAGES,
    QUESTIONS,
    SCANS,
)

L = LISTED_PAGES.c
_FOLIO = re.compile(r"(?P<letters>\D*)(?P<digits>\d{1,6})")


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A page as lists show it."""

    path: str
    frame: int
    stem: str
    status: str = ScanStatus.PENDING.value
    paper: str = ""
    date: str = ""
    """ISO 8601; empty where it is not known."""
    page: str = ""
    """Its number as it is printed; empty where it is not known."""
    place: str = ""
    """What puts the pages of an issue into order: the number, filled up with zeros."""
    characters: int = 0
    unplaced: int = 0
    """Lines that fit nowhere."""
    finished: int = 0
    """When it was read or failed, in seconds since 1970; 0: not known."""
    open: int = 0
    """Open questions."""
    decided: int = 0
    signed: int = 0
    """People who have proofread it."""

    @property
    def key(self) -> ScanKey:
        """Return the page of a file that it was read from."""
        return ScanKey(self.path, self.frame)


_SUMS = ("pages", "failed", "open", "open_pages", "decided", "signed")
"""Columns of an issue that are sums over its pages."""


def write_scans(connection: Connection, output: str, rows: Iterable[ScanRow]) -> None:
    """Store what became of scans, and have lists show it."""
    rows = list(rows)
    upsert_rows(connection, SCANS, (scan_to_columns(output, row) for row in rows))
    note_scans(connection, output, rows)


def note_scans(connection: Connection, output: str, rows: Iterable[ScanRow]) -> None:
    """Have lists show what became of scans; what was asked and signed stays as it was."""
    for some in split_into_batches(rows, 200):
        before = _load_listed(connection, output, [row.key for row in some])
        after = [_describe_scan(row, before.get(row.key)) for row in some]
        _put_listed(connection, output, before, after)


def note_questions(connection: Connection, output: str, keys: Iterable[ScanKey]) -> None:
    """Have lists show how the questions of pages stand, and who has signed each."""
    for some in split_into_batches(keys, 200):
        before = _load_listed(connection, output, some)
        if not before:
            continue
        counts = _count_questions(connection, output, list(before))
        signed = _count_signers(connection, output, list(before))
        after = [
            replace(
                row,
                open=counts.get(key, (0, 0))[0],
                decided=counts.get(key, (0, 0))[1],
                signed=signed.get(key, 0),
            )
            for key, row in before.items()
        ]
        _put_listed(connection, output, before, after)


def forget_listed(connection: Connection, output: str, key: ScanKey) -> None:
    """Have lists show of a page that is there no more what is known of its scan alone."""
    before = _load_listed(connection, output, [key])
    after = [replace(row, open=0, decided=0, signed=0) for row in before.values()]
    _put_listed(connection, output, before, after)


def _describe_scan(row: ScanRow, before: ListedPage | None) -> ListedPage:
    """Return the row of a page by what became of its scan."""
    published = row.publication or Publication("")
    known = before or ListedPage(row.key.path, row.key.frame, row.stem)
    return replace(
        known,
        stem=row.stem,
        status=row.status.value,
        paper=published.paper,
        date=published.date.isoformat() if published.date else "",
        page=published.page or "",
        place=_fill_number(published.page or ""),
        characters=row.figures.characters if row.figures else 0,
        unplaced=row.figures.lines_unplaced if row.figures else 0,
        finished=row.finished,
    )


def _fill_number(page: str) -> str:
    """Return the number of a page so that texts sort as numbers do: 2 before 10, A1 before B1."""
    found = _FOLIO.match(page)
    return f"{found['letters']}{int(found['digits']):06d}" if found else page


def _load_listed(
    connection: Connection, output: str, keys: Sequence[ScanKey]
) -> dict[ScanKey, ListedPage]:
    """Return the rows of some pages as they are; nobody else changes them until all is done."""
    columns = [L[name] for name in ListedPage.__dataclass_fields__]
    statement = select(*columns).where(L.output == output, _is_of(L, keys))
    rows = connection.execute(statement.order_by(L.path, L.frame).with_for_update()).all()
    wanted = set(keys)
    return {row.key: row for row in (ListedPage(*found) for found in rows) if row.key in wanted}


def _is_of(columns: Any, keys: Sequence[ScanKey]) -> ColumnElement[bool]:
    """Tell whether a row is of one of some pages, or of another page of one of their files.

    Of pairs of values SQLite does not know that an index finds them.
    """
    of_files: ColumnElement[bool] = columns.path.in_(sorted({key.path for key in keys}))
    return and_(of_files, columns.frame == keys[0].frame) if len(keys) == 1 else of_files


def _put_listed(
    connection: Connection,
    output: str,
    before: Mapping[ScanKey, ListedPage],
    after: Iterable[ListedPage],
) -> None:
    """Put rows in place of others, and add to the sums of issues what that changes."""
    changed = [row for row in after if before.get(row.key) != row]
    upsert_rows(connection, LISTED_PAGES, ({"output": output, **asdict(row)} for row in changed))
    sums: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(_SUMS))
    for row in changed:
        old = before.get(row.key)
        for one, sign in ((old, -1), (row, 1)):
            if one is not None:
                issue = sums[one.paper, one.date]
                for at, number in enumerate(_count_page(one)):
                    issue[at] += sign * number
    _add_sums(connection, output, {issue: added for issue, added in sums.items() if any(added)})


def _count_page(row: ListedPage) -> tuple[int, ...]:
    """Return what a page adds to the sums of its issue."""
    failed = row.status == ScanStatus.FAILED.value
    return 1, int(failed), row.open, int(row.open > 0), row.decided, int(row.signed > 0)


def _add_sums(
    connection: Connection, output: str, sums: Mapping[tuple[str, str], Sequence[int]]
) -> None:
    """Add numbers to the sums of issues; an issue without pages is none."""
    if not sums:
        return
    values = [
        {"output": output, "paper": paper, "date": date, **dict(zip(_SUMS, added, strict=True))}
        for (paper, date), added in sorted(sums.items())
    ]
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement: Any = make(LISTED_ISSUES)
    statement = statement.on_conflict_do_update(
        index_elements=list(LISTED_ISSUES.primary_key),
        set_={name: LISTED_ISSUES.c[name] + statement.excluded[name] for name in _SUMS},
    )
    connection.execute(statement, values)
    empty = (LISTED_ISSUES.c.output == output, LISTED_ISSUES.c.pages == 0)
    for paper, date in (issue for issue, added in sums.items() if added[0] < 0):
        here = (LISTED_ISSUES.c.paper == paper, LISTED_ISSUES.c.date == date)
        connection.execute(delete(LISTED_ISSUES).where(*empty, *here))


def _count_questions(
    connection: Connection, output: str, keys: Sequence[ScanKey]
) -> dict[ScanKey, tuple[int, int]]:
    """Return how many questions on some pages are open, and how many decided."""
    q = QUESTIONS.c
    counted = (
        select(q.path, q.frame, q.status, func.count())
        .where(q.output == output, _is_of(q, keys), q.asked == 1)
        .group_by(q.path, q.frame, q.status)
    )
    found: dict[ScanKey, tuple[int, int]] = {}
    for path, frame, status, count in connection.execute(counted):
        waiting, decided = found.get(ScanKey(path, frame), (0, 0))
        waiting += count if status == "proposed" else 0
        decided += count if status in DECIDED else 0
        found[ScanKey(path, frame)] = waiting, decided
    return found


def _count_signers(
    connection: Connection, output: str, keys: Sequence[ScanKey]
) -> dict[ScanKey, int]:
    """Return how many people have proofread each of some pages, on this scan or one before."""
    p, c, wanted = PAGES.c, COPIES.c, set(keys)
    shown = select(p.path, p.frame, p.sha256).where(p.output == output, _is_of(p, keys))
    scans: dict[ScanKey, set[ScanId]] = {}
    for path, frame, sha256 in connection.execute(shown):
        if ScanKey(path, frame) in wanted:
            scans[ScanKey(path, frame)] = {(sha256, frame)}
    hashes = {sha256 for own in scans.values() for sha256, _ in own}
    originals: defaultdict[ScanId, set[ScanId]] = defaultdict(set)
    for copy in connection.execute(select(COPIES).where(c.sha256.in_(sorted(hashes)))):
        originals[copy.sha256, copy.frame].add((copy.of_sha256, copy.of_frame))
    for own in scans.values():
        own |= originals[next(iter(own))]
    signers = _list_signers(connection, {sha256 for own in scans.values() for sha256, _ in own})
    return {
        key: len({name for scan in own for name in signers.get(scan, ())})
        for key, own in scans.items()
    }


def _list_signers(connection: Connection, hashes: Iterable[str]) -> Mapping[ScanId, set[str]]:
    """Return the people who have signed scans of some checksums, as far as that stands."""
    d = DECISIONS.c
    found: defaultdict[ScanId, set[str]] = defaultdict(set)
    for some in split_into_batches(sorted(hashes)):
        signed = select(d.sha256, d.frame, d.reviewer).where(
            d.act == Act.SIGN.value, d.sha256.in_(some), is_in_force()
        )
        for sha256, frame, reviewer in connection.execute(signed):
            found[sha256, frame].add(reviewer)
    return found
