"""Who may ask, from where, how much."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newspage.errors import UsageError
from newspage.review.security import COOKIE, HEADERS, MAX_BODY, Access
from newspage.review.serve import address, bound
from tests.asking import Office
from tests.review_rooms import BASE, Room, draw_scans


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """One page, just read."""
    office = Office(tmp_path, monkeypatch)
    draw_scans(office, "a.png")
    office.run()
    return office


@pytest.fixture
def room(office: Office) -> Iterator[Room]:
    """The application over it."""
    with Room(office) as room:
        yield room


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.5", ""])
def test_only_our_own_names(room: Room, host: str) -> None:
    """A name that somebody points at this machine is none of ours (DNS rebinding)."""
    assert room.client.get("/queue", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8642", "localhost:8642", "[::1]:8642", "LOCALHOST"])
def test_our_own_names(room: Room, host: str) -> None:
    """By all of which it may be called."""
    assert room.client.get("/queue", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"X-Newspage-Csrf": ""},
        {"X-Newspage-Csrf": "guess"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_changes_come_from_our_own_pages(room: Room, change: dict[str, str]) -> None:
    """With their token, from their origin."""
    headers = room.headers | change
    response = room.client.post("/api/sign", json={"stem": "a"}, headers=headers)
    assert response.status_code == 403
    assert not room.get("page?stem=a")["signed"]


def test_a_form_of_another_site_changes_nothing(room: Room) -> None:
    """Forms can be sent across sites without asking; ours need their token and origin."""
    body = b'{"stem": "a"}'
    plain = {"Content-Type": "text/plain"}
    assert room.client.post("/api/sign", content=body, headers=plain).status_code == 403
    cross = {**plain, "Origin": "http://evil.example"}
    assert room.client.post("/settings", content=b"theme=dark", headers=cross).status_code == 403
    # What comes from our own page but is no JSON request is no change of ours either.
    own = {**plain, "Origin": BASE}
    assert room.client.post("/api/sign", content=body, headers=own).status_code == 403


def test_only_methods_we_know(room: Room) -> None:
    """Nothing is put, patched or deleted."""
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert room.client.request(method, "/queue").status_code == 405


def test_bodies_are_bounded(room: Room) -> None:
    """By their header, and where that is missing, as they come."""
    large = b"x" * (MAX_BODY + 1)
    headers = room.headers | {"Content-Type": "application/json"}
    assert room.client.post("/api/sign", content=large, headers=headers).status_code == 413

    def chunks() -> Iterator[bytes]:
        for _ in range(12):
            yield b"x" * (MAX_BODY // 10)

    assert room.client.post("/api/sign", content=chunks(), headers=headers).status_code == 413


@pytest.mark.parametrize("path", ["/queue", "/api/groups", "/static/base.css", "/nothing"])
def test_browsers_are_told(room: Room, path: str) -> None:
    """On every answer, errors too, that nothing foreign may run or frame it."""
    headers = room.client.get(path).headers
    for name, value in HEADERS.items():
        assert headers[name] == value
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2Fapp.py",
        "/static/%2e%2e/app.py",
        "/page/../../../../etc/passwd",
        "/page/%2Fetc%2Fpasswd",
        "/page/..%5C..%5Cx",
        "/picture/..%2F..%2Fetc-0/crop?box=0,0,5,5",
        "/picture/abc-0/info",
        "/docs",
        "/openapi.json",
    ],
)
def test_no_path_leaves_the_folders(room: Room, path: str) -> None:
    """An address names what the store knows, or nothing."""
    response = room.client.get(path)
    assert response.status_code == 404
    assert "root:" not in response.text


def test_other_machines_need_a_token(office: Office) -> None:
    """Once in the address, then in a cookie that no other site's request carries."""
    access = Access.bound_to("0.0.0.0", "secret")
    with Room(office, access=access) as room:
        host = {"Host": "192.168.1.7:8642"}
        assert room.client.get("/queue", headers=host).status_code == 403
        assert room.client.get("/queue?token=wrong", headers=host).status_code == 403
        response = room.client.get("/queue?sort=page&token=secret", headers=host)
        assert response.status_code == 303
        assert response.headers["location"] == "/queue?sort=page"
        cookie = response.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        room.client.cookies.clear()
        with_cookie = {**host, "Cookie": f"{COOKIE}=secret"}
        assert room.client.get("/queue", headers=with_cookie).status_code == 200
        evil = room.client.get("//evil.example/?token=secret", headers=host)
        assert not evil.headers.get("location", "/x").startswith("//")
        named = {**with_cookie, "Host": "evil.example"}
        assert room.client.get("/queue", headers=named).status_code == 421


def test_a_token_is_made_up_where_one_is_needed() -> None:
    """And never for the own machine unless somebody wants one."""
    assert len(Access.bound_to("0.0.0.0", "").token) > 20
    assert Access.bound_to("127.0.0.1", "").token == ""
    assert Access.bound_to("::1", "mine").token == "mine"


def test_a_port_in_use() -> None:
    """Is said in words where it was asked for, and passed over where it was not."""
    with bound("127.0.0.1", None) as first, bound("127.0.0.1", None) as second:
        taken = first.getsockname()[1]
        assert second.getsockname()[1] != taken
        with pytest.raises(UsageError, match="used by another program"), bound("127.0.0.1", taken):
            pass
    with pytest.raises(UsageError, match="cannot listen"), bound("192.0.2.1", 0):
        pass


def test_addresses() -> None:
    """As a browser takes them."""
    assert address("127.0.0.1", 8642) == "http://127.0.0.1:8642/"
    assert address("::1", 80, "a&b") == "http://[::1]:80/?token=a%26b"


def test_the_server_loads_no_recogniser() -> None:
    """So that it is there at once."""
    program = (
        "import sys, newspage.review.serve, uvicorn;"
        "heavy = {'paddleocr', 'openvino', 'onnxruntime', 'rapidocr'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
