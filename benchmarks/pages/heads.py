"""Where the headline of an article stands, and what room that leaves for its text."""

from dataclasses import dataclass, replace

from benchmarks.pages.columns import Grid
from benchmarks.pages.design import Design, HeadPosition
from benchmarks.pages.headline import Head, set_head
from benchmarks.pages.plane import Area, Plane
from benchmarks.pages.sheet import Picture, SetLine
from benchmarks.pages.stories import Story
from newspage.geometry import Box

PICTURE_ROWS = 6
"""Depth of a picture between headline and text, in lines of text."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A headline in its article."""

    lines: tuple[SetLine, ...]
    plane: Plane
    """What is left for the text."""
    obstacles: tuple[Box, ...] = ()
    """What the text has to avoid in it."""
    pictures: tuple[Picture, ...] = ()
    """Pictures between headline and text."""


@dataclass(frozen=True, slots=True)
class Room:
    """The inside of an article before anything stands in it."""

    plane: Plane
    design: Design
    story: Story
    article: str

    def grid(self) -> Grid:
        """The columns of the article over the whole plane."""
        design = self.design
        gutter = design.gutter * design.body.size
        return Grid(self.plane, design.columns, gutter, design.pitch, design.em)


def place_head(room: Room, depth: float, balanced: bool) -> Placed:
    """Sets the headline where the design wants it.

    The text under it has `depth` pixels if `balanced`; otherwise headline and text have them
    together.
    """
    if not room.story.title:
        return Placed((), room.plane.to_depth(depth))
    if room.design.position is HeadPosition.ACROSS:
        return _across(room, depth, balanced)
    if room.design.position is HeadPosition.CORNER:
        return _corner(room, depth)
    if room.design.position is HeadPosition.OVER:
        return _over(room, depth)
    return _beside(room, depth, balanced)


def _across(room: Room, depth: float, balanced: bool) -> Placed:
    plane, design = room.plane, room.design
    head = set_head(room.story, design.head, plane, room.article)
    gap = design.head_gap * design.body.size
    used = head.depth + gap
    pictures: tuple[Picture, ...] = ()
    if design.head_picture:
        area = Area(0, used, plane.length, PICTURE_ROWS * design.pitch)
        pictures = (Picture(plane.place(area), design.head_picture),)
        used = area.after + gap
    left = depth if balanced else max(0.0, depth - used)
    return Placed(head.lines, plane.part(0, used, plane.length, left), (), pictures)


def _corner(room: Room, depth: float) -> Placed:
    design, plane, grid = room.design, room.plane, room.grid()
    length = grid.start(design.head_columns) - grid.gutter
    head = set_head(room.story, design.head, plane.part(0, 0, length, plane.depth), room.article)
    used = head.depth + design.head_gap * design.body.size
    deep = max(depth, head.depth + 2 * design.pitch)
    taken = Area(0, 0, length, used)
    pictures: tuple[Picture, ...] = ()
    if design.head_picture:
        deep = max(deep, used + PICTURE_ROWS * design.pitch)
        area = Area(0, used, length, deep - used)
        pictures = (Picture(plane.place(area), design.head_picture),)
        taken = replace(taken, depth=deep)
    return Placed(head.lines, plane.to_depth(deep), (plane.place(taken),), pictures)


def _over(room: Room, depth: float) -> Placed:
    """A headline across the text, over rows of the first column; it is never cut off."""
    design, plane = room.design, room.plane
    across = design.over_before * design.pitch
    deep = max(depth, across + design.over_rows * design.pitch)
    rows = design.over_rows * design.pitch
    story = replace(room.story, kicker="", deck="", byline="")
    strip = plane.part(0, across, room.grid().measure, rows)
    trial = set_head(story, design.head, strip.crossed(design.rightward), room.article)
    strip = plane.part(0, across, trial.depth, rows).crossed(design.rightward)
    head = set_head(story, design.head, strip, room.article)
    taken = Area(0, across, trial.depth + 0.6 * design.body.size, rows)
    return Placed(head.lines, plane.to_depth(deep), (plane.place(taken),))


def _beside(room: Room, depth: float, balanced: bool) -> Placed:
    """A headline across the direction of the text, as a strip along the whole block."""
    design, plane = room.design, room.plane
    tall = plane.to_depth(max(depth, 8 * design.head.title.size))
    trial = set_head(room.story, design.head, tall.crossed(design.rightward), room.article)
    text_depth = depth if balanced else max(depth, trial.length)
    depth = max(depth, trial.length)
    if design.position is HeadPosition.MIDDLE and design.columns > 1:
        return _middle(room, text_depth, trial)
    at_start = design.position is HeadPosition.SIDE_START
    along = 0.0 if at_start else plane.length - trial.depth
    strip = plane.part(along, 0, trial.depth, depth).crossed(design.rightward)
    head = set_head(room.story, design.head, strip, room.article)
    taken = trial.depth + 0.8 * design.body.size
    left = plane.part(taken if at_start else 0.0, 0, plane.length - taken, text_depth)
    return Placed(head.lines, left)


def _middle(room: Room, depth: float, trial: Head) -> Placed:
    """The strip lies over a middle column, and the text runs around it where it ends."""
    design, plane = room.design, room.plane
    along = room.grid().start(design.columns // 2)
    deep = trial.length + design.body.size
    strip = plane.part(along, 0, trial.depth, deep).crossed(design.rightward)
    head = set_head(room.story, design.head, strip, room.article)
    taken = Area(along - 1, 0, trial.depth + 0.8 * design.body.size, deep)
    return Placed(head.lines, plane.to_depth(depth), (plane.place(taken),))
