"""Requests that no browser of a reviewer would send: clear refusals, nothing of the store."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from newspage.errors import OutputError
from newspage.review.web.endpoints import LONGEST
from newspage.store import StoreError
from tests.asking import Office
from tests.review_rooms import BASE, Room, draw_scans

HUGE = 2**63


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """One page, and what a server would answer where a request breaks it."""
    office = Office(tmp_path, monkeypatch)
    draw_scans(office, "a.png")
    office.run()
    with Room(office) as room:
        room.client = TestClient(room.app, BASE, False, follow_redirects=False)
        yield room


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "["},
        {"Host": "[::1"},
        {"Host": "127.0.0.1:8642", "Origin": "http://["},
        {"Host": "127.0.0.1:8642", "Origin": "http://[::1"},
        {"Host": "127.0.0.1:8642", "Content-Length": "9" * 5000},
    ],
)
def test_headers_that_are_no_addresses(room: Room, headers: dict[str, str]) -> None:
    """Are those of somebody else."""
    sent = room.headers | {"Content-Type": "application/json"} | headers
    response = room.client.post("/api/sign", content=b'{"stem": "a"}', headers=sent)
    assert response.status_code in (403, 413, 421)
    assert not room.get("page?stem=a")["signed"]


@pytest.mark.parametrize("number", [HUGE, -1, 10**30, 10**4299])
@pytest.mark.parametrize("path", ["/q/{}", "/api/question/{}"])
def test_numbers_of_no_question_in_the_address(room: Room, path: str, number: int) -> None:
    """Be they larger than a store can hold, or than a program can count."""
    response = room.client.get(path.format(number))
    assert response.status_code in (400, 404)
    assert "understood" in response.text


@pytest.mark.parametrize(
    "path",
    [
        f"/picture/{'0' * 64}-{HUGE}/info",
        f"/picture/{'0' * 64}-0/tile/{HUGE}/0/0",
        f"/picture/{'0' * 64}-{'9' * 5000}/crop?box=0,0,1,1",
    ],
)
def test_numbers_of_no_picture(room: Room, path: str) -> None:
    """Neither."""
    assert room.client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("answers", {"answers": [{"question": HUGE, "act": "reject", "seen": ""}]}),
        ("answers", {"answers": [{"question": -(10**40), "act": "reject", "seen": ""}]}),
        (
            "write",
            {"stem": "a", "article": "a1", "start": HUGE, "end": HUGE, "text": "x", "seen": ""},
        ),
    ],
)
def test_numbers_of_nothing_in_what_is_sent(room: Room, path: str, body: dict[str, Any]) -> None:
    """A clear word, as to every other request that cannot be understood."""
    response = room.client.post(f"/api/{path}", json=body, headers=room.headers)
    assert 400 <= response.status_code < 500
    assert response.json()["error"]


@pytest.mark.parametrize("path", ["write", "answers", "pin", "dismiss", "undo"])
def test_bodies_nested_without_end(room: Room, path: str) -> None:
    """They are refused like every other request that cannot be understood."""
    body = b'{"x":' + b"[" * 20_000 + b"]" * 20_000 + b"}"
    response = room.client.post(f"/api/{path}", content=body, headers=room.headers)
    assert response.status_code == 400
    assert response.json()["error"].startswith("The request cannot be understood.")


@pytest.mark.parametrize("path", ["/queue", "/api/groups", "/api/questions", "/next"])
@pytest.mark.parametrize("text", ["%" * 200, "%" * 60_000, "_" * 60_000, "%00", "%25%25%ff"])
def test_texts_to_look_for(room: Room, path: str, text: str) -> None:
    """Those no word of a question can hold are refused, others are looked for."""
    response = room.client.get(f"{path}?text={text}")
    assert response.status_code in ((200, 303) if len(text) < LONGEST and text != "%00" else (400,))
    assert "newspage.sqlite:" not in response.text


@pytest.mark.parametrize("kind", [StoreError, OutputError])
def test_trouble_is_told_without_its_place(
    room: Room,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: type[StoreError | OutputError],
) -> None:
    """The terminal of whoever runs the server has what the browser does not."""

    def fail(*_: object) -> None:
        raise kind("/home/ann/newspage.sqlite: the store cannot be used (disk I/O error).")

    monkeypatch.setattr(room.desk, "list_groups", fail)
    for path in ("/queue", "/api/groups"):
        response = room.client.get(path, headers={"Accept-Language": "zh"})
        assert response.status_code in (500, 503)
        assert "/home/ann" not in response.text
        assert "暂时" in response.text
    assert "disk I/O error" in capsys.readouterr().err


def test_a_damaged_scan_is_named_without_its_place(room: Room) -> None:
    """Its name is enough to find it."""
    page = room.get("page?stem=a")
    (room.cache.parent / "scans" / "a.png").write_bytes(b"no picture")
    response = room.client.get(f"/picture/{page['scan']}/info")
    assert response.status_code == 404
    assert "a.png" in response.text
    assert str(room.cache.parent) not in response.text
