"""Find the scan of a page that was judged, and cut pictures of its differences out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from newspage.batch import FileOpener
from newspage.config import IngestConfig
from newspage.edits import split_into_single_chars
from newspage.errors import InputError
from newspage.evaluation.difference_contexts import TextPlace
from newspage.formats import REACH, box_glyph, cut_strip, locate_span
from newspage.geometry import union_boxes
from newspage.model import Char, GrayImage, PageRecord, TextLine
from newspage.record import peek_format, read_record

MAX_SIZE = 720, 300
"""Width and height of a crop at most, pixels. Judgement: a line of print is legible, and hundreds
of them are a few megabytes."""
COLUMN_REACH = 3
"""Characters shown on both sides of those in question in vertical text. Judgement: more would make
the rows of a table higher than they are worth."""
JPEG_QUALITY = 80
"""Of 100. Judgement: print stays sharp, at about 10 KB a crop."""
_MARK = (30, 30, 210)
"""Colour of the frame around what is in question: blue, green, red."""


@dataclass(frozen=True, slots=True)
class JudgedScan:
    """The scan of a page, and the glyph of each character of its text."""

    record: PageRecord
    pixels: GrayImage
    lines: Mapping[str, TextLine]

    def cut_place(self, place: TextPlace) -> bytes:
        """Return a JPEG of some characters of the text, framed; empty where they have no place."""
        import cv2

        chars = self._characters_of(place)
        near = (self.lines.get(char.line) for char in chars[max(0, place.span[0] - 1) :])
        line = next((line for line in near if line is not None), None)
        reach = COLUMN_REACH if line is not None and line.vertical else REACH
        box = locate_span(chars, place.span, self.lines, reach)
        if box is None:
            return b""
        strip, shown, scale = cut_strip(self.pixels, box, MAX_SIZE)
        if not strip.size:
            return b""
        picture = cv2.cvtColor(strip, cv2.COLOR_GRAY2BGR)
        glyphs = [box_glyph(char, self.lines) for char in chars[slice(*place.span)]]
        framed = [b for b in glyphs if b is not None and b.intersection(shown) is not None]
        if framed:
            frame = union_boxes(framed).moved(-shown.left, -shown.top)
            corners = [round(v * scale) for v in (frame.left, frame.top, frame.right, frame.bottom)]
            cv2.rectangle(picture, corners[:2], corners[2:], _MARK, 1)
        # Colour at full resolution: the frame is one pixel wide.
        sampling = cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444
        options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY, *sampling]
        done, data = cv2.imencode(".jpg", picture, list(map(int, options)))
        return bytes(data) if done else b""

    def _characters_of(self, place: TextPlace) -> tuple[Char, ...]:
        """Return the characters of the part of an article that a place is in."""
        article = next(islice(self.record.articles, place.article, None), None)
        if article is None:
            return ()
        parts = (*article.heads, *(paragraph.chars for paragraph in article.paragraphs))
        return tuple(split_into_single_chars(parts[place.part])) if place.part < len(parts) else ()


def is_page_record(path: Path) -> bool:
    """Tell whether a file is a page record of newspage, which says where its text stands."""
    return path.suffix.lower() == ".json" and bool(peek_format(path))


def open_judged_scan(path: Path, opener: FileOpener, config: IngestConfig) -> JudgedScan:
    """Return the scan of the page record in a file, opened under the limits of the settings.

    Raises InputError where the record or the scan cannot be read, or the scan is another one now.
    """
    record = read_record(path)
    scan = record.page.scan
    where = path.parent / scan.path
    pages = opener.open_pages(where, config)
    if scan.frame >= len(pages) or pages[scan.frame].sha256 != scan.sha256:
        raise InputError("judged-scan-replaced", path=where)
    pixels = opener.load_page(pages[scan.frame], config).pixels
    return JudgedScan(record, pixels, {line.id: line for line in record.page.lines})
