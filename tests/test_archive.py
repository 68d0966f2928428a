"""The archive by paper and day: lists and sums in step with all else, calendars, web pages."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from newspage.review.service import Answer, QuestionFilter, Signature, SignOff
from newspage.review.service.archive_view import find_missing_numbers
from newspage.review.service.issue_calendar import find_gaps, make_calendar
from newspage.store import OutputStore, PageFilter, PageSums, ScanKey, Store
from newspage.store.tables import LISTED_ISSUES, LISTED_PAGES
from tests import postgres
from tests.asking import Office
from tests.browsing import MARKS, opened, until
from tests.looking import FAINT, NAMELESS, STICKING_OUT
from tests.review_rooms import Room, draw_scans, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SCANS = (
    "a.png",
    *(f"申报-1937-07-0{day}/p{page}.png" for day in (1, 2) for page in (1, 2, 4)),
    "x-2020-01-01/p1.png",
)
ISSUE = "/issue?paper=申报&date=1937-07-01"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Two issues of one paper, a page of another, and a page of none; just read."""
    office = Office(tmp_path, monkeypatch)
    draw_scans(office, *SCANS)
    (tmp_path / "scans" / "broken.png").write_bytes(b"no picture")
    office.run()
    return office


@contextmanager
def opened_store(office: Office) -> Iterator[OutputStore]:
    """The store of an office."""
    with Store(office.place.store) as store:
        yield OutputStore(store, office.place.name)


def listed(store: OutputStore) -> tuple[set[object], set[object]]:
    """All that lists have: rows of pages, and sums of issues."""
    with store.whole.database.reading() as connection:
        pages = connection.execute(select(LISTED_PAGES)).all()
        issues = connection.execute(select(LISTED_ISSUES)).all()
    return {tuple(row) for row in pages}, {tuple(row) for row in issues}


