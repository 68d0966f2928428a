"""IIIF: valid, every address leads somewhere, tiles are the scan, text and places are ours."""

import datetime
import io
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw
from typer.testing import CliRunner

import newspage
from newspage import cli
from newspage.config import Config, IiifConfig
from newspage.errors import ConfigError, InputError
from newspage.formats.document import IssueDocument, PackageFile, PageDocument, WrittenBeside
from newspage.formats.exporters import find_exporter
from newspage.formats.iiif import list_collections, pack_iiif
from newspage.formats.iiif.addresses import locate_canvas_box
from newspage.formats.iiif.image_pyramid import ImageSizes, describe_image, pack_image
from newspage.formats.iiif.manifest_package import IiifPacker
from newspage.formats.json_text import encode_json
from newspage.formats.plain_text import render_markdown
from newspage.formats.scan_picture import load_scan_picture
from newspage.geometry import Box
from newspage.ingest import open_pages
from newspage.model import PageRecord, Publication, Scan, join_chars
from newspage.output.issue_exports import write_issue
from newspage.review.service.views import Answer, QuestionFilter
from newspage.settings import load_settings
from tests.asking import PAGES, just_read
from tests.fakes import record_of
from tests.iiif_reading import (
    BASE,
    Json,
    check_schema,
    hold_export,
    list_annotations,
    list_articles,
    read_json,
)
from tests.interchange import ROOT, make_issue, require_schema
from tests.test_formats_interchange import ALTO, page_of_everything
from tests.test_mets import scanned
from tests.test_record import records

PUBLISHED = Publication("洛阳日报", datetime.date(2020, 4, 30), "1")
READERS = ROOT / ".interop" / "python"
"""Where `make interop-viewers` installs iiif-prezi3, which asks for an older Pillow."""


@pytest.fixture(name="issue")
def _issue(tmp_path: Path) -> IssueDocument:
    """Two pages: columns, furniture, a picture; an article that goes on from the first."""
    one = page_of_everything()
    one = replace(one, articles=(one.articles[0], replace(one.articles[1], continues="3")))
    three = record_of(Scan(Path("b"), "", 400, 300), "乙丙。", continued_from="1")
    paths = {"x/p1": tmp_path / "scans" / "p 1.png", "x/p3": tmp_path / "scans" / "p3.PNG"}
    made = {
        stem: scanned(path, record)
        for (stem, path), record in zip(paths.items(), (one, three), strict=True)
    }
    issue = make_issue(made, PUBLISHED, paths, {"x/p1": "1", "x/p3": "3"})
    return replace(issue, place="issues/洛阳 1.iiif")


def pack(issue: IssueDocument, export: Path) -> Path:
    """The folder of the package of an issue, written into the folder of an export."""
    path = export / issue.place
    write_issue(issue, find_exporter("iiif"), path)
    for file in list_collections(export, issue.publishing):
        (export / file.name).write_bytes(b"".join(file.pieces))
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in _files(folder)}


def _files(folder: Path) -> Iterator[Path]:
    return (p for p in sorted(folder.rglob("*")) if p.is_file())


def test_a_package_is_valid(issue: IssueDocument, tmp_path: Path) -> None:
    """By the schema of the Presentation API, which every test asks where it is at hand."""
    require_schema("iiif_3_0.json")
    folder = pack(issue, tmp_path / "export")
    for path in (tmp_path / "export").rglob("*.json"):
        check_schema(read_json(path))
    manifest = read_json(folder / "manifest.json")
    manifest["items"][0]["label"] = "Page 1"
    with pytest.raises(AssertionError, match="Page 1"):
        check_schema(manifest)


