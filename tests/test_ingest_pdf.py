"""PDF files of scanned pages."""

import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from newspage.config import IngestConfig
from newspage.errors import InputError, RefusedError
from newspage.ingest import load_page, open_pages
from newspage.model import GrayImage


def letters(height: int, width: int) -> GrayImage:
    """Strokes one pixel wide: a resampled page would show gray beside them."""
    page = np.full((height, width), 255, np.uint8)
    page[10:-10:7, 10:-10] = 0
    page[10:-10, 10:-10:5] = 0
    return page


def pdf_of(*pages: bytes, objects: tuple[bytes, ...] = (), trailer: bytes = b"") -> bytes:
    """A PDF file: object 1 the catalogue, 2 the page tree, then the pages, then the objects.

    A page is its dictionary without the first two entries.
    """
    kids = b" ".join(b"%d 0 R" % (3 + n) for n in range(len(pages)))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        *(b"<< /Type /Page /Parent 2 0 R %s >>" % page for page in pages),
        *objects,
    ]
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R %s >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, trailer, len(data))
    )


def stream_of(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    data = zlib.compress(content)
    head = b"<< /Length %d /Filter /FlateDecode %s >>" % (len(data), entries)
    return head + b"\nstream\n" + data + b"\nendstream"


def image_of(page: GrayImage) -> bytes:
    """A gray picture as an object."""
    height, width = page.shape
    entries = b"/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8"
    return stream_of(page.tobytes(), entries + b" /Width %d /Height %d" % (width, height))


def page_of(media: tuple[int, int], more: bytes = b"") -> bytes:
    """A page with the content of object 4 and the pictures /A (5) and /B (6)."""
    names = b"/Resources << /XObject << /A 5 0 R /B 6 0 R >> >>"
    return b"/MediaBox [0 0 %d %d] /Contents 4 0 R %s %s" % (*media, names, more)


def write(folder: Path, data: bytes) -> Path:
    """A file named page.pdf."""
    path = folder / "page.pdf"
    path.write_bytes(data)
    return path


def refusal(path: Path, config: IngestConfig | None = None) -> InputError:
    """The error of a file: one line that names it and says what to do."""
    with pytest.raises(InputError) as caught:
        load_page(open_pages(path, config)[0], config)
    assert path.name in caught.value.message
    assert caught.value.remedy
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("resolution", [72, 150, 200, 300, 600, 2400])
def test_a_scanned_page_comes_out_pixel_by_pixel(tmp_path: Path, resolution: int) -> None:
    """At the resolution of the scan inside, whatever that is."""
    scan = letters(733, 517)
    path = tmp_path / "page.pdf"
    with Image.fromarray(scan).convert("1") as picture:
        picture.save(path, resolution=resolution)
    (page,) = open_pages(path)
    assert (page.width, page.height) == (517, 733)
    assert page.dpi == pytest.approx(resolution, rel=0.01)
    assert np.array_equal(load_page(page).pixels, scan)


def test_one_page_each(tmp_path: Path) -> None:
    """With their own sizes, in order."""
    scans = [letters(400, 300 + 10 * n) for n in range(3)]
    pictures = [Image.fromarray(scan).convert("1") for scan in scans]
    path = tmp_path / "issue.pdf"
    pictures[0].save(path, save_all=True, append_images=pictures[1:], resolution=200)
    pages = open_pages(path)
    assert [(p.frame, p.frames, p.width) for p in pages] == [(0, 3, 300), (1, 3, 310), (2, 3, 320)]
    assert np.array_equal(load_page(pages[2]).pixels, scans[2])


def test_turned_pages_stand_as_viewers_show_them(tmp_path: Path) -> None:
    """The page's own rotation is obeyed."""
    scan = letters(300, 200)
    scan[:100, :100] = 0
    content = stream_of(b"q 200 0 0 300 0 0 cm /A Do Q")
    path = write(
        tmp_path, pdf_of(page_of((200, 300), b"/Rotate 90"), objects=(content, image_of(scan)))
    )
    pixels = load_page(open_pages(path)[0]).pixels
    assert np.array_equal(pixels, np.rot90(scan, -1))


def test_a_page_in_strips_has_the_resolution_of_a_strip(tmp_path: Path) -> None:
    """Some scanners store a page as several pictures."""
    scan = letters(400, 300)
    content = stream_of(b"q 150 0 0 100 0 100 cm /A Do Q q 150 0 0 100 0 0 cm /B Do Q")
    objects = (content, image_of(scan[:200]), image_of(scan[200:]))
    path = write(tmp_path, pdf_of(page_of((150, 200)), objects=objects))
    assert np.array_equal(load_page(open_pages(path)[0]).pixels, scan)


def test_a_page_in_layers_has_the_resolution_of_the_finest(tmp_path: Path) -> None:
    """A coarse background must not decide how fine the letters are."""
    background, mask = np.full((40, 30), 255, np.uint8), letters(400, 300)
    content = stream_of(b"q 75 0 0 100 0 0 cm /A Do /B Do Q")
    objects = (content, image_of(background), image_of(mask))
    path = write(tmp_path, pdf_of(page_of((75, 100)), objects=objects))
    assert np.array_equal(load_page(open_pages(path)[0]).pixels, mask)


def test_a_page_that_is_no_scan_has_300_dpi(tmp_path: Path) -> None:
    """A set page with a small photo; the resolution can be set."""
    content = stream_of(b"q 20 0 0 20 10 10 cm /A Do Q 0 g 30 30 20 20 re f")
    objects = (content, image_of(letters(900, 900)))
    path = write(tmp_path, pdf_of(page_of((72, 144)), objects=objects))
    (page,) = open_pages(path)
    assert (page.width, page.height, page.dpi) == (300, 600, 300.0)
    assert open_pages(path, IngestConfig(pdf_dpi=150))[0].width == 150
    assert load_page(page).pixels[450, 150] == 0


def test_a_background_is_no_scan(tmp_path: Path) -> None:
    """A large picture of few pixels does not make a set page coarse."""
    content = stream_of(b"q 72 0 0 144 0 0 cm /A Do Q 0 g 30 30 20 20 re f")
    objects = (content, image_of(np.full((8, 4), 250, np.uint8)))
    path = write(tmp_path, pdf_of(page_of((72, 144)), objects=objects))
    assert open_pages(path)[0].width == 300


@pytest.mark.parametrize(
    ("before", "mode", "width"),
    [(False, 0, 300), (False, 3, 100), (True, 0, 100)],
    ids=["over the picture", "invisible", "under the picture"],
)
def test_text_over_a_picture_makes_a_set_page(
    tmp_path: Path, before: bool, mode: int, width: int
) -> None:
    """Recognised text that others added, unseen or under the scan, does not."""
    text = b"BT /F 1 Tf %d Tr %s ET" % (mode, b"1 1 Td (x) Tj " * 30)
    picture = b"q 72 0 0 144 0 0 cm /A Do Q"
    content = stream_of(b"\n".join([text, picture] if before else [picture, text]))
    names = b"/Resources << /XObject << /A 5 0 R >> /Font << /F 6 0 R >> >>"
    page = b"/MediaBox [0 0 72 144] /Contents 4 0 R " + names
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    path = write(tmp_path, pdf_of(page, objects=(content, image_of(letters(200, 100)), font)))
    assert open_pages(path)[0].width == width


def test_pictures_inside_forms_count(tmp_path: Path) -> None:
    """Producers wrap the scan into a form with a scale of its own."""
    scan = letters(400, 300)
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << /XObject << /B 6 0 R >> >>"
    objects = (
        stream_of(b"q 75 0 0 100 0 0 cm /A Do Q"),
        stream_of(b"/B Do", form),
        image_of(scan),
    )
    path = write(tmp_path, pdf_of(page_of((75, 100)), objects=objects))
    assert np.array_equal(load_page(open_pages(path)[0]).pixels, scan)


def test_an_encrypted_file_asks_for_a_copy(tmp_path: Path) -> None:
    """With the command that makes one."""
    lock = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"41" * 32, b"42" * 32)
    trailer = b"/Encrypt 4 0 R /ID [<00> <00>]"
    data = pdf_of(b"/MediaBox [0 0 9 9]", objects=(lock,), trailer=trailer)
    message = str(refusal(write(tmp_path, data)))
    assert "password" in message
    assert "qpdf" in message


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(5000), pdf_of()])
def test_broken_files(tmp_path: Path, data: bytes) -> None:
    """A header and nothing behind it, or no pages."""
    refusal(write(tmp_path, data))


