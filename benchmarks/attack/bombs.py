"""Small files that want much memory or much time, of every format."""

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.attack.feeding import Hostile, feed_scans
from benchmarks.attack.tally import Tally
from tests.test_ingest import png_chunk, tiff_of, tiff_tags
from tests.test_ingest_pdf import page_of, pdf_of, stream_of

Bomb = Callable[[random.Random], tuple[str, bytes]]
"""Makes one, of a size that is drawn: the suffix of the file and its bytes."""

_SIDE = (8_000, 19_000)
"""Pixels: the longest is still under the limit of 400 megapixels where the other is as long."""


def attack_bombs(size: int, seed: int, keep: Path | None = None) -> Tally:
    """Try so many bombs, of all kinds by turns."""
    tally = Tally("bombs")
    feed_scans(bombs(size, seed), tally, keep, at_once=1)
    return tally


def bombs(size: int, seed: int) -> Iterator[Hostile]:
    """Yield bombs; the same for the same seed."""
    for number in range(size):
        make = BOMBS[number % len(BOMBS)]
        suffix, data = make(random.Random(f"{seed} bomb {number}"))
        yield Hostile(f"bomb-{seed}-{number}-{make.__name__.strip('_')}.{suffix}", data)


def _side(chance: random.Random) -> int:
    return chance.randint(*_SIDE)


