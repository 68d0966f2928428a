"""From the working image to the original scan: the one place where coordinates change."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from newspage.geometry import Box, Points, Polygon, Transform, bound_points
from newspage.model import PageImage, PageLayout, Region, Separator, TextLine

_PIECES = 8
"""Pieces in which an edge is drawn where the way to the scan bends it. Judgement: fine enough for
the gentle curve of a warped page."""

_STRAIGHT = 1.0
"""Pixels of the scan by which an edge may leave the straight line between its ends. Judgement."""


def map_to_scan(page: PageLayout, to_scan: Transform) -> PageLayout:
    """Return the page with every box and polygon in pixels of the original scan, cut to its edges.

    Lines and regions get the outline they have on the scan as polygon, where a skewed or warped
    one differs from its upright box. All values are rounded to a tenth of a pixel.
    """
    way = _Way(to_scan, page.scan.width, page.scan.height)
    moved = iter(_lines(page.lines, way))
    outlines = way.outlines([region.polygon or region.box.polygon for region in page.regions])
    regions = [_region(r, o, moved) for r, o in zip(page.regions, outlines, strict=True)]
    return replace(
        page,
        regions=tuple(regions),
        unplaced=tuple(moved),
        separators=tuple(_separators(page.separators, way)),
        frames=tuple(way.boxes(page.frames)),
        pictures=tuple(way.boxes(page.pictures)),
    )


def measure_rotation(image: PageImage) -> float:
    """Return by how many degrees the page is turned clockwise on its scan, in its middle."""
    middle = np.array([[image.width / 2, image.height / 2]])
    (x0, y0), (x1, y1) = image.to_scan(np.concatenate([middle, middle + np.array([1.0, 0.0])]))
    return math.degrees(math.atan2(y1 - y0, x1 - x0))


class _Way:
    """A transform to a scan of known size."""

    def __init__(self, to_scan: Transform, width: float, height: float) -> None:
        self._to_scan = to_scan
        self._edges = np.array([width, height], dtype=np.float64)
        origin, right, down = to_scan(np.array([[0.0, 0.0], [100.0, 0.0], [0.0, 100.0]]))
        (a, b), (c, d) = (right - origin) / 100, (down - origin) / 100
        self.scale = math.sqrt(abs(a * d - b * c))
        """Pixels of the scan a pixel of the working image."""
        self.sideways = bool(abs(b) > abs(a))
        """Whether the page is turned by a quarter."""

    def _points(self, points: Points) -> Points:
        """Return points on the scan, cut to its edges and rounded."""
        mapped: Points = np.clip(self._to_scan(points), 0.0, self._edges)
        return mapped.round(1)

    def boxes(self, boxes: Sequence[Box]) -> list[Box]:
        """Return the upright boxes around the mapped corners."""
        if not boxes:
            return []
        sides = np.array([(b.left, b.top, b.right, b.bottom) for b in boxes])
        corners = self._points(sides[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 2)).reshape(-1, 4, 2)
        ends = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)
        return [Box(*values) for values in ends.tolist()]

    def outlines(self, polygons: Sequence[Polygon]) -> list[Polygon]:
        """Return polygons as they lie on the scan, with more corners where their edges are bent."""
        if not polygons:
            return []
        corners = [np.asarray(polygon, dtype=np.float64) for polygon in polygons]
        samples = self._points(np.concatenate([_sampled(c) for c in corners]))
        ends = np.cumsum([len(c) for c in corners]) * _PIECES
        return [_straightened(s) for s in np.split(samples, ends[:-1])]


def _sampled(corners: Points) -> Points:
    """Return each edge of a polygon as its first corner and the points that cut it into pieces."""
    along = np.arange(_PIECES)[None, :, None] / _PIECES
    edges = np.roll(corners, -1, axis=0) - corners
    points: Points = corners[:, None, :] + along * edges[:, None, :]
    return points.reshape(-1, 2)


def _straightened(samples: Points) -> Polygon:
    """Return a polygon without the points of those edges that are straight anyway."""
    edges: NDArray[np.float64] = samples.reshape(-1, _PIECES, 2)
    starts = edges[:, 0]
    chords = np.roll(starts, -1, axis=0) - starts
    expected = starts[:, None, :] + (np.arange(_PIECES) / _PIECES)[:, None] * chords[:, None, :]
    bent = np.abs(edges - expected).max(axis=(1, 2)) > _STRAIGHT
    kept = [edge if is_bent else edge[:1] for edge, is_bent in zip(edges, bent, strict=True)]
    return tuple((x, y) for x, y in np.concatenate(kept).tolist())


def _lines(lines: Sequence[TextLine], way: _Way) -> list[TextLine]:
    """Return the lines with boxes, outlines and sizes in pixels of the scan."""
    outlines = way.outlines([line.polygon or line.box.polygon for line in lines])
    boxes = iter(way.boxes([glyph.box for line in lines for glyph in line.glyphs]))
    return [
        replace(
            line,
            box=bound_points(outline),
            polygon=outline,
            size=round(line.size * way.scale, 1),
            glyphs=tuple(replace(glyph, box=next(boxes)) for glyph in line.glyphs),
        )
        for line, outline in zip(lines, outlines, strict=True)
    ]


def _separators(rules: Sequence[Separator], way: _Way) -> Iterator[Separator]:
    """Yield the separators in pixels of the scan; a quarter turn makes vertical ones horizontal."""
    outlines = way.outlines([rule.polygon or rule.box.polygon for rule in rules])
    for rule, outline in zip(rules, outlines, strict=True):
        yield Separator(bound_points(outline), rule.vertical != way.sideways, outline)


def _region(region: Region, outline: Polygon, lines: Iterator[TextLine]) -> Region:
    """Return the region on the scan with its lines, the next ones of `lines`."""
    own = tuple(islice(lines, len(region.lines)))
    return replace(region, box=bound_points(outline), polygon=outline, lines=own)
