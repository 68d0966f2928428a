"""What a person answers or types is never lost between browser and server, nor made up."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from newspage.config import Config, EngineConfig
from newspage.model import PageRecord, Scan
from newspage.review.service.page_edits import Signature, TextEdit
from newspage.review.service.views import Answer, QuestionFilter
from tests import asking
from tests.asking import ASKS, Office, ReadScan
from tests.browsing import MARKS, opened, press, saved, send_again, shown, told, until
from tests.decided_pages import Ask, page_of
from tests.decided_pages import asking as with_asks
from tests.review_rooms import Room, draw_scans, drawn_office, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = MARKS
STEMS = ("a", "b", "c")
MANY = 150
"""Questions of a page: more than the browser fetches at once."""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Three pages with two open questions each."""
    return drawn_office(tmp_path, monkeypatch, STEMS)


@pytest.fixture
def page(room: Room, browser: "Browser") -> Iterator["Page"]:
    """A page of the browser, at the application."""
    with served(room) as address, opened(browser, address) as page:
        yield page


def mark(page: "Page") -> str:
    """What the page says of saving."""
    return page.locator("#saved").inner_text()


class Slowed:
    """The application, which takes so many seconds to save answers."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/api/answers":
            await asyncio.sleep(self._seconds)
        await self._app(scope, receive, send)


def test_a_server_that_was_started_anew_gets_what_waited(
    office: Office, browser: "Browser"
) -> None:
    """It has another token by then; the page fetches that, without a reload."""
    with Room(office) as first, served(first) as address:
        context = browser.new_context(base_url=address, locale="en-GB")
        page = context.new_page()
        page.goto("/next?sort=page")
        page.wait_for_load_state("networkidle")
        number = shown(page)
    page.keyboard.press("r")
    until(page, lambda: "1 answer waits in this browser" in mark(page))
    with Room(office) as second, served(second, int(address.rpartition(":")[2])):
        assert second.access.csrf != first.access.csrf
        send_again(page)
        saved(page)
        assert second.desk.show_question(number).question.status == "rejected"
        page.keyboard.press("a")
        saved(page)
        assert second.desk.summarise_progress().decided == 2
    context.close()


@pytest.mark.parametrize("status", [401, 403, 404, 421, 500, 503, 0])
def test_no_trouble_discards_an_answer(room: Room, page: "Page", status: int) -> None:
    """Answers wait in the browser, over reloads, and the person sees how many."""

    def refuse(route: "Route") -> None:
        if status:
            route.fulfill(status=status, json={"error": "no", "kind": "usage"})
        else:
            route.abort()

    page.route("**/api/answers", refuse)
    page.goto("/next?sort=page")
    page.wait_for_load_state("networkidle")
    first = shown(page)
    press(page, "a")
    press(page, "r")
    until(page, lambda: "2 answers wait in this browser" in mark(page))
    page.goto("/help")
    until(page, lambda: "2 answers wait in this browser" in mark(page))
    page.goto("/next?sort=page")
    until(page, lambda: shown(page) != first)
    assert room.desk.summarise_progress().decided == 0
    page.unroute("**/api/answers")
    send_again(page)
    saved(page)
    assert room.desk.summarise_progress().decided == 2
    assert room.desk.show_question(first).question.status == "accepted"


def test_an_answer_that_is_sent_twice_is_one_decision(room: Room, page: "Page") -> None:
    """The server had it, only its word for that was lost: answer, undo and change by hand."""
    lost: list[str] = []

    def lose_once(route: "Route") -> None:
        if route.request.method == "POST" and route.request.url not in lost:
            lost.append(route.request.url)
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/api/*", lose_once)
    page.goto("/next?sort=page")
    page.wait_for_load_state("networkidle")
    first = shown(page)
    press(page, "a")
    send_again(page)
    saved(page)
    assert room.desk.list_history()[1] == 1
    assert page.locator("#stale").is_hidden()
    page.keyboard.press("u")
    send_again(page)
    told(page, "Taken back")
    assert room.desk.list_history()[1] == 2
    assert room.desk.show_question(first).question.status == "proposed"
    page.goto("/page/a")
    page.locator(".part.paragraph").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("新")
    page.keyboard.press("Enter")
    send_again(page)
    saved(page)
    assert room.desk.list_history()[1] == 3
    assert len(lost) == 3


def test_what_was_answered_earlier_and_is_refused_is_shown(room: Room, page: "Page") -> None:
    """Where the page that gave it is gone; until somebody says that they have read it."""
    page.route("**/api/answers", lambda route: route.abort())
    page.goto("/next?sort=page")
    number = shown(page)
    page.keyboard.press("e")
    page.keyboard.type("改过")
    press(page, "Enter")
    until(page, lambda: "1 answer waits" in mark(page))
    question = room.desk.show_question(number).question
    room.desk.record_answers([Answer(number, "reject", question.seen)], "bob")
    page.unroute("**/api/answers")
    page.goto("/queue")
    page.locator("#refused li").wait_for()
    assert "改过" in page.locator("#refused").inner_text()
    page.locator("#refused a").click()
    until(page, lambda: "改过" in page.locator("#draft-text").inner_text())
    page.locator("#refused button").click()
    page.reload()
    assert page.locator("#refused").is_hidden()


def test_an_answer_is_of_who_gave_it(room: Room, page: "Page") -> None:
    """Whoever sits there when it is sent at last."""
    page.route("**/api/answers", lambda route: route.abort())
    page.goto("/next?sort=page")
    number = shown(page)
    press(page, "a")
    until(page, lambda: "1 answer waits" in mark(page))
    page.locator(".settings summary").click()
    page.fill("input[name=reviewer]", "鲍勃")
    page.unroute("**/api/answers")
    page.locator(".settings form button").click()
    saved(page)
    assert "鲍勃" in page.locator(".settings summary").inner_text()
    assert room.desk.show_question(number).question.reviewer == "ann"


def send_key(page: "Page", **event: Any) -> None:
    """A key that no keyboard of the driver can press."""
    page.evaluate(
        "e => document.body.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, ...e}))",
        event,
    )


def test_only_a_key_that_is_pressed_answers(room: Room, page: "Page") -> None:
    """Not one that is held down, nor one that an input method has; Shift alone makes a capital."""
    page.goto("/next?sort=page")
    page.wait_for_selector("#all:not([hidden])")
    page.wait_for_load_state("networkidle")
    for event in (
        {"key": "a", "isComposing": True},
        {"key": "Process", "keyCode": 229},
        {"key": "a", "keyCode": 229},
    ):
        send_key(page, **event)
    for _ in range(5):
        page.keyboard.down("a")
    page.keyboard.up("a")
    saved(page)
    page.wait_for_timeout(200)
    assert room.desk.summarise_progress().decided == 1
    send_key(page, key="A", shiftKey=False)
    saved(page)
    page.wait_for_timeout(200)
    assert room.desk.summarise_progress().decided == 2
    page.locator("#reject").focus()
    for _ in range(5):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    page.wait_for_timeout(200)
    saved(page)
    assert room.desk.summarise_progress().decided == 3


def test_a_group_is_not_decided_by_caps_lock_or_twice(room: Room, page: "Page") -> None:
    """Nor while the first time is being saved."""
    room.app = Slowed(room.app, 0.3)
    with served(room) as address:
        page.goto(f"{address}/queue?rule=look-alike")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_selector(".case")
        send_key(page, key="A", shiftKey=False)
        page.wait_for_timeout(100)
        assert mark(page) == ""
        for _ in range(3):
            page.keyboard.press("Shift+a")
        told(page, "3 decided")
        assert room.desk.list_history()[1] == 3


def test_what_is_typed_for_a_question_is_offered_again(room: Room, page: "Page") -> None:
    """After a reload, after Escape; thrown away only when the person says so."""
    page.goto("/next?sort=page")
    number = shown(page)
    page.keyboard.press("e")
    page.keyboard.type("写到一半")
    page.reload()
    until(page, lambda: "写到一半" in page.locator("#draft").inner_text())
    page.keyboard.press("e")
    assert page.input_value("#edit") == "写到一半"
    page.keyboard.type("了")
    page.keyboard.press("Escape")
    assert "写到一半了" in page.locator("#draft").inner_text()
    press(page, "s")
    assert page.locator("#draft").is_hidden()
    press(page, "k")
    page.locator("#draft-on").click()
    press(page, "Enter")
    saved(page)
    assert room.desk.show_question(number).question.text == "写到一半了"
    press(page, "k")
    assert page.locator("#draft").is_hidden()


def test_what_is_typed_on_a_page_survives(page: "Page") -> None:
    """A reload, another page and back, and the page being drawn anew; Escape, too."""
    page.goto("/page/a")
    page.locator(".part.paragraph").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("草稿")
    field = page.locator(".inline-editor textarea")
    typed = field.input_value()
    page.locator("button[aria-label='Put article 1 later']").click()
    saved(page)
    until(page, lambda: field.count() == 1 and field.input_value() == typed)
    page.goto("/page/b")
    assert page.locator(".draft").count() == 0
    page.go_back()
    assert typed in page.locator(".draft").inner_text().replace("\n", "")
    page.locator(".draft button").first.click()
    assert field.input_value() == typed
    page.keyboard.press("Escape")
    page.locator(".draft button").nth(1).click()
    page.reload()
    assert page.locator(".draft").count() == 0


def test_another_window_saves_first(room: Room, page: "Page") -> None:
    """Both texts stand side by side; the person chooses, and neither is gone without a word."""
    page.goto("/page/a")
    page.locator(".part.paragraph").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Home")
    page.keyboard.type("甲")
    mine = page.locator(".inline-editor textarea").input_value()
    article = room.desk.show_page("a").articles[0]
    part = next(p for p in article.parts if p.kind == "paragraph")
    room.desk.record_edit(
        TextEdit("a", article.id, part.start, part.start + 1, "乙", article.seen), Signature("bob")
    )
    page.keyboard.press("Enter")
    sides = page.locator(".draft .sides > div")
    until(page, lambda: sides.count() == 2)
    assert "乙" + part.text[1:] in sides.nth(0).inner_text()
    assert mine in sides.nth(1).inner_text()
    page.reload()
    assert sides.count() == 2
    page.locator(".draft button").first.click()
    assert "乙" + part.text[1:] in page.locator(".standing").inner_text()
    page.keyboard.press("Enter")
    saved(page)
    until(page, lambda: page.locator(".draft").count() == 0)
    assert room.desk.show_page("a").articles[0].parts[1].text == mine


def test_rare_characters_keep_their_places(room: Room, page: "Page") -> None:
    """A character of two units in a script is one character in what is written."""
    article = room.desk.show_page("a").articles[0]
    start = article.parts[1].start
    room.desk.record_edit(
        TextEdit("a", article.id, start, start + 1, "𠮷", article.seen), Signature("bob")
    )
    page.goto("/page/a")
    page.locator(".part.paragraph").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.type("尾")
    page.keyboard.press("Enter")
    saved(page)
    assert room.desk.show_page("a").articles[0].parts[1].text.startswith("𠮷二三")
    assert room.desk.show_page("a").articles[0].parts[1].text.endswith("尾")


def test_where_nothing_is_proposed_nothing_is_accepted(
    browser: "Browser", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no such button, and its key says why."""
    monkeypatch.setattr(asking, "ASKS", (*ASKS, Ask(0, 6, 7, "四", False, "displaced")))
    office = Office(tmp_path, monkeypatch)
    draw_scans(office, "a.png")
    office.run()
    with Room(office) as room, served(room) as address, opened(browser, address) as page:
        page.goto("/next?rule=displaced")
        assert page.locator("#accept").is_hidden()
        page.keyboard.press("a")
        told(page, "Something is wrong here")
        page.goto("/queue?rule=displaced")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_selector(".case")
        assert page.locator(".group-bar .yes").is_hidden()
        page.keyboard.press("Shift+a")
        told(page, "Something is wrong here")
        assert mark(page) == ""
        assert room.desk.summarise_progress().decided == 0


