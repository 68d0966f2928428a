"""Lines whose text is known: found again on a page, from transcriptions and from decisions."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from newspage.errors import InputError
from newspage.geometry import Box
from newspage.record import read_record
from newspage.review.service.page_edits import Signature, SignOff, TextEdit
from newspage.training.known_lines import KnownLine
from newspage.training.line_matching import match_lines
from newspage.training.line_texts import LabelCodec, count_errors, fold_text, normalise_text
from newspage.training.proofread_lines import list_confirmed_pages
from newspage.training.significance import compare_errors
from newspage.training.transcribed_lines import list_transcribed_pages
from tests.asking import just_read

NOWHERE = Box(0, 0, 1, 1)


def match(texts: list[str], known: list[str]) -> list[int | None]:
    """Match lines by their texts alone."""
    return match_lines(texts, [NOWHERE] * len(texts), [KnownLine(text) for text in known])


def test_lines_are_matched_by_their_texts() -> None:
    """Misread ones too; neither of two that are the same, nor what is another line."""
    known = ["廣大集體安全制度", "應包括遠東在內云", "以互助公約保障領土安全"]
    read = ["以互助公的保障領士安全", "廣大集體安全制度", "今日兩全張售國幣貳分", "應包"]
    assert match(read, known) == [2, 0, None, None]
    assert match(["本報特寫一則", "本報特寫一則"], ["本報特寫一則"]).count(0) <= 1
    assert match(["每星期日出版零售一分"], ["每星期日出版零售一分", "每星期日出版零售二分"]) == [
        None
    ]
    assert match([], known) == []
    assert match(read, []) == [None] * 4


def test_lines_are_matched_by_their_places() -> None:
    """However badly they are read, where they lie in the same place and are not cut apart."""
    known = [
        KnownLine("廣大集體安全制", Box(100, 0, 120, 140)),
        KnownLine("應包括遠東", Box(60, 0, 80, 100)),
        KnownLine("應包括遠東", Box(20, 0, 40, 100)),
    ]
    boxes = [Box(98, 2, 121, 139), Box(61, 1, 79, 99), Box(20, 0, 40, 40), Box(19, 0, 41, 102)]
    texts = ["廣大隼贈安", "應包括遠東", "應包", "應句括遠束"]
    assert match_lines(texts, boxes, known) == [0, 1, None, 2]
    assert match_lines(["完全不同的文字"], boxes[:1], known) == [None]


@given(st.lists(st.text("甲乙丙丁", min_size=0, max_size=6), max_size=6), st.data())
def test_no_known_line_is_given_twice(known: list[str], data: st.DataObject) -> None:
    """Whatever is read."""
    texts = data.draw(st.lists(st.text("甲乙丙丁", max_size=6), max_size=6))
    matched = [m for m in match(texts, known) if m is not None]
    assert len(matched) == len(set(matched))


def test_texts_become_classes_and_back() -> None:
    """Blanks stay between words alone; forms that a network lacks are replaced by plain ones."""
    alphabet = LabelCodec(("", "甲", "a", "b", "1", " "))
    assert normalise_text(" 甲　乙 a  b 甲 ") == "甲乙a b甲"
    assert alphabet.encode_text("甲a b") == [1, 2, 5, 3]
    assert alphabet.encode_text("１甲") == [4, 1]
    assert alphabet.encode_text("甲乙") is None
    assert alphabet.decode_best(np.array([0, 1, 1, 0, 1, 2, 2, 0])) == "甲甲a"
    assert fold_text("Ａ １") == "A1"
    assert count_errors("甲 a", "甲b１") == 2


def test_gains_are_told_from_chance() -> None:
    """A few errors fewer in many lines are, one line of many is not."""
    characters = np.full(100, 10.0)
    before = np.ones(100)
    clear = compare_errors(before, before * 0.5, characters)
    assert (clear.before, clear.after, clear.better, clear.worse) == (0.1, 0.05, 1.0, 0.0)
    after = before.copy()
    after[0] = 0
    assert compare_errors(before, after, characters).better < 0.95
    same = compare_errors(before, before, characters)
    assert same.better == same.worse == 0
    assert compare_errors(*np.zeros((3, 0))).lines == 0


def test_transcriptions_lie_beside_their_scans(tmp_path: Path) -> None:
    """One printed line a line of text; scans without any are passed over."""
    for name in ("p1", "p2"):
        Image.new("L", (200, 200), 255).save(tmp_path / f"{name}.png")
    with pytest.raises(InputError, match="no scan with a transcription"):
        list_transcribed_pages(tmp_path)
    (tmp_path / "p2.txt").write_text("第一行\n第二行\n\n第三行\n", "utf-8")
    (page,) = list_transcribed_pages(tmp_path)
    assert (page.name, page.scan) == ("p2", tmp_path / "p2.png")
    assert [line.text for line in page.lines] == ["第一行", "第二行", "第三行"]


def test_lines_that_people_confirmed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of a page that was proofread, on others those in which somebody decided something."""
    office = just_read(tmp_path, monkeypatch, "a.png", "b.png", "c.png")
    with closing(office.desk()) as desk:
        desk.record_edit(SignOff("a"), Signature("ann"))
        page = desk.show_page("b")
        edit = TextEdit("b", page.articles[0].id, 3, 5, "壹贰", page.articles[0].seen)
        desk.record_edit(edit, Signature("ann"))
    one, two = list_confirmed_pages(office.place)
    assert (one.name, two.name) == ("a", "b")
    assert one.scan == tmp_path / "scans" / "a.png"
    record = read_record(office.place.output / "a.json")
    assert len(one.lines) == sum(len(region.lines) for region in record.page.regions)
    (line,) = two.lines
    assert line.text.startswith("壹贰三四五")
    assert line.box is not None


