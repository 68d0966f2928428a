"""What decisions teach is learnt once; later decisions are added, and give what all would."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from newspage.config import ReviewConfig
from newspage.decision import PRECEDENT, Act, Decision
from newspage.decisions.learning_cache import LearningCache
from newspage.decisions.lessons import ANSWERS, Lesson, LessonCollector
from newspage.store import PinRow, Store
from tests import postgres
from tests.teaching import AT, anchor, lessons_of, said, undo

PLACES = [anchor(f"{before}[干]北") for before in "甲乙"]
ACTS = (*ANSWERS, Act.WRITE, Act.UNDO)


@st.composite
def histories(draw: st.DrawFn) -> list[Decision]:
    """Decisions at two places, answers and what takes some of them back; in any order."""
    made: list[Decision] = []
    for number in range(draw(st.integers(0, 14))):
        act = draw(st.sampled_from(ACTS))
        undoes = f"{draw(st.integers(0, 14)):032x}" if act is Act.UNDO else ""
        reviewer = draw(st.sampled_from(("ann", "bob", PRECEDENT)))
        rule = draw(st.sampled_from(("look-alike", "look-alike", "")))
        place = draw(st.sampled_from(PLACES))
        made.append(
            Decision(f"{number:032x}", AT, reviewer, act, place, "", rule, "于", undoes=undoes)
        )
    return made


def learnt_at_once(decisions: Iterable[Decision]) -> tuple[Lesson, ...]:
    """The last word at each place, from all decisions in one go."""
    decisions = tuple(decisions)
    undone = {d.undoes for d in decisions}
    found: dict[object, Lesson] = {}
    for d in decisions:
        if d.act not in ANSWERS or not d.rule:
            continue
        place = d.anchor
        if d.reviewer == PRECEDENT and d.uid in undone:
            found.setdefault(place, Lesson(None, d))
        elif d.reviewer != PRECEDENT and d.uid not in undone:
            found.pop(place, None)
            found[place] = Lesson(d.act, d)
    return tuple(found.values())


@given(histories(), st.lists(st.integers(0, 14), max_size=4))
def test_lessons_in_parts_are_those_of_all(decisions: list[Decision], cuts: list[int]) -> None:
    """Wherever the decisions are parted, and whatever comes before what takes it back."""
    collector, done = LessonCollector(), 0
    for cut in (*sorted(cuts), len(decisions)):
        collector.add_decisions(decisions[done:cut])
        done = max(done, cut)
        assert collector.list_lessons() == learnt_at_once(decisions[:done])


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    where = (
        tmp_path / "s.sqlite"
        if request.param == "sqlite"
        else postgres.emptied(request.getfixturevalue("server"))
    )
    with Store(where) as store:
        yield store


def keep(store: Store, *decisions: Decision) -> None:
    """Decide."""
    store.decisions.append_decisions([(decision, None) for decision in decisions])


def test_what_is_decided_later_is_learnt(store: Store) -> None:
    """Decisions of people, what they take back, and pins; nothing is learnt twice."""
    cache = LearningCache(store, ReviewConfig())
    assert cache.load_learned().lessons == ()
    first, other = said("位[干]北", "于"), said("位[干]南", "于")
    keep(store, first, other)
    learnt = cache.load_learned()
    assert learnt.lessons == lessons_of([first, other])
    assert cache.load_learned() is learnt
    by_precedent = said("位[干]西", "于", reviewer=PRECEDENT)
    keep(store, by_precedent)
    assert cache.load_learned() is learnt
    taken_back = [undo(first), undo(by_precedent)]
    keep(store, *taken_back)
    lessons = lessons_of([first, other, by_precedent, *taken_back])
    assert [one.act for one in lessons] == [Act.ACCEPT, None]
    learnt = cache.load_learned()
    assert (learnt.lessons, learnt.tallies["look-alike"].accepted) == (lessons, 1)
    assert learnt.standings["look-alike"].level == "asks"
    store.teaching.put_pin(PinRow("look-alike", "trusted", "ann", AT))
    learnt = cache.load_learned()
    assert (learnt.lessons, learnt.standings["look-alike"].level) == (lessons, "trusted")


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_store_put_back_is_learnt_anew(server: str, after: int) -> None:
    """A server's store can be restored from a backup while a desk is open: with other decisions."""
    with Store(postgres.emptied(server)) as store:
        cache = LearningCache(store, ReviewConfig())
        keep(store, said("位[干]北", "于"), said("位[干]南", "于"))
        assert len(cache.load_learned().lessons) == 2
        with store.database.transaction() as connection:
            connection.execute(text("ALTER TABLE decisions DISABLE TRIGGER USER"))
            connection.execute(text("DELETE FROM decisions"))
        others = [said("位[干]东", "于") for _ in range(after)]
        if others:
            keep(store, *others)
        for _ in range(2):
            assert cache.load_learned().lessons == lessons_of(others)
        keep(store, said("位[干]西", "于"))
        assert len(cache.load_learned().lessons) == after + 1
