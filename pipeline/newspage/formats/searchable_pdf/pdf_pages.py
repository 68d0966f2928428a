"""Write pages as one PDF file: each its scan, and over it its text, which is there but not painted.

The file is written to the rules of PDF/A-2u. Pages go out one after the other; kept of them are the
codes of their characters and the headlines of their articles.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator

from newspage.errors import InputError
from newspage.formats.document import PageDocument
from newspage.formats.page_structure import group_regions
from newspage.formats.searchable_pdf.document_metadata import (
    add_information,
    add_metadata,
    add_output_intent,
    describe_document,
)
from newspage.formats.searchable_pdf.document_outline import DocumentOutline, label_page
from newspage.formats.searchable_pdf.embedded_image import EmbeddedImage
from newspage.formats.searchable_pdf.glyphless_font import GlyphlessFont
from newspage.formats.searchable_pdf.pdf_file import (
    PdfFile,
    PdfName,
    PdfReference,
    PdfValue,
    write_number,
)
from newspage.formats.searchable_pdf.scan_image import load_scan_image
from newspage.formats.searchable_pdf.text_layer import write_text_layer
from newspage.model import PageRecord, Scan
from newspage.recognise import CharacterScript, detect_script

_POINTS_PER_INCH = 72.0
_USUAL_DPI = 300.0
"""Resolution of scans that claim none. Judgement: the one at which newspapers are scanned most."""
_LONGEST_SIDE, _SHORTEST_SIDE = 14_400.0, 3.001
"""Points of the sides of a page that PDF/A-2 allows, 3 being the least."""
_HAIR = 2e-6
"""Share by which a page is smaller than its pixels make it, and by which its picture keeps from
each edge. Readers round the edges of a picture outwards: Poppler and PDFium stretch one that fills
the page exactly, give or take errors of calculation, by one pixel."""
_LANGUAGES = {CharacterScript.SIMPLIFIED: "zh-Hans", CharacterScript.TRADITIONAL: "zh-Hant"}


def write_pdf_pages(
    documents: Iterable[PageDocument],
    refuse: Callable[[PageDocument, InputError], None] | None = None,
) -> Iterator[bytes]:
    """Yield the bytes of a PDF file of some pages, each read and written before the next.

    Args:
        documents: The pages in order, with their scans.
        refuse: Called with a page whose scan cannot be used, which is then left out; None raises
            the error.

    Raises:
        InputError: The scan of a page cannot be used (and `refuse` is None), or that of none can.
        OutputError: A scan changed while it was copied, or the file would have more than 10 GB.
    """
    writer = _PageWriter()
    failure: InputError | None = None
    for document in documents:
        try:
            image = load_scan_image(document)
        except InputError as error:
            if refuse is None:
                raise
            refuse(document, error)
            failure = error
            continue
        yield from writer.write_page(document, image)
    if not writer.pages:
        raise failure or InputError("pdf-without-pages")
    yield from writer.finish_file()


class _PageWriter:
    """Writer of the pages of one file."""

    def __init__(self) -> None:
        self.pages: list[PdfReference] = []
        self._labels: list[str] = []
        self._file = PdfFile()
        self._parent = self._file.reserve_object()
        self._fonts = self._file.reserve_object()
        self._font = GlyphlessFont()
        self._outline = DocumentOutline()
        self._profiles: dict[str, PdfReference] = {}
        self._first: PageDocument | None = None
        self._language = ""

    def write_page(self, document: PageDocument, image: EmbeddedImage) -> Iterator[bytes]:
        """Yield the bytes of a page: its scan, its text and its place in the outline."""
        record, file = document.record, self._file
        scan = record.page.scan
        self._first = self._first or document
        self._language = self._language or _find_language(record)
        self._labels.append(label_page(document, len(self._labels) + 1))
        scale = measure_scale(scan)
        groups = group_regions(record)
        picture, page = file.reserve_object(), file.reserve_object()
        entries = image.list_entries(self._add_profile(image))
        yield from file.pour_stream(picture, entries, image.read_pieces(), image.length)
        width, height = (n * scale * (1 - _HAIR) for n in (scan.width, scan.height))
        inset = _place_inside(width, height)
        shown = " ".join(write_number(v) for v in image.place_upright(width, height))
        content = f"q {inset} cm {shown} cm /Scan Do Q\n".encode()
        content += write_text_layer(record, groups, self._font, scale)
        resources: dict[str, PdfValue] = {"Font": self._fonts, "XObject": {"Scan": picture}}
        values: dict[str, PdfValue] = {
            "Type": PdfName("Page"),
            "Parent": self._parent,
            "MediaBox": [0, 0, width, height],
            "Resources": resources,
            "Contents": file.add_stream(content),
        }
        file.add_object(values, page)
        self._outline.add_page(document, groups, page, scale)
        self.pages.append(page)
        yield from file.take_bytes()

    def finish_file(self) -> Iterator[bytes]:
        """Yield the rest of the file: font, outline, description, table of objects."""
        assert self._first is not None, "a file has pages"
        file = self._file
        kids: dict[str, PdfValue] = {
            "Type": PdfName("Pages"),
            "Kids": self.pages,
            "Count": len(self.pages),
        }
        file.add_object(kids, self._parent)
        self._font.add_fonts(file, self._fonts)
        about = describe_document(self._first, len(self.pages) == 1, self._language)
        labels: list[PdfValue] = []
        for number, label in enumerate(self._labels):
            labels += [number, {"P": label}]
        catalogue: dict[str, PdfValue] = {
            "Type": PdfName("Catalog"),
            "Pages": self._parent,
            "PageLabels": {"Nums": labels},
            "Metadata": add_metadata(file, about),
            "OutputIntents": [add_output_intent(file)],
            "ViewerPreferences": {"DisplayDocTitle": True},
        }
        if about.language:
            catalogue["Lang"] = about.language
        outline = self._outline.add_outline(file)
        if outline is not None:
            catalogue |= {"Outlines": outline, "PageMode": PdfName("UseOutlines")}
        yield from file.finish_file(file.add_object(catalogue), add_information(file, about))

    def _add_profile(self, image: EmbeddedImage) -> PdfValue | None:
        """Return the colour space of the profile of a scan, each added once; None without one."""
        if not image.profile:
            return None
        digest = hashlib.sha256(image.profile).hexdigest() + image.colours
        if digest not in self._profiles:
            entries: dict[str, PdfValue] = {
                "N": 1 if image.colours == "DeviceGray" else 3,
                "Alternate": PdfName(image.colours),
            }
            self._profiles[digest] = self._file.add_stream(image.profile, entries)
        return [PdfName("ICCBased"), self._profiles[digest]]


def _place_inside(width: float, height: float) -> str:
    """Return the matrix that draws a page a hair smaller, around its middle."""
    smaller = 1 - 2 * _HAIR
    return " ".join(
        write_number(v) for v in (smaller, 0, 0, smaller, width * _HAIR, height * _HAIR)
    )


def measure_scale(scan: Scan) -> float:
    """Return the points a pixel of a scan, by the resolution that it claims.

    A page is made larger or smaller where the rules of PDF/A do not allow its size.
    """
    scale = _POINTS_PER_INCH / (scan.dpi or _USUAL_DPI)
    scale = max(scale, _SHORTEST_SIDE / min(scan.width, scan.height))
    return min(scale, _LONGEST_SIDE / max(scan.width, scan.height))


def _find_language(record: PageRecord) -> str:
    """Return the language of a page as in HTML; empty where its characters do not tell."""
    lines = [line for region in record.page.regions for line in region.lines]
    script = detect_script(lines)
    return _LANGUAGES[script] if script else ""
