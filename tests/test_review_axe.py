"""axe-core finds nothing on the pages of the review page (`make interop-viewers` installs it)."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newspage.review.service import Answer, QuestionFilter, Signature, SignOff
from tests.asking import Office
from tests.browsing import MARKS, opened
from tests.interchange import ROOT
from tests.review_rooms import Room, draw_scans, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

AXE = ROOT / ".interop" / "viewers" / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = [
    *MARKS,
    pytest.mark.skipif(not AXE.is_file(), reason="needs axe-core: make interop-viewers"),
]
FOUND = """async () => (await axe.run()).violations
  .map((one) => [one.id, one.nodes.map((node) => node.html.slice(0, 120))])"""
PATHS = (
    "/",
    "/paper?paper=申报",
    "/issue?paper=申报&date=1937-07-01",
    "/pages",
    "/pages?state=signed&find=nothing",
    "/article?page=申报-1937-07-01/p1&article=a1",
    "/article?page=申报-1937-07-01/p1&article=a1&set=vertical",
    "/search?q=东南西北",
    "/character?c=五",
    "/queue",
    "/queue?state=decided",
    "/progress",
    "/history",
    "/reading",
    "/help",
    "/nosuch",
)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Issues of a paper, and a scan that cannot be read."""
    office = Office(tmp_path, monkeypatch)
    draw_scans(office, "a.png", *(f"申报-1937-07-0{day}/p1.png" for day in (1, 2, 3, 5)))
    (tmp_path / "scans" / "broken.png").write_bytes(b"no picture")
    office.run()
    return office


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_found(browser: "Browser", room: Room, theme: str) -> None:
    """In both languages, on a desk and a phone; groups of questions opened."""
    question = room.desk.list_questions(QuestionFilter())[0][0]
    room.desk.record_answers([Answer(question.id, "accept", question.seen)], "ann")
    room.desk.record_edit(SignOff("a"), Signature("ann"))
    for locale, size in (("en-GB", (1280, 720)), ("zh-CN", (390, 800))):
        view = {"width": size[0], "height": size[1]}
        look = {"locale": locale, "color_scheme": theme, "viewport": view}
        with served(room) as address, opened(browser, address, **look) as page:
            for path in PATHS:
                page.goto(path)
                page.wait_for_load_state("networkidle")
                if path == "/queue":
                    page.keyboard.press("j")
                    page.keyboard.press("Enter")
                    page.wait_for_selector(".case")
                page.evaluate(AXE.read_text("utf-8"))
                assert page.evaluate(FOUND) == [], (path, locale)
