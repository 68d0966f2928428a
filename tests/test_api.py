"""The public face: small, typed, lazy, and the same as what the commands do."""

import json
import re
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import newspage
from newspage import api
from newspage.config import Config
from newspage.decision import Act, Anchor, Decision
from newspage.decisions.exchange import write_decision_lines
from newspage.errors import InputError, UsageError
from newspage.formats import exporters
from newspage.formats.document import PageDocument
from newspage.model import PageImage, PageRecord, Scan
from newspage.record import encode_record, read_record
from tests.fakes import record_of
from tests.toy_engine import ToyEngine


@pytest.fixture(name="page")
def _page(tmp_path: Path) -> newspage.Page:
    scan = Scan(tmp_path / "p3.png", "0" * 64, 400, 300)
    return newspage.Page(record_of(scan, "正文。", "标题", continues="4"))


def test_every_public_name_is_there_and_documented() -> None:
    """About a dozen, each with a docstring, each named in docs/api.md."""
    names = [name for name in newspage.__all__ if name != "__version__"]
    assert len(names) <= 15
    described = (Path(__file__).parents[1] / "docs" / "api.md").read_text("utf-8")
    for name in names:
        assert getattr(newspage, name).__doc__, name
        assert re.search(rf"\b{name}\b|\.{name.lower()}s?\b", described), name
    assert set(names) <= set(dir(newspage))


def test_a_name_that_is_none() -> None:
    """As from any module."""
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = newspage.nothing  # type: ignore[attr-defined]


def test_importing_loads_nothing_heavy() -> None:
    """So that a notebook may import it for a record alone."""
    heavy = ("cv2", "onnxruntime", "openvino", "paddleocr", "PIL", "sqlalchemy", "fastapi")
    program = f"import sys, newspage; print(*(set({heavy}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.stdout.split(), done.stderr) == ([], "")


def test_a_page_as_text(page: newspage.Page) -> None:
    """Strings for those who want to read."""
    (article,) = page.articles
    assert (article.title, article.text, article.byline) == ("标题", "正文。", "")
    assert (article.continues, article.continued_from) == ("4", None)
    assert page.text == "标题\n\n正文。\n"
    assert page.corrections == ()


def test_a_reader_reads_lazily_and_keeps_one_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is loaded before the first page is asked for, and then once."""
    from PIL import Image

    made = []

    def make_engine(_config: object) -> ToyEngine:
        made.append(1)
        return ToyEngine()

    def read_page(image: PageImage, *_: object) -> PageRecord:
        return record_of(image.scan, f"{image.scan.frame}")

    monkeypatch.setattr("newspage.engine.factory.make_engine", make_engine)
    monkeypatch.setattr("newspage.page.pipeline.read_page", read_page)
    sheets = [Image.new("L", (60, 40), shade) for shade in (200, 210)]
    sheets[0].save(tmp_path / "two.tif", save_all=True, append_images=sheets[1:])
    reader = newspage.Reader(Config())
    pages = reader.read(tmp_path / "two.tif")
    assert made == []
    assert [page.articles[0].text for page in pages] == ["0", "1"]
    assert [page.articles[0].text for page in reader.read(str(tmp_path / "two.tif"))] == ["0", "1"]
    assert made == [1]


def test_a_scan_that_is_none(tmp_path: Path) -> None:
    """An error for people, whose root is public."""
    (tmp_path / "p.png").write_text("no picture")
    with pytest.raises(newspage.NewspageError, match=r"p\.png"):
        next(newspage.Reader(Config()).read(tmp_path / "p.png"))


def test_settings_come_from_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on the command line; a Config goes before them."""
    (tmp_path / "newspage.toml").write_text('[detect]\ndirection = "vertical"\n')
    monkeypatch.chdir(tmp_path)
    assert newspage.Reader().config.detect.direction == "vertical"
    assert newspage.Reader(Config()).config.detect.direction == "auto"


def test_a_record_goes_out_and_comes_back(page: newspage.Page, tmp_path: Path) -> None:
    """`export` writes what `load_page` reads."""
    data = newspage.export(page, "json", tmp_path / "out" / "p3.json")
    assert (tmp_path / "out" / "p3.json").read_bytes() == data == encode_record(page.record)
    assert newspage.load_page(tmp_path / "out" / "p3.json").articles == page.articles


def test_a_format_that_is_none(page: newspage.Page) -> None:
    """The message names those that there are."""
    with pytest.raises(UsageError, match="Known are: txt, md, json, alto"):
        newspage.export(page, "docx")


