"""Who may ask, from where, how much."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newspage.errors import UsageError
from newspage.review.service.request_errors import RequestError
from newspage.review.web.security import HEADERS, MAX_BODY, AccessRules
from newspage.review.web.tokens import find_secret_path, load_user_secret
from newspage.review.web.web_server import ListenOptions, decide_access, format_address, open_socket
from newspage.workspace import Workspace
from tests.asking import Office
from tests.review_rooms import BASE, Room, draw_scans


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """One page, just read."""
    office = Office(tmp_path, monkeypatch)
    draw_scans(office, "a.png")
    office.run()
    return office


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


@pytest.fixture
def access() -> AccessRules:
    """As of a server on the own machine."""
    return AccessRules.bound_to("127.0.0.1", 8642, "secret", "csrf")


@pytest.fixture
def locked(office: Office, access: AccessRules) -> Iterator[Room]:
    """The application as it is served: to be used by those who have its token."""
    with Room(office, access=access) as room:
        yield room


@pytest.mark.parametrize("path", ["/queue", "/api/groups", "/static/base.css", "/q/1"])
def test_without_the_token_nobody_gets_in(locked: Room, path: str) -> None:
    """Other accounts of the machine least of all; a wrong one is none."""
    assert locked.client.get(path).status_code == 403
    assert locked.client.get(f"{path}?token=wrong").status_code == 403
    wrong = {"Cookie": "newspage-token-8642=wrong"}
    assert locked.client.get(path, headers=wrong).status_code == 403
    change = locked.client.post("/api/sign", json={"stem": "a"}, headers=locked.headers)
    assert change.status_code == 403
    assert change.json()["kind"] == "token"


def test_whoever_has_no_token_is_told_what_to_do(locked: Room) -> None:
    """In both languages on a page, in their own where a program shows it."""
    page = locked.client.get("/queue").text
    told = (str(RequestError("token-missing")), "请打开 newspage", 'lang="zh-Hans"')
    assert all(part in page for part in told)
    data = locked.client.get("/api/groups", headers={"Accept-Language": "zh"}).json()
    assert data["error"].startswith("请打开")
    assert (data["code"], data["kind"]) == ("token-missing", "token")


def test_the_token_of_the_address_goes_into_a_cookie(locked: Room) -> None:
    """It leaves the address; where the way goes on is an address of ours."""
    response = locked.client.get("/queue?sort=page&token=secret")
    assert (response.status_code, response.headers["location"]) == (303, "/queue?sort=page")
    cookie = response.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("newspage-token-8642=", "httponly", "samesite=lax"))
    assert locked.client.get("/queue").status_code == 200
    evil = locked.client.get("//evil.example/?token=secret")
    assert not evil.headers.get("location", "/x").startswith("//")


@pytest.mark.parametrize(
    "cookies",
    [
        "newspage-token-8642=stale; newspage-token-8642=secret",
        "newspage-token-8642=secret; newspage-token-8642=stale",
        'a b; {"json": 1}; =; ;; newspage-token-8642=secret',
        "bad[name]=1; newspage-token-8642=secret; other=\xff",
        'newspage-token-9000=theirs; newspage-token=old; newspage-token-8642="secret"',
    ],
)
def test_cookies_of_others_do_not_lock_out(locked: Room, cookies: str) -> None:
    """Browsers send those of all ports of this machine, well-formed or not, in any order."""
    sent = {b"cookie": cookies.encode("latin-1")}
    assert locked.client.get("/queue", headers=sent).status_code == 200


def test_the_address_given_to_the_browser_works_once(locked: Room, access: AccessRules) -> None:
    """Whoever lists the processes of the machine reads it; by then it is worth nothing."""
    first = locked.client.get(f"/?token={access.ticket.value}")
    assert first.status_code == 303
    assert "secret" in first.headers["set-cookie"]
    locked.client.cookies.clear()
    assert locked.client.get(f"/?token={access.ticket.value}").status_code == 403


def test_a_page_goes_on_after_a_restart(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the cookie and the token for changes that it has from the server of before."""
    monkeypatch.setenv("XDG_STATE_HOME", str(office.home / "state"))
    said: list[str] = []
    before, after = (decide_access(office.place, ListenOptions(), 8642, said.append) for _ in "12")
    assert before.token
    headers = {"X-Newspage-Csrf": before.csrf, "Origin": BASE}
    headers["Cookie"] = f"newspage-token-8642={before.token}"
    with Room(office, access=after) as room:
        answer = room.client.post("/api/sign", json={"stem": "a"}, headers=headers)
        assert answer.status_code == 200
    other = decide_access(
        Workspace(office.home / "other", "x://"), ListenOptions(), 8642, said.append
    )
    assert not {other.token, other.csrf} & {before.token, before.csrf}
    assert not said


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_a_secret_that_others_can_read_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is refused, with what to do; one cut short by a power cut is made anew."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    secret = load_user_secret()
    assert secret is not None
    assert len(secret) == 32
    assert load_user_secret() == secret
    assert stat.S_IMODE(find_secret_path().stat().st_mode) == 0o600
    find_secret_path().chmod(0o640)
    with pytest.raises(UsageError, match="others on this machine can read it"):
        load_user_secret()
    find_secret_path().chmod(0o600)
    find_secret_path().write_bytes(b"short")
    assert len(load_user_secret() or b"") == 32


def test_where_no_secret_can_be_kept(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a token all the same, for this once, and it is said."""
    (office.home / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(office.home / "file"))
    said: list[str] = []
    assert len(decide_access(office.place, ListenOptions(), 1, said.append).token) > 20
    assert "changes with every start" in said[0]


def test_no_token_is_for_the_own_machine(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole network is not let in, even if somebody insists."""
    monkeypatch.setenv("XDG_STATE_HOME", str(office.home / "state"))
    said: list[str] = []
    assert decide_access(office.place, ListenOptions(no_token=True), 1, said.append).token == ""
    assert (
        decide_access(office.place, ListenOptions("::1", token="mine"), 1, said.append).token
        == "mine"
    )
    with pytest.raises(UsageError, match="everybody"):
        decide_access(office.place, ListenOptions("0.0.0.0", no_token=True), 1, said.append)


def test_on_the_network(office: Office) -> None:
    """Any numeric address is ours there, no other name."""
    with Room(office, access=AccessRules.bound_to("0.0.0.0", 8642, "secret", "csrf")) as room:
        room.client.cookies.set("newspage-token-8642", "secret")
        for host, status in (("192.168.1.7:8642", 200), ("evil.example", 421)):
            assert room.client.get("/queue", headers={"Host": host}).status_code == status


def test_a_port_in_use() -> None:
    """Is said in words where it was asked for, and passed over where it was not."""
    with open_socket("127.0.0.1", None) as first, open_socket("127.0.0.1", None) as second:
        taken = first.getsockname()[1]
        assert second.getsockname()[1] != taken
        with (
            pytest.raises(UsageError, match="used by another program"),
            open_socket("127.0.0.1", taken),
        ):
            pass
    with pytest.raises(UsageError, match="cannot listen"), open_socket("192.0.2.1", 0):
        pass


def test_addresses() -> None:
    """As a browser takes them."""
    assert format_address("127.0.0.1", 8642) == "http://127.0.0.1:8642/"
    assert format_address("::1", 80, "a&b") == "http://[::1]:80/?token=a%26b"


def test_the_server_loads_no_recogniser() -> None:
    """So that it is there at once."""
    program = (
        "import sys, newspage.review.web.web_server, uvicorn;"
        "heavy = {'paddleocr', 'openvino', 'onnxruntime', 'rapidocr'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
