"""List the packages in the folder of an export as IIIF collections: one a paper, one of all."""

import os
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from newspage.config import IiifConfig
from newspage.errors import InputError
from newspage.formats.document import PackageFile
from newspage.formats.iiif.addresses import MANIFEST, join_address
from newspage.formats.iiif.presentation import PAPER_LABEL
from newspage.formats.iiif.text_annotations import CONTEXT, Json
from newspage.formats.json_text import encode_json

COLLECTION_NAME = "collection.json"
"""Name of the file that lists all papers of an export."""
_SUFFIX = ".iiif"


class _Manifest(msgspec.Struct):
    """What is read of a manifest."""

    id: str
    label: dict[str, list[str]]
    navDate: str = ""  # noqa: N815 - the word of IIIF
    thumbnail: list[Any] = []
    partOf: list[dict[str, str]] = []  # noqa: N815
    metadata: list[dict[str, dict[str, list[str]]]] = []

    @property
    def collection(self) -> str:
        """Return the name of the file that lists the paper's issues; empty without a paper."""
        address = self.partOf[0]["id"] if self.partOf else ""
        return urllib.parse.unquote(address.rpartition("/")[2])

    @property
    def paper(self) -> str:
        """Return the name of the paper."""
        values = [e["value"] for e in self.metadata if e["label"] == PAPER_LABEL]
        return values[0]["none"][0] if values else ""


@dataclass(slots=True)
class _Paper:
    """A paper with its issues, as lists refer to them."""

    name: str
    issues: list[Json]


def list_collections(folder: Path, publishing: IiifConfig) -> Iterator[PackageFile]:
    """Yield `PAPER.collection.json` for each paper with packages below a folder, and of all papers
    `collection.json`.

    Issues of which no paper is known stand in the latter. Packages of earlier exports are in the
    lists with the addresses that they were given then. Raises InputError for a damaged manifest.
    """
    papers: dict[str, _Paper] = {}
    manifests = sorted(_read_manifests(folder), key=lambda m: (m.collection, m.navDate, m.id))
    for manifest in manifests:
        paper = papers.setdefault(manifest.collection, _Paper(manifest.paper, []))
        paper.issues.append(_refer_to(manifest))
    single = papers.pop("", _Paper("", []))
    references: list[Json] = []
    for name, paper in papers.items():
        address = join_address(publishing.base_url, name)
        label = {"none": [paper.name]}
        references.append({"id": address, "type": "Collection", "label": label})
        yield _list_items(name, address, label, paper.issues)
    address = join_address(publishing.base_url, COLLECTION_NAME)
    label = {"en": ["Newspapers"], "zh": ["报纸"]}
    yield _list_items(COLLECTION_NAME, address, label, references + single.issues)


def _list_items(
    name: str, address: str, label: dict[str, list[str]], items: list[Json]
) -> PackageFile:
    """Return the file of a collection.

    Args:
        name: Its name.
        address: Its address.
        label: What it is called.
        items: References to what it lists.
    """
    about = {"@context": CONTEXT, "id": address, "type": "Collection", "label": label}
    return PackageFile(name, (encode_json({**about, "items": items}),))


def _read_manifests(folder: Path) -> Iterator[_Manifest]:
    """Yield what is kept of the manifests of all packages below a folder.

    Raises InputError where one is damaged or missing.
    """
    for parent, names, _ in os.walk(folder):
        packages = [name for name in names if name.endswith(_SUFFIX)]
        # Nobody looks for packages among the tiles of one, nor in what is not finished.
        names[:] = [n for n in names if n not in packages and not n.startswith(".")]
        for name in packages:
            if not name.startswith("."):
                yield _read_manifest(Path(parent) / name / MANIFEST)


def _read_manifest(path: Path) -> _Manifest:
    """Return what is kept of a manifest. Raises InputError where it is damaged or missing."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Manifest)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError("iiif-manifest-unreadable", path=path, reason=str(error)) from error


def _refer_to(manifest: _Manifest) -> Json:
    """Return the reference to an issue."""
    reference: Json = {"id": manifest.id, "type": "Manifest", "label": manifest.label}
    if manifest.navDate:
        reference["navDate"] = manifest.navDate
    if manifest.thumbnail:
        reference["thumbnail"] = manifest.thumbnail
    return reference
