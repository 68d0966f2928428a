"""Measure and render PDF files of scanned pages, at the resolution of the scan inside."""

import ctypes
import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from newspage.config import IngestConfig
from newspage.errors import InputError
from newspage.ingest.formats import check_pages, check_pixels
from newspage.ingest.memory import PDF_JPEG2000, PDF_PAGE, PDF_PICTURE, check_decoded
from newspage.ingest.raster import FrameSize
from newspage.model import GrayImage

_POINTS_PER_INCH = 72.0
_MOST_OBJECTS = 20_000
"""Objects of a page that are looked at. Judgement: no scanned page has so many; it bounds the time
that a page made to be slow can take."""
_DOMINANT = 0.6
"""Share of the page that its largest picture covers, if it is a scan. Judgement: scans may have
wide margins, pictures among set text are smaller."""
_TILED = 0.8
"""Share that all pictures together cover, if it is a scan in strips. Judgement: more than for one
picture, since several photographs on a set page cover much of it too."""
_LAYER = 0.05
"""Share of the page from which on a picture counts for the resolution, as layers and strips do.
Judgement: smaller ones are stamps and logos."""
_LOWEST_DPI = 36.0
"""Pixels an inch below which a large picture is a background, not a scan. Judgement: no print can
be read in so few."""
_LETTERING = 20
"""Pieces of text over the pictures from which on the page is set, not scanned. Judgement: the stamp
or page label that a library adds has fewer."""

# PDFium may be in one function at a time only, whatever the document.
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Picture:
    """A picture on a page, as far as it matters for rendering."""

    share: float
    """Of the page's area."""
    density: float
    """Pixels a point."""
    needed: float = 0.0
    """Bytes that are held while it is rendered."""


def measure_pdf_pages(path: Path, config: IngestConfig) -> tuple[FrameSize, ...]:
    """Return the size of each page of a PDF file as it will be rendered.

    Raises InputError for a broken or encrypted file, RefusedError for one over the limits.
    """
    with _opened(path) as document:
        check_pages(path, len(document), config)
        sizes = []
        for page in document:
            sizes.append(_frame_size(page, path, config))
            page.close()
        return tuple(sizes)


def render_pdf_page(path: Path, frame: int, config: IngestConfig) -> GrayImage:
    """Render one page (counted from 0) to gray pixels as a viewer shows it, without annotations.

    A scanned page is rendered so that each of its pixels is one of the result, any other page at
    `config.pdf_dpi`. Raises InputError and RefusedError.
    """
    with _opened(path) as document:
        page = document[frame]
        size = _frame_size(page, path, config)
        kind, flags = pdfium.FPDFBitmap_Gray, pdfium.FPDF_GRAYSCALE
        return _render(page, size.width, size.height, kind, flags)


def render_pdf_colours(
    path: Path, frame: int, size: tuple[int, int], config: IngestConfig
) -> NDArray[np.uint8]:
    """Render one page (counted from 0) in colour, for people to look at.

    Args:
        path: The file.
        frame: Number of the page, from 0.
        size: Width and height in pixels, those with which the page was read.
        config: Limits.

    Returns:
        Red, green and blue, of shape (height, width, 3).

    Raises:
        InputError: The file is broken or encrypted.
        RefusedError: It is over the limits.
    """
    with _opened(path) as document:
        page = document[frame]
        check_pixels(path, *size, config)
        _frame_size(page, path, config)
        kind, flags = pdfium.FPDFBitmap_BGR, pdfium.FPDF_REVERSE_BYTE_ORDER
        return _render(page, *size, kind, flags).reshape(size[1], size[0], 3)


def _render(
    page: pypdfium2.PdfPage, width: int, height: int, kind: int, flags: int
) -> NDArray[np.uint8]:
    """Render a page on white into a bitmap of some kind; return its rows of bytes, unpadded."""
    bitmap = pypdfium2.PdfBitmap.new_native(width, height, kind)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
    rows = bitmap.to_numpy().reshape(height, -1)
    pixels = np.array(rows[:, : width * bitmap.n_channels], np.uint8)
    bitmap.close()
    return pixels