def test_a_package_is_complete(issue: IssueDocument, tmp_path: Path) -> None:
    """Every address leads to a file, and nothing lies about; the same bytes again."""
    folder = pack(issue, tmp_path / "export")
    hold_export(tmp_path / "export")
    before = contents(tmp_path / "export")
    assert [name for name in before if ".iiif/" not in name] == [
        "collection.json",
        "洛阳日报.collection.json",
    ]
    page = ["full/max/0/default.jpg", "info.json"]
    assert sorted(contents(folder)) == sorted(
        [
            "manifest.json",
            *(f"{name}.json" for i in (1, 2) for name in (f"articles/{i:05d}", f"lines/{i:05d}")),
            *(f"articles/{i:05d}.text.json" for i in (1, 2)),
            *(f"alto/{i:05d}.alto.xml" for i in (1, 2)),
            *(f"text/{i:05d}.md" for i in (1, 2)),
            *(f"images/{i:05d}/{name}" for i in (1, 2) for name in page),
        ]
    )
    pack(issue, tmp_path / "export")
    assert contents(tmp_path / "export") == before


def test_the_manifest_says_what_it_is(issue: IssueDocument, tmp_path: Path) -> None:
    """Paper, day, pages, who is to be named, under the address that was given."""
    publishing = IiifConfig(
        "https://example.org/a b/".replace(" ", "%20"),
        "某某图书馆",
        "http://rightsstatements.org/vocab/NoC-NC/1.0/",
    )
    beside = (
        WrittenBeside("issues/洛阳 1.pdf", "application/pdf", "searchable PDF"),
        WrittenBeside("issues/洛阳 1.tei.xml", "application/tei+xml", "TEI P5"),
    )
    issue = replace(issue, publishing=publishing, beside=beside)
    folder = pack(issue, tmp_path)
    manifest = read_json(folder / "manifest.json")
    check_schema(manifest)
    start = "https://example.org/a%20b"
    name = "%E6%B4%9B%E9%98%B3%201"
    assert manifest["id"] == f"{start}/issues/{name}.iiif/manifest.json"
    assert manifest["label"] == {"none": ["洛阳日报 2020-04-30"]}
    assert manifest["navDate"] == "2020-04-30T00:00:00Z"
    assert manifest["rights"] == publishing.rights
    assert manifest["requiredStatement"]["value"] == {"none": ["某某图书馆"]}
    assert manifest["rendering"][0]["id"] == f"{start}/issues/{name}.pdf"
    assert manifest["seeAlso"][0]["id"] == f"{start}/issues/{name}.tei.xml"
    labels = [canvas["label"]["en"] for canvas in manifest["items"]]
    assert labels == [["Page 1"], ["Page 3"]]
    facts = {e["label"]["en"][0]: e["value"] for e in manifest["metadata"]}
    assert facts["Newspaper"] == {"none": ["洛阳日报"]}
    assert facts["Date"] == {"none": ["2020-04-30"]}
    assert facts["Language"] == {"none": ["zh-Hans"]}
    assert facts["Text"]["en"][0].startswith("Read by machine (newspage ")
    (part,) = manifest["partOf"]
    collection = read_json(tmp_path / "洛阳日报.collection.json")
    assert part["id"] == collection["id"]
    assert [i["id"] for i in collection["items"]] == [manifest["id"]]


def test_nothing_is_made_up(tmp_path: Path) -> None:
    """A page of which neither paper nor number is known is called after its file."""
    path = tmp_path / "0017.png"
    made = {"x/0017": scanned(path, record_of(Scan(Path("x"), "", 40, 30), "文"))}
    issue = replace(make_issue(made, None, {"x/0017": path}), place="0017.iiif")
    manifest = read_json(pack(issue, tmp_path / "e") / "manifest.json")
    assert manifest["items"][0]["label"] == {"none": ["0017"]}
    assert not {"navDate", "partOf", "rights", "viewingDirection"} & set(manifest)
    assert "Read by machine" in manifest["requiredStatement"]["value"]["en"][0]
    (reference,) = read_json(tmp_path / "e" / "collection.json")["items"]
    assert (reference["type"], reference["id"]) == ("Manifest", manifest["id"])
    hold_export(tmp_path / "e")


