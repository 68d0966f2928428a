"""Headlines: kicker, title, deck and byline set one under the other."""

from dataclasses import dataclass
from itertools import chain, repeat
from math import ceil

from benchmarks.pages.breaking import take_line, text_width, tokens
from benchmarks.pages.columns import printed
from benchmarks.pages.plane import Area, Plane
from benchmarks.pages.sheet import Fit, Role, SetLine, Type
from benchmarks.pages.stories import Story


@dataclass(frozen=True, slots=True)
class HeadStyle:
    """How the parts of a headline are set. The sizes are wishes: a title is made to fit."""

    title: Type
    kicker: Type
    deck: Type
    byline: Type
    fit: Fit = Fit.CENTRE
    leading: float = 1.22
    """From one line to the next, in em of each line's own type."""
    smallest: float = 0.6
    """The title is not set smaller than this share of its size; it is broken instead."""
    steps: tuple[float, ...] = ()
    """Sizes of the title's parts as shares of the title's, each part a line of its own; the last
    one counts for all that follow. Empty: as few lines as possible, all of one size."""
    staggered: bool = False
    """Whether kicker and byline stand at the start of their lines and the deck at the end."""

    def fit_of(self, role: Role) -> Fit:
        """Where the lines of a part stand."""
        if not self.staggered or role is Role.TITLE:
            return self.fit
        return Fit.START if role is Role.KICKER else Fit.END


@dataclass(frozen=True, slots=True)
class Head:
    """A headline in its place."""

    lines: tuple[SetLine, ...]
    depth: float
    """Room it takes across its lines, in pixels."""
    length: float
    """Of its longest line, in pixels."""


def set_head(story: Story, style: HeadStyle, plane: Plane, article: str) -> Head:
    """Sets the headline of a story at the start of a plane, in the plane's direction."""
    lines: list[SetLine] = []
    across = longest = 0.0
    for role, texts, kind in _parts(story, style, plane.length):
        for text in (printed(t, plane) for t in texts):
            depth = kind.size * style.leading
            box = plane.place(Area(0, across, plane.length, depth))
            fit = style.fit_of(role)
            lines.append(SetLine(text, box, kind, role, plane.direction, fit, article))
            longest = max(longest, text_width(text) * kind.em)
            across += depth
    return Head(tuple(lines), across, longest)


def _parts(story: Story, style: HeadStyle, room: float) -> list[tuple[Role, list[str], Type]]:
    parts = [
        (Role.KICKER, _wrap(story.kicker, style.kicker, room), style.kicker),
        *_title_parts(story, style, room),
        (Role.DECK, _wrap(story.deck, style.deck, room), style.deck),
        (Role.BYLINE, _wrap(story.byline, style.byline, room), style.byline),
    ]
    return [part for part in parts if part[1]]


def _title_parts(story: Story, style: HeadStyle, room: float) -> list[tuple[Role, list[str], Type]]:
    """The lines of a title with their types: all of one size, or a stack of steps."""
    if not style.steps:
        title, kind = _fit_title(story, style, room)
        return [(Role.TITLE, title, kind)]
    steps = chain(style.steps, repeat(style.steps[-1]))
    stack = []
    for part, step in zip(story.title_parts, steps, strict=False):
        kind = style.title.sized(style.title.size * step)
        scale = min(1.0, 0.995 * room / (text_width(part) * kind.em))
        stack.append((Role.TITLE, [part], kind.sized(kind.size * scale)))
    return stack


def _fit_title(story: Story, style: HeadStyle, room: float) -> tuple[list[str], Type]:
    """The lines of a title and their type: as few as possible, as large as possible."""
    parts = [p for p in story.title_parts if p]
    if not parts:
        return [], style.title
    for candidate in (["　".join(parts)], parts):
        longest = max(text_width(p) for p in candidate)
        scale = room / max(longest * style.title.em, 1.0)
        if scale >= (0.85 if candidate is not parts else style.smallest):
            return candidate, style.title.sized(style.title.size * min(1.0, scale * 0.995))
    small = style.title.sized(style.title.size * style.smallest)
    return [line for part in parts for line in _wrap(part, small, room)], small


def _wrap(text: str, kind: Type, room: float) -> list[str]:
    """The text in as few lines as fit, about equally long."""
    if not text:
        return []
    measure = room / kind.em
    count = ceil(text_width(text) / measure)
    pieces = tokens(text)
    for share in (1.04, 1.12, 1.25, 99.0):
        lines, at = [], 0
        while at < len(pieces):
            end = take_line(pieces, at, min(measure, text_width(text) / count * share))
            lines.append("".join(pieces[at:end]).strip())
            at = end
        if len(lines) <= count:
            break
    return [line for line in lines if line]
