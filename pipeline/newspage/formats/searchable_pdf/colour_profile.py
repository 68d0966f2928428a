"""ICC profiles: that of the file, which says what its colours mean, and those of scans."""

import io
from functools import lru_cache

from PIL import ImageCms

_DATE, _IDENTITY, _VERSION = slice(24, 36), slice(84, 100), slice(8, 12)
"""Places in the header of a profile: date of making, checksum, version."""
_YEAR_2000 = b"\x07\xd0\0\x01\0\x01\0\0\0\0\0\0"
"""The date that all profiles made here carry, so that they are the same bytes every time."""
_ICC_4_2 = b"\x04\x20\0\0"
"""The version that PDF/A-2 refers to. LittleCMS writes a later one, with the same contents."""
_SPACES = {"DeviceGray": "GRAY", "DeviceRGB": "RGB"}
"""Names of colour spaces in profiles."""
_CLASSES = ("mntr", "scnr", "prtr", "spac")
"""Kinds of profiles that describe the colours of a picture."""
_MOST_BYTES = 4_000_000
"""Largest profile of a scan that is kept. Judgement: those of scanners have less than a tenth."""


@lru_cache(maxsize=1)
def make_srgb_profile() -> bytes:
    """Return a profile of sRGB, always the same bytes."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    data = bytearray(profile.tobytes())
    data[_DATE], data[_IDENTITY], data[_VERSION] = _YEAR_2000, bytes(16), _ICC_4_2
    return bytes(data)


def check_profile(data: object, colours: str) -> bytes:
    """Return the profile of a scan; nothing where it is damaged or of other colours.

    Without one the scan counts as sRGB, as in viewers. `colours` is DeviceGray or DeviceRGB.
    """
    if not isinstance(data, bytes) or not data or len(data) > _MOST_BYTES:
        return b""
    try:
        profile = ImageCms.getOpenProfile(io.BytesIO(data)).profile
    except (OSError, ImageCms.PyCMSError):
        return b""
    fits = profile.xcolor_space.strip() == _SPACES[colours] and profile.version < 5
    return data if fits and profile.device_class.strip() in _CLASSES else b""
