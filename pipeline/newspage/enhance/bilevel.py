"""Softens the edges of bilevel scans (pure black and white).

The networks that find and read lines have learnt from greys. On hard edges they run lines of
neighbouring columns into one, and take the dots of a photo for print.
"""

import cv2
import numpy as np

from newspage.model import GrayImage

ALONE = 0.999
"""Share of pure black and white from which a scan is bilevel. Judgement: a few greys may come
from a stamp or from compression."""
SOFTNESS_EM = 0.032
"""Standard deviation of the blur in em: a pixel, where the em has thirty. Judgement: the
softness of a grey scan."""


def is_bilevel(pixels: GrayImage) -> bool:
    """Tell whether a scan holds next to nothing between black and white."""
    return float(((pixels == 0) | (pixels == 255)).mean()) > ALONE


def soften_bilevel(pixels: GrayImage, em: float) -> GrayImage:
    """Return the scan as grey as if it had been taken a little out of focus; `em` is in pixels."""
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), max(SOFTNESS_EM * em, 0.3)), np.uint8)
