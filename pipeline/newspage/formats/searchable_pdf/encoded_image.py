"""Encode the pixels of a page for PDF where its file cannot be carried over as it is."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from newspage.formats.scan_picture import flatten_picture
from newspage.formats.searchable_pdf.embedded_image import EmbeddedImage
from newspage.formats.searchable_pdf.fax_image import carry_fax
from newspage.formats.searchable_pdf.jpeg_image import carry_jpeg
from newspage.formats.searchable_pdf.png_image import carry_png

JPEG_QUALITY = 85
"""Quality of pages that are encoded anew, 0 to 100. Measured on the five sample pages in gray: 46
dB from the original at 1.4 bits a pixel; 75 comes to 44 dB at 1.2, 95 to 56 dB at 2.3."""
_BLACK_AND_WHITE = {0, 255}
"""Values of a gray picture that has no gray in it."""
_BAND_PIXELS = 4_000_000
"""Pixels that are compared at a time."""


def encode_picture(picture: Image.Image, lossless: bool) -> EmbeddedImage:
    """Return a decoded picture, in one of `PLAIN_MODES`, as it is stored in PDF.

    Black and white is coded as by fax (G4), a third shorter on pages of letters, or compressed as
    in PNG where that is shorter, as for screened photographs; neither loses anything. Gray and
    colour become JPEG, or, where `lossless`, are compressed as in PNG. Transparent areas become
    white paper.
    """
    # Saving a picture that is not loaded yet makes a copy of it.
    picture.load()
    plain = flatten_picture(picture)
    if plain.mode == "L" and _is_black_and_white(plain):
        plain = plain.convert("1", dither=Image.Dither.NONE)
    if plain.mode == "1":
        return min(_encode_fax(plain), _encode_png(plain), key=lambda found: found.length)
    return _encode_png(plain) if lossless else _encode_jpeg(plain)


def encode_colours(pixels: NDArray[np.uint8]) -> EmbeddedImage:
    """Return pixels (height, width, 3: red, green, blue) as stored in PDF, gray ones as gray."""
    plain = pixels[:, :, 0] if _is_gray(pixels) else pixels
    return encode_picture(Image.fromarray(np.ascontiguousarray(plain)), lossless=False)


def _is_black_and_white(picture: Image.Image) -> bool:
    """Tell whether a gray picture holds nothing but black and white."""
    counts = picture.histogram()
    return {value for value, count in enumerate(counts) if count} <= _BLACK_AND_WHITE


def _is_gray(pixels: NDArray[np.uint8]) -> bool:
    """Tell whether red, green and blue are the same everywhere."""
    height, width = pixels.shape[:2]
    step = max(1, _BAND_PIXELS // width)
    bands = (pixels[top : top + step] for top in range(0, height, step))
    return all(bool((band == band[:, :, :1]).all()) for band in bands)


def _encode_fax(picture: Image.Image) -> EmbeddedImage:
    """Return a picture of black and white coded as by fax, in one strip."""
    data = io.BytesIO()
    whole = (picture.width + 7) // 8 * picture.height
    picture.save(data, "TIFF", compression="group4", strip_size=whole)
    with Image.open(data) as written:
        assert isinstance(written, TiffImagePlugin.TiffImageFile)
        return _require_carried(carry_fax(data.getvalue(), written))


def _encode_jpeg(picture: Image.Image) -> EmbeddedImage:
    """Return a picture as JPEG."""
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=JPEG_QUALITY)
    with Image.open(data) as written:
        return _require_carried(carry_jpeg(data.getvalue(), written))


def _encode_png(picture: Image.Image) -> EmbeddedImage:
    """Return a picture compressed as in PNG."""
    data = io.BytesIO()
    picture.save(data, "PNG")
    return _require_carried(carry_png(data.getvalue()))


def _require_carried(found: EmbeddedImage | None) -> EmbeddedImage:
    """Return a picture that Pillow wrote, in the one way in which it can be carried over."""
    assert found is not None, "written in a way that PDF knows"
    return found
