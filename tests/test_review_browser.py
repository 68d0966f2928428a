"""The review page in a real browser, by keyboard."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newspage.config import EngineConfig
from newspage.output import write_suggested_lines
from newspage.review.service.views import Answer, QuestionFilter
from newspage.training import suggest_lines
from tests.asking import Office, ReadScan, read
from tests.browsing import MARKS, gone_from, opened, press, saved, send_again, shown, told, until
from tests.looking import FAINT, NAMELESS, STICKING_OUT
from tests.review_rooms import Room, draw_scans, drawn_office, served
from tests.test_desk_furniture import with_folio
from tests.test_desk_links import ONE, THREE, apart, make_reader, together

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = MARKS
PAGES = 30
STEMS = tuple(f"daily/{'a' * (i + 1)}" for i in range(PAGES))
FIRST = f"/page/{STEMS[0]}"
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Thirty pages with two open questions each."""
    return drawn_office(tmp_path, monkeypatch, STEMS)


@pytest.fixture
def page(room: Room, browser: "Browser") -> Iterator["Page"]:
    """A page of the browser, at the application."""
    with served(room) as address, opened(browser, address) as page:
        yield page


def test_a_walk_of_sixty_questions(office: Office, room: Room, page: "Page") -> None:
    """By keyboard alone, with batch accept and undo; and the same after output was emptied."""
    page.goto("/next?sort=page")
    said: dict[int, str] = {}
    for number in range(40):
        act = ("a", "r", "e")[number % 3]
        said[shown(page)] = act
        if act == "e":
            page.keyboard.press("e")
            page.keyboard.type("改")
            press(page, "Enter")
        else:
            press(page, act)
    saved(page)
    # All of this pattern, and back again.
    stood = room.desk.summarise_progress().open
    page.wait_for_selector("#all:not([hidden])")
    press(page, "Shift+A")
    saved(page)
    assert counted(page) == room.desk.summarise_progress().open < stood - 1
    page.keyboard.press("u")
    told(page, "Taken back")
    assert counted(page) == room.desk.summarise_progress().open == stood
    while stood := room.desk.summarise_progress().open:
        if stood == 3:
            page.route("**/api/answers", answer_slowly)
        number = shown(page)
        said[number] = "a"
        page.keyboard.press("a")
        gone_from(page, number)
        saved(page)
        if number := room.desk.summarise_progress().open:
            assert counted(page) == number
    assert len(said) == 2 * PAGES
    room.desk.show_page(STEMS[0])
    room.desk.close()
    outputs = office.outputs()
    assert check(office, said) == 2 * PAGES
    shutil.rmtree(office.place.output)
    office.run()
    assert office.outputs() == outputs


def answer_slowly(route: "Route") -> None:
    """Let what the page asks for meanwhile be answered before."""
    time.sleep(0.3)
    route.continue_()


def counted(page: "Page") -> int:
    """How many questions the page says are open."""
    return int((page.text_content("#left") or "").split()[0])


def check(office: Office, said: dict[int, str]) -> int:
    """That the text says what was decided; how many decisions were looked for."""
    desk = office.desk()
    count = 0
    for question in desk.list_questions(QuestionFilter(state="all"), limit=500)[0]:
        if question.id not in said:
            continue
        text = (office.place.output / f"{question.stem}.txt").read_text()
        now = {"a": question.proposed, "r": question.original, "e": "改"}[said[question.id]]
        before = question.before.rsplit("\n", 1)[-1][-2:]
        assert before + now + question.after[:1] in text
        count += 1
    desk.close()
    return count


def test_a_group_is_decided_with_one_key(room: Room, page: "Page") -> None:
    """All its cases but those struck out."""
    page.goto("/queue?rule=look-alike")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector(".case")
    assert page.locator(".case").count() == PAGES
    assert page.locator(".case .cutting img").first.evaluate("i => i.decode().then(() => 1)")
    page.keyboard.press("x")
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    assert page.locator(".case.struck").count() == 2
    page.keyboard.press("Shift+A")
    told(page, "28 decided")
    assert len(room.desk.list_questions(QuestionFilter(rule="look-alike"))[0]) == 2
    page.keyboard.press("u")
    told(page, "Taken back")
    assert len(room.desk.list_questions(QuestionFilter(rule="look-alike"))[0]) == PAGES


