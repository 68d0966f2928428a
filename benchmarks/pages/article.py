"""An article as a block of type: headline, columns, pictures in it, a frame around it."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from math import ceil

from benchmarks.pages.columns import Grid, Passage, Setting, rows_needed, set_passages
from benchmarks.pages.design import Design, Jump, TextHeading, coloured, features_of
from benchmarks.pages.heads import Room, place_head
from benchmarks.pages.insets import may_drop, set_drop_cap, set_inset
from benchmarks.pages.plane import Area, Plane
from benchmarks.pages.sheet import (
    Element,
    Fit,
    Frame,
    Heading,
    Joint,
    Panel,
    Role,
    Rule,
    SetLine,
)
from benchmarks.pages.stories import Story
from newspage.geometry import Box

ROWS_AT_MOST = 400


class DoesNotFitError(ValueError):
    """A design has no room for its text, however deep the block is made."""


@dataclass(frozen=True, slots=True)
class Block:
    """Something set: its elements, the room it takes, and what found no room."""

    elements: tuple[Element, ...]
    box: Box
    joints: tuple[Joint, ...] = ()
    headings: tuple[Heading, ...] = ()
    rest: tuple[Passage, ...] = ()
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """Text poured into a grid, with what else stands in the article."""

    extra: tuple[Element, ...]
    setting: Setting
    grid: Grid

    @property
    def fits(self) -> bool:
        """Whether all text found room, and no obstacle lies over another."""
        boxes = self.grid.obstacles
        collide = any(a.intersection(b) for n, a in enumerate(boxes) for b in boxes[:n])
        return not self.setting.rest and not collide

    def depth(self, plane: Plane) -> float:
        """Room that the draft takes of a plane, across its lines."""
        rows = max(self.setting.filled.values(), default=0)
        text = plane.area(self.grid.plane.box).across + rows * self.grid.pitch
        return max([text, *(plane.area(e.box).after for e in self.extra)])


def set_article(
    story: Story,
    design: Design,
    plane: Plane,
    article: str,
    depth: float | None = None,
    jump: Jump | None = None,
    passages: tuple[Passage, ...] | None = None,
) -> Block:
    """Sets a story at the start of a plane.

    Without a depth the columns are balanced and the block takes what it needs; with one they are
    filled one after the other, and what finds no room is the block's `rest`. `passages` replace
    the running text of the story (those left over from another page).

    Raises DoesNotFitError where the design has no room for the text.
    """
    design, jump = coloured(design), jump or Jump()
    inside, margin = _inside(plane, design)
    room = Room(inside, design, story, article)
    text = passages_of(story, design, article) if passages is None else passages
    text = _typed(text, design)
    text = _with_jumps(text, design, jump)
    if depth is None:
        least = max(rows_needed(text, room.grid()), design.inset.rows if design.inset else 1)
        draft = balanced(lambda rows: _draft(room, text, rows * design.pitch, True), least)
        used = draft.depth(inside)
    else:
        used = depth - 2 * margin
        draft = _draft(room, text, used, False)
    box = plane.to_depth(used + 2 * margin).box
    return Block(
        (*surround(design, box), *draft.extra, *draft.setting.lines, *_rules(draft, design)),
        box,
        draft.setting.joints,
        (Heading(article, jump.onward_page, jump.back_page),),
        draft.setting.rest,
        features_of(design),
    )


def set_jumping(
    story: Story, design: Design, plane: Plane, article: str, depth: float, jump: Jump
) -> Block:
    """Sets as much of a story as goes into a depth, its last line the one that leads onward.

    The block's `rest` is what the other page prints. Raises ValueError where all of it fits.
    """
    block = set_article(story, design, plane, article, depth)
    if not block.rest:
        raise ValueError(f"the whole story fits, there is nothing to jump: {story.title}")
    at = max(n for n, e in enumerate(block.elements) if isinstance(e, SetLine) and e.article)
    last = block.elements[at]
    assert isinstance(last, SetLine)
    onward = replace(last, text=jump.onward, role=Role.JUMP, fit=Fit.END)
    before = [e for e in block.elements[:at] if isinstance(e, SetLine) and e.role is Role.BODY]
    rest, split = _handed_over(block.rest, last, before[-1], design)
    joint = Joint("page", article, last.paragraph, before[-1].text, "")
    return replace(
        block,
        elements=(*block.elements[:at], onward, *block.elements[at + 1 :]),
        headings=(Heading(article, jump.onward_page),),
        joints=(*block.joints, joint) if split else block.joints,
        rest=rest,
        features=(*block.features, "jump"),
    )


def _handed_over(
    rest: tuple[Passage, ...], last: SetLine, before: SetLine, design: Design
) -> tuple[tuple[Passage, ...], bool]:
    """The rest with the text of the last line before it, and whether a paragraph is cut."""
    split = before.paragraph == last.paragraph
    indent = 0.0 if split else design.indent
    if rest[0].number == last.paragraph:
        first = replace(rest[0], text=last.text + rest[0].text, indent=indent)
        return (first, *rest[1:]), split
    return (replace(rest[0], text=last.text, number=last.paragraph, indent=indent), *rest), split


def set_crossed(story: Story, design: Design, plane: Plane, article: str) -> Block:
    """Sets a story in the other direction of writing, as shallow as it goes, in a plane.

    Raises DoesNotFitError where it is longer than the plane is deep.
    """
    step, deep = design.pitch, 8 * design.pitch
    while deep <= plane.depth:
        room = plane.to_depth(deep).crossed(design.rightward)
        block = set_article(story, design, room, article, room.depth)
        if not block.rest:
            return replace(block, features=(*block.features, "crossed"))
        deep += step
    raise DoesNotFitError(f"there is no room to set across: {story.title}")


def balanced(draft: Callable[[int], Draft], least: int) -> Draft:
    """The first draft that fits, tried with ever more rows. Raises DoesNotFitError."""
    for rows in range(least, ROWS_AT_MOST):
        attempt = draft(rows)
        if attempt.fits:
            return attempt
    raise DoesNotFitError("the text does not fit into its columns")


def passages_of(story: Story, design: Design, article: str) -> tuple[Passage, ...]:
    """The running text of a story in the types of a design."""
    subhead = design.subhead or replace(design.body, weight=700)
    margin = design.indent if design.subhead_fit is Fit.START else 0.0
    body = Passage("", design.body, Role.BODY, 0, design.indent, article=article)
    heading = Passage("", subhead, Role.SUBHEAD, 0, margin, design.subhead_fit, article)
    text = tuple(
        replace(heading if p.subhead else body, text=p.text, number=n)
        for n, p in enumerate(story.paragraphs)
    )
    for inside in reversed(design.headings):
        text = _headed(text, inside, design)
    return text


def _headed(text: tuple[Passage, ...], heading: TextHeading, design: Design) -> tuple[Passage, ...]:
    """The passages with a heading put into them, at the next mark or between two characters.

    The paragraph goes on behind it, with its next words in the heading where it has none itself.
    """
    starts = [0, *accumulate(len(p.text) for p in text)]
    at = int(heading.at * starts[-1])
    n = bisect_right(starts, at) - 1
    passage, left = text[min(n, len(text) - 1)], at - starts[n]
    own = re.compile(r"[^\W\d_]{4,6}") if not heading.text else re.compile(r"(?<=[，。、；：！？])")
    found = own.search(passage.text, left)
    if found is None or passage.role is Role.SUBHEAD or len(passage.text) - found.end() < 12:
        return text
    kind = (design.subhead or replace(design.body, weight=700)).sized(
        heading.size * design.body.size
    )
    rows = 1 if heading.beside else ceil(heading.size * 1.1 / design.leading)
    title = Passage(
        heading.text or found[0],
        kind,
        Role.SUBHEAD,
        passage.number,
        0.5,
        article=passage.article,
        rows=rows,
        beside=heading.beside,
    )
    before = replace(passage, text=passage.text[: found.start()])
    after = replace(passage, text=passage.text[found.end() :], indent=0.0)
    parts = (*([before] if before.text else []), title, after)
    return (*text[:n], *parts, *text[n + 1 :])


def _typed(text: tuple[Passage, ...], design: Design) -> tuple[Passage, ...]:
    """The passages in the types of a design: those from another page come in that page's."""
    if design.headings:
        return text
    subhead = design.subhead or replace(design.body, weight=700)
    return tuple(replace(p, type=subhead if p.role is Role.SUBHEAD else design.body) for p in text)


