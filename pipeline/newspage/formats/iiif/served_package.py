"""The package of an issue as a server hands it out: pictures by request, the text searchable."""

import msgspec

from newspage.formats.document import IssueDocument
from newspage.formats.iiif.addresses import MANIFEST, PackageAddress, join_address
from newspage.formats.iiif.image_pyramid import ImageSizes, describe_image
from newspage.formats.iiif.manifest_package import IiifPacker
from newspage.formats.iiif.paper_collections import COLLECTION_NAME
from newspage.formats.iiif.text_annotations import CONTEXT, Json
from newspage.formats.json_text import encode_json

SEARCH_NAME = "search"
"""Name of the search of a package."""
_SEARCH_PROFILE = "http://iiif.io/api/search/2/search"
_SEARCH_CONTEXT = "http://iiif.io/api/search/2/context.json"


def locate_package(issue: IssueDocument) -> PackageAddress:
    """Return the address of the package of an issue."""
    return PackageAddress(join_address(issue.publishing.base_url, issue.place))


def pack_served_issue(issue: IssueDocument) -> dict[str, bytes]:
    """Return the files of a package but its pictures, by path.

    The manifest says that pictures are served at level 2 of the Image API, and that the text can be
    searched. Raises InputError where a record cannot be read.
    """
    packer = IiifPacker(issue)
    files = {
        file.name: b"".join(file.pieces)
        for page in issue.load_pages()
        for file in packer.pack_text(page)
    }
    manifest = packer.describe_manifest()
    for canvas in manifest["items"]:
        for service in canvas["items"][0]["items"][0]["body"]["service"]:
            service["profile"] = "level2"
    address = locate_package(issue).locate_file(SEARCH_NAME)
    service = {"id": address, "type": "SearchService2", "profile": _SEARCH_PROFILE}
    manifest["service"] = [{"@context": _SEARCH_CONTEXT, **service}]
    collection = join_address(issue.publishing.base_url, COLLECTION_NAME)
    manifest["partOf"] = [{"id": collection, "type": "Collection"}]
    return files | {MANIFEST: encode_json(manifest)}


def describe_served_image(width: int, height: int, address: str, most: int) -> bytes:
    """Return `info.json` of a page's picture that is served at level 2 of the Image API.

    Args:
        width: Pixels.
        height: The same.
        address: The address of the picture.
        most: Pixels of the largest picture that is made.
    """
    description = describe_image(ImageSizes(width, height), address)
    description |= {
        "profile": "level2",
        "maxArea": most,
        "extraQualities": ["gray"],
        "extraFeatures": ["mirroring"],
    }
    return encode_json(description)


def list_served_issues(base_url: str, places: dict[str, str]) -> bytes:
    """Return the collection of all issues that are served, by place, with their names."""
    items: list[Json] = [
        {
            "id": join_address(base_url, f"{place}/{MANIFEST}"),
            "type": "Manifest",
            "label": {"none": [name]},
        }
        for place, name in places.items()
    ]
    collection = {
        "@context": CONTEXT,
        "id": join_address(base_url, COLLECTION_NAME),
        "type": "Collection",
        "label": {"en": ["Newspapers"], "zh": ["报纸"]},
        "items": items,
    }
    return msgspec.json.encode(collection)
