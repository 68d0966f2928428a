"""Short pieces one after the other in the same columns, each under a small heading of its own."""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

from benchmarks.pages.article import Block, Draft, balanced, passages_of, surround
from benchmarks.pages.columns import Grid, Passage, rows_needed, set_passages
from benchmarks.pages.design import Design
from benchmarks.pages.plane import Area, Plane
from benchmarks.pages.sheet import Fit, Heading, Role, SetLine, Type
from benchmarks.pages.stories import Story


def set_running(
    stories: Sequence[Story],
    design: Design,
    plane: Plane,
    articles: Sequence[str],
    depth: float | None = None,
    label: str = "",
) -> Block:
    """Sets stories one after the other at the start of a plane, under a common label.

    Without a depth the columns are balanced; with one, what finds no room is the block's `rest`.
    Raises DoesNotFitError where there is no room.
    """
    passages = [
        p
        for story, article in zip(stories, articles, strict=True)
        for p in (*_heading(story, design, article), *passages_of(story, design, article))
    ]
    lines, used = _label(label, design, plane)
    below = plane.from_across(used)
    gutter = design.gutter * design.body.size
    grid = Grid(below, design.columns, gutter, design.pitch, design.em)

    def draft(rows: int) -> Draft:
        room = replace(grid, plane=below.to_depth(rows * design.pitch))
        return Draft(lines, set_passages(passages, room), room)

    if depth is None:
        done = balanced(draft, rows_needed(passages, grid))
        depth = done.depth(plane)
    else:
        done = draft(int((depth - used) / design.pitch))
    box = plane.to_depth(depth).box
    headings = tuple(Heading(a) for a in articles if any(_of(a, done)))
    elements = (*surround(replace(design, frame=None, panel=False), box), *lines)
    return Block(
        (*elements, *done.setting.lines),
        box,
        done.setting.joints,
        headings,
        done.setting.rest,
        ("running",),
    )


def _of(article: str, draft: Draft) -> list[SetLine]:
    return [line for line in draft.setting.lines if line.article == article]


def _heading(story: Story, design: Design, article: str) -> list[Passage]:
    """Title and byline as passages among the text."""
    size = design.body.size
    title = design.head.title.sized(1.45 * size)
    parts = [("".join(story.title_parts), title, Role.TITLE)]
    parts += [(story.byline, design.head.byline, Role.BYLINE)] if story.byline else []
    return [
        Passage(text, kind, role, 0, 0.0, design.head.fit, article, _rows(kind, design))
        for text, kind, role in parts
    ]


def _rows(kind: Type, design: Design) -> int:
    return max(1, ceil(kind.size * 1.15 / design.pitch))


def _label(label: str, design: Design, plane: Plane) -> tuple[tuple[SetLine, ...], float]:
    if not label:
        return (), 0.0
    kind = design.head.title.sized(1.8 * design.body.size)
    depth = kind.size * 1.5
    box = plane.place(Area(0, 0, plane.length, depth))
    return (SetLine(label, box, kind, Role.OTHER, plane.direction, Fit.CENTRE),), depth
