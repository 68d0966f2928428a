"""Scans of every format, made from a piece of a sample page, and broken."""

import io
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.attack.feeding import Hostile, feed_scans
from benchmarks.attack.mutations import mutate
from benchmarks.attack.tally import Tally
from newspage.model import GrayImage
from tests.test_ingest_pdf import image_of, page_of, pdf_of, stream_of

SAMPLE = Path(__file__).resolve().parents[2] / "scans/qingdu-2024-03-18/p3.jpg"
_WIDTH, _HEIGHT = 160, 120
"""Small, so that many can be tried; a decoder's bugs do not wait for large pictures."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A file with nothing wrong."""

    suffix: str
    data: bytes


def sound_files() -> tuple[Sound, ...]:
    """Return files of each format in the kinds that scanners and archives make."""
    with Image.open(SAMPLE) as page:
        colour = page.convert("RGB").crop((700, 900, 700 + _WIDTH, 900 + _HEIGHT))
    gray = colour.convert("L")
    pixels = np.asarray(gray)
    deep = Image.fromarray(pixels.astype(np.uint16) * 257)
    return (
        *_pngs(colour, gray, deep),
        *_jpegs(colour, gray),
        *_tiffs(colour, gray, deep),
        *_others(colour, gray),
        *_pdfs(gray, pixels),
    )


def attack_scans(size: int, seed: int, keep: Path | None = None) -> Tally:
    """Try so many broken scans, of all formats by turns."""
    tally = Tally("broken scans")
    feed_scans(broken_scans(size, seed), tally, keep)
    return tally


def broken_scans(size: int, seed: int) -> Iterator[Hostile]:
    """Yield broken scans; the same for the same seed."""
    sound = sound_files()
    for number in range(size):
        chance = random.Random(f"{seed} scan {number}")
        file, other = sound[number % len(sound)], chance.choice(sound)
        data = mutate(file.data, chance, other.data)
        yield Hostile(f"scan-{seed}-{number}.{file.suffix}", data)


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def _pngs(colour: Image.Image, gray: Image.Image, deep: Image.Image) -> Iterator[Sound]:
    turned = Image.Exif()
    turned[274] = 6
    transparent = colour.copy()
    transparent.putalpha(200)
    for picture in (colour, gray, deep, gray.convert("1"), colour.quantize(16), transparent):
        yield Sound("png", _saved(picture, "PNG"))
    yield Sound("png", _saved(gray, "PNG", exif=turned, dpi=(300, 300)))


def _jpegs(colour: Image.Image, gray: Image.Image) -> Iterator[Sound]:
    turned = Image.Exif()
    turned[274] = 8
    for picture in (colour, gray, colour.convert("CMYK")):
        yield Sound("jpg", _saved(picture, "JPEG", quality=85))
    yield Sound("jpg", _saved(colour, "JPEG", progressive=True, exif=turned, dpi=(300, 300)))
    yield Sound("jp2", _saved(colour, "JPEG2000"))
    yield Sound("jp2", _saved(gray, "JPEG2000", quality_mode="rates", quality_layers=[20]))


def _tiffs(colour: Image.Image, gray: Image.Image, deep: Image.Image) -> Iterator[Sound]:
    """Files of three frames, in all the ways in which they are squeezed."""
    bits = gray.convert("1")
    kinds: Sequence[tuple[Image.Image, str]] = (
        (gray, "raw"),
        (colour, "tiff_lzw"),
        (deep, "tiff_adobe_deflate"),
        (colour, "jpeg"),
        (bits, "group4"),
        (bits, "group3"),
        (gray, "packbits"),
        (colour.convert("CMYK"), "tiff_lzw"),
        (gray.convert("F"), "raw"),
    )
    for picture, compression in kinds:
        more = [picture.rotate(180), picture]
        options = {"compression": compression, "save_all": True, "append_images": more}
        yield Sound("tif", _saved(picture, "TIFF", **options))


def _others(colour: Image.Image, gray: Image.Image) -> Iterator[Sound]:
    yield Sound("webp", _saved(colour, "WEBP", quality=70))
    yield Sound("webp", _saved(colour, "WEBP", lossless=True))
    for picture in (colour, gray, gray.convert("1"), colour.quantize(16)):
        yield Sound("bmp", _saved(picture, "BMP"))


def _pdfs(gray: Image.Image, pixels: GrayImage) -> Iterator[Sound]:
    """Pages that Pillow makes, and some whose objects stand open to be changed."""
    # The time of writing would make another file of it each time.
    dated = {"creationDate": time.gmtime(0), "modDate": time.gmtime(0)}
    more = [gray.convert("1")]
    yield Sound("pdf", _saved(gray, "PDF", save_all=True, append_images=more, **dated))
    yield Sound("pdf", _saved(gray.convert("RGB"), "PDF", quality=70, **dated))
    drawn = stream_of(b"q %d 0 0 %d 0 0 cm /A Do Q" % (_WIDTH, _HEIGHT))
    page = page_of((_WIDTH, _HEIGHT))
    picture = image_of(pixels)
    yield Sound(
        "pdf", pdf_of(page, page_of((_HEIGHT, _WIDTH), b"/Rotate 90"), objects=(drawn, picture))
    )
    written = b"BT /F 12 Tf 10 60 Td (newspage) Tj ET 0 0 1 rg 5 5 50 20 re f"
    fonts = (
        b"/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    )
    text = b"/MediaBox [0 0 %d %d] /Contents 4 0 R %s" % (_WIDTH, _HEIGHT, fonts)
    yield Sound(
        "pdf",
        pdf_of(
            text, objects=(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(written), written),)
        ),
    )
