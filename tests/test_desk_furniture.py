"""Furniture that people correct: like any other text, in the files, undone, and there again."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from newspage.config import Config, EngineConfig
from newspage.decision import Act, Decision
from newspage.decisions import DecisionState, merge_decisions
from newspage.decisions.furniture_edits import flatten_furniture_piece
from newspage.decisions.glyph_index import GlyphIndex
from newspage.edits.clean_text import derive_page
from newspage.errors import UsageError
from newspage.model import Char, Furniture, PageRecord, Region, RegionKind, Scan
from newspage.record import decode_record, encode_record
from newspage.review.service.page_edits import Signature, TextEdit
from newspage.review.service.review_service import ReviewService, StaleError, UnknownError
from tests import asking
from tests.asking import Office, ReadScan
from tests.decided_pages import SCAN, chars_of, line_at, page_of
from tests.teaching import undo

FOLIO = "r7"


def with_folio(record: PageRecord, rows: tuple[str, ...], shift: float = 0.0) -> PageRecord:
    """The page with furniture at its top: rows of text, a line break between them."""
    lines = [line_at(f"f{i}", row, 900.0 + shift, 20.0 + 40 * i) for i, row in enumerate(rows)]
    box = lines[0].box
    for line in lines:
        box = replace(box, right=max(box.right, line.box.right), bottom=line.box.bottom)
    kind, way = RegionKind.FOLIO, lines[0].direction
    region = Region(FOLIO, kind, box, tuple(lines), way, None, box.polygon)
    chars: list[Char] = []
    for line in lines:
        chars += [Char("\n", chars[-1].line, chars[-1].glyph)] if chars else []
        chars += chars_of(line)
    reading = record.reading
    page = reading.page
    page = replace(
        page, regions=(*page.regions, region), reading_order=(*page.reading_order, FOLIO)
    )
    furniture = (*reading.furniture, Furniture(kind, FOLIO, tuple(chars)))
    return derive_page(replace(reading, page=page, furniture=furniture))


PAGE = with_folio(page_of([("题目", [["一二三四五六七八"]])]), ("洛阳日报", "第三饭"))


def written(record: PageRecord, text: str, uid: str = "1") -> Decision:
    """Somebody writes the furniture of a page anew."""
    read = flatten_furniture_piece(record.reading.furniture[0])
    place = GlyphIndex.from_page(record.page).make_anchor(read, (0, len(read.string)))
    at = "2026-01-02T03:04:05.000Z"
    return Decision(uid * 32, at, "ann", Act.WRITE, place, "a.png", "hand", text=text)


def test_it_is_folded_in_and_taken_out_again() -> None:
    """The latest holds; without any the machine's own record is back, byte for byte."""
    one, two = written(PAGE, "洛阳日报\n第三版"), written(PAGE, "洛阳晚报", "2")
    folded = merge_decisions(PAGE, [one])
    assert [(o.state, o.decision) for o in folded.outcomes] == [(DecisionState.PLACED, one)]
    assert folded.record.furniture[0].text == "洛阳日报\n第三版"
    assert folded.record.articles == PAGE.articles
    assert decode_record(encode_record(folded.record)) == folded.record
    both = merge_decisions(folded.record, [one, two])
    assert [o.state for o in both.outcomes] == [DecisionState.SUPERSEDED, DecisionState.PLACED]
    assert both.record.furniture[0].text == "洛阳晚报"
    assert merge_decisions(both.record, [one, two, undo(two)]).record == folded.record
    assert encode_record(merge_decisions(both.record, []).record) == encode_record(PAGE)
    assert merge_decisions(PAGE, [written(PAGE, "")]).record.furniture[0].text == ""


