"""A made-up store of many pages and questions.

The rows are put in through the store's own tables; scans and outputs are tiny files, so that a run
over them has nothing to read.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Table, create_engine, insert, inspect
from sqlalchemy.engine import make_url

from newspage.batch.plan import Fingerprints, PageSource
from newspage.batch.readers import make_default_backend
from newspage.correction_evidence import Evidence
from newspage.decision import Act, Anchor, Decision
from newspage.decisions import make_pattern_key
from newspage.decisions.link_table import LinkTable
from newspage.geometry import Box
from newspage.ingest import parse_publication
from newspage.output import issue_files
from newspage.settings import Settings, load_settings
from newspage.store import (
    FileFacts,
    OutcomeRow,
    OutputStore,
    PageFigures,
    PageState,
    QuestionRow,
    ScanKey,
    ScanRow,
    ScanStatus,
    Store,
)
from newspage.store.decisions import decision_to_columns
from newspage.store.pages import page_to_columns
from newspage.store.question_rows import question_to_columns
from newspage.store.scan_rows import scan_to_columns
from newspage.store.tables import (
    DECISIONS,
    ISSUES,
    LISTED_PAGES,
    OUTCOMES,
    PAGES,
    QUESTIONS,
    SCANS,
)
from newspage.version import __version__
from newspage.workspace import Workspace

PAGES_AN_ISSUE = 8
_SUFFIXES = (".json", ".txt", ".md")
"""Of the files that a page has without further settings."""
RULES = ("look-alike", "phrase", "punctuation", "number", "place-name")
_STRETCH = 20_000
"""Rows that are made together."""
_MOST_NAMES = 15_000
"""Pages whose files may be names of one file: a file of ext4 has 65,000 names."""
PATTERNS = 3000
"""Different changes among the questions; the first ones are the most frequent."""
_FINISHED = 1_700_000_000
"""When the first page was read, in seconds since 1970; one more each second."""
FIRST_DAY = datetime(1950, 1, 1, tzinfo=UTC)

Rows = list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of the made-up store."""

    number: int
    source: PageSource
    path: Path


