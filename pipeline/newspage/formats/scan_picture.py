"""Decode the scan of a page for people to look at: upright, in gray or colour of 8 bits."""

import io

from PIL import Image, ImageCms

from newspage.formats.document import PageDocument
from newspage.formats.scan_access import UnavailableScanError, require_scan_file
from newspage.ingest import (
    ScanFormat,
    decode_frame,
    open_frame,
    read_orientation,
    recognise_format,
    render_pdf_colours,
)

PLAIN_MODES = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr")
"""Pillow's modes of 8 bits that it turns into gray or colour as viewers do."""
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""Ways to set a picture upright, by its EXIF orientation."""


def load_scan_picture(document: PageDocument) -> Image.Image:
    """Return the scan of a page as viewers show it, gray (L) or in colours of sRGB (RGB).

    Raises:
        UnavailableScanError: The scan is not there, or no longer the one that was read.
        InputError: It cannot be decoded.
    """
    path = require_scan_file(document)
    scan, limits = document.record.page.scan, document.limits
    size = (scan.width, scan.height)
    kind = recognise_format(path, limits)
    if kind is ScanFormat.PDF:
        return Image.fromarray(render_pdf_colours(path, scan.frame, size, limits))
    plain = None
    with open_frame(path, kind, scan.frame, limits) as picture:
        if picture.mode in PLAIN_MODES:
            plain = _set_upright(picture, turned=kind is ScanFormat.TIFF)
    if plain is None:
        # More than 8 bits, and rarer colours: the gray pixels that were read.
        plain = Image.fromarray(decode_frame(path, kind, scan.frame, limits))
    if plain.size != size:
        raise UnavailableScanError("page-scan-resized", page=document.name, path=path)
    return plain


def flatten_picture(picture: Image.Image) -> Image.Image:
    """Return a picture without opacity and palette: black and white, gray or colour.

    Transparent areas become white paper.
    """
    if picture.has_transparency_data:
        opaque = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(paper, opaque).convert("RGB")
    return picture if picture.mode in ("1", "L", "RGB") else picture.convert("RGB")


def _set_upright(picture: Image.Image, turned: bool) -> Image.Image:
    """Return an opened picture upright; `turned`: Pillow turns it while it decodes."""
    orientation = 1 if turned else read_orientation(picture)
    picture.load()
    plain = flatten_picture(picture)
    profile = picture.info.get("icc_profile")
    if plain.mode == "RGB" and picture.mode in ("RGB", "RGBA") and isinstance(profile, bytes):
        _convert_to_srgb(plain, profile)
    plain = plain.convert("L") if plain.mode == "1" else plain
    return plain.transpose(_TURNS[orientation]) if orientation in _TURNS else plain


def _convert_to_srgb(picture: Image.Image, profile: bytes) -> None:
    """Convert the colours of a picture in place, where its profile can be used."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        ImageCms.profileToProfile(picture, source, target, inPlace=True)
    except (OSError, ImageCms.PyCMSError):
        # A damaged profile says nothing: the colours count as sRGB, as in viewers.
        return
