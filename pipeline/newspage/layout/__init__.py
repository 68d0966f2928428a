"""From lines that were read to regions in reading order, grouped into articles.

Lengths are pixels of the working image, or em: the size of the page's body type. Unless a comment
names a measurement, a threshold of this package is a judgement, chosen on the project's sample
pages; one in em or as a share holds for scans of any resolution.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import median

from newspage.chinese import FOLIO, JUMP_FROM, JUMP_TO, MASTHEAD
from newspage.config import LayoutConfig
from newspage.geometry import Box, union_boxes
from newspage.layout.bare_headlines import join_parts, place_bare_headlines
from newspage.layout.display import mark_display_rows
from newspage.layout.drawn import separate_drawn_lines
from newspage.layout.dropcaps import attach_drop_caps
from newspage.layout.flow import ZoneContext, assign_stories
from newspage.layout.fragments import join_fragments
from newspage.layout.furniture import (
    find_captions,
    find_margin_lines,
    find_masthead_lines,
)
from newspage.layout.headline import HeadlineContext
from newspage.layout.headline_stacks import join_stacks
from newspage.layout.headlines import find_headlines
from newspage.layout.order import order_boxes
from newspage.layout.page_units import PageUnit, RegionDraft, attach_jumps, make_units
from newspage.layout.predicted_regions import mark_predicted_titles, select_predicted_captions
from newspage.layout.rtl import set_line_directions
from newspage.layout.surrounded_heads import join_around_heads
from newspage.layout.text_blocks import TextBlock, align_to_columns, group_into_blocks
from newspage.layout.text_headings import cut_at_headings, join_around_headings
from newspage.layout.view import Row, TurnedView, choose_view
from newspage.layout.whitespace_separators import find_whitespace_separators
from newspage.layout.zones import Zone, split_off_zones
from newspage.model import (
    AreaKind,
    Detection,
    PageImage,
    PageLayout,
    Region,
    RegionKind,
    Separator,
    TextLine,
)

__all__ = ["arrange_page"]

SPECK = 0.62
"""Em. A line of one or two characters whose longer side is shorter is dirt; it stays among the
unplaced lines. Judgement: even the smallest type of a page is larger."""
DOTS, DOT = frozenset(".,'`·|:;-_~"), 0.35
"""Marks of half width that specks beside the text are read as, and em along the line: no line of
text consists of one that is shorter. Judgement."""
SLIVER = 0.12
"""Em. So is one whose shorter side is shorter: a piece of a rule that was read as characters."""


def arrange_page(detection: Detection, image: PageImage, config: LayoutConfig) -> PageLayout:
    """Return the regions of a page with their kinds, their articles and their reading order.

    Every line lands in a region or among the unplaced. Coordinates stay those of the working image.

    Args:
        detection: Lines that were read, separators, frames, pictures and what a layout model saw.
        image: The working image; only its scan and its width are used.
        config: Not used at present.
    """
    lines = [_tight(line) for line in detection.lines if line.text.strip()]
    if choose_view(lines, image.width, detection.direction).vertical:
        lines = set_line_directions(lines)
    if not lines:
        return _page(detection, image, (), ())
    em = _body_size(lines)
    clean = [line for line in lines if not _is_dirt(line, em)]
    units, rest = _masthead_units(detection, clean, em)
    margin = find_margin_lines(detection, rest, em) if rest else []
    drawn, rest = separate_drawn_lines(detection, [x for x in rest if x not in margin], em)
    units += [
        PageUnit((RegionDraft(RegionKind.OTHER, (Row(line, line.box),)),), article=False)
        for line in (*margin, *drawn)
    ]
    view = choose_view(rest or lines, image.width, detection.direction)
    for zone in split_off_zones(detection, rest, em, view) if rest else ():
        units += _zone_units(zone, detection, image.width, em)
    return _page(detection, image, *_numbered(units, view))


def _page(
    detection: Detection, image: PageImage, regions: tuple[Region, ...], order: tuple[str, ...]
) -> PageLayout:
    """Return the page with these regions; lines that are in none of them are unplaced."""
    placed = {glyph for region in regions for line in region.lines for glyph in line.glyphs}
    unplaced = tuple(line for line in detection.lines if placed.isdisjoint(line.glyphs))
    return PageLayout(
        image.scan,
        regions,
        order,
        detection.separators,
        detection.frames,
        detection.pictures,
        unplaced,
    )


def _is_dirt(line: TextLine, em: float) -> bool:
    """Tell whether a line is a speck or a sliver of ink that was read as a character or two."""
    thin, long = sorted((line.box.width, line.box.height))
    along = line.box.height if line.vertical else line.box.width
    dots = set(line.text) <= DOTS and along < DOT * em
    return len(line.text) <= 2 and (long < SPECK * em or thin < SLIVER * em or dots)


def _tight(line: TextLine) -> TextLine:
    """Return the line cut to where its glyphs stand: as it was found it may reach into dirt."""
    glyphs = union_boxes(g.box for g in line.glyphs if not g.text.isspace())
    box = line.box.intersection(glyphs)
    if box is None:
        return line
    if line.vertical:
        return replace(line, box=Box(line.box.left, box.top, line.box.right, box.bottom))
    return replace(line, box=Box(box.left, line.box.top, box.right, line.box.bottom))


def _body_size(lines: Sequence[TextLine]) -> float:
    """Return the size of the body type in pixels: the median over all characters of the page."""
    sizes = [Row(line, line.box, line.vertical).size for line in lines for _ in line.glyphs]
    return float(median(sizes))


def _masthead_units(
    detection: Detection, lines: Sequence[TextLine], em: float
) -> tuple[list[PageUnit], list[TextLine]]:
    """Split the lines into the units of masthead and folio, and all other lines."""
    head = find_masthead_lines(detection, lines, em)
    units = []
    for line in head:
        kind = (
            RegionKind.FOLIO
            if FOLIO.match(line.text) and not MASTHEAD.search(line.text)
            else RegionKind.MASTHEAD
        )
        units.append(PageUnit((RegionDraft(kind, (Row(line, line.box),)),), article=False))
    return units, [line for line in lines if line not in head]


def _zone_units(zone: Zone, detection: Detection, width: int, em: float) -> list[PageUnit]:
    """Return the articles and the furniture of a zone, not in reading order yet.

    Lines become rows of the turned page, rows become text blocks, headlines are taken out of the
    blocks, and the blocks that remain are assigned to the headlines.
    """
    if zone.kind == "table":
        cells = tuple(Row(line, line.box) for line in _rowwise(zone.lines))
        return [PageUnit((RegionDraft(RegionKind.TABLE, cells),), article=False)]
    view = choose_view(zone.lines, width, detection.direction if zone.kind == "page" else "auto")
    rules = view.turn_rules(
        r for r in detection.separators if not _borders(r, detection.pictures, em)
    )
    rows = join_fragments([view.make_row(line) for line in zone.lines], em)
    rows = attach_drop_caps(rows, em)
    rows = mark_display_rows(rows, em)
    titles = [view.turn_to_view(b) for b in detection.select_predicted(AreaKind.HEADLINE)]
    rows = mark_predicted_titles(rows, titles, em)
    jumps = [r for r in rows if JUMP_TO.match(r.text)]
    rows = [r for r in rows if r not in jumps]
    blocks = group_into_blocks([r for r in rows if not _stands_alone(r)], rules, em) + _lone_blocks(
        rows
    )
    captions = _captions(blocks, detection, view, em)
    blocks = align_to_columns([s for s in blocks if s not in captions])
    blocks, headings = join_around_headings(blocks, rules, em)
    around = HeadlineContext(
        body=em,
        rules=rules,
        obstacles=tuple(
            view.turn_to_view(b)
            for b in (*detection.pictures, *detection.frames, *detection.panels)
            if b != zone.box
        ),
        walls=tuple(
            view.turn_to_view(b) for b in (*detection.frames, *detection.panels) if b != zone.box
        ),
        zone=view.turn_to_view(zone.box),
        rightmost_first=not view.vertical,
    )
    headed = join_stacks(find_headlines(blocks, around), around)
    strays = [h for h in headed.heads if len(h.rows) == len(h.rows[0].text) == 1]
    headed = replace(headed, heads=tuple(h for h in headed.heads if h not in strays))
    headed = join_around_heads(headed, around)
    filled = [h.box for h in headed.heads] + [s.box for s in captions]
    across = [h.box for h in headed.heads if h.foreign]
    white = find_whitespace_separators(headed.bodies, [*filled, *around.obstacles], across, em)
    around = replace(around, rules=around.rules + white)
    stories = assign_stories(ZoneContext(headed.heads, headed.bodies, around))
    stories = join_parts(place_bare_headlines(stories, around), around)
    stories = [
        replace(s, stacks=tuple(p for b in s.stacks for p in cut_at_headings(b, headings)))
        for s in stories
    ]
    units = attach_jumps(make_units(stories, zone, em), jumps, em)
    apart = [(RegionKind.CAPTION, s.rows) for s in captions]
    apart += [(RegionKind.OTHER, h.rows) for h in strays]
    return units + [PageUnit((RegionDraft(kind, rows),), article=False) for kind, rows in apart]


def _captions(
    blocks: Sequence[TextBlock], detection: Detection, view: TurnedView, em: float
) -> list[TextBlock]:
    """Return the captions among the blocks: below a picture, or predicted beside one."""
    seen, pictures = (
        [view.turn_to_view(b) for b in boxes]
        for boxes in (detection.select_predicted(AreaKind.CAPTION), detection.pictures)
    )
    places = [union_boxes(r.line.box for r in s.rows) for s in blocks]
    found = find_captions(blocks, places, detection.pictures, em)
    found += select_predicted_captions(blocks, seen, pictures, em)
    return [s for s in blocks if s in found]


def _borders(rule: Separator, pictures: Sequence[Box], em: float) -> bool:
    """Tell whether a line found as a rule is the edge of a picture."""
    return any(
        (s := picture.grown(0.7 * em).intersection(rule.box)) is not None
        and s.area > 0.8 * rule.box.area
        for picture in pictures
    )


def _rowwise(lines: Iterable[TextLine]) -> list[TextLine]:
    """Return the cells of a table from left to right, row by row."""
    rest = sorted(lines, key=lambda line: line.box.center[1])
    out: list[TextLine] = []
    while rest:
        first = rest[0]
        row = [o for o in rest if o.box.center[1] - first.box.center[1] < 0.6 * first.box.height]
        out += sorted(row, key=lambda line: line.box.left)
        rest = [o for o in rest if o not in row]
    return out


def _stands_alone(row: Row) -> bool:
    """Tell whether a row continues none above it: it runs across, or says "continued from"."""
    return row.foreign or bool(JUMP_FROM.match(row.text))


def _lone_blocks(rows: Sequence[Row]) -> list[TextBlock]:
    """Return a block of its own for each such row; headlines are put together later."""
    return [TextBlock((r,)) for r in rows if _stands_alone(r)]


def _numbered(
    units: Sequence[PageUnit], view: TurnedView
) -> tuple[tuple[Region, ...], tuple[str, ...]]:
    """Return the regions of the units, numbered in reading order, and their identifiers."""
    regions: list[Region] = []
    articles = 0
    for u in order_boxes([view.turn_to_view(unit.box) for unit in units]):
        unit = units[u]
        articles += unit.article
        for part in unit.parts:
            lines = tuple(r.line for r in part.rows)
            regions.append(
                Region(
                    id=f"r{len(regions) + 1:03d}",
                    kind=part.kind,
                    box=union_boxes(line.box for line in lines),
                    lines=lines,
                    direction=lines[0].direction,
                    article=f"a{articles}" if unit.article else None,
                )
            )
    return tuple(regions), tuple(r.id for r in regions)