def test_a_question_is_decided_in_its_row(room: Room, page: "Page") -> None:
    """By a key or a button: the row shows the place on the scan, and the text around it."""
    page.goto("/queue?rule=look-alike")
    row = page.locator(".group").first
    until(page, lambda: row.locator(".cutting img").count() == 1)
    assert row.locator(".cutting img").evaluate("i => i.decode().then(() => 1)")
    first = room.desk.list_groups(QuestionFilter(rule="look-alike")).items[0].case
    assert first is not None
    said = row.locator(".context").inner_text()
    assert said == (first.before[-10:] + "三卅" + first.after[:10]).replace("\n", "¶")
    page.keyboard.press("j")
    page.keyboard.press("a")
    told(page, "1 decided")
    assert room.desk.show_question(first.id).question.status == "accepted"
    until(page, lambda: f"{PAGES - 1} cases" in row.inner_text())
    page.keyboard.press("u")
    told(page, "Taken back")
    until(page, lambda: f"{PAGES} cases" in row.inner_text())
    row.locator("button.no").click()
    told(page, "1 decided")
    assert room.desk.show_question(first.id).question.status == "rejected"


def test_what_was_skipped_comes_again(room: Room, page: "Page") -> None:
    """At the end of the queue, not before; the end is reached when nothing is open."""
    page.goto("/next?rule=look-alike")
    for _ in range(PAGES - 3):
        press(page, "a")
    skipped = [shown(page)]
    press(page, "s")
    press(page, "a")
    press(page, "a")
    skipped.append(shown(page))
    assert skipped[0] == skipped[1]
    page.keyboard.press("a")
    until(page, lambda: page.locator("#now").is_hidden())
    saved(page)
    assert not room.desk.list_questions(QuestionFilter(rule="look-alike"))[0]


def test_somebody_was_faster(room: Room, page: "Page") -> None:
    """The question comes back with what stands there now; nothing is overwritten."""
    page.goto("/next?sort=page")
    number = shown(page)
    question = room.desk.show_question(number).question
    room.desk.record_answers([Answer(number, "reject", question.seen)], "bob")
    press(page, "a")
    page.wait_for_selector("#stale:not([hidden])")
    assert shown(page) == number
    assert "rejected" in page.locator("#where").inner_text()
    assert room.desk.show_question(number).question.reviewer == "bob"


def test_answers_wait_for_a_server_that_is_away(room: Room, page: "Page") -> None:
    """They are kept and given again, and nothing is lost while the page is open."""
    page.route("**/api/answers", lambda route: route.abort())
    page.goto("/next?sort=page")
    page.wait_for_load_state("networkidle")
    first = shown(page)
    press(page, "a")
    press(page, "r")
    page.wait_for_selector("#saved.failed")
    assert room.desk.summarise_progress().decided == 0
    page.unroute("**/api/answers")
    send_again(page)
    saved(page)
    assert room.desk.summarise_progress().decided == 2
    assert room.desk.show_question(first).question.status == "accepted"


def test_text_is_changed_on_the_page(office: Office, room: Room, page: "Page") -> None:
    """A paragraph by Enter; what is HTML is shown as what it is."""
    page.goto(FIRST)
    page.locator(".part.paragraph").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Home")
    page.keyboard.type(EVIL)
    page.keyboard.press("Enter")
    saved(page)
    paragraph = page.locator(".part.paragraph").first
    until(page, lambda: (paragraph.text_content() or "").startswith(EVIL))
    room.desk.close()
    assert (office.place.output / f"{STEMS[0]}.txt").read_text().count(EVIL) == 1


def make_with_folio(config: EngineConfig, threads: int) -> ReadScan:
    """A maker of readers that find furniture on every page."""
    return lambda scan, config: with_folio(read(scan, config), ("洛阳日报", "第三饭"))


