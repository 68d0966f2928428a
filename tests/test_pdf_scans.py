"""The scan in a PDF file: carried over byte for byte, or else encoded, always upright."""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageCms, ImageDraw, TiffImagePlugin

from newspage.config import IngestConfig
from newspage.errors import InputError, RefusedError
from newspage.formats.document import PageDocument
from newspage.formats.scan_access import UnavailableScanError
from newspage.formats.searchable_pdf import render_pdf
from newspage.formats.searchable_pdf.colour_profile import check_profile, make_srgb_profile
from newspage.formats.searchable_pdf.encoded_image import JPEG_QUALITY
from newspage.formats.searchable_pdf.jpeg2000_image import carry_jpeg2000
from newspage.formats.searchable_pdf.jpeg_image import carry_jpeg
from newspage.formats.searchable_pdf.png_image import carry_png
from newspage.ingest import load_page, open_pages
from tests.pdf_reading import (
    Pixels,
    check_syntax,
    document_of,
    draw_by_pdfium,
    draw_by_poppler,
)
from tests.test_ingest_pdf import image_of, pdf_of, stream_of

WIDTH, HEIGHT = 200, 300
ORIENTATION = 274
ORIENTATIONS = range(1, 9)


def gray_page() -> Image.Image:
    """A page with a black bar at the top left, strokes, a gray slope; no side is like another."""
    page = Image.new("L", (WIDTH, HEIGHT), 255)
    draw = ImageDraw.Draw(page)
    for x in range(20, 180):
        draw.line([(x, 150), (x, 170)], fill=x)
    draw.rectangle([10, 10, 90, 30], fill=0)
    for y in range(200, 280, 16):
        draw.line([(20, y), (150, y)], fill=0, width=4)
    return page


def colour_page() -> Image.Image:
    """The same with a red stamp and a blue one."""
    page = gray_page().convert("RGB")
    draw = ImageDraw.Draw(page)
    draw.rectangle([120, 20, 160, 60], fill=(200, 30, 30))
    draw.rectangle([120, 80, 160, 120], fill=(30, 30, 200))
    return page


def black_page() -> Image.Image:
    """The same in black and white."""
    return gray_page().convert("1", dither=Image.Dither.NONE)


def with_orientation(number: int) -> Image.Exif:
    """Marks of a file that says how it lies."""
    marks = Image.Exif()
    marks[ORIENTATION] = number
    return marks


Save = Callable[[Path], None]


def cut_png_in_two(path: Path) -> None:
    """A PNG file whose pixels lie in many chunks, as most programs write them."""
    noise = np.random.default_rng(1).integers(0, 255, (400, 400), np.uint8)
    Image.fromarray(noise).save(path)
    assert path.read_bytes().count(b"IDAT") > 1


CARRIED: dict[str, tuple[str, Save]] = {
    "gray.jpg": ("DCTDecode", lambda p: gray_page().save(p, quality=90)),
    "colour.jpg": ("DCTDecode", lambda p: colour_page().save(p, quality=90)),
    "progressive.jpg": ("DCTDecode", lambda p: colour_page().save(p, progressive=True)),
    "gray.jp2": ("JPXDecode", lambda p: gray_page().save(p)),
    "colour.jp2": ("JPXDecode", lambda p: colour_page().save(p, irreversible=True)),
    "gray.png": ("FlateDecode", lambda p: gray_page().save(p)),
    "colour.png": ("FlateDecode", lambda p: colour_page().save(p)),
    "black.png": ("FlateDecode", lambda p: black_page().save(p)),
    "palette.png": ("FlateDecode", lambda p: colour_page().quantize(16).save(p)),
    "chunks.png": ("FlateDecode", cut_png_in_two),
    "fax.tif": (
        "CCITTFaxDecode",
        lambda p: black_page().save(p, compression="group4", strip_size=1 << 20),
    ),
}
"""Files that are carried over: the filter of PDF that reads them, and how they are made."""


def white_is_zero(path: Path) -> None:
    """A fax whose zeros are white, as most scanners write it."""
    marks = TiffImagePlugin.ImageFileDirectory_v2()
    marks[262] = 0
    black_page().save(path, compression="group4", tiffinfo=marks, strip_size=1 << 20)


CARRIED["white is zero.tif"] = ("CCITTFaxDecode", white_is_zero)


def wide_gray(path: Path) -> None:
    """A gray page of 16 bits."""
    Image.fromarray(np.asarray(gray_page()).astype(np.uint16) * 257).save(path)


