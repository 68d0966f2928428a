"""`newspage decisions`: out of one store, into another, nothing lost and nothing broken let in."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from newspage.cli import app
from newspage.decision import AFTER, BEFORE, LINKS, LONGEST_TEXT, Act, Anchor, Decision
from newspage.decisions.exchange import (
    FORMAT,
    BrokenLine,
    read_decision_lines,
    write_decision_lines,
)
from newspage.errors import UsageError
from newspage.geometry import Box
from newspage.model import RegionKind
from newspage.review.service.answers import accept_typed_text
from newspage.review.service.views import Answer, QuestionFilter
from newspage.review.web.reviewer_session import clean_name
from newspage.store import Store, StoreError
from tests.asking import Office
from tests.teaching import said

BLANKS = "\t\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x2010)))
BLANKS += "\u2028\u2029\u202f\u205f\u2060\u3000\ufeff\ue000\U00020000\U000323b0"
EVER = "\n \x85\xa0\u1680\u2000\u2003\u200a\u2028\u2029\u202f\u205f\u3000干"
"""What earlier versions took as well."""
HEADER = json.dumps({"format": FORMAT}).encode()


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A page on which two things were decided, one of them taken back."""
    office = Office(tmp_path / "one", monkeypatch)
    office.scans("a.png")
    office.run()
    with closing(office.desk()) as desk:
        for question in desk.list_questions(QuestionFilter(state="all"))[0][:2]:
            desk.record_answers([Answer(question.id, "accept", question.seen)], "ann")
        desk.undo_decision("ann")
    return office


def call(office: Office, *arguments: str, given: bytes | None = None) -> Result:
    """A command on an office."""
    place = ["-o", str(office.place.output)]
    return CliRunner().invoke(app, ["decisions", *arguments, *place], input=given)