def test_furniture_is_changed_on_the_page(
    browser: "Browser", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Like a paragraph, where one pressed; it is offered again where it was not saved."""
    office = Office(tmp_path, monkeypatch)
    draw_scans(office, "a.png")
    office.run(make=make_with_folio)
    with Room(office) as room, served(room) as address, opened(browser, address) as page:
        page.goto("/page/a")
        page.locator("#furniture-box summary").click()
        piece = page.locator("#furniture .part")
        piece.locator("span").last.dblclick(position={"x": 12, "y": 8})
        page.keyboard.press("Backspace")
        page.keyboard.type("版")
        page.reload()
        page.locator("#furniture .draft button").first.click()
        page.keyboard.press("Enter")
        saved(page)
        until(page, lambda: (piece.text_content() or "") == "洛阳日报¶第三版")
        assert room.desk.show_page("a").furniture[0][1] == "洛阳日报\n第三版"
        page.keyboard.press("u")
        until(page, lambda: (piece.text_content() or "") == "洛阳日报¶第三饭")


def test_a_question_that_is_html(room: Room, page: "Page") -> None:
    """Is shown as text, in the queue, alone and in the history; nothing of it runs."""
    question = room.desk.list_questions(QuestionFilter(rule="look-alike"))[0][0]
    room.desk.record_answers([Answer(question.id, "edit", question.seen, EVIL)], "<b>bob</b>")
    for path in (f"/q/{question.id}?state=all", "/queue?state=decided", "/history"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.locator("main script, main img[src='x']").count() == 0
    assert EVIL in page.locator("main").inner_text()
    assert "<b>bob</b>" in page.locator("main").inner_text()


def test_scan_and_text_show_each_other(page: "Page") -> None:
    """Pointing at a character lights its place, pointing at the place its character."""
    page.goto(FIRST)
    page.wait_for_load_state("networkidle")
    span = page.locator(".part.paragraph span").first
    span.hover()
    assert "lit" in (span.get_attribute("class") or "")
    canvas = page.locator("#viewer")
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    canvas.focus()
    page.keyboard.press("0")
    for key in ("+", "ArrowRight", "ArrowDown", "-", "0"):
        page.keyboard.press(key)
    scale = min(box["width"] / 1200, box["height"] / 900)
    left = box["x"] + (box["width"] - 1200 * scale) / 2
    top = box["y"] + (box["height"] - 900 * scale) / 2
    seen = set()
    for y in range(10, 300, 4):
        page.mouse.move(left + 40 * scale, top + y * scale)
        seen.add(page.evaluate("document.querySelector('.lit')?.textContent ?? ''"))
    assert len(seen - {""}) > 2


def test_structure_is_set_right_by_keyboard(room: Room, page: "Page") -> None:
    """The order of articles; the page is signed."""
    page.goto(FIRST)
    first = room.desk.show_page(STEMS[0]).articles[0].id
    page.locator("button[aria-label='Put article 1 later']").focus()
    page.keyboard.press("Enter")
    saved(page)
    assert room.desk.show_page(STEMS[0]).articles[1].id == first
    page.locator("#sign").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#signed li")
    assert room.desk.show_page(STEMS[0]).signed


def test_chinese_and_english(browser: "Browser", room: Room) -> None:
    """By the browser's language, with a switch that stays."""
    with served(room) as address:
        context = browser.new_context(base_url=address, locale="zh-CN")
        page = context.new_page()
        page.goto("/queue")
        assert page.locator("h1").inner_text() == "待校问题"
        page.locator(".settings summary").click()
        page.select_option("select[name=language]", "en")
        page.locator(".settings button").click()
        assert page.locator("h1").inner_text() == "Questions"
        page.goto("/pages")
        assert page.locator("h1").inner_text() == "Pages"
        context.close()


def test_everything_is_reached_by_tab(page: "Page") -> None:
    """From the link that skips to the content on; nothing that can be pressed is left out."""
    page.goto("/next?sort=page")
    page.wait_for_load_state("networkidle")
    page.evaluate("document.activeElement.blur()")
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate("document.activeElement.id || document.activeElement.textContent")
        )
    assert {"accept", "reject", "change", "skip", "undo", "zoom", "whole", "keys"} <= reached
    assert "Skip to the content" in reached


def test_long_lists_keep_few_rows(page: "Page", room: Room) -> None:
    """Whatever is in them, only what is in sight is in the document."""
    page.goto("/pages")
    page.set_viewport_size({"width": 1280, "height": 300})
    page.wait_for_selector(".pages-row.windowed-row")
    assert page.locator(".pages-row.windowed-row").count() < PAGES
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.get_by_text(STEMS[-1], exact=True).wait_for()
    assert page.get_by_text(STEMS[0], exact=True).count() == 0


