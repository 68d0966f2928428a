"""Searchable PDF: the scan of a page under its text, which can be sought, marked and copied.

The text is not painted; each character lies on the printed one. Files are written to the rules of
PDF/A-2u and hold the scan as it is, wherever PDF can.
"""

from newspage.formats.document import PageDocument
from newspage.formats.searchable_pdf.pdf_pages import write_pdf_pages

__all__ = ["render_pdf", "write_pdf_pages"]


def render_pdf(document: PageDocument) -> bytes:
    """Return a page as a PDF file.

    Raises UnavailableScanError where its scan was moved or changed, InputError where it cannot be
    decoded.
    """
    return b"".join(write_pdf_pages([document]))
