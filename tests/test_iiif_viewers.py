"""Exports for IIIF in viewers that archives have: Mirador and its text overlay, OpenSeadragon.

`make interop-viewers` installs them. With NEWSPAGE_SCREENSHOTS=DIR pictures of them are kept.
"""

import datetime
import functools
import http.server
import io
import json
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from newspage.config import IiifConfig
from newspage.formats.exporters import find_exporter
from newspage.formats.iiif import list_collections
from newspage.model import Publication
from newspage.output.issue_exports import write_issue
from tests.browsing import MARKS, until
from tests.iiif_reading import list_annotations, list_articles, read_json
from tests.interchange import ROOT, make_issue
from tests.test_sample_issues import ISSUES, read

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Route

VIEWERS = ROOT / ".interop" / "viewers"
INSTALLED = (VIEWERS / "overlay.bundle.js").is_file()
pytestmark = [
    *MARKS,
    pytest.mark.engine,
    pytest.mark.skipif(not INSTALLED, reason="needs viewers of IIIF: make interop-viewers"),
]

MIRADOR = "node_modules/mirador4/dist/mirador.min.js"
OPENSEADRAGON = "node_modules/openseadragon/build/openseadragon/openseadragon.min.js"
HORIZONTAL, VERTICAL = "qingdu-2024-03-18", "songling-1933-09-08"

PAGE = """<!doctype html><meta charset="utf-8"><title>viewer</title>
<div id="viewer" style="position:absolute;inset:0"></div>
<script src="/.viewers/{script}"></script><script>{program}</script>"""