def test_to_another_store_and_back(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other store knows what this one knows; the page reads the same; twice is once."""
    file = tmp_path / "kept.jsonl"
    done = call(office, "export", str(file))
    assert (done.exit_code, done.output) == (0, f"3 decisions written to {file}\n")
    other = Office(tmp_path / "two", monkeypatch)
    other.scans("a.png")
    other.run()
    assert other.outputs() != office.outputs()
    done = call(other, "import", str(file))
    assert done.output.startswith("3 decisions taken over, 0 known already, 0 lines left out; 0 ")
    assert other.outputs() == office.outputs()
    assert call(other, "import", str(file)).output.startswith("0 decisions taken over, 3 known")
    assert call(other, "export", "-").stdout_bytes == file.read_bytes()


def test_one_is_no_plural(office: Office, tmp_path: Path) -> None:
    """Neither of decisions nor of lines."""
    header, first = call(office, "export", "-").stdout_bytes.splitlines(keepends=True)[:2]
    done = call(office, "import", "-", given=header + first + b"no decision\n")
    assert done.output.splitlines()[-1] == (
        "0 decisions taken over, 1 known already, 1 line left out; 0 have no place here"
    )


def test_through_pipes(office: Office) -> None:
    """`-` is the terminal, or another program."""
    out = call(office, "export", "-").stdout_bytes
    assert out.splitlines()[0] == HEADER.replace(b" ", b"")
    done = call(office, "import", "-", given=out)
    assert done.output.startswith("0 decisions taken over, 3 known already")


def test_decisions_before_pages(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is taken over before its scan was read waits for it, and is listed as lost till then."""
    file = tmp_path / "kept.jsonl"
    call(office, "export", str(file))
    other = Office(tmp_path / "two", monkeypatch)
    other.home.mkdir()
    done = call(other, "import", str(file))
    assert done.output.endswith("0 lines left out; 1 has no place here\n")
    listed = call(other, "list", "--lost").output
    assert "ann" in listed
    assert "no page that was read shows its scan" in listed
    other.scans("a.png")
    other.run()
    assert call(other, "list", "--lost").output == ""
    assert other.outputs() == office.outputs()


def test_listing(office: Office) -> None:
    """Who, what, where, the earliest first."""
    lines = call(office, "list").output.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("scans/a.png: ann, ")
    assert ": accept “" in lines[0]
    assert "undo" in lines[2]


def test_nothing_there(tmp_path: Path) -> None:
    """A place without a store, a file that is not there: a line that says so."""
    office = Office(tmp_path)
    assert call(office, "list").exit_code == 3
    assert call(office, "export", "-").exit_code == 3
    assert call(office, "import", str(tmp_path / "none")).exit_code == 3


def changed(**fields: object) -> bytes:
    """A decision as a line, some fields of it changed; `anchor_` goes before those of its place."""
    line = json.loads(b"".join(list(write_decision_lines([said("位[干]北", "于")]))[1:]))
    for name, value in fields.items():
        if name.startswith("anchor_"):
            line["anchor"][name.removeprefix("anchor_")] = value
        else:
            line[name] = value
    return json.dumps(line).encode()


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"uid": "' + b"a" * 1_100_000,
        changed(uid=""),
        changed(uid="a\u0000b"),
        changed(reviewer=" "),
        changed(reviewer="x" * 1000),
        changed(at="yesterday"),
        changed(at="2026-01-01T00:00:00"),
        changed(act="eat"),
        changed(act="undo"),
        changed(undoes="abc"),
        changed(text="a\u001b[31mb"),
        changed(text="文" * 20_001),
        changed(file="a\0b"),
        changed(reviewer="a\u2028b"),
        changed(anchor_frame=2**31),
        changed(anchor_width=2**63),
        changed(question=2**70, anchor_frame=10**400),
        b'{"uid": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"format": ' + b'{"a": ' * 5000 + b"1" + b"}" * 5001,
        changed(anchor_sha256="../../etc/passwd"),
        changed(anchor_frame=-1),
        changed(anchor_width=0),
        changed(anchor_boxes=[{"left": 9, "top": 0, "right": 1, "bottom": 1}]),
        changed(anchor_boxes=[{"left": 0, "top": 0, "right": 1e400, "bottom": 1}]),
        changed(anchor_boxes="all"),
        changed(target={"sha256": "x", "frame": 0, "width": 1, "height": 1, "boxes": []}),
    ],
)
def test_broken_lines_are_refused(line: bytes) -> None:
    """Each with its number; the others are taken."""
    good = changed()
    first, second, third = read_decision_lines([HEADER, good, b"", line, changed(uid="b" * 32)])
    assert isinstance(first, Decision)
    assert isinstance(third, Decision)
    assert isinstance(second, BrokenLine)
    assert second.line == 4
    assert second.message


def test_the_exit_code_tells_of_broken_lines(office: Office) -> None:
    """And the message says which."""
    done = call(office, "import", "-", given=HEADER + b"\n" + changed(uid="") + b"\n{\n")
    assert done.exit_code == 1
    assert "line 2: `uid` is empty" in done.output
    assert "0 decisions taken over, 0 known already, 2 lines left out" in done.output


@pytest.mark.parametrize("first", [b'{"format":"newspage-decisions/2"}', changed(), b"#"])
def test_another_format_is_refused(first: bytes) -> None:
    """Nothing of such a file is taken."""
    assert [type(one) for one in read_decision_lines([first, changed()])] == [BrokenLine]


pasted = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(BLANKS), max_size=9)
"""Anything that a browser can send."""
texts = st.text(st.characters(codec="utf-8"), max_size=9)
"""Anything that a machine may have read."""
anchors = st.builds(
    Anchor,
    st.text("0123456789abcdef", min_size=64, max_size=64),
    st.integers(0, 9),
    st.integers(1, 9999),
    st.integers(1, 9999),
    st.lists(st.builds(lambda x, w: Box(x, 0, x + w, 1), st.floats(0, 99), st.floats(0, 9))).map(
        tuple
    ),
    texts,
    texts,
    texts,
)
written = pasted.map(accept_typed_text) | st.text(st.sampled_from(EVER), max_size=9)
"""What a person wrote."""
ON_TWO_PLACES = (*LINKS, Act.MERGE, Act.PLACE, Act.FUSE)
"""Acts that are nothing without a target."""


