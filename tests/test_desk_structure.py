"""The structure of a page changed at a desk: output follows, undo restores, runs meet it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from newspage.config import EngineConfig
from newspage.decisions.exchange import BrokenLine, read_decision_lines, write_decision_lines
from newspage.errors import UsageError
from newspage.review.service.decision_history import describe_decision
from newspage.review.service.page_edits import ArticleLink, Signature
from newspage.review.service.request_errors import RequestError
from newspage.review.service.review_service import ReviewService, StaleError, UnknownError
from newspage.review.service.structure_edits import StructureEdit
from newspage.review.service.structure_view import StructureView
from newspage.store import Store, find_flaw
from tests import postgres
from tests.asking import Office, ReadScan, just_read, make_other, read
from tests.decided_pages import jittered, seen_again
from tests.review_rooms import Room

ANN = Signature("ann")


def make_later(config: EngineConfig, threads: int) -> ReadScan:
    """A maker of readers with other ids for everything, and boxes a little elsewhere."""
    return lambda scan, config: seen_again(read(scan, config), jittered(3, 1))


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Three pages of an issue, just read."""
    return just_read(tmp_path, monkeypatch, *(f"x-2020-01-01/p{i}.png" for i in (1, 2, 3)))


@pytest.fixture
def desk(office: Office) -> Iterator[ReviewService]:
    """A desk in that office."""
    with closing(office.desk()) as desk:
        yield desk


STEM = "x-2020-01-01/p1"


def structure(desk: ReviewService, stem: str = STEM) -> StructureView:
    """The structure of a page."""
    return desk.structure.show_structure(stem)


def change(desk: ReviewService, act: str, *lines: str, **more: str) -> str:
    """Change the structure of a page as it is now; the uid of the decision."""
    stem, by = more.pop("stem", STEM), Signature(more.pop("by", "ann"))
    seen = more.pop("seen", "") or structure(desk, stem).seen
    edit = StructureEdit(stem, act, lines, seen, **more)  # type: ignore[arg-type]
    receipt = desk.structure.record_structure(edit, by)
    assert receipt.seen == structure(desk, stem).seen
    return receipt.uid


def titles(desk: ReviewService) -> list[str]:
    """How the articles of a page begin."""
    return ["\n".join(p.text for p in a.parts)[:5] for a in desk.show_page(STEM).articles]


def test_each_part_knows_its_lines(desk: ReviewService) -> None:
    """As many parts as the page shows, every line in one of them."""
    view = structure(desk)
    page = desk.show_page(STEM)
    assert [len(a.parts) for a in view.articles] == [len(a.parts) for a in page.articles]
    assert view.articles[0].parts == (("l0-0",), ("l1-0", "l1-1"), ("l1-2", "l2-0"))
    lines = [line.id for region in view.regions for line in region.lines]
    assert lines == [line for a in view.articles for part in a.parts for line in part]


def test_output_follows_and_undo_restores_it(office: Office, desk: ReviewService) -> None:
    """Text, record and issue; taken back, every file is what it was, byte for byte."""
    before = office.outputs()
    change(desk, "kind", "l1-0", "l1-1", text="advertisement")
    change(desk, "split", "l2-0")
    change(desk, "merge", "l3-0", beside="l2-0")
    change(desk, "place", "l2-0", beside="l0-0", text="after")
    change(desk, "cut", "l3-1")
    change(desk, "fuse", "l3-1", beside="l3-0")
    text = office.outputs()[f"{STEM}.txt"].decode()
    assert "东南西北中发白天地" in text
    assert text.index("题目") < text.index("东南西北")
    page = desk.show_page(STEM)
    assert [kind for kind, *_ in page.furniture] == ["advertisement"]
    for _ in range(6):
        desk.undo_decision("ann")
    desk.show_page(STEM)
    desk.close()
    assert office.outputs() == before


def test_it_survives_a_further_run(office: Office) -> None:
    """One that finds every line elsewhere by some pixels and gives every id anew."""
    with closing(office.desk()) as desk:
        change(desk, "split", "l1-2")
        change(desk, "kind", "l3-0", text="title")
        expected = titles(desk)
        assert expected == ["题目\n一二", structure(desk).articles[1].title[:5], "东南西北中"]
    office.run(force=True, make=make_later)
    with closing(office.desk()) as desk:
        assert titles(desk) == expected
        assert [r.kind for r in structure(desk).regions].count("title") == 2
        assert desk.list_lost() == ()


def test_where_nothing_is_any_more_it_is_kept_and_said(office: Office) -> None:
    """On the page, in the history, and by the command line; and carried out once it can be."""
    with closing(office.desk()) as desk:
        uid = change(desk, "split", "l1-2")
        change(desk, "kind", "l3-0", "l3-1", text="caption")
    office.run(force=True, make=make_other)
    with closing(office.desk()) as desk:
        assert {entry.uid for entry in desk.list_lost()} >= {uid}
        assert any("split" in words for words in desk.show_page(STEM).lost)
        with Store(office.place.store, read_only=True) as store:
            said = [describe_decision(d) for d in store.decisions.list_all()]
        assert said[0].endswith(f"split “{structure_text(desk, uid)}”")
        assert "kind “东南西北中发白天地" in said[1]
        assert said[1].endswith("” as caption")
    office.run(force=True)
    with closing(office.desk()) as desk:
        assert desk.list_lost() == ()
        assert [len(a.parts) for a in structure(desk).articles] == [2, 1, 1]


def structure_text(desk: ReviewService, uid: str) -> str:
    """The text of the lines of a decision, as the history has it."""
    return next(e.original for e in desk.list_history(STEM)[0] if e.uid == uid)