def make_asking(config: EngineConfig, threads: int) -> ReadScan:
    """A maker of readers that ask very many questions of a page."""
    lines = ["".join(chr(0x4E00 + 20 * n + i) for i in range(20)) for n in range(2 * MANY // 20)]
    asks = [Ask(0, i, i + 1, chr(0x6E00 + i), False) for i in range(2, 2 * MANY, 2)]

    def read(scan: Scan, config: Config) -> PageRecord:
        return with_asks(page_of([("题目", [lines])], scan), asks)

    return read


def test_all_are_shown_however_slow_the_server_is(
    browser: "Browser", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end is said by the server, once it has every answer."""
    office = Office(tmp_path, monkeypatch)
    draw_scans(office, "a.png")
    office.run(make=make_asking)
    with Room(office) as room:
        there = room.desk.summarise_progress().open
        assert there > 120
        room.app = Slowed(room.app, 0.1)
        with served(room) as address, opened(browser, address) as page:
            page.goto("/next?sort=confidence")
            seen: set[int] = set()
            finished = page.get_by_text("Nothing more is open here.").locator("visible=true")
            while finished.count() == 0:
                number = shown(page)
                if page.locator("#now").is_visible() and number not in seen:
                    seen.add(number)
                    page.keyboard.press("a")
                page.wait_for_timeout(5)
            assert len(seen) == there
            assert not room.desk.list_questions(QuestionFilter())[0]
            assert room.desk.summarise_progress().decided == there


def test_an_answer_can_be_changed_before_it_is_saved(room: Room, page: "Page") -> None:
    """Both are kept, in this order; nobody is told that somebody was faster."""
    room.app = Slowed(room.app, 0.3)
    with served(room) as address:
        page.goto(f"{address}/next?sort=page")
        page.wait_for_load_state("networkidle")
        number = shown(page)
        press(page, "a")
        press(page, "k")
        assert "waits to be saved" in page.locator("#where").inner_text()
        press(page, "r")
        saved(page)
        assert page.locator("#stale").is_hidden()
        assert room.desk.show_question(number).question.status == "rejected"
