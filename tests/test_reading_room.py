"""The reading room: addresses of articles that stay, articles whole, citations, files."""

import datetime
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.config import Config, EngineConfig
from newspage.formats import CitedArticle, cite_article
from newspage.formats.article_addresses import (
    find_article_at,
    make_address,
    parse_address,
)
from newspage.model import PageRecord, Scan
from newspage.review.service import ArticleMove, Signature
from tests.asking import Office, read
from tests.browsing import MARKS, opened, told, until
from tests.interchange import check_tei
from tests.looking import FAINT, NAMELESS, STICKING_OUT
from tests.review_rooms import Room, draw_scans, served
from tests.test_desk_links import ONE, THREE, make_later, make_reader

if TYPE_CHECKING:
    from playwright.sync_api import Browser

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An issue in which an article of page 1 goes on at page 3."""
    office = Office(tmp_path, monkeypatch)
    draw_scans(office, f"{ONE}.png", f"{ONE[:-1]}2.png", f"{THREE}.png")
    office.run(make=make_reader)
    return office


def address_of(room: Room, stem: str, number: int) -> str:
    """The address of an article of a page, by its place there."""
    name = room.desk.show_page(stem).articles[number].id
    return room.desk.reading.find_address(stem, name)


def test_an_article_is_shown_whole(room: Room) -> None:
    """From either of its parts: all text, both prints, paper, date and pages."""
    address = address_of(room, ONE, -1)
    assert address_of(room, THREE, 0) == address
    sheet = room.desk.reading.show_article(address)
    assert [part.stem for part in sheet.parts] == [ONE, THREE]
    assert len({part.scan for part in sheet.parts}) == 2
    assert (sheet.paper, sheet.date) == ("x", "2020-01-01")
    turned = [run.turn for paragraph in sheet.paragraphs for run in paragraph if run.turn]
    assert turned == ["3"]
    text = room.client.get(f"/article/{address}").text
    assert text.count("<figure>") == 2


def test_articles_of_an_issue_follow_each_other(room: Room) -> None:
    """Each once, from the first to the last and back; parts on later pages are passed over."""
    forth, back = [address_of(room, ONE, 0)], list[str]()
    while after := room.desk.reading.show_article(forth[-1]).after:
        forth.append(after.address)
        assert len(forth) < 20
    back.append(forth[-1])
    while before := room.desk.reading.show_article(back[-1]).before:
        back.append(before.address)
    assert back == forth[::-1]
    assert len(set(forth)) == len(forth) == 4


def test_an_address_outlives_what_numbers_do_not(office: Office) -> None:
    """Another order of articles; pages that are read anew, with other ids and boxes elsewhere."""
    with Room(office) as room:
        address = address_of(room, ONE, 0)
        text = room.desk.reading.show_article(address).paragraphs
        first = room.desk.show_page(ONE).articles[0]
        room.desk.record_edit(ArticleMove(ONE, first.id, None, first.seen), Signature("ann"))
        assert room.desk.show_page(ONE).articles[1].id == first.id
        assert room.desk.reading.show_article(address).paragraphs == text
    shutil.rmtree(office.place.output)
    office.run(make=make_later)
    with Room(office) as room:
        sheet = room.desk.reading.show_article(address)
        assert [part.stem for part in sheet.parts] == [ONE]
        assert sheet.paragraphs == text


def test_a_former_address_leads_to_the_present_one(room: Room) -> None:
    """Of a place within the article, and of a later part; the words looked for come along."""
    address = address_of(room, ONE, -1)
    record = room.desk._current(THREE)[1]
    later = str(make_address(record, record.articles[0]))
    assert later != address
    hash_, x, y = address.split("-")
    for former in (later, f"{hash_}-{int(x) + 30}-{y}"):
        response = room.client.get(f"/article/{former}?q=x")
        assert (response.status_code, response.headers["location"]) == (
            303,
            f"/article/{address}?q=x",
        )


@pytest.mark.parametrize(
    "address", ["nosuch", "0123456789abcdef-1-1", "%2e%2e", "0123456789abcdef-a1", "x" * 3000]
)
def test_an_address_without_an_article(room: Room, address: str) -> None:
    """Says so, and where to go on, in both languages."""
    for language, words in (("en", "No page of this archive"), ("zh", "本档案中没有哪一版")):
        response = room.client.get(f"/article/{address}", headers={"Accept-Language": language})
        assert response.status_code == 404
        assert words in response.text
        assert 'href="/search"' in response.text


def test_a_place_that_belongs_to_no_article_names_the_page(room: Room) -> None:
    """Since something of it may be read there."""
    hash_ = address_of(room, ONE, 0).split("-")[0]
    response = room.client.get(f"/article/{hash_}-1199-899")
    assert response.status_code == 404
    assert ONE in response.text


def test_an_address_that_does_not_exist(room: Room) -> None:
    """Is answered by a page with words and ways on."""
    response = room.client.get("/nosuch")
    assert response.status_code == 404
    assert "There is nothing at this address." in response.text
    assert {'href="/"', 'href="/pages"', 'href="/queue"'} <= set(
        re.findall(r'href="[^"]*"', response.text)
    )


@given(
    st.text("0123456789abcdef", min_size=16, max_size=16),
    st.integers(0, 999_999),
    st.integers(0, 999_999),
    st.integers(0, 999_999),
)
def test_addresses_are_read_as_they_are_written(hash_: str, frame: int, x: int, y: int) -> None:
    """Whatever the numbers."""
    text = f"{hash_}{f'.{frame}' if frame else ''}-{x}-{y}"
    assert str(parse_address(text)) == text


@pytest.mark.parametrize("text", ["", "0123456789abcdef-01-", "0123456789abcdef-²-1", "-1-1"])
def test_what_is_no_address(text: str) -> None:
    """Is none; digits are those of ASCII."""
    assert parse_address(text) is None


def test_each_article_is_found_at_its_place_alone() -> None:
    """On a page of several; and none where nothing is printed."""
    record = read(Scan(Path("a.png"), "ab" * 32, 4000, 4000), Config())
    for article in record.articles:
        place = make_address(record, article).place
        assert place is not None
        found = find_article_at(record, place)
        assert found is not None
        assert found.id == article.id
    assert find_article_at(record, (3990.0, 3990.0)) is None


def test_files_hold_the_article_alone(room: Room) -> None:
    """In each format; both of its parts."""
    address = address_of(room, ONE, -1)
    sheet = room.desk.reading.show_article(address)
    text = "".join(run.text for part in (sheet.title, *sheet.paragraphs) for run in part)
    other = room.desk.show_page(ONE).articles[0].parts[0].text
    found = {}
    for name in ("txt", "md", "jsonl", "tei", "html", "epub"):
        response = room.client.get(f"/article/{address}/{name}")
        assert response.status_code == 200, response.text
        assert response.headers["content-disposition"].startswith("attachment; filename=")
        found[name] = response.content
    assert found["txt"].decode().replace("\n", "") == text
    rows = [json.loads(line) for line in found["jsonl"].splitlines()]
    assert [row["name"] for row in rows] == [ONE, THREE]
    check_tei(found["tei"])
    with zipfile.ZipFile(io.BytesIO(found["epub"])) as book:
        found["epub"] = b"".join(map(book.read, book.namelist()))
    for name, data in found.items():
        assert other.encode() not in data, name
        assert text[2:8].encode() in data, name
    assert room.client.get(f"/article/{address}/alto").status_code == 404


def test_reading_needs_no_right_to_decide(office: Office) -> None:
    """All of it is there for readers, links of the search included."""
    with Room(office, read_only=True) as room:
        address = address_of(room, ONE, 0)
        assert room.client.get(f"/article/{address}").status_code == 200
        found = room.client.get("/search?q=东南西北").text
        links = re.findall(r'href="(/article\?[^"]+)"', found)
        response = room.client.get(links[0].replace("&amp;", "&"))
        assert response.headers["location"].startswith("/article/")
        assert "<mark>" in room.client.get(response.headers["location"]).text


CITED = CitedArticle(
    "抗战胜利",
    "本报记者 张　三、李四光",
    "",
    "申报",
    datetime.date(1945, 8, 15),
    ("1", "3"),
    "f-1-2",
)


@pytest.mark.parametrize(
    ("change", "chinese", "chicago"),
    [
        (
            {},
            "张三, 李四光. 抗战胜利[N]. 申报, 1945-08-15(1, 3).",
            "张三 and 李四光. “抗战胜利.” 申报, August 15, 1945, pp. 1, 3.",
        ),
        (
            {"byline": "", "pages": ("2",)},
            "抗战胜利[N]. 申报, 1945-08-15(2).",
            "“抗战胜利.” 申报, August 15, 1945, p. 2.",
        ),
        (
            {"title": "", "text": "一" * 30, "byline": "", "pages": (), "date": None},
            f"[{'一' * 20}…][N]. 申报.",
            f"“[{'一' * 20}…].” 申报.",
        ),
        (
            {"byline": "本报记者 陆行舟 沈砚秋", "pages": ()},
            "陆行舟, 沈砚秋. 抗战胜利[N]. 申报, 1945-08-15.",
            "陆行舟 and 沈砚秋. “抗战胜利.” 申报, August 15, 1945.",
        ),
        (
            {"byline": "本埠訊", "title": "何去何从？"},
            "何去何从？[N]. 申报, 1945-08-15(1, 3).",
            "“何去何从？” 申报, August 15, 1945, pp. 1, 3.",
        ),
        ({"paper": "", "date": None, "pages": (), "byline": ""}, "抗战胜利[N].", "“抗战胜利.”"),
    ],
)
def test_citations(change: dict[str, object], chinese: str, chicago: str) -> None:
    """By GB/T 7714 and Chicago; what is not known is left out."""
    cited = cite_article(replace(CITED, **change))  # type: ignore[arg-type]
    assert (cited["gbt7714"], cited["chicago"]) == (chinese, chicago)


@given(st.text(max_size=30))
def test_bibtex_is_well_formed(title: str) -> None:
    """Whatever the headline: braces pair, and nothing in it is a command."""
    entry = cite_article(replace(CITED, title=title, text="文"))["bibtex"]
    bare = re.sub(r"\\[&%$#_{}]", "", entry)
    assert bare.count("{") == bare.count("}")
    assert re.fullmatch(r"@article\{newspage-f-1-2,\n(  \w+ = \{.*\},\n)+\}", entry, re.DOTALL)


def make_evil(config: EngineConfig, threads: int) -> Callable[[Scan, Config], PageRecord]:
    """A maker of readers that find HTML in a headline."""
    from tests.decided_pages import page_of

    return lambda scan, config: page_of([(EVIL, [["一二三四五六七八"]])], scan)


def test_what_looks_like_html_is_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In headline, title and citations."""
    office = Office(tmp_path, monkeypatch)
    office.scans("a.png")
    office.run(make=make_evil)
    with Room(office) as room:
        text = room.client.get(f"/article/{address_of(room, 'a', 0)}").text
        assert "<script>alert" not in text
        assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") > 3


