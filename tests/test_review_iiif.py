"""Issues for IIIF viewers, served: manifests, pictures by request, search within an issue."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from newspage.review.service import BeyondError, RequestError
from newspage.review.web.image_requests import MOST_PIXELS, fit_most, parse_image_request
from newspage.review.web.security import AccessRules
from tests.asking import Office
from tests.iiif_reading import check_schema
from tests.interchange import ROOT, require_schema
from tests.review_rooms import Room, draw_scans

ISSUE = "/iiif/issues/x-2020-01-01"
PICTURE = f"{ISSUE}/images/00001"
WIDTH, HEIGHT = 1200, 900
READERS = ROOT / ".interop" / "python"
"""Where `make interop-viewers` installs iiif-prezi3, which asks for an older Pillow."""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An issue of two pages, and a page of no issue."""
    office = Office(tmp_path, monkeypatch)
    draw_scans(office, "a.png", "x-2020-01-01/p1.png", "x-2020-01-01/p2.png")
    office.run()
    return office


def fetch(room: Room, path: str) -> Any:
    """What an address answers, as JSON."""
    response = room.client.get(path)
    assert response.status_code == 200, response.text
    return response.json()


def test_issues_are_listed_and_described(room: Room) -> None:
    """Collection, manifest, and every file that the manifest refers to."""
    listed = fetch(room, "/iiif/collection.json")
    assert len(listed["items"]) == 2
    for item in listed["items"]:
        manifest = fetch(room, item["id"])
        assert manifest["id"] == item["id"]
        assert [s["type"] for s in manifest["service"]] == ["SearchService2"]
        for canvas in manifest["items"]:
            body = canvas["items"][0]["items"][0]["body"]
            assert body["service"][0]["profile"] == "level2"
            for link in (body, *canvas["thumbnail"], *canvas["seeAlso"], *canvas["annotations"]):
                assert room.client.get(link["id"]).status_code == 200, link
            redirect = room.client.get(body["service"][0]["id"])
            assert redirect.headers["location"] == f"{body['service'][0]['id']}/info.json"
        for article in manifest["structures"][0]["items"]:
            assert room.client.get(article["supplementary"]["id"]).status_code == 200


def test_manifests_are_valid(room: Room) -> None:
    """By the schema of the Presentation API: collection, manifest, and what a search found."""
    require_schema("iiif_3_0.json")
    for path in ("/iiif/collection.json", f"{ISSUE}/manifest.json", f"{ISSUE}/lines/00001.json"):
        check_schema(fetch(room, path))
    found = fetch(room, f"{ISSUE}/search?q=七八九十")
    # The schema knows nothing of what the Search API adds.
    plain = {name: found[name] for name in ("id", "type", "items")}
    check_schema(plain | {"@context": found["@context"][0]})