@st.composite
def made(draw: st.DrawFn) -> Decision:
    """A decision that a page could have made."""
    act = draw(st.sampled_from([act for act in Act if act is not Act.UNDO]))
    kinds = st.sampled_from([kind.value for kind in RegionKind])
    choices = {Act.KIND: kinds, Act.PLACE: st.sampled_from([BEFORE, AFTER])}
    anchor = draw(anchors)
    target = draw(st.none() | anchors)
    if act in ON_TWO_PLACES and (target is None or act not in LINKS):
        target = anchor
    return Decision(
        draw(st.uuids()).hex,
        "2026-01-02T03:04:05.000Z",
        draw(pasted.map(clean_name)) or "ann",
        act,
        anchor,
        text=draw(choices.get(act, written)),
        target=target,
    )


@given(st.lists(made(), max_size=5))
def test_what_is_written_is_read(some: list[Decision]) -> None:
    """Every decision survives, in order; so do two exports set one after the other."""
    lines = list(write_decision_lines(some))
    assert list(read_decision_lines(lines)) == some
    assert list(read_decision_lines(lines + lines)) == some + some


def test_whatever_was_acknowledged_comes_over(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blanks from a word processor, characters of private use, whatever: another store takes it."""
    with closing(office.desk()) as desk:

        def edit(text: str) -> str:
            (question, *_) = desk.list_questions(QuestionFilter(state="all"), "page")[0]
            desk.record_answers([Answer(question.id, "edit", question.seen, text)], "ann")
            return desk.show_question(question.id).question.text

        @settings(max_examples=40, deadline=None)
        @given(st.text(st.characters() | st.sampled_from(BLANKS), max_size=9))
        def edit_anything(text: str) -> None:
            edit(text)

        for blank in BLANKS:
            kept = edit(f"一{blank}二")
            assert kept[0] + kept[-1] == "一二"
            if blank.isspace() and blank > "\x20" and blank not in "\x85\u2028\u2029":
                assert kept[1:-1] == blank
        edit_anything()
        assert edit("文" * LONGEST_TEXT) == "文" * LONGEST_TEXT
        with pytest.raises(UsageError, match="too long"):
            edit("文" * (LONGEST_TEXT + 1))
    file = tmp_path / "kept.jsonl"
    call(office, "export", str(file))
    other = Office(tmp_path / "two", monkeypatch)
    other.home.mkdir()
    done = call(other, "import", str(file))
    assert "0 known already, 0 lines left out" in done.output
    assert call(other, "export", "-").stdout_bytes == file.read_bytes()


def test_the_store_keeps_nothing_that_it_could_not_give(office: Office) -> None:
    """Whatever brought it: what is refused by an import is refused before it is acknowledged."""
    with Store(office.place.store) as store:
        count = len(list(store.decisions.list_all()))
        for text in ("a\x1bb", "文" * 20_001):
            with pytest.raises(StoreError, match="cannot be kept"):
                store.decisions.append_decisions(
                    [(said("位[干]北", "于", Act.EDIT, text=text), None)]
                )
            with pytest.raises(StoreError, match="cannot be kept"):
                store.decisions.import_decisions([said("位[干]北", "于", Act.EDIT, text=text)])
        assert len(list(store.decisions.list_all())) == count


def test_what_a_machine_read_is_harmless_in_a_terminal(office: Office) -> None:
    """It is taken as it is, and shown without what a terminal would act on."""
    line = changed(anchor_text="a\x1b[31mb", file="scans/\x1b[2Jx\ny.png", reason="\x1b[0m")
    assert call(office, "import", "-", given=HEADER + b"\n" + line).exit_code == 0
    listed = call(office, "list").output
    assert "\x1b" not in listed
    assert len(listed.splitlines()) == 4


def test_a_broken_line_is_told_harmlessly(office: Office) -> None:
    """What stands in it does not reach the terminal."""
    done = call(office, "import", "-", given=HEADER + b"\n" + changed(act="\x1b[31m") + b"\n")
    assert done.exit_code == 1
    assert "\x1b" not in done.output
