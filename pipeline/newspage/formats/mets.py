"""Pack an issue as METS 1.12.1: scans, ALTO, text and thumbnails of its pages, and `mets.xml`.

The files are named by the order of the pages, so that names are short, portable and unlike. The
logical structure has articles whole; they refer to blocks of the ALTO files by their identifiers.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from newspage.files import relative_path
from newspage.formats.alto import render_alto
from newspage.formats.document import IssueDocument, PackageFile, PageDocument
from newspage.formats.media_types import scan_media_type
from newspage.formats.mets_document import render_mets
from newspage.formats.mets_profiles import name_scan_folder
from newspage.formats.mets_summary import FileGroup, IssueSummary, PackedFile
from newspage.formats.plain_text import render_text
from newspage.formats.scan_access import read_scan_pieces, read_scan_pixels, require_scan_file
from newspage.model import GrayImage

MANIFEST = "mets.xml"
"""Name of the file that describes a package."""
_THUMBNAIL = 320
"""Longer side of a thumbnail, pixels. Judgement: a page can be told from others in a list."""
_QUALITY = 80
"""Of thumbnails, as JPEG counts it."""


def pack_mets(issue: IssueDocument) -> Iterator[PackageFile]:
    """Yield the files of the package of an issue, `mets.xml` last.

    Raises UnavailableScanError where a scan is not there, or is not the one that was read.
    """
    packer = _Packer(issue)
    for page in issue.load_pages():
        yield from packer.pack_page(page)
    yield PackageFile(MANIFEST, render_mets(packer.summary))


class _Packer:
    """Packer of the pages of an issue, which keeps what the description needs to know of them."""

    def __init__(self, issue: IssueDocument) -> None:
        self.summary = IssueSummary(issue)
        self._issue = issue
        self._scans: dict[Path, PackedFile] = {}
        """Scans by file: pages of one file share it."""

    def pack_page(self, page: PageDocument) -> Iterator[PackageFile]:
        """Yield the files of a page that are to be written, and note all of its files."""
        number = len(self.summary.pages) + 1
        pixels = read_scan_pixels(page)
        path = require_scan_file(page)
        scan = self._scans.get(path)
        if scan is None:
            scan = PackedFile(
                FileGroup.SCANS,
                number,
                self._name_scan(page, path, number),
                scan_media_type(path) or "application/octet-stream",
                path.name,
            )
            pieces = scan.take_in_pieces(read_scan_pieces(page))
            if self._issue.link_scans:
                for _ in pieces:
                    pass
            else:
                yield PackageFile(scan.name, pieces)
            self._scans[path] = scan
        files = [scan]
        for group, suffix, kind, data in (
            (
                FileGroup.ALTO,
                ".alto.xml",
                "application/xml+alto",
                self._render_alto(page, path, scan),
            ),
            (FileGroup.TEXT, ".txt", "text/plain", _render_text(page)),
            (FileGroup.THUMBNAILS, ".jpg", "image/jpeg", make_thumbnail(pixels)),
        ):
            file = PackedFile(group, number, f"{group.folder}/{number:05d}{suffix}", kind)
            file.take_in(data)
            files.append(file)
            yield PackageFile(file.name, (data,))
        self.summary.add_page(page, tuple(files))

    def _name_scan(self, page: PageDocument, file: Path, number: int) -> str:
        """Return the path of a scan from the package: inside it, or to where the scan is."""
        if self._issue.link_scans:
            return page.record.page.scan.path.as_posix()
        suffix = file.suffix.lower()
        plain = suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""
        return f"{name_scan_folder(self._issue.profile)}/{number:05d}{plain}"

    def _render_alto(self, page: PageDocument, file: Path, scan: PackedFile) -> bytes:
        """Return a page as ALTO that finds its scan from where it lies in the package."""
        folder = self._issue.folder / FileGroup.ALTO.folder
        linked = self._issue.link_scans
        path = relative_path(file, folder) if linked else Path("..") / scan.name
        layout = page.record.page
        moved = replace(layout, scan=replace(layout.scan, path=path))
        return render_alto(replace(page, record=replace(page.record, page=moved)))


def _render_text(page: PageDocument) -> bytes:
    """Return the articles of a page as plain text."""
    return render_text(page.record.articles).encode("utf-8", "replace")


def make_thumbnail(pixels: GrayImage) -> bytes:
    """Return a small picture of a page as JPEG."""
    import cv2

    height, width = pixels.shape
    scale = min(1.0, _THUMBNAIL / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not done:
        raise ValueError("the thumbnail cannot be encoded")
    return bytes(data)
