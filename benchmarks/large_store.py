"""A made-up store of many pages and questions.

The rows are put in through the store's own tables; scans and outputs are tiny files, so that a run
over them has nothing to read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Table, create_engine, insert
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
from newspage.store.output_store import scan_to_columns
from newspage.store.pages import page_to_columns
from newspage.store.question_rows import question_to_columns
from newspage.store.tables import DECISIONS, OUTCOMES, PAGES, QUESTIONS, SCANS
from newspage.version import __version__
from newspage.workspace import Workspace

PAGES_AN_ISSUE = 8
_SUFFIXES = (".json", ".txt", ".md")
"""Of the files that a page has without further settings."""
RULES = ("look-alike", "phrase", "punctuation", "number", "place-name")
PATTERNS = 3000
"""Different changes among the questions; the first ones are the most frequent."""
FIRST_DAY = datetime(1950, 1, 1, tzinfo=UTC)

Rows = list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of the made-up store."""

    number: int
    source: PageSource
    path: Path


def make_store(home: Path, pages: int, questions: int, address: str = "") -> Workspace:
    """Make scans, outputs and a store of so many pages and questions.

    Every fifth question is decided by people, one in fifty of those decisions was taken back, every
    tenth page is signed, and some decisions have lost their place.
    """
    settings = load_settings(None, {("run", "store"): ("store", address)} if address else {})
    place = Workspace.for_output(home / "output", settings.config.run)
    place.output.mkdir(parents=True)
    made = [_make_page(home, place, number) for number in range(pages)]
    with Store(place.store) as store:
        _put_files(store, made)
        _put_scans(store, place, settings, made)
        rows = [_question(place, made[n % pages], n) for n in range(questions)]
        _put(store, QUESTIONS, [question_to_columns(row) for row in rows])
        said = [*_answers(rows), *_signatures(made)]
        columns = [decision_to_columns(i, d, q) for i, (d, q) in enumerate(said, 1)]
        _put(store, DECISIONS, columns)
        _put_pages(store, place, made, said)
        _put_issues(OutputStore(store, place.name), place.output)
    if isinstance(place.store, str):
        _settle_server(place.store)
    return place


def _settle_server(address: str) -> None:
    """Have a server count its rows, which it does by itself a minute after so many have come."""
    engine = create_engine(make_url(address).set(drivername="postgresql+psycopg"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM (ANALYZE)")
    engine.dispose()


def _make_page(home: Path, place: Workspace, number: int) -> _Page:
    day = (FIRST_DAY + timedelta(days=number // PAGES_AN_ISSUE)).date()
    path = home / "scans" / f"daily-{day}" / f"p{number % PAGES_AN_ISSUE + 1}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%d" % number)
    stem = f"{path.parent.name}/{path.stem}"
    (place.output / stem).parent.mkdir(exist_ok=True)
    for suffix in _SUFFIXES:
        (place.output / (stem + suffix)).write_bytes(b"{}")
    shows = parse_publication(path, home / "scans")
    source = PageSource(ScanKey(place.make_key(path)), stem, f"{number:064x}", shows)
    return _Page(number, source, path)


def _put(store: Store, table: Table, rows: Rows) -> None:
    with store.database.transaction() as connection:
        connection.execute(insert(table), rows)


def _put_files(store: Store, made: list[_Page]) -> None:
    facts = {}
    for page in made:
        stat = page.path.stat()
        key = page.source.key.path
        facts[key] = FileFacts(stat.st_size, stat.st_mtime_ns, stat.st_ino, page.source.sha256, 1)
    store.remember_files(facts)


def _put_scans(store: Store, place: Workspace, settings: Settings, made: list[_Page]) -> None:
    identity = make_default_backend(settings.config.engine).identity
    prints = Fingerprints(settings, __version__, identity)
    steps = tuple((name, 0.5) for name in ("ingest", "detect", "recognise", "layout", "correct"))
    figures = PageFigures(12, 5400, 260, 4, 9.5, steps, (), "of another day")
    rows = []
    for page in made:
        s = page.source
        fingerprint = prints.fingerprint_source(s)
        row = ScanRow(s.key, s.stem, ScanStatus.DONE, fingerprint, "", s.publication, figures)
        rows.append(scan_to_columns(place.name, row))
    _put(store, SCANS, rows)


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
    for page in made[::10]:
        anchor = Anchor(page.source.sha256, 0, 4000, 6000, ())
        uid = f"{3 * 10**9 + page.number:032x}"
        yield (
            Decision(uid, _at(page.number), "bob", Act.SIGN, anchor, page.source.key.path),
            None,
        )


def _put_pages(
    store: Store, place: Workspace, made: list[_Page], said: list[tuple[Decision, int | None]]
) -> None:
    by_scan = {page.source.sha256: page for page in made}
    undone = {decision.undoes for decision, _ in said}
    outcomes: Rows = []
    for decision, _ in said:
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
    _put(store, OUTCOMES, outcomes)
    states = [
        PageState(p.source.key, p.source.stem, p.source.sha256, "daily", len(said)) for p in made
    ]
    _put(store, PAGES, [page_to_columns(place.name, state) for state in states])


def _put_issues(store: OutputStore, folder: Path) -> None:
    issues = issue_files._issues(store.list_scans().values())
    links = LinkTable(store)
    for name, members in issues.items():
        store.put_issue(name, issue_files._fingerprint(members, links))
        for suffix in _SUFFIXES:
            path = folder / "issues" / (name + suffix)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"{}")