@dataclass
class Published:
    """A folder with exports, as a web server that knows nothing of IIIF hands it out."""

    folder: Path
    address: str
    missed: list[str] = field(default_factory=list)
    """What was asked for and is not there."""

    def locate(self, name: str, file: str = "manifest.json") -> str:
        """The address of a file of an issue."""
        return f"{self.address}/{name}.iiif/{file}"

    def read(self, name: str, file: str) -> dict[str, Any]:
        """A file of an issue."""
        return read_json(self.folder / f"{name}.iiif" / file)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Hands out a folder, and the viewers under `.viewers`."""

    def __init__(self, *args: Any, published: Published, **options: Any) -> None:
        self.published = published
        super().__init__(*args, directory=str(published.folder), **options)

    def translate_path(self, path: str) -> str:
        start = "/.viewers/"
        if path.startswith(start):
            return str(VIEWERS / path.removeprefix(start))
        return super().translate_path(path)

    def log_message(self, *args: Any) -> None:
        pass

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        self.published.missed.append(self.path)
        super().send_error(code, message, explain)


@contextmanager
def handed_out(folder: Path) -> Iterator[Published]:
    """A folder on a port of this machine."""
    published = Published(folder, "")
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, published=published)
    )
    published.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield published
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(name="published", scope="module")
def _published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """The sample pages of two papers, read by the networks: an issue of two pages, and columns."""
    with handed_out(tmp_path_factory.mktemp("export")) as published:
        publishing = IiifConfig(published.address)
        for name in (HORIZONTAL, VERTICAL):
            numbers = {f"{name}/p{number}": number for number in ISSUES[name]}
            scans = {stem: ROOT / "scans" / f"{stem}.jpg" for stem in numbers}
            records = {stem: read(scan) for stem, scan in scans.items()}
            paper, _, day = name.partition("-")
            publication = Publication(paper, datetime.date.fromisoformat(day))
            issue = make_issue(records, publication, scans, numbers)
            issue = replace(issue, publishing=publishing, place=f"{name}.iiif")
            write_issue(issue, find_exporter("iiif"), published.folder / issue.place)
        for file in list_collections(published.folder, publishing):
            (published.folder / file.name).write_bytes(b"".join(file.pieces))
        yield published


@contextmanager
def viewing(
    browser: "Browser", published: Published, script: str, program: str
) -> Iterator["Page"]:
    """A page of the browser with a viewer; no error in its scripts is let pass, nothing missed."""
    published.missed.clear()
    context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    html = PAGE.format(script=script, program=program)

    def answer(route: "Route") -> None:
        route.fulfill(body=html, content_type="text/html")

    page.route("**/.viewer.html", answer)
    page.goto(f"{published.address}/.viewer.html")
    yield page
    context.close()
    assert errors == []


def keep(page: "Page", name: str) -> NDArray[np.uint8]:
    """A picture of the page as it is, in gray; kept as a file where that is asked for."""
    data = page.screenshot()
    if folder := os.environ.get("NEWSPAGE_SCREENSHOTS"):
        (Path(folder) / f"{name}.png").write_bytes(data)
    return np.asarray(Image.open(io.BytesIO(data)).convert("L"))


def is_printed(shown: NDArray[np.uint8]) -> bool:
    """Whether there is print on paper in a picture."""
    return float(np.mean(shown < 100)) > 0.02 and float(np.mean(shown > 160)) > 0.4


def open_mirador(address: str) -> str:
    """A program that opens an issue in Mirador 4, its index and the text annotations at hand."""
    config = {
        "id": "viewer",
        "windows": [{"manifestId": address}],
        "window": {"sideBarOpen": True, "sideBarPanel": "canvas", "defaultSidebarPanelWidth": 400},
        "annotations": {"filteredMotivations": ["supplementing"]},
    }
    return f"Mirador.viewer({json.dumps(config)})"


@pytest.mark.parametrize("name", [HORIZONTAL, VERTICAL])
def test_mirador_shows_an_issue(browser: "Browser", published: Published, name: str) -> None:
    """Its page, its articles in the index, its lines among the annotations; and goes to them."""
    manifest = published.read(name, "manifest.json")
    articles = [label for label, _ in list_articles(manifest)]
    with viewing(browser, published, MIRADOR, open_mirador(published.locate(name))) as page:
        items = page.get_by_role("treeitem")
        until(page, lambda: items.count() > len(articles))
        assert [t.strip() for t in items.all_inner_texts()[1:]] == articles
        until(page, lambda: is_printed(keep(page, f"mirador-{name}")[100:800, 700:1100]))
        last = articles[-1]
        items.filter(has_text=last).last.click()
        count = len(manifest["items"])
        page.get_by_text(f"{count} of {count}").wait_for()
        page.get_by_role("tab", name="Annotations").click()
        lines = published.folder / f"{name}.iiif" / "lines" / f"{count:05d}.json"
        expected = [text for text, _ in list_annotations(lines)]
        page.get_by_text(f"Showing {len(expected)} annotations").wait_for()
        page.wait_for_load_state("networkidle")
        keep(page, f"mirador-lines-{name}")
        assert page.get_by_text(expected[-1]).count()
    assert published.missed == []


def test_mirador_shows_the_papers(browser: "Browser", published: Published) -> None:
    """A collection of all papers leads to that of one, and that to its issue."""
    program = open_mirador(f"{published.address}/collection.json")
    with viewing(browser, published, MIRADOR, program) as page:
        page.get_by_role("button", name="Show collection").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_text("qingdu", exact=True).click()
        dialog.get_by_text("qingdu 2024-03-18").wait_for()
        keep(page, "mirador-collection")
        dialog.get_by_text("qingdu 2024-03-18").click()
        page.get_by_text("1 of 2").wait_for()
    assert published.missed == []


def test_the_page_of_the_documentation_opens_an_export(
    browser: "Browser", published: Published
) -> None:
    """Beside Mirador's one file, in the folder of the export, with nothing else."""
    text = (ROOT / "docs" / "export.md").read_text("utf-8")
    lines = [line[4:] for line in text.splitlines() if line.startswith("    <")]
    page_text = "\n".join(lines).replace(IiifConfig().base_url, published.address)
    (published.folder / "viewer.html").write_text(page_text, "utf-8")
    shutil.copy(VIEWERS / MIRADOR, published.folder / "mirador.min.js")
    page = browser.new_page()
    page.goto(f"{published.address}/viewer.html")
    page.get_by_text("Newspapers").first.wait_for()
    page.close()


def in_old_words(route: "Route") -> None:
    """A manifest as the text overlay reads it, which knows Presentation 2 only.

    It looks for the address of the ALTO file under `@id`, and fails on newer annotations.
    """
    manifest = route.fetch().json()
    for canvas in manifest["items"]:
        del canvas["annotations"]
        for link in canvas["seeAlso"]:
            link["@id"] = link["id"]
    route.fulfill(json=manifest)