def _png(width: int, height: int, depth: int, colour: int, row: int, more: bytes = b"") -> bytes:
    """A picture of zeros; `row` has so many bytes, that of the filter included."""
    packer = zlib.compressobj(9)
    zeros = bytes(row)
    pixels = b"".join(packer.compress(zeros) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    chunks = png_chunk(b"IHDR", header) + more + png_chunk(b"IDAT", pixels)
    return b"\x89PNG\r\n\x1a\n" + chunks + png_chunk(b"IEND", b"")


def _png_gray(chance: random.Random) -> tuple[str, bytes]:
    side = _side(chance)
    return "png", _png(side, side, 8, 0, side + 1)


def _png_colour(chance: random.Random) -> tuple[str, bytes]:
    side = _side(chance)
    return "png", _png(side, side, 8, 2, 3 * side + 1)


def _png_deep_transparent(chance: random.Random) -> tuple[str, bytes]:
    side = _side(chance) // 2
    return "png", _png(side, side, 16, 6, 8 * side + 1)


def _png_over_the_limit(chance: random.Random) -> tuple[str, bytes]:
    side = 25_000 + _side(chance)
    return "png", _png(side, 9, 8, 0, side + 1).replace(
        struct.pack(">II", side, 9), struct.pack(">II", side, side)
    )


def _png_swollen_profile(chance: random.Random) -> tuple[str, bytes]:
    profile = b"profile\0\0" + zlib.compress(bytes(chance.randint(100, 400) * 2**20), 9)
    return "png", _png(64, 64, 8, 0, 65, png_chunk(b"iCCP", profile))


def _png_swollen_text(chance: random.Random) -> tuple[str, bytes]:
    text = b"Comment\0\0" + zlib.compress(bytes(chance.randint(50, 200) * 2**20), 9)
    return "png", _png(64, 64, 8, 0, 65, png_chunk(b"zTXt", text) * 3)


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def _jpeg_cmyk(chance: random.Random) -> tuple[str, bytes]:
    """Announces more than it holds: decoders fill up the rest."""
    data = _saved(Image.new("CMYK", (64, 64)), "JPEG")
    side = _side(chance)
    return "jpg", _announcing(data, side)


def _jpeg_progressive(chance: random.Random) -> tuple[str, bytes]:
    data = _saved(Image.new("RGB", (64, 64)), "JPEG", progressive=True)
    return "jpg", _announcing(data, _side(chance))


def _announcing(data: bytes, side: int) -> bytes:
    """A JPEG file that says it is a square of so many pixels."""
    start = next(
        i for i in range(len(data)) if data[i] == 0xFF and data[i + 1 : i + 2] in (b"\xc0", b"\xc2")
    )
    return data[: start + 5] + struct.pack(">HH", side, side) + data[start + 9 :]


def _tiff_fractions(chance: random.Random) -> tuple[str, bytes]:
    """Four bytes a pixel, which Pillow squeezes well."""
    side = chance.randint(8_000, 15_000)
    picture = Image.new("F", (side, side))
    return "tif", _saved(picture, "TIFF", compression="tiff_adobe_deflate")


def _tiff_deep_colour(chance: random.Random) -> tuple[str, bytes]:
    side = _side(chance)
    tags = tiff_tags((side, side), 16, 2) | {277: 3, 259: 8}
    return "tif", _tiff(tags, zlib.compress(bytes(6 * side * 100)))


def _tiff(tags: dict[int, int], pixels: bytes) -> bytes:
    """Raw, but for the tags that say otherwise, which win by standing there first."""
    data = bytearray(tiff_of((tags, pixels)))
    for at in range(10, 10 + 12 * (len(tags) + 4), 12):
        tag = int.from_bytes(data[at : at + 2], "little")
        if tag in tags:
            data[at + 8 : at + 12] = tags[tag].to_bytes(4, "little")
    return bytes(data)


def _tiff_fax(chance: random.Random) -> tuple[str, bytes]:
    side = _side(chance)
    return "tif", _tiff(tiff_tags((side, side), 1) | {259: 4}, b"\x26\xa0" * 500)


def _tiff_of_many_frames(chance: random.Random) -> tuple[str, bytes]:
    frames = chance.randint(2_500, 5_000)
    return "tif", tiff_of(*[(tiff_tags((8, 8)), bytes(64))] * frames)


def _tiff_in_a_circle(chance: random.Random) -> tuple[str, bytes]:
    """The last frame says that the first one follows."""
    data = bytearray(tiff_of(*[(tiff_tags((8, 8)), bytes(64))] * chance.randint(1, 9)))
    end = data.rfind(bytes(4) + bytes(64))
    data[end : end + 4] = (8).to_bytes(4, "little")
    return "tif", bytes(data)


def _jpeg2000(chance: random.Random) -> tuple[str, bytes]:
    side = _side(chance)
    data = _saved(Image.new("RGB", (64, 64)), "JPEG2000")
    header, codes = data.find(b"ihdr") + 4, data.find(b"\xff\x51") + 6
    changed = bytearray(data)
    changed[header : header + 8] = struct.pack(">II", side, side)
    changed[codes : codes + 8] = struct.pack(">II", side, side)
    if chance.random() < 0.5:
        changed[codes + 16 : codes + 24] = struct.pack(">II", side, side)
    return "jp2", bytes(changed)


def _webp_small_and_large(chance: random.Random) -> tuple[str, bytes]:
    """34 bytes that announce 16383 x 16383 pixels."""
    bits = (chance.choice((16383, 16000)) - 1) | (16383 - 1) << 14
    body = b"\x2f" + struct.pack("<I", bits) + bytes(9)
    chunk = b"VP8L" + struct.pack("<I", len(body)) + body
    return "webp", b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def _webp_of_one_colour(chance: random.Random) -> tuple[str, bytes]:
    side = chance.randint(8_000, 16_383)
    return "webp", _saved(Image.new("RGB", (side, 2_000)), "WEBP", lossless=True, method=0)


def _bmp_squeezed(chance: random.Random) -> tuple[str, bytes]:
    """Run lengths that end at once."""
    side = _side(chance)
    header = struct.pack("<IiiHHIIiiII", 40, side, side, 1, 8, 1, 2, 2835, 2835, 256, 0)
    start = 14 + len(header) + 1024
    return "bmp", struct.pack("<2sIHHI", b"BM", start + 2, 0, 0, start) + header + bytes(1024) + (
        b"\x00\x01"
    )


def _pdf(*objects: bytes, page: bytes = b"") -> tuple[str, bytes]:
    return "pdf", pdf_of(page or page_of((600, 800)), objects=objects)


def _form(content: bytes, names: bytes = b"") -> bytes:
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] "
    return stream_of(content, entries + b"/Resources << /XObject << %s >> >>" % names)


def _pdf_nested_forms(chance: random.Random) -> tuple[str, bytes]:
    """Each form draws the next one ten times."""
    depth = chance.randint(7, 12)
    forms = [_form(b"/A Do " * 10, b"/A %d 0 R" % (6 + n)) for n in range(depth)]
    return _pdf(stream_of(b"/A Do " * 10), *forms, _form(b"0 0 5 5 re f"))


def _pdf_form_in_itself(_: random.Random) -> tuple[str, bytes]:
    return _pdf(stream_of(b"/A Do"), _form(b"/A Do /A Do", b"/A 5 0 R"))


