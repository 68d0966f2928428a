"""Publish issues by IIIF: Presentation 3 with the text as annotations, Image API 3 as files.

What a server hands out instead of files is in `served_package`.
"""

from newspage.formats.iiif.addresses import locate_canvas_box
from newspage.formats.iiif.manifest_package import pack_iiif
from newspage.formats.iiif.paper_collections import COLLECTION_NAME, list_collections
from newspage.formats.iiif.served_package import (
    SEARCH_NAME,
    describe_served_image,
    list_served_issues,
    locate_package,
    pack_served_issue,
)

__all__ = [
    "COLLECTION_NAME",
    "SEARCH_NAME",
    "describe_served_image",
    "list_collections",
    "list_served_issues",
    "locate_canvas_box",
    "locate_package",
    "pack_iiif",
    "pack_served_issue",
]
