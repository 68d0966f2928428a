"""Picture files into gray pixels: every format, and every way to be broken."""

import contextlib
import io
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from newspage.config import IngestConfig
from newspage.errors import InputError, RefusedError
from newspage.ingest import hash_file, load_page, open_pages
from newspage.ingest.formats import check_pixels
from newspage.model import GrayImage

EVERY_FORMAT = ("png", "jpg", "tif", "jp2", "webp", "bmp")


def letters(height: int = 90, width: int = 70) -> GrayImage:
    """Black strokes on white, different in all four corners."""
    page = np.full((height, width), 255, np.uint8)
    page[8:16, 8:60] = 0
    page[8:80, 8:14] = 0
    page[40:46, 8:40] = 0
    return page


def load(path: Path, frame: int = 0) -> GrayImage:
    """One page, after a look at what the headers promised."""
    pages = open_pages(path)
    image = load_page(pages[frame])
    assert image.pixels.dtype == np.uint8
    assert image.pixels.flags.c_contiguous
    assert (image.height, image.width) == (pages[frame].height, pages[frame].width)
    return image.pixels


def close(found: GrayImage, expected: GrayImage, tolerance: int) -> bool:
    """Whether no pixel is off by more than `tolerance` (for lossy formats)."""
    difference = np.abs(found.astype(int) - expected.astype(int))
    return bool(difference.max() <= tolerance)


def refusal(path: Path, config: IngestConfig | None = None) -> InputError:
    """The error of a file, met on opening or on loading; for a person: file, trouble, remedy."""
    with pytest.raises(InputError) as caught:
        load_page(open_pages(path, config)[0], config)
    error = caught.value
    assert path.name in error.message
    assert error.remedy
    assert "\n" not in str(error)
    return error


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG file."""
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png_of(width: int, height: int) -> bytes:
    """A gray PNG file that announces a size and holds a few bytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = png_chunk(b"IDAT", zlib.compress(bytes(100)))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + pixels + png_chunk(b"IEND", b"")


def tiff_of(*frames: tuple[dict[int, int], bytes]) -> bytes:
    """A TIFF file of raw frames: the tags of each, those of the strip aside, and its pixels."""
    data = struct.pack("<2sHI", b"II", 42, 8)
    for number, (tags, pixels) in enumerate(frames):
        strip = len(data) + 2 + 12 * (len(tags) + 4) + 4
        own = {259: 1, 273: strip, 277: 1, 279: len(pixels)}
        data += struct.pack("<H", len(tags) + 4)
        for tag, value in sorted((tags | own).items()):
            data += struct.pack("<HHII", tag, 4, 1, value)
        following = 0 if number == len(frames) - 1 else strip + len(pixels)
        data += struct.pack("<I", following) + pixels
    return data


def tiff_tags(shape: Sequence[int], depth: int = 8, photometric: int = 1) -> dict[int, int]:
    """What every frame of a TIFF file says; `shape` is (height, width)."""
    return {256: shape[1], 257: shape[0], 258: depth, 262: photometric, 278: shape[0]}


def encoded(page: GrayImage, suffix: str, **options: object) -> bytes:
    """The page as a file; lossless where the format can be."""
    lossless: dict[str, dict[str, object]] = {"webp": {"lossless": True}, "jpg": {"quality": 95}}
    kind = {"jpg": "JPEG", "tif": "TIFF", "jp2": "JPEG2000"}.get(suffix, suffix.upper())
    buffer = io.BytesIO()
    Image.fromarray(page).save(buffer, kind, **(lossless.get(suffix, {}) | options))
    return buffer.getvalue()


@pytest.mark.parametrize("suffix", EVERY_FORMAT)
def test_every_format_gives_the_same_page(tmp_path: Path, suffix: str) -> None:
    """Gray pixels and an identity transform, whatever the file is."""
    path = tmp_path / f"page.{suffix}"
    path.write_bytes(encoded(letters(), suffix))
    assert close(load(path), letters(), 60 if suffix == "jpg" else 0)
    (scan,) = open_pages(path)
    assert (scan.path, scan.frame, scan.frames) == (path, 0, 1)
    assert scan.sha256 == hash_file(path)
    assert load_page(scan).to_scan.steps == ()


