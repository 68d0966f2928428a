"""Find out how the scan of a page goes into a PDF file: carried over as it is, or encoded anew."""

from dataclasses import replace
from pathlib import Path

from PIL import Image, TiffImagePlugin

from newspage.config import IngestConfig
from newspage.formats.document import PageDocument
from newspage.formats.scan_access import UnavailableScanError, require_scan_file
from newspage.formats.scan_picture import PLAIN_MODES
from newspage.formats.searchable_pdf.colour_profile import check_profile
from newspage.formats.searchable_pdf.embedded_image import EmbeddedImage
from newspage.formats.searchable_pdf.encoded_image import encode_colours, encode_picture
from newspage.formats.searchable_pdf.fax_image import carry_fax
from newspage.formats.searchable_pdf.jpeg2000_image import carry_jpeg2000
from newspage.formats.searchable_pdf.jpeg_image import carry_jpeg
from newspage.formats.searchable_pdf.png_image import carry_png
from newspage.ingest import (
    ScanFormat,
    decode_frame,
    open_frame,
    read_orientation,
    recognise_format,
    render_pdf_colours,
)

_SIDEWAYS = (5, 6, 7, 8)
"""Orientations in which width and height change places."""


def load_scan_image(document: PageDocument) -> EmbeddedImage:
    """Return the scan of a page as it is stored in PDF.

    JPEG, JPEG 2000, PNG and black and white TIFF files are carried over byte for byte, turned where
    they say so; other files, and those of them that PDF cannot hold, are decoded and encoded anew.
    What is carried over stays on the disk.

    Raises:
        UnavailableScanError: The scan is not there, or no longer the one that was read.
        InputError: It cannot be decoded.
    """
    path = require_scan_file(document)
    scan, limits = document.record.page.scan, document.limits
    kind = recognise_format(path, limits)
    if kind is ScanFormat.PDF:
        size = (scan.width, scan.height)
        return encode_colours(render_pdf_colours(path, scan.frame, size, limits))
    found = _store_frame(path, kind, scan.frame, limits)
    size = (found.width, found.height)
    if (size[::-1] if found.orientation in _SIDEWAYS else size) != (scan.width, scan.height):
        raise UnavailableScanError("page-scan-resized", page=document.name, path=path)
    return found


def _store_frame(path: Path, kind: ScanFormat, frame: int, limits: IngestConfig) -> EmbeddedImage:
    """Return a page of a picture file as it is stored in PDF."""
    lossless = kind is ScanFormat.PNG
    with open_frame(path, kind, frame, limits) as picture:
        orientation = read_orientation(picture)
        found = _carry_over(path, kind, picture)
        if found is None and picture.mode in PLAIN_MODES:
            found = encode_picture(picture, lossless)
            # Pillow turns a TIFF picture upright while it decodes it.
            orientation = 1 if kind is ScanFormat.TIFF else orientation
        if found is not None:
            profile = check_profile(picture.info.get("icc_profile"), found.colours)
            return replace(found, orientation=orientation, profile=profile)
    # More than 8 bits, and rarer colours: the gray pixels that were read.
    return encode_picture(Image.fromarray(decode_frame(path, kind, frame, limits)), lossless)


def _carry_over(path: Path, kind: ScanFormat, picture: Image.Image) -> EmbeddedImage | None:
    """Return a page of a picture file byte for byte; None where PDF cannot hold it so."""
    if kind is ScanFormat.JPEG:
        return carry_jpeg(path, picture)
    if kind is ScanFormat.JPEG2000:
        return carry_jpeg2000(path)
    if kind is ScanFormat.PNG:
        return carry_png(path)
    if isinstance(picture, TiffImagePlugin.TiffImageFile):
        return carry_fax(path, picture)
    return None
