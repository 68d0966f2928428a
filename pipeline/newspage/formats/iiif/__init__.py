"""Publish issues by IIIF: Presentation 3 with the text as annotations, Image API 3 as files."""

from newspage.formats.iiif.manifest_package import pack_iiif
from newspage.formats.iiif.paper_collections import list_collections

__all__ = ["list_collections", "pack_iiif"]
