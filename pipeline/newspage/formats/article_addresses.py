"""Addresses of articles that stay: the scan by its content, and where on it an article begins.

What programs number changes when a page is read again or people change its structure; the place
where a character is printed does not. So an address names a place, and means the article that has
it.
"""

import re
from dataclasses import dataclass

from newspage.edits import flatten_article
from newspage.geometry import Box
from newspage.model import ArticleRecord, Char, PageLayout, PageRecord, TextLine

HASH_LENGTH = 16
"""Hexadecimal digits of a scan's checksum in an address. A million scans share one by a chance of
one in forty million."""
Point = tuple[float, float]
"""x and y, pixels of the scan."""
_FORM = re.compile(
    rf"(?P<hash>[0-9a-f]{{{HASH_LENGTH}}})(?:\.(?P<frame>[1-9]\d{{0,5}}))?"
    r"-(?:(?P<x>\d{1,6})-(?P<y>\d{1,6})|(?P<article>[A-Za-z][\w-]{0,60}))",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class ArticleAddress:
    """The name of an article that stays."""

    hash: str
    """How the checksum of the scan begins."""
    frame: int
    place: Point | None
    """Middle of the first character of the article; None where none of it has a place."""
    article: str = ""
    """Its id in the record of the page, where it has no place."""

    def __str__(self) -> str:
        frame = f".{self.frame}" if self.frame else ""
        end = "-".join(str(round(v)) for v in self.place) if self.place else self.article
        return f"{self.hash}{frame}-{end}"


def make_address(record: PageRecord, article: ArticleRecord) -> ArticleAddress:
    """Return the address of an article of a page."""
    scan, lines = record.page.scan, _list_lines(record.page)
    boxes = (_find_box(lines, char) for char in flatten_article(article).chars)
    box = next((box for box in boxes if box is not None), None)
    place = _find_middle(box) if box else None
    return ArticleAddress(scan.sha256[:HASH_LENGTH], scan.frame, place, article.id)


def parse_address(text: str) -> ArticleAddress | None:
    """Return the address in a text; None where it is none."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    place = (float(found["x"]), float(found["y"])) if found["x"] else None
    return ArticleAddress(found["hash"], int(found["frame"] or 0), place, found["article"] or "")


def find_article_at(record: PageRecord, place: Point) -> ArticleRecord | None:
    """Return the article of a page that has a place of its scan; None where none has.

    It is the one whose character is printed there, or beside it, at most a character away, where
    that character was taken out; else the one whose region it is.
    """
    lines = _list_lines(record.page)
    nearest: tuple[float, ArticleRecord] | None = None
    for article in record.articles:
        for char in flatten_article(article).chars:
            box = _find_box(lines, char)
            if box is None:
                continue
            away = _measure_distance(box, place) / max(box.width, box.height, 1.0)
            if away <= 1.0 and (nearest is None or away < nearest[0]):
                nearest = away, article
        if nearest is not None and nearest[0] == 0:
            break
    if nearest is not None:
        return nearest[1]
    return _find_by_region(record.page, record.articles, place)


def _find_by_region(
    page: PageLayout, articles: tuple[ArticleRecord, ...], place: Point
) -> ArticleRecord | None:
    """Return the article of the smallest region around a place."""
    around = [r for r in page.regions if r.article and _measure_distance(r.box, place) == 0]
    name = min(around, key=lambda region: region.box.area).article if around else None
    return next((article for article in articles if article.id == name), None)


def _list_lines(page: PageLayout) -> dict[str, TextLine]:
    """Return all lines of a page by id."""
    placed = (line for region in page.regions for line in region.lines)
    return {line.id: line for line in (*placed, *page.unplaced)}


def _find_box(lines: dict[str, TextLine], char: Char) -> Box | None:
    """Return the box of the glyph that a character came from; None where it has none."""
    line = lines.get(char.line)
    known = line is not None and 0 <= char.glyph < len(line.glyphs)
    return line.glyphs[char.glyph].box if line is not None and known else None


def _find_middle(box: Box) -> Point:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def _measure_distance(box: Box, place: Point) -> float:
    """Return how far a point is from a box, along x or y, whichever is more; 0 inside."""
    x, y = place
    return max(box.left - x, x - box.right, box.top - y, y - box.bottom, 0.0)
