"""The media types of scans, by the suffixes of their files."""

from pathlib import PurePath

_TYPES = {
    ".bmp": "image/bmp",
    ".j2k": "image/jp2",
    ".jp2": "image/jp2",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".webp": "image/webp",
}
"""The same on every machine, which the table of the system is not."""


def scan_media_type(path: PurePath) -> str:
    """Return the media type of a scan by the suffix of its file; empty where it tells none."""
    return _TYPES.get(path.suffix.lower(), "")