def test_content_counts_not_the_name(tmp_path: Path) -> None:
    """A JPEG file called .png is read as what it is."""
    path = tmp_path / "page.png"
    path.write_bytes(encoded(letters(), "bmp"))
    assert close(load(path), letters(), 0)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_png_modes(tmp_path: Path, mode: str) -> None:
    """Bilevel, gray, palette, colour, with and without transparency."""
    path = tmp_path / "page.png"
    Image.fromarray(letters()).convert(mode).save(path)
    assert close(load(path), letters(), 0)


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_what_is_transparent_is_paper(tmp_path: Path, mode: str) -> None:
    """Black letters behind nothing are white, half transparent ones gray."""
    picture = Image.new(mode, (30, 10), 0)
    opacity = np.array([[0, 128, 255]], np.uint8).repeat(10, 0).repeat(10, 1)
    picture.putalpha(Image.fromarray(opacity))
    picture.save(tmp_path / "page.png")
    assert close(load(tmp_path / "page.png"), 255 - opacity, 1)


@pytest.mark.parametrize("mode", ["L", "P", "RGB"])
def test_a_transparent_colour_is_paper(tmp_path: Path, mode: str) -> None:
    """Files without an alpha channel can name one colour as transparent."""
    picture = Image.new(mode, (20, 10), 0)
    picture.putpixel((1, 0), (90, 90, 90) if mode == "RGB" else 90)
    colour = (0, 0, 0) if mode == "RGB" else 0
    picture.save(tmp_path / "page.png", transparency=colour)
    assert load(tmp_path / "page.png")[0, 0] == 255


def test_colours_become_gray_by_their_brightness(tmp_path: Path) -> None:
    """Red and blue ink is dark, yellowed paper is light, in every way a file is decoded."""
    colours = np.array([[(200, 0, 0), (0, 0, 160), (250, 240, 200)]], np.uint8)
    colours = colours.repeat(16, 0).repeat(16, 1)
    expected = np.asarray(Image.fromarray(colours).convert("L"))
    for suffix in EVERY_FORMAT:
        path = tmp_path / f"page.{suffix}"
        lossless = {"lossless": True} if suffix == "webp" else {"quality": 98, "subsampling": 0}
        Image.fromarray(colours).save(path, **(lossless if suffix in ("webp", "jpg") else {}))
        assert close(load(path), expected, 4), suffix


@pytest.mark.parametrize("suffix", ["png", "tif"])
@pytest.mark.parametrize("top", [1023, 4095, 65535])
def test_deep_pictures_use_their_whole_range(tmp_path: Path, suffix: str, top: int) -> None:
    """10 or 12 bits that lie in 16 are not a black page."""
    deep = (letters() / 255 * top).astype(np.uint16)
    path = tmp_path / f"page.{suffix}"
    Image.fromarray(deep).save(path)
    assert close(load(path), letters(), 0)


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_deep_colour(tmp_path: Path, suffix: str) -> None:
    """16 bits a colour, of which a scanner filled 12."""
    deep = np.repeat((letters() / 255 * 4095).astype(np.uint16)[:, :, None], 3, 2)
    path = tmp_path / f"page.{suffix}"
    assert cv2.imwrite(str(path), deep)
    if suffix == "tif":
        assert close(load(path), letters(), 0)
    else:
        assert load(path).max() >= 250


def test_fractions(tmp_path: Path) -> None:
    """Floating point pixels count from 0 to 1; what is no number is paper."""
    page = letters().astype(np.float32) / 255
    page[0, 0] = np.nan
    Image.fromarray(page).save(tmp_path / "page.tif")
    assert close(load(tmp_path / "page.tif"), letters(), 0)


@pytest.mark.parametrize("depth", [1, 8, 16])
@pytest.mark.parametrize("white_is_zero", [False, True])
def test_tiff_depths_and_photometry(tmp_path: Path, depth: int, white_is_zero: bool) -> None:
    """Whether 0 is black or white is said by a tag."""
    page = 255 - letters() if white_is_zero else letters()
    path = tmp_path / "page.tif"
    if depth == 1:
        rows = np.packbits(page > 0, axis=1).tobytes()
    else:
        rows = (page.astype("<u2") * 257 if depth == 16 else page).tobytes()
    path.write_bytes(tiff_of((tiff_tags(page.shape, depth, int(not white_is_zero)), rows)))
    assert close(load(path), letters(), 0)


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "group4", "tiff_deflate", "packbits"])
def test_tiff_compressions(tmp_path: Path, compression: str) -> None:
    """The usual ones, fax group 4 of bilevel pages among them."""
    picture = Image.fromarray(letters())
    path = tmp_path / "page.tif"
    picture.convert("1" if compression == "group4" else "L").save(path, compression=compression)
    assert close(load(path), letters(), 0)