def made_anew(store: OutputStore) -> tuple[set[object], set[object]]:
    """The same, made from everything else."""
    with store.whole.database.transaction() as connection:
        connection.execute(delete(LISTED_PAGES))
        connection.execute(delete(LISTED_ISSUES))
    assert store.catalogue.count_waiting() > 0
    while store.catalogue.list_waiting(3):
        pass
    assert store.catalogue.count_waiting() == 0
    return listed(store)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_lists_are_in_step(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """After runs, answers, sign-offs and what takes them back: as if they were made anew."""
    address = ""
    if kind == "postgresql":
        address = postgres.emptied(request.getfixturevalue("server"))
    office = Office(tmp_path, monkeypatch, address)
    office.scans(*SCANS)
    (tmp_path / "scans" / "broken.png").write_bytes(b"no picture")
    office.run()
    with opened_store(office) as store:
        first = listed(store)
        assert first == made_anew(store)
        assert len(first[0]) == len(SCANS) + 1
    with Room(office) as room:
        desk = room.desk
        some = desk.list_questions(QuestionFilter(), limit=5)[0]
        desk.record_answers([Answer(q.id, "accept", q.seen) for q in some], "ann")
        for stem in ("a", "x-2020-01-01/p1"):
            desk.record_edit(SignOff(stem), Signature("ann"))
        desk.undo_decision("ann")
    with opened_store(office) as store:
        second = listed(store)
        assert second == made_anew(store) != first
        assert store.catalogue.list_stretch(PageFilter(choice="signed"), "name", 0, 9)[1] == 1
    (tmp_path / "scans" / "x-2020-01-01").rename(tmp_path / "scans" / "y-2020-01-02")
    office.run(force=True)
    with opened_store(office) as store:
        assert listed(store) == made_anew(store)


PAPERS = ("", "申报", "大公报")


@pytest.mark.parametrize("few", [0, 20_000])
def test_stretches_are_those_of_the_whole_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Whatever the filter and order, and whichever way they are looked up."""
    from newspage.store import page_catalogue
    from newspage.store.listed_pages import ListedPage, _put_listed

    monkeypatch.setattr(page_catalogue, "_FEW", few)
    chance = random.Random(7)
    rows = [
        ListedPage(
            f"{number}.png",
            0,
            f"{chance.choice('abc')}/{number:03d}",
            chance.choice(["done", "failed"]),
            chance.choice(PAPERS),
            chance.choice(["", "1937-07-07", "1937-08-01", "1938-01-01"]),
            "1",
            "000001",
            unplaced=chance.randrange(3),
            finished=chance.randrange(5),
            open=chance.choice([0, 0, 1, 5]),
            signed=chance.randrange(2),
        )
        for number in range(60)
    ]
    with Store(tmp_path / "store.sqlite") as store:
        own = OutputStore(store, "out")
        with store.database.transaction() as connection:
            _put_listed(connection, "out", {}, rows)
        fits = {
            "all": lambda row: True,
            "open": lambda row: row.open > 0,
            "unsigned": lambda row: not row.signed,
            "signed": lambda row: row.signed > 0,
            "failed": lambda row: row.status == "failed",
        }
        keys = {
            "name": lambda row: row.stem,
            "date": lambda row: (row.paper, row.date, row.place, row.stem),
            "open": lambda row: (-row.open, row.stem),
            "unplaced": lambda row: (-row.unplaced, row.stem),
            "new": lambda row: (-row.finished, row.stem),
        }
        for choice, fit in fits.items():
            for sort, key in keys.items():
                for which in (
                    PageFilter(),
                    PageFilter(find="A/"),
                    PageFilter(paper="申报"),
                    PageFilter(first="1937-07-08", last="1937"),
                    PageFilter(undated=True),
                ):
                    which = replace(which, choice=choice)  # type: ignore[arg-type]
                    wanted = [
                        row
                        for row in sorted(rows, key=key)
                        if fit(row)  # type: ignore[no-untyped-call]
                        and which.find.lower() in row.stem
                        and which.paper in ("", row.paper)
                        and (not which.first or "1937-07-08" <= row.date < "1938")
                        and not (which.undated and row.date)
                    ]
                    found = own.catalogue.list_stretch(which, sort, 2, 7)  # type: ignore[arg-type]
                    assert found == (wanted[2:9], len(wanted)), (which, sort)


def test_the_start_page_says_what_is_there_and_what_to_do(office: Office) -> None:
    """At first, once something is decided, at the end, for readers; and where nothing is."""
    with Room(office) as room:
        text = main_of(room, "/")
        assert "What to do first" in text
        assert all(name in text for name in ("申报", "1937", "Could not be read"))
        assert '/pages?undated=1"' in text
        desk = room.desk
        while some := desk.list_questions(QuestionFilter(), limit=50)[0]:
            desk.record_answers([Answer(q.id, "reject", q.seen) for q in some], "ann")
        desk.show_page("a")
        until_written(room)
        assert "No question is open any more" in main_of(room, "/")
    with Room(office, read_only=True) as room:
        text = main_of(room, "/")
        assert "What to do first" not in text
        assert "Read last" in text


def main_of(room: Room, path: str) -> str:
    """What a page shows: its words for scripts are left out."""
    return room.client.get(path).text.split("<main")[1]


def until_written(room: Room) -> None:
    """Have everything that is due written."""
    assert room.desk._follower is not None
    room.desk._follower.flush_page()


def test_an_empty_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Says where nothing is, and what to do."""
    office = Office(tmp_path, monkeypatch)
    office.place.output.mkdir()
    with Room(office) as room:
        assert "newspage run" in main_of(room, "/")
        assert room.client.get("/paper?paper=x").status_code == 404
        assert room.client.get(ISSUE).status_code == 404


def test_an_issue_lists_its_pages_and_articles(room: Room) -> None:
    """Each a link; pages that its numbers skip are named."""
    text = main_of(room, ISSUE)
    assert text.count('class="card-page') == 3
    assert "Pages that are missing: 3" in text
    assert text.count('href="/article?page=') == 6
    assert "1937-07-02 →" in text


def test_lists_are_filtered_by_their_addresses(room: Room) -> None:
    """And ignore what they do not know."""
    assert len(room.get("pages?paper=申报&from=1937-07-02&to=1937-07")["items"]) == 3
    assert room.get("pages?state=failed")["items"][0]["message"]
    assert room.get("pages?state=nonsense&sort=nonsense&from=never")["total"] == len(SCANS) + 1
    assert [row["stem"] for row in room.get("pages?undated=1")["items"]] == ["a", "broken"]
    assert room.client.get("/pages?find=" + "x" * 2000).status_code == 400


@pytest.mark.parametrize("text", ["", "五六", " ", "%00", "%0A"])
def test_what_is_no_character(room: Room, text: str) -> None:
    """Is refused in words."""
    response = room.client.get(f"/character?c={text}")
    assert response.status_code == 400
    assert "single character" in response.text


def test_places_are_those_of_one_paper_where_one_is_named(room: Room) -> None:
    """With the text on both sides, and nothing of another form of the character."""
    places = room.desk.characters.gather_places("五", "申报").places
    assert len(places) == 6
    assert {place.stem.split("-")[0] for place in places} == {"申报"}
    assert all(place.before.endswith("四") and place.after[0] in "六陆" for place in places)
    assert not room.desk.characters.gather_places("龘").places


DAYS = st.dates(date(1937, 1, 1), date(1938, 12, 31))


@given(st.sets(DAYS, max_size=60))
def test_gaps_are_days_without_an_issue(days: set[date]) -> None:
    """Between the first and the last one, on weekdays on which at least half came out."""
    gaps = find_gaps(days, date(1937, 3, 1), date(1938, 3, 1))
    assert not gaps & days
    for gap in gaps:
        assert date(1937, 3, 1) <= gap <= date(1938, 3, 1)
        alike = [gap + timedelta(days=7 * n) for n in range(-60, 61)]
        within = [day for day in alike if date(1937, 3, 1) <= day <= date(1938, 3, 1)]
        assert 2 * len(days.intersection(within)) >= len(within)


def test_a_weekly_has_no_gaps_on_other_days() -> None:
    """A daily has one for the day that is not there; of few issues nobody can tell."""
    weekly = {date(1937, 1, 3) + timedelta(days=7 * n) for n in range(20)} - {date(1937, 2, 7)}
    assert find_gaps(weekly, min(weekly), max(weekly)) == {date(1937, 2, 7)}
    assert find_gaps(
        {date(1937, 1, 3), date(1937, 1, 17)}, date(1937, 1, 3), date(1937, 1, 17)
    ) == (frozenset())


def test_a_calendar_has_every_day_once() -> None:
    """In weeks from Monday, of a leap year, too."""
    there = {date(1936, 2, 29): PageSums(pages=1)}
    sheets = make_calendar(1936, there, date(1936, 2, 29), date(1936, 2, 29))
    days = [day for sheet in sheets for week in sheet.weeks for day in week if day]
    assert len({day.date for day in days}) == len(days) == 366
    assert [day.date for day in days if day.sums] == ["1936-02-29"]
    assert all(len(week) == 7 for sheet in sheets for week in sheet.weeks)


@pytest.mark.parametrize(
    ("pages", "missing"),
    [(["1", "2", "4"], (3,)), (["2"], (1,)), (["A1", "3"], ()), ([""], ()), ([], ())],
)
def test_numbers_that_are_skipped(pages: list[str], missing: tuple[int, ...]) -> None:
    """Where all are numbers."""
    assert find_missing_numbers(pages) == missing


@pytest.mark.browser
class TestInABrowser:
    """Walking through the archive by keyboard, in all looks."""

    pytestmark = MARKS

    def test_a_walk_to_an_article(self, browser: "Browser", room: Room) -> None:
        """Start page, paper, day, article: by Tab and Enter alone; and the next issue by a key."""
        with served(room) as address, opened(browser, address) as page:
            page.goto("/")

            def follow(link: str) -> None:
                """Press Tab until a link has the focus, and Enter."""
                for _ in range(80):
                    page.keyboard.press("Tab")
                    if page.evaluate(f"document.activeElement.matches({json.dumps(link)})"):
                        with page.expect_navigation():
                            page.keyboard.press("Enter")
                        page.wait_for_load_state("networkidle")
                        return
                raise AssertionError(link)

            follow("a.name[href*='paper=%E7%94']")
            assert page.locator(".month").count() == 12
            assert page.locator(".month td.there").count() == 2
            follow("td.there a")
            page.keyboard.press("j")
            page.wait_for_url("**date=1937-07-02")
            page.wait_for_load_state("networkidle")
            follow(".contents ul a")
            assert "/article/" in page.url

    def test_the_address_of_a_list_follows_what_is_chosen(
        self, browser: "Browser", room: Room
    ) -> None:
        """So that it can be passed on: it shows the same again."""
        with served(room) as address, opened(browser, address) as page:
            page.goto("/pages")
            page.select_option("select[name=paper]", "申报")
            page.select_option("select[name=sort]", "open")
            page.fill("input[name=from]", "1937-07-02")
            until(page, lambda: page.locator("#lead").inner_text() == "3 pages")
            assert "paper=" in page.url
            assert "sort=open" in page.url
            assert "from=1937-07-02" in page.url
            page.reload()
            until(page, lambda: page.locator("#lead").inner_text() == "3 pages")
            assert page.locator("select[name=sort]").input_value() == "open"
            page.locator("h1").click()
            page.keyboard.press("j")
            page.keyboard.press("Enter")
            page.wait_for_url("**/page/**")

    def test_a_character_is_looked_at_in_all_its_places(
        self, browser: "Browser", room: Room
    ) -> None:
        """By keyboard: those struck out become another one, in one article too; and back again."""
        sheet = room.desk.characters.gather_places("五")
        assert len(sheet.places) == len(SCANS)
        assert sheet.whole
        with served(room) as address, opened(browser, address) as page:
            page.goto("/queue?rule=look-alike")
            page.keyboard.press("j")
            page.keyboard.press("Enter")
            page.click(".group-bar a")
            page.wait_for_url("**/character**")
            page.goto("/character?c=五")
            page.wait_for_load_state("networkidle")
            assert page.locator(".glyph").count() == len(SCANS)
            assert page.locator(".glyph img").first.evaluate("i => i.decode().then(() => 1)")
            page.keyboard.press("j")
            page.keyboard.press("x")
            page.keyboard.press("j")
            page.keyboard.press("x")
            page.keyboard.press("x")
            page.keyboard.press("e")
            page.keyboard.type("伍")
            with page.expect_navigation():
                page.keyboard.press("Enter")
            assert page.locator(".glyph").count() == len(SCANS) - 1
            (changed,) = room.desk.characters.gather_places("伍").places
            assert (changed.stem, changed.at) == (sheet.places[0].stem, sheet.places[0].at)
            page.wait_for_load_state("networkidle")
            with page.expect_navigation():
                page.keyboard.press("u")
            assert page.locator(".glyph").count() == len(SCANS)

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_all_of_it_can_be_read(self, browser: "Browser", room: Room, theme: str) -> None:
        """In both themes and languages, on a desk, a wide screen, a tablet and a phone."""
        looks = (
            ("en-GB", (1280, 720)),
            ("zh-CN", (2560, 1440)),
            ("en-GB", (820, 1180)),
            ("zh-CN", (390, 800)),
        )
        with served(room) as address:
            for locale, size in looks:
                view = {"width": size[0], "height": size[1]}
                with opened(
                    browser, address, locale=locale, color_scheme=theme, viewport=view
                ) as page:
                    for path in ("/", "/paper?paper=申报", ISSUE, "/pages", "/character?c=五"):
                        page.goto(path)
                        page.wait_for_load_state("networkidle")
                        for trouble in (FAINT, NAMELESS, STICKING_OUT):
                            assert page.evaluate(trouble) == [], (path, size)


def test_forgotten_pages_are_listed_as_scans_alone(office: Office) -> None:
    """What was asked on them counts no more."""
    with opened_store(office) as store:
        before = store.catalogue.sum_papers()
        store.pages.forget_page(
            ScanKey(store.catalogue.list_stretch(PageFilter(paper="x"), "name", 0, 1)[0][0].path)
        )
        after = store.catalogue.sum_papers()
    assert sum(shelf.sums.pages for shelf in before) == sum(shelf.sums.pages for shelf in after)
    assert sum(shelf.sums.open for shelf in before) > sum(shelf.sums.open for shelf in after)