def test_an_article_is_taken_apart_over_pages(
    browser: "Browser", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By keyboard alone, cuttings of both pages in sight; and the focus stays where it was."""
    office = Office(tmp_path, monkeypatch)
    draw_scans(office, f"{ONE}.png", f"{THREE}.png")
    office.run(make=make_reader)
    with Room(office) as room, served(room) as address:
        context = browser.new_context(base_url=address, locale="en-GB")
        page = context.new_page()
        page.goto(f"/page/{ONE}")
        page.locator("#joins-box summary").focus()
        page.keyboard.press("Enter")
        while not page.evaluate("document.activeElement.matches('.join[data-key*=p3]')"):
            page.keyboard.press("Tab")
        join = page.locator(".join[data-key*=p3]")
        assert join.locator("a").inner_text() == THREE
        for image in join.locator(".cutting img").all():
            image.evaluate("i => i.decode()")
        scans = {image.get_attribute("src") for image in join.locator("img").all()}
        assert len({str(src).split("/crop")[0] for src in scans}) == 2
        while page.evaluate("document.activeElement.dataset.wanted") != "apart":
            page.keyboard.press("Tab")
        assert together(office)
        page.keyboard.press("Enter")
        until(page, lambda: "not one article" in join.inner_text())
        assert page.evaluate("document.activeElement.matches('.join[data-key*=p3]')")
        assert apart(office)
        assert page.locator(".loose select option").count() == 3
        page.keyboard.press("u")
        until(page, lambda: "one paragraph" in join.inner_text())
        assert together(office)
        context.close()


def test_a_search_leads_to_the_place_on_the_page(page: "Page") -> None:
    """By keyboard: words, a result with its cutting of the scan, the page at the hit."""
    page.goto("/pages")
    page.click("nav a[href='/search']")
    page.wait_for_selector("#words:focus")
    page.keyboard.type("東南西北中")
    page.keyboard.press("Enter")
    page.wait_for_selector(".hit .cutting img")
    assert page.locator(".hit").count() == 20
    assert page.locator(".hit mark").first.inner_text() == "东南西北中"
    assert page.locator(".hit .cutting .mark").count() >= 5
    page.click("main nav.turn a[rel='next']")
    page.wait_for_selector("ol[start='21'] .cutting img")
    assert page.locator(".hit").count() == 10
    page.keyboard.press("j")
    page.keyboard.press("j")
    stem = page.locator(".hit").nth(1).get_attribute("data-stem")
    page.keyboard.press("o")
    page.wait_for_selector(".sought")
    assert page.url.split("#")[0].endswith(f"/page/{stem}")
    assert "".join(page.locator(".sought").all_inner_texts()) == "东南西北中"


@pytest.mark.parametrize(
    ("theme", "size"),
    [("light", (1280, 720)), ("dark", (820, 1180)), ("light", (1180, 820))],
    ids=["desk", "upright tablet", "tablet"],
)
def test_every_page_can_be_read(
    browser: "Browser", room: Room, theme: str, size: tuple[int, int]
) -> None:
    """In both themes and languages, on tablets too: contrast, names of controls, no overlap."""
    questions = room.desk.list_questions(QuestionFilter(state="all"), limit=9)[0]
    room.desk.record_answers([Answer(q.id, "accept", q.seen) for q in questions[:4]], "ann")
    with served(room) as address:
        for locale in ("en-GB", "zh-CN"):
            context = browser.new_context(
                base_url=address,
                locale=locale,
                color_scheme=theme,  # type: ignore[arg-type]
                viewport={"width": size[0], "height": size[1]},
            )
            page = context.new_page()
            found = "/search?q=题目"
            rest = ("/pages", found, "/progress", "/history", "/help")
            for path in ("/queue", "/next", FIRST, *rest):
                page.goto(path)
                page.wait_for_load_state("networkidle")
                if path == "/queue":
                    page.keyboard.press("j")
                    page.keyboard.press("Enter")
                    page.wait_for_selector(".case")
                    page.keyboard.press("x")
                if path == FIRST:
                    for box in page.locator("main details:not([hidden]) > summary").all():
                        box.click()
                for trouble in (FAINT, NAMELESS, STICKING_OUT):
                    assert page.evaluate(trouble) == [], path
            context.close()


def test_lines_are_typed_by_keyboard_alone(office: Office, room: Room, page: "Page") -> None:
    """Saved, skipped, taken back; a line that is right is confirmed by a key."""
    write_suggested_lines(office.place.output, suggest_lines(office.place, 4))
    page.goto("/lines")
    readings = [line.reading for line in room.desk.list_lines()]

    def stands(text: str) -> None:
        """Wait until the field has a text."""
        until(page, lambda: page.locator("#edit").input_value() == text)

    stands(readings[0])
    assert page.evaluate("document.activeElement.id") == "edit"
    width = "document.querySelector('#strip img').naturalWidth"
    until(page, lambda: page.evaluate(width) > 0)
    page.keyboard.press("Control+a")
    page.keyboard.type("改改改改")
    page.keyboard.press("Enter")
    stands(readings[1])
    page.keyboard.press("PageDown")
    stands(readings[2])
    page.keyboard.press("Enter")
    stands(readings[3])
    saved(page)
    shown_now = [room.desk.show_line(number) for number in range(4)]
    assert [line.done for line in shown_now] == [True, False, True, False]
    assert shown_now[0].text == "改改改改"
    page.keyboard.press("Alt+z")
    stands(readings[2])
    saved(page)
    assert not room.desk.show_line(2).done
    page.keyboard.press("PageUp")
    stands(readings[1])
    page.keyboard.press("PageUp")
    stands("改改改改")
    page.keyboard.press("PageDown")
    for _ in range(3):
        page.keyboard.press("Enter")
        page.wait_for_timeout(50)
    page.wait_for_selector("#end:not([hidden])")
    saved(page)
    assert all(room.desk.show_line(number).done for number in range(4))
