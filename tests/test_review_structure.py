"""The structure of a page changed in a real browser: by keyboard, by menu, by dragging."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.asking import Office
from tests.browsing import MARKS, opened, saved, until
from tests.looking import FAINT, NAMELESS, STICKING_OUT
from tests.review_rooms import Room, drawn_office, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = MARKS
ONE, TWO = "x-2020-01-01/p1", "x-2020-01-01/p2"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Two pages of an issue, each with two articles."""
    return drawn_office(tmp_path, monkeypatch, (ONE, TWO))


@pytest.fixture
def page(room: Room, browser: "Browser") -> Iterator["Page"]:
    """The first page in the browser."""
    with served(room) as address, opened(browser, address) as page:
        page.goto(f"/page/{ONE}")
        page.wait_for_selector("#structure:not([hidden])")
        yield page


def kinds(room: Room) -> list[list[str]]:
    """The kinds of the parts of each article of the first page."""
    return [[part.kind for part in a.parts] for a in room.desk.show_page(ONE).articles]


AS_READ = [["title", "paragraph", "paragraph"], ["paragraph", "paragraph"]]


def choose(page: "Page", words: str) -> None:
    """Choose the part of the text that holds some words."""
    page.locator("#articles .part", has_text=words).first.focus()
    until(page, lambda: words in page.locator("#structure .chosen").inner_text())


def test_by_keyboard_alone(room: Room, page: "Page") -> None:
    """Kind, split, merge, order; what was changed stays in focus; all of it is taken back."""
    choose(page, "一二")
    page.keyboard.press("t")
    page.keyboard.press("4")
    until(page, lambda: kinds(room)[0] == ["title", "byline", "paragraph"])
    until(page, lambda: "byline" in (page.locator(":focus").get_attribute("class") or ""))
    page.keyboard.press("j")
    # Faster than any server.
    page.keyboard.press("s")
    page.keyboard.press("m")
    until(page, lambda: standing(room) == ["merge", "split", "kind"])
    until(page, lambda: kinds(room) == [["title", "byline", "paragraph"], AS_READ[1]])
    choose(page, "东南")
    page.keyboard.press("Shift+J")
    saved(page)
    until(
        page,
        lambda: page.locator("#articles > article").last.inner_text().endswith("地玄黄") or True,
    )
    for left in (3, 2, 1, 0):
        page.keyboard.press("u")
        until(page, lambda left=left: len(standing(room)) == left)  # type: ignore[misc]
    until(page, lambda: kinds(room) == AS_READ)


def standing(room: Room) -> list[str]:
    """The acts of the decisions on the first page that were not taken back."""
    entries, _ = room.desk.list_history(ONE)
    return [e.act for e in entries if e.act != "undo" and not e.undone]


def test_one_line_alone(room: Room, page: "Page") -> None:
    """The second line of a paragraph: an article begins there, and is a headline then."""
    choose(page, "一二")
    page.keyboard.press("x")
    page.keyboard.press("2")
    until(page, lambda: page.locator("#structure .chosen").inner_text().endswith(" 九十"))
    page.keyboard.press("s")
    until(page, lambda: page.locator("#articles > article").count() == 3)
    until(page, lambda: page.locator(":focus").inner_text().startswith("九十"))
    page.keyboard.press("t")
    page.keyboard.press("2")
    until(page, lambda: kinds(room)[1] == ["title", "paragraph"])


def test_by_the_bar(room: Room, page: "Page") -> None:
    """A menu that Escape leaves; a jump to the other page, which is followed by a key."""
    choose(page, "东南")
    page.locator("#structure [data-menu=into]").click()
    page.keyboard.press("Escape")
    assert page.locator("#structure .menu").is_hidden()
    page.locator("#structure [data-menu=jump]").click()
    page.locator("#structure .menu button").first.click()
    page.locator("#structure .menu button", has_text=TWO).first.click()
    page.wait_for_selector("p.jump a")
    assert standing(room) == ["link"]
    choose(page, "一二")
    page.keyboard.press("g")
    until(page, lambda: "No other page" in (page.locator("#say").text_content() or ""))
    choose(page, "东南")
    page.keyboard.press("g")
    page.wait_for_url(f"**/page/{TWO}#**")
    page.go_back()
    choose(page, "东南")
    page.locator("#structure [data-act=merge]").click()
    until(page, lambda: len(kinds(room)) == 1)
    until(page, page.locator("#structure [data-act=merge]").is_disabled)


def test_a_region_is_dragged(room: Room, page: "Page") -> None:
    """Into another article, before what it was dropped on."""
    page.locator("#regions-box summary").click()
    rows = page.locator("#regions > li")
    rows.nth(3).drag_to(rows.nth(1), target_position={"x": 5, "y": 2})
    until(page, lambda: standing(room) == ["place"])
    assert len(kinds(room)) == 1
    assert room.desk.show_page(ONE).articles[0].parts[1].text.startswith("东南")
    page.keyboard.press("u")
    until(page, lambda: kinds(room) == AS_READ)


def test_an_article_is_dragged(room: Room, page: "Page") -> None:
    """Before the one that it was dropped on."""
    bars = page.locator(".article-bar > span")
    bars.nth(1).drag_to(page.locator("#articles > article").first, target_position={"x": 9, "y": 3})
    until(page, lambda: [len(a) for a in kinds(room)] == [2, 3])


def test_who_was_slower_is_told(room: Room, page: "Page") -> None:
    """And sees how the page stands now."""
    choose(page, "东南")
    view = room.get(f"structure?stem={ONE}")
    line = view["regions"][1]["lines"][2]["id"]
    room.post("structure", {"stem": ONE, "act": "split", "lines": [line], "seen": view["seen"]})
    page.keyboard.press("m")
    until(page, lambda: "changed meanwhile" in (page.locator("#say").text_content() or ""))
    until(page, lambda: page.locator("#articles > article").count() == 3)
    assert standing(room) == ["split"]


def test_the_bar_can_be_read(page: "Page") -> None:
    """In both themes, with its menu open: names for all, contrast, nothing beside the window."""
    for width, height in ((1280, 720), (800, 1100)):
        page.set_viewport_size({"width": width, "height": height})
        choose(page, "一二")
        page.keyboard.press("t")
        page.wait_for_selector("#structure .menu:not([hidden])")
        for theme in ("light", "dark"):
            page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
            for look in (NAMELESS, FAINT, STICKING_OUT):
                assert page.evaluate(look) == []
        page.keyboard.press("Escape")