def test_tiff_has_one_page_a_frame(tmp_path: Path) -> None:
    """In their order, each with its size."""
    frames = [Image.fromarray(letters(90, 70 + n)) for n in range(3)]
    path = tmp_path / "volume.tif"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    pages = open_pages(path)
    assert [(p.frame, p.frames, p.width) for p in pages] == [(0, 3, 70), (1, 3, 71), (2, 3, 72)]
    assert len({page.sha256 for page in pages}) == 1
    assert close(load(path, 2), letters(90, 72), 0)


def test_thumbnails_in_tiff_are_no_pages(tmp_path: Path) -> None:
    """Frames that say they are a reduced copy of another."""
    page, small = letters(), letters()[::4, ::4]
    frames = [(tiff_tags(small.shape) | {254: 1}, small.tobytes())]
    frames += [(tiff_tags(page.shape), page.tobytes())]
    path = tmp_path / "page.tif"
    path.write_bytes(tiff_of(*frames))
    assert len(open_pages(path)) == 1
    assert close(load(path), letters(), 0)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_pages_stand_as_viewers_show_them(tmp_path: Path, suffix: str, orientation: int) -> None:
    """The tag for orientation is obeyed, in size and in pixels."""
    path = tmp_path / f"page.{suffix}"
    exif = Image.Exif()
    exif[274] = orientation
    data = encoded(letters(), suffix, exif=exif)
    path.write_bytes(data)
    with Image.open(io.BytesIO(data)) as picture:
        shown = np.asarray(ImageOps.exif_transpose(picture).convert("L"))
    assert close(load(path), shown, 0 if suffix != "jpg" else 4)
    turned = orientation >= 5
    assert load(path).shape == ((70, 90) if turned else (90, 70))


def test_inks_of_cmyk_files(tmp_path: Path) -> None:
    """JPEG files from printing houses store inks, inverted where Adobe wrote them."""
    path = tmp_path / "page.jpg"
    Image.fromarray(letters()).convert("CMYK").save(path, quality=95)
    assert close(load(path), letters(), 60)


def test_progressive_jpeg(tmp_path: Path) -> None:
    """Several passes over the picture end in the same page."""
    path = tmp_path / "page.jpg"
    path.write_bytes(encoded(letters(), "jpg", progressive=True))
    assert close(load(path), letters(), 60)


@pytest.mark.parametrize(
    ("claimed", "believed"),
    [((300, 300), 300.0), ((72, 200), 200.0), ((1, 1), None), ((0, 0), None), (None, None)],
)
def test_resolution_is_what_the_file_claims(
    tmp_path: Path, claimed: tuple[int, int] | None, believed: float | None
) -> None:
    """If scanners can have it; otherwise none."""
    path = tmp_path / "page.tif"
    picture = Image.fromarray(letters())
    if claimed:
        picture.save(path, dpi=claimed)
    else:
        picture.save(path)
    assert open_pages(path)[0].dpi == believed


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"This page was left blank.\n" * 99, "text file"),
        ("此页留白。".encode("gb18030") * 500, "text file"),
        (b"<!DOCTYPE html><title>404</title>", "web page"),
        (b"GIF89a" + bytes(40), "GIF"),
        (b"PK\x03\x04" + bytes(40), "ZIP"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "HEIC"),
        (bytes(4000), "zeros"),
        (bytes(range(256)) * 8, "unknown"),
        (b"\x89PNG\r\n\x1a\n", "cut short"),
        (png_of(0, 100), "damaged"),
        (png_of(1, 1), "too few"),
        (b"\xff\xd8\xff\xe0", "cut short"),
        (b"II*\0\x08\0\0\0", "damaged"),
        (b"BM" + bytes(10), "damaged"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "damaged"),
    ],
)
def test_files_that_are_no_scans(tmp_path: Path, content: bytes, word: str) -> None:
    """Each is called what it is."""
    path = tmp_path / "page.png"
    path.write_bytes(content)
    assert word in str(refusal(path))


