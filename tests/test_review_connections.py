"""Connections that are opened and left: they hold nobody up, and cost a bounded amount."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from newspage.review.web.connections import BoundedConnection
from tests.asking import Office, just_read
from tests.review_rooms import Room, served

REQUEST = b"GET /help HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
FEW_FILES = 256
"""As some systems allow; half of it are more connections than a server may keep then."""
COMMAND = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, ({FEW_FILES}, {FEW_FILES}))
from newspage.cli import main
main()
"""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """One page, just read."""
    return just_read(tmp_path, monkeypatch, "a.png")


@pytest.fixture
def place(office: Office) -> Iterator[tuple[str, int]]:
    """Host and port of a server."""
    with Room(office) as room, served(room) as address:
        yield "127.0.0.1", urlsplit(address).port or 0


def answered(place: tuple[str, int], request: bytes = REQUEST, wait: float = 20) -> bytes:
    """Everything that the server sends until it ends the connection."""
    with socket.create_connection(place, wait) as own:
        own.sendall(request)
        return b"".join(iter(lambda: own.recv(65536), b""))


@contextmanager
def trickling(own: socket.socket, rest: bytes) -> Iterator[None]:
    """Bytes that come one by one as long as the other side takes them."""
    ended = threading.Event()

    def send() -> None:
        for byte in rest * 1000:
            if ended.wait(0.05):
                return
            try:
                own.send(bytes([byte]))
            except OSError:
                return

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET /help HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
        (
            b"POST /api/sign HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\n"
            b"X-Newspage-Csrf: %s\r\nContent-Type: application/json\r\n"
            b"Content-Length: 9999\r\n\r\n"
        ),
        b"GET /help HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /help HTTP/1.1\r\nX-Slow: ",
    ],
    ids=["nothing", "headers", "body", "second request"],
)
def test_a_request_has_to_come_in_time(
    office: Office, monkeypatch: pytest.MonkeyPatch, begun: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Byte by byte does not count as coming, and the end of it is no trouble worth a trace."""
    monkeypatch.setattr(BoundedConnection, "arrival", 1.0)
    with Room(office) as room, served(room) as address:
        place = "127.0.0.1", urlsplit(address).port or 0
        if b"%s" in begun:
            begun %= room.access.csrf.encode()
        with socket.create_connection(place, 30) as own:
            own.sendall(begun)
            with trickling(own, b"x" if begun else b""):
                # It ends, by itself, in whatever way: that it does is the point.
                try:
                    while own.recv(65536):
                        pass
                except ConnectionError:
                    pass
        assert b" 200 " in answered(place)[:20]
    assert not [r for r in caplog.records if r.exc_info]


def test_an_answer_is_waited_for(place: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """The time a request may take to come is not the time that its answer may take."""
    monkeypatch.setattr(BoundedConnection, "arrival", 0.3)
    slow = threading.Event()
    monkeypatch.setattr("newspage.review.web.html_pages.render_template", _after(slow, 1.0))
    assert b" 200 " in answered(place)[:20]
    assert slow.is_set()


def _after(told: threading.Event, seconds: float) -> object:
    from newspage.review.web import html_pages

    shown = html_pages.render_template

    def late(*args: object, **kwargs: object) -> object:
        time.sleep(seconds)
        told.set()
        return shown(*args, **kwargs)  # type: ignore[arg-type]

    return late


@pytest.mark.skipif(os.name != "posix", reason="limits of files")
def test_half_open_requests_lock_nobody_out(office: Office, repository: Path) -> None:
    """More of them than the server may have files open: others get answers."""
    command = ["review", "-o", str(office.place.output), "--no-browser", "--port", "0"]
    with (office.home / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *command],
            cwd=repository,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found
    address = urlsplit(found[0])
    place = "127.0.0.1", address.port or 0
    request = REQUEST.replace(b"/help", f"/?{address.query}".encode())
    try:
        with ExitStack() as open_ones:
            for _ in range(FEW_FILES + 50):
                own = open_ones.enter_context(socket.create_connection(place, 20))
                own.sendall(b"GET /queue HTTP/1.1\r\nHost: 127.0.0.1\r\nX-")
            for _ in range(3):
                assert answered(place, request).startswith(b"HTTP/1.1 303 ")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        process.stdout.close()
    # No trace for each of them.
    assert (office.home / "log").stat().st_size < 2000