@pytest.mark.parametrize("name", [HORIZONTAL, VERTICAL])
def test_text_is_selected_on_the_page(browser: "Browser", published: Published, name: str) -> None:
    """Mirador 3 with its text overlay puts the lines of our ALTO where they are printed."""
    overlay = {"enabled": True, "selectable": True, "visible": False}
    address = published.locate(name)
    config = {
        "id": "viewer",
        "windows": [{"manifestId": address}],
        "window": {"textOverlay": overlay},
    }
    lines = list_annotations(published.folder / f"{name}.iiif" / "lines" / "00001.json")
    program = f"window.open = () => openViewer({json.dumps(config)})"
    with viewing(browser, published, "overlay.bundle.js", program) as page:
        page.route("**/manifest.json", in_old_words)
        page.evaluate("window.open()")
        texts = page.locator("svg text")
        until(page, lambda: texts.count() > len(lines) // 2)
        page.wait_for_load_state("networkidle")
        assert [t.strip() for t in texts.all_text_contents()] == [text for text, _ in lines]
        # The plugin knows no vertical writing: columns are there, but the mouse does not meet them.
        level = [i for i, (_, (place,)) in enumerate(lines) if is_level(place)]
        longest = max(level, key=lambda i: len(lines[i][0]))
        for chosen in (longest, 0):
            selected = drag_over(page, texts.nth(chosen))
            assert lines[chosen][0] in selected
        keep(page, f"overlay-{name}")
    # The plugin wants to look at the colours of the page in a size that files do not offer.
    assert [path for path in published.missed if "/200,/" not in path] == []


def is_level(place: str) -> bool:
    """Whether a place on a canvas is that of a horizontal line."""
    width, height = place.rpartition("=")[2].split(",")[2:]
    return int(width) > int(height)


def drag_over(page: "Page", text: "Locator") -> str:
    """Mark a line with the mouse, from one side to the other; what is marked then."""
    found = text.bounding_box()
    assert found
    middle = found["y"] + found["height"] / 2
    page.mouse.click(5, 5)
    page.mouse.move(found["x"] + 1, middle)
    page.mouse.down()
    page.mouse.move(found["x"] + found["width"] - 1, middle, steps=5)
    page.mouse.up()
    return str(page.evaluate("getSelection().toString()"))


OPEN_PICTURE = """window.shown = OpenSeadragon({{
  element: "viewer", tileSources: "{address}", drawer: "canvas", prefixUrl: "",
  showNavigationControl: false, animationTime: 0, imageSmoothingEnabled: true,
}})"""
GO_TO = """([x, y, zoom]) => {
  const item = shown.world.getItemAt(0);
  const scale = zoom * shown.viewport.getContainerSize().x / item.getContentSize().x;
  shown.viewport.zoomTo(item.imageToViewportZoom(zoom), null, true);
  shown.viewport.panTo(item.imageToViewportCoordinates(x, y), true);
}"""
READY = "Boolean(window.shown && shown.world.getItemAt(0)?.getFullyLoaded())"


@pytest.mark.parametrize(
    ("x", "y", "zoom"),
    [(700, 450, 1.0), (1620, 2422, 1.0), (1023, 1024, 1.0), (1160, 1436, 0.5), (1160, 1436, 0.25)],
)
def test_openseadragon_puts_the_tiles_together(
    browser: "Browser", published: Published, x: int, y: int, zoom: float
) -> None:
    """What it shows is the scan, in every size and over the edges of tiles."""
    program = OPEN_PICTURE.format(address=published.locate(HORIZONTAL, "images/00001/info.json"))
    with viewing(browser, published, OPENSEADRAGON, program) as page:
        until(page, lambda: bool(page.evaluate(READY)))
        page.evaluate(GO_TO, [x, y, zoom])
        page.wait_for_timeout(200)
        until(page, lambda: bool(page.evaluate(READY)))
        page.wait_for_timeout(200)
        shown = keep(page, f"openseadragon-{x}-{y}-{zoom}")
    assert published.missed == []
    with Image.open(ROOT / "scans" / HORIZONTAL / "p1.jpg") as scan:
        half = 200
        reach = round(half / zoom)
        cut = scan.convert("L").crop((x - reach, y - reach, x + reach, y + reach))
        wanted = np.asarray(cut.resize((2 * half, 2 * half), Image.Resampling.BOX), np.float64)
    near = [measure_error(shown, wanted, x, y) for x in range(-2, 3) for y in range(-2, 3)]
    # Letters half a pixel off, and made smaller in another way, differ by some 20.
    assert min(near) < 24
    assert min(near) < 0.5 * measure_error(shown, wanted, 12, 0)


def measure_error(
    shown: NDArray[np.uint8], wanted: NDArray[np.float64], right: int, down: int
) -> float:
    """How far the middle of a window, some pixels aside, is from what it should show."""
    half = wanted.shape[0] // 2
    top, left = 450 - half + down, 700 - half + right
    found = shown[top : top + 2 * half, left : left + 2 * half]
    return float(np.sqrt(np.mean((found - wanted) ** 2)))
