"""Reports and records of corrected texts."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from newspage.collation.correction_report import (
    build_report,
    list_report_lines,
    name_crop_files,
    render_html_report,
    render_markdown_report,
)
from newspage.collation.crops import cut_crops
from newspage.collation.existing_text import CorrectedText, correct_text
from newspage.collation.text_record import make_text_record, split_sections
from newspage.config import CorrectConfig
from newspage.correct.detector_table import load_rules
from newspage.correct.explain import explain_correction
from newspage.correct.rule import Rule, WordsLanguage
from newspage.correct.text_input import classify_blocks
from newspage.correction_evidence import Evidence
from newspage.formats.scan_crops import locate_span
from newspage.model import Correction, CorrectionStatus, Problem
from newspage.record import decode_record, encode_record
from tests.correct_fakes import characters_of, knowledge, lines_of, read_text_of

TEXT = (
    "2023年11月22日 星期三\n\n江州启动老城水网修复工程\n\n本报记者 林怀瑾\n\n"
    "昨日上午,工程正式启动,各项部署要落地落实落地,<b>惠及</b>沿河居民 and 商户，工程总投\n\n"
    "资十八亿元，三年完工。\n\n秋粮收购均价稳中有升\n\n主产区收购*秋粮*八千万吨。\n"
)


def corrected(config: CorrectConfig | None = None) -> CorrectedText:
    """A text with something of everything."""
    return correct_text(TEXT, knowledge(config), "old")


def test_the_report_shows_text_as_text() -> None:
    """Tags and markup in a text are shown, never taken for such."""
    report = build_report(corrected(), "old.txt")
    html = render_html_report(report).decode()
    assert "&lt;b&gt;惠及" in html
    assert "<b>" not in html
    assert "<script" not in html
    assert "\\<b" not in render_markdown_report(report).decode()
    assert "&lt;b&gt;" in render_markdown_report(report).decode()


def test_the_report_counts_and_explains() -> None:
    """Half-width marks are counted, not listed; every row has its reason, in both languages."""
    report = build_report(corrected(), "old.txt")
    assert report.widths == 3
    assert {r.original for r in report.rows} >= {"落地", " and ", "\n\n"}
    assert all(r.reason for r in report.rows)
    chinese = build_report(corrected(), "old.txt", "zh")
    assert "《old.txt》校改报告" in render_html_report(chinese).decode()
    assert "字词重出" in render_markdown_report(chinese).decode()
    assert len(list_report_lines(report.rows)) == len(report.rows)


def test_each_change_is_shown_among_the_others() -> None:
    """Beside a change the clean text has the changes next to it, the old text has none."""
    rows = {r.original: r for r in build_report(corrected(), "old.txt").rows}
    assert rows["落地"].left == "昨日上午,工程正式启动,各项部署要落地落实"[-14:]
    assert rows["落地"].clean_left == "昨日上午，工程正式启动，各项部署要落地落实"[-14:]
    assert rows[" and "].right == "商户，工程总投\n\n资十八亿元"[:14]
    assert rows[" and "].clean_right == "商户，工程总投资十八亿元，三年完工"[:14]


def test_a_question_is_shown_as_one() -> None:
    """Nothing is struck out where nobody knows what belongs there."""
    text = "他说：“我们要努力，要加快进度。会后，大家参观了工地。"
    report = build_report(correct_text(text, knowledge()), "old.txt")
    assert [r.question for r in report.rows] == [True]
    html = render_html_report(report).decode()
    assert "<mark>“</mark>" in html
    assert "<mark>?</mark>" in html
    assert "<del>" not in html


def test_nothing_found_is_said() -> None:
    """An empty report says so, and what is wrong with the text as a whole is told."""
    nothing = CorrectedText(
        classify_blocks("江州。"), (), (Problem("text", "another <page>", "error"),)
    )
    html = render_html_report(build_report(nothing, "a.txt")).decode()
    assert "Nothing was found" in html
    assert "another &lt;page&gt;" in html


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("rule", load_rules().values(), ids=lambda rule: rule.name)
def test_every_rule_has_words(rule: Rule, language: WordsLanguage) -> None:
    """No detector speaks in codes."""
    evidence = Evidence(entry="甲乙", source="phrases.tsv:3", compare_with="丙" * 40)
    c = Correction(
        "c1", rule.name, "a", (0, 1), "甲", "乙", 0.9, CorrectionStatus.PROPOSED, evidence
    )
    words = explain_correction(c, language)
    assert rule.choose_words(language).reason in words
    assert "甲乙" in words
    assert "…" in words


def test_what_the_scan_says_is_put_into_words() -> None:
    """Four degrees, each its own sentence."""
    asked = Correction("c", "echo", "a", (0, 1), "x", "y", 0.5, CorrectionStatus.PROPOSED)
    made = {
        explain_correction(replace(asked, evidence=Evidence(image_log_odds=odds)))
        for odds in (12.0, 4.0, 0.0, -9.0)
    }
    assert len(made) == 4


def test_crops_show_the_line() -> None:
    """The strip around a correction is cut from the scan; without a place there is none."""
    paragraph = "江州因水面兴，明清时期城内河道总长逾六十公里。"
    characters = characters_of(paragraph)
    lines = lines_of([paragraph], characters)
    text = read_text_of([paragraph], lines)
    pixels = np.full((80, 260), 255, np.uint8)
    here = Correction("c1", "look-alike", "a", (4, 5), "面", "而", 0.9, CorrectionStatus.APPLIED)
    crops = cut_crops(text, [here], lines, pixels)
    image = cv2.imdecode(np.frombuffer(crops["c1"], np.uint8), cv2.IMREAD_GRAYSCALE)
    box = locate_span(text.chars, here.span, lines)
    assert box is not None
    assert (box.left, box.right) == (0, 220)
    assert image is not None
    assert image.shape[1] >= 220
    nowhere = Correction("c2", "echo", "a", (0, 1), "江", "", 0.9, CorrectionStatus.APPLIED)
    assert cut_crops(classify_blocks(paragraph), [nowhere], lines, pixels) == {}
    report = build_report(CorrectedText(text, (here,)), "a", crops=crops)
    assert list(name_crop_files(report.rows)) == ["0001.png"]
    assert "a.report/0001.png" in render_markdown_report(report, "a.report").decode()
    assert "data:image/png;base64," in render_html_report(report).decode()


def test_the_record_has_articles_and_their_corrections(tmp_path: Path) -> None:
    """Each correction lies in its article, where its words stand; undo works from the record."""
    path = tmp_path / "old.txt"
    path.write_text(TEXT, encoding="utf-8")
    record = decode_record(encode_record(make_text_record(corrected(), path)))
    assert ["".join(c.text for c in a.title) for a in record.articles] == [
        "江州启动老城水网修复工程",
        "秋粮收购均价稳中有升",
    ]
    first = record.articles[0]
    assert "".join(c.text for c in first.byline) == "本报记者 林怀瑾"
    assert [p.text for p in first.paragraphs] == [
        (
            "昨日上午，工程正式启动，各项部署要落地落实，<b>惠及</b>沿河居民和商户，工程总投"
            "资十八亿元，三年完工。"
        )
    ]
    assert [f.text for f in record.furniture] == ["2023年11月22日 星期三"]
    assert {c.article for c in record.corrections} == {"a1"}


def test_characters_of_a_text_lead_to_the_file() -> None:
    """Without a scan the glyph of a character is its offset."""
    text = classify_blocks(TEXT)
    assert [s.id for s in split_sections(text)] == ["a1", "a2"]