class _Point:
    """An entry point of an installed package."""

    name, value, group, dist = "shout", "other:shout", exporters.GROUP, None

    def __init__(self, value: object) -> None:
        self._value = value

    def load(self) -> object:
        return self._value


def _install(monkeypatch: pytest.MonkeyPatch, value: object) -> None:
    exporters.load_exporters.cache_clear()
    monkeypatch.setattr("newspage.plugins.entry_points", lambda group: [_Point(value)])


def test_formats_of_other_packages(page: newspage.Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """One entry is all; it cannot take the name of one of newspage's."""

    def shout(document: PageDocument) -> bytes:
        return document.name.upper().encode()

    own = exporters.Exporter("shout", ".shout", "loud", "text/plain", shout)
    _install(monkeypatch, own)
    try:
        assert newspage.list_formats()[-1] == "shout"
        assert newspage.export(page, "shout") == b"P3"
        _install(monkeypatch, exporters.Exporter("alto", ".x", "", "", shout))
        assert newspage.export(page, "alto").startswith(b"<?xml")
        _install(monkeypatch, "no exporter")
        with pytest.raises(UsageError, match=r"other:shout\), is no Exporter"):
            newspage.list_formats()
    finally:
        exporters.load_exporters.cache_clear()


def test_the_entry_point_group_is_looked_up() -> None:
    """By the name that docs/api.md gives."""
    assert exporters.GROUP == "newspage.exporters"
    assert EntryPoint("x", "newspage.formats.exporters:Exporter", exporters.GROUP).load()


def test_a_text_corrected() -> None:
    """By itself and the dictionaries."""
    found = newspage.correct_text("公司 and 市政府签订协议。", Config())
    assert found.text.string == "公司 and 市政府签订协议。"
    assert found.clean == "公司和市政府签订协议。"
    assert [c.rule for c in found.corrections] == ["stray-latin"]


def _rejection(page: newspage.Page) -> Decision:
    scan, line = page.record.page.scan, page.record.page.regions[-1].lines[0]
    glyph = line.glyphs[0]
    anchor = Anchor(scan.sha256, 0, scan.width, scan.height, (glyph.box,), glyph.text, "", "文。")
    return Decision("u1", "2026-01-01T00:00:00.000Z", "ann", Act.WRITE, anchor, text="证")


def test_decisions_are_applied_and_taken_away(page: newspage.Page, tmp_path: Path) -> None:
    """From the file that `newspage decisions export` writes."""
    (tmp_path / "kept.jsonl").write_bytes(b"".join(write_decision_lines([_rejection(page)])))
    decisions = newspage.load_decisions(tmp_path / "kept.jsonl")
    decided = newspage.apply_decisions(page, decisions)
    assert decided.articles[0].text == "证文。"
    assert newspage.apply_decisions(decided, []).record == page.record


def test_decisions_that_are_none(tmp_path: Path) -> None:
    """The line is named; nothing is applied half."""
    (tmp_path / "kept.jsonl").write_text('{"format":"newspage-decisions/1"}\n{}\n')
    with pytest.raises(InputError, match=r"kept\.jsonl, line 2"):
        newspage.load_decisions(tmp_path / "kept.jsonl")
    with pytest.raises(InputError, match="cannot be read"):
        newspage.load_decisions(tmp_path / "none.jsonl")


def test_scores(page: newspage.Page, tmp_path: Path) -> None:
    """Of a page in memory as of its file."""
    truth = tmp_path / "truth.json"
    truth.write_text(json.dumps({"articles": [{"title": "标题", "paragraphs": ["正又。"]}]}))
    newspage.export(page, "json", tmp_path / "p3.json")
    scores = newspage.evaluate(page, truth)
    assert scores == newspage.evaluate(tmp_path / "p3.json", truth)
    assert (scores.page.wrong, scores.page.of) == (1, 5)


def test_the_commands_use_the_same_face(page: newspage.Page, tmp_path: Path) -> None:
    """What `export` returns is what `newspage export` writes for that record."""
    from newspage.output.exports import ExportedPage, export_pages, find_records

    (tmp_path / "output" / "a").mkdir(parents=True)
    newspage.export(page, "json", tmp_path / "output" / "a" / "p3.json")
    found = list(find_records([tmp_path / "output"]))
    (made,) = export_pages(found, ["txt"], tmp_path / "ex", Config().ingest)
    assert isinstance(made, ExportedPage)
    assert (tmp_path / "ex" / "a" / "p3.txt").read_text() == page.text
    assert read_record(found[0].path).articles == page.record.articles
    assert api.list_formats() == newspage.list_formats()
