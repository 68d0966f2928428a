"""Pieces of scans as pictures."""

import io
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from newspage import ingest
from newspage.config import IngestConfig
from newspage.review.web import scan_pictures as module
from newspage.review.web.scan_pictures import TILE, ScanPictures, count_levels
from tests.asking import Office
from tests.review_rooms import Room, draw_scans


def scan(path: Path, width: int = 1500, height: int = 1100) -> NDArray[np.uint8]:
    """A scan that shows where one is on it."""
    columns = np.linspace(0, 255, width)[None, :]
    image = np.repeat(columns, height, 0).astype(np.uint8)
    Image.fromarray(image).save(path)
    return image


@pytest.fixture
def cut(tmp_path: Path) -> ScanPictures:
    """Pictures of one scan."""
    scan(tmp_path / "a.png")
    return ScanPictures(lambda key: (tmp_path / "a.png", 0), tmp_path / "cache", IngestConfig())


def opened(data: bytes) -> Image.Image:
    """A picture."""
    return Image.open(io.BytesIO(data))


def test_a_crop_shows_its_box(cut: ScanPictures, tmp_path: Path) -> None:
    """In the scan's own pixels, at most as wide as asked for, inside the scan."""
    assert opened(cut.cut_crop("k-0", (100, 50, 300, 90), 1000)).size == (200, 40)
    assert opened(cut.cut_crop("k-0", (0, 0, 1500, 100), 300)).size == (300, 20)
    assert opened(cut.cut_crop("k-0", (1400, 1050, 9000, 9000), 1000)).size == (100, 50)
    middle = np.asarray(opened(cut.cut_crop("k-0", (700, 0, 800, 20), 1000)).convert("L"))
    assert abs(float(middle.mean()) - 127) < 6
    assert cut.cut_crop("k-0", (5000, 5000, 6000, 6000), 1000) == b""


def test_tiles_cover_the_page(cut: ScanPictures) -> None:
    """At every level, without gaps."""
    info = cut.describe_scan("k-0")
    assert (info.width, info.height, info.levels) == (1500, 1100, count_levels(1500, 1100))
    for level in range(info.levels):
        scale = 2 ** (info.levels - 1 - level)
        width, height = -(-info.width // scale), -(-info.height // scale)
        columns, rows = -(-width // TILE), -(-height // TILE)
        sizes = [opened(cut.cut_tile("k-0", level, c, 0)).size[0] for c in range(columns)]
        assert sum(sizes) == width
        heights = [opened(cut.cut_tile("k-0", level, 0, r)).size[1] for r in range(rows)]
        assert sum(heights) == height
        assert cut.cut_tile("k-0", level, columns, 0) == b""
    assert opened(cut.cut_tile("k-0", 0, 0, 0)).size <= (TILE, TILE)
    assert cut.cut_tile("k-0", 99, 0, 0) == b""
    assert cut.cut_tile("k-0", 0, -1, 0) == b""


def test_a_scan_is_decoded_once(cut: ScanPictures, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks at once, and not at all where everything was cut before."""
    decoded = []
    load = ingest.load_page

    def counted(*args: object) -> object:
        decoded.append(1)
        return load(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "load_page", counted)
    boxes = [(10.0 * i, 0.0, 10.0 * i + 50, 40.0) for i in range(8)]
    threads = [threading.Thread(target=cut.cut_crop, args=("k-0", box, 500)) for box in boxes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(decoded) == 1
    cut._decoded.clear()
    assert all(cut.cut_crop("k-0", box, 500) for box in boxes)
    assert len(decoded) == 1


def test_old_scans_are_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory holds a few pages, however many are looked at."""
    monkeypatch.setattr(module, "_DECODED_BYTES", 4_000_000)
    for name in "abcdef":
        scan(tmp_path / f"{name}.png")
    cut = ScanPictures(lambda key: (tmp_path / f"{key}.png", 0), tmp_path / "cache", IngestConfig())
    for name in "abcdef":
        cut.cut_crop(name, (0, 0, 50, 50), 100)
    assert list(cut._decoded) == ["e", "f"]


def test_the_folder_of_cuttings_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scans looked at longest ago are forgotten first."""
    monkeypatch.setattr(module, "_DISK_BYTES", 20_000)
    monkeypatch.setattr(module, "_LOOK_EVERY", 1)
    scan(tmp_path / "a.png")
    cut = ScanPictures(lambda key: (tmp_path / "a.png", 0), tmp_path / "cache", IngestConfig())
    for number in range(12):
        assert cut.cut_tile(f"k{number}", 2, 1, 0)
    kept = sorted(f.name for f in (tmp_path / "cache").iterdir())
    assert "k11" in kept
    assert "k0" not in kept


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """The application over one page."""
    office = Office(tmp_path, monkeypatch)
    draw_scans(office, "a.png")
    office.run()
    with Room(office) as room:
        yield room


def test_pictures_over_the_wire(room: Room) -> None:
    """Kept by browsers for ever, since their address says what they show."""
    key = room.get("page?stem=a")["scan"]
    response = room.client.get(f"/picture/{key}/crop?box=10,10,110,60&w=400")
    assert response.status_code == 200
    assert response.headers["content-type"] == "image/webp"
    assert "immutable" in response.headers["cache-control"]
    assert opened(response.content).size == (100, 50)
    assert room.client.get(f"/picture/{key}/tile/0/0/0").status_code == 200
    assert room.client.get(f"/picture/{key}/info").json()["width"] == 1200


@pytest.mark.parametrize(
    "box", ["", "1,2,3", "a,b,c,d", "5,5,1,1", "-1,0,5,5", "nan,0,5,5", "0,0,1e9,5"]
)
def test_a_box_that_is_none(room: Room, box: str) -> None:
    """Is refused in words."""
    key = room.get("page?stem=a")["scan"]
    response = room.client.get(f"/picture/{key}/crop", params={"box": box})
    assert response.status_code == 400
    assert "box" in response.json()["error"].lower()


def test_a_scan_that_is_gone_or_broken(room: Room, tmp_path: Path) -> None:
    """Leaves the page without its picture, not without its text."""
    key = room.get("page?stem=a")["scan"]
    (tmp_path / "scans" / "a.png").write_bytes(b"no picture any more")
    response = room.client.get(f"/picture/{key}/crop?box=1,1,50,50")
    assert (response.status_code, response.json()["kind"]) == (404, "picture")
    (tmp_path / "scans" / "a.png").unlink()
    assert room.client.get(f"/picture/{key}/tile/0/0/0").status_code == 404
    assert room.client.get("/page/a").status_code == 200


def test_no_level_is_larger_than_it_needs_to_be() -> None:
    """One tile shows a small page, and each level doubles."""
    assert count_levels(1, 1) == count_levels(512, 512) == 1
    assert count_levels(513, 10) == 2
    assert count_levels(10_000, 8_000) == 6
