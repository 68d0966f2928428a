"""What the review page says is so: counts, times, what is missing, and where one lands."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newspage.review.service.views import Answer, QuestionFilter
from tests.asking import Office
from tests.browsing import MARKS, opened, told, until
from tests.review_rooms import Room, drawn_office, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = MARKS
STEMS = ("a", "b", "c")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Three pages with two open questions each."""
    return drawn_office(tmp_path, monkeypatch, STEMS)


@pytest.fixture
def page(room: Room, browser: "Browser") -> Iterator["Page"]:
    """A page of the browser, at the application, eight hours east of Greenwich."""
    with served(room) as address, opened(browser, address, timezone_id="Asia/Shanghai") as page:
        yield page


def lead(page: "Page") -> str:
    """What the queue says of how many there are."""
    return page.locator(".head .lead").inner_text()


def test_an_empty_list_says_why(room: Room, page: "Page") -> None:
    """Nothing fits a filter, or nothing is open: these are two things."""
    page.goto("/queue?rule=echo")
    empty = page.locator("#empty")
    assert "No question fits this filter" in empty.inner_text()
    empty.get_by_text("Show the 6 that are open").click()
    page.locator(".group").first.wait_for()
    page.goto("/queue?state=decided")
    assert "No question fits this filter" in empty.inner_text()
    asked = room.desk.list_questions(QuestionFilter())[0]
    room.desk.record_answers([Answer(q.id, "reject", q.seen) for q in asked], "ann")
    page.goto("/queue")
    assert "Nothing is open any more: 6 decided, 3 applied" in empty.inner_text()


def test_counts_are_those_of_the_filter(page: "Page") -> None:
    """And of all; they follow what is decided."""
    page.goto("/queue?rule=look-alike")
    until(page, lambda: "3 questions fit the filter in 1 group · 6 open in all" in lead(page))
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector(".case")
    page.keyboard.press("x")
    page.keyboard.press("Shift+R")
    told(page, "2 decided")
    until(page, lambda: "1 question fits the filter in 1 group · 4 open in all" in lead(page))
    assert "2 decided" in lead(page)
    page.keyboard.press("u")
    until(page, lambda: "3 questions fit the filter" in lead(page))


def test_one_is_not_many(room: Room, page: "Page") -> None:
    """One case is on one page; in Chinese there is no difference."""
    asked = room.desk.list_questions(QuestionFilter(rule="look-alike"))[0]
    room.desk.record_answers([Answer(q.id, "reject", q.seen) for q in asked[1:]], "ann")
    page.goto("/queue?rule=look-alike")
    assert "1 case on 1 page" in page.locator(".group .counts").inner_text()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector(".case")
    assert "Reject this one" in page.locator(".group-bar .no").inner_text()


def test_times_are_those_of_the_clock_on_the_wall(room: Room, page: "Page") -> None:
    """With the zone beside them, and readable by machines."""
    question = room.desk.list_questions(QuestionFilter())[0][0]
    room.desk.record_answers([Answer(question.id, "accept", question.seen)], "ann")
    at = room.desk.list_history()[0][0].at
    for path, place in (("/history", ".log time"), (f"/q/{question.id}?state=all", "#past time")):
        page.goto(path)
        time = page.locator(place).first
        time.wait_for(state="attached")
        local = page.evaluate(
            "at => new Date(Date.parse(at) + 8 * 3600e3).toISOString().slice(11, 16)", at
        )
        until(page, lambda time=time, local=local: local in time.text_content())  # type: ignore[misc]
        assert time.get_attribute("datetime") == at
        assert "GMT+08:00 (Asia/Shanghai)" in (time.get_attribute("title") or "")


def test_a_scan_that_was_moved(office: Office, page: "Page") -> None:
    """Is named, with what to do; in the language of the person."""
    scan = office.home / "scans" / "a.png"
    scan.rename(office.home / "elsewhere.png")
    page.goto("/page/a")
    lost = page.locator("#scan-lost")
    until(page, lambda: "scans/a.png: The scan is not there" in lost.inner_text())
    assert "Put it back there" in lost.inner_text()
    page.goto("/next?stem=a")
    until(page, lambda: "scans/a.png" in page.locator("#strip").inner_text())


def test_a_scan_that_was_moved_in_chinese(office: Office, room: Room, browser: "Browser") -> None:
    """Nothing but its name stays as it is."""
    (office.home / "scans" / "a.png").unlink()
    with served(room) as address, opened(browser, address, locale="zh-CN") as page:
        page.goto("/page/a")
        until(page, lambda: "请放回原处" in page.locator("#scan-lost").inner_text())
        assert "not there" not in page.locator("#scan-lost").inner_text()


