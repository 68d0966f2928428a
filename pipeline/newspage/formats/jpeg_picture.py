"""Encode gray pixels as JPEG, made smaller where they are many."""

from newspage.model import GrayImage


def encode_jpeg(pixels: GrayImage, longest: int, quality: int) -> bytes:
    """Return a picture as JPEG.

    Args:
        pixels: The picture.
        longest: Pixels that its longer side may have; a larger one is made smaller.
        quality: As JPEG counts it, from 1 to 100.

    Raises:
        ValueError: It cannot be encoded.
    """
    import cv2

    scale = min(1.0, longest / max(pixels.shape))
    if scale < 1:
        size = [max(1, round(side * scale)) for side in pixels.shape[::-1]]
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("the picture cannot be encoded")
    return bytes(data)