@pytest.mark.browser
class TestInABrowser:
    """The page of an article, by keyboard, in all looks."""

    pytestmark = MARKS

    def test_an_article_is_read_by_keyboard(self, browser: "Browser", room: Room) -> None:
        """From the search on: next, back, its print decoded, set in columns, cited, the page."""
        with served(room) as address, opened(browser, address) as page:
            page.context.grant_permissions(["clipboard-read", "clipboard-write"])
            page.goto("/search?q=东南西北")
            page.keyboard.press("j")
            page.keyboard.press("Enter")
            page.wait_for_url("**/article/*-*-*")
            assert page.locator("mark").first.inner_text() == "东南西北"
            start = page.url.split("?")[0]
            page.keyboard.press("k")
            until(page, lambda: page.url.split("?")[0] != start)
            page.wait_for_load_state("networkidle")
            page.keyboard.press("j")
            until(page, lambda: page.url.split("?")[0] == start)
            page.wait_for_load_state("networkidle")
            size = "document.querySelector('.prints image').getBBox().width"
            until(page, lambda: page.evaluate(size) > 100)
            page.keyboard.press("c")
            told(page, "Copied")
            copied = page.evaluate("navigator.clipboard.readText()")
            assert copied == page.locator("#cite-gbt7714").inner_text()
            page.get_by_role("link", name="In columns").focus()
            page.keyboard.press("Enter")
            page.wait_for_selector(".read.vertical")
            page.wait_for_load_state("networkidle")
            page.keyboard.press("o")
            page.wait_for_selector(".sought")

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_it_can_be_read(self, browser: "Browser", room: Room, theme: str) -> None:
        """In both themes and languages, on a desk, a tablet and a phone."""
        article = address_of(room, ONE, -1)
        with served(room) as address:
            for locale, size in (
                ("en-GB", (1280, 720)),
                ("zh-CN", (820, 1180)),
                ("en", (390, 800)),
            ):
                look = {"locale": locale, "color_scheme": theme}
                view = {"width": size[0], "height": size[1]}
                with opened(browser, address, viewport=view, **look) as page:
                    for path in (
                        f"/article/{article}",
                        f"/article/{article}?set=vertical",
                        "/nosuch",
                    ):
                        page.goto(path)
                        page.wait_for_load_state("networkidle")
                        for trouble in (FAINT, NAMELESS, STICKING_OUT):
                            assert page.evaluate(trouble) == [], (path, size)