def test_boxes_of_transcriptions_are_those_of_the_scan(tmp_path: Path) -> None:
    """Scaled where the transcription describes a smaller picture; left out where another one."""
    Image.new("L", (200, 400), 255).save(tmp_path / "p.png")
    page = (
        '<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15">'
        '<Page imageFilename="p.png" imageWidth="{}" imageHeight="{}"><TextRegion id="r">'
        '<Coords points="0,0 9,9"/><TextLine id="l"><Coords points="10,20 50,20 50,180 10,180"/>'
        "<TextEquiv><Unicode>第一行</Unicode></TextEquiv></TextLine></TextRegion></Page></PcGts>"
    )
    alto = (
        '<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description><MeasurementUnit>{}'
        '</MeasurementUnit></Description><Layout><Page ID="p" WIDTH="200" HEIGHT="400"><PrintSpace>'
        '<TextBlock ID="b"><TextLine ID="l" HPOS="20" VPOS="40" WIDTH="80" HEIGHT="320">'
        '<String CONTENT="第一行"/></TextLine></TextBlock></PrintSpace></Page></Layout></alto>'
    )
    truth = '{"articles": [], "size": [200, 400], "lines": [{"text": "第一行", "box": %s}]}'
    wanted = Box(20, 40, 100, 360)
    cases = [
        ("xml", page.format(100, 200), wanted),
        ("xml", page.format(100, 300), None),
        ("xml", alto.format("pixel"), wanted),
        ("xml", alto.format("mm10"), None),
        ("json", truth % "[20, 40, 100, 360]", wanted),
        ("json", truth % "[200, 40, 100, 360]", None),
        ("json", truth % "[1e999, 40, 100, 360]", None),
        ("json", truth % "7", None),
    ]
    for suffix, text, box in cases:
        file = tmp_path / f"p.{suffix}"
        file.write_text(text, "utf-8")
        (known,) = list_transcribed_pages(tmp_path)
        assert [(line.text, line.box) for line in known.lines] == [("第一行", box)]
        file.unlink()
