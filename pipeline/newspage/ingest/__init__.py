"""From files to pages: find the scans, see what is in them, load one page at a time.

    found, problems = find_scans([Path("scans")], skip=[Path("output")])
    for scan in open_pages(found[0].path):
        image = load_page(scan)

Pages are loaded as gray pixels in the orientation in which every viewer shows them: where a file
says by a tag that it lies on its side, it is set upright first, and `Scan` and all coordinates are
those of the upright picture.
"""

from pathlib import Path

from newspage.config import IngestConfig
from newspage.errors import InputError
from newspage.ingest import pdf, raster
from newspage.ingest.formats import ScanFormat, check_worth, hash_file, recognise_format
from newspage.ingest.pdf import render_pdf_colours
from newspage.ingest.raster import decode_frame, open_frame, read_orientation
from newspage.ingest.scan_finder import SUFFIXES, FoundScan, common_root, find_scans
from newspage.ingest.scan_names import (
    make_natural_key,
    make_output_stem,
    make_output_stems,
    make_page_stem,
    parse_publication,
)
from newspage.model import PageImage, Scan
from newspage.terminal import escape_line

__all__ = [
    "SUFFIXES",
    "FoundScan",
    "ScanFormat",
    "common_root",
    "decode_frame",
    "escape_line",
    "find_scans",
    "hash_file",
    "load_page",
    "make_natural_key",
    "make_output_stem",
    "make_output_stems",
    "make_page_stem",
    "open_frame",
    "open_pages",
    "parse_publication",
    "read_orientation",
    "recognise_format",
    "render_pdf_colours",
]


def open_pages(
    path: Path, config: IngestConfig | None = None, digest: str = ""
) -> tuple[Scan, ...]:
    """Return the pages of a file in order, from its headers and its checksum; no pixel is decoded.

    Args:
        path: A file in one of the formats of `ScanFormat`.
        config: Limits and the resolution of PDF pages; None for the defaults.
        digest: SHA-256 of the file in hex where it is known already, else computed here.

    Returns:
        One `Scan` for each page, at least one; width and height are those of the upright page.

    Raises:
        InputError: The file is no scan or is broken.
        RefusedError: It is over the limits of `config`; this is found before all of it is read.
    """
    config = config or IngestConfig()
    kind = recognise_format(path, config)
    if kind is ScanFormat.PDF:
        sizes = pdf.measure_pdf_pages(path, config)
    else:
        sizes = raster.measure_frames(path, kind, config)
    if not sizes:
        raise InputError("scan-without-pages", path=path)
    for size in sizes:
        check_worth(path, size.width, size.height)
    digest = digest or hash_file(path)
    return tuple(
        Scan(path, digest, size.width, size.height, frame, len(sizes), size.dpi)
        for frame, size in enumerate(sizes)
    )


def load_page(scan: Scan, config: IngestConfig | None = None) -> PageImage:
    """Return the gray pixels of a page from `open_pages`; here working image and scan are the same.

    Raises InputError where the file is cut short, damaged or no longer the same, RefusedError
    where it is over the limits.
    """
    config = config or IngestConfig()
    kind = recognise_format(scan.path, config)
    if kind is ScanFormat.PDF:
        pixels = pdf.render_pdf_page(scan.path, scan.frame, config)
    else:
        pixels = raster.decode_frame(scan.path, kind, scan.frame, config)
    if pixels.shape != (scan.height, scan.width):
        raise InputError("scan-changed-while-read", path=scan.path)
    return PageImage(scan, pixels)