def test_iiif_prezi3_loads_what_is_served(room: Room, tmp_path: Path) -> None:
    """The library that Python programs read manifests with."""
    if not (READERS / "iiif_prezi3").is_dir():
        pytest.skip(f"iiif-prezi3 is not in {READERS}: make interop-viewers")
    paths = ("/iiif/collection.json", f"{ISSUE}/manifest.json", f"{ISSUE}/search?q=七八九十")
    program = (
        "import json, sys, iiif_prezi3 as p\n"
        "for data in json.load(sys.stdin):\n"
        "    print(data['type'], len(getattr(p, data['type'])(**data).items))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps([fetch(room, path) for path in paths]),
        env={**os.environ, "PYTHONPATH": str(READERS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines() == ["Collection 2", "Manifest 2", "AnnotationPage 4"]


def test_a_picture_is_described(room: Room) -> None:
    """With its size, what is served of it, and as linked data where that is asked for."""
    info = fetch(room, f"{PICTURE}/info.json")
    assert (info["width"], info["height"]) == (WIDTH, HEIGHT)
    assert (info["profile"], info["maxArea"]) == ("level2", MOST_PIXELS)
    linked = room.client.get(f"{PICTURE}/info.json", headers={"Accept": "application/ld+json"})
    assert linked.headers["content-type"].startswith("application/ld+json")


SIZED = (
    ("full/max/0/default.jpg", (1200, 900)),
    ("square/max/0/gray.png", (900, 900)),
    ("100,50,300,200/max/0/default.png", (300, 200)),
    ("1100,800,300,200/max/0/default.png", (100, 100)),
    ("pct:25,50,50,25/max/0/default.jpg", (600, 225)),
    ("full/600,/0/default.jpg", (600, 450)),
    ("full/,90/0/default.jpg", (120, 90)),
    ("full/pct:10/0/default.jpg", (120, 90)),
    ("full/50,40/0/default.jpg", (50, 40)),
    ("full/!400,400/0/default.jpg", (400, 300)),
    ("full/!4000,4000/0/default.jpg", (1200, 900)),
    ("full/^600,/0/default.jpg", (600, 450)),
    ("full/600,/90/default.jpg", (450, 600)),
    ("full/600,/!180/default.jpg", (600, 450)),
)


def test_pictures_have_the_size_that_is_asked_for(room: Room) -> None:
    """In the format that is asked for."""
    for asked, size in SIZED:
        response = room.client.get(f"{PICTURE}/{asked}")
        assert response.status_code == 200, response.text
        picture = Image.open(io.BytesIO(response.content))
        assert (picture.size, picture.format) == (size, "PNG" if asked.endswith("png") else "JPEG")
        assert response.headers["content-type"] == f"image/{str(picture.format).lower()}"


def test_pictures_show_what_is_asked_for(room: Room) -> None:
    """The region, scaled, mirrored and turned as the scan itself would be."""
    scan = Image.open(room.desk.folder.parent / "scans/x-2020-01-01/p1.png").convert("L")

    def served(asked: str) -> np.ndarray[Any, np.dtype[np.int16]]:
        data = room.client.get(f"{PICTURE}/{asked}").content
        return np.asarray(Image.open(io.BytesIO(data)).convert("L"), np.int16)

    part = np.asarray(scan.crop((10, 10, 210, 110)), np.int16)
    assert (served("10,10,200,100/max/0/default.png") == part).all()
    assert (served("10,10,200,100/max/90/default.png") == np.rot90(part, -1)).all()
    assert (served("10,10,200,100/max/!90/default.png") == np.rot90(part[:, ::-1], -1)).all()
    small = np.asarray(scan.reduce(4), np.int16)
    assert np.abs(served("full/300,/0/default.png") - small).mean() < 3


REFUSED = (
    ("full/^2400,/0/default.jpg", 501),
    ("full/^max/0/default.jpg", 501),
    ("full/^pct:120/0/default.jpg", 501),
    ("full/2400,/0/default.jpg", 400),
    ("full/pct:101/0/default.jpg", 400),
    ("full/0,/0/default.jpg", 400),
    ("full/,/0/default.jpg", 400),
    ("full/!90,/0/default.jpg", 400),
    ("1200,0,10,10/max/0/default.jpg", 400),
    ("0,0,0,10/max/0/default.jpg", 400),
    ("0,0,10/max/0/default.jpg", 400),
    ("-1,0,10,10/max/0/default.jpg", 400),
    ("full/max/45/default.jpg", 400),
    ("full/max/361/default.jpg", 400),
    ("full/max/0/colour.jpg", 400),
    ("full/max/0/default.tif", 400),
    ("full/max/0", 400),
)


def test_what_is_not_served_is_refused(room: Room) -> None:
    """By the status that the Image API wants, in words as JSON."""
    for asked, status in REFUSED:
        response = room.client.get(f"{PICTURE}/{asked}")
        assert response.status_code == status, asked
        assert response.json()["error"]


UNKNOWN = (
    "nothing",
    "issues/none/manifest.json",
    "issues/../index/manifest.json",
    "pages/../../scans/a/manifest.json",
    "pages/x-2020-01-01/p9/manifest.json",
    "issues/x-2020-01-01/images/00003/info.json",
    "issues/x-2020-01-01/images/00000/info.json",
    "issues/x-2020-01-01/lines/00009.json",
    "issues/x-2020-01-01/alto/..json",
)


def test_unknown_addresses_are_told(room: Room) -> None:
    """Nothing is read that the store does not know."""
    for path in UNKNOWN:
        assert room.client.get(f"/iiif/{path}").status_code == 404, path


NUMBERS = st.one_of(
    st.integers(0, 5000).map(str), st.sampled_from(["", "0", "99999999", "1.5", "x"])
)
REGIONS = st.one_of(
    st.sampled_from(["full", "square", "", "pct:0,0,0.001,0.001"]),
    st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS).map(",".join),
    st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS).map(lambda b: "pct:" + ",".join(b)),
)
SIZES = st.tuples(
    st.sampled_from(["", "^"]),
    st.one_of(
        st.just("max"),
        st.tuples(st.sampled_from(["", "!"]), NUMBERS, NUMBERS).map(
            lambda s: f"{s[0]}{s[1]},{s[2]}"
        ),
        NUMBERS.map(lambda n: f"pct:{n}"),
    ),
).map("".join)


@given(REGIONS, SIZES, st.integers(1, 32000), st.integers(1, 32000))
def test_no_request_makes_a_picture_too_large(
    region: str, size: str, width: int, height: int
) -> None:
    """What is not refused lies on the page, is no larger than its region, and within the limit."""
    try:
        asked = parse_image_request(f"{region}/{size}/0/default.jpg", width, height)
    except BeyondError:
        assert size.startswith("^")
        return
    except RequestError:
        return
    left, top, right, bottom = asked.region
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    assert 1 <= asked.size[0] <= right - left
    assert 1 <= asked.size[1] <= bottom - top
    assert asked.size[0] * asked.size[1] <= MOST_PIXELS
    assert fit_most(width, height)[0] <= width


def test_text_is_found_within_an_issue(room: Room) -> None:
    """Each hit with its place on the canvas, the words as printed, and what stands around."""
    found = fetch(room, f"{ISSUE}/search?q=東南西北&user=u&motivation=supplementing")
    assert found["type"] == "AnnotationPage"
    assert found["ignored"] == ["user"]
    assert [item["body"]["value"] for item in found["items"]] == ["东南西北"] * 2
    canvases = [c["id"] for c in fetch(room, f"{ISSUE}/manifest.json")["items"]]
    for item, canvas in zip(found["items"], canvases, strict=True):
        place, _, box = item["target"].partition("#xywh=")
        x, y, width, height = map(int, box.split(","))
        assert place == canvas
        assert 0 <= x < x + width <= WIDTH
        assert 0 <= y < y + height <= HEIGHT
    quoted = found["annotations"][0]["items"][0]
    assert quoted["motivation"] == "contextualizing"
    assert quoted["target"]["source"] == found["items"][0]["id"]
    assert quoted["target"]["selector"][0]["exact"] == "东南西北"
    assert quoted["target"]["selector"][0]["suffix"].startswith("中发白")
    assert not fetch(room, f"{ISSUE}/search?q=東南西北&motivation=painting")["items"]
    assert not fetch(room, f"{ISSUE}/search")["items"]
    assert len(fetch(room, "/iiif/pages/a/search?q=东南西北")["items"]) == 1
    assert room.client.get(f"{ISSUE}/search?q=a&page=0").status_code == 400
    head = room.client.head(f"{ISSUE}/manifest.json")
    assert (head.status_code, head.content) == (200, b"")


def test_a_hit_over_lines_is_one_with_several_places(room: Room) -> None:
    """An annotation for each line, quoted together."""
    found = fetch(room, f"{ISSUE}/search?q=七八九十")
    first = found["annotations"][0]["items"][0]["target"]
    values = [item["body"]["value"] for item in found["items"][: len(first)]]
    assert len(first) == 2
    assert [part["selector"][0]["exact"] for part in first] == values
    assert "".join(values) == "七八九十"
    assert "suffix" not in first[0]["selector"][0]


def test_decisions_are_in_what_is_served(room: Room) -> None:
    """At once: text, search and manifest."""
    question = next(q for q in room.get("questions?rule=look-alike&stem=x-2020-01-01/p1")["items"])
    answer = {"question": question["id"], "act": "accept", "seen": question["seen"], "text": ""}
    assert not fetch(room, f"{ISSUE}/search?q=卅")["items"]
    room.post("answers", {"answers": [answer]})
    room.get("page?stem=x-2020-01-01/p1")
    assert fetch(room, f"{ISSUE}/search?q=卅")["items"]
    assert "卅" in room.client.get(f"{ISSUE}/lines/00001.json").text


def test_only_what_is_shared_is_open_to_all(office: Office) -> None:
    """Without the token nothing but IIIF is given, and that only if it is shared."""
    for shared in (False, True):
        access = AccessRules(token="secret", share_iiif=shared)
        with Room(office, access=access) as room:
            response = room.client.get(f"{ISSUE}/manifest.json")
            assert response.status_code == (200 if shared else 403)
            assert response.headers.get("access-control-allow-origin") == ("*" if shared else None)
            assert room.client.get("/search?q=a").status_code == 403
            assert room.client.post(f"{ISSUE}/manifest.json").status_code == 403
