"""Find the ends of articles that go on on another page: the anchors of links between pages."""

from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz

from newspage.decision import Anchor, Decision
from newspage.decisions.glyph_index import measure_overlap
from newspage.geometry import Box, union_boxes
from newspage.model import (
    ArticleRecord,
    Char,
    Direction,
    PageReading,
    PageRecord,
    Region,
    Scan,
    TextLine,
)

_SAME = 0.5
"""Least share of the smaller of two lines that lies on the other, for them to be the same line.
Judgement, like the next: each test is weak, for a line read again has other edges and characters,
but a wrong line seldom passes both."""
_ALIKE = 60
"""Least likeness of their texts (`fuzz.ratio`, 0 to 100) that the same line must have as well."""
_SHOWN = 3
"""Lines of an end that a person is shown. Judgement: enough to follow the sentence."""
_ALONG = 12.0
"""Ems of the line that are shown of an end. Judgement: a dozen characters tell how it reads."""
_ACROSS = 0.5
"""Ems of paper that are shown around the lines. Judgement: no glyph is cut at the edge."""


def find_last_line(record: PageRecord, article: ArticleRecord) -> TextLine | None:
    """Return the last line of an article on its page; None where nothing of it was read."""
    parts = (*article.heads, *(p.chars for p in article.paragraphs))
    return _line(record, [c for chars in reversed(parts) for c in reversed(chars)])


def find_body_start(record: PageRecord, article: ArticleRecord) -> TextLine | None:
    """Return the line with which the text of an article begins on its page.

    The first line of its headline where it has no text; None where nothing of it was read.
    """
    parts = (*(p.chars for p in article.paragraphs), *article.heads)
    return _line(record, [c for chars in parts for c in chars])


def anchor_line(record: PageRecord, line: TextLine) -> Anchor:
    """Return the anchor of a line, by which `find_article_at` finds its article again."""
    scan = record.page.scan
    return Anchor(scan.sha256, scan.frame, scan.width, scan.height, (line.box,), line.text)


def list_ends_on_page(record: PageRecord | PageReading, decision: Decision) -> Iterator[Anchor]:
    """Yield the ends of a link, anchor and target, that are on the scan of a page."""
    scan = record.page.scan
    for anchor in (decision.anchor, decision.target):
        if anchor and (anchor.sha256, anchor.frame) == (scan.sha256, scan.frame):
            yield anchor


def find_article_at(record: PageRecord | PageReading, anchor: Anchor) -> str:
    """Return the id of the article that has the line of an anchor; empty where none has."""
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
    """Return the area of a scan that shows how a text ends with a line of a region."""
    at = _index(region, line)
    return _shown(scan, region.lines[max(0, at + 1 - _SHOWN) : at + 1], line, leaving=True)


def frame_beginning(scan: Scan, region: Region, line: TextLine) -> Box:
    """Return the area of a scan that shows how a text begins with a line of a region."""
    at = _index(region, line)
    return _shown(scan, region.lines[at : at + _SHOWN], line, leaving=False)


def _index(region: Region, line: TextLine) -> int:
    """Return the position of a line in its region."""
    return next(i for i, one in enumerate(region.lines) if one.id == line.id)


def _shown(scan: Scan, lines: Sequence[TextLine], line: TextLine, leaving: bool) -> Box:
    """Return the area of some lines around the end (`leaving`) or beginning of one of them."""
    em = line.size or min(line.box.width, line.box.height)
    near = [one.box for one in lines if _beside(one, line, em)]
    seen = union_boxes(near or [line.box])
    seen = _around(line, em, leaving).intersection(seen) or line.box
    return seen.grown(_ACROSS * em).clipped(scan.width, scan.height)


def _around(line: TextLine, em: float, leaving: bool) -> Box:
    """Return a band of paper across the column, around the end or the beginning of a line.

    It is limited along the line only; the other two edges are far outside every page.
    """
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
    """Tell whether two lines of a region are in one column and at most a few lines apart.

    Judgement: 2.5 ems for each line that is shown.
    """
    a, b = one.box, two.box
    apart = _SHOWN * 2.5 * em
    if two.direction is Direction.VERTICAL:
        return min(a.bottom, b.bottom) > max(a.top, b.top) and abs(a.left - b.left) <= apart
    return min(a.right, b.right) > max(a.left, b.left) and abs(a.top - b.top) <= apart


def _line(record: PageRecord, chars: Iterable[Char]) -> TextLine | None:
    """Return the line of the first of some characters that was read from one."""
    lines = {line.id: line for region in record.page.regions for line in region.lines}
    return next((lines[c.line] for c in chars if c.line in lines), None)