def test_a_folder_is_no_scan(tmp_path: Path) -> None:
    """Even if its name says so."""
    path = tmp_path / "page.png"
    path.mkdir()
    assert "folder" in str(refusal(path))


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    """Between finding and reading someone may have moved it."""
    assert "no longer there" in str(refusal(tmp_path / "page.png"))


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The remedy is a command."""
    path = tmp_path / "page.png"
    path.write_bytes(encoded(letters(), "png"))

    def refuse(*_args: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert "chmod" in str(refusal(path))


@pytest.mark.parametrize("suffix", EVERY_FORMAT)
@pytest.mark.parametrize("options", [{}, {"progressive": True}], ids=["plain", "progressive"])
def test_a_file_cut_short_is_never_half_a_page(
    tmp_path: Path, suffix: str, options: dict[str, object]
) -> None:
    """An error, or the whole page if nothing that counts was lost."""
    noise = np.random.default_rng(7).integers(0, 256, (120, 160), np.uint8)
    data = encoded(noise, suffix, **(options if suffix == "jpg" else {}))
    path = tmp_path / f"page.{suffix}"
    path.write_bytes(data)
    whole = load(path)
    for share in (0.02, 0.2, 0.5, 0.8, 0.95, 0.99):
        path.write_bytes(data[: int(len(data) * share)])
        assert "cut short" in str(refusal(path)), share
    path.write_bytes(data[:-1])
    with contextlib.suppress(InputError):
        assert close(load(path), whole, 0)


def test_a_download_that_stopped_half_way_is_noticed(tmp_path: Path) -> None:
    """Some programs fill the rest of the file with zeros, which decoders show as plain gray."""
    noise = np.random.default_rng(7).integers(0, 256, (120, 160), np.uint8)
    data = encoded(noise, "jpg")
    path = tmp_path / "page.jpg"
    path.write_bytes(data[: len(data) // 2] + bytes(len(data) // 2))
    assert "cut short" in str(refusal(path))


@pytest.mark.parametrize("suffix", EVERY_FORMAT)
def test_damage_is_an_error_or_a_page(tmp_path: Path, suffix: str) -> None:
    """Whichever bytes are wrong, nothing but an InputError comes out."""
    random = np.random.default_rng(3)
    data = encoded(letters()[:20, :20], suffix)
    path = tmp_path / f"page.{suffix}"
    errors: list[InputError] = []
    for _ in range(80):
        broken = bytearray(data)
        for place in random.integers(0, len(data), random.integers(1, 9)):
            broken[place] = random.integers(0, 256)
        path.write_bytes(broken)
        try:
            load(path)
        except InputError as error:
            errors.append(error)
    assert errors
    assert not any("\n" in str(error) for error in errors)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.png", png_of(50_000, 50_000)),
        ("bomb.tif", tiff_of((tiff_tags((200_000, 100_000)), b""))),
        ("long.png", png_of(40_000, 100)),
    ],
)
def test_bombs_are_refused_by_their_header(
    tmp_path: Path, name: str, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a byte is decoded, and before the file is read for its checksum."""
    monkeypatch.setattr("newspage.ingest.hash_file", lambda _: pytest.fail("read as a whole"))
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("decoded"))
    path = tmp_path / name
    path.write_bytes(content)
    assert isinstance(refusal(path), RefusedError)


def webp_of(width: int, height: int) -> bytes:
    """The first bytes of a lossless WebP file."""
    bits = (width - 1) | (height - 1) << 14
    body = b"WEBPVP8L" + struct.pack("<IBI", 5, 0x2F, bits) + b"\0"
    return b"RIFF" + struct.pack("<I", len(body)) + body


def cmyk_jpeg_of(width: int, height: int) -> bytes:
    """A JPEG file of four inks without content."""
    inks = b"".join(bytes((n, 0x11, 0)) for n in range(1, 5))
    frame = struct.pack(">BHHB", 8, height, width, 4) + inks
    scan = b"\x04" + b"".join(bytes((n, 0)) for n in range(1, 5)) + b"\x00\x3f\x00"
    start = b"\xff\xd8\xff\xc0" + struct.pack(">H", 2 + len(frame)) + frame
    return start + b"\xff\xda" + struct.pack(">H", 2 + len(scan)) + scan + b"\0\xff\xd9"


def jpeg2000_of(width: int, height: int) -> bytes:
    """A JPEG 2000 file in colour, of one tile without content."""
    head = encoded_colour("jp2")
    at = head.index(b"\xff\x4f\xff\x51") + 8
    boxed = head.index(b"ihdr") + 4
    data = bytearray(head)
    data[at : at + 8] = struct.pack(">II", width, height)
    data[at + 16 : at + 24] = struct.pack(">II", width, height)
    data[boxed : boxed + 8] = struct.pack(">II", height, width)
    return bytes(data)


def encoded_colour(suffix: str) -> bytes:
    """A small page in colour."""
    buffer = io.BytesIO()
    kind = {"jp2": "JPEG2000"}.get(suffix, suffix.upper())
    Image.fromarray(letters()).convert("RGB").save(buffer, kind)
    return buffer.getvalue()


