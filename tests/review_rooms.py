"""The review page over made-up pages: in process, or served on a port for a browser."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import pytest
from PIL import Image, ImageDraw
from starlette.testclient import TestClient

from newspage.config import IngestConfig
from newspage.review.service.review_service import ReviewService
from newspage.review.web.app import AppOptions, create_app
from newspage.review.web.connections import make_server
from newspage.review.web.scan_pictures import ScanPictures
from newspage.review.web.security import AccessRules
from newspage.review.web.web_server import open_socket
from tests.asking import Office

BASE = "http://127.0.0.1:8642"


def draw_scans(office: Office, *names: str, size: tuple[int, int] = (1200, 900)) -> None:
    """Put scans with something to see on them into an office."""
    for i, name in enumerate(names):
        path = office.home / "scans" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        image = Image.new("L", size, 245)
        pen = ImageDraw.Draw(image)
        for y in range(20, size[1] - 30, 24):
            pen.rectangle((20 + i, y, size[0] - 20, y + 12), fill=90)
        image.save(path)


class Room:
    """An application over a desk, and a client that carries what a page of ours would carry."""

    def __init__(
        self, office: Office, read_only: bool = False, access: AccessRules | None = None
    ) -> None:
        self.desk: ReviewService = office.desk(read_only)
        self.access = access or AccessRules()
        self.cache = office.home / "newspage.cache"
        self.pictures = ScanPictures(self.desk.locate_scan, self.cache, IngestConfig())
        self.app = create_app(self.desk, self.pictures, AppOptions(self.access, "ann", read_only))
        self.client = TestClient(self.app, BASE, follow_redirects=False)
        self.headers = {"X-Newspage-Csrf": self.access.csrf, "Origin": BASE}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.desk.close()

    def get(self, path: str) -> dict[str, Any]:
        """What the interface answers."""
        response = self.client.get(f"/api/{path}")
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def post(self, path: str, body: object, status: int = 200) -> dict[str, Any]:
        """What the interface answers to a change."""
        response = self.client.post(f"/api/{path}", json=body, headers=self.headers)
        assert response.status_code == status, response.text
        answer: dict[str, Any] = response.json()
        return answer


def drawn_office(home: Path, monkeypatch: pytest.MonkeyPatch, stems: Iterable[str]) -> Office:
    """An office whose scans are drawn, so that the browser has pictures, and read."""
    office = Office(home, monkeypatch)
    draw_scans(office, *(f"{stem}.png" for stem in stems))
    office.run()
    return office


@contextmanager
def served(room: Room, port: int = 0) -> Iterator[str]:
    """The application on a port (0: one of its own); its address."""
    with open_socket("127.0.0.1", port) as own:
        server = make_server(room.app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [own]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{own.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)