def make_store(
    home: Path, pages: int, questions: int, address: str = "", files: bool = True
) -> Workspace:
    """Make scans, outputs and a store of so many pages and questions.

    Every fifth question is decided by people, one in fifty of those decisions was taken back, every
    tenth page is signed, and some decisions have lost their place.

    Args:
        home: A folder that is empty.
        pages: How many pages.
        questions: How many questions; they lie on the pages in turn.
        address: The address of an empty database; empty: the store is a file.
        files: Make the files of scans and outputs, too.
    """
    settings = load_settings(None, {("run", "store"): ("store", address)} if address else {})
    place = Workspace.for_output(home / "output", settings.config.run)
    place.output.mkdir(parents=True)
    stat = _make_files(home, place, pages) if files else home.stat()
    with Store(place.store) as store:
        for some in _count_in_stretches(pages):
            made = [_make_page(home, place, number) for number in some]
            _put_files(store, made, stat)
            rows = _make_rows(place, settings, made)
            _put(store, SCANS, [scan_to_columns(place.name, row) for row in rows])
        said = 0
        for some in _count_in_stretches(questions):
            asked = [_make_page(home, place, number % pages) for number in some]
            new = [_question(place, page, n) for page, n in zip(asked, some, strict=True)]
            _put(store, QUESTIONS, [question_to_columns(row) for row in new])
            said += _put_decisions(store, place, asked, _answers(new), said)
        for some in _count_in_stretches(-(-pages // 10)):
            signed = [_make_page(home, place, 10 * number) for number in some]
            said += _put_decisions(store, place, signed, _signatures(signed), said)
        for some in _count_in_stretches(pages):
            made = [_make_page(home, place, number) for number in some]
            states = [
                PageState(p.source.key, p.source.stem, p.source.sha256, "daily", said) for p in made
            ]
            _put(store, PAGES, [page_to_columns(place.name, state) for state in states])
        with store.database.reading() as connection:
            listed = inspect(connection).has_table(LISTED_PAGES.name)
        # Not in a store of an older version, which gets its lists when it is brought up to date.
        while listed and OutputStore(store, place.name).catalogue.list_waiting(_STRETCH):
            pass
        if files:
            made_again = (_make_page(home, place, number) for number in range(pages))
            rows = _make_rows(place, settings, made_again)
            _put_issues(OutputStore(store, place.name), place.output, rows)
    if isinstance(place.store, str):
        _settle_server(place.store)
    return place


def _count_in_stretches(most: int) -> Iterator[range]:
    """Yield the numbers up to one in stretches: rows of all of them would not fit into memory."""
    for start in range(0, most, _STRETCH):
        yield range(start, min(most, start + _STRETCH))


def _settle_server(address: str) -> None:
    """Have a server count its rows, which it does by itself a minute after so many have come."""
    engine = create_engine(make_url(address).set(drivername="postgresql+psycopg"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM (ANALYZE)")
    engine.dispose()


def _make_page(home: Path, place: Workspace, number: int) -> _Page:
    day = (FIRST_DAY + timedelta(days=number // PAGES_AN_ISSUE)).date()
    path = home / "scans" / f"daily-{day}" / f"p{number % PAGES_AN_ISSUE + 1}.png"
    stem = f"{path.parent.name}/{path.stem}"
    shows = parse_publication(path, home / "scans")
    source = PageSource(ScanKey(place.make_key(path)), stem, f"{number:064x}", shows)
    return _Page(number, source, path)


def _make_files(home: Path, place: Workspace, pages: int) -> os.stat_result:
    """Make the files of scans and outputs, and return what the file system says of a scan.

    They are names of one file: so a million of them take little room.
    """
    original = home / "file"
    for number in range(pages):
        page = _make_page(home, place, number)
        if number % _MOST_NAMES == 0:
            original.unlink(missing_ok=True)
            original.write_bytes(b"{}")
            os.utime(original, (0, 0))
        output = place.output / page.source.stem
        for path in (page.path, *(output.with_name(output.name + end) for end in _SUFFIXES)):
            if number % PAGES_AN_ISSUE == 0:
                path.parent.mkdir(parents=True, exist_ok=True)
            path.hardlink_to(original)
    return original.stat()


def _put(store: Store, table: Table, rows: Rows) -> None:
    """Put rows into a table: on a server by COPY, which takes a tenth of the time."""
    with store.database.transaction() as connection:
        # The store may be one of an older version.
        there = {column["name"] for column in inspect(connection).get_columns(table.name)}
        rows = [{name: row[name] for name in row if name in there} for row in rows]
        driver = connection.connection.driver_connection
        if connection.dialect.name != "postgresql" or driver is None or not rows:
            connection.execute(insert(table), rows)
            return
        names = list(rows[0])
        with (
            driver.cursor() as cursor,
            cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row([row[name] for name in names])


def _put_files(store: Store, made: list[_Page], stat: os.stat_result) -> None:
    facts = {}
    for page in made:
        inode = stat.st_ino
        if page.path.exists():
            inode = page.path.stat().st_ino
        facts[page.source.key.path] = FileFacts(
            stat.st_size, stat.st_mtime_ns, inode, page.source.sha256, 1
        )
    store.remember_files(facts)


def _make_rows(place: Workspace, settings: Settings, made: Iterable[_Page]) -> Iterator[ScanRow]:
    identity = make_default_backend(settings.config.engine).identity
    prints = Fingerprints(settings, __version__, identity)
    steps = tuple((name, 0.5) for name in ("ingest", "detect", "recognise", "layout", "correct"))
    figures = PageFigures(12, 5400, 260, 4, 9.5, steps, (), "of another day", 12.0)
    for page in made:
        s = page.source
        fingerprint = prints.fingerprint_source(s)
        finished = _FINISHED + page.number
        yield ScanRow(
            s.key,
            s.stem,
            ScanStatus.DONE,
            fingerprint,
            "",
            s.publication,
            figures,
            finished=finished,
        )


def _question(place: Workspace, page: _Page, number: int) -> QuestionRow:
    kind = int(PATTERNS * ((number * 7919 % 10007) / 10007) ** 3)
    rule, original, proposed = RULES[kind % 5], chr(0x4E00 + kind), chr(0x5E00 + kind)
    left = 24.0 * (number % 100)
    box = Box(left, 500, left + 22, 522)
    anchor = Anchor(
        page.source.sha256,
        0,
        4000,
        6000,
        (box,),
        original,
        chr(0x5000 + number % 5000) * 24,
        "天" * 24,
    )
    status = ("accepted", "rejected")[number % 2] if number % 5 == 0 else "proposed"
    return QuestionRow(
        number + 1,
        place.name,
        page.source.key.path,
        0,
        page.source.stem,
        "daily",
        f"a1-{number}",
        "题目",
        rule,
        original,
        proposed,
        make_pattern_key(rule, original, proposed),
        0.5 + (number * 31 % 500) / 1000,
        Evidence(image_log_odds=1.5, details={"language": 2.5, "words": 0.5}),
        anchor,
        Box(0, 480, 4000, 540),
        False,
        True,
        False,
        False,
        status,
        "",
        "ann" if status != "proposed" else "",
        1,
    )


def _at(number: int) -> str:
    """A time for a decision: one every eight seconds, from the first on."""
    return (FIRST_DAY.replace(year=2026) + timedelta(seconds=8 * number)).isoformat()


def _answers(rows: list[QuestionRow]) -> Iterator[tuple[Decision, int | None]]:
    for row in (row for row in rows if row.status != "proposed"):
        act = Act.ACCEPT if row.status == "accepted" else Act.REJECT
        uid = f"{row.id:032x}"
        yield (
            Decision(uid, _at(row.id), "ann", act, row.anchor, row.path, row.rule, row.proposed),
            row.id,
        )
        if row.id % 250 == 1:
            # Said, taken back, and said again.
            undo = Decision(
                f"{10**9 + row.id:032x}", _at(row.id), "ann", Act.UNDO, row.anchor, undoes=uid
            )
            yield undo, row.id
            again = f"{2 * 10**9 + row.id:032x}"
            yield (
                Decision(
                    again, _at(row.id), "ann", act, row.anchor, row.path, row.rule, row.proposed
                ),
                row.id,
            )


def _signatures(made: list[_Page]) -> Iterator[tuple[Decision, int | None]]:
    for page in made:
        anchor = Anchor(page.source.sha256, 0, 4000, 6000, ())
        uid = f"{3 * 10**9 + page.number:032x}"
        yield (
            Decision(uid, _at(page.number), "bob", Act.SIGN, anchor, page.source.key.path),
            None,
        )


def _put_decisions(
    store: Store,
    place: Workspace,
    made: list[_Page],
    decisions: Iterator[tuple[Decision, int | None]],
    said: int,
) -> int:
    """Put decisions on some pages, and what became of them; return how many.

    `said`: how many there are already.
    """
    new = list(decisions)
    columns = [decision_to_columns(i, d, q) for i, (d, q) in enumerate(new, said + 1)]
    _put(store, DECISIONS, columns)
    by_scan = {page.source.sha256: page for page in made}
    undone = {decision.undoes for decision, _ in new}
    outcomes: Rows = []
    for decision, _ in new:
        if decision.act in (Act.UNDO, Act.SIGN) or decision.uid in undone:
            continue
        key = by_scan[decision.anchor.sha256].source.key
        lost = int(decision.uid, 16) % 2000 == 1
        row = OutcomeRow(decision.uid, "lost" if lost else "placed", "no such text" if lost else "")
        outcomes.append(
            {
                "output": place.name,
                "path": key.path,
                "frame": 0,
                "uid": row.uid,
                "state": row.state,
                "reason": row.reason,
            }
        )
    if outcomes:
        _put(store, OUTCOMES, outcomes)
    return len(new)


def _put_issues(store: OutputStore, folder: Path, scans: Iterable[ScanRow]) -> None:
    issues = issue_files._issues(scans)
    links = LinkTable(store)
    rows: Rows = []
    first = folder
    for number, (name, members) in enumerate(issues.items()):
        fingerprint = issue_files._fingerprint(members, links)
        rows.append({"output": store.name, "name": name, "fingerprint": fingerprint})
        for suffix in _SUFFIXES:
            path = folder / "issues" / (name + suffix)
            path.parent.mkdir(exist_ok=True)
            if number % _MOST_NAMES == 0:
                path.write_bytes(b"{}")
                first = path
            else:
                path.hardlink_to(first)
    _put(store.whole, ISSUES, rows)
