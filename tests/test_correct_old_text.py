"""A text that exists already, judged by itself and by its scan."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newspage.collation.existing_text import CorrectedText, correct_text, correct_text_with_scan
from newspage.config import CorrectConfig
from newspage.model import CorrectionStatus
from tests.correct_fakes import (
    characters_of,
    knowledge,
    lines_of,
    read_text_of,
    take_back,
    witness_of,
)

PRINT = [
    "江州因水而兴，明清时期城内河道总长逾六十公里，舟楫往来，市井繁华，四方商贾云集于此。",
    "修河不是挖一条沟，而是把城市的血脉重新接起来，总设计师这样对记者说。",
    "近年来，自创区、自贸区、综合保税区相继获批，重要平台叠加，发展势头越来越好。",
]
WRONG = "面贸口两朝的要修"


def corrected(old: str, print_: list[str] | None = None) -> CorrectedText:
    """A text corrected by lines that print some paragraphs."""
    print_ = PRINT if print_ is None else print_
    characters = characters_of(*print_, old, WRONG)
    lines = lines_of(print_, characters)
    read = read_text_of(print_, lines)
    return correct_text_with_scan(old, read, witness_of(lines, characters), knowledge())


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("因水而兴", "因水面兴"),
        ("自创区、自贸区", "自贸区、自贸区"),
        ("逾六十公里，", "逾六十公里公里，"),
        ("把城市的血脉", "把城市血脉"),
        ("总设计师这样", "总设设计师这样"),
        ("和", "和"),
        ("舟楫往来，市井", "舟楫往来、市井"),
        ("重要平台叠加", "重要的平台加叠"),
    ],
)
def test_the_scan_decides(right: str, wrong: str) -> None:
    """What the old text has wrong is set right, and nothing else is touched."""
    true = "\n\n".join(PRINT)
    done = corrected(true.replace(right, wrong))
    assert done.clean == true
    assert take_back(done.clean, done.corrections) == true.replace(right, wrong)


def test_words_moved_to_another_sentence_come_back() -> None:
    """A move has two ends, which stand and fall together."""
    true = "\n\n".join(PRINT)
    moved = true.replace("明清时期城内河道总长逾六十公里，", "")
    moved = moved.replace("四方商贾", "明清时期城内河道总长逾六十公里，四方商贾")
    done = corrected(moved)
    assert done.clean == true
    assert {c.rule for c in done.corrections} == {"displaced"}


def test_another_order_of_the_paragraphs_is_no_fault() -> None:
    """Moved passages are moves, not rewrites: here nothing is wrong."""
    old = "\n\n".join(PRINT[i] for i in (2, 0, 1))
    assert corrected(old).corrections == ()


def test_a_cut_paragraph_is_joined_and_a_real_break_stays() -> None:
    """The scan runs on over the one and not over the other."""
    true = "\n\n".join(PRINT)
    done = corrected(true.replace("城内河道总长", "城内河\n\n道总长"))
    assert done.clean == true
    assert [c.rule for c in done.corrections] == ["flow-split"]


def test_a_text_of_another_page_is_said_to_be_one() -> None:
    """Nothing is proposed, and a person is told."""
    done = corrected("夜里十一点半，图书馆东侧的小楼依然灯火通明，外卖骑手翻开一本机械制图。" * 3)
    assert done.corrections == ()
    assert [p.severity for p in done.problems] == ["error"]


def test_half_a_scan_judges_half_a_text() -> None:
    """What is not on the scan is judged from the text alone, and a person is told."""
    true = "\n\n".join(PRINT) + "\n\n会议要求，各项工作都要落地落实落地，确保见到实效。"
    done = corrected(true.replace("因水而兴", "因水面兴"), PRINT[:2])
    assert "因水而兴" in done.clean
    assert "自创区、自贸区" in done.clean
    assert "都要落地落实，确保" in done.clean
    assert [p.severity for p in done.problems] == ["warning"]


def test_no_text_is_no_trouble() -> None:
    """An empty text stays empty."""
    for empty in ("", "\n \n"):
        assert correct_text(empty, knowledge()).clean == empty
        done = corrected(empty)
        assert done.clean == empty
        assert done.corrections == ()


@pytest.mark.parametrize(
    "text",
    [
        "江州\x00日报\x07，落地落实落地。",
        "江州\ud800日报,\udfff落地落实落地。",
        "<p>江州日报,落地落实落地。</p><script>alert('落地落实落地')</script>",
        "\r\n".join(["江州日报,落地落实落地。"] * 3),
        "甲" * 5000,
        "，" * 500 + "（" * 500,
    ],
    ids=["control characters", "lone surrogates", "HTML", "CRLF", "one character", "marks"],
)
def test_strange_text_loses_nothing(text: str) -> None:
    """Taking the corrections back gives the text, whatever is in it."""
    done = correct_text(text, knowledge())
    assert take_back(done.clean, done.corrections) == text


@settings(deadline=None, max_examples=60)
@given(st.text("自贸区、落地实的，。,;()“”\n 和and12曰a", max_size=80))
def test_any_text_comes_back(text: str) -> None:
    """Undo is exact for whatever detectors find."""
    done = correct_text(text, knowledge(CorrectConfig(apply="all")))
    assert take_back(done.clean, done.corrections) == text


def test_a_long_text_is_examined_in_pieces() -> None:
    """Corrections far behind the first piece stand at their places."""
    filler = "昨日上午，老城水网修复工程正式启动，惠及沿河居民。\n\n"
    text = filler * 12_000 + "各项部署都要落地落实落地，确保见到实效。\n"
    done = correct_text(text, knowledge())
    assert done.clean.endswith("都要落地落实，确保见到实效。\n")
    assert [c.rule for c in done.corrections if c.status is CorrectionStatus.APPLIED] == ["echo"]


OLD_PRINT = ["本埠絲廠，素為浙西之冠，最盛時凡二十三家，絲車六千餘部，男女工人一萬二千有奇。"]


def compared(old: str, print_: list[str]) -> CorrectedText:
    """An old text with lines of twelve characters."""
    return corrected(old, print_)


def test_the_old_text_keeps_its_form_of_a_character() -> None:
    """What is missing comes in the form that the text has elsewhere, not in that of the font."""
    print_ = [OLD_PRINT[0].replace("為", "爲") + "各廠久爲各界所贊許，歷年爲冠。"]
    true = OLD_PRINT[0] + "各廠久為各界所贊許，歷年為冠。"
    assert compared(true.replace("久為", "久"), print_).clean == true


def test_a_line_read_from_the_wrong_end_says_nothing() -> None:
    """Its characters are right, its direction is not."""
    text = OLD_PRINT[0]
    print_ = [text[:12] + text[12:24][::-1] + text[24:]]
    assert compared(text, print_).corrections == ()


@pytest.mark.parametrize("noise", ["YYYY", "w<S>}", "ハハハ"])
def test_ornaments_read_as_letters_are_not_put_in(noise: str) -> None:
    """Signs in the midst of Chinese are a rule or a speck."""
    text = OLD_PRINT[0]
    assert compared(text, [text[:9] + noise + text[9:]]).corrections == ()


def test_a_character_the_reader_doubted_is_asked_about() -> None:
    """The same difference is applied where the glyph was read for certain, and else proposed."""
    true = PRINT[0]
    old = true.replace("水而", "水面")
    characters = characters_of(*PRINT, old, WRONG)
    lines = lines_of([true], characters)
    sure = correct_text_with_scan(
        old, read_text_of([true], lines), witness_of(lines, characters), knowledge()
    )
    first = lines["l0"]
    glyphs = tuple(replace(g, confidence=0.4) if g.text == "而" else g for g in first.glyphs)
    lines["l0"] = replace(first, glyphs=glyphs)
    doubted = correct_text_with_scan(
        old, read_text_of([true], lines), witness_of(lines, characters), knowledge()
    )
    assert sure.corrections[0].confidence > doubted.corrections[0].confidence


HEADED = [
    "江州修河",
    "江州因水而兴，明清时期城内河道总长逾六十公里，当推第一。",
    "四方商贾云集于此，增长2.3倍，舟楫往来。",
]


@pytest.mark.parametrize(
    ("old", "read"),
    [
        ("江州修河", "江州修河。"),
        ("当推第一。", "当推第。"),
        ("舟楫往来", "往楫舟楫往来"),
        ("六十公里，", "六十公里着"),
        ("云集于此，", "云集于的，要"),
        ("商贾云集", "商贾两。云集"),
        ("增长2.3倍", "增长2：3倍"),
        ("舟楫往来。", "舟楫往来，."),
        ("逾六十公里", "逾六·十公里"),
    ],
    ids=[
        "stop behind a headline",
        "single stroke lost",
        "columns run together",
        "a character for a mark",
        "differences that touch",
        "a speck beside a character",
        "a mark inside a number",
        "marks in a row",
        "a speck between characters",
    ],
)
def test_what_readers_often_do_is_left_to_a_person(old: str, read: str) -> None:
    """However sure the pixels seem to be: a reading may be of another place, or lack a stroke."""
    true = "\n\n".join(HEADED)
    done = corrected(true, [p.replace(old, read) for p in HEADED])
    assert done.clean == true
    assert all(c.status is not CorrectionStatus.APPLIED for c in done.corrections)


@pytest.mark.parametrize(
    ("old", "read"),
    [
        ("会见总会", "會见总会"),
        ("于此。", "于此。，"),
    ],
    ids=["the other script", "a second mark"],
)
def test_what_is_no_fault_of_the_text_is_not_asked_about(old: str, read: str) -> None:
    """Blurred simplified characters are read as traditional ones, specks as second marks."""
    true = [
        "江州因水而兴，明清时期河道总长逾六十公里，四方商贾云集于此。",
        "昨日，两地商会见总会来人。",
    ]
    done = corrected("\n\n".join(true), [p.replace(old, read) for p in true])
    assert done.corrections == ()


def test_a_quotation_mark_that_faces_the_other_way_is_turned() -> None:
    """To the alignment all quotation marks are one; to the scan they are not."""
    true = "江州因水而兴，老字号“德馨斋”的糕点，始创于清光绪十八年。"
    done = corrected(true.replace("”", "“"), [true])
    assert done.clean == true
    assert corrected(true.replace("“", '"').replace("”", '"'), [true]).corrections == ()