@contextmanager
def _opened(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    """Open a document with PDFium locked, and turn every failure into an InputError."""
    with _LOCK:
        try:
            with pypdfium2.PdfDocument(path) as document:
                yield document
        except pypdfium2.PdfiumError as error:
            if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
                raise InputError("pdf-encrypted", path=path) from error
            raise InputError("pdf-damaged", path=path) from error


def _frame_size(page: pypdfium2.PdfPage, path: Path, config: IngestConfig) -> FrameSize:
    """Return the size of the rendered page in pixels, after checking it against the limits."""
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        raise InputError("pdf-page-without-area", path=path)
    pictures, lettering = _contents(page, path, config)
    density = _density(pictures, lettering, config)
    # The page is often a hair larger than its scan.
    pixels = (max(1, round(width * density)), max(1, round(height * density)))
    check_pixels(path, *pixels, config)
    # PDFium lets go of one picture before it takes up the next.
    largest = max((picture.needed for picture in pictures), default=0.0)
    check_decoded(path, pixels[0] * pixels[1] * PDF_PAGE + largest, config)
    return FrameSize(*pixels, round(density * _POINTS_PER_INCH, 2))


def _contents(
    page: pypdfium2.PdfPage, path: Path, config: IngestConfig
) -> tuple[list[_Picture], int]:
    """Return the pictures of a page, and the number of visible pieces of text over them."""
    pictures: list[_Picture] = []
    lettering = 0
    kinds = [pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_TEXT]
    for item in islice(page.get_objects(filter=kinds), _MOST_OBJECTS):
        if item.type == pdfium.FPDF_PAGEOBJ_TEXT:
            lettering += _is_visible(item)
        elif (picture := _picture(item, page, path, config)) is not None:
            pictures.append(picture)
            if picture.share >= _LAYER:
                # Recognised text often lies under the scan.
                lettering = 0
    return pictures, lettering


def _density(pictures: Sequence[_Picture], lettering: int, config: IngestConfig) -> float:
    """Return the pixels a point at which to render: those of the scan inside or of the settings.

    A set page with a picture under its text gets the finer of the two.
    """
    usual = config.pdf_dpi / _POINTS_PER_INCH
    scanned = _scan_density(pictures)
    if scanned is None:
        return usual
    return max(scanned, usual) if lettering >= _LETTERING else scanned


def _scan_density(pictures: Sequence[_Picture]) -> float | None:
    """Return the pixels a point of the scan that fills the page; None where the page is no scan.

    A page in layers (a coarse background, a fine mask of the letters) has the finest one's.
    """
    large = [picture for picture in pictures if picture.share >= _LAYER]
    covered = max((p.share for p in large), default=0.0)
    if covered < _DOMINANT and sum(p.share for p in large) < _TILED:
        return None
    density = max(p.density for p in large)
    return density if density >= _LOWEST_DPI / _POINTS_PER_INCH else None


def _is_visible(text: pypdfium2.PdfObject) -> bool:
    """Tell whether a piece of text is painted; recognised text under a scan is invisible."""
    mode = pdfium.FPDFTextObj_GetTextRenderMode(text)
    return mode not in (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)


def _picture(
    item: pypdfium2.PdfObject, page: pypdfium2.PdfPage, path: Path, config: IngestConfig
) -> _Picture | None:
    """Return a picture of a page after checking the limits; None if it is invisible.

    Pictures are checked because rendering the page decodes them.
    """
    width, height = page.get_size()
    columns, rows = item.get_px_size()
    across, down, area = _extent(item)
    if columns < 1 or rows < 1 or area <= 0:
        return None
    check_pixels(path, columns, rows, config)
    share = min(1.0, area / (width * height))
    each = PDF_JPEG2000 if _is_jpeg2000(item) else PDF_PICTURE
    return _Picture(share, max(columns / across, rows / down), columns * rows * each)


def _is_jpeg2000(picture: pypdfium2.PdfObject) -> bool:
    """Tell whether a picture is packed as JPEG 2000.

    The names of its filters are compared as bytes: in a damaged file they need not be UTF-8, which
    pypdfium2's own list of them takes for granted.
    """
    for number in range(pdfium.FPDFImageObj_GetImageFilterCount(picture)):
        length = pdfium.FPDFImageObj_GetImageFilter(picture, number, None, 0)
        name = ctypes.create_string_buffer(length)
        pdfium.FPDFImageObj_GetImageFilter(picture, number, name, length)
        if name.value == b"JPXDecode":
            return True
    return False


def _extent(picture: pypdfium2.PdfObject) -> tuple[float, float, float]:
    """Return the lengths in points of a picture's two sides on the page, and its area."""
    matrix = picture.get_matrix()
    outer = picture.container
    while outer is not None:
        matrix = matrix.multiply(outer.get_matrix())
        outer = outer.container
    across, down = math.hypot(matrix.a, matrix.b), math.hypot(matrix.c, matrix.d)
    return across, down, abs(matrix.a * matrix.d - matrix.b * matrix.c)
