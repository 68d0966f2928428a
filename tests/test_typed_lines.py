"""Lines that are suggested for typing: chosen, shown, typed, taken back, learnt from."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from newspage.cli import app
from newspage.config import Config, EngineConfig
from newspage.errors import InputError
from newspage.model import PageRecord, Scan
from newspage.output import SuggestedLine, read_suggested_lines, write_suggested_lines
from newspage.output.suggested_lines import SUGGESTED_NAME
from newspage.review.service.page_edits import Signature, TypedLine
from newspage.review.service.request_errors import RequestError, StaleError, UnknownError
from newspage.training import list_confirmed_pages, suggest_lines
from newspage.training.line_suggestions import CandidateLine, choose_lines_to_type
from tests.asking import Office, just_read
from tests.decided_pages import page_of
from tests.review_rooms import Room

ANN = Signature("ann")


def candidate(text: str, doubts: str, stem: str = "p", region: str = "r") -> CandidateLine:
    """A line whose doubtful characters are given, each wrong with a probability of a half."""
    line = SuggestedLine(stem, (0, 0, 10.0 * len(text), 10), text, len(doubts) / 2)
    return CandidateLine(line, f"{stem} {region}", tuple((c, 0.5) for c in doubts))


def chosen(candidates: list[CandidateLine], count: int = 9) -> list[str]:
    """The readings of the lines that are chosen, the same in any order of the candidates."""
    found = choose_lines_to_type(candidates, count)
    assert choose_lines_to_type(candidates[::-1], count) == found
    return [line.reading for line in found]


def test_the_most_doubtful_lines_come_first_and_none_twice() -> None:
    """As many as are asked for."""
    lines = [
        candidate("甲乙丙丁戊己", "甲"),
        candidate("庚辛壬癸子丑", "庚辛"),
        candidate("庚辛壬癸子寅", "庚辛壬"),
    ]
    assert chosen(lines) == ["庚辛壬癸子寅", "甲乙丙丁戊己"]
    assert chosen(lines, 1) == ["庚辛壬癸子寅"]
    assert chosen([]) == []


def test_lines_are_spread_over_characters_pages_and_regions() -> None:
    """The third line with the same doubt, or in the same column, is worth less."""
    same = [candidate(f"軍{c * 5}", "軍軍") for c in "甲乙丙"]
    assert chosen([*same, candidate("隊丁戊己庚辛", "隊")])[1] == "隊丁戊己庚辛"
    one = [candidate(c * 6, c, "p") for c in "甲乙"]
    assert "丙" * 6 in chosen([*one, candidate("丙" * 6, "丙", "q")], 2)
    near = [candidate(c * 6, c, "p", "r1") for c in "甲乙"]
    assert "丙" * 6 in chosen([*near, candidate("丙" * 6, "丙", "p", "r2")], 2)


def typed(office: Office, text: str, line: str = "l1-0", seen: str = "一二三四五陆七八") -> str:
    """Type a line of the page a; what its files say then."""
    with closing(office.desk()) as desk:
        desk.record_edit(TypedLine("a", line, text, seen), ANN)
    return (office.place.output / "a.txt").read_text("utf-8")


def read_as(text: str) -> Callable[[EngineConfig, int], Callable[[Scan, Config], PageRecord]]:
    """A maker of readers that read another first line."""
    return lambda *_: lambda scan, _: page_of([("题目", [[text, "九十¶", "甲乙丙丁"]])], scan)


def test_a_typed_line_is_a_decision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds whatever is read there later, is learnt from, and can be taken back."""
    office = just_read(tmp_path, monkeypatch, "a.png")
    assert "一贰三四伍六七八" in typed(office, " 一贰三四伍六七八")
    for reading in ("一貳三四五六七八", "一贰三四伍六七八", "一二二四五六七入"):
        office.run(force=True, make=read_as(reading))
        assert "一贰三四伍六七八" in (office.place.output / "a.txt").read_text("utf-8")
        (page,) = list_confirmed_pages(office.place)
        assert [line.text for line in page.lines] == ["一贰三四伍六七八"]
    with closing(office.desk()) as desk:
        desk.undo_decision("ann")
    assert "一二二四五六七入" in (office.place.output / "a.txt").read_text("utf-8")
    assert list_confirmed_pages(office.place) == []


def test_a_line_that_is_right_is_confirmed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its text stays, and it is learnt from."""
    office = just_read(tmp_path, monkeypatch, "a.png")
    before = (office.place.output / "a.txt").read_text("utf-8")
    line = next(s for s in suggest_lines(office.place, 99) if s.reading == "东南西北中发白天地")
    assert typed(office, line.reading, "l3-0", line.reading) == before
    (page,) = list_confirmed_pages(office.place)
    assert [known.text for known in page.lines] == [line.reading]
    assert line not in suggest_lines(office.place, 99)
    for wrong, error in (
        (TypedLine("a", "l3-0", "东", "别的"), StaleError),
        (TypedLine("a", "l3-0", "  ", line.reading), RequestError),
        (TypedLine("a", "none", "东", "东"), UnknownError),
    ):
        with closing(office.desk()) as desk, pytest.raises(error):
            desk.record_edit(wrong, ANN)


def test_suggested_lines_are_listed_and_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the command line and on the page, which finds them again where they are."""
    office = just_read(tmp_path, monkeypatch, "a.png")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["train", "suggest", "--count", "3"])
    assert done.exit_code == 0, done.output
    names, *listed = [row.split("\t") for row in done.stdout.splitlines()]
    assert names == ["page", "box", "wrong characters expected", "read as"]
    assert len(listed) == 3
    kept = read_suggested_lines(office.place.output)
    assert [line.reading for line in kept] == [row[3] for row in listed]
    with Room(office) as room:
        assert f'"count":{len(kept)}' in room.client.get("/lines").text
        view = room.get("line/0")
        assert (view["text"], view["done"]) == (kept[0].reading, False)
        body = {"stem": "a", "line": view["line"], "text": "改改改改", "seen": view["text"]}
        (receipt,) = room.post("line", body)["receipts"]
        view = room.get("line/0")
        assert (view["text"], view["done"]) == ("改改改改", True)
        room.post("undo", {"uid": receipt["uid"]})
        assert room.get("line/0")["done"] is False
        assert room.client.get("/api/line/99").status_code == 404
        moved = [SuggestedLine("a", (900, 900, 950, 910), "x", 1.0)]
        write_suggested_lines(office.place.output, moved)
        assert room.client.get("/api/line/0").status_code == 404
    (office.place.output / SUGGESTED_NAME).write_text("[{", "utf-8")
    with pytest.raises(InputError, match="damaged"):
        read_suggested_lines(office.place.output)