def _pdf_tiling(chance: random.Random) -> tuple[str, bytes]:
    """A pattern with steps of next to nothing."""
    step = chance.choice((b"0.001", b"0.01", b"0.1"))
    pattern = stream_of(
        b"0 0 1 1 re f",
        b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] "
        b"/XStep %s /YStep %s /Resources << >>" % (step, step),
    )
    page = b"/MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Pattern << /P 5 0 R >> >>"
    return _pdf(stream_of(b"/Pattern cs /P scn 0 0 600 800 re f"), pattern, page=page)


def _pdf_shading(chance: random.Random) -> tuple[str, bytes]:
    """A colour that a long program computes for each pixel, many times over."""
    program = b"{ " + b"sin cos atan exch " * chance.randint(2_000, 20_000) + b"pop }"
    function = stream_of(program, b"/FunctionType 4 /Domain [0 600 0 800] /Range [0 1]")
    shading = b"<< /ShadingType 1 /ColorSpace /DeviceGray /Domain [0 600 0 800] /Function 6 0 R >>"
    page = b"/MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Shading << /S 5 0 R >> >>"
    return _pdf(stream_of(b"/S sh " * 50), shading, function, page=page)


def _pdf_picture(chance: random.Random) -> tuple[str, bytes]:
    """A squeezed picture of four inks that covers its page."""
    side = _side(chance)
    packer = zlib.compressobj(9)
    row = bytes(4 * side)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    picture = (
        b"<< /Type /XObject /Subtype /Image /ColorSpace /DeviceCMYK /BitsPerComponent 8 "
        b"/Width %d /Height %d /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream"
        % (side, side, len(data), data)
    )
    return _pdf(stream_of(b"q 600 0 0 800 0 0 cm /A Do Q"), picture)


def _pdf_picture_of_one_bit(chance: random.Random) -> tuple[str, bytes]:
    side = _side(chance)
    picture = (
        b"<< /Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 1 "
        b"/Width %d /Height %d /Length 2 /Filter /CCITTFaxDecode "
        b"/DecodeParms << /K -1 /Columns %d /Rows %d >> >>\nstream\n\x26\xa0\nendstream"
        % (side, side, side, side)
    )
    return _pdf(stream_of(b"q 600 0 0 800 0 0 cm /A Do Q"), picture)


def _pdf_squeezed_twice(chance: random.Random) -> tuple[str, bytes]:
    """A page's content that is a gigabyte when unpacked."""
    inner = zlib.compress(b"0 0 5 5 re f " * (chance.randint(4, 12) * 10**6), 9)
    data = zlib.compress(inner, 9)
    content = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (
        len(data),
        data,
    )
    return _pdf(content)


def _pdf_of_many_pages(chance: random.Random) -> tuple[str, bytes]:
    return "pdf", pdf_of(*[page_of((600, 800))] * chance.randint(2_500, 20_000))


def _pdf_announcing_pages(_: random.Random) -> tuple[str, bytes]:
    data = pdf_of(page_of((600, 800)), objects=(stream_of(b""),))
    return "pdf", data.replace(b"/Count 1", b"/Count 2147483647")


def _pdf_gigantic_page(chance: random.Random) -> tuple[str, bytes]:
    return _pdf(stream_of(b""), page=page_of((chance.randint(10_000, 10**9),) * 2))


def _noise(chance: random.Random) -> tuple[str, bytes]:
    """Large and not to be squeezed, but a scan as it may well be."""
    pixels = np.random.default_rng(chance.randrange(2**31)).integers(0, 256, (5_000, 6_000))
    return "png", _saved(Image.fromarray(pixels.astype(np.uint8)), "PNG", compress_level=1)


BOMBS: tuple[Bomb, ...] = (
    _png_gray,
    _png_colour,
    _png_deep_transparent,
    _png_over_the_limit,
    _png_swollen_profile,
    _png_swollen_text,
    _jpeg_cmyk,
    _jpeg_progressive,
    _tiff_fractions,
    _tiff_deep_colour,
    _tiff_fax,
    _tiff_of_many_frames,
    _tiff_in_a_circle,
    _jpeg2000,
    _webp_small_and_large,
    _webp_of_one_colour,
    _bmp_squeezed,
    _pdf_nested_forms,
    _pdf_form_in_itself,
    _pdf_tiling,
    _pdf_shading,
    _pdf_picture,
    _pdf_picture_of_one_bit,
    _pdf_squeezed_twice,
    _pdf_of_many_pages,
    _pdf_announcing_pages,
    _pdf_gigantic_page,
    _noise,
)
