"""Turn the scan of a page into a TIFF file, for programs that take no other pictures."""

import io

from newspage.formats.document import PageDocument
from newspage.formats.scan_picture import load_scan_picture


def render_tiff(document: PageDocument) -> bytes:
    """Return the scan of a page as a TIFF file of one page, upright, in gray or colours of sRGB.

    Nothing is lost of 8 bits. Raises UnavailableScanError and InputError as `load_scan_picture`.
    """
    picture = load_scan_picture(document)
    dpi = document.record.page.scan.dpi
    resolution = {"dpi": (dpi, dpi)} if dpi else {}
    buffer = io.BytesIO()
    picture.save(buffer, "TIFF", compression="tiff_deflate", **resolution)
    return buffer.getvalue()