def several_pages(path: Path) -> None:
    """A TIFF file whose second page is the one that is meant."""
    Image.new("L", (50, 60), 255).save(path, save_all=True, append_images=[gray_page()])


ENCODED: dict[str, tuple[str, Save]] = {
    "strips.tif": ("CCITTFaxDecode", lambda p: black_page().save(p, compression="group4")),
    "bits.tif": ("FlateDecode", lambda p: black_page().save(p)),
    "levels.tif": ("FlateDecode", lambda p: black_page().convert("L").save(p)),
    "gray.tif": ("DCTDecode", lambda p: gray_page().save(p, compression="tiff_lzw")),
    "colour.tif": ("DCTDecode", lambda p: colour_page().save(p)),
    "jpeg.tif": ("DCTDecode", lambda p: colour_page().save(p, compression="jpeg")),
    "wide.tif": ("DCTDecode", wide_gray),
    "several.tif": ("DCTDecode", several_pages),
    "gray.bmp": ("DCTDecode", lambda p: gray_page().save(p)),
    "colour.webp": ("DCTDecode", lambda p: colour_page().save(p, quality=90)),
    "inks.jpg": ("DCTDecode", lambda p: colour_page().convert("CMYK").save(p, quality=90)),
    "wide.png": ("FlateDecode", wide_gray),
    "opacity.png": ("FlateDecode", lambda p: _half_clear().save(p)),
    "clear.png": ("FlateDecode", lambda p: gray_page().save(p, transparency=0)),
    "opacity.jp2": ("DCTDecode", lambda p: colour_page().convert("RGBA").save(p)),
}
"""Files that are encoded anew."""


def _half_clear() -> Image.Image:
    page = colour_page().convert("RGBA")
    page.putalpha(Image.new("L", page.size, 255))
    ImageDraw.Draw(page).rectangle([0, 100, 199, 140], fill=(0, 0, 0, 0))
    return page


@dataclass(frozen=True, slots=True)
class StoredImage:
    """A picture as it stands in a PDF file."""

    encoding: str
    colours: str
    data: bytes


def image_in(data: bytes) -> StoredImage:
    """The one picture of a file of one page."""
    with pikepdf.open(io.BytesIO(data)) as file:
        (picture,) = file.pages[0].Resources.XObject.as_dict().values()
        colours = picture.ColorSpace
        name = str(colours) if isinstance(colours, pikepdf.Name) else str(colours[0])
        return StoredImage(str(picture.Filter)[1:], name[1:], picture.read_raw_bytes())


