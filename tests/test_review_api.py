"""The review page's interface and pages, over a real desk."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from newspage.errors import UsageError
from newspage.review.web.reviewer_session import check_chosen_name, choose_language, clean_name
from newspage.review.web.translations import load_texts, make_translator
from tests import asking
from tests.asking import ASKS, Office
from tests.decided_pages import Ask
from tests.review_rooms import Room, draw_scans


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Three pages, just read."""
    office = Office(tmp_path, monkeypatch)
    draw_scans(office, "a.png", "x-2020-01-01/p1.png", "x-2020-01-01/p2.png")
    office.run()
    return office


def items(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a list."""
    found: list[dict[str, Any]] = answer["items"]
    return found


def test_lists_are_filtered_sorted_and_cut(room: Room) -> None:
    """As the address says; what it says wrongly is as if it said nothing."""
    assert room.get("groups?state=all")["total"] == len(ASKS)
    asked = items(room.get("questions?state=all&sort=page&limit=2&offset=1"))
    assert len(asked) == 2
    only = items(room.get("questions?rule=look-alike&state=nonsense&sort=nonsense&least=x"))
    assert {q["rule"] for q in only} == {"look-alike"}
    assert not items(room.get("questions?least=0.999999"))


def test_an_answer_is_stored_and_shows(room: Room, office: Office) -> None:
    """In the question, in the history, in the files; undo takes it back."""
    before = office.outputs()
    question = items(room.get("questions?rule=look-alike&sort=page"))[0]
    answer = {"question": question["id"], "act": "accept", "seen": question["seen"], "text": ""}
    (receipt,) = room.post("answers", {"answers": [answer]})["receipts"]
    assert receipt["status"] == "accepted"
    view = room.get(f"question/{question['id']}")
    assert view["question"]["status"] == "accepted"
    page = room.get(f"page?stem={question['stem']}")
    assert "卅" in json.dumps(page, ensure_ascii=False)
    assert items(room.get("history"))[0]["uid"] == receipt["uid"]
    room.post("undo", {})
    room.desk.close()
    assert office.outputs() == before


def test_a_stale_answer_brings_what_stands_there_now(room: Room) -> None:
    """With status 409 and the question as it is."""
    question = items(room.get("questions"))[0]
    answer = {"question": question["id"], "act": "accept", "seen": question["seen"], "text": ""}
    room.post("answers", {"answers": [answer]})
    refusal = room.post("answers", {"answers": [answer]}, 409)
    assert refusal["kind"] == "stale"
    assert refusal["view"]["question"]["status"] == "accepted"


def test_a_change_that_is_sent_twice_is_made_once(room: Room) -> None:
    """Under the same key: answers, alone and together, what takes them back, changes by hand."""

    def twice(key: str, path: str, body: object) -> list[dict[str, Any]]:
        answers = []
        for _ in range(2):
            headers = room.headers | {"Idempotency-Key": key * 32}
            response = room.client.post(f"/api/{path}", json=body, headers=headers)
            assert response.status_code == 200, response.text
            answers.append(response.json()["receipts"])
        assert answers[0] == answers[1]
        receipts: list[dict[str, Any]] = answers[0]
        return receipts

    asked = items(room.get("questions?sort=page"))
    answers = [{"question": q["id"], "act": "reject", "seen": q["seen"]} for q in asked[:3]]
    (receipt,) = twice("1", "answers", {"answers": answers[:1]})
    assert receipt["uid"] == "1" * 32
    assert len(twice("2", "answers", {"answers": answers[1:]})) == 2
    assert room.get("history")["total"] == 3
    assert {r["status"] for r in twice("3", "undo", {})} == {"proposed"}
    assert room.get("history")["total"] == 5
    assert room.get(f"question/{asked[0]['id']}")["question"]["status"] == "rejected"
    (receipt,) = twice("4", "undo", {})
    assert room.get("history")["total"] == 6
    article = room.get("page?stem=a")["articles"][0]
    body = {"stem": "a", "article": article["id"], "start": 0, "end": 1, "text": "新"}
    twice("5", "write", body | {"seen": article["seen"]})
    order = {"stem": "a", "article": room.get("page?stem=a")["articles"][1]["id"], "before": None}
    twice("6", "order", order | {"seen": room.get("page?stem=a")["articles"][1]["seen"]})
    twice("7", "sign", {"stem": "a"})
    assert room.get("history")["total"] == 9
    headers = room.headers | {"Idempotency-Key": "nonsense"}
    assert room.client.post("/api/undo", json={}, headers=headers).status_code == 400


def test_an_answer_is_of_the_name_that_comes_with_it(room: Room) -> None:
    """Not of the cookie, which may be another by the time it is sent."""
    question = items(room.get("questions"))[0]
    answer = {"question": question["id"], "act": "reject", "seen": question["seen"]}
    headers = room.headers | {"X-Newspage-Reviewer": "%E9%B2%8D%E5%8B%83"}
    assert room.client.post("/api/answers", json={"answers": [answer]}, headers=headers).is_success
    assert items(room.get("history"))[0]["reviewer"] == "鲍勃"


def test_changes_by_hand(room: Room) -> None:
    """Text, joins, order, sign-off: through the interface as at the desk."""
    page: dict[str, Any] = room.get("page?stem=a")
    first = page["articles"][0]
    body = {"stem": "a", "article": first["id"], "start": 0, "end": 1, "text": "新"}
    room.post("write", body | {"seen": first["seen"]})
    room.post("write", body | {"seen": first["seen"]}, 409)
    page = room.get("page?stem=a")
    assert page["articles"][0]["parts"][0]["text"][0] == "新"
    order = {"stem": "a", "article": page["articles"][1]["id"], "before": first["id"]}
    room.post("order", order | {"seen": page["articles"][1]["seen"]})
    assert room.get("page?stem=a")["articles"][1]["id"] == first["id"]
    room.post("sign", {"stem": "a"})
    assert len(room.get("page?stem=a")["signed"]) == 1


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("answers", {"answers": [{"question": 1, "act": "burn", "seen": ""}]}, 400),
        ("answers", [], 400),
        ("undo", {"uid": "nonsense"}, 404),
        ("write", {"stem": "a"}, 400),
        ("sign", {"stem": "../../etc/passwd"}, 404),
        ("pin", {"rule": "echo", "standing": "whatever"}, 400),
        ("adopt", {"key": "nonsense"}, 404),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    room: Room, path: str, body: object, status: int
) -> None:
    """And never breaks the server."""
    assert room.post(path, body, status)["error"]


def test_reading_only(office: Office) -> None:
    """Everything can be seen, nothing decided."""
    with Room(office, read_only=True) as room:
        question = items(room.get("questions"))[0]
        answer = {"question": question["id"], "act": "accept", "seen": question["seen"]}
        assert "reading only" in str(room.post("answers", {"answers": [answer]}, 400)["error"])
        assert room.client.get("/queue").status_code == 200


class _Outline(HTMLParser):
    """Which elements a page has, and whether any of them carries a script of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_reading_is_shown(room: Room, office: Office) -> None:
    """Counts, a plot of throughput, failures by reason in the language of the reader."""
    (office.place.home / "scans" / "bad.png").write_bytes(b"")
    office.run()
    view = room.get("reading")
    assert (view["done"], view["failed"], view["pending"]) == (3, 1, 0)
    assert sum(step["pages"] for step in view["steps"]) == 3
    assert [one["code"] for one in view["failures"]] == ["scan-empty"]
    for language, words in (("en", "is empty (0 bytes)"), ("zh", "是空文件")):
        headers = {"Accept-Language": language}
        shown = room.client.get("/reading", headers=headers).text
        assert words in shown
        assert shown.count("<rect") == len(view["steps"])
        listed = room.client.get("/api/pages?find=bad", headers=headers).json()
        assert words in items(listed)[0]["message"]


PAGES = (
    "queue",
    "q/1",
    "pages",
    "page/a",
    "progress",
    "reading",
    "learned",
    "history",
    "help",
    "q/999",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_are_whole(room: Room, path: str, language: str) -> None:
    """In both languages, with landmarks, without scripts or styles inside, all words known."""
    response = room.client.get(f"/{path}", headers={"Accept-Language": language})
    assert response.status_code == (404 if path == "q/999" else 200)
    outline = _Outline()
    outline.feed(response.text)
    names = [name for name, _ in outline.found]
    assert (
        names.count("main") == names.count("h1") == names.count("nav") // max(1, names.count("nav"))
    )
    assert not [a for _, a in outline.found if "style" in a or any(k[:2] == "on" for k in a)]
    scripts = [a for name, a in outline.found if name == "script"]
    assert all("src" in a or a.get("type") == "application/json" for a in scripts)
    assert outline.found[0][1]["lang"] == {"en": "en", "zh": "zh-Hans"}[language]
    visible = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.text, flags=re.DOTALL)
    assert not re.search(r"\b(queue|page|rule|status|settings|help)\.[a-z]", visible)


def test_a_text_is_never_markup(room: Room) -> None:
    """Neither in a page nor in the data inside it."""
    page: dict[str, Any] = room.get("page?stem=a")
    first = page["articles"][0]
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    body = {"stem": "a", "article": first["id"], "start": 0, "end": 1, "text": evil}
    room.post("write", body | {"seen": first["seen"]})
    for path in ("page/a", "history"):
        text = room.client.get(f"/{path}").text
        assert "<img" not in text
        assert "<script>" not in text


def test_settings_are_cookies_and_lead_back_inside(room: Room) -> None:
    """A form without its token, or one that would lead elsewhere, gets nowhere."""
    form = {"language": "zh", "theme": "dark", "reviewer": " 王\n芳 ", "back": "//evil.example/"}
    plain = {"Origin": "http://127.0.0.1:8642"}
    assert room.client.post("/settings", data=form, headers=plain).status_code == 400
    good = form | {"csrf": room.access.csrf}
    response = room.client.post("/settings", data=good, headers=plain)
    assert (response.status_code, response.headers["location"]) == (303, "/")
    text = room.client.get("/queue").text
    assert 'data-theme="dark"' in text
    assert "王 芳" in text
    question = items(room.get("questions"))[0]
    answer = {"question": question["id"], "act": "reject", "seen": question["seen"], "text": ""}
    room.post("answers", {"answers": [answer]})
    assert items(room.get("history"))[0]["reviewer"] == "王 芳"


def test_both_languages_say_the_same() -> None:
    """The same keys with the same placeholders."""
    english, chinese = load_texts("en"), load_texts("zh")
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        holes = set(re.findall(r"\{\w+\}", text))
        assert holes == set(re.findall(r"\{\w+\}", chinese[key])), key
    assert make_translator("zh")("queue.count", n=3) == "3 处"
    assert make_translator("en")("no such key") == "no such key"


def test_every_key_that_is_asked_for_is_there() -> None:
    """Words that templates and scripts name exist."""
    folder = Path(__file__).parent.parent / "pipeline" / "newspage" / "review" / "web"
    files = [*folder.glob("templates/*.html"), *folder.glob("static/*.js")]
    named = {key for f in files for key in re.findall(r'\bt\("([a-z.-]+)"[,)]', f.read_text())}
    assert len(named) > 80
    assert named <= load_texts("en").keys()


def test_language_by_header_and_names_by_people() -> None:
    """The better weight wins; a name is one line."""
    assert choose_language("zh-CN,zh;q=0.9,en;q=0.8") == "zh"
    assert choose_language("de,en;q=0.5,zh;q=0.4") == "en"
    assert choose_language("en;q=nonsense,zh") == "zh"
    assert choose_language(None) == "en"
    assert clean_name("a\x00b\u202e\n c" + "x" * 99)[:6] == "a b c"[:5] + "x"


def test_a_link_between_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is taken apart once, by who saw it as it stands; the history says it in both languages."""
    office = Office(tmp_path, monkeypatch)
    stems = ("x-2020-01-01/p1", "x-2020-01-01/p3")
    draw_scans(office, *(f"{stem}.png" for stem in stems))
    office.run()
    with Room(office) as room:
        (join,) = [j for j in room.get(f"page?stem={stems[0]}")["joins"] if j["kind"] == "page"]
        keys = [[join[end]["stem"], join[end]["article"]] for end in ("before_end", "after_end")]
        said = {"before": keys[0], "after": keys[1], "how": "apart", "seen": join["seen"]}
        assert room.post("link", said | {"how": "nonsense"}, 400)["kind"] == "usage"
        assert room.post("link", said | {"after": ["x-2020-01-01/p9", "a1"]}, 404)
        room.post("link", said)
        assert room.post("link", said, 409)["kind"] == "stale"
        for stem in stems:
            page = room.get(f"page?stem={stem}")
            assert [j["linked"] for j in page["joins"] if j["kind"] == "page"] == [False]
            assert [loose["page"] for loose in page["loose"]] == ["3" if stem == stems[0] else "1"]
        article = page["articles"][0]
        order = {"stem": stem, "article": article["id"], "before": None, "seen": article["seen"]}
        room.post("order", order)
        room.post("sign", {"stem": stem})
        room.post("undo", {})
        for language in ("zh", "en"):
            shown = room.client.get("/history", headers={"Accept-Language": language}).text
            assert join["before"] in shown
            for key in ("act.unlink", "act.target.unlink", "act.order", "act.target.order"):
                assert load_texts(language)[key] in shown
            assert not re.search(r"\bact\.[a-z]+\b", shown.partition("<main")[2].partition("</")[2])


def test_a_name_of_newspages_own(room: Room) -> None:
    """It cannot be chosen, and one in a cookie is as if there were none."""
    form = {"csrf": room.access.csrf, "reviewer": " Precedent", "back": "/"}
    refused = room.client.post("/settings", data=form, headers=room.headers)
    assert refused.status_code == 400
    assert "newspage&#39;s own" in refused.text
    with pytest.raises(UsageError):
        check_chosen_name("ＰＲＥＣＥＤＥＮＴ")
    room.client.cookies.set("newspage-reviewer", "precedent")
    question = items(room.get("questions"))[0]
    answer = {"question": question["id"], "act": "reject", "seen": question["seen"]}
    room.post("answers", {"answers": [answer]})
    assert items(room.get("history"))[0]["reviewer"] == "ann"


def test_what_proposes_nothing_cannot_be_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so, in the language of the person; nothing is kept, alone or with others."""
    monkeypatch.setattr(asking, "ASKS", (*ASKS, Ask(0, 6, 7, "四", False, "displaced")))
    office = Office(tmp_path, monkeypatch)
    draw_scans(office, "a.png")
    office.run()
    with Room(office) as room:
        assert [g["can_accept"] for g in items(room.get("groups?rule=displaced"))] == [False]
        asked = {q["rule"]: q for q in items(room.get("questions?state=open"))}
        assert {rule: q["can_accept"] for rule, q in asked.items()} == {
            "displaced": False,
            "look-alike": True,
            "punctuation": True,
        }
        view = room.get(f"question/{asked['displaced']['id']}")
        assert view["question"]["can_accept"] is False

        def answer(rule: str, act: str, text: str = "") -> dict[str, Any]:
            q = asked[rule]
            return {"question": q["id"], "act": act, "seen": q["seen"], "text": text}

        for given in (["displaced"], ["look-alike", "displaced"]):
            body = {"answers": [answer(rule, "accept") for rule in given]}
            refused = room.post("answers", body, 400)
            assert refused["kind"] == "nothing-proposed"
            assert "Nothing is proposed" in refused["error"]
        assert room.get("history")["total"] == 0
        (receipt,) = room.post("answers", {"answers": [answer("displaced", "reject")]})["receipts"]
        assert receipt["status"] == "rejected"


def test_articles_are_found_and_placed(room: Room) -> None:
    """By words, in the order of the address; each hit with its place on the scan; as CSV."""
    found = room.get("search?q=東南西北&sort=date")
    assert found["total"] == found["exact"] == 3
    first = found["items"][0]
    assert [piece for piece, marked in first["snippet"] if marked] == ["东南西北"]
    where = {name: first[name] for name in ("stem", "article", "start", "end")}
    place = room.client.get("/api/place", params=where).json()
    left, top, right, bottom = place["strip"]
    assert len(place["boxes"]) == 4
    assert all(
        left <= x0 < x1 <= right and top <= y0 < y1 <= bottom for x0, y0, x1, y1 in place["boxes"]
    )
    table = room.client.get("/search.csv?q=東南西北&paper=x")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.text.count("\r\n") == 3
    assert room.get("search?q=東南西北&paper=nowhere")["total"] == 0
    assert room.get("search?q=")["total"] == 0
    page = room.client.get("/search?q=東南西北&from=2020")
    assert page.text.count('class="hit"') == 2
    assert "<mark>东南西北</mark>" in page.text


def test_searches_that_make_no_sense_are_refused(room: Room) -> None:
    """In words: on the page as well as in JSON; a place that is not there is unknown."""
    assert "is no date" in room.client.get("/api/search?q=a&from=gestern").json()["error"]
    assert "is no date" in room.client.get("/search?q=a&from=gestern").text
    assert room.client.get("/search.csv?q=").status_code == 400
    assert room.client.get("/api/search?q=" + "a" * 1001).status_code == 400
    assert room.client.get("/api/place?stem=a&article=zz&start=0&end=1").status_code == 404
    assert room.client.get("/api/place?stem=a&article=a1&start=-1&end=1").status_code == 400
    far = room.client.get("/api/place?stem=a&article=a1&start=100000&end=100001").json()
    assert far["boxes"]