def test_a_gigantic_page_is_refused(tmp_path: Path) -> None:
    """Before anything is rendered."""
    path = write(tmp_path, pdf_of(b"/MediaBox [0 0 14400 14400]"))
    assert isinstance(refusal(path), RefusedError)


def test_a_gigantic_picture_is_refused(tmp_path: Path) -> None:
    """Even a small one on the page: rendering would decode it."""
    bomb = image_of(np.zeros((1, 1), np.uint8))
    bomb = bomb.replace(b"/Width 1 /Height 1", b"/Width 50000 /Height 50000")
    content = stream_of(b"q 1 0 0 1 0 0 cm /A Do Q")
    path = write(tmp_path, pdf_of(page_of((100, 100)), objects=(content, bomb)))
    assert isinstance(refusal(path), RefusedError)


def test_a_picture_that_takes_too_much_memory_is_refused(tmp_path: Path) -> None:
    """Rendering holds it whole, several bytes a pixel, however small it is on the page."""
    bomb = image_of(np.zeros((1, 1), np.uint8))
    bomb = bomb.replace(b"/Width 1 /Height 1", b"/Width 19000 /Height 19000")
    content = stream_of(b"q 1 0 0 1 0 0 cm /A Do Q")
    path = write(tmp_path, pdf_of(page_of((100, 100)), objects=(content, bomb)))
    error = refusal(path)
    assert isinstance(error, RefusedError)
    assert "MB of memory" in error.message