def test_the_whole_page_opens_at_the_question(room: Room, page: "Page") -> None:
    """Scan and text; the field opens there, too."""
    page.set_viewport_size({"width": 1280, "height": 430})
    question = room.desk.list_questions(QuestionFilter(stem="a", rule="punctuation"))[0][0]
    page.goto(f"/q/{question.id}")
    page.wait_for_selector("#all:not([hidden])")
    page.keyboard.press("o")
    page.locator(".lit").wait_for()
    lit = page.locator(".lit")
    assert lit.get_attribute("data-question") == str(question.id)
    box, pane = lit.bounding_box(), page.locator("section.text").bounding_box()
    assert box
    assert pane
    assert pane["y"] <= box["y"] < pane["y"] + pane["height"]
    at = page.evaluate(
        "[...document.querySelector('.lit').parentNode.children].findIndex(s => s.matches('.lit'))"
    )
    page.keyboard.press("Enter")
    assert page.locator("textarea").evaluate("t => t.selectionStart") == at


def test_a_click_on_what_is_asked_opens_its_question(room: Room, page: "Page") -> None:
    """So does a key in its paragraph."""
    question = room.desk.list_questions(QuestionFilter(stem="a", rule="look-alike"))[0][0]
    page.goto("/page/a")
    page.locator(f".asked[data-question='{question.id}']").first.click()
    page.wait_for_url(f"**/q/{question.id}?stem=a")
    page.goto("/page/a")
    page.locator(".part", has=page.locator(f"[data-question='{question.id}']")).focus()
    page.keyboard.press("q")
    page.wait_for_url(f"**/q/{question.id}?stem=a")


def test_the_caret_lands_where_one_pressed(page: "Page") -> None:
    """Before the character, or behind it on its far half; at what is asked by keyboard."""
    page.goto("/page/a")
    part = page.locator(".part.paragraph").first
    plain = part.locator("span:not(.asked)").nth(3)
    at = plain.evaluate("s => [...s.parentNode.children].indexOf(s)")
    box = plain.bounding_box()
    assert box
    field = page.locator(".inline-editor textarea")
    for share, behind in ((0.2, 0), (0.8, 1)):
        plain.dblclick(position={"x": box["width"] * share, "y": box["height"] / 2})
        assert field.evaluate("t => t.selectionStart") == at + behind
        page.keyboard.press("Escape")
    page.mouse.move(5, 5)
    page.reload()
    asked = part.locator(".asked").first.evaluate("s => [...s.parentNode.children].indexOf(s)")
    assert asked > 0
    part.focus()
    page.keyboard.press("Enter")
    assert field.evaluate("t => t.selectionStart") == asked


@pytest.mark.parametrize("path", ["/page/a", "/queue", "/next"])
def test_keys_are_shown_over_what_they_are_for(page: "Page", path: str) -> None:
    """Nothing is left for them."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    before = page.url
    page.keyboard.press("?")
    page.locator("dialog#help[open]").wait_for()
    assert page.url == before
    page.keyboard.press("Escape")
    assert page.locator("dialog#help[open]").count() == 0


def test_no_speed_is_said_of_a_few_decisions(room: Room, page: "Page") -> None:
    """Nor of any that were taken back."""
    asked = room.desk.list_questions(QuestionFilter())[0]
    room.desk.record_answers([Answer(q.id, "reject", q.seen) for q in asked], "ann")
    page.goto("/progress")
    speed = page.locator(".measure", has_text="Decisions an hour")
    assert speed.inner_text().split("\n")[-1] == "Said after ten minutes of work."
    room.desk.undo_decision("ann")
    page.goto("/progress")
    assert page.locator(".days").count() == 0
    assert room.desk.summarise_progress().decisions_an_hour == 0


@pytest.mark.parametrize("path", ["/queue", "/pages", "/progress"])
def test_an_empty_folder_says_so(
    browser: "Browser", tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Which one was looked into, that there is nothing, and what to do."""
    with Room(Office(tmp_path, monkeypatch)) as room, served(room) as address:
        for locale, words in (("en-GB", "Nothing was read into"), ("zh-CN", "还没有把任何版面")):
            with opened(browser, address, locale=locale) as page:
                page.goto(path)
                said = page.locator("main .empty").first
                until(page, lambda said=said: str(tmp_path / "output") in said.inner_text())  # type: ignore[misc]
                assert words in said.inner_text()
                assert "newspage run" in said.inner_text()
