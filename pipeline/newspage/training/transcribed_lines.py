"""Takes lines from transcriptions that lie beside their scans.

A transcription is a file with the name of the scan and another suffix: PAGE or ALTO (`.xml`), a
truth file of newspage (`.json`), or a text with a line for each printed line (`.txt`).
"""

from collections.abc import Iterator
from pathlib import Path

from newspage.errors import InputError
from newspage.evaluation import load_page_text
from newspage.geometry import Box
from newspage.ingest import find_scans, open_pages
from newspage.training.known_lines import KnownLine, KnownPage

SUFFIXES = (".xml", ".json", ".txt")
"""Suffixes of transcriptions; the first one that is there counts."""
SAME_SHAPE = 0.02
"""Difference of the factors by which width and height of a scan differ from those that its
transcription says, up to which it is the same picture. Judgement: rounding is far less."""


def list_transcribed_pages(folder: Path) -> list[KnownPage]:
    """Return the pages of a folder, and of those below it, that have a transcription.

    Raises InputError where there is none, or one that cannot be read.
    """
    pages = list(_list_pages(folder))
    if not pages:
        raise InputError("no-transcriptions", path=folder)
    return pages


def _list_pages(folder: Path) -> Iterator[KnownPage]:
    """Yield the pages that have a transcription with lines, in natural order."""
    for found in find_scans([folder])[0]:
        texts = [file for s in SUFFIXES if (file := found.path.with_suffix(s)).is_file()]
        lines = _read_lines(texts[0], found.path) if texts else ()
        if lines:
            name = found.path.relative_to(folder).with_suffix("").as_posix()
            yield KnownPage(name, found.path, lines)


def _read_lines(file: Path, scan: Path) -> tuple[KnownLine, ...]:
    """Return the printed lines of a transcription, their boxes on the scan. Raises InputError."""
    page = load_page_text(file)
    if not page.lines:
        pieces = (*(p for a in page.articles for p in a.paragraphs), *page.furniture)
        texts = [line for piece in pieces for line in piece.splitlines()]
        return tuple(KnownLine(text) for text in texts if text.strip())
    shown = open_pages(scan)[0]
    x, y = (shown.width / page.size[0], shown.height / page.size[1]) if page.size else (1.0, 1.0)
    # Boxes of a page of another shape are those of another picture.
    placed = page.size is not None and abs(x / y - 1) < SAME_SHAPE
    return tuple(
        KnownLine(line.text, _scale(line.box, x, y) if line.box and placed else None)
        for line in page.lines
        if line.text.strip()
    )


def _scale(box: Box, x: float, y: float) -> Box:
    """Return a box of a page that was scaled by two factors."""
    return Box(x * box.left, y * box.top, x * box.right, y * box.bottom)
