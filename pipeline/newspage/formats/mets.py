"""Pack an issue as METS 1.12.1: scans, ALTO, text, thumbnails and PDF of its pages, and `mets.xml`.

The files are named by the order of the pages, so that names are short, portable and unlike. The
logical structure has articles whole; they refer to blocks of the ALTO files by their identifiers.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from newspage.files import relative_path
from newspage.formats.alto import render_alto
from newspage.formats.document import (
    IssueDocument,
    PackageFile,
    PackageProfile,
    PageDocument,
)
from newspage.formats.jpeg_picture import encode_jpeg
from newspage.formats.media_types import scan_media_type
from newspage.formats.mets_document import render_mets
from newspage.formats.mets_profiles import (
    list_made_groups,
    name_manifest,
    name_packed_file,
    wants_tiff,
)
from newspage.formats.mets_summary import FileGroup, IssueSummary, PackedFile
from newspage.formats.plain_text import render_text
from newspage.formats.scan_access import read_scan_pieces, read_scan_pixels, require_scan_file
from newspage.model import GrayImage

_KINDS = {
    FileGroup.ALTO: (".alto.xml", "application/xml+alto"),
    FileGroup.TEXT: (".txt", "text/plain"),
    FileGroup.THUMBNAILS: (".jpg", "image/jpeg"),
    FileGroup.PDF: (".pdf", "application/pdf"),
}
"""Suffixes and media types of the files that are made of a page."""
_THUMBNAIL = 320
"""Longer side of a thumbnail, pixels. Judgement: a page can be told from others in a list."""
_QUALITY = 80
"""Of thumbnails, as JPEG counts it."""


def pack_mets(issue: IssueDocument) -> Iterator[PackageFile]:
    """Yield the files of the package of an issue, the one that describes it last.

    Raises:
        UnavailableScanError: A scan is not there, or is not the one that was read.
        InputError: NDNP asks for the day of the issue, which is not known.
    """
    manifest = name_manifest(issue)
    packer = _Packer(issue)
    for page in issue.load_pages():
        yield from packer.pack_page(page)
    if packer.with_pdf and issue.profile is not PackageProfile.NDNP:
        yield packer.pack_pdf()
    yield PackageFile(manifest, render_mets(packer.summary))


class _Packer:
    """Packer of the pages of an issue, which keeps what the description needs to know of them."""

    def __init__(self, issue: IssueDocument) -> None:
        self.summary = IssueSummary(issue)
        self.with_pdf = issue.with_pdf and not issue.link_scans
        """PDF holds the scans, of which there are to be no copies where they are linked."""
        self._issue = issue
        self._scans: dict[Path, PackedFile] = {}
        """Scans of several pages by file: the pages share it."""

    def pack_page(self, page: PageDocument) -> Iterator[PackageFile]:
        """Yield the files of a page that are to be written, and note all of its files."""
        number = len(self.summary.pages) + 1
        pixels = read_scan_pixels(page)
        path = require_scan_file(page)
        scan = self._scans.get(path)
        if scan is None:
            scan, pieces = self._begin_scan(page, path, number)
            if self._issue.link_scans:
                for _ in pieces:
                    pass
            else:
                yield PackageFile(scan.name, pieces)
            if scan.several:
                self._scans[path] = scan
        files = [scan]
        for group in list_made_groups(self._issue.profile):
            if group is FileGroup.PDF and not self.with_pdf:
                continue
            file = self._begin_file(group, number)
            files.append(file)
            contents = self._make_contents(file, page, scan, pixels)
            yield PackageFile(file.name, file.take_in_pieces(contents))
        self.summary.add_page(page, tuple(files))

    def _begin_scan(
        self, page: PageDocument, path: Path, number: int
    ) -> tuple[PackedFile, Iterator[bytes]]:
        """Return the scan of the `number`-th page, and its bytes in pieces."""
        kind = scan_media_type(path) or "application/octet-stream"
        frames, profile = page.record.page.scan.frames, self._issue.profile
        if wants_tiff(kind, frames, profile) and not self._issue.link_scans:
            name = name_packed_file(FileGroup.SCANS, number, ".tif", profile)
            file = PackedFile(FileGroup.SCANS, number, name, "image/tiff", path.name)
            return file, file.take_in_pieces([_render_tiff(page)])
        name = self._name_scan(page, path, number)
        file = PackedFile(FileGroup.SCANS, number, name, kind, path.name, several=frames > 1)
        return file, file.take_in_pieces(read_scan_pieces(page))

    def _begin_file(self, group: FileGroup, number: int) -> PackedFile:
        """Return a file that is made of the `number`-th page."""
        suffix, kind = _KINDS[group]
        name = name_packed_file(group, number, suffix, self._issue.profile)
        return PackedFile(group, number, name, kind)

    def _make_contents(
        self, file: PackedFile, page: PageDocument, scan: PackedFile, pixels: GrayImage
    ) -> Iterable[bytes]:
        """Return the bytes of a file that is made of a page, in pieces."""
        if file.group is FileGroup.ALTO:
            return [self._render_alto(file, page, scan)]
        if file.group is FileGroup.PDF:
            return _write_pdf([page])
        text = file.group is FileGroup.TEXT
        return [_render_text(page) if text else make_thumbnail(pixels)]

    def pack_pdf(self) -> PackageFile:
        """Return the issue as one PDF file, and note it; its pages are read a second time."""
        suffix, kind = _KINDS[FileGroup.PDF]
        file = PackedFile(FileGroup.PDF, 0, f"{FileGroup.PDF.folder}/issue{suffix}", kind)
        self.summary.whole.append(file)
        return PackageFile(file.name, file.take_in_pieces(_write_pdf(self._issue.load_pages())))

    def _name_scan(self, page: PageDocument, file: Path, number: int) -> str:
        """Return the path of a scan from the package: inside it, or to where the scan is."""
        if self._issue.link_scans:
            return page.record.page.scan.path.as_posix()
        suffix = file.suffix.lower()
        plain = suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""
        return name_packed_file(FileGroup.SCANS, number, plain, self._issue.profile)

    def _render_alto(self, file: PackedFile, page: PageDocument, scan: PackedFile) -> bytes:
        """Return a page as ALTO that finds its scan from where it lies in the package."""
        folder = self._issue.folder / Path(file.name).parent
        path = relative_path(self._issue.folder / scan.name, folder)
        layout = page.record.page
        frame = layout.scan.frame if scan.several else 0
        moved = replace(
            layout, scan=replace(layout.scan, path=path, sha256=scan.digest, frame=frame)
        )
        return render_alto(replace(page, record=replace(page.record, page=moved)))


def _write_pdf(pages: Iterable[PageDocument]) -> Iterator[bytes]:
    """Yield some pages as a PDF file. What writes it is loaded only where it is installed."""
    from newspage.formats.searchable_pdf import write_pdf_pages

    return write_pdf_pages(pages)


def _render_tiff(page: PageDocument) -> bytes:
    """Return the scan of a page as TIFF. What decodes pictures is loaded only here."""
    from newspage.formats.tiff_scan import render_tiff

    return render_tiff(page)


def _render_text(page: PageDocument) -> bytes:
    """Return the articles of a page as plain text."""
    return render_text(page.record.articles).encode("utf-8", "replace")


def make_thumbnail(pixels: GrayImage) -> bytes:
    """Return a small picture of a page as JPEG."""
    return encode_jpeg(pixels, _THUMBNAIL, _QUALITY)
