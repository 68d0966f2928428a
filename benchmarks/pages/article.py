"""An article as a block of type: headline, columns, pictures in it, a frame around it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from benchmarks.pages.columns import Grid, Passage, Setting, rows_needed, set_passages
from benchmarks.pages.headline import Head, HeadStyle, set_head
from benchmarks.pages.plane import Area, Plane
from benchmarks.pages.sheet import (
    Element,
    Fit,
    Frame,
    Heading,
    Joint,
    Panel,
    Picture,
    Role,
    Rule,
    SetLine,
    Stroke,
    Type,
)
from benchmarks.pages.stories import Story
from pipeline.geometry import Box, union

ROWS_AT_MOST = 400


class DoesNotFitError(ValueError):
    """A design has no room for its text, however deep the block is made."""


class HeadPosition(StrEnum):
    """Where the headline stands in its article."""

    ACROSS = "across"
    """Over all columns, before them."""
    CORNER = "corner"
    """Over the first columns only; the others begin beside it."""
    SIDE_START = "side-start"
    """In the other direction of writing, at the start of the lines."""
    SIDE_END = "side-end"
    MIDDLE = "middle"
    """In the other direction of writing, between the columns."""


@dataclass(frozen=True, slots=True)
class Inset:
    """A picture in the text, with its caption."""

    start: float
    """Where it begins along the lines, as a share of the article's length."""
    share: float
    """Its share of that length."""
    rows: int
    """Its depth, caption included, in lines of text."""
    at: float
    """0 at the article's start, 1 at its end, across the lines."""
    caption: str
    seed: int


@dataclass(frozen=True, slots=True)
class Design:
    """How an article is set."""

    body: Type
    head: HeadStyle
    columns: int
    gutter: float = 1.5
    """In em of the body type."""
    leading: float = 1.45
    """From line to line, in em."""
    indent: float = 2.0
    position: HeadPosition = HeadPosition.ACROSS
    head_columns: int = 1
    """Columns under the headline, where it stands in the corner."""
    rule: Stroke | None = None
    """Between columns."""
    frame: Stroke | None = None
    """Around the article."""
    padding: float = 1.0
    """Between frame and text, in em."""
    panel: bool = False
    """White on black."""
    subhead: Type | None = None
    subhead_fit: Fit = Fit.START
    drop_cap: int = 0
    """Lines that the first character takes; 0 where it is like the others."""
    inset: Inset | None = None

    @property
    def em(self) -> float:
        return self.body.size * (1 + self.body.spacing) * self.body.stretch

    @property
    def pitch(self) -> float:
        return self.body.size * self.leading


@dataclass(frozen=True, slots=True)
class Block:
    """Something set: its elements, the room it takes, and what found no room."""

    elements: tuple[Element, ...]
    box: Box
    joints: tuple[Joint, ...] = ()
    heading: Heading | None = None
    rest: tuple[Passage, ...] = ()
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Jump:
    """The lines that lead from one page to another, as printed, and the page's number."""

    onward: str = ""
    onward_page: str | None = None
    back: str = ""
    back_page: str | None = None


@dataclass(frozen=True, slots=True)
class _Inner:
    """The room inside the frame, and the design with its colours settled."""

    plane: Plane
    design: Design
    passages: tuple[Passage, ...]
    article: str
    story: Story


def set_article(
    story: Story,
    design: Design,
    plane: Plane,
    article: str,
    depth: float | None = None,
    jump: Jump = Jump(),
    passages: tuple[Passage, ...] | None = None,
) -> Block:
    """Sets a story at the start of a plane.

    Without a depth the columns are balanced and the block takes what it needs; with one they are
    filled one after the other, and what finds no room is the block's `rest`. `passages` replace
    the running text of the story (those left over from another page).
    """
    design = _coloured(design)
    padding = design.padding * design.body.size if design.frame or design.panel else 0.0
    inner_plane = Plane(_shrunk(plane.box, padding), plane.direction)
    text = passages if passages is not None else passages_of(story, design)
    text = _with_jumps(text, design, jump)
    inner = _Inner(inner_plane, design, text, article, story)
    if depth is None:
        lines, setting, grid, used = _balanced(inner)
    else:
        lines, setting, grid = _filled(inner, depth - 2 * padding)
        used = depth - 2 * padding
    box = plane.to_depth(used + 2 * padding).box
    elements = [*_surround(design, box), *lines, *setting.lines, *_column_rules(grid, design)]
    heading = Heading(article, jump.onward_page, jump.back_page)
    return Block(tuple(elements), box, setting.joints, heading, setting.rest, _features(design))


