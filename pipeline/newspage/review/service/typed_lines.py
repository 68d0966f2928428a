"""The lines that are suggested for typing, as the review page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from newspage.decisions import find_decided_lines
from newspage.edits import locate_line_texts
from newspage.geometry import Box
from newspage.model import PageRecord, TextLine
from newspage.output import SuggestedLine
from newspage.review.service.request_errors import UnknownError
from newspage.review.service.view_rows import encode_scan_key
from newspage.review.service.views import Quad

_AROUND = 0.35
"""Scan that is shown around a line, in units of its thickness. Judgement: the line alone is hard to
tell from its neighbours, and more of them is confusing."""
_SAME = 0.5
"""Share of a suggested line, and of one that is there now, in which both lie where they are the
same."""


@dataclass(frozen=True, slots=True)
class LineToType:
    """A line as it is now, to be typed."""

    stem: str
    scan: str
    """Key of the scan."""
    line: str
    """Id of the line."""
    box: Quad
    """What is shown of the scan."""
    text: str
    """What it reads now; goes back with what was typed."""
    vertical: bool
    done: bool
    """Whether somebody has decided on its text already."""


def show_line(suggested: SuggestedLine, record: PageRecord) -> LineToType:
    """Return a suggested line as it is on its page now. Raises UnknownError where it is not."""
    texts = locate_line_texts(record)
    lines = [line for region in record.page.regions for line in region.lines if line.id in texts]
    line = _find_line(suggested.place, lines)
    if line is None:
        raise UnknownError("line-gone")
    scan, box = record.page.scan, line.box
    more = _AROUND * min(box.width, box.height)
    shown = (
        max(0.0, box.left - more),
        max(0.0, box.top - more),
        min(float(scan.width), box.right + more),
        min(float(scan.height), box.bottom + more),
    )
    return LineToType(
        stem=suggested.stem,
        scan=encode_scan_key((scan.sha256, scan.frame)),
        line=line.id,
        box=shown,
        text=texts[line.id].text,
        vertical=line.vertical,
        done=line.id in find_decided_lines(record),
    )


def _find_line(place: Box, lines: Sequence[TextLine]) -> TextLine | None:
    """Return the line at a place; None where none lies there."""
    best = max(lines, key=lambda line: _share(place, line.box), default=None)
    return best if best is not None and _share(place, best.box) >= _SAME else None


def _share(one: Box, other: Box) -> float:
    """Return the common area of two boxes as a share of the larger one."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    larger = max(one.width * one.height, other.width * other.height, 1e-9)
    return max(0.0, width) * max(0.0, height) / larger