def _with_jumps(text: tuple[Passage, ...], design: Design, jump: Jump) -> tuple[Passage, ...]:
    first, last = text[0], text[-1]
    line = replace(first, type=design.body, role=Role.JUMP, indent=0.0)
    back = replace(line, text=jump.back, last=Fit.CENTRE)
    onward = replace(line, text=jump.onward, last=Fit.END, number=last.number)
    return (*([back] if jump.back else []), *text, *([onward] if jump.onward else []))


def _draft(room: Room, passages: tuple[Passage, ...], depth: float, balance: bool) -> Draft:
    """Headline, pictures and text in so many pixels; see `place_head` for what they count."""
    design = room.design
    head = place_head(room, depth, balance)
    extra: list[Element] = [*head.lines, *head.pictures]
    obstacles = list(head.obstacles)
    if design.inset is not None:
        picture, box = set_inset(design.inset, design, head.plane)
        extra += picture
        obstacles.append(box)
    grid = replace(room.grid(), plane=head.plane, obstacles=tuple(obstacles))
    first = next((n for n, p in enumerate(passages) if p.role is Role.BODY), 0)
    room_left = next(grid.places(), None) is not None  # else the draft does not fit in any case
    if design.drop_cap and first == 0 and room_left and may_drop(passages[0].text):
        cap, box = set_drop_cap(passages[0], design, grid)
        extra.append(cap)
        grid = replace(grid, obstacles=(*grid.obstacles, box))
        passages = (replace(passages[0], text=passages[0].text[1:], indent=0.0), *passages[1:])
    return Draft(tuple(extra), set_passages(passages, grid), grid)


def _inside(plane: Plane, design: Design) -> tuple[Plane, float]:
    """The plane inside the frame, and the frame's padding."""
    if not (design.frame or design.panel):
        return plane, 0.0
    padding = design.padding * design.body.size
    padding = min(padding, plane.box.width / 3, plane.box.height / 3)
    return Plane(plane.box.grown(-padding), plane.direction), padding


def _rules(draft: Draft, design: Design) -> Iterator[Rule]:
    """Rules in the middle of the gutters, broken where a picture or a headline crosses."""
    grid = draft.grid
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


def surround(design: Design, box: Box) -> Iterator[Element]:
    """Panel and frame of an article, in its box."""
    if design.panel:
        yield Panel(box)
    if design.frame is not None:
        yield Frame(box, max(1.5, design.body.size * 0.09), design.frame)
