"""Decisions teach runs and desks: precedents, standing, adopted entries."""

from contextlib import closing
from pathlib import Path

import pytest

from newspage.correct.dictionaries import Kind, read
from newspage.decision import PRECEDENT
from newspage.desk.desk import Desk, UnknownError
from newspage.desk.views import Answer, Filter
from newspage.errors import UsageError
from tests.asking import Office, just_read
from tests.test_desk import asked


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Three pages, just read, each with the same proposals in the same words."""
    return just_read(tmp_path, monkeypatch, "a.png", "b.png", "c.png")


def decide(desk: Desk, act: str, **which: str) -> None:
    """Say the same to several questions."""
    answers = [Answer(q.id, act, q.seen) for q in asked(desk, **which)]  # type: ignore[arg-type]
    desk.answer(answers, "ann")


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
        (standing,) = (row for row in desk.rules() if row.rule == "look-alike")
        assert (standing.accepted, standing.open) == (3, 0)
        desk.undo("bob", desk.history()[0][0].uid)
    assert "卅" in (office.place.output / "d/d.txt").read_text("utf-8")
    before = office.outputs()
    office.run(force=True)
    assert office.outputs() == before


def test_pins(office: Office) -> None:
    """A demoted detector only proposes on new pages; finished ones stay; nonsense is refused."""
    with closing(office.desk()) as desk:
        desk.pin("phrase", "demoted", "ann")
        (row,) = (row for row in desk.rules() if row.rule == "phrase")
        assert (row.standing, row.pinned, row.open) == ("demoted", "demoted", 0)
        with pytest.raises(UsageError, match="no standing"):
            desk.pin("phrase", "loved", "ann")
    office.scans("d/d.png", shade=90)
    office.run()
    with closing(office.desk()) as desk:
        statuses = {q.stem: q.status for q in asked(desk, rule="phrase")}
        assert statuses == {"a": "applied", "b": "applied", "c": "applied", "d/d": "proposed"}
        desk.pin("phrase", "", "ann")
        assert all(not row.pinned for row in desk.rules())


def test_adopting(office: Office) -> None:
    """An adopted entry stands in a dictionary beside the store; no page is read again for it."""
    with closing(office.desk()) as desk:
        assert desk.suggestions() == ()
        decide(desk, "accept", rule="look-alike")
        found = {s.key: s for s in desk.suggestions()}
        assert (found["confusions:三卅"].support, found["confusions:三卅"].pages) == (3, 3)
        desk.adopt("confusions:三卅", "ann")
        assert {s.key: s.state for s in desk.suggestions()}["confusions:三卅"] == "adopted"
        with pytest.raises(UnknownError):
            desk.adopt("confusions:三卅", "ann")
        with pytest.raises(UnknownError):
            desk.adopt("../../etc:x", "ann")
    (entry,) = read(office.home / "dictionaries/learned/confusions.tsv")[0]
    assert (entry.kind, entry.text) == (Kind.CONFUSIONS, "三卅")
    assert office.run().read == []


def test_runs_read_what_was_adopted(office: Office) -> None:
    """The settings of every page to be read name the folder, and it wins."""
    from newspage.correct.knowledge import dictionary_folders

    learned = office.home / "dictionaries" / "learned"
    config = office.place.taught(office.settings.config)
    assert learned not in dictionary_folders(config.correct)
    learned.mkdir(parents=True)
    assert dictionary_folders(config.correct)[-1] == learned


def test_dismissing(office: Office) -> None:
    """A dismissed suggestion comes back when twice as much speaks for it."""
    key = "confusions:三卅"
    with closing(office.desk()) as desk:
        decide(desk, "accept", rule="look-alike")
        desk.dismiss(key, "ann")
        assert key not in {s.key for s in desk.suggestions()}
        with pytest.raises(UnknownError):
            desk.dismiss(key, "ann")
    office.scans("d/d.png", "d/e.png", "d/f.png", shade=90)
    office.run()
    with closing(office.desk()) as desk:
        answers = [
            Answer(q.id, "accept", q.seen)
            for q in desk.questions(Filter(state="precedent", rule="look-alike"))[0]
        ]
        desk.answer(answers, "ann")
        assert {s.key: s.support for s in desk.suggestions()}[key] == 6


def test_a_desk_for_reading_teaches_nothing(office: Office) -> None:
    """It shows, but neither pins nor adopts."""
    with closing(office.desk(read_only=True)) as desk:
        for act in (desk.adopt, desk.dismiss):
            with pytest.raises(UsageError):
                act("confusions:三卅", "ann")
