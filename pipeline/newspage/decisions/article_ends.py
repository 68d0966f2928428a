"""Where an article leaves a page or comes back to one: the places of links between pages."""

from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz

from newspage.decision import Anchor, Decision
from newspage.decisions.glyph_index import measure_overlap
from newspage.geometry import Box, union_boxes
from newspage.model import ArticleRecord, Char, Direction, PageRecord, Region, Scan, TextLine

_SAME = 0.5
"""Share of the smaller of two lines that lies on the other, from which on they may be the same."""
_ALIKE = 60
"""Likeness of their texts, of 100, that they must have as well."""
_SHOWN = 3
"""Lines that are shown of an end."""
_ALONG = 12.0
"""Ems of the line that are shown of an end."""
_ACROSS = 0.5
"""Ems of paper to be seen around them."""


def find_last_line(record: PageRecord, article: ArticleRecord) -> TextLine | None:
    """The line in which an article leaves its page; None where nothing of it was read."""
    parts = (*article.heads, *(p.chars for p in article.paragraphs))
    return _line(record, [c for chars in reversed(parts) for c in reversed(chars)])


def find_first_line(record: PageRecord, article: ArticleRecord) -> TextLine | None:
    """The line with which its text begins there; that of its headline where it has no text."""
    parts = (*(p.chars for p in article.paragraphs), *article.heads)
    return _line(record, [c for chars in parts for c in chars])


def anchor_line(record: PageRecord, line: TextLine) -> Anchor:
    """The place of a line, by which the article that it is in is found again."""
    scan = record.page.scan
    return Anchor(scan.sha256, scan.frame, scan.width, scan.height, (line.box,), line.text)


def list_ends_on_page(record: PageRecord, decision: Decision) -> Iterator[Anchor]:
    """The ends of a link that are on a page."""
    scan = record.page.scan
    for anchor in (decision.anchor, decision.target):
        if anchor and (anchor.sha256, anchor.frame) == (scan.sha256, scan.frame):
            yield anchor


def find_article_at(record: PageRecord, anchor: Anchor) -> str:
    """Id of the article that has the line of an anchor; empty where none has."""
    owners = {region: a.id for a in record.articles for region in a.regions}
    best, found = 0.0, ""
    for region in record.page.regions:
        if region.id not in owners:
            continue
        for line in region.lines:
            common = measure_overlap([line.box], anchor.boxes)
            alike = fuzz.ratio(line.text, anchor.text)
            if common >= _SAME and alike >= _ALIKE and common + alike / 100 > best:
                best, found = common + alike / 100, owners[region.id]
    return found


def frame_ending(scan: Scan, region: Region, line: TextLine) -> Box:
    """What to cut out of a scan so that a person sees how a text ends with a line of a region."""
    at = _index(region, line)
    return _shown(scan, region.lines[max(0, at + 1 - _SHOWN) : at + 1], line, leaving=True)


def frame_beginning(scan: Scan, region: Region, line: TextLine) -> Box:
    """What to cut out so that a person sees how a text begins with a line of a region."""
    at = _index(region, line)
    return _shown(scan, region.lines[at : at + _SHOWN], line, leaving=False)


def _index(region: Region, line: TextLine) -> int:
    return next(i for i, one in enumerate(region.lines) if one.id == line.id)


def _shown(scan: Scan, lines: Sequence[TextLine], line: TextLine, leaving: bool) -> Box:
    em = line.size or min(line.box.width, line.box.height)
    near = [one.box for one in lines if _beside(one, line, em)]
    seen = union_boxes(near or [line.box])
    seen = _around(line, em, leaving).intersection(seen) or line.box
    return seen.grown(_ACROSS * em).clipped(scan.width, scan.height)


def _around(line: TextLine, em: float, leaving: bool) -> Box:
    """The stretch of paper around the end, or the beginning, of a line; as wide as needed."""
    box, far = line.box, 1e6
    before, after = (_ALONG * em, 2 * em) if leaving else (2 * em, _ALONG * em)
    if line.vertical:
        at = box.bottom if leaving else box.top
        return Box(-far, at - before, far, at + after)
    ends_left = leaving == (line.direction is Direction.HORIZONTAL_RTL)
    at = box.left if ends_left else box.right
    if line.direction is Direction.HORIZONTAL_RTL:
        before, after = after, before
    return Box(at - before, -far, at + after, far)


def _beside(one: TextLine, two: TextLine, em: float) -> bool:
    """Whether two lines of a region are in one column, and no more than a few lines apart."""
    a, b = one.box, two.box
    apart = _SHOWN * 2.5 * em
    if two.direction is Direction.VERTICAL:
        return min(a.bottom, b.bottom) > max(a.top, b.top) and abs(a.left - b.left) <= apart
    return min(a.right, b.right) > max(a.left, b.left) and abs(a.top - b.top) <= apart


def _line(record: PageRecord, chars: Iterable[Char]) -> TextLine | None:
    """The line of the first of some characters that has one."""
    lines = {line.id: line for region in record.page.regions for line in region.lines}
    return next((lines[c.line] for c in chars if c.line in lines), None)
