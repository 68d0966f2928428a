"""The desk: what is asked, what is answered, and that output follows."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from newspage.decision import PRECEDENT, Act, Decision
from newspage.errors import UsageError
from newspage.record import read_record
from newspage.review.service.page_edits import (
    ArticleMove,
    JoinEdit,
    RegionMove,
    Signature,
    SignOff,
    TextEdit,
)
from newspage.review.service.review_service import ReviewService, StaleError, UnknownError
from newspage.review.service.views import (
    Answer,
    ArticleView,
    FilterCounts,
    PageView,
    QuestionFilter,
    QuestionSummary,
)
from newspage.store import PinRow, Store
from newspage.workspace import is_run_active
from tests import postgres
from tests.asking import ASKS, Office, just_read, make_other

ALL = QuestionFilter(state="all")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Three pages, two of them of one issue, just read."""
    return just_read(tmp_path, monkeypatch, "a.png", "x-2020-01-01/p1.png", "x-2020-01-01/p2.png")


@pytest.fixture
def desk(office: Office) -> Iterator[ReviewService]:
    """A desk in that office."""
    with closing(office.desk()) as desk:
        yield desk


def asked(desk: ReviewService, **fields: str) -> list[QuestionSummary]:
    """Questions, page by page."""
    which = QuestionFilter(**({"state": "all"} | fields))  # type: ignore[arg-type]
    return list(desk.list_questions(which, "page")[0])


def text_of(article: ArticleView) -> str:
    """The clean text of an article, as offsets mean it."""
    return "\n".join(part.text for part in article.parts)


def texts(page: PageView) -> list[str]:
    """The clean texts of a page."""
    return [text_of(article) for article in page.articles]


def accept(desk: ReviewService, question: QuestionSummary, reviewer: str = "ann") -> str:
    """Say yes; the uid of the decision."""
    return desk.record_answers([Answer(question.id, "accept", question.seen)], reviewer)[0].uid


def test_what_is_asked(desk: ReviewService) -> None:
    """Every proposal of every page is a question; alike ones are a group."""
    groups = desk.list_groups(ALL)
    assert groups.total == len(ASKS)
    assert groups.counts == FilterCounts(9, 9, 6, 0, 0, 3)
    assert {(g.rule, g.original, g.proposed, g.count, g.pages) for g in groups.items} == {
        ("look-alike", "三", "卅", 3, 3),
        ("phrase", "六", "陆", 3, 3),
        ("punctuation", "", "，", 3, 3),
    }
    first = asked(desk)[0]
    assert (first.stem, first.article, first.before, first.after[:3]) == (
        "a",
        "题目",
        "题目\n一二",
        "四五六",
    )
    assert first.strip is not None
    assert first.boxes


def test_a_question_with_its_surroundings(desk: ReviewService) -> None:
    """The lines around it, the paragraph, the reason in two languages."""
    first = asked(desk)[0]
    view = desk.show_question(first.id)
    assert (view.line_above, view.line, view.line_below) == ("", "一二三四五六七八", "九十")
    assert view.paragraph[slice(*view.place)] == "三"
    assert view.alike == 3
    assert "looks like another" in view.reason
    assert "形近字" in desk.show_question(first.id, "zh-CN").reason
    assert ("pixels", 1.5) in view.evidence
    assert view.around is not None
    with pytest.raises(UnknownError):
        desk.show_question(999)


def test_answers_show_in_output(office: Office, desk: ReviewService) -> None:
    """In the page's text and record, in its issue as well, and back by undoing."""
    before = office.outputs()
    question = asked(desk, stem="x-2020-01-01/p1")[0]
    uid = accept(desk, question)
    assert texts(desk.show_page(question.stem))[0].startswith("题目\n一二卅四五陆七八")
    wait_for(lambda: "卅" in office.outputs()["issues/x-2020-01-01.txt"].decode())
    assert office.outputs()["x-2020-01-01/p1.txt"].decode().count("卅") == 1
    (again,) = [q for q in asked(desk) if q.id == question.id]
    assert (again.status, again.reviewer) == ("accepted", "ann")
    desk.undo_decision("ann", uid)
    desk.close()
    assert office.outputs() == before


def wait_for(true: Callable[[], bool]) -> None:
    """Until something is so; a failed test after a while."""
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_answers_are_all_or_none(desk: ReviewService) -> None:
    """One that is stale or unknown keeps the others from being heard."""
    one, two, three = asked(desk)[:3]
    accept(desk, one)
    with pytest.raises(StaleError):
        desk.record_answers([Answer(q.id, "reject", q.seen) for q in (two, one)], "bob")
    with pytest.raises(UnknownError):
        desk.record_answers([Answer(two.id, "reject", two.seen), Answer(999, "accept", "")], "bob")
    with pytest.raises(StaleError):
        desk.record_answers([Answer(two.id, "reject", two.seen)] * 2, "bob")
    assert desk.list_history()[1] == 1
    receipts = desk.record_answers([Answer(q.id, "reject", q.seen) for q in (two, three)], "bob")
    assert [r.status for r in receipts] == ["rejected", "rejected"]
    batches = {entry.batch for entry in desk.list_history(reviewer="bob")[0]}
    assert len(batches) == 1
    desk.undo_decision("bob")
    assert {q.status for q in asked(desk, stem="a") if q.id != one.id} == {"applied", "proposed"}


def test_a_mind_can_be_changed(desk: ReviewService) -> None:
    """With what the receipt says was seen; undoing the second brings the first back."""
    question = asked(desk)[0]
    (first,) = desk.record_answers([Answer(question.id, "accept", question.seen)], "ann")
    (second,) = desk.record_answers([Answer(question.id, "edit", first.seen, "叁\u0000")], "bob")
    assert "一二叁四" in texts(desk.show_page("a"))[0]
    (now,) = [q for q in asked(desk, stem="a") if q.id == question.id]
    assert (now.status, now.text, now.seen) == ("edited", "叁", second.seen)
    (back,) = desk.undo_decision("ann", second.uid)
    assert back.status == "accepted"
    assert "一二卅四" in texts(desk.show_page("a"))[0]
    history = desk.show_question(question.id).history
    assert [(e.act, e.undone) for e in history] == [
        ("undo", False),
        ("edit", True),
        ("accept", False),
    ]
    with pytest.raises(UnknownError):
        desk.undo_decision("ann", second.uid)


def test_of_two_persons_one_is_heard(office: Office) -> None:
    """At two desks, at the same time, on the same question."""
    with closing(office.desk()) as one, closing(office.desk()) as two:
        heard: list[str] = []
        refused: list[str] = []
        for question in asked(one):
            start = threading.Barrier(2)

            def answer(
                desk: ReviewService,
                name: str,
                asked: QuestionSummary = question,
                go: threading.Barrier = start,
            ) -> None:
                go.wait()
                try:
                    accept(desk, asked, name)
                    heard.append(name)
                except StaleError:
                    refused.append(name)

            threads = [
                threading.Thread(target=answer, args=args) for args in ((one, "ann"), (two, "bob"))
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert len(heard) == len(refused) == 9
        assert one.list_history()[1] == 9
    with closing(office.desk()) as desk:
        assert all(q.status == "accepted" for q in asked(desk))
        assert texts(desk.show_page("a"))[1].startswith("东南西，北")


def test_a_person_and_a_run_lose_nothing(office: Office) -> None:
    """Answers given while all pages are read again are in the files that are left."""
    with closing(office.desk()) as desk:
        questions = asked(desk)
        runs = threading.Thread(target=lambda: [office.run(force=True) for _ in range(3)])
        runs.start()
        for question in questions:
            accept(desk, question)
        runs.join()
        assert {q.status for q in asked(desk)} == {"accepted"}
        assert [q.id for q in asked(desk)] == [q.id for q in questions]
    after = office.outputs()
    assert after["a.txt"].decode().startswith("题目\n\n一二卅四五陆七八")
    assert after["issues/x-2020-01-01.txt"].decode().count("卅") == 2
    shutil.rmtree(office.place.output)
    office.run()
    assert office.outputs() == after


def test_emptied_output_comes_back(office: Office) -> None:
    """Decisions of all kinds are in the files again, byte for byte; no question is asked anew."""
    with closing(office.desk()) as desk:
        for question in asked(desk)[::2]:
            accept(desk, question)
        page = desk.show_page("a")
        one, two = page.articles
        desk.record_edit(TextEdit("a", two.id, 0, 2, "甲，乙", two.seen), Signature("ann"))
        desk.record_edit(
            ArticleMove("a", two.id, one.id, desk.show_page("a").articles[1].seen), Signature("ann")
        )
        desk.record_edit(SignOff("a"), Signature("ann"))
        asked_before = asked(desk)
    before = office.outputs()
    shutil.rmtree(office.place.output)
    office.run()
    assert office.outputs() == before
    with closing(office.desk()) as desk:
        assert asked(desk) == asked_before
        assert desk.list_lost() == ()


def test_text_is_changed_by_hand(desk: ReviewService) -> None:
    """What is written is what stands there then, corrections within the change and all."""
    page = desk.show_page("a")
    before = texts(page)[0]
    assert before.startswith("题目\n一二三四五陆七八九十\n")
    receipt = desk.record_edit(
        TextEdit("a", "a1", 6, 9, "廿\n卅", page.articles[0].seen), Signature("ann")
    )
    after = desk.show_page("a")
    assert texts(after)[0] == before[:6] + "廿\n卅" + before[9:]
    assert after.articles[0].seen == receipt.seen
    assert [q.status for q in after.questions] == ["proposed", "rejected", "proposed"]
    with pytest.raises(StaleError):
        desk.record_edit(TextEdit("a", "a1", 0, 1, "x", page.articles[0].seen), Signature("bob"))
    desk.record_edit(TextEdit("a", "a1", 6, 9, "", receipt.seen), Signature("ann"))
    assert texts(desk.show_page("a"))[0] == before[:6] + before[9:]
    desk.undo_decision("ann")
    desk.undo_decision("ann")
    assert texts(desk.show_page("a")) == texts(page)


def test_changes_that_cannot_be(desk: ReviewService) -> None:
    """They are refused, each with a reason."""
    page = desk.show_page("a")
    seen = page.articles[0].seen
    for start, end in ((-1, 2), (3, 2), (0, 999)):
        with pytest.raises(UnknownError):
            desk.record_edit(TextEdit("a", "a1", start, end, "x", seen), Signature("ann"))
    with pytest.raises(UsageError):
        desk.record_edit(TextEdit("a", "a1", 0, 1, "题", seen), Signature("ann"))
    with pytest.raises(UnknownError):
        desk.record_edit(TextEdit("a", "a9", 0, 1, "x", seen), Signature("ann"))
    with pytest.raises(UnknownError):
        desk.show_page("nothing")
    with pytest.raises(UnknownError):
        desk.record_edit(JoinEdit("a", "j9", True, seen), Signature("ann"))
    with pytest.raises(UsageError):
        desk.record_edit(ArticleMove("a", "a1", "a1", seen), Signature("ann"))
    with pytest.raises(UnknownError):
        desk.record_edit(RegionMove("a", "r99", None, seen), Signature("ann"))
    with pytest.raises(UsageError):
        desk.record_edit(RegionMove("a", "r1", "r1", seen), Signature("ann"))


def test_structure_is_set_right(desk: ReviewService) -> None:
    """A region goes into another article; an article before another."""
    page = desk.show_page("a")
    one, two = page.articles
    desk.record_edit(RegionMove("a", "r2", "r3", one.seen), Signature("ann"))
    after = desk.show_page("a")
    moved = next(r.text for r in page.regions if r.id == "r2")
    assert texts(after) == [texts(page)[0].removesuffix(moved), texts(page)[1] + moved]
    assert after.articles[1].regions == ("r3", "r2")
    desk.record_edit(ArticleMove("a", two.id, one.id, after.articles[1].seen), Signature("ann"))
    assert [a.id for a in desk.show_page("a").articles] == ["a2", "a1"]
    desk.undo_decision("ann")
    desk.undo_decision("ann")
    assert texts(desk.show_page("a")) == texts(page)


def test_pages_progress_and_history(desk: ReviewService) -> None:
    """Counted by page and in all; the latest decision comes first."""
    for question in asked(desk, stem="a"):
        accept(desk, question)
    desk.record_edit(SignOff("a"), Signature("bob"))
    assert [(p.stem, p.questions, p.open, p.decided, p.signed) for p in desk.list_pages()[0]] == [
        ("a", 3, 0, 3, 1),
        ("x-2020-01-01/p1", 3, 2, 0, 0),
        ("x-2020-01-01/p2", 3, 2, 0, 0),
    ]
    progress = desk.summarise_progress()
    assert (progress.pages, progress.signed, progress.pages_done) == (3, 1, 1)
    assert (progress.questions, progress.open, progress.decided) == (9, 4, 3)
    assert progress.decisions_an_hour > 0
    entries, count = desk.list_history()
    assert count == 4
    assert (entries[0].act, entries[0].reviewer, entries[0].stem) == ("sign", "bob", "a")
    assert desk.list_history(stem="x-2020-01-01/p1") == ((), 0)
    page = desk.show_page("a")
    assert [who for who, _ in page.signed] == ["bob"]
    assert (page.previous, page.next) == ("", "x-2020-01-01/p1")
    path, frame = desk.locate_scan(page.scan)
    assert (path.name, frame) == ("a.png", 0)
    for key in ("", "x", "x-1", "../../etc/passwd-0", page.scan + "0"):
        with pytest.raises(UnknownError):
            desk.locate_scan(key)


def test_characters_know_their_place(desk: ReviewService) -> None:
    """Every run of a page has a box and a confidence a character."""
    for article in desk.show_page("a").articles:
        for part in article.parts:
            assert sum(len(run.boxes) for run in part.runs) == len(part.text)
            assert all(len(run.boxes) == len(run.confidences) for run in part.runs)
    runs = desk.show_page("a").articles[0].parts[1].runs
    assert [run.correction for run in runs if run.correction] == ["a1-2"]


def test_a_desk_for_reading_only(office: Office) -> None:
    """It shows everything and takes nothing."""
    with closing(office.desk(read_only=True)) as desk:
        question = asked(desk)[0]
        assert desk.show_page("a").articles
        with pytest.raises(UsageError):
            accept(desk, question)
        with pytest.raises(UsageError):
            desk.record_edit(SignOff("a"), Signature("ann"))
        with pytest.raises(UsageError):
            desk.undo_decision("ann")


def test_lost_decisions_are_shown(office: Office) -> None:
    """On the page, in the list of pages, and where nobody shows the scan any more."""
    with closing(office.desk()) as desk:
        accept(desk, asked(desk, stem="a")[0])
        accept(desk, asked(desk, stem="x-2020-01-01/p1")[0])
    office.run(force=True, make=make_other)
    with closing(office.desk()) as desk:
        assert len(desk.show_page("a").lost) == 1
        assert [row.lost for row in desk.list_pages()[0]] == [1, 1, 0]
    office.scans("a.png", shade=7)
    office.run(make=make_other)
    with closing(office.desk()) as desk:
        found = {(e.stem, e.original, e.proposed) for e in desk.list_lost()}
        assert found == {("scans/a.png", "三", "卅"), ("x-2020-01-01/p1", "三", "卅")}
        progress = desk.summarise_progress()
        assert progress.lost == 2
        assert desk.show_progress() == (progress, desk.list_lost())
        assert asked(desk) == []


def test_another_scan_of_the_page(office: Office) -> None:
    """A file with other bytes and the same lines: the same questions, the same answers."""
    with closing(office.desk()) as desk:
        accept(desk, asked(desk, stem="a")[0])
        before = [(q.id, q.status) for q in asked(desk, stem="a")]
    office.scans("a.png", shade=7)
    office.run()
    with closing(office.desk()) as desk:
        assert [(q.id, q.status) for q in asked(desk, stem="a")] == before
        assert desk.list_lost() == ()
        question = asked(desk, stem="a")[2]
        accept(desk, question, "bob")
        seen = desk.show_page("a").articles[0].seen
        desk.record_edit(TextEdit("a", "a1", 0, 1, "標", seen), Signature("bob"))
        assert [e.reviewer for e in desk.list_history(stem="a")[0]] == ["bob", "bob", "ann"]
        assert texts(desk.show_page("a"))[0].startswith("標目\n一二卅")


def test_a_scan_by_another_name(office: Office) -> None:
    """The file is renamed: the same questions with the same ids, and the same answers."""
    with closing(office.desk()) as desk:
        accept(desk, asked(desk, stem="a")[0])
        before = [(q.id, q.status) for q in asked(desk, stem="a")]
    (office.home / "scans/a.png").rename(office.home / "scans/b.png")
    office.run()
    with closing(office.desk()) as desk:
        # Of this made-up page other lines are read by another name, but not what is asked about.
        assert [(q.id, q.status) for q in asked(desk, stem="b")] == before
        assert texts(desk.show_page("b"))[0].startswith("题目\n一二卅")


def test_what_a_killed_desk_left_undone(office: Office) -> None:
    """A decision that no file knows of yet is in it after the next start of desk or run."""
    desk = office.desk()
    follower = desk._follower
    assert follower is not None
    follower._write = lambda page: None  # type: ignore[method-assign]
    question = asked(desk, stem="a")[0]
    accept(desk, question)
    before = office.outputs()
    assert "卅" not in before["a.txt"].decode()
    with closing(office.desk()):
        pass
    assert "卅" in office.outputs()["a.txt"].decode()


def forget_questions(office: Office) -> None:
    """The store as a version left it that knew of no questions."""
    with Store(office.place.store) as store, store.database.transaction() as connection:
        connection.execute(text("DELETE FROM pages"))
        connection.execute(text("DELETE FROM questions"))


def test_records_of_before_ask_too(office: Office) -> None:
    """What was read before there were questions is registered from its record, by run and desk."""
    forget_questions(office)
    assert office.run().read == []
    with closing(office.desk(read_only=True)) as desk:
        assert desk.summarise_progress().questions == 9
    forget_questions(office)
    with closing(office.desk()) as desk:
        assert desk.show_page("x-2020-01-01/p2").questions
        wait_for(lambda: desk.summarise_progress().questions == 9)
    forget_questions(office)
    (office.place.output / "a.json").write_bytes(b"{}")
    with closing(office.desk()) as desk:
        wait_for(lambda: desk.summarise_progress().questions == 6)


def test_what_another_process_decided_is_on_the_page(office: Office) -> None:
    """An import, say, while the desk is open."""
    with closing(office.desk()) as desk:
        (question, *_) = asked(desk, stem="a")
        with Store(office.place.store) as store:
            row = store.questions.load_questions([question.id])[question.id]
            said = Decision(
                "f" * 32,
                "2026-01-02T03:04:05Z",
                "eve",
                Act.ACCEPT,
                row.anchor,
                proposed=row.proposed,
            )
            assert store.decisions.import_decisions([said]) == 1
        assert "一二卅" in texts(desk.show_page("a"))[0]
        assert asked(desk, stem="a")[0].reviewer == "eve"
        assert not is_run_active(office.place)


def test_a_store_on_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: str) -> None:
    """All of it works as well over a PostgreSQL database."""
    office = Office(tmp_path, monkeypatch, postgres.emptied(server))
    office.scans("a.png", "b.png")
    office.run()
    with closing(office.desk()) as one, closing(office.desk()) as two:
        question = asked(one)[0]
        accept(one, question)
        with pytest.raises(StaleError):
            accept(two, question, "bob")
        assert "一二卅" in texts(one.show_page("a"))[0]
        seen = one.show_page("a").articles[1].seen
        one.record_edit(TextEdit("a", "a2", 0, 1, "冬", seen), Signature("ann"))
        two.record_edit(SignOff("a"), Signature("bob"))
        accept(two, asked(two, stem="a")[1], "bob")
        two.undo_decision("bob")
        assert texts(two.show_page("a"))[1].startswith("冬南西")
        assert [row.signed for row in two.list_pages()[0]] == [1, 0]
        assert two.list_history()[1] == 5
        assert len(one.list_groups(ALL).items) == len(ASKS)
    after = office.outputs()
    shutil.rmtree(office.place.output)
    office.run()
    assert office.outputs() == after
    assert office.run().read == []


