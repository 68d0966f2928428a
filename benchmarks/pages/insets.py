"""What stands in running text: pictures with captions, drop capitals."""

from dataclasses import replace

from benchmarks.pages.columns import Grid, Passage, set_passages
from benchmarks.pages.design import Design, Inset
from benchmarks.pages.plane import Area, Plane
from benchmarks.pages.sheet import Element, Fit, Picture, Role, SetLine
from newspage.geometry import Box


def may_drop(text: str) -> bool:
    """Whether a text is long enough for a drop capital and begins with a Chinese character."""
    return len(text) > 40 and "\u4e00" <= text[0] <= "\u9fff"


def set_drop_cap(passage: Passage, design: Design, grid: Grid) -> tuple[SetLine, Box]:
    """The first character over several lines; the box is what the text has to avoid."""
    first = next(grid.places())
    extent = design.drop_cap * design.pitch
    size = extent - (design.pitch - design.body.size)
    box = grid.plane.place(replace(first.area, length=size, depth=extent))
    kind = replace(design.body, size=size, weight=700, spacing=0.0, stretch=1.0)
    line = SetLine(
        passage.text[0],
        box,
        kind,
        Role.BODY,
        grid.plane.direction,
        Fit.START,
        passage.article,
        passage.number,
    )
    taken = replace(first.area, length=size + 0.4 * design.body.size, depth=extent)
    return line, grid.plane.place(taken)


def set_inset(inset: Inset, design: Design, plane: Plane) -> tuple[list[Element], Box]:
    """A picture and its caption; the box is what text has to avoid."""
    pitch, size = design.pitch, design.body.size
    rows = int(plane.depth / pitch)
    deep = min(inset.rows, rows)
    along, length = inset.start * plane.length, inset.share * plane.length
    across = round(inset.at * (rows - deep)) * pitch
    area = Area(along, across, length, deep * pitch)
    gap = 0.7 * size
    left = gap if along > 1 else 0.0
    right = gap if area.end < plane.length - 1 else 0.0
    room = plane.part(along + left, across, length - left - right, deep * pitch)
    return picture_with_caption(inset.caption, inset.seed, design, room, gap), plane.place(area)


def picture_with_caption(
    caption: str, seed: int, design: Design, room: Plane, gap: float
) -> list[Element]:
    """A picture that fills a plane but for its caption and a gap at start and end."""
    kind = replace(design.head.byline, size=max(0.85 * design.body.size, 12.0))
    grid = Grid(room, 1, 0.0, kind.size * 1.3, kind.size)
    passage = Passage(caption, kind, Role.CAPTION, 0, 0.0)
    lines = set_passages([passage], grid).lines if caption else ()
    depth = len(lines) * grid.pitch
    picture = room.part(0, gap, room.length, max(1.0, room.depth - depth - 2 * gap))
    below = room.part(0, room.depth - depth - gap * 0.6, room.length, depth)
    setting = set_passages([passage], replace(grid, plane=below)).lines if caption else ()
    return [Picture(picture.box, seed), *setting]