def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    """The limit can be set."""
    path = write(tmp_path, pdf_of(*[b"/MediaBox [0 0 9 9]"] * 4))
    assert len(open_pages(path)) == 4
    assert "more pages than the 3 allowed" in str(refusal(path, IngestConfig(max_pages=3)))


def test_a_filter_whose_name_is_no_utf8_is_no_error(tmp_path: Path) -> None:
    """Its picture can't be drawn; the page is there for all that."""
    drawn = stream_of(b"q 75 0 0 100 0 0 cm /A Do Q")
    picture = image_of(letters(100, 75)).replace(b"/FlateDecode", b"/Flate\xce\xff\x80 ")
    path = write(tmp_path, pdf_of(page_of((75, 100)), objects=(drawn, picture)))
    assert len(open_pages(path)) == 1


def test_damage_is_an_error_or_a_page(tmp_path: Path) -> None:
    """Whichever bytes are wrong, nothing but an InputError comes out."""
    random = np.random.default_rng(5)
    content = stream_of(b"q 75 0 0 100 0 0 cm /A Do Q")
    data = pdf_of(page_of((75, 100)), objects=(content, image_of(letters(80, 60))))
    errors: list[InputError] = []
    for _ in range(150):
        broken = bytearray(data)
        for place in random.integers(0, len(data), random.integers(1, 20)):
            broken[place] = random.integers(0, 256)
        try:
            load_page(open_pages(write(tmp_path, bytes(broken)))[0])
        except InputError as error:
            errors.append(error)
    assert errors
    assert not any("\n" in str(error) for error in errors)
