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
from newspage.ingest.find import SUFFIXES, FoundScan, find_scans
from newspage.ingest.formats import Format, check_worth, checksum, recognise_format
from newspage.ingest.names import natural_key, output_stem, output_stems, page_stem, publication
from newspage.model import PageImage, Scan
from newspage.terminal import shown

__all__ = [
    "SUFFIXES",
    "FoundScan",
    "checksum",
    "find_scans",
    "load_page",
    "natural_key",
    "open_pages",
    "output_stem",
    "output_stems",
    "page_stem",
    "publication",
    "recognise_format",
    "shown",
]


def open_pages(
    path: Path, config: IngestConfig | None = None, digest: str = ""
) -> tuple[Scan, ...]:
    """The pages of a file, in order, from its headers and its checksum; no pixel is decoded.

    The checksum is `digest` where that was found already.
    Raises InputError for a file that is no scan or is broken, RefusedError for one that is over
    the limits of `config` (looked at before the file is read as a whole).
    """
    config = config or IngestConfig()
    kind = recognise_format(path, config)
    if kind is Format.PDF:
        sizes = pdf.frame_sizes(path, config)
    else:
        sizes = raster.frame_sizes(path, kind, config)
    if not sizes:
        raise InputError(f"{shown(path)}: has no pages.", "Remove it from the scans.")
    for size in sizes:
        check_worth(path, size.width, size.height)
    digest = digest or checksum(path)
    return tuple(
        Scan(path, digest, size.width, size.height, frame, len(sizes), size.dpi)
        for frame, size in enumerate(sizes)
    )


def load_page(scan: Scan, config: IngestConfig | None = None) -> PageImage:
    """The pixels of a page from `open_pages`; working image and scan are the same here.

    Raises InputError where the file is cut short, damaged or no longer the same, RefusedError
    where it is over the limits.
    """
    config = config or IngestConfig()
    kind = recognise_format(scan.path, config)
    if kind is Format.PDF:
        pixels = pdf.read_frame(scan.path, scan.frame, config)
    else:
        pixels = raster.read_frame(scan.path, kind, scan.frame, config)
    if pixels.shape != (scan.height, scan.width):
        raise InputError(
            f"{shown(scan.path)}: was changed while it was read.", "Run again when it is complete."
        )
    return PageImage(scan, pixels)
