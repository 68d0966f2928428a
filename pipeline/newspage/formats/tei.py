"""Render an issue as one TEI P5 document, in the manner of the DTA base format for newspapers.

Each article is one division, however many pages it goes over. Breaks of pages, columns and lines
point to zones of a facsimile, which gives their places on the scans; corrections keep what had been
read. The text without what had been read is that of newspage, character by character.
"""

import tempfile
from collections.abc import Iterator
from typing import IO

from newspage.formats.document import IssueDocument
from newspage.formats.tei_facsimile import ZoneNames, build_surface
from newspage.formats.tei_header import IssueFacts, build_header
from newspage.formats.tei_text import IssueTextWriter
from newspage.formats.xml_tree import format_fragment

NAMESPACE = "http://www.tei-c.org/ns/1.0"
_PIECE = 1 << 20
"""Bytes read at once from what was set aside."""


def render_tei(issue: IssueDocument) -> Iterator[bytes]:
    """Yield an issue as a TEI document, UTF-8, piece by piece.

    Every page is read once. The header names people and programs that are known at the end only, so
    facsimile and text are kept in temporary files meanwhile.
    """
    facts = IssueFacts()
    with tempfile.TemporaryFile() as facsimile, tempfile.TemporaryFile() as text:
        writer = IssueTextWriter(issue, facts, text.write)
        for number, page in enumerate(issue.load_pages(), 1):
            names = ZoneNames.of_page(number, page.record)
            surface = build_surface(page, names, issue.list_numbers(page.name))
            facsimile.write(format_fragment(surface, indented=True))
            facts.note_page(page.record)
            writer.write_page(page)
        writer.close()
        yield f'<?xml version="1.0" encoding="UTF-8"?>\n<TEI xmlns="{NAMESPACE}">\n'.encode()
        yield format_fragment(build_header(issue, facts), indented=True)
        yield b"<facsimile>\n"
        yield from _read_back(facsimile)
        yield f'</facsimile>\n<text xml:lang="{facts.language.tag}">\n<body>\n'.encode()
        yield from _read_back(text)
        yield b"</body>\n</text>\n</TEI>\n"


def _read_back(file: IO[bytes]) -> Iterator[bytes]:
    """Yield what was written to a file."""
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece
