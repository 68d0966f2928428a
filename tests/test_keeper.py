"""What pages propose is registered: new questions may be answered at once, known ones stay."""

import uuid
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from newspage.batch import folder
from newspage.decision import PRECEDENT, Act, Decision
from newspage.decisions import NewQuestion
from newspage.decisions.question_registry import DecisionPolicy
from newspage.model import CorrectionStatus
from newspage.output.page_files import choose_output_formats
from newspage.output.page_writer import PageWriter
from newspage.record import read_record
from newspage.review.service.views import Answer, QuestionFilter
from newspage.settings import Settings
from newspage.store import OutputStore, Store
from newspage.workspace import Workspace
from tests.asking import Office


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """One scan, not read yet."""
    office = Office(tmp_path, monkeypatch)
    office.scans("a.png")
    return office


def with_teaching(monkeypatch: pytest.MonkeyPatch, teaching: DecisionPolicy) -> None:
    """Runs learn from these."""

    def make_writer(place: Workspace, store: OutputStore, settings: Settings) -> PageWriter:
        return PageWriter(place, store, teaching, choose_output_formats(settings))

    monkeypatch.setattr(folder, "make_page_writer", make_writer)


def statuses(office: Office) -> dict[str, CorrectionStatus]:
    """Of each correction of the page what became of it, by what it proposes."""
    record = read_record(office.place.output / "a.json")
    return {c.proposed: c.status for c in record.corrections}


def accept_look_alikes(questions: Sequence[NewQuestion]) -> list[Decision]:
    """A precedent for one rule."""
    return [
        Decision(
            uuid.uuid4().hex,
            "2026-01-01T00:00:00.000Z",
            PRECEDENT,
            Act.ACCEPT,
            q.anchor,
            q.file,
            q.rule,
            q.proposed,
            reason="as three times before",
        )
        for q in questions
        if q.rule == "look-alike"
    ]


def test_precedents_answer_what_is_new(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer is in the text at once, is listed as such, and can be undone."""
    with_teaching(monkeypatch, DecisionPolicy(precedents=accept_look_alikes))
    office.run()
    assert statuses(office) == {
        "卅": CorrectionStatus.ACCEPTED,
        "陆": CorrectionStatus.APPLIED,
        "，": CorrectionStatus.PROPOSED,
    }
    desk = office.desk()
    assert desk.summarise_progress().by_precedent == 1
    (entry,) = desk.list_history()[0]
    assert (entry.reviewer, entry.question) == (PRECEDENT, 1)
    (receipt,) = desk.undo_decision("ann", entry.uid)
    assert receipt.status == "proposed"
    desk.close()
    assert statuses(office)["卅"] is CorrectionStatus.PROPOSED
    office.run(force=True)
    assert statuses(office)["卅"] is CorrectionStatus.PROPOSED


def test_precedents_leave_alone_what_was_asked_before(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that an emptied output folder gives the same text again."""
    office.run()
    before = office.outputs()
    with_teaching(monkeypatch, DecisionPolicy(precedents=accept_look_alikes))
    office.run(force=True)
    assert office.outputs() == before


def test_demoted_detectors_only_propose(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """What policy would have applied is not in the text until somebody says so."""
    with_teaching(monkeypatch, DecisionPolicy(demoted=lambda question: question.rule == "phrase"))
    office.run()
    assert statuses(office)["陆"] is CorrectionStatus.PROPOSED
    assert "六" in (office.place.output / "a.txt").read_text("utf-8")
    office.run(force=True)
    assert statuses(office)["陆"] is CorrectionStatus.PROPOSED
    with Store(office.place.store) as store:
        rows = OutputStore(store, "output").questions.of_stem("a")
        assert [(row.rule, row.held, row.status) for row in rows if row.held] == [
            ("phrase", True, "proposed")
        ]


def test_nothing_to_do_touches_nothing(office: Office) -> None:
    """A run over pages that are finished writes no file anew."""
    office.run()
    times = {p: p.stat().st_mtime_ns for p in office.place.output.rglob("*") if p.is_file()}
    assert office.run().read == []
    assert {p: p.stat().st_mtime_ns for p in times} == times


@pytest.mark.parametrize("by", ["desk", "run"])
def test_files_that_were_half_renamed_agree_again(office: Office, by: str) -> None:
    """Though what was being written was taken back before anybody looked."""
    office.run()
    before = office.outputs()
    with closing(office.desk()) as desk:
        (question, *_) = desk.list_questions(QuestionFilter())[0]
        desk.record_answers([Answer(question.id, "accept", question.seen)], "ann")
    assert office.outputs()["a.txt"] != before["a.txt"]
    # As a kill leaves it: the text is the new one already, the record still the old one.
    record = office.place.output / "a.json"
    record.rename(record.with_name(".a.json.part"))
    record.write_bytes(before["a.json"])
    with Store(office.place.store) as store:
        (said,) = store.decisions.list_all()
        undo = replace(said, uid="0" * 32, act=Act.UNDO, undoes=said.uid)
        store.decisions.append_decisions([(undo, question.id)])
    if by == "desk":
        office.desk().close()
    else:
        office.run()
    assert office.outputs() == before


@pytest.mark.parametrize("lost", [".txt", ".md"])
def test_a_rename_that_a_power_cut_undid(office: Office, lost: str) -> None:
    """The record is new and one file of the page old: renames reach the disk in any order."""
    office.run()
    file = office.place.output / f"a{lost}"
    new = file.read_bytes()
    file.write_text("as it was before\n")
    file.with_name(f".{file.name}.part").write_bytes(new)
    office.run()
    assert file.read_bytes() == new
    assert not file.with_name(f".{file.name}.part").exists()