def test_an_article_over_pages_is_one_range(issue: IssueDocument, tmp_path: Path) -> None:
    """Its places are its regions on both pages, in reading order; so are those of its text."""
    folder = pack(issue, tmp_path)
    manifest = read_json(folder / "manifest.json")
    canvases = [canvas["id"] for canvas in manifest["items"]]
    first, second = list_articles(manifest)
    assert first == ("竖排", [f"{canvases[0]}#xywh=300,50,10,20"])
    assert second == (
        "标题",
        [
            f"{canvases[0]}#xywh=0,0,20,10",
            f"{canvases[0]}#xywh=0,20,30,10",
            f"{canvases[1]}#xywh=0,20,30,10",
        ],
    )
    texts = list_annotations(folder / "articles" / "00002.text.json")
    assert texts == [
        ("标题", [second[1][0]]),
        ("甲已丙。", [second[1][1]]),
        ("乙丙。", [second[1][2]]),
    ]
    links = [article["supplementary"]["id"] for article in manifest["structures"][0]["items"]]
    root = manifest["id"].removesuffix("manifest.json")
    assert links == [f"{root}articles/00001.json", f"{root}articles/00002.json"]
    about = read_json(folder / "articles" / "00002.json")
    assert about["first"]["id"] == f"{root}articles/00002.text.json"


def hold_texts(issue: IssueDocument, folder: Path) -> None:
    """Lines have the text of ALTO, articles that of the issue, character by character."""
    for number, page in enumerate(issue.load_pages(), 1):
        alto = ET.fromstring((folder / f"alto/{number:05d}.alto.xml").read_bytes())
        strings = [s.get("CONTENT") for s in alto.iter(f"{ALTO}String") if s.get("CONTENT")]
        lines = list_annotations(folder / f"lines/{number:05d}.json")
        assert [text for text, _ in lines] == strings
        markdown = (folder / f"text/{number:05d}.md").read_text("utf-8")
        assert markdown == render_markdown(page.record)
    for number, name in enumerate(issue.outline.articles, 1):
        article = issue.join_article(name)
        expected = [*map(join_chars, article.heads), *(p.text for p in article.paragraphs)]
        found = list_annotations(folder / f"articles/{number:05d}.text.json")
        assert [text for text, _ in found] == [text for text in expected if text]


def test_the_text_is_ours(issue: IssueDocument, tmp_path: Path) -> None:
    """With corrections in it; each line lies where it is printed."""
    folder = pack(issue, tmp_path)
    hold_texts(issue, folder)
    lines = dict(list_annotations(folder / "lines" / "00001.json"))
    assert list(lines) == ["竖排", "第3版", "标题", "甲已丙。", "孤"]
    assert lines["竖排"][0].endswith("canvas/1#xywh=300,50,10,20")
    for item in read_json(folder / "lines" / "00001.json")["items"]:
        assert (item["motivation"], item["textGranularity"]) == ("supplementing", "line")


def test_alto_finds_its_picture(issue: IssueDocument, tmp_path: Path) -> None:
    """By the path that it gives, seen from where it lies."""
    folder = pack(issue, tmp_path)
    name = ET.fromstring((folder / "alto/00001.alto.xml").read_bytes()).findtext(
        f".//{ALTO}fileName"
    )
    assert name is not None
    with Image.open(folder / "alto" / name) as picture:
        assert picture.size == (400, 300)


def test_columns_are_read_from_the_right(tmp_path: Path) -> None:
    """Where most of an issue is in columns, its pages follow each other to the left."""
    record = page_of_everything()
    columns = tuple(r for r in record.page.regions if r.direction.value == "vertical")
    layout = replace(
        record.page, regions=columns, reading_order=tuple(r.id for r in columns), unplaced=()
    )
    path = tmp_path / "p.png"
    made = {"p": scanned(path, replace(record, page=layout, furniture=()))}
    issue = replace(make_issue(made, None, {"p": path}), place="p.iiif")
    manifest = read_json(pack(issue, tmp_path / "e") / "manifest.json")
    assert manifest["viewingDirection"] == "right-to-left"
    check_schema(manifest)


@pytest.mark.parametrize(
    ("box", "place"),
    [
        (Box(1.2, 2.8, 9.1, 9.0), "1,2,9,7"),
        (Box(-5, -5, 500, 500), "0,0,100,50"),
        (Box(7, 7, 7, 7), "7,7,1,1"),
        (Box(100, 50, 120, 60), "99,49,1,1"),
        (Box(-9, -9, -3, -3), "0,0,1,1"),
    ],
)
def test_places_are_whole_pixels_inside(box: Box, place: str) -> None:
    """Whatever a record holds, also boxes without width or beside the page."""
    assert locate_canvas_box("c", box, (100, 50)) == f"c#xywh={place}"