def passages_of(story: Story, design: Design) -> tuple[Passage, ...]:
    """The running text of a story in the types of a design."""
    subhead = design.subhead or replace(design.body, weight=700)
    return tuple(
        Passage(p.text, subhead, Role.SUBHEAD, n, _subhead_indent(design), design.subhead_fit)
        if p.subhead
        else Passage(p.text, design.body, Role.BODY, n, design.indent if p.indented else 0.0)
        for n, p in enumerate(story.paragraphs)
    )


def _subhead_indent(design: Design) -> float:
    return design.indent if design.subhead_fit is Fit.START else 0.0


def _with_jumps(text: tuple[Passage, ...], design: Design, jump: Jump) -> tuple[Passage, ...]:
    before, after = text[0].number, text[-1].number
    back = Passage(jump.back, design.body, Role.JUMP, before, 0.0, Fit.CENTRE)
    onward = Passage(jump.onward, design.body, Role.JUMP, after, 0.0, Fit.END)
    return (*([back] if jump.back else []), *text, *([onward] if jump.onward else []))


def _balanced(inner: _Inner) -> tuple[list[Element], Setting, Grid, float]:
    """Sets the text as shallow as it goes."""
    design = inner.design
    probe = Grid(
        inner.plane, design.columns, design.gutter * design.body.size, design.pitch, design.em
    )
    least = design.inset.rows if design.inset else 1
    for rows in range(max(least, rows_needed(inner.passages, probe)), ROWS_AT_MOST):
        lines, setting, grid = _arranged(inner, rows * design.pitch, balanced=True)
        if not setting.rest and not _collide(grid.obstacles):
            deepest = max(setting.filled.values(), default=0) * design.pitch
            reach = inner.plane.area(grid.plane.box).across + deepest
            used = max([reach, *(inner.plane.area(e.box).after for e in lines)])
            return lines, setting, grid, used
    raise DoesNotFitError(f"the article does not fit into its columns: {inner.story.title}")


def _collide(boxes: tuple[Box, ...]) -> bool:
    """Whether two obstacles lie over each other (a picture over a headline, say)."""
    return any(a.intersection(b) for n, a in enumerate(boxes) for b in boxes[:n])


def _filled(inner: _Inner, depth: float) -> tuple[list[Element], Setting, Grid]:
    return _arranged(inner, depth, balanced=False)


def _arranged(inner: _Inner, depth: float, balanced: bool) -> tuple[list[Element], Setting, Grid]:
    """Headline, pictures and text, where the text has `depth` pixels under the headline
    (`balanced`), or the whole article has them.
    """
    design = inner.design
    head, obstacles, text_plane = _placed_head(inner, depth, balanced)
    extra: list[Element] = list(head)
    passages = inner.passages
    if design.inset is not None:
        picture, box = _set_inset(design.inset, design, text_plane)
        extra += picture
        obstacles.append(box)
    grid = Grid(
        text_plane,
        design.columns,
        design.gutter * design.body.size,
        design.pitch,
        design.em,
        tuple(obstacles),
    )
    if design.drop_cap and _may_drop(passages[0].text):
        cap, box = _set_drop_cap(passages[0], design, grid, inner.article)
        extra.append(cap)
        grid = replace(grid, obstacles=(*grid.obstacles, box))
        passages = (replace(passages[0], text=passages[0].text[1:], indent=0.0), *passages[1:])
    return extra, set_passages(passages, grid, inner.article), grid


def _placed_head(
    inner: _Inner, depth: float, balanced: bool
) -> tuple[tuple[SetLine, ...], list[Box], Plane]:
    """The headline's lines, the boxes text has to avoid, and the plane left for the text."""
    design, plane, em = inner.design, inner.plane, inner.design.body.size
    if not inner.story.title:
        return (), [], plane.to_depth(depth)
    if design.position is HeadPosition.ACROSS:
        head = set_head(inner.story, design.head, plane, inner.article)
        used = head.depth + 0.5 * em
        return (
            head.lines,
            [],
            plane.part(0, used, plane.length, depth if balanced else max(0.0, depth - used)),
        )
    if design.position is HeadPosition.CORNER:
        return _corner_head(inner, depth)
    return _side_head(inner, depth)


def _corner_head(inner: _Inner, depth: float) -> tuple[tuple[SetLine, ...], list[Box], Plane]:
    design, plane = inner.design, inner.plane
    grid = Grid(plane, design.columns, design.gutter * design.body.size, design.pitch, design.em)
    length = grid.start(design.head_columns) - grid.gutter
    head = set_head(inner.story, design.head, plane.part(0, 0, length, plane.depth), inner.article)
    taken = plane.place(Area(0, 0, length, head.depth + 0.5 * design.body.size))
    return head.lines, [taken], plane.to_depth(max(depth, head.depth + 2 * design.pitch))


