"""Exports for IIIF, read by their own rules: identifiers, references, places, texts."""

import json
import re
import urllib.parse
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from newspage.config import IiifConfig
from newspage.formats.iiif.addresses import join_address
from tests.interchange import SCHEMAS

BASE = IiifConfig().base_url
SCHEMA = SCHEMAS / "iiif_3_0.json"
PLACE = re.compile(r"(?P<canvas>[^#]+)#xywh=(\d+),(\d+),(\d+),(\d+)")
NAMES_ONLY = re.compile(r"/(canvas/\d+(/page|/painting)?|range/\d+)$")
"""Ends of identifiers that no file stands behind: they are parts of the manifest."""

Json = dict[str, Any]


def read_json(path: Path) -> Json:
    """A file of an export."""
    found: Json = json.loads(path.read_text("utf-8"))
    return found


def check_schema(data: Json) -> None:
    """Hold a file against the schema of the Presentation API, where that is at hand."""
    if SCHEMA.is_file() and data["type"] != "ImageService3":
        errors = list(_validator().iter_errors(data))
        assert not errors, [c.message[:200] for e in errors for c in e.context or [e]][:9]


@lru_cache
def _validator() -> Any:
    """The published schema, ready for use."""
    from jsonschema import Draft7Validator

    return Draft7Validator(json.loads(SCHEMA.read_text("utf-8")))


def list_objects(data: Any) -> Iterator[Json]:
    """Every object in a value, the outermost one first."""
    if isinstance(data, dict):
        yield data
        for value in data.values():
            yield from list_objects(value)
    elif isinstance(data, list):
        for value in data:
            yield from list_objects(value)


def list_texts(data: Any) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for value in data.values() if isinstance(data, dict) else data:
            yield from list_texts(value)


def hold_export(folder: Path, base: str = BASE) -> None:
    """All files are valid, every address in them leads to a file, identifiers are unique.

    An identifier is defined once; where it stands again, the object is a reference to it.
    """
    sizes: dict[str, tuple[int, int]] = {}
    defined: list[str] = []
    files = {p: read_json(p) for p in sorted(folder.rglob("*.json"))}
    for path, data in files.items():
        place = path.relative_to(folder).as_posix()
        assert data["id"] == join_address(base, place.removesuffix("/info.json"))
        check_schema(data)
        for item in list_objects(data):
            if item.get("type") == "Canvas" and "items" in item:
                sizes[item["id"]] = item["width"], item["height"]
            if item.get("type") in ("Annotation", "Range") or (
                item.get("type") == "Canvas" and "items" in item
            ):
                defined.append(item["id"])
    assert len(defined) == len(set(defined))
    links = {t for data in files.values() for t in list_texts(data) if t.startswith(base)}
    for link in links:
        hold_link(link, folder, base, sizes)


def hold_link(link: str, folder: Path, base: str, sizes: dict[str, tuple[int, int]]) -> None:
    """An address leads to a file of the export, to a canvas, or to a part inside one."""
    place = PLACE.fullmatch(link)
    if place:
        width, height = sizes[place["canvas"]]
        x, y, w, h = map(int, place.groups()[1:])
        assert min(w, h) >= 1
        assert x + w <= width
        assert y + h <= height
    elif not NAMES_ONLY.search(link):
        path = folder / urllib.parse.unquote(link.removeprefix(base).partition("#")[0]).lstrip("/")
        assert path.is_file() or (path / "info.json").is_file(), link
    elif "/range/" not in link:
        assert re.sub("/(page|painting)$", "", link) in sizes


def list_annotations(path: Path) -> list[tuple[str, list[str]]]:
    """The texts of a file of annotations, each with its places."""
    found = []
    for item in read_json(path)["items"]:
        target = item["target"]
        found.append((item["body"]["value"], [target] if isinstance(target, str) else target))
    return found


def list_articles(manifest: Json) -> list[tuple[str, list[str]]]:
    """The articles in the table of contents, each with its places."""
    return [
        (next(iter(article["label"].values()))[0], [item["id"] for item in article["items"]])
        for root in manifest.get("structures", [])
        for article in root["items"]
    ]
