"""The report on quality: what it shows, in both languages, and that it is harmless and alone."""

import base64
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner, Result

from newspage import cli
from newspage.evaluation import quality_report, report_words
from newspage.evaluation.report_words import WORDS, translate_words
from newspage.ingest import open_pages
from newspage.record import encode_record
from tests import browsing
from tests.decided_pages import page_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = Path(quality_report.__file__).parent
TEXT = "天地玄黄宇宙洪荒日月盈昃"


class Reader(HTMLParser):
    """Elements and text of a report."""

    def __init__(self, report: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(report.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def pictures(self) -> list[np.ndarray]:
        """The pictures that are embedded, decoded."""
        found = []
        for tag, attributes in self.tags:
            if tag == "img":
                kind, _, data = (attributes["src"] or "").partition(",")
                assert kind == "data:image/jpeg;base64"
                bits = np.frombuffer(base64.b64decode(data), np.uint8)
                picture = cv2.imdecode(bits, cv2.IMREAD_COLOR)
                assert picture is not None
                found.append(picture)
        return found


def call(*arguments: str | Path) -> Result:
    """One command."""
    return CliRunner().invoke(cli.app, ["evaluate", *map(str, arguments)])


def report_on(truth: Path, made: Path, language: str = "en") -> Reader:
    """The report of the command."""
    path = truth.parent / "report.html"
    done = call(truth, made, "--report", path, "--language", language)
    assert done.exit_code in (0, 1), done.output
    assert done.stderr.splitlines()[-1] == str(path)
    assert not list(truth.parent.glob("*.part"))
    return Reader(path)


def truth_of(path: Path, text: str, title: str = "天地") -> Path:
    """A truth file of one article."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"articles": [{"title": title, "paragraphs": [text]}]}), "utf-8")
    return path


def read_page(folder: Path, name: str = "p1", text: str = TEXT) -> Path:
    """A page record beside its scan, on which every character is a black square."""
    folder.mkdir(parents=True, exist_ok=True)
    record = page_of([("天地", [[text]])])
    pixels = np.full((300, 400), 255, np.uint8)
    for line in (line for region in record.page.regions for line in region.lines):
        for glyph in line.glyphs:
            left, top, right, bottom = (
                round(v) for v in (glyph.box.left, glyph.box.top, glyph.box.right, glyph.box.bottom)
            )
            pixels[top + 4 : bottom - 4, left + 4 : right - 4] = 0
    scan = folder / f"{name}.png"
    cv2.imwrite(str(scan), pixels)
    (found,) = open_pages(scan)
    record = page_of([("天地", [[text]])], found)
    path = folder / f"{name}.json"
    path.write_bytes(encode_record(record))
    return path


def test_a_difference_stands_beside_its_place_on_the_scan(tmp_path: Path) -> None:
    """The strip shows print, with a frame around the character in question."""
    truth = truth_of(tmp_path / "t.json", TEXT.replace("宇", "字"))
    report = report_on(truth, read_page(tmp_path / "made"))
    assert "Wrong 1" in report.text
    assert re.search(r"天地¶天地玄黄\s*字\s*宙洪荒", report.text)
    (picture,) = report.pictures()
    assert picture.shape[1] > 5 * picture.shape[0]
    blue, green, red = (picture[..., i].astype(int) for i in range(3))
    framed = np.argwhere((red > green + 80) & (red > blue + 80))
    assert len(framed) > 40
    height, width = np.ptp(framed, axis=0) + 1
    assert 15 < width < 32
    assert 15 < height < 32
    dark = picture[..., 0] < 90
    assert dark[:, int(framed[:, 1].min()) : int(framed[:, 1].max())].sum() > 50


def test_what_is_missing_is_shown_where_it_belongs(tmp_path: Path) -> None:
    """Between its neighbours; there is nothing to frame."""
    truth = truth_of(tmp_path / "t.json", TEXT.replace("宇", "宇宇宇"))
    report = report_on(truth, read_page(tmp_path / "made"), "zh")
    assert "少字 2" in report.text
    (picture,) = report.pictures()
    assert (picture.max(axis=2) - picture.min(axis=2)).max() < 40


def test_vertical_text_has_strips_of_few_characters(tmp_path: Path) -> None:
    """So that rows stay low: three on each side."""
    path = read_page(tmp_path / "made")
    data = json.loads(path.read_bytes())
    for region in data["regions"]:
        for line in region["lines"]:
            line["direction"] = "vertical"
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), "utf-8")
    (picture,) = report_on(truth_of(tmp_path / "t.json", TEXT.replace("洪", "共")), path).pictures()
    assert picture.shape[1] < 8 * 24


@pytest.mark.parametrize("trouble", ["gone", "changed", "broken"])
def test_a_scan_that_is_not_at_hand_is_told(tmp_path: Path, trouble: str) -> None:
    """The report is written without pictures, and says why."""
    record = read_page(tmp_path / "made")
    scan = record.with_suffix(".png")
    if trouble == "gone":
        scan.unlink()
    elif trouble == "changed":
        cv2.imwrite(str(scan), np.full((300, 400), 254, np.uint8))
    else:
        scan.write_bytes(b"")
    report = report_on(truth_of(tmp_path / "t.json", "天" + TEXT), record)
    assert "No pictures: " in report.text
    assert "p1.png" in report.text
    assert report.pictures() == []
    assert "Missing 1" in report.text


def test_other_formats_have_no_pictures(tmp_path: Path) -> None:
    """A truth file or a text says nothing of places."""
    truth, made = truth_of(tmp_path / "t.json", TEXT), truth_of(tmp_path / "m.json", TEXT[1:])
    assert "只有版面记录载有文字在扫描件上的位置" in report_on(truth, made, "zh").text


def test_a_page_without_a_difference_says_so(tmp_path: Path) -> None:
    """And shows its figures."""
    truth, made = truth_of(tmp_path / "t.json", TEXT), truth_of(tmp_path / "m.json", TEXT)
    report = report_on(truth, made)
    assert "No difference was found." in report.text
    assert "0.00%" in report.text


def test_whatever_pages_hold_stays_text(tmp_path: Path) -> None:
    """Markup in texts, names and messages is shown; so is what is never drawn."""
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>&amp;\u202e"
    truth, made = tmp_path / "truth", tmp_path / "made"
    name = "a<b>&'\"\u202e"
    truth_of(truth / f"{name}.json", evil + TEXT)
    truth_of(made / f"{name}.json", "\u202e" + TEXT + evil)
    truth_of(truth / "<i>lost.json", TEXT)
    report = report_on(truth, made)
    assert {tag for tag, _ in report.tags} & {"script", "b", "i"} == set()
    assert report.pictures() == []
    assert "a<b>&'\"⟨U+202E⟩" in report.text
    assert "<script>" in report.text
    assert "⟨U+202E⟩" in report.text
    assert "\u202e" not in report.text
    assert not any(key.startswith("on") for _, attributes in report.tags for key in attributes)


def test_the_report_asks_for_nothing(tmp_path: Path) -> None:
    """No script, no address, and a policy that would forbid both."""
    report = report_on(
        truth_of(tmp_path / "t.json", TEXT), read_page(tmp_path / "made", text=TEXT[1:])
    )
    links = [
        v for _, attributes in report.tags for k, v in attributes.items() if k in ("src", "href")
    ]
    assert links
    assert all(link.startswith(("#", "data:")) for link in links if link)
    policy = next(a["content"] for t, a in report.tags if t == "meta" and "http-equiv" in a)
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    assert "script" not in {tag for tag, _ in report.tags}


def test_a_report_has_limits_and_tells_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On pages in the table, pages with details, differences, pictures, and their length."""
    for limit, value in (
        ("MAX_ROWS", 3),
        ("MAX_DETAILED", 2),
        ("MAX_DIFFERENCES", 4),
        ("MAX_PICTURES", 6),
    ):
        monkeypatch.setattr(quality_report, limit, value)
    truth, made = tmp_path / "truth", tmp_path / "made"
    for number in range(5):
        truth_of(truth / f"p{number}.json", "甲".join(TEXT[: 5 + number]) + "乙" * 100)
        read_page(made, f"p{number}", TEXT[: 5 + number])
    report = report_on(truth, made)
    assert len([t for t, _ in report.tags if t == "section"]) == 2
    assert len(report.pictures()) == 2 * 3
    assert report.text.count("of this page are not shown") == 2
    assert "2 more pages are not in this table" in report.text
    assert "Differences are shown of the 2 worst pages, at most 4 of a page." in report.text
    assert "The first 3 of each page have a picture" in report.text
    assert "乙" * 61 not in report.text


def test_long_differences_are_cut_in_the_middle(tmp_path: Path) -> None:
    """Both ends of a missing paragraph are shown."""
    truth = truth_of(tmp_path / "t.json", "天" + "乙" * 100 + "丙" * 100 + "地")
    report = report_on(truth, truth_of(tmp_path / "m.json", "天地"))
    assert "乙" * 30 + "…" + "丙" * 30 in report.text


def test_every_word_of_the_report_is_used_and_said_in_both_languages() -> None:
    """With the same values in it."""
    used = (FOLDER / "quality_report.html").read_text("utf-8")
    used += (FOLDER / "quality_report.py").read_text("utf-8")
    for key, (english, chinese) in WORDS.items():
        assert f'"{key}"' in used or f"'{key}'" in used, key
        assert english.count("{}") == chinese.count("{}"), key
        assert re.search(r"[一-龥]", chinese) or key == "page_cer", key
    assert translate_words("more", "zh", 3) == "本版另有 3 处差异未列出。"
    assert report_words.WORDS.keys() >= set(quality_report._COLUMNS)


def test_the_language_is_that_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where none is chosen."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    report = report_on(
        truth_of(tmp_path / "t.json", TEXT), truth_of(tmp_path / "m.json", TEXT), "auto"
    )
    assert ("html", {"lang": "zh-Hans"}) in report.tags
    assert "字错率" in report.text


@pytest.mark.browser
@pytest.mark.skipif(browsing.CHROMIUM is None, reason="needs Chromium: scripts/install-debian.sh")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("width", [380, 1280])
def test_a_browser_shows_it_without_a_network(
    tmp_path: Path, browser: "Browser", width: int
) -> None:
    """From the disk, on a wide and a narrow window: pictures are drawn, nothing sticks out."""
    truth, made = tmp_path / "truth", tmp_path / "made"
    for number in range(3):
        truth_of(truth / f"a-long-name-of-a-paper-{number}.json", TEXT.replace("宇", "字" * number))
        read_page(made, f"a-long-name-of-a-paper-{number}")
    report_on(truth, made)
    context = browser.new_context(viewport={"width": width, "height": 700}, offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    troubles = browsing.watched(page)
    page.goto((tmp_path / "report.html").as_uri())
    drawn = page.locator("img").evaluate_all(
        "all => all.map(i => i.complete && i.naturalWidth > 0)"
    )
    assert drawn
    assert all(drawn)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("tbody a").first.click()
    assert page.url.endswith("#page-1")
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert not troubles
    context.close()