def test_precedents_have_a_reviewer_of_their_own(office: Office) -> None:
    """A record names who decided each correction; nobody has decided anything yet."""
    record = read_record(office.place.output / "a.json")
    assert all(not c.decided_by for c in record.corrections)
    with closing(office.desk()) as desk:
        accept(desk, asked(desk, stem="a")[0])
        assert desk.list_questions(QuestionFilter(state="precedent"))[1] == 0
        assert PRECEDENT not in {q.reviewer for q in asked(desk)}
    record = read_record(office.place.output / "a.json")
    assert [c.decided_by for c in record.corrections] == ["ann", "", ""]


@pytest.mark.parametrize("number", [0, -1, 2**63, 10**400])
def test_numbers_that_no_store_has(desk: ReviewService, number: int) -> None:
    """There is no such question, however large its number."""
    with pytest.raises(UnknownError):
        desk.show_question(number)
    with pytest.raises(UnknownError):
        desk.record_answers([Answer(number, "reject", "x")], "ann")


@pytest.mark.parametrize("name", [PRECEDENT, " Precedent ", "ｐｒｅｃｅｄｅｎｔ"])
def test_nobody_is_called_like_newspage_itself(desk: ReviewService, name: str) -> None:
    """What such a person decides would count as the machine's own: it is refused."""
    question, page = asked(desk)[0], desk.show_page("a")
    with pytest.raises(UsageError, match="own"):
        desk.record_answers([Answer(question.id, "accept", question.seen)], name)
    with pytest.raises(UsageError, match="own"):
        desk.record_edit(
            TextEdit("a", page.articles[0].id, 0, 1, "标", page.articles[0].seen), Signature(name)
        )
    with pytest.raises(UsageError, match="own"):
        desk.record_edit(SignOff("a"), Signature(name))
    assert desk.list_history()[1] == 0
    assert desk.summarise_progress().by_precedent == 0


def test_only_detectors_are_pinned(office: Office) -> None:
    """Any that there is or was; a pin of another that is there already can be taken out."""
    with Store(office.place.store) as store:
        store.teaching.put_pin(PinRow("gone", "trusted", "ann", "2026-01-01T00:00:00.000Z"))
    with closing(office.desk()) as desk:
        for rule in ("gone", "no-such-rule", "", "x" * 9999):
            with pytest.raises(UsageError, match="no detector"):
                desk.pin_rule(rule, "trusted", "ann")
        desk.pin_rule("date", "trusted", "ann")
        assert {r.rule for r in desk.list_rules() if r.pinned} == {"date", "gone"}
        for rule in ("date", "gone", "never"):
            desk.pin_rule(rule, "", "ann")
        assert not [r for r in desk.list_rules() if r.pinned]
