"""Convert a decoded picture of any mode to 8-bit gray, band by band to save memory."""

import warnings
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from newspage.model import GrayImage

_BAND_PIXELS = 4_000_000
"""Pixels of a band of rows. Judgement: few beside a page, enough to make the calls cheap."""
_WIDE_MODES = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")
"""Pillow's modes with more than 8 bits a pixel: integers, fractions, 16 bits in any byte order."""
_TOPS = (255, 1023, 4095, 16383, 65535)
"""Highest values of 8, 10, 12, 14 and 16 bits, the depths in which scanners work."""


def convert_to_gray(picture: Image.Image, white_is_zero: bool = False) -> GrayImage:
    """Convert a picture to gray pixels, 0 black to 255 white; transparent areas become white paper.

    Pictures of more than 8 bits are scaled by their range: 12 bits that lie in 16, as scanners
    like to leave them, use the whole of 0 to 255. `white_is_zero` inverts such a picture (the
    decoder inverts the others). Besides the decoded picture and the result only a band of rows is
    held.
    """
    if picture.mode in _WIDE_MODES:
        return _narrow_bands(picture, white_is_zero)
    gray: GrayImage = np.empty((picture.height, picture.width), np.uint8)
    for top, bottom in _bands(picture.height, picture.width):
        gray[top:bottom] = _gray_band(picture.crop((0, top, picture.width, bottom)))
    return gray


def colours_to_gray(pixels: NDArray[np.uint8]) -> GrayImage:
    """Convert pixels as OpenCV orders them (gray; blue, green, red; with opacity) to gray ones.

    Args:
        pixels: Height x width, or height x width x 3 or 4 channels.
    """
    if pixels.ndim == 2:
        return pixels
    height, width = pixels.shape[:2]
    order = [2, 1, 0, 3][: pixels.shape[2]]
    gray: GrayImage = np.empty((height, width), np.uint8)
    for top, bottom in _bands(height, width):
        gray[top:bottom] = _gray_band(Image.fromarray(pixels[top:bottom][:, :, order]))
    return gray


def reduce_to_8_bits(wide: NDArray[np.generic], white_is_zero: bool = False) -> GrayImage:
    """Reduce values of any width to 8 bits, by the smallest usual range that holds them all.

    Ranges are 8, 10, 12, 14 and 16 bits, for fractions 0 to 1. Negative values become black, NaN
    becomes white. `white_is_zero` inverts the result.
    """
    height, width = wide.shape
    return _narrowed(height, width, lambda top, bottom: wide[top:bottom], white_is_zero)


def _narrow_bands(picture: Image.Image, white_is_zero: bool) -> GrayImage:
    """Reduce a decoded picture to 8 bits, without the two copies of the whole that NumPy makes."""

    def band(top: int, bottom: int) -> NDArray[np.generic]:
        """Return the rows from `top` up to `bottom` as stored."""
        return np.asarray(picture.crop((0, top, picture.width, bottom)))

    return _narrowed(picture.height, picture.width, band, white_is_zero)


def _narrowed(
    height: int,
    width: int,
    band: Callable[[int, int], NDArray[np.generic]],
    white_is_zero: bool,
) -> GrayImage:
    """Reduce the rows that `band` returns for each (top, bottom) to 8 bits, all by one range."""
    bands = list(_bands(height, width))
    with warnings.catch_warnings():
        # NumPy warns of a band that holds nothing but NaN.
        warnings.simplefilter("ignore", RuntimeWarning)
        tops = [np.nanmax(band(start, end)) for start, end in bands]
        highest = float(np.nan_to_num(np.nanmax(tops), nan=0.0, posinf=65535.0))
    if np.asarray(tops).dtype.kind == "f" and highest <= 1.0:
        top = 1.0
    else:
        top = float(next((t for t in _TOPS if highest <= t), highest))
    gray: GrayImage = np.empty((height, width), np.uint8)
    for start, end in bands:
        values = np.nan_to_num(band(start, end).astype(np.float32), nan=top, posinf=top)
        gray[start:end] = np.clip(values * (255.0 / top) + 0.5, 0, 255)
    return np.subtract(255, gray, out=gray) if white_is_zero else gray


def turn_upright(gray: GrayImage, orientation: int) -> GrayImage:
    """Return the picture as viewers show it, by its EXIF orientation (1 to 8; 1 is as stored)."""
    if orientation in (5, 6, 7, 8):
        gray = gray.T
    if orientation in (3, 4, 7, 8):
        gray = gray[::-1]
    if orientation in (2, 3, 6, 7):
        gray = gray[:, ::-1]
    return np.ascontiguousarray(gray)


def _bands(height: int, width: int) -> Iterator[tuple[int, int]]:
    """Yield the first row of each band and the row after its last."""
    step = max(1, _BAND_PIXELS // max(1, width))
    for top in range(0, height, step):
        yield top, min(top + step, height)


def _gray_band(band: Image.Image) -> NDArray[np.uint8]:
    """Convert a band of 8 bits a sample to gray, over white paper where it is transparent."""
    if band.has_transparency_data:
        paper = Image.new("RGBA", band.size, "white")
        band = Image.alpha_composite(paper, band.convert("RGBA"))
    elif band.mode == "LAB":
        band = band.getchannel(0)
    return np.asarray(band if band.mode == "L" else band.convert("L"))
