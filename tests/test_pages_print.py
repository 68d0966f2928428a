"""Printing through the browser: what the truth says stands where it says so."""

import json
from pathlib import Path

import pytest

from benchmarks.pages.__main__ import OVER, main
from benchmarks.pages.browser import Print, find_chromium, print_sheet
from benchmarks.pages.markup import to_html
from benchmarks.pages.planner import Composition
from benchmarks.pages.random_pages import random_page
from benchmarks.pages.samples import SAMPLES, Sample
from benchmarks.pages.sheet import ARTICLE_ROLES, Fit, Heading, Role, SetLine, Sheet, Type
from benchmarks.pages.truth import truth_of, write_truth
from newspage.evaluation import load_page_text, score_page
from newspage.geometry import Box
from newspage.model import Direction

KIND = Type(30, "'Noto Serif CJK SC'")
LINES = (
    SetLine("横排一行", Box(20, 20, 380, 60), KIND, Role.TITLE, fit=Fit.CENTRE, article="1"),
    SetLine(
        "要撑满的这一行字", Box(20, 80, 320, 120), KIND, Role.BODY, fit=Fit.JUSTIFY, article="1"
    ),
    SetLine("竖排一行", Box(340, 100, 390, 380), KIND, Role.BODY, Direction.VERTICAL, article="1"),
    SetLine("青渡", Box(20, 140, 320, 180), KIND, Role.MASTHEAD, Direction.HORIZONTAL_RTL),
)
SHEET = Sheet("small", 400, 400, LINES, (Heading("1"),))
needs_browser = pytest.mark.skipif(find_chromium() is None, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def printed() -> Print:
    """The small sheet, printed."""
    return print_sheet(SHEET)


@pytest.mark.browser
@needs_browser
def test_pixels_have_the_size_of_the_sheet(printed: Print) -> None:
    """One pixel of the sheet is one pixel of the print."""
    assert printed.pixels.shape == (SHEET.height, SHEET.width)


@pytest.mark.browser
@needs_browser
def test_ink_stands_in_the_boxes_of_the_truth_and_nowhere_else(printed: Print) -> None:
    """Every box of the truth holds ink; outside of all of them there is none."""
    outside = printed.pixels < 128
    for line in truth_of(printed)["lines"]:
        left, top, right, bottom = line["box"]
        assert (printed.pixels[top:bottom, left:right] < 128).mean() > 0.05
        outside[top - 3 : bottom + 3, left - 3 : right + 3] = False
    assert not outside.any()


@pytest.mark.browser
@needs_browser
def test_characters_stand_side_by_side_in_reading_order(printed: Print) -> None:
    """Places of characters follow each other along the line; a full line fills its measure."""
    for line, place in zip(SHEET.lines, printed.places, strict=True):
        starts = [a for a, _ in place.characters]
        assert len(starts) == len(line.text)
        assert starts == sorted(starts)
        assert place.over <= OVER
    first, last = printed.places[1].characters[0], printed.places[1].characters[-1]
    assert (first[0], last[1]) == pytest.approx((20, 320), abs=1.0)


@pytest.mark.browser
@needs_browser
def test_a_drawn_page_is_right_about_itself(tmp_path: Path) -> None:
    """The truth of a page reads back through the evaluation without an error in it."""
    truth = truth_of(print_sheet(random_page(17)), places=True)
    path = tmp_path / "page.truth.json"
    write_truth(truth, path)
    page = load_page_text(path)
    scores = score_page(page, page)
    assert scores.page.wrong == 0
    assert scores.lines.share == 1.0
    assert len(json.loads(path.read_text())["lines"]) == len(truth["lines"])


@pytest.mark.browser
@needs_browser
def test_the_command_writes_page_and_truth(tmp_path: Path) -> None:
    """A page drawn at random comes clean and aged, each with a truth of its own."""
    assert main(["random", str(tmp_path), "--seed", "17", "--count", "1"]) == 0
    names = {p.name for p in (tmp_path / "017").iterdir()}
    assert names == {"clean.png", "aged.jpg", "truth.json", "truth.aged.json"}


def test_markup_escapes_what_a_story_says() -> None:
    """A text that looks like markup is printed as it is."""
    line = SetLine("<b>&", Box(0, 0, 9, 9), KIND, Role.BODY)
    page = to_html(Sheet("odd", 10, 10, (line,), ()))
    assert "&lt;b&gt;&amp;" in page


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.path)
def test_sample_pages_are_what_lies_in_the_repository(sample: Sample, repository: Path) -> None:
    """The truth of a sample page holds the lines that its composition sets today."""
    sheet = sample.sheet()
    path = repository / "tests" / "pages" / f"{sample.path}.truth.json"
    known = [line["text"] for line in json.loads(path.read_text(encoding="utf-8"))["lines"]]
    assert [line.text for line in sheet.lines] == known


@pytest.mark.parametrize("seed", [*range(30, 36), 123])
def test_drawn_pages_are_sound(seed: int) -> None:
    """Every line lies on the page, every article has text, and a seed is a page.

    With 123 a drop capital was once to be set where there is no room for text.
    """
    sheet = random_page(seed)
    page = Box(0, 0, sheet.width, sheet.height)
    ids = [heading.id for heading in sheet.articles]
    assert len(set(ids)) == len(ids) > 0
    for line in sheet.lines:
        assert page.contains(line.box, slack=1), line
        assert (line.role in (*ARTICLE_ROLES, Role.JUMP)) == bool(line.article)
    for number in ids:
        assert any(n.article == number and n.role is Role.BODY for n in sheet.lines)
    assert random_page(seed) == sheet


def test_numbers_of_articles_go_on() -> None:
    """Articles of a composition are numbered in the order in which they are added."""
    page = Composition()
    assert page.numbers(2) == ("1", "2")
    page.headings += [Heading("1"), Heading("2")]
    assert page.numbers(1) == ("3",)
