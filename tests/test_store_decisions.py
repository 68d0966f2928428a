"""Decisions and questions in the store, in SQLite and in PostgreSQL."""

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from benchmarks.large_store import make_store
from newspage.correction_evidence import Evidence
from newspage.decision import PRECEDENT, Act, Anchor, Decision
from newspage.errors import MissingDependencyError
from newspage.geometry import Box
from newspage.store import (
    Claimant,
    ConflictError,
    OutcomeRow,
    OutputStore,
    PageFigures,
    PageState,
    PinRow,
    QuestionChange,
    QuestionCounts,
    QuestionRow,
    QuestionUpdate,
    ScanKey,
    ScanRow,
    ScanStatus,
    SeenLine,
    Snapshot,
    Store,
    StoreError,
    SuggestionRow,
    WaitingPage,
    decode_decision,
    encode_decision,
    measure_throughput,
    store_schema,
)
from newspage.workspace import Workspace
from tests import postgres

AB, CD = "ab" * 32, "cd" * 32
ANCHOR = Anchor(AB, 0, 100, 100, (Box(1, 2, 3, 4.5),), "于", "前", "后")
KEY = ScanKey("scans/a.png")
PAGE = PageState(KEY, "a", AB, "paper", 0)


@dataclass(frozen=True, slots=True)
class Which:
    """Which questions, as the desk says it."""

    rule: str = ""
    stem: str = ""
    paper: str = ""
    pattern: str = ""
    text: str = ""
    state: str = "open"
    least: float = 0.0
    most: float = 1.0


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a store is to be."""
    if request.param == "sqlite":
        return tmp_path / "s.sqlite"
    return postgres.emptied(request.getfixturevalue("server"))


@pytest.fixture
def store(where: Path | str) -> Iterator[OutputStore]:
    """An empty store."""
    with Store(where) as whole:
        yield OutputStore(whole, "output")


_count = iter(range(10**9))


def said(act: Act = Act.ACCEPT, **fields: object) -> Decision:
    """A decision."""
    uid = f"{next(_count):032x}"
    values: dict[str, object] = {"reviewer": "ann", "anchor": ANCHOR} | fields
    return Decision(uid=uid, at="2026-01-01T10:00:00.000Z", act=act, **values)  # type: ignore[arg-type]


def question(original: str = "于", proposed: str = "干", **fields: object) -> QuestionRow:
    """A question that is not in the store yet."""
    row = QuestionRow(
        0,
        "output",
        KEY.path,
        0,
        "a",
        "paper",
        "a1-1",
        "title",
        "look-alike",
        original,
        proposed,
        f"{original}{proposed}",
        0.5,
        Evidence(compare_with="x", image_log_odds=1.5),
        replace(ANCHOR, text=original),
        Box(0, 0, 9, 9),
        False,
        True,
        False,
        False,
        "proposed",
    )
    return replace(row, **fields)  # type: ignore[arg-type]


def test_decisions_come_back_in_order(store: OutputStore) -> None:
    """Just as they were, by scan, in the order in which they were made."""
    decisions = [said(), said(Act.WRITE, text="甲\n", batch="b"), said(Act.SIGN, reviewer="bob")]
    other = said(anchor=replace(ANCHOR, sha256=CD))
    store.decisions.append_decisions([(d, None) for d in decisions])
    store.decisions.append_decisions([(other, None)])
    assert list(store.decisions.list_all()) == [*decisions, other]
    assert store.decisions.of_scans([(AB, 0)]) == (decisions, 3)
    assert store.decisions.of_scans([(AB, 1)]) == ([], 0)
    assert store.decisions.last_of((CD, 0)) == 4
    assert decode_decision(encode_decision(other)) == other


def test_decisions_are_never_changed(store: OutputStore) -> None:
    """The database itself refuses to."""
    store.decisions.append_decisions([(said(), None)])
    for statement in ("UPDATE decisions SET reviewer = 'eve'", "DELETE FROM decisions"):
        with (
            pytest.raises(StoreError, match="never changed"),
            store.whole.database.transaction() as connection,
        ):
            connection.execute(text(statement))
    assert [d.reviewer for d in store.decisions.list_all()] == ["ann"]


def test_decision_and_question_change_together(store: OutputStore) -> None:
    """With another version than that seen, neither does."""
    (row,) = store.questions.register_questions([question()], [])
    decision = said()
    change = QuestionChange(row.id, 0, "accepted", "", "ann")
    store.decisions.append_decisions([(decision, row.id)], [change])
    after = store.questions.load_questions([row.id])[row.id]
    assert (after.status, after.reviewer, after.version) == ("accepted", "ann", 1)
    with pytest.raises(ConflictError):
        store.decisions.append_decisions([(said(), row.id)], [change])
    assert list(store.decisions.list_all()) == [decision]
    assert [s.decision for s in store.decisions.on_question(row.id)] == [decision]


def test_one_of_two_wins(where: Path | str) -> None:
    """Of many who answer one question at the same time, one is heard."""
    with Store(where) as store:
        (row,) = store.questions.register_questions([question()], [])
    won: list[str] = []
    start = threading.Barrier(8)

    def answer(name: str) -> None:
        with Store(where) as own:
            start.wait()
            try:
                own.decisions.append_decisions(
                    [(said(reviewer=name), row.id)],
                    [QuestionChange(row.id, 0, "accepted", "", name)],
                )
                won.append(name)
            except ConflictError:
                pass

    threads = [threading.Thread(target=answer, args=(f"p{i}",)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Store(where) as store:
        assert [d.reviewer for d in store.decisions.list_all()] == won
        assert len(won) == 1


def test_many_writers_lose_nothing(where: Path | str) -> None:
    """Decisions of several at once are all kept, each with a number of its own."""
    Store(where).close()

    def decide(name: str) -> None:
        with Store(where) as own:
            for _ in range(20):
                own.decisions.append_decisions([(said(reviewer=name), None)])

    threads = [threading.Thread(target=decide, args=(f"p{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Store(where) as store:
        found, last = store.decisions.of_scans([(AB, 0)])
        assert (len(found), last) == (80, 80)


def test_later_than_what_was_seen(store: OutputStore) -> None:
    """A change of a page is refused where something was decided on it meanwhile."""
    store.decisions.append_decisions([(said(), None)], last=((AB, 0), 0))
    with pytest.raises(ConflictError):
        store.decisions.append_decisions([(said(), None)], last=((AB, 0), 0))
    store.decisions.append_decisions([(said(), None)], last=((AB, 0), 1))


def test_what_is_undone(store: OutputStore) -> None:
    """A decision and its batch, once; the latest of a person is the latest that stands."""
    one, two, three = said(), said(batch="b"), said(batch="b")
    store.decisions.append_decisions([(d, None) for d in (one, two, three)])
    assert store.decisions.find_latest("ann") == three.uid
    assert [s.decision for s in store.decisions.list_batch(two.uid)] == [two, three]
    undo = [said(Act.UNDO, undoes=d.uid) for d in (two, three)]
    store.decisions.append_decisions([(d, None) for d in undo])
    assert store.decisions.find_latest("ann") == one.uid
    assert store.decisions.list_batch(two.uid) == []
    assert store.decisions.list_batch("nothing") == []
    history, count = store.decisions.list_history(None, "ann", 0, 10)
    assert [s.undone for s in history] == [False, False, True, True, False]
    assert count == 5
    assert store.decisions.list_history([(CD, 0)], "", 0, 10) == ([], 0)
    assert store.decisions.list_from(4) == [(4, undo[0]), (5, undo[1])]
    assert store.decisions.list_from(6) == []


def test_decisions_of_another_store_are_taken_once(store: OutputStore) -> None:
    """An import that is done twice changes nothing."""
    decisions = [said() for _ in range(3)]
    store.decisions.append_decisions([(decisions[0], None)])
    assert store.decisions.import_decisions(decisions) == 2
    assert store.decisions.import_decisions(decisions) == 0
    assert sorted(d.uid for d in store.decisions.list_all()) == sorted(d.uid for d in decisions)


def test_questions_come_back(store: OutputStore) -> None:
    """Just as they were, each with an id; what was decided stays when one is asked again."""
    rows = store.questions.register_questions([question(), question("日", "曰")], [])
    assert store.questions.of_page(KEY.path, 0) == rows
    assert store.questions.of_stem("a") == rows
    assert store.questions.load_questions([99]) == {}
    first = rows[0]
    store.decisions.append_decisions([], [QuestionChange(first.id, 0, "edited", "千", "ann")])
    store.questions.register_questions([], [replace(first, confidence=0.9, stem="b")])
    after = store.questions.load_questions([first.id])[first.id]
    assert (after.status, after.text, after.confidence, after.stem) == ("edited", "千", 0.9, "b")


def test_precedents_are_kept_with_their_questions(store: OutputStore) -> None:
    """A decision that is made as a question is asked."""
    decision = said(reviewer=PRECEDENT)
    rows = store.questions.register_questions(
        [question("日", "曰"), question()], [], [(1, decision)]
    )
    (found,) = store.decisions.on_question(rows[1].id)
    assert found.decision == decision


def test_lists_and_groups(store: OutputStore) -> None:
    """Filtered, sorted, in stretches; counts say how many there are in all."""
    made = [question(stem=f"p{i % 3}", confidence=i / 10, frame=i) for i in range(1, 6)] + [
        question("日", "曰", confidence=0.9, rule="date", frame=7),
        question("己", "已", status="applied", applied=True, frame=8),
        question("末", "未", status="accepted", reviewer="ann", frame=9),
        question("末", "未", status="rejected", reviewer=PRECEDENT, frame=10),
        question("土", "士", asked=False, frame=11),
    ]
    store.questions.register_questions(made, [])
    groups = store.queue.list_groups(Which(), "value", 0, 10)
    assert [(g.pattern, g.count, g.pages) for g in groups.rows] == [("于干", 5, 3), ("日曰", 1, 1)]
    assert (groups.patterns, groups.questions) == (2, 6)
    assert store.queue.list_groups(Which(), "value", 2, 10) == replace(groups, rows=[])
    by_confidence = store.queue.list_groups(Which(), "confidence", 0, 1)
    assert by_confidence == replace(groups, rows=[groups.rows[1]])
    rows, count = store.queue.list_stretch(Which(), "value", 1, 2)
    assert [(r.original, r.confidence) for r in rows] == [("于", 0.4), ("于", 0.3)]
    assert count == 6

    def found(**fields: object) -> list[str]:
        which = Which(**fields)  # type: ignore[arg-type]
        return [r.original for r in store.queue.list_stretch(which, "page", 0, 50)[0]]

    assert found(state="applied") == ["己"]
    assert found(state="decided") == ["末"]
    assert found(state="precedent") == ["末"]
    assert len(found(state="all")) == 9
    assert found(rule="date") == ["日"]
    assert found(pattern="日曰") == ["日"]
    assert found(text="前日后") == ["日"]
    assert found(text="%") == []
    assert found(least=0.5) == ["日", "于"]
    assert len(found(most=0.2)) == 2
    assert found(paper="other") == []
    assert len(found(stem="p1")) == 2
    assert store.questions.count_alike("于干") == 5
    assert store.questions.count_states() == QuestionCounts(9, 6, 2, 1, 1)
    assert OutputStore(store.whole, "other").questions.count_states() == QuestionCounts()
    assert store.questions.count_by_rule() == {
        "look-alike": QuestionCounts(8, 5, 2, 1, 1),
        "date": QuestionCounts(1, 1),
    }
    assert store.questions.counts_by_stem(["p1"])["p1"] == QuestionCounts(2, 2)
    decided = store.queue.list_groups(Which(state="all"), "count", 0, 50)
    (two,) = [g for g in decided.rows if g.pattern == "末未"]
    assert (two.accepted, two.rejected) == (1, 0)
    for sort in ("rule", "page", "count"):
        assert store.queue.list_groups(Which(), sort, 0, 50).patterns == 2
        assert store.queue.list_stretch(Which(), sort, 0, 50)[1] == 6


def test_pages_and_what_they_know(store: OutputStore) -> None:
    """A page is behind while there are decisions on its scan, or on what that is a copy of."""
    store.pages.put_page(PAGE)
    assert store.pages.list_outdated() == []
    store.decisions.append_decisions([(said(), None)])
    assert store.pages.list_outdated() == [PAGE]
    store.pages.settle_page(replace(PAGE, mark=1), [], [])
    assert store.pages.list_outdated() == []
    store.snapshots.put_copies((AB, 0), [((CD, 0), (1.0, 0.0, 2.0, 0.0, 1.0, 3.0))])
    store.decisions.append_decisions([(said(anchor=replace(ANCHOR, sha256=CD)), None)])
    assert [p.key for p in store.pages.list_outdated()] == [KEY]
    assert [p.key for p in store.pages.list_showing([(CD, 0)])] == [KEY]
    assert OutputStore(store.whole, "other").pages.list_showing([(CD, 0)]) == []
    assert store.decisions.last_of((AB, 0)) == 2
    renamed = replace(PAGE, key=ScanKey("scans/b.png"))
    store.pages.put_page(renamed)
    assert store.pages.list_pages() == {renamed.key: renamed}
    assert store.pages.find_named("a") == renamed
    assert store.pages.find_named("x") is None


def test_settling_leaves_alone_what_was_answered_meanwhile(store: OutputStore) -> None:
    """How a question stands is only noted if nobody has changed it since."""
    rows = store.questions.register_questions([question(), question("日", "曰")], [])
    store.decisions.append_decisions([], [QuestionChange(rows[0].id, 0, "accepted", "", "ann")])
    settled = [QuestionUpdate(row.id, 0, "rejected", "", "bob") for row in rows]
    store.pages.settle_page(PAGE, [], settled)
    after = store.questions.load_questions([row.id for row in rows])
    assert [after[row.id].status for row in rows] == ["accepted", "rejected"]


def test_lost_decisions_are_listed(store: OutputStore) -> None:
    """Those that a page says it has no place for, and those whose scan nobody shows."""
    kept, lost, orphan = said(), said(), said(anchor=replace(ANCHOR, sha256=CD))
    store.decisions.append_decisions([(d, None) for d in (kept, lost, orphan)])
    outcomes = [OutcomeRow(kept.uid, "placed"), OutcomeRow(lost.uid, "lost", "gone")]
    store.pages.settle_page(replace(PAGE, mark=3), outcomes, [])
    assert [(d.uid, why) for d, why in store.pages.list_lost()] == [
        (lost.uid, "gone"),
        (orphan.uid, "no page that was read shows its scan"),
    ]
    assert store.pages.count_lost(["a", "b"]) == {"a": 1}
    assert store.pages.list_outcomes(KEY) == sorted(outcomes, key=lambda o: o.uid)
    store.decisions.append_decisions([(said(Act.UNDO, undoes=lost.uid), None)])
    assert [d.uid for d, _ in store.pages.list_lost()] == [orphan.uid]
    store.pages.forget_page(KEY)
    assert store.pages.list_pages() == {}


def test_sign_offs(store: OutputStore) -> None:
    """Who has signed a page, once each, as far as it stands."""
    store.pages.put_page(PAGE)
    one, two = said(Act.SIGN), said(Act.SIGN, reviewer="bob")
    store.decisions.append_decisions([(one, None), (two, None)])
    assert [who for who, _ in store.pages.list_signed(["a"])["a"]] == ["ann", "bob"]
    store.decisions.append_decisions([(said(Act.UNDO, undoes=one.uid), None)])
    assert [who for who, _ in store.pages.list_signed(["a"])["a"]] == ["bob"]


def test_snapshots_find_copies(store: OutputStore) -> None:
    """By file, by publication, by the numbers of a sketch; the likeliest first."""
    assert not store.snapshots.has_any()
    line = SeenLine("一行字", Box(1, 2, 3, 4))
    shots = [
        Snapshot(("aa", 0), "scans/a.png", "", (line,)),
        Snapshot(("bb", 0), "scans/b.png", "paper 2020-01-01 1", ()),
        Snapshot(("cc", 1), "scans/c.png", "", ()),
    ]
    for shot, sketch in zip(shots, ([1, 2, 3], [4], [2, 3, 2**62]), strict=True):
        store.snapshots.put_snapshot(shot, sketch)
    assert store.snapshots.load_snapshot(("aa", 0)) == shots[0]
    assert store.snapshots.load_snapshot(("xx", 0)) is None
    assert store.snapshots.has_any()
    new = ("dd", 0)
    assert store.snapshots.list_candidates(new, "scans/a.png", "", []) == [("aa", 0)]
    assert store.snapshots.list_candidates(new, "", "paper 2020-01-01 1", []) == [("bb", 0)]
    assert store.snapshots.list_candidates(new, "", "", [3, 2**62]) == [("cc", 1), ("aa", 0)]
    assert store.snapshots.list_candidates(("aa", 0), "", "", [1]) == []
    store.snapshots.put_snapshot(replace(shots[0], lines=()), [9])
    assert store.snapshots.list_candidates(new, "", "", [1]) == []
    matrix = (1.0, 0.0, 5.0, 0.0, 1.0, 6.0)
    store.snapshots.put_copies(new, [(("aa", 0), matrix)])
    assert store.snapshots.list_copies(new) == [(("aa", 0), matrix)]


def test_pins_and_suggestions(store: OutputStore) -> None:
    """The last word on each counts; a pin can be taken out."""
    store.teaching.put_pin(PinRow("date", "trusted", "ann", "t"))
    store.teaching.put_pin(PinRow("date", "demoted", "bob", "u"))
    assert store.teaching.list_pins() == {"date": PinRow("date", "demoted", "bob", "u")}
    store.teaching.put_pin(PinRow("date", "", "bob", "v"))
    assert store.teaching.list_pins() == {}
    store.teaching.answer_suggestion(SuggestionRow("k", "dismissed", 2, "ann", "t"))
    store.teaching.answer_suggestion(SuggestionRow("k", "adopted", 4, "ann", "u"))
    assert store.teaching.list_suggestions()["k"].state == "adopted"


def test_a_store_of_before_is_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was in it stays."""
    path = tmp_path / "s.sqlite"
    newest = store_schema.MIGRATIONS
    monkeypatch.setattr(store_schema, "MIGRATIONS", newest[:1])
    with Store(path) as whole:
        OutputStore(whole, "output").put_issue("x", "f")
    monkeypatch.setattr(store_schema, "MIGRATIONS", newest)
    with Store(path) as whole:
        store = OutputStore(whole, "output")
        assert store.list_issues() == {"x": "f"}
        assert store.questions.register_questions([question()], [])