def pixels_in_png(data: bytes) -> bytes:
    """The compressed pixels of a PNG file."""
    found, at = b"", 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        found += data[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    return found


def read_pixels(path: Path, frame: int = 0) -> Pixels:
    """The page as newspage reads it, upright and gray."""
    return load_page(open_pages(path)[frame]).pixels


def assert_alike(one: Pixels, other: Pixels, most: float = 8.0) -> None:
    """Pixels differ by no more than decoders and the conversion to gray do."""
    assert one.shape == other.shape
    difference = np.abs(one.astype(int) - other.astype(int))
    assert difference.mean() < most / 3
    assert np.percentile(difference, 98) <= 3 * most


def assert_drawn_as_read(document: PageDocument, data: bytes, folder: Path) -> None:
    """Both readers draw the page as it was read."""
    scan = document.record.page.scan
    assert document.scan_file
    wanted = read_pixels(document.scan_file, scan.frame)
    assert_alike(draw_by_pdfium(data, scan.width, scan.height), wanted)
    assert_alike(draw_by_poppler(data, scan.dpi or 300, folder), wanted)


@pytest.mark.parametrize("name", CARRIED)
def test_files_are_carried_over(tmp_path: Path, name: str) -> None:
    """Their bytes, or the compressed pixels in them, stand in the PDF file as they are."""
    path = tmp_path / name
    encoding, save = CARRIED[name]
    save(path)
    document = document_of(path)
    data = render_pdf(document)
    stored = image_in(data).data
    assert image_in(data).encoding == encoding
    if name.endswith((".jpg", ".jp2")):
        assert stored == path.read_bytes()
    elif name.endswith(".tif"):
        assert stored in path.read_bytes()
    else:
        assert stored == pixels_in_png(path.read_bytes())
    assert_drawn_as_read(document, data, tmp_path)
    check_syntax(data, tmp_path)


@pytest.mark.parametrize("name", ENCODED)
def test_files_are_encoded(tmp_path: Path, name: str) -> None:
    """Black and white without loss, PNG without loss, others as JPEG."""
    path = tmp_path / name
    encoding, save = ENCODED[name]
    save(path)
    frame = len(open_pages(path)) - 1
    document = document_of(path, frame=frame)
    data = render_pdf(document)
    assert image_in(data).encoding == encoding
    assert_drawn_as_read(document, data, tmp_path)
    check_syntax(data, tmp_path)
    if encoding != "DCTDecode":
        drawn = draw_by_pdfium(data, document.record.page.scan.width, HEIGHT)
        difference = np.abs(drawn.astype(int) - read_pixels(path, frame).astype(int))
        assert difference.max() <= 2


def test_black_and_white_is_coded_by_what_is_shorter(tmp_path: Path, repository: Path) -> None:
    """Letters as by fax, screened photographs as in PNG: of one bit in both cases."""
    sample = Image.open(repository / "scans" / "qingdu-2024-03-18" / "p3.jpg")
    letters = sample.convert("L").point(lambda value: 255 * (value > 140))
    slope = Image.fromarray(np.tile(np.linspace(0, 255, 900), (900, 1)).astype(np.uint8))
    for page, encoding in ((letters, "CCITTFaxDecode"), (slope, "FlateDecode")):
        page.convert("1").save(tmp_path / "p1.tif")
        data = render_pdf(document_of(tmp_path / "p1.tif"))
        assert image_in(data).encoding == encoding
        with pikepdf.open(io.BytesIO(data)) as file:
            (picture,) = file.pages[0].Resources.XObject.as_dict().values()
            assert int(picture.BitsPerComponent) == 1


def test_colours_stay_colours(tmp_path: Path) -> None:
    """Of a file that is encoded: the stamps are red and blue."""
    path = tmp_path / "p1.tif"
    colour_page().save(path)
    picture = image_in(render_pdf(document_of(path)))
    found = Image.open(io.BytesIO(picture.data)).convert("RGB")
    red, blue = found.getpixel((140, 40)), found.getpixel((140, 100))
    assert isinstance(red, tuple)
    assert isinstance(blue, tuple)
    assert red[0] > 150 > 80 > red[2]
    assert blue[2] > 150 > 80 > blue[0]
    assert picture.colours == "DeviceRGB"


@pytest.mark.parametrize("kind", ["jpg", "png", "webp", "tif"])
@pytest.mark.parametrize("number", ORIENTATIONS)
def test_turned_files_stand_upright(tmp_path: Path, kind: str, number: int) -> None:
    """JPEG and PNG are still carried over: the page turns them, not an encoder."""
    path = tmp_path / f"p1.{kind}"
    gray_page().save(path, exif=with_orientation(number))
    document = document_of(path)
    scan = document.record.page.scan
    sides = (HEIGHT, WIDTH) if number in (5, 6, 7, 8) else (WIDTH, HEIGHT)
    assert (scan.width, scan.height) == sides
    data = render_pdf(document)
    assert_drawn_as_read(document, data, tmp_path)
    if kind == "jpg":
        assert image_in(data).data == path.read_bytes()


@pytest.mark.parametrize("number", ORIENTATIONS)
def test_a_turned_fax_is_carried_over(tmp_path: Path, number: int) -> None:
    """And stands upright."""
    path = tmp_path / "p1.tif"
    marks = TiffImagePlugin.ImageFileDirectory_v2()
    marks[ORIENTATION] = number
    black_page().save(path, compression="group4", tiffinfo=marks, strip_size=1 << 20)
    document = document_of(path)
    data = render_pdf(document)
    assert image_in(data).data in path.read_bytes()
    assert_drawn_as_read(document, data, tmp_path)


def test_a_bare_codestream_gets_the_header_that_pdf_asks_for(tmp_path: Path) -> None:
    """Its own bytes stay as they are."""
    for name, page in (("gray.j2k", gray_page()), ("colour.j2k", colour_page())):
        path = tmp_path / name
        page.save(path)
        document = document_of(path)
        data = render_pdf(document)
        stored = image_in(data).data
        assert stored.endswith(path.read_bytes())
        assert Image.open(io.BytesIO(stored)).size == (WIDTH, HEIGHT)
        assert_drawn_as_read(document, data, tmp_path)


def test_pages_of_pdf_files(tmp_path: Path) -> None:
    """Gray ones become gray, black and white ones fax, coloured ones colour."""
    shapes = {
        "black": (np.asarray(black_page().convert("L")), "FlateDecode", "DeviceGray"),
        "gray": (np.asarray(gray_page()), "DCTDecode", "DeviceGray"),
    }
    for name, (pixels, encoding, colours) in shapes.items():
        path = tmp_path / f"{name}.pdf"
        content = stream_of(b"q %d 0 0 %d 0 0 cm /I Do Q" % (WIDTH / 2, HEIGHT / 2))
        page = b"/MediaBox [0 0 %d %d] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >>" % (
            WIDTH / 2,
            HEIGHT / 2,
        )
        path.write_bytes(pdf_of(page, objects=(content, image_of(pixels))))
        document = document_of(path)
        assert document.record.page.scan.width == WIDTH
        data = render_pdf(document)
        picture = image_in(data)
        assert (picture.encoding, picture.colours) == (encoding, colours)
        assert_drawn_as_read(document, data, tmp_path)
    path = tmp_path / "colour.pdf"
    colour_page().save(path, resolution=150)
    document = document_of(path)
    data = render_pdf(document)
    assert image_in(data).colours == "DeviceRGB"
    assert_drawn_as_read(document, data, tmp_path)


@pytest.mark.parametrize(
    ("dpi", "width"), [(200, WIDTH / 200 * 72), (None, WIDTH / 300 * 72), (72, WIDTH)]
)
def test_pages_have_the_size_of_the_paper(tmp_path: Path, dpi: int | None, width: float) -> None:
    """By the resolution that the scan claims."""
    path = tmp_path / "p1.png"
    if dpi:
        gray_page().save(path, dpi=(dpi, dpi))
    else:
        gray_page().save(path)
    with pikepdf.open(io.BytesIO(render_pdf(document_of(path)))) as file:
        assert float(file.pages[0].MediaBox[2]) == pytest.approx(width, abs=0.1)


def test_pages_are_never_larger_than_pdf_allows(tmp_path: Path) -> None:
    """Nor smaller."""
    path = tmp_path / "p1.png"
    Image.new("L", (WIDTH, HEIGHT), 200).save(path)
    for dpi, sides in ((0.5, (9600, 14_400)), (30_000, (3, 4.5))):
        document = document_of(path)
        scan = replace(document.record.page.scan, dpi=dpi)
        page = replace(document.record.page, scan=scan)
        document = replace(document, record=replace(document.record, page=page))
        with pikepdf.open(io.BytesIO(render_pdf(document))) as file:
            found = [float(v) for v in file.pages[0].MediaBox.as_list()][2:]
        assert found == pytest.approx(sides, abs=0.05)
        assert max(found) <= 14_400
        assert min(found) >= 3


def test_the_profile_of_a_scan_is_kept(tmp_path: Path) -> None:
    """One that fits; a broken one and one of other colours count for nothing."""
    profile = make_srgb_profile()
    path = tmp_path / "p1.jpg"
    colour_page().save(path, icc_profile=profile)
    document = document_of(path)
    data = render_pdf(document)
    with pikepdf.open(io.BytesIO(data)) as file:
        (picture,) = file.pages[0].Resources.XObject.as_dict().values()
        kind, stream = picture.ColorSpace.as_list()
        assert str(kind) == "/ICCBased"
        assert stream.read_bytes() == profile
    assert_drawn_as_read(document, data, tmp_path)
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for broken in (profile[:100], b"x" * 200, lab, None, b"", profile[:12] + b"CMYK" * 30):
        assert check_profile(broken, "DeviceRGB") == b""
    assert check_profile(profile, "DeviceGray") == b""


def test_a_scan_that_is_gone_or_changed_is_refused(tmp_path: Path) -> None:
    """With its name, and what to do."""
    path = tmp_path / "p1.png"
    gray_page().save(path)
    document = document_of(path)
    with pytest.raises(UnavailableScanError, match="not known where its scan lies"):
        render_pdf(replace(document, scan_file=None))
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(UnavailableScanError, match=r"p1\.png was changed since it was read"):
        render_pdf(document)
    path.unlink()
    with pytest.raises(UnavailableScanError, match=r"p1\.png, which .*moved.*[Pp]ut it back"):
        render_pdf(document)
    path.mkdir()
    with pytest.raises(UnavailableScanError, match="cannot be read"):
        render_pdf(document)


def test_a_scan_of_another_size_is_refused(tmp_path: Path) -> None:
    """As a record that was changed by hand says."""
    path = tmp_path / "p1.png"
    gray_page().save(path)
    document = document_of(path)
    scan = replace(document.record.page.scan, width=WIDTH + 1)
    page = replace(document.record.page, scan=scan)
    with pytest.raises(UnavailableScanError, match="another size"):
        render_pdf(replace(document, record=replace(document.record, page=page)))


def test_limits_hold(tmp_path: Path) -> None:
    """Those under which pages are read."""
    for name, save in (("p1.tif", CARRIED["fax.tif"][1]), ("p1.jpg", CARRIED["gray.jpg"][1])):
        path = tmp_path / name
        save(path)
        document = replace(document_of(path), limits=IngestConfig(max_megapixels=0.01))
        with pytest.raises(RefusedError, match="megapixels"):
            render_pdf(document)


def test_encoded_pages_have_the_quality_that_is_said(tmp_path: Path) -> None:
    """Of the tables of the file, against those that Pillow makes for it."""
    path = tmp_path / "p1.tif"
    gray_page().save(path)
    stored = image_in(render_pdf(document_of(path))).data
    expected = io.BytesIO()
    gray_page().save(expected, "JPEG", quality=JPEG_QUALITY)
    assert stored == expected.getvalue()


def _jpeg() -> bytes:
    data = io.BytesIO()
    colour_page().save(data, "JPEG")
    return data.getvalue()


def test_rare_kinds_of_jpeg_are_not_carried_over() -> None:
    """Readers of PDF do not know them, though the decoder of this machine may."""
    data = _jpeg()
    with Image.open(io.BytesIO(data)) as picture:
        at = data.index(b"\xff\xc0")
        assert carry_jpeg(data, picture) is not None
        for marker in (0xC3, 0xC9, 0xCA):
            other = data[: at + 1] + bytes([marker]) + data[at + 2 :]
            assert carry_jpeg(other, picture) is None
        twelve_bits = data[: at + 4] + b"\x0c" + data[at + 5 :]
        assert carry_jpeg(twelve_bits, picture) is None
        assert carry_jpeg(data[: at + 3], picture) is None
        assert carry_jpeg(b"\xff\xd8nonsense", picture) is None


def test_jpeg_whose_components_are_red_green_and_blue() -> None:
    """By their names alone, which readers of PDF have to be told."""
    data = bytearray(_jpeg())
    at = data.index(b"\xff\xc0")
    for i, name in enumerate(b"RGB"):
        data[at + 10 + 3 * i] = name
    with Image.open(io.BytesIO(_jpeg())) as picture:
        picture.info = {}
        found = carry_jpeg(bytes(data), picture)
    assert found is not None
    assert found.parameters == {"ColorTransform": 0}


def test_what_is_damaged_is_not_carried_over(tmp_path: Path) -> None:
    """Headers cut short at any byte say nothing, and raise nothing."""
    for name, carry in (("gray.jp2", carry_jpeg2000), ("gray.png", carry_png)):
        path = tmp_path / name
        gray_page().save(path)
        data = path.read_bytes()
        header = data[: data.index(b"IDAT" if name == "gray.png" else b"jp2c")]
        for end in range(12, len(header)):
            assert carry(data[:end]) is None, end
        assert carry(data) is not None


def test_jpeg_2000_of_other_colours_is_not_carried_over(tmp_path: Path) -> None:
    """Two colour spaces, YCC, 16 bits: encoded instead, or refused by the decoder."""
    path = tmp_path / "p1.jp2"
    colour_page().save(path)
    data = path.read_bytes()
    at = data.index(b"colr")
    assert carry_jpeg2000(data) is not None
    assert carry_jpeg2000(data[: at + 10] + b"\x12" + data[at + 11 :]) is None
    assert carry_jpeg2000(data[: at + 4] + b"\x02" + data[at + 5 :]) is None
    twice = data[at - 4 : at + 11] * 2
    head = data.index(b"jp2h") - 4
    length = int.from_bytes(data[head : head + 4], "big") + 15
    doubled = data[:head] + length.to_bytes(4, "big") + data[head + 4 : at - 4] + twice
    assert carry_jpeg2000(doubled + data[at + 11 :]) is None
    wide_gray(tmp_path / "wide.jp2")
    assert carry_jpeg2000((tmp_path / "wide.jp2").read_bytes()) is None


def test_a_scan_that_cannot_be_decoded_is_an_input_error(tmp_path: Path) -> None:
    """Never another one: the scan is the same that was read, but the record is not of it."""
    path = tmp_path / "p1.png"
    gray_page().save(path)
    document = document_of(path)
    other = tmp_path / "p2.png"
    other.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError):
        render_pdf(replace(document, scan_file=other))
