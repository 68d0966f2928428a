"""Resamples a page once for everything that bends it: skew, curvature and size in one go."""

import cv2
import numpy as np

from newspage.geometry import Points, TransformStep
from newspage.model import GrayImage

_KNOT = 16
"""Pixels between the points at which the transform is computed. Judgement: pages do not bend
within that; it saves computing it for every pixel."""
_BAND_PIXELS = 2_000_000
"""Pixels mapped at a time: the maps take eight bytes for each."""


def resample_image(
    pixels: GrayImage, to_source: TransformStep, size: tuple[int, int], paper: int = 255
) -> GrayImage:
    """Return the image whose point p shows the source at `to_source(p)`, interpolated bicubically.

    Args:
        pixels: The source.
        to_source: The way from the result to the source, in coordinates of pixel edges (see
            `geometry.Transform`).
        size: Width and height of the result in pixels.
        paper: Grey level of points outside the source.
    """
    width, height = size
    result = np.empty((height, width), np.uint8)
    band = max(_KNOT, _BAND_PIXELS // max(width, 1) // _KNOT * _KNOT)
    for top in range(0, height, band):
        bottom = min(top + band, height)
        maps = _maps(to_source, width, top, bottom)
        cv2.remap(
            pixels,
            *maps,
            interpolation=cv2.INTER_CUBIC,
            dst=result[top:bottom],
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=paper,
        )
    return result


def _maps(to_source: TransformStep, width: int, top: int, bottom: int) -> tuple[Points, Points]:
    """Return the source of each pixel of some rows, as OpenCV counts: by pixel centres.

    The transform is computed for one pixel in _KNOT both ways and interpolated between them; pages
    do not bend within that.
    """
    columns, rows = -(-width // _KNOT) + 2, -(-(bottom - top) // _KNOT) + 2
    x = (np.arange(columns) - 0.5) * _KNOT
    y = (np.arange(rows) - 0.5) * _KNOT + top
    gx, gy = np.meshgrid(x, y)
    knots = to_source(np.column_stack((gx.ravel(), gy.ravel()))) - 0.5
    size = (columns * _KNOT, rows * _KNOT)
    inner = (slice(_KNOT, _KNOT + bottom - top), slice(_KNOT, _KNOT + width))
    maps = (cv2.resize(k.reshape(rows, columns).astype(np.float32), size)[inner] for k in knots.T)
    return tuple(maps)