def test_it_is_found_again_on_another_reading() -> None:
    """A little elsewhere it is the same; what reads otherwise by now is said, not overwritten."""
    said = written(PAGE, "洛阳日报\n第三版")
    bare = page_of([("题目", [["一二三四五六七八"]])])
    again = merge_decisions(with_folio(bare, ("洛阳日报", "第三饭"), shift=3.0), [said])
    assert again.record.furniture[0].text == "洛阳日报\n第三版"
    (right,) = merge_decisions(with_folio(bare, ("洛阳日报", "第三版")), [said]).outcomes
    assert right.state is DecisionState.FULFILLED
    other = merge_decisions(with_folio(bare, ("洛阳日报", "第五版")), [said])
    assert other.record.furniture[0].text == "洛阳日报\n第五版"
    assert (
        other.lost[0].reason == "“洛阳日报¶第五版” is read there now instead of “洛阳日报¶第三饭”"
    )
    (gone,) = merge_decisions(bare, [said]).lost
    assert gone.reason == "nothing is read at its place"
    assert PAGE.page.scan == SCAN


def make_reader(config: EngineConfig, threads: int) -> ReadScan:
    """A maker of readers that see a folio on every page."""

    def read(scan: Scan, config: Config) -> PageRecord:
        return with_folio(asking.read(scan, config), ("洛阳日报", "第三饭"))

    return read


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Two pages, just read."""
    office = Office(tmp_path, monkeypatch)
    office.scans("a.png", "b.png")
    office.run(make=make_reader)
    return office


def folio(desk: ReviewService, stem: str = "a") -> tuple[str, str, str]:
    """Text, region and hash of the furniture of a page."""
    ((_, text, _, region, seen),) = desk.show_page(stem).furniture
    return text, region, seen


def test_at_the_desk(office: Office) -> None:
    """Written, in the files, in the history, undone; a re-run and an emptied output keep it."""
    before = office.outputs()
    with closing(office.desk()) as desk:
        text, region, seen = folio(desk)
        receipt = desk.record_edit(
            TextEdit("a", region, text.index("饭"), text.index("饭") + 1, "版", seen),
            Signature("ann"),
        )
        assert folio(desk) == ("洛阳日报\n第三版", region, receipt.seen)
        with pytest.raises(StaleError):
            desk.record_edit(TextEdit("a", region, 0, 1, "洛", seen), Signature("bob"))
        receipt = desk.record_edit(
            TextEdit("a", region, 0, 2, "北京", receipt.seen), Signature("bob")
        )
        assert folio(desk)[0] == "北京日报\n第三版"
        desk.undo_decision("bob")
        assert folio(desk)[0] == "洛阳日报\n第三版"
        assert desk.list_history()[0][-1].text == "洛阳日报\n第三版"
    after = office.outputs()
    assert "第三版" in after["a.md"].decode()
    assert after["a.txt"] == before["a.txt"]
    assert after["b.md"] == before["b.md"]
    office.run(force=True, make=make_reader)
    assert office.outputs() == after
    for path in office.place.output.glob("a.*"):
        path.unlink()
    office.run(make=make_reader)
    assert office.outputs() == after
    with closing(office.desk()) as desk:
        desk.undo_decision("ann")
    assert office.outputs() == before


def test_what_cannot_be_written_there(office: Office) -> None:
    """Nothing, too much, somewhere else."""
    with closing(office.desk()) as desk:
        text, region, seen = folio(desk)
        with pytest.raises(UsageError, match="nothing"):
            desk.record_edit(TextEdit("a", region, 0, 1, text[0], seen), Signature("ann"))
        with pytest.raises(UsageError, match="too long"):
            desk.record_edit(TextEdit("a", region, 0, 1, "洛" * 20_000, seen), Signature("ann"))
        with pytest.raises(UnknownError):
            desk.record_edit(TextEdit("a", region, 0, len(text) + 1, "x", seen), Signature("ann"))
        with pytest.raises(UnknownError):
            desk.record_edit(TextEdit("a", "r99", 0, 1, "x", seen), Signature("ann"))
        assert desk.list_history()[1] == 0