def _side_head(inner: _Inner, depth: float) -> tuple[tuple[SetLine, ...], list[Box], Plane]:
    """A headline across the direction of the text, as a strip along the whole block."""
    design, plane = inner.design, inner.plane
    lines_at_most = max(depth, 8 * design.head.title.size)
    trial = set_head(
        inner.story, design.head, plane.to_depth(lines_at_most).crossed(), inner.article
    )
    gap = 0.8 * design.body.size
    taken = trial.depth + gap
    depth = max(depth, trial.length)
    if design.position is HeadPosition.MIDDLE and design.columns > 1:
        return _middle_head(inner, depth, trial, taken)
    at_start = design.position is HeadPosition.SIDE_START
    along = 0.0 if at_start else plane.length - trial.depth
    strip = plane.part(along, 0, trial.depth, depth).crossed()
    head = set_head(inner.story, design.head, strip, inner.article)
    text = plane.part(taken if at_start else 0.0, 0, plane.length - taken, depth)
    return head.lines, [], text


def _middle_head(
    inner: _Inner, depth: float, trial: Head, taken: float
) -> tuple[tuple[SetLine, ...], list[Box], Plane]:
    """The strip lies over a middle column, and the text runs around it where it ends."""
    design, plane = inner.design, inner.plane
    grid = Grid(plane, design.columns, design.gutter * design.body.size, design.pitch, design.em)
    along = grid.start(design.columns // 2)
    strip = plane.part(along, 0, trial.depth, trial.length + design.body.size).crossed()
    head = set_head(inner.story, design.head, strip, inner.article)
    return head.lines, [plane.place(Area(along - 1, 0, taken, strip.length))], plane.to_depth(depth)


def _may_drop(text: str) -> bool:
    return len(text) > 40 and "\u4e00" <= text[0] <= "\u9fff"


def _set_drop_cap(
    passage: Passage, design: Design, grid: Grid, article: str
) -> tuple[SetLine, Box]:
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
        article,
        passage.number,
    )
    taken = replace(first.area, length=size + 0.4 * design.body.size, depth=extent)
    return line, grid.plane.place(taken)


def _set_inset(inset: Inset, design: Design, plane: Plane) -> tuple[list[Element], Box]:
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
    lines = set_passages([passage], grid, "").lines if caption else ()
    depth = len(lines) * grid.pitch
    picture = room.part(0, gap, room.length, max(1.0, room.depth - depth - 2 * gap))
    below = room.part(0, room.depth - depth - gap * 0.6, room.length, depth)
    setting = set_passages([passage], replace(grid, plane=below), "").lines if caption else ()
    return [Picture(picture.box, seed), *setting]


def _column_rules(grid: Grid, design: Design) -> Iterator[Rule]:
    """Rules in the middle of the gutters, broken where a picture or a headline crosses."""
    if design.rule is None:
        return
    thickness = max(1.0, design.body.size * 0.05)
    depth = grid.rows * grid.pitch
    blocks = [grid.plane.area(b) for b in grid.obstacles]
    for column in range(1, grid.columns):
        along = grid.start(column) - grid.gutter / 2
        at = 0.0
        crossing = sorted((b.across, b.after) for b in blocks if b.along < along < b.end)
        for start, end in [*crossing, (depth, depth)]:
            if start - at > 2 * grid.pitch:
                area = Area(along - thickness / 2, at, thickness, start - at)
                yield Rule(grid.plane.place(area), design.rule, 0.25)
            at = max(at, end)


def _coloured(design: Design) -> Design:
    """The design with all its types white where it is set on black."""
    if not design.panel:
        return design
    head = design.head
    return replace(
        design,
        body=replace(design.body, reversed=True),
        subhead=replace(design.subhead or replace(design.body, weight=700), reversed=True),
        head=replace(
            head,
            **{
                name: replace(getattr(head, name), reversed=True)
                for name in ("title", "kicker", "deck", "byline")
            },
        ),
    )


def _surround(design: Design, box: Box) -> Iterator[Element]:
    if design.panel:
        yield Panel(box)
    if design.frame is not None:
        yield Frame(box, max(1.5, design.body.size * 0.09), design.frame)


def _shrunk(box: Box, padding: float) -> Box:
    padding = min(padding, box.width / 3, box.height / 3)
    return box.grown(-padding)


def _features(design: Design) -> tuple[str, ...]:
    found = [f"head-{design.position}"]
    found += [f"frame-{design.frame}"] if design.frame else []
    found += ["panel"] if design.panel else []
    found += ["inset"] if design.inset else []
    found += ["drop-cap"] if design.drop_cap else []
    found += ["column-rules"] if design.rule else []
    return tuple(found)


def covered(elements: tuple[Element, ...]) -> Box:
    """The box around all elements."""
    return union(e.box for e in elements)