# Pictures.


def draw(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """A picture of soft colours with edges in it, in no two places alike."""
    x, y = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    red, green = 127 + 100 * np.sin(x / 40), 127 + 100 * np.cos(y / 50)
    blue = 127 + 100 * np.sin(x / 97 + y / 61)
    picture = Image.fromarray(np.stack([red, green, blue], axis=2).astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    for i in range(0, min(size), 90):
        pen.rectangle((i, i, i + 40, i + 20), fill=(20, 20, 20))
    return picture.convert(mode)


def unpack(files: Iterator[PackageFile]) -> dict[str, bytes]:
    """The files of a picture by their paths below its folder."""
    return {f.name.removeprefix("images/00001/"): b"".join(f.pieces) for f in files}


def open_jpeg(data: bytes) -> Image.Image:
    """A picture of an export, decoded."""
    picture = Image.open(io.BytesIO(data))
    assert picture.format == "JPEG"
    picture.load()
    return picture


def differ(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures are apart: the root of the mean square of their pixels' differences."""
    assert (one.size, one.mode) == (other.size, other.mode)
    a, b = (np.asarray(p, np.float64) for p in (one, other))
    return float(np.sqrt(np.mean((a - b) ** 2)))


@pytest.mark.parametrize("size", [(2500, 1700), (1025, 40), (1024, 1024), (3, 2), (401, 900)])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_tiles_put_together_are_the_scan(size: tuple[int, int], mode: str) -> None:
    """In every size, within what JPEG loses; whole pictures too."""
    picture = draw(size, mode)
    files = unpack(pack_image(1, picture, "http://x/i"))
    sizes = ImageSizes(*size)
    wanted = picture
    for factor in sizes.factors:
        wanted = picture.reduce(factor) if factor > 1 else picture
        assert wanted.size == sizes.measure_level(factor)
        found = Image.new(mode, wanted.size)
        for name, box in sizes.list_tiles(factor):
            tile = open_jpeg(files[name])
            assert tile.size == (box[2] - box[0], box[3] - box[1])
            found.paste(tile, box[:2])
        assert differ(found, wanted) < 6
    for whole in sizes.list_whole():
        assert open_jpeg(files[sizes.locate_whole(whole)]).size == whole
    assert differ(open_jpeg(files["full/max/0/default.jpg"]), picture) < 6
    assert max(wanted.size) <= 400
    tiles = {name for factor in sizes.factors for name, _ in sizes.list_tiles(factor)}
    assert set(files) == tiles | {"full/max/0/default.jpg", "info.json"}


def list_requests(width: int, height: int, info: Json) -> Iterator[str]:
    """What a viewer asks for that tiles a picture by `info.json`, in canonical form (section 4.7).

    Written from the text of the Image API 3, not from how the export reckons.
    """
    (tiles,) = info["tiles"]
    side = tiles["width"]
    for factor in tiles["scaleFactors"]:
        reach = side * factor
        for y in range(0, height, reach):
            for x in range(0, width, reach):
                w, h = min(reach, width - x), min(reach, height - y)
                whole = (w, h) == (width, height)
                region = "full" if whole else f"{x},{y},{w},{h}"
                out = (w + factor - 1) // factor, (h + factor - 1) // factor
                size = "max" if out == (width, height) else f"{out[0]},{out[1]}"
                yield f"{region}/{size}/0/default.jpg"
    for one in info["sizes"]:
        out = one["width"], one["height"]
        yield f"full/{'max' if out == (width, height) else f'{out[0]},{out[1]}'}/0/default.jpg"
    yield "full/max/0/default.jpg"


@settings(max_examples=150)
@given(st.integers(1, 9000), st.integers(1, 9000))
def test_every_request_has_its_file(width: int, height: int) -> None:
    """Whatever the size of the picture; and no list of sizes that OpenSeadragon misunderstands."""
    sizes = ImageSizes(width, height)
    info = describe_image(sizes, "http://x")
    made = {name for factor in sizes.factors for name, _ in sizes.list_tiles(factor)}
    made.add(sizes.locate_whole((width, height)))
    assert set(list_requests(width, height, info)) == made
    levels = len(sizes.factors)
    if len(info["sizes"]) in (levels - 1, levels):
        listed = [(s["width"], s["height"]) for s in info["sizes"]]
        every = [sizes.measure_level(factor) for factor in reversed(sizes.factors)]
        assert listed == every[: len(listed)]


def document_of(path: Path, frame: int = 0) -> PageDocument:
    """A page whose scan is a file."""
    scan = open_pages(path)[frame]
    record = record_of(scan, "文")
    return PageDocument(replace(record, page=replace(record.page, scan=scan)), "p", None, path)


def save_turned(path: Path) -> Image.Image:
    """A JPEG file that says it lies on its side; what viewers show."""
    shown = draw((90, 60))
    exif = Image.Exif()
    exif[274] = 6
    shown.transpose(Image.Transpose.ROTATE_90).save(path, "JPEG", quality=95, exif=exif)
    return shown


def save_bilevel(path: Path) -> Image.Image:
    """A black and white TIFF file."""
    picture = draw((90, 60), "1")
    picture.save(path, "TIFF", compression="group4")
    return picture.convert("L")


def save_wide(path: Path) -> Image.Image:
    """A gray PNG file of 16 bits."""
    gray = np.asarray(draw((90, 60), "L"), np.uint16)
    Image.fromarray(gray * 257).save(path, "PNG")
    return Image.fromarray(gray.astype(np.uint8))


def save_transparent(path: Path) -> Image.Image:
    """A PNG file of which one half is not there."""
    picture = draw((90, 60), "RGBA")
    picture.putalpha(Image.new("L", (90, 60), 255))
    picture.paste((0, 0, 0, 0), (0, 0, 45, 60))
    picture.save(path, "PNG")
    shown = draw((90, 60))
    shown.paste((255, 255, 255), (0, 0, 45, 60))
    return shown


def save_palette(path: Path) -> Image.Image:
    """A PNG file of 256 colours."""
    picture = draw((90, 60)).quantize(256)
    picture.save(path, "PNG")
    return picture.convert("RGB")


@pytest.mark.parametrize(
    "save", [save_turned, save_bilevel, save_wide, save_transparent, save_palette]
)
def test_scans_are_shown_as_viewers_show_them(
    save: Callable[[Path], Image.Image], tmp_path: Path
) -> None:
    """Upright, in gray or colour, on white paper."""
    path = tmp_path / "scan.png"
    shown = save(path)
    found = load_scan_picture(document_of(path))
    assert differ(found, shown) < 8


def test_pages_of_pdf_files_are_shown_in_colour(tmp_path: Path) -> None:
    """As they are rendered."""
    path = tmp_path / "scan.pdf"
    draw((90, 60)).save(path, "PDF", resolution=300, quality=95)
    document = document_of(path)
    scan = document.record.page.scan
    found = load_scan_picture(document)
    assert (found.mode, found.size) == ("RGB", (scan.width, scan.height))
    assert differ(found.resize((90, 60)), draw((90, 60))) < 15


def swap_colours(profile: bytes) -> bytes:
    """A profile in which red is blue, and blue is red."""
    return profile.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")


def test_colours_are_those_of_the_profile(tmp_path: Path) -> None:
    """They are converted to sRGB, which viewers take pictures for; a damaged profile is nothing."""
    picture = draw((90, 60))
    same = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture.save(tmp_path / "a.png", icc_profile=same)
    assert differ(load_scan_picture(document_of(tmp_path / "a.png")), picture) < 1
    picture.save(tmp_path / "c.png", icc_profile=swap_colours(same))
    red, green, blue = picture.split()
    swapped = Image.merge("RGB", (blue, green, red))
    assert differ(load_scan_picture(document_of(tmp_path / "c.png")), swapped) < 2
    picture.save(tmp_path / "b.png", icc_profile=b"no profile")
    assert differ(load_scan_picture(document_of(tmp_path / "b.png")), picture) == 0


def test_few_pixels_are_held(issue: IssueDocument) -> None:
    """Files are made one by one: the second page is not opened before the first is written."""
    seen: list[str] = []

    def read(stem: str) -> PageDocument:
        seen.append(stem)
        return issue.read_page(stem)

    files = pack_iiif(replace(issue, read_page=read))
    first = next(files)
    assert first.name.startswith("images/00001/")
    assert seen == ["x/p1"]


# What goes wrong.


@pytest.mark.parametrize("moved", [True, False])
def test_a_scan_that_is_not_that_one_is_refused(
    issue: IssueDocument, tmp_path: Path, moved: bool
) -> None:
    """It is named; nothing is written, and what was there stays."""
    folder = pack(issue, tmp_path / "export")
    before = contents(folder)
    path = tmp_path / "scans" / "p3.PNG"
    if moved:
        path.unlink()
    else:
        Image.new("L", (400, 300), 7).save(path)
    with pytest.raises(InputError, match=r"x/p3: its scan .*p3\.PNG"):
        pack(issue, tmp_path / "export")
    assert contents(folder) == before
    assert not list(folder.parent.glob(".*"))


def test_a_damaged_manifest_is_named(issue: IssueDocument, tmp_path: Path) -> None:
    """The lists would be short of it in silence."""
    folder = pack(issue, tmp_path)
    (folder / "manifest.json").write_bytes(b'{"id": "http://')
    with pytest.raises(InputError, match=r"manifest\.json: the manifest of an issue cannot be"):
        list(list_collections(tmp_path, IiifConfig()))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("base_url", "example.org", "base_url must be an address"),
        ("base_url", "https://example.org/?a=b", "base_url must be an address"),
        ("base_url", "https://example.org/a b", "base_url must be an address"),
        ("rights", "CC BY", "rights must begin with"),
        ("rights", "https://creativecommons.org/licenses/by/4.0/", "rights must begin with"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    key: str, value: str, said: str, tmp_path: Path
) -> None:
    """Viewers would refuse what is made with them."""
    file = tmp_path / "newspage.toml"
    file.write_text(f'[iiif]\n{key} = "{value}"\n')
    with pytest.raises(ConfigError, match=said):
        load_settings(file, {})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(records(), min_size=1, max_size=3))
def test_any_issue_is_described(made: list[PageRecord]) -> None:
    """Whatever records hold, if no two articles of a page have one id: valid, nothing lost."""
    unique = {}
    for i, record in enumerate(made):
        articles = {article.id: article for article in record.articles}
        unique[f"x/p{i}"] = replace(record, articles=tuple(articles.values()))
    issue = make_issue(unique)
    packer = IiifPacker(replace(issue, place="x.iiif"))
    files = {
        file.name: b"".join(file.pieces)
        for page in issue.load_pages()
        for file in packer.pack_text(page)
    }
    files["manifest.json"] = encode_json(packer.describe_manifest())
    loaded = {n: json.loads(data) for n, data in files.items() if n.endswith(".json")}
    for data in loaded.values():
        check_schema(data)
    names = [
        item["id"]
        for name, data in loaded.items()
        if name.startswith(("lines/", "articles/"))
        for item in data.get("items", [])
    ]
    assert len(names) == len(set(names))
    for number, name in enumerate(issue.outline.articles, 1):
        article = issue.join_article(name)
        wanted = "".join([*map(join_chars, article.heads), *(p.text for p in article.paragraphs)])
        found = "".join(
            i["body"]["value"] for i in loaded[f"articles/{number:05d}.text.json"]["items"]
        )
        assert found == wanted.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


# The command.


@pytest.fixture(name="home")
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an output folder of an issue of four pages and a page of no issue."""
    just_read(tmp_path, monkeypatch, *PAGES, "alone.png")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*arguments: object) -> str:
    """The command, in this process; what it says."""
    done = CliRunner().invoke(cli.app, ["export", *map(str, arguments), "-o", "ex"])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command_writes_issues_and_lists(home: Path) -> None:
    """Under the address that it is given, with PDF where it is asked for, too."""
    base = "https://example.org/papers"
    said = call("iiif", "pdf", "output", "--base-url", base)
    assert "2 of 2 issues, 1 of them single pages, written to ex (iiif, pdf)" in said
    hold_export(home / "ex", base)
    manifest = read_json(home / "ex" / "issues" / "x-2020-01-01.iiif" / "manifest.json")
    assert manifest["rendering"][0]["id"] == f"{base}/issues/x-2020-01-01.pdf"
    assert len(manifest["items"]) == 4
    listed = read_json(home / "ex" / "collection.json")["items"]
    assert [(i["type"], i["label"]["none"]) for i in listed] == [
        ("Collection", ["x"]),
        ("Manifest", ["alone"]),
    ]


def test_what_was_exported_before_stays_in_the_lists(home: Path) -> None:
    """Issues may be exported one by one."""
    call("iiif", home / "output" / "alone.json")
    call("iiif", home / "output" / "issues" / "x-2020-01-01.json")
    assert len(read_json(home / "ex" / "collection.json")["items"]) == 2
    hold_export(home / "ex")


def test_settings_come_from_the_file(home: Path) -> None:
    """Whom to name, and where the folder will be; pages are not read again for it."""
    (home / "newspage.toml").write_text(
        '[iiif]\nbase_url = "https://example.org"\nattribution = "某馆"\n', "utf-8"
    )
    call("iiif", home / "output" / "alone.json")
    manifest = read_json(home / "ex" / "alone.iiif" / "manifest.json")
    assert manifest["id"] == "https://example.org/alone.iiif/manifest.json"
    assert manifest["requiredStatement"]["value"] == {"none": ["某馆"]}


def test_decisions_are_in_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a run and the review page write them; from Python the same is made."""
    office = just_read(tmp_path, monkeypatch, *PAGES)
    with closing(office.desk()) as desk:
        (question, *_) = desk.list_questions(QuestionFilter())[0]
        desk.record_answers([Answer(question.id, "edit", question.seen, "改")], "ann")
    office.run()
    path = office.place.output / "issues" / "x-2020-01-01.json"
    issue = newspage.load_issue(path, Config(iiif=IiifConfig("https://example.org/papers")))
    folder = tmp_path / "papers" / "x.iiif"
    newspage.export(issue, "iiif", folder)
    hold_texts(issue, folder)
    texts = "".join(t for p in folder.glob("articles/*.text.json") for t, _ in list_annotations(p))
    assert "改" in texts
    manifest = read_json(folder / "manifest.json")
    assert manifest["id"] == "https://example.org/papers/x.iiif/manifest.json"
    stated = manifest["requiredStatement"]["value"]["en"][0]
    assert stated.endswith("; places decided by people: 1")
    page = newspage.load_page(office.place.output / "x-2020-01-01" / "p1.json")
    newspage.export(page, "iiif", tmp_path / "p1.iiif")
    assert read_json(tmp_path / "p1.iiif" / "manifest.json")["id"].startswith(BASE)


def test_iiif_prezi3_loads_it(home: Path) -> None:
    """The library that Python programs read manifests with."""
    if not (READERS / "iiif_prezi3").is_dir():
        pytest.skip(f"iiif-prezi3 is not in {READERS}: make interop-viewers")
    call("iiif", "output")
    program = (
        "import json, sys, iiif_prezi3 as p\n"
        "for name in sys.argv[1:]:\n"
        "    d = json.load(open(name, encoding='utf-8'))\n"
        "    made = getattr(p, d['type'])(**d)\n"
        "    print(d['type'], len(made.items or []), len(getattr(made, 'structures', 0) or []))\n"
    )
    files = [p for p in (home / "ex").rglob("*.json") if p.name != "info.json"]
    files = sorted(p for p in files if p.parent.name != "articles" or "text" in p.name)
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, files)],
        env={**os.environ, "PYTHONPATH": str(READERS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = done.stdout.splitlines()
    assert len(lines) == len(files)
    assert "Manifest 4 1" in lines
    assert "Collection 1 0" in lines