def fractions_of(width: int, height: int) -> bytes:
    """A TIFF file of 32-bit fractions, one strip, without content."""
    return tiff_of((tiff_tags((height, width), 32) | {339: 3}, b""))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.webp", webp_of(16_383, 16_383)),
        ("page.jpg", cmyk_jpeg_of(19_000, 19_000)),
        ("page.jp2", jpeg2000_of(10_000, 9_000)),
        ("page.tif", fractions_of(19_000, 19_000)),
    ],
)
def test_pages_that_take_too_much_memory_are_refused(
    tmp_path: Path, name: str, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what decoding holds for each pixel, before anything is decoded; others may be larger."""
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("decoded"))
    monkeypatch.setattr(cv2, "imread", lambda *_: pytest.fail("decoded"))
    path = tmp_path / name
    path.write_bytes(content)
    error = refusal(path)
    assert isinstance(error, RefusedError)
    assert "MB of memory" in error.message
    path.write_bytes(png_of(19_000, 19_000))
    assert open_pages(path)[0].width == 19_000


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize("lossless", [True, False])
def test_webp_is_gray_as_elsewhere(tmp_path: Path, mode: str, lossless: bool) -> None:
    """To the value what the same pixels give by another decoder, paper under what is clear."""
    path = tmp_path / "page.webp"
    colours = np.random.default_rng(3).integers(0, 256, (40, 60, 4), np.uint8)
    picture = Image.fromarray(colours, "RGBA").convert(mode)
    picture.save(path, lossless=lossless, exact=True)
    with Image.open(path) as decoded:
        expected = np.asarray(
            Image.alpha_composite(
                Image.new("RGBA", decoded.size, "white"), decoded.convert("RGBA")
            ).convert("L")
        )
    assert np.array_equal(load(path), expected)


def test_an_animation_is_its_first_picture(tmp_path: Path) -> None:
    """As every viewer begins to show it."""
    path = tmp_path / "page.webp"
    first, other = Image.fromarray(letters()), Image.new("L", (70, 90), 90)
    first.save(path, save_all=True, append_images=[other], lossless=True)
    assert close(load(path), letters(), 1)


def test_fractions_are_narrowed_alike_in_bands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The range of the whole page counts, not that of a band."""
    values = np.linspace(0, 1000, 90 * 70, dtype=np.float32).reshape(90, 70)
    values[3, 3] = np.nan
    path = tmp_path / "page.tif"
    Image.fromarray(values).save(path)
    whole = load(path)
    monkeypatch.setattr("newspage.ingest.gray._BAND_PIXELS", 700)
    assert np.array_equal(load(path), whole)
    assert whole[3, 3] == 255


def test_large_scans_pass_and_the_limit_can_be_set(tmp_path: Path) -> None:
    """10,000 x 14,000 pixels are a broadsheet at 600 dpi."""
    path = tmp_path / "page.png"
    check_pixels(path, 10_000, 14_000, IngestConfig())
    path.write_bytes(encoded(letters(), "png"))
    assert isinstance(refusal(path, IngestConfig(max_megapixels=0.001)), RefusedError)


def test_ten_gigabytes_are_refused_unread(tmp_path: Path) -> None:
    """By the size of the file alone."""
    path = tmp_path / "volume.tif"
    path.write_bytes(tiff_of((tiff_tags((1000, 1000)), b"")))
    with path.open("r+b") as file:
        file.truncate(10_000_000_000)
    assert "10,000 MB" in str(refusal(path))


def test_files_of_too_many_pages_are_refused(tmp_path: Path) -> None:
    """The limit can be set."""
    frames = [Image.fromarray(letters())] * 4
    path = tmp_path / "volume.tif"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    assert "more pages than the 3 allowed" in str(refusal(path, IngestConfig(max_pages=3)))


def test_a_file_changed_while_it_was_read(tmp_path: Path) -> None:
    """Its pixels would not be those that the record speaks of."""
    path = tmp_path / "page.png"
    path.write_bytes(encoded(letters(), "png"))
    (scan,) = open_pages(path)
    with pytest.raises(InputError, match="changed"):
        load_page(replace(scan, width=scan.width + 1))


def test_memory_that_does_not_suffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said, with what to do."""
    path = tmp_path / "page.tif"
    path.write_bytes(encoded(letters(), "tif"))

    def fail(_: object) -> Callable[[], None]:
        raise MemoryError

    monkeypatch.setattr(Image.Image, "crop", fail)
    monkeypatch.setattr("newspage.ingest.raster.convert_to_gray", fail)
    assert "memory" in str(refusal(path))