def test_a_server_compiles_no_statement(server: str) -> None:
    """That takes longer than all the rest of a statement."""
    with Store(postgres.emptied(server)) as store, store.database.reading() as connection:
        assert connection.execute(text("SHOW jit")).scalar() == "off"


@pytest.mark.parametrize("version", [3, 4])
def test_a_large_store_of_before_is_brought_up_to_date(
    where: Path | str, version: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lists and counts what a store made anew does, and has its indexes and triggers."""

    def seen(place: Workspace) -> tuple[object, ...]:
        with Store(place.store) as whole, whole.database.reading() as connection:
            store = OutputStore(whole, "output")
            made = make_schema_rows(connection)
            groups = store.queue.list_groups(Which(state="all"), "value", 0, 500)
            counts = store.questions.count_by_rule()
            return made, groups, counts, store.pages.count_progress()

    address = "" if isinstance(where, Path) else where
    newest = store_schema.MIGRATIONS
    monkeypatch.setattr(store_schema, "MIGRATIONS", newest[:version])
    older = make_store(tmp_path / "older", 12, 200, address)
    monkeypatch.setattr(store_schema, "MIGRATIONS", newest)
    found = seen(older)
    if address:
        postgres.emptied(address)
    assert found == seen(make_store(tmp_path / "new", 12, 200, address))


def test_pages_of_before_are_kept(where: Path | str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store without reasons, leases and an index: its rows are as they were, and may wait."""
    newest = store_schema.MIGRATIONS
    monkeypatch.setattr(store_schema, "MIGRATIONS", newest[:5])
    with Store(where) as whole, whole.database.transaction() as connection:
        for path, status, message in (("a.png", "done", ""), ("b.png", "failed", "b.png: odd.")):
            connection.execute(
                text(
                    "INSERT INTO scans VALUES ('output', :path, 0, :stem, 'f', :status, :message,"
                    " '', :figures)"
                ),
                {
                    "path": path,
                    "stem": path[0],
                    "status": status,
                    "message": message,
                    "figures": '{"articles": 2, "seconds": 1.5}' if status == "done" else "",
                },
            )
    monkeypatch.setattr(store_schema, "MIGRATIONS", newest)
    with Store(where) as whole:
        store = OutputStore(whole, "output")
        figures = PageFigures(articles=2, seconds=1.5)
        done = ScanRow(ScanKey("a.png"), "a", ScanStatus.DONE, "f", figures=figures)
        failed = ScanRow(ScanKey("b.png"), "b", ScanStatus.FAILED, "f", "b.png: odd.")
        assert store.list_scans() == {done.key: done, failed.key: failed}
        assert measure_throughput(store, 100).failures[0].message == "b.png: odd."
        waiting = WaitingPage(failed.key, "b", "g", "1", "0" * 64, 4, 4)
        store.expect_scans([replace(failed, status=ScanStatus.PENDING)], [], [waiting])
        (lease,) = store.leases.claim_pages(Claimant("w", "here", 60), 2)
        assert store.leases.finish_page(lease, failed)
        assert store.list_scans()[failed.key] == failed


def make_schema_rows(connection: Connection) -> set[tuple[object, ...]]:
    """What a database tells of its tables, indexes and triggers."""
    statements = (
        ["SELECT type, name, tbl_name, sql FROM sqlite_master"]
        if connection.dialect.name == "sqlite"
        else [
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
            "SELECT relname, reloptions::text FROM pg_class WHERE reloptions IS NOT NULL",
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal",
        ]
    )
    return {tuple(row) for one in statements for row in connection.execute(text(one))}


def test_addresses_that_are_none() -> None:
    """They are refused without showing a password; a server that is not there is named."""
    with pytest.raises(StoreError, match="no address"):
        Store("mysql://me:secret@host/db")
    with pytest.raises(StoreError, match="no address"):
        Store("postgresql://:::")
    with pytest.raises(StoreError, match=r"server runs") as caught:
        Store("postgresql://me:secret@127.0.0.1:1/db")
    assert "secret" not in str(caught.value)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to install."""
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(MissingDependencyError, match=r"newspage\[postgres\]"):
        Store("postgresql://me@127.0.0.1:1/db")


def test_decisions_of_an_older_store_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the time before decisions could be on two scans; triggers against changes stay."""
    path = tmp_path / "s.sqlite"
    newest = store_schema.MIGRATIONS
    monkeypatch.setattr(store_schema, "MIGRATIONS", newest[:2])
    Store(path).close()
    one = said()
    columns = ("uid", "at", "reviewer", "act", "sha256", "frame", "file", "rule", "undoes", "batch")
    values = (one.uid, one.at, one.reviewer, one.act.value, AB, 0)
    with sqlite3.connect(path) as connection:
        connection.execute(
            f"INSERT INTO decisions (seq, {', '.join(columns)}, payload) VALUES "
            f"(1, {', '.join('?' * len(columns))}, ?)",
            (*values, "", "", "", "", encode_decision(one).decode()),
        )
    monkeypatch.setattr(store_schema, "MIGRATIONS", newest)
    with Store(path) as store:
        assert store.decisions.of_scans([(AB, 0)]) == ([one], 1)
        assert store.decisions.on_two_places() == []
        other = said(Act.LINK, target=replace(ANCHOR, sha256=CD))
        store.decisions.append_decisions([(other, None)])
        assert store.decisions.of_scans([(CD, 0)]) == ([other], 2)
        assert store.decisions.last_of((CD, 0)) == 2
        assert store.decisions.on_two_places() == [other]
        assert store.decisions.links_since([(CD, 0)], 1)
        assert not store.decisions.links_since([(CD, 0)], 2)
    with sqlite3.connect(path) as connection, pytest.raises(sqlite3.Error, match="never changed"):
        connection.execute("UPDATE decisions SET reviewer = 'x'")
