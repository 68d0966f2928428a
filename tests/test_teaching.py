"""Decisions teach runs and desks: precedents, standing, adopted entries."""

from contextlib import closing
from pathlib import Path

import pytest

from newspage.correct.dictionaries import EntryKind, read_dictionary
from newspage.decision import PRECEDENT
from newspage.errors import UsageError
from newspage.review.service.review_service import ReviewService, UnknownError
from newspage.review.service.views import Answer, QuestionFilter
from tests.asking import Office, just_read
from tests.test_desk import asked


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Three pages, just read, each with the same proposals in the same words."""
    return just_read(tmp_path, monkeypatch, "a.png", "b.png", "c.png")


def decide(desk: ReviewService, act: str, **which: str) -> None:
    """Say the same to several questions."""
    answers = [Answer(q.id, act, q.seen) for q in asked(desk, **which)]  # type: ignore[arg-type]
    desk.record_answers(answers, "ann")


def test_three_decisions_spare_the_fourth(office: Office) -> None:
    """A later page's question is answered like those before; it says so and can be undone."""
    with closing(office.desk()) as desk:
        decide(desk, "accept", rule="look-alike")
    office.scans("d/d.png", "d/e.png", shade=90)
    office.run()
    with closing(office.desk()) as desk:
        followed = asked(desk, rule="look-alike", state="precedent")
        assert [(q.stem, q.status, q.reviewer) for q in followed] == [
            ("d/d", "accepted", PRECEDENT),
            ("d/e", "accepted", PRECEDENT),
        ]
        assert len(asked(desk, rule="punctuation", state="open")) == 5
        (standing,) = (row for row in desk.list_rules() if row.rule == "look-alike")
        assert (standing.accepted, standing.open) == (3, 0)
        desk.undo_decision("bob", desk.list_history()[0][0].uid)
    assert "卅" in (office.place.output / "d/d.txt").read_text("utf-8")
    before = office.outputs()
    office.run(force=True)
    assert office.outputs() == before


def test_pins(office: Office) -> None:
    """A demoted detector only proposes on new pages; finished ones stay; nonsense is refused."""
    with closing(office.desk()) as desk:
        desk.pin_rule("phrase", "demoted", "ann")
        (row,) = (row for row in desk.list_rules() if row.rule == "phrase")
        assert (row.standing, row.pinned, row.open) == ("demoted", "demoted", 0)
        with pytest.raises(UsageError, match="no standing"):
            desk.pin_rule("phrase", "loved", "ann")
    office.scans("d/d.png", shade=90)
    office.run()
    with closing(office.desk()) as desk:
        statuses = {q.stem: q.status for q in asked(desk, rule="phrase")}
        assert statuses == {"a": "applied", "b": "applied", "c": "applied", "d/d": "proposed"}
        desk.pin_rule("phrase", "", "ann")
        assert all(not row.pinned for row in desk.list_rules())


def test_adopting(office: Office) -> None:
    """An adopted entry stands in a dictionary beside the store; no page is read again for it."""
    with closing(office.desk()) as desk:
        assert desk.list_suggestions() == ()
        decide(desk, "accept", rule="look-alike")
        found = {s.key: s for s in desk.list_suggestions()}
        assert (found["confusions:三卅"].support, found["confusions:三卅"].pages) == (3, 3)
        desk.adopt_suggestion("confusions:三卅", "ann")
        assert {s.key: s.state for s in desk.list_suggestions()}["confusions:三卅"] == "adopted"
        with pytest.raises(UnknownError):
            desk.adopt_suggestion("confusions:三卅", "ann")
        with pytest.raises(UnknownError):
            desk.adopt_suggestion("../../etc:x", "ann")
    (entry,) = read_dictionary(office.home / "dictionaries/learned/confusions.tsv")[0]
    assert (entry.kind, entry.text) == (EntryKind.CONFUSIONS, "三卅")
    assert office.run().read == []


def test_runs_read_what_was_adopted(office: Office) -> None:
    """The settings of every page to be read name the folder, and it wins."""
    from newspage.correct.knowledge import list_dictionary_folders

    learned = office.home / "dictionaries" / "learned"
    config = office.place.with_learned(office.settings.config)
    assert learned not in list_dictionary_folders(config.correct)
    learned.mkdir(parents=True)
    assert list_dictionary_folders(config.correct)[-1] == learned


def test_dismissing(office: Office) -> None:
    """A dismissed suggestion comes back when twice as much speaks for it."""
    key = "confusions:三卅"
    with closing(office.desk()) as desk:
        decide(desk, "accept", rule="look-alike")
        desk.dismiss_suggestion(key, "ann")
        assert key not in {s.key for s in desk.list_suggestions()}
        with pytest.raises(UnknownError):
            desk.dismiss_suggestion(key, "ann")
    office.scans("d/d.png", "d/e.png", "d/f.png", shade=90)
    office.run()
    with closing(office.desk()) as desk:
        answers = [
            Answer(q.id, "accept", q.seen)
            for q in desk.list_questions(QuestionFilter(state="precedent", rule="look-alike"))[0]
        ]
        desk.record_answers(answers, "ann")
        assert {s.key: s.support for s in desk.list_suggestions()}[key] == 6


def test_a_desk_for_reading_teaches_nothing(office: Office) -> None:
    """It shows, but neither pins nor adopts."""
    with closing(office.desk(read_only=True)) as desk:
        for act in (desk.adopt_suggestion, desk.dismiss_suggestion):
            with pytest.raises(UsageError):
                act("confusions:三卅", "ann")
