"""Order and group regions, and trace baselines and outlines, for interchange formats."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from newspage.formats.characters import PrintedLine
from newspage.geometry import Box, measure_overlap_1d
from newspage.model import ArticleRecord, Direction, PageRecord, Region, RegionKind, join_chars

IDEOGRAPHIC_DESCENT = 0.12
"""Share of the em below the baseline in fonts for Chinese (the ascender line is at .88)."""

_NEAR = 2.0
"""Most distance of a caption from its picture, in sizes of its type. Judgement: on the sample pages
they touch or stand half a size apart; the text below a caption belongs to something else."""

Point = tuple[float, float]
"""x and y in pixels of the scan."""
Corner = tuple[int, int]
"""x and y of a point in whole pixels."""


@dataclass(frozen=True, slots=True)
class RegionGroup:
    """Regions that are read one after the other: those of an article, or one piece of furniture."""

    article: ArticleRecord | None
    regions: tuple[Region, ...]

    @property
    def label(self) -> str:
        """Return the headline of the article; its id where it has none; empty for furniture."""
        if self.article is None:
            return ""
        return join_chars(self.article.title) or join_chars(self.article.kicker) or self.article.id


def group_regions(record: PageRecord) -> tuple[RegionGroup, ...]:
    """Return the regions of a page in reading order, those of an article together.

    An article stands where the first of its regions does. Every region is in exactly one group.
    """
    by_id = {region.id: region for region in record.page.regions}
    articles = {article.id: article for article in record.articles}
    order = [*record.page.reading_order, *by_id]
    left = dict.fromkeys(name for name in order if name in by_id)
    groups = []
    while left:
        region = by_id[next(iter(left))]
        article = articles.get(region.article or "")
        wanted = _regions_of(article, region, by_id, left) if article else [region.id]
        for name in wanted:
            del left[name]
        groups.append(RegionGroup(article, tuple(by_id[name] for name in wanted)))
    return tuple(groups)


def _regions_of(
    article: ArticleRecord, first: Region, by_id: dict[str, Region], left: dict[str, None]
) -> list[str]:
    """Return the ids of an article's regions that are in no group yet, in the article's order."""
    named = [name for name in article.regions if name in left]
    others = [n for n in left if by_id[n].article == article.id and n not in named]
    return list(dict.fromkeys([*named, *others])) or [first.id]


def list_baseline(printed: PrintedLine) -> Sequence[Point]:
    """Return the points of the line that characters stand on, in pixels of the scan.

    It runs in reading direction: as the file of an imported page has it, else as it is traced.
    """
    return printed.line.baseline or trace_baseline(printed)


def match_captions(record: PageRecord) -> Mapping[str, int]:
    """Return for captions the picture that they belong to: region id to number, from 0.

    A caption stands beside its picture, `_NEAR` heights of a line away at most; the nearest one is
    taken. Captions without a picture are left out.
    """
    found = {}
    for region in record.page.regions:
        if region.kind is RegionKind.CAPTION:
            size = max((line.size for line in region.lines), default=0.0)
            gaps = [
                (_gap_between(region.box, picture), number)
                for number, picture in enumerate(record.page.pictures)
            ]
            gap, number = min(gaps, default=(math.inf, 0))
            if gap <= _NEAR * size:
                found[region.id] = number
    return found


def _gap_between(one: Box, other: Box) -> float:
    """Return the distance between two boxes that overlap in one direction; else infinity."""
    x = measure_overlap_1d(one.left, one.right, other.left, other.right)
    y = measure_overlap_1d(one.top, one.bottom, other.top, other.bottom)
    return max(0.0, -x, -y) if max(x, y) > 0 else math.inf


def trace_baseline(printed: PrintedLine) -> tuple[Point, Point]:
    """Trace the line that characters stand on, in reading direction, in pixels of the scan.

    For horizontal text it runs `IDEOGRAPHIC_DESCENT` of the line's height above its lower edge,
    following the first and the last glyph of a line that is not quite level; for vertical text down
    the middle of the column, as segmentation models are trained on it.
    """
    boxes = [c.box for c in printed.characters] or [printed.line.box]
    first, last = boxes[0], boxes[-1]
    if printed.line.direction is Direction.VERTICAL:
        return (first.center[0], first.top), (last.center[0], last.bottom)
    rise = IDEOGRAPHIC_DESCENT * printed.line.box.height
    start, end = first.bottom - rise, last.bottom - rise
    if _is_steep(start, end, printed):
        # A lone comma or a hyphen at one end says nothing of the line.
        start = end = printed.line.box.bottom - rise
    if printed.line.direction is Direction.HORIZONTAL_RTL:
        return (first.right, start), (last.left, end)
    return (first.left, start), (last.right, end)


def _is_steep(start: float, end: float, printed: PrintedLine) -> bool:
    """Tell whether the ends differ by more than a quarter of the line's height.

    Judgement: a lone mark at one end stands farther off than the lines of a straight page slope.
    """
    return abs(end - start) > printed.line.box.height / 4


def encloses_points(polygon: Sequence[Corner], points: Iterable[Corner]) -> bool:
    """Tell whether all points lie inside a polygon or on its edge."""
    import cv2

    corners = np.array(polygon, np.float32)
    return all(cv2.pointPolygonTest(corners, point, measureDist=False) >= 0 for point in points)


def span_hull(points: Sequence[Corner]) -> list[Corner]:
    """Return the corners of the convex hull of some points, at least three of them."""
    import cv2

    hull = cv2.convexHull(np.array(points, np.int32)).reshape(-1, 2).tolist()
    return [(x, y) for x, y in [*hull, *hull[-1:] * (3 - len(hull))]]


def list_all_text(record: PageRecord) -> Iterator[str]:
    """Yield every text of a record that an export may write: lines, articles, names."""
    for region in record.page.regions:
        yield from (line.text for line in region.lines)
    yield from (line.text for line in record.page.unplaced)
    for article in record.articles:
        yield from (join_chars(head) for head in article.heads)
        yield from (paragraph.text for paragraph in article.paragraphs)
    yield from (item.text for item in record.furniture)
    yield str(record.page.scan.path)