def test_who_saw_another_structure_is_refused(office: Office, desk: ReviewService) -> None:
    """Whoever was faster; the text may have changed. Sent again it is no second decision."""
    seen = structure(desk).seen
    with closing(office.desk()) as other:
        change(other, "split", "l1-2", by="bob")
    with pytest.raises(StaleError):
        change(desk, "split", "l1-2", seen=seen)
    twice = Signature("ann", "ab" * 16)
    edit = StructureEdit(STEM, "cut", ("l1-1",), structure(desk).seen)
    first = desk.structure.record_structure(edit, twice)
    assert desk.structure.record_structure(edit, twice) == first
    assert [e.act for e in desk.list_history(STEM)[0]] == ["cut", "split"]


SENSELESS: tuple[tuple[str, tuple[str, ...], dict[str, str], type[Exception]], ...] = (
    ("kind", ("l1-0",), {"text": "story"}, RequestError),
    ("kind", ("l1-0",), {"text": "body"}, RequestError),
    ("kind", (), {"text": "body"}, UnknownError),
    ("kind", ("l1-0", "nowhere"), {"text": "title"}, UnknownError),
    ("split", ("l0-0",), {}, RequestError),
    ("cut", ("l1-0",), {}, RequestError),
    ("merge", ("l1-0",), {"beside": "l0-0"}, RequestError),
    ("merge", ("l1-0",), {}, UnknownError),
    ("place", ("l1-0",), {"beside": "l3-0", "text": "inside"}, RequestError),
    ("place", ("l1-0",), {"beside": "l1-0", "text": "after"}, RequestError),
    ("fuse", ("l1-1",), {"beside": "l1-0"}, RequestError),
)


def test_what_makes_no_sense_is_refused(desk: ReviewService) -> None:
    """And leaves nothing in the store."""
    for act, lines, more, error in SENSELESS:
        with pytest.raises(error):
            change(desk, act, *lines, **more)
    assert desk.list_history(STEM) == ((), 0)


def test_who_may_only_look(office: Office) -> None:
    """Sees the structure and changes nothing."""
    with closing(office.desk(read_only=True)) as desk, pytest.raises(UsageError):
        change(desk, "split", "l1-2")


def test_a_jump_is_set_where_none_is_printed(desk: ReviewService) -> None:
    """To any article of the issue; it is a link like those that were found."""
    choices = desk.structure.list_jump_choices(STEM, "a1", True)
    assert {c.stem for c in choices} == {STEM, "x-2020-01-01/p2", "x-2020-01-01/p3"}
    chosen = next(c for c in choices if (c.stem, c.article) == ("x-2020-01-01/p2", "a2"))
    pair = (STEM, "a1"), (chosen.stem, chosen.article)
    desk.record_edit(ArticleLink(*pair, "paragraph", chosen.seen), ANN)
    joins = [j for j in desk.show_page(STEM).joins if j.kind == "page" and j.decided]
    assert [
        (j.before_end.article, j.after_end.stem) for j in joins if j.before_end and j.after_end
    ] == [("a1", "x-2020-01-01/p2")]
    with pytest.raises(UnknownError):
        desk.structure.list_jump_choices(STEM, "a9", True)


def test_over_http(office: Office) -> None:
    """The same by requests; a body of another form is refused."""
    with Room(office) as room:
        view = room.get(f"structure?stem={STEM}")
        edit = {"stem": STEM, "act": "split", "lines": ["l1-2"], "seen": view["seen"]}
        for wrong in ({}, edit | {"act": "write"}, edit | {"lines": "l1-2"}, edit | {"lines": [1]}):
            room.post("structure", wrong, 400)
        room.post("structure", edit | {"stem": "nowhere"}, 404)
        room.post("structure", edit | {"seen": "0" * 24}, 409)
        (receipt,) = room.post("structure", edit)["receipts"]
        assert receipt["seen"] == room.get(f"structure?stem={STEM}")["seen"]
        room.post("undo", {"uid": receipt["uid"]})
        assert room.get(f"structure?stem={STEM}") == view
        assert len(room.get(f"jumps?stem={STEM}&article=a2")["items"]) > 1
        assert room.client.get("/api/jumps?stem=x&article=a&leaving=perhaps").status_code == 400


def test_decisions_are_exported_and_taken_over(desk: ReviewService, office: Office) -> None:
    """A file of them has those on structure; those that no page could have made are left out."""
    change(desk, "kind", "l1-0", text="deck")
    change(desk, "place", "l3-0", beside="l1-1", text="before")
    with Store(office.place.store, read_only=True) as store:
        said = list(store.decisions.list_all())
    assert list(read_decision_lines(write_decision_lines(said))) == said
    kind, place = said
    far = replace(place.anchor, sha256="0" * 64)
    for wrong in (
        replace(kind, text="story"),
        replace(place, text="inside"),
        replace(place, target=None),
        replace(place, target=far),
    ):
        assert find_flaw(wrong)
        (line,) = read_decision_lines(write_decision_lines([wrong]))
        assert isinstance(line, BrokenLine)


def test_over_a_store_on_a_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    """Decided, seen by another desk and taken back."""
    office = Office(tmp_path, monkeypatch, postgres.emptied(server))
    office.scans("a.png")
    office.run()
    with closing(office.desk()) as one, closing(office.desk()) as two:
        change(one, "split", "l1-2", stem="a")
        assert len(two.show_page("a").articles) == 3
        two.undo_decision("ann")
        assert len(one.show_page("a").articles) == 2
