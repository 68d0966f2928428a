"""Carry the black and white pixels of a TIFF file, coded as by fax (G4), over into PDF."""

from PIL import TiffImagePlugin

from newspage.formats.searchable_pdf.embedded_image import ByteSource, EmbeddedImage

_COMPRESSION, _BITS, _SAMPLES, _INVERTED = 259, 258, 277, 262
_FILL_ORDER, _OPTIONS, _OFFSETS, _LENGTHS = 266, 293, 273, 279
"""Numbers of the TIFF tags."""
_GROUP_4 = 4


def carry_fax(source: ByteSource, picture: TiffImagePlugin.TiffImageFile) -> EmbeddedImage | None:
    """Return the current frame of a TIFF file as it is coded; None where it is not coded by fax G4.

    Also None where it is cut into several strips, which are coded each by itself, or has its bits
    in the unusual order. `picture` is the file opened, its pixels not decoded yet.
    """
    tags = picture.tag_v2
    kind = (tags.get(_COMPRESSION), _first(tags.get(_BITS, 1)), tags.get(_SAMPLES, 1))
    inverted = tags.get(_INVERTED, 0)
    usual = tags.get(_FILL_ORDER, 1) == 1 and not tags.get(_OPTIONS, 0)
    offsets, lengths = tags.get(_OFFSETS, ()), tags.get(_LENGTHS, ())
    if kind != (_GROUP_4, 1, 1) or inverted not in (0, 1) or not usual:
        return None
    if len(offsets) != 1 or len(lengths) != 1:
        return None
    width, height = tags[256], tags[257]
    return EmbeddedImage(
        width,
        height,
        "DeviceGray",
        1,
        "CCITTFaxDecode",
        source,
        ((offsets[0], lengths[0]),),
        {"K": -1, "Columns": width, "Rows": height, "BlackIs1": inverted == 1},
    )


def _first(value: object) -> object:
    """Return the first of several values of a tag, or its only one."""
    return value[0] if isinstance(value, tuple) else value
