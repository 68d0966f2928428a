"""A decoded picture of any mode into gray pixels, a band at a time."""

import warnings
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from newspage.model import GrayImage

_BAND_PIXELS = 4_000_000
_WIDE_MODES = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")
_TOPS = (255, 1023, 4095, 16383, 65535)


def convert_to_gray(picture: Image.Image, white_is_zero: bool = False) -> GrayImage:
    """Gray pixels, 0 black to 255 white; what is transparent becomes white paper.

    Pictures of more than 8 bits are scaled by their range: 12 bits that lie in 16, as scanners
    like to leave them, use the whole of 0 to 255. `white_is_zero` turns such a picture round
    (the decoder does it for the others). Besides the decoded picture and the result only a band
    of rows is held.
    """
    if picture.mode in _WIDE_MODES:
        return _narrow_bands(picture, white_is_zero)
    gray: GrayImage = np.empty((picture.height, picture.width), np.uint8)
    for top, bottom in _bands(picture.height, picture.width):
        gray[top:bottom] = _gray_band(picture.crop((0, top, picture.width, bottom)))
    return gray


def colours_to_gray(pixels: NDArray[np.uint8]) -> GrayImage:
    """Gray pixels of OpenCV's: gray as they are, blue, green, red, and perhaps opacity."""
    if pixels.ndim == 2:
        return pixels
    height, width = pixels.shape[:2]
    order = [2, 1, 0, 3][: pixels.shape[2]]
    gray: GrayImage = np.empty((height, width), np.uint8)
    for top, bottom in _bands(height, width):
        gray[top:bottom] = _gray_band(Image.fromarray(pixels[top:bottom][:, :, order]))
    return gray


def reduce_to_8_bits(wide: NDArray[np.generic], white_is_zero: bool = False) -> GrayImage:
    """Values of any width to 8 bits, by the smallest usual range that holds them all.

    Ranges are 8, 10, 12, 14 and 16 bits, for fractions 0 to 1. Values below 0 are black, no
    numbers are white.
    """
    height, width = wide.shape
    return _narrowed(height, width, lambda top, bottom: wide[top:bottom], white_is_zero)


def _narrow_bands(picture: Image.Image, white_is_zero: bool) -> GrayImage:
    """`reduce_to_8_bits` of a decoded picture, of which NumPy would take two copies."""

    def band(top: int, bottom: int) -> NDArray[np.generic]:
        return np.asarray(picture.crop((0, top, picture.width, bottom)))

    return _narrowed(picture.height, picture.width, band, white_is_zero)


def _narrowed(
    height: int,
    width: int,
    band: Callable[[int, int], NDArray[np.generic]],
    white_is_zero: bool,
) -> GrayImage:
    """The values of all bands, from one row up to another, in 8 bits."""
    bands = list(_bands(height, width))
    with warnings.catch_warnings():
        # A band may hold no number at all.
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
    """The picture as viewers show it, by the EXIF orientation (1 to 8; 1 is as stored)."""
    if orientation in (5, 6, 7, 8):
        gray = gray.T
    if orientation in (3, 4, 7, 8):
        gray = gray[::-1]
    if orientation in (2, 3, 6, 7):
        gray = gray[:, ::-1]
    return np.ascontiguousarray(gray)


def _bands(height: int, width: int) -> Iterator[tuple[int, int]]:
    step = max(1, _BAND_PIXELS // max(1, width))
    for top in range(0, height, step):
        yield top, min(top + step, height)


def _gray_band(band: Image.Image) -> NDArray[np.uint8]:
    if band.has_transparency_data:
        paper = Image.new("RGBA", band.size, "white")
        band = Image.alpha_composite(paper, band.convert("RGBA"))
    elif band.mode == "LAB":
        band = band.getchannel(0)
    return np.asarray(band if band.mode == "L" else band.convert("L"))
